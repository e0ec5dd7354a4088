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
    """A field of a refused form, in words: what it says now, and what was typed here.

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
        shown = self._seen.get("shown")
        if not isinstance(shown, dict) or name not in shown:
            return True
        return bool(shown[name] != self._sent(name))

    def refuse(self, message: str, newest: Self) -> None:
        """Keeps what was typed and sets what it says now beside it; the next save replaces that.

        `newest` is the form, with no data, of what is stored now.
        """
        data = self.data.copy()
        differences = []
        for name in self._names:
            sent, now = self._sent(name), newest._initial(name)
            if sent == now:
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

    def _initial(self, name: str) -> Value:
        return _as_sent(self.get_initial_for_field(self.fields[name], name))

    def _sent(self, name: str) -> Value:
        return _as_sent(self[name].data)

    def _in_words(self, name: str, value: Value) -> str:
        """A value as the page says it, "nothing" where it is empty."""
        field: Any = self.fields[name]
        labels = {str(key): str(label) for key, label in getattr(field, "choices", [])}
        values = value if isinstance(value, list) else [value]
        words = ", ".join(labels.get(each, each) for each in values)
        if words and isinstance(field, forms.DateField):
            return dates.day(field.to_python(words))
        return words or "nothing"


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
