"""Text size and line spacing as somebody set them on this device: a cookie, read by every page.

It is no secret and belongs to no account; the script of the reading tools sets the same cookie.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

COOKIE = "reading"  # keep in step with static/js/reading.js
YEAR = 365 * 24 * 3600  # seconds
SIZES = ("Normal", "Large", "Larger", "Largest")
SPACINGS = ("Normal", "Wide", "Widest")
PATTERN = re.compile(r"([0-3])-([0-2])")


@dataclass(frozen=True)
class Reading:
    """The places of the chosen size in SIZES and spacing in SPACINGS; 0 is how pages come."""

    size: int = 0
    spacing: int = 0

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        """Every size: its place, its name, and whether it is chosen."""
        return [(place, name, place == self.size) for place, name in enumerate(SIZES)]

    @property
    def spacings(self) -> list[tuple[int, str, bool]]:
        """Every spacing: its place, its name, and whether it is chosen."""
        return [(place, name, place == self.spacing) for place, name in enumerate(SPACINGS)]


def reading_of(request: HttpRequest) -> Reading:
    """What this device has set; normal for a cookie that we did not make."""
    return _parsed(request.COOKIES.get(COOKIE, ""))


def reading_in(data: QueryDict) -> Reading:
    """What a form chose (its `size` and `spacing`); normal for what is not one of them."""
    return _parsed(f"{data.get('size', '')}-{data.get('spacing', '')}")


def keep_reading(response: HttpResponse, reading: Reading) -> None:
    """Sets the cookie for a year. Scripts may read and change it."""
    response.set_cookie(
        COOKIE,
        f"{reading.size}-{reading.spacing}",
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _parsed(text: str) -> Reading:
    match = PATTERN.fullmatch(text)
    return Reading(int(match[1]), int(match[2])) if match else Reading()
