"""Checks over the whole pool: what the cues are, where they can be seen, and how it is balanced.

Pictures are compared in `likeness`, and the small classifier is in `confounding`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from courses.authoring.pool.confounding import MOST, Features, balanced_accuracy
from courses.authoring.pool.growing import Grown
from courses.authoring.pool.likeness import find_alike
from courses.authoring.pool.reading import CategoryRead, GrownPool
from courses.authoring.pool.schema import CategoryFile, Cue
from courses.authoring.pool.sealed import CHECK_HALF, MASTERY_HALF, OF_A_KIND, TIERS
from courses.authoring.pool.specs import admits
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.timelines import plain
from courses.figure.motion.final_hold import FINAL_HOLD
from courses.library.content.exemplars import CHECK_FORMS, MASTERY_FORMS

WHO_AND_WHERE = ("age", "setting", "view", "frame", "adult")
"""Fields of a cue's pose that say where it can be seen, and not what it is."""
NOT_TAPPED = ("colour", "movement")  # places that are chosen from a list, not on the picture
LONGEST = 7.0  # seconds, the hold of the last moment included
LIGHT, DARK = ("very-light", "light"), ("brown", "deep")
STATE = re.compile(
    r"\b(tired|sleepy|hungry|hunger|happy|sad|stress\w*|overload\w*|withdrawn|wary|afraid|"
    r"frighten\w*|ill|unwell|distress\w*|content|bored|wants?|needs?|feels?|in pain|fit|seizure)\b",
    re.I,
)


def check_pool(grown: GrownPool, problems: Problems) -> None:
    """Adds a problem for whatever would make practice easier, harder or less fair than meant."""
    reads = {read.file.key: read for read in grown.files}
    for read in grown.files:
        _check_words(read, problems)
        _check_times(read, problems)
    _check_cues(grown, reads, problems)
    _check_places(grown, reads, problems)
    _check_skins(grown, reads, problems)
    # What is missing is reported already, and would be reported again as an imbalance.
    is_whole = len(grown.files) == 2 * OF_A_KIND and not problems.errors
    if grown.files and is_whole:
        _check_balance(grown, problems)
        _check_confounding(grown, problems)
        # Drawing all of them takes seconds, so that publishing goes without.
        if problems.wants_advice:
            _check_likeness(grown, reads, problems)
    elif not problems.errors:
        what = f"are {len(grown.files)}; the forms need {OF_A_KIND} signals and their opposites"
        problems.add(grown.files[0].path.parent, 1, "categories", what)


def _check_words(read: CategoryRead, problems: Problems) -> None:
    """What is seen is said before the answer, so it names no state."""
    for place, says in _texts(read.file):
        named = STATE.search(says)
        if named:
            what = f"names a state ({named[0]!r}); write what can be seen"
            problems.add(read.path, read.line(*place), "says", what)


def _texts(file: CategoryFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, cue in enumerate(file.cues):
        yield ("cues", number, "says"), cue.says
        for moment_number, moment in enumerate(cue.moves):
            yield ("cues", number, "moves", moment_number, "says"), moment.says


def _check_times(read: CategoryRead, problems: Problems) -> None:
    """Moments rise, end before the next begins, and are watched while they last."""
    for number, cue in enumerate(read.file.cues):
        if not cue.moves:
            continue
        fault = _time_fault(cue)
        if fault:
            problems.add(read.path, read.line("cues", number, "moves"), "moves", fault)


def _time_fault(cue: Cue) -> str:
    for moment, following in pairwise(cue.moves):
        if moment.at + moment.over > following.at + 1e-9:
            return f"the moment at {moment.at:g} is not over at {following.at:g}; make it shorter"
    end = cue.moves[-1].at + FINAL_HOLD
    if end > LONGEST:
        return f"take {end:g} seconds with the last hold; make it {LONGEST:g} at most"
    begin, until = cue.watch or (0.0, 0.0)
    if not 0 <= begin < until <= end:
        return f"are watched from {begin:g} to {until:g}; write times from 0 to {end:g}"
    return ""


# The cue lies inside its category, and outside the opposite


def cue_admits(cue: Cue, poses: tuple[Mapping[str, Any], ...]) -> bool:
    """Whether an exemplar with these moments would show the cue too."""
    if len(poses) != len(cue.moves) + 1:
        return False
    specs = [cue.pose, *(moment.pose for moment in cue.moves)]
    for spec, pose in zip(specs, poses, strict=True):
        wanted = {key: value for key, value in plain(spec).items() if key not in WHO_AND_WHERE}
        if not admits(wanted, pose):
            return False
    return True


def _check_cues(grown: GrownPool, reads: Mapping[str, CategoryRead], problems: Problems) -> None:
    for one in grown.grown:
        read = reads[one.exemplar.category]
        opposite = reads.get(read.file.opposite)
        line = read.line("cues", read.file.cues.index(one.cue), "name")
        if not cue_admits(one.cue, one.unmirrored):
            what = f"{one.cue.name!r} grows a baby outside its own values; write them otherwise"
            problems.add(read.path, line, "cues", what)
        for other in opposite.file.cues if opposite else ():
            if cue_admits(other, one.unmirrored):
                what = (
                    f"{one.cue.name!r} grows a baby that {other.name!r} of "
                    f"{read.file.opposite} may be too; narrow one of them"
                )
                problems.add(read.path, line, "cues", what)


def _check_places(grown: GrownPool, reads: Mapping[str, CategoryRead], problems: Problems) -> None:
    """Where a cue can be seen is in the picture."""
    for one in grown.grown:
        shown = {place.key for place in one.exemplar.places}
        hidden = [key for key in one.cue.telling if key not in shown and key not in NOT_TAPPED]
        if hidden:
            read = reads[one.exemplar.category]
            line = read.line("cues", read.file.cues.index(one.cue), "telling")
            what = (
                f"{hidden[0]!r} is outside a picture of {one.cue.name!r}; "
                "write a wider frame, or another place"
            )
            problems.add(read.path, line, "telling", what)


def _check_skins(grown: GrownPool, reads: Mapping[str, CategoryRead], problems: Problems) -> None:
    """A colour sign is shown on light and on dark skin, both ways of it often enough to learn."""
    skins: dict[tuple[str, str], Counter[str]] = {}
    for one in grown.grown:
        colour = str(one.exemplar.pose.get("colour", "none"))
        if "colour" in one.cue.telling and colour != "none":
            counted = skins.setdefault((one.exemplar.category, colour), Counter())
            counted[str(one.exemplar.pose["skin"])] += 1
    for (category, colour), counted in skins.items():
        for name, tones in (("light", LIGHT), ("dark", DARK)):
            if not any(counted[tone] for tone in tones):
                read = reads[category]
                what = f"{colour} is on no {name} skin; let another cue have it too"
                problems.add(read.path, read.line("cues"), "cues", what)


# Over the whole pool


def _check_balance(grown: GrownPool, problems: Problems) -> None:
    """Forms are as large as they are called, half signals, and every form as hard as its like."""
    folder = grown.files[0].path.parent
    for forms, half in ((CHECK_FORMS, CHECK_HALF), (MASTERY_FORMS, MASTERY_HALF)):
        for form in forms:
            fault = form_fault(grown, form, half)
            if fault:
                problems.add(folder, 1, f"form {form}", fault)


def form_fault(grown: GrownPool, form: str, half: int) -> str:
    """What is unequal in a form; "" when it is as equal as integers allow."""
    exemplars = list(grown.pool.of_form(form))
    signals = sum(map(grown.pool.is_signal, exemplars))
    if len(exemplars) != 2 * half or signals != half:
        return f"has {signals} signals of {len(exemplars)}; it needs {half} of {2 * half}"
    tiers = Counter(exemplar.tier for exemplar in exemplars)
    by_tier = {tier: tiers[tier] for tier in range(1, TIERS + 1)}
    categories = Counter(exemplar.category for exemplar in exemplars)
    by_category = {category.key: categories[category.key] for category in grown.pool.categories}
    # Each half is dealt out in turn: one category or tier has one more, so two at most in all.
    for name, counted, most in (("category", by_category, 1), ("tier", by_tier, 2)):
        if max(counted.values()) - min(counted.values()) > most:
            return f"is unequal by {name}: {counted}; give the categories an order each"
    return ""


def _check_confounding(grown: GrownPool, problems: Problems) -> None:
    rows = [features_of(one) for one in grown.grown]
    labels = [grown.pool.is_signal(one.exemplar) for one in grown.grown]
    accuracy = balanced_accuracy(rows, labels)
    if accuracy > MOST:
        what = (
            f"is told right in {accuracy:.0%} from looks and place alone ({MOST:.0%} at most); "
            "let opposites have the same settings, frames and adults"
        )
        problems.add(grown.files[0].path.parent, 1, "pool", what)


def _check_likeness(
    grown: GrownPool, reads: Mapping[str, CategoryRead], problems: Problems
) -> None:
    for pair in find_alike(grown.grown):
        read = reads[pair.second.exemplar.category]
        line = read.line("cues", read.file.cues.index(pair.second.cue), "name")
        what = (
            f"{pair.second.cue.name!r} number {pair.second.number} looks like number"
            f" {pair.first.number} of {pair.first.exemplar.category} ({pair.distance:.1f} apart);"
            f" add {pair.second.number} to `redrawn`"
        )
        problems.add(read.path, line, "cues", what)


def features_of(grown: Grown) -> Features:
    """All of an exemplar that may differ and must tell nothing."""
    pose = grown.exemplar.pose
    carer: Any = pose["carer"]
    return {
        "side": carer["side"],
        "skin": pose["skin"],
        "room": pose["room"],
        "setting": pose["setting"],
        "view": pose.get("view", "front"),
        "frame": pose["frame"],
        "age": pose["age"],
        "hair": pose["hair"],
        "outfit": pose["outfit"],
        "has": str(pose.get("has", "")),
        "adult": carer.get("shows", "none"),
        "look": carer.get("look", ""),
        "holds": carer.get("holds", "none"),
        "top": carer["top"],
        "just before": grown.exemplar.setting.split(". ", 1)[1],
        "moves": bool(grown.exemplar.timeline),
    }
