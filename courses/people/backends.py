"""Signing in by e-mail: what allauth asks of this project. Forms and rules of passwords do not live here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from courses.people.models import User


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The signed-in person with what the navigation asks of them, in one query; None when deactivated."""
        user = User.objects.with_duties().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names."""

    def set_password(self, user: User, password: str) -> None:
        """Also ends a change of address that waits: the mail about it says that a new password stops it."""
        super().set_password(user, password)
        waiting = EmailAddress.objects.filter(user=user, verified=False)
        waiting.exclude(email__iexact=user.email).delete()
