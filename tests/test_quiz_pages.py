import re
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from courses.assessment.accommodations import grant_attempt
from courses.assessment.actions import drawn_item, save_response
from courses.assessment.forms import Event
from courses.assessment.items import KINDS
from courses.assessment.models import Attempt, ItemScore, Response
from courses.authoring.publishing import publish
from courses.learning.actions import enrol, submit_attempt
from courses.library.content import Item
from courses.people.actions import join_cohort
from tests.conftest import answer_all, begin_quiz, given, learn, right_answer, wrong_answer

START = "/courses/tiny/quiz/final/"


@pytest.fixture
def ben(cast, course, sign_in) -> Client:
    """Ben's browser; he is enrolled on the tiny course."""
    enrol(cast.ben, course, timezone.now())
    return sign_in(cast.ben)


@pytest.fixture
def attempt(ben, cast, course) -> Attempt:
    return begin_quiz(cast.ben, course)


def words(response) -> str:
    """What a reader of the page reads, without tags, in single spaces."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def in_sight(response) -> str:
    """The markup of the one item that is not hidden."""
    found = re.findall(
        r"<section data-number=[^>]*?(?<! hidden)>(.*?)</section>", response.content.decode(), re.S
    )
    assert len(found) == 1
    return found[0]


def hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', in_sight(response))[1]


def chosen(response) -> set[str]:
    """The options that are ticked on the page."""
    return {
        re.search(r'value="([^"]+)"', tag)[1]
        for tag in re.findall(r"<input[^>]*>", in_sight(response))
        if 'name="option"' in tag and " checked" in tag
    }


def item_url(attempt: Attempt, number: int) -> str:
    return f"/attempts/{attempt.key}/items/{number}/"


def fill(browser: Client, attempt: Attempt, number: int, options: list[str], **headers):
    """Loads the item's page, ticks these options and sends the form, without a script."""
    page = browser.get(item_url(attempt, number))
    body = {
        "event_id": hidden(page, "event_id"),
        "sequence": hidden(page, "sequence"),
        "option": options,
    }
    return browser.post(item_url(attempt, number) + "save/", body, **headers)


def send(
    browser: Client,
    attempt: Attempt,
    number: int,
    options: list[str],
    sequence: object = 1,
    event=None,
):
    """Saves as the page's script does."""
    body = {"event_id": str(event or uuid.uuid4()), "sequence": sequence, "option": options}
    return browser.post(
        item_url(attempt, number) + "save/", body, headers={"Accept": "application/json"}
    )


def numbered(attempt: Attempt, key_part: str) -> tuple[int, Item]:
    """The place and the item of the attempt whose parallel group is this."""
    items = [(n, drawn_item(attempt, n)) for n in range(1, len(attempt.items) + 1)]
    return next(pair for pair in items if pair[1].parallel == key_part)


def test_it_works(ben, cast):
    assert "The rule" in words(ben.get(START))
    begun = ben.post(START + "open/", follow=True)
    attempt = Attempt.objects.get(user=cast.ben)
    assert begun.redirect_chain[-1][0] == item_url(attempt, 1)
    for number in (1, 2, 3):
        saved = fill(ben, attempt, number, right_answer(drawn_item(attempt, number)))
        following = (
            item_url(attempt, number + 1) if number < 3 else f"/attempts/{attempt.key}/hand-in/"
        )
        assert (saved.status_code, saved.url) == (302, following)
    assert "All 3 are answered" in words(ben.get(f"/attempts/{attempt.key}/hand-in/"))
    result = ben.post(f"/attempts/{attempt.key}/submit/", follow=True)
    assert result.redirect_chain[-1][0] == f"/attempts/{attempt.key}/result/"
    assert "Passed: 3 of 3" in words(result)


def test_the_start_page_says_the_rule_before_anything_begins(ben):
    said = words(ben.get(START))
    for part in (
        "3 questions, about 4 minutes, no time limit",
        "To pass: 3 of 3, and every safety question right.",
        "You may take it 2 times. 2 attempts left",
        "Each answer is saved as you give it",
        "2 lessons are not completed yet",
    ):
        assert part in said
    assert not Attempt.objects.exists(), "looking begins nothing"


def test_the_start_page_says_how_answers_are_scored_for_the_kinds_that_may_be_drawn(ben):
    said = words(ben.get(START))
    assert "How answers are scored" in said
    stated = {name for name, kind in KINDS.items() if kind.rule in said}
    assert stated == {"single", "multiple", "spot"}, (
        "the tiny pool has single and multiple; a spot is a single"
    )


def test_an_attempt_a_hair_below_the_pass_mark_is_shown_below_it(ben, cast, attempt):
    submit_attempt(cast.ben, attempt.key, timezone.now())
    Attempt.objects.update(earned=Decimal("2.3999"), passed=False)
    result = words(ben.get(f"/attempts/{attempt.key}/result/"))
    assert "One safety question to get right You have 2.39 of 3; 3 are needed." in result
    assert "2.39 of 3 marks, not passed" in words(ben.get(START))
    ItemScore.objects.update(answer=["given"], earned=Decimal("0.9999"))
    assert (
        words(ben.get(f"/attempts/{attempt.key}/result/")).count("partly right: 0.99 of 1 mark")
        == 3
    )


def test_the_start_page_says_what_is_left_and_links_the_open_attempt(ben, cast, course, attempt):
    answer_all(cast.ben, attempt, right=False)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    page = ben.get(START)
    assert "1 attempt left" in words(page)
    assert f"/attempts/{attempt.key}/result/" in page.content.decode()
    second = begin_quiz(cast.ben, course)
    page = ben.get(START)
    assert "One is open, and none are left after it" in words(page)
    assert f"/attempts/{second.key}/" in page.content.decode()
    assert "Carry on with attempt 2" in words(page)
    assert f'action="{START}open/"' not in page.content.decode()


def test_when_all_attempts_are_taken_the_page_says_who_can_grant_one(ben, cast, course):
    for _ in range(2):
        submit_attempt(cast.ben, begin_quiz(cast.ben, course).key, timezone.now())
    page = ben.get(START)
    assert "You can try once more" in words(page), "who learns alone needs nobody: test_retries"
    pressed = ben.post(START + "open/", follow=True)
    assert "You can take it once more from" in words(pressed)
    assert Attempt.objects.count() == 2
    join_cohort(cast.ben, cast.cohort, timezone.now())
    assert "All attempts are taken" in words(ben.get(START))
    assert "Your trainer can give you one more" in words(ben.get(START))
    pressed = ben.post(START + "open/", follow=True)
    assert "You have taken all 2 attempts" in words(pressed)
    grant_attempt(cast.tess, given(cast), cast.ben.pk, "final", "Asked kindly", timezone.now())
    assert "1 attempt left" in words(ben.get(START))
    assert ben.post(START + "open/").url != START


def test_after_a_pass_the_page_says_so_and_offers_no_further_attempt(ben, cast, attempt):
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    page = ben.get(START)
    assert "You have passed this quiz" in words(page)
    assert f'action="{START}open/"' not in page.content.decode()


def test_a_course_or_quiz_that_is_not_there_is_not_there(ben, cast, sign_in):
    assert ben.get("/courses/tiny/quiz/other/").status_code == 404
    assert ben.post("/courses/tiny/quiz/other/open/").status_code == 404
    assert sign_in(cast.olga).get(START).status_code == 404
    assert sign_in(cast.olga).post(START + "open/").status_code == 404


def test_beginning_twice_opens_the_same_attempt(ben):
    first, second = ben.post(START + "open/"), ben.post(START + "open/")
    assert first.url == second.url
    assert Attempt.objects.count() == 1


def test_an_item_shows_its_stem_and_options_in_the_frozen_order_and_nothing_more(ben, attempt):
    for number, drawn in enumerate(attempt.items, 1):
        page = ben.get(item_url(attempt, number))
        html, item = in_sight(page), drawn_item(attempt, number)
        assert f"Question {number} of 3" in words(page)
        assert item.stem.strip().removeprefix("<p>").removesuffix("</p>") in html
        assert re.findall(r'name="option" type="\w+" value="([^"]+)"', html) == drawn["options"]
        assert f'type="{"checkbox" if item.kind == "multiple" else "radio"}"' in html
        assert "CANARY" not in html
        assert "No answer yet" in words(page)


def test_no_page_before_handing_in_tells_anything_of_the_right_answer(ben, cast, attempt):
    answer_all(cast.ben, attempt, right=False)
    pages = [START, f"/attempts/{attempt.key}/hand-in/", *[item_url(attempt, n) for n in (1, 2, 3)]]
    sent = [ben.get(page) for page in pages]
    sent += [
        send(ben, attempt, 1, right_answer(drawn_item(attempt, 1)), 7),
        send(ben, attempt, 1, ["junk"], 8),
    ]
    sent += [send(ben, attempt, 1, right_answer(drawn_item(attempt, 1)), 7)]
    for response in sent:
        assert "CANARY" not in response.content.decode()
        assert "correct" not in response.content.decode().lower()


def test_saving_by_form_stores_the_answer_and_goes_on(ben, attempt):
    item = drawn_item(attempt, 1)
    saved = fill(ben, attempt, 1, right_answer(item))
    assert saved.url == item_url(attempt, 2)
    row = Response.objects.get()
    assert (row.item_key, row.answer, row.sequence) == (item.key, right_answer(item), 1)
    page = ben.get(item_url(attempt, 1))
    assert chosen(page) == set(right_answer(item))
    assert hidden(page, "sequence") == "2"
    assert "1 of 3 answered" in words(page)


def test_saving_by_script_answers_with_the_time(ben, attempt):
    saved = send(ben, attempt, 1, right_answer(drawn_item(attempt, 1)))
    row = Response.objects.get()
    shown = timezone.localtime(row.saved_at).strftime("%H:%M")
    assert (saved.status_code, saved.json()) == (200, {"saved": shown})
    assert saved["Content-Type"] == "application/json"


def test_the_saved_time_is_shown_in_london_time(ben, cast, attempt):
    item, event = drawn_item(attempt, 1), uuid.uuid4()
    summer = datetime(2026, 7, 1, 13, 2, tzinfo=UTC)
    save_response(cast.ben, attempt.key, item.key, right_answer(item), Event(event, 1), summer)
    assert "Saved 14:02" in words(ben.get(item_url(attempt, 1)))
    assert send(ben, attempt, 1, right_answer(item), event=event).json()["saved"] == "14:02"


def test_a_repeat_by_script_is_acknowledged_and_changes_nothing(ben, attempt):
    right, event = right_answer(drawn_item(attempt, 1)), uuid.uuid4()
    first = send(ben, attempt, 1, right, event=event)
    again = send(ben, attempt, 1, right, event=event)
    assert (again.status_code, again.json()) == (200, first.json())
    assert Response.objects.count() == 1


def test_a_double_press_of_the_form_saves_once_and_goes_on_twice(ben, attempt):
    page = ben.get(item_url(attempt, 1))
    body = {
        "event_id": hidden(page, "event_id"),
        "sequence": "1",
        "option": right_answer(drawn_item(attempt, 1)),
    }
    pressed = [ben.post(item_url(attempt, 1) + "save/", body) for _ in range(2)]
    assert [one.url for one in pressed] == [item_url(attempt, 2)] * 2
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"option": "unknown"},
        {"option": ["unknown", "other"]},
        {"event_id": "no-uuid"},
        {"event_id": ""},
        {"sequence": "0"},
        {"sequence": "-1"},
        {"sequence": "many"},
        {"sequence": "99999999999999999999"},
        {"sequence": ""},
        {"option": "\x00"},
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_words_and_changes_nothing(ben, attempt, body):
    item = drawn_item(attempt, 1)
    form = {"event_id": str(uuid.uuid4()), "sequence": "1", "option": right_answer(item), **body}
    url = item_url(attempt, 1) + "save/"
    by_form = ben.post(url, form)
    by_script = ben.post(url, form, headers={"Accept": "application/json"})
    assert (by_form.status_code, by_script.status_code) == (400, 400)
    assert "This answer was not saved" in words(by_form)
    assert by_script.json()["error"] in words(by_form)
    assert "again" in by_script.json()["error"], "it says what to do"
    assert not Response.objects.exists()


def test_a_single_item_takes_one_option(ben, attempt):
    number, item = numbered(attempt, "grows")
    refused = fill(ben, attempt, number, [option.key for option in item.options[:2]])
    assert refused.status_code == 400
    assert "Choose one" in words(refused)
    assert not Response.objects.exists()


def test_nothing_chosen_by_form_goes_on_and_by_script_says_so(ben, attempt):
    assert fill(ben, attempt, 1, []).url == item_url(attempt, 2)
    response = send(ben, attempt, 1, [])
    assert (response.status_code, response.json()) == (400, {"error": "Choose an option first."})
    assert not Response.objects.exists()


def test_taking_every_tick_away_does_not_keep_the_old_answer_in_silence(ben, attempt):
    number, item = numbered(attempt, "small")
    fill(ben, attempt, number, right_answer(item))
    pressed = fill(ben, attempt, number, [], follow=True)
    taken_back = Response.objects.order_by("sequence").last().answer == []
    is_explained = re.search(r"earlier answer|stays|is kept", words(pressed))
    assert taken_back or is_explained, (
        "the page showed no tick, the earlier answer counts, and nobody says so"
    )


def test_the_attempt_resumes_at_the_first_item_without_an_answer(ben, cast, attempt, sign_in):
    assert ben.get(f"/attempts/{attempt.key}/").url == item_url(attempt, 1)
    fill(ben, attempt, 1, right_answer(drawn_item(attempt, 1)))
    fill(ben, attempt, 3, right_answer(drawn_item(attempt, 3)))
    another_device = sign_in(cast.ben)
    assert another_device.get(f"/attempts/{attempt.key}/").url == item_url(attempt, 2)
    fill(another_device, attempt, 2, right_answer(drawn_item(attempt, 2)))
    assert ben.get(f"/attempts/{attempt.key}/").url == f"/attempts/{attempt.key}/hand-in/"


def test_the_list_before_handing_in_names_what_has_no_answer(ben, attempt):
    fill(ben, attempt, 2, right_answer(drawn_item(attempt, 2)))
    page = ben.get(f"/attempts/{attempt.key}/hand-in/")
    said = words(page)
    assert "2 of 3 have no answer yet" in said
    assert "Finish with 2 unanswered" in said
    assert said.count("No answer yet") == 2
    assert [item_url(attempt, n) in page.content.decode() for n in (1, 2, 3)] == [True] * 3
    fill(ben, attempt, 1, right_answer(drawn_item(attempt, 1)))
    assert "1 of 3 has no answer yet" in words(ben.get(f"/attempts/{attempt.key}/hand-in/"))
    assert Attempt.objects.get().state == "open", "looking hands nothing in"


def test_the_result_has_marks_feedback_and_the_lesson_to_look_at_again(ben, attempt):
    for number in (1, 2, 3):
        item = drawn_item(attempt, number)
        fill(
            ben,
            attempt,
            number,
            wrong_answer(item) if item.parallel == "grows" else right_answer(item),
        )
    page = ben.post(f"/attempts/{attempt.key}/submit/", follow=True)
    said, html = words(page), page.content.decode()
    assert "One more right answer to pass You have 2 of 3; 3 are needed." in said
    assert "To look at again" in said
    assert "First things" in said
    assert "/courses/tiny/lessons/first-things/" in html
    assert "/courses/tiny/lessons/last-things/" not in html, "only what went wrong"
    assert "You have 1 more attempt" in said
    for number in (1, 2, 3):
        for option in drawn_item(attempt, number).options:
            assert option.feedback in html
    (missed,) = re.findall(r'<article class="missed".*?</article>', html, re.S)
    assert (missed.count("Your answer:"), missed.count("Best answer:")) == (1, 1)
    assert "2 right" in said


def test_an_item_without_an_answer_is_named_so_and_explained(ben, attempt):
    page = ben.post(f"/attempts/{attempt.key}/submit/", follow=True)
    assert words(page).count("no answer") == 3
    assert "Three more right answers to pass You have 0 of 3; 3 are needed." in words(page)
    assert page.content.decode().count("CANARY") == 12


def test_a_wrong_safety_item_is_explained(ben, attempt):
    for number in (1, 2, 3):
        item = drawn_item(attempt, number)
        fill(ben, attempt, number, wrong_answer(item) if item.critical else right_answer(item))
    page = ben.post(f"/attempts/{attempt.key}/submit/", follow=True)
    number, _ = numbered(attempt, "danger")
    said = words(page)
    assert "One safety question to get right" in said
    assert f"Question {number} was about safety, and has to be right." in said
    assert said.index("About safety") < said.index("2 right")
    assert f'id="item-{number}"' in page.content.decode()


def test_who_passed_with_part_marks_is_not_told_that_more_marks_were_needed(ben, attempt):
    for number in (1, 2, 3):
        fill(ben, attempt, number, right_answer(drawn_item(attempt, number))[:1])
    said = words(ben.post(f"/attempts/{attempt.key}/submit/", follow=True))
    assert "Passed: 2.5 of 3 You have 2.5 of 3; 2.4 were needed." in said
    assert "3 were needed" not in said
    assert "3 of 3 marks pass" not in words(ben.get(START))
    assert "with 3 of 3 marks or more" not in words(ben.get("/courses/tiny/"))


def test_handing_in_twice_lands_on_the_same_result(ben, cast, attempt):
    answer_all(cast.ben, attempt)
    pressed = [ben.post(f"/attempts/{attempt.key}/submit/") for _ in range(2)]
    assert [one.url for one in pressed] == [f"/attempts/{attempt.key}/result/"] * 2
    assert ItemScore.objects.count() == 3
    first = Attempt.objects.get()
    ben.post(f"/attempts/{attempt.key}/submit/")
    assert Attempt.objects.get().submitted_at == first.submitted_at


def test_a_stale_window_is_told_so_and_keeps_on_screen_what_was_chosen(ben, attempt):
    number, item = numbered(attempt, "grows")
    url = item_url(attempt, number)
    stale = ben.get(url)
    fill(ben, attempt, number, right_answer(item))
    body = {
        "event_id": hidden(stale, "event_id"),
        "sequence": hidden(stale, "sequence"),
        "option": wrong_answer(item),
    }
    refused = ben.post(url + "save/", body)
    assert refused.status_code == 409
    assert "You answered this question in another window later" in words(refused)
    assert "not saved" in words(refused)
    assert [row.answer for row in Response.objects.all()] == [right_answer(item)]
    assert chosen(refused) == set(wrong_answer(item))
    assert hidden(refused, "sequence") == "2", "pressing again saves it"
    by_script = ben.post(url + "save/", body, headers={"Accept": "application/json"})
    assert by_script.status_code == 409
    assert by_script.json()["error"] in words(refused)


def test_a_refused_form_keeps_on_screen_what_was_chosen(ben, attempt):
    item = drawn_item(attempt, 1)
    body = {"event_id": "none", "sequence": "1", "option": wrong_answer(item)}
    refused = ben.post(item_url(attempt, 1) + "save/", body)
    assert refused.status_code == 400
    assert chosen(refused) == set(wrong_answer(item))


def test_the_back_button_after_handing_in_lands_on_the_result(ben, attempt):
    before = ben.get(item_url(attempt, 1))
    ben.post(f"/attempts/{attempt.key}/submit/")
    result = f"/attempts/{attempt.key}/result/"
    for path in (
        f"/attempts/{attempt.key}/",
        item_url(attempt, 1),
        f"/attempts/{attempt.key}/hand-in/",
    ):
        assert ben.get(path).url == result
    item = drawn_item(attempt, 1)
    body = {"event_id": hidden(before, "event_id"), "sequence": "1", "option": right_answer(item)}
    late = ben.post(item_url(attempt, 1) + "save/", body, follow=True)
    assert late.redirect_chain[-1][0] == result
    assert "this answer was not added" in words(late)
    by_script = send(ben, attempt, 1, right_answer(item))
    assert by_script.status_code == 409
    assert "handed in already" in by_script.json()["error"]
    assert not Response.objects.exists()


def test_there_is_no_result_before_handing_in(ben, attempt):
    assert ben.get(f"/attempts/{attempt.key}/result/").url == f"/attempts/{attempt.key}/"


def test_a_voided_attempt_says_that_it_does_not_count(ben, cast, attempt):
    Attempt.objects.update(state="voided")
    pressed = ben.post(f"/attempts/{attempt.key}/submit/", follow=True)
    assert pressed.status_code == 200
    assert "This attempt does not count any more" in words(pressed)
    shown = ben.get(f"/attempts/{attempt.key}/result/", follow=True)
    assert "does not count" in words(shown)
    assert "None" not in words(shown)
    assert "to pass" not in words(shown), "it was neither passed nor failed"


def test_completing_the_course_is_said_on_the_result(ben, cast, course, attempt):
    learn(cast.ben, course)
    answer_all(cast.ben, attempt)
    page = ben.post(f"/attempts/{attempt.key}/submit/", follow=True)
    assert "You have completed the course" in words(page)
    assert "/courses/tiny/certificate/" in page.content.decode()


def test_an_item_beyond_the_attempt_is_not_there(ben, attempt):
    for number in (0, 4, 10**30):
        assert ben.get(item_url(attempt, number)).status_code == 404


@pytest.mark.parametrize("action", ["/open/", "/items/1/save/", "/submit/"])
def test_looking_at_a_deed_is_405_and_changes_nothing(ben, attempt, action):
    url = (
        f"/courses/tiny/quiz/final{action}"
        if action == "/open/"
        else f"/attempts/{attempt.key}{action}"
    )
    assert ben.get(url).status_code == 405
    assert (Attempt.objects.get().state, Response.objects.count()) == ("open", 0)


@pytest.mark.parametrize("path", ["", "items/1/", "hand-in/", "result/"])
def test_posting_to_a_page_is_405(ben, attempt, path):
    assert ben.post(f"/attempts/{attempt.key}/{path}").status_code == 405


@pytest.mark.parametrize("name", ["ana", "tess", "olga", "sam"])
def test_an_attempt_of_another_is_not_there_for_anyone(cast, attempt, sign_in, name):
    other = sign_in(getattr(cast, name))
    for page in ("", "items/1/", "hand-in/", "result/"):
        assert other.get(f"/attempts/{attempt.key}/{page}").status_code == 404
    assert other.post(f"/attempts/{attempt.key}/submit/").status_code == 404
    assert send(other, attempt, 1, right_answer(drawn_item(attempt, 1))).status_code == 404
    assert (Attempt.objects.get().state, Response.objects.count()) == ("open", 0)


def test_an_answer_sent_while_signed_out_waits_until_after_signing_in(ben, cast, attempt):
    item = drawn_item(attempt, 1)
    page = ben.get(item_url(attempt, 1))
    body = {"event_id": hidden(page, "event_id"), "sequence": "1", "option": wrong_answer(item)}
    del ben.cookies["sessionid"]  # the session ended while the page was open
    response = ben.post(
        item_url(attempt, 1) + "save/", body, headers={"Accept": "application/json"}
    )
    assert response.status_code == 401
    assert "Sign in" in response.json()["error"]
    sent = ben.post(item_url(attempt, 1) + "save/", body)
    assert sent.status_code == 302
    assert f"next=%2Fattempts%2F{attempt.key}%2Fitems%2F1%2F" in sent.url
    ben.force_login(cast.ben)
    back = ben.get(item_url(attempt, 1))
    assert "You were signed out before this answer was saved" in words(back)
    assert chosen(back) == set(wrong_answer(item))
    assert not Response.objects.exists()
    assert "signed out before" in words(ben.get(item_url(attempt, 1))), "until it is saved"
    ben.post(item_url(attempt, 1) + "save/", {**body, "event_id": hidden(back, "event_id")})
    assert "signed out before" not in words(ben.get(item_url(attempt, 1)))
    assert Response.objects.count() == 1


def test_an_open_attempt_goes_on_after_a_new_edition(ben, attempt, tiny_content):
    tiny = tiny_content[0]
    publish(
        [tiny.model_copy(update={"title": "Tiny again", "items": tiny.items[::2]})], timezone.now()
    )
    for number in (1, 2, 3):
        assert (
            fill(ben, attempt, number, right_answer(drawn_item(attempt, number))).status_code == 302
        )
    assert "Passed: 3 of 3" in words(ben.post(f"/attempts/{attempt.key}/submit/", follow=True))
