"""What counts against whom at the entrances: passwords, mailed codes, join codes, sign-ups, mails.

Wrong things count and right ones do not. How many is in the settings (elearn/limits.py), and how
counting works in courses.web.rate_limits.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from courses.web.rate_limits import (
    Hit,
    RateLimited,
    check,
    count,
    forget,
    give_back,
    is_remembered,
    remember,
)

SIGNED_IN_HERE = "signed-in-here"
DAYS_REMEMBERED = 30  # of an account that signed in from an address


class MailRefused(Exception):
    """No mail is sent now; the message says why and what to do, for the person who asked for it."""


@dataclass(frozen=True)
class PasswordTry:
    """One password on its way: counted as a wrong one until `password_was_right`.

    `may_check` is False where a mailed code is asked for instead, and the password is not looked
    at. `is_by_mail` says that a wrong one is answered like that, too.
    """

    hits: tuple[Hit, ...]
    may_check: bool
    is_by_mail: bool


def begin_password(email: str, address: str, now: datetime) -> PasswordTry:
    """Counts a password for this account from this address, before anybody looks at it.

    A few wrong ones of one account from one address only slow down. Very many of one account, or
    from one address, have everybody else asked for a mailed code, but for an account that signed
    in from here of late: it has one try past those, so that strangers do not close its door.

    Raises:
        RateLimited: slow down; `wait` is how long.
    """
    account = account_key(email)
    here = count("password-here", f"{account} {address}", now)
    hits = [here]
    try:
        hits.append(count("password-account", account, now))
        hits.append(count("password-address", address, now))
    except RateLimited:
        is_known = here.number == 1 and is_remembered(SIGNED_IN_HERE, f"{account} {address}", now)
        if is_known:
            return PasswordTry(tuple(hits), may_check=True, is_by_mail=True)
        give_back(hits)
        return PasswordTry((), may_check=False, is_by_mail=True)
    return PasswordTry(tuple(hits), may_check=True, is_by_mail=False)


def password_was_right(attempt: PasswordTry) -> None:
    """Takes the count back: a right password is nothing that counts."""
    give_back(list(attempt.hits))


def remember_here(email: str, address: str, now: datetime) -> None:
    """Remembers that this account signed in from this address."""
    remember(SIGNED_IN_HERE, f"{account_key(email)} {address}", DAYS_REMEMBERED, now)


def forget_wrong_passwords(email: str, address: str) -> None:
    """After a new password chosen by mail: what was wrong before says nothing any more."""
    account = account_key(email)
    forget("password-here", f"{account} {address}")
    forget("password-account", account)


def account_key(email: str) -> str:
    """The same for every way to write an address that finds the same account, in any database."""
    plain = unicodedata.normalize("NFKC", email.strip())
    # upper case first: PostgreSQL compares in upper case, where the dotless i is an I
    return plain.upper().casefold()


def begin_mailed_code(process: str, now: datetime) -> Hit:
    """Counts a try at the code that was mailed in this sign-in.

    Raises:
        RateLimited: too many wrong ones; another code has to be asked for.
    """
    return count("mailed-code", process, now)


def count_sign_up(address: str, now: datetime) -> None:
    """Counts an account made from this address. There is nothing wrong about one: only floods stop.

    Raises:
        RateLimited: too many from there.
    """
    count("sign-up-address", address, now)


def count_mail(kind: str, email: str, address: str, now: datetime) -> None:
    """Counts a mail of this kind to this recipient, asked for from this address.

    It is the same whether anybody has an account with that e-mail address.

    Raises:
        MailRefused: none is sent now.
    """
    recipient = f"{kind} {account_key(email)}"
    hits = []
    try:
        hits.append(count("mail-moment", recipient, now))
        hits.append(count("mail-hour", recipient, now))
        hits.append(count("mail-address", address, now))
    except RateLimited as refusal:
        give_back(hits)
        raise MailRefused(_why_no_mail(kind, refusal)) from refusal


def _why_no_mail(kind: str, refusal: RateLimited) -> str:
    wait = refusal.in_words
    if refusal.limit.scope == "mail-moment":
        return (
            "We sent a mail to this address a moment ago. Look in the junk folder too. "
            f"Nothing there? Ask again in {wait}."
        )
    if refusal.limit.scope == "mail-hour" and kind == "code":
        # an older code may belong to somebody else's page; links belong to no page
        return (
            "We have sent this address several codes in the last hour. "
            f"The next can be sent in {wait}. "
            "To get in sooner, go back to sign in and choose “Forgot your password?”."
        )
    if refusal.limit.scope == "mail-hour":
        return (
            "We have sent this address several mails in the last hour. Open the newest one: it "
            f"still works. You can ask for another in {wait}."
        )
    words = "Very many mails were asked for from your network. Nothing is lost."
    return f"{words} Ask again in {wait}."


def check_join_code(account: str, address: str, now: datetime) -> None:
    """Before a join code is looked at.

    Raises:
        RateLimited: too many wrong ones, of this account or from this address.
    """
    check("join-code-account", account, now)
    check("join-code-address", address, now)


def count_wrong_join_code(account: str, address: str, now: datetime) -> None:
    """Counts a join code that no cohort has; raises as `check_join_code` does."""
    count("join-code-account", account, now)
    count("join-code-address", address, now)
