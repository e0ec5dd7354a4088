"""A learner's notes as a reflective account: choosing them, and the document as PDF or text."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.portfolio import pdf
from courses.portfolio.accounts import account_of, plan_key
from courses.portfolio.notes import by_lesson
from courses.portfolio.pdf import AccountFacts
from courses.portfolio.queries import writing_of
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def account(request: SignedInRequest) -> HttpResponse:
    """Every note and plan with a box to tick. Those in the address are ticked."""
    writing = writing_of(request.user)
    context = {
        "lessons": by_lesson(writing.notes),
        "plans": [(plan_key(plan), plan) for plan in writing.plans],
        "chosen": set(request.GET.getlist("note")),
    }
    return render(request, "portfolio/account.html", context)


def _facts(request: SignedInRequest) -> AccountFacts:
    chosen = set(request.GET.getlist("note"))
    return account_of(writing_of(request.user), chosen, timezone.localdate())


@require_safe
@signed_in()
def account_pdf(request: SignedInRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="reflective-account.pdf"'}
    document = pdf.account_pdf(_facts(request))
    return HttpResponse(document, content_type="application/pdf", headers=headers)


@require_safe
@signed_in()
def account_text(request: SignedInRequest) -> HttpResponse:
    """The same as plain text, in the browser, to copy from."""
    text = pdf.account_text(_facts(request))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
