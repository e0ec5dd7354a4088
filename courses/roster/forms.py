"""The form by which a roster comes in: a file, or cells pasted from a spreadsheet."""

from typing import Any

from django import forms

from courses.roster.reading import MAX_BYTES


class RosterForm(forms.Form):
    file = forms.FileField(
        label="File with your people",
        required=False,
        allow_empty_file=True,
        help_text="CSV or Excel (.xlsx), up to 5,000 people and 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    pasted = forms.CharField(
        label="Or paste the cells here",
        required=False,
        strip=False,
        help_text="Copy the rows in your spreadsheet, with the names of the columns on top.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    says_who_leaves = forms.BooleanField(
        label="This file also says who leaves",
        required=False,
        help_text="Only then is the column Leaves read. Who is not in the file always stays.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(
                "This file is larger than 5 MB. Take out pictures and other sheets, or split it."
                " Nothing was read."
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        has_text = bool(data["pasted"].strip())
        if not data["file"] and not has_text:
            self.add_error("file", "Choose a file, or paste cells from your spreadsheet.")
        elif data["file"] and has_text:
            self.add_error("pasted", "Choose a file or paste cells, not both. Nothing was read.")
        return data

    def content(self) -> tuple[str, bytes]:
        """The name and the bytes of a valid form's file; of pasted cells, "pasted cells"."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read()
        return "pasted cells", self.cleaned_data["pasted"].encode("utf-8", "replace")
