"""Accounts: signing up, in and out, passwords and addresses, and what a session that ended had typed."""

import re
import uuid
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.assessment.actions import drawn_item
from courses.learning.actions import submit_attempt
from courses.learning.activity_forms import page_name
from courses.learning.models import ActivityAnswer
from courses.library.models import Course
from courses.models import Enrolment
from courses.people.models import User
from tests.conftest import PASSWORD, answer_all, begin_quiz, headers_of, learn, right_answer
from tests.test_access import plain, rows

NEW = {
    "name": "Nia Rhys",
    "email": "nia@example.org",
    "profession": "camhs",
    "password1": "a-calm-morning",
}


def sign_up(client: Client, **instead: str) -> HttpResponse:
    return client.post("/account/signup/", NEW | instead)


def sign_in_as(client: Client, email: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/account/login/", {"login": email, "password": password, **more})


def link_in(mail: object) -> str:
    """The path of the first link of a mail."""
    return urlsplit(re.search(r"https?://\S+", mail.body)[0]).path


def is_signed_in(client: Client) -> bool:
    return client.get("/record/").status_code == 200


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: what would take the time."""

    algorithm = "counting"
    hashed: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture
def counted(settings) -> list[str]:
    settings.PASSWORD_HASHERS = ["tests.test_accounts.CountingHasher"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


def test_it_works(client, course, mailoutbox):
    """Sign up, open the link in the mail, press the button, and be signed in; later by password."""
    assert sign_up(client)["Location"] == "/account/confirm-email/"
    made = User.objects.get()
    assert (made.email, made.name, made.profession) == ("nia@example.org", "Nia Rhys", "camhs")
    assert mailoutbox[0].to == ["nia@example.org"]
    assert not is_signed_in(client)

    link = link_in(mailoutbox[0])
    assert "Confirm my email" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified, "looking at the page is not pressing the button"
    assert not is_signed_in(client)
    assert client.post(link)["Location"] == "/"
    assert EmailAddress.objects.get().verified
    assert "Nia Rhys" in client.get("/").content.decode()
    assert not client.cookies["sessionid"]["expires"], "it ends with the browser"

    assert sign_in_as(Client(), "nia@example.org", "a-calm-morning")["Location"] == "/"


def test_an_address_that_is_not_confirmed_does_not_sign_in(client, course, mailoutbox):
    sign_up(client)
    again = Client()
    assert (
        sign_in_as(again, NEW["email"], NEW["password1"])["Location"] == "/account/confirm-email/"
    )
    assert not is_signed_in(again)


def test_a_confirmation_link_works_once_and_not_altered(client, course, mailoutbox):
    sign_up(client)
    link = link_in(mailoutbox[0])
    altered = link[:-2] + ("x" if link[-2] != "x" else "y") + "/"
    assert "This link no longer works" in client.get(altered).content.decode()
    client.post(altered)
    assert not EmailAddress.objects.get().verified
    Client().post(link)
    for browser in (client, Client()):
        assert "Your email is confirmed already" in browser.get(link).content.decode()
        assert browser.post(link)["Location"] == link
        assert not is_signed_in(browser)
    assert browser.post(altered).status_code == 404


def test_the_address_is_the_same_in_any_case(client, cast):
    assert sign_in_as(client, "ANA@Example.ORG")["Location"] == "/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("email", "not-an-address"),
        ("email", ""),
        ("profession", ""),
        ("profession", "astronaut"),
        ("password1", ""),
        ("password1", "short"),
        ("password1", "password123"),
        ("password1", "nia@example.org"),
    ],
)
def test_a_sign_up_with_an_error_makes_nothing_and_keeps_what_was_typed(
    client, course, mailoutbox, field, value
):
    response = sign_up(client, **{field: value})
    page = response.content.decode()
    assert response.status_code in {200, 400}
    assert "There is a problem" in page
    assert not User.objects.exists()
    assert mailoutbox == []
    kept = {
        "name": 'value="Nia Rhys"',
        "email": 'value="nia@example.org"',
        "profession": 'value="camhs" selected',
    }
    assert [name for name, words in kept.items() if name != field and words not in page] == []
    assert NEW["password1"] not in page
    assert (
        not value.strip()
        or field != "password1"
        or f'value="{value}"' not in page.replace(kept["email"], "")
    )


def test_a_sign_in_with_an_error_keeps_the_address_and_not_the_password(client, cast):
    page = sign_in_as(client, "ana@example.org", "not-her-password").content.decode()
    assert 'value="ana@example.org"' in page
    assert "not-her-password" not in page
    assert "There is a problem" in page


def answer(response: HttpResponse, *words: str) -> tuple[int, str, str]:
    """What an answer says: status, where it leads and the words, without the address that was typed."""
    text = plain(response)
    for word in words:
        text = text.replace(word, "")
    return response.status_code, response.headers.get("Location", ""), text


def test_a_known_address_signs_up_like_an_unknown_one(cast, mailoutbox):
    """The same status, words, cookies and headers; the one who owns the address is told by mail."""
    before = User.objects.count()
    known, unknown = Client(), Client()
    first, second = (
        sign_up(known, email="ana@example.org"),
        sign_up(unknown, email="nobody@example.org"),
    )
    assert answer(first) == answer(second)
    assert headers_of(first) == headers_of(second)
    assert set(known.cookies) == set(unknown.cookies)
    assert answer(known.get(first["Location"]), "ana@example.org") == answer(
        unknown.get(second["Location"]), "nobody@example.org"
    )
    assert User.objects.count() == before + 1
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"], ["nobody@example.org"]]
    assert "already have an account" in mailoutbox[0].subject
    assert User.objects.get(email="ana@example.org").check_password(PASSWORD)


def test_a_known_address_signs_in_wrongly_like_an_unknown_one(cast):
    first = sign_in_as(Client(), "ana@example.org", "not-her-password")
    second = sign_in_as(Client(), "nobody@example.org", "not-her-password")
    assert answer(first, "ana@example.org") == answer(second, "nobody@example.org")


def test_a_known_address_asks_for_a_new_password_like_an_unknown_one(cast, mailoutbox):
    known, unknown = Client(), Client()
    first = known.post("/account/password/reset/", {"email": "ana@example.org"})
    second = unknown.post("/account/password/reset/", {"email": "nobody@example.org"})
    assert answer(first) == answer(second)
    assert answer(known.get(first["Location"])) == answer(unknown.get(second["Location"]))
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"], ["nobody@example.org"]]
    assert "/password/reset/key/" in mailoutbox[0].body
    assert "No account" in mailoutbox[1].body
    assert "/password/reset/key/" not in mailoutbox[1].body


def change_address(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    """Asks for another address, and gives the password that is asked for then."""
    asked = client.post("/account/email/", {"email": email, "action_add": ""})
    assert asked["Location"].startswith("/account/reauthenticate/")
    return client.post(asked["Location"], {"password": password, "next": "/account/email/"})


def test_a_change_to_a_known_address_looks_like_one_to_an_unknown_one(cast, sign_in):
    first = change_address(sign_in(cast.ana), "ben@example.org")
    second = change_address(sign_in(cast.mo), "nobody@example.org")
    assert answer(first) == answer(second)


def test_a_password_is_hashed_for_an_unknown_address_too(cast, counted):
    cast.ana.set_password(PASSWORD)
    cast.ana.save()
    counted.clear()
    sign_in_as(Client(), "ana@example.org", "not-her-password")
    known = len(counted)
    sign_in_as(Client(), "nobody@example.org", "not-her-password")
    assert known == len(counted) - known == 1


def test_a_password_is_hashed_at_sign_up_whether_the_address_is_known_or_not(cast, counted):
    """Hashing takes most of the time of a sign-up: without it the answer for a known address comes sooner."""
    sign_up(Client(), email="nobody@example.org")
    unknown = len(counted)
    sign_up(Client(), email="ana@example.org")
    assert unknown == len(counted) - unknown == 1


def test_passwords_are_kept_by_argon2():
    assert configured.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert make_password("a-calm-morning").startswith("argon2$argon2id$")


def test_the_admin_has_no_door_of_its_own(cast):
    """Its sign-in would be one without a limit: it leads to ours."""
    door = Client().post("/admin/login/", {"username": cast.sam.email, "password": PASSWORD})
    assert door.status_code == 302
    assert door["Location"].startswith("/account/login/?next=")
    staff = Client()
    staff.post("/admin/login/", {"username": cast.sam.email, "password": PASSWORD})
    assert not is_signed_in(staff)


def choose_new_password(
    client: Client, mailoutbox: list, password: str, email: str = "ana@example.org"
) -> HttpResponse:
    client.post("/account/password/reset/", {"email": email})
    page = client.get(link_in(mailoutbox[-1]))
    return client.post(page["Location"], {"password1": password, "password2": password})


def test_a_forgotten_password_is_replaced_by_a_link(cast, mailoutbox):
    client = Client()
    choose_new_password(client, mailoutbox, "a-quieter-baby")
    assert sign_in_as(Client(), "ana@example.org", "a-quieter-baby")["Location"] == "/"
    assert (
        "There is a problem" in sign_in_as(Client(), "ana@example.org", PASSWORD).content.decode()
    )


def test_a_reset_link_works_once_and_leaves_the_address_bar(cast, mailoutbox):
    client = Client()
    client.post("/account/password/reset/", {"email": "ana@example.org"})
    link = link_in(mailoutbox[0])
    moved = client.get(link)
    token = link.rstrip("/").split("-")[-1]
    assert moved.status_code == 302
    assert token not in moved["Location"]
    client.post(moved["Location"], {"password1": "a-quieter-baby", "password2": "a-quieter-baby"})

    assert "This link no longer works" in Client().get(link).content.decode()


def test_a_reset_link_works_for_an_hour():
    """Source: the threat model, T-14."""
    assert configured.PASSWORD_RESET_TIMEOUT <= 3600


def test_a_reset_link_dies_when_the_password_or_the_address_changes(cast, mailoutbox):
    for number, change in enumerate(
        ({"password": make_password("another-baby")}, {"email": "anna@example.org"})
    ):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.post("/account/password/reset/", {"email": "ana@example.org"})
        User.objects.filter(pk=cast.ana.pk).update(**change)
        assert (
            "This link no longer works" in client.get(link_in(mailoutbox[-1])).content.decode()
        ), change


def test_links_in_mail_lead_to_this_site_whatever_the_request_says(cast, mailoutbox):
    poisons = [
        "x-forwarded-host",
        "forwarded",
        "x-host",
        "x-original-host",
        "x-forwarded-server",
        "x-original-url",
        "referer",
    ]
    for number, name in enumerate(poisons):
        client = Client(
            REMOTE_ADDR=f"10.0.0.{number}",
            headers={name: "host=evil.example; https://evil.example/"},
        )
        known = getattr(cast, ("ana", "ben", "tess", "mo", "olga", "sam", "rhea")[number])
        client.post("/account/password/reset/", {"email": f"person{number}@example.org"})
        client.post("/account/password/reset/", {"email": known.email})
    assert len(mailoutbox) == 2 * len(poisons)
    assert not any("evil" in str(mail.message()) for mail in mailoutbox)

    refused = Client(headers={"host": "evil.example"}).post(
        "/account/password/reset/", {"email": "mo@example.org"}
    )
    assert refused.status_code == 400
    assert len(mailoutbox) == 2 * len(poisons)


def test_a_password_is_changed_by_who_knows_the_old_one(cast, mailoutbox):
    here, elsewhere = Client(), Client()
    sign_in_as(here, "ana@example.org")
    sign_in_as(elsewhere, "ana@example.org")
    new = {"password1": "a-quieter-baby", "password2": "a-quieter-baby"}

    here.post("/account/password/change/", {"oldpassword": "a-guess", **new})
    assert User.objects.get(pk=cast.ana.pk).check_password(PASSWORD)

    here.post("/account/password/change/", {"oldpassword": PASSWORD, **new})
    assert User.objects.get(pk=cast.ana.pk).check_password("a-quieter-baby")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere), "a changed password ends every other session"
    assert mailoutbox[-1].to == ["ana@example.org"]
    assert "password" in mailoutbox[-1].subject.lower()


@pytest.mark.parametrize("weak", ["short", "password123", "ana@example.org", "1234567890"])
def test_a_weak_password_is_not_taken(cast, sign_in, weak):
    client = sign_in(cast.ana)
    client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert User.objects.get(pk=cast.ana.pk).check_password(PASSWORD)


def test_an_address_is_changed_once_the_new_one_is_confirmed(cast, mailoutbox):
    client = Client()
    sign_in_as(client, "ana@example.org")
    change_address(client, "anna@example.org")
    assert User.objects.get(pk=cast.ana.pk).email == "ana@example.org"
    to_new = next(mail for mail in mailoutbox if mail.to == ["anna@example.org"])

    client.post(link_in(to_new))
    assert User.objects.get(pk=cast.ana.pk).email == "anna@example.org"
    assert any(
        mail.to == ["ana@example.org"] and "changed" in mail.subject.lower() for mail in mailoutbox
    )
    assert sign_in_as(Client(), "anna@example.org")["Location"] == "/"
    assert "There is a problem" in sign_in_as(Client(), "ana@example.org").content.decode()


def addresses_of(user: User) -> list[tuple[str, bool]]:
    return sorted(EmailAddress.objects.filter(user=user).values_list("email", "primary"))


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_remove"])
@pytest.mark.parametrize("password", ["", "a-guess", None])
def test_an_address_changes_only_with_the_password(cast, mailoutbox, action, password):
    """At a laptop left open, having signed in a moment ago is not enough. None: nothing is sent to the form at all."""
    EmailAddress.objects.create(user=cast.ana, email="second@example.org", verified=True)
    client, before = Client(), addresses_of(cast.ana)
    sign_in_as(client, "ana@example.org")
    email = "thief@example.org" if action == "action_add" else "second@example.org"
    asked = client.post("/account/email/", {"email": email, action: ""})
    assert asked["Location"] == "/account/reauthenticate/?next=%2Faccount%2Femail%2F"
    assert "Confirm that it is you" in client.get(asked["Location"]).content.decode()
    if password is not None:
        client.post(asked["Location"], {"password": password, "next": "/account/email/"})
    client.get("/account/email/")
    assert addresses_of(cast.ana) == before
    assert User.objects.get(pk=cast.ana.pk).email == "ana@example.org"
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("action", "is_left"), [("action_primary", True), ("action_remove", False)]
)
def test_with_the_password_an_address_is_used_or_removed_and_the_old_one_is_told(
    cast, mailoutbox, action, is_left
):
    EmailAddress.objects.create(user=cast.ana, email="second@example.org", verified=True)
    client = Client()
    sign_in_as(client, "ana@example.org")
    asked = client.post("/account/email/", {"email": "second@example.org", action: ""})
    client.post(asked["Location"], {"password": PASSWORD, "next": "/account/email/"})
    assert (
        EmailAddress.objects.filter(user=cast.ana, email="second@example.org").exists() == is_left
    )
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"]]


def test_the_old_address_is_told_before_the_change_and_when_it_is_done(cast, mailoutbox):
    client = Client()
    sign_in_as(client, "ana@example.org")
    change_address(client, "anna@example.org")
    to_old = mailoutbox[0]
    assert (to_old.to, mailoutbox[1].to) == (["ana@example.org"], ["anna@example.org"])
    assert "asked" in to_old.subject.lower()
    assert "anna@example.org" in to_old.body
    assert "Was this not you?" in to_old.body
    assert "/confirm-email/" not in to_old.body, "only the new address can say yes"
    assert User.objects.get(pk=cast.ana.pk).email == "ana@example.org"

    client.post(link_in(mailoutbox[1]))
    done = mailoutbox[-1]
    assert done.to == ["ana@example.org"]
    assert "was changed" in done.subject
    assert "Forgot your password" not in done.body, "that would write to the new address"
    assert "people who run this site" in done.body


def test_who_was_told_stops_the_change_with_a_new_password(cast, mailoutbox):
    """As the mail says: a link to confirm that is opened after that does nothing."""
    thief = Client()
    sign_in_as(thief, "ana@example.org")
    change_address(thief, "thief@example.org")
    link = link_in(mailoutbox[1])
    choose_new_password(Client(), mailoutbox, "a-quieter-baby")
    thief.post(link)
    Client().post(link)
    assert User.objects.get(pk=cast.ana.pk).email == "ana@example.org"
    assert addresses_of(cast.ana) == [("ana@example.org", True)]
    assert not is_signed_in(thief)


def test_the_page_says_what_is_asked_and_who_is_told(cast, sign_in):
    page = sign_in(cast.ana).get("/account/email/").content.decode()
    assert "ask for your password" in page
    assert "write to both addresses" in page


def test_an_address_of_somebody_else_is_never_taken_over(cast, sign_in, mailoutbox):
    ana = sign_in(cast.ana)
    change_address(ana, "ben@example.org")
    for mail in mailoutbox:
        if "/confirm-email/" in mail.body:
            ana.post(link_in(mail))
            Client().post(link_in(mail))
    assert User.objects.get(pk=cast.ana.pk).email == "ana@example.org"
    assert User.objects.get(pk=cast.ben.pk).email == "ben@example.org"
    assert sign_in_as(Client(), "ben@example.org")["Location"] == "/"


def test_signing_out_takes_a_press(cast):
    client = Client()
    sign_in_as(client, "ana@example.org")
    assert "Sign out?" in client.get("/account/logout/").content.decode()
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)


def test_signing_in_gives_the_session_a_new_name(cast):
    client = Client()
    client.post("/details/", {"typed": "by a visitor"})
    before = client.cookies["sessionid"].value
    sign_in_as(client, "ana@example.org")
    assert client.cookies["sessionid"].value != before
    assert client.cookies["sessionid"]["httponly"]
    assert not client.cookies["sessionid"]["expires"], "it ends with the browser"


LEAVING = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x00//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    "/%0d%0aLocation:https://evil.example",
    "/\r\nLocation: https://evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "%2f%2fevil.example",
    "http://[::1",
    "//evil.example\\@testserver",
    "http:\\\\evil.example",
]


@pytest.mark.parametrize("next_", LEAVING)
def test_signing_in_or_out_never_leads_off_this_host(cast, next_):
    client, url = Client(), "/account/login/"
    page = client.get(url, {"next": next_}).content.decode()
    assert 'action="https://evil' not in page
    responses = [
        sign_in_as(client, "ana@example.org", next=next_),
        client.get(url, {"next": next_}),
    ]
    responses += [client.post("/account/reauthenticate/", {"password": PASSWORD, "next": next_})]
    responses += [client.post("/account/logout/", {"next": next_})]
    for response in responses:
        if response.status_code == 400:
            continue  # refused outright, before any page of ours read it
        to = response["Location"]
        assert response.status_code == 302
        assert urlsplit(to).netloc in {"", "testserver"}, to
        assert urlsplit(to).scheme in {"", "http"}, to
        assert re.match(r"/(?![/\\\s])|$|[?]|%2f", to), to
        assert not re.search(r"[\r\n\t\0]", to), to


def test_signing_in_leads_to_the_page_that_was_wanted(cast):
    client = Client()
    wanted = client.get("/seen-by-trainer/")["Location"]
    page = client.get(wanted).content.decode()
    hidden = re.search(r'name="next" value="([^"]+)"', page)[1]
    assert sign_in_as(client, "ana@example.org", next=hidden)["Location"] == "/seen-by-trainer/"


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser sends them back."""
    form = page[page.index(f'action="{action}"') :].split("</form>")[0]
    tags = re.findall(r'<input type="hidden"[^>]*>', form)
    return {
        re.search(r'name="([^"]+)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1] for tag in tags
    }


def ended(client: Client) -> None:
    """The session ends, as after twelve hours: its cookie is still sent, and means nothing any more."""
    client.session.flush()


def test_an_answer_sent_after_the_session_ended_is_offered_again(cast, course):
    """The learner signs in again, lands on the same item with the answer filled in, told that it is not saved yet."""
    client, attempt = Client(), begin_quiz(cast.ana, course)
    sign_in_as(client, "ana@example.org")
    url = reverse("courses:item", args=[attempt.key, 2])
    sent = fields_of(client.get(url).content.decode(), f"{url}save/")
    right = right_answer(drawn_item(attempt, 2))
    ended(client)

    away = client.post(f"{url}save/", {**sent, "option": right})
    assert away["Location"].startswith("/account/login/?next=")
    assert not attempt.responses.exists()
    back = sign_in_as(client, "ana@example.org", next=url)
    assert back["Location"] == url
    page = client.get(url).content.decode()
    assert "You were signed out before this answer was saved" in page
    assert page.split("<main")[1].count(" checked") == len(right)
    for key in right:
        assert re.search(rf'value="{key}"[^>]* checked', page)

    client.post(f"{url}save/", {**fields_of(page, f"{url}save/"), "option": right})
    assert attempt.responses.get().answer == right
    assert "You were signed out" not in client.get(url).content.decode()


def test_a_script_whose_session_ended_is_told_so(cast, course, sign_in):
    attempt = begin_quiz(cast.ana, course)
    url = reverse("courses:save-response", args=[attempt.key, 1])
    answer_ = {
        "option": right_answer(drawn_item(attempt, 1)),
        "event_id": uuid.uuid4(),
        "sequence": 1,
    }
    refused = Client().post(url, answer_, headers={"accept": "application/json"})
    assert refused.status_code == 401
    assert "Sign in" in refused.json()["error"]
    assert (
        sign_in(cast.ana).post(url, answer_, headers={"accept": "application/json"}).status_code
        == 200
    )


def test_words_sent_after_the_session_ended_are_offered_again_until_they_are_saved(cast, course):
    client = Client()
    learn(cast.ana, course, lessons=1)
    sign_in_as(client, "ana@example.org")
    step = reverse("courses:step", args=["tiny", "first-things", "writing"])
    action = reverse(
        "courses:answer-activity",
        args=["tiny", "first-things", "writing", page_name("first-things", "one-thing")],
    )
    sent = fields_of(client.get(step).content.decode(), action)
    ended(client)
    client.post(action, {**sent, "text": "She looked away, and I waited"})
    sign_in_as(client, "ana@example.org")

    page = client.get(step).content.decode()
    assert "She looked away, and I waited</textarea>" in page
    assert "You were signed out before this was saved" in page
    assert (
        ". Only you can see this"
        not in page.split(f'id="{page_name("first-things", "one-thing")}"')[1].split("</form>")[0]
    )
    assert not ActivityAnswer.objects.exists()
    assert "She looked away, and I waited</textarea>" in client.get(step).content.decode(), (
        "a reload loses nothing"
    )
    client.post(action, {**sent, "text": "She looked away, and I waited"})
    assert "You were signed out" not in client.get(step).content.decode()
    assert ActivityAnswer.objects.get().answer == "She looked away, and I waited"


def writing(client: Client, user: User, course: Course) -> tuple[str, str]:
    """Signs in where the first lesson is done: the address of a step to write in, and of its form."""
    learn(user, course, lessons=1)
    sign_in_as(client, user.email)
    names = ["tiny", "first-things", "writing"]
    client.get("/")
    return reverse("courses:step", args=names), reverse(
        "courses:answer-activity", args=[*names, "one-thing"]
    )


def test_words_that_are_refused_after_signing_in_again_take_the_place_of_the_first(
    client, cast, course
):
    step, action = writing(client, cast.ana, course)
    ended(client)
    client.post(action, {"text": "First words"})
    sign_in_as(client, "ana@example.org")
    page = client.post(action, {"text": "Longer words " * 500})
    assert page.status_code == 400
    assert "Longer words" in page.content.decode()
    assert "First words" not in page.content.decode()
    assert "First words" in client.get(step).content.decode(), (
        "nothing was saved, so nothing is dropped"
    )


def test_words_sent_after_the_session_ended_can_be_thrown_away(client, cast, course):
    step, action = writing(client, cast.ana, course)
    ended(client)
    client.post(action, {"text": "Not these words"})
    sign_in_as(client, "ana@example.org")
    assert 'name="discard_unsent"' in client.get(step).content.decode()
    assert client.post(action, {"discard_unsent": "yes"})["Location"] == step
    page = client.get(step).content.decode()
    assert "Not these words" not in page
    assert "discard_unsent" not in page
    assert not ActivityAnswer.objects.exists()


def test_the_newest_three_forms_wait_each_for_its_own_page(client, cast, course):
    step, action = writing(client, cast.ana, course)
    ended(client)
    deeds = [
        action,
        action.replace("one-thing", "own-words"),
        "/courses/tiny/lessons/a/b/c/answer/",
    ]
    for number, path in enumerate(deeds):
        client.post(path, {"text": f"Words {number}"})
    client.post(action, {"text": "Newer words"})
    assert [form["path"] for form in client.session["unsent_forms"]] == [deeds[1], deeds[2], action]
    client.post("/courses/tiny/lessons/a/b/d/answer/", {"text": "Words 4"})
    assert [form["path"] for form in client.session["unsent_forms"]][:2] == [deeds[2], action]
    sign_in_as(client, "ana@example.org")
    assert "Newer words</textarea>" in client.get(step).content.decode()


def test_what_a_session_of_the_first_release_holds_is_offered_too(client, cast, course):
    step, action = writing(client, cast.ana, course)
    session = client.session
    session["unsent"] = {
        "path": action,
        "data": "text=Older+words",
        "who": client.cookies["who"].value,
    }
    session.save()
    assert "Older words</textarea>" in client.get(step).content.decode()
    client.post(action, {"text": "Older words"})
    assert "You were signed out" not in client.get(step).content.decode()
    assert "unsent" not in client.session


def test_words_sent_after_the_session_ended_are_not_shown_to_who_signs_in_next(cast, course):
    """A shared laptop: Ana's session ends while she writes, she sends it and leaves; Ben signs in and opens that step."""
    learn(cast.ana, course, lessons=1)
    learn(cast.ben, course, lessons=1)
    client = Client()
    sign_in_as(client, "ana@example.org")
    step = reverse("courses:step", args=["tiny", "first-things", "writing"])
    action = reverse(
        "courses:answer-activity",
        args=["tiny", "first-things", "writing", page_name("first-things", "one-thing")],
    )
    sent = fields_of(client.get(step).content.decode(), action)
    ended(client)
    client.post(action, {**sent, "text": "She looked away, and I waited"})
    sign_in_as(client, "ben@example.org")
    assert "She looked away" not in client.get(step).content.decode()


def test_an_intention_sent_after_the_session_ended_is_offered_again(cast, course):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, attempt.opened_at)
    client = Client()
    sign_in_as(client, "ana@example.org")
    page = client.post("/courses/tiny/certificate/", {"name": "Ana"})["Location"]
    sent = fields_of(client.get(page).content.decode(), f"{page}intention/")
    ended(client)
    client.post(f"{page}intention/", {**sent, "intention": "Sit down first"})
    sign_in_as(client, "ana@example.org")
    for _ in range(2):
        assert "Sit down first</textarea>" in client.get(page).content.decode()
    assert Enrolment.objects.get(user=cast.ana).intention == ""
    client.post(f"{page}intention/", {**sent, "intention": "Sit down first"})
    assert "You were signed out" not in client.get(page).content.decode()
    assert Enrolment.objects.get(user=cast.ana).intention == "Sit down first"


def test_a_deed_without_words_is_done_after_signing_in_again_by_another_press(cast, client):
    """Signing in alone does nothing that was not pressed."""
    before = rows()
    client.post(reverse("courses:enrol", args=["tiny"]))
    sign_in_as(client, "ana@example.org")
    client.get("/courses/tiny/")
    assert rows() == before


def test_too_much_text_is_not_carried_over_a_sign_in(cast, course, client):
    learn(cast.ana, course, lessons=1)
    action = reverse(
        "courses:answer-activity", args=["tiny", "first-things", "writing", "one-thing"]
    )
    page = client.post(action, {"text": "x" * 31_000}, follow=True)
    assert "too long to be kept" in page.content.decode()
    assert "unsent_forms" not in client.session
