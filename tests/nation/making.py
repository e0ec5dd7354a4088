"""The nation as rows, made by `generate_series`: learners, cohorts, enrolments, lesson rows, attempts.

Every number follows from the number of the learner or cohort, so that a run can be repeated. Ids are
given, and the sequences follow them. Django is set up before this is imported.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from courses.assessment.actions import draw_items
from courses.assessment.frozen import rule_of
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import Cohort, Membership, Organisation, User

CONTENT = Path(__file__).parents[2] / "courses" / "content"
LONG, EXTRA = "nation-long", "nation-extra"  # the course of 20 lessons, and one that 2 of 5 take
LESSONS_OF_LONG = 20
ORGANISATIONS = 50
LEARNERS_A_COHORT = 20  # one cohort for so many learners; people are in about three
SECONDS_OF_TWO_YEARS = 63_072_000
# The id of the first learner of each group, far from each other.
NATION, CAST, STAFF = 1_000_000, 10_000_000, 20_000_000


@dataclass(frozen=True)
class Taught:
    """A course as the generator needs it. `share` is how many of 5 learners are enrolled on it."""

    course: Course
    lessons: tuple[content.Lesson, ...]
    quiz: content.Quiz
    share: int


def long_course(like: content.Course, key: str, lessons: int, position: int) -> content.Course:
    """A shipped course with so many lessons of one step and the first of its final quizzes."""
    step = like.lessons[0].steps[0].model_copy(update={"blocks": ()})
    changed = []
    for number in range(1, lessons + 1):
        lesson = {"key": f"lesson-{number}", "title": f"Lesson {number}", "steps": (step,)}
        changed.append(like.lessons[0].model_copy(update={**lesson, "test_out": None}))
    quizzes = like.finals[:1]
    items = tuple(item.model_copy(update={"lesson": "lesson-1"}) for item in like.pool("final"))
    parts = {"lessons": tuple(changed), "quizzes": quizzes, "items": items, "scenes": ()}
    return like.model_copy(update={**parts, "key": key, "title": key, "position": position})


def publish_courses() -> list[Taught]:
    """The three shipped courses and two generated ones, in the order of the catalogue."""
    shipped, problems = read_courses(CONTENT)
    assert not problems, f"the shipped courses have problems: {problems[0]}"
    long = long_course(shipped[0], LONG, LESSONS_OF_LONG, 90)
    extra = long_course(shipped[0], EXTRA, 6, 91)
    publish([*shipped, long, extra], timezone.now())
    taught = []
    for course in Course.objects.published():
        edition = content_of(course.edition_id)
        share = 2 if course.key == EXTRA else 5
        taught.append(Taught(course, edition.lessons, edition.finals[0], share))
    return taught


def run(sql: str, *values: Any) -> int:
    """Runs one statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def add_learners(taught: list[Taught], start: int, first: int, last: int) -> None:
    """Learners `first` to `last` (from 1) of the group that begins at id `start`, with all they did.

    Lesson rows are inserted in the order of time, as a site in use has them: those of one learner
    lie far apart.
    """
    professions = [str(value) for value in User.Profession.values]
    run(
        """INSERT INTO courses_user (id, key, password, is_superuser, email, name, profession,
                                     is_staff, is_reviewer, is_active, joined_at)
           SELECT %s + i, gen_random_uuid(), '!', false, 'learner-' || (%s + i) || '@nation.example',
                  'Learner ' || (%s + i), (%s::text[])[1 + i %% %s], false, false, true,
                  now() - interval '2 years'
             FROM generate_series(%s::int, %s::int) i""",
        start, start, start, professions, len(professions), first, last,
    )  # fmt: skip
    for number, row in enumerate(taught, 1):
        _enrol(row, number, start, first, last)
    _add_lessons(taught, start, first, last)
    for number, row in enumerate(taught, 1):
        _add_attempts(row, number, start, first, last)


# How many lessons learner `i` has finished of a course of `n`: about four of five of all.
FINISHED = "least({n}, abs(hashint4(i * 31 + {number})) % ({n} * 5 / 2 + 1))"
ENROLMENT_ID = "(({start} + i)::bigint * 10 + {number})"


def _enrol(row: Taught, number: int, start: int, first: int, last: int) -> None:
    own_id = ENROLMENT_ID.format(start=start, number=number)
    run(
        f"""INSERT INTO courses_enrolment (id, user_id, course_id, edition_id, enrolled_at, intention)
            SELECT {own_id}, {start} + i, %s, %s,
                   now() - (abs(hashint4(i)) %% {SECONDS_OF_TWO_YEARS}) * interval '1 second', ''
              FROM generate_series(%s::int, %s::int) i WHERE i %% 5 < %s""",
        row.course.pk, row.course.edition_id, first, last, row.share,
    )  # fmt: skip


def _add_lessons(taught: list[Taught], start: int, first: int, last: int) -> None:
    selects = []
    for number, row in enumerate(taught, 1):
        own_id = ENROLMENT_ID.format(start=start, number=number)
        finished = FINISHED.format(n=len(row.lessons), number=number)
        keys = json.dumps([lesson.key for lesson in row.lessons])
        steps = json.dumps([lesson.steps[0].key for lesson in row.lessons])
        selects.append(
            f"""SELECT {own_id} AS enrolment, ('{keys}'::jsonb ->> (k - 1)) AS lesson,
                       ('{steps}'::jsonb ->> (k - 1)) AS step, 1 AS version,
                       now() - (abs(hashint4(i * 7 + k)) % {SECONDS_OF_TWO_YEARS})
                             * interval '1 second' AS at
                  FROM generate_series({first}, {last}) i,
                       generate_series(1, {finished}) k
                 WHERE i % 5 < {row.share}"""
        )
    everything = " UNION ALL ".join(selects)
    run(
        f"""INSERT INTO courses_lessonrecord (enrolment_id, lesson_key, version, step_key, furthest,
                                              started_at, seen_at, completed_at)
            SELECT enrolment, lesson, version, step, 1, at, at, at
              FROM ({everything}) rows ORDER BY at""".replace("%", "%%")
    )


def _add_attempts(row: Taught, number: int, start: int, first: int, last: int) -> None:
    """Whoever has finished all lessons took the final quiz; four of five passed and are complete."""
    import uuid

    edition = content_of(row.course.edition_id)
    drawn = json.dumps(draw_items(edition, row.quiz, uuid.UUID(int=number)))
    rule = json.dumps(rule_of(row.quiz))
    finished = FINISHED.format(n=len(row.lessons), number=number).replace("%", "%%")
    run(
        f"""INSERT INTO courses_attempt (key, user_id, course_id, edition_id, quiz_key, number, state,
                rule, items, opened_at, submitted_at, scored_at, earned, possible, passed, expired,
                void_reason)
            SELECT gen_random_uuid(), {start} + i, %s, %s, %s, 1, 'scored', %s, %s, now(), now(),
                   now(), CASE WHEN i %% 5 = 0 THEN 5 ELSE 10 END, 10, i %% 5 > 0, false, ''
              FROM generate_series(%s::int, %s::int) i
             WHERE i %% 5 < %s AND {finished} = %s""",
        row.course.pk, row.course.edition_id, row.quiz.key, rule, drawn, first, last, row.share,
        len(row.lessons),
    )  # fmt: skip
    run(
        """UPDATE courses_enrolment e SET completed_at = a.submitted_at
             FROM courses_attempt a
            WHERE a.user_id = e.user_id AND a.course_id = e.course_id AND a.passed
              AND e.course_id = %s AND e.user_id BETWEEN %s AND %s""",
        row.course.pk, start + first, start + last,
    )  # fmt: skip


def add_organisations() -> None:
    """So many organisations with a trainer each; ids from NATION."""
    run(
        f"""INSERT INTO courses_organisation (id, slug, name, confirmed_at)
            SELECT {NATION} + i, 'org-' || i, 'Organisation ' || i, now()
              FROM generate_series(1, {ORGANISATIONS}) i"""
    )
    run(
        f"""INSERT INTO courses_user (id, key, password, is_superuser, email, name, profession,
                                      is_staff, is_reviewer, is_active, joined_at)
            SELECT {NATION} - i, gen_random_uuid(), '!', false, 'trainer-' || i || '@nation.example',
                   'Trainer ' || i, 'trainer', false, false, true, now()
              FROM generate_series(1, {ORGANISATIONS}) i"""
    )
    run(
        f"""INSERT INTO courses_membership (user_id, organisation_id, role, started_at)
            SELECT {NATION} - i, {NATION} + i, 'trainer', now()
              FROM generate_series(1, {ORGANISATIONS}) i"""
    )


def add_cohorts(taught: list[Taught], learners_before: int, learners: int) -> None:
    """The cohorts of the learners since `learners_before`: 20 to 500 people, two courses each."""
    first, last = learners_before // LEARNERS_A_COHORT + 1, learners // LEARNERS_A_COHORT
    size = (
        f"least({learners}, 20 + CASE WHEN c % 20 = 0 THEN abs(hashint4(c)) % 481 ELSE c % 40 END)"
    )
    organisation = f"{NATION} + 1 + c % {ORGANISATIONS}"
    trainer = f"{NATION} - 1 - c % {ORGANISATIONS}"
    learner = f"{NATION} + 1 + (c * {LEARNERS_A_COHORT} + k) % {learners}"
    cohorts = f"generate_series({first}, {last}) c"
    members = f"{cohorts}, generate_series(1, {size}) k"
    statements = [
        f"""INSERT INTO courses_cohort (id, key, organisation_id, name, join_code, created_at)
            SELECT {NATION} + c, gen_random_uuid(), {organisation}, 'Cohort ' || c,
                   'N' || lpad(c::text, 9, '0'), now() - interval '1 year' FROM {cohorts}""",
        f"""INSERT INTO courses_cohort_trainers (cohort_id, user_id)
            SELECT {NATION} + c, {trainer} FROM {cohorts}""",
        f"""INSERT INTO courses_place (cohort_id, user_id, joined_at)
            SELECT {NATION} + c, {learner}, now() - interval '2 years' FROM {members}""",
        f"""INSERT INTO courses_membership (user_id, organisation_id, role, started_at)
            SELECT DISTINCT {learner}, {organisation}, 'learner', now() - interval '2 years'
              FROM {members} ON CONFLICT DO NOTHING""",
    ]
    for row in taught[:2]:
        statements.append(
            f"""INSERT INTO courses_assignment (cohort_id, course_id, due_at, assigned_at)
                SELECT {NATION} + c, {row.course.pk}, now() + interval '30 days', now()
                  FROM {cohorts}"""
        )
    for sql in statements:
        run(sql.replace("%", "%%"))


def grow(taught: list[Taught], learners_before: int, learners: int) -> None:
    """Makes the nation grow to so many learners, with their cohorts."""
    add_learners(taught, NATION, learners_before + 1, learners)
    add_cohorts(taught, learners_before, learners)
    settle()


def settle() -> None:
    """Sequences follow the ids that were given, and the planner knows the tables."""
    with connection.cursor() as cursor:
        for table in ("user", "organisation", "cohort", "enrolment"):
            name = f"courses_{table}"
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
            )
        cursor.execute("VACUUM ANALYZE")  # as autovacuum has done by now in one that is in use


def counts() -> dict[str, int]:
    """How many rows there are of what the nation is made of."""
    tables = {
        "learners": "courses_user",
        "cohorts": "courses_cohort",
        "places": "courses_place",
        "enrolments": "courses_enrolment",
        "lesson rows": "courses_lessonrecord",
        "attempts": "courses_attempt",
    }
    rows = {}
    with connection.cursor() as cursor:
        for name, table in tables.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows[name] = cursor.fetchone()[0]
    return rows


@dataclass(frozen=True)
class Group:
    """Some cohorts of one organisation that are measured, with who leads them."""

    leader: User
    cohorts: tuple[Cohort, ...]


class Groups:
    """Makes groups of cohorts beside the nation; each learner of theirs is in one cohort."""

    def __init__(self, taught: list[Taught]) -> None:
        self.taught = taught
        self.learners = 0

    def make(self, name: str, sizes: list[int], course: Course, role: str = "trainer") -> Group:
        """An organisation with cohorts of these sizes on one course, all led by one person."""
        organisation = Organisation.objects.create(
            slug=name, name=name, confirmed_at=timezone.now()
        )
        leader = User.objects.create_user(f"{name}@nation.example", name=name)
        Membership.objects.create(user=leader, organisation=organisation, role=role)
        first = self.learners + 1
        self.learners += sum(sizes)
        add_learners(self.taught, CAST, first, self.learners)
        run(
            f"""INSERT INTO courses_membership (user_id, organisation_id, role, started_at)
                SELECT {CAST} + i, %s, 'learner', now() - interval '2 years'
                  FROM generate_series(%s::int, %s::int) i""",
            organisation.pk, first, self.learners,
        )  # fmt: skip
        cohorts = []
        for number, size in enumerate(sizes, 1):
            cohort = Cohort.objects.create(organisation=organisation, name=f"{name} {number}")
            if role == "trainer":
                cohort.trainers.add(leader)
            cohort.assignments.create(course=course)
            run(
                f"""INSERT INTO courses_place (cohort_id, user_id, joined_at)
                    SELECT %s, {CAST} + i, now() - interval '2 years'
                      FROM generate_series(%s::int, %s::int) i""",
                cohort.pk, first, first + size - 1,
            )  # fmt: skip
            first += size
            cohorts.append(cohort)
        return Group(leader, tuple(cohorts))
