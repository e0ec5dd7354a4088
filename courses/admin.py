"""The index of what staff may look at. Answers, reflections and anything private are not here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from courses.assessment.actions import Refused
from courses.assessment.forms import ReasonForm
from courses.certificates.actions import revoke_certificate
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


@admin.register(Certificate)
class CertificateAdmin(ReadOnly):
    list_display = ("code", "user", "issued_at", "revoked_at", "revoked_by")
    list_select_related = ("user", "revoked_by")
    search_fields = ("code", "user__email", "user__name")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Who may look at certificates here may withdraw one; the action refuses what nobody may."""
        return self.has_view_permission(request)

    @admin.action(description="Withdraw these certificates", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Certificate]) -> TemplateResponse | None:
        """Asks for the reason first. Each certificate is withdrawn or refused by itself."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {**self.admin_site.each_context(request), "chosen": chosen, "form": form, "opts": self.opts}
            return TemplateResponse(request, "certificates/revoke.html", context)
        assert request.user.is_authenticated
        for certificate in chosen.select_related("user"):
            try:
                revoke_certificate(request.user, certificate, form.cleaned_data["reason"], timezone.now())
                messages.success(request, f"{certificate.code} is withdrawn.")
            except Refused as refusal:
                messages.error(request, f"{certificate.code}: {refusal}")
        return None


admin.site.register(Organisation)
admin.site.register(Membership)
admin.site.register([AuditEvent, Cohort, Course], ReadOnly)
