"""The desk: a process beside the server that sets it up, makes people and looks into rows. No test lives here.

`python -m tests.browser.desk` reads one JSON list a line, [deed, {arguments}], and answers each with one JSON value.
"""

import html
import io
import json
import re
import shutil
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event, place_names
from courses.assessment.items import answer_keys
from courses.assessment.models import Attempt, ItemScore
from courses.authoring.courses import read_courses
from courses.certificates.codes import show_code
from courses.learning.actions import enrol, submit_attempt
from courses.learning.activity_forms import page_name
from courses.learning.certifying import claim_certificate
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.learning.models import ActivityAnswer
from courses.learning.queries import enrolment_progress_on
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.management.demo.monday import Names, make_monday
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.due_dates import end_of_day
from courses.people.models import Cohort, CohortMembership, Membership, User
from tests.conftest import PASSWORD, SHIPPED, answer_all, learn, right_answer, wrong_answer
from tests.walk.people import ACTIONS

PLAIN_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#dfe9e2"/></svg>'
HASH = make_password(PASSWORD)


def set_up() -> list[str]:
    """Everything `make run` does before gunicorn; the pictures it had to make up (none, when the content is whole)."""
    quiet = {"verbosity": 0, "stdout": sys.stderr}
    call_command("migrate", interactive=False, **quiet)
    call_command("createcachetable", **quiet)
    made_up = _publish()
    call_command("make_demo", **quiet)
    call_command("collectstatic", interactive=False, **quiet)
    return made_up


def _publish() -> list[str]:
    _, problems = read_courses(SHIPPED)
    missing = [
        (p.path, found[1])
        for p in problems
        if (found := re.match(r"picture '([^']+)' is not in", p.what))
    ]
    if not missing:
        call_command("publish_courses", stdout=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "content")
        shutil.copytree(SHIPPED, copy)
        for path, name in missing:
            images = copy / Path(path).parts[0] / "images"
            images.mkdir(exist_ok=True)
            (images / name).write_text(PLAIN_SVG)
        call_command("publish_courses", str(copy), stdout=sys.stderr)
    return [name for _, name in missing]


def person(name: str, profession: str = "health-visitor") -> dict[str, str]:
    """A new person who can sign in, by password or with the session given here."""
    email = f"{name.split()[0].lower()}-{uuid.uuid4().hex[:8]}@example.org"
    user = User(email=email, name=name, profession=profession, password=HASH)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return known(email) | {"password": PASSWORD}


def known(email: str) -> dict[str, str]:
    """Somebody who is there already, with a new session."""
    user = User.objects.get(email=email)
    client = Client()
    client.force_login(user)
    return {"email": email, "name": user.name, "session": client.cookies["sessionid"].value}


def _course() -> Course:
    found = Course.objects.published().first()
    assert found is not None
    return found


def course() -> dict[str, Any]:
    """The first course as tests need it: lessons, steps, and of each activity its kind, right answer and secrets."""
    found = content_of(_course().edition_id)
    lessons = [
        {
            "key": lesson.key,
            "title": lesson.title,
            "steps": [
                {
                    "key": s.key,
                    "title": s.title,
                    "activities": [_activity(lesson.key, b) for b in s.blocks if b.is_activity],
                }
                for s in lesson.steps
            ],
        }
        for lesson in found.lessons
    ]
    quiz = found.finals[0]
    return {
        "key": found.key,
        "title": found.title,
        "lessons": lessons,
        "quiz": quiz.key,
        "draw": quiz.draw,
    }


def _activity(lesson: str, block: content.Block) -> dict[str, Any]:
    """`name` is what the page calls it; places of cards are called as the page does too."""
    item = block.item
    kind = item.kind if item else block.kind
    right: Any = None
    if item and item.options:
        right = [option.key for option in item.options if option.correct]
    elif item:
        places = place_names(item)
        right = {card.key: places[card.group] for card in item.cards}
    parts = [*item.options, *item.cards] if item else []
    secrets = [part.feedback for part in parts] + [block.model] * bool(block.model)
    told = [_plain(text) for text in secrets]
    return {
        "key": block.key,
        "name": page_name(lesson, block.key),
        "kind": kind,
        "right": right,
        "secrets": told,
    }


def _plain(text: str) -> str:
    return " ".join(html.unescape(strip_tags(text)).split())


def go_through(email: str, lessons: int = 100) -> None:
    """Enrols somebody on the first course and takes them through so many of its lessons."""
    learn(User.objects.get(email=email), _course(), lessons)


def reach(email: str, lesson: int, step: int) -> None:
    """Enrols somebody and leaves them at a step; both are counted from 1."""
    user, now = User.objects.get(email=email), timezone.now()
    enrolment = enrol(user, _course(), now)
    found = content_of(enrolment.edition_id).lessons[lesson - 1]
    record = begin_lesson(enrolment, found, now)
    for one in found.steps[: step - 1]:
        finish_step(record, found, one, {}, now)
        record.refresh_from_db()


def moving_step(email: str) -> str:
    """Enrols somebody on a course and leaves them at a step with a scene that moves; the path of the step."""
    user, now = User.objects.get(email=email), timezone.now()
    for row in Course.objects.published():
        found = content_of(row.edition_id)
        moving = {scene.key for scene in found.scenes if scene.timeline}
        for lesson in found.lessons:
            for n, step in enumerate(lesson.steps):
                if moving & {block.scene for block in step.blocks}:
                    record = begin_lesson(enrol(user, row, now), lesson, now)
                    for one in lesson.steps[:n]:
                        finish_step(record, lesson, one, {}, now)
                        record.refresh_from_db()
                    return f"/courses/{found.key}/lessons/{lesson.key}/{step.key}/"
    raise LookupError("no step of a lesson shows a scene that moves")


def step_with(email: str, kind: str) -> dict[str, Any]:
    """Takes somebody through the first course with such an activity: its first `activity` and the `path` of its step."""
    for row in Course.objects.published():
        found = content_of(row.edition_id)
        for lesson in found.lessons:
            for step in lesson.steps:
                for block in step.blocks:
                    one = _activity(lesson.key, block) if block.is_activity else None
                    if one and one["kind"] == kind:
                        learn(User.objects.get(email=email), row)
                        return {
                            "path": f"/courses/{found.key}/lessons/{lesson.key}/{step.key}/",
                            "activity": one,
                        }
    raise LookupError(f"no course has an activity of the kind {kind}")


def activity_answers(email: str) -> dict[str, Any]:
    rows = ActivityAnswer.objects.filter(enrolment__user__email=email)
    return dict(rows.values_list("activity_key", "answer"))


def begin(email: str) -> str:
    """An open attempt at the first final quiz, its plain choices first, so that tests know what they meet; its key."""
    user, row = User.objects.get(email=email), _course()
    enrolment = enrol(user, row, timezone.now())
    quiz = content_of(enrolment.edition_id).finals[0]
    opened = open_attempt(user, row.pk, enrolment.edition_id, quiz, timezone.now())
    kinds = {item.key: item.kind for item in content_of(enrolment.edition_id).items}
    rank = {"single": 0, "multiple": 1}
    opened.items.sort(key=lambda drawn: rank.get(kinds[drawn["key"]], 2))
    opened.save(update_fields=["items"])
    return str(opened.key)


def answer(attempt: str, right: bool = True) -> None:
    """Saves an answer to every item of an open attempt, and does not hand it in."""
    found = Attempt.objects.get(key=attempt)
    answer_all(found.user, found, right=right)


def run_out(attempt: str) -> None:
    """The time of an open attempt was over an hour ago."""
    Attempt.objects.filter(key=attempt).update(deadline_at=timezone.now() - timedelta(hours=1))


def take(email: str, right: bool) -> str:
    """A whole attempt, handed in, all right or all wrong; its key."""
    user, key = User.objects.get(email=email), begin(email)
    answer_all(user, Attempt.objects.get(key=key), right=right)
    submit_attempt(user, uuid.UUID(key), timezone.now())
    return key


def take_quiz_of(email: str, course: str, mistakes: int) -> str:
    """A whole attempt at the final quiz of a course, so many items wrong, scenes and safety among them; its key."""
    user, row, now = User.objects.get(email=email), Course.objects.get(key=course), timezone.now()
    enrolment = learn(user, row)
    quiz = content_of(enrolment.edition_id).finals[0]
    opened = open_attempt(user, row.pk, enrolment.edition_id, quiz, now)
    numbered = [(n, drawn_item(opened, n)) for n in range(1, len(opened.items) + 1)]
    by_need = sorted(numbered, key=lambda pair: (not pair[1].scene, not pair[1].critical, pair[0]))
    wrong = {number for number, _ in by_need[:mistakes]}
    for number, item in numbered:
        given = wrong_answer(item) if number in wrong else right_answer(item)
        event = Event(uuid.uuid4(), 1, 3 if number % 2 else 2)
        save_response(user, opened.key, item.key, given, event, now)
    submit_attempt(user, opened.key, now)
    return str(opened.key)


def open_quiz_of(email: str, course: str) -> dict[str, Any]:
    """An open attempt at the final quiz of a course: its key, and the numbers of the items with a scene."""
    user, row = User.objects.get(email=email), Course.objects.get(key=course)
    enrolment = enrol(user, row, timezone.now())
    quiz = content_of(enrolment.edition_id).finals[0]
    opened = open_attempt(user, row.pk, enrolment.edition_id, quiz, timezone.now())
    numbers = range(1, len(opened.items) + 1)
    return {"key": str(opened.key), "numbers": [n for n in numbers if drawn_item(opened, n).scene]}


def begin_with(email: str, kinds: list[str]) -> str:
    """An open attempt at the final quiz of a course, which begins with one item of each of these kinds; its key.

    A final quiz need not draw all kinds: the items are taken from all of the course, their cards last first.
    """
    user, now = User.objects.get(email=email), timezone.now()
    for row in Course.objects.published():
        found = content_of(row.edition_id)
        of_kind = {item.kind: item for item in found.items}
        if not of_kind.keys() >= set(kinds):
            continue
        enrolment = enrol(user, row, now)
        opened = open_attempt(user, row.pk, enrolment.edition_id, found.finals[0], now)
        firsts = [of_kind[kind] for kind in kinds]
        drawn = [{"key": item.key, "options": answer_keys(item)[::-1]} for item in firsts]
        keys = {item.key for item in firsts}
        others = [one for one in opened.items if one["key"] not in keys]
        opened.items = [*drawn, *others][: len(opened.items)]
        opened.save(update_fields=["items"])
        return str(opened.key)
    raise LookupError(f"no course has items of the kinds {kinds}")


def right_answers(attempt: str) -> list[Any]:
    """The right answer to each item of an attempt, in the order of its items, as its page calls things.

    Keys, or a mapping of cards or parts.
    """
    found = Attempt.objects.get(key=attempt)
    answers = []
    for number in range(1, len(found.items) + 1):
        item = drawn_item(found, number)
        answer, places = right_answer(item), place_names(item)
        answers.append(
            {card: places[group] for card, group in answer.items()} if places else answer
        )
    return answers


def rows(attempt: str) -> dict[str, Any]:
    """What is stored of an attempt: its state, every response in order, and how many item scores."""
    found = Attempt.objects.get(key=attempt)
    responses = found.responses.order_by("pk").values_list("item_key", "answer", "sequence")
    return {
        "state": found.state,
        "passed": found.passed,
        "items": [drawn["key"] for drawn in found.items],
        "responses": [list(row) for row in responses],
        "scores": ItemScore.objects.filter(attempt=found).count(),
        "attempts": Attempt.objects.filter(user=found.user).count(),
    }


def certificate(email: str) -> str:
    """The code of somebody's certificate of the first course as people see it; issued now if it was not."""
    user = User.objects.get(email=email)
    return show_code(
        claim_certificate(
            enrolment_progress_on(user, _course().key), user.name, timezone.now()
        ).code
    )


def cohort(trainer: str, learners: list[str]) -> dict[str, str]:
    """A cohort in a new organisation, with the first course due in three weeks."""
    user, now = User.objects.get(email=trainer), timezone.now()
    service = start_organisation(user, "Riverbank Children’s Health", now)
    due = timezone.localdate() + timedelta(days=21)
    made = start_cohort(user, service, "Riverbank, spring", _course(), due, now)
    for email in learners:
        join_cohort(User.objects.get(email=email), made, now)
    return {"key": str(made.key), "name": made.name, "code": made.join_code}


def grow_older(cohort: str, days: int, due_in: int) -> None:
    """As if all had joined a cohort so many days ago, and its courses were due in so many days."""
    row = Cohort.objects.get(key=cohort)
    row.cohort_memberships.update(joined_at=timezone.now() - timedelta(days=days))
    row.assignments.update(due_at=end_of_day(timezone.localdate() + timedelta(days=due_in)))


def monday(trainer: str) -> None:
    """The demo's Monday once more, for this trainer, in a new organisation."""
    user, now = User.objects.get(email=trainer), timezone.now()
    service = start_organisation(user, "Riverbank, three cohorts", now)
    autumn = start_cohort(user, service, "Riverside, autumn", _course(), None, now)
    make_monday(user, autumn, Names(made=400), now)  # after the addresses of the demo's own


def manage(cohort: str, email: str) -> None:
    """Makes somebody a manager of a cohort's organisation."""
    organisation = Cohort.objects.get(key=cohort).organisation
    Membership.objects.create(
        user=User.objects.get(email=email), organisation=organisation, role="manager"
    )


def crowd(cohort: str, number: int) -> None:
    """So many more learners in a cohort, with a name and nothing else."""
    row = Cohort.objects.get(key=cohort)
    people = []
    for count in range(number):
        email = f"crowd-{count}-{row.pk}@example.org"
        people.append(User(email=email, name=f"Learner {count}", password="!"))
    made = User.objects.bulk_create(people, batch_size=200)
    places = [CohortMembership(cohort=row, user=user) for user in made]
    CohortMembership.objects.bulk_create(places, batch_size=200)


def sent_to(email: str) -> list[str]:
    """The raw mails that went to this address, oldest first; the first may take a moment to leave."""
    from django.conf import settings

    until, found = time.monotonic() + 5, []
    while not found and time.monotonic() < until:
        files = sorted(
            Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda path: path.stat().st_mtime
        )
        found = [text for path in files if f"To: {email}" in (text := path.read_text())]
        time.sleep(0.1)
    return found


DEEDS = {
    action.__name__: action
    for action in (
        set_up, person, known, course, go_through, reach, moving_step, step_with, activity_answers, begin, answer, take,
        take_quiz_of, open_quiz_of, begin_with, right_answers, rows, run_out, certificate, cohort, grow_older, monday,
        manage, crowd, sent_to, *ACTIONS,
    )
}  # fmt: skip


def main() -> None:
    answers, sys.stdout = (
        sys.stdout,
        io.StringIO(),
    )  # whatever a command prints must not look like an answer
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            told = {"done": DEEDS[name](**arguments)}
        except Exception as error:
            told = {"failed": f"{name}: {type(error).__name__}: {error}"}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
