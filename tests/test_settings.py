"""The start: every setting is checked, a wrong one stops it with its name, its value and what is allowed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse

from courses.web.starting import OWN_WORD_NAMES

ROOT = Path(__file__).parent.parent
READ = {
    "DEBUG",
    "DEMO",
    "VAR_DIR",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
}
READ |= {"EMAIL_FROM", "BEHIND_PROXY", "PROXIES", "RATE_LIMITS", "DJANGO_SETTINGS_MODULE"}
READ |= {"DATABASE_TIMEOUT", "LOG_FORMAT", "WEB_HOSTS"}
READ |= {"EMAIL_TIMEOUT", "MAIL_DELIVERY"}
READ |= {"RUN_BY", "SUPPORT_EMAIL", *OWN_WORD_NAMES}
READ |= {"COHORTS_STARTED_BY", "COHORTS_A_DAY"}
READ |= {"INVITATIONS_A_DAY", "CONFIRMED_INVITATIONS_A_DAY"}
PUBLIC = {
    "SITE_URL": "https://notice.example",
    "ALLOWED_HOSTS": "notice.example",
    "SECRET_KEY": "a key of a public site, " * 3,
    "EMAIL_URL": "smtp+tls://me:hush-hush@mail.example:587",
    "BEHIND_PROXY": "1",
    "RUN_BY": "Riverside Health Board",
    "SUPPORT_EMAIL": "help@notice.example",
    **{name: f"our words for {name}" for name in OWN_WORD_NAMES},
}


def start(folder: Path, code: str = "", **given: str) -> subprocess.CompletedProcess[str]:
    """A process of its own that reads the settings from these variables and no others, then runs the code."""
    plain = {name: value for name, value in os.environ.items() if name not in READ}
    environment = {
        **plain,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "elearn.settings",
        **given,
    }
    lines = f"import json\nfrom elearn import settings as s\n{code}"
    return subprocess.run(
        [sys.executable, "-c", lines], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def settings_of(folder: Path, *names: str, **given: str) -> dict[str, object]:
    """What these settings are, started like this."""
    code = f"print(json.dumps({{name: getattr(s, name) for name in {names}}}, default=str))"
    said = start(folder, code, **given)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_it_works(tmp_path):
    found = settings_of(
        tmp_path,
        "DEBUG",
        "DEMO",
        "SITE_URL",
        "DATABASES",
        "CACHES",
        "EMAIL_BACKEND",
        "OUTBOX_TRANSPORT",
    )
    assert (found["DEBUG"], found["DEMO"], found["SITE_URL"]) == (
        False,
        False,
        "http://127.0.0.1:8000",
    )
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "db.sqlite3")
    assert found["CACHES"]["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    assert found["EMAIL_BACKEND"] == "courses.web.mail.outbox.EmailBackend"
    assert found["OUTBOX_TRANSPORT"] == "courses.web.mail.outbox.MailFolder"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DEMO": "maybe"}, ["DEMO='maybe'", "allowed are 1, true, on, 0, false, off"]),
        ({"DEMO": "2"}, ["DEMO='2'", "allowed are 1"]),
        ({"DEBUG": "yes"}, ["DEBUG='yes'", "allowed are 1"]),
        ({"BEHIND_PROXY": "nginx"}, ["BEHIND_PROXY='nginx'", "allowed are 1"]),
        ({"PROXIES": "nginx"}, ["PROXIES='nginx'", "from 0 to 9"]),
        ({"PROXIES": "-1"}, ["PROXIES='-1'", "from 0 to 9"]),
        ({"PROXIES": "0", "BEHIND_PROXY": "1"}, ["PROXIES='0'", "with BEHIND_PROXY=1"]),
        (
            {"RATE_LIMITS": "sign-ups=5/60"},
            ["'sign-ups=5/60'", "NAME=HITS/SECONDS", "sign-up-address"],
        ),
        ({"RATE_LIMITS": "sign-up-address=5"}, ["'sign-up-address=5'", "NAME=HITS/SECONDS"]),
        ({"RATE_LIMITS": "sign-up-address=0/60"}, ["'sign-up-address=0/60'", "from 1"]),
        ({"RATE_LIMITS": "mail-hour=20/3600,mail-moment=x/60"}, ["'mail-moment=x/60'"]),
        (
            {"DEMO": "1", "ALLOWED_HOSTS": "notice.example"},
            ["DEMO=1", "'notice.example'", "only local hosts"],
        ),
        ({"DEMO": "on", "ALLOWED_HOSTS": "127.0.0.1,*"}, ["DEMO=1", "'*'", "only local hosts"]),
        (
            {"DEMO": "true", "ALLOWED_HOSTS": "localhost,.local"},
            ["DEMO=1", "'.local'", "only local hosts"],
        ),
        ({"DEMO": "1", "ALLOWED_HOSTS": "0.0.0.0"}, ["DEMO=1", "'0.0.0.0'", "only local hosts"]),
        (
            {"DEMO": "1", "SITE_URL": "http://notice.example"},
            ["DEMO=1", "'notice.example'", "only local hosts"],
        ),
        (
            {"DEBUG": "1", "ALLOWED_HOSTS": "notice.example"},
            ["DEBUG=1", "'notice.example'", "local hosts"],
        ),
        (
            {"DATABASE_URL": "mysql://root:hush@db/x"},
            ["DATABASE_URL", "'mysql'", "postgres, postgresql, sqlite"],
        ),
        (
            {"DATABASE_URL": "db.sqlite3"},
            ["DATABASE_URL", "'db.sqlite3'", "postgres, postgresql, sqlite"],
        ),
        ({"REDIS_URL": "http://:hush@cache:6379"}, ["REDIS_URL", "'http'", "redis, rediss"]),
        ({"EMAIL_URL": "ftp://me:hush@mail"}, ["EMAIL_URL", "'ftp'", "smtp"]),
        ({"LOG_FORMAT": "xml"}, ["LOG_FORMAT='xml'", "json, text"]),
        ({"DATABASE_TIMEOUT": "soon"}, ["DATABASE_TIMEOUT='soon'", "0 to 86400"]),
        ({"EMAIL_TIMEOUT": "soon"}, ["EMAIL_TIMEOUT='soon'", "1 to 120"]),
        ({"EMAIL_TIMEOUT": "0"}, ["EMAIL_TIMEOUT='0'", "1 to 120"]),
        ({"MAIL_DELIVERY": "cron"}, ["MAIL_DELIVERY='cron'", "after-response, worker"]),
        ({"SITE_URL": "ftp://notice.example"}, ["SITE_URL", "'ftp'", "http, https"]),
        ({"SITE_URL": "notice.example"}, ["SITE_URL", "'notice.example'", "http, https"]),
        (
            {"COHORTS_STARTED_BY": "nobody"},
            ["COHORTS_STARTED_BY='nobody'", "anybody, confirmed, invited"],
        ),
        ({"COHORTS_A_DAY": "many"}, ["COHORTS_A_DAY='many'", "allowed are 1 to 1000"]),
        ({"COHORTS_A_DAY": "0"}, ["COHORTS_A_DAY='0'", "allowed are 1 to 1000"]),
        ({"SECRET_KEY": "hush-hush"}, ["SECRET_KEY", "9 characters", "50 or more"]),
        ({"SECRET_KEY": "h" * 49}, ["SECRET_KEY", "49 characters", "50 or more"]),
    ],
    ids=str,
)
def test_a_wrong_value_stops_the_start_with_what_is_allowed(tmp_path, given, words):
    said = start(tmp_path, **given)
    assert said.returncode == 1, given
    assert "ImproperlyConfigured: this site does not start:" in said.stderr
    last = said.stderr.partition("ImproperlyConfigured: ")[2]
    assert [word for word in words if word not in last] == []


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY"])
def test_what_is_secret_in_a_wrong_value_is_not_printed(tmp_path, name):
    wrong = {"SECRET_KEY": "hush-hush"}.get(name, "ftp://me:hush-hush@somewhere/x")
    said = start(tmp_path, **{name: wrong})
    assert said.returncode == 1
    assert "hush" not in said.stderr + said.stdout


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "SITE_URL", "VAR_DIR", "REDIS_URL", "EMAIL_URL", "SECRET_KEY"]
)
def test_an_empty_value_is_none_given(tmp_path, name):
    """`SITE_URL=` in a file of settings means the default, not half a site."""
    key = {} if name == "SECRET_KEY" else {"SECRET_KEY": "a key of some site, " * 3}
    kept = ("SITE_URL", "DATABASES", "DEFAULT_FROM_EMAIL", "VAR_DIR")
    usual = settings_of(ROOT / "var" if name == "VAR_DIR" else tmp_path, *kept, **key)
    assert settings_of(tmp_path, *kept, **key, **{name: ""}) == usual


def test_demo_starts_on_local_hosts(tmp_path):
    hosts = "127.0.0.1,localhost,[::1]"
    assert (
        settings_of(
            tmp_path, "DEMO", DEMO="1", ALLOWED_HOSTS=hosts, SITE_URL="http://localhost:9000"
        )["DEMO"]
        is True
    )


def test_the_mail_of_a_demo_is_shown_in_a_demo_alone(tmp_path, client, db):
    with pytest.raises(NoReverseMatch):
        reverse("courses:demo-mail")
    assert client.get("/mail/").status_code == 404
    code = "import django; django.setup()\nfrom django.urls import reverse; print(reverse('courses:demo-mail'))"
    assert start(tmp_path, code, DEMO="1").stdout.strip() == "/mail/"
    assert start(tmp_path, code).returncode == 1


def test_the_mail_page_is_shut_even_where_its_route_is_known(settings, rf):
    from django.http import Http404

    from courses.web.views import demo_mail

    settings.DEMO = False
    with pytest.raises(Http404):
        demo_mail(rf.get("/mail/"))


def test_demo_people_are_made_in_a_demo_alone(course):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("make_demo")


def test_a_public_site_has_secure_cookies_and_asks_browsers_to_stay_with_https(tmp_path):
    names = [
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    ]
    found = settings_of(
        tmp_path, *names, "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "DEBUG", **PUBLIC
    )
    assert [found[name] for name in names] == [True, True, True, True]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://notice.example"]
    assert found["DEBUG"] is False

    local = settings_of(tmp_path, *names, "SECURE_HSTS_SECONDS")
    assert set(local.values()) == {False}


def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path):
    code = "from django.core.management import execute_from_command_line as run\n"
    code += "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])"
    said = start(tmp_path, code, **PUBLIC)
    assert said.returncode == 0, said.stderr


def test_proxy_headers_are_believed_only_where_that_is_said(tmp_path):
    names = ("SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT")
    assert list(settings_of(tmp_path, *names).values()) == [None, 0]
    trusted = settings_of(tmp_path, *names, BEHIND_PROXY="1")
    assert list(trusted.values()) == [["HTTP_X_FORWARDED_PROTO", "https"], 1]


def test_a_database_server_has_time_limits_that_its_address_or_a_setting_changes(tmp_path):
    server = "postgres://me:hush@db/notice"
    made = settings_of(tmp_path, "DATABASES", DATABASE_URL=server)["DATABASES"]["default"]
    assert made["OPTIONS"]["connect_timeout"] == 5
    assert "statement_timeout=15000" in made["OPTIONS"]["options"]
    assert "lock_timeout=10000" in made["OPTIONS"]["options"]
    assert "idle_in_transaction_session_timeout=60000" in made["OPTIONS"]["options"]

    off = settings_of(tmp_path, "DATABASES", DATABASE_URL=server, DATABASE_TIMEOUT="0")[
        "DATABASES"
    ]["default"]
    assert (off["PATIENCE"], "statement_timeout=0" in off["OPTIONS"]["options"]) == (0, True)
    given = settings_of(
        tmp_path, "DATABASES", DATABASE_URL=f"{server}?connect_timeout=2&options=-c%20work_mem=8MB"
    )
    options = given["DATABASES"]["default"]["OPTIONS"]
    assert (str(options["connect_timeout"]), options["options"]) == ("2", "-c work_mem=8MB")


def test_there_may_be_several_proxies(tmp_path):
    names = ("SECURE_PROXY_SSL_HEADER", "PROXIES", "ALLAUTH_TRUSTED_PROXY_COUNT")
    several = settings_of(tmp_path, *names, PROXIES="2", BEHIND_PROXY="1")
    assert list(several.values()) == [["HTTP_X_FORWARDED_PROTO", "https"], 2, 2]
    assert list(settings_of(tmp_path, *names, PROXIES="0").values()) == [None, 0, 0]


def test_each_limit_is_a_setting(tmp_path):
    usual = settings_of(tmp_path, "RATE_LIMITS")["RATE_LIMITS"]
    given = "sign-up-address=500/3600, password-here=3/600/30"
    changed = settings_of(tmp_path, "RATE_LIMITS", RATE_LIMITS=given)["RATE_LIMITS"]
    assert changed == usual | {"sign-up-address": [500, 3600], "password-here": [3, 600, 30]}
    assert usual["sign-up-address"] == [300, 3600]


def test_mail_and_cache_come_from_their_addresses(tmp_path):
    found = settings_of(
        tmp_path,
        *("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "DEFAULT_FROM_EMAIL", "CACHES"),
        *("EMAIL_BACKEND", "OUTBOX_TRANSPORT", "EMAIL_TIMEOUT", "MAIL_DELIVERY"),
        EMAIL_URL="smtp+tls://me:hush@mail.example:587",
        EMAIL_FROM="Notice <hello@notice.example>",
        REDIS_URL="redis://cache:6379/0",
    )
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == (
        "mail.example",
        587,
        True,
    )
    assert found["DEFAULT_FROM_EMAIL"] == "Notice <hello@notice.example>"
    assert found["EMAIL_BACKEND"] == "courses.web.mail.outbox.EmailBackend"
    assert found["OUTBOX_TRANSPORT"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_TIMEOUT"], found["MAIL_DELIVERY"]) == (30, "after-response")
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/0"


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    folder = tmp_path / "not" / "there" / "yet"
    first, second = (settings_of(folder, "SECRET_KEY")["SECRET_KEY"] for _ in range(2))
    kept = folder / "secret_key"
    assert first == second == kept.read_text()
    assert len(first) >= 50
    assert oct(kept.stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert settings_of(tmp_path / "another", "SECRET_KEY")["SECRET_KEY"] != first


def test_where_no_key_can_be_kept_the_start_asks_for_one(tmp_path):
    occupied = tmp_path / "file"
    occupied.touch()
    refused = start(occupied / "var")
    assert refused.returncode == 1
    assert "SECRET_KEY is not set" in refused.stderr
    assert f"{occupied / 'var'} cannot hold one (NotADirectoryError)" in refused.stderr
    given = settings_of(occupied / "var", "SECRET_KEY", SECRET_KEY="k" * 50)
    assert given == {"SECRET_KEY": "k" * 50}


def test_two_first_starts_at_once_keep_one_key(tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "SECRET_KEY": "", "DATABASE_URL": ""}
    code = "from pathlib import Path; from elearn.environment import secret_key; import os\n"
    code += "print(secret_key(Path(os.environ['VAR_DIR'])))"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    keys = {process.communicate()[0].strip() for process in started}
    assert keys == {(tmp_path / "secret_key").read_text()}


def test_a_given_key_is_not_written_down(tmp_path):
    found = settings_of(tmp_path, "SECRET_KEY", SECRET_KEY="k" * 50)
    assert found["SECRET_KEY"] == "k" * 50
    assert list(tmp_path.iterdir()) == []


def test_every_page_forbids_what_it_does_not_need(client, course):
    page = client.get("/")
    policy = page["Content-Security-Policy"]
    for rule in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"


def test_an_unknown_host_is_not_served(client, course):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"x-forwarded-host": "evil.example"}).status_code == 200


def test_the_session_ends_with_the_browser_and_after_twelve_hours(settings):
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    assert settings.SESSION_COOKIE_HTTPONLY is True
    assert settings.ACCOUNT_SESSION_REMEMBER is False
