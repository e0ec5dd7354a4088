"""Pages to type a join code, start and change a cohort; the user's details; what the site is.

An invitation names courses, so it is in `learning`; what trainers see is in `dashboards`.
"""

import uuid
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView as AllauthConfirmEmailView
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.library.models import Course
from courses.library.queries import catalogue
from courses.people import actions
from courses.people.account_forms import CONFIRMED_EMAIL
from courses.people.backends import local_next
from courses.people.event_queries import looks_page
from courses.people.forms import CohortForm, DetailsForm, DueForm, JoinForm
from courses.people.join_codes import cohort_of_code
from courses.people.models import Cohort, Organisation
from courses.people.permissions import Refused
from courses.people.queries import like_organisations
from courses.people.reminder_choices import ReminderTimeForm, set_digests
from courses.people.reminder_choices import set_reminder_time as choose_time
from courses.people.reminder_choices import set_reminders as set_reminders_wanted
from courses.web.access import SignedInRequest, signed_in
from courses.web.rate_limits import RateLimited, address_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def join(request: HttpRequest) -> HttpResponse:
    """A form for the join code; a right code leads to the invitation, for visitors too."""
    form = JoinForm(request.POST or None)
    if request.method == "POST":
        account = str(request.user.pk or "")
        try:
            cohort = cohort_of_code(form, account, address_of(request), timezone.now())
        except RateLimited as refusal:
            context = {"too_many": True, "wait": refusal.in_words}
            return render(request, "people/join.html", context, status=429)
        if cohort:
            return redirect("courses:join-cohort", cohort.join_code)
    return _render_form(request, "people/join.html", form)


@require_POST
@signed_in("courses:seen-by-trainer")
def leave_cohort(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    joined = get_object_or_404(Cohort.objects.joined_by(request.user), key=cohort)
    actions.leave_cohort(request.user, joined, timezone.now())
    promise = "What you learnt stays yours; its trainers no longer see it."
    messages.success(request, f"You have left {joined.name}. {promise}")
    return redirect("courses:seen-by-trainer")


@require_http_methods(FORM_METHODS)
@signed_in("courses:new-cohort")
def new_cohort(request: SignedInRequest) -> HttpResponse:
    """A form to start a cohort; a user who may not start one reads whom to ask."""
    if not request.user.may_start_cohorts:
        return _may_not_start(request)
    form = CohortForm(request.POST or None, trainer=request.user, titles=_titles())
    if request.method == "POST" and form.is_valid():
        alike = _unanswered_likeness(request, form.cleaned_data)
        if alike:
            context = {
                "form": form,
                "alike": alike,
                "typed": form.cleaned_data["organisation_name"],
            }
            return render(request, "people/new_cohort.html", context, status=400)
        try:
            cohort = _start_cohort(request, form.cleaned_data)
        except actions.NameTaken as refusal:
            form.add_error("name", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{cohort.name} is ready. Send its link to your learners.")
            return redirect("courses:cohort", cohort.key)
    return _render_form(request, "people/new_cohort.html", form)


def _unanswered_likeness(request: SignedInRequest, data: dict[str, Any]) -> list[Organisation]:
    """Organisations of a like name, until the person has said that theirs is another.

    They said it of one name: another name is asked about again.
    """
    name = data.get("organisation_name", "")
    if not name or request.POST.get("another_than") == name:
        return []
    # In this order: of two presses at once, the second may find what the first has just made.
    alike = like_organisations(name)
    if Organisation.objects.startable_by(request.user).exists():
        return []  # the form of an older page: the action finds the person's own by its name
    return alike


def _may_not_start(request: SignedInRequest) -> HttpResponse:
    context = {
        "rule": settings.COHORTS_STARTED_BY,
        "organisations": Organisation.objects.run_by(request.user),
    }
    status = 403 if request.method == "POST" else 200
    return render(request, "people/new_cohort.html", context, status=status)


def _start_cohort(request: SignedInRequest, data: dict[str, Any]) -> Cohort:
    return actions.start_own_cohort(
        request.user,
        data.get("organisation") or data["organisation_name"],
        data["name"],
        data["course"],
        data["due_on"],
        timezone.now(),
    )


@require_POST
@signed_in("courses:cohort", "cohort")
def assign_course(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """Gives a course to a cohort, or changes its due date."""
    trained = get_object_or_404(Cohort.objects.trained_by(request.user), key=cohort)
    # PostgreSQL raises for a NUL byte; no course has a question mark in its key.
    course_key = request.POST.get("course", "").replace("\x00", "?")[:60]
    course = get_object_or_404(Course.objects.published(), key=course_key)
    form = DueForm(request.POST)
    if form.is_valid():
        due = form.cleaned_data["due_on"]
        try:
            actions.assign_course(request.user, trained, course, due, timezone.now())
        except Refused as refusal:  # archived since it was fetched
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The course and its date are set.")
    else:
        # The form has one field, and the page it stands on belongs to another view.
        errors = [str(error) for error in form.errors["due_on"]]
        messages.error(request, " ".join(errors))
    return redirect("courses:cohort", cohort)


@require_POST
@signed_in("courses:cohort", "cohort")
def renew_join_code(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    trained = get_object_or_404(Cohort.objects.trained_by(request.user), key=cohort)
    actions.renew_join_code(request.user, trained, timezone.now())
    messages.success(request, "There is a new code and link. The old ones no longer work.")
    return redirect("courses:cohort", cohort)


@require_safe
@signed_in()
def who_looked(request: SignedInRequest) -> HttpResponse:
    """Which trainers and managers opened the user's own record, and when."""
    page, looks = looks_page(request.user, request.GET.get("page"))
    return render(request, "people/seen.html", {"page": page, "looks": looks})


@require_http_methods(FORM_METHODS)
@signed_in("courses:details")
def details(request: SignedInRequest) -> HttpResponse:
    form = DetailsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your details are saved.")
        return redirect("courses:details")
    chosen = {"weekday": request.user.reminder_weekday, "hour": request.user.reminder_hour}
    context = {"form": form, "time_form": ReminderTimeForm(initial=chosen)}
    status = 400 if form.errors else 200
    return render(request, "people/details.html", context, status=status)


@require_POST
@signed_in("courses:details")
def set_reminders(request: SignedInRequest) -> HttpResponse:
    """Switches reminders or digests by email on or off; anything else changes nothing."""
    reminders, digests = request.POST.get("reminders"), request.POST.get("digests")
    if reminders in ("on", "off"):
        set_reminders_wanted(request.user, wanted=reminders == "on")
        messages.success(request, f"Reminders by email are {reminders}.")
    if digests in ("on", "off"):
        set_digests(request.user, wanted=digests == "on")
        messages.success(request, f"Digests by email are {digests}.")
    return redirect(f"{reverse('courses:details')}#reminders")


@require_POST
@signed_in("courses:details")
def set_reminder_time(request: SignedInRequest) -> HttpResponse:
    """Sets the day and hour of reminders and digests. Two lists: nothing typed can be lost."""
    form = ReminderTimeForm(request.POST)
    if form.is_valid():
        choose_time(request.user, **form.cleaned_data)
        messages.success(request, "The day and hour of your emails are set.")
    else:
        messages.error(request, "Choose a day and an hour from the lists. Nothing was changed.")
    return redirect(f"{reverse('courses:details')}#reminders")


def _titles() -> dict[str, str]:
    """Titles of the published courses by key."""
    return {entry.content.key: entry.content.title for entry in catalogue()}


def _render_form(request: HttpRequest, template: str, form: Any) -> HttpResponse:
    """The page of a form: 400 where it has errors, else 200."""
    status = 400 if form.errors else 200
    return render(request, template, {"form": form}, status=status)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who runs the site, and whom to ask for help."""
    return render(request, "people/about.html", {"run_by": settings.RUN_BY})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "people/privacy.html", _own_words())


def _own_words() -> dict[str, str]:
    """What the organisation that runs the site says, by the setting's name in lower case.

    On a site for trying Notice out all may be empty; a public one does not start without them.
    """
    words = {name.lower(): text for name, text in settings.OWN_WORDS.items()}
    return {"run_by": settings.RUN_BY, **words}


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "people/accessibility.html", _own_words())


class ConfirmEmailView(AllauthConfirmEmailView):
    """The page of the link that confirms an email address. Looking at it changes nothing.

    The button signs in only in the browser that created the account: somebody else may have
    created it with this address, and would know its password. Elsewhere one signs in afterwards.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["confirmed"] = None if self.object else confirmed_address(self.kwargs["key"])
        context["onward"] = self._onward()
        return context

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(*args, **kwargs)
        except Http404:
            # The second of two presses finds the address confirmed, and is no error.
            if not confirmed_address(self.kwargs["key"]):
                raise
            return redirect(self.request.get_full_path())
        return response

    def get_redirect_url(self) -> str:
        """Where the person was going; who is not signed in here signs in on the way."""
        if not self.request.user.is_authenticated:
            self.request.session[CONFIRMED_EMAIL] = self.object.email_address.email
        return self._onward()

    def _onward(self) -> str:
        destination = local_next(self.request) or reverse("home")
        if self.request.user.is_authenticated:
            return destination
        return f"{reverse('account_login')}?{urlencode({'next': destination})}"


def confirmed_address(key: str) -> EmailAddress | None:
    """The address that a link confirmed earlier; None: it is no link of ours, or not used yet."""
    try:
        pk = signing.loads(key, salt=app_settings.SALT)
    except signing.BadSignature:
        return None
    return EmailAddress.objects.filter(pk=pk, verified=True).first()
