"""QTI 3.0 both ways: a package as others write it, our own as it leaves, and 500 made items that come back the same."""

import tempfile
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.assessment.items import KINDS, score_item
from courses.assessment.items.neutral import Card, Group, Item, Option, Part
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.reader import FileReader
from courses.authoring.schema import item_fields
from courses.exchange import qti_reader, qti_writer
from courses.exchange.archive import Archive
from courses.exchange.authored_items import to_raw
from courses.exchange.book_builder import Book
from courses.exchange.qti_writer import QTI
from courses.exchange.refusals import BadFile, Empty
from courses.library import content
from tests.examples import examples
from tests.exchanged import banks, items

FOREIGN = Path(__file__).parent / "foreign" / "qti"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
CHOICE = '<qti-choice-interaction response-identifier="R"><qti-simple-choice identifier="a">A</qti-simple-choice>'
CHOICE += '<qti-simple-choice identifier="b">B</qti-simple-choice></qti-choice-interaction>'
ENTRY = '<qti-text-entry-interaction response-identifier="R"/>'
ORDERING = CHOICE.replace("choice-interaction", "order-interaction")
RULES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
FEEDBACK = '<qti-modal-feedback outcome-identifier="F" identifier="a" show-hide="show">Yes.</qti-modal-feedback>'
SHOWN = (
    '<qti-set-outcome-value identifier="F"><qti-variable identifier="R"/></qti-set-outcome-value>'
)

NOWHERE = Path(
    tempfile.mkdtemp(), "x"
)  # what names a line looks for it in the file, which is empty here
NOWHERE.touch()


def packed(files: dict[str, bytes | str]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def foreign() -> dict[str, bytes | str]:
    found = {
        path.relative_to(FOREIGN).as_posix(): path.read_bytes()
        for path in sorted(FOREIGN.rglob("*.xml"))
    }
    return found | {"images/baby.png": b"\x89PNG", "test.xml": b"<x/>"}


def one(body: str, declared: str = "", attributes: str = "", after: str = "") -> bytes:
    """A file with one item; RESPONSE `R` takes a, unless it is declared."""
    right = "<qti-correct-response><qti-value>a</qti-value></qti-correct-response>"
    plain = f'<qti-response-declaration identifier="R" cardinality="single" base-type="identifier">{right}'
    head = f'<qti-assessment-item xmlns="{QTI}" identifier="i-1" title="One" {attributes}>'
    declared = declared or f"{plain}</qti-response-declaration>"
    return f"{head}\n{declared}\n<qti-item-body>{body}</qti-item-body>{after}</qti-assessment-item>".encode()


def asked(body: str, **more: str) -> Item:
    return qti_reader.read(one(body, **more), "i.xml").items[0]


def told(body: str, **more: str) -> list[str]:
    return [str(note) for note in qti_reader.read(one(body, **more), "i.xml").notes]


def refused(data: bytes) -> list[str]:
    """Why the items of a file are left out."""
    try:
        reasons = qti_reader.read(data, "i.xml").left_out
    except Empty as empty:
        reasons = empty.reasons
    return [f"{type(reason).__name__} {reason}" for reason in reasons]


def item_xml(item: Item) -> ElementTree.Element:
    return ElementTree.fromstring(
        Archive(qti_writer.write([item]), "x").read(f"items/{item.key}.xml")
    )


OPTIONS = (Option("A **pause**", True, "Yes.", ("C2.4",)), Option("Boredom", False, "No & <no>."))
SINGLE = Item(
    "looking-away",
    "single",
    "Why?",
    options=OPTIONS,
    outcome="reads-cues",
    lesson="cues",
    use=("final",),
)
CARDS = (
    Card("Seed", "small", "It is.", ("B1",)),
    Card("Whale", "large", "No."),
    Card("Crumb", "small", "Yes."),
)
SORT = Item(
    "things",
    "sort",
    "Where?",
    cards=CARDS,
    groups=(Group("small", "Small"), Group("large", "Large")),
)
ORDER = Item("steps", "order", "In turn?", cards=(Card("One"), Card("Two"), Card("Three")))
CASE = Item(
    "visit",
    "case",
    "He is tired.",
    parts=(Part("First?", "single", OPTIONS), Part("Then?", "multiple", OPTIONS)),
)


def test_it_works():
    root = item_xml(SINGLE)
    assert root.tag == f"{{{QTI}}}qti-assessment-item"
    assert [child.tag.removeprefix(f"{{{QTI}}}") for child in root] == [
        "qti-response-declaration",
        *["qti-outcome-declaration"] * 3,
        "qti-item-body",
        "qti-response-processing",
        *["qti-modal-feedback"] * 2,
    ]
    book = qti_reader.read(qti_writer.write([SINGLE, SORT, ORDER, CASE]), "a.zip")
    assert book.items == (SINGLE, SORT, ORDER, CASE)


def test_the_package_names_each_file_and_is_the_same_each_time():
    data = qti_writer.write([SINGLE, ORDER])
    archive = Archive(data, "a.zip")
    assert list(archive.entries) == ["imsmanifest.xml", "items/looking-away.xml", "items/steps.xml"]
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    resources = [node for node in manifest.iter() if node.tag.endswith("}resource")]
    assert [(node.get("type"), node.get("href")) for node in resources] == [
        ("imsqti_item_xmlv3p0", "items/looking-away.xml"),
        ("imsqti_item_xmlv3p0", "items/steps.xml"),
    ]
    assert qti_writer.write([SINGLE, ORDER]) == data


@settings(max_examples=examples(100, 1000), deadline=None, suppress_health_check=SLOW)
@given(items())
def test_made_items_come_back_the_same(item):
    assert qti_reader.read(qti_writer.write([item]), "a.zip").items == (item,)


@settings(max_examples=examples(12, 120), deadline=None, suppress_health_check=SLOW)
@given(banks())
def test_a_package_of_several_items_keeps_their_order(bank):
    book = qti_reader.read(qti_writer.write(bank), "a.zip")
    assert list(book.items) == bank
    assert book.left_out == book.notes == ()


def test_another_system_meets_html_and_we_our_markdown():
    item = Item("m", "single", "See *this* [@B1]:\n\n- [[one]]", options=OPTIONS)
    text = Archive(qti_writer.write([item]), "x").read("items/m.xml").decode()
    assert "<p>See <em>this</em> :</p>" in text
    assert "<li>one</li>" in text
    assert "A <strong>pause</strong>" in text
    assert "No &amp; &lt;no&gt;." in text
    assert (
        qti_reader.read(qti_writer.write([item]), "x").items[0].stem
        == "See *this* [@B1]:\n\n- [[one]]"
    )


def test_what_somebody_changed_elsewhere_counts():
    item = Item("m", "single", "See *this* [@B1].", options=OPTIONS)
    files = {
        name: Archive(qti_writer.write([item]), "x").read(name)
        for name in ("imsmanifest.xml", "items/m.xml")
    }
    files["items/m.xml"] = files["items/m.xml"].replace(b"<em>this</em>", b"<strong>that</strong>")
    assert qti_reader.read(packed(files), "x").items[0].stem == "See **that** ."


def as_content(item: Item) -> content.Item:
    """The item as a learner would meet it."""
    kind = KINDS[item.kind]
    reader = FileReader(NOWHERE, NOWHERE, {}, {}, Problems(NOWHERE.parent))
    fields = item_fields(kind.fields).model_validate(to_raw(item))
    return content.Item(key=item.key, kind=item.kind, stem="", **kind.make(reader, fields, 1, "x"))


class Engine:
    """As much of QTI's response processing as our exports use, after the text of the standard."""

    def __init__(self, root: ElementTree.Element, given: dict[str, list[str]]) -> None:
        self.given, self.outcomes = given, {"SCORE": 0.0}
        self.declared = {
            node.get("identifier"): node for node in self.all(root, "response-declaration")
        }
        for node in self.all(root, "response-processing")[0]:
            self.run(node)

    def all(self, node: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
        return list(node.iter(f"{{{QTI}}}qti-{tag}"))

    def run(self, node: ElementTree.Element) -> None:
        tag = node.tag.removeprefix(f"{{{QTI}}}qti-")
        if tag == "set-outcome-value":
            self.outcomes[node.get("identifier")] = self.value(node[0])
            return
        assert tag == "response-condition"
        test, *deeds = self.all(node, "response-if")[0]
        if self.value(test):
            for deed in deeds:
                self.run(deed)

    def value(self, node: ElementTree.Element):
        tag, name = node.tag.removeprefix(f"{{{QTI}}}qti-"), node.get("identifier", "")
        inner = [self.value(child) for child in node]
        if tag == "base-value":
            return float(node.text) if node.get("base-type") == "float" else node.text
        return {
            "variable": lambda: self.given.get(name, []),
            "correct": lambda: [
                one.text
                for one in self.all(self.all(self.declared[name], "correct-response")[0], "value")
            ],
            "map-response": partial(self.mapped, name),
            "match": lambda: inner[0] == inner[1],
            "sum": lambda: sum(inner),
            "subtract": lambda: inner[0] - inner[1],
            "divide": lambda: inner[0] / inner[1],
            "max": lambda: max(inner),
            "multiple": lambda: inner,
        }[tag]()

    def mapped(self, name: str) -> float:
        mapping = self.all(self.declared[name], "mapping")[0]
        marks = {
            one.get("map-key"): float(one.get("mapped-value"))
            for one in self.all(mapping, "map-entry")
        }
        return max(
            float(mapping.get("lower-bound")),
            sum(marks.get(one, 0.0) for one in set(self.given.get(name, []))),
        )


def answered(draw, item: Item, made: content.Item) -> tuple[object, dict[str, list[str]]]:
    """Some answer to the item, as our form sends it and as a QTI system keeps it."""
    if item.kind == "case":
        ours, theirs = {}, {}
        for n, part in enumerate(made.parts, 1):
            chosen = draw(st.sets(st.sampled_from([one.key for one in part.options]), max_size=8))
            ours[part.key] = [*chosen][:1] if part.kind == "single" else [*chosen]
            theirs[f"RESPONSE{n}"] = [f"c{n}-{key.partition('-')[2]}" for key in ours[part.key]]
        return ours, theirs
    if not item.cards:
        chosen = [*draw(st.sets(st.sampled_from([one.key for one in made.options]), max_size=8))]
        chosen = chosen if item.kind == "multiple" else chosen[:1]
        return chosen, {"RESPONSE": [f"c-{key}" for key in chosen]}
    keys = {group.html: group.key for group in item_groups(item)}
    places = {
        card.key: draw(st.sampled_from([group.key for group in made.groups])) for card in made.cards
    }
    shown = {group.key: group.html for group in made.groups}
    return places, {
        "RESPONSE": [f"c-{card} g-{keys[shown[place]]}" for card, place in places.items()]
    }


def item_groups(item: Item) -> list[content.Group]:
    """The groups of an item under the keys that QTI knows, their words rendered."""
    reader = FileReader(NOWHERE, NOWHERE, {}, {}, Problems(NOWHERE.parent))
    return [
        content.Group(key=group.key, html=reader.inline(group.text, 1, "x"))
        for group in item.groups
    ]


@settings(max_examples=examples(30, 300), deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_another_system_gives_the_marks_we_give(data):
    item = data.draw(items().filter(lambda one: one.kind != "order"))
    made = as_content(item)
    if len({group.html for group in made.groups}) < len(made.groups):
        return  # two places that look the same cannot be told apart here
    ours, theirs = answered(data.draw, item, made)
    score = Engine(item_xml(item), theirs).outcomes["SCORE"]
    assert score == pytest.approx(float(score_item(made, ours).earned))


def test_another_system_gives_the_mark_for_the_right_order_alone():
    root = item_xml(ORDER)
    right = [node.text for node in root.iter(f"{{{QTI}}}qti-value")][:3]
    assert Engine(root, {"RESPONSE": right}).outcomes["SCORE"] == 1
    assert Engine(root, {"RESPONSE": right[::-1]}).outcomes["SCORE"] == 0
    assert len(Engine(root, {"RESPONSE": right}).outcomes["FEEDBACK"]) == 3


def read_foreign() -> Book:
    return qti_reader.read(packed(foreign()), "bank.zip")


def test_a_package_of_another_system_is_read():
    book = read_foreign()
    assert [(item.key, item.kind) for item in book.items] == [
        ("serves", "sort"),
        ("waking", "order"),
        ("visit", "case"),
    ]
    serves, waking, visit = book.items
    assert [(card.text, card.group) for card in serves.cards] == [
        ("Reaching out", "more"),
        ("Smiling", "more"),
        ("Arching", "less"),
    ]
    assert [card.text for card in waking.cards] == ["Deep sleep", "Light sleep", "Quiet alert"]
    assert [(part.prompt, part.kind) for part in visit.parts] == [
        ("What do you say first?", "single"),
        ("What do you ask then?", "multiple"),
    ]
    assert [option.is_correct for option in visit.parts[1].options] == [True, False, True]


def test_what_no_item_here_shows_or_scores_is_left_out_with_entry_line_and_reason():
    assert [str(reason) for reason in read_foreign().left_out] == [
        "items/looking away.xml:2: ITM-looking_away: has the picture 'A baby on a mat'; say it in words",
        "items/tired.xml:2: tired: gives its right options unlike shares of the mark; here each earns the same",
        "items/word.xml:8: word: has a qti-text-entry-interaction, which no item here is; take it out",
        "items/essay.xml:5: essay: has a qti-extended-text-interaction, which no item here is; take it out",
    ]


def test_what_is_dropped_of_the_whole_package_is_said_once():
    assert read_foreign().notes == (
        "bank.zip:1: has a test, whose order and limits of time are dropped (1 ×)",
        "bank.zip:1: has rubrics for authors and tutors, which are dropped (1 ×)",
        "bank.zip:1: has cards to place; here each place counts the same, beyond guessing (2 ×)",
        "bank.zip:1: names no sources; write what its feedback rests on (3 ×)",
    )


def test_a_choice_of_another_system_is_read_with_what_it_says_of_options():
    inline = '<qti-feedback-inline outcome-identifier="F" identifier="a">Yes. A <em>rest</em>.</qti-feedback-inline>'
    body = f"<p>A baby of <strong>four months</strong>.</p><div>{CHOICE.replace('A<', f'A {inline}<')}</div>"
    body = body.replace('"R">', '"R"><qti-prompt>Why?</qti-prompt>')
    no = FEEDBACK.replace('"a"', '"b"').replace(
        "Yes.", "<qti-content-body><p>No.</p></qti-content-body>"
    )
    item = asked(body, after=f"{processing(SHOWN + CORRECT)}{no}")
    assert (item.kind, item.stem) == ("single", "A baby of **four months**.\n\nWhy?")
    assert item.options == (Option("A", True, "Yes. A *rest*."), Option("B", False, "No."))


def processing(inside: str, template: str = "") -> str:
    attribute = f' template="{RULES}/{template}.xml"' if template else ""
    return f"<qti-response-processing{attribute}>{inside}</qti-response-processing>"


CORRECT = """<qti-response-condition>
  <qti-response-if>
    <qti-match><qti-variable identifier="R"/><qti-correct identifier="R"/></qti-match>
    <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
  </qti-response-if>
  <qti-response-else>
    <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0.0</qti-base-value></qti-set-outcome-value>
  </qti-response-else>
</qti-response-condition>"""


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (FEEDBACK, "has feedback that is shown on a condition"),
        (processing(SHOWN) + FEEDBACK.replace('"show"', '"hide"'), "has feedback that is shown on"),
        (processing(SHOWN) + FEEDBACK.replace('"a"', '"x"'), "has feedback that is shown on"),
        (processing(SHOWN) + FEEDBACK * 2, "has several feedbacks on one option"),
        (processing(SHOWN) + FEEDBACK * 101, "has 101 answers"),
        (processing("", "map_response_point"), "gives marks by a template of its own"),
        (
            processing(SHOWN.replace('"F"', '"SCORE"')),
            "gives marks or feedback by rules of its own",
        ),
        (processing(CORRECT.replace(">1<", ">2<")), "gives marks or feedback by rules of its own"),
        (processing(CORRECT.replace('"R"', '"S"')), "has no declaration of the response 'R'"),
    ],
)
def test_feedback_and_marks_by_other_rules_leave_an_item_out(after, reason):
    assert reason in refused(one(CHOICE, after=after))[0]


@pytest.mark.parametrize(
    "after", [processing("", "match_correct"), processing(CORRECT.replace('"R"', '"RESPONSE"'))]
)
def test_all_or_nothing_is_our_rule_for_one_choice_only(after):
    body = "<p>Why?</p>" + CHOICE.replace('"R"', '"RESPONSE"')
    assert asked(body, declared=declared("single"), after=after).kind == "single"
    body = body.replace('"RESPONSE"', '"RESPONSE" max-choices="0"')
    assert asked(body, declared=declared("multiple")).kind == "multiple"
    reason = "gives its mark for the whole right answer only; here a part earns a part"
    assert reason in refused(one(body, declared=declared("multiple"), after=after))[0]


def declared(cardinality: str) -> str:
    right = "<qti-correct-response><qti-value>a</qti-value></qti-correct-response>"
    head = f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="identifier">'
    return f"{head}{right}</qti-response-declaration>"


def test_feedback_in_an_option_that_is_shown_with_another_leaves_an_item_out():
    inline = '<qti-feedback-inline outcome-identifier="F" identifier="b">No.</qti-feedback-inline>'
    body = CHOICE.replace("A<", f"A {inline}<")
    reason = "has feedback in an option that is shown with another"
    assert reason in refused(one(body, after=processing(SHOWN)))[0]


def test_a_rubric_for_learners_leaves_an_item_out():
    rubric = '<qti-rubric-block view="{}"><qti-content-body><p>Look.</p></qti-content-body></qti-rubric-block>'
    assert asked(
        rubric.format("scorer tutor")
        + CHOICE.replace("<qti-simple", "<qti-prompt>?</qti-prompt><qti-simple", 1)
    )
    assert (
        "has <qti-rubric-block> in its text" in refused(one(rubric.format("candidate") + CHOICE))[0]
    )


def test_words_after_the_answers_leave_an_item_out():
    assert (
        "has words after its last answers" in refused(one(f"<p>Why?</p>{CHOICE}<p>Think.</p>"))[0]
    )


def test_a_choice_inside_of_something_conditional_is_left_out():
    hidden = (
        f'<qti-feedback-block outcome-identifier="F" identifier="a">{CHOICE}</qti-feedback-block>'
    )
    assert "has <qti-feedback-block>" in refused(one(hidden))[0]


@pytest.mark.parametrize(
    "name",
    [
        "hotspot",
        "graphic-gap-match",
        "gap-match",
        "inline-choice",
        "hottext",
        "slider",
        "upload",
        "portable-custom",
        "novel",
    ],
)
def test_an_unknown_interaction_is_refused_by_name(name):
    said = refused(one(f'\n<div><qti-{name}-interaction response-identifier="R"/></div>'))
    assert said == [
        f"Misfit i.xml:4: i-1: has a qti-{name}-interaction, which no item here is; take it out"
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            one(CHOICE, attributes='adaptive="true"'),
            "Misfit i.xml:1: i-1: is of an unknown kind, adaptive",
        ),
        (
            one(f"<p>{ENTRY} and {ENTRY}</p>"),
            "Misfit i.xml:3: i-1: has a qti-text-entry-interaction, which no item here is",
        ),
        (
            one(f"<p>{ENTRY}</p>{CHOICE}"),
            "Misfit i.xml:3: i-1: has a qti-text-entry-interaction, which no item here is",
        ),
        (
            one(CHOICE, after="<qti-template-processing/>"),
            "Misfit i.xml:3: i-1: is of an unknown kind, qti-template",
        ),
        (
            one(
                '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>' + CHOICE
            ),
            "Misfit i.xml:3: i-1: is of an unknown kind, include",
        ),
        (
            one(CHOICE.replace('"R"', '"S"')),
            "Misfit i.xml:3: i-1: has no declaration of the response 'S'",
        ),
        (one(CHOICE + ORDERING), "Misfit i.xml:1: i-1: "),
        (
            one(CHOICE).replace(QTI.encode(), b"http://www.imsglobal.org/xsd/imsqti_v2p1"),
            "BadFile i.xml:1: i-1: is <qti",
        ),
        (
            one(CHOICE.replace("choice-inter", "order-inter")),
            "Misfit i.xml:1: i-1: has a right order that does not name",
        ),
        (
            one('<qti-match-interaction response-identifier="R"/>'),
            "Misfit i.xml:1: i-1: has no two sets with pairs",
        ),
    ],
)
def test_what_no_item_can_be_is_refused_by_name(data, said):
    assert refused(data)[0].startswith(said)


def test_a_card_with_two_places_is_refused():
    files = foreign()
    files["items/serves.xml"] = bytes(files["items/serves.xml"]).replace(b"L R3", b"L R1")
    left_out = [str(reason) for reason in qti_reader.read(packed(files), "bank.zip").left_out]
    what = "has cards with no place or several; here each card has one place"
    assert f"items/serves.xml:2: serves: {what}" in left_out


def test_an_item_that_asks_nothing_is_left_out():
    reason = "Misfit i.xml:1: i-1: asks nothing; put its words into a step of a lesson"
    assert refused(one("<p>Read this.</p>")) == [reason]


def test_options_with_marks_of_their_own_leave_an_item_out():
    mapped = '<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-mapping{}>{}'
    mapped += "</qti-mapping></qti-response-declaration>"
    entries = (
        '<qti-map-entry map-key="a" mapped-value="4"/><qti-map-entry map-key="b" mapped-value="2"/>'
    )
    body = f"<p>Why?</p>{CHOICE}"
    said = refused(one(body, declared=mapped.format("", entries)))
    assert "gives marks for more than one of its options" in said[0]
    fine = mapped.format("", entries.replace('"2"', '"0"'))
    assert [option.is_correct for option in asked(body, declared=fine).options] == [True, False]
    others = mapped.format(' default-value="-1"', entries.partition("/>")[0] + "/>")
    said = refused(one(body, declared=others))
    assert "takes other marks off for its wrong options" in said[0]
    capped = mapped.format(' upper-bound="2"', entries.replace('"2"', '"0"'))
    said = refused(one(body, declared=capped))
    assert "gives fewer marks than its right answers earn" in said[0]
    broken = one(body, declared=mapped.format("", entries.replace('"4"', '"nan"')))
    assert refused(broken)[0].startswith(
        "Misfit i.xml:2: i-1: has 'nan' where a number of marks belongs"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.pop("imsmanifest.xml"), "x.zip:1: has no imsmanifest.xml at its root"),
        (
            lambda files: files.pop("items/word.xml"),
            "imsmanifest.xml:11: i5: names the file 'items/word.xml', which is not",
        ),
    ],
)
def test_a_package_that_does_not_fit_together_is_refused(change, said):
    files = foreign()
    change(files)
    with pytest.raises(BadFile) as caught:
        qti_reader.read(packed(files), "x.zip")
    assert str(caught.value).startswith(said)


def test_items_of_another_version_are_refused_by_name():
    files = foreign()
    files["imsmanifest.xml"] = bytes(files["imsmanifest.xml"]).replace(
        b"imsqti_item_xmlv3p0", b"imsqti_item_xmlv2p2", 1
    )
    left_out = [str(reason) for reason in qti_reader.read(packed(files), "x.zip").left_out]
    what = "is another version of QTI (imsqti_item_xmlv2p2); export it as QTI 3.0"
    assert f"imsmanifest.xml:7: i1: {what}" in left_out


def test_the_manifest_names_the_version_of_its_schema():
    """As the examples of the standard and the packages of other systems have it."""
    manifest = Archive(qti_writer.write([SINGLE]), "a.zip").read("imsmanifest.xml")
    assert b"<schema>QTI Package</schema><schemaversion>3.0.0</schemaversion>" in manifest
