"""Telephone numbers and web addresses as people type them, and what a link needs of them."""

import re
from urllib.parse import urlsplit

# "01632 960 122", "(01632) 960122", "+44 (0)1632 960122", "01632 960 122 ext 14".
_PHONE = re.compile(r"((?:\+|\()?[0-9][0-9 ()-]*?)(?: ?(?:ext|x)\.? ?([0-9]{1,6}))?", re.IGNORECASE)
FEWEST_DIGITS, MOST_DIGITS = 3, 15  # 111 has three; the most are those of E.164


def is_phone(text: str) -> bool:
    """Whether it can be dialled: one number, with an extension or none."""
    match = _PHONE.fullmatch(text)
    if not match:
        return False
    return FEWEST_DIGITS <= len(re.sub("[^0-9]", "", match[1])) <= MOST_DIGITS


def dial_address(phone: str) -> str:
    """What a link to dial the number leads to, as "tel:+441632960122"; "" for what is no number."""
    match = _PHONE.fullmatch(phone)
    if not match:
        return ""
    number = re.sub(r"[ ()-]", "", match[1].replace("(0)", "") if "+" in match[1] else match[1])
    return f"tel:{number};ext={match[2]}" if match[2] else f"tel:{number}"


def is_safe_address(address: str) -> bool:
    """Whether a web address is HTTPS and names its host plainly, with no user name before it."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host of a web address, which a link shows: "example.org"."""
    return urlsplit(address).hostname or ""
