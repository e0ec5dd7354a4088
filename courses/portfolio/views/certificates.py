"""The learner's record, and a certificate as its holder has it: shown, printed, its name corrected.

Issuing and revoking are in `certificates`, and so is the page where a stranger checks a code.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.assessment.actions import Refused
from courses.certificates import actions
from courses.certificates.codes import parse_code, show_code
from courses.certificates.models import Certificate
from courses.certificates.pdf import certificate_pdf
from courses.certificates.queries import facts_shown, held_certificates_of
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
    held = held_certificates_of(request.user)
    courses = enrolment_progress_of(request.user)
    rows = [(row, held.current.get(row.enrolment.pk)) for row in courses]
    minutes = sum(row.progress.minutes for row in courses)
    context = {
        "rows": rows,
        "minutes": minutes,
        "participation": participation_of(request.user),
        "earlier": held.earlier,
    }
    return render(request, "portfolio/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:claim-certificate", "course")
def claim(request: SignedInRequest, course: str) -> HttpResponse:
    """The way to the certificate of a course, which its completion issued.

    Where it issued none, it asks which name should stand on one, and issues it once.
    """
    enrolment_progress = enrolment_progress_or_404(request.user, course)
    enrolment = enrolment_progress.enrolment
    certificates = Certificate.objects.held_by(request.user).current()
    held = certificates.filter(enrolment=enrolment).first()
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
        "newer": _newer(held),
        "facts": facts_shown(held),
        "code": show_code(held.code),
        "intention": typed.get("intention", "") if typed else held.enrolment.intention,
        "error": error,
        "is_restored": typed is not None and not error,
    }
    return render(request, "portfolio/certificate.html", context, status=400 if error else 200)


def _newer(held: Certificate) -> str:
    """The code, as people see it, of the certificate that counts in place of this; "": this one."""
    if not held.superseded_at:
        return ""
    others = Certificate.objects.held_by(held.user_id).current()
    return show_code(others.get(enrolment=held.enrolment_id).code)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:correct-name", "code")
def correct_name(request: SignedInRequest, code: str) -> HttpResponse:
    """Asks for the name as it should be, and replaces the certificate by one that has it."""
    held = _own_certificate(request, code)
    if held.state != "valid":
        # A second press too: the page of the earlier one leads to the one that counts.
        return redirect("courses:certificate", _newer(held) or show_code(held.code))
    if request.method != "POST":
        return _render_correct_name(request, held, str(held.facts.get("name", "")))
    name = request.POST.get("name", "")[:200]
    try:
        newer = actions.correct_name(held, name, timezone.now())
    except actions.NotCurrent as refusal:
        messages.warning(request, str(refusal))
        return redirect("courses:certificate", show_code(held.code))
    except Refused as refusal:
        return _render_correct_name(request, held, name, str(refusal))
    if newer.pk != held.pk:
        messages.success(request, "This is your new certificate. The earlier one was replaced.")
    return redirect("courses:certificate", show_code(newer.code))


def _render_correct_name(
    request: HttpRequest, held: Certificate, name: str, error: str = ""
) -> HttpResponse:
    context = {
        "held": held,
        "facts": facts_shown(held),
        "code": show_code(held.code),
        "name": name,
        "error": error,
    }
    status = 400 if error else 200
    return render(request, "portfolio/correct_name.html", context, status=status)


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

    There is none of one that was revoked or replaced: the paper would not say so.
    """
    held = _own_certificate(request, code)
    if held.state != "valid":
        messages.warning(
            request, f"This certificate was {held.state}, so it cannot be printed any more."
        )
        return redirect("courses:certificate", show_code(held.code))
    pdf = certificate_pdf(facts_shown(held, with_logo=True))
    name = f"certificate-{show_code(held.code)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
