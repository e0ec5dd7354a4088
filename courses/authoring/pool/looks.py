"""What differs between babies and tells nothing: who, where, with whom, from which side.

Each list is dealt out as evenly as its length allows, and both of a pair of opposites are dealt
the same, each in an order of its own. So nothing here can predict the answer, and no two babies
are twins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

EACH = 30
"""Exemplars of a category: 20 for practice, 10 in sealed forms."""

ADULTS: dict[str, dict[str, object]] = {
    "none": {},
    "smiling": {"shows": "face", "look": "smile"},
    "talking": {"shows": "face", "look": "talking"},
    "quiet": {"shows": "face", "look": "calm"},
    "hand": {"shows": "hand"},
    "rattle": {"shows": "hand", "holds": "rattle"},
    "ball": {"shows": "hand", "holds": "ball"},
    "bottle": {"shows": "hand", "holds": "bottle"},
}
"""Who is there, as the `carer` of a pose; on a lap and in arms somebody holds the baby anyway."""

SKINS = ("very-light", "light", "medium", "tan", "brown", "deep")
HAIR = {
    "newborn": ("fuzz", "none", "short", "fuzz", "coils"),
    "young": ("fuzz", "short", "tuft", "coils", "none"),
    "older": ("short", "tuft", "curls", "coils", "fuzz"),
    "toddler": ("short", "curls", "coils", "tuft", "short"),
}
LIGHT_HAIR = ("fuzz", "none", "coils", "fuzz", "tuft")
HAIR_COLOURS = {
    "very-light": ("fair", "auburn", "brown"),
    "light": ("brown", "fair", "dark-brown"),
    "medium": ("dark-brown", "black", "brown"),
    "tan": ("black", "dark-brown"),
    "brown": ("black", "dark-brown"),
    "deep": ("black", "black"),
}
OUTFITS = ("sage", "marigold", "plum", "rose", "sky", "cream", "clay")
CARER_HAIR = ("short", "long", "bob", "bun", "coils", "curls", "locs", "scarf")
CARER_WEARS = ("jumper", "shirt", "cardigan", "hoodie")
ROOMS = {
    "mat": ("plain", "living-room", "bedroom", "clinic", "kitchen"),
    "cot": ("plain", "bedroom", "living-room", "clinic"),
    "lap": ("plain", "living-room", "clinic", "bedroom"),
    "arms": ("plain", "living-room", "clinic", "bedroom"),
    "bouncer": ("plain", "living-room", "bedroom", "kitchen"),
    "highchair": ("kitchen", "plain", "living-room"),
}
DIFFERENCES = ("feeding-tube", "repaired-cleft", "glasses", "hearing-aid", "downs-syndrome")
ONE_IN = 3  # babies of the deal has a difference, never as the clue
SINCE = {"glasses": ("older", "toddler"), "hearing-aid": ("young", "older", "toddler")}
MONTHS = {"newborn": (0, 1), "young": (2, 5), "older": (6, 11), "toddler": (12, 20)}


@dataclass(frozen=True)
class Variety:
    """The lists of a pair of opposites, from the file of its signal."""

    pair: str
    babies: Sequence[str]
    frames: Sequence[str]
    adults: Sequence[str]
    just_before: Sequence[str]


@dataclass(frozen=True)
class Looks:
    """One baby's.

    `baby` is an age and a place, `others` all of its pair. `is_mirrored`: left and right of the
    pose are swapped. `pick` is for what depends on another choice, such as hair on an age.
    """

    baby: str
    others: tuple[str, ...]
    frame: str
    adult: str
    just_before: str
    skin: str
    outfit: str
    top: str
    carer_hair: str
    difference: str
    is_mirrored: bool
    pick: int


def looks_of(variety: Variety, number: int, is_signal: bool) -> Looks:
    """The looks of an exemplar by its number in its category, from 0."""

    def dealt(name: str, options: Sequence[str]) -> str:
        return _deal(f"{variety.pair}/{is_signal}/{name}", tuple(options))[number]

    return Looks(
        baby=dealt("baby", variety.babies),
        others=tuple(variety.babies),
        frame=dealt("frame", variety.frames),
        adult=dealt("adult", variety.adults),
        just_before=dealt("just before", variety.just_before),
        skin=dealt("skin", SKINS),
        outfit=dealt("outfit", OUTFITS),
        top=dealt("top", OUTFITS),
        carer_hair=dealt("carer's hair", CARER_HAIR),
        difference=dealt("difference", DIFFERENCES + ("",) * len(DIFFERENCES) * (ONE_IN - 1)),
        is_mirrored=dealt("side", ("left", "right")) == "left",
        pick=int(dealt("pick", "0123456789")),
    )


@cache
def _deal(seed: str, options: tuple[str, ...]) -> list[str]:
    """`EACH` of the options, each as often as the others or once more, in an order by the seed."""
    dealt = [options[place % len(options)] for place in range(EACH)]
    Random(seed).shuffle(dealt)  # noqa: S311
    return dealt


def appearance(looks: Looks, age: str, setting: str, moves: bool) -> dict[str, object]:
    """The fields of a pose that say how a baby of this age looks, and in which room.

    What a head has on it is drawn anew at every step of its turn, so a baby that `moves` has
    little: the file of a case stays near 12 KB.
    """
    hair = LIGHT_HAIR if moves else HAIR[age]
    colours = HAIR_COLOURS[looks.skin]
    rooms = ROOMS[setting]
    fields: dict[str, object] = {
        "room": rooms[looks.pick % len(rooms)],
        "skin": looks.skin,
        "hair": hair[looks.pick % len(hair)],
        "hair_colour": colours[looks.pick % len(colours)],
        "outfit": looks.outfit,
    }
    is_drawn_often = moves and looks.difference in SINCE
    if looks.difference and not is_drawn_often and age in SINCE.get(looks.difference, HAIR):
        fields["has"] = [looks.difference]
    return fields


def carer_of(looks: Looks, adult: str, setting: str) -> dict[str, object]:
    """The `carer` of a pose. Only a face is added to who holds the baby already."""
    carer = dict(ADULTS[adult])
    is_held = setting in ("lap", "arms")
    if is_held and carer.get("shows") != "face":
        carer = {}
    # Families look alike more often than not; a third of them here do not.
    skin = looks.skin if looks.pick % 3 else SKINS[(looks.pick + 2) % len(SKINS)]
    return {
        **carer,
        "side": "right",
        "skin": skin,
        "hair": looks.carer_hair,
        "hair_colour": "black" if looks.carer_hair != "scarf" else looks.outfit,
        "top": looks.top,
        "wears": CARER_WEARS[looks.pick % len(CARER_WEARS)],
        "glasses": looks.pick == 0,
    }
