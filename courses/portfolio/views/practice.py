"""My practice: one place for what a learner wrote, means to do and can show.

Nobody else sees it.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.learning.models import PlanOutcome
from courses.learning.plans import BadOutcome, Plan, record_outcome
from courses.pathways.queries import local_pathways_for
from courses.portfolio.queries import plan_called, practice_of
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form


@dataclass(frozen=True)
class PlanForm:
    """A plan with the form that asks how it went.

    `outcome` and `words` fill the form: what was sent and not saved, else what was saved.
    `error` says why it was not; `is_restored`: the learner was signed out before it was.
    """

    plan: Plan
    url: str
    outcome: str = ""
    words: str = ""
    error: str = ""
    is_restored: bool = False


@dataclass(frozen=True)
class RefusedOutcome:
    """What was sent of the plan with this address, and why it was not saved."""

    url: str
    outcome: str
    words: str
    error: str


@require_safe
@signed_in()
def practice(request: SignedInRequest) -> HttpResponse:
    """Notes, plans, minutes, certificates, sheets, and the way to signs, glossary and search."""
    return _render_practice(request)


def _render_practice(
    request: SignedInRequest, refused: RefusedOutcome | None = None
) -> HttpResponse:
    today = timezone.localdate()
    page = practice_of(request.user, today)
    due = [_plan_form(request, plan, refused) for plan in page.due]
    ahead = [_plan_form(request, plan, refused) for plan in page.ahead]
    past = [_plan_form(request, plan, refused) for plan in page.past]
    rows = [*due, *ahead, *past]
    context = {
        "page": page,
        "due": due,
        "ahead": ahead,
        "past": past,
        "local_pathways": local_pathways_for(request.user, today),
        "outcomes": PlanOutcome.Outcome.choices,
        "refused": refused,
        "errors": [(f"{row.plan.name}-words", row.error) for row in rows if row.error],
        # The note or plan that a search leads to: what folds it is open.
        "opened": request.GET.get("open", ""),
    }
    return render(request, "portfolio/practice.html", context, status=400 if refused else 200)


def _plan_form(request: SignedInRequest, plan: Plan, refused: RefusedOutcome | None) -> PlanForm:
    url = reverse("courses:record-plan-outcome", args=[plan.course.key, plan.name])
    if refused and refused.url == url:
        return PlanForm(plan, url, refused.outcome, refused.words, refused.error)
    unsent = unsent_form(request, url)
    if unsent is not None:
        outcome, words = unsent.get("outcome", ""), unsent.get("words", "")
        return PlanForm(plan, url, outcome, words, is_restored=True)
    saved = plan.outcome
    if saved is None:
        return PlanForm(plan, url)
    return PlanForm(plan, url, saved.outcome, saved.words)


@require_POST
@signed_in("courses:practice")
def record_plan_outcome(request: SignedInRequest, course: str, plan: str) -> HttpResponse:
    """Keeps how a plan went; a form that is refused keeps what was typed."""
    own_plan = plan_called(request.user, course, plan)
    if own_plan is None:
        raise Http404
    outcome = request.POST.get("outcome", "")
    words = request.POST.get("words", "").replace("\x00", "").replace("\r\n", "\n").strip()
    try:
        record_outcome(own_plan, outcome, words, timezone.now())
    except BadOutcome as refusal:
        return _render_practice(request, RefusedOutcome(request.path, outcome, words, str(refusal)))
    forget_unsent(request)
    messages.success(request, "Saved. Only you can see this.")
    return redirect(reverse("courses:practice") + f"#{own_plan.name}")
