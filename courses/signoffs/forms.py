"""The form to sign a lesson off or ask for changes. What it stores is in `actions`."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from courses.signoffs.models import SignOff

OTHER = "other"
BODIES = (
    ("NMC", "Nursing and Midwifery Council (NMC)"),
    ("HCPC", "Health and Care Professions Council (HCPC)"),
    ("GMC", "General Medical Council (GMC)"),
    ("Social Work England", "Social Work England"),
    ("SSSC", "Scottish Social Services Council (SSSC)"),
    ("Social Care Wales", "Social Care Wales"),
    ("NISCC", "Northern Ireland Social Care Council (NISCC)"),
    ("ACP", "Association of Child Psychotherapists (ACP)"),
    ("UKCP", "UK Council for Psychotherapy (UKCP)"),
    (OTHER, "Another body"),
)


class SignOffForm(forms.Form):
    """`digest` is of what was on the page. `event_id` identifies the form, which counts once."""

    decision = forms.ChoiceField(
        label="What do you say of it?",
        choices=[("signed", "I sign it off as it stands"), ("changes", "I ask for changes")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you sign it off or ask for changes."},
    )
    note = forms.CharField(
        label="What should change, or what you want to add",
        required=False,
        max_length=5000,
        help_text="For the authors and other reviewers; learners do not see it."
        " Name the step or item.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As it should stand on the lesson. Everyone who learns sees it.",
        error_messages={"required": "Write your name as it should stand on the lesson."},
    )
    role = forms.CharField(
        label="Your role",
        max_length=120,
        help_text="For example: specialist health visitor. Everyone sees it.",
        error_messages={"required": "Write your role."},
    )
    body = forms.ChoiceField(
        label="Who registers you",
        choices=[("", "Choose one"), *BODIES],
        error_messages={"required": "Choose the body that registers you, or another body."},
    )
    other_body = forms.CharField(
        label="Name of the other body",
        required=False,
        max_length=80,
        help_text="Only if you chose another body.",
    )
    registration = forms.CharField(
        label="Registration number (optional)",
        required=False,
        max_length=40,
        help_text="For other reviewers and those who run this site; learners do not see it.",
    )
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, last: SignOff | None, name: str, digest: str
    ) -> None:
        """The reviewer's details are filled in from their last sign-off; None: `name` alone is."""
        # A form gets its event id when it is shown, so that sending it twice is one event.
        initial: dict[str, Any] = {"name": name, "digest": digest, "event_id": uuid.uuid4()}
        if last:
            initial |= {
                "name": last.name,
                "role": last.role,
                "body": last.body,
                "registration": last.registration,
            }
            if last.body not in dict(BODIES):  # stored is the name that was typed
                initial |= {"body": OTHER, "other_body": last.body}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == SignOff.Decision.CHANGES and not cleaned.get("note"):
            self.add_error("note", "Say what should change, so that the authors can do it.")
        if cleaned.get("body") == OTHER:
            cleaned["body"] = cleaned.get("other_body", "")
            if not cleaned["body"] and "other_body" not in self.errors:
                self.add_error("other_body", "Write the name of the body that registers you.")
        for field in ("name", "role"):
            has_letters = any(letter.isalpha() for letter in cleaned.get(field, ""))
            if field in cleaned and not has_letters:  # else the field has an error already
                self.add_error(field, f"Write your {field} in letters.")
        return cleaned
