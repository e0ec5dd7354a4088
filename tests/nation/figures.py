"""The figures of `make bench-nation`, each with its target. How they are measured is in `measuring`."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.longruns.report import Report

if TYPE_CHECKING:
    from tests.nation.making import Group, Groups, Taught

ROOT = Path(__file__).parents[2]
HTML, CSV = "matrix of 500 × 20, HTML whole", "matrix of 500 × 20, CSV"
PAGE_SIZE = "a page of that matrix, compressed"
MONDAY, MANAGER = "trainer's first page, 10 cohorts × 60", "manager's, 50 cohorts × 60"
MONDAY_QUERIES, MANAGER_QUERIES = "its queries, trainer", "its queries, manager"
AROUND = ["learner's course page", "trainer's first page", "matrix of 60", "saving an answer"]
GROWN = {name: f"{name}, the nation around it × 100" for name in AROUND}
LIMITS = dict(zip(AROUND, (1.25, 1.5, 2, 1.3), strict=True))
SAME_QUERIES = "pages whose number of queries grew with the nation or the cohorts"
COVERAGE, RECOUNT = "coverage of 20,000 staff", "its cells that differ from a recount of raw rows"
ROSTER, ROSTER_MEMORY = (
    "roster of 5,000 rows, dry run and import",
    "its most memory",
)
WORST = "worst ratio of rows read to rows returned"
PROMISED = {
    HTML: "≤ 8 × thin SQL",
    CSV: "≤ 4 × thin SQL",
    PAGE_SIZE: "≤ 30 KB",
    MONDAY: "≤ 3 × thin SQL",
    MONDAY_QUERIES: "≤ 8",
    MANAGER: "≤ 3 × thin SQL",
    MANAGER_QUERIES: "≤ 8",
    **{GROWN[name]: f"≤ {LIMITS[name]} ×" for name in AROUND},
    SAME_QUERIES: "none",
    COVERAGE: "≤ 1.5 × thin SQL",
    RECOUNT: "0",
    ROSTER: "≤ 20 s",
    ROSTER_MEMORY: "≤ 200 MB",
    WORST: "-",
}
STAFF = 20_000
ROSTER_ROWS = 5_000

# One row a learner with what a trainer's first page must know: dates, lessons done, attempts.
THIN_LEARNERS = """
    SELECT p.cohort_id, u.key, u.name, u.profession, p.joined_at, a.due_at, e.enrolled_at,
           e.completed_at, lessons.done, lessons.seen_at, attempts.taken, attempts.passed,
           attempts.last_at
      FROM courses_place p
      JOIN courses_assignment a ON a.cohort_id = p.cohort_id
      JOIN courses_user u ON u.id = p.user_id
      LEFT JOIN courses_enrolment e ON e.user_id = p.user_id AND e.course_id = a.course_id
      LEFT JOIN LATERAL (SELECT count(l.completed_at) AS done, max(l.seen_at) AS seen_at
                           FROM courses_lessonrecord l WHERE l.enrolment_id = e.id) lessons ON true
      LEFT JOIN LATERAL (SELECT count(*) AS taken, bool_or(t.passed) AS passed,
                                max(t.submitted_at) AS last_at
                           FROM courses_attempt t
                          WHERE t.user_id = p.user_id AND t.course_id = a.course_id
                            AND t.state <> 'voided') attempts ON true
     WHERE p.left_at IS NULL AND p.cohort_id = ANY(%s)
"""
# One row a lesson that was begun, and one an attempt: what a cell of the matrix says.
THIN_LESSONS = """
    SELECT p.user_id, l.lesson_key, l.furthest, l.version, l.completed_at, l.seen_at
      FROM courses_place p
      JOIN courses_enrolment e ON e.user_id = p.user_id AND e.course_id = %s
      JOIN courses_lessonrecord l ON l.enrolment_id = e.id
     WHERE p.left_at IS NULL AND p.cohort_id = %s
"""
THIN_ATTEMPTS = """
    SELECT p.user_id, t.quiz_key, t.number, t.state, t.passed, t.earned, t.possible, t.submitted_at
      FROM courses_place p
      JOIN courses_attempt t ON t.user_id = p.user_id AND t.course_id = %s
     WHERE p.left_at IS NULL AND p.cohort_id = %s
"""


def matrix_url(group: "Group", name: str = "cohort-progress", query: str = "") -> str:
    from django.urls import reverse

    cohort = group.cohorts[0]
    key = cohort.assignments.get().course.key
    return reverse(f"courses:{name}", args=[cohort.key, key]) + query


class World:
    """The groups that are measured. The nation grows around them."""

    def __init__(self, groups: "Groups", taught: "list[Taught]") -> None:
        from tests.nation.making import LONG

        self.taught = taught
        by_key = {row.course.key: row.course for row in taught}
        shipped = taught[0].course
        self.monday = groups.make("monday", [60] * 10, shipped)
        self.small_monday = groups.make("small-monday", [10] * 2, shipped)
        self.matrix = groups.make("matrix", [500], by_key[LONG])
        self.manager = groups.make("manager", [60] * 50, shipped, role="manager")


def thin_monday(group: "Group") -> list[Any]:
    from tests.nation.measuring import fetch

    return fetch(THIN_LEARNERS, [cohort.pk for cohort in group.cohorts])


def thin_matrix(group: "Group") -> list[Any]:
    from tests.nation.measuring import fetch

    cohort = group.cohorts[0]
    course = cohort.assignments.get().course_id
    rows = fetch(THIN_LEARNERS, [cohort.pk])
    return rows + fetch(THIN_LESSONS, course, cohort.pk) + fetch(THIN_ATTEMPTS, course, cohort.pk)


def measure_all(report: Report, learners: int) -> None:
    from django.core.management import call_command

    from tests.nation import making

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    taught = making.publish_courses()
    making.add_organisations()
    world = World(making.Groups(taught), taught)
    making.grow(taught, 0, learners // 100)
    before = surroundings(world)
    making.grow(taught, learners // 100, learners)
    print(", ".join(f"{number:,} {name}" for name, number in making.counts().items()), flush=True)
    report.section(list(GROWN.values()), lambda: compare_surroundings(report, before, world))
    report.section([HTML, CSV, PAGE_SIZE], lambda: measure_matrix(report, world))
    report.section([MONDAY, MONDAY_QUERIES], lambda: measure_monday(report, world))
    report.section([MANAGER, MANAGER_QUERIES], lambda: measure_manager(report, world))
    report.section([SAME_QUERIES], lambda: compare_queries(report, world))
    report.section([COVERAGE, RECOUNT], lambda: measure_coverage(report, world))
    report.section([ROSTER, ROSTER_MEMORY], lambda: measure_roster(report))
    report.section([WORST], lambda: read_plans(report, world))


def surroundings(world: World) -> dict[str, float]:
    """Median seconds of what must not slow down while the nation grows."""
    from tests.nation.measuring import client_of, median_seconds, page

    learner = world.monday.cohorts[0].cohort_memberships.first()
    assert learner
    reader, trainer = client_of(learner.user), client_of(world.monday.leader)
    course = f"/courses/{world.taught[0].course.key}/"
    save = answer_saver(world)
    return {
        AROUND[0]: median_seconds(lambda: page(reader, course), 25),
        AROUND[1]: median_seconds(lambda: page(trainer, "/cohorts/")),
        AROUND[2]: median_seconds(lambda: page(trainer, matrix_url(world.monday))),
        AROUND[3]: median_seconds(save, 25),
    }


def answer_saver(world: World) -> Callable[[], None]:
    """Saves one answer of an open attempt, a new one each time."""
    from django.utils import timezone

    from courses.assessment.actions import drawn_item, open_attempt, save_response
    from courses.assessment.forms import Event
    from courses.assessment.items import right_answer
    from courses.library.queries import content_of
    from courses.people.models import User

    course = world.taught[1].course
    quiz = content_of(course.edition_id).finals[0]
    user = User.objects.create_user(f"saver-{uuid.uuid4()}@nation.example", name="Saver")
    attempt = open_attempt(user, course.pk, course.edition_id, quiz, timezone.now())
    item = drawn_item(attempt, 1)
    answer = right_answer(item)
    numbers = iter(range(1, 1000))

    def save() -> None:
        event = Event(uuid.uuid4(), next(numbers))
        save_response(user, attempt.key, item.key, answer, event, timezone.now())

    return save


def compare_surroundings(report: Report, before: dict[str, float], world: World) -> None:
    after = surroundings(world)
    for name in AROUND:
        grown = after[name] / before[name]
        figure = f"{grown:.2f} × ({1000 * before[name]:.1f} → {1000 * after[name]:.1f} ms)"
        report.at_most(GROWN[name], grown, LIMITS[name], figure)


def measure_matrix(report: Report, world: World) -> None:
    from tests.nation.measuring import client_of, compressed, page, ratio

    client = client_of(world.matrix.leader)
    whole = matrix_url(world.matrix, query="?all=1")
    html = ratio(lambda: page(client, whole), lambda: thin_matrix(world.matrix))
    report.at_most(HTML, html, 8, f"{html:.1f} ×")
    file = matrix_url(world.matrix, "cohort-csv")
    csv = ratio(lambda: page(client, file), lambda: thin_matrix(world.matrix))
    report.at_most(CSV, csv, 4, f"{csv:.1f} ×")
    size = compressed(page(client, matrix_url(world.matrix))) / 1000
    report.at_most(PAGE_SIZE, size, 30, f"{size:.1f} KB")


def measure_monday(report: Report, world: World) -> None:
    _measure_first_page(report, world.monday, "/cohorts/", MONDAY, MONDAY_QUERIES)


def measure_manager(report: Report, world: World) -> None:
    _measure_first_page(report, world.manager, "/cohorts/", MANAGER, MANAGER_QUERIES)


def _measure_first_page(
    report: Report, group: "Group", path: str, name: str, queries_name: str
) -> None:
    from tests.nation.measuring import client_of, count_queries, page, ratio

    client = client_of(group.leader)
    times = ratio(lambda: page(client, path), lambda: thin_monday(group))
    report.at_most(name, times, 3, f"{times:.1f} ×")
    queries = count_queries(lambda: page(client, path))
    report.at_most(queries_name, queries, 8, f"{queries}")


def compare_queries(report: Report, world: World) -> None:
    """The first page and the matrix: 20 learners in two cohorts beside 600 in ten."""
    from tests.nation.measuring import client_of, count_queries, page

    grown = []
    for path in (lambda group: "/cohorts/", matrix_url):
        counts = []
        for group in (world.small_monday, world.monday):
            client = client_of(group.leader)
            counts.append(count_queries(lambda: page(client, path(group))))  # noqa: B023
        if counts[0] != counts[1]:
            grown.append(f"{path(world.monday)}: {counts[0]} → {counts[1]}")
    report.holds(SAME_QUERIES, not grown, "; ".join(grown) or "none")


def read_plans(report: Report, world: World) -> None:
    from tests.nation.measuring import client_of, page, readings

    trainer = client_of(world.monday.leader)
    matrix = client_of(world.matrix.leader)
    found = readings(lambda: page(trainer, "/cohorts/"))
    found += readings(lambda: page(matrix, matrix_url(world.matrix)))
    worst = max(found, key=lambda reading: reading.ratio)
    report.tell(WORST, f"{worst.ratio:.0f} ({worst.read} read, {worst.returned:.0f} returned)")


def make_staff(taught: "list[Taught]") -> Any:
    """An organisation of 20,000 staff in ten teams, with all that they learnt."""
    from django.utils import timezone

    from courses.people.models import Organisation, Team
    from tests.nation import making

    organisation = Organisation.objects.create(
        slug="staff", name="Staff", confirmed_at=timezone.now()
    )
    teams = [Team.objects.create(organisation=organisation, name=f"Team {n}") for n in range(10)]
    making.add_learners(taught, making.STAFF, 1, STAFF)
    making.run(
        f"""INSERT INTO courses_membership (user_id, organisation_id, team_id, role, started_at)
            SELECT {making.STAFF} + i, %s, (%s::bigint[])[1 + (i / 7) %% 10], 'learner',
                   now() - interval '2 years'
              FROM generate_series(1, {STAFF}) i""",
        organisation.pk,
        [team.pk for team in teams],
    )
    making.settle()
    return organisation


# Members, trained and current ones, by team and role: the best SQL over moments of completion.
THIN_COVERAGE = """
    SELECT m.team_id, u.profession, count(*), count(e.completed_at),
           count(*) FILTER (WHERE e.completed_at >= now() - interval '36 months')
      FROM courses_membership m
      JOIN courses_user u ON u.id = m.user_id
      LEFT JOIN courses_enrolment e ON e.user_id = m.user_id AND e.course_id = %s
       AND e.completed_at <= now()
     WHERE m.organisation_id = %s AND m.ended_at IS NULL AND m.started_at <= now()
     GROUP BY m.team_id, u.profession
"""
# The same from the raw rows: every lesson finished, and the final quiz passed.
RAW_COVERAGE = """
    SELECT m.team_id, u.profession, count(*),
           count(*) FILTER (WHERE (SELECT count(l.completed_at) FROM courses_lessonrecord l
                                    WHERE l.enrolment_id = e.id) = %s
                              AND EXISTS (SELECT 1 FROM courses_attempt t
                                           WHERE t.user_id = m.user_id AND t.course_id = %s
                                             AND t.passed AND t.state = 'scored'))
      FROM courses_membership m
      JOIN courses_user u ON u.id = m.user_id
      LEFT JOIN courses_enrolment e ON e.user_id = m.user_id AND e.course_id = %s
     WHERE m.organisation_id = %s
     GROUP BY m.team_id, u.profession
"""


def measure_coverage(report: Report, world: World) -> None:
    from django.utils import timezone

    from courses.readiness.currency import Level
    from courses.readiness.queries import PROFESSIONS, group_counts
    from tests.nation.measuring import fetch, ratio

    organisation = make_staff(world.taught)
    row = world.taught[0]
    levels = {profession: Level((row.course.pk,)) for profession in PROFESSIONS}
    days = [timezone.localdate()]
    times = ratio(
        lambda: group_counts(organisation, levels, days),
        lambda: fetch(THIN_COVERAGE, row.course.pk, organisation.pk),
        rounds=25,
    )
    report.at_most(COVERAGE, times, 1.5, f"{times:.2f} ×")
    counted = {}
    for count in group_counts(organisation, levels, days):
        counted[count.group] = (count.people, count.current + count.lapsed)
    raw = {}
    course = row.course.pk
    for team, profession, people, trained in fetch(
        RAW_COVERAGE, len(row.lessons), course, course, organisation.pk
    ):
        raw[(team, profession)] = (people, trained)
    differing = [
        group for group in raw.keys() | counted.keys() if raw.get(group) != counted.get(group)
    ]
    report.at_most(RECOUNT, len(differing), 0, f"{len(differing)} of {len(raw)}")


def measure_roster(report: Report) -> None:
    """In a process of its own, so that the memory is of nothing else."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.nation.roster"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    figures = json.loads(printed.decode().splitlines()[-1])
    seconds = figures["check"] + figures["import"]
    split = f"{seconds:.1f} s ({figures['check']:.1f} + {figures['import']:.1f})"
    report.at_most(ROSTER, seconds, 20, split)
    report.at_most(ROSTER_MEMORY, figures["megabytes"], 200, f"{figures['megabytes']:.0f} MB")
