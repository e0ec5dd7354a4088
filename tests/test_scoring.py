import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.assessment.items import score_item
from courses.assessment.scoring import (
    Score,
    is_passed,
    needed_marks,
    right_items_needed,
    score_attempt,
    shown_marks,
    shown_percent,
)
from courses.library.content import Card, Group, Item, Option

NOTHING = Score(Fraction(0), 1)
UNTIMED = settings(deadline=None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)


def choice(kind: str, right: int, wrong: int, *, critical: bool = False) -> Item:
    """An item with options r0, r1 … (right) and w0, w1 … (wrong)."""
    keys = [f"r{n}" for n in range(right)] + [f"w{n}" for n in range(wrong)]
    options = tuple(
        Option(key=key, html=key, correct=key[0] == "r", feedback="Why.") for key in keys
    )
    return Item(key="asked", kind=kind, stem="Which?", options=options, critical=critical)


def sorting(*sizes: int, empty: int = 0) -> Item:
    """A sort with groups g0, g1 … of these sizes, and more groups that no card belongs to.

    Cards are a0, a1 … of g0, b0 … of g1.
    """
    cards = [
        (f"{'abcde'[n]}{card}", f"g{n}") for n, size in enumerate(sizes) for card in range(size)
    ]
    return Item(
        key="asked",
        kind="sort",
        stem="Where?",
        cards=tuple(Card(key=key, html=key, group=group, feedback="Why.") for key, group in cards),
        groups=tuple(Group(key=f"g{n}", html=f"g{n}") for n in range(len(sizes) + empty)),
    )


def placing(kind: str, cards: int, groups: int) -> Item:
    """A sort or match whose card cN belongs to group g(N modulo the number of groups).

    An order has as many groups as cards.
    """
    groups = cards if kind == "order" else groups
    made = tuple(
        Card(key=f"c{n}", html=f"c{n}", group=f"g{n % groups}", feedback="Why.")
        for n in range(cards)
    )
    return Item(
        key="asked",
        kind=kind,
        stem="Where?",
        cards=made,
        groups=tuple(Group(key=f"g{n}", html=f"g{n}") for n in range(groups)),
    )


def case(*parts: Item) -> Item:
    """A case with parts part-1, part-2 …"""
    keyed = tuple(part.model_copy(update={"key": f"part-{n}"}) for n, part in enumerate(parts, 1))
    return Item(key="asked", kind="case", stem="A case.", parts=keyed)


SINGLE, MULTIPLE, SORT = choice("single", 1, 3), choice("multiple", 2, 2), placing("sort", 4, 2)
CASE = case(SINGLE, MULTIPLE)
items = st.one_of(
    st.builds(choice, st.just("single"), st.just(1), st.integers(1, 5)),
    st.builds(choice, st.just("multiple"), st.integers(1, 5), st.integers(1, 5)),
    st.builds(
        placing, st.sampled_from(["sort", "match", "order"]), st.integers(2, 12), st.integers(2, 5)
    ),
    st.lists(st.integers(1, 4), min_size=2, max_size=3).map(lambda sizes: sorting(*sizes, empty=1)),
    st.just(CASE),
)


@st.composite
def answered(draw):
    """An item, and an answer to it that mixes what is there with what is not."""
    item = draw(items)
    if item.options:
        known = st.sampled_from([option.key for option in item.options])
        return item, draw(st.lists(known | st.text(max_size=2), max_size=12))
    if item.parts:
        names = st.sampled_from([part.key for part in item.parts]) | st.text(max_size=2)
        return item, draw(
            st.dictionaries(names, st.lists(st.sampled_from(["r0", "r1", "w0"])) | JSON, max_size=4)
        )
    cards = st.sampled_from([card.key for card in item.cards]) | st.text(max_size=2)
    places = st.sampled_from([group.key for group in item.groups]) | JSON
    return item, draw(st.dictionaries(cards, places, max_size=12))


@st.composite
def marked(draw, critical=True):
    """Up to twelve items, some of them critical, each with a score of at most one mark."""
    pairs = draw(
        st.lists(
            st.tuples(st.integers(1, 12), st.integers(0, 12), st.booleans()),
            min_size=1,
            max_size=12,
        )
    )
    scores = [Score(Fraction(min(part, whole), whole), 1) for whole, part, _ in pairs]
    return [choice("single", 1, 1, critical=critical and flag) for *_, flag in pairs], scores


def test_it_works():
    scores = [
        score_item(SINGLE, ["r0"]),
        score_item(MULTIPLE, ["r0", "r1"]),
        score_item(MULTIPLE, ["r0"]),
        score_item(SORT, {"c0": "g0", "c1": "g1", "c2": "g0", "c3": "g0"}),
        score_item(SINGLE, None),
    ]
    assert [score.earned for score in scores] == [1, 1, Fraction(1, 2), Fraction(1, 2), 0]
    total = score_attempt(scores)
    assert (total.earned, total.possible, total.marks) == (3, 5, Decimal("3.0000"))
    assert is_passed([SINGLE] * 5, scores, 0.6)
    assert not is_passed([SINGLE] * 5, scores, 0.61)


@pytest.mark.parametrize(
    ("item", "answer", "earned"),
    [
        (SINGLE, ["r0"], 1),
        (SINGLE, ["w0"], 0),
        (SINGLE, [], 0),
        (SINGLE, ["r0", "w0"], 0),
        (SINGLE, ["r0", "r0"], 1),
        (SINGLE, "r0", 0),
        (SINGLE, {"r0": True}, 0),
        (MULTIPLE, ["r0", "r1"], 1),
        (MULTIPLE, ["r1", "r0"], 1),
        (MULTIPLE, ["r0"], Fraction(1, 2)),
        (MULTIPLE, ["r0", "r0"], Fraction(1, 2)),
        (MULTIPLE, ["r0", "w0"], 0),
        (MULTIPLE, ["r0", "r1", "w0"], Fraction(1, 2)),
        (MULTIPLE, ["r0", "r1", "w0", "w1"], 0),
        (MULTIPLE, ["w0", "w1"], 0),
        (MULTIPLE, ["r0", "unknown"], Fraction(1, 2)),
        (choice("multiple", 2, 0), ["r0"], Fraction(1, 2)),
        (MULTIPLE, ["r0", ["r1"], {"r1": 1}, 7, None, True], Fraction(1, 2)),
        (choice("multiple", 3, 1), ["r0", "r1"], Fraction(2, 3)),
        (choice("multiple", 1, 3), ["r0", "w0"], Fraction(2, 3)),
        (SORT, {"c0": "g0", "c1": "g1", "c2": "g0", "c3": "g1"}, 1),
        (SORT, {"c0": "g0"}, 0),
        (SORT, {"c0": "g0", "c1": "g0", "c2": "g0", "c3": "g0"}, 0),
        (SORT, {"c0": "g0", "c1": "g1", "c2": "g0", "c3": "g0"}, Fraction(1, 2)),
        (SORT, {"c0": "g1"}, 0),
        (SORT, {"c0": "nowhere", "unknown": "g0"}, 0),
        (SORT, {"c0": ["g0"], "c1": {"g1": 1}}, 0),
        (SORT, ["c0", "g0"], 0),
        (SORT, {}, 0),
        (
            sorting(2, 3),
            {"a0": "g0", "a1": "g0", "b0": "g1", "b1": "g1", "b2": "g0"},
            Fraction(2, 3),
        ),
        (
            sorting(2, 3),
            {"a0": "g0", "a1": "g1", "b0": "g1", "b1": "g1", "b2": "g1"},
            Fraction(1, 2),
        ),
        (sorting(2, 3), {"a0": "g0", "a1": "g0", "b0": "g1"}, Fraction(1, 3)),
        (sorting(2, 3), {"b0": "g1", "b1": "g1", "b2": "g1"}, 0),
        (sorting(1, 5), {"a0": "g0", "b0": "g1"}, Fraction(1, 5)),
        (
            sorting(1, 1, 2, empty=1),
            {"a0": "g0", "b0": "g1", "c0": "g3", "c1": "g2"},
            Fraction(3, 4),
        ),
        (sorting(2, 3, empty=1), {"a0": "g0", "a1": "g0", "b0": "g1", "b1": "g1", "b2": "g1"}, 1),
        (sorting(3, empty=1), {"a0": "g0", "a1": "g0", "a2": "g0"}, 1),
        (sorting(3, empty=1), {"a0": "g0", "a1": "g0"}, 0),
        (placing("match", 3, 3), {"c0": "g0", "c1": "g2", "c2": "g1"}, 0),
        (placing("match", 4, 4), {"c0": "g0", "c1": "g1", "c2": "g3", "c3": "g2"}, Fraction(1, 3)),
        (placing("order", 3, 3), {"c0": "g0", "c1": "g1", "c2": "g2"}, 1),
        (placing("order", 3, 3), {"c0": "g2", "c1": "g1", "c2": "g0"}, 0),
        (placing("order", 3, 3), {"c0": "g0", "c1": "g2", "c2": "g1"}, Fraction(1, 3)),
        (placing("order", 3, 3), {"c0": "g0", "c1": "g0", "c2": "g0"}, 0),
        (placing("order", 5, 5), {"c0": "g1", "c1": "g2", "c2": "g3", "c3": "g4"}, Fraction(1, 5)),
        (CASE, {"part-1": ["r0"], "part-2": ["r0", "r1"]}, 1),
        (CASE, {"part-1": ["r0"], "part-2": ["r0"]}, Fraction(3, 4)),
        (CASE, {"part-1": ["w0"]}, 0),
        (CASE, {"part-1": "r0", "part-2": None, "part-3": ["r0"]}, 0),
        (CASE, ["r0"], 0),
        (choice("spot", 1, 3), ["r0"], 1),
        (choice("spot", 1, 3), ["r0", "w0"], 0),
    ],
)
def test_what_an_answer_earns(item, answer, earned):
    assert score_item(item, answer) == Score(Fraction(earned), 1)


@pytest.mark.parametrize("kind", ["single", "multiple", "spot"])
def test_a_choice_that_no_author_may_write_gives_nothing_away(kind):
    for item in (choice(kind, 0, 3), choice(kind, 0, 1)):
        for answer in ([], ["w0"], None):
            assert score_item(item, answer) == NOTHING


def test_a_sort_into_two_groups_is_scored_as_the_multiple_choice_it_is():
    for right, wrong in ((1, 1), (1, 4), (2, 2), (2, 3), (5, 3)):
        asked, sort = choice("multiple", right, wrong), sorting(right, wrong)
        for hits in range(right + 1):
            for misses in range(wrong + 1):
                ticks = [f"r{n}" for n in range(hits)] + [f"w{n}" for n in range(misses)]
                fits = {f"a{n}": "g0" if n < hits else "g1" for n in range(right)}
                others = {f"b{n}": "g0" if n < misses else "g1" for n in range(wrong)}
                assert score_item(asked, ticks) == score_item(sort, fits | others)


def test_a_text_is_no_list_of_its_letters():
    right, wrong = (Option(key=key, html=key, correct=key == "r", feedback="Why.") for key in "rw")
    for kind in ("single", "multiple"):
        item = Item(key="asked", kind=kind, stem="Which?", options=(right, wrong))
        assert score_item(item, ["r"]).earned == 1
        assert score_item(item, "r") == NOTHING


@UNTIMED
@given(answered())
def test_every_score_is_between_nothing_and_the_whole(pair):
    score = score_item(*pair)
    assert 0 <= score.earned <= score.possible == 1
    assert 0 <= score.fraction <= 1
    assert 0 <= score.marks <= 1


@UNTIMED
@given(answered(), st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter(pair, chance):
    item, answer = pair
    shuffled = list(answer.items()) if isinstance(answer, dict) else [*answer, *answer]
    chance.shuffle(shuffled)
    again = dict(shuffled) if isinstance(answer, dict) else shuffled
    assert score_item(item, again) == score_item(item, answer)


@UNTIMED
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_a_right_tick_more_never_earns_less_and_a_wrong_tick_more_never_earns_more(
    right, wrong, data
):
    item = choice("multiple", right, wrong)
    keys = [option.key for option in item.options]
    chosen = data.draw(st.sets(st.sampled_from(keys)))
    more = data.draw(st.sampled_from(keys))
    before, after = score_item(item, list(chosen)), score_item(item, list(chosen | {more}))
    assert after.earned >= before.earned if more[0] == "r" else after.earned <= before.earned


@pytest.mark.parametrize(
    ("right", "wrong"), [(right, wrong) for right in range(1, 6) for wrong in range(1, 6)]
)
def test_ticking_everything_earns_nothing_and_ticking_just_the_right_earns_all(right, wrong):
    item = choice("multiple", right, wrong)
    assert score_item(item, [option.key for option in item.options]) == NOTHING
    assert score_item(item, [f"r{n}" for n in range(right)]).earned == 1


@UNTIMED
@given(st.data())
def test_a_card_more_in_its_place_never_earns_less(data):
    item = data.draw(
        st.builds(
            placing, st.sampled_from(["sort", "match"]), st.integers(2, 12), st.integers(2, 5)
        )
    )
    right = {card.key: card.group for card in item.cards}
    placed = data.draw(
        st.dictionaries(
            st.sampled_from(sorted(right)), st.sampled_from([g.key for g in item.groups])
        )
    )
    another = data.draw(st.sampled_from(sorted(right)))
    assert (
        score_item(item, {**placed, another: right[another]}).earned
        >= score_item(item, placed).earned
    )


@UNTIMED
@given(st.integers(3, 8), st.data())
def test_two_neighbours_put_right_never_earn_less(count, data):
    item = placing("order", count, count)
    turns = data.draw(st.permutations([card.key for card in item.cards]))
    at = data.draw(st.integers(0, count - 2))
    placed = {key: f"g{n}" for n, key in enumerate(turns)}
    first, second = sorted(turns[at : at + 2])
    better = {**placed, first: f"g{at}", second: f"g{at + 1}"}
    assert score_item(item, better).earned >= score_item(item, placed).earned


@UNTIMED
@given(items)
def test_the_same_place_for_all_earns_nothing(item):
    for group in item.groups:
        all_here = {card.key: group.key for card in item.cards}
        assert score_item(item, all_here).earned in (
            {0} if len({c.group for c in item.cards}) > 1 else {0, 1}
        )


@UNTIMED
@given(items, JSON)
def test_junk_earns_nothing_and_raises_nothing(item, junk):
    known = {one.key for one in item.answers} | {part.key for part in item.parts}
    if not (
        isinstance(junk, dict | list) and known & {key for key in junk if isinstance(key, str)}
    ):
        assert score_item(item, junk) == NOTHING


@UNTIMED
@given(answered())
def test_an_answer_kept_as_json_earns_the_same(pair):
    item, answer = pair
    kept = json.loads(json.dumps(answer))
    assert score_item(item, kept) == score_item(item, answer)
    assert json.loads(json.dumps(kept)) == kept


@pytest.mark.parametrize(
    ("draw", "pass_mark", "exactly"),
    [
        (6, 0.8, "24/5"),
        (3, 0.6, "9/5"),
        (10, 0.7, "7"),
        (20, 0.55, "11"),
        (100, 0.29, "29"),
        (3, 0.1, "3/10"),
        (8, 0.625, "5"),
        (7, 1.0, "7"),
        (7, 1, "7"),
    ],
)
def test_the_pass_is_decided_exactly_at_the_pass_mark(draw, pass_mark, exactly):
    # in floats 0.8 * 6, 0.7 * 10 and 0.55 * 20 are a hair too much, and 0.6 * 3 a hair too little
    needed = Fraction(exactly)
    assert needed_marks(draw, pass_mark) == needed

    def outcome(earned: Fraction) -> bool:
        whole, part = divmod(earned, 1)
        parts = ([Fraction(1)] * int(whole) + [part] + [Fraction(0)] * draw)[:draw]
        return is_passed([SINGLE] * draw, [Score(part, 1) for part in parts], pass_mark)

    assert outcome(needed)
    assert not outcome(needed - Fraction(1, 10**9))


def test_a_critical_item_decides_whatever_the_total():
    plain, critical = choice("multiple", 2, 2), choice("multiple", 2, 2, critical=True)
    right, partly = Score(Fraction(1), 1), Score(Fraction(99, 100), 1)
    assert is_passed([plain] * 9 + [critical], [right] * 10, 0.5)
    assert is_passed([plain] * 9 + [critical], [partly] * 9 + [right], 0.5)
    assert not is_passed([plain] * 9 + [critical], [right] * 9 + [partly], 0.5)
    assert not is_passed([plain] * 9 + [critical], [NOTHING] * 9 + [right], 0.5)


@UNTIMED
@given(marked(), st.integers(1, 100))
def test_a_mark_more_never_turns_a_pass_into_a_fail(pair, percent):
    asked, scores = pair
    for n in range(len(scores)):
        better = [*scores[:n], Score(Fraction(1), 1), *scores[n + 1 :]]
        assert is_passed(asked, better, percent / 100) >= is_passed(asked, scores, percent / 100)


def test_an_item_without_a_score_is_no_attempt():
    with pytest.raises(ValueError, match="zip"):
        is_passed([SINGLE, SINGLE], [Score(Fraction(1), 1)], 0.5)


@pytest.mark.parametrize("pass_mark", [0.01, 0.8, 1])
def test_with_nothing_possible_nothing_is_passed(pass_mark):
    assert not is_passed([], [], pass_mark)
    assert not is_passed([SINGLE], [Score(Fraction(0), 0)], pass_mark)


@UNTIMED
@given(marked(critical=False), st.integers(1, 100))
def test_what_is_shown_never_contradicts_the_decision(pair, percent):
    asked, scores = pair
    mark, total = percent / 100, score_attempt(scores)
    passed = is_passed(asked, scores, mark)
    assert passed == (shown_percent(total.marks, total.possible) >= percent)
    assert passed == (
        Fraction(shown_marks(total.marks))
        >= Fraction(shown_marks(needed_marks(total.possible, mark)))
    )


@pytest.mark.parametrize("short", [Fraction(1, 27720), Fraction(1, 200), Fraction(1, 20)])
def test_a_hair_below_the_pass_mark_is_not_shown_as_the_pass_mark(short):
    scores = [Score(Fraction(1), 1)] * 4 + [Score(Fraction(4, 5) - short, 1), NOTHING]
    total = score_attempt(scores)
    assert not is_passed([SINGLE] * 6, scores, 0.8)
    assert (shown_marks(total.marks), shown_percent(total.marks, 6)) == (
        "4.75" if short == Fraction(1, 20) else "4.79",
        79,
    )
    assert shown_marks(needed_marks(6, 0.8)) == "4.8"


@UNTIMED
@given(marked())
def test_what_is_shown_is_never_more_than_was_earned_and_all_only_when_all_is_right(pair):
    total = score_attempt(pair[1])
    marks, percent = Fraction(shown_marks(total.marks)), shown_percent(total.marks, total.possible)
    assert total.earned - Fraction(1, 100) < marks <= total.earned
    assert 100 * total.fraction - Fraction(101, 100) < percent <= 100 * total.fraction
    assert (percent == 100) == (marks == total.possible) == (total.earned == total.possible)


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ("0", "0"),
        ("5", "5"),
        ("10", "10"),
        ("100", "100"),
        ("2.5", "2.5"),
        ("4.7500", "4.75"),
        ("0.6666", "0.66"),
        ("4.7999", "4.79"),
    ],
)
def test_marks_are_shown_with_two_places_at_most(marks, shown):
    assert shown_marks(Decimal(marks)) == shown_marks(Fraction(marks)) == shown


def test_marks_are_stored_rounded_down_so_that_one_is_a_whole_mark():
    assert Score(Fraction(2, 3), 1).marks == Decimal("0.6666")
    assert Score(Fraction(99_999, 100_000), 1).marks == Decimal("0.9999")
    assert str(Score(Fraction(5), 6).marks) == "5.0000"


def test_nothing_possible_is_shown_as_nothing():
    assert shown_percent(Decimal(0), 0) == 0
    assert Score(Fraction(0), 0).fraction == 0


@pytest.mark.parametrize(
    ("draw", "pass_mark", "needed"),
    [
        (6, 0.8, 5),
        (3, 0.8, 3),
        (10, 0.7, 7),
        (100, 0.29, 29),
        (5, 0.6, 3),
        (20, 0.55, 11),
        (8, 0.625, 5),
        (1, 0.01, 1),
        (100, 0.07, 7),
    ],
)
def test_how_many_fully_right_items_pass(draw, pass_mark, needed):
    assert right_items_needed(draw, pass_mark) == needed


@UNTIMED
@given(st.integers(1, 100), st.integers(1, 1000))
def test_so_many_right_items_pass_and_one_fewer_does_not(draw, thousandths):
    mark = thousandths / 1000
    needed = right_items_needed(draw, mark)

    def outcome(right: int) -> bool:
        scores = [Score(Fraction(int(n < right)), 1) for n in range(draw)]
        return is_passed([SINGLE] * draw, scores, mark)

    assert 1 <= needed <= draw
    assert outcome(needed)
    assert not outcome(needed - 1)


@pytest.mark.parametrize(("earned", "possible"), [(-1, 1), (2, 1), (1, 0)])
def test_a_score_outside_its_bounds_cannot_be_made(earned, possible):
    with pytest.raises(ValueError, match=f"between 0 and {possible}"):
        Score(Fraction(earned), possible)
