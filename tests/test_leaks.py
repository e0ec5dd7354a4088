"""Nothing that tells the right answer leaves before it may, and nothing private reaches anyone else.

The tiny course has a CANARY- marker in every private field: feedback, model answer, criterion.
"""

import re
import uuid
from collections import Counter
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.assessment.actions import draw_items, drawn_item
from courses.assessment.models import Attempt
from courses.learning.actions import begin_lesson, enrol, finish_step, hand_in
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import ActivityAnswer
from courses.people.models import User
from tests.conftest import Cast, answer_all, begin_quiz, learn, person, right_answer, wrong_answer
from tests.test_access import plain

MARK = "CANARY"
SECRET = "My own words about one hard morning"


def through(user: User, course: Course) -> None:
    """The learner has reached every step and answered no activity."""
    enrolment = enrol(user, course, timezone.now())
    for lesson in content_of(enrolment.edition_id).lessons:
        record = begin_lesson(enrolment, lesson, timezone.now())
        for step in lesson.steps[:-1]:
            finish_step(record, lesson, step, timezone.now())
            record.refresh_from_db()


def everything_in(response: HttpResponse) -> str:
    """Headers, cookies and body, as they leave."""
    return f"{response.headers}\n{response.cookies}\n{response.content.decode(errors='replace')}"


def crawl(client: Client, *more: str) -> dict[str, str]:
    """Everything one can open from the first page by links and forms' addresses, and from these addresses: url → all of it."""
    waiting = ["/", "/see/", "/verify/", "/join/", "/cohorts/", "/record/", "/seen-by-trainer/", "/health/", *more]
    found: dict[str, str] = {}
    while waiting:
        url = waiting.pop()
        if url in found or url.startswith(("/static/", "/admin/jsi18n")):
            continue
        response = client.get(url)
        found[url] = everything_in(response)
        links = re.findall(r'(?:href|action|src)="([^"]+)"', found[url])
        for link in [*links, response.headers.get("Location", "")]:
            parts = urlsplit(urljoin(url, unescape(link)))
            if link and not parts.netloc and parts.path != reverse("account_logout"):
                waiting.append(parts.path)  # sorting and filtering of the admin's lists have no end
    return found


def marked(pages: dict[str, str], mark: str = MARK) -> list[str]:
    return sorted(url for url, text in pages.items() if mark in text)


def things_of(cast: Cast, attempt: Attempt) -> list[str]:
    """The addresses of everything of Ana's and of her cohort, for whoever tries them."""
    learner = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    items = [reverse("courses:item", args=[attempt.key, number]) for number in (1, 2, 3)]
    pages = [reverse(f"courses:{name}", args=[attempt.key]) for name in ("attempt", "review-attempt", "result")]
    steps = [
        reverse("courses:step", args=["tiny", lesson.key, step.key])
        for lesson in content_of(attempt.edition_id).lessons
        for step in lesson.steps
    ]
    quiz = reverse("courses:quiz", args=["tiny", "final"])
    return [learner, f"{learner.rsplit('/', 2)[0]}/csv/", quiz, *items, *pages, *steps]


def everybody(cast: Cast) -> list[User | None]:
    root = person("Root", is_staff=True, is_superuser=True)
    return [None, cast.ana, cast.ben, cast.tess, cast.mo, cast.olga, cast.sam, root]


def save(client: Client, attempt: Attempt, number: int, answer: list[str], **headers: str) -> HttpResponse:
    sent = {"option": answer, "event_id": str(uuid.uuid4()), "sequence": 1 + attempt.responses.count()}
    return client.post(reverse("courses:save-response", args=[attempt.key, number]), sent, **headers)


JSON = {"headers": {"accept": "application/json"}}


def test_it_works(cast, course, sign_in):
    """Before anything is answered or handed in, nobody finds a marker anywhere, the learner neither."""
    through(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    for one in everybody(cast):
        pages = crawl(sign_in(one), *things_of(cast, attempt))
        assert len(pages) > 20
        assert marked(pages) == []


def test_the_markers_are_in_every_private_field(course):
    """Else the test above could not fail: each field that may not be seen has one, and the learner finds them later."""
    tiny = content_of(course.edition_id)
    blocks = [block for lesson in tiny.lessons for step in lesson.steps for block in step.blocks]
    items = [*tiny.items, *(block.item for block in blocks if block.item), *(scene.item for scene in tiny.scenes)]
    private = [part.feedback for item in items for part in (*item.options, *item.cards)]
    rewrites = [block for block in blocks if block.kind == "rewrite"]
    private += [block.model for block in rewrites] + [point for block in rewrites for point in block.points]
    keys = [scene.seen for scene in tiny.scenes]
    private += [text for key in keys for text in (*key.cues, *key.not_there, key.may_mean, key.may_also, key.do)]
    assert len(private) > 45
    assert all(MARK in text for text in private)


def test_answers_saved_and_not_handed_in_tell_nothing(cast, course, sign_in):
    through(cast.ana, course)
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    for number in (1, 2, 3):
        item = drawn_item(attempt, number)
        for answer in (wrong_answer(item), right_answer(item)):
            assert MARK not in everything_in(save(ana, attempt, number, answer, **JSON))
            assert MARK not in everything_in(save(ana, attempt, number, answer))
        assert MARK not in everything_in(save(ana, attempt, number, ["no-such-option"]))
        assert MARK not in everything_in(save(ana, attempt, number, []))
    assert attempt.responses.count() == 15, "taking what was chosen away is an answer too"
    for one in everybody(cast):
        assert marked(crawl(sign_in(one), *things_of(cast, attempt))) == []


def without_time(response: HttpResponse) -> bytes:
    return re.sub(rb"\d\d:\d\d", b"00:00", response.content)


def test_a_right_and_a_wrong_answer_are_acknowledged_alike_to_a_script(cast, course, sign_in):
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    twin = begin_quiz(cast.ben, course)
    ben = sign_in(cast.ben)
    for number in (1, 2, 3):
        right = save(ana, attempt, number, right_answer(drawn_item(attempt, number)), **JSON)
        wrong = save(ben, twin, number, wrong_answer(drawn_item(twin, number)), **JSON)
        assert right.status_code == wrong.status_code == 200
        assert without_time(right) == without_time(wrong)
        assert {**right.headers} == {**wrong.headers}


def test_a_right_and_a_wrong_answer_lead_a_form_to_the_same_page(cast, course, sign_in):
    """The same redirect; and the item's own page differs in nothing but which box is ticked."""
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    for number in (1, 2, 3):
        item, url = drawn_item(attempt, number), reverse("courses:item", args=[attempt.key, number])
        pages = []
        for answer in (right_answer(item)[:1], wrong_answer(item)):
            saved = save(ana, attempt, number, answer)
            page = re.sub(r'name="(event_id|sequence)" value="[^"]+"|\d\d:\d\d', "", plain(ana.get(url)))
            assert page.count(" checked") == number
            pages.append((saved.status_code, saved["Location"], {**saved.headers}, page.replace(" checked", "")))
        assert pages[0] == pages[1]


def test_an_item_says_of_its_options_only_their_words(cast, course, sign_in):
    """Each option's markup is the same but for its key, its number and its words; `correct` is nowhere in the page."""
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    for number in (1, 2, 3):
        page = plain(ana.get(reverse("courses:item", args=[attempt.key, number])))
        assert not re.search(r"correct|rationale|feedback|data-(right|wrong|answer)|critical|difficulty", page, re.I)
        shapes = set()
        for option in drawn_item(attempt, number).options:
            assert page.count(f'value="{option.key}"') == 1
            before, value, after = page.partition(f'value="{option.key}"')
            whole = before[before.rindex("<div") :] + value + after[: after.index("</div>")]
            assert option.html in whole
            shapes.add(whole.replace(option.html, "").replace(option.key, ""))
        assert len(shapes) == 1


def test_the_key_of_an_option_says_nothing_of_it(course):
    """Keys are drawn from the words alone: the same shape for right and wrong, in no telling order."""
    options = [option for item in content_of(course.edition_id).items for option in item.options]
    assert len({len(option.key) for option in options}) == 1
    assert all(re.fullmatch(r"[0-9a-z]+", option.key) for option in options)
    assert not any(part.key == part.group for item in items_in_lessons(course) for part in item.cards)


def items_in_lessons(course: Course) -> list[content.Item]:
    lessons = content_of(course.edition_id).lessons
    return [block.item for lesson in lessons for step in lesson.steps for block in step.blocks if block.item]


def test_the_place_of_the_right_option_varies_from_attempt_to_attempt(course, settings):
    """400 attempts: each place holds it about as often as another, and the items come in every order."""
    settings.SECRET_KEY = "a fixed key, so that this run is the same each time, everywhere"
    tiny = content_of(course.edition_id)
    places, firsts = Counter(), Counter()
    for number in range(400):
        drawn = draw_items(tiny, tiny.finals[0], uuid.UUID(int=number))
        firsts[tiny.item(drawn[0]["key"]).parallel] += 1
        for one in drawn:
            item = tiny.item(one["key"])
            if item.kind == "single":
                places[one["options"].index(right_answer(item)[0])] += 1
    assert set(places) == {0, 1, 2, 3}
    assert all(150 < count < 250 for count in places.values()), places
    assert all(90 < count < 180 for count in firsts.values()), firsts


def test_the_place_of_the_right_option_cannot_be_computed_without_the_secret(course, settings):
    tiny, key = content_of(course.edition_id), uuid.UUID(int=7)
    settings.SECRET_KEY = "one key of fifty characters, one key of fifty characters"
    mine = [draw_items(tiny, tiny.finals[0], key) for _ in range(2)]
    settings.SECRET_KEY = "another key of fifty characters, another key of fifty chars"
    assert mine[0] == mine[1] != draw_items(tiny, tiny.finals[0], key)


def test_the_place_of_the_right_option_in_a_check_varies_from_learner_to_learner(cast, course, sign_in):
    places = Counter()
    for number in range(24):
        one = person(f"Learner{number}")
        through(one, course)
        page = sign_in(one).get(reverse("courses:step", args=["tiny", "first-things", "opening"])).content.decode()
        check = content_of(course.edition_id).lessons[0].steps[0].activity("which-grows").item
        order = sorted((page.index(f'value="{option.key}"'), option.correct) for option in check.options)
        places[order[0][1]] += 1
    assert min(places[True], places[False]) >= 3, places


def answer_step(client: Client, step: str, activity: str, **sent: object) -> HttpResponse:
    return client.post(reverse("courses:answer-activity", args=["tiny", "first-things", step, activity]), sent)


def test_feedback_on_an_activity_comes_after_its_answer_and_not_with_another(cast, course, sign_in):
    through(cast.ana, course)
    ana, lesson = sign_in(cast.ana), content_of(course.edition_id).lessons[0]
    opening = reverse("courses:step", args=["tiny", "first-things", "opening"])
    grows = lesson.steps[0].activity("which-grows").item

    refused = answer_step(ana, "opening", "which-grows", option="no-such-option")
    assert refused.status_code == 400
    assert MARK not in everything_in(refused)
    refused = answer_step(ana, "writing", "own-words", text="  ")
    assert refused.status_code == 400
    assert MARK not in everything_in(refused)

    answer_step(ana, "opening", "which-grows", option=wrong_answer(grows))
    page = ana.get(opening).content.decode()
    assert "CANARY-CHECK-RIGHT" in page
    assert "CANARY-MULTI" not in page

    answer_step(ana, "writing", "own-words", text="Small, some of it")
    page = ana.get(reverse("courses:step", args=["tiny", "first-things", "writing"])).content.decode()
    assert "CANARY-MODEL" in page
    assert "CANARY-CRITERION" in page

    pages = crawl(ana)
    assert marked(pages) == [opening, reverse("courses:step", args=["tiny", "first-things", "writing"])]
    for one in everybody(cast):
        if one != cast.ana:
            assert marked(crawl(sign_in(one), *pages)) == []


def test_a_refused_answer_to_a_kept_activity_is_shown_without_new_feedback(cast, course, sign_in):
    """Somebody who answered, then sends rubbish: the page keeps what was kept and says what is wrong."""
    through(cast.ana, course)
    ana = sign_in(cast.ana)
    answer_step(ana, "writing", "own-words", text="Small, some of it")
    page = answer_step(ana, "writing", "own-words", text="x" * 5001)
    assert page.status_code == 400
    assert "5,001 characters" in page.content.decode()
    assert ActivityAnswer.objects.get(activity_key="own-words").answer == "Small, some of it"


def test_after_handing_in_the_learner_alone_sees_the_feedback(cast, course, sign_in):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt, right=False)
    hand_in(cast.ana, attempt.key, timezone.now())

    result = reverse("courses:result", args=[attempt.key])
    pages = crawl(sign_in(cast.ana), *things_of(cast, attempt))
    assert marked(pages) == [result]
    for number in (1, 2, 3):
        assert all(option.feedback in pages[result] for option in drawn_item(attempt, number).options)
    for one in everybody(cast):
        if one != cast.ana:
            assert marked(crawl(sign_in(one), *pages, *things_of(cast, attempt))) == []


def test_feedback_on_one_attempt_is_of_the_items_in_it(cast, course, sign_in):
    """Parallel items that were not drawn stay unseen: the next attempt may ask them."""
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    hand_in(cast.ana, attempt.key, timezone.now())
    page = sign_in(cast.ana).get(reverse("courses:result", args=[attempt.key])).content.decode()
    drawn = {one["key"] for one in attempt.items}
    for item in content_of(course.edition_id).items:
        assert (item.options[0].feedback in page) == (item.key in drawn)


def test_a_second_attempt_tells_nothing_either(cast, course, sign_in):
    """Its pages carry no feedback of the first, which the learner may read on the first's own page."""
    learn(cast.ana, course)
    first = begin_quiz(cast.ana, course)
    hand_in(cast.ana, first.key, timezone.now())
    second = begin_quiz(cast.ana, course)
    pages = crawl(sign_in(cast.ana), *things_of(cast, second))
    assert marked(pages) == [reverse("courses:result", args=[first.key])]


def test_the_scene_tells_after_the_answer_alone(client, course):
    assert MARK not in everything_in(client.get("/see/"))
    assert MARK not in everything_in(client.post("/see/", {"option": "no-such-option"}))
    assert MARK not in everything_in(client.post("/see/"))
    scene = content_of(course.edition_id).scenes[0]
    answered = client.post("/see/", {"option": scene.item.options[1].key}).content.decode()
    for canary in ("SCENE-RIGHT", "KEY-CUE", "KEY-ABSENT", "KEY-MEAN", "KEY-ALSO", "KEY-NEXT"):
        assert f"CANARY-{canary}" in answered
    assert MARK not in everything_in(client.get("/see/"))


@pytest.fixture
def confided(cast, course, sign_in) -> Attempt:
    """Ana wrote the secret wherever something can be written, and passed the quiz."""
    learn(cast.ana, course)
    ana = sign_in(cast.ana)
    answer_step(ana, "writing", "one-thing", text=f"{SECRET}: reflection")
    answer_step(ana, "writing", "own-words", text=f"{SECRET}: rewrite")
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    hand_in(cast.ana, attempt.key, timezone.now())
    page = ana.post(reverse("courses:claim-certificate", args=["tiny"]), {"name": "Ana Jones"})["Location"]
    ana.post(f"{page}intention/", {"intention": f"{SECRET}: intention"})
    return attempt


def test_what_a_learner_writes_is_seen_by_nobody_else(cast, confided, sign_in):
    mine = crawl(sign_in(cast.ana), *things_of(cast, confided))
    for kind in ("reflection", "rewrite", "intention"):
        assert marked(mine, f"{SECRET}: {kind}") != []
    for one in everybody(cast):
        if one != cast.ana:
            pages = crawl(sign_in(one), *mine, *things_of(cast, confided), "/admin/")
            assert marked(pages, SECRET) == []
            assert one is None or not one.is_superuser or len([url for url in pages if url.startswith("/admin/")]) > 40


def test_what_a_learner_answered_is_seen_by_nobody_else(cast, course, confided, sign_in):
    """No option's key or words, and no stem of the quiz, on any page of a trainer, a manager or staff."""
    items = content_of(course.edition_id).items
    told = [item.stem for item in items]
    told += [text for item in items for option in item.options for text in (option.key, option.html)]
    told += [option.key for item in items_in_lessons(course) for option in item.options]
    everywhere = crawl(sign_in(cast.ana), *things_of(cast, confided))
    assert any(text in page for page in everywhere.values() for text in told)
    for one in everybody(cast):
        if one not in {cast.ana, None}:
            pages = crawl(sign_in(one), *everywhere, *things_of(cast, confided), "/admin/")
            del pages["/see/"]  # the scene is open to anyone, and may ask what a lesson asks
            for path in (
                reverse("courses:item-analysis", args=["tiny"]),
                reverse("courses:item-analysis-csv", args=["tiny"]),
            ):
                pages.pop(path, None)  # what the items are is there, and how many answered, never who: see test_gain.py
            assert [(url, text) for url, page in pages.items() for text in told if text in page] == []


def test_a_reminder_tells_nothing_of_what_was_written(
    cast, course, sign_in, mailoutbox, django_capture_on_commit_callbacks
):
    through(cast.ana, course)
    answer_step(sign_in(cast.ana), "writing", "one-thing", text=SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(cast.tess).post(reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", cast.ana.key]))
    assert len(mailoutbox) == 1
    assert SECRET not in str(mailoutbox[0].message())
    assert MARK not in str(mailoutbox[0].message())


def test_nothing_private_is_logged(cast, course, sign_in, caplog):
    """Neither an answer, nor a reflection, nor a password, at any level of the log."""
    caplog.set_level("DEBUG")
    through(cast.ana, course)
    ana, attempt = sign_in(cast.ana), begin_quiz(cast.ana, course)
    answer_step(ana, "writing", "one-thing", text=SECRET)
    answer_step(ana, "writing", "one-thing", text=SECRET * 500)
    save(ana, attempt, 1, ["no-such-option"])
    Client().post("/account/login/", {"login": cast.ana.email, "password": "not-her-password"})
    ana.get("/nowhere/")
    assert "nowhere" in caplog.text
    for private in (SECRET, "no-such-option", "not-her-password"):
        assert private not in caplog.text
