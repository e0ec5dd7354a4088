"""The settings of a cohort: its name and trainers, closing, archiving, a copy; a course less.

Only its trainers open them; of an archived cohort they read them, restore it, or copy it.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.dashboards.queries import assignment_of, title_of
from courses.people import cohort_life
from courses.people.actions import NameTaken
from courses.people.cohort_courses import begun_by, unassign_course
from courses.people.cohort_forms import AddTrainerForm, CohortNameForm, CopyForm
from courses.people.models import Cohort
from courses.people.permissions import Refused
from courses.people.queries import leaders_of, possible_trainers, trainers_of
from courses.people.term_names import next_term_name
from courses.web.access import SignedInRequest, signed_in

FORM_METHODS = ["GET", "HEAD", "POST"]
SETTINGS = "courses:cohort-settings"
# What each press of the settings does, and what it says afterwards.
STATES = {
    "close": (cohort_life.close_cohort, "is closed: nobody joins any more"),
    "reopen": (cohort_life.reopen_cohort, "is open again: people can join"),
    "archive": (cohort_life.archive_cohort, "is archived. You find it under archived cohorts"),
    "restore": (
        cohort_life.restore_cohort,
        "is on your lists again. It is closed; open it if people should join",
    ),
}


def _cohort_or_404(request: SignedInRequest, cohort: uuid.UUID) -> Cohort:
    """A cohort that the user trains, archived ones too."""
    trained = Cohort.objects.once_trained_by(request.user).select_related("organisation")
    return get_object_or_404(trained, key=cohort)


@require_http_methods(FORM_METHODS)
@signed_in(SETTINGS, "cohort")
def cohort_settings(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """GET: the settings. POST: renames the cohort."""
    row = _cohort_or_404(request, cohort)
    if request.method != "POST":
        return _render(request, row, CohortNameForm(initial={"name": row.name}))
    form = CohortNameForm(request.POST)
    if not form.is_valid():
        return _render(request, row, form)
    name = form.cleaned_data["name"]
    try:
        is_new = cohort_life.rename_cohort(request.user, row, name, timezone.now())
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return _render(request, row, form)
    if is_new:
        messages.success(request, f"{row.name} is called {name} now.")
    else:
        messages.info(request, f"{name} is its name already.")
    return redirect(SETTINGS, cohort)


def _render(request: SignedInRequest, row: Cohort, form: CohortNameForm) -> HttpResponse:
    people = possible_trainers(row)
    context = {
        "cohort": row,
        "form": form,
        "trainers": list(trainers_of(row)),
        "trainer_form": AddTrainerForm(people=people) if people else None,
        "people": row.cohort_memberships.current().count(),
    }
    status = 400 if form.errors else 200
    return render(request, "dashboards/cohort_settings.html", context, status=status)


@require_POST
@signed_in(SETTINGS, "cohort")
def add_trainer(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    row = _cohort_or_404(request, cohort)
    # Of two presses the second finds them among the trainers, and is no error.
    form = AddTrainerForm(request.POST, people=leaders_of(row.organisation_id))
    if not form.is_valid():
        messages.error(request, f"{form.errors['person'][0]}. Nothing was changed.")
        return redirect(SETTINGS, cohort)
    person = form.cleaned_data["person"]
    try:
        is_new = cohort_life.add_trainer(request.user, row, person, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(SETTINGS, cohort)
    if is_new:
        messages.success(request, f"{person} trains {row.name} now, and gets an email.")
    else:
        messages.info(request, f"{person} trains {row.name} already.")
    return redirect(SETTINGS, cohort)


@require_POST
@signed_in(SETTINGS, "cohort")
def remove_trainer(request: SignedInRequest, cohort: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """Takes a trainer off the cohort; who takes off themselves goes on to their other cohorts."""
    row = _cohort_or_404(request, cohort)
    # Also who trains it no more: the second of two presses is told so, and is no error.
    trainer = get_object_or_404(leaders_of(row.organisation_id), key=person)
    try:
        is_done = cohort_life.remove_trainer(request.user, row, trainer, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(SETTINGS, cohort)
    if not is_done:
        messages.info(request, f"{trainer} does not train {row.name}. Nothing was changed.")
        return redirect(SETTINGS, cohort)
    if trainer.pk == request.user.pk:
        messages.success(request, f"You no longer train {row.name}.")
        return redirect("courses:cohorts")
    messages.success(request, f"{trainer} no longer trains {row.name}.")
    return redirect(SETTINGS, cohort)


@require_POST
@signed_in(SETTINGS, "cohort")
def set_cohort_state(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """Closes, opens, archives or restores the cohort, as `STATES` says."""
    row = _cohort_or_404(request, cohort)
    state = request.POST.get("state", "")
    if state not in STATES:
        messages.error(request, "Choose from the settings. Nothing was changed.")
        return redirect(SETTINGS, cohort)
    action, words = STATES[state]
    try:
        is_done = action(request.user, row, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(SETTINGS, cohort)
    if is_done:
        messages.success(request, f"{row.name} {words}.")
    else:
        messages.info(request, f"That was done already. {row.name} is as it was.")
    return redirect(SETTINGS, cohort)


@require_safe
@signed_in()
def archived_cohorts(request: SignedInRequest) -> HttpResponse:
    """The archived cohorts that the user led, the newest first, each to be read."""
    led = Cohort.objects.led_by(request.user).archived()
    context = {"cohorts": led.select_related("organisation")}
    return render(request, "dashboards/archived_cohorts.html", context)


@require_http_methods(FORM_METHODS)
@signed_in("courses:copy-cohort", "cohort")
def copy_cohort(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """A form for the next term's cohort: its name, and a due date for each course."""
    row = _cohort_or_404(request, cohort)
    courses = {copied.course.key: copied for copied in cohort_life.assignments_to_copy(row)}
    titles = {key: title_of(copied) for key, copied in courses.items()}
    if request.method == "POST":
        form = CopyForm(request.POST, titles=titles)
    else:
        form = CopyForm(titles=titles, initial={"name": _suggested_name(row)})
    if request.method == "POST" and form.is_valid():
        due_days = {courses[key].course_id: due for key, due in form.due_days().items()}
        try:
            made = cohort_life.copy_cohort(
                request.user, row, form.cleaned_data["name"], due_days, timezone.now()
            )
        except NameTaken as refusal:
            form.add_error("name", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made.name} is ready. Send its link to your learners.")
            return redirect("courses:cohort", made.key)
    context = {"cohort": row, "form": form, "trainers": trainers_of(row), "has_courses": courses}
    status = 400 if form.errors else 200
    return render(request, "dashboards/copy_cohort.html", context, status=status)


def _suggested_name(cohort: Cohort) -> str:
    others = Cohort.objects.filter(organisation=cohort.organisation_id)
    return next_term_name(cohort.name, list(others.values_list("name", flat=True)))


@require_http_methods(FORM_METHODS)
@signed_in("courses:unassign-course", "cohort", "course")
def unassign_cohort_course(
    request: SignedInRequest, cohort: uuid.UUID, course: str
) -> HttpResponse:
    """GET: what it means to take the course away, and for how many. POST: takes it away."""
    assignment = assignment_of(Cohort.objects.trained_by(request.user), cohort, course)
    if not assignment:
        if request.method == "POST":
            return _unassigned_already(request, cohort)
        raise Http404
    if request.method == "POST":
        try:
            unassign_course(request.user, assignment.cohort, assignment.course, timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            name = assignment.cohort.name
            messages.success(request, f"{name} no longer has {title_of(assignment)}.")
        return redirect("courses:cohort", cohort)
    context: dict[str, Any] = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "title": title_of(assignment),
        "people": assignment.cohort.cohort_memberships.current().count(),
        "begun": begun_by(assignment.cohort, assignment.course),
    }
    return render(request, "dashboards/unassign_course.html", context)


def _unassigned_already(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """The second of two presses finds the course gone; 404 for a cohort of somebody else."""
    row = get_object_or_404(Cohort.objects.trained_by(request.user), key=cohort)
    messages.info(request, f"{row.name} does not have this course. Nothing was changed.")
    return redirect("courses:cohort", cohort)
