"""An attempt against a small model of it: whatever is pressed, rows and pages agree with the model.

In whatever order, and on any device.

`ATTEMPT_WALKS` is how many walks are taken (`make drills` takes many), `ATTEMPT_STEPS` how long each may be.
"""

import os
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from courses.assessment.forms import place_names
from courses.assessment.models import GRACE, Attempt, ExtraAttempt, ExtraTime, Response
from courses.authoring.publishing import publish
from courses.learning.actions import close_expired_attempts, enrol, move_to_newest
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import CohortMembership
from tests.conftest import Cast, learn
from tests.examples import examples
from tests.test_quiz_pages import words
from tests.walkthroughs.notation import item_in

WALKS, STEPS = (
    int(os.environ.get("ATTEMPT_WALKS", str(examples(4, 20)))),
    int(os.environ.get("ATTEMPT_STEPS", "20")),
)
T = datetime(2026, 3, 2, 9, tzinfo=UTC)
START = "/courses/tiny/quiz/final/"
LATEST = 9 * 60  # minutes: a session lasts longer than a walk
Form = dict[str, list[str]]
HANDED_IN = "This quiz was handed in already, so this answer was not added"
TIME_OVER = "The time was over when this answer came, so it was not added"
ELSEWHERE = "You answered this question in another window later"
OLD_PAGE = "This page was older than what is saved, so this answer was not added"
VOIDED = "This attempt does not count any more, so this answer was not added"


RULE = {
    "attempts": st.integers(2, 3),
    "pass_mark": st.sampled_from([0.5, 0.8]),
    "wait": st.sampled_from([0, 0, 2]),
    "limit": st.sampled_from([None, 20]),
}


@dataclass(frozen=True)
class Way:
    """A way to answer an item: what the form has, what it earns, and whether it is complete."""

    form: Form
    worth: Fraction
    is_whole: bool = True

    @property
    def stored(self) -> Any:
        """The answer as a row has it."""
        cards = {
            name.removeprefix("card-"): values[0]
            for name, values in self.form.items()
            if name.startswith("card-")
        }
        return cards or self.form.get("option") or dict(self.form) or []


def ways_of(item: content.Item) -> list[Way]:
    """Right, in part, wrong and not at all; what each is worth is worked out by hand."""
    nothing = Way({}, Fraction(0), is_whole=False)
    right, wrong = [
        [one.key for one in item.options if one.correct is fits] for fits in (True, False)
    ]
    if item.kind == "single":
        return [
            Way({"option": right}, Fraction(1)),
            Way({"option": wrong[:1]}, Fraction(0)),
            nothing,
        ]
    if item.kind == "multiple":
        part = Way({"option": right[:1]}, Fraction(1, 2))
        return [
            Way({"option": right}, Fraction(1)),
            part,
            Way({"option": wrong}, Fraction(0)),
            nothing,
        ]
    if item.kind == "case":
        first, then = ([one.key for one in part.options] for part in item.parts)
        whole = Way({"part-1": first[:1], "part-2": then[:1]}, Fraction(1))
        half = Way({"part-1": first[:1], "part-2": then[1:]}, Fraction(1, 2))
        return [whole, half, Way({"part-2": then[:1]}, Fraction(1, 2), is_whole=False), nothing]
    places = [group.key for group in item.groups]
    fits = {f"card-{card.key}": [card.group] for card in item.cards}
    last = f"card-{item.cards[-1].key}"
    if item.kind == "order":
        swapped = dict(zip(fits, [fits[name] for name in (*list(fits)[1::-1], last)], strict=True))
        return [Way(fits, Fraction(1)), Way(swapped, Fraction(1, 3)), nothing]
    missed = {name: place for name, place in fits.items() if name != last}
    same = dict.fromkeys(fits, places[:1])
    return [
        Way(fits, Fraction(1)),
        Way(missed, Fraction(1, 2), is_whole=False),
        Way(same, Fraction(0)),
        nothing,
    ]


@dataclass(frozen=True)
class Edition:
    """What the model knows of an edition: its row, its lessons' version and its quiz's rule."""

    pk: int
    version: int
    attempts: int
    pass_mark: float
    wait_hours: int
    limit_minutes: int | None


@dataclass
class Try:
    """One attempt as the model has it.

    `given` is (sequence, way, event, when) of each answer saved, by item key.
    """

    key: uuid.UUID
    number: int
    edition: Edition
    order: list[str]
    opened_at: datetime
    deadline_at: datetime | None
    given: dict[str, list[tuple[int, Way, str, datetime]]] = field(default_factory=dict)
    state: str = "open"
    ended_at: datetime | None = None
    expired: bool = False
    earned: Fraction | None = None
    passed: bool | None = None

    def newest(self, key: str) -> Way | None:
        return self.given[key][-1][1] if key in self.given else None

    def sequence(self, key: str) -> int:
        return self.given[key][-1][0] if key in self.given else 0

    def is_answered(self, key: str) -> bool:
        way = self.newest(key)
        return way is not None and way.is_whole

    def takes_answers(self, now: datetime) -> bool:
        return self.state == "open" and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        return (
            self.state == "open" and self.deadline_at is not None and now > self.deadline_at + GRACE
        )


@dataclass
class Device:
    """A browser. `unsent` is what was sent while signed out, by address: the newest three."""

    client: Client
    is_in: bool = True
    unsent: dict[str, Way] = field(default_factory=dict)

    def press_signed_out(self, path: str, way: Way) -> None:
        self.unsent.pop(path, None)
        self.unsent[path] = way
        self.unsent = dict(list(self.unsent.items())[-3:])


@dataclass(frozen=True)
class Loaded:
    """A page of an item as it was loaded once: it may be pressed at any time after."""

    device: int
    attempt: uuid.UUID
    item: str
    number: int
    event: str
    sequence: int


class AttemptMachine(RuleBasedStateMachine):
    loaded = Bundle("loaded")

    def __init__(self, cast: Cast, course: content.Course) -> None:
        super().__init__()
        self.now = T
        self.clock = patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        # Editions of another walk were taken back, and their ids come again.
        content_of.cache_clear()
        self.walk = transaction.atomic()
        self.walk.__enter__()
        self.cast, self.course = cast, course
        self.ways = {item.key: ways_of(item) for item in course.items}
        self.editions: list[Edition] = []
        self.tries: list[Try] = []
        self.granted, self.minutes = 0, 0
        self.learnt = 0  # the version of the lessons that were gone through, 0 for none
        self.learnt_at = T  # when they were
        self.completed_at: datetime | None = None
        self.looked_at = 0
        self.devices = [Device(self.signed_in(cast.ana)) for _ in range(2)]
        self.reader, self.trainer = self.signed_in(cast.ana), self.signed_in(cast.tess)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.walk.__exit__(None, None, None)
        self.clock.stop()

    # What the model knows

    def signed_in(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def counted(self) -> list[Try]:
        return [one for one in self.tries if one.state != "voided"]

    def open_one(self) -> Try | None:
        return next((one for one in self.tries if one.state == "open"), None)

    def allowed(self) -> int:
        return self.mine.attempts + self.granted

    def left(self) -> int:
        return max(0, self.allowed() - len(self.counted()))

    def opens_at(self) -> datetime | None:
        """The end of the pause after the last attempt, None when there is none or it is over."""
        last = self.counted()[-1].ended_at if self.counted() else None
        ends = (
            last + timedelta(hours=self.mine.wait_hours) if last and self.mine.wait_hours else None
        )
        return ends if ends and ends > self.now else None

    def by_key(self, key: uuid.UUID) -> Try:
        return next(one for one in self.tries if one.key == key)

    def back(self, n: int) -> Try:
        """The n-th attempt from the newest."""
        return self.tries[-1 - n % len(self.tries)]

    def score(self, one: Try) -> None:
        one.state, one.expired = "scored", one.is_over(self.now)
        one.ended_at = one.deadline_at if one.expired else self.now
        one.earned = sum((way.worth for key in one.order if (way := one.newest(key))), Fraction(0))
        critical = [item.key for item in self.course.items if item.critical]
        safe = all((way := one.newest(key)) and way.worth == 1 for key in critical)
        one.passed = bool(safe) and one.earned >= Fraction(str(one.edition.pass_mark)) * len(
            one.order
        )
        if one.passed:
            self.complete_course_if_done(
                max(one.ended_at, self.learnt_at) if one.expired else self.now
            )

    def complete_course_if_done(self, moment: datetime) -> None:
        if (
            not self.completed_at
            and self.learnt >= self.mine.version
            and any(one.passed for one in self.counted())
        ):
            self.completed_at = moment

    def touch(self, one: Try) -> None:
        """A press on an attempt whose time is over closes it."""
        if one.is_over(self.now):
            self.score(one)

    def publish(
        self, version: int, attempts: int, pass_mark: float, wait: int, limit: int | None
    ) -> None:
        rule = {
            "attempts": attempts,
            "pass_mark": pass_mark,
            "wait_hours": wait,
            "limit_minutes": limit,
        }
        quiz = self.course.finals[0].model_copy(update=rule)
        lessons = tuple(
            lesson.model_copy(update={"version": version}) for lesson in self.course.lessons
        )
        new = {"title": f"Edition {len(self.editions)}", "quizzes": (quiz,), "lessons": lessons}
        publish([self.course.model_copy(update=new)], self.now)
        row = Course.objects.get(key="tiny")
        self.editions.append(Edition(row.edition_id, version, *rule.values()))
        move_to_newest(row)

    # What a learner does

    @rule(which=st.integers(0, 1))
    def begin(self, which: int) -> None:
        device = self.devices[which]
        response = device.client.post(f"{START}open/")
        if not device.is_in:
            assert response.url.startswith("/account/login/"), response.url
            return
        open_one = self.open_one()
        if open_one and open_one.is_over(self.now):
            self.score(open_one)  # it is closed first; where it passed, no other begins
            if not open_one.passed:
                open_one = None
        if not open_one and (self.left() == 0 or self.opens_at()):
            said = words(device.client.get(response.url))
            assert response.url == START
            assert (
                "You have taken all" if self.left() == 0 else "You can take it again from"
            ) in said
            return
        if not open_one:
            self.tries.append(open_one := self.opened())
        assert response.url == f"/attempts/{open_one.key}/"

    def opened(self) -> Try:
        row = Attempt.objects.get(user=self.cast.ana, state="open")
        limit = self.mine.limit_minutes
        deadline = self.now + timedelta(minutes=limit + self.minutes) if limit else None
        order = [drawn["key"] for drawn in row.items]
        assert sorted(order) == sorted(self.ways), "every item is drawn, once"
        return Try(row.key, len(self.tries) + 1, self.mine, order, self.now, deadline)

    @initialize(target=loaded, n=st.integers(1, 5), **RULE)
    def two_windows(self, n: int, attempts: int, pass_mark: float, wait: int, limit: int | None):
        """A walk begins in the middle: an attempt is open, with a page of it on each device."""
        self.publish(1, attempts, pass_mark, wait, limit)
        self.row = Course.objects.get(key="tiny")
        self.mine = self.editions[0]
        enrol(self.cast.ana, self.row, self.now)
        self.begin(0)
        return multiple(self.load(0, self.tries[-1], n), self.load(1, self.tries[-1], n))

    @rule(
        target=loaded,
        which=st.integers(0, 1),
        n=st.integers(1, 5),
        way=st.integers(0, 3),
        script=st.booleans(),
    )
    def answer(self, which: int, n: int, way: int, script: bool):
        """What people do most: sign in, open or begin an attempt, look at an item, save an answer."""
        page = self.ready(which, n)
        if page:
            self.press(page, way, script)
        return page or multiple()

    def ready(self, which: int, n: int) -> Loaded | None:
        """An item's page on a device, with whatever has to be done before it."""
        if not self.devices[which].is_in:
            self.sign_in(which)
        self.begin(which)
        return self.load(which, self.tries[-1], n)

    @rule(which=st.integers(0, 1), one_in_part=st.integers(0, 5))
    def take_it_whole(self, which: int, one_in_part: int) -> None:
        """Every item right but at most one, and handed in: so that some pass."""
        first = self.ready(which, 1)
        for n in range(1, 6):
            if page := first if n == 1 else self.load(which, self.tries[-1], n):
                self.press(page, int(n == one_in_part), script=True)
        self.submit_attempt(which, 0)

    @rule(
        n=st.integers(1, 5),
        ways=st.tuples(st.integers(0, 3), st.integers(0, 3)),
        script=st.booleans(),
    )
    def answer_in_two_windows(self, n: int, ways: tuple[int, int], script: bool) -> None:
        """The same item on both devices, saved on one, on the other, and on the first once more."""
        pages = [self.ready(which, n) for which in (0, 1)]
        for page, way in zip((*pages, pages[0]), (*ways, ways[0]), strict=True):
            if page:
                self.press(page, way, script)

    @rule(
        which=st.integers(0, 1),
        n=st.integers(1, 5),
        way=st.integers(0, 3),
        then=st.sampled_from(["back", "hand in"]),
    )
    def signed_out_in_the_middle(self, which: int, n: int, way: int, then: str) -> None:
        """An answer is sent after the session ended; the person signs in and comes back to it."""
        if page := self.ready(which, n):
            self.sign_out(which)
            self.press(page, way, script=False)
            if then == "hand in":
                self.submit_attempt(which, 0)
            self.sign_in(which)
            self.load(which, self.by_key(page.attempt), n)

    @rule(
        target=loaded,
        which=st.integers(0, 1),
        n=st.integers(1, 5),
        back=st.sampled_from([0, 0, 0, 1]),
    )
    def look(self, which: int, n: int, back: int):
        """Opens the page of an item, on either device."""
        page = self.load(which, self.back(back), n)
        return page or multiple()

    def load(self, which: int, one: Try, n: int) -> Loaded | None:
        device = self.devices[which]
        path = f"/attempts/{one.key}/items/{n}/"
        page = device.client.get(path)
        if not device.is_in:
            assert page.url.startswith("/account/login/")
            return None
        if not one.takes_answers(self.now):
            assert page.url == f"/attempts/{one.key}/result/"
            return None
        key, waiting = one.order[n - 1], device.unsent.get(f"{path}save/")
        unsent = waiting if waiting and waiting.form else None
        assert ("signed out before this answer was saved" in words(page)) == bool(unsent)
        fields = filled(page)[n]
        shown = unsent or one.newest(key)
        edition = content_of(Attempt.objects.get(key=one.key).edition_id)
        assert fields["chosen"] == as_shown(shown, edition.item(key))
        assert int(fields["sequence"]) == one.sequence(key) + 1
        return Loaded(which, one.key, key, n, fields["event_id"], int(fields["sequence"]))

    @rule(page=loaded, way=st.integers(0, 3), script=st.booleans())
    def press(self, page: Loaded, way: int, script: bool) -> None:
        """Saves what a page has, however old the page is.

        First, again, late, elsewhere, signed out, or after submitting.
        """
        device, one = self.devices[page.device], self.by_key(page.attempt)
        chosen = self.ways[page.item][way % len(self.ways[page.item])]
        path = f"/attempts/{one.key}/items/{page.number}/save/"
        body = {"event_id": page.event, "sequence": page.sequence, **chosen.form}
        headers = {"Accept": "application/json"} if script else {}
        response = device.client.post(path, body, headers=headers)
        if not device.is_in:
            assert response.status_code == (401 if script else 302)
            if not script:
                device.press_signed_out(path, chosen)
                assert response.url.startswith("/account/login/")
            return
        self.touch(one)
        said = response.json() if script else None
        expected = self.saved(one, page, chosen)
        if expected in {"saved", "nothing"}:
            device.unsent.pop(path, None)
        if expected == "nothing":
            assert (
                said == {"error": "Choose an option first."}
                if script
                else response.status_code == 302
            )
        elif expected == "saved":
            assert response.status_code == (200 if script else 302)
            at = next(at for *_, event, at in one.given[page.item] if event == page.event)
            assert not script or said == {"saved": at.strftime("%H:%M")}
        elif script or expected in {ELSEWHERE, OLD_PAGE}:
            assert response.status_code == 409
            assert expected in (said["error"] if script else words(response))
        else:
            assert response.url == f"/attempts/{one.key}/result/"
            assert expected in words(device.client.get(response.url, follow=True))

    def saved(self, one: Try, page: Loaded, chosen: Way) -> str:
        """What the model makes of a press: "saved", "nothing", or the words of the refusal."""
        if not chosen.form and page.item not in one.given:
            return "nothing"
        if repeated := next(
            (way for _, way, event, _ in one.given.get(page.item, []) if event == page.event), None
        ):
            return "saved" if repeated.stored == chosen.stored else OLD_PAGE
        if one.state != "open":
            return VOIDED if one.state == "voided" else TIME_OVER if one.expired else HANDED_IN
        if page.sequence <= one.sequence(page.item):
            return ELSEWHERE
        one.given.setdefault(page.item, []).append((page.sequence, chosen, page.event, self.now))
        return "saved"

    @rule(which=st.integers(0, 1), back=st.sampled_from([0, 0, 0, 1]))
    def submit_attempt(self, which: int, back: int) -> None:
        device, one = self.devices[which], self.back(back)
        response = device.client.post(f"/attempts/{one.key}/submit/")
        if not device.is_in:
            assert response.url.startswith("/account/login/")
            return
        if one.state == "open":
            self.score(one)
        assert response.url == f"/attempts/{one.key}/result/"

    @rule(which=st.integers(0, 1))
    def sign_out_or_in(self, which: int) -> None:
        (self.sign_out if self.devices[which].is_in else self.sign_in)(which)

    def sign_out(self, which: int) -> None:
        device = self.devices[which]
        device.client.post("/account/logout/")
        device.is_in, device.unsent = False, {}

    def sign_in(self, which: int) -> None:
        self.devices[which].client.force_login(self.cast.ana)
        self.devices[which].is_in = True

    @rule()
    def go_through_the_lessons(self) -> None:
        learn(self.cast.ana, self.row)
        if self.learnt < self.mine.version:
            self.learnt, self.learnt_at = self.mine.version, self.now
        self.complete_course_if_done(self.now)

    # What others do, and time

    @rule()
    def the_timer_runs(self) -> None:
        """It closes every attempt whose time is over, and says how many."""
        over = [one for one in self.tries if one.is_over(self.now)]
        for one in over:
            self.score(one)
        assert close_expired_attempts(self.now).closed == len(over)

    @rule(minutes=st.sampled_from([1, 10, 30, 45, 120]))
    def time_passes(self, minutes: int) -> None:
        if self.now + timedelta(minutes=minutes) <= T + timedelta(minutes=LATEST):
            self.now += timedelta(minutes=minutes)

    @rule(is_material=st.booleans(), **RULE)
    def the_edition_changes(
        self, is_material: bool, attempts: int, pass_mark: float, wait: int, limit: int | None
    ) -> None:
        self.publish(self.editions[-1].version + is_material, attempts, pass_mark, wait, limit)
        if not self.completed_at and self.editions[-1].version > self.mine.version:
            self.mine = self.editions[-1]

    @rule(
        what=st.sampled_from(["grant", "time", "void", "void", "reset"]),
        back=st.sampled_from([0, 0, 1]),
    )
    def the_trainer_helps(self, what: str, back: int) -> None:
        """Grants an attempt or time, voids an attempt, or resets the quiz."""
        if what == "grant":
            self.action("final/grant")
            self.granted += 1
        elif what == "time":
            self.action("final/time", minutes=15)
            self.time_is_granted(15)
        elif what == "void":
            self.action(f"attempts/{self.back(back).key}/void")
            self.void([self.back(back)])
        else:
            self.action("final/reset")
            self.void(self.tries)

    def action(self, name: str, **data: object) -> None:
        """Through the form on the learner's page."""
        page = f"/cohorts/{self.cast.cohort.key}/tiny/{self.cast.ana.key}/"
        response = self.trainer.post(f"{page}{name}/", {"reason": "She was called away", **data})
        assert response.url == page

    def time_is_granted(self, minutes: int) -> None:
        self.minutes += minutes
        one = self.open_one()
        if one and one.deadline_at and one.deadline_at > self.now:
            one.deadline_at += timedelta(minutes=minutes)

    def void(self, tries: list[Try]) -> None:
        for one in tries:
            if not one.passed:
                one.state = "voided"

    # Whatever was done

    @invariant()
    def the_rows_are_the_model(self) -> None:
        rows = Attempt.objects.filter(user=self.cast.ana).order_by("number")
        fields = [
            "key",
            "number",
            "state",
            "edition_id",
            "opened_at",
            "deadline_at",
            "submitted_at",
            "expired",
            "passed",
        ]
        assert [tuple(row) for row in rows.values_list(*fields)] == [
            (
                t.key,
                t.number,
                t.state,
                t.edition.pk,
                t.opened_at,
                t.deadline_at,
                t.ended_at,
                t.expired,
                t.passed,
            )
            for t in self.tries
        ]
        assert [row and Fraction(row) for row in rows.values_list("earned", flat=True)] == [
            None if t.earned is None else stored(t.earned) for t in self.tries
        ]
        given = [
            (t.key, item, *one)
            for t in self.tries
            for item, all_of in t.given.items()
            for one in all_of
        ]
        kept = Response.objects.values_list(
            "attempt__key", "item_key", "sequence", "answer", "event_id", "saved_at"
        )
        assert sorted(
            (*which, answer, str(event), at) for *which, answer, event, at in kept
        ) == sorted((*which, way.stored, event, at) for *which, way, event, at in given)
        for one, row in zip(self.tries, rows, strict=True):
            scores = row.item_scores.values_list("item_key", "answer", "earned")
            ways = {key: one.newest(key) for key in one.order} if one.earned is not None else {}
            assert {key: (answer, Fraction(earned)) for key, answer, earned in scores} == {
                key: (way.stored, stored(way.worth)) if way else (None, 0)
                for key, way in ways.items()
            }
        mine = Enrolment.objects.get(user=self.cast.ana)
        assert (mine.edition_id, mine.completed_at) == (self.mine.pk, self.completed_at)
        assert ExtraAttempt.objects.count() == self.granted
        assert sum(ExtraTime.objects.values_list("minutes", flat=True)) == self.minutes

    @invariant()
    def the_pages_are_the_model(self) -> None:
        self.the_start_page()
        if not self.tries:
            return
        self.looked_at += 1
        one = self.back(self.looked_at % 3)  # the newest most often, and those before it
        if one.takes_answers(self.now):
            self.the_item_page(one)
        elif one.state == "open":
            self.the_page_of_one_that_is_over(one)
        elif one.state == "scored":
            self.the_result_page(one)
        else:
            page = self.reader.get(f"/attempts/{one.key}/result/", follow=True)
            assert page.redirect_chain[-1][0] == START
            assert "This attempt does not count any more" in words(page)

    def the_start_page(self) -> None:
        page = self.reader.get(START)
        said, left = words(page), self.left()
        going = self.open_one()
        over = bool(going and going.is_over(self.now))
        if going and not over:
            count = (
                f"One is open, and {left or 'none'} {'is' if left == 1 else 'are'} left after it."
            )
        elif left:
            count = f"{left} attempt{'' if left == 1 else 's'} left."
        else:
            count = "You have used them all."
        assert f"You may take it {self.allowed()} times. {count}" in said
        listed = re.findall(
            r"Attempt (\d+): "
            r"(open since|its time was over on|([\d.]+) of 5 marks, (passed|not passed))",
            said,
        )
        assert [(int(number), marks, passed) for number, _, marks, passed in listed] == [
            (
                t.number,
                shown(t.earned) if t.earned is not None else "",
                {True: "passed", False: "not passed", None: ""}[t.passed],
            )
            for t in self.counted()
        ]
        has_passed = any(t.passed for t in self.counted())
        assert ("You have passed this quiz" in said) == has_passed
        assert (
            f'action="/attempts/{going.key}/submit/"' in page.content.decode() if going else False
        ) == over
        may_begin = not going and not has_passed and left > 0 and not self.opens_at()
        assert (f'action="{START}open/"' in page.content.decode()) == may_begin

    def the_page_of_one_that_is_over(self, one: Try) -> None:
        page = self.reader.get(f"/attempts/{one.key}/", follow=True)
        answered = sum(one.is_answered(key) for key in one.order)
        assert page.redirect_chain[-1][0] == f"/attempts/{one.key}/result/"
        assert f"{answered} of 5 questions have an answer" in words(page)
        assert f'action="/attempts/{one.key}/submit/"' in page.content.decode()

    def the_item_page(self, one: Try) -> None:
        page = self.reader.get(f"/attempts/{one.key}/items/1/")
        answered = sum(one.is_answered(key) for key in one.order)
        assert f"{answered} of 5 answered." in words(page)
        edition = content_of(Attempt.objects.get(key=one.key).edition_id)
        fields = filled(page)
        assert {n: fields[n]["chosen"] for n in fields} == {
            n: as_shown(one.newest(key), edition.item(key)) for n, key in enumerate(one.order, 1)
        }
        assert ("This attempt ends on" in words(page)) == (one.deadline_at is not None)

    def the_result_page(self, one: Try) -> None:
        said = words(self.reader.get(f"/attempts/{one.key}/result/"))
        assert one.earned is not None
        needed = Fraction(str(one.edition.pass_mark)) * 5
        is_between = needed <= one.earned < ceil(needed)
        needed_words = shown(needed) if is_between else str(ceil(needed))
        marks = f"{shown(one.earned)} of 5"
        assert (f"Passed: {marks}" in said) == one.passed
        if one.passed:
            assert f"You have {marks}; {needed_words} were needed." in said
        elif one.earned >= needed:
            assert f"You have enough marks ({marks}; {needed_words} needed)." in said
        else:
            assert f"You have {marks}; {needed_words} are needed." in said
        assert ("time ran out" in said) == one.expired
        if self.completed_at:
            assert "You have completed the course." in said
        elif one.passed:
            assert "See what is left" in said
        elif any(t.passed for t in self.counted()):
            assert "You passed this quiz in another attempt." in said
        elif (open_one := self.open_one()) and open_one.takes_answers(self.now):
            assert f"Carry on with attempt {open_one.number}" in said
        elif self.left():
            more = f"You have {self.left()} more attempt{'s' if self.left() > 1 else ''}"
            assert f"{more}{', from' if self.opens_at() else ', whenever you like.'}" in said
        else:
            assert "All attempts are taken. What you can do now" in said


def stored(marks: Fraction) -> Fraction:
    """Marks to four places, rounded down."""
    return Fraction(int(marks * 10_000), 10_000)


def shown(marks: Fraction) -> str:
    """Marks with two places at most, rounded down."""
    whole, hundredths = divmod(int(marks * 100), 100)
    return f"{whole}.{hundredths:02}".rstrip("0").rstrip(".")


def filled(page) -> dict[int, dict[str, Any]]:
    """Each item's form: its hidden fields, and under "chosen" what is chosen, by field."""
    found = {}
    for number, html in re.findall(
        r'<section data-number="(\d+)"(.*?)</section>', page.content.decode(), re.S
    ):
        hidden = dict(
            re.findall(r'<input type="hidden" name="(event_id|sequence)" value="([^"]+)"', html)
        )
        chosen: dict[str, set[str]] = {}
        for tag in re.findall(r"<input[^>]* checked[^>]*>", html):
            name, value = (re.search(rf'\b{what}="([^"]+)"', tag)[1] for what in ("name", "value"))  # type: ignore[index]
            chosen.setdefault(name, set()).add(value)
        for name, inside in re.findall(
            r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S
        ):
            for value in re.findall(r'<option value="([^"]+)" selected', inside):
                chosen.setdefault(name, set()).add(value)
        found[int(number)] = {**hidden, "chosen": chosen}
    return found


def as_shown(way: Way | None, item: content.Item) -> dict[str, set[str]]:
    """The fields of an answer as a page has them, which calls places by names of its own."""
    if not way:
        return {}
    names = place_names(item)
    return {
        name: {names.get(value, value) for value in values} for name, values in way.form.items()
    }


def five_kinds(tiny: content.Course) -> content.Course:
    """The tiny course with an item of each of five kinds, the first critical, all of them drawn."""
    written = {
        "sort": "Stay: A lamp; A voice | Go: A label; A guess",
        "order": "Look | Wait | Speak",
        "case": "Wait* | Go on || Seen* | Guessed",
    }
    first = {
        "lesson": "first-things",
        "outcome": "names-a-thing",
        "use": ("final",),
        "difficulty": "easy",
    }
    more = tuple(
        item_in(kind, text).model_copy(update={**first, "key": f"{kind}-a", "parallel": kind})
        for kind, text in written.items()
    )
    kept = tuple(item for item in tiny.items if item.key in {"danger-a", "small-a"})
    quiz = tiny.finals[0].model_copy(update={"draw": 5})
    return tiny.model_copy(update={"items": (*kept, *more), "quizzes": (quiz,)})


def test_rows_and_pages_are_the_model_whatever_is_done(cast, tiny_content):
    CohortMembership.objects.update(joined_at=T)  # the walk's clock begins there
    course = five_kinds(tiny_content[0])
    run_state_machine_as_test(
        lambda: AttemptMachine(cast, course),
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[
                Phase.explicit,
                Phase.generate,
            ],  # each walk draws other items, so a failing one cannot be made shorter
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.filter_too_much,
                HealthCheck.data_too_large,
            ],
        ),
    )
