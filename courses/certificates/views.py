"""Checking a certificate as a stranger. Its holder's own pages are in `portfolio`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from courses.certificates.codes import parse_code, show_code
from courses.certificates.models import Certificate
from courses.certificates.queries import facts_shown
from courses.web.rate_limits import RateLimited, address_of, check, count

LONGEST_CODE = 80  # characters of a typed code that are looked at
WRONG_CODES = "certificate-code-address"  # the limit of wrong codes from one address


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; a code sent with it goes to that code's page."""
    if request.method != "POST":
        return render(request, "certificates/verify.html", {})
    typed = request.POST.get("code", "")[:LONGEST_CODE]
    code = parse_code(typed)
    if not code:
        return _render_checked(request, None, typed)
    return redirect("courses:verified", show_code(code))


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What a stranger needs to know of a certificate.

    An unknown code and a malformed one look the same.
    """
    typed = code[:LONGEST_CODE]
    return _render_checked(request, parse_code(typed), typed)


def _render_checked(request: HttpRequest, code: str | None, typed: str) -> HttpResponse:
    """What the certificate of a canonical code says; `code` None: what was typed is none."""
    address, now = address_of(request), timezone.now()
    try:
        # Only wrong codes count towards the limit: the others are no guesses.
        check(WRONG_CODES, address, now)
        certificate = Certificate.objects.filter(code=code or "").first()
        if not certificate:
            count(WRONG_CODES, address, now)
    except RateLimited as refusal:
        context = {"too_many": True, "wait": refusal.in_words}
        return render(request, "certificates/verify.html", context, status=429)
    if not certificate:
        context = {"unknown": True, "text": typed}
        return render(request, "certificates/verify.html", context, status=404)
    context = {
        "certificate": certificate,
        "facts": facts_shown(certificate),
        "code": show_code(certificate.code),
    }
    response = render(request, "certificates/verified.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
