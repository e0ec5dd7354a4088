"""The code of a certificate: how it is drawn, checked, parsed from what people type, and shown.
No rows and no pages: whether a code was ever issued is for the database to say.

A code is 20 random symbols of Crockford's base 32 and two check symbols. The 20 are 100 bits: at
a million guesses a second against a million certificates, the first hit is expected after about
40 billion years. The check symbols are those of a Reed-Solomon code over GF(32): the 22 symbols,
read as a polynomial, are divisible by (x + 1)(x + 2) = x² + 3x + 2. As 22 < 32, two valid codes
differ in at least three places, so every mistake in one or two symbols is found: any wrong
symbol, any two wrong symbols, and any two symbols swapped, neighbours or not. Of longer muddles
one in 1,024 passes, and then meets no certificate.

Source: D. Crockford, "Base 32"; I. Reed and G. Solomon, "Polynomial codes over certain finite
fields", 1960.
"""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O (look like digits) and no U
RANDOM_BITS = 100
BITS = 5  # of one symbol
LENGTH = 22
GROUP = 4
# Characters; a code with a separator at every place and some blanks round it is shorter.
LONGEST_TYPED = 100

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_READ_AS = str.maketrans("OoIiLl" + "abcdefghjkmnpqrstvwxyz", "001111" + "ABCDEFGHJKMNPQRSTVWXYZ")
# Minus, soft hyphen, and what copying from a page leaves behind.
_ALSO_DASHES = "\u2212\u00ad\u200b\ufeff_"


def new_code() -> str:
    """A fresh code in canonical form: 22 symbols, capitals, no separators.

    Unique by chance alone (100 bits).
    """
    return code_of(secrets.randbits(RANDOM_BITS))


def code_of(number: int) -> str:
    """The canonical code of a number from 0 to 2**100 - 1; one number, one code.

    Raises:
        ValueError: the number is outside of that.
    """
    if not 0 <= number < 1 << RANDOM_BITS:
        raise ValueError("A code is made from a number of 100 bits.")
    shifts = range(RANDOM_BITS - BITS, -1, -BITS)
    values = [number >> shift & 31 for shift in shifts]  # the highest bits first
    values += _check_symbols(values)
    return "".join(ALPHABET[value] for value in values)


def parse_code(text: str) -> str | None:
    """The canonical code somebody typed or pasted, or None where it cannot be one.

    Forgives case, blanks, every kind of dash, O for 0 and I or L for 1. Never raises; text longer
    than `LONGEST_TYPED` characters is rejected unread, so that the work is bounded.
    """
    if len(text) > LONGEST_TYPED:
        return None
    typed = [character for character in text if not _is_separator(character)]
    code = "".join(typed).translate(_READ_AS)
    if len(code) != LENGTH or not set(code) <= _VALUES.keys():
        return None
    *values, first, second = (_VALUES[symbol] for symbol in code)
    if _check_symbols(values) != (first, second):
        return None
    return code


def show_code(code: str) -> str:
    """A canonical code as people and URLs see it: groups of four, the check symbols last."""
    starts = range(0, len(code), GROUP)
    groups = [code[start : start + GROUP] for start in starts]
    return "-".join(groups)


def _is_separator(character: str) -> bool:
    if character.isspace() or character in _ALSO_DASHES:
        return True
    return unicodedata.category(character) == "Pd"  # every dash that Unicode calls one


def _check_symbols(values: list[int]) -> tuple[int, int]:
    """The remainder of values(x)·x² divided by x² + 3x + 2 over GF(32)."""
    first = second = 0
    for value in values:
        # Addition in GF(32) is exclusive or, so three times a value is its double and itself.
        top = value ^ first
        double = _double(top)
        triple = double ^ top
        first, second = second ^ triple, double
    return first, second


def _double(value: int) -> int:
    """Twice a value in GF(32), built on x⁵ + x² + 1."""
    return value << 1 ^ (0b100101 if value & 16 else 0)
