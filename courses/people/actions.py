"""Actions about people and groups: start a cohort, join one, leave it, give it a course, renew its code; confirm."""

from datetime import date, datetime, time, timedelta
from itertools import count

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from courses.library.models import Course
from courses.people.audit import AuditEvent
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
PRESSED_AGAIN = timedelta(minutes=2)  # for which the same form again finds the cohort it made


class NameTaken(Refused):
    """The organisation has a cohort of this name already."""


class HasOrganisation(Refused):
    """The person runs an organisation already, so a first one is not made."""


class TooManyCohorts(Refused):
    """The person has started as many cohorts within a day as one may."""


class MayNotStart(NotYours):
    """The site's rule (`COHORTS_STARTED_BY`) does not let this person start a cohort there."""


def end_of_day(day: date) -> datetime:
    """The last second of a day in London, whatever the clocks do that night."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


@transaction.atomic
def start_organisation(user: User, name: str, now: datetime) -> Organisation:
    """A new organisation with this person as its trainer and manager; it is not confirmed."""
    organisation = _new_organisation(name)
    slug = organisation.slug
    for role in (Membership.Role.TRAINER, Membership.Role.MANAGER):
        Membership.objects.create(user=user, organisation=organisation, role=role, started_at=now)
    AuditEvent.objects.create(
        actor=user, action="start_organisation", details={"organisation": slug}, at=now
    )
    return organisation


def _new_organisation(name: str) -> Organisation:
    """An organisation with a slug of its own: the name's, or that with the first number which is free.

    What is read here only saves tries: of two at once the constraint lets one through, and the other takes the next.
    """
    stem = slugify(name)[:40] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    for n in count(1):
        slug = stem if n == 1 else f"{stem}-{n}"
        if slug in taken:
            continue
        try:
            with transaction.atomic():
                return Organisation.objects.create(name=name, slug=slug)
        except IntegrityError:
            if not Organisation.objects.filter(slug=slug).exists():
                raise  # it was not the slug
    raise AssertionError("numbers do not end")


@transaction.atomic
def start_own_cohort(
    user: User,
    organisation: Organisation | str,
    name: str,
    course: Course,
    due: date | None,
    now: datetime,
) -> Cohort:
    """A cohort that somebody starts for themselves by the page, under the site's rules; with a first organisation.

    The person's row is locked, so that two presses at once are one after the other: the same form again within two
    minutes returns the cohort it made, and the limit of a day holds. Commands and imports use `start_organisation` and
    `start_cohort`, which know no such rules.

    Args:
        organisation: one of the person's, or the name of a first one.

    Raises:
        MayNotStart: the site's rule does not let the person start one there.
        HasOrganisation: a first organisation is named, and the person runs another.
        TooManyCohorts: the limit of 24 hours (`COHORTS_A_DAY`) is reached.
        NameTaken: the organisation has a cohort of this name.
    """
    User.objects.select_for_update().get(pk=user.pk)
    own = _own_organisation(user, organisation)
    if own and (made := _just_made(user, own, name, course, due, now)):
        return made
    _check_limit(user, now)
    if own is None:
        own = start_organisation(user, str(organisation), now)
    return start_cohort(user, own, name, course, due, now)


def _own_organisation(user: User, organisation: Organisation | str) -> Organisation | None:
    """The organisation of the person that is meant; None: a first one is to be made."""
    mine = list(Organisation.objects.startable_by(user))
    if isinstance(organisation, Organisation):
        if organisation not in mine:
            raise MayNotStart("You cannot start a cohort in this organisation. Nothing was made.")
        return organisation
    if settings.COHORTS_STARTED_BY != "anybody":
        raise MayNotStart("You cannot start a cohort here yet. Nothing was made.")
    if not mine:
        return None
    for one in mine:
        if one.name.casefold() == organisation.casefold():
            return one
    raise HasOrganisation(
        "You have an organisation already. Load the page again and choose it. Nothing was made."
    )


def _just_made(
    user: User,
    organisation: Organisation,
    name: str,
    course: Course,
    due: date | None,
    now: datetime,
) -> Cohort | None:
    """The cohort this very form made a moment ago, None where there is none."""
    lately = Cohort.objects.filter(started_by=user, created_at__gt=now - PRESSED_AGAIN)
    due_at = end_of_day(due) if due else None
    given = Assignment.objects.filter(course=course, due_at=due_at)
    return lately.filter(organisation=organisation, name=name, assignments__in=given).first()


def _check_limit(user: User, now: datetime) -> None:
    """Raises TooManyCohorts where the person has started all that one may within 24 hours."""
    limit = settings.COHORTS_A_DAY
    started = Cohort.objects.filter(started_by=user, created_at__gt=now - DAY).order_by(
        "-created_at"
    )
    moments = list(started.values_list("created_at", flat=True)[:limit])
    if len(moments) < limit:
        return
    again = dates.moment(moments[-1] + DAY)
    raise TooManyCohorts(
        f"You have started {limit} cohorts in the last 24 hours, as many as one may. "
        f"You can start the next one from {again}. What you typed is still here."
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
        with transaction.atomic():
            fields = {
                "organisation": organisation,
                "name": name,
                "created_at": now,
                "started_by": trainer,
            }
            cohort = Cohort.objects.create(**fields)
            cohort.trainers.add(trainer)
            training = {
                "user": trainer,
                "organisation": organisation,
                "role": Membership.Role.TRAINER,
                "ended_at": None,
            }
            Membership.objects.get_or_create(
                **training, defaults={"started_at": now}
            )  # a manager who starts one trains it
            details = {"cohort": str(cohort.key)}
            AuditEvent.objects.create(actor=trainer, action="start_cohort", details=details, at=now)
            assign_course(trainer, cohort, course, due, now)
            return cohort
    except IntegrityError:
        raise NameTaken(
            f"Your organisation has a cohort called {name} already. Give this one another name."
        ) from None


@transaction.atomic
def assign_course(
    trainer: User, cohort: Cohort, course: Course, due: date | None, now: datetime
) -> Assignment:
    """The course given to the cohort, with its due date (None: no date); giving it again changes the date."""
    due_at = end_of_day(due) if due else None
    made, _ = Assignment.objects.update_or_create(
        cohort=cohort,
        course=course,
        defaults={"due_at": due_at},
        create_defaults={"due_at": due_at, "assigned_at": now},
    )
    details = {
        "cohort": str(cohort.key),
        "course": course.key,
        "due_on": due.isoformat() if due else None,
    }
    AuditEvent.objects.create(actor=trainer, action="assign_course", details=details, at=now)
    return made


@transaction.atomic
def join_cohort(user: User, cohort: Cohort, now: datetime) -> CohortMembership:
    """The person's place in the cohort, and their membership of its organisation; a second call finds the first."""
    Membership.objects.get_or_create(
        user=user,
        organisation_id=cohort.organisation_id,
        role=Membership.Role.LEARNER,
        ended_at=None,
        defaults={"started_at": now},
    )
    place, _ = CohortMembership.objects.get_or_create(
        cohort=cohort, user=user, left_at=None, defaults={"joined_at": now}
    )
    return place


def leave_cohort(user: User, cohort: Cohort, now: datetime) -> bool:
    """Ends the person's place; their learning stays theirs. Whether there was one."""
    return bool(
        CohortMembership.objects.current().filter(cohort=cohort, user=user).update(left_at=now)
    )


@transaction.atomic
def renew_join_code(trainer: User, cohort: Cohort, now: datetime) -> str:
    """A new join code; links with the old one stop working at once."""
    cohort.join_code = new_join_code()
    cohort.save(update_fields=["join_code"])
    AuditEvent.objects.create(
        actor=trainer, action="renew_join_code", details={"cohort": str(cohort.key)}, at=now
    )
    return cohort.join_code


@transaction.atomic
def let_review(staff: User, reviewer: User, may: bool, now: datetime) -> None:
    """Gives a clinician the right to sign lessons off, or takes it; what they signed before stays.

    Raises:
        OnOneself: it is their own.
        NotYours: the person who gives it is not staff.
    """
    forbid_oneself(staff.pk, reviewer.pk)
    if not (staff.is_staff and staff.is_active):
        raise NotYours(
            "A member of staff gives and takes the right to sign lessons off. Nothing was changed."
        )
    User.objects.filter(pk=reviewer.pk).update(is_reviewer=may)
    reviewer.is_reviewer = may
    AuditEvent.objects.create(
        actor=staff, subject=reviewer, action="let_review", details={"may": may}, at=now
    )


@transaction.atomic
def start_site(address: str, name: str, *, is_another: bool) -> User:
    """The administrator of this address, made now or before; the password is chosen by a link.

    Args:
        is_another: whether there may be an administrator already.

    Raises:
        NotYours: somebody else administers the site, or the address is that of an ordinary account.
    """
    email = address.strip().lower()
    account = User.objects.filter(email=email).first()
    if account and account.is_superuser:
        return account
    if account:  # its password may be known to somebody who does not hold the address
        raise NotYours(
            f"{email} has an account already that is no administrator's. Choose another address."
        )
    if User.objects.filter(is_superuser=True, is_active=True).exists() and not is_another:
        raise NotYours("There is an administrator already. To make one more, add --another.")
    user = User.objects.create_superuser(email, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def password_link(user: User) -> str:
    """A full address where this person chooses a password: once, within an hour (`PASSWORD_RESET_TIMEOUT`)."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    arguments = {"uidb36": user_pk_to_url_str(user), "key": key}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=arguments)


@transaction.atomic
def confirm_organisation(staff: User, organisation: Organisation, now: datetime) -> bool:
    """Says for the site that an organisation is what its name says; whether this call did (another may have).

    Raises:
        NotYours: the person is not staff.
        OnOneself: they are a member of the organisation, in any role.
    """
    if not (staff.is_staff and staff.is_active):
        raise NotYours("An administrator of this site confirms organisations. Nothing was changed.")
    if Membership.objects.current().filter(user=staff, organisation=organisation).exists():
        forbid_oneself(staff.pk, staff.pk)
    pending = Organisation.objects.filter(pk=organisation.pk, confirmed_at=None)
    if not pending.update(confirmed_at=now, confirmed_by=staff):
        return False
    details = {"organisation": organisation.slug}
    AuditEvent.objects.create(actor=staff, action="confirm_organisation", details=details, at=now)
    return True
