"""The forms of items, requests and accommodations: what pages show, and what they send back.

Authors name the groups of a sort, and such a name can tell what is right. So pages get opaque
names for groups, and submitted forms are translated back. What an answer is, `items` decides.
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
class _TranslatedForm:
    """A form in which opaque names of groups are read as the author's keys (`keys`)."""

    form: Form
    keys: Mapping[str, str]

    def get(self, name: str, /) -> Any:
        value = self.form.get(name)
        return self.keys.get(value, value)

    def getlist(self, name: str, /) -> Sequence[Any]:
        return self.form.getlist(name)


def place_names(item: Item) -> dict[str, str]:
    """The opaque names of an item's groups, by the author's keys: eight hexadecimal digits each.

    They are the same for every learner. Options and cards need none: their keys are digests of
    the words on the page.
    """
    names = {}
    for group in item.groups:
        value = f"{item.key}:{group.key}"
        digest = salted_hmac("courses.place", value, algorithm="sha256")
        names[group.key] = digest.hexdigest()[:8]
    return names


def presented_on_page(item: Item, order: Sequence[str], answer: object) -> PresentedItem:
    """The item as a page shows it: `items.present` with opaque names for its groups."""
    presented = items.present(item, order, answer)
    names = place_names(item)
    cards = []
    for card, places in presented.cards:
        renamed = [replace(place, key=names[place.key]) for place in places]
        cards.append((card, tuple(renamed)))
    return replace(presented, cards=tuple(cards))


def answer_from_page(item: Item, form: Form) -> Answer | None:
    """The answer in a submitted form, as it is stored; None where it holds none.

    A page opened before groups had opaque names sends the author's keys: they are taken too.

    Raises:
        BadAnswer: it names what the item does not have, or more than it takes.
    """
    names = place_names(item)
    keys = {name: key for key, name in names.items()}
    translated = _TranslatedForm(form, keys)
    return items.answer_in(item, translated)


class EventForm(forms.Form):
    """What is sent with every answer: see `Event`."""

    event_id = forms.UUIDField()
    # Within what PostgreSQL stores in `Response.sequence`.
    sequence = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    # Keep in step with `models.Certainty`.
    certainty = forms.IntegerField(min_value=1, max_value=3, required=False)


@dataclass(frozen=True)
class Event:
    """One change of an answer, as the page numbered it.

    `event_id` is made by the page and unique; `sequence` counts the changes of this item from 1.
    `certainty` is how sure the learner is (`models.Certainty`), None where it was not asked or
    not said.
    """

    event_id: uuid.UUID
    sequence: int
    certainty: int | None = None


def event_in(data: QueryDict) -> Event:
    """The change that a submitted form is about.

    Raises:
        BadAnswer: its id or its sequence is missing or invalid.
    """
    form = EventForm(data)
    if not form.is_valid():
        raise BadAnswer(
            "This form is not complete. Load the page again and give your answer once more."
        )
    return Event(**form.cleaned_data)


class LineField(forms.CharField):
    """Text in one line: NUL bytes and line ends are taken out."""

    def to_python(self, value: Any) -> str:
        # PostgreSQL stores no NUL, and a reason stands in one line of a table or a mail.
        text = str(value or "").replace("\x00", "")
        return " ".join(text.split())


class ReasonForm(forms.Form):
    """A reason in one line, stored with who gave it and when."""

    reason = LineField(
        max_length=300,
        error_messages={"required": "Write the reason in one sentence. Nothing was changed."},
    )


class AnswerForm(forms.Form):
    """A trainer's answer to a request: a sentence, and minutes where time was asked for.

    The learner reads the sentence. To decline takes one; to grant does not.
    """

    answer = LineField(
        max_length=300,
        required=False,
        error_messages={"max_length": "Shorten your answer to 300 characters. Nothing was sent."},
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=300,
        error_messages={
            "required": "Enter how many more minutes, from 1 to 300. Nothing was sent.",
            "invalid": "Enter the minutes as a number from 1 to 300. Nothing was sent.",
            "min_value": "Enter at least 1 minute. Nothing was sent.",
            "max_value": "Enter at most 300 minutes. Nothing was sent.",
        },
    )

    def __init__(self, data: QueryDict, *, declines: bool, kind: str) -> None:
        super().__init__(data)
        if declines or kind != AccommodationRequest.Kind.TIME:
            del self.fields["minutes"]
        self.fields["answer"].required = declines
        self.fields["answer"].error_messages["required"] = (
            "To decline, write one sentence that says why. Nothing was sent."
        )


class RequestForm(ReasonForm):
    kind = forms.ChoiceField(choices=AccommodationRequest.Kind.choices)

    def __init__(self, data: QueryDict) -> None:
        # A page opened before the field was renamed sends it as `wish`.
        if "kind" not in data:
            data = data.copy()
            data.setlist("kind", data.getlist("wish"))
        super().__init__(data)


class TimeForm(ReasonForm):
    minutes = forms.IntegerField(min_value=1, max_value=300)
