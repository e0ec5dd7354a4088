"""Allauth's forms with our limits: a new password, a reset link, a mailed code. Signing up is in forms."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.utils import timezone

from courses.people import limits
from courses.web.rate_limits import RateLimited, address_of, give_back


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password counts as one that is typed to sign in."""

    def clean_oldpassword(self) -> str:
        old: str = self.cleaned_data["oldpassword"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, old):
            raise adapter.validation_error("enter_current_password")
        return old


class ResetPasswordForm(account.ResetPasswordForm):
    def clean_email(self) -> str:
        email: str = super().clean_email()
        _count_mail("reset", email)
        return email


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    def clean_email(self) -> str:
        email: str = super().clean_email()
        _count_mail("code", email)
        return email


def _count_mail(kind: str, email: str) -> None:
    """Raises ValidationError where no mail is sent now, in the same words for every address."""
    try:
        limits.count_mail(kind, email, address_of(context.request), timezone.now())
    except limits.MailRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    """The code that was mailed. Wrong ones are counted in rows: a session forgets under many at once."""

    def clean_code(self) -> str:
        try:
            hit = limits.begin_mailed_code(_process_of(context.request), timezone.now())
        except RateLimited as refusal:
            raise get_adapter().validation_error("too_many_login_attempts") from refusal
        code: str = super().clean_code()
        give_back([hit])
        return code


def _process_of(request: Any) -> str:
    """Which sign-in by code this is: a session may have several, one after another."""
    return f"{request.session.session_key} {request._login_stage.state['at']}"
