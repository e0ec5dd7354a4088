import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.learning.completion import LessonFact, progress
from courses.library.content import Block, Course, Lesson, Outcome, Quiz, Step

UNTIMED = settings(deadline=None)
DONE, BEGUN = LessonFact("s1", 5, True), LessonFact("s3", 4, False)


def lesson(key: str, steps: int = 5, minutes: int = 10, version: int = 1) -> Lesson:
    """A lesson with the steps s1, s2 …"""
    made = tuple(
        Step(key=f"s{n}", title=f"S{n}", blocks=(Block(kind="text"),)) for n in range(1, steps + 1)
    )
    outcomes = (Outcome(key=f"does-{key}", text="Do it"),)
    return Lesson(
        key=key,
        title=key,
        version=version,
        minutes=minutes,
        outcomes=outcomes,
        steps=made,
        svg="<svg/>",
        sources=(),
    )


def quiz(key: str, kind: str = "final") -> Quiz:
    return Quiz(key=key, title=key, kind=kind, draw=3, pass_mark=0.8, attempts=2, minutes=4)


def course(lessons: tuple[Lesson, ...], quizzes: tuple[Quiz, ...] = ()) -> Course:
    nothing = {
        "items": (),
        "scenes": (),
        "publications": {},
        "sources": {},
        "glossary": {},
        "cover": "<svg/>",
    }
    words = {"title": "C", "summary": "S", "for_whom": "All", "afterwards": ("Do",)}
    return Course(key="c", position=0, lessons=lessons, quizzes=quizzes, **words, **nothing)


TWO = course((lesson("a"), lesson("b")), (quiz("final"),))
BIG = course(
    tuple(
        lesson(key, steps, version=steps % 3 + 1)
        for key, steps in zip("abcdef", (1, 2, 5, 7, 9, 3), strict=True)
    ),
    (quiz("q"),),
)
facts = st.builds(
    LessonFact,
    st.sampled_from(["s1", "s2", "s5", "gone"]),
    st.integers(1, 12),
    st.booleans(),
    st.integers(1, 3),
)
some_lessons = st.dictionaries(st.sampled_from([*"abcdef", "gone", "other"]), facts)
some_passed = st.sets(st.sampled_from(["q", "gone", "pretest"]))


def test_it_works():
    made = progress(TWO, {"a": DONE, "b": BEGUN}, set())
    assert (made.done, made.total, made.percent, made.is_complete) == (1, 3, 33, False)
    assert made.next_lesson.lesson.key == "b"
    assert (made.next_lesson.step, made.next_lesson.furthest, made.next_lesson.minutes_left) == (
        3,
        4,
        6,
    )
    assert made.next_quiz.quiz.key == "final"


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize("b", [DONE, BEGUN, None])
@pytest.mark.parametrize("a", [DONE, BEGUN, None])
def test_a_course_is_complete_when_every_lesson_is_completed_and_every_final_passed(a, b, final):
    stored = {key: fact for key, fact in (("a", a), ("b", b)) if fact}
    made = progress(TWO, stored, {"final"} if final else set())
    assert made.is_complete == (a is DONE and b is DONE and final)
    assert made.done == (a is DONE) + (b is DONE) + final
    assert (made.percent == 100) == made.is_complete
    assert (made.next_lesson is None and made.next_quiz is None) == made.is_complete


def test_a_course_without_a_quiz_is_complete_with_its_last_lesson():
    small = course((lesson("a"),))
    assert progress(small, {"a": DONE}, set()).is_complete
    assert not progress(small, {"a": BEGUN}, set()).is_complete


def test_every_final_must_be_passed_and_no_other_quiz_counts():
    made = course(
        (lesson("a"),),
        (quiz("pretest", "pretest"), quiz("one"), quiz("two"), quiz("again", "review")),
    )
    assert [one.quiz.key for one in progress(made, {}, set()).finals] == ["one", "two"]
    assert not progress(made, {"a": DONE}, {"pretest", "again", "one"}).is_complete
    assert progress(made, {"a": DONE}, {"one", "two"}).is_complete
    assert progress(made, {"a": DONE}, {"one"}).next_quiz.quiz.key == "two"


def test_keys_the_edition_does_not_have_do_not_count():
    known = progress(TWO, {"a": DONE}, set())
    assert progress(TWO, {"a": DONE, "gone": DONE, "other": BEGUN}, {"gone", "pretest"}) == known
    assert progress(TWO, {"gone": DONE}, {"gone"}).done == 0


@pytest.mark.parametrize(
    ("version", "fact", "done", "outdated"),
    [
        (1, LessonFact("s1", 5, True, 1), True, False),
        (2, LessonFact("s1", 5, True, 1), False, True),
        (2, LessonFact("s1", 5, True, 2), True, False),
        (2, LessonFact("s1", 5, True, 3), True, False),
        (2, LessonFact("s1", 5, False, 1), False, False),
        (2, None, False, False),
    ],
)
def test_a_lesson_finished_in_an_older_version_is_to_be_looked_at_again(
    version, fact, done, outdated
):
    made = progress(course((lesson("a", version=version),)), {"a": fact} if fact else {}, set())
    mine = made.lessons[0]
    assert (mine.is_completed, mine.is_outdated, made.is_complete) == (done, outdated, done)
    assert (mine.minutes_left == 0) == done
    assert (made.next_lesson is None) == done


@pytest.mark.parametrize(
    ("fact", "state", "words"),
    [
        (None, "not-started", "Not started"),
        (BEGUN, "under-way", "Step 4 of 5"),
        (LessonFact("s5", 5, False, 1, True), "under-way", "Questions left to try"),
        (LessonFact("s1", 5, True, 1, True), "done", "Done"),
        (LessonFact("s1", 5, True), "done", "Done"),
        (LessonFact("s1", 5, True, 2), "done", "Done"),
    ],
)
def test_the_state_of_a_lesson_and_its_words(fact, state, words):
    mine = progress(TWO, {"a": fact} if fact else {}, set()).lessons[0]
    assert (mine.state, mine.words) == (state, words)


def test_a_lesson_that_changed_is_under_way_again():
    mine = progress(course((lesson("a", version=2),)), {"a": DONE}, set()).lessons[0]
    assert (DONE.version, mine.state, mine.words) == (1, "under-way", "Changed: look again")


def test_a_course_with_nothing_in_it_is_never_complete():
    made = progress(course(()), {}, set())
    assert (made.total, made.percent, made.is_complete) == (0, 0, False)


def test_lessons_come_in_the_order_of_the_edition_and_the_first_open_one_is_next():
    made = progress(TWO, {"b": DONE}, {"final"})
    assert [one.lesson.key for one in made.lessons] == ["a", "b"]
    assert made.next_lesson.lesson.key == "a"
    assert not made.next_lesson.is_started


@pytest.mark.parametrize(
    ("fact", "step", "furthest"),
    [
        (None, 0, 0),
        (LessonFact("s1", 1, False), 1, 1),
        (LessonFact("s2", 4, False), 2, 4),
        (LessonFact("s5", 5, False), 5, 5),
        (LessonFact("gone", 3, False), 3, 3),
        (LessonFact("gone", 9, False), 5, 5),
        (LessonFact("s4", 2, False), 4, 4),
        (LessonFact("s2", 9, False), 2, 5),
    ],
)
def test_where_to_carry_on_and_how_far_it_went(fact, step, furthest):
    mine = progress(TWO, {"a": fact} if fact else {}, set()).lessons[0]
    assert (mine.step, mine.furthest, mine.steps) == (step, furthest, 5)
    assert mine.is_started == (fact is not None)


@pytest.mark.parametrize(
    ("steps", "minutes", "fact", "left"),
    [
        (5, 10, None, 10),
        (5, 10, LessonFact("s1", 1, False), 10),
        (5, 10, LessonFact("s3", 3, False), 6),
        (5, 10, LessonFact("s5", 5, False), 2),
        (5, 10, LessonFact("s1", 5, True), 0),
        (9, 1, LessonFact("s9", 9, False), 1),
        (7, 9, LessonFact("s4", 4, False), 5),
        (1, 8, LessonFact("s1", 1, False), 8),
    ],
)
def test_minutes_left_are_the_share_of_the_steps_to_come(steps, minutes, fact, left):
    made = course((lesson("a", steps, minutes),))
    assert progress(made, {"a": fact} if fact else {}, set()).lessons[0].minutes_left == left


@UNTIMED
@given(st.integers(1, 12), st.integers(1, 60))
def test_minutes_left_never_grow_on_the_way_and_end_only_with_the_lesson(steps, minutes):
    made = course((lesson("a", steps, minutes),))
    stages = [{}, *({"a": LessonFact(f"s{n}", n, False)} for n in range(1, steps + 1))]
    way = [progress(made, stage, set()).lessons[0].minutes_left for stage in stages]
    assert way[0] == way[1] == minutes
    assert way == sorted(way, reverse=True)
    assert way[-1] >= 1


@UNTIMED
@given(some_lessons, some_passed, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(stored, passed, chance):
    shuffled = list(stored.items())
    chance.shuffle(shuffled)
    assert progress(BIG, dict(shuffled), passed) == progress(BIG, stored, passed)


@UNTIMED
@given(some_lessons, some_passed, st.sampled_from("abcdef"), facts)
def test_a_fact_more_never_lowers_what_is_done(stored, passed, key, fact):
    before = progress(BIG, stored, passed)
    if key not in stored:
        assert progress(BIG, {**stored, key: fact}, passed).done >= before.done
    else:
        finished = LessonFact(stored[key].step_key, stored[key].furthest, True, stored[key].version)
        assert progress(BIG, {**stored, key: finished}, passed).done >= before.done
    assert progress(BIG, stored, passed | {"q"}).done >= before.done


@UNTIMED
@given(some_lessons, some_passed)
def test_percent_is_a_whole_number_that_is_100_only_when_all_is_done(stored, passed):
    made = progress(BIG, stored, passed)
    assert isinstance(made.percent, int)
    assert 0 <= made.percent <= 100
    assert (made.percent == 100) == made.is_complete == (made.done == made.total)
    assert all(0 <= one.step <= one.furthest <= one.steps for one in made.lessons)
