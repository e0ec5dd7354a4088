"""The hidden field of a form that several people change, as a page sent it."""

import html
import re
from typing import Any

from django.test import Client

from courses.models import Membership, User
from tests.conftest import Cast, person


def seen(client: Client, page: str) -> dict[str, str]:
    """What this page's form would send besides what is typed."""
    text = client.get(page).content.decode()
    match = re.search(r'<input type="hidden" name="seen" value="([^"]*)"', text)
    assert match, page
    return {"seen": html.unescape(match[1])}


def second_manager(cast: Cast) -> User:
    """Another manager of Mo's organisation."""
    user = person("Max")
    organisation = cast.cohort.organisation
    Membership.objects.create(user=user, organisation=organisation, role="manager")
    return user


def once_more(response: Any) -> dict[str, list[str]]:
    """What the form of a refused page sends where it is sent as it is."""
    return dict(response.context["form"].data.lists())
