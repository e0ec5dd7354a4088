"""Promises about the shipped courses that a machine can check.

What is true and kind in them is for people to judge.
"""

import re
from html import unescape

import pytest

from courses.authoring.courses import read_folder
from courses.figure.baby import Pose, draw
from courses.library import content
from courses.library.markdown import plain
from tests.conftest import SHIPPED

READ = read_folder(SHIPPED)
COURSES = READ.courses
each_course = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.key)


def words(html: str) -> str:
    return unescape(plain(html))


def blocks_of(lesson: content.Lesson) -> list[content.Block]:
    return [block for step in lesson.steps for block in step.blocks]


def items_of(course: content.Course) -> list[content.Item]:
    """Everything that is asked: items of quizzes, checks of lessons, scenes."""
    checks = [block.item for lesson in course.lessons for block in blocks_of(lesson) if block.item]
    return [*course.items, *checks, *(scene.item for scene in course.scenes)]


def answers_of(
    course: content.Course,
) -> list[tuple[str, content.Option | content.Card | content.Choice]]:
    """Every option, card and choice of a branch, with the key of what it belongs to."""
    answers = []
    for item in items_of(course):
        answers += [(item.key, answer) for answer in item.answers]
    for lesson in course.lessons:
        for block in blocks_of(lesson):
            for moment in block.moments:
                answers += [(block.key, choice) for choice in moment.choices]
    return answers


def test_it_works():
    assert [str(problem) for problem in READ.problems] == []
    assert len(COURSES) == len(list(SHIPPED.glob("*/course.yaml")))


def test_nothing_in_a_course_is_warned_of():
    """What a learner meets is as the guide asks; a reference may wait for its lesson."""
    assert [str(warning) for warning in READ.warnings if "/" in warning.path] == []


@each_course
def test_every_option_card_and_choice_says_why_and_on_what_ground(course):
    answers = answers_of(course)
    assert len(answers) > 50
    for key, answer in answers:
        assert len(words(answer.feedback)) >= 20, f"{key}: {words(answer.html)}"
        assert answer.sources, f"{key}: {words(answer.html)}"


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
                r"\b(oops|simply|obviously|stupid|bad (mother|father|parent)|naughty)\b",
                path.read_text(),
                re.I,
            )
            assert not found, f"{path.name}: {found[0]}"


@each_course
def test_every_source_rests_on_a_publication_and_is_cited_somewhere(course):
    cited = {source for lesson in course.lessons for source in lesson.sources}
    for _, answer in answers_of(course):
        cited |= set(answer.sources)
    cited |= {source for scene in course.scenes for source in scene.seen.sources}
    cited |= {source for entry in course.glossary.values() for source in entry.sources}
    cited |= {
        source for page in (1, 2) if course.handout for source in course.handout.sources_on(page)
    }
    assert set(course.sources) == cited
    for key, source in course.sources.items():
        assert source.publications, key
        assert set(source.publications) <= set(course.publications), key


@each_course
def test_references_inside_a_text_lead_to_the_list_of_their_step(course):
    for lesson in course.lessons:
        for step in lesson.steps:
            html = "".join(
                block.html + (block.item.stem if block.item else "") for block in step.blocks
            )
            numbers = {int(number) for number in re.findall(r'href="#ref-(\d+)"', html)}
            assert numbers == set(range(1, len(step.publications) + 1)), f"{lesson.key} {step.key}"
            assert set(re.findall(r'popovertarget="term-([^"]+)"', html)) == set(step.terms), (
                f"{lesson.key} {step.key}"
            )


@each_course
def test_no_reference_or_term_stands_where_a_page_has_no_list_for_it(course):
    for key, answer in answers_of(course):
        assert not re.search('class="(cite|term)"', answer.html + answer.feedback), key
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


def test_four_lessons_end_with_local_pathways():
    """Those that send somebody to a service: 1.6, 2.6, 2.7 and 3.4."""
    numbers = []
    for course in COURSES:
        for place, lesson in enumerate(course.lessons, 1):
            if lesson.local_pathways:
                numbers.append((course.key, place))
    assert numbers == [
        ("first-1001-days", 6),
        ("recognising-early-stress", 6),
        ("recognising-early-stress", 7),
        ("under-twos-in-camhs", 4),
    ]
