"""Forms of exports: which file, and which columns a layout has."""

from typing import Any

from django import forms

from courses.exports.columns import ALL_COLUMNS, HEADINGS, LONGEST_HEADING, Column
from courses.exports.models import LONGEST_NAME, ExportLayout

ALL = "all"  # the choice of all columns
FORMATS = [("xlsx", "Excel (XLSX)"), ("csv", "CSV")]
LAST_POSITION = 99


class ExportForm(forms.Form):
    """Which layout, which kind of file, and whether people who have left are in it."""

    layout = forms.ChoiceField(label="Columns", error_messages={"required": "Choose the columns."})
    format = forms.ChoiceField(
        label="Kind of file",
        choices=FORMATS,
        initial="xlsx",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of file."},
    )
    with_leavers = forms.BooleanField(
        label="With people who have left",
        help_text="From when until when they were there. What they learnt is not shown any more.",
        required=False,
    )

    def __init__(self, *args: Any, layouts: list[ExportLayout], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layouts = {str(layout.key): layout for layout in layouts}
        choice: Any = self.fields["layout"]
        named = [(key, layout.name) for key, layout in self.layouts.items()]
        choice.choices = [(ALL, ALL_COLUMNS), *named]

    @property
    def chosen(self) -> ExportLayout | None:
        """The saved layout of a valid form; None: all columns."""
        return self.layouts.get(self.cleaned_data["layout"])


class LayoutForm(forms.Form):
    """The name of a layout, and for each column its place in the file and its heading.

    A column without a place is left out; one without a heading has its usual one.
    """

    name = forms.CharField(
        label="Name of this layout",
        max_length=LONGEST_NAME,
        error_messages={"required": "Give this layout a name, such as “Staff record”."},
    )

    def __init__(self, *args: Any, layout: ExportLayout | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if layout:
            self.fields["name"].initial = layout.name
        chosen = layout.chosen if layout else ()
        places = {column.key: place for place, column in enumerate(chosen, 1)}
        headings = {column.key: column.heading for column in chosen}
        for key, heading in HEADINGS.items():
            self.fields[f"place-{key}"] = _place_field(heading, places.get(key))
            self.fields[f"heading-{key}"] = _heading_field(heading, headings.get(key, heading))

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        """The usual heading of each column, and its two fields."""
        rows = []
        for key, heading in HEADINGS.items():
            rows.append((heading, self[f"place-{key}"], self[f"heading-{key}"]))
        return rows

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        columns = self.columns()
        if not columns:
            first = f"place-{next(iter(HEADINGS))}"
            self.add_error(first, "Give at least one column a place, such as 1.")
        seen: set[str] = set()
        for column in columns:
            if column.heading.casefold() in seen:
                self.add_error(f"heading-{column.key}", "Another column has this heading already.")
            seen.add(column.heading.casefold())
        return data

    def columns(self) -> list[Column]:
        """The chosen columns by their places; two with one place, in their usual order."""
        placed = []
        for key, heading in HEADINGS.items():
            place = self.cleaned_data[f"place-{key}"]
            if place:
                own = " ".join(self.cleaned_data[f"heading-{key}"].split())
                placed.append((place, Column(key, own or heading)))
        placed.sort(key=lambda pair: pair[0])
        return [column for _, column in placed]


def _place_field(heading: str, place: int | None) -> forms.IntegerField:
    words = f"Write a whole number from 1 to {LAST_POSITION}, or leave it empty."
    return forms.IntegerField(
        label=f"{heading}: place in the file",
        min_value=1,
        max_value=LAST_POSITION,
        required=False,
        initial=place,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
    )


def _heading_field(heading: str, own: str) -> forms.CharField:
    return forms.CharField(
        label=f"{heading}: heading in the file",
        max_length=LONGEST_HEADING,
        required=False,
        initial=own,
    )
