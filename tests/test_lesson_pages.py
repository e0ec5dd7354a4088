import re
import shutil
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from courses.assessment.forms import place_names
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.actions import enrol, move_to_newest
from courses.learning.activity_forms import LONGEST_TEXT, page_name
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import ActivityAnswer, Enrolment, LessonRecord
from courses.learning.queries import enrolment_progress_on
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.conftest import TINY, learn, wrong_answer

LESSON = "/courses/tiny/lessons/first-things/"
LAST = "/courses/tiny/lessons/last-things/"
STEPS = ["opening", "placing", "writing"]


@pytest.fixture
def ben(cast, course, sign_in) -> Client:
    """Ben's browser, at the first step of the first lesson."""
    client = sign_in(cast.ben)
    client.post("/courses/tiny/enrol/")
    client.post(LESSON + "begin/")
    return client


@pytest.fixture
def lesson(tiny_content):
    return tiny_content[0].lessons[0]


def words(response) -> str:
    """What a reader of the page reads, without tags, in single spaces."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def text(response) -> str:
    return response.content.decode()


def go_to(browser: Client, step: str) -> None:
    """Presses Continue until this step is reached."""
    for before in STEPS[: STEPS.index(step)]:
        browser.post(f"{LESSON}{before}/finish/")


def block_of(lesson, key: str) -> tuple[str, content.Block]:
    """The key of the step an activity stands in, and the activity."""
    return next((step.key, found) for step in lesson.steps if (found := step.activity(key)))


@pytest.fixture
def last(cast, course, sign_in, tiny_content) -> Client:
    """Ben's browser, at the first step of the last lesson: an order, a spot and a branch."""
    client = sign_in(cast.ben)
    client.post("/courses/tiny/enrol/")
    client.post(LAST + "begin/")
    return client


def last_block(tiny_content, key: str) -> content.Block:
    return tiny_content[0].lessons[1].steps[0].activity(key)


def choose(browser: Client, *keys: str, path: str = ""):
    """Chooses these, one after the other, in the branch of the last lesson."""
    for key in keys:
        sent = browser.post(LAST + "ending/a-talk/answer/", {"path": path, "choice": key})
        path = ",".join(filter(None, [path, key]))
    return sent


def choices(tiny_content) -> dict[str, str]:
    """The keys of the choices of the branch, by their words."""
    moments = last_block(tiny_content, "a-talk").moments
    return {choice.html: choice.key for moment in moments for choice in moment.choices}


def try_checks(user: User, lesson_key: str, step_key: str = "") -> None:
    """Saves an answer to every check of a lesson, or of one of its steps."""
    enrolment = Enrolment.objects.get(user=user)
    lesson = content_of(enrolment.edition_id).lesson(lesson_key)
    for step in lesson.steps:
        for block in step.blocks:
            if block.item and step_key in ("", step.key):
                wrong = wrong_answer(block.item)
                answer_activity(enrolment, lesson_key, block.key, wrong, timezone.now())


def answer(browser: Client, lesson, key: str, **body: object):
    """Sends the form of an activity, after going to its step."""
    step, _ = block_of(lesson, key)
    go_to(browser, step)
    return browser.post(f"{LESSON}{step}/{key}/answer/", body)


def placed(block: content.Block, **groups: str) -> dict[str, str]:
    """The form of a sort or match: the words on a card to the words of its place."""
    cards = {card.html: card.key for card in block.item.cards}
    places = {group.html: group.key for group in block.item.groups}
    return {f"card-{cards[card]}": places[group] for card, group in groups.items()}


def options(block: content.Block, *starts: str) -> list[str]:
    return [option.key for option in block.item.options if option.html.startswith(starts)]


def test_it_works(cast, course, sign_in):
    browser = sign_in(cast.ben)
    enrol(cast.ben, course, timezone.now())
    first = browser.get(LESSON)
    assert "3 steps, about 8 minutes" in words(first)
    assert "Name a small thing" in words(first)
    assert browser.post(LESSON + "begin/").url == LESSON + "opening/"
    for number, step in enumerate(STEPS, 1):
        page = browser.get(f"{LESSON}{step}/")
        assert f"Step {number} of 3" in words(page)
        try_checks(cast.ben, "first-things", step)
        following = f"{LESSON}{STEPS[number]}/" if number < 3 else f"{LESSON}done/"
        assert browser.post(f"{LESSON}{step}/finish/").url == following
    done = browser.get(LESSON + "done/")
    assert "First things: done" in words(done)
    assert LAST in text(done), "the one next thing"


def test_looking_at_a_lesson_begins_nothing(cast, course, sign_in):
    browser = sign_in(cast.ben)
    enrol(cast.ben, course, timezone.now())
    assert browser.get(LESSON).status_code == 200
    assert browser.get(LESSON + "opening/").status_code == 404
    assert not LessonRecord.objects.exists()


def test_a_lesson_that_touches_says_so_before_it_begins(ben):
    said = words(ben.get(LAST))
    assert "This lesson mentions an end." in said
    assert "Samaritans" in said


def test_a_learner_comes_back_at_the_very_step_on_any_device(ben, cast, sign_in):
    ben.post(LESSON + "opening/finish/")
    phone = sign_in(cast.ben)
    assert phone.get(LESSON).url == LESSON + "placing/"
    phone.post(LESSON + "placing/finish/")
    assert ben.get(LESSON).url == LESSON + "writing/", "the step reached last, wherever that was"
    assert ben.post(LESSON + "begin/").url == LESSON + "writing/"


def test_a_look_back_moves_no_place(ben):
    go_to(ben, "writing")
    before = LessonRecord.objects.values().get()
    for step in STEPS:
        ben.get(f"{LESSON}{step}/")
        ben.head(f"{LESSON}{step}/")
        ben.get(f"{LESSON}{step}/", headers={"Sec-Purpose": "prefetch"})
    assert LessonRecord.objects.values().get() == before
    assert ben.get(LESSON).url == LESSON + "writing/"


def test_continue_after_a_look_back_carries_on_from_there(ben):
    go_to(ben, "writing")
    assert ben.post(LESSON + "opening/finish/").url == LESSON + "placing/"
    assert ben.get(LESSON).url == LESSON + "placing/"
    assert LessonRecord.objects.get().furthest == 3, "what was reached stays open"


def test_a_step_ahead_is_refused_kindly(ben):
    page = ben.get(LESSON + "writing/", follow=True)
    assert page.redirect_chain[-1][0] == LESSON + "opening/"
    assert "That step comes later. Here is where you were." in words(page)
    pressed = ben.post(LESSON + "writing/finish/", follow=True)
    assert pressed.redirect_chain[-1][0] == LESSON + "opening/"
    assert "That step comes later" in words(pressed)
    assert ben.post(LESSON + "writing/one-thing/answer/", {"text": "Early"}).status_code == 404
    record = LessonRecord.objects.get()
    assert (record.step_key, record.furthest, record.completed_at) == ("opening", 1, None)
    assert not ActivityAnswer.objects.exists()


def test_back_and_forward_go_one_step(ben):
    go_to(ben, "writing")
    page = text(ben.get(LESSON + "writing/"))
    assert f'href="{LESSON}placing/"' in page
    assert f'action="{LESSON}writing/finish/"' in page
    assert "Finish this lesson" in page
    first = text(ben.get(LESSON + "opening/"))
    assert 'href="/courses/tiny/"' in first
    assert "Finish this lesson" not in first
    assert ben.get(LESSON + "placing/").status_code == 200


def test_a_double_press_of_continue_does_not_skip_a_step(ben):
    pressed = [ben.post(LESSON + "opening/finish/").url for _ in range(2)]
    assert pressed == [LESSON + "placing/"] * 2
    assert LessonRecord.objects.get().furthest == 2


def test_continue_in_a_window_left_open_does_not_undo_what_was_reached(ben):
    go_to(ben, "writing")
    assert ben.post(LESSON + "opening/finish/").url == LESSON + "placing/"
    assert LessonRecord.objects.get().furthest == 3
    assert ben.get(LESSON + "writing/").status_code == 200


def test_finishing_is_kept_once_and_the_lesson_stays_open_to_read(ben, cast):
    assert ben.get(LESSON + "done/").status_code == 404, "not before it is done"
    go_to(ben, "writing")
    try_checks(cast.ben, "first-things")
    ben.post(LESSON + "writing/finish/")
    moment = LessonRecord.objects.get().completed_at
    assert ben.post(LESSON + "writing/finish/").url == LESSON + "done/"
    assert ben.post(LESSON + "opening/finish/").url == LESSON + "placing/"
    assert LessonRecord.objects.get().completed_at == moment
    page = ben.get(LESSON)
    assert "You completed this lesson on" in words(page)
    for step in STEPS:
        assert f"{LESSON}{step}/" in text(page)
        assert ben.get(f"{LESSON}{step}/").status_code == 200


def test_the_last_lesson_names_the_quiz_as_the_next_thing(cast, course, sign_in):
    learn(cast.ben, course)
    done = sign_in(cast.ben).get(LAST + "done/")
    assert "/courses/tiny/quiz/final/" in text(done)
    assert "2 of 3 done" in words(done)


def test_no_step_tells_an_answer_before_it_was_given(ben):
    for step in STEPS:
        page = ben.get(f"{LESSON}{step}/")
        assert page.status_code == 200
        assert "CANARY" not in text(page)
        assert "true" not in re.sub(r'aria-hidden="true"', "", text(page)).lower()
        ben.post(f"{LESSON}{step}/finish/")


def test_no_order_spot_or_branch_tells_an_answer_before_it_was_given(last):
    page = last.get(LAST + "ending/")
    assert "CANARY" not in text(page)
    for hidden in ("They come nearer.", "Together", "Startled", "Sit down"):
        assert hidden not in words(page), "what comes later in a branch"
    assert "They look at you." in words(page)


def test_a_check_gives_feedback_on_every_option_after_the_answer(ben, lesson):
    _, block = block_of(lesson, "which-grows")
    sent = answer(ben, lesson, "which-grows", option=options(block, "A stone"))
    assert sent.url == LESSON + f"opening/#{page_name('first-things', 'which-grows')}-said"
    answer(ben, lesson, "which-grows", option=options(block, "A stone"), tries=1)
    page = ben.get(LESSON + "opening/")
    assert "CANARY-CHECK-RIGHT" in text(page)
    assert "CANARY-CHECK-WRONG" in text(page)
    assert "Your answer" in words(page)
    assert "Best answer" in words(page)
    assert "CANARY-MULTI" not in text(page), "only of what was answered"
    answer(ben, lesson, "which-grows", option=options(block, "A small"))
    assert "Yes, that fits." in words(ben.get(LESSON + "opening/"))
    assert ActivityAnswer.objects.count() == 1, "the newer answer replaces the older"


def test_a_check_with_several_answers_says_what_was_missed(ben, lesson):
    _, block = block_of(lesson, "which-are-small")
    for tries in range(2):
        answer(ben, lesson, "which-are-small", option=options(block, "A seed"), tries=tries)
    page = ben.get(LESSON + "opening/")
    for canary in ("CANARY-MULTI-ONE", "CANARY-MULTI-TWO", "CANARY-MULTI-THREE"):
        assert canary in text(page)
    assert "Partly. Here is the best answer, and why." in words(page)
    assert words(page).count("Best answer") == 1
    assert "CANARY-CHECK" not in text(page)
    answer(ben, lesson, "which-are-small", option=options(block, "A seed", "A crumb"))
    assert "Yes, that fits." in words(ben.get(LESSON + "opening/"))


def test_a_sort_says_where_each_card_belongs(ben, lesson):
    _, block = block_of(lesson, "put-in-place")
    for tries in range(2):
        form = placed(block, Seed="Small", Whale="Small")
        answer(ben, lesson, "put-in-place", **form, tries=tries)
    page = ben.get(LESSON + "placing/")
    assert "CANARY-SORT-ONE" in text(page)
    assert "CANARY-SORT-TWO" in text(page)
    assert "1 of 2 right" in words(page)
    assert "Your answer: Small. Best answer: Large" in words(page)
    assert "CANARY-MATCH" not in text(page)
    answer(ben, lesson, "put-in-place", **placed(block, Seed="Small", Whale="Large"))
    assert "Yes, that fits." in words(ben.get(LESSON + "placing/"))


def test_a_match_says_which_pairs_go_together(ben, lesson):
    _, block = block_of(lesson, "pairs")
    for tries in range(2):
        answer(ben, lesson, "pairs", **placed(block, Key="Saucer", Cup="Lock"), tries=tries)
    page = ben.get(LESSON + "placing/")
    assert "CANARY-MATCH-ONE" in text(page)
    assert "CANARY-MATCH-TWO" in text(page)
    assert "0 of 2 right" in words(page)
    assert "CANARY-SORT" not in text(page)


def test_an_order_says_which_place_each_turn_has(last, tiny_content):
    block = last_block(tiny_content, "in-turn")
    places = [card.key for card in block.item.cards]
    form = dict(
        zip((f"card-{key}" for key in places), ("place-1", "place-3", "place-2"), strict=True)
    )
    for tries in range(2):
        last.post(LAST + "ending/in-turn/answer/", {**form, "tries": tries})
    page = last.get(LAST + "ending/")
    for canary in ("CANARY-ORDER-ONE", "CANARY-ORDER-TWO", "CANARY-ORDER-THREE"):
        assert canary in text(page)
    assert "1 of 3 right" in words(page)
    assert "Your answer: 3. Best answer: 2" in words(page)
    assert "CANARY-SPOT" not in text(page)
    form = {f"card-{key}": f"place-{n}" for n, key in enumerate(places, 1)}
    last.post(LAST + "ending/in-turn/answer/", form)
    assert "Yes, that fits." in words(last.get(LAST + "ending/"))


def test_a_spot_shows_its_scene_in_words_too_and_then_says_what_is_there(last, tiny_content):
    page = last.get(LAST + "ending/")
    assert "A baby lies on a mat." in text(page), "the picture's description"
    assert "CANARY-SCENE" not in text(page), "the scene's own feedback belongs to the scene page"
    assert "CANARY-KEY" not in text(page)
    block = last_block(tiny_content, "what-is-there")
    for tries in range(2):
        sent = {"option": options(block, "A whale"), "tries": tries}
        last.post(LAST + "ending/what-is-there/answer/", sent)
    page = last.get(LAST + "ending/")
    assert "CANARY-SPOT-RIGHT" in text(page)
    assert "CANARY-SPOT-WRONG" in text(page)
    assert "CANARY-SCENE" not in text(page)
    for canary in ("CUE", "ABSENT", "MEAN", "ALSO", "NEXT"):
        assert f"CANARY-KEY-{canary}" in text(page)


def test_a_branch_shows_one_consequence_at_a_time(last, tiny_content):
    keys = choices(tiny_content)
    assert (
        choose(last, keys["Wave"]).url
        == LAST + f"ending/#{page_name('last-things', 'a-talk')}-said"
    )
    page = last.get(LAST + "ending/")
    assert "CANARY-BRANCH-ONE" in text(page)
    assert re.findall(r"CANARY-BRANCH-\w+|CANARY-ENDING-\w+", text(page)) == ["CANARY-BRANCH-ONE"]
    assert "They come nearer." in words(page)
    assert "Sit down" in words(page)
    choose(last, keys["Sit down"], path=keys["Wave"])
    page = last.get(LAST + "ending/")
    found = re.findall(r"CANARY-BRANCH-\w+|CANARY-ENDING-\w+", text(page))
    assert found == ["CANARY-BRANCH-ONE", "CANARY-BRANCH-THREE", "CANARY-ENDING-ONE"]
    assert "Together" in words(page)
    assert "Begin again, and choose otherwise" in words(page)


def test_a_branch_can_be_walked_again_another_way(last, tiny_content):
    keys = choices(tiny_content)
    choose(last, keys["Leave"])
    assert "CANARY-ENDING-TWO" in text(last.get(LAST + "ending/"))
    last.post(LAST + "ending/a-talk/answer/", {"path": keys["Leave"], "again": "1"})
    page = last.get(LAST + "ending/")
    assert "CANARY" not in text(page)
    assert "They look at you." in words(page)
    choose(last, keys["Wave"], keys["Call loudly"])
    assert "CANARY-ENDING-THREE" in text(last.get(LAST + "ending/"))


def test_a_double_press_in_a_branch_goes_one_moment_on(last, tiny_content):
    keys = choices(tiny_content)
    for _ in range(2):
        choose(last, keys["Wave"])
    assert ActivityAnswer.objects.get().answer == [keys["Wave"]]


@pytest.mark.parametrize(
    "body",
    [
        {"path": "", "choice": ""},
        {"path": "", "choice": "unknown"},
        {"path": "unknown", "choice": "unknown"},
        {"path": "x," * 500, "choice": "x"},
        {"path": "\x00", "choice": "\x00"},
        {},
    ],
)
def test_a_choice_that_does_not_follow_is_refused_and_nothing_is_kept(last, tiny_content, body):
    refused = last.post(LAST + "ending/a-talk/answer/", body)
    assert refused.status_code == 400
    assert "There is a problem" in words(refused)
    assert "They look at you." in words(refused)
    assert not ActivityAnswer.objects.exists()
    ahead = choices(tiny_content)["Sit down"]
    assert choose(last, ahead).status_code == 400, "a choice of a later moment"


def test_a_rewrite_shows_the_model_only_beside_the_learners_words(ben, lesson):
    answer(ben, lesson, "own-words", text="Some of it is good.\r\nNot all.")
    page = ben.get(LESSON + "writing/")
    assert ">Some of it is good.\nNot all.</textarea>" in text(page)
    assert "CANARY-MODEL" in text(page)
    assert "CANARY-CRITERION" in text(page)
    assert ActivityAnswer.objects.get().answer == "Some of it is good.\nNot all."


def test_a_reflection_is_kept_and_shown_again(ben, lesson):
    answer(ben, lesson, "one-thing", text="  She looked away, twice.  ")
    page = ben.get(LESSON + "writing/")
    assert "No names or details that could identify anyone." in words(page)
    assert ">She looked away, twice.</textarea>" in text(page)
    assert re.search(r"Saved \d\d:\d\d. Only you can see this", words(page))
    assert "CANARY" not in text(page)


LAST = LESSON.replace("first-things", "last-things")


@pytest.fixture
def last_lesson(ben, cast, course):
    """Ben has done the first lesson, and begun the last."""
    learn(cast.ben, course, lessons=1)
    ben.post(LAST + "begin/")


def test_a_lesson_that_may_be_hard_promises_only_what_it_keeps(ben, cast, course):
    learn(cast.ben, course, lessons=1)
    page = words(ben.get(LAST))
    assert "go past any question with “Continue”, and come back to it another day." in page
    assert page.count("116 123") == 1
    ben.post(LAST + "begin/")
    for step in ("ending", "leaving"):
        ben.post(f"{LAST}{step}/finish/")
    assert not ActivityAnswer.objects.exists()
    assert "still to try" in words(ben.get(LAST, follow=True)), "what was passed by waits"


def say(client, key, **data):
    return client.post(f"{LAST}ending/{key}/answer/", data, follow=True)


def test_a_picture_to_look_at_is_ringed_once_the_learner_wrote_what_they_saw(ben, last_lesson):
    before = text(ben.get(LAST + "ending/"))
    assert "Show me the picture for ten seconds" in before
    assert "ringed" not in before
    assert "CANARY-LOOK-MISSED" not in before
    after = text(say(ben, "at-the-baby", text="A hand, and a face."))
    assert 'cx="50" cy="40" r="12"' in after
    assert "CANARY-LOOK-MISSED" in after
    assert "A hand, and a face." in after


def test_a_commitment_is_a_sentence_and_a_day(ben, last_lesson):
    say(ben, "one-sentence", sentence="1", own="", on="2027-01-11")
    assert ActivityAnswer.objects.get().answer == {"sentence": "1", "own": "", "on": "2027-01-11"}
    page = text(ben.get(LAST + "ending/"))
    assert 'value="1" checked' in page
    assert 'value="2027-01-11"' in page
    say(ben, "one-sentence", sentence="own", own="I will ask her father.", on="2027-01-12")
    assert ActivityAnswer.objects.get().answer["own"] == "I will ask her father."
    assert "I will ask her father." in text(ben.get(LAST + "ending/"))


def test_a_commitment_without_a_day_is_for_a_week_from_today(ben, last_lesson):
    say(ben, "one-sentence", sentence="0")
    in_a_week = timezone.localdate() + timedelta(days=7)
    assert ActivityAnswer.objects.get().answer["on"] == in_a_week.isoformat()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"on": "2027-01-11"}, "Choose a sentence, or write your own"),
        ({"sentence": "9", "on": "2027-01-11"}, "Choose a sentence, or write your own"),
        ({"sentence": "own", "on": "2027-01-11"}, "Write what you will do in one sentence"),
        (
            {"sentence": "own", "own": "x" * 301, "on": "2027-01-11"},
            "Keep your sentence to 300 characters",
        ),
        ({"sentence": "0", "on": "soon"}, "Choose the day on which you will do it"),
        ({"sentence": "0", "on": "2027-02-30"}, "Choose the day on which you will do it"),
    ],
)
def test_half_a_commitment_is_refused_and_nothing_typed_is_lost(ben, last_lesson, given, said):
    page = say(ben, "one-sentence", **given)
    assert page.status_code == 400
    assert said in words(page)
    assert not ActivityAnswer.objects.exists()
    if own := given.get("own"):
        assert own in text(page)


@pytest.fixture
def test_out(ben, tiny_content):
    """The first lesson lets people who answer both checks of its first step go on at its last."""
    tiny = tiny_content[0]
    first = tiny.lessons[0].model_copy(
        update={"test_out": content.TestOut(step="opening", to="writing"), "version": 2}
    )
    publish([tiny.model_copy(update={"lessons": (first, *tiny.lessons[1:])})], timezone.now())
    for course in Course.objects.published():
        move_to_newest(course)
    return first


def answer_checks(client, lesson, *, right):
    for block in lesson.steps[0].blocks:
        if block.item:
            keys = [option.key for option in block.item.options if option.correct is right]
            client.post(f"{LESSON}opening/{block.key}/answer/", {"option": keys})


def test_who_answers_all_checks_rightly_may_leave_steps_out(ben, test_out):
    assert "you may leave the first steps out" not in text(ben.get(LESSON + "opening/"))
    assert 'name="skip"' not in text(ben.get(LESSON + "opening/"))
    answer_checks(ben, test_out, right=True)
    assert "Go straight to “Writing”" in words(ben.get(LESSON + "opening/"))
    gone = ben.post(LESSON + "opening/finish/", {"skip": "1"})
    assert gone["Location"] == LESSON + "writing/"
    assert ben.get(LESSON + "writing/").status_code == 200


def test_who_does_not_answer_rightly_leaves_nothing_out(ben, test_out):
    answer_checks(ben, test_out, right=False)
    assert 'name="skip"' not in text(ben.get(LESSON + "opening/"))
    ben.post(LESSON + "opening/finish/", {"skip": "1"})
    assert LessonRecord.objects.get().furthest == 1


def test_a_rewrite_stands_beside_a_near_miss(ben, lesson):
    before = text(ben.get(LESSON + "writing/"))
    assert "CANARY-NEAR-MISS" not in before
    answer(ben, lesson, "own-words", text="Some of it is good.")
    assert "CANARY-NEAR-MISS" in text(ben.get(LESSON + "writing/"))


def test_a_checklist_keeps_its_ticks_and_may_be_emptied(ben, lesson):
    answer(ben, lesson, "tomorrow", point=["1"])
    assert ActivityAnswer.objects.get().answer == [1]
    ticked = [
        tag
        for tag in re.findall(r"<input[^>]*>", text(ben.get(LESSON + "writing/")))
        if 'type="checkbox"' in tag and " checked" in tag
    ]
    assert len(ticked) == 1
    assert 'value="1"' in ticked[0]
    answer(ben, lesson, "tomorrow")
    assert ActivityAnswer.objects.get().answer == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("which-grows", "Choose an option first"),
        ("which-are-small", "Choose an option first"),
        ("put-in-place", "Choose a place for each card first"),
        ("pairs", "Choose a place for each card first"),
        ("own-words", "Write a sentence or two first"),
        ("one-thing", "Write a sentence or two first"),
    ],
)
def test_an_empty_answer_is_refused_with_a_summary_that_leads_to_it(ben, lesson, key, said):
    page = answer(ben, lesson, key)
    assert page.status_code == 400
    assert "There is a problem" in words(page)
    assert words(page).count(said) == 2, "in the summary and at the field"
    name = page_name("first-things", key)
    assert f'href="#{name}"' in text(page)
    assert f'id="{name}"' in text(page)
    assert "<title>Error:" in text(page)
    assert "CANARY" not in text(page)
    assert not ActivityAnswer.objects.exists()


@pytest.mark.parametrize("key", ["own-words", "one-thing"])
def test_spaces_and_what_does_not_show_are_no_answer(ben, lesson, key):
    assert answer(ben, lesson, key, text=" \r\n\t \x00 ").status_code == 400
    assert not ActivityAnswer.objects.exists()


def test_a_sort_half_done_keeps_what_was_placed_and_says_what_is_missing(ben, lesson):
    _, block = block_of(lesson, "put-in-place")
    page = answer(ben, lesson, "put-in-place", **placed(block, Whale="Large"))
    assert page.status_code == 400
    assert "1 of 2 have no place yet. Choose one for each." in words(page)
    assert re.findall(r'<option value="(\w+)" selected>', text(page)) == [
        place_names(block.item)["large"]
    ]
    assert "CANARY" not in text(page)


def test_a_refused_answer_leaves_the_one_that_was_kept(ben, lesson):
    answer(ben, lesson, "one-thing", text="Kept before")
    refused = answer(ben, lesson, "one-thing", text="x" * (LONGEST_TEXT + 1))
    assert refused.status_code == 400
    assert ActivityAnswer.objects.get().answer == "Kept before"


def test_a_text_that_is_too_long_stays_on_the_page(ben, lesson):
    long = "Ein Wort. " * (LONGEST_TEXT // 10) + "END"
    page = answer(ben, lesson, "one-thing", text=long)
    assert page.status_code == 400
    assert "This has 5,003 characters; up to 5,000 are kept" in words(page)
    assert f">{long}</textarea>" in text(page)
    assert not ActivityAnswer.objects.exists()
    assert answer(ben, lesson, "one-thing", text="x" * LONGEST_TEXT).status_code == 302


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("which-grows", {"option": "unknown"}),
        ("which-are-small", {"option": ["unknown", "other"]}),
        ("put-in-place", {"card": "x"}),
    ],
)
def test_an_answer_that_names_what_is_not_there_is_refused(ben, lesson, key, body):
    assert answer(ben, lesson, key, **body).status_code == 400
    assert not ActivityAnswer.objects.exists()


def test_two_options_of_a_single_check_are_refused(ben, lesson):
    _, block = block_of(lesson, "which-grows")
    page = answer(ben, lesson, "which-grows", option=options(block, "A small", "A stone"))
    assert page.status_code == 400
    assert "Choose one" in words(page)


def test_a_card_in_an_unknown_place_is_refused(ben, lesson):
    _, block = block_of(lesson, "put-in-place")
    form = dict.fromkeys(placed(block, Seed="Small", Whale="Large"), "nowhere")
    assert answer(ben, lesson, "put-in-place", **form).status_code == 400
    assert not ActivityAnswer.objects.exists()


@pytest.mark.parametrize("key", ["own-words", "one-thing"])
def test_what_learners_write_is_shown_as_text(ben, lesson, key):
    hostile = "</textarea><script>alert('x')</script><img src=x onerror=alert(1)> & \"done\" {{ 7|add:7 }}"
    answer(ben, lesson, key, text=hostile)
    page = ben.get(LESSON + "writing/")
    assert "<script>alert" not in text(page)
    assert "<img src=x" not in text(page)
    assert "&lt;/textarea&gt;&lt;script&gt;" in text(page)
    assert "{{ 7|add:7 }}" in text(page)
    refused = answer(ben, lesson, key, text=hostile * 100)
    assert refused.status_code == 400
    assert "<script>alert" not in text(refused)


def test_what_is_written_is_for_the_learner_alone(cast, course, sign_in, lesson):
    ana = sign_in(cast.ana)
    ana.post("/courses/tiny/enrol/")
    ana.post(LESSON + "begin/")
    for key in ("one-thing", "own-words"):
        answer(ana, lesson, key, text=f"PRIVATE-{key}")
    answer(ana, lesson, "tomorrow", point=["0"])
    assert "PRIVATE-one-thing" in text(ana.get(LESSON + "writing/"))
    table = f"/cohorts/{cast.cohort.key}/tiny/"
    pages = [
        "/cohorts/",
        f"/cohorts/{cast.cohort.key}/",
        table,
        f"{table}csv/",
        f"{table}{cast.ana.key}/",
    ]
    for other in (cast.tess, cast.mo):
        browser = sign_in(other)
        for page in pages:
            shown = browser.get(page)
            assert shown.status_code == 200
            assert "PRIVATE" not in text(shown)
    for other in (cast.ben, cast.tess, cast.olga):
        learn(other, course, lessons=1)
        assert "PRIVATE" not in text(sign_in(other).get(LESSON + "writing/"))
    assert not admin.site.is_registered(ActivityAnswer)


def test_options_stand_in_the_same_order_for_a_learner_each_time(
    ben, lesson, cast, course, sign_in
):
    def order(browser: Client) -> list[str]:
        return re.findall(
            r'-option" type="checkbox" value="(\w+)"', text(browser.get(LESSON + "opening/"))
        )

    first = order(ben)
    _, block = block_of(lesson, "which-are-small")
    answer(ben, lesson, "which-are-small", option=options(block, "A whale"))
    assert order(ben) == first
    assert sorted(first) == sorted(option.key for option in block.item.options)


def test_a_term_opens_its_entry_on_the_page(ben):
    page = text(ben.get(LESSON + "opening/"))
    assert re.search(r'<button[^>]*popovertarget="term-smallness"[^>]*>smallness</button>', page)
    assert re.search(r'popover id="term-smallness"', page)
    assert "Being small." in page
    assert "term-smallness" not in text(ben.get(LESSON + "opening/finish/", follow=True))


def test_publications_are_listed_in_the_order_of_their_first_citation(
    cast, course, sign_in, tmp_path
):
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    references = root / "references.yaml"
    second = '  tiny-2021:\n    cite: "Later B (2021) *More.* Small Press."\n    doi: 10.1/more\n    status: known\nsources:'
    book = references.read_text().replace("sources:", second, 1)
    references.write_text(
        book.replace("  B1:\n    publications: [tiny-2020]", "  B1:\n    publications: [tiny-2021]")
    )
    path = root / "tiny" / "lessons" / "01-first-things.md"
    cited = "One [@B1]. Two [@A1]. One again [@B1]. Both [@A1 @B1]."
    path.write_text(path.read_text().replace("Small things grow [@B1 @A1].", cited))
    made, problems = read_courses(root)
    assert problems == []
    publish(made, timezone.now())
    browser = sign_in(cast.ben)
    browser.post("/courses/tiny/enrol/")
    browser.post(LESSON + "begin/")
    page = text(browser.get(LESSON + "opening/"))
    listed = re.findall(r'/sources/[?]from=first-things/opening#(\w+)">(\w+)', page)
    assert listed == [("B1", "Later"), ("A1", "Tiny")]
    assert "#ref-" not in page


def test_a_citation_or_term_inside_an_activity_leads_nowhere_wrong(cast, course, sign_in, tmp_path):
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    references = root / "references.yaml"
    second = (
        '  tiny-2021:\n    cite: "Later B (2021) *More.* Small Press."\n    status: known\nsources:'
    )
    book = references.read_text().replace("sources:", second, 1)
    references.write_text(
        book.replace("  B1:\n    publications: [tiny-2020]", "  B1:\n    publications: [tiny-2021]")
    )
    path = root / "tiny" / "lessons" / "01-first-things.md"
    written = path.read_text().replace(
        "Small things grow [@B1 @A1]. That is [[smallness]].", "Small things grow [@A1]."
    )
    path.write_text(written.replace("text: A stone", 'text: "A stone [@B1] of [[smallness]]"'))
    made, problems = read_courses(root)
    assert problems == []
    publish(made, timezone.now())
    browser = sign_in(cast.ben)
    browser.post("/courses/tiny/enrol/")
    browser.post(LESSON + "begin/")
    page = text(browser.get(LESSON + "opening/"))
    assert "A stone" in page
    label = re.search(r"<label[^>]*>A stone(.*?)</label>", page, re.S)[1]
    assert "href" not in label
    assert "smallness" in label
    assert set(re.findall(r'popovertarget="([^"]+)"', page)) <= set(
        re.findall(r' id="([^"]+)"', page)
    )


def test_a_link_to_another_step_leads_there(cast, course, sign_in, tmp_path):
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    path = root / "tiny" / "lessons" / "01-first-things.md"
    path.write_text(
        path.read_text().replace("Small things grow", "[Later](#placing) small things grow")
    )
    made, problems = read_courses(root)
    assert problems == []
    publish(made, timezone.now())
    browser = sign_in(cast.ben)
    browser.post("/courses/tiny/enrol/")
    browser.post(LESSON + "begin/")
    browser.post(LESSON + "opening/finish/")
    href = re.search(r'<a href="([^"]+)"[^>]*>Later</a>', text(browser.get(LESSON + "opening/")))[1]
    assert "Step 2 of 3" in words(browser.get(urljoin(LESSON + "opening/", href)))


def test_a_step_without_a_citation_has_no_list_of_references(ben):
    go_to(ben, "placing")
    assert "References for this step" not in words(ben.get(LESSON + "placing/"))


def test_what_is_not_there_is_not_there(ben):
    for path in (
        "/courses/other/lessons/first-things/",
        "/courses/tiny/lessons/other/",
        LESSON + "other/",
        LAST + "ending/",
        LESSON + "done/",
    ):
        assert ben.get(path).status_code == 404, path
    for path in (
        LESSON + "opening/other/answer/",
        LESSON + "opening/one-thing/answer/",
        LESSON + "other/finish/",
    ):
        assert ben.post(path, {"text": "x"}).status_code == 404, path
    assert ben.post("/courses/tiny/lessons/other/begin/").status_code == 404


def test_who_is_not_enrolled_finds_nothing(ben, cast, sign_in):
    other = sign_in(cast.olga)
    for path in (LESSON, LESSON + "opening/", LESSON + "done/"):
        assert other.get(path).status_code == 404, path
    for action in ("begin/", "opening/finish/", "opening/which-grows/answer/"):
        assert other.post(LESSON + action).status_code == 404, action
    assert LessonRecord.objects.count() == 1


@pytest.mark.parametrize("action", ["begin/", "opening/finish/", "opening/which-grows/answer/"])
def test_looking_at_a_deed_is_405_and_changes_nothing(ben, action):
    before = LessonRecord.objects.values().get()
    assert ben.get(LESSON + action).status_code == 405
    assert LessonRecord.objects.values().get() == before


@pytest.mark.parametrize("path", ["", "opening/", "done/"])
def test_posting_to_a_page_is_405(ben, path):
    assert ben.post(LESSON + path).status_code == 405


@pytest.mark.parametrize(
    "name", [page_name("first-things", "one-thing"), "one-thing"], ids=["now", "before"]
)
def test_words_sent_while_signed_out_wait_until_after_signing_in(ben, cast, name):
    """By what the page calls the activity, and by what pages opened before an upgrade called it."""
    go_to(ben, "writing")
    ben.get(LESSON + "writing/")
    del ben.cookies["sessionid"]  # the session ended while the page was open
    sent = ben.post(LESSON + f"writing/{name}/answer/", {"text": "Not lost"})
    assert "next=%2Fcourses%2Ftiny%2Flessons%2Ffirst-things%2Fwriting%2F" in sent.url
    ben.force_login(cast.ben)
    page = ben.get(LESSON + "writing/")
    assert ">Not lost</textarea>" in text(page)
    assert "You were signed out before this was saved" in words(page)
    assert not ActivityAnswer.objects.exists(), "pressing the button saves it"


def test_words_sent_while_signed_out_are_not_shown_to_the_next_at_this_laptop(ben, cast, course):
    go_to(ben, "writing")
    ben.get(LESSON + "writing/")
    del ben.cookies["sessionid"]
    ben.post(LESSON + "writing/one-thing/answer/", {"text": "PRIVATE"})
    learn(cast.ana, course, lessons=1)
    ben.force_login(cast.ana)
    assert "PRIVATE" not in text(ben.get(LESSON + "writing/"))


def test_a_learner_stays_on_the_edition_they_began(ben, tiny_content):
    tiny = tiny_content[0]
    first = tiny.lessons[0]
    shorter = first.model_copy(update={"steps": first.steps[:1], "title": "Another title"})
    publish([tiny.model_copy(update={"lessons": (shorter, tiny.lessons[1])})], timezone.now())
    page = ben.get(LESSON + "opening/")
    assert "Step 1 of 3" in words(page)
    assert "Another title" not in words(page)


def test_after_a_material_change_a_learner_looks_again_and_finds_what_was_written(
    cast, course, sign_in, tiny_content, lesson
):
    browser = sign_in(cast.ben)
    learn(cast.ben, course)
    answer(browser, lesson, "one-thing", text="Written before")
    newer = lesson.model_copy(update={"version": 2, "steps": lesson.steps[1:]})
    publish(
        [tiny_content[0].model_copy(update={"lessons": (newer, tiny_content[0].lessons[1])})],
        timezone.now(),
    )
    assert move_to_newest(Course.objects.get(key="tiny")) == 1
    assert "1 of 3 done" in words(browser.get("/courses/tiny/"))
    assert "Changed: look again" in words(browser.get("/courses/tiny/"))
    assert "This lesson has changed since you completed it" in words(browser.get(LESSON))
    assert browser.post(LESSON + "begin/", follow=True).status_code == 200
    for step in ("placing", "writing"):
        assert browser.get(f"{LESSON}{step}/").status_code == 200
    assert "Written before" in text(browser.get(LESSON + "writing/"))
    assert browser.get(LESSON + "opening/").status_code == 404
    browser.post(LESSON + "placing/finish/")
    try_checks(cast.ben, "first-things")
    assert browser.post(LESSON + "writing/finish/").url == LESSON + "done/"
    assert "2 of 3 done" in words(browser.get("/courses/tiny/"))
    record = LessonRecord.objects.get(lesson_key="first-things")
    assert (record.version, record.furthest) == (2, 2)


def test_where_the_step_is_gone_the_lesson_opens_at_the_step_the_pages_name(ben, cast):
    LessonRecord.objects.update(step_key="gone", furthest=2)
    named = enrolment_progress_on(cast.ben, "tiny").progress.next_lesson.step
    assert "Step 2 of 3" in words(ben.get("/courses/tiny/"))
    assert ben.get(LESSON).url == f"{LESSON}{STEPS[named - 1]}/"
    assert ben.post(LESSON + "begin/").url == f"{LESSON}{STEPS[named - 1]}/"


def test_finishing_both_lessons_does_not_complete_a_course_with_a_quiz(cast, course):
    learn(cast.ben, course)
    assert Enrolment.objects.get(user=cast.ben).completed_at is None
