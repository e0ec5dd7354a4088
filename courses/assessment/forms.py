"""What goes out into the form of an item and comes in with an answer. The answers themselves are read in `items`.

Names an author gave (the groups of a sort) can tell what is right, so pages get opaque ones, and forms are read back.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac

from courses.assessment import items
from courses.assessment.items import Answer, BadAnswer, Form, PresentedItem
from courses.assessment.models import AccommodationRequest
from courses.library.content import Item


@dataclass(frozen=True)
class _ReadBack:
    """A form whose opaque names are read as the author's; anything else in it stays as it was sent."""

    form: Form
    keys: Mapping[str, str]

    def get(self, name: str, /) -> Any:
        sent = self.form.get(name)
        return self.keys.get(sent, sent)

    def getlist(self, name: str, /) -> Sequence[Any]:
        return self.form.getlist(name)


def place_names(item: Item) -> dict[str, str]:
    """What a page calls the groups of an item, by the author's keys: eight hexadecimal digits each.

    The same for every learner. Options and cards need none: their keys are drawn from the words on the page.
    """
    names = {}
    for group in item.groups:
        digest = salted_hmac("courses.place", f"{item.key}:{group.key}", algorithm="sha256")
        names[group.key] = digest.hexdigest()[:8]
    return names


def presented_on_page(item: Item, order: Sequence[str], answer: object) -> PresentedItem:
    """The item as a page shows it: `items.present` with the groups named as `place_names` says."""
    presented = items.present(item, order, answer)
    names = place_names(item)
    cards = []
    for card, places in presented.cards:
        renamed = [replace(place, key=names[place.key]) for place in places]
        cards.append((card, tuple(renamed)))
    return replace(presented, cards=tuple(cards))


def answer_from_page(item: Item, form: Form) -> Answer | None:
    """The answer a form gives, with the author's keys, as it is stored; None where it gives none.

    A page opened before groups had opaque names sends the author's: they are taken too.

    Raises:
        BadAnswer: it names what this item does not have, or too much.
    """
    keys = {name: key for key, name in place_names(item).items()}
    return items.answer_in(item, _ReadBack(form, keys) if keys else form)


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
        raise BadAnswer(
            "This form is not complete. Load the page again and give your answer once more."
        )
    return Event(**form.cleaned_data)


class LineField(forms.CharField):
    """One line of text: what no line has (NUL, line ends) is taken out."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(value or "").replace("\x00", "").split())


class ReasonForm(forms.Form):
    """A reason in one line, kept with who gave it and when."""

    reason = LineField(
        max_length=300,
        error_messages={"required": "Write the reason in one sentence. Nothing was changed."},
    )


class RequestForm(ReasonForm):
    kind = forms.ChoiceField(choices=AccommodationRequest.Kind.choices)

    def __init__(self, data: QueryDict) -> None:
        # A page opened before the field was renamed sends it as `wish`.
        if "kind" not in data and "wish" in data:
            data = data.copy()
            data["kind"] = data["wish"]
        super().__init__(data)


class TimeForm(ReasonForm):
    minutes = forms.IntegerField(min_value=1, max_value=300)
