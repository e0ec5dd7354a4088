"""Forms of readiness: which coverage to show, staff in post, expectations, the local plan."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from courses.library.queries import CatalogueEntry
from courses.people.models import User
from courses.readiness.coverage import Group, Headcount
from courses.readiness.currency import DEFAULT_MONTHS, MONTHS
from courses.readiness.entries import PlanAnswer, StaffEntry
from courses.readiness.models import Expectation, LocalPlanAnswer
from courses.readiness.queries import ALL_COURSES, EXPECTED, PROFESSIONS
from courses.web.day_fields import PastDayField
from courses.web.shared_forms import SharedForm, stamp_of

LARGEST_HEADCOUNT = 100_000
NO_NUMBER = "Write a whole number from 0 to 100,000, or leave it empty if you do not know it."
MONTH_WORDS = {12: "One year", 24: "Two years", 36: "Three years"}


class CoverageForm(forms.Form):
    """What the page of coverage counts, and as of which day."""

    course = forms.ChoiceField(label="Trained in", required=False)
    on = PastDayField(label="As of (end of day)", required=False)

    def __init__(self, data: Any, courses: Sequence[CatalogueEntry]) -> None:
        defaults = {"course": ALL_COURSES, "on": timezone.localdate().isoformat()}
        super().__init__({**defaults, **data.dict()})
        field: Any = self.fields["course"]
        field.choices = selections(courses)

    @property
    def selection(self) -> str:
        """The key of a course, `ALL_COURSES` or `EXPECTED`; all courses where none is chosen."""
        return self.cleaned_data.get("course") or ALL_COURSES

    @property
    def day(self) -> date:
        """The day chosen, today where none is or what was typed is no such day."""
        return self.cleaned_data.get("on") or timezone.localdate()


def selections(courses: Sequence[CatalogueEntry]) -> list[tuple[str, str]]:
    """What coverage can be counted for: key and words."""
    named = [(entry.content.key, entry.content.title) for entry in courses]
    every = "All courses" if len(courses) != 3 else "All three courses"
    return [(ALL_COURSES, every), *named, (EXPECTED, "What is expected of each role")]


class StaffInPostForm(SharedForm):
    """One number for each team and professional role, with one day and one source for all.

    A number that is left empty is not known: it is never taken for 0.
    """

    as_of = PastDayField(label="As of", help_text="The day that these numbers are true for.")
    source = forms.CharField(
        label="Where the numbers are from",
        max_length=120,
        help_text="For example: electronic staff record, end of November.",
    )

    def __init__(
        self,
        data: Any,
        teams: Sequence[tuple[int | None, str]],
        known: Mapping[Group, Headcount],
        stamp: str,
    ) -> None:
        newest = max(known.values(), key=lambda entry: entry.as_of, default=None)
        initial = {"as_of": timezone.localdate(), "source": newest.source if newest else ""}
        super().__init__(data, initial=initial)
        self.teams = teams
        self.groups: dict[str, Group] = {}
        for team, label in teams:
            for profession in PROFESSIONS:
                self._add_number((team, profession), label, known)
        self.remember(stamp)

    def _add_number(self, group: Group, team_label: str, known: Mapping[Group, Headcount]) -> None:
        team, profession = group
        name = f"n-{team or 0}-{profession}"
        headcount = known.get(group)
        self.groups[name] = group
        self.fields[name] = forms.IntegerField(
            label=f"{team_label}, {User.Profession(profession).label}",
            required=False,
            min_value=0,
            max_value=LARGEST_HEADCOUNT,
            initial=headcount.number if headcount else None,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NO_NUMBER),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4"}),
        )

    @property
    def rows(self) -> Iterator[tuple[str, list[Any]]]:
        """The name of each team with the fields of its numbers, in the order of the columns."""
        for team, label in self.teams:
            yield label, [self[f"n-{team or 0}-{profession}"] for profession in PROFESSIONS]

    @property
    def entries(self) -> list[StaffEntry]:
        """What a valid form says, one entry for each number, empty ones too."""
        as_of, source = self.cleaned_data["as_of"], self.cleaned_data["source"]
        entries = []
        for name, (team, profession) in self.groups.items():
            number = self.cleaned_data.get(name)
            entries.append(StaffEntry(team, profession, number, as_of, source))
        return entries


class StaffFileForm(forms.Form):
    file = forms.FileField(
        label="A file of staff in post",
        help_text="CSV, as you download it above, up to 2,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose a file first.",
            "empty": "This file is empty. Choose another. Nothing was changed.",
        },
    )


class ExpectationForm(SharedForm):
    """What one professional role is expected to have completed."""

    courses = forms.MultipleChoiceField(
        label="Which courses does your organisation expect?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none if nothing is expected of this role.",
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="One sentence, as you would say it to an inspector. Name no person.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    months = forms.TypedChoiceField(
        label="How long does a completed course count as current?",
        coerce=int,
        choices=[(months, MONTH_WORDS[months]) for months in MONTHS],
        widget=forms.RadioSelect,
        help_text="Your organisation’s choice. Three years is the NMC’s revalidation period.",
    )

    def __init__(
        self, data: Any, courses: Sequence[CatalogueEntry], current: Expectation | None
    ) -> None:
        initial: dict[str, Any] = {"months": DEFAULT_MONTHS}
        if current:
            initial = {
                "courses": current.course_keys,
                "reason": current.reason,
                "months": current.months,
            }
        super().__init__(data, initial=initial)
        field: Any = self.fields["courses"]
        field.choices = [(entry.content.key, entry.content.title) for entry in courses]
        self.remember(stamp_of(current.set_at if current else None))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("courses") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say in a sentence why it is expected.")
        return cleaned


class PlanAnswerForm(SharedForm):
    """An answer to one question about the local plan."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=LocalPlanAnswer.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer. “Not known” is one."},
    )
    evidence = forms.CharField(
        label="Evidence",
        required=False,
        max_length=1000,
        help_text="Where it stands: document, page, date. Nothing that could identify a family.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    owner = forms.CharField(
        label="Who looks after it",
        required=False,
        max_length=120,
        help_text="A role or a team, such as “Children’s commissioning manager”.",
    )
    checked_on = PastDayField(label="Last checked on")

    def __init__(self, data: Any, current: LocalPlanAnswer | None) -> None:
        initial: dict[str, Any] = {"checked_on": timezone.localdate()}
        if current:
            initial |= {
                "answer": current.answer,
                "evidence": current.evidence,
                "owner": current.owner,
            }
        super().__init__(data, initial=initial)
        self.remember(stamp_of(current.answered_at if current else None))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needs_evidence = cleaned.get("answer") in ("yes", "partly")
        if needs_evidence and not cleaned.get("evidence") and "evidence" not in self.errors:
            self.add_error("evidence", "Say where it stands, so that others can check it.")
        return cleaned

    @property
    def given(self) -> PlanAnswer:
        data = self.cleaned_data
        evidence = data["evidence"].replace("\r\n", "\n")
        return PlanAnswer(data["answer"], evidence, data["owner"], data["checked_on"])
