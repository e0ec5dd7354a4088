"""The forms below a table, for the learners who are ticked in it. What they do is in `several`."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from courses.people.cohort_forms import MoreTimeForm
from courses.people.models import Assignment, Cohort, User


class LaterDateForm(MoreTimeForm):
    """A later due date for each of several learners, and one reason for all."""

    use_required_attribute = False  # the same form sends reminders, which need neither

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].label = "New due date for each of them"


class OtherCohortForm(forms.Form):
    """Another cohort of the trainer. It is a list of keys, as the cohorts are fetched already."""

    use_required_attribute = False

    to = forms.ChoiceField(
        label="Move them to",
        error_messages={
            "required": "Choose a cohort",
            "invalid_choice": "Choose a cohort from the list as it is now",
        },
    )

    def __init__(self, *args: Any, cohorts: list[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohorts = {str(cohort.key): cohort for cohort in cohorts}
        names = [(key, cohort.name) for key, cohort in self.cohorts.items()]
        field: Any = self.fields["to"]
        field.choices = [("", "Choose a cohort"), *names]

    def clean_to(self) -> Cohort:
        return self.cohorts[self.cleaned_data["to"]]


@dataclass(frozen=True)
class SeveralForms:
    """What a trainer can do for several learners at once.

    `keys` are those of the learners ticked, and `sent` the form that was sent, None before that.
    """

    later_date: LaterDateForm
    other_cohort: OtherCohortForm
    keys: frozenset[str] = frozenset()
    sent: forms.Form | None = None


def several_forms(
    user: User, assignment: Assignment, data: QueryDict | None = None, sent: str = ""
) -> SeveralForms | None:
    """The forms for the learners of an assignment; None: the user does not train its cohort.

    One SQL query. `data` is what was posted and `sent` the name of the form whose button was
    pressed, "later_date" or "other_cohort"; what was typed into the other one is kept too.
    """
    trained = Cohort.objects.trained_by(user).filter(organisation=assignment.cohort.organisation_id)
    cohorts = list(trained.order_by("name"))
    if assignment.cohort_id not in [cohort.pk for cohort in cohorts]:
        return None
    others = [row for row in cohorts if row.pk != assignment.cohort_id and not row.closed_at]
    typed = data.dict() if data else {}
    keys = frozenset(data.getlist("learner")) if data else frozenset()
    later_date = LaterDateForm(data if sent == "later_date" else None, initial=typed)
    other_cohort = OtherCohortForm(
        data if sent == "other_cohort" else None, initial=typed, cohorts=others
    )
    by_name: dict[str, forms.Form] = {"later_date": later_date, "other_cohort": other_cohort}
    return SeveralForms(later_date, other_cohort, keys, by_name.get(sent))
