"""Small files of other systems, each with something that no item here shows or scores: taken whole, or left out by name.

The texts in foreign/cases/ are invented; each file shows one thing that real files do.
"""

from pathlib import Path

import pytest

from courses import exchange
from courses.assessment.items.neutral import Group, Item
from courses.exchange.book_builder import Book
from courses.exchange.refusals import Empty

CASES = Path(__file__).parent / "foreign" / "cases"
FORMS = {".gift": "gift", ".xml": "moodle", ".qti": "qti", ".zip": "qti"}
UNLIKE = "gives its right options unlike shares of the mark"
OWN_RULES = "gives marks or feedback by rules of its own, which are not read"
DESCRIPTION = "is a description, not a question; put its words into a step of a lesson"

LEFT_OUT = {
    # What is shown on a condition.
    "q_feedback_block.qti": ["2: kitchen: has <qti-feedback-block> in its text"],
    "q_hidden_template.qti": ["2: kitchen: has <qti-template-block> in its text"],
    "q_modal_hide.qti": ["2: kitchen: has feedback that is shown on a condition"],
    # Line ends that mean something.
    "x_pre_same.xml": ["2: shape: has <pre> in its text"],
    "q_pre.qti": ["2: kitchen: has <pre> in its text"],
    "i08_pre.gift": ["3: S: has <pre> in its text"],
    # Right-hand sides that are only pictures.
    "q_match_img.qti": ["2: kitchen: has the picture 'x.png'; say it in words"],
    # Marks that are not ours.
    "x_tf_penalty.xml": ["3: TF: takes other marks off for its wrong options"],
    "q_match_mapped.qti": ["2: kitchen: names other right answers than it gives marks for"],
    "q_order_partial.qti": [f"6: brew: {OWN_RULES}"],
    "q_rp_contradicts.qti": [f"7: kitchen: {OWN_RULES}"],
    "g_longweight_mixed.gift": [f"1: Fruit: {UNLIKE}"],
    "g_longweight.gift": [f"1: S: {UNLIKE}"],
    "g_lower_tf.gift": ["1: Q: is a short answer", "3: Q2: is a short answer"],
    # What no item here has a place for.
    "i22b_num_wrongfb.gift": ["1: N: asks for a number, which no item here does; write a choice"],
    "x_hint.xml": ["3: H: has general feedback, 'Well.'"],
    "x_tex.xml": ["3: T: has a formula in its text"],
    "x_md.xml": ["3: P: has the picture 'pic'"],
    "g_stem_tag.gift": ["1: Q: has <b> that is not closed; close it, or write &lt;b>"],
    "q_case_two.qti": ["2: kitchen: has feedback that is shown on a condition no option here has"],
    # Files of which nothing can be taken say why.
    "q_only_info.qti": ["2: kitchen: asks nothing; put its words into a step of a lesson"],
    "x_only_description.xml": [f"2: hello: {DESCRIPTION}"],
    "g_only_description.gift": [f"1: Hello: {DESCRIPTION}"],
    "q_ns_none.qti": ["2: kitchen: is <qti-assessment-item> of the namespace '', not an item of"],
    "q_ns_wrong.qti": ["of the namespace 'http://www.imsglobal.org/xsd/qti/imsqtiasi_v3p0'"],
}


def read(name: str) -> Book:
    path = CASES / name
    return exchange.read(FORMS[path.suffix], path.read_bytes(), name)


def only(name: str) -> Item:
    (item,) = read(name).items
    return item


def changed(name: str, old: str, new: str) -> Book:
    """The book of a case with one thing in it changed."""
    text = (CASES / name).read_text()
    assert old in text
    return exchange.read(FORMS[Path(name).suffix], text.replace(old, new).encode(), name)


@pytest.mark.parametrize(("name", "reasons"), LEFT_OUT.items())
def test_it_works(name, reasons):
    with pytest.raises(Empty, match="has no item that can be taken") as caught:
        read(name)
    left_out = [str(reason) for reason in caught.value.reasons]
    assert len(left_out) == len(reasons)
    for reason, line in zip(reasons, left_out, strict=True):
        assert line.startswith(f"{name}:")
        assert reason in line


def test_lines_that_moodle_shows_stay_lines():
    assert only("i07b_reallines.gift").stem == "Read:\\\nline one\\\nline two"
    stem = "Read the list.\\\n1\\. wash\\\n2\\. dry\\\nWhat is first?"
    assert only("i07c_moodlelines.gift").stem == stem


def test_the_key_of_a_match_may_stand_in_its_mapping():
    item = only("q_match_nokey.qti")
    assert item.kind == "match"
    assert item.groups == (Group("right-1", "x"), Group("right-2", "y"), Group("right-3", "z"))
    with pytest.raises(Empty) as caught:
        changed("q_match_nokey.qti", 'mapped-value="1"', 'mapped-value="0"')
    assert "names no right answer; write which pairs are right" in str(caught.value.reasons[0])


def test_right_hand_sides_are_known_by_identifier_not_by_their_words():
    with pytest.raises(Empty) as caught:
        changed("q_match_nokey.qti", ">y<", ">x<")
    what = "has an answer that is empty or looks like another, 'x'; change it"
    assert what in str(caught.value.reasons[0])


def test_a_pair_that_is_worth_more_than_another_leaves_a_match_out():
    with pytest.raises(Empty) as caught:
        changed(
            "q_match_nokey.qti", 'map-key="A X" mapped-value="1"', 'map-key="A X" mapped-value="3"'
        )
    assert "gives its pairs unlike marks" in str(caught.value.reasons[0])


def test_words_between_two_choices_are_asked_with_the_second():
    feedback = (CASES / "q_case_two.qti").read_text().partition("</qti-item-body>\n")[2]
    feedback = feedback.removesuffix("</qti-assessment-item>\n")
    (item,) = changed("q_case_two.qti", feedback, "").items
    assert (item.kind, item.stem) == ("case", "Story.")
    prompts = [part.prompt for part in item.parts]
    assert prompts == ["Which holds water?", "Between.\n\nWhich holds water?"]


def test_a_choice_without_a_question_leaves_a_case_out():
    feedback = (CASES / "q_case_two.qti").read_text().partition("</qti-item-body>\n")[2]
    text = (CASES / "q_case_two.qti").read_text().replace(feedback, "</qti-assessment-item>")
    text = text.replace("<qti-prompt>Which holds water?</qti-prompt>", "", 1)
    with pytest.raises(Empty) as caught:
        exchange.read("qti", text.encode(), "q_case_two.qti")
    assert "kitchen: asks nothing in words; write its question" in str(caught.value.reasons[0])


def test_a_question_swallowed_by_its_category_line_is_named():
    book = read("g_category_noblank.gift")
    assert [item.key for item in book.items] == ["q2"]
    what = "follows a category line at once; put an empty line between them"
    assert [str(reason) for reason in book.left_out] == [f"g_category_noblank.gift:1: {what}"]


def test_a_test_that_is_dropped_is_said_once():
    book = read("z_test_dropped.zip")
    assert len(book.items) == 1
    what = "has a test, whose order and limits of time are dropped (1 ×)"
    assert f"z_test_dropped.zip:1: {what}" in book.notes


def test_qti_12_is_named_with_what_to_export_instead():
    with pytest.raises(Empty) as caught:
        read("z_qti12_manifest.zip")
    what = "is QTI 1.2 (imsqti_xmlv1p2); export it as QTI 3.0"
    assert [str(reason) for reason in caught.value.reasons] == [f"imsmanifest.xml:2: r1: {what}"]


def test_every_hint_counts():
    with pytest.raises(Empty) as caught:
        changed("x_hint.xml", "<text>Well.</text>", "<text></text>")
    assert "H: has feedback on any right answer, 'Yes!'" in str(caught.value.reasons[0])
    text = (CASES / "x_hint.xml").read_text().replace("Well.", "").replace("Yes!", "")
    with pytest.raises(Empty) as caught:
        exchange.read("moodle", text.encode(), "x_hint.xml")
    assert "H: has a hint, 'Think'" in str(caught.value.reasons[0])
    text = text.replace("Think", "").replace("Again", "")
    assert len(exchange.read("moodle", text.encode(), "x_hint.xml").items) == 1


def test_every_case_is_met_here():
    taken = {
        "g_category_noblank.gift",
        "i07b_reallines.gift",
        "i07c_moodlelines.gift",
        "q_match_nokey.qti",
        "z_qti12_manifest.zip",
        "z_test_dropped.zip",
    }
    assert {path.name for path in CASES.iterdir()} == taken | set(LEFT_OUT)
