"""What counts at the entrances: wrong passwords slow down, then a mailed code is asked for; nobody is locked out."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db.models import F
from django.test import Client

from courses.models import RateLimit
from courses.people.models import User
from courses.people.sign_in_limits import account_key
from tests.conftest import PASSWORD, headers_of
from tests.test_accounts import (
    NEW,
    answer,
    choose_new_password,
    counted,
    is_signed_in,
    sign_in_as,
    sign_up,
)

__all__ = ["counted"]
ANA, NOBODY = "ana@example.org", "nobody@example.org"
BY_MAIL = "we ask for a code by email instead of the password"


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def page_of(client: Client, email: str, password: str = "guess") -> str:
    return sign_in_as(client, email, password).content.decode()


def is_in(client: Client, email: str, password: str = PASSWORD) -> bool:
    return sign_in_as(client, email, password).status_code == 302


def pass_time(**time: float) -> None:
    """So much time goes by for all that was counted."""
    gone = timedelta(**time)
    RateLimit.objects.update(ends_at=F("ends_at") - gone, next_at=F("next_at") - gone)


def code_in(mail: object) -> str:
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.body, re.MULTILINE)[0]


def ask_code(client: Client, email: str = ANA) -> object:
    return client.post("/account/login/code/", {"email": email})


def type_code(client: Client, code: str) -> object:
    return client.post("/account/login/code/confirm/", {"code": code})


@pytest.fixture
def limit(settings):
    """Lowers limits for one test."""

    def set_to(**limits: tuple[int, ...]) -> None:
        given = {name.replace("_", "-"): numbers for name, numbers in limits.items()}
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, **given}

    return set_to


def test_it_works(cast, mailoutbox):
    """Five wrong passwords, then a wait of a minute that the page says; a mailed code goes in at once."""
    client = Client()
    for _ in range(5):
        assert "Too many" not in page_of(client, ANA)
    refused = page_of(client, ANA, PASSWORD)
    assert "Too many wrong passwords" in refused
    assert "we wait for 1 minute" in refused
    assert 'value="ana@example.org"' in refused
    assert "/account/login/code/" in refused

    assert ask_code(client)["Location"] == "/account/login/code/confirm/"
    assert (
        "Type the code from your email"
        in client.get("/account/login/code/confirm/").content.decode()
    )
    assert [mail.to for mail in mailoutbox] == [[ANA]]
    assert type_code(client, code_in(mailoutbox[0]))["Location"] == "/"
    assert is_signed_in(client)


def test_the_wait_doubles_up_to_fifteen_minutes(cast):
    client = Client()
    for _ in range(5):
        page_of(client, ANA)
    for minutes in (1, 2, 4, 8, 15, 15):
        words = f"we wait for {minutes} minute"
        assert words in page_of(client, ANA)
        pass_time(minutes=minutes)
        assert "Too many" not in page_of(client, ANA)
    pass_time(minutes=15)
    assert is_in(client, ANA), "the right one goes in after each wait"


def test_right_passwords_are_never_counted(cast):
    for _ in range(12):
        assert is_in(Client(), ANA)
    ana = Client()
    sign_in_as(ana, ANA)
    for _ in range(12):
        assert ana.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert not RateLimit.objects.filter(scope__startswith="password", hits__gt=0).exists()


def test_an_empty_form_is_no_wrong_password(cast):
    client = Client()
    for _ in range(40):
        assert client.post("/account/login/", {"login": ANA, "password": ""}).status_code == 200
    assert is_in(client, ANA)


def test_wrong_passwords_close_no_door_to_others_behind_the_address(cast):
    """A stranger on the same wireless network guesses at Ana, and at many who have no account."""
    for _ in range(6):
        page_of(Client(), ANA)
    for n in range(60):
        assert "Too many" not in page_of(Client(), f"person{n}@example.org")
    for who in (cast.ben, cast.tess, cast.mo):
        assert is_in(Client(), who.email)


def test_wrong_passwords_from_elsewhere_do_not_slow_the_owner_down(cast):
    for n in range(30):
        page_of(at(f"10.0.0.{n}"), ANA)
    assert is_in(at("10.0.1.1"), ANA)


def test_after_fifty_wrong_ones_from_everywhere_a_mailed_code_is_asked_for(cast, mailoutbox):
    """Not even the right password is looked at; the mailed code goes in; an hour later the password does."""
    for n in range(50):
        assert "Too many" not in page_of(at(f"10.0.0.{n}"), ANA)
    stranger = at("10.0.1.1")
    for password in ("guess", PASSWORD):
        page = page_of(stranger, ANA, password)
        assert BY_MAIL in page
        assert "/account/login/code/" in page
    assert is_in(stranger, "ben@example.org")

    ana = at("10.0.1.2")
    ask_code(ana)
    assert type_code(ana, code_in(mailoutbox[-1]))["Location"] == "/"
    pass_time(hours=1)
    assert is_in(at("10.0.1.3"), ANA)


def test_who_signed_in_from_here_of_late_goes_on_by_password(cast):
    """Strangers anywhere do not even make Ana ask for a code at her desk."""
    desk = "10.0.7.7"
    assert is_in(at(desk), ANA)
    for n in range(60):
        page_of(at(f"10.0.0.{n}"), ANA)
    assert is_in(at(desk), ANA)
    assert is_in(at(desk), ANA)
    assert BY_MAIL in page_of(at("10.0.8.8"), ANA, PASSWORD)
    pass_time(days=30)
    for n in range(60):
        page_of(at(f"10.0.0.{n}"), ANA)
    assert BY_MAIL in page_of(at(desk), ANA, PASSWORD)


def test_an_address_with_very_many_wrong_ones_is_asked_for_codes(cast, limit, mailoutbox):
    """But who signed in from there of late has one try, and everybody else a code by mail."""
    limit(password_address=(20, 3600))
    assert is_in(Client(), ANA)
    for n in range(20):
        page_of(Client(), f"person{n}@example.org")
    assert is_in(Client(), ANA)
    assert BY_MAIL in page_of(Client(), "ben@example.org", PASSWORD)
    assert is_in(at("10.0.0.9"), "ben@example.org")
    ben = Client()
    ask_code(ben, "ben@example.org")
    assert type_code(ben, code_in(mailoutbox[-1]))["Location"] == "/"


def test_being_asked_for_a_code_is_the_same_for_every_address(cast, limit, counted):
    """For one that signed in from here, for one that did not and for an unknown one; and it takes as long."""
    limit(password_address=(20, 3600))
    for who in (cast.ana, cast.ben):
        who.set_password(PASSWORD)
        who.save()
    assert is_in(Client(), ANA)
    for n in range(20):
        page_of(Client(), f"person{n}@example.org")
    answers, hashed = [], []
    for email in (ANA, "ben@example.org", NOBODY):
        counted.clear()
        answers.append(answer(sign_in_as(Client(), email, "guess"), email))
        hashed.append(len(counted))
    assert answers[0] == answers[1] == answers[2]
    assert BY_MAIL in answers[0][2]
    assert hashed == [1, 1, 1]


def test_slowing_down_is_the_same_for_an_unknown_address(cast):
    answers = []
    for email in (ANA, NOBODY):
        tried = [answer(sign_in_as(Client(), email, "guess"), email) for _ in range(7)]
        answers.append(tried)
    assert answers[0] == answers[1]
    assert "Too many" in answers[0][-1][2]


@pytest.mark.parametrize(
    "other", ["ANA@Example.org", " ana@example.org ", "ana@EXAMPLE.ORG", "Ana@example.org"]
)
def test_another_way_to_write_an_address_is_no_new_count(cast, other):
    for _ in range(5):
        page_of(Client(), ANA)
    assert "Too many" in page_of(Client(), other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("i@ice.example", "ı@ıce.example"),
        ("sam@s.example", "ſam@ſ.example"),
        ("k@k.example", "\u212a@\u212a.example"),
        ("ana@example.org", "ａｎａ@example.org"),
    ],
)
def test_letters_that_a_database_takes_for_one_another_count_as_one(one, other):
    """PostgreSQL compares in upper case, where these are the same."""
    assert account_key(one) == account_key(other)


def test_a_new_password_by_mail_clears_what_was_wrong(cast, mailoutbox):
    for n in range(50):
        page_of(at(f"10.0.0.{n}"), ANA)
    ana = at("10.0.2.1")
    for _ in range(6):
        page_of(ana, ANA)
    choose_new_password(ana, mailoutbox, "a-quieter-baby")
    assert is_in(ana, ANA, "a-quieter-baby")


def test_who_is_flooded_with_mails_is_not_locked_out(cast, mailoutbox):
    """Strangers use up Ana's passwords, codes and links: the newest link in her mail still works."""
    for n in range(50):
        page_of(at(f"10.0.0.{n}"), ANA)
    for n in range(12):
        stranger = at(f"10.0.3.{n}")
        ask_code(stranger)
        stranger.post("/account/password/reset/", {"email": ANA})
        pass_time(minutes=1)
    links = [mail for mail in mailoutbox if "/password/reset/key/" in mail.body]
    assert len(links) == 10
    assert len(mailoutbox) == 20

    ana = at("10.0.4.1")
    assert "choose “Forgot your password?”" in ask_code(ana).content.decode()
    asked = ana.post("/account/password/reset/", {"email": ANA}).content.decode()
    assert "several mails in the last hour" in asked
    assert "Open the newest one" in asked
    key = re.search(r"https?://[^/]+(\S+)", links[-1].body)[1]
    form = ana.get(key)["Location"]
    ana.post(form, {"password1": "a-quieter-baby", "password2": "a-quieter-baby"})
    assert is_in(ana, ANA, "a-quieter-baby")


@pytest.mark.parametrize("url", ["/account/password/reset/", "/account/login/code/"])
def test_one_mail_a_minute_and_ten_an_hour_for_a_recipient(cast, mailoutbox, url):
    """Of each kind, whoever asks; and the page says so, in the same words for an unknown address."""
    for email in (ANA, NOBODY):
        mailoutbox.clear()
        for n in range(10):
            assert at(f"10.0.0.{n}").post(url, {"email": email}).status_code == 302
            again = at("10.0.1.1").post(url, {"email": email.upper()}).content.decode()
            assert "We sent a mail to this address a moment ago" in again
            assert "Ask again in 1 minute" in again
            pass_time(minutes=1)
        assert "in the last hour" in at("10.0.1.2").post(url, {"email": email}).content.decode()
        assert len(mailoutbox) == 10
    pass_time(minutes=51)
    assert at("10.0.1.2").post(url, {"email": ANA}).status_code == 302


def test_mails_asked_for_from_one_address_end_somewhere(cast, limit, mailoutbox):
    """Nobody uses the site to write to a thousand strangers."""
    limit(mail_address=(6, 3600))
    for n in range(3):
        ask_code(Client(), f"person{n}@example.org")
        Client().post("/account/password/reset/", {"email": f"other{n}@example.org"})
    page = ask_code(Client(), ANA).content.decode()
    assert "Very many mails were asked for from your network" in page
    assert "Ask again in 1 hour" in page
    assert len(mailoutbox) == 6
    assert ask_code(at("10.0.0.9"), ANA).status_code == 302


def test_a_sign_up_twice_sends_one_mail_and_says_so(course, mailoutbox):
    """A double press; and once more a minute later, when the account is there."""
    first, second, third = Client(), Client(), Client()
    assert sign_up(first)["Location"] == sign_up(second)["Location"] == "/account/confirm-email/"
    assert len(mailoutbox) == 1
    assert "We are sending a link to nia" in first.get("/account/confirm-email/").content.decode()
    page = second.get("/account/confirm-email/").content.decode()
    assert "We sent a mail to this address a moment ago" in page
    assert "We are sending a link to nia" not in page
    pass_time(minutes=1)
    sign_up(third)
    assert len(mailoutbox) == 2


def test_signing_in_before_confirming_sends_one_link_a_minute(course, mailoutbox):
    sign_up(Client())
    for expected in (1, 2):
        client = Client()
        assert (
            sign_in_as(client, NEW["email"], NEW["password1"])["Location"]
            == "/account/confirm-email/"
        )
        assert len(mailoutbox) == expected
        pass_time(minutes=1)


def test_a_change_of_address_sends_one_mail_a_minute_to_it(cast, sign_in, mailoutbox):
    for who in (cast.ana, cast.ben):
        client = Client()
        sign_in_as(client, who.email)
        asked = client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
        client.post(asked["Location"], {"password": PASSWORD, "next": "/account/email/"})
    assert len([mail for mail in mailoutbox if mail.to == ["new@example.org"]]) == 1


def test_sign_ups_are_counted_against_floods_alone(course, limit):
    limit(sign_up_address=(6, 3600))
    for n in range(6):
        assert sign_up(Client(), email=f"person{n}@example.org").status_code == 302
        sign_up(Client(), name="")  # a slip makes no account, and does not count
    refused = sign_up(Client())
    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600
    page = refused.content.decode()
    assert "Wait 1 hour" in page
    assert "/account/login/code/" in page
    assert not User.objects.filter(email=NEW["email"]).exists()
    assert sign_up(at("10.0.0.9")).status_code == 302


def test_a_flood_of_sign_ups_is_answered_alike_for_a_known_address(cast, limit):
    limit(sign_up_address=(1, 3600))
    sign_up(Client())
    first, second = sign_up(Client(), email=ANA), sign_up(Client(), email=NOBODY)
    assert answer(first) == answer(second)
    assert first.status_code == 429


def test_a_known_address_asks_for_a_code_like_an_unknown_one(cast, mailoutbox):
    """The same status, words, cookies and headers at each step; the mail says whether there is an account."""
    known, unknown = Client(), Client()
    first, second = ask_code(known), ask_code(unknown, NOBODY)
    assert answer(first) == answer(second)
    assert headers_of(first) == headers_of(second)
    assert set(known.cookies) == set(unknown.cookies)
    page = first["Location"]
    assert answer(known.get(page), ANA) == answer(unknown.get(page), NOBODY)
    for _ in range(6):
        assert answer(type_code(known, "BCDF-GHJK"), ANA) == answer(
            type_code(unknown, "BCDF-GHJK"), NOBODY
        )
    assert [mail.to for mail in mailoutbox] == [[ANA], [NOBODY]]
    assert "No account has this address" in mailoutbox[1].body


def test_five_wrong_codes_end_a_mailed_code(cast, mailoutbox):
    """Not even the right one goes in then; another code does. Somebody else's wrong codes are not hers."""
    ana, stranger = Client(), at("10.0.0.9")
    ask_code(ana)
    right = code_in(mailoutbox[0])
    for _ in range(4):
        page = type_code(ana, "BCDF-GHJK")
        assert "This is not the newest code we sent" in page.content.decode()
    assert type_code(ana, "BCDF-GHJK")["Location"] == "/account/login/code/"
    assert type_code(ana, right).status_code == 302
    assert not is_signed_in(ana)

    pass_time(minutes=1)
    ask_code(stranger)
    pass_time(minutes=1)
    for _ in range(5):
        type_code(stranger, "BCDF-GHJK")
    ask_code(ana)
    assert type_code(ana, code_in(mailoutbox[-1]).lower().replace("-", " "))["Location"] == "/"
    assert is_signed_in(ana)


def test_a_session_that_is_put_back_has_no_more_tries_at_a_code(cast, mailoutbox):
    """Requests side by side each see the session as it was: the count of wrong codes is not in it."""
    stranger = Client()
    ask_code(stranger)
    before = dict(stranger.session)
    for _ in range(5):
        type_code(stranger, "BCDF-GHJK")
        session = stranger.session
        session.update(before)
        session.save()
    type_code(stranger, code_in(mailoutbox[0]))
    assert not is_signed_in(stranger)


def test_a_code_confirms_an_address(course, mailoutbox):
    """Who has the mail has the address: signing in by code is as good as the link."""
    sign_up(Client())
    client = Client()
    ask_code(client, NEW["email"])
    assert type_code(client, code_in(mailoutbox[-1]))["Location"] == "/"
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)


def test_a_code_leads_to_the_page_that_was_wanted(cast, mailoutbox):
    client = Client()
    page = client.get("/account/login/", {"next": "/seen-by-trainer/"}).content.decode()
    asking = re.search(r'href="(/account/login/code/[^"]*)"', page)[1]
    form = client.get(asking).content.decode()
    hidden = re.search(r'name="next" value="([^"]+)"', form)[1]
    to = client.post("/account/login/code/", {"email": ANA, "next": hidden})["Location"]
    hidden = re.search(r'name="next" value="([^"]+)"', client.get(to).content.decode())[1]
    done = client.post(
        "/account/login/code/confirm/", {"code": code_in(mailoutbox[0]), "next": hidden}
    )
    assert done["Location"] == "/seen-by-trainer/"


def test_a_code_is_not_sent_to_somebody_who_may_not_sign_in(cast, mailoutbox):
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    client = Client()
    assert ask_code(client)["Location"] == "/account/login/code/confirm/"
    assert "No account has this address" in mailoutbox[0].body


@pytest.mark.parametrize(
    ("url", "field", "more"),
    [
        ("/account/reauthenticate/", "password", {}),
        (
            "/account/password/change/",
            "oldpassword",
            {"password1": "a-quieter-baby", "password2": "a-quieter-baby"},
        ),
    ],
)
def test_an_open_laptop_is_no_place_to_guess_the_password(cast, sign_in, url, field, more):
    """The old password, asked for again inside, counts with those at the sign-in page."""
    ana = sign_in(cast.ana)
    for _ in range(5):
        page = ana.post(url, {field: "guess", **more})
        assert page.status_code == 200
        assert "Too many" not in page.content.decode()
    assert "we wait for 1 minute" in ana.post(url, {field: PASSWORD, **more}).content.decode()
    assert User.objects.get(pk=cast.ana.pk).check_password(PASSWORD)
    assert "Too many" in page_of(Client(), ANA, PASSWORD)
    pass_time(minutes=1)
    assert ana.post(url, {field: PASSWORD, **more}).status_code == 302


def test_who_is_signed_in_is_told_what_to_do_instead_of_the_password(cast, sign_in, limit):
    limit(password_account=(3, 3600))
    for n in range(3):
        page_of(at(f"10.0.0.{n}"), ANA)
    page = (
        sign_in(cast.ana).post("/account/reauthenticate/", {"password": PASSWORD}).content.decode()
    )
    assert "we do not take the password here" in page
    assert "Sign out, then choose" in page


def test_no_address_stands_in_a_row(cast, mailoutbox):
    client = Client(REMOTE_ADDR="10.11.12.13")
    page_of(client, ANA)
    ask_code(client)
    type_code(client, code_in(mailoutbox[0]))
    written = str(list(RateLimit.objects.values()))
    for private in (ANA, "ana", "10.11.12.13", code_in(mailoutbox[0])):
        assert private not in written
