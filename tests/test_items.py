"""The kinds of item: what authors write, what forms show and send, and feedback.

Scoring is in `test_scoring`.
"""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from courses.assessment import items
from courses.assessment.items import KINDS, BadAnswer
from courses.assessment.items.kind import Choice, Line, PresentedItem, in_order
from courses.assessment.items.making import short_key
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.reader import FileReader
from courses.library.content import Card, Group, Item, Option

HERE = Path(__file__).parent
FOREIGN_OPTION = (
    "This answer has an option that is not part of the question. "
    "Load the page again and answer once more."
)
FOREIGN_PLACE = (
    "This answer has a place that is not part of the question. "
    "Load the page again and answer once more."
)


class Sent(dict[str, list[Any]]):
    """A form as it was sent: lists of values by name."""

    def get(self, name: str, default: Any = None) -> Any:
        return (dict.get(self, name) or [default])[-1]

    def getlist(self, name: str) -> list[Any]:
        return dict.get(self, name, [])


def option(text: str, *, correct: bool = False, sources: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"text": text, "correct": correct, "feedback": f"Why {text}.", "sources": list(sources)}


def read(kind: str, fields: dict[str, Any]) -> tuple[Item, list[str]]:
    """The item a course file with these fields has, and what was said against it."""
    nowhere = tempfile.mkdtemp()  # what names a line looks for it in the file, which is empty here
    path = Path(nowhere, "a.yaml")
    path.touch()
    reader = FileReader(
        path, HERE, {"B1": ("a-study",)}, {}, Problems(Path(nowhere)), frozenset({"cot"})
    )
    made = KINDS[kind].make(reader, KINDS[kind].fields.model_validate(fields), 7, "asked")
    return Item(key="asked", kind=kind, stem="<p>Which?</p>", **made), [
        str(one) for one in reader.problems.errors
    ]


WRITTEN: dict[str, dict[str, Any]] = {
    "single": {
        "options": [
            option("Wait", correct=True, sources=("B1",)),
            option("Go on"),
            option("*Sing*"),
        ]
    },
    "multiple": {
        "options": [option("Yawn", correct=True), option("Turn", correct=True), option("Smile")]
    },
    "spot": {"scene": "cot", "options": [option("Asleep"), option("Awake", correct=True)]},
    "sort": {
        "groups": {"pause": "*Pause*", "go-on": "Go on", "empty": "Neither"},
        "cards": [
            {"text": "Yawns", "group": "pause", "feedback": "Why Yawns.", "sources": ["B1"]},
            {"text": "Smiles", "group": "go-on", "feedback": "Why Smiles."},
            {"text": "Turns", "group": "pause", "feedback": "Why Turns."},
        ],
    },
    "match": {
        "pairs": [
            {"left": "Yawns", "right": "*Pause*", "feedback": "Why Yawns.", "sources": ["B1"]},
            {"left": "Smiles", "right": "Go on", "feedback": "Why Smiles."},
            {"left": "Turns", "right": "*Pause*", "feedback": "Why Turns."},
        ]
    },
    "order": {
        "turns": [
            {"text": "Look", "feedback": "Why Look.", "sources": ["B1"]},
            {"text": "Wait", "feedback": "Why Wait."},
            {"text": "Speak", "feedback": "Why Speak."},
        ]
    },
    "case": {
        "parts": [
            {"prompt": "First?", "options": [option("Wait", correct=True), option("Go on")]},
            {
                "prompt": "Then?",
                "kind": "multiple",
                "options": [
                    option("Ask", correct=True),
                    option("Wait", correct=True),
                    option("Blame"),
                ],
            },
        ]
    },
}
ASKED = {kind: read(kind, fields)[0] for kind, fields in WRITTEN.items()}
CHOICES = ("single", "multiple", "spot")
PLACED = ("sort", "match", "order")


def k(*texts: str) -> list[str]:
    return [short_key(text) for text in texts]


@pytest.mark.parametrize("kind", KINDS)
def test_it_works(kind):
    item, problems = read(kind, WRITTEN[kind])
    assert problems == []
    assert items.score_item(item, items.right_answer(item)).earned == 1
    assert all(
        line.result in {"right", "other"} for line in items.feedback(item, items.right_answer(item))
    )
    assert items.missing_answer_message(item, items.right_answer(item)) == ""


def test_options_keep_their_words_and_tell_nothing_by_their_keys():
    wait, go_on, sing = ASKED["single"].options
    assert wait == Option(
        key=k("Wait")[0], html="Wait", correct=True, feedback="Why Wait.", sources=("B1",)
    )
    assert (go_on.correct, go_on.sources, sing.html) == (False, (), "<em>Sing</em>")
    assert [one.correct for one in ASKED["multiple"].options] == [True, True, False]
    assert (ASKED["spot"].scene, [one.correct for one in ASKED["spot"].options]) == (
        "cot",
        [False, True],
    )


def test_cards_keep_their_group_and_groups_their_words():
    sort = ASKED["sort"]
    assert sort.cards[0] == Card(
        key=k("Yawns")[0], html="Yawns", group="pause", feedback="Why Yawns.", sources=("B1",)
    )
    assert [(card.key, card.group) for card in sort.cards[1:]] == [
        (k("Smiles")[0], "go-on"),
        (k("Turns")[0], "pause"),
    ]
    assert sort.groups == (
        Group(key="pause", html="<em>Pause</em>"),
        Group(key="go-on", html="Go on"),
        Group(key="empty", html="Neither"),
    )


def test_right_hand_sides_are_there_once_each_in_an_order_that_tells_nothing():
    match, (pause, go_on) = ASKED["match"], k("*Pause*", "Go on")
    assert [(card.html, card.group, card.sources) for card in match.cards] == [
        ("Yawns", pause, ("B1",)),
        ("Smiles", go_on, ()),
        ("Turns", pause, ()),
    ]
    html = {pause: "<em>Pause</em>", go_on: "Go on"}
    assert match.groups == tuple(Group(key=key, html=html[key]) for key in sorted(html))
    assert [card.feedback for card in match.cards] == ["Why Yawns.", "Why Smiles.", "Why Turns."]


def test_turns_have_as_many_places_as_there_are_turns():
    order = ASKED["order"]
    assert [(card.html, card.group) for card in order.cards] == [
        ("Look", "place-1"),
        ("Wait", "place-2"),
        ("Speak", "place-3"),
    ]
    assert order.groups == tuple(Group(key=f"place-{n}", html=str(n)) for n in (1, 2, 3))
    assert [(card.feedback, card.sources) for card in order.cards] == [
        ("Why Look.", ("B1",)),
        ("Why Wait.", ()),
        ("Why Speak.", ()),
    ]


def test_answer_keys_a_case_have_keys_of_their_own():
    first, then = ASKED["case"].parts
    assert (first.key, first.kind, first.stem.strip()) == ("part-1", "single", "<p>First?</p>")
    assert (then.key, then.kind, then.stem.strip()) == ("part-2", "multiple", "<p>Then?</p>")
    assert [one.key for one in first.options] == [f"1-{key}" for key in k("Wait", "Go on")]
    assert [one.key for one in then.options] == [f"2-{key}" for key in k("Ask", "Wait", "Blame")]
    assert items.answer_keys(ASKED["case"]) == [
        one.key for part in (first, then) for one in part.options
    ]
    assert items.answer_keys(ASKED["sort"]) == [card.key for card in ASKED["sort"].cards]


CARD = {"text": "A", "group": "one", "feedback": "Why."}


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("single", {"options": [option("A"), option("B")]}, "has no correct option"),
        (
            "single",
            {"options": [option("A", correct=True), option("B", correct=True)]},
            "has 2 correct options",
        ),
        (
            "single",
            {"options": [option("A", correct=True), option("A")]},
            "has the same option twice",
        ),
        (
            "single",
            {"options": [option("A", correct=True, sources=("C1",)), option("B")]},
            "source 'C1' is not in",
        ),
        (
            "multiple",
            {"options": [option("A", correct=True), option("B", correct=True)]},
            "has only correct options",
        ),
        ("multiple", {"options": [option("A"), option("B")]}, "has no correct option"),
        (
            "spot",
            {"scene": "pram", "options": [option("A", correct=True), option("B")]},
            "asks for scene 'pram'",
        ),
        (
            "sort",
            {"groups": {"one": "1", "two": "2"}, "cards": [CARD, {**CARD, "text": "B"}]},
            "has all its cards in one group, so everybody gets it right; use the others",
        ),
        (
            "sort",
            {
                "groups": {"one": "1", "two": "2"},
                "cards": [
                    CARD,
                    {**CARD, "text": "B" * 40, "group": "three"},
                    {**CARD, "text": "C", "group": "two"},
                ],
            },
            f"card '{'B' * 30}' has group 'three'; use one, two",
        ),
        (
            "sort",
            {"groups": {"one": "1", "two": "2"}, "cards": [CARD, {**CARD, "group": "two"}]},
            "has the same card twice",
        ),
        (
            "match",
            {
                "pairs": [
                    {"left": "A", "right": "Same", "feedback": "Why."},
                    {"left": "B", "right": "Same", "feedback": "Why."},
                ]
            },
            "has one right-hand side for all, so everybody gets it right; write others",
        ),
        (
            "match",
            {
                "pairs": [
                    {"left": "A", "right": "[[x]]", "feedback": "Why."},
                    {"left": "B", "right": "Other", "feedback": "Why."},
                ]
            },
            "is not in glossary.yaml",
        ),
        ("order", {"turns": [{"text": "A", "feedback": "W."}] * 3}, "has the same card twice"),
    ],
)
def test_what_everybody_or_nobody_gets_right_is_told_with_its_place(kind, fields, said):
    _, problems = read(kind, fields)
    assert len(problems) == 1
    assert problems[0].startswith("a.yaml:7: asked: ")
    assert said in problems[0]


def test_what_is_wrong_in_a_case_names_the_part():
    good, bad = option("A", correct=True), option("B")
    fields = {
        "parts": [
            {"prompt": "One?", "options": [good, bad]},
            {"prompt": "[@C9]", "options": [bad, option("C")]},
        ]
    }
    _, problems = read("case", fields)
    assert [one.split(": ")[1] for one in problems] == ["asked part 2", "asked"]
    assert problems[0].startswith("a.yaml:7:")
    assert "has no correct option" in problems[0]
    assert "[@C9]" in problems[1] or "'C9'" in problems[1]


@pytest.mark.parametrize(
    ("kind", "field", "least", "most"),
    [
        ("single", "options", 2, 8),
        ("multiple", "options", 2, 8),
        ("spot", "options", 2, 8),
        ("sort", "groups", 2, 5),
        ("sort", "cards", 2, 12),
        ("match", "pairs", 2, 8),
        ("order", "turns", 3, 8),
        ("case", "parts", 2, 3),
    ],
)
def test_how_many_an_author_may_write(kind, field, least, most):
    written = WRITTEN[kind][field]

    def is_taken(count: int) -> bool:
        many = {f"g{n}": "G" for n in range(count)} if field == "groups" else [written[0]] * count
        try:
            KINDS[kind].fields.model_validate({**WRITTEN[kind], field: many})
        except ValidationError:
            return False
        return True

    assert [n for n in range(20) if is_taken(n)] == list(range(least, most + 1))


def test_how_many_options_a_part_of_a_case_may_have():
    first = WRITTEN["case"]["parts"][0]
    for count, fits in ((1, False), (2, True), (8, True), (9, False)):
        parts = [first, {**first, "options": [option(str(n)) for n in range(count)]}]
        try:
            KINDS["case"].fields.model_validate({"parts": parts})
        except ValidationError:
            assert not fits
        else:
            assert fits


@pytest.mark.parametrize("kind", CHOICES)
def test_a_choice_is_read_from_its_form(kind):
    item = ASKED[kind]
    first, second = item.options[0].key, item.options[1].key
    assert items.answer_in(item, Sent(option=[first])) == [first]
    assert items.answer_in(item, Sent(option=[first, first])) == [first]
    assert items.answer_in(item, Sent(option=[])) is None
    assert items.answer_in(item, Sent(other=[first])) is None
    with pytest.raises(BadAnswer, match=f"^{FOREIGN_OPTION}$"):
        items.answer_in(item, Sent(option=[first, "unknown"]))
    if kind == "multiple":
        assert items.answer_in(item, Sent(option=[second, first, second])) == [second, first]
    else:
        with pytest.raises(
            BadAnswer, match=r"^This question takes one option\. Choose one, and save again\.$"
        ):
            items.answer_in(item, Sent(option=[first, second]))


@pytest.mark.parametrize("kind", PLACED)
def test_places_are_read_from_the_form_card_by_card(kind):
    item = ASKED[kind]
    a, b, _ = (card.key for card in item.cards)
    first, last = item.groups[0].key, item.groups[-1].key
    assert items.answer_in(item, Sent({f"card-{a}": [first, last], f"card-{b}": [""]})) == {a: last}
    assert items.answer_in(
        item, Sent({f"card-{b}": [first], "card-unknown": ["x"], "option": [a]})
    ) == {b: first}
    assert items.answer_in(item, Sent({f"card-{a}": [""]})) is None
    assert items.answer_in(item, Sent()) is None
    with pytest.raises(BadAnswer, match=f"^{FOREIGN_PLACE}$"):
        items.answer_in(item, Sent({f"card-{a}": [first], f"card-{b}": ["nowhere"]}))


def test_a_case_is_read_part_by_part():
    item = ASKED["case"]
    (wait, go_on), (ask, also, _) = ([one.key for one in part.options] for part in item.parts)
    sent = Sent({"part-1": [wait], "part-2": [also, ask, also], "option": ["unknown"]})
    assert items.answer_in(item, sent) == {"part-1": [wait], "part-2": [also, ask]}
    assert items.answer_in(item, Sent({"part-2": [ask]})) == {"part-2": [ask]}
    assert items.answer_in(item, Sent({"part-1": []})) is None
    assert items.answer_in(item, Sent()) is None
    with pytest.raises(BadAnswer, match="takes one option"):
        items.answer_in(item, Sent({"part-1": [wait, go_on]}))
    with pytest.raises(BadAnswer, match=FOREIGN_OPTION):
        items.answer_in(item, Sent({"part-1": [ask]}))


@pytest.mark.parametrize("kind", CHOICES)
def test_a_choice_lacks_nothing_once_something_of_it_is_chosen(kind):
    item = ASKED[kind]
    assert items.missing_answer_message(item, [item.options[0].key]) == ""
    for nothing in (None, [], ["unknown"], {}):
        assert items.missing_answer_message(item, nothing) == "Choose an option first."


@pytest.mark.parametrize("kind", PLACED)
def test_cards_without_a_place_are_counted(kind):
    item = ASKED[kind]
    a, b, c = (card.key for card in item.cards)
    place = item.groups[0].key
    for nothing in (None, {}, {a: "nowhere"}, [a]):
        assert items.missing_answer_message(item, nothing) == "Choose a place for each card first."
    assert (
        items.missing_answer_message(item, {a: place})
        == "2 of 3 have no place yet. Choose one for each."
    )
    assert items.missing_answer_message(item, {a: place, b: place, "unknown": place}) == (
        "1 of 3 have no place yet. Choose one for each."
    )
    assert items.missing_answer_message(item, {a: place, b: place, c: place}) == ""


def test_the_first_part_without_an_answer_is_named():
    item = ASKED["case"]
    first, then = item.parts
    assert (
        items.missing_answer_message(item, {})
        == items.missing_answer_message(item, None)
        == "Part 1 has no answer yet. Choose one."
    )
    assert (
        items.missing_answer_message(item, {"part-1": [first.options[0].key]})
        == "Part 2 has no answer yet. Choose one."
    )
    assert (
        items.missing_answer_message(item, {"part-2": [then.options[0].key]})
        == "Part 1 has no answer yet. Choose one."
    )


def test_an_order_names_some_and_the_others_come_last_as_they_stand():
    assert in_order(["a", "b", "c", "d"], ["d", "unknown", "b"]) == ["d", "b", "a", "c"]
    assert in_order(["a", "b"], []) == ["a", "b"]
    assert in_order(["a", "b", "c"], ["c", "b", "a"]) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("kind", "takes"), [("single", "one"), ("spot", "one"), ("multiple", "many")]
)
def test_a_choice_is_asked_in_its_order_with_what_was_chosen(kind, takes):
    item = ASKED[kind]
    keys = [one.key for one in item.options]
    html = {one.key: one.html for one in item.options}
    shown = items.present(item, keys[::-1], [keys[0], "unknown"])
    assert (shown.stem, shown.name, shown.takes, shown.cards, shown.parts) == (
        item.stem,
        "option",
        takes,
        (),
        (),
    )
    assert shown.choices == tuple(Choice(key, html[key], key == keys[0]) for key in keys[::-1])
    assert not any(one.is_chosen for one in items.present(item, keys, None).choices)


@pytest.mark.parametrize("kind", PLACED)
def test_cards_are_asked_in_their_order_each_with_every_place(kind):
    item = ASKED[kind]
    a, b, c = (card.key for card in item.cards)
    here, there = item.groups[0].key, item.groups[1].key
    shown = items.present(item, [c, a, b], {a: here, b: there, c: "nowhere"})
    assert (shown.stem, shown.choices, shown.parts) == (item.stem, (), ())
    asked = [
        (c, item.cards[2].html, False),
        (a, item.cards[0].html, True),
        (b, item.cards[1].html, True),
    ]
    # Left-hand sides may be numbered, so they keep their author's order.
    expected = [asked[1], asked[2], asked[0]] if kind == "match" else asked
    assert [(card.key, card.html, card.is_chosen) for card, _ in shown.cards] == expected
    for card, places in shown.cards:
        assert [(place.key, place.html) for place in places] == [
            (one.key, one.html) for one in item.groups
        ]
        assert [place.key for place in places if place.is_chosen] == {a: [here], b: [there], c: []}[
            card.key
        ]


def test_a_case_is_asked_part_by_part_each_field_by_its_part():
    item = ASKED["case"]
    wait, also = item.parts[0].options[0].key, item.parts[1].options[1].key
    shown = items.present(item, items.answer_keys(item)[::-1], {"part-1": [wait], "part-2": [also]})
    assert (shown.stem, shown.choices, shown.cards) == (item.stem, (), ())
    first, then = shown.parts
    assert [(part.name, part.takes, part.stem) for part in (first, then)] == [
        ("part-1", "one", item.parts[0].stem),
        ("part-2", "many", item.parts[1].stem),
    ]
    assert [one.key for one in first.choices] == [one.key for one in item.parts[0].options][::-1]
    assert [one.key for part in (first, then) for one in part.choices if one.is_chosen] == [
        wait,
        also,
    ]


def test_every_option_is_spoken_of_by_what_was_chosen():
    item = ASKED["multiple"]
    yawn, turn, smile = (one.key for one in item.options)
    assert items.feedback(item, [yawn, smile]) == (
        Line(yawn, "Yawn", "right", "Why Yawn.", ()),
        Line(turn, "Turn", "missed", "Why Turn.", ()),
        Line(smile, "Smile", "wrong", "Why Smile.", ()),
    )
    single = items.feedback(ASKED["single"], None)
    assert [line.result for line in single] == ["missed", "other", "other"]
    assert single[0].sources == ("B1",)


@pytest.mark.parametrize("kind", ["sort", "match"])
def test_every_card_is_spoken_of_with_where_it_is_and_where_it_belongs(kind):
    item = ASKED[kind]
    html = {group.key: group.html for group in item.groups}
    yawns, smiles, turns = item.cards
    lines = items.feedback(item, {yawns.key: yawns.group, smiles.key: yawns.group})
    pause, go_on = html[yawns.group], html[smiles.group]
    assert lines == (
        Line(yawns.key, "Yawns", "right", "Why Yawns.", ("B1",), placed=pause, belongs=pause),
        Line(smiles.key, "Smiles", "wrong", "Why Smiles.", (), placed=pause, belongs=go_on),
        Line(turns.key, "Turns", "wrong", "Why Turns.", (), placed="", belongs=pause),
    )


def test_every_option_of_a_case_is_spoken_of_under_its_part():
    item = ASKED["case"]
    first, then = item.parts
    lines = items.feedback(item, {"part-1": [first.options[1].key], "part-2": "junk"})
    assert [(line.part, line.html, line.result) for line in lines] == [
        (first.stem, "Wait", "missed"),
        (first.stem, "Go on", "wrong"),
        (then.stem, "Ask", "missed"),
        (then.stem, "Wait", "missed"),
        (then.stem, "Blame", "other"),
    ]


def test_the_right_answer_is_the_authors():
    assert items.right_answer(ASKED["single"]) == k("Wait")
    assert items.right_answer(ASKED["multiple"]) == k("Yawn", "Turn")
    assert items.right_answer(ASKED["sort"]) == dict(
        zip(k("Yawns", "Smiles", "Turns"), ("pause", "go-on", "pause"), strict=True)
    )
    first, then = ASKED["case"].parts
    assert items.right_answer(ASKED["case"]) == {
        "part-1": [first.options[0].key],
        "part-2": [then.options[0].key, then.options[1].key],
    }


def test_what_is_not_said_of_an_item_is_empty_and_takes_one_option():
    bare, line = PresentedItem("Which?"), Line("k", "K", "right", "Why.", ())
    assert (bare.name, bare.takes, bare.choices, bare.cards, bare.parts) == (
        "option",
        "one",
        (),
        (),
        (),
    )
    assert bare.template == ""
    assert (line.placed, line.belongs, line.part) == ("", "", "")
    assert [KINDS[kind].takes for kind in CHOICES] == ["one", "many", "one"]


def test_how_answers_are_scored_is_said_once_for_each_kind_there_is():
    rule = {name: kind.rule for name, kind in KINDS.items()}
    assert items.rules_of([]) == []
    assert items.rules_of([ASKED["sort"], ASKED["sort"], ASKED["order"]]) == [
        rule["sort"],
        rule["order"],
    ]
    assert items.rules_of([ASKED["case"]]) == [rule["single"], rule["multiple"], rule["case"]]
    assert items.rules_of([ASKED["spot"], ASKED["single"]]) == [rule["single"]]
    assert all(rule.values())
    assert len(set(rule.values())) == 6, (
        "a spot is a choice of one; every other kind has a rule of its own"
    )


def test_the_rule_names_what_earns_nothing():
    for kind in ("multiple", "sort", "match", "order"):
        assert "earns nothing" in KINDS[kind].rule


# Of each kind: the block that asks it, minutes, options in a quiz, and the template of its fields.
SETTINGS = {
    "single": ("check", 0.5, 4, "assessment/_choices.html"),
    "multiple": ("check", 0.5, 4, "assessment/_choices.html"),
    "spot": ("spot", 0.5, 0, "assessment/_choices.html"),
    "sort": ("sort", 1, 0, "assessment/_cards.html"),
    "match": ("match", 1, 0, "assessment/_cards.html"),
    "order": ("order", 1, 0, "assessment/_cards.html"),
    "case": ("", 0, 0, "assessment/_parts.html"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_where_and_how_it_is_asked(name):
    kind = KINDS[name]
    assert kind.name == name
    assert (kind.block, kind.minutes, kind.quiz_options, kind.template) == SETTINGS[name]
    assert items.present(ASKED[name], [], None).template == kind.template


def test_a_block_of_a_lesson_asks_the_kinds_that_name_it():
    blocks = items.kinds_by_block()
    assert {block: [kind.name for kind in kinds] for block, kinds in blocks.items()} == {
        "check": ["single", "multiple"],
        "sort": ["sort"],
        "match": ["match"],
        "order": ["order"],
        "spot": ["spot"],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_has_the_fields_of_its_kind(kind):
    fields = KINDS[kind].block_fields
    if kind != "spot":
        assert fields is KINDS[kind].fields
        assert KINDS[kind].kind_in_block(None) == kind


def test_a_spot_in_a_lesson_is_a_choice_of_one_or_of_many():
    spot = KINDS["spot"]
    plain = spot.block_fields.model_validate(WRITTEN["spot"])
    many = spot.block_fields.model_validate({**WRITTEN["spot"], "kind": "multiple"})
    assert [spot.kind_in_block(plain), spot.kind_in_block(many)] == ["single", "multiple"]
    with pytest.raises(ValidationError):
        spot.block_fields.model_validate({**WRITTEN["spot"], "kind": "sort"})


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_is_called_so(kind):
    item = ASKED[kind]
    assert items.headline(item, items.right_answer(item)) == "Yes, that fits."
    assert items.is_right(item, items.right_answer(item))
    assert not items.is_right(item, None)


def test_a_wrong_or_half_right_choice_is_spoken_of_without_blame():
    yawn, turn, smile = (one.key for one in ASKED["multiple"].options)
    assert items.headline(ASKED["multiple"], [yawn]) == "Partly. Here is the best answer, and why."
    for kind, answer in (("multiple", [smile]), ("single", None), ("case", {})):
        assert items.headline(ASKED[kind], answer) == "Not quite. Here is the best answer, and why."
    assert not items.is_right(ASKED["multiple"], [yawn])
    assert items.is_right(ASKED["multiple"], [yawn, turn])


@pytest.mark.parametrize("kind", ["sort", "match"])
def test_cards_in_their_place_are_counted(kind):
    item = ASKED[kind]
    yawns, smiles, _ = item.cards
    two = {yawns.key: yawns.group, smiles.key: smiles.group}
    assert items.headline(item, two) == "2 of 3 right"
    assert items.headline(item, {}) == "0 of 3 right"
