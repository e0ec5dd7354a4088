import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certificates.codes import ALPHABET, LENGTH, code_of, new_code, parse_code, show_code

NUMBERS = st.integers(0, 2**100 - 1)
GOLDEN = code_of(0x903412B3C4D5E6F78122A1581)


def test_it_works() -> None:
    code = new_code()

    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert parse_code(code) == code
    assert parse_code(show_code(code)) == code


def test_a_printed_code_stays_valid_for_ever() -> None:
    assert GOLDEN == "J0T15CY4TQKFF092M5C1J1"
    assert show_code(GOLDEN) == "J0T1-5CY4-TQKF-F092-M5C1-J1"


@given(NUMBERS)
def test_what_is_shown_is_read_back(number: int) -> None:
    code = code_of(number)

    assert parse_code(show_code(code)) == code


@given(NUMBERS, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_wrong_symbol_is_found(number: int, place: int, symbol: str) -> None:
    code = code_of(number)
    wrong = code[:place] + symbol + code[place + 1 :]

    assert wrong == code or parse_code(wrong) is None


@given(NUMBERS, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_any_two_symbols_swapped_are_found(number: int, one: int, other: int) -> None:
    symbols = list(code_of(number))
    symbols[one], symbols[other] = symbols[other], symbols[one]
    swapped = "".join(symbols)

    assert swapped == code_of(number) or parse_code(swapped) is None


def test_every_mistake_in_two_places_is_found() -> None:
    # A proof, not a sample: the code is linear over GF(32), so a pattern of mistakes that passes would pass on every
    # code and at every scale. One code, and one value for the first mistake, therefore stand for all.
    one_off = [
        GOLDEN[:a] + ALPHABET[ALPHABET.index(GOLDEN[a]) ^ 1] + GOLDEN[a + 1 :]
        for a in range(LENGTH)
    ]
    two_off = [
        one_off[a][:b] + symbol + one_off[a][b + 1 :]
        for a, b in itertools.combinations(range(LENGTH), 2)
        for symbol in ALPHABET
    ]

    assert len(two_off) == 231 * 32
    assert not [wrong for wrong in two_off if parse_code(wrong)]


@pytest.mark.parametrize(
    "typed",
    [
        "j0t1-5cy4-tqkf-f092-m5c1-j1",
        "  J0T1 5CY4 TQKF F092 M5C1 J1\n",
        "J0T1\u20135CY4\u2014TQKF\u2011F092\u2212M5C1\u00adJ1",
        "JOTI-5CY4-TQKF-FO92-M5CL-JI",
        "joti-5cy4-tqkf-fo92-m5cl-jl",
        "-".join(GOLDEN),
        "\ufeffJ0T1\u00a05CY4\u202fTQKF\u3000F092_M5C1\tJ1",
    ],
)
def test_typing_is_forgiven(typed: str) -> None:
    assert parse_code(typed) == GOLDEN


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "-",
        "0",
        GOLDEN[:-1],
        GOLDEN + "0",
        "U" + GOLDEN[1:],
        GOLDEN[:-1] + "!",
        GOLDEN.replace("5", "\uff15"),
        GOLDEN.replace("1", "\u0131"),
        "\ud800" * 22,
        "\x00" * 22,
        "' OR 1=1 --",
        " " * 1_000_000 + GOLDEN,
        "9" * 1_000_000,
    ],
)
def test_junk_is_no_code(junk: str) -> None:
    assert parse_code(junk) is None


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert parse_code(text) is None or len(text) >= LENGTH


@given(st.text(alphabet=string.ascii_letters + string.digits + "- ", min_size=LENGTH, max_size=30))
def test_what_is_accepted_is_canonical(text: str) -> None:
    code = parse_code(text)

    assert code is None or (parse_code(code) == code and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("number", [-1, 2**100])
def test_a_number_outside_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="100 bits"):
        code_of(number)


def test_a_hundred_thousand_codes_are_all_different() -> None:
    assert len({new_code() for _ in range(100_000)}) == 100_000
