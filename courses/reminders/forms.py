"""What a trainer types with a reminder."""

from django import forms

from courses.assessment.forms import LineField


class ReminderForm(forms.Form):
    line = LineField(
        max_length=300,
        required=False,
        error_messages={"max_length": "Shorten your line to 300 characters. Nothing was sent."},
    )
