"""Forms of group sessions: what a trainer records, a learner's own line, and session mode."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from courses.group_sessions.bounds import (
    LONGEST_LINE,
    NO_LINE,
    NOBODY_CAME,
    WRONG_MINUTES,
    refuse_day,
    refuse_line,
    refuse_minutes,
)
from courses.group_sessions.models import Room
from courses.group_sessions.scenes import WallScene
from courses.people.models import Cohort, User, read_code
from courses.web.shared_forms import SharedForm


class GroupSessionForm(SharedForm):
    """A session of a cohort and who came.

    `members` are those who can be ticked. `kept` is how many came and have left the cohort since:
    they stay recorded, so nobody needs to be ticked. `stamp` is that of a session which is
    corrected; "": it is a new one.
    """

    topic = forms.CharField(
        label="What was it about?",
        max_length=120,
        help_text="Those who came see it in their record. Nothing that could identify a family.",
        error_messages={"required": "Say in a few words what it was about."},
    )
    held_on = forms.DateField(
        label="When was it?",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "Give the day.",
            "invalid": "Give the day as day, month and year.",
        },
    )
    minutes = forms.IntegerField(
        label="How many minutes did it take?",
        help_text="The time you talked together, without breaks.",
        error_messages={"required": WRONG_MINUTES, "invalid": WRONG_MINUTES},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4"}),
    )
    came = forms.MultipleChoiceField(
        label="Who came?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": NOBODY_CAME,
            "invalid_choice": "Somebody you ticked is not in the cohort any more. Tick again.",
        },
    )

    def __init__(
        self,
        *args: Any,
        cohort: Cohort,
        members: Sequence[User],
        kept: int = 0,
        stamp: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cohort, self.kept = cohort, kept
        self.ids = {str(member.key): member.pk for member in members}
        came: Any = self.fields["came"]
        came.choices = [(str(member.key), member.name) for member in members]
        came.required = not kept
        if kept and not members:
            came.widget = forms.MultipleHiddenInput()  # there is no box to tick
        self.remember(stamp)

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        refusal = refuse_day(day, self.cohort.created_at, timezone.now())
        if refusal:
            raise forms.ValidationError(refusal)
        return day

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        refusal = refuse_minutes(minutes)
        if refusal:
            raise forms.ValidationError(refusal)
        return minutes

    @property
    def user_ids(self) -> frozenset[int]:
        """The ids of those ticked in a valid form."""
        return frozenset(self.ids[key] for key in self.cleaned_data["came"])


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="Why does it not count?",
        max_length=300,
        help_text="Those who came read it.",
        error_messages={"required": "Say why, for those who came."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LineForm(forms.Form):
    line = forms.CharField(
        label="What will you do differently?",
        help_text=f"One line, at most {LONGEST_LINE} characters. Only you can read it. No names "
        "or details that could identify anyone.",
        error_messages={"required": NO_LINE},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_line(self) -> str:
        line: str = self.cleaned_data["line"].replace("\r\n", "\n").strip()
        refusal = refuse_line(line)
        if refusal:
            raise forms.ValidationError(refusal)
        return line


class SceneForm(forms.Form):
    """Which scene goes on the wall."""

    scene = forms.ChoiceField(
        label="Which scene?",
        help_text="Nothing of its answer is on the wall until you show it.",
        error_messages={
            "required": "Choose a scene.",
            "invalid_choice": "This scene has changed meanwhile. Choose one again.",
        },
    )

    def __init__(self, data: Any, *, scenes: Sequence[WallScene]) -> None:
        super().__init__(data)
        self.scenes = {scene.choice: scene for scene in scenes}
        groups: dict[str, list[tuple[str, str]]] = {}
        for choice, row in self.scenes.items():
            words = f"{row.scene.title} (moving)" if row.scene.timeline else row.scene.title
            groups.setdefault(row.course_title, []).append((choice, words))
        field: Any = self.fields["scene"]
        field.choices = list(groups.items())

    @property
    def chosen(self) -> WallScene:
        """The scene of a valid form."""
        return self.scenes[self.cleaned_data["scene"]]


class RoomForm(forms.Form):
    """The code on the wall, whatever its case, spaces and hyphens."""

    code = forms.CharField(
        label="Code on the wall",
        max_length=40,
        help_text="Six letters and digits.",
        error_messages={"required": "Type the code that is on the wall."},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, rooms: QuerySet[Room] | None = None) -> None:
        super().__init__(data)
        self.rooms = rooms

    def clean_code(self) -> Room:
        """The room with this code among those given."""
        code = read_code(self.cleaned_data["code"])
        room = self.rooms.filter(code=code).first() if self.rooms is not None else None
        if not room:
            raise forms.ValidationError(
                "No session of your cohorts has this code. Check each letter. If it is right, "
                "join your trainer’s cohort first."
            )
        return room
