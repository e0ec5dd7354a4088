"""The pool of drawn cases: read, grown, checked, drawn and published."""

import gzip
import re
import shutil
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
import yaml
from django.core.management import call_command

from courses.authoring.pool.checks import check_pool, cue_admits, features_of, form_fault
from courses.authoring.pool.confounding import MOST, balanced_accuracy
from courses.authoring.pool.growing import KEY_LENGTH, key_of
from courses.authoring.pool.likeness import find_alike
from courses.authoring.pool.looks import ADULTS
from courses.authoring.pool.reading import GrownPool, read_pool
from courses.authoring.pool.schema import Adult, CategoryFile, PlaceKey
from courses.authoring.pool.sealed import OF_A_KIND, slots_of
from courses.authoring.pool.specs import admits, is_range
from courses.authoring.pool_publishing import KeyChanged, publish_pool
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.references import read_references
from courses.figure.motion.scene_motion import motion_of
from courses.figure.motion.timeline import Timeline
from courses.library.content.exemplars import CHECK_FORMS, MASTERY_FORMS, PLACES, Pool
from courses.models import PoolEdition
from tests.conftest import SHIPPED
from tests.test_content_errors import messages

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LARGEST = 14_000  # bytes of a moving case, packed as it is sent; half of them have less than 9,500


def read(root: Path, *, wants_advice: bool = False) -> tuple[GrownPool, list[str]]:
    """The pool of a folder with every check but that of the pictures, and its problems."""
    problems = Problems(root, wants_advice)
    grown = read_pool(root, read_references(root, problems), problems)
    assert grown
    check_pool(grown, problems)
    return grown, sorted({str(problem) for problem in problems.errors})


@pytest.fixture(scope="module")
def shipped() -> GrownPool:
    grown, problems = read(SHIPPED)
    assert problems == []
    return grown


@pytest.fixture
def folder(tmp_path) -> Path:
    """The shipped pool alone, to be changed."""
    for name in ("references.yaml", "glossary.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    shutil.copytree(SHIPPED / "exemplars", tmp_path / "exemplars")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "exemplars" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_works(shipped):
    pool = shipped.pool
    assert len(pool.categories) == 2 * OF_A_KIND
    assert len(pool.exemplars) == 480
    assert len(list(pool.for_practice())) == 320
    assert Counter(exemplar.category for exemplar in pool.for_practice()).most_common()[-1][1] == 20


def test_half_are_ordinary_and_a_third_moves(shipped):
    pool = shipped.pool
    assert sum(map(pool.is_signal, pool.exemplars)) == len(pool.exemplars) // 2
    moving = sum(1 for exemplar in pool.exemplars if exemplar.timeline)
    assert 0.3 <= moving / len(pool.exemplars) <= 0.4


def test_opposites_are_mutual_and_of_the_other_kind(shipped):
    for category in shipped.pool.categories:
        other = shipped.pool.category_by_key[category.opposite]
        assert other.opposite == category.key
        assert other.is_signal != category.is_signal


def test_what_it_is_mistaken_for_is_of_the_other_kind(shipped):
    for exemplar in shipped.pool.exemplars:
        other = shipped.pool.category_by_key[exemplar.mistaken_for]
        assert other.is_signal != shipped.pool.is_signal(exemplar)


@pytest.mark.parametrize("form", CHECK_FORMS)
def test_a_check_has_ten_of_each_kind_equal_by_category_and_tier(shipped, form):
    assert form_fault(shipped, form, 10) == ""


@pytest.mark.parametrize("form", MASTERY_FORMS)
def test_a_check_of_mastery_has_twenty_of_each_kind(shipped, form):
    assert form_fault(shipped, form, 20) == ""


@pytest.mark.parametrize("order", range(OF_A_KIND))
def test_every_category_has_thirty_slots(order):
    slots = slots_of(order)
    assert len(slots) == 30
    assert sum(slot.form == "" for slot in slots) == 20


def test_growing_again_gives_the_same_babies(shipped):
    again, _ = read(SHIPPED)
    assert again.pool == shipped.pool


def test_growing_takes_less_than_twenty_seconds():
    begun = time.perf_counter()
    read(SHIPPED)
    assert time.perf_counter() - begun < 20


def test_keys_say_nothing_of_category_or_order(shipped):
    keys = [exemplar.key for exemplar in shipped.pool.exemplars]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(rf"[0-9a-f]{{{KEY_LENGTH}}}", key) for key in keys)
    firsts = {exemplar.key[0] for exemplar in shipped.pool.exemplars if exemplar.form == "before"}
    assert len(firsts) > 8
    assert key_of("limp", 0) != key_of("limp", 0, redrawn=1)


def test_a_key_is_the_same_for_ever():
    assert key_of("limp", 0) == "b3964f3fbb8b"


def test_looks_and_place_do_not_tell(shipped):
    rows = [features_of(one) for one in shipped.grown]
    labels = [shipped.pool.is_signal(one.exemplar) for one in shipped.grown]
    for seed in "12345":
        assert balanced_accuracy(rows, labels, seed) <= MOST
    for name in rows[0]:
        alone = [{name: row[name]} for row in rows]
        assert balanced_accuracy(alone, labels) <= MOST, name


def test_the_classifier_finds_what_is_there():
    rows = [{"skin": number % 2, "room": number % 3} for number in range(60)]
    assert balanced_accuracy(rows, [row["skin"] == 1 for row in rows]) == 1


def test_no_two_look_alike(shipped):
    assert list(find_alike(shipped.grown)) == []


def test_each_cue_lies_outside_its_opposite(shipped):
    files = {read.file.key: read.file for read in shipped.files}
    for one in shipped.grown:
        opposite = files[files[one.exemplar.category].opposite]
        assert cue_admits(one.cue, one.unmirrored)
        assert not any(cue_admits(cue, one.unmirrored) for cue in opposite.cues)


def test_every_colour_sign_is_on_light_and_dark_skin(shipped):
    for colour in ("dusky", "pale", "mottled", "flushed"):
        skins = {
            one.exemplar.pose["skin"]
            for one in shipped.grown
            if one.exemplar.pose.get("colour") == colour and "colour" in one.cue.telling
        }
        assert skins & {"very-light", "light"}, colour
        assert skins & {"brown", "deep"}, colour


def test_places_lie_in_the_picture(shipped):
    for exemplar in shipped.pool.exemplars:
        for place in exemplar.places:
            ring = place.ring
            assert place.key in PLACES
            assert min(ring.x, ring.y, 100 - ring.x, 100 - ring.y) >= ring.r > 0


def test_a_moving_one_is_short_and_watched(shipped):
    for exemplar in shipped.pool.exemplars:
        assert bool(exemplar.timeline) == (exemplar.watch is not None)
        if exemplar.watch:
            assert 3 < exemplar.seconds <= 7
            assert 0 <= exemplar.watch[0] < exemplar.watch[1] <= exemplar.seconds


def test_a_moving_one_is_light(shipped):
    """One of each cue; the whole pool takes half a minute."""
    seen = set()
    for one in shipped.grown:
        name = one.exemplar.category, one.cue.name
        if not one.exemplar.timeline or name in seen:
            continue
        seen.add(name)
        moments = [moment.model_dump() for moment in one.exemplar.timeline]
        motion = motion_of(Timeline.from_dicts(moments), "m")
        assert len(gzip.compress(motion.encode(), 6)) <= LARGEST, name


def test_the_text_before_the_answer_serves_both_of_a_pair(shipped):
    """Each sentence stands with signals and with ordinary babies about as often."""
    said: dict[str, Counter[bool]] = {}
    for one in shipped.grown:
        sentence = one.looks.just_before
        said.setdefault(sentence, Counter())[shipped.pool.is_signal(one.exemplar)] += 1
    for sentence, counted in said.items():
        assert counted[True] == counted[False], sentence


def test_the_example_in_the_guide_can_be_read():
    page = (SHIPPED / "FORMAT.md").read_text(encoding="utf-8")
    example = re.search(r"^```yaml category\n(.*?)^```$", page, re.M | re.S)
    assert example
    file = CategoryFile.model_validate(yaml.safe_load(example[1]))
    assert [cue.name for cue in file.cues] == ["turned-away", "leaves"]
    assert not set(CategoryFile.model_fields) - set(yaml.safe_load(example[1]))


PAUSE, TIRED, LIMP = "needs-a-pause", "tired", "limp"
FAULTS = [
    (PAUSE, "key: needs-a-pause", "key: other", "make them the same"),
    (PAUSE, "opposite: ready-for-play", "opposite: tired", "opposites are one of each kind"),
    (PAUSE, "order: 0", "order: 1", "1 is that of 'needs-a-change' too; write one that is free"),
    (PAUSE, "sources: [C2.4", "sources: [C99", "source 'C99' is not in references.yaml"),
    (PAUSE, "mistaken_for: ready-for-play", "mistaken_for: limp", "category of the other kind;"),
    (PAUSE, "name: hand-at-ear", "name: turned-away", "is there twice; call one of them"),
    (PAUSE, "mouth: [neutral, pressed]", "mouth: [smirk]", "mouth: 'smirk' is not allowed"),
    (PAUSE, "says: The head is", "says: The baby is tired, is", "); write what can be seen"),
    (
        PAUSE,
        "watch: [0.8, 5.6]",
        "watch: [0.8, 9]",
        "watched from 0.8 to 9; write times from 0 to 5.6",
    ),
    (PAUSE, "over: 0.8", "over: 3", "the moment at 0.8 is not over at 2.6; make it shorter"),
    (PAUSE, "at: 2.6", "at: 5", "take 8 seconds with the last hold; make it 7 at most"),
    (PAUSE, "    watch: [0.8, 5.6]\n", "", "belong together; write both or none"),
    (PAUSE, "tiers: [3]", "tiers: [4]", "cues.4.tiers.0"),
    (PAUSE, "telling: [eyes, hands]", "telling: [nose]", "cues.0.telling.0"),
    (PAUSE, "frames: [near]", "frames: [face]", "is outside a picture of"),
    (
        PAUSE,
        "      lids: open",
        "      setting: cot\n      lids: open",
        "'cot'}; add one there",
    ),
    (TIRED, "order: 5", "order: 5\nredrawn: [99]", "redrawn.0"),
    (TIRED, "cues:", "varies: VARIES\ncues:", "the opposite varies alike"),
    (LIMP, "tiers: [1]", "tiers: [2]", ""),
]
VARIES = "{babies: [young mat], frames: [near], adults: [none], just_before: [One., Two.]}"


@pytest.mark.parametrize(("name", "old", "new", "problem"), FAULTS)
def test_a_mistake_is_reported_with_its_place(folder, name, old, new, problem):
    change(folder, name, old, new.replace("VARIES", VARIES))
    _, problems = read(folder)
    assert any(problem in line for line in problems) or not problem, problems
    assert all(re.match(r"exemplars/[a-z-]+\.yaml:\d+: ", line) for line in problems)


def test_every_tier_needs_a_cue(folder):
    path = folder / "exemplars" / "limp.yaml"
    text = re.sub(r"tiers: .*", "tiers: [1, 2]", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    assert any("no cue has tier 3; give one that tier" in line for line in read(folder)[1])


def test_a_cue_that_its_opposite_allows_is_refused(folder):
    text = (folder / "exemplars" / "limp.yaml").read_text(encoding="utf-8")
    cue = text[text.index("  - name: lies-flat") : text.index("  - name: no-answer")]
    tired = folder / "exemplars" / "tired.yaml"
    cue = cue.replace("mistaken_for: tired", "mistaken_for: limp")
    tired.write_text(tired.read_text(encoding="utf-8") + cue, encoding="utf-8")
    assert any("may be too; narrow one of them" in line for line in read(folder)[1])


def test_a_colour_sign_on_one_skin_alone_is_refused(folder):
    change(folder, "urgent-colour", "colour: pale", "colour: pale\n      skin: [brown, deep]")
    found = "pale is on no light skin; let another cue have it too"
    assert any(found in line for line in read(folder)[1])


def test_a_pool_that_is_not_whole_is_refused(folder):
    (folder / "exemplars" / "limp.yaml").unlink()
    (folder / "exemplars" / "tired.yaml").unlink()
    for path in (folder / "exemplars").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("mistaken_for: limp", "mistaken_for: overloaded")
        text = text.replace("mistaken_for: tired", "mistaken_for: hungry")
        path.write_text(text, encoding="utf-8")
    found = "are 14; the forms need 8 signals and their opposites"
    assert any(found in line for line in read(folder)[1])


def test_what_signals_alone_look_like_is_refused(folder):
    """Clothes that only signals wear tell them, and the small classifier says so."""
    for path in (folder / "exemplars").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if "is_signal: true" in text:
            text = text.replace("    pose:\n", "    pose:\n      outfit: [plum, clay]\n")
        path.write_text(text, encoding="utf-8")
    found = "from looks and place alone (55% at most); let opposites"
    assert any(found in line for line in read(folder)[1])


def doctored(grown: GrownPool, number: int, **fields: object) -> GrownPool:
    """The pool with one exemplar grown otherwise than growing ever would."""
    rows = list(grown.grown)
    rows[number] = replace(rows[number], **fields)
    exemplars = tuple(row.exemplar for row in rows)
    pool = Pool(categories=grown.pool.categories, exemplars=exemplars)
    return GrownPool(pool, tuple(rows), grown.files)


def faults_of(grown: GrownPool, *, wants_advice: bool = False) -> str:
    problems = Problems(SHIPPED, wants_advice)
    check_pool(grown, problems)
    return "\n".join(map(str, problems.errors))


def test_a_baby_outside_its_own_cue_is_refused(shipped):
    other = shipped.grown[5].unmirrored
    found = "grows a baby outside its own values; write them otherwise"
    assert found in faults_of(doctored(shipped, 0, unmirrored=other))


def test_two_that_look_alike_are_refused(shipped):
    first = shipped.grown[0]
    twin = doctored(shipped, 3, exemplar=first.exemplar, cue=first.cue, unmirrored=first.unmirrored)
    assert "apart); add 3 to `redrawn`" in faults_of(twin, wants_advice=True)


def test_an_unequal_form_is_refused(shipped):
    first, sealed = shipped.grown[0].exemplar, shipped.grown[20].exemplar
    assert sealed.form == "before"
    moved = first.model_copy(update={"form": "before"})
    larger = faults_of(doctored(shipped, 0, exemplar=moved))
    assert "form before: has 11 signals of 21; it needs 10 of 20" in larger
    fault = form_fault(_all_of_tier_one(shipped), "before", 10)
    assert fault == "is unequal by tier: {1: 20, 2: 0, 3: 0}; give the categories an order each"


def _all_of_tier_one(grown: GrownPool) -> GrownPool:
    """The pool with nothing but plain cases in its forms."""
    exemplars = [exemplar.model_copy(update={"tier": 1}) for exemplar in grown.pool.exemplars]
    pool = Pool(categories=grown.pool.categories, exemplars=tuple(exemplars))
    return GrownPool(pool, grown.grown, grown.files)


def test_whatever_the_rules_can_say_is_met_by_a_test():
    """A message that no test expects is a rule that nobody has seen work."""
    tests = Path(__file__).read_text(encoding="utf-8")
    unmet = []
    for place, said in messages(of_pool=True):
        parts = re.split(r"\.\+|; ", said.pattern.replace("\\", ""))
        if not any(part.strip() in tests for part in parts if len(part) > 9):
            unmet.append((place, parts))
    assert unmet == []


def test_open_values():
    assert is_range([0, 1])
    assert not is_range(["a", "b"])
    assert admits({"head": {"turn": [0, 1]}}, {"head": {"turn": 0.5}})
    assert not admits({"head": {"turn": [0, 1]}}, {"head": {"turn": 2}})
    assert admits({"hands": {"left": "fist"}}, {"hands": "fist"})
    assert not admits({"hands": "fist"}, {"hands": {"left": "fist", "right": "open"}})
    assert admits({"gaze": [[0, 1], [0, 1]]}, {"gaze": [0.5, 0.5]})
    assert not admits({"gaze": [[0, 1], [0, 1]]}, {"gaze": "left"})


def test_authors_may_write_every_grown_up_and_place_there_is():
    assert get_args(Adult) == tuple(ADULTS)
    assert get_args(PlaceKey) == tuple(PLACES)


# Publishing


def test_publishing_twice_writes_once(db, shipped):
    assert publish_pool(shipped.pool, NOW)
    assert not publish_pool(shipped.pool, NOW)
    edition = PoolEdition.objects.get()
    assert Pool.model_validate(edition.content) == shipped.pool


def test_a_change_is_a_new_edition(db, shipped):
    publish_pool(shipped.pool, NOW)
    assert publish_pool(changed(shipped.pool, why="Otherwise."), NOW)
    assert list(PoolEdition.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("fields", [{"form": "before"}, {"category": "tired"}])
def test_a_published_key_keeps_its_category_and_form(db, shipped, fields):
    publish_pool(shipped.pool, NOW)
    with pytest.raises(KeyChanged, match="was published as"):
        publish_pool(changed(shipped.pool, **fields), NOW)
    assert PoolEdition.objects.count() == 1


def test_an_older_edition_counts_too(db, shipped):
    publish_pool(shipped.pool, NOW)
    pool = shipped.pool
    publish_pool(Pool(categories=pool.categories, exemplars=pool.exemplars[1:]), NOW)
    with pytest.raises(KeyChanged):
        publish_pool(changed(shipped.pool, form="day-90"), NOW)


def changed(pool: Pool, **fields: object) -> Pool:
    """The pool with other fields in its first exemplar."""
    first = pool.exemplars[0].model_copy(update=fields)
    return Pool(categories=pool.categories, exemplars=(first, *pool.exemplars[1:]))


def test_the_command_publishes_the_pool(db, capsys):
    call_command("publish_courses")
    assert "pool of 480 exemplars published" in capsys.readouterr().out
    call_command("publish_courses")
    assert "pool of 480 exemplars unchanged" in capsys.readouterr().out
    assert PoolEdition.objects.count() == 1


# Pictures


def test_a_blind_set_says_nothing_of_what_it_shows(tmp_path, capsys):
    out = tmp_path / "blind"
    call_command("draw_exemplars", str(out), "--blind", "3", "--seed", "5")
    assert sorted(path.name for path in out.iterdir()) == ["01.png", "02.png", "03.png"]
    names = (tmp_path / "blind-names.csv").read_text(encoding="utf-8")
    assert len(names.splitlines()) == 4


def test_a_category_is_drawn_with_its_sheet(tmp_path, capsys):
    call_command("draw_exemplars", str(tmp_path / "out"), "--category", "urgent-colour")
    assert len(list((tmp_path / "out" / "urgent-colour").glob("*.png"))) == 30
    assert (tmp_path / "out" / "urgent-colour.png").is_file()


def test_a_folder_without_a_pool_has_nothing_to_draw(tmp_path, capsys):
    with pytest.raises(SystemExit):
        call_command("draw_exemplars", str(tmp_path / "out"), str(tmp_path))
