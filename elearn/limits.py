"""How often what may be done: the rate limits, and the number of proxies. Counting does not live here."""

from courses.web.starting import Finding
from elearn.environment import env, flag, problems

Limit = tuple[int, ...]

DEFAULTS: dict[str, Limit] = {
    # name: so many, in a window of so many seconds; then the waits between further ones
    # wrong passwords: of one account from one address, of one account, from one address
    "password-here": (5, 3600, 60, 120, 240, 480, 900),
    "password-account": (50, 3600),
    "password-address": (1000, 3600),
    # wrong tries at one mailed code; ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS says the same
    "mailed-code": (5, 3600),
    # no wrong things, but floods: accounts made from one address
    "sign-up-address": (300, 3600),
    # mails of one kind to one recipient; mails asked for from one address
    "mail-moment": (1, 60),
    "mail-hour": (10, 3600),
    "mail-address": (300, 3600),
    # wrong join codes, wrong certificate codes
    "join-code-account": (20, 600),
    "join-code-address": (600, 600),
    "certificate-code-address": (60, 600),
}


def rate_limits() -> dict[str, Limit]:
    """The defaults, with what `RATE_LIMITS` changes: `sign-up-address=500/3600,mail-hour=20/3600`.

    A limit that is none of these, or not two or more whole numbers, is a problem, and left out.
    """
    limits = dict(DEFAULTS)
    for given in env.list("RATE_LIMITS", default=[]):
        name, _, numbers = given.strip().partition("=")
        parts = numbers.split("/")
        are_numbers = all(part.isascii() and part.isdecimal() and int(part) for part in parts)
        if name not in limits or len(parts) < 2 or not are_numbers:
            allowed = ", ".join(sorted(limits))
            rule = f"allowed is NAME=HITS/SECONDS in whole numbers from 1, of {allowed}"
            problems.append(Finding("RATE_LIMITS", repr(given), rule))
            continue
        limits[name] = tuple(int(part) for part in parts)
    return limits


def proxies() -> int:
    """`PROXIES`, the number of proxies in front; without it, 1 where `BEHIND_PROXY` is on, else 0.

    What is no whole number from 0 to 9, or 0 where `BEHIND_PROXY` is on, is a problem, and 0.
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
