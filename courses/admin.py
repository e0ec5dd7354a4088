"""What staff may see and change. Answers, reflections and other private data are not here."""

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
from courses.learning.retiring import offer_course_again, retire_course, still_learning
from courses.models import (
    AuditEvent,
    AuditSeal,
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
    """An admin in which rows can be looked at and not added, changed or deleted."""

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
        """Nobody changes their own rights, and only superusers decide who is staff.

        Else two members of staff could make each other superusers.
        """
        if obj is not None and obj.pk == request.user.pk:
            return ("is_active", "is_staff", "is_superuser", "is_reviewer")
        if request.user.is_superuser:
            return ()
        return ("is_staff", "is_superuser")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.pk == request.user.pk:
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Again by the action, which checks the right to do so and writes the audit event.
        if "is_reviewer" in form.changed_data and request.user.is_authenticated:
            set_review_right(request.user, obj, obj.is_reviewer, timezone.now())


@admin.register(SignOff)
class SignOffAdmin(ReadOnly):
    list_display = (
        "edition",
        "lesson_key",
        "decision",
        "name",
        "role",
        "body",
        "registration",
        "reviewer",
        "at",
    )
    list_filter = ("decision", "edition__course")
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
        """Staff who may see certificates here may withdraw one; the action checks the rest."""
        return self.has_view_permission(request)

    @admin.action(description="Withdraw these certificates", permissions=["revoke"])
    def revoke(
        self, request: HttpRequest, chosen: QuerySet[Certificate]
    ) -> TemplateResponse | None:
        """Asks for the reason first. Each certificate is withdrawn or refused by itself."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = self.admin_site.each_context(request)
            context |= {"chosen": chosen, "form": form, "opts": self.opts}
            return TemplateResponse(request, "certificates/revoke.html", context)
        assert request.user.is_authenticated
        reason = form.cleaned_data["reason"]
        for certificate in chosen.select_related("user"):
            try:
                revoke_certificate(request.user, certificate, reason, timezone.now())
                messages.success(request, f"{certificate.code} is withdrawn.")
            except Refused as refusal:
                messages.error(request, f"{certificate.code}: {refusal}")
        return None


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations. Confirming one is a page of its own, so that nobody ticks a box in passing."""

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
        """Nobody renames an organisation they are in: else they choose a confirmed name."""
        if obj and _is_member(request.user, obj):
            return False
        return super().has_change_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.confirm_page)
        confirm = path("<int:object_id>/confirm/", view, name="courses_organisation_confirm")
        return [confirm, *super().get_urls()]

    def confirm_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        organisation = get_object_or_404(Organisation, pk=object_id)
        return self._confirm(request, [organisation], is_sure=request.method == "POST")

    @admin.action(description="Confirm the selected organisations", permissions=["change"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Organisation]) -> HttpResponse:
        # The page that asks posts the same action again with this field.
        is_sure = request.POST.get("confirm") == "yes"
        return self._confirm(request, list(rows), is_sure)

    def _confirm(
        self, request: HttpRequest, rows: list[Organisation], is_sure: bool
    ) -> HttpResponse:
        """Confirms these organisations; until `is_sure`, shows the page that asks."""
        if not super().has_change_permission(request):
            raise PermissionDenied
        if not is_sure:
            return self._confirmation_page(request, rows)
        for organisation in rows:
            self._confirm_with_message(request, organisation)
        return redirect(reverse("admin:courses_organisation_changelist"))

    def _confirmation_page(self, request: HttpRequest, rows: list[Organisation]) -> HttpResponse:
        """Each organisation with its trainers and managers, and whether the user is in it."""
        leading = Membership.objects.current().exclude(role="learner")
        leading = leading.select_related("user").order_by("pk")
        rows_with_people = []
        for organisation in rows:
            people = leading.filter(organisation=organisation)
            is_member = _is_member(request.user, organisation)
            rows_with_people.append((organisation, people, is_member))
        context = self.admin_site.each_context(request)
        context |= {"title": "Confirm organisations", "rows": rows_with_people}
        return render(request, "admin/organisation_confirm.html", context)

    def _confirm_with_message(self, request: HttpRequest, organisation: Organisation) -> None:
        assert request.user.is_authenticated
        try:
            if confirm_organisation(request.user, organisation, timezone.now()):
                messages.success(request, f"{organisation.name} is confirmed.")
            else:
                messages.info(request, f"{organisation.name} was confirmed already.")
        except Refused as refusal:
            messages.error(request, f"{organisation.name}: {refusal}")


def _is_member(user: Any, organisation: Organisation) -> bool:
    """Whether this person is a member of the organisation now, in any role."""
    memberships = Membership.objects.current().filter(user=user, organisation=organisation)
    return memberships.exists()


class MembershipForm(forms.ModelForm):
    actor: User  # the member of staff who fills it in: see MembershipAdmin.get_form

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
    """Memberships of organisations. Staff can read their own and not change them."""

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
        # Django's admin creates the form class for each request and passes no user to it.
        return type(form.__name__, (form,), {"actor": request.user})

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        if _is_own(request, obj):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        if _is_own(request, obj):
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Stores who gave the membership, and an audit event.

        With `COHORTS_STARTED_BY=invited`, only a membership given here lets its holder start
        cohorts.
        """
        assert request.user.is_authenticated
        obj.given_by = request.user
        super().save_model(request, obj, form, change)
        details = {
            "organisation": obj.organisation.slug,
            "role": obj.role,
            "is_current": obj.ended_at is None,
        }
        AuditEvent.objects.create(
            actor=request.user,
            subject=obj.user,
            action="give_membership",
            details=details,
            at=timezone.now(),
        )


def _is_own(request: HttpRequest, membership: Membership | None) -> bool:
    return membership is not None and membership.user_id == request.user.pk


@admin.register(Course)
class CourseAdmin(ReadOnly):
    """Courses. Retiring one is a page of its own that says first whom it touches."""

    list_display = ("key", "position", "edition", "retired_at", "retired_by")
    list_select_related = ("edition__course", "retired_by")
    fields = ("key", "position", "edition", "retired_at", "retired_by")
    change_form_template = "admin/course_change.html"

    def has_retire_permission(self, request: HttpRequest) -> bool:
        """Staff who may change courses; the action checks the rest."""
        return request.user.has_perm("courses.change_course")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.retire_page)
        retire = path("<int:object_id>/retire/", view, name="courses_course_retire")
        return [retire, *super().get_urls()]

    def retire_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Retires a course, or offers it again; a GET shows whom that touches."""
        if not self.has_retire_permission(request):
            raise PermissionDenied
        course = get_object_or_404(Course, pk=object_id)
        if request.method == "POST":
            self._retire(request, course)
            return redirect(reverse("admin:courses_course_changelist"))
        context = self.admin_site.each_context(request)
        title = f"Offer {course.key} again" if course.retired_at else f"Retire {course.key}"
        context |= {"title": title, "course": course, "still": still_learning(course)}
        return render(request, "admin/course_retire.html", context)

    def _retire(self, request: HttpRequest, course: Course) -> None:
        assert request.user.is_authenticated
        choice = request.POST.get("choice")
        try:
            if choice == "retire" and retire_course(request.user, course, timezone.now()):
                messages.success(request, f"{course.key} is retired. Its reminders have stopped.")
            elif choice == "offer" and offer_course_again(request.user, course, timezone.now()):
                messages.success(request, f"{course.key} is offered again.")
            else:
                messages.info(request, f"Nothing was changed for {course.key}.")
        except Refused as refusal:
            messages.error(request, str(refusal))


admin.site.register([AuditEvent, AuditSeal, Cohort], ReadOnly)
