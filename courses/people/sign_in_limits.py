"""Rate limits for passwords, mailed codes, join codes, sign-ups and mails on request.

Wrong passwords and codes count, right ones do not. The numbers are in `elearn/limits.py`, and how
counting works is in `courses.web.rate_limits`.
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
WRONG_CODE = "wrong-join-code"
DAYS_REMEMBERED = 30  # for how long an address is known as one the account signed in from


class MailRefused(Exception):
    """The mail is not sent. The message says why, and what to do instead."""


@dataclass(frozen=True)
class PasswordAttempt:
    """An attempt at a password. It counts as a wrong one until `password_was_right`.

    `may_check`: whether the password is checked at all; False: a code by mail is asked for instead.
    `is_by_mail`: a wrong password gets the same answer as one that was not checked.
    """

    hits: tuple[Hit, ...]
    may_check: bool
    is_by_mail: bool


def begin_password(email: str, address: str, now: datetime) -> PasswordAttempt:
    """Counts an attempt at this account from this IP address, before the password is checked.

    A few wrong passwords for one account from one address only make the next attempt wait. Very
    many for one account, or from one address, mean that everybody is asked for a code by mail. The
    exception is an account that signed in from this address lately: it has one attempt more, so
    that strangers cannot lock its owner out by typing wrong passwords.

    Raises:
        RateLimited: wait before the next attempt; `wait` is how long.
    """
    account = account_key(email)
    account_here = f"{account} {address}"
    # Counted before the check: else many requests at once would all be checked.
    hit_here = count("password-here", account_here, now)
    hits = [hit_here]
    try:
        hits.append(count("password-account", account, now))
        hits.append(count("password-address", address, now))
    except RateLimited:
        is_first = hit_here.number == 1
        if is_first and is_remembered(SIGNED_IN_HERE, account_here, now):
            return PasswordAttempt(tuple(hits), may_check=True, is_by_mail=True)
        give_back(hits)
        return PasswordAttempt((), may_check=False, is_by_mail=True)
    return PasswordAttempt(tuple(hits), may_check=True, is_by_mail=False)


def password_was_right(attempt: PasswordAttempt) -> None:
    """Takes the count back: only wrong passwords count."""
    give_back(list(attempt.hits))


def remember_here(email: str, address: str, now: datetime) -> None:
    """Remembers that this account signed in from this address."""
    remember(SIGNED_IN_HERE, f"{account_key(email)} {address}", DAYS_REMEMBERED, now)


def forget_wrong_passwords(email: str, address: str) -> None:
    """Resets the counts of the account after its owner chose a new password by mail."""
    account = account_key(email)
    forget("password-here", f"{account} {address}")
    forget("password-account", account)


def account_key(email: str) -> str:
    """One key for all spellings of an e-mail address that find the same account in any database."""
    plain = unicodedata.normalize("NFKC", email.strip())
    # Upper case first: PostgreSQL compares in upper case, where the dotless i is an I.
    return plain.upper().casefold()


def begin_mailed_code(process: str, now: datetime) -> Hit:
    """Counts an attempt at the code mailed in this sign-in.

    Args:
        process: identifies the sign-in.

    Raises:
        RateLimited: too many wrong codes; the person has to ask for another one.
    """
    return count("mailed-code", process, now)


def count_sign_up(address: str, now: datetime) -> None:
    """Counts an account created from this IP address.

    Raises:
        RateLimited: too many were created from there.
    """
    count("sign-up-address", address, now)


def count_mail(kind: str, email: str, address: str, now: datetime) -> None:
    """Counts a mail that somebody at this IP address asked for.

    It counts the same whether there is an account with that e-mail address.

    Args:
        kind: "reset", "code" or "confirm"; each has limits of its own.

    Raises:
        MailRefused: a limit is reached, and the mail is not sent.
    """
    recipient = f"{kind} {account_key(email)}"
    hits = []
    try:
        hits.append(count("mail-moment", recipient, now))
        hits.append(count("mail-hour", recipient, now))
        hits.append(count("mail-address", address, now))
    except RateLimited as refusal:
        give_back(hits)
        raise MailRefused(_refusal_message(kind, refusal)) from refusal


def _refusal_message(kind: str, refusal: RateLimited) -> str:
    wait = refusal.in_words
    scope = refusal.limit.scope
    if scope == "mail-moment":
        return (
            "We sent a mail to this address a moment ago. Look in the junk folder too. "
            f"Nothing there? Ask again in {wait}."
        )
    if scope == "mail-hour" and kind == "code":
        # An older code works only in the browser that asked for it, so "open the newest mail" may
        # not help. A link works in any browser.
        return (
            "We have sent this address several codes in the last hour. "
            f"The next can be sent in {wait}. "
            "To get in sooner, go back to sign in and choose “Forgot your password?”."
        )
    if scope == "mail-hour":
        return (
            "We have sent this address several mails in the last hour. Open the newest one: it "
            f"still works. You can ask for another in {wait}."
        )
    return (
        f"Very many mails were asked for from your network. Nothing is lost. Ask again in {wait}."
    )


def check_join_code(account: str, address: str, now: datetime) -> None:
    """Called before a join code is looked up.

    Args:
        account: the id of the signed-in user; "" for a visitor, who counts with all other
            visitors at the address.

    Raises:
        RateLimited: too many wrong codes by this account, or from this IP address.
    """
    if account:
        check("join-code-account", account, now)
    else:
        check("join-code-visitor", address, now)
    check("join-code-address", address, now)


def count_wrong_join_code(account: str, address: str, code: str, now: datetime) -> None:
    """Counts a join code that no cohort has; other arguments and errors as in `check_join_code`.

    Of visitors at one address the same code counts once: a room that opens one old link does not
    guess.
    """
    count("join-code-address", address, now)
    if account:
        count("join-code-account", account, now)
        return
    guess = f"{address} {code}"
    if not is_remembered(WRONG_CODE, guess, now):
        remember(WRONG_CODE, guess, 1, now)
        count("join-code-visitor", address, now)
