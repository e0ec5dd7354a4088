"""The end of a person's time in an organisation, or of one of their roles, and who takes over.

The organisation stops seeing what they learn from then on; the record of learning stays theirs.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from courses.organisations.actions import may_manage
from courses.people.audit import AuditEvent
from courses.people.models import Cohort, CohortMembership, Membership, Organisation, User
from courses.people.permissions import NotYours, Refused, forbid_oneself

SHOWN = 3  # cohorts that a refusal names


class LastManager(Refused):
    """Nobody else manages the organisation, and other people are in it."""


class NoOtherTrainer(Refused):
    """Cohorts of the person have no other trainer."""


@transaction.atomic
def leave_organisation(user: User, organisation: Organisation, now: datetime) -> bool:
    """The person leaves by themselves. Returns whether they were in the organisation.

    Ends their memberships of it and of its cohorts, and their training in them.

    Raises:
        LastManager, NoOtherTrainer: see there.
    """
    return _end(user, user, organisation, None, now)


@transaction.atomic
def end_membership(
    manager: User,
    person: User,
    organisation: Organisation,
    successor: User | None,
    now: datetime,
) -> bool:
    """A manager ends a person's time in the organisation. Returns whether they were in it.

    Args:
        successor: a trainer of the organisation who takes on the cohorts that would have none;
            None: nobody.

    Raises:
        OnOneself: it is the manager's own.
        NotYours: they do not manage the organisation, or the successor does not train in it.
        LastManager, NoOtherTrainer: see there.
    """
    _check_manager(manager, person, organisation)
    return _end(manager, person, organisation, successor, now)


@transaction.atomic
def end_role(
    manager: User,
    person: User,
    organisation: Organisation,
    role: str,
    successor: User | None,
    now: datetime,
) -> bool:
    """A manager ends the person's role as trainer or manager; other roles stay.

    Who had no other role stays as a learner. Arguments, errors and result as in `end_membership`.
    """
    _check_manager(manager, person, organisation)
    _lock(organisation)
    memberships = Membership.objects.current().filter(user=person, organisation=organisation)
    ending = memberships.filter(role=role)
    if not ending.exists():
        return False
    if role == Membership.Role.MANAGER:
        _check_managers(person, organisation)
    if role == Membership.Role.TRAINER:
        _hand_over(person, organisation, successor)
    _keep_as_learner(memberships, role, now)
    ending.update(ended_at=now)
    _log(manager, person, "end_role", organisation, now, role=role)
    return True


def _keep_as_learner(memberships: QuerySet[Membership], role: str, now: datetime) -> None:
    """A learner's membership with team and number of the one that ends, if it is the only one."""
    if memberships.exclude(role=role).exists():
        return
    ending = memberships.get(role=role)
    Membership.objects.create(
        user_id=ending.user_id,
        organisation_id=ending.organisation_id,
        role=Membership.Role.LEARNER,
        started_at=now,
        team_id=ending.team_id,
        employee_number=ending.employee_number,
    )


@transaction.atomic
def give_role(
    manager: User, person: User, organisation: Organisation, role: str, now: datetime
) -> bool:
    """A manager makes a person of the organisation a trainer or a manager of it too.

    Returns whether they were not one already.

    Raises:
        OnOneself: it is the manager.
        NotYours: they do not manage the organisation, or the person is not in it.
    """
    _check_manager(manager, person, organisation)
    memberships = Membership.objects.current().filter(user=person, organisation=organisation)
    other = memberships.order_by("pk").first()
    if not other:
        raise NotYours("This person is not in the organisation. Nothing was changed.")
    _, is_new = Membership.objects.get_or_create(
        user=person,
        organisation=organisation,
        role=role,
        ended_at=None,
        defaults={
            "started_at": now,
            "given_by": manager,
            "team_id": other.team_id,
            "employee_number": other.employee_number,
        },
    )
    if is_new:
        _log(manager, person, "give_role", organisation, now, role=role)
    return is_new


def _check_manager(manager: User, person: User, organisation: Organisation) -> None:
    forbid_oneself(manager.pk, person.pk)
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation does this. Nothing was changed.")


def _lock(organisation: Organisation) -> None:
    """Two managers who end each other's role at once do so one after the other."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _end(
    actor: User,
    person: User,
    organisation: Organisation,
    successor: User | None,
    now: datetime,
) -> bool:
    _lock(organisation)
    memberships = Membership.objects.current().filter(user=person, organisation=organisation)
    roles = set(memberships.values_list("role", flat=True))
    if not roles:
        return False
    if Membership.Role.MANAGER in roles:
        _check_managers(person, organisation)
    _hand_over(person, organisation, successor)
    memberships.update(ended_at=now)
    learning = CohortMembership.objects.current().filter(user=person)
    left = learning.filter(cohort__organisation=organisation).update(left_at=now)
    action = "leave_organisation" if actor.pk == person.pk else "end_membership"
    _log(actor, person, action, organisation, now, cohorts=left)
    return True


def _check_managers(person: User, organisation: Organisation) -> None:
    """Raises LastManager where the others would be left without a manager."""
    others = Membership.objects.current().filter(organisation=organisation).exclude(user=person)
    if not others.exists() or others.filter(role=Membership.Role.MANAGER).exists():
        return
    raise LastManager(
        f"{person.name} is the last manager, and other people are in the organisation. Make "
        "somebody else a manager first. Nothing was changed."
    )


def cohorts_without_other_trainer(person: User, organisation: Organisation) -> QuerySet[Cohort]:
    """Cohorts on the lists that this person trains and nobody else does now, by name."""
    training = Membership.objects.current().filter(
        user=OuterRef("user"), organisation=organisation, role=Membership.Role.TRAINER
    )
    trainers = Cohort.trainers.through.objects.filter(cohort=OuterRef("pk"))
    others = trainers.exclude(user=person).filter(Exists(training))
    own = Cohort.objects.listed().filter(organisation=organisation, trainers=person)
    return own.filter(~Exists(others)).order_by("name")


def _hand_over(person: User, organisation: Organisation, successor: User | None) -> None:
    """Ends their training in the organisation's cohorts; the successor takes on what has nobody.

    Raises:
        NoOtherTrainer: a cohort has no other trainer, and there is no successor.
        NotYours: the successor does not train in the organisation.
    """
    alone = list(cohorts_without_other_trainer(person, organisation))
    if alone and successor is None:
        raise NoOtherTrainer(
            f"{_named(alone)} would have no trainer. Add another trainer there, or have a manager "
            "hand it over, and try again. Nothing was changed."
        )
    if successor:
        _check_successor(person, organisation, successor)
        for cohort in alone:
            cohort.trainers.add(successor)
    # Who trained a cohort that is archived stays written there.
    trained = Cohort.trainers.through.objects.filter(cohort__organisation=organisation)
    trained.filter(user=person, cohort__archived_at=None).delete()


def _check_successor(person: User, organisation: Organisation, successor: User) -> None:
    training = Membership.objects.current().filter(
        user=successor, organisation=organisation, role=Membership.Role.TRAINER
    )
    if successor.pk == person.pk or not training.exists():
        raise NotYours("Another trainer of the organisation takes on cohorts. Nothing was changed.")


def _named(cohorts: Iterable[Cohort]) -> str:
    names = [cohort.name for cohort in cohorts]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"


def _log(
    actor: User,
    person: User,
    action: str,
    organisation: Organisation,
    now: datetime,
    **details: object,
) -> None:
    facts = {"organisation": organisation.slug, **details}
    AuditEvent.objects.create(actor=actor, subject=person, action=action, details=facts, at=now)
