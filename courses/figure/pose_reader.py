"""Reads the `pose:` of a scene file, and rejects it with every mistake at once.
The words are in vocabulary.py, the pose itself in baby.py; files are opened elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any

from courses.figure import vocabulary
from courses.figure.camera import FRAMES
from courses.figure.carer import Carer
from courses.figure.palette import HAIRS, OUTFITS, SKINS

WORD_FIELDS: dict[str, Collection[str]] = {
    "age": vocabulary.AGES,
    "setting": vocabulary.SETTINGS,
    "view": vocabulary.VIEWS,
    "frame": FRAMES,
    "lids": vocabulary.LIDS,
    "brow": vocabulary.BROWS,
    "mouth": vocabulary.MOUTHS,
    "trunk": vocabulary.TRUNKS,
    "colour": vocabulary.COLOURS,
    "breathing": vocabulary.BREATHS,
    "marks": vocabulary.MARKS,
    "toy": vocabulary.TOYS,
    "skin": SKINS,
    "hair": vocabulary.HAIR,
    "hair_colour": HAIRS,
    "outfit": OUTFITS,
    "room": vocabulary.ROOMS,
}
PAIR_FIELDS: dict[str, Collection[str]] = {
    "arms": vocabulary.ARMS,
    "hands": vocabulary.HANDS,
    "legs": vocabulary.LEGS,
}
HEAD_FIELDS = {"turn": (-1.0, 1.0), "tilt": (-45.0, 45.0), "nod": (-40.0, 40.0)}
CARER_FIELDS: dict[str, Collection[str]] = {
    "shows": vocabulary.CARERS,
    "side": vocabulary.SIDES,
    "skin": SKINS,
    "hair": vocabulary.CARER_HAIR,
    "hair_colour": {**HAIRS, **OUTFITS},
    "look": vocabulary.LOOKS,
    "holds": vocabulary.CARER_HOLDS,
    "top": OUTFITS,
    "wears": vocabulary.CARER_WEARS,
    "moves": vocabulary.CARER_MOVES,
}
CARER_FLAGS = ("beard", "glasses")
Errors = list[str]
Fields = dict[str, Any]
"""Fields of a Pose, by name."""


def read_pose(data: Mapping[str, Any]) -> Fields:
    """The fields of a Pose; those left out keep their defaults.

    Raises:
        ValueError: naming every wrong field with the allowed values, one a line.
    """
    if not isinstance(data, Mapping):
        raise ValueError("pose: must be a list of fields such as `gaze: left`")
    errors: Errors = []
    fields: Fields = {}
    for name, value in data.items():
        if name in READERS:
            fields.update(READERS[name](name, value, errors))
        else:
            errors.append(_unknown_field(name, READERS, guess=True))
    if errors:
        raise ValueError("\n".join(errors))
    return fields


def _unknown_field(name: str, allowed: Collection[str], guess: bool = False) -> str:
    suggestion = _suggestion(name, allowed) if guess else ""
    return f"{name}: unknown field{suggestion}; allowed: {', '.join(allowed)}"


def _not_allowed(name: str, value: Any, allowed: str) -> str:
    return f"{name}: {value!r} is not allowed; allowed: {allowed}"


def _suggestion(word: Any, allowed: Collection[str]) -> str:
    near = get_close_matches(str(word), list(allowed), 1)
    if not near:
        return ""
    return f" (did you mean {near[0]}?)"


def _word(name: str, value: Any, allowed: Collection[str], errors: Errors) -> str:
    """One of the allowed words; "" with an error when it is none of them."""
    if value is None and "none" in allowed:
        return "none"  # YAML reads an empty value so
    if isinstance(value, str) and value in allowed:
        return value
    suggestion = _suggestion(value, allowed)
    errors.append(f"{name}: {value!r} is not allowed{suggestion}; allowed: {', '.join(allowed)}")
    return ""


def _read_word(name: str, value: Any, errors: Errors) -> Fields:
    allowed = WORD_FIELDS[name]
    word = _word(name, value, allowed, errors)
    return {name: word}


def _read_pair(name: str, value: Any, errors: Errors) -> Fields:
    """One word for both sides, or a word for left and right."""
    allowed = PAIR_FIELDS[name]
    if not isinstance(value, Mapping):
        word = _word(name, value, allowed, errors)
        return {name: (word, word)}
    for key in value:
        if key not in vocabulary.SIDES:
            errors.append(f"{name}.{key}: unknown field; allowed: left, right")
    left = _word(f"{name}.left", value.get("left", "relaxed"), allowed, errors)
    right = _word(f"{name}.right", value.get("right", "relaxed"), allowed, errors)
    return {name: (left, right)}


def _number(name: str, value: Any, low: float, high: float, errors: Errors) -> float:
    """A number in a range; 0 with an error when it is none. True and False are no numbers here."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and low <= value <= high:
        return float(value)
    errors.append(_not_allowed(name, value, f"a number from {low:g} to {high:g}"))
    return 0.0


def _read_gaze(name: str, value: Any, errors: Errors) -> Fields:
    """A word, or how far right and up."""
    if isinstance(value, list | tuple) and len(value) == 2:
        right = _number(name, value[0], -1, 1, errors)
        up = _number(name, value[1], -1, 1, errors)
        return {name: (right, up)}
    word = _word(name, value, vocabulary.GAZES, errors)
    if not word:
        errors[-1] += ", or two numbers from -1 to 1: [right, up]"
        return {}
    right, up = vocabulary.GAZES[word]
    return {name: (float(right), float(up))}


def _read_head(name: str, value: Any, errors: Errors) -> Fields:
    if not isinstance(value, Mapping):
        allowed = "fields turn, tilt and nod, such as {turn: -0.5}"
        errors.append(_not_allowed(name, value, allowed))
        return {}
    fields: Fields = {}
    for key, part in value.items():
        if key in HEAD_FIELDS:
            low, high = HEAD_FIELDS[key]
            fields[key] = _number(f"{name}.{key}", part, low, high, errors)
        else:
            errors.append(_unknown_field(f"{name}.{key}", HEAD_FIELDS))
    return fields


def _read_flag(name: str, value: Any, errors: Errors) -> Fields:
    if not isinstance(value, bool):
        errors.append(_not_allowed(name, value, "true, false"))
    return {name: bool(value)}


def _read_words(name: str, value: Any, errors: Errors) -> Fields:
    """A word or a list of words."""
    written = value if isinstance(value, list | tuple) else [value]
    words = []
    for item in written:
        word = _word(name, item, vocabulary.DIFFERENCES, errors)
        words.append(word)
    return {name: tuple(words)}


def _read_carer(name: str, value: Any, errors: Errors) -> Fields:
    """One word for what is shown, or the fields of a Carer."""
    if not isinstance(value, Mapping):
        shows = _word(name, value, vocabulary.CARERS, errors)
        return {name: Carer(shows=shows or "none")}
    fields: Fields = {}
    for key, part in value.items():
        if key in CARER_FIELDS:
            fields[key] = _word(f"{name}.{key}", part, CARER_FIELDS[key], errors)
        elif key in CARER_FLAGS:
            fields.update(_read_flag(key, part, errors))
        elif key == "near":
            fields[key] = _number(f"{name}.{key}", part, 0, 1, errors)
        else:
            allowed = [*CARER_FIELDS, *CARER_FLAGS, "near"]
            errors.append(_unknown_field(f"{name}.{key}", allowed))
    return {name: Carer(**fields)}


READERS: dict[str, Callable[[str, Any, Errors], Fields]] = {
    **dict.fromkeys(WORD_FIELDS, _read_word),
    **dict.fromkeys(PAIR_FIELDS, _read_pair),
    "gaze": _read_gaze,
    "head": _read_head,
    "carer": _read_carer,
    "tears": _read_flag,
    "has": _read_words,
}
"""The fields an author may write, and the function that reads each."""
