"""What comes in with every answer: which change of it this is. The answers themselves are read in `items`."""

import uuid
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from courses.assessment.items import BadAnswer


class EventForm(forms.Form):
    """What goes with every answer: the id of this change, made by the page, and its place in the row of changes."""

    event_id = forms.UUIDField()
    sequence = forms.IntegerField(min_value=1, max_value=2_000_000_000)


@dataclass(frozen=True)
class Event:
    """One change of an answer: the page's id for it, and its place (from 1) among the changes of this item."""

    event_id: uuid.UUID
    sequence: int


def event_in(data: QueryDict) -> Event:
    """The change this form tells of.

    Raises:
        BadAnswer: its id or sequence is missing or no such thing.
    """
    form = EventForm(data)
    if not form.is_valid():
        raise BadAnswer("This form is not complete. Load the page again and give your answer once more.")
    return Event(form.cleaned_data["event_id"], form.cleaned_data["sequence"])
