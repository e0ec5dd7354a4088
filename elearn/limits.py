"""The rate limits and the number of proxies in front. Counting is in `courses.web.rate_limits`."""

from courses.web.starting import Finding
from elearn.environment import env, flag, problems

Limit = tuple[int, ...]

DEFAULTS: dict[str, Limit] = {
    # name: (hits, seconds of the window, waits in seconds between further hits)
    # Wrong passwords: for one account from one IP address, for one account, from one IP address.
    "password-here": (5, 3600, 60, 120, 240, 480, 900),
    "password-account": (50, 3600),
    "password-address": (1000, 3600),
    # Wrong attempts at one mailed code; keep it equal to ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS.
    "mailed-code": (5, 3600),
    # Accounts created from one IP address: right ones count too, against floods.
    "sign-up-address": (300, 3600),
    # Mails of one kind to one recipient; mails requested from one IP address.
    "mail-moment": (1, 60),
    "mail-hour": (10, 3600),
    "mail-address": (300, 3600),
    # Wrong join codes: by one account, by visitors at one IP address, by all at one IP address.
    "join-code-account": (20, 600),
    "join-code-visitor": (20, 600),
    "join-code-address": (600, 600),
    # Wrong certificate codes.
    "certificate-code-address": (60, 600),
}


def rate_limits() -> dict[str, Limit]:
    """The defaults, as changed by `RATE_LIMITS=sign-up-address=500/3600,mail-hour=20/3600`.

    An unknown name, or a value that is not two or more whole numbers, is added to `problems` and
    ignored.
    """
    limits = dict(DEFAULTS)
    for given in env.list("RATE_LIMITS", default=[]):
        name, _, value = given.strip().partition("=")
        parts = value.split("/")
        is_valid = len(parts) >= 2 and all(_is_positive(part) for part in parts)
        if name not in limits or not is_valid:
            allowed = ", ".join(sorted(limits))
            rule = f"allowed is NAME=HITS/SECONDS in whole numbers from 1, of {allowed}"
            problems.append(Finding("RATE_LIMITS", repr(given), rule))
            continue
        limits[name] = tuple(int(part) for part in parts)
    return limits


def _is_positive(text: str) -> bool:
    """Whether the text is a whole number from 1, in the digits 0 to 9."""
    is_number = text.isascii() and text.isdecimal()
    return is_number and int(text) > 0


def proxies() -> int:
    """The number of proxies in front: `PROXIES`, else 1 where `BEHIND_PROXY` is on, else 0.

    A value that is not a whole number from 0 to 9, or is 0 although `BEHIND_PROXY` is on, is added
    to `problems`.
    """
    is_behind = flag("BEHIND_PROXY")
    given = env.str("PROXIES", "")
    if not given:
        return int(is_behind)
    if not (len(given) == 1 and given.isascii() and given.isdecimal()):
        problems.append(
            Finding("PROXIES", repr(given), "allowed are the whole numbers from 0 to 9")
        )
        return 0
    if is_behind and given == "0":
        rule = "with BEHIND_PROXY=1, allowed are the whole numbers from 1 to 9"
        problems.append(Finding("PROXIES", repr(given), rule))
    return int(given)
