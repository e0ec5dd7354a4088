"""One run of everything that reminds: for a timer, and for the site itself where there is none."""

from dataclasses import dataclass
from datetime import datetime

from courses.reminders.digests import Digests, send_due_digests
from courses.reminders.models import ReminderRun
from courses.reminders.notes import Notes, send_due_notes


@dataclass(frozen=True)
class Run:
    """What one run wrote: notes to learners, and digests to trainers and managers."""

    notes: Notes
    digests: Digests

    @property
    def failed(self) -> int:
        """How many people got nothing because of an error, which is in the log."""
        return self.notes.failed + self.digests.failed

    def __str__(self) -> str:
        reminders = "reminder" if self.notes.mails == 1 else "reminders"
        digests = "digest" if self.digests.mails == 1 else "digests"
        return (
            f"{self.notes.mails} {reminders} and {self.digests.mails} {digests} sent, "
            f"{self.notes.not_sent} not sent"
        )


def send_due_reminders(now: datetime) -> Run:
    """Writes everything that is due now. Safe to repeat, and in any number of copies at once."""
    ReminderRun.objects.get_or_create(pk=ReminderRun.ONLY)
    run = Run(send_due_notes(now), send_due_digests(now))
    # Only of a run that came to its end: a page warns where the last one was long ago.
    ReminderRun.objects.filter(pk=ReminderRun.ONLY).update(claimed_at=now, finished_at=now)
    return run
