"""The first page of who is signed in: a learner's own learning, or the work of a role.

What a visitor sees there is in `catalogue`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.learning.open_work import (
    answered_requests,
    next_parts,
    open_quizzes,
    waiting_lines,
)
from courses.learning.plans import plans_of
from courses.learning.queries import EnrolmentProgress, enrolment_progress_of
from courses.library.queries import CatalogueEntry
from courses.library.queries import catalogue as catalogue_entries
from courses.people.models import User
from courses.people.queries import OwnDue, nearest_due
from courses.web.access import SignedInRequest, signed_in

LINES_SHOWN = 1  # as with plans
Offers = Callable[[User, Sequence[EnrolmentProgress], datetime], list[tuple[str, object]]]
PLANS_SHOWN = 1  # the others are on "My practice", and come up here one after the other


def home_of(request: HttpRequest, offers: Offers) -> HttpResponse:
    """Trainers and managers begin with their cohorts, reviewers with lessons to sign off.

    Everybody else begins with what they learn; who does both has a link to it there. `offers` is
    what an upper package has for a learner, each with the template that shows it: the index of
    pages names it, as a lower package never calls up.
    """
    user = request.user
    assert isinstance(user, User), "visitors have a page of their own"
    if user.leads_cohorts:
        return redirect("courses:cohorts")
    if user.is_reviewer:
        return redirect("courses:reviewing")
    return _render_learning(request, user, offers)


@require_safe
@signed_in()
def learning(request: SignedInRequest, offers: Offers) -> HttpResponse:
    """What a person learns themselves, whatever else they do here. For `offers` see `home_of`."""
    return _render_learning(request, request.user, offers)


class Assigned(NamedTuple):
    """A course that a trainer has given the learner, who has not started it."""

    entry: CatalogueEntry
    due: OwnDue


def _render_learning(request: HttpRequest, user: User, offers: Offers) -> HttpResponse:
    now = timezone.now()
    rows = enrolment_progress_of(user)
    due = nearest_due(user)
    enrolled = {row.enrolment.course_id for row in rows}
    others = [entry for entry in catalogue_entries() if entry.course_id not in enrolled]
    assigned = [Assigned(entry, due[entry.course_id]) for entry in others if entry.course_id in due]
    due_plans = [plan for plan in plans_of(user) if plan.is_due(timezone.localdate(now))]
    # In the order in which a learner would want to see to it; the first has the page's heading.
    open_work = [
        *_shown_by("_open_quiz.html", open_quizzes(rows)),
        *_shown_by("_answered_request.html", answered_requests(user, rows, now)),
        *_shown_by("_due_plan.html", due_plans[:PLANS_SHOWN]),
        *_shown_by("_waiting_line.html", waiting_lines(user)[:LINES_SHOWN]),
        *_shown_by("_next_part.html", next_parts(user, rows, due, now)),
        *_shown_by("_assigned.html", assigned),
    ]
    context = {
        "open": open_work,
        "offers": offers(user, rows, now),
        "completed": [row for row in rows if row.is_completed],
        "others": [entry for entry in others if entry.course_id not in due],
        "now": now,
    }
    return render(request, "learning/home.html", context)


def _shown_by(template: str, rows: Iterable[object]) -> list[tuple[str, object]]:
    """Each with the template that shows it."""
    return [(f"learning/{template}", row) for row in rows]
