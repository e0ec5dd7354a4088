"""deploy/ for a machine without containers: systemd units and timers, the nginx site, the settings."""

import re
import shutil
import subprocess

import pytest
from django.core.management import get_commands

from courses.web.starting import start_problems
from tests.deploying import (
    DEPLOY,
    settings_in,
    settings_read,
    statements_of,
    unit_of,
    values_in,
)
from tests.test_settings import start

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
EXAMPLE = DEPLOY / "notice.env.example"
CURRENT = "/srv/notice/current"
PROGRAM = re.compile(
    rf"^(?:{CURRENT}/\.venv/bin/(?:gunicorn elearn\.wsgi|python manage\.py (\w+))|/bin/sh (deploy/\S+))"
)
HARDENED = {
    "User": ["notice"],
    "NoNewPrivileges": ["yes"],
    "ProtectSystem": ["strict"],
    "ProtectHome": ["yes"],
    "PrivateTmp": ["yes"],
    "CapabilityBoundingSet": [""],
    "EnvironmentFile": ["/etc/notice/notice.env"],
    "StateDirectory": ["notice"],
    "StateDirectoryMode": ["0750"],
    "WorkingDirectory": [CURRENT],
}
FORWARDED = {
    "proxy_set_header Host $host",
    "proxy_set_header X-Forwarded-Proto $scheme",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for",
    "proxy_set_header X-Request-ID $request_id",
}
has_systemd = shutil.which("systemd-analyze")
has_nginx = shutil.which("nginx")


def test_it_works():
    names = [path.stem for path in UNITS]
    jobs = ["notice-attempts", "notice-backup", "notice-reminders", "notice-sessions"]
    assert names == sorted([*jobs, "notice-mail", "notice-web@"])
    assert [path.stem for path in TIMERS] == jobs


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_each_unit_can_do_little(path):
    unit = unit_of(path)
    assert {name: unit.get(name) for name in HARDENED} == HARDENED
    # What it writes is for its user, and at most for its group to read; a backup for its user alone.
    assert unit["UMask"] == ["0077" if path.stem == "notice-backup" else "0027"]


def test_a_command_by_hand_has_the_user_the_settings_and_the_modes_of_the_units():
    """Else what it makes in the state folder could be read by everybody on the machine."""
    text = (DEPLOY / "notice-manage").read_text(encoding="utf-8")
    given = dict(re.findall(r"--property=(\w+)=(\S+)", text))
    names = ("EnvironmentFile", "StateDirectory", "StateDirectoryMode")
    assert given == {"UMask": "0027", **{name: HARDENED[name][0] for name in names}}
    assert {"--uid=notice", "--gid=notice"} <= set(text.split())


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_each_unit_calls_what_exists(path):
    (line,) = unit_of(path)["ExecStart"]
    match = PROGRAM.match(line)
    assert match, line
    command, script = match.groups()
    assert command is None or command in get_commands()
    assert script is None or (DEPLOY.parent / script).exists()


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.stem)
def test_each_timer_calls_a_unit_that_ends(path):
    timer = unit_of(path)
    assert timer["WantedBy"] == ["timers.target"]
    assert len(timer["OnCalendar"]) == 1
    assert unit_of(path.with_suffix(".service"))["Type"] == ["oneshot"]


def test_a_job_has_one_rhythm_in_containers_and_under_systemd():
    jobs = (DEPLOY / "jobs.sh").read_text(encoding="utf-8")
    rhythms = {
        "attempts": (r"\n  run close_expired_attempts\n", "minutely"),
        "reminders": (r"% 60\D.*run send_due_reminders", "hourly"),
        "sessions": (r"% 1440\D.*run clearsessions", "*-*-* 03:20:00"),
    }
    for name, (pattern, calendar) in rhythms.items():
        assert re.search(pattern, jobs), name
        unit = unit_of(DEPLOY / "systemd" / f"notice-{name}.timer")
        assert unit["OnCalendar"] == [calendar]


@pytest.fixture
def unit_folder(tmp_path):
    """The units with programs that exist here, and one copy of the site."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("python", "gunicorn"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    for path in [*UNITS, *TIMERS]:
        text = path.read_text(encoding="utf-8").replace(f"{CURRENT}/.venv/bin", str(programs))
        (tmp_path / path.name.replace("@", "@8001")).write_text(text)
    return tmp_path


def verify(folder) -> subprocess.CompletedProcess[str]:
    units = sorted(str(path) for path in folder.glob("notice-*"))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not has_systemd, reason="units NOT VERIFIED: systemd-analyze is not here")
def test_systemd_itself_finds_nothing_wrong(unit_folder):
    result = verify(unit_folder)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")
    wrong = unit_folder / "notice-mail.service"
    wrong.write_text(wrong.read_text().replace("ProtectSystem", "ProtectSistem"))
    assert "ProtectSistem" in verify(unit_folder).stderr


@pytest.mark.parametrize("name", ["notice.conf", "container.conf"])
def test_nginx_serves_two_copies_by_tls_and_writes_no_address_down(name):
    text = (DEPLOY / "nginx" / name).read_text(encoding="utf-8")
    statements = [statement for _, statement in statements_of(text)]
    servers = [words for words in statements if re.match(r"server \S+:800\d", words)]
    assert len(servers) == 2
    assert "ssl_protocols TLSv1.2 TLSv1.3" in statements
    assert "include /etc/nginx/notice/locations.conf" in statements
    assert "access_log off" in statements
    assert "server_tokens off" in statements


def test_http_leads_to_the_port_of_https():
    """In a container it may be seen as another one; on a machine it is 443."""
    redirects = {}
    for name in ("notice.conf", "container.conf"):
        text = (DEPLOY / "nginx" / name).read_text(encoding="utf-8")
        words = [statement for _, statement in statements_of(text)]
        redirects[name] = [one for one in words if one.startswith("return 308 ")]
    assert redirects["notice.conf"] == ["return 308 https://$host$request_uri"]
    assert redirects["container.conf"] == ["return 308 https://$host$named_port$request_uri"]
    assert '443 ""' in words
    assert 'default ":$https_port"' in words


def test_memory_that_nginx_shares_has_a_name_for_each_use():
    text = (DEPLOY / "nginx" / "container.conf").read_text(encoding="utf-8")
    names = re.findall(r"(?:zone |shared:)(\w+)", text)
    assert sorted(names) == ["notice", "tls"]


def test_nginx_passes_on_who_asked_and_how():
    text = (DEPLOY / "nginx" / "locations.conf").read_text(encoding="utf-8")
    statements = list(statements_of(text))
    assert {(0, header) for header in FORWARDED} <= set(statements)
    # A header in a location would hide those of the server; those of security are the product's.
    assert not [words for depth, words in statements if depth and "proxy_set_header" in words]
    assert not [words for _, words in statements if words.startswith("add_header")]


def test_nginx_takes_the_largest_file_that_a_page_takes():
    from courses.roster.reading import MAX_BYTES

    text = (DEPLOY / "nginx" / "locations.conf").read_text(encoding="utf-8")
    limit = re.search(r"client_max_body_size (\d+)m;", text)
    assert int(limit[1]) * 1024 * 1024 > MAX_BYTES * 1.1


@pytest.mark.parametrize("text", ["a { b c; ", "a b; }", "a { b }"])
def test_a_brace_or_semicolon_left_out_is_found(text):
    with pytest.raises(ValueError, match=r"brace|semicolon"):
        list(statements_of(text))


@pytest.fixture
def nginx_folder(tmp_path):
    """A configuration around the site as it is, with a certificate and folders of its own."""
    files = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    subject = ["-subj", "/CN=notice.example", "-days", "1", "-nodes"]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", *files, *subject]
    subprocess.run(request, check=True, capture_output=True)
    for name in ("notice.conf", "locations.conf"):
        text = (DEPLOY / "nginx" / name).read_text(encoding="utf-8")
        for folder in ("/etc/nginx/tls", "/etc/nginx/notice"):
            text = text.replace(folder, str(tmp_path))
        (tmp_path / name).write_text(text)
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ {temporary} include {tmp_path}/notice.conf; }}\n"
    )
    return tmp_path


@pytest.mark.skipif(not has_nginx, reason="site NOT VERIFIED by nginx: it is not here")
def test_nginx_itself_finds_nothing_wrong(nginx_folder):
    command = ["nginx", "-t", "-c", nginx_folder / "nginx.conf", "-p", nginx_folder]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_the_example_names_every_setting_once_and_explains_it():
    named = settings_in(EXAMPLE)
    assert sorted(named) == sorted(settings_read())
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in named:
        assert re.search(rf"^# [A-Z0-9j].*\n(?:# )?{name}=", text, re.M), name


def test_the_example_starts_once_its_secrets_are_filled_in(tmp_path):
    filled = values_in(EXAMPLE) | {"SECRET_KEY": "k" * 64}
    assert start_problems(filled) == []
    begun = start(
        tmp_path, "print(s.MAIL_DELIVERY, s.PROXIES, s.DATABASES['default']['HOST'])", **filled
    )
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.split() == ["worker", "1", "127.0.0.1"]


def test_the_example_holds_no_secret():
    values = values_in(EXAMPLE)
    assert values["SECRET_KEY"] == ""
    assert values_in(DEPLOY / "compose.env.example")["POSTGRES_PASSWORD"] == ""
    assert set(re.findall(r":(\w+)@", f"{values['DATABASE_URL']} {values['EMAIL_URL']}")) == {
        "PASSWORD"
    }
