"""What stands in a step is saved as it is given, and by Continue: no word is lost, and nothing is a try that was not sent."""

import uuid

import pytest
from django.urls import reverse

from courses.learning.activity_forms import LONGEST_TEXT, page_name
from courses.learning.models import ActivityAnswer, ActivityDraft
from courses.library.queries import content_of
from courses.web.unsent_forms import user_token
from tests.conftest import right_answer, wrong_answer
from tests.crawling import JSON, through

WORDS = "She looked away, and I waited"


@pytest.fixture
def ana(cast, course, sign_in):
    through(cast.ana, course)
    return sign_in(cast.ana)


@pytest.fixture
def phone(ana, cast, sign_in):
    """Ana again, on another device."""
    return sign_in(cast.ana)


def name(key: str) -> str:
    return page_name("first-things", key)


def fields(key: str, **values: object) -> dict[str, object]:
    """The fields of an activity as the form of its step has them."""
    return {f"{name(key)}-{field}": value for field, value in values.items()}


def place(route: str, step: str, *more: str) -> str:
    return reverse(f"courses:{route}", args=["tiny", "first-things", step, *more])


def keep(client, key, step="writing", sequence=1, event=None, **values):
    """What the script of a step sends while something is typed or chosen."""
    sent = {"event_id": event or uuid.uuid4(), "sequence": sequence, **fields(key, **values)}
    return client.post(place("save-draft", step, name(key)), sent, **JSON)


def page(client, step="writing") -> str:
    return client.get(place("step", step)).content.decode()


def go_on(client, step="writing", **sent):
    return client.post(place("finish-step", step), sent)


def test_it_works(ana, phone):
    saved = keep(ana, "own-words", text="Half a sen")
    assert saved.status_code == 200
    assert set(saved.json()) == {"saved", "sequence", "replaced"}
    assert ">Half a sen</textarea>" in page(phone)
    assert not ActivityAnswer.objects.exists(), "nothing was sent as an answer"
    assert "CANARY-MODEL" not in page(phone), "nor is anything told"


def test_a_reflection_is_an_answer_as_soon_as_it_is_saved(ana):
    keep(ana, "one-thing", text=WORDS)
    assert ActivityAnswer.objects.get().answer == WORDS
    keep(ana, "one-thing", text="", sequence=2)
    assert "</textarea>" in page(ana)
    assert f">{WORDS}</textarea>" not in page(ana), "what was taken out is out"


def test_a_choice_is_kept_and_counts_no_try(ana, course):
    item = content_of(course.edition_id).lessons[0].steps[0].activity("which-grows").item
    [wrong] = wrong_answer(item)
    keep(ana, "which-grows", "opening", option=wrong)
    shown = page(ana, "opening")
    assert f'value="{wrong}" checked' in shown
    assert "CANARY" not in shown
    assert not ActivityAnswer.objects.exists()


def test_continue_sends_all_that_stands_in_the_step(ana):
    sent = fields("one-thing", text=WORDS) | fields("own-words", text="Some of it")
    assert go_on(ana, **sent, **fields("tomorrow", point=["1"])).status_code == 302
    answers = dict(ActivityAnswer.objects.values_list("activity_key", "answer"))
    assert answers == {"one-thing": WORDS, "own-words": "Some of it", "tomorrow": [1]}


def test_continue_with_an_untouched_step_answers_nothing(ana):
    before = page(ana)
    assert f'name="{name("one-thing")}-text"' in before
    sent = fields("one-thing", text="", sequence="1") | fields("own-words", sequence="1", text="")
    go_on(ana, **sent)
    assert not ActivityAnswer.objects.exists()


def test_continue_keeps_a_choice_that_was_not_checked(ana, course):
    item = content_of(course.edition_id).lessons[0].steps[0].activity("which-grows").item
    [wrong] = wrong_answer(item)
    go_on(ana, "opening", **fields("which-grows", option=wrong))
    assert f'value="{wrong}" checked' in page(ana, "opening")
    assert not ActivityAnswer.objects.exists()


def test_a_text_that_is_too_long_stops_continue_and_stays_on_the_page(ana):
    long = "x" * (LONGEST_TEXT + 1)
    refused = go_on(ana, **fields("one-thing", text=long))
    assert refused.status_code == 400
    assert f">{long}</textarea>" in refused.content.decode()
    assert "5,001 characters" in refused.content.decode()
    assert keep(ana, "one-thing", text=long).status_code == 400


def test_checking_one_activity_keeps_what_stands_in_the_others(ana, course):
    item = content_of(course.edition_id).lessons[0].steps[0].activity("which-grows").item
    other = content_of(course.edition_id).lessons[0].steps[0].activity("which-are-small").item
    sent = fields("which-grows", option=right_answer(item)[0], tries="0")
    sent |= fields("which-are-small", option=right_answer(other)[0])
    ana.post(place("answer-activity", "opening", name("which-grows")), sent)
    assert ActivityAnswer.objects.get().activity_key == "which-grows"
    assert f'value="{right_answer(other)[0]}" checked' in page(ana, "opening")


def test_a_refused_answer_keeps_what_stands_in_the_others(ana):
    sent = fields("own-words", text=" ") | fields("one-thing", text=WORDS)
    refused = ana.post(place("answer-activity", "writing", name("own-words")), sent)
    assert refused.status_code == 400
    assert f">{WORDS}</textarea>" in refused.content.decode()


def test_sent_twice_it_is_saved_once(ana):
    event = uuid.uuid4()
    first = keep(ana, "own-words", text=WORDS, event=event).json()
    again = keep(ana, "own-words", text=WORDS, event=event).json()
    assert (first["sequence"], again["sequence"]) == (1, 1)
    assert ActivityDraft.objects.get().replaced == []


def test_of_two_devices_none_loses_a_word(ana, phone):
    keep(ana, "own-words", text="Written on the laptop")
    told = keep(phone, "own-words", text="Written on the phone").json()
    assert told["replaced"] == ["Written on the laptop"]
    shown = page(ana)
    assert ">Written on the phone</textarea>" in shown
    assert "<blockquote>Written on the laptop</blockquote>" in shown
    assert "on another device" in shown
    keep(phone, "own-words", text="Written on the phone, more", sequence=told["sequence"] + 1)
    assert ActivityDraft.objects.get().replaced == ["Written on the laptop"]


def test_a_save_from_a_page_that_is_behind_loses_no_word_either(ana, phone):
    url = place("answer-activity", "writing", name("one-thing"))
    ana.post(url, fields("one-thing", text="From the laptop", sequence="1"))
    phone.post(url, fields("one-thing", text="From the phone", sequence="1"))
    assert ActivityAnswer.objects.get().answer == "From the phone"
    assert "<blockquote>From the laptop</blockquote>" in page(ana)


def test_the_other_text_goes_when_the_learner_says_so(ana, phone):
    keep(ana, "own-words", text="Written on the laptop")
    keep(phone, "own-words", text="Written on the phone")
    url = place("save-draft", "writing", name("own-words"))
    for _ in range(2):
        pressed = ana.post(url, fields("own-words", forget="1", text="Written on the phone"))
        assert pressed.status_code == 302
    assert "<blockquote>Written on the laptop" not in page(ana)
    assert ">Written on the phone</textarea>" in page(ana)


def test_enter_in_a_field_saves_and_stays(ana):
    stayed = go_on(ana, stay="1", **fields("one-thing", text=WORDS))
    assert stayed.url == place("step", "writing")
    assert ActivityAnswer.objects.get().answer == WORDS


def test_what_somebody_else_left_open_in_this_browser_is_not_saved_as_mine(ana, cast):
    theirs = {"owner": user_token(cast.ben)}
    sent = fields("one-thing", text="Of Ben") | theirs
    assert go_on(ana, **sent).status_code == 404
    url = place("save-draft", "writing", name("one-thing"))
    assert ana.post(url, sent, **JSON).status_code == 404
    assert not ActivityAnswer.objects.exists()
    assert go_on(ana, **(sent | {"owner": user_token(cast.ana)})).status_code == 302


def test_continue_after_the_session_ended_fills_the_step_again(ana, cast):
    page(ana)
    del ana.cookies["sessionid"]
    go_on(ana, **fields("one-thing", text=WORDS, sequence="1"))
    ana.force_login(cast.ana)
    shown = page(ana)
    assert f">{WORDS}</textarea>" in shown
    assert shown.count("You were signed out before this was saved") == 1
    assert not ActivityAnswer.objects.exists()
    go_on(ana, **fields("one-thing", text=WORDS, sequence="1"))
    assert "You were signed out" not in page(ana)
    assert ActivityAnswer.objects.get().answer == WORDS


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"event_id": "x", "sequence": "1"},
        {"event_id": str(uuid.uuid4())},
        {"event_id": str(uuid.uuid4()), "sequence": "-1"},
        {"event_id": str(uuid.uuid4()), "sequence": "9" * 30},
    ],
)
def test_a_script_that_sends_junk_is_refused_and_changes_nothing(ana, sent):
    url = place("save-draft", "writing", name("one-thing"))
    assert ana.post(url, {**sent, **fields("one-thing", text=WORDS)}, **JSON).status_code == 400
    assert not ActivityDraft.objects.exists()


@pytest.mark.parametrize("value", ["no-such-option", "\x00", "x" * 2000])
@pytest.mark.parametrize("key", ["which-grows", "which-are-small"])
def test_a_choice_that_is_not_there_is_no_choice(ana, key, value):
    assert keep(ana, key, "opening", option=value).status_code in {200, 400}
    assert page(ana, "opening").split("<main")[1].count(" checked") == 0


def test_looking_is_405_and_strangers_get_404(ana, cast, sign_in):
    url = place("save-draft", "writing", name("one-thing"))
    assert ana.get(url).status_code == 405
    assert sign_in(cast.olga).post(url, {}).status_code == 404
