"""Allauth's forms for passwords and codes, with our rate limits. The sign-up form is in `forms`."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.utils import timezone

from courses.people import sign_in_limits
from courses.people.form_errors import say_what_is_missing
from courses.web.rate_limits import RateLimited, address_of, give_back

CONFIRMED_EMAIL = "confirmed_email"  # session key: the address that was confirmed in this browser


class SignInForm(account.LoginForm):
    """Allauth's form without a link between its fields: Tab leads from the address to the password.

    The link for a forgotten password stands below the button (templates/account/login.html).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        self.fields["password"].help_text = ""
        if self.request:
            self.fields["login"].initial = self.request.session.get(CONFIRMED_EMAIL)
        say_what_is_missing(self)


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_what_is_missing(self)

    def clean_oldpassword(self) -> str:
        """Checks the old password by `AccountAdapter.authenticate`, which counts wrong ones."""
        old_password: str = self.cleaned_data["oldpassword"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, old_password):
            raise adapter.validation_error("enter_current_password")
        return old_password


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_what_is_missing(self)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        _count_mail("reset", email)
        return email


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_what_is_missing(self)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        _count_mail("code", email)
        return email


def _count_mail(kind: str, email: str) -> None:
    """Raises ValidationError over the limit, in the same words whether there is an account."""
    try:
        sign_in_limits.count_mail(kind, email, address_of(context.request), timezone.now())
    except sign_in_limits.MailRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    def clean_code(self) -> str:
        """Checks the code from the mail.

        Wrong codes are counted in the database, since allauth counts them in the session: of many
        requests at once, each would write the same number there.
        """
        process = _sign_in_process(context.request)
        try:
            hit = sign_in_limits.begin_mailed_code(process, timezone.now())
        except RateLimited as refusal:
            raise get_adapter().validation_error("too_many_login_attempts") from refusal
        code: str = super().clean_code()
        give_back([hit])
        return code


def _sign_in_process(request: Any) -> str:
    """Identifies one sign-in by code: a session may have several, one after another."""
    started_at = request._login_stage.state["at"]
    return f"{request.session.session_key} {started_at}"
