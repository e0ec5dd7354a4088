"""What comes in with every answer: which change of it this is. The answers themselves are read in `items`."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from courses.assessment.items import BadAnswer
from courses.assessment.models import ExtraRequest


class EventForm(forms.Form):
    """What goes with every answer: the id of this change, made by the page, and its place in the row of changes."""

    event_id = forms.UUIDField()
    sequence = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    certainty = forms.IntegerField(min_value=1, max_value=3, required=False)


@dataclass(frozen=True)
class Event:
    """One change of an answer: the page's id for it, its place (from 1) among the changes of this item, and how sure the
    learner is (`models.Certainty`; None: not asked, or not said).
    """

    event_id: uuid.UUID
    sequence: int
    certainty: int | None = None


def event_in(data: QueryDict) -> Event:
    """The change this form tells of.

    Raises:
        BadAnswer: its id or sequence is missing or no such thing.
    """
    form = EventForm(data)
    if not form.is_valid():
        raise BadAnswer("This form is not complete. Load the page again and give your answer once more.")
    return Event(**form.cleaned_data)


class LineField(forms.CharField):
    """One line of text: what no line has (NUL, line ends) is taken out."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(value or "").replace("\x00", "").split())


class ReasonForm(forms.Form):
    """A reason in one line, kept with who gave it and when."""

    reason = LineField(
        max_length=300, error_messages={"required": "Write the reason in one sentence. Nothing was changed."}
    )


class RequestForm(ReasonForm):
    wish = forms.ChoiceField(choices=ExtraRequest.Wish.choices)


class TimeForm(ReasonForm):
    minutes = forms.IntegerField(min_value=1, max_value=300)
