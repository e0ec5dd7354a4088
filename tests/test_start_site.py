"""`manage.py start_site`: the first administrator, and a link to choose a password, also where there is no mail yet."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command

from courses.people.models import User

SMTP = "smtp://127.0.0.1:1"  # nobody listens there


@pytest.fixture
def with_mail(settings) -> None:
    settings.EMAIL_URL = SMTP


def links(text: str) -> list[str]:
    return re.findall(r"http://127\.0\.0\.1:8000(/account/\S+)", text)


def start(capsys, *arguments: str) -> str:
    call_command("start_site", *arguments)
    return capsys.readouterr().out


def test_it_works(db, client, capsys, with_mail):
    said = start(capsys, " Sam@Example.org ", "--name", "Sam")
    sam = User.objects.get(email="sam@example.org")
    assert (sam.name, sam.is_staff, sam.is_superuser, sam.has_usable_password()) == (
        "Sam",
        True,
        True,
        False,
    )
    assert EmailAddress.objects.filter(user=sam, verified=True, primary=True).exists()
    (link,) = links(mail.outbox[0].body)
    assert links(said) == []
    assert "sam@example.org" in said

    page = client.get(link, follow=True)
    password = {"password1": "a-long-quiet-word", "password2": "a-long-quiet-word"}
    client.post(page.request["PATH_INFO"], password)
    fields = {"login": "sam@example.org", "password": "a-long-quiet-word"}
    assert client.post("/account/login/", fields).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert 'name="password1"' not in client.get(link, follow=True).content.decode()  # it works once


def test_the_link_is_printed_where_there_is_no_mail_yet(db, capsys):
    assert len(links(start(capsys, "sam@example.org"))) == 1
    assert mail.outbox == []


def test_the_link_is_printed_where_that_is_asked(db, capsys, with_mail):
    assert len(links(start(capsys, "sam@example.org", "--print-link"))) == 1
    assert mail.outbox == []


def test_the_link_is_printed_where_the_mail_server_is_down(db, capsys, settings):
    settings.EMAIL_URL = SMTP
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    said = start(capsys, "sam@example.org")
    assert len(links(said)) == 1
    assert "could not be sent" in said


def test_a_second_call_sends_another_link_to_the_same_person(db, capsys, with_mail):
    start(capsys, "sam@example.org")
    start(capsys, "SAM@example.org")
    assert User.objects.count() == 1
    assert len(mail.outbox) == 2


def test_there_is_one_administrator_unless_another_is_asked_for(db, capsys, with_mail):
    start(capsys, "sam@example.org")
    with pytest.raises(CommandError, match="--another"):
        call_command("start_site", "rhea@example.org")
    assert User.objects.count() == 1
    start(capsys, "rhea@example.org", "--another")
    assert User.objects.filter(is_superuser=True).count() == 2


def test_nobody_with_an_account_becomes_an_administrator_by_it(cast, capsys):
    """Whoever made that account knows its password."""
    with pytest.raises(CommandError, match="has an account"):
        call_command("start_site", "ana@example.org")
    cast.ana.refresh_from_db()
    assert not cast.ana.is_superuser


@pytest.mark.parametrize("address", ["sam", "", "sam@", "a b@example.org"])
def test_what_is_no_address_is_refused_with_a_sentence(db, address):
    with pytest.raises(CommandError, match="is not an e-mail address"):
        call_command("start_site", address)
    assert not User.objects.exists()
