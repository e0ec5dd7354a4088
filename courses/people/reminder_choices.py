"""What a person chooses about their mails: which, and when. What is sent is in `reminders`."""

from django import forms

from courses.people.models import User
from courses.web.dates import WEEKDAYS

FIRST_HOUR, LAST_HOUR = 6, 21  # by the clock in London; no change of the clocks is among them


class ReminderTimeForm(forms.Form):
    """The weekday and hour of a person's reminders and digests."""

    weekday = forms.TypedChoiceField(
        label="Day", coerce=int, choices=list(enumerate(WEEKDAYS)), help_text=""
    )
    hour = forms.TypedChoiceField(
        label="Hour",
        coerce=int,
        choices=[(hour, f"{hour}:00") for hour in range(FIRST_HOUR, LAST_HOUR + 1)],
    )


def set_reminders(user: User, *, wanted: bool) -> None:
    """Whether trainers and the clock may remind this person by email."""
    User.objects.filter(pk=user.pk).update(wants_reminders=wanted)


def set_digests(user: User, *, wanted: bool) -> None:
    """Whether this person gets digests of the cohorts and organisations that they lead."""
    User.objects.filter(pk=user.pk).update(wants_digests=wanted)


def set_reminder_time(user: User, weekday: int, hour: int) -> None:
    """When their reminders and digests come: a weekday (0 is Monday) and an hour in London."""
    User.objects.filter(pk=user.pk).update(reminder_weekday=weekday, reminder_hour=hour)
