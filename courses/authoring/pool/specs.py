"""Open values of a pose: drawn for one exemplar, and asked whether a pose lies within them.

An open value is a list of words, `[low, high]` for a number, a pair of either for `gaze`, and
fields of the same for `head`, `carer`, and the sides of arms, hands and legs.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

NUMBERS = 2  # a range has a low and a high end
PAIRS = ("arms", "hands", "legs")


def drawn(spec: Mapping[str, Any], preferred: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    """One pose within the open values.

    Args:
        preferred: what each field would be otherwise; it is kept where it is allowed.
    """
    pose: dict[str, Any] = {}
    for key, value in spec.items():
        if key == "gaze" and isinstance(value, list):
            pose[key] = [_value(part, None, rng) for part in value]
        elif isinstance(value, Mapping):
            pose[key] = drawn(value, {}, rng)
        else:
            pose[key] = _value(value, preferred.get(key), rng)
    return pose


def _value(value: Any, preferred: Any, rng: Random) -> Any:
    if not isinstance(value, list):
        return value
    if is_range(value):
        low, high = value
        return round(rng.uniform(low, high), 2)
    if preferred in value:
        return preferred
    return rng.choice(value)


def is_range(value: Any) -> bool:
    """Whether it is `[low, high]`. A choice of words never is."""
    if not isinstance(value, list) or len(value) != NUMBERS:
        return False
    return all(_is_number(part) for part in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def admits(spec: Mapping[str, Any], pose: Mapping[str, Any]) -> bool:
    """Whether a pose lies within the open values; fields they do not name are free."""
    return all(_admits_field(key, value, pose.get(key)) for key, value in spec.items())


def _admits_field(key: str, value: Any, given: Any) -> bool:
    if key in PAIRS:
        return _admits_pair(value, given)
    if key == "gaze" and isinstance(value, list):
        return isinstance(given, list) and all(map(_admits_value, value, given))
    if isinstance(value, Mapping):
        return isinstance(given, Mapping) and admits(value, given)
    return _admits_value(value, given)


def _admits_pair(value: Any, given: Any) -> bool:
    """Of limbs, each side on its own; one word stands for both."""
    sides = value if isinstance(value, Mapping) else {"left": value, "right": value}
    both = given if isinstance(given, Mapping) else {"left": given, "right": given}
    return all(_admits_value(word, both.get(side)) for side, word in sides.items())


def _admits_value(value: Any, given: Any) -> bool:
    if is_range(value):
        low, high = value
        return _is_number(given) and bool(low <= given <= high)
    if isinstance(value, list):
        return given in value
    return bool(given == value)
