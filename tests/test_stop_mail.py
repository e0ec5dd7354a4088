"""One press in a mail stops such mails: without signing in, for this person alone, and back again."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import User
from courses.reminders.stop_links import DIGESTS, REMINDERS, stop_url
from tests.test_access import rows

HOST = "http://127.0.0.1:8000"


def path(user: User, kind: str = REMINDERS) -> str:
    return stop_url(user.key, kind).removeprefix(HOST)


def test_it_works(cast):
    """Looking changes nothing; a press stops; another press starts again."""
    browser, before = Client(), rows()
    page = browser.get(path(cast.ana))
    assert "Stop reminders</button>" in page.content.decode()
    assert rows() == before
    page = browser.post(path(cast.ana), {"reminders": "off"})
    assert page.status_code == 200, "no redirect: RFC 8058"
    assert "Stopped." in page.content.decode()
    assert not User.objects.get(pk=cast.ana.pk).wants_reminders
    assert "Switch them on again" in browser.get(path(cast.ana)).content.decode()
    browser.post(path(cast.ana), {"reminders": "on"})
    assert User.objects.get(pk=cast.ana.pk).wants_reminders


def test_a_mail_program_stops_them_with_one_request(cast):
    """As RFC 8058 sends it: a POST without cookies, and so without a form token."""
    program = Client(enforce_csrf_checks=True)
    page = program.post(path(cast.ana), {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    assert not User.objects.get(pk=cast.ana.pk).wants_reminders


@pytest.mark.parametrize("data", [{}, {"reminders": "perhaps"}, {"List-Unsubscribe": "Two"}])
def test_a_post_that_asks_for_nothing_changes_nothing(cast, data):
    before = rows()
    assert Client().post(path(cast.ana), data).status_code == 200
    assert rows() == before


def test_two_presses_are_as_one(cast):
    for _ in range(2):
        Client().post(path(cast.ana), {"reminders": "off"})
    assert not User.objects.get(pk=cast.ana.pk).wants_reminders


def test_digests_and_reminders_are_stopped_apart(cast):
    Client().post(path(cast.tess, DIGESTS), {"List-Unsubscribe": "One-Click"})
    tess = User.objects.get(pk=cast.tess.pk)
    assert (tess.wants_digests, tess.wants_reminders) == (False, True)
    assert User.objects.filter(wants_digests=False).count() == 1


def test_it_says_nobodys_name_or_address(cast):
    page = Client().get(path(cast.ana)).content.decode()
    assert "Ana" not in page
    assert "ana@example.org" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_is_not_ours_stops_nothing(cast, method):
    before = rows()
    good = path(cast.ana).rstrip("/").split("/")[-1]
    key, signature = good.split(".")
    wrong = [
        f"{cast.ben.key.hex}.{signature}",
        f"{key}.{signature[:-1]}x",
        key,
        "x",
        f"{key}.",
        f"{key}.{'ü' * 40}",
    ]
    for token in wrong:
        url = reverse("courses:stop-mail", args=[REMINDERS, token])
        assert getattr(Client(), method)(url).status_code == 404
    # A link of one kind is none of the other, and there is no third kind.
    for kind in (DIGESTS, "all"):
        url = reverse("courses:stop-mail", args=[kind, good])
        assert getattr(Client(), method)(url).status_code == 404
    assert rows() == before


def test_a_closed_account_has_nothing_to_stop(cast):
    url = path(cast.ana)
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert Client().get(url).status_code == 404
