"""What comes in from an item's form, made into an answer or refused. How an answer is scored lives elsewhere."""

import uuid
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from courses.library.content import Item

Answer = list[str] | dict[str, str]


class BadAnswer(Exception):
    """The form cannot be an answer to this item; the message says why, for the person who sent it."""


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


def answer_in(item: Item, data: QueryDict) -> Answer | None:
    """The answer this form gives to the item, None when it gives none.

    Raises:
        BadAnswer: it names an option, card or group that this item does not have, or too many.
    """
    if item.kind in {"single", "multiple"}:
        return _choice_in(item, data)
    chosen = {card.key: data.get(f"card-{card.key}") for card in item.cards}
    placed = {card: str(group) for card, group in chosen.items() if group}
    if set(placed.values()) - {group.key for group in item.groups}:
        raise BadAnswer(
            "This answer has a place that is not part of the item. Load the page again and answer once more."
        )
    return placed or None


def _choice_in(item: Item, data: QueryDict) -> list[str] | None:
    chosen = list(dict.fromkeys(data.getlist("option")))
    if set(chosen) - {option.key for option in item.options}:
        raise BadAnswer(
            "This answer has an option that is not part of the item. Load the page again and answer once more."
        )
    if item.kind == "single" and len(chosen) > 1:
        raise BadAnswer("This item takes one option. Choose one, and save again.")
    return chosen or None
