"""Pages of the local plan and its questions, and "Are we ready for babies?" as page and PDF."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from courses.library.queries import catalogue
from courses.organisations.menu import menu_of
from courses.people.permissions import ChangedMeanwhile
from courses.readiness import actions
from courses.readiness.forms import PlanAnswerForm
from courses.readiness.pdf import readiness_pdf
from courses.readiness.plan_questions import question_of
from courses.readiness.printing import facts_of
from courses.readiness.queries import answers_to, local_plan_of
from courses.readiness.report import readiness_of
from courses.readiness.views.coverage import FORM_METHODS, managed_or_404, read_or_404
from courses.web.access import SignedInRequest, signed_in
from courses.web.day_fields import FIRST_DAY
from courses.web.shared_forms import COMPARE


@require_safe
@signed_in()
def local_plan(request: SignedInRequest, organisation: str) -> HttpResponse:
    """What our local plan says: every question with its newest answer."""
    chosen, may_change = read_or_404(request, organisation)
    plan = local_plan_of(chosen, timezone.localdate())
    context = {
        "organisation": chosen,
        "menu": menu_of(request.user, chosen),
        "may_change": may_change,
        "plan": plan,
    }
    return render(request, "readiness/local_plan.html", context)


@require_http_methods(FORM_METHODS)
@signed_in("courses:plan-question", "organisation", "question")
def plan_question(request: SignedInRequest, organisation: str, question: str) -> HttpResponse:
    """One question with its reason and source, a form for the answer, and the earlier answers."""
    chosen = managed_or_404(request, organisation)
    asked = question_of(question)
    if asked is None:
        raise Http404
    history = answers_to(chosen, question)
    data = request.POST if request.method == "POST" else None
    form = PlanAnswerForm(data, history[0] if history else None)
    if request.method == "POST" and form.is_valid():
        answer = (question, form.given, form.stamp)
        try:
            actions.answer_plan_question(request.user, chosen, *answer, timezone.now())
        except ChangedMeanwhile as refusal:
            history = answers_to(chosen, question)
            form.refuse(f"{refusal} {COMPARE}", PlanAnswerForm(None, history[0]))
        else:
            messages.success(request, f"Saved: {asked.short}.")
            return redirect(f"{reverse('courses:local-plan', args=[organisation])}#{question}")
    context = {"organisation": chosen, "question": asked, "form": form, "history": history}
    status = 400 if form.errors else 200
    return render(request, "readiness/plan_question.html", context, status=status)


@require_safe
@signed_in()
def readiness(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Are we ready for babies? Coverage, roles and the plan on one page."""
    chosen, may_change = read_or_404(request, organisation)
    shown = readiness_of(chosen, catalogue(), timezone.localdate())
    context = {
        "organisation": chosen,
        "menu": menu_of(request.user, chosen),
        "may_change": may_change,
        "readiness": shown,
    }
    return render(request, "readiness/readiness.html", context)


@require_safe
@signed_in()
def readiness_file(request: SignedInRequest, organisation: str) -> HttpResponse:
    """The same as a document of four pages, as of a day that may be given with `?on=`."""
    chosen, _ = read_or_404(request, organisation)
    shown = readiness_of(chosen, catalogue(), _day(request))
    # The page's own address has the organisation's name in it, confirmed or not.
    site = (settings.SITE_NAME, settings.SITE_URL)
    pdf = readiness_pdf(facts_of(shown, timezone.localdate(), *site))
    name = f"ready-for-babies-{shown.day.isoformat()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _day(request: SignedInRequest) -> date:
    """The day that was asked for; today where it is none from 2015 to today."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= today else today
