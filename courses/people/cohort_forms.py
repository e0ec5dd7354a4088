"""Forms of a cohort's settings, and of one learner in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from courses.people.models import Cohort, User

PASSED = "This day has passed. Choose today or a later day"
LONGEST_REASON = 300


def day_field(label: str, help_text: str, *, required: bool) -> forms.DateField:
    """A day, shown as browsers read it."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choose a day", "invalid": "Choose a day from the calendar"},
    )


class CohortNameForm(forms.Form):
    name = forms.CharField(
        label="Name of the cohort",
        max_length=80,
        help_text="Its learners and trainers see it.",
        error_messages={"required": "Enter a name for the cohort"},
    )


class AddTrainerForm(forms.Form):
    """One more trainer, of those the organisation has."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        label="Another trainer",
        empty_label="Choose somebody",
        to_field_name="key",
        help_text="Trainers and managers of your organisation. They see and do what you do here.",
        error_messages={
            "required": "Choose somebody from the list",
            "invalid_choice": "Choose somebody from the list as it is now",
        },
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people
        field.label_from_instance = lambda person: person.name


class CopyForm(CohortNameForm):
    """The name of the next term's cohort, and a due date for each of its courses."""

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        """`titles` are those of the courses by their keys, in the order of the form."""
        super().__init__(*args, **kwargs)
        self.course_keys = list(titles)
        for key, title in titles.items():
            label = f"{title}: due date (optional)"
            help_text = "Learners have until the end of this day. Leave it empty for no date."
            self.fields[f"due-{key}"] = day_field(label, help_text, required=False)

    def clean(self) -> dict[str, Any]:
        today = timezone.localdate()
        for key, due in self.due_days().items():
            if due and due < today:
                self.add_error(f"due-{key}", f"{PASSED}, or leave it empty.")
        return self.cleaned_data

    def due_days(self) -> dict[str, date | None]:
        """The day of each course by its key, once the form is cleaned."""
        return {key: self.cleaned_data.get(f"due-{key}") for key in self.course_keys}


class MoreTimeForm(forms.Form):
    """A later due date for one learner, and why."""

    due_on = day_field(
        "New due date for this learner", "They have until the end of this day.", required=True
    )
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        help_text="They read it, in an email and in their record. One sentence, without anything "
        "about health or family. It is kept with your name.",
        error_messages={
            "required": "Write a short reason, which the learner reads",
            "max_length": f"Write at most {LONGEST_REASON} characters",
        },
    )


class MoveForm(forms.Form):
    """Another cohort for a learner, of those the trainer trains."""

    to = forms.ModelChoiceField(
        Cohort.objects.none(),
        label="Move to",
        empty_label="Choose a cohort",
        to_field_name="key",
        error_messages={
            "required": "Choose a cohort",
            "invalid_choice": "Choose a cohort from the list as it is now",
        },
    )

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = cohorts
