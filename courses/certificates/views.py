"""The learner's record, claiming a certificate, its page and PDF, and checking one as a stranger."""

from typing import Any

from django.conf import settings
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
from courses.certificates.pdf import CertificateFacts, certificate_pdf, read_facts
from courses.learning import actions as learning
from courses.learning.queries import enrolment_progress_of, enrolment_progress_or_404
from courses.web.access import SignedInRequest, signed_in
from courses.web.rate_limits import RateLimited, address_of, check, count
from courses.web.unsent_forms import forget_unsent, unsent_form

LONGEST_INTENTION = 500  # characters: one thing, in a few sentences
WRONG_CODES = "certificate-code-address"  # the limit of wrong codes from one address


@require_safe
@signed_in()
def record(request: SignedInRequest) -> HttpResponse:
    """Everything a learner has done: courses, minutes, certificates."""
    certificates = {c.enrolment_id: c for c in Certificate.objects.held_by(request.user)}
    rows = [
        (one, certificates.get(one.enrolment.pk)) for one in enrolment_progress_of(request.user)
    ]
    minutes = sum(one.progress.minutes for one, _ in rows)
    return render(request, "certificates/record.html", {"rows": rows, "minutes": minutes})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:claim-certificate", "course")
def claim(request: SignedInRequest, course: str) -> HttpResponse:
    """Asks which name should stand on the certificate, and issues it once."""
    standing = enrolment_progress_or_404(request.user, course)
    held = Certificate.objects.held_by(request.user).filter(enrolment=standing.enrolment).first()
    if held:
        return redirect("courses:certificate", show_code(held.code))
    context: dict[str, Any] = {
        "course": standing.content,
        "standing": standing,
        "name": request.user.name,
        "error": "",
    }
    if request.method == "POST":
        context["name"] = request.POST.get("name", "")[:200]
        try:
            made = actions.claim_certificate(standing, context["name"], timezone.now())
            return redirect("courses:certificate", show_code(made.code))
        except Refused as refusal:
            context["error"] = str(refusal)
    return render(
        request, "certificates/claim.html", context, status=400 if context["error"] else 200
    )


def _own_certificate(request: SignedInRequest, code: str) -> Certificate:
    found = Certificate.objects.held_by(request.user).filter(code=parse_code(code) or "").first()
    if not found:
        raise Http404
    return found


def _facts(held: Certificate) -> CertificateFacts:
    """What it says. The address a stranger opens is at the site as it was at issue: the paper says the same."""
    path = reverse("courses:verified", args=[show_code(held.code)])
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return read_facts(held.facts, code=held.code, verify_path=path, **site)


@require_safe
@signed_in()
def certificate(request: SignedInRequest, code: str) -> HttpResponse:
    held = _own_certificate(request, code)
    return _render_certificate(
        request, held, unsent_form(request, reverse("courses:keep-intention", args=[code]))
    )


def _render_certificate(
    request: HttpRequest, held: Certificate, typed: QueryDict | None = None, error: str = ""
) -> HttpResponse:
    """The holder's page; `typed` is an intention that came and was not kept, `error` why."""
    context = {
        "held": held,
        "facts": _facts(held),
        "code": show_code(held.code),
        "intention": typed.get("intention", "") if typed else held.enrolment.intention,
        "error": error,
        "is_restored": typed is not None and not error,
    }
    return render(request, "certificates/certificate.html", context, status=400 if error else 200)


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
        error = f"This has {len(text)} characters; up to {LONGEST_INTENTION} are kept. Shorten it, and save again."
        return _render_certificate(request, held, request.POST, error)
    learning.keep_intention(held.enrolment, text)
    forget_unsent(request)
    messages.success(request, "Kept, for you alone." if text else "Taken out.")
    return redirect("courses:certificate", code)


@require_safe
@signed_in()
def certificate_file(request: SignedInRequest, code: str) -> HttpResponse:
    """The PDF, made from the stored facts: the same bytes each time. There is none of a certificate that was revoked."""
    held = _own_certificate(request, code)
    if held.revoked_at:  # a fresh paper would say nothing of it
        messages.warning(
            request, "This certificate was withdrawn, so it cannot be printed any more."
        )
        return redirect("courses:certificate", show_code(held.code))
    pdf = certificate_pdf(_facts(held))
    headers = {
        "Content-Disposition": f'attachment; filename="certificate-{show_code(held.code)}.pdf"'
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; a code sent with it goes to that code's page."""
    if request.method == "POST":
        text = request.POST.get("code", "")[:80]
        code = parse_code(text)
        if code:
            return redirect("courses:verified", show_code(code))
        return _checked(request, None, text)
    return render(request, "certificates/verify.html", {})


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What a stranger needs to know of a certificate; an unknown code and a malformed one look the same."""
    known = parse_code(code[:80])
    return _checked(request, known, code[:80])


def _checked(request: HttpRequest, code: str | None, text: str) -> HttpResponse:
    address, now = address_of(request), timezone.now()
    try:
        check(WRONG_CODES, address, now)
        found = Certificate.objects.filter(code=code or "").first()
        if not found:
            count(WRONG_CODES, address, now)
    except RateLimited as refusal:
        limited = {"too_many": True, "wait": refusal.in_words}
        return render(request, "certificates/verify.html", limited, status=429)
    if not found:
        return render(
            request, "certificates/verify.html", {"unknown": True, "text": text}, status=404
        )
    context = {"found": found, "facts": _facts(found), "code": show_code(found.code)}
    response = render(request, "certificates/verified.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
