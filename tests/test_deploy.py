"""deploy/ for containers: the Containerfile, compose.yaml and the loop of jobs, without an engine.

What only an engine can show, that an image is built and starts, is not tested.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tests.deploying import DEPLOY, ROOT, Stage, settings_in, settings_read, stages_of, values_in

CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
INSTRUCTIONS = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "RUN"}
INSTRUCTIONS |= {"STOPSIGNAL", "USER", "WORKDIR"}
OURS = ["setup", "web-1", "web-2", "mail", "jobs", "backup"]
COMMAND = re.compile(r"(?:manage\.py|\brun) (\w+)")
VARIABLE = re.compile(r"\$\{(\w+)")


def commands_in(text: str) -> set[str]:
    """The management commands that a script or a service calls."""
    return set(COMMAND.findall(text))


@pytest.fixture
def build() -> Stage:
    return stages_of(CONTAINERFILE)[0]


@pytest.fixture
def final() -> Stage:
    return stages_of(CONTAINERFILE)[1]


@pytest.fixture
def backup() -> Stage:
    return stages_of(CONTAINERFILE)[2]


def test_it_works(build, final):
    assert build.name == "build"
    assert {name for name, _ in build.steps + final.steps} <= INSTRUCTIONS
    assert build.image == final.image
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+", final.image)


def test_the_image_runs_as_nobody_and_says_whether_it_serves(final):
    (user,) = final.of("USER")
    assert user.split(":")[0].isdecimal()
    assert int(user.split(":")[0]) >= 1000
    instructions = [name for name, _ in final.steps]
    assert instructions.index("USER") > max(
        position for position, name in enumerate(instructions) if name in ("RUN", "COPY")
    )
    (check,) = final.of("HEALTHCHECK")
    assert "/health/ready" in check
    assert "org.opencontainers.image.version" in final.of("LABEL")[0]


def test_the_image_holds_no_build_tool_and_no_secret(build, final):
    copied = final.of("COPY")
    assert copied == ["--from=build /opt/venv /opt/venv", "--from=build /srv/notice /srv/notice"]
    assert "venv --without-pip" in build.of("RUN")[0]
    assert "--require-hashes --only-binary :all:" in build.of("RUN")[0]
    assert "pip uninstall" in final.of("RUN")[0]
    assert not re.search(r"apt|gcc|curl|pip install", " ".join(final.of("RUN")))
    assert "SECRET_KEY" not in " ".join(rest for _, rest in final.steps)


def test_the_image_of_backups_adds_the_tools_of_its_server_and_runs_as_nobody(final, backup):
    assert (final.name, backup.image, backup.name) == ("site", "site", "backup")
    (tools,) = backup.of("RUN")
    server = SERVICES["database"]["image"].rpartition(":")[2].partition("-")[0]
    assert f"postgresql-client-{server} " in tools
    assert backup.of("USER")[-1] == final.of("USER")[0]
    instructions = [name for name, _ in backup.steps]
    assert "RUN" not in instructions[instructions.index("USER", 1) :]


def test_the_image_bears_the_version_of_the_code(final):
    from elearn import VERSION

    assert f"VERSION={VERSION}" in final.of("ARG")
    assert values_in(DEPLOY / "compose.env.example")["NOTICE_VERSION"] == VERSION


def copy_as_the_image(stage: Stage, folder: Path) -> None:
    """What the COPY steps of the build stage copy, laid out in this folder."""
    for step in stage.of("COPY"):
        *sources, target = step.split()
        for source in sources:
            place = folder / (Path(source).name if target == "./" else target)
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)
            else:
                shutil.copy(ROOT / source, place)


def test_what_is_copied_is_enough_to_start_and_nothing_is_written_beside_it(build, tmp_path):
    root = tmp_path / "image"
    copy_as_the_image(build, root)
    # Without the hashed and compressed copies, which take half a minute and are tested elsewhere.
    words = ["--noinput", "--no-post-process", "--verbosity", "0"]
    made = run_in(root, "collectstatic", *words, VAR_DIR=root / "var")
    assert made.returncode == 0, made.stderr
    assert [path.name for path in (root / "var").iterdir()] == ["static"]
    before = sorted(root.rglob("*"))
    done = run_in(root, "check", VAR_DIR=root / "var")
    assert done.returncode == 0, done.stderr
    assert sorted(root.rglob("*")) == before


def run_in(folder: Path, *words: str, **given: object) -> subprocess.CompletedProcess[str]:
    """A management command in a copy of the code, with the settings of the image."""
    settings = {name: str(value) for name, value in given.items()}
    kept = {name: value for name, value in os.environ.items() if name not in settings_read()}
    environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "SECRET_KEY": "x" * 60, **settings}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_what_is_copied_is_not_ignored(build):
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = set()
    for step in build.of("COPY"):
        sources |= {source.rstrip("/") for source in step.split()[:-1]}
    assert {line[1:] for line in ignored if line.startswith("!")} == sources
    assert "*" in ignored


def test_there_are_two_copies_of_the_site_and_all_that_they_need():
    assert sorted(SERVICES) == sorted([*OURS, "database", "cache", "proxy"])
    assert SERVICES["web-1"] == SERVICES["web-2"]
    images = {SERVICES[name]["image"] for name in OURS if name != "backup"}
    assert len(images) == 1
    assert SERVICES["backup"]["image"] == images.pop().replace("}:", "}-backup:")
    stages = {stage.name for stage in stages_of(CONTAINERFILE)}
    for name in ("setup", "backup"):
        assert SERVICES[name]["build"]["target"] in stages
    assert SERVICES["database"]["image"].startswith("docker.io/library/postgres:18")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_can_do_little_and_says_how_it_is(name):
    service = SERVICES[name]
    user = service["user"].split(":")[0]
    assert user.isdecimal()
    assert user != "0"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "test" in service["healthcheck"] or name == "setup"
    assert not service.get("privileged")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_names_the_version_of_its_image(name):
    image = SERVICES[name]["image"]
    tag = re.split(r"(?<!\{NOTICE_IMAGE):(?=[$\d])", image)[-1]
    assert "latest" not in image
    assert re.match(r"\$\{NOTICE_VERSION:\?|[0-9]", tag)


def test_only_the_proxy_has_ports_and_only_mail_leads_outside_as_well():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    outside = [name for name in SERVICES if "outside" in SERVICES[name]["networks"]]
    assert sorted(outside) == ["mail", "proxy"]
    assert yaml.safe_load(COMPOSE)["networks"]["inside"] == {"internal": True}


def test_every_command_of_the_containers_exists():
    called = set()
    for script in DEPLOY.glob("*.sh"):
        called |= commands_in(script.read_text(encoding="utf-8"))
    for name in OURS:
        called |= commands_in(" ".join(SERVICES[name].get("command", [])))
    expected = {"migrate", "createcachetable", "publish_courses", "deliver_mail"}
    expected |= {"close_expired_attempts", "send_due_reminders", "clearsessions"}
    expected |= {"backup", "rehearse_backup"}
    assert called == expected
    assert called <= set(get_commands())


def test_what_compose_sets_is_read_by_the_product_and_what_it_asks_for_is_in_its_example():
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= settings_read()
    asked = set(VARIABLE.findall(COMPOSE))
    assert asked == set(settings_in(DEPLOY / "compose.env.example"))


def test_a_container_is_given_longer_to_end_than_its_server():
    (command,) = stages_of(CONTAINERFILE)[1].of("CMD")
    graceful = int(re.search(r"--graceful-timeout=(\d+)", command)[1])
    assert int(SERVICES["web-1"]["stop_grace_period"].removesuffix("s")) > graceful


def test_a_backup_that_is_stopped_has_time_to_take_back_what_it_began():
    assert SERVICES["backup"]["stop_grace_period"] == "2m"


@pytest.mark.parametrize(
    ("given", "port"), [("443", "443"), ("8443", "8443"), ("127.0.0.1:9443", "9443")]
)
def test_the_proxy_knows_the_port_that_the_world_sees(given, port, tmp_path):
    """http leads to it. The shell's part of the command is run here, with an nginx that does nothing."""
    proxy = SERVICES["proxy"]
    assert proxy["environment"] == {"HTTPS_PORT": "${HTTPS_PORT:-443}"}
    assert any(port.startswith("${HTTPS_PORT:-443}:") for port in proxy["ports"])
    shell, option, script = proxy["command"]
    assert "exec nginx -g 'daemon off;'" in script
    script = script.replace("$$", "$").replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "nginx").write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/called\n')
    (tmp_path / "nginx").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HTTPS_PORT": given}
    subprocess.run([shell, option, script], env=environment, check=True)
    assert (tmp_path / "https_port").read_text() == f"default {port};\n"
    assert (tmp_path / "called").read_text() == "-g daemon off;\n"
    assert "include /tmp/https_port;" in (DEPLOY / "nginx" / "container.conf").read_text()


@pytest.fixture
def python(tmp_path):
    """The environment of a script, with a Python that writes down what it is asked.

    A command that the file `fails` names ends with 1.
    """
    fake = tmp_path / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\n! grep -qsx "$2" {tmp_path}/fails\n'
    )
    fake.chmod(0o755)
    heartbeat = str(tmp_path / "heartbeat")
    return {"PATH": f"{fake.parent}:{os.environ['PATH']}", "ROUND": "0.2", "HEARTBEAT": heartbeat}


@pytest.fixture
def jobs(tmp_path, python):
    """The loop of jobs in rounds of 0.2 s, in which reminders fail."""
    (tmp_path / "fails").write_text("send_due_reminders\n")
    command = ["sh", str(DEPLOY / "jobs.sh")]
    process = subprocess.Popen(command, env=python, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def test_jobs_go_on_after_one_that_failed_and_end_when_asked(jobs, tmp_path):
    calls = tmp_path / "calls"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if calls.exists() and calls.read_text().count("close_expired_attempts") >= 3:
            break
        time.sleep(0.05)
    jobs.send_signal(signal.SIGTERM)
    assert jobs.wait(timeout=10) == 0
    lines = calls.read_text().splitlines()
    assert lines[:4] == [
        "manage.py close_expired_attempts",
        "manage.py send_due_reminders",
        "manage.py clearsessions",
        "manage.py close_expired_attempts",
    ]
    assert lines.count("manage.py send_due_reminders") == 1
    assert (tmp_path / "heartbeat").exists()
    assert "jobs: send_due_reminders ended with 1" in jobs.stderr.read()


@pytest.fixture
def backups(tmp_path):
    """A folder with a backup of three weeks ago and one of now."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, days in (("notice-old.zip", 21), ("notice-new.zip", 0)):
        (folder / name).touch()
        moment = time.time() - days * 86_400
        os.utime(folder / name, (moment, moment))
    return folder


def back_up(folder: Path, environment: dict[str, str]) -> int:
    """The exit code of one backup, which keeps those of two weeks."""
    command = ["sh", str(DEPLOY / "backup.sh"), str(folder), "14"]
    return subprocess.run(command, env=environment, check=False).returncode


def test_a_backup_is_rehearsed_and_then_those_of_three_weeks_ago_go(backups, python, tmp_path):
    assert back_up(backups, python) == 0
    made, rehearsed = (tmp_path / "calls").read_text().splitlines()
    assert re.fullmatch(rf"manage\.py backup {backups}/notice-\d{{8}}T\d{{6}}Z\.zip", made)
    assert rehearsed == made.replace(" backup ", " rehearse_backup ")
    assert sorted(path.name for path in backups.iterdir()) == [".rehearsed", "notice-new.zip"]


@pytest.mark.parametrize(("pause", "code"), [([], 1), (["60"], 0)])
@pytest.mark.parametrize("name", ["backup", "rehearse_backup"])
def test_a_command_that_runs_is_asked_to_end_and_waited_for(
    name, pause, code, backups, python, tmp_path
):
    """Else it would be killed at the end of the grace, and leave what it has begun."""
    taken_back = tmp_path / "taken-back"
    fake = Path(python["PATH"].partition(":")[0]) / "python"
    fake.write_text(
        f'#!/bin/sh\nif [ "$2" != {name} ]; then exit 0; fi\n'
        f"trap 'sleep 0.3; touch {taken_back}; exit 143' TERM\n"
        f"touch {tmp_path}/begun\nwhile :; do sleep 0.05; done\n"
    )
    command = ["sh", str(DEPLOY / "backup.sh"), str(backups), "14", *pause]
    process = subprocess.Popen(command, env=python)
    deadline = time.monotonic() + 30
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == code
    assert taken_back.exists()
    assert sorted(path.name for path in backups.iterdir()) == ["notice-new.zip", "notice-old.zip"]


@pytest.mark.parametrize("name", ["backup", "rehearse_backup"])
def test_where_a_backup_fails_the_old_ones_stay(name, backups, python, tmp_path):
    (tmp_path / "fails").write_text(f"{name}\n")
    assert back_up(backups, python) == 1
    assert sorted(path.name for path in backups.iterdir()) == ["notice-new.zip", "notice-old.zip"]
