"""The index of what staff may look at. Answers, reflections and anything private are not here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from courses.models import (
    AuditEvent,
    Certificate,
    Cohort,
    Course,
    Membership,
    Organisation,
    OutgoingMail,
    SignOff,
    User,
)
from courses.people.actions import let_review


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "profession", "is_active", "is_staff", "is_reviewer")
    list_filter = ("is_reviewer",)
    search_fields = ("email", "name")
    fields = ("email", "name", "profession", "is_active", "is_staff", "is_superuser", "is_reviewer")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody lets themselves sign lessons off."""
        return ("is_reviewer",) if obj is not None and obj.pk == request.user.pk else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "is_reviewer" in form.changed_data and request.user.is_authenticated:
            let_review(request.user, obj, obj.is_reviewer, timezone.now())


@admin.register(SignOff)
class SignOffAdmin(ReadOnly):
    list_display = ("edition", "lesson_key", "said", "name", "role", "body", "registration", "reviewer", "at")
    list_filter = ("said", "edition__course")
    search_fields = ("lesson_key", "name", "reviewer__email")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    list_display = ("created_at", "to", "subject", "attempts", "next_attempt_at", "sent_at", "failed_at", "last_error")
    list_filter = ("sent_at", "failed_at")
    search_fields = ("to",)
    exclude = ("body", "html")  # one-time links and codes


admin.site.register(Organisation)
admin.site.register(Membership)
admin.site.register([AuditEvent, Certificate, Cohort, Course], ReadOnly)
