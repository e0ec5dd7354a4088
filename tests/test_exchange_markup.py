"""Rich text of others as Markdown: it looks the same or is refused, nothing dangerous passes, no course file is spoilt."""

from html import unescape

import nh3
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from courses.exchange.markup import as_seen, clean, rendered, to_html, to_markdown
from courses.exchange.refusals import Location, Misfit, Refused, TooMuch
from courses.library.markdown import faults_of
from tests.examples import examples

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
    return to_markdown(clean(text, PLACE), PLACE, inline)


def refused(text: str) -> str:
    with pytest.raises(Misfit) as caught:
        markdown(text)
    return caught.value.what


def letters(html: str) -> str:
    """All letters of a text in HTML, without any blank space."""
    words = unescape(nh3.clean(html, tags=set()))
    return "".join(words.split())


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            "<p>Look <b>here </b>and <i>there</i></p><p>Then wait.</p>",
            "Look **here** and *there*\n\nThen wait.",
        ),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c"),
        ("<p>a</p><ul><li>b<li>c</ul><p>d</p>", "a\n\n- b\n- c\n\nd"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<div>Title</div>a<br>b", "Title\n\na\\\nb"),
        ("<b><i>a</i></b> <strong>&nbsp;</strong>b", "***a*** \xa0b"),
        (
            '<a href="https://x.y/(z)">there</a> <code>a`b</code>',
            "[there](https://x.y/%28z%29) `` a`b ``",
        ),
        (
            "<p># no heading</p><p>1. no list</p><p>- nor this</p>",
            "\\# no heading\n\n1\\. no list\n\n\\- nor this",
        ),
        ('<p onclick="x()" class="y">a <span lang="cy" title="b">ŵ</span></p>', "a ŵ"),
    ],
)
def test_it_works(text, made):
    assert markdown(text) == made


def test_one_line_holds_lines_but_no_list():
    assert markdown("<p>a</p><p>b<br>c</p>", inline=True) == "a\\\nb\\\nc"
    with pytest.raises(Misfit, match="looks different here"):
        markdown("<p>a</p><ul><li>b</li></ul>", inline=True)


@pytest.mark.parametrize(
    "text", ["<i>a</i><i>b</i>", "<b>a*</b>b", "<i>-</i>a<i>-</i>", "<b><i>a</i></b><i>b</i>"]
)
def test_emphasis_that_would_look_different_is_refused_or_kept(text):
    try:
        made = markdown(text)
    except Misfit as refusal:
        assert "looks different here" in refusal.what
    else:
        assert as_seen(rendered(made, False)) == as_seen(text)


def test_emphasis_inside_a_word_is_kept_where_markdown_can():
    assert markdown("x<b>y</b>z<b>w</b>") == "x**y**z**w**"
    assert "looks different here" in refused("<p><i>a</i><i>b</i></p><p>c</p>")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<img src="a.png" alt="A baby">', "has the picture 'A baby'"),
        ('<img src="a.png" alt="">', "has the picture 'a.png'"),
        ("H<sub>2</sub>O", "has <sub> in its text"),
        ("a<script>b</script>", "has <script> in its text"),
        ("<custom-x>c</custom-x>", "has <custom-x> in its text"),
        ("<table><tr><td>a</td></tr></table>", "has <table> in its text"),
        ("<pre>a\nb</pre>", "has <pre> in its text"),
        ('<a href="http://x.y">a</a>', "has the link 'http://x.y', which is not https"),
        ('<a href="javascript:x()">a</a>', "has the link '', which is not https"),
        ('<p style="color: red">a</p>', "has words with a look of their own"),
        ('<span style="display:none">a</span>', "has words with a look of their own"),
        ("What does <b> do?", "has <b> that is not closed"),
        ("<p>\\( x \\)</p>", "has a formula in its text"),
        ("$$x$$", "has a formula in its text"),
        ("<li>a</li>", "has an entry of no list"),
    ],
)
def test_what_cannot_stand_here_is_refused_by_name(text, reason):
    assert reason in refused(text)


def test_a_text_of_too_many_or_too_deep_tags_is_refused():
    with pytest.raises(TooMuch, match="more than 500 HTML tags"):
        markdown("<b>a</b>" * 501)
    with pytest.raises(TooMuch, match="nested more than 60 deep"):
        markdown("<div>" * 61 + "a" + "</div>" * 61)


@pytest.mark.parametrize("ticks", ["`", "``", "`` ` ```", "a`b"])
def test_code_may_hold_ticks(ticks):
    made = markdown(f"<p><code>{ticks}</code></p>")
    assert letters(rendered(made, False)) == ticks.replace(" ", "")


@settings(max_examples=examples(80, 800), deadline=None, suppress_health_check=SLOW)
@given(plain, st.booleans())
def test_plain_words_stay_the_same_words(text, inline):
    html = to_html(text, "plain", PLACE)
    made = to_markdown(html, PLACE, inline)
    assert letters(rendered(made, inline)) == letters(html) == "".join(text.split())
    assert [fault for line in made.split("\n") for fault in faults_of(line)] == []


@settings(max_examples=examples(80, 800), deadline=None, suppress_health_check=SLOW)
@given(html, st.booleans())
@example("<code>&lt;script&gt;`</code>", False)
@example("<code>&lt;script&gt;`", False)
def test_html_looks_the_same_and_spoils_no_course_file_or_is_refused(text, inline):
    try:
        source = clean(text, PLACE)
        made = to_markdown(source, PLACE, inline)
    except Refused:
        return
    assert as_seen(rendered(made, inline)) == as_seen(source)
    assert letters(rendered(made, inline)) == letters(source)
    assert [fault for line in made.split("\n") for fault in faults_of(line)] == []


@settings(max_examples=examples(40, 400), deadline=None, suppress_health_check=SLOW)
@given(html)
def test_markdown_that_was_made_is_made_again(text):
    """What is exported must give the same Markdown when another system hands it on as it is."""
    try:
        once = markdown(text)
    except Refused:
        return
    again = markdown(rendered(once, False))
    assert as_seen(rendered(again, False)) == as_seen(rendered(once, False))
