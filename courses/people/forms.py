"""Forms about people: signing up, starting a cohort, joining one, one's own details. What they do lives in actions."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.forms import SignupForm as AccountSignupForm
from django import forms
from django.utils import timezone

from courses.library.models import Course
from courses.people.limits import count_sign_up
from courses.people.models import JOIN_ALPHABET, Cohort, Organisation, User
from courses.web.rate_limits import address_of


class SignupForm(AccountSignupForm):
    """Allauth's form (e-mail, password) with a name and a professional role."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As colleagues know you. You choose the name on a certificate later.",
    )
    profession = forms.ChoiceField(
        label="Your professional role", choices=[("", "Choose one"), *User.Profession.choices]
    )
    field_order = ("name", "email", "profession", "password1")

    def try_save(self, request: Any) -> Any:
        """As allauth does; for a known address it hashes a password too, so that the answer takes as long.

        Raises:
            RateLimited: very many accounts were made from this address.
        """
        count_sign_up(address_of(request), timezone.now())
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def custom_signup(self, request: Any, user: User) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.profession = self.cleaned_data["profession"]
        user.save(update_fields=["name", "profession"])


class ChangeEmailForm(AddEmailForm):
    """Another e-mail address. It is used once it is confirmed; the one in use hears of it before that."""

    def save(self, request: Any) -> Any:
        context = {"from_email": self.user.email, "to_email": self.cleaned_data["email"]}
        adapter = get_adapter(request)
        adapter.send_notification_mail(
            "account/email/email_change_asked", self.user, context, email=self.user.email
        )
        return super().save(request)


class DetailsForm(forms.ModelForm):
    """One's own name and role."""

    class Meta:
        model = User
        fields = ("name", "profession")
        help_texts = {
            "name": "As colleagues know you. Certificates already issued keep the name they have."
        }


class DueForm(forms.Form):
    due_on = forms.DateField(
        label="Due date (optional)",
        required=False,
        help_text="Learners have until the end of this day. Leave it empty for no date.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(
                "This day has passed. Choose today or a later day, or leave it empty."
            )
        return due


class CohortForm(DueForm):
    """A new cohort. A trainer of no organisation names one; a trainer of several chooses."""

    organisation_name = forms.CharField(
        label="Organisation",
        max_length=120,
        help_text="The service or trust your learners work for.",
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", empty_label=None
    )
    name = forms.CharField(
        label="Name of the cohort", max_length=80, help_text="Learners see it when they join."
    )
    course = forms.ModelChoiceField(
        Course.objects.none(), label="Course", empty_label=None, to_field_name="key"
    )
    field_order = ("organisation_name", "organisation", "name", "course", "due_on")

    def __init__(self, *args: Any, trainer: User, titles: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.startable_by(trainer)
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        field: Any = self.fields["course"]
        field.queryset = Course.objects.published()
        field.label_from_instance = lambda course: titles.get(course.key, course.key)
        # A page from before the organisation was made still names it: `start_own_cohort` finds it by that name.
        is_old_page = (
            self.is_bound
            and "organisation" not in self.data
            and bool(self.data.get("organisation_name"))
        )
        del self.fields["organisation_name" if own and not is_old_page else "organisation"]


class JoinForm(forms.Form):
    code = forms.CharField(
        label="Join code", max_length=40, help_text="Ten letters and digits from your trainer."
    )

    def clean_code(self) -> Cohort:
        """The cohort with this code, forgiving of case, spaces and hyphens."""
        code = "".join(c for c in self.cleaned_data["code"].upper() if c in JOIN_ALPHABET)
        cohort = Cohort.objects.select_related("organisation").filter(join_code=code).first()
        if not cohort:
            raise forms.ValidationError(
                "No cohort has this code. Check each letter, or ask your trainer for a new link."
            )
        return cohort
