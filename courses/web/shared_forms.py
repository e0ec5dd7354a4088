"""Forms of what several people change, so that nobody overwrites what their page never showed.

A hidden field carries what the page showed. The action that saves compares its stamp with the row,
where no other change can come between, and raises `people.permissions.ChangedMeanwhile`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django import forms

from courses.web import dates

Value = str | list[str]
"""What a field holds as a browser sends it; a list where several can be chosen."""

COMPARE = (
    "What you typed is still in the form. Compare it with what it says now, and save again "
    "to put yours in its place."
)
"""Follows a refusal, which says what was changed meanwhile."""


@dataclass(frozen=True)
class Difference:
    """A field that somebody changed meanwhile, in words: what it says now, and what was typed.

    `typed` None: nothing was, so the form takes over what it says now.
    """

    label: str
    now: str
    typed: str | None


class SharedForm(forms.Form):
    """A form that knows what its page showed. Its `__init__` ends with `remember`."""

    # No kind of field that refuses anything: what cannot be read counts as no stamp.
    seen = forms.Field(required=False, widget=forms.HiddenInput)

    differences: Sequence[Difference] = ()

    def remember(self, stamp: str) -> None:
        """Notes what the page shows. `stamp` changes with every change; "": nothing is there."""
        shown = {name: self._initial(name) for name in self._names}
        self.initial["seen"] = json.dumps({"stamp": stamp, "shown": shown})

    @property
    def stamp(self) -> str:
        """The stamp of what the page showed; "" where nothing was there, or the page says none."""
        stamp = self._seen.get("stamp")
        return stamp if isinstance(stamp, str) else ""

    def is_typed(self, name: str) -> bool:
        """Whether a field was sent as something else than the page showed."""
        return self._shown(name) != self._sent(name)

    def refuse(self, message: str, newest: Self) -> None:
        """Keeps what was typed, beside what it says now; the next save puts it in its place.

        `newest` is the form, with no data, of what is stored now.
        """
        sent_data: Any = self.data  # those of a request: a QueryDict
        data = sent_data.copy()
        differences = []
        for name in self._names:
            sent, now = self._sent(name), newest._initial(name)
            # What nobody else changed is as the form has it.
            if now in (sent, self._shown(name)):
                continue
            is_typed = self.is_typed(name)
            if not is_typed:
                data.setlist(name, now if isinstance(now, list) else [now])
            typed = self._in_words(name, sent) if is_typed else None
            label = str(self.fields[name].label)
            differences.append(Difference(label, self._in_words(name, now), typed))
        data["seen"] = newest.initial["seen"]
        self.data, self.differences = data, differences
        self.add_error(None, message)

    @property
    def _names(self) -> Iterator[str]:
        for name in self.fields:
            if name != "seen":
                yield name

    @property
    def _seen(self) -> dict[str, Any]:
        try:
            seen = json.loads(self.data.get("seen", ""))
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def _shown(self, name: str) -> object:
        """What the page showed in a field; None where that is not known."""
        shown = self._seen.get("shown")
        return shown.get(name) if isinstance(shown, dict) else None

    def _initial(self, name: str) -> Value:
        return _as_sent(self.get_initial_for_field(self.fields[name], name))

    def _sent(self, name: str) -> Value:
        return _as_sent(self[name].data)

    def _in_words(self, name: str, value: Value) -> str:
        """A value as the page says it, "nothing" where it is empty."""
        field = self.fields[name]
        if value and isinstance(field, forms.DateField):
            # Of a valid form, in whichever way the day was written.
            day: Any = field.to_python(str(value))
            return dates.day(day)
        if not isinstance(field, forms.ChoiceField):
            return str(value) or "nothing"
        values = value if isinstance(value, list) else [value]
        choices: Any = field.choices
        labels = [str(label) for key, label in choices if str(key) in values]
        return ", ".join(labels) or "nothing"


def _as_sent(value: Any) -> Value:
    """A value as a browser sends it. Lists are in one order, lines end in one way."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return sorted(str(each) for each in value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def stamp_of(at: datetime | None) -> str:
    """The stamp of a row that was changed last at this time; "" where there is no such row."""
    return at.isoformat() if at else ""
