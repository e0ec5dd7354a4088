"""Signing in by e-mail: our authentication backend and allauth's adapter.

Forms are in `account_forms`, and how often what may be tried is in `sign_in_limits`.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.utils import build_absolute_uri
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from courses.people import sign_in_limits
from courses.people.mails import invitation_in, plain_name
from courses.people.models import User
from courses.people.sessions import user_with_navigation
from courses.web.mail.outbox import wrapped
from courses.web.rate_limits import RateLimited, address_of

LINK_SENT = "account/messages/email_confirmation_sent.txt"
LONGEST_NEXT = 500  # characters of a path that a link in a mail carries
BY_MAIL = (
    "Very many wrong passwords were tried, so for up to an hour we ask for a code by email "
    "instead of the password. Nothing is lost. Choose “Send me a sign-in code”."
)
BY_MAIL_SIGNED_IN = (
    "Very many wrong passwords were tried, so for up to an hour we do not take the password here. "
    "Nothing is lost. Sign out, then choose “Send me a sign-in code” or “Forgot your password?”."
)


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The user of the session with the navigation's flags, in one query; None: deactivated."""
        user = user_with_navigation(int(user_id))
        if user and self.user_can_authenticate(user):
            return user
        return None


class AccountAdapter(DefaultAccountAdapter):
    """Allauth asks this class how to authenticate, which mails to send and what to say."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many wrong codes. Ask for a new one.",
        "incorrect_code": "This is not the newest code we sent. Check each letter.",
    }

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Does nothing: our users have no user names."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user with this e-mail address and password; None: wrong. Wrong ones are counted.

        Raises:
            ValidationError: a rate limit is reached. The message says how long to wait or what to
                do instead, and is the same whether there is an account.
        """
        email = credentials.get("email", "")
        try:
            attempt = sign_in_limits.begin_password(email, address_of(request), timezone.now())
        except RateLimited as refusal:
            raise forms.ValidationError(_slow_down_message(request, refusal)) from refusal
        if not attempt.may_check:
            # Hashing takes time: without it the answer would come sooner than to a checked one.
            User().set_password(credentials["password"])
            raise forms.ValidationError(_by_mail_message(request))
        user = super().authenticate(request, **credentials)
        if user:
            sign_in_limits.password_was_right(attempt)
        elif attempt.is_by_mail:
            # Another answer would tell which accounts signed in from this address before.
            raise forms.ValidationError(_by_mail_message(request))
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        sign_in_limits.remember_here(user.email, address_of(request), timezone.now())
        request.session.set_expiry(0)  # it ends with the browser, however one signed in
        return super().post_login(request, user, **kwargs)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Allauth calls this after a new password was chosen by mail."""
        sign_in_limits.forget_wrong_passwords(credentials["email"], address_of(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Adds whose mail it is, and the invitation that the person came with.

        `user` in a template may be who is signed in.
        """
        facts = {
            "person": plain_name(context.get("user")),
            "reset_minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
            "invitation": invitation_in(local_next(self.request)),
        }
        super().send_mail(template_prefix, email, facts | context)

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        message: EmailMessage = super().render_mail(*args, **kwargs)
        message.body = wrapped(str(message.body))
        return message

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(
            template_prefix, user, {"user": user, **(context or {})}, email
        )

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        if self._may_confirm(request, emailconfirmation.email_address.email):
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link, with where the person was going: it may be opened on another device."""
        url: str = super().get_email_confirmation_url(request, emailconfirmation)
        destination = local_next(request)
        return f"{url}?{urlencode({'next': destination})}" if destination else url

    def send_account_already_exists_mail(self, email: str) -> None:
        # Counted like the mail to a new account, so that nobody can tell the two apart.
        if not self._may_confirm(self.request, email):
            return
        destination = local_next(self.request)
        query = f"?{urlencode({'next': destination})}" if destination else ""
        sign_in, reset = reverse("account_login") + query, reverse("account_reset_password")
        context = {
            "sign_in_url": build_absolute_uri(self.request, sign_in),
            "password_reset_url": build_absolute_uri(self.request, reset),
        }
        self.send_mail("account/email/account_already_exists", email, context)

    def _may_confirm(self, request: HttpRequest, email: str) -> bool:
        """Counts a mail to confirm this address; False: over the limit, and a message says so."""
        try:
            sign_in_limits.count_mail("confirm", email, address_of(request), timezone.now())
        except sign_in_limits.MailRefused as refusal:
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
        **kwargs: Any,
    ) -> None:
        """Leaves out allauth's message "We sent a link" where the link was not sent."""
        if message_template == LINK_SENT and hasattr(request, "mail_refused"):
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def set_password(self, user: User, password: str) -> None:
        """Also cancels a change of e-mail address that is not confirmed yet.

        The mail about such a change promises this (account/email/email_change_asked_message.txt).
        """
        super().set_password(user, password)
        unconfirmed = EmailAddress.objects.filter(user=user, verified=False)
        unconfirmed.exclude(email__iexact=user.email).delete()


def local_next(request: HttpRequest) -> str:
    """The path on this site that the request's `next` asks to go to afterwards; "" without one."""
    destination = request.POST.get("next") or request.GET.get("next") or ""
    is_path = destination.startswith("/") and len(destination) <= LONGEST_NEXT
    is_here = url_has_allowed_host_and_scheme(destination, allowed_hosts=None)
    return destination if is_path and is_here else ""


def _slow_down_message(request: HttpRequest, refusal: RateLimited) -> str:
    wait = f"To keep guessers out, we wait for {refusal.in_words}."
    message = f"Too many wrong passwords. {wait} Nothing is lost."
    if request.user.is_authenticated:  # their page has no link to a sign-in code
        return message
    return f"{message} To go on at once, choose “Send me a sign-in code”."


def _by_mail_message(request: HttpRequest) -> str:
    return BY_MAIL_SIGNED_IN if request.user.is_authenticated else BY_MAIL
