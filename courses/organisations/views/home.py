"""An organisation's first page, and the list of them for who leads in several."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.organisations import logo_actions, people_actions
from courses.organisations.forms import LogoForm, MailDomainsForm
from courses.organisations.menu import menu_of, roles_in
from courses.organisations.queries import logo_of, numbers_of
from courses.people.models import Organisation
from courses.people.permissions import ChangedMeanwhile
from courses.web.access import SignedInRequest, signed_in
from courses.web.shared_forms import COMPARE


@require_safe
@signed_in()
def organisations(request: SignedInRequest) -> HttpResponse:
    """The organisations that one leads in; who leads in one alone goes straight to it."""
    run = list(Organisation.objects.run_by(request.user))
    if not run:
        return redirect("courses:own-organisations")
    if len(run) == 1:
        return redirect("courses:organisation", run[0].slug)
    return render(request, "organisations/organisations.html", {"organisations": run})


@require_safe
@signed_in()
def organisation(request: SignedInRequest, organisation: str) -> HttpResponse:
    """An organisation for its trainers and managers: what it is, in numbers, and its pages."""
    row = get_object_or_404(Organisation.objects.run_by(request.user), slug=organisation)
    return _render(request, row)


def _render(
    request: SignedInRequest,
    organisation: Organisation,
    logo_form: LogoForm | None = None,
    domains_form: MailDomainsForm | None = None,
) -> HttpResponse:
    """The first page; with a form that was refused, that form as it was filled in."""
    is_refused = logo_form or domains_form
    context = {
        "organisation": organisation,
        "menu": menu_of(request.user, organisation),
        "numbers": numbers_of(organisation),
        "is_manager": "manager" in roles_in(request.user, organisation),
        "logo": logo_of(organisation),
        "logo_form": logo_form or LogoForm(),
        "domains_form": domains_form or MailDomainsForm(None, organisation),
        "refused": is_refused,
    }
    status = 400 if is_refused else 200
    return render(request, "organisations/organisation.html", context, status=status)


def _managed_or_404(request: SignedInRequest, organisation: str) -> Organisation:
    return get_object_or_404(Organisation.objects.managed_by(request.user), slug=organisation)


@require_POST
@signed_in("courses:organisation", "organisation")
def set_logo(request: SignedInRequest, organisation: str) -> HttpResponse:
    row = _managed_or_404(request, organisation)
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, row, logo_form=form)
    logo_actions.set_logo(request.user, row, form.cleaned_data["picture"], timezone.now())
    messages.success(request, "The logo is set.")
    return redirect("courses:organisation", organisation)


@require_POST
@signed_in("courses:organisation", "organisation")
def remove_logo(request: SignedInRequest, organisation: str) -> HttpResponse:
    row = _managed_or_404(request, organisation)
    if logo_actions.remove_logo(request.user, row, timezone.now()):
        messages.success(request, "The logo is removed. Certificates that have it keep it.")
    return redirect("courses:organisation", organisation)


@require_POST
@signed_in("courses:organisation", "organisation")
def set_mail_domains(request: SignedInRequest, organisation: str) -> HttpResponse:
    row = _managed_or_404(request, organisation)
    form = MailDomainsForm(request.POST, row)
    if not form.is_valid():
        return _render(request, row, domains_form=form)
    wanted = (form.cleaned_data["mail_domains"], form.stamp)
    try:
        is_changed = people_actions.set_mail_domains(request.user, row, *wanted, timezone.now())
    except ChangedMeanwhile as refusal:
        row = _managed_or_404(request, organisation)
        form.refuse(f"{refusal} {COMPARE}", MailDomainsForm(None, row))
        return _render(request, row, domains_form=form)
    if is_changed:
        messages.success(request, "Saved. It counts for everybody who joins from now on.")
    return redirect("courses:organisation", organisation)
