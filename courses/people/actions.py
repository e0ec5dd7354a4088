"""Actions on cohorts, organisations, the right to review, and the first administrator.

Profile forms save themselves (`forms`); signing in and passwords are allauth's (`backends`).
"""

from datetime import date, datetime, timedelta
from itertools import count

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify

from courses.library.models import Course
from courses.people.audit import AuditEvent
from courses.people.cohort_courses import assign_course
from courses.people.cohort_locks import forbid_closed, lock_cohorts
from courses.people.due_dates import end_of_day
from courses.people.mails import mail_joined
from courses.people.models import (
    Assignment,
    Cohort,
    CohortMembership,
    Membership,
    Organisation,
    User,
    new_join_code,
)
from courses.people.permissions import NotYours, Refused, forbid_oneself
from courses.web import dates

DAY = timedelta(days=1)
REPEAT_WINDOW = timedelta(minutes=2)  # the same form sent again within it returns the same cohort


class NameTaken(Refused):
    """The organisation has a cohort of this name already."""


class HasOrganisation(Refused):
    """The person runs an organisation already, so a first one is not created."""


class TooManyCohorts(Refused):
    """The person has started as many cohorts within a day as the site allows."""


class MayNotStart(NotYours):
    """The site's rule (`COHORTS_STARTED_BY`) does not let this person start a cohort there."""


@transaction.atomic
def start_organisation(user: User, name: str, now: datetime) -> Organisation:
    """A new organisation with this person as its trainer and manager. It is not confirmed."""
    organisation = _create_organisation(name)
    for role in (Membership.Role.TRAINER, Membership.Role.MANAGER):
        Membership.objects.create(user=user, organisation=organisation, role=role, started_at=now)
    details = {"organisation": organisation.slug}
    AuditEvent.objects.create(actor=user, action="start_organisation", details=details, at=now)
    return organisation


def _create_organisation(name: str) -> Organisation:
    """Creates an organisation with a unique slug: `riverside`, or `riverside-2` and so on."""
    stem = slugify(name)[:40] or "organisation"
    # Reading the slugs only saves attempts. Two requests may choose the same free slug: then the
    # database's constraint refuses the second, which takes the next number.
    similar = Organisation.objects.filter(slug__startswith=stem)
    taken = set(similar.values_list("slug", flat=True))
    for number in count(1):
        slug = stem if number == 1 else f"{stem}-{number}"
        if slug in taken:
            continue
        try:
            with transaction.atomic():
                return Organisation.objects.create(name=name, slug=slug)
        except IntegrityError:
            if not Organisation.objects.filter(slug=slug).exists():
                raise  # another constraint than that of the slug
    raise AssertionError("count() does not end")


@transaction.atomic
def start_own_cohort(
    user: User,
    organisation: Organisation | str,
    name: str,
    course: Course,
    due: date | None,
    now: datetime,
) -> Cohort:
    """A cohort that somebody starts for themselves on the page, under the site's rules.

    The same form sent again within two minutes returns the cohort of the first time. Commands and
    imports use `start_organisation` and `start_cohort`, which check no such rules.

    Args:
        organisation: one that the person runs, or the name of a first one, which is created.
        due: the last day for the course; None: no due date.

    Raises:
        MayNotStart: the site's rule does not let the person start one there.
        HasOrganisation: a first organisation is named, and the person runs another.
        TooManyCohorts: the limit of 24 hours (`COHORTS_A_DAY`) is reached.
        NameTaken: the organisation has a cohort of this name.
    """
    # With their row locked, two requests of one person run one after the other: the second finds
    # the cohort of the first, and the daily limit cannot be passed by sending several at once.
    User.objects.select_for_update().get(pk=user.pk)
    existing = _existing_organisation(user, organisation)
    if existing:
        repeated = _cohort_of_same_form(user, existing, name, course, due, now)
        if repeated:
            return repeated
    check_daily_limit(user, now)
    if existing is None:
        existing = start_organisation(user, str(organisation), now)
    return start_cohort(user, existing, name, course, due, now)


def _existing_organisation(user: User, organisation: Organisation | str) -> Organisation | None:
    """The person's organisation that is meant; None: they run none, and a first one is created."""
    startable = list(Organisation.objects.startable_by(user))
    if isinstance(organisation, Organisation):
        if organisation not in startable:
            raise MayNotStart("You cannot start a cohort in this organisation. Nothing was made.")
        return organisation
    if settings.COHORTS_STARTED_BY != "anybody":
        raise MayNotStart("You cannot start a cohort here yet. Nothing was made.")
    if not startable:
        return None
    for candidate in startable:
        if candidate.name.casefold() == organisation.casefold():
            return candidate
    raise HasOrganisation(
        "You have an organisation already. Load the page again and choose it. Nothing was made."
    )


def _cohort_of_same_form(
    user: User,
    organisation: Organisation,
    name: str,
    course: Course,
    due: date | None,
    now: datetime,
) -> Cohort | None:
    """The cohort that the same form started a moment ago; None where there is none."""
    due_at = end_of_day(due) if due else None
    same_assignment = Assignment.objects.filter(course=course, due_at=due_at)
    recent = Cohort.objects.filter(started_by=user, created_at__gt=now - REPEAT_WINDOW)
    same = recent.filter(organisation=organisation, name=name, assignments__in=same_assignment)
    return same.first()


def check_daily_limit(user: User, now: datetime) -> None:
    """Raises TooManyCohorts where the person has started `COHORTS_A_DAY` cohorts in 24 hours."""
    limit = settings.COHORTS_A_DAY
    started = Cohort.objects.filter(started_by=user, created_at__gt=now - DAY)
    newest_first = started.order_by("-created_at").values_list("created_at", flat=True)
    start_times = list(newest_first[:limit])
    if len(start_times) < limit:
        return
    # the oldest of them leaves the window of 24 hours first
    next_start = dates.moment(start_times[-1] + DAY)
    raise TooManyCohorts(
        f"You have started {limit} cohorts in the last 24 hours, as many as one may. "
        f"You can start the next one from {next_start}. What you typed is still here."
    )


def start_cohort(
    trainer: User,
    organisation: Organisation,
    name: str,
    course: Course,
    due: date | None,
    now: datetime,
) -> Cohort:
    """A new cohort led by this trainer, with its first course.

    Raises:
        NameTaken: the organisation has a cohort of this name.
    """
    try:
        return _create_cohort(trainer, organisation, name, course, due, now)
    except IntegrityError:  # from the constraint `one_cohort_of_a_name`
        raise NameTaken(
            f"Your organisation has a cohort called {name} already. Give this one another name."
        ) from None


@transaction.atomic
def _create_cohort(
    trainer: User,
    organisation: Organisation,
    name: str,
    course: Course,
    due: date | None,
    now: datetime,
) -> Cohort:
    cohort = Cohort.objects.create(
        organisation=organisation, name=name, created_at=now, started_by=trainer
    )
    cohort.trainers.add(trainer)
    # a manager who starts a cohort becomes a trainer of the organisation too
    Membership.objects.get_or_create(
        user=trainer,
        organisation=organisation,
        role=Membership.Role.TRAINER,
        ended_at=None,
        defaults={"started_at": now},
    )
    details = {"cohort": str(cohort.key)}
    AuditEvent.objects.create(actor=trainer, action="start_cohort", details=details, at=now)
    assign_course(trainer, cohort, course, due, now)
    return cohort


@transaction.atomic
def join_cohort(user: User, cohort: Cohort, now: datetime) -> CohortMembership:
    """The person's membership of the cohort, and one of its organisation as a learner.

    A second call returns the same membership and creates nothing.

    Raises:
        CohortClosed: nobody joins the cohort any more; who is in it stays.
    """
    current = cohort.cohort_memberships.current().filter(user=user).first()
    if current:
        return current
    # Read again and locked: somebody may be closing the cohort at this moment.
    forbid_closed(lock_cohorts(cohort)[0])
    # Both are unique while they are current, so two requests at once create one of each.
    Membership.objects.get_or_create(
        user=user,
        organisation_id=cohort.organisation_id,
        role=Membership.Role.LEARNER,
        ended_at=None,
        defaults={"started_at": now},
    )
    membership, _ = CohortMembership.objects.get_or_create(
        cohort=cohort, user=user, left_at=None, defaults={"joined_at": now}
    )
    return membership


@transaction.atomic
def join_by_link(user: User, cohort: Cohort, now: datetime) -> CohortMembership:
    """Joins as `join_cohort` does; somebody who was not in the cohort gets a mail that says so."""
    # Locked, so that two presses at once send one mail.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    was_in = cohort.cohort_memberships.current().filter(user=user).exists()
    membership = join_cohort(user, cohort, now)
    if not was_in:
        mail_joined(user, cohort)
    return membership


def leave_cohort(user: User, cohort: Cohort, now: datetime) -> bool:
    """Ends the person's membership of the cohort; returns whether there was one.

    What they learnt stays theirs.
    """
    memberships = CohortMembership.objects.current().filter(cohort=cohort, user=user)
    return bool(memberships.update(left_at=now))


@transaction.atomic
def renew_join_code(trainer: User, cohort: Cohort, now: datetime) -> str:
    """A new join code; links with the old one stop working at once."""
    cohort.join_code = new_join_code()
    cohort.save(update_fields=["join_code"])
    details = {"cohort": str(cohort.key)}
    AuditEvent.objects.create(actor=trainer, action="renew_join_code", details=details, at=now)
    return cohort.join_code


@transaction.atomic
def set_review_right(staff: User, reviewer: User, is_granted: bool, now: datetime) -> None:
    """Grants a clinician the right to sign lessons off, or withdraws it. Earlier sign-offs stay.

    Raises:
        OnOneself: it is their own.
        NotYours: the person who grants it is not active staff.
    """
    forbid_oneself(staff.pk, reviewer.pk)
    if not _is_active_staff(staff):
        raise NotYours(
            "A member of staff gives and takes the right to sign lessons off. Nothing was changed."
        )
    User.objects.filter(pk=reviewer.pk).update(is_reviewer=is_granted)
    reviewer.is_reviewer = is_granted  # the caller may go on with this object
    AuditEvent.objects.create(
        actor=staff, subject=reviewer, action="let_review", details={"may": is_granted}, at=now
    )


def _is_active_staff(user: User) -> bool:
    return user.is_staff and user.is_active


@transaction.atomic
def start_site(address: str, name: str, *, is_another: bool) -> User:
    """The administrator with this e-mail address, created now or earlier.

    A new one has no password: they choose it by `password_link`.

    Args:
        is_another: whether there may be an administrator already.

    Raises:
        NotYours: somebody else administers the site, or the address has an ordinary account.
    """
    email = address.strip().lower()
    account = User.objects.filter(email=email).first()
    if account and account.is_superuser:
        return account
    if account:
        # The person who made it may not hold the address, and may know its password.
        raise NotYours(
            f"{email} has an account already that is no administrator's. Choose another address."
        )
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    if administrators.exists() and not is_another:
        raise NotYours("There is an administrator already. To make one more, add --another.")
    user = User.objects.create_superuser(email, name=name)
    # Verified: the link to choose a password goes to this address alone.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def password_link(user: User) -> str:
    """The full URL where this person chooses a password.

    It works once and for `PASSWORD_RESET_TIMEOUT` seconds, an hour.
    """
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": key}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=kwargs)


@transaction.atomic
def confirm_organisation(staff: User, organisation: Organisation, now: datetime) -> bool:
    """Confirms for the site that an organisation is what its name says.

    Returns whether this call did it; False: it was confirmed already.

    Raises:
        NotYours: the person is not active staff.
        OnOneself: they are a member of the organisation, in any role.
    """
    if not _is_active_staff(staff):
        raise NotYours("An administrator of this site confirms organisations. Nothing was changed.")
    if Membership.objects.current().filter(user=staff, organisation=organisation).exists():
        forbid_oneself(staff.pk, staff.pk)
    # The filter lets one of two confirmations at once through.
    pending = Organisation.objects.filter(pk=organisation.pk, confirmed_at=None)
    if not pending.update(confirmed_at=now, confirmed_by=staff):
        return False
    details = {"organisation": organisation.slug}
    AuditEvent.objects.create(actor=staff, action="confirm_organisation", details=details, at=now)
    return True
