"""Form fields for days that more than one package asks for."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

FIRST_DAY = date(2015, 1, 1)


class PastDayField(forms.DateField):
    """A day from 2015 to today."""

    # In the form that browsers read; another one, and the field would be empty.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["required"] = "Give the day."
        self.error_messages["invalid"] = "Give the day as day, month and year."

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not FIRST_DAY <= day <= timezone.localdate():
            raise forms.ValidationError("Choose a day from 2015 to today.")
        return day
