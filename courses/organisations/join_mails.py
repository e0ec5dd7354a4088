"""Mails about requests to join: to those who decide, and the answer to who asked."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from courses.organisations.models import JoinRequest
from courses.people.mails import plain_name
from courses.people.models import Membership, User
from courses.web.mail.outbox import send_text


def mail_join_request(request: JoinRequest) -> None:
    """Tells the trainers of the cohort, or the managers of the organisation, that somebody asks."""
    subject = f"{plain_name(request.user) or request.user.email} asks to join {_place(request)}"
    for recipient in _deciding(request):
        context = _context(request, recipient)
        send_text(subject, "organisations/join_request.txt", context, recipient.email)


def _deciding(request: JoinRequest) -> list[User]:
    """Those who answer the request, but for who asks."""
    role = Membership.Role.TRAINER if request.cohort else Membership.Role.MANAGER
    current = Membership.objects.current().filter(organisation=request.organisation, role=role)
    people = User.objects.filter(is_active=True, pk__in=current.values("user"))
    if request.cohort:
        people = people.filter(cohorts_led=request.cohort)
    return list(people.exclude(pk=request.user_id).order_by("pk"))


def mail_join_answer(request: JoinRequest, *, granted: bool) -> None:
    """Tells who asked whether they were let in."""
    context = _context(request, request.user) | {"granted": granted}
    outcome = "You are in" if granted else "Your request to join"
    subject = f"{outcome}: {_place(request)}"
    send_text(subject, "organisations/join_answer.txt", context, request.user.email)


def _place(request: JoinRequest) -> str:
    """What is joined, as a mail may name it."""
    name = plain_name(request.cohort) or request.organisation.printed_name
    return name or f"an organisation at {settings.SITE_NAME}"


def _context(request: JoinRequest, recipient: User) -> dict[str, Any]:
    if request.cohort:
        page = reverse("courses:cohort", args=[request.cohort.key])
    else:
        page = reverse("courses:organisation-people", args=[request.organisation.slug])
    return {
        "person": plain_name(recipient),
        "asking": plain_name(request.user) or request.user.email,
        "address": request.user.email,
        "role": request.user.get_profession_display(),
        "place": _place(request),
        "is_cohort": request.cohort is not None,
        "url": settings.SITE_URL + page + "#requests",
        "home_url": settings.SITE_URL + reverse("home"),
    }
