"""The learner's record, and a certificate as its holder has it: claimed, shown, printed.

Issuing and revoking are in `certificates`, and so is the page where a stranger checks a code.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.assessment.actions import Refused
from courses.certificates.codes import parse_code, show_code
from courses.certificates.models import Certificate
from courses.certificates.pdf import certificate_pdf
from courses.certificates.queries import facts_shown
from courses.group_sessions.queries import participation_of
from courses.learning import actions as learning
from courses.learning.certifying import claim_certificate
from courses.learning.queries import (
    EnrolmentProgress,
    enrolment_progress_of,
    enrolment_progress_or_404,
)
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form

LONGEST_INTENTION = 500  # characters: one thing, in a few sentences


@require_safe
@signed_in()
def record(request: SignedInRequest) -> HttpResponse:
    """Everything a learner has done: courses, group sessions, minutes, certificates."""
    held = Certificate.objects.held_by(request.user)
    certificates = {certificate.enrolment_id: certificate for certificate in held}
    courses = enrolment_progress_of(request.user)
    rows = [(row, certificates.get(row.enrolment.pk)) for row in courses]
    minutes = sum(row.progress.minutes for row in courses)
    context = {
        "rows": rows,
        "minutes": minutes,
        "participation": participation_of(request.user),
    }
    return render(request, "portfolio/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:claim-certificate", "course")
def claim(request: SignedInRequest, course: str) -> HttpResponse:
    """Asks which name should stand on the certificate, and issues it once."""
    enrolment_progress = enrolment_progress_or_404(request.user, course)
    enrolment = enrolment_progress.enrolment
    held = Certificate.objects.held_by(request.user).filter(enrolment=enrolment).first()
    if held:
        return redirect("courses:certificate", show_code(held.code))
    if request.method != "POST":
        return _render_claim(request, enrolment_progress, request.user.name)
    name = request.POST.get("name", "")[:200]
    try:
        issued = claim_certificate(enrolment_progress, name, timezone.now())
    except Refused as refusal:
        return _render_claim(request, enrolment_progress, name, str(refusal))
    return redirect("courses:certificate", show_code(issued.code))


def _render_claim(
    request: HttpRequest, enrolment_progress: EnrolmentProgress, name: str, error: str = ""
) -> HttpResponse:
    context = {
        "course": enrolment_progress.content,
        "enrolment_progress": enrolment_progress,
        "name": name,
        "error": error,
    }
    status = 400 if error else 200
    return render(request, "portfolio/claim.html", context, status=status)


def _own_certificate(request: SignedInRequest, code: str) -> Certificate:
    canonical = parse_code(code) or ""  # no certificate has an empty code
    held = Certificate.objects.held_by(request.user).filter(code=canonical).first()
    if not held:
        raise Http404
    return held


@require_safe
@signed_in()
def certificate(request: SignedInRequest, code: str) -> HttpResponse:
    held = _own_certificate(request, code)
    unsent = unsent_form(request, reverse("courses:keep-intention", args=[code]))
    return _render_certificate(request, held, unsent)


def _render_certificate(
    request: HttpRequest, held: Certificate, typed: QueryDict | None = None, error: str = ""
) -> HttpResponse:
    """The holder's page; `typed` is an intention that was sent and not saved, `error` why."""
    context = {
        "held": held,
        "facts": facts_shown(held),
        "code": show_code(held.code),
        "intention": typed.get("intention", "") if typed else held.enrolment.intention,
        "error": error,
        "is_restored": typed is not None and not error,
    }
    return render(request, "portfolio/certificate.html", context, status=400 if error else 200)


@require_POST
@signed_in("courses:certificate", "code")
def keep_intention(request: SignedInRequest, code: str) -> HttpResponse:
    """The one thing the holder means to do on Monday, for them alone."""
    held = _own_certificate(request, code)
    if "intention" not in request.POST:
        return _render_certificate(
            request, held, None, "This form is not complete. Nothing was changed; save again."
        )
    text = request.POST.get("intention", "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_INTENTION:
        error = (
            f"This has {len(text)} characters; up to {LONGEST_INTENTION} are kept. "
            "Shorten it, and save again."
        )
        return _render_certificate(request, held, request.POST, error)
    learning.keep_intention(held.enrolment, text)
    forget_unsent(request)
    messages.success(request, "Kept, for you alone." if text else "Taken out.")
    return redirect("courses:certificate", code)


@require_safe
@signed_in()
def certificate_file(request: SignedInRequest, code: str) -> HttpResponse:
    """The PDF, made from the stored facts: the same bytes each time.

    There is none of a revoked certificate: the paper would not say so.
    """
    held = _own_certificate(request, code)
    if held.revoked_at:
        messages.warning(
            request, "This certificate was withdrawn, so it cannot be printed any more."
        )
        return redirect("courses:certificate", show_code(held.code))
    pdf = certificate_pdf(facts_shown(held, with_logo=True))
    name = f"certificate-{show_code(held.code)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
