"""Nothing that tells the right answer leaves before it may. What people wrote is in `test_confided`.

`make drills` asks the same of a running server, with its logs and mails.
"""

import re
import uuid
from collections import Counter
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import void_attempt
from courses.assessment.actions import draw_items, drawn_item, save_response
from courses.assessment.forms import Event
from courses.assessment.items import KINDS
from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.learning.actions import submit_attempt
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import ActivityAnswer
from courses.people.models import User
from courses.personal_data.archive import as_json, as_page
from courses.personal_data.collection import collect
from tests.conftest import (
    answer_all,
    begin_quiz,
    fields_of,
    given,
    headers_of,
    learn,
    person,
    right_answer,
    whole,
    wrong_answer,
)
from tests.crawling import (
    JSON,
    MARK,
    NAME,
    answer_step,
    crawl,
    everybody,
    everything_in,
    items_in_lessons,
    junk,
    marked,
    named,
    numbers_of,
    post,
    publish_whole,
    save,
    things_of,
    through,
)
from tests.test_access import plain


@pytest.fixture
def course(db, tiny_content) -> Course:
    """Its quiz asks every item, one of each kind among them; the cast learns this one."""
    return publish_whole(tiny_content)


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
    items = [
        *tiny.items,
        *(block.item for block in blocks if block.item),
        *(scene.item for scene in tiny.scenes),
    ]
    private = [part.feedback for item in items for part in item.answers]
    private += [
        choice.feedback for block in blocks for moment in block.moments for choice in moment.choices
    ]
    rewrites = [block for block in blocks if block.kind == "rewrite"]
    private += [block.near_miss for block in rewrites] + [
        block.model for block in blocks if block.kind == "look"
    ]
    private += [block.model for block in rewrites] + [
        point for block in rewrites for point in block.points
    ]
    keys = [scene.seen for scene in tiny.scenes]
    private += [
        text
        for key in keys
        for text in (*key.cues, *key.not_there, key.may_mean, key.may_also, key.do)
    ]
    assert len(private) > 70
    assert all(MARK in text for text in private)


def test_answers_saved_and_not_handed_in_tell_nothing(cast, course, sign_in):
    through(cast.ana, course)
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    for number in numbers_of(attempt):
        item = drawn_item(attempt, number)
        for headers in (JSON, {}):
            replies = [
                save(ana, attempt, number, answer, **headers)
                for answer in (wrong_answer(item), right_answer(item))
            ]
            refused = [post(ana, attempt, number, junk(right_answer(item)), **headers)]
            refused += [
                post(
                    ana, attempt, number, fields_of(wrong_answer(item)) | {"sequence": 1}, **headers
                )
            ]
            assert [reply.status_code for reply in refused] == [400, 409]
            assert not [reply for reply in (*replies, *refused) if MARK in everything_in(reply)]
        assert MARK not in everything_in(post(ana, attempt, number, {}))
    assert attempt.responses.count() == 5 * len(attempt.items), (
        "taking every choice away is an answer too"
    )
    for one in everybody(cast):
        assert marked(crawl(sign_in(one), *things_of(cast, attempt))) == []


@pytest.mark.parametrize(
    "state",
    ["enrolled alone", "some answered", "all right", "all wrong", "time is running", "voided"],
)
def test_in_no_state_before_handing_in_a_marker_shows(cast, course, sign_in, tiny_content, state):
    """What Ana sees, and what her trainer sees of her; `voided` is a first attempt beside the one that is open."""
    through(cast.ana, course)
    if state == "time is running":
        timed = whole(tiny_content[0])
        limited = timed.quizzes[0].model_copy(update={"limit_minutes": 30})
        publish([timed.model_copy(update={"quizzes": (limited,)})], timezone.now())
        Enrolment.objects.update(edition=Course.objects.get(key="tiny").edition)
    if state == "voided":
        void_attempt(
            cast.tess, given(cast), begin_quiz(cast.ana, course), "The line broke", timezone.now()
        )
    attempt = None if state == "enrolled alone" else begin_quiz(cast.ana, course)
    if state == "some answered":
        for number in (1, 4):
            save_response(
                cast.ana,
                attempt.key,
                *answer_to(attempt, number),
                Event(uuid.uuid4(), 1),
                timezone.now(),
            )
    elif state.startswith("all"):
        answer_all(cast.ana, attempt, right=state == "all right")
    for one in (cast.ana, cast.tess):
        pages = crawl(sign_in(one), *(things_of(cast, attempt) if attempt else []))
        assert len(pages) > 20
        assert marked(pages) == []


def answer_to(attempt: Attempt, number: int) -> tuple[str, Any]:
    item = drawn_item(attempt, number)
    return item.key, right_answer(item)


def without_time(response: HttpResponse) -> bytes:
    return re.sub(rb"\d\d:\d\d", b"00:00", response.content)


def test_a_right_and_a_wrong_answer_are_acknowledged_alike_to_a_script(cast, course, sign_in):
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    twin = begin_quiz(cast.ben, course)
    ben = sign_in(cast.ben)
    kinds = set()
    for number in numbers_of(attempt):
        right = save(ana, attempt, number, right_answer(drawn_item(attempt, number)), **JSON)
        wrong = save(ben, twin, number, wrong_answer(drawn_item(twin, number)), **JSON)
        assert right.status_code == wrong.status_code == 200
        assert without_time(right) == without_time(wrong)
        assert headers_of(right) == headers_of(wrong)
        kinds.add(drawn_item(attempt, number).kind)
    assert kinds == set(KINDS)


def test_a_right_and_a_wrong_answer_lead_a_form_to_the_same_page(cast, course, sign_in):
    """The same redirect; and the page of the items differs in nothing but what is chosen."""
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    for number in numbers_of(attempt):
        item, url = drawn_item(attempt, number), reverse("courses:item", args=[attempt.key, number])
        pages, chosen = [], set()
        for answer in (right_answer(item), wrong_answer(item)):
            saved = save(ana, attempt, number, answer)
            page = re.sub(
                r'name="(event_id|sequence)" value="[^"]+"|\d\d:\d\d', "", plain(ana.get(url))
            )
            chosen.add(page)
            page = re.sub(" (checked|selected)", "", page)
            pages.append((saved.status_code, saved["Location"], headers_of(saved), page))
        assert pages[0] == pages[1]
        assert len(chosen) == 2


def test_an_item_says_of_its_options_only_their_words(cast, course, sign_in):
    """The markup of each option or card is the same but for its key and its words; `correct` is nowhere in the page."""
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    page = plain(ana.get(reverse("courses:item", args=[attempt.key, 1])))
    assert not re.search(
        r"correct|rationale|feedback|data-(right|wrong|answer)|critical|difficulty", page, re.I
    )
    for number in numbers_of(attempt):
        item = drawn_item(attempt, number)
        for group in (item.options, item.cards, *(part.options for part in item.parts)):
            shapes = {shape_of(page, number, one) for one in group}
            assert len(shapes) == bool(group)


def shape_of(page: str, number: int, one: content.Option | content.Card) -> str:
    """The markup around an option or card of the item at this place, without its key and its words."""
    mark = f'id="item-{number}-{one.key}"'
    assert page.count(mark) == 1
    before, mark, after = page.partition(mark)
    whole_of = before[before.rindex("<div") :] + mark + after[: after.index("</div>")]
    assert one.html in whole_of
    return whole_of.replace(one.html, "").replace(one.key, "")


def test_the_key_of_an_option_says_nothing_of_it(course):
    """Keys are drawn from the words alone: the same shape for right and wrong, in no telling order."""
    options = [option for item in content_of(course.edition_id).items for option in item.options]
    assert len({len(option.key) for option in options}) == 1
    assert all(re.fullmatch(r"[0-9a-z]+", option.key) for option in options)
    assert not any(
        part.key == part.group for item in items_in_lessons(course) for part in item.cards
    )


def test_the_place_of_the_right_option_varies_from_attempt_to_attempt(tiny_content, settings):
    """400 attempts: each place holds it about as often as another, and the items come in every order."""
    settings.SECRET_KEY = "a fixed key, so that this run is the same each time, everywhere"
    tiny = tiny_content[0]
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


def test_the_place_of_the_right_option_cannot_be_computed_without_the_secret(
    tiny_content, settings
):
    tiny, key = tiny_content[0], uuid.UUID(int=7)
    settings.SECRET_KEY = "one key of fifty characters, one key of fifty characters"
    mine = [draw_items(tiny, tiny.finals[0], key) for _ in range(2)]
    settings.SECRET_KEY = "another key of fifty characters, another key of fifty chars"
    assert mine[0] == mine[1] != draw_items(tiny, tiny.finals[0], key)


def test_the_place_of_the_right_option_in_a_check_varies_from_learner_to_learner(
    cast, course, sign_in
):
    places = Counter()
    for number in range(24):
        one = person(f"Learner{number}")
        through(one, course)
        page = (
            sign_in(one)
            .get(reverse("courses:step", args=["tiny", "first-things", "opening"]))
            .content.decode()
        )
        check = content_of(course.edition_id).lessons[0].steps[0].activity("which-grows").item
        order = sorted(
            (page.index(f'value="{option.key}"'), option.correct) for option in check.options
        )
        places[order[0][1]] += 1
    assert min(places[True], places[False]) >= 3, places


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
    assert "CANARY-CHECK-WRONG" in page, "the hint of what was chosen"
    assert "CANARY-CHECK-RIGHT" not in page, "the answer comes after the second try"
    answer_step(ana, "opening", "which-grows", option=wrong_answer(grows), tries=1)
    page = ana.get(opening).content.decode()
    assert "CANARY-CHECK-RIGHT" in page
    assert "CANARY-MULTI" not in page

    answer_step(ana, "writing", "own-words", text="Small, some of it")
    page = ana.get(
        reverse("courses:step", args=["tiny", "first-things", "writing"])
    ).content.decode()
    assert "CANARY-MODEL" in page
    assert "CANARY-CRITERION" in page

    pages = crawl(ana)
    assert marked(pages) == [
        opening,
        reverse("courses:step", args=["tiny", "first-things", "writing"]),
    ]
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
    submit_attempt(cast.ana, attempt.key, timezone.now())

    result = reverse("courses:result", args=[attempt.key])
    pages = crawl(sign_in(cast.ana), *things_of(cast, attempt))
    assert marked(pages) == [result]
    for number in numbers_of(attempt):
        assert all(one.feedback in pages[result] for one in drawn_item(attempt, number).answers)
    for one in everybody(cast):
        if one != cast.ana:
            assert marked(crawl(sign_in(one), *pages, *things_of(cast, attempt))) == []


def test_feedback_on_one_attempt_is_of_the_items_in_it(cast, course, sign_in, tiny_content):
    """Parallel items that were not drawn stay unseen: the next attempt may ask them."""
    publish(tiny_content, timezone.now())
    course.refresh_from_db()
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    page = sign_in(cast.ana).get(reverse("courses:result", args=[attempt.key])).content.decode()
    drawn = {one["key"] for one in attempt.items}
    assert len(drawn) == 3
    for item in content_of(course.edition_id).items:
        assert (item.answers[0].feedback in page) == (item.key in drawn)


def test_a_second_attempt_tells_nothing_either(cast, course, sign_in):
    """Its pages carry no feedback of the first, which the learner may read on the first's own page."""
    learn(cast.ana, course)
    first = begin_quiz(cast.ana, course)
    submit_attempt(cast.ana, first.key, timezone.now())
    second = begin_quiz(cast.ana, course)
    pages = crawl(sign_in(cast.ana), *things_of(cast, second))
    assert marked(pages) == [reverse("courses:result", args=[first.key])]


def test_the_scene_tells_after_the_answer_alone(client, course):
    assert MARK not in everything_in(client.get("/see/"))
    assert MARK not in everything_in(client.post("/see/", {"option": "no-such-option"}))
    assert MARK not in everything_in(client.post("/see/"))
    scene = content_of(course.edition_id).scenes[0]
    wrong = next(option for option in scene.item.options if not option.correct)
    hinted = everything_in(client.post("/see/", {"option": wrong.key}))
    for canary in ("SCENE-RIGHT", "KEY-CUE", "KEY-ABSENT", "KEY-MEAN", "KEY-ALSO", "KEY-NEXT"):
        assert f"CANARY-{canary}" not in hinted
    sent = {"option": wrong.key, "tries": "1"}
    answered = client.post("/see/", sent).content.decode()
    for canary in ("SCENE-RIGHT", "KEY-CUE", "KEY-ABSENT", "KEY-MEAN", "KEY-ALSO", "KEY-NEXT"):
        assert f"CANARY-{canary}" in answered
    assert MARK not in everything_in(client.get("/see/"))


@pytest.fixture
def named_course(course, tiny_content) -> Course:
    """The course with every author's name to be found; its first scene is a picture, and its second moves."""
    tiny = whole(tiny_content[0])
    ring = content.Ring(x=37, y=61, r=13)
    still = tiny.scenes[0].model_copy(update={"focus": content.Focus(ring=ring)})
    instants = [content.Keyframe(at=at, over=1, pose=still.pose, text="A baby.") for at in (0, 3)]
    focus = content.Focus(ring=ring, watch=(1.25, 2.75))
    moving = still.model_copy(update={"key": "moving", "timeline": tuple(instants), "focus": focus})
    lessons = list(tiny.lessons)
    steps = list(lessons[1].steps)
    spot = next(block for block in steps[0].blocks if block.scene)
    again = spot.model_copy(update={"key": "spot-again", "scene": "moving"})
    steps[0] = steps[0].model_copy(update={"blocks": (*steps[0].blocks, again)})
    lessons[1] = lessons[1].model_copy(update={"steps": tuple(steps)})
    changed = tiny.model_copy(update={"lessons": tuple(lessons), "scenes": (still, moving)})
    publish([named(changed)], timezone.now())
    course.refresh_from_db()
    return course


def test_no_name_an_author_gave_is_in_a_page_before_the_answer(cast, named_course, sign_in):
    """Keys of scenes, items, groups, outcomes, activities and moments: "limp" or "deep-sleep" is the answer itself."""
    through(cast.ana, named_course)
    attempt = begin_quiz(cast.ana, named_course)
    assert attempt.items[0]["key"].startswith(NAME)
    for one in everybody(cast):
        pages = crawl(sign_in(one), *things_of(cast, attempt))
        assert len(pages) > 20
        assert marked(pages, NAME) == []
    assert any(url.startswith("/drawn/") for url in pages), "the moving scene was looked at too"


LOOKED_AT = re.compile("data-ring|data-watch|37 61 13|1[.]25|2[.]75")


def test_where_feedback_looks_leaves_after_the_answer_alone(cast, named_course, sign_in):
    """In a page, a picture and a film alike: a ring on the right hand is the answer itself."""
    through(cast.ana, named_course)
    attempt = begin_quiz(cast.ana, named_course)
    pages = crawl(sign_in(cast.ana), *things_of(cast, attempt))
    assert sorted(url for url, text in pages.items() if LOOKED_AT.search(text)) == []
    lesson = content_of(named_course.edition_id).lessons[1]
    ana, address = sign_in(cast.ana), ["tiny", lesson.key, lesson.steps[0].key]
    for block in lesson.steps[0].blocks:
        if block.scene and block.item:
            answer = reverse("courses:answer-activity", args=[*address, block.key])
            ana.post(answer, fields_of(right_answer(block.item)))
    step = ana.get(reverse("courses:step", args=address)).content.decode()
    assert step.count('data-ring="37 61 13"') == 2
    assert 'data-watch="1.25-2.75"' in step


def test_no_name_an_author_gave_is_in_what_an_answer_is_told(cast, named_course, sign_in):
    attempt, ana = begin_quiz(cast.ana, named_course), sign_in(cast.ana)
    for number in numbers_of(attempt):
        answer = right_answer(drawn_item(attempt, number))
        for headers in (JSON, {}):
            replies = [
                save(ana, attempt, number, answer, **headers),
                post(ana, attempt, number, junk(answer), **headers),
                post(ana, attempt, number, fields_of(answer) | {"sequence": 1}, **headers),
            ]
            assert [reply.status_code for reply in replies] in ([200, 400, 409], [302, 400, 409])
            assert not [reply for reply in replies if NAME in everything_in(reply)]


def test_no_name_an_author_gave_is_in_what_is_said_to_an_activity(cast, named_course, sign_in):
    """Nor in the address one is sent on to, in a refusal, or in the feedback."""
    through(cast.ana, named_course)
    ana = sign_in(cast.ana)
    for lesson in content_of(named_course.edition_id).lessons:
        for step in lesson.steps:
            url = reverse("courses:step", args=["tiny", lesson.key, step.key])
            for form in re.findall(r'action="([^"]+/answer/)"', ana.get(url).content.decode()):
                assert NAME not in everything_in(ana.post(form, {"option": "no-such-option"}))
            for block in step.blocks:
                if block.item:
                    address = reverse(
                        "courses:answer-activity", args=["tiny", lesson.key, step.key, block.key]
                    )
                    told = ana.post(address, fields_of(right_answer(block.item)))
                    assert told.status_code == 302
                    assert NAME not in everything_in(told)
            assert NAME not in everything_in(ana.get(url))


def test_places_of_cards_have_names_of_one_length_in_no_telling_order(cast, named_course, sign_in):
    attempt = begin_quiz(cast.ana, named_course)
    page = sign_in(cast.ana).get(reverse("courses:item", args=[attempt.key, 1])).content.decode()
    places = set(re.findall(r'<option value="([^"]+)"', page))
    groups = {group.key for n in numbers_of(attempt) for group in drawn_item(attempt, n).groups}
    assert len(places) >= len(groups) > 4
    assert all(re.fullmatch("[0-9a-f]{8}", place) for place in places)


def test_a_card_is_placed_by_what_the_page_says_and_by_what_pages_said_before(
    cast, course, sign_in
):
    """Answers of a page opened before the upgrade have the author's names; stored are those either way."""
    attempt, ana = begin_quiz(cast.ana, course), sign_in(cast.ana)
    sorts = [n for n in numbers_of(attempt) if drawn_item(attempt, n).cards]
    assert len(sorts) >= 3
    for number in sorts:
        item = drawn_item(attempt, number)
        right = right_answer(item)
        assert save(ana, attempt, number, right).status_code == 302
        page = ana.get(reverse("courses:item", args=[attempt.key, number])).content.decode()
        shown = {}
        for card in item.cards:
            select = re.search(rf'name="card-{card.key}">(.*?)</select>', page)[1]
            shown[f"card-{card.key}"] = re.search(r'value="([^"]+)" selected', select)[1]
        assert not set(shown.values()) & {group.key for group in item.groups}
        assert post(ana, attempt, number, shown).status_code == 302
        rows = attempt.responses.filter(item_key=item.key).order_by("sequence")
        assert list(rows.values_list("answer", flat=True)) == [right, right]


@pytest.mark.parametrize("right", [False, True])
def test_a_download_of_ones_data_tells_no_right_answer(cast, course, right):
    """No marker ever, and no mark before handing in or of an attempt that was voided."""
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt, right=right)
    tables = downloaded(cast.ana)
    assert len(tables["answers_in_quizzes"]) == len(attempt.items)
    assert tables["marks_in_quizzes"] == []
    assert tables["results_of_quizzes"] == []
    submit_attempt(cast.ana, attempt.key, timezone.now())
    tables = downloaded(cast.ana)
    assert len(tables["marks_in_quizzes"]) == len(attempt.items)
    assert [row["passed"] for row in tables["results_of_quizzes"]] == [right]
    Attempt.objects.update(state="voided")
    tables = downloaded(cast.ana)
    assert tables["marks_in_quizzes"] == tables["results_of_quizzes"] == []
    (row,) = tables["attempts_at_quizzes"]
    assert not {"earned", "possible", "passed"} & set(row)


def downloaded(user: User) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table in a download of the person's data, in which no marker is."""
    sections, now = collect(user), timezone.now()
    files = as_json(sections, now) + as_page(sections, now)
    assert MARK not in files
    assert '"correct"' not in files
    return {section.key: section.rows for section in sections}
