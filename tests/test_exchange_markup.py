"""Rich text of others as Markdown: no letter is lost or made up, nothing dangerous passes, and no course file is spoilt."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.exchange.markup import canonical, from_html, from_plain, rendered, to_markdown, words
from courses.exchange.refusals import Location
from courses.library.markdown import faults_of

PLACE = Location("x")
SIGNS = [
    "*",
    "_",
    "[",
    "]",
    "(",
    ")",
    "`",
    "\\",
    "#",
    "-",
    "+",
    "1.",
    ">",
    "<",
    "&",
    "|",
    "\n",
    "\n\n",
    " ",
    "~",
    "=",
    "!",
]
SIGNS += ["@B1", "&amp;", "&lt;script&gt;", ":", "x", "y z", "é", "\u00a0", "<@x>"]
TAGS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<ul>",
    "<li>",
    "</ul>",
    "<br>",
    "<code>",
    "</code>",
    "<h2>",
    "</h2>",
]
TAGS += [
    "<a href='https://x.y'>",
    "</a>",
    "<blockquote>",
    "</blockquote>",
    "<table><tr><td>",
    "<td>",
    "</table>",
]
plain = st.lists(st.sampled_from(SIGNS), max_size=14).map("".join)
html = st.lists(st.sampled_from([*SIGNS, *TAGS]), max_size=14).map("".join)
SLOW = [HealthCheck.too_slow]


def markdown(text: str, inline: bool = False) -> str:
    left: list[str] = []
    return to_markdown(from_html(text, PLACE, left), inline, left)


def left_out(text: str) -> list[str]:
    left: list[str] = []
    to_markdown(from_html(text, PLACE, left), False, left)
    return left


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "<p>Look <b>here </b>and <i>there</i></p><p>Then wait.</p>",
            "Look **here** and *there*\n\nThen wait.",
        ),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            "<table><tr><th>a|b</th><th>c</th></tr><tr><td>1</td></tr></table>",
            "| a\\|b | c |\n| --- | --- |\n| 1 |  |",
        ),
        ("<h1>Title</h1>a<br>b", "### Title\n\na\\\nb"),
        (
            '<a href="https://x.y/(z)">there</a> <code>a`b</code>',
            "[there](https://x.y/%28z%29) `` a`b ``",
        ),
        (
            "<p># no heading</p><p>1. no list</p><p>- nor this</p>",
            "\\# no heading\n\n1\\. no list\n\n\\- nor this",
        ),
    ],
)
def test_it_works(text, said):
    assert markdown(text) == said


def test_one_line_holds_what_many_did():
    assert markdown("<p>a</p><ul><li>b</li><li>c<br>d</li></ul>", inline=True) == "a b c\\\nd"


@pytest.mark.parametrize(
    "text",
    [
        "<i>a</i><i>b</i>",
        "x<b>y</b>z<b>w</b>",
        "<b>a*</b>b",
        "<i>-</i>a<i>-</i>",
        "<b><i>a</i></b><i>b</i>",
    ],
)
def test_emphasis_that_would_change_the_words_is_given_up(text):
    assert words(rendered(markdown(text), False)) == words(from_html(text, PLACE, []))


def test_emphasis_that_is_given_up_is_told():
    assert markdown("<p><i>a</i><i>b</i></p><p>c</p>") == "ab\n\nc"
    assert left_out("<p><i>a</i><i>b</i></p>") == ["the emphasis"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('<img src="a.png" alt="A baby">', ["the picture 'A baby'"]),
        ("H<sub>2</sub>O", ["<sub>"]),
        ("a<script>b</script><custom-x>c</custom-x>", ["<script>", "<custom-x>"]),
        ('<a href="http://x.y">a</a>', ["the link 'http://x.y'"]),
        ('<a href="javascript:x()">a</a>', ["the link on 'a'"]),
        ('<p onclick="x()" style="color: red">a</p>', []),
    ],
)
def test_what_is_left_out_is_told_by_name(text, left):
    assert left_out(text) == left


@pytest.mark.parametrize("ticks", ["`", "``", "`` ` ```", "a`b"])
def test_code_may_hold_ticks(ticks):
    made = markdown(f"<p><code>{ticks}</code></p>")
    assert words(rendered(made, False)) == ticks.replace(" ", "")


def test_a_wide_table_becomes_paragraphs():
    assert markdown("<table><tr>" + "<td>a</td>" * 21 + "</tr></table>") == "\n\n".join("a" * 21)


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(plain, st.booleans())
def test_plain_words_stay_the_same_words(text, inline):
    made = from_plain(text, inline)
    assert words(rendered(made, inline)) == "".join(text.split())
    assert [fault for line in made.split("\n") for fault in faults_of(line)] == []


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(html, st.booleans())
def test_html_keeps_its_words_and_spoils_no_course_file(text, inline):
    rich = from_html(text, PLACE, [])
    made = to_markdown(rich, inline, [])
    assert words(rendered(made, inline)) == words(rich)
    assert [fault for line in made.split("\n") for fault in faults_of(line)] == []


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(html)
def test_markdown_that_was_made_is_made_again(text):
    """What is exported without its Markdown beside it must give the same Markdown when it comes back."""
    once = markdown(text)
    again = to_markdown(rendered(once, False), False, [])
    assert canonical(rendered(again, False)) == canonical(rendered(once, False))
