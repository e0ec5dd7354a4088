"""The hidden field of a form that several people change, as a page sent it."""

import html
import re

from django.test import Client


def seen(client: Client, page: str) -> dict[str, str]:
    """What this page's form would send besides what is typed."""
    text = client.get(page).content.decode()
    match = re.search(r'<input type="hidden" name="seen" value="([^"]*)"', text)
    assert match, page
    return {"seen": html.unescape(match[1])}
