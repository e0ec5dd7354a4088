"""Codes that people type, with the limits on wrong ones. How codes are made is in `models`."""

from datetime import datetime

from django.forms import Form

from courses.people.forms import JoinForm
from courses.people.models import Cohort
from courses.people.sign_in_limits import check_join_code, count_wrong_join_code

LONGEST_CODE = 40  # characters that tell one wrong code from another


def cohort_of_code(form: JoinForm, account: str, address: str, now: datetime) -> Cohort | None:
    """The cohort with the code in the form; None: the code is wrong, or empty.

    Arguments and errors are those of `is_right_code`.
    """
    if not is_right_code(form, account, address, now):
        return None
    cohort: Cohort = form.cleaned_data["code"]
    return cohort


def is_right_code(form: Form, account: str, address: str, now: datetime) -> bool:
    """Whether the form finds something by its code; a wrong code, but not an empty one, is counted.

    Args:
        form: its field `code` is what was typed, and its cleaning looks the code up.
        account: the id of the signed-in user; "" for a visitor.
        address: their IP address.

    Raises:
        RateLimited: too many wrong codes by this account or from this IP address.
    """
    # Before the form looks the code up: over the limit, right codes are refused as well.
    check_join_code(account, address, now)
    if form.is_valid():
        return True
    typed = form.data.get("code", "").strip()
    if typed:
        count_wrong_join_code(account, address, typed[:LONGEST_CODE].upper(), now)
    return False
