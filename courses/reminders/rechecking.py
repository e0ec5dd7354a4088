"""Asked as a note leaves the outbox: is it still wanted? A mail may have waited there for hours."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from courses.reminders.models import LearnerNote
from courses.reminders.queries import Candidate, candidates_of
from courses.reminders.schedule import Obstacle, Reason, obstacle_of
from courses.web.mail.models import OutgoingMail


@transaction.atomic
def withdraw_unwanted(mail_key: UUID, now: datetime) -> bool:
    """Deletes a note's mail that says what is no longer so, keeps why, and returns whether it did.

    The mail's other notes are forgotten, so that the next run says what is still true of them.
    `settings.MAIL_RECHECK` names this function.
    """
    notes = list(LearnerNote.objects.filter(mail_key=mail_key).order_by("pk"))
    obstacles = _obstacles_to(notes)
    if notes and not any(obstacles):
        return False
    for note, obstacle in zip(notes, obstacles, strict=True):
        if not obstacle:
            note.delete()
            continue
        note.obstacle, note.mail_key, note.at = obstacle.value, None, now
        note.save(update_fields=["obstacle", "mail_key", "at"])
    # Without notes: what it was about has been deleted with its cohort.
    OutgoingMail.objects.filter(key=mail_key).delete()
    return True


def _obstacles_to(notes: list[LearnerNote]) -> list[Obstacle | None]:
    """What stands in the way of each note now, in their order."""
    if not notes:
        return []
    candidates = {row.assignment.pk: row for row in candidates_of([notes[0].user_id])}
    return [_obstacle_to(note, candidates.get(note.assignment_id)) for note in notes]


def _obstacle_to(note: LearnerNote, candidate: Candidate | None) -> Obstacle | None:
    if candidate is None:
        return Obstacle.LEFT
    obstacle = obstacle_of(candidate.facts)
    if obstacle or note.reason == Reason.COME_BACK.value:
        return obstacle
    # An extension, or a date that the trainer moved: the mail names the old one.
    return None if candidate.facts.has_due_day(note.period) else Obstacle.DATE_MOVED
