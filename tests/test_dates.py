"""Dates and times are written in one way for people, and only `courses.web.dates` writes them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import engines

from courses.web import dates

ROOT = Path(__file__).parent.parent
SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London
WINTER = datetime(2026, 11, 30, 14, 2, tzinfo=UTC)

# Where a date is written for a machine: the name of a file that `outbox` makes.
FOR_MACHINES = {"courses/web/mail/outbox.py": "%Y%m%d-%H%M%S"}


def test_it_works():
    assert dates.day(date(2026, 3, 2)) == "2 March 2026"
    assert dates.day(WINTER) == "30 November 2026"
    assert dates.moment(WINTER) == "Monday 30 November 2026, 14:02"
    assert dates.clock(WINTER) == "14:02"


def test_everything_is_in_london():
    assert dates.day(SUMMER) == "1 July 2026"
    assert dates.moment(SUMMER) == "Wednesday 1 July 2026, 00:30"
    assert dates.clock(SUMMER) == "00:30"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ at|day }}", "30 November 2026"),
        ("{{ at|moment }}", "Monday 30 November 2026, 14:02"),
        ("{{ at|clock }}", "14:02"),
        ("{{ never|day }}{{ never|moment }}{{ never|clock }}", ""),
    ],
)
def test_templates_have_the_same_without_loading_anything(source, text):
    template = engines["django"].from_string(source)
    assert template.render({"at": WINTER, "never": None}) == text


def test_django_itself_writes_them_so():
    template = engines["django"].from_string("{{ at }}; {{ on }}")
    shown = template.render({"at": SUMMER, "on": date(2026, 3, 2)})
    assert shown == f"{dates.moment(SUMMER)}; 2 March 2026"


AD_HOC_IN_PYTHON = re.compile(
    r"strftime\(|dateformat|date_format\(|\{[^{}\n]*:[^{}\n]*%[-aAbBdHIjmMpSyY]"
)
AD_HOC_IN_TEMPLATES = re.compile(r"""\|(?:date|time)\b(?!:'Y-m-d')|\{% now\b""")
AD_HOC_IN_SCRIPTS = re.compile(r"toLocale(?:Date|Time)?String|DateTimeFormat")


def own_formats(found: re.Pattern[str], pattern: str, folder: str) -> list[str]:
    """The places below a folder that write a date in a way of their own."""
    places = []
    for path in sorted((ROOT / folder).rglob(pattern)):
        name = path.relative_to(ROOT).as_posix()
        allowed = FOR_MACHINES.get(name)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            is_allowed = allowed is not None and allowed in line
            if found.search(line) and not is_allowed:
                places.append(f"{name}:{number}: {line.strip()}")
    return places


def test_no_page_or_mail_has_a_format_of_its_own():
    assert own_formats(AD_HOC_IN_PYTHON, "*.py", "courses") == []
    assert own_formats(AD_HOC_IN_PYTHON, "*.py", "elearn") == []
    assert own_formats(AD_HOC_IN_TEMPLATES, "*.html", "templates") == []
    assert own_formats(AD_HOC_IN_TEMPLATES, "*.txt", "templates") == []
    assert own_formats(AD_HOC_IN_SCRIPTS, "*.js", "static/js") == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (AD_HOC_IN_PYTHON, 'at.strftime("%d")'),
        (AD_HOC_IN_PYTHON, 'f"on {localtime(at):%-d %B}"'),
        (AD_HOC_IN_PYTHON, "from django.utils.dateformat import format"),
        (AD_HOC_IN_TEMPLATES, '{{ at|date:"j F Y" }}'),
        (AD_HOC_IN_TEMPLATES, "{{ at|date }}"),
        (AD_HOC_IN_TEMPLATES, '{{ at|time:"H:i" }}'),
        (AD_HOC_IN_SCRIPTS, "at.toLocaleTimeString()"),
    ],
)
def test_a_format_of_its_own_is_found(pattern, line):
    assert pattern.search(line)
