"""Signing in by e-mail: what allauth asks of this project. Forms and rules of passwords do not live here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from courses.people import limits
from courses.people.models import User
from courses.web.rate_limits import RateLimited, address_of

LINK_SENT = "account/messages/email_confirmation_sent.txt"
BY_MAIL = (
    "Very many wrong passwords were tried, so for up to an hour we ask for a code by e-mail "
    "instead of the password. Nothing is lost. Choose “Send me a sign-in code”."
)
BY_MAIL_SIGNED_IN = (
    "Very many wrong passwords were tried, so for up to an hour we do not take the password here. "
    "Nothing is lost. Sign out, then choose “Send me a sign-in code” or “Forgot your password?”."
)


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The signed-in person with what the navigation asks of them, in one query; None when deactivated."""
        user = User.objects.with_duties().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many wrong codes. Ask for a new one.",
        "incorrect_code": "This is not the newest code we sent. Check each letter.",
    }

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person with this password; None for a wrong one. Wrong ones are counted.

        Raises:
            ValidationError: the password was not looked at, or might as well not have been; the
                message says how long to wait or what else to do, the same for every address.
        """
        email = credentials.get("email", "")
        try:
            attempt = limits.begin_password(email, address_of(request), timezone.now())
        except RateLimited as refusal:
            raise forms.ValidationError(_slow_down(request, refusal)) from refusal
        if not attempt.may_check:
            User().set_password(credentials["password"])  # so that the answer takes as long
            raise forms.ValidationError(_by_mail(request))
        user = super().authenticate(request, **credentials)
        if user:
            limits.password_was_right(attempt)
        elif attempt.is_by_mail:  # else it would tell which accounts signed in from here
            raise forms.ValidationError(_by_mail(request))
        return user

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        limits.remember_here(user.email, address_of(request), timezone.now())
        return super().post_login(request, user, **more)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Called by allauth once a new password was chosen by mail."""
        limits.forget_wrong_passwords(credentials["email"], address_of(request))

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        if self._may_confirm(request, emailconfirmation.email_address.email):
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        # counted as the mail a new account gets, so that both look the same
        if self._may_confirm(self.request, email):
            super().send_account_already_exists_mail(email)

    def _may_confirm(self, request: HttpRequest, email: str) -> bool:
        """Whether a mail to confirm this address is sent now; where not, the page says why."""
        try:
            limits.count_mail("confirm", email, address_of(request), timezone.now())
        except limits.MailRefused as refusal:
            request.mail_refused = str(refusal)  # type: ignore[attr-defined]
            messages.warning(request, str(refusal))
            return False
        return True

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **more: Any,
    ) -> None:
        """Allauth's, but for the one that a link was sent, where none was."""
        if message_template == LINK_SENT and hasattr(request, "mail_refused"):
            return
        super().add_message(request, level, message_template, *args, **more)

    def set_password(self, user: User, password: str) -> None:
        """Also ends a change of address that waits: the mail about it says that a new password stops it."""
        super().set_password(user, password)
        waiting = EmailAddress.objects.filter(user=user, verified=False)
        waiting.exclude(email__iexact=user.email).delete()


def _slow_down(request: HttpRequest, refusal: RateLimited) -> str:
    wait = f"To keep guessers out, we wait for {refusal.in_words}."
    words = f"Too many wrong passwords. {wait} Nothing is lost."
    if request.user.is_authenticated:  # there is no such link on a page inside
        return words
    return f"{words} To go on at once, choose “Send me a sign-in code”."


def _by_mail(request: HttpRequest) -> str:
    return BY_MAIL_SIGNED_IN if request.user.is_authenticated else BY_MAIL
