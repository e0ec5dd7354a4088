"""The index of what staff may look at. Answers, reflections and anything private are not here."""

from django.contrib import admin

from courses.models import AuditEvent, Certificate, Cohort, Course, Membership, Organisation, User


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "profession", "is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "profession", "is_active", "is_staff", "is_superuser")


admin.site.register(Organisation)
admin.site.register(Membership)
admin.site.register([AuditEvent, Certificate, Cohort, Course], ReadOnly)
