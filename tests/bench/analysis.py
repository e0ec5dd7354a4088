"""The item analysis of a shipped course over a hundred thousand scored responses, as staff and as a trainer ask for it."""

import random
import statistics
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.assessment.actions import draw_items
from courses.assessment.items import right_answer, score_item
from courses.assessment.models import Attempt, ItemScore
from courses.assessment.queries import analysis_of
from courses.library import content
from courses.library.queries import content_of
from courses.people.models import CohortMembership
from tests.bench.report import Report
from tests.bench.world import World
from tests.conftest import wrong_answer

RESPONSES = 100_000
TURNS = 5
SECONDS, QUERIES = 2.0, 3
SEED = 20260302


def answers_of(item: content.Item, chance: random.Random) -> list[tuple[object, Decimal]]:
    """Ways to answer an item, with what each earns: the right one, one that earns nothing, none, and some in between."""
    ways: list[object] = [right_answer(item), wrong_answer(item), None]
    if item.options:
        ways += [[option.key] for option in item.options]
    if item.cards and not item.parts:
        groups = [group.key for group in item.groups]
        ways += [{card.key: chance.choice(groups) for card in item.cards} for _ in range(20)]
    found = []
    for way in ways:
        score = score_item(item, way)
        found.append((way, Decimal(int(score.earned / score.possible * 10_000)) / 10_000))
    return found


def fill(world: World) -> int:
    """Scored attempts at the shipped course's final quiz until they have so many responses; how many they have."""
    chance, row = random.Random(SEED), world.courses[world.shipped]
    course = content_of(row.edition_id)
    quiz = course.finals[0]
    ways = {item.key: answers_of(item, chance) for item in course.items}
    attempts, scores = [], []
    takers = ((person, number) for number in (1, 2, 3) for person in world.finishers)
    for person, number in islice(takers, -(-RESPONSES // quiz.draw)):
        key = uuid.uuid4()
        drawn = draw_items(course, quiz, key)
        skill = chance.uniform(0.2, 0.9)
        given = [
            ways[one["key"]][0] if chance.random() < skill else chance.choice(ways[one["key"]])
            for one in drawn
        ]
        earned = sum((marks for _, marks in given), Decimal())
        common = {
            "user": person.user,
            "course": row,
            "edition_id": row.edition_id,
            "quiz_key": quiz.key,
            "rule": {},
        }
        times = {"opened_at": world.now, "submitted_at": world.now + timedelta(minutes=9)}
        marks = {
            "state": Attempt.State.SCORED,
            "earned": earned,
            "possible": len(drawn),
            "passed": False,
        }
        attempts.append(Attempt(**common, **times, **marks, key=key, number=number, items=drawn))
        scores.append([(one["key"], *way) for one, way in zip(drawn, given, strict=True)])
    Attempt.objects.bulk_create(attempts, 5_000)
    rows = (
        ItemScore(attempt=attempt, item_key=key, answer=answer, earned=marks)
        for attempt, given in zip(attempts, scores, strict=True)
        for key, answer, marks in given
    )
    made = len(ItemScore.objects.bulk_create(rows, 5_000))
    world.settle()
    return made


def measure(name: str, queries_name: str, world: World, report: Report) -> None:
    """The median of several turns over everybody, and over the learners of the largest cohort."""
    responses, row = fill(world), world.courses[world.shipped]
    course = content_of(row.edition_id)
    seconds = []
    for _ in range(TURNS):
        with CaptureQueriesContext(connection) as captured:
            begun = time.monotonic()
            analysed = analysis_of(row.pk, course)
            seconds.append(time.monotonic() - begun)
    seen = sum(one.figures.n for one in analysed)
    if seen != responses:
        raise RuntimeError(f"{seen:,} responses were analysed, where {responses:,} are there")
    places = CohortMembership.objects.current().filter(cohort=world.cohorts[500]).values("user")
    theirs = Attempt.objects.filter(user__in=places)
    begun = time.monotonic()
    few = sum(one.figures.n for one in analysis_of(row.pk, course, theirs))
    of_cohort = time.monotonic() - begun
    median = statistics.median(seconds)
    said = f"{median:.2f} s for {responses:,}; {of_cohort:.2f} s for the {few:,} of 500 learners"
    report.at_most(name, median, SECONDS, said)
    report.at_most(queries_name, len(captured), QUERIES, f"{len(captured)}")
