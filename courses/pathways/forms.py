"""The form of a pathway."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import escape

from courses.pathways.contacts import is_phone, is_safe_address
from courses.pathways.entries import PathwayChange, PathwayEntry
from courses.pathways.models import ENTRY_FIELDS, Pathway
from courses.web.day_fields import PastDayField
from courses.web.shared_forms import SharedForm

REACHED_BY = ("phone", "email", "address")
ONE_LINE = ("area", "service", "when_to_use", "phone", "hours")


class PathwayForm(SharedForm):
    """Whom to call, where and for what. Nothing in it is about a person or a family."""

    kind = forms.ChoiceField(
        label="What is it for?",
        choices=[
            ("consultation", "Consultation: to talk a worry through"),
            ("referral", "Referral: to ask a service to see the family"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose consultation or referral."},
    )
    area = forms.CharField(label="Area (optional)", required=False, max_length=80)
    service = forms.CharField(
        label="Service",
        max_length=120,
        help_text="The service or the role, not a person: people move on.",
        error_messages={"required": "Write the name of the service."},
    )
    when_to_use = forms.CharField(
        label="When to use it (optional)",
        required=False,
        max_length=300,
        help_text="For example: a worry about a baby and a parent together; no family named.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phone = forms.CharField(
        label="Phone",
        required=False,
        max_length=40,
        help_text="Give at least one of these three: phone, email, web page.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Email",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    address = forms.URLField(
        label="Web page",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="Beginning with https://",
        error_messages={"invalid": "Write the whole address, as https://example.org/page."},
    )
    hours = forms.CharField(
        label="Hours and notes (optional)",
        required=False,
        max_length=200,
        help_text="For example: duty clinician, Tuesdays 1 to 3.",
    )
    checked_on = PastDayField(
        label="Last checked on",
        help_text="The day on which somebody rang, or made sure in another way.",
    )

    def __init__(self, data: Any, pathway: Pathway | None, areas: Sequence[str]) -> None:
        """`pathway` None: a new one. `areas` are those that the organisation names already."""
        initial: dict[str, Any] = {"checked_on": timezone.localdate()}
        if pathway:
            initial = {name: getattr(pathway, name) for name in ENTRY_FIELDS}
        super().__init__(data, initial=initial)
        help_text = "Leave it empty if it serves everywhere."
        if areas:
            help_text += f" Named so far: {escape(', '.join(areas))}."
        self.fields["area"].help_text = help_text
        if pathway:
            self.fields["checked_on"].help_text += (
                " Change the phone, email or web page and leave this day as it is,"
                " and today is noted, with your name."
            )
        self.remember(pathway.stamp if pathway else "")

    def clean_phone(self) -> str:
        phone = " ".join(str(self.cleaned_data["phone"]).split())
        if phone and not is_phone(phone):
            raise ValidationError("Write one number, as 01632 960 122 or 01632 960 122 ext 14.")
        return phone

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if address and not is_safe_address(address):
            raise ValidationError("Write an address that begins with https:// and the site’s name.")
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ONE_LINE:
            if name in cleaned:
                cleaned[name] = " ".join(cleaned[name].split())
        if "service" in cleaned and not any(letter.isalnum() for letter in cleaned["service"]):
            self.add_error("service", "Write a name with a letter or a number.")
        was_refused = any(name in self.errors for name in REACHED_BY)
        if not was_refused and not any(cleaned.get(name) for name in REACHED_BY):
            self.add_error("phone", "Give a phone number, an email address or a web page.")
        return cleaned

    @property
    def entry(self) -> PathwayEntry:
        """What a valid form says."""
        return PathwayEntry(**{name: self.cleaned_data[name] for name in ENTRY_FIELDS})

    @property
    def change(self) -> PathwayChange:
        """What a valid form changes."""
        return PathwayChange(self.entry, self.is_typed("checked_on"), self.stamp)
