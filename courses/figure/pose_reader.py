"""Reads the `pose:` of a scene file and refuses it with every mistake at once.
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
    "holds": vocabulary.TOYS,
    "top": OUTFITS,
    "moves": vocabulary.CARER_MOVES,
}
Faults = list[str]


def read_pose(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Pose; those left out keep their defaults.

    Raises:
        ValueError: naming every wrong field with the allowed values, one a line.
    """
    if not isinstance(data, Mapping):
        raise ValueError("pose: must be a list of fields such as `gaze: left`")
    faults: Faults = []
    out: dict[str, Any] = {}
    readers: dict[str, Callable[[str, Any, Faults], dict[str, Any]]] = {
        **dict.fromkeys(WORD_FIELDS, _read_word),
        **dict.fromkeys(PAIR_FIELDS, _read_pair),
        "gaze": _read_gaze,
        "head": _read_head,
        "carer": _read_carer,
        "tears": _read_flag,
    }
    for name, value in data.items():
        if name in readers:
            out.update(readers[name](name, value, faults))
        else:
            faults.append(
                f"{name}: unknown field{_guess(name, readers)}; allowed: {', '.join(readers)}"
            )
    if faults:
        raise ValueError("\n".join(faults))
    return out


def _guess(word: Any, allowed: Collection[str]) -> str:
    near = get_close_matches(str(word), list(allowed), 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _word(place: str, value: Any, allowed: Collection[str], faults: Faults) -> str:
    if value is None and "none" in allowed:
        return "none"
    if isinstance(value, str) and value in allowed:
        return value
    faults.append(
        f"{place}: {value!r} is not allowed{_guess(value, allowed)}; allowed: {', '.join(allowed)}"
    )
    return ""


def _read_word(name: str, value: Any, faults: Faults) -> dict[str, Any]:
    return {name: _word(name, value, WORD_FIELDS[name], faults)}


def _read_pair(name: str, value: Any, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        word = _word(name, value, PAIR_FIELDS[name], faults)
        return {name: (word, word)}
    for key in value:
        if key not in vocabulary.SIDES:
            faults.append(f"{name}.{key}: unknown field; allowed: left, right")
    rest = "relaxed"
    return {
        name: tuple(
            _word(f"{name}.{s}", value.get(s, rest), PAIR_FIELDS[name], faults)
            for s in vocabulary.SIDES
        )
    }


def _number(place: str, value: Any, low: float, high: float, faults: Faults) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    faults.append(f"{place}: {value!r} is not allowed; allowed: a number from {low:g} to {high:g}")
    return 0.0


def _read_gaze(name: str, value: Any, faults: Faults) -> dict[str, Any]:
    if isinstance(value, list | tuple) and len(value) == 2:
        return {name: tuple(_number(name, part, -1, 1, faults) for part in value)}
    word = _word(name, value, vocabulary.GAZES, faults)
    if not word:
        faults[-1] += ", or two numbers from -1 to 1: [right, up]"
        return {}
    return {name: tuple(float(part) for part in vocabulary.GAZES[word])}


def _read_head(name: str, value: Any, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        faults.append(
            f"{name}: {value!r} is not allowed; allowed: fields turn, tilt and nod, such as {{turn: -0.5}}"
        )
        return {}
    out = {}
    for key, part in value.items():
        if key in HEAD_FIELDS:
            out[key] = _number(f"{name}.{key}", part, *HEAD_FIELDS[key], faults)
        else:
            faults.append(f"{name}.{key}: unknown field; allowed: {', '.join(HEAD_FIELDS)}")
    return out


def _read_flag(name: str, value: Any, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, bool):
        faults.append(f"{name}: {value!r} is not allowed; allowed: true, false")
    return {name: bool(value)}


def _read_carer(name: str, value: Any, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {name: Carer(shows=_word(name, value, vocabulary.CARERS, faults) or "none")}
    out: dict[str, Any] = {}
    for key, part in value.items():
        if key in CARER_FIELDS:
            out[key] = _word(f"{name}.{key}", part, CARER_FIELDS[key], faults)
        elif key == "beard":
            out.update(_read_flag(key, part, faults))
        elif key == "near":
            out[key] = _number(f"{name}.{key}", part, 0, 1, faults)
        else:
            faults.append(
                f"{name}.{key}: unknown field; allowed: {', '.join([*CARER_FIELDS, 'beard', 'near'])}"
            )
    return {name: Carer(**out)}
