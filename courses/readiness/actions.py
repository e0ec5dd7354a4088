"""What managers enter about readiness: staff in post, expectations of roles, the local plan.

Whoever calls these has fetched the organisation by `managed_by`. Every action adds rows and
changes none, and what says the same as the newest row adds nothing, so a double press is one.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from courses.people.audit import AuditEvent
from courses.people.models import Organisation, User
from courses.people.permissions import ChangedMeanwhile
from courses.readiness.coverage import Group
from courses.readiness.entries import PlanAnswer, StaffEntry
from courses.readiness.models import Expectation, LocalPlanAnswer, StaffInPost
from courses.readiness.queries import staff_stamp
from courses.web.shared_forms import stamp_of


@transaction.atomic
def enter_staff_in_post(
    manager: User,
    organisation: Organisation,
    entries: Sequence[StaffEntry],
    now: datetime,
    stamp: str | None = None,
) -> int:
    """Stores the entries that say something new, and returns how many they were.

    An entry says nothing new where the group has the same number, day and source already, or
    where it is not known and never was.

    Args:
        stamp: `queries.staff_stamp` of what the manager's page showed; None: the numbers are of a
            file, which is written away from the page and counts as it is.

    Raises:
        ChangedMeanwhile: somebody has entered numbers after the page showed what was known.
    """
    _lock(organisation)
    newest = _newest_rows(organisation)
    rows = []
    for entry in entries:
        if not _says_something_new(entry, newest):
            continue
        row = StaffInPost(
            organisation=organisation,
            team_id=entry.team_id,
            profession=entry.profession,
            headcount=entry.number,
            as_of=entry.as_of,
            source=entry.source,
            entered_by=manager,
            entered_at=now,
        )
        rows.append(row)
    if not rows:
        return 0
    if stamp is not None:
        _check_is_as_shown(staff_stamp(organisation), stamp, "These numbers were")
    StaffInPost.objects.bulk_create(rows)
    _audit(manager, "enter_staff_in_post", organisation, now, rows=len(rows))
    return len(rows)


def _check_is_as_shown(current: str, stamp: str, what_was: str) -> None:
    if current != stamp:
        raise ChangedMeanwhile(
            f"{what_was} changed while you had this page open. Nothing of yours was saved."
        )


def _lock(organisation: Organisation) -> None:
    """Lets one action of an organisation run after another, so that none adds a row twice."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _newest_rows(organisation: Organisation) -> dict[tuple[Group, date], StaffInPost]:
    """The row that counts for each group and each day that there are numbers of."""
    newest = {}
    for row in StaffInPost.objects.filter(organisation=organisation).order_by("pk"):
        newest[(row.team_id, row.profession), row.as_of] = row
    return newest


def _says_something_new(entry: StaffEntry, newest: dict[tuple[Group, date], StaffInPost]) -> bool:
    same_day = newest.get((entry.group, entry.as_of))
    if same_day and same_day.headcount == entry.number:
        return entry.number is not None and same_day.source != entry.source
    if entry.number is not None:
        return True
    # "Not known" only takes back a number.
    days = [day for group, day in newest if group == entry.group and day <= entry.as_of]
    return bool(days) and newest[entry.group, max(days)].headcount is not None


@transaction.atomic
def set_expectation(
    manager: User,
    organisation: Organisation,
    profession: str,
    course_keys: Sequence[str],
    reason: str,
    months: int,
    stamp: str,
    now: datetime,
) -> bool:
    """Sets what is expected of a professional role; False: it was so already.

    Args:
        stamp: that of the expectation which the manager's page showed; "": there was none.
        course_keys: of the courses that are expected; empty: nothing is.
        months: how long a completed course counts as current, one of `currency.MONTHS`.

    Raises:
        ChangedMeanwhile: there is a newer one than the page showed.
    """
    _lock(organisation)
    own = Expectation.objects.filter(organisation=organisation, profession=profession)
    newest = own.order_by("-pk").first()
    wanted = (list(course_keys), reason, months)
    if newest and (newest.course_keys, newest.reason, newest.months) == wanted:
        return False
    _check_is_as_shown(stamp_of(newest.set_at if newest else None), stamp, "This was")
    Expectation.objects.create(
        organisation=organisation,
        profession=profession,
        course_keys=list(course_keys),
        reason=reason,
        months=months,
        set_by=manager,
        set_at=now,
    )
    details = {"profession": profession, "courses": len(course_keys), "months": months}
    _audit(manager, "set_expectation", organisation, now, **details)
    return True


@transaction.atomic
def answer_plan_question(
    manager: User,
    organisation: Organisation,
    question: str,
    given: PlanAnswer,
    stamp: str,
    now: datetime,
) -> bool:
    """Stores an answer to a question of the local plan; False: the newest one says the same.

    `stamp` is that of the answer which the manager's page showed; "": there was none.

    Raises:
        ChangedMeanwhile: there is a newer answer than the page showed.
    """
    _lock(organisation)
    own = LocalPlanAnswer.objects.filter(organisation=organisation, question=question)
    newest = own.order_by("-pk").first()
    if newest and given == _given_in(newest):
        return False
    answered_at = newest.answered_at if newest else None
    _check_is_as_shown(stamp_of(answered_at), stamp, "This answer was")
    LocalPlanAnswer.objects.create(
        organisation=organisation,
        question=question,
        answer=given.answer,
        evidence=given.evidence,
        owner=given.owner,
        checked_on=given.checked_on,
        answered_by=manager,
        answered_at=now,
    )
    _audit(manager, "answer_plan_question", organisation, now, question=question)
    return True


def _given_in(row: LocalPlanAnswer) -> PlanAnswer:
    return PlanAnswer(row.answer, row.evidence, row.owner, row.checked_on)


def _audit(
    manager: User, action: str, organisation: Organisation, now: datetime, **details: object
) -> None:
    details = {"organisation": organisation.slug, **details}
    AuditEvent.objects.create(actor=manager, action=action, details=details, at=now)
