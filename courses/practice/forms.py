"""What a case asks: what is there, where, when, how sure, and what comes next."""

import math
from typing import Any

from django import forms

from courses.assessment.models import Certainty
from courses.library.content import Exemplar
from courses.library.content.exemplars import PLACES
from courses.practice.answers import Answer
from courses.practice.round_queries import Shown

STEPS = {
    "R0": "Enjoy it, and name it",
    "R1": "Adjust now, look again soon",
    "R2": "Talk and plan within days",
    "R3 today": "A clinician today",
    "R3 now": "999 or A&E, now",
    "R4": "Safeguarding today",
}
"""The rungs of the action ladder, as C0.3 of the fact sheet has them, in a few words each."""
TAP_REACH = 14  # percent of the picture's side beyond a ring that a finger may miss it by


class JudgementForm(forms.Form):
    """The answer to one case; `certainty` and `chosen` are needed, the rest may be left out."""

    chosen = forms.ChoiceField(
        label="What do you see?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you see."),
    )
    place = forms.ChoiceField(
        label="Where do you see it?",
        choices=[(key, name) for key, name in PLACES.items()],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the places."},
    )
    tapped_x = forms.FloatField(required=False, widget=forms.HiddenInput)
    tapped_y = forms.FloatField(required=False, widget=forms.HiddenInput)
    moment = forms.FloatField(required=False)
    certainty = forms.TypedChoiceField(
        label="How sure are you?",
        choices=Certainty.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say how sure you are."),
    )
    step = forms.ChoiceField(
        label="What comes next?",
        choices=list(STEPS.items()),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the steps."},
    )
    milliseconds = forms.IntegerField(required=False, widget=forms.HiddenInput)
    by_text = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: Shown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exemplar = shown.exemplar
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(option.key, option.name) for option in shown.options]
        if self.exemplar.timeline:
            self.fields["moment"] = forms.TypedChoiceField(
                label="When do you see it?",
                choices=[(str(second), f"{second} s") for second in self.seconds],
                coerce=float,
                empty_value=None,
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": "Choose one of the seconds."},
            )
        else:
            del self.fields["moment"]

    @property
    def seconds(self) -> range:
        """The whole seconds of a moving case, from 0."""
        return range(math.floor(self.exemplar.seconds) + 1)

    def answer(self) -> Answer:
        """What was sent, once it is valid."""
        given = self.cleaned_data
        place = given["place"] or place_at(self.exemplar, given["tapped_x"], given["tapped_y"])
        return Answer(
            chosen=given["chosen"],
            certainty=given["certainty"],
            place=place,
            moment=given.get("moment"),
            step=given["step"],
            milliseconds=given["milliseconds"],
            by_text=given["by_text"],
        )


def place_at(exemplar: Exemplar, x: float | None, y: float | None) -> str:
    """The part of the baby that a tap meant: the nearest ring, "" too far from all.

    Args:
        x, y: percent of the picture's side, from the upper left.
    """
    if x is None or y is None:
        return ""
    best, least = "", math.inf
    for place in exemplar.places:
        distance = math.hypot(place.ring.x - x, place.ring.y - y) - place.ring.r
        if distance < least:
            best, least = place.key, distance
    return best if least <= TAP_REACH else ""
