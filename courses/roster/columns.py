"""The columns of a roster: their names, the other names they go by, and the words their cells hold.

Plain Python: no Django, no database. How a file becomes cells is in `reading`.
"""

import re

MAX_ROWS = 5_000
HEADER_WITHIN = 20  # rows at the top of a sheet that are searched for the names of the columns

# key → the name as our own files write it
NAMES = {
    "name": "Name",
    "email": "Email",
    "employee_number": "Employee number",
    "profession": "Professional role",
    "team": "Team",
    "subteam": "Sub-team",
    "role": "Role",
    "cohort": "Cohort",
    "leaves": "Leaves",
}
# Other names, as `key_of` writes them. First and last names are joined to one name.
SYNONYMS = {
    "email": (
        "e mail", "mail", "email address", "e mail address", "mail address", "work email",
        "work e mail", "nhs email", "nhs mail", "contact email",
    ),
    "name": ("full name", "employee name", "staff name", "person", "learner"),
    "first_name": ("first name", "forename", "given name", "firstname"),
    "last_name": ("last name", "surname", "family name", "lastname"),
    "employee_number": (
        "employee no", "staff number", "staff no", "personnel number", "payroll number",
        "payroll no", "assignment number", "esr number", "esr no", "employee id", "staff id",
        "number",
    ),
    "profession": (
        "profession", "professional group", "job title", "job", "job role", "position title",
        "occupation", "staff group",
    ),
    "team": ("department", "service", "directorate", "division", "unit"),
    "subteam": ("sub team", "subteam", "sub department", "ward", "base", "locality"),
    "role": ("role in notice", "access", "user role"),
    "cohort": ("group", "class", "training group"),
    "leaves": ("leaver", "leaving", "leaving date", "leaves on", "left", "leave date", "end date"),
}  # fmt: skip
IGNORED = {"state"}  # in our own exports, for people to read
ROLES = {
    "learner": ("learner", "student", "trainee", "participant"),
    "trainer": ("trainer", "teacher", "facilitator", "educator"),
    "manager": ("manager", "organisation manager"),
}
# The keys are those of `User.Profession`; a test compares the two.
PROFESSIONS = {
    "health-visitor": ("health visitor", "hv", "schn hv", "specialist health visitor"),
    "camhs": ("camhs practitioner", "camhs", "camhs clinician", "mental health practitioner"),
    "midwife": ("midwife", "community midwife"),
    "school-nurse": ("school nurse", "sn", "schn sn"),
    "early-years": ("early years practitioner", "early years", "nursery nurse"),
    "social-worker": ("social worker", "sw"),
    "gp": ("gp", "general practitioner", "doctor"),
    "trainer": ("trainer", "practice educator"),
    "other": ("other",),
}
PROFESSION_NAMES = {
    "health-visitor": "Health visitor",
    "camhs": "CAMHS practitioner",
    "midwife": "Midwife",
    "school-nurse": "School nurse",
    "early-years": "Early years practitioner",
    "social-worker": "Social worker",
    "gp": "GP",
    "trainer": "Trainer",
    "other": "Other",
}


def key_of(words: str) -> str:
    """The words in lower case, with single spaces in place of anything but letters and digits."""
    return " ".join(re.findall(r"[a-z0-9]+", words.casefold()))


def _lookup(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    known = {}
    for key, words in table.items():
        for word in words:
            known[word] = key
    return known


def _column_lookup() -> dict[str, str]:
    known = _lookup(SYNONYMS)
    for key, name in NAMES.items():
        known[key_of(name)] = key
    return known


COLUMN_OF = _column_lookup()
ROLE_OF = _lookup(ROLES)
PROFESSION_OF = _lookup(PROFESSIONS)


def column_of(words: str) -> str | None:
    """The key of the column that goes by this name; None: none does."""
    return COLUMN_OF.get(key_of(words))
