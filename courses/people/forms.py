"""Forms to sign up, to change your details, and to start or join a cohort."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.forms import SignupForm as AccountSignupForm
from allauth.account.models import EmailAddress
from django import forms
from django.utils import timezone

from courses.library.models import Course
from courses.people.form_errors import say_what_is_missing
from courses.people.models import Cohort, Organisation, User, read_code
from courses.people.sign_in_limits import count_sign_up
from courses.web.rate_limits import address_of


class SignupForm(AccountSignupForm):
    """Allauth's form (email, password) with a name and a professional role."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As colleagues know you. You choose the name on a certificate later.",
    )
    profession = forms.ChoiceField(
        label="Your professional role", choices=[("", "Choose one"), *User.Profession.choices]
    )
    field_order = ("name", "email", "profession", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email address"
        self.fields["password1"].help_text = "At least 10 characters. Three words are easy to keep."
        say_what_is_missing(self)

    def try_save(self, request: Any) -> Any:
        """As in allauth, with a rate limit.

        Raises:
            RateLimited: too many accounts were created from this IP address.
        """
        count_sign_up(address_of(request), timezone.now())
        if self.account_already_exists:
            pending = self._own_pending_account()
            if pending:
                return pending, None
        return super().try_save(request)

    def _own_pending_account(self) -> User | None:
        """The account that the same form created before and that is not confirmed yet.

        So the second of two presses goes on as the first, and the link signs in. Whoever does not
        know the password gets None, and the same answer as for a confirmed account.
        """
        password = self.cleaned_data["password1"]
        user = User.objects.filter(email=self.cleaned_data["email"]).first()
        is_confirmed = EmailAddress.objects.filter(
            email=self.cleaned_data["email"], verified=True
        ).exists()
        if user is None or is_confirmed:
            # Hashing takes time: a quicker answer would tell that there is an account.
            User().set_password(password)
            return None
        return user if user.check_password(password) else None

    def custom_signup(self, request: Any, user: User) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.profession = self.cleaned_data["profession"]
        user.save(update_fields=["name", "profession"])


class ChangeEmailForm(AddEmailForm):
    """A new e-mail address. It is used once it is confirmed; the old address gets a mail before."""

    def save(self, request: Any) -> Any:
        context = {"from_email": self.user.email, "to_email": self.cleaned_data["email"]}
        adapter = get_adapter(request)
        # If somebody else asked for the change, the owner can still stop it.
        adapter.send_notification_mail(
            "account/email/email_change_asked", self.user, context, email=self.user.email
        )
        return super().save(request)


class DetailsForm(forms.ModelForm):
    """The signed-in user's name and role."""

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
    """A new cohort. Who runs no organisation names a first one; others choose one of theirs."""

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
        startable = Organisation.objects.startable_by(trainer)
        self.fields["organisation"].queryset = startable  # type: ignore[attr-defined]
        course_field: Any = self.fields["course"]
        course_field.queryset = Course.objects.published()
        # Titles belong to the content of an edition, not to the course's row.
        course_field.label_from_instance = lambda course: titles.get(course.key, course.key)
        if startable and not self._names_organisation():
            del self.fields["organisation_name"]
        else:
            del self.fields["organisation"]

    def _names_organisation(self) -> bool:
        """Whether the data came from a page that was loaded before the organisation was created.

        `start_own_cohort` then finds the organisation by its name.
        """
        if not self.is_bound or "organisation" in self.data:
            return False
        return bool(self.data.get("organisation_name"))


class JoinForm(forms.Form):
    code = forms.CharField(
        label="Join code", max_length=40, help_text="Ten letters and digits from your trainer."
    )

    def clean_code(self) -> Cohort:
        """The cohort with this code."""
        code = read_code(self.cleaned_data["code"])
        cohort = Cohort.objects.select_related("organisation").filter(join_code=code).first()
        if not cohort:
            raise forms.ValidationError(
                "No cohort has this code. Check each letter, or ask your trainer for a new link."
            )
        return cohort
