"""The index of what staff may look at. Answers, reflections and anything private are not here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

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
from courses.people.actions import confirm_organisation, set_review_right
from courses.people.permissions import Refused


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
        """Nobody changes what they themselves may do; and only a superuser makes others staff, who could do it back."""
        if obj is not None and obj.pk == request.user.pk:
            return ("is_active", "is_staff", "is_superuser", "is_reviewer")
        return () if request.user.is_superuser else ("is_staff", "is_superuser")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_oneself = obj is not None and obj.pk == request.user.pk
        return super().has_delete_permission(request, obj) and not is_oneself

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "is_reviewer" in form.changed_data and request.user.is_authenticated:
            set_review_right(request.user, obj, obj.is_reviewer, timezone.now())


@admin.register(SignOff)
class SignOffAdmin(ReadOnly):
    list_display = (
        "edition",
        "lesson_key",
        "said",
        "name",
        "role",
        "body",
        "registration",
        "reviewer",
        "at",
    )
    list_filter = ("said", "edition__course")
    search_fields = ("lesson_key", "name", "reviewer__email")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    list_display = (
        "created_at",
        "to",
        "subject",
        "attempts",
        "next_attempt_at",
        "sent_at",
        "failed_at",
        "last_error",
    )
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
    def revoke(
        self, request: HttpRequest, chosen: QuerySet[Certificate]
    ) -> TemplateResponse | None:
        """Asks for the reason first. Each certificate is withdrawn or refused by itself."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "chosen": chosen,
                "form": form,
                "opts": self.opts,
            }
            return TemplateResponse(request, "certificates/revoke.html", context)
        assert request.user.is_authenticated
        for certificate in chosen.select_related("user"):
            try:
                revoke_certificate(
                    request.user, certificate, form.cleaned_data["reason"], timezone.now()
                )
                messages.success(request, f"{certificate.code} is withdrawn.")
            except Refused as refusal:
                messages.error(request, f"{certificate.code}: {refusal}")
        return None


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations, and their confirmation: a page of its own, so that it is never a tick in passing."""

    list_display = ("name", "slug", "is_confirmed", "confirmed_at", "confirmed_by")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "confirmed_at", "confirmed_by")
    readonly_fields = ("confirmed_at", "confirmed_by")
    actions = ("confirm",)
    change_form_template = "admin/organisation_change.html"

    @admin.display(boolean=True, description="confirmed", ordering="confirmed_at")
    def is_confirmed(self, organisation: Organisation) -> bool:
        return organisation.is_confirmed

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        """Nobody renames an organisation they are in: a confirmed name would be theirs to choose."""
        return super().has_change_permission(request, obj) and not (
            obj and _is_in(request.user, obj)
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.confirm_one)
        own = path("<int:object_id>/confirm/", view, name="courses_organisation_confirm")
        return [own, *super().get_urls()]

    def confirm_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        organisation = get_object_or_404(Organisation, pk=object_id)
        return self._confirm(request, [organisation], is_sure=request.method == "POST")

    @admin.action(description="Confirm the selected organisations", permissions=["change"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Organisation]) -> HttpResponse:
        return self._confirm(request, list(rows), is_sure=request.POST.get("confirm") == "yes")

    def _confirm(
        self, request: HttpRequest, rows: list[Organisation], is_sure: bool
    ) -> HttpResponse:
        """The page that asks, with who is in each; or what came of it."""
        if not super().has_change_permission(request):
            raise PermissionDenied
        if not is_sure:
            duties = (
                Membership.objects.current()
                .exclude(role="learner")
                .select_related("user")
                .order_by("pk")
            )
            people = [
                (one, duties.filter(organisation=one), _is_in(request.user, one)) for one in rows
            ]
            context = {
                **self.admin_site.each_context(request),
                "title": "Confirm organisations",
                "rows": people,
            }
            return render(request, "admin/organisation_confirm.html", context)
        for organisation in rows:
            self._confirm_and_say(request, organisation)
        return redirect(reverse("admin:courses_organisation_changelist"))

    def _confirm_and_say(self, request: HttpRequest, organisation: Organisation) -> None:
        assert request.user.is_authenticated
        try:
            if confirm_organisation(request.user, organisation, timezone.now()):
                messages.success(request, f"{organisation.name} is confirmed.")
            else:
                messages.info(request, f"{organisation.name} was confirmed already.")
        except Refused as refusal:
            messages.error(request, f"{organisation.name}: {refusal}")


def _is_in(user: Any, organisation: Organisation) -> bool:
    """Whether this person is a member of the organisation now, in any role."""
    return Membership.objects.current().filter(user=user, organisation=organisation).exists()


class MembershipForm(forms.ModelForm):
    actor: User  # who fills it in, set by the admin

    class Meta:
        model = Membership
        fields = ("user", "organisation", "role", "started_at", "ended_at")

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if user.pk == self.actor.pk:
            raise ValidationError(
                "Nobody gives themselves a membership. Ask another administrator."
            )
        return user


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who is where; one's own are there to read only."""

    form = MembershipForm
    list_display = ("user", "organisation", "role", "started_at", "ended_at", "given_by")
    list_filter = ("role",)
    search_fields = ("user__email", "user__name", "organisation__slug")

    def get_form(
        self,
        request: HttpRequest,
        obj: Membership | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.user})

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_own(request, obj)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Who gives a right is kept; under `COHORTS_STARTED_BY=invited` it is what lets its holder start cohorts."""
        assert request.user.is_authenticated
        obj.given_by = request.user
        super().save_model(request, obj, form, change)
        details = {
            "organisation": obj.organisation.slug,
            "role": obj.role,
            "is_current": obj.ended_at is None,
        }
        event = {
            "actor": request.user,
            "subject": obj.user,
            "action": "give_membership",
            "details": details,
        }
        AuditEvent.objects.create(**event, at=timezone.now())


def _is_own(request: HttpRequest, membership: Membership | None) -> bool:
    return membership is not None and membership.user_id == request.user.pk


admin.site.register([AuditEvent, Cohort, Course], ReadOnly)
