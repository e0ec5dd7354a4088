"""What stands in one cell of a roster: an address, a name, a number, a day. Plain Python.

Each function returns the value, or raises `WrongCell`, which says what to write instead.
"""

import re
from datetime import date, timedelta

from courses.roster.columns import PROFESSION_NAMES, PROFESSION_OF, ROLE_OF, key_of
from courses.web.spreadsheets import plain_cell

# Characters nobody sees: zero width, direction marks, a byte order mark inside, soft hyphens.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
QUOTES = "\"'“”‘’«»"
ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
# As Excel shows a long number in a narrow column, and saves it in a CSV file.
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E[+]\d+", re.IGNORECASE)
EXCEL_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}
YES, NO = {"yes", "y", "true", "1", "x", "leaver"}, {"no", "n", "false", "0"}
FIRST_SERIAL = date(1899, 12, 30)  # day 0 of Excel's dates after February 1900
SERIALS = range(20_000, 80_000)  # 1954 to 2119
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST = {"name": 120, "email": 254, "employee_number": 30, "team": 80, "subteam": 80}


class WrongCell(ValueError):
    """A cell that cannot be read. The message says why, and what to write instead."""


def tidy(text: str) -> str:
    """The text without what nobody sees, with single spaces, and without quotes around all of it.

    Spaces that do not break become ordinary ones; the apostrophe that our own exports put in
    front of a formula comes off.
    """
    words = " ".join(UNSEEN.sub("", plain_cell(text)).split())
    if len(words) > 1 and words[0] in QUOTES and words[-1] in QUOTES:
        words = words[1:-1].strip()
    return words


def read_text(column: str, text: str) -> str:
    """A name, team or sub-team.

    Raises:
        WrongCell: it is too long, or a spreadsheet's error.
    """
    _forbid_excel_error(text)
    if len(text) > LONGEST[column]:
        raise WrongCell(
            f"This has {len(text)} characters. Write at most {LONGEST[column]}, or look whether "
            "two rows ran into one."
        )
    return text


def _forbid_excel_error(text: str) -> None:
    if text.upper() in EXCEL_ERRORS:
        raise WrongCell(f"{text} is an error of the spreadsheet. Write the value itself.")


def read_email(text: str) -> str:
    """An address in lower case, out of `mailto:` links and `Name <address>` too.

    Raises:
        WrongCell: there is none, there are two, or it is none.
    """
    _forbid_excel_error(text)
    if text.count("@") > 1:
        raise WrongCell("There are two addresses here. Write one, and give the other its own row.")
    between = re.search(r"<([^<>]*)>", text)
    address = between[1] if between else text
    address = address.strip().lower().removeprefix("mailto:").split("?")[0].strip(" .,;:" + QUOTES)
    if not address:
        raise WrongCell("There is no address. Write an email address such as name@example.org.")
    if len(address) > LONGEST["email"] or not ADDRESS.fullmatch(address):
        raise WrongCell(
            f"“{address[:60]}” is no email address. Write one such as name@example.org."
        )
    return address


def read_number(text: str) -> str:
    """An employee number, with its leading zeros.

    Raises:
        WrongCell: Excel has lost its digits, or it is too long.
    """
    _forbid_excel_error(text)
    if SCIENTIFIC.fullmatch(text):
        raise WrongCell(
            f"Excel has shortened this number to {text}, and its digits are lost. Set the column "
            "to Text, and type the number again."
        )
    if len(text) > LONGEST["employee_number"]:
        raise WrongCell(f"This has {len(text)} characters. Write at most 30.")
    return text


def read_profession(text: str) -> str:
    """The key of a professional role.

    Raises:
        WrongCell: none goes by this name.
    """
    key = PROFESSION_OF.get(key_of(text))
    if key:
        return key
    known = ", ".join(PROFESSION_NAMES.values())
    raise WrongCell(f"“{text[:60]}” is no role we know. Write one of: {known}.")


def read_roles(text: str) -> tuple[str, ...]:
    """The keys of one or more roles, as “Trainer and manager” or “Trainer; Manager”.

    Raises:
        WrongCell: one of them is no role.
    """
    roles = []
    for word in re.split(r"[,;/&+]|\band\b", text.casefold()):
        if not word.strip():
            continue
        role = ROLE_OF.get(key_of(word))
        if not role:
            raise WrongCell(f"“{text[:60]}” is no role. Write learner, trainer or manager.")
        roles.append(role)
    return tuple(sorted(set(roles)))


def read_leaves(text: str, today: date) -> date | None:
    """The last day of somebody who leaves; None: they stay.

    “Yes” is today. Days are read in British order.

    Raises:
        WrongCell: it is no day, may be two, or is still to come.
    """
    word = key_of(text)
    if not word or word in NO:
        return None
    if word in YES:
        return today
    day = read_day(text)
    if day > today:
        raise WrongCell("This day is still to come. Leave the cell empty until it has passed.")
    return day


def read_day(text: str) -> date:
    """A day out of ISO (2026-11-30), British (30/11/2026, 30 Nov 2026) or Excel's own count.

    Raises:
        WrongCell: it is none, or may mean two days.
    """
    words = text.strip()
    if words.isdigit() and int(words) in SERIALS:
        return FIRST_SERIAL + timedelta(days=int(words))
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?", words)
    if iso:
        return _day(text, iso[1], iso[2], iso[3])
    british = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})", words)
    if british:
        return _british_day(text, *british.groups())
    named = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?[ -](\d{4})", words)
    if named and named[2][:3].lower() in MONTHS:
        return _day(text, named[3], str(MONTHS.index(named[2][:3].lower()) + 1), named[1])
    raise WrongCell(f"“{text[:40]}” is no day. Write yes, or a day such as 30/11/2026.")


def _british_day(text: str, day: str, month: str, year: str) -> date:
    if len(year) == 2:
        raise WrongCell(
            f"“{text}” may be more than one day. Write the year in full, such as 30/11/2026."
        )
    if int(month) > 12 >= int(day):
        raise WrongCell(
            f"“{text}” has the month first, so other days of this file may be meant otherwise too."
            " Write the day first, such as 30/11/2026."
        )
    return _day(text, year, month, day)


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise WrongCell(f"There is no such day as {text}. Write it as 30/11/2026.") from None
