"""Promises about the shipped courses that a machine can check; what is true and kind in them is for people to judge."""

import re
from collections import Counter
from html import unescape

import pytest

from courses.assessment.items import KINDS
from courses.library import content
from courses.library.files import read_courses
from courses.library.markdown import plain
from courses.practice.figure import Pose, draw
from tests.conftest import SHIPPED

COURSES, PROBLEMS = read_courses(SHIPPED, Pose.from_dict, KINDS)
LESSONS = [(course, lesson) for course in COURSES for lesson in course.lessons]
INTERACTIVE = {"check", "sort", "match", "order", "spot", "branch"}
each_course = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.key)
each_lesson = pytest.mark.parametrize(("course", "lesson"), LESSONS, ids=lambda one: one.key)


def words(html: str) -> str:
    return unescape(plain(html))


def blocks_of(lesson: content.Lesson) -> list[content.Block]:
    return [block for step in lesson.steps for block in step.blocks]


def items_of(course: content.Course) -> list[content.Item]:
    """Everything that is asked: items of quizzes, checks of lessons, scenes."""
    checks = [block.item for lesson in course.lessons for block in blocks_of(lesson) if block.item]
    return [*course.items, *checks, *(scene.item for scene in course.scenes)]


def answers_of(course: content.Course) -> list[tuple[str, content.Option | content.Card | content.Choice]]:
    """Every option, card and choice of a branch, with the key of what it belongs to."""
    asked = [(item.key, one) for item in items_of(course) for one in item.answers]
    branches = [block for lesson in course.lessons for block in blocks_of(lesson) if block.kind == "branch"]
    return asked + [(one.key, choice) for one in branches for moment in one.moments for choice in moment.choices]


def choices_of(course: content.Course) -> list[content.Item]:
    """The items of quizzes that are answered by choosing, and the parts of cases that are."""
    return [one for item in course.items for one in (item, *item.parts) if one.options]


def right_is_longest(item: content.Item) -> bool:
    lengths = [(len(words(option.html)), option.correct) for option in item.options]
    longest = max(length for length, _ in lengths)
    return [correct for length, correct in lengths if length == longest] == [True]


def test_it_works():
    assert [str(problem) for problem in PROBLEMS] == []
    assert COURSES
    assert LESSONS


def test_every_file_of_a_course_is_used():
    for course in COURSES:
        folder = SHIPPED / course.key
        text = "".join(
            path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in {".md", ".yaml"}
        )
        assert len(course.lessons) == len(list((folder / "lessons").iterdir()))
        assert {item.lesson for item in course.items} == {path.stem for path in (folder / "items").iterdir()}
        assert {scene.key for scene in course.scenes} == {path.stem for path in (folder / "scenes").glob("*")}
        for picture in (folder / "images").iterdir():
            assert picture.name in text, f"{picture.name} is shown nowhere"


@each_lesson
def test_a_lesson_has_five_to_nine_steps_and_takes_eight_to_twelve_minutes(course, lesson):
    assert 5 <= len(lesson.steps) <= 9
    assert 8 <= lesson.minutes <= 12


@each_lesson
def test_a_lesson_asks_and_lets_the_learner_reflect_and_choose_what_to_do(course, lesson):
    kinds = Counter(block.kind for block in blocks_of(lesson))
    assert sum(kinds[kind] for kind in INTERACTIVE) >= 2
    assert kinds["reflect"] >= 1
    assert kinds["checklist"] >= 1


@each_lesson
def test_a_lesson_asks_before_it_tells_at_least_every_second_step(course, lesson):
    asking = [any(block.is_activity for block in step.blocks) for step in lesson.steps]
    longest = max(len(run) for run in "".join(".x"[one] for one in asking).split("x"))
    assert longest <= 2, "three steps in a row in which the learner does nothing"


@each_lesson
def test_a_step_fits_a_phone_screen_and_a_bit(course, lesson):
    for step in lesson.steps:
        prose = " ".join(words(block.html) for block in step.blocks if block.kind in {"text", "note", "reveal"})
        assert len(prose.split()) <= 260, f"{step.key} has {len(prose.split())} words"


@each_lesson
def test_each_outcome_of_a_lesson_is_tested(course, lesson):
    tested = {item.outcome for item in course.items if item.lesson == lesson.key}
    assert {outcome.key for outcome in lesson.outcomes} == tested


@each_course
def test_no_outcome_has_two_lessons(course):
    times = Counter(outcome.key for outcome in course.outcomes)
    assert not [key for key, count in times.items() if count > 1]


@each_course
def test_every_option_card_and_choice_says_why_and_on_what_ground(course):
    answers = answers_of(course)
    assert len(answers) > 50
    assert not [f"{key}: {words(one.html)}" for key, one in answers if len(words(one.feedback)) < 20]
    assert not [f"{key}: {words(one.html)}" for key, one in answers if not one.sources]


@each_course
def test_the_right_option_is_the_longest_in_at_most_a_sixth_of_the_items(course):
    items = choices_of(course)
    longest = [item.key for item in items if right_is_longest(item)]
    assert len(longest) <= len(items) / 6, longest


@each_course
def test_in_checks_of_lessons_the_right_option_is_no_more_often_the_longest_than_by_chance(course):
    asked = [item for item in items_of(course) if item.kind == "single" and item not in course.items]
    longest = [item.key for item in asked if right_is_longest(item)]
    assert len(longest) <= len(asked) / 3, longest


@each_course
def test_options_of_an_item_are_of_like_length(course):
    for item in choices_of(course):
        lengths = [len(words(option.html)) for option in item.options]
        assert max(lengths) <= 2 * min(lengths) + 15, f"{item.key}: {lengths}"


@each_course
def test_an_item_has_four_options_and_none_is_all_or_none_of_the_others(course):
    for item in choices_of(course):
        assert len(item.options) == 4, item.key
        for option in item.options:
            assert not re.search(r"\b(all|none|both|any) of (the above|these|them)\b", words(option.html), re.I), (
                item.key
            )


@each_course
def test_a_pool_is_twice_the_draw_and_has_a_group_for_each_item_drawn(course):
    for quiz in course.finals:
        pool = course.pool(quiz.key)
        assert len(pool) >= 2 * quiz.draw
        groups = Counter(item.parallel for item in pool)
        assert len(groups) >= quiz.draw, "else two items that test the same are drawn together"
        assert min(groups.values()) >= 2, "else a second attempt meets the very same item"


@each_course
def test_items_of_a_group_test_the_same_outcome_equally_strictly(course):
    for group in {item.parallel for item in course.items}:
        items = [item for item in course.items if item.parallel == group]
        assert len({(item.lesson, item.outcome, item.critical) for item in items}) == 1, group


@each_course
def test_there_is_no_exclamation_mark(course):
    for path in sorted((SHIPPED / course.key).rglob("*")):
        if path.suffix in {".md", ".yaml"}:
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                assert "!" not in line, f"{path.name}:{number}: {line.strip()}"


@each_course
def test_it_neither_scolds_nor_belittles(course):
    for path in sorted((SHIPPED / course.key).rglob("*")):
        if path.suffix in {".md", ".yaml"}:
            found = re.search(
                r"\b(oops|simply|obviously|stupid|bad (mother|father|parent)|naughty)\b", path.read_text(), re.I
            )
            assert not found, f"{path.name}: {found[0]}"


@each_course
def test_every_source_rests_on_a_publication_and_is_cited_somewhere(course):
    cited = {source for lesson in course.lessons for source in lesson.sources}
    cited |= {source for _, one in answers_of(course) for source in one.sources}
    cited |= {source for scene in course.scenes for source in scene.seen.sources}
    cited |= set(course.handout_sources)
    assert set(course.sources) == cited
    for key, source in course.sources.items():
        assert source.publications, key
        assert set(source.publications) <= set(course.publications), key


@each_course
def test_references_inside_a_text_lead_to_the_list_of_their_step(course):
    for lesson in course.lessons:
        for step in lesson.steps:
            html = "".join(block.html + (block.item.stem if block.item else "") for block in step.blocks)
            numbers = {int(number) for number in re.findall(r'href="#ref-(\d+)"', html)}
            assert numbers == set(range(1, len(step.publications) + 1)), f"{lesson.key} {step.key}"
            assert set(re.findall(r'popovertarget="term-([^"]+)"', html)) == set(step.terms), f"{lesson.key} {step.key}"


@each_course
def test_no_reference_or_term_stands_where_a_page_has_no_list_for_it(course):
    for key, one in answers_of(course):
        assert not re.search('class="(cite|term)"', one.html + one.feedback), key
    for item in course.items:
        assert not re.search('class="(cite|term)"', item.stem), item.key


@each_course
def test_every_picture_says_in_words_what_it_shows(course):
    pictures = [course.cover, *(lesson.svg for lesson in course.lessons)]
    pictures += [block.svg for lesson in course.lessons for block in blocks_of(lesson) if block.svg]
    for picture in pictures:
        assert picture.startswith("<svg ")
        assert len(re.search(r'aria-label="([^"]*)"', picture)[1].split()) >= 5, picture[:200]


@each_course
def test_every_scene_can_be_drawn(course):
    for scene in course.scenes:
        drawn = draw(Pose.from_dict(scene.pose), title=scene.title, description=scene.description)
        assert drawn.startswith("<svg ")
        assert scene.item.options
