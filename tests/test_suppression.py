"""Numbers below five people are hidden, and none of them can be worked out from what is shown."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.people.suppression import hidden_places, is_small, with_totals

TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 12), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def pattern(*tables: list[list[int]]) -> list[str]:
    """The table with its totals: a cross for each hidden place, a dot for the others."""
    hidden = hidden_places(tables)
    rows = len(tables[0]) + 1
    columns = len(tables[0][0]) + 1
    return ["".join("x" if (r, c) in hidden else "." for c in range(columns)) for r in range(rows)]


def test_it_works():
    assert pattern([[10, 20], [30, 40]]) == ["...", "...", "..."]
    assert pattern([[3, 20, 9], [30, 40, 8], [50, 60, 70]]) == ["x.x.", "x.x.", "....", "...."]


@pytest.mark.parametrize("number", [0, 5, 6])
def test_none_and_five_are_shown(number):
    assert pattern([[number, 20], [30, 40]]) == ["...", "...", "..."]


def test_one_small_cell_alone_takes_its_totals_with_it():
    assert pattern([[4]]) == ["xx", "xx"]
    assert pattern([[4, 0]]) == ["xxx", "xxx"] or pattern([[4, 0]])[0][0] == "x"


def test_what_is_hidden_in_one_number_of_a_fraction_is_hidden_in_the_other():
    trained, staff = [[6, 20], [30, 40]], [[6, 22], [3, 50]]
    assert pattern(trained, staff)[1][0] == "x"


def test_hidden_numbers_of_a_line_do_not_add_up_to_a_small_one():
    """Two of one and two of two: the total less what is shown would be three people."""
    table = [[1, 2, 40, 50], [30, 40, 8, 9], [5, 6, 7, 8]]
    hidden = hidden_places([table])
    assert not is_small(sum(table[0][column] for column in range(4) if (0, column) in hidden))


def unknowns_and_equations(
    table: list[list[int]], hidden: frozenset[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[list[Fraction]]]:
    """The hidden places, and what each line says of them: coefficients, then the right side."""
    whole = with_totals(table)
    places = sorted(hidden)
    rows, columns = len(whole), len(whole[0])
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)]
    equations = []
    for line in lines:
        signs = dict.fromkeys(line[:-1], 1) | {line[-1]: -1}
        known = sum(sign * whole[r][c] for (r, c), sign in signs.items() if (r, c) not in hidden)
        equations.append([Fraction(signs.get(place, 0)) for place in places] + [Fraction(-known)])
    return places, equations


def reduced(equations: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """Gauss and Jordan."""
    rows, pivot = [row[:] for row in equations], 0
    for column in range(width):
        at = next((r for r in range(pivot, len(rows)) if rows[r][column]), None)
        if at is None:
            continue
        rows[pivot], rows[at] = rows[at], rows[pivot]
        lead = rows[pivot][column]
        rows[pivot] = [value / lead for value in rows[pivot]]
        for other in range(len(rows)):
            factor = rows[other][column]
            if other != pivot and factor:
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)
                ]
        pivot += 1
    return rows[:pivot]


def determined(table: list[list[int]]) -> list[tuple[int, int]]:
    """Hidden places whose number follows from the equations alone."""
    places, equations = unknowns_and_equations(table, hidden_places([table]))
    found = []
    for row in reduced(equations, len(places)):
        used = [number for number, value in enumerate(row[:-1]) if value]
        if len(used) == 1:
            found.append(places[used[0]])
    return found


@settings(deadline=None, max_examples=100)
@given(TABLES)
def test_no_small_number_is_shown_and_none_follows_from_the_totals(table):
    whole, hidden = with_totals(table), hidden_places([table])
    shown = [
        whole[r][c]
        for r, c in product(range(len(whole)), range(len(whole[0])))
        if (r, c) not in hidden
    ]
    assert not any(is_small(number) for number in shown)
    assert determined(table) == []


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_the_hidden_of_a_line_with_its_total_are_five_people_or_none(table):
    whole, hidden = with_totals(table), hidden_places([table])
    for r, row in enumerate(whole):
        inner = [row[c] for c in range(len(row) - 1) if (r, c) in hidden]
        if (r, len(row) - 1) not in hidden:
            assert not is_small(sum(inner))


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_a_small_number_is_not_the_only_one_possible_even_as_no_number_is_below_zero(table):
    """Somebody who tries every table that gives what is shown finds several numbers for each."""
    whole, hidden = with_totals(table), hidden_places([table])
    inner = [
        place for place in sorted(hidden) if place[0] < len(table) and place[1] < len(table[0])
    ]
    if len(inner) > 4:
        return  # too many to try
    largest = max(max(row) for row in table) + 5
    possible: dict[tuple[int, int], set[int]] = {place: set() for place in inner}
    for values in product(range(largest + 1), repeat=len(inner)):
        guess = [row[:] for row in table]
        for (r, c), value in zip(inner, values, strict=True):
            guess[r][c] = value
        guessed = with_totals(guess)
        if all(
            guessed[r][c] == whole[r][c]
            for r in range(len(whole))
            for c in range(len(whole[0]))
            if (r, c) not in hidden
        ):
            for (r, c), value in zip(inner, values, strict=True):
                possible[r, c].add(value)
    for (r, c), values in possible.items():
        if is_small(table[r][c]):
            assert len(values) > 1, (r, c)
