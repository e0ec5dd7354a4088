"""Bad input never gives a 500 and never changes a row: every deed, every field, and every address."""

import re
import uuid
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote_from_bytes

import pytest
from django.db import connection, transaction
from django.test import Client

from courses.learning.models import ActivityAnswer, Enrolment
from tests.conftest import PASSWORD, person
from tests.test_access import NEEDS, ROLES, World, build_world, data_of, rows, table, url_of

# Who may do each deed that takes something; whatever stands in these fields must be one of the things that are there.
DEEDS = {
    "courses:scene": "visitor",
    "courses:answer-activity": "ana",
    "courses:save-response": "ana",
    "courses:claim-certificate": "cal",
    "courses:correct-name": "ana",
    "courses:keep-intention": "ana",
    "courses:record-plan-outcome": "ana",
    "courses:verify": "visitor",
    "courses:judge-case": "ana",
    "courses:roster": "mo",
    "courses:import-roster": "mo",
    "courses:join": "ben",
    "courses:details": "ana",
    "courses:new-cohort": "tess",
    "courses:assign-course": "tess",
    "courses:cohort-settings": "tess",
    "courses:set-cohort-state": "tess",
    "courses:add-trainer": "tess",
    "courses:copy-cohort": "tess",
    "courses:extend-due-date": "tess",
    "courses:move-learner": "tess",
    "courses:extend-due-dates": "tess",
    "courses:move-learners": "tess",
    "courses:organisation-invitations": "mo",
    "courses:organisation-person": "mo",
    "courses:set-mail-domains": "mo",
    "courses:set-joining": "tess",
    "courses:give-role": "mo",
    "courses:end-role": "mo",
    "courses:organisation-teams": "mo",
    "courses:organisation-team": "mo",
    "courses:ask-to-join": "ben",
    "courses:answer-join-request": "tess",
    "courses:ask-for-more": "ana",
    "courses:grant-attempt": "tess",
    "courses:grant-time": "tess",
    "courses:reset-quiz": "tess",
    "courses:assess-otherwise": "tess",
    "courses:void-attempt": "tess",
    "courses:decline-request": "tess",
    "courses:grant-request": "tess",
    "courses:set-reminders": "ana",
    "courses:set-reminder-time": "ana",
    "courses:set-reading": "visitor",
    "courses:staff-in-post": "mo",
    "courses:expectation": "mo",
    "courses:plan-question": "mo",
    "courses:export-file": "mo",
    "courses:new-export-layout": "mo",
    "courses:export-layout": "mo",
    "courses:new-group-session": "tess",
    "courses:group-session": "tess",
    "courses:void-group-session": "tess",
    "courses:own-line": "ana",
    "courses:new-pathway": "tess",
    "courses:pathway": "tess",
    "courses:new-room": "tess",
    "courses:advance-room": "tess",
    "courses:find-room": "ana",
    "courses:room": "ana",
    "courses:sign-off": "rhea",
    "courses:rate-exemplars": "rhea",
    "account_login": "visitor",
    "account_signup": "visitor",
    "account_reauthenticate": "ana",
    "account_email": "ana",
    "account_change_password": "ana",
    "account_reset_password": "visitor",
    "account_request_login_code": "visitor",
}
PRESSES = {
    "courses:stop-mail": "visitor",
    "courses:begin-round": "ana",
    "courses:skip-case": "ana",
    "courses:begin-todays-cases": "ana",
    "courses:begin-follow-up": "ana",
    "courses:begin-review": "ana",
    "courses:roster-file": "mo",
    "courses:download-own-data": "ana",
    "courses:send-nudge": "tess",
    "courses:remind-never-started": "tess",
    "courses:remind-learners": "tess",
    "courses:enrol": "tess",
    "courses:begin-lesson": "ben",
    "courses:finish-step": "ben",
    "courses:save-draft": "ana",
    "courses:check-practice": "ana",
    "courses:open-attempt": "ben",
    "courses:submit-attempt": "ana",
    "courses:join-cohort": "ben",
    "courses:leave-cohort": "ana",
    "courses:end-room": "tess",
    "courses:renew-join-code": "tess",
    "courses:remove-trainer": "tess",
    "courses:unassign-course": "tess",
    "courses:withdraw-extension": "tess",
    "courses:remove-learner": "tess",
    "courses:invitation": "ben",
    "courses:send-waiting-invitations": "mo",
    "courses:resend-invitation": "tess",
    "courses:revoke-invitation": "tess",
    "courses:end-membership": "mo",
    "courses:remove-team": "mo",
    "courses:leave-organisation": "ana",
    "courses:check-pathway": "tess",
    "courses:remove-pathway": "mo",
    "courses:upload-staff-in-post": "mo",
    "courses:set-logo": "mo",
    "courses:remove-logo": "mo",
    "courses:remove-export-layout": "mo",
    "account_logout": "ana",
}
# presses that give a file, and log that they did
LOGGED = {"courses:roster-file", "courses:download-own-data"}
CHOSEN = {
    "option",
    "event_id",
    "sequence",
    "profession",
    "reminders",
    "weekday",
    "hour",
    "organisation",
    "course",
    "due_on",
    "code",
    "oldpassword",
    "login",
    "decision",
    "as_of",
    "n-0-camhs",
    "courses",
    "months",
    "checked_on",
    "body",
    "digest",
    "cohort",
    "role",
    "team",
    "parent",
    "successor",
    "joining",
    "mail_domains",
    "layout",
    "format",
    "place-email",
    "held_on",
    "scene",
    "stage",
    "number",
    "came",
    "state",
    "person",
    "due-tiny",
    "to",
    "learner",
}
JUNK = {
    "nothing": b"",
    "a NUL inside": b"ti\x00ny",
    "invalid UTF-8": b"\xff\xfe\xfa",
    "a lone surrogate": b"\xed\xa0\x80",
    "line ends": b"a\r\nSet-Cookie: a=b",
    "SQL": b"' OR 1=1; DROP TABLE courses_user --",
    "markup": b"<script>alert(1)</script>",
    "a template": b"{{ settings.SECRET_KEY }}{% debug %}%(x)s{0.__class__}",
    "a negative number": b"-1",
    "a huge number": b"9" * 400,
    "not a number": b"NaN",
    "Arabic digits": "٣٣".encode(),
    "JSON": b'{"$gt": ""}',
    "direction marks": "\u202e\u2066\u200b".encode(),
    "combining marks": ("a" + "\u0301" * 500).encode(),
    "a far date": b"99999-12-31",
    "the last date": b"9999-12-31",
    "the first date": b"0001-01-01",
    "very long": b"x" * 200_000,
}
TYPED = {
    ("courses:sign-off", "role"),  # a name that is chosen elsewhere, and typed here
    # A list, in which somebody who is not there stops nobody.
    ("courses:extend-due-dates", "learner"),
    ("courses:move-learners", "learner"),
}
FINE = {
    ("due_on", "nothing"),
    ("due_on", "the last date"),
    ("due-tiny", "nothing"),
    ("due-tiny", "the last date"),
    ("sequence", "Arabic digits"),
    ("cohort", "nothing"),
    ("team", "nothing"),
    ("parent", "nothing"),
    ("mail_domains", "nothing"),
    ("successor", "nothing"),
    ("n-0-camhs", "Arabic digits"),
    ("place-email", "Arabic digits"),
}  # these can be read as meant
OPTIONAL = {
    ("courses:record-plan-outcome", "words"),
    ("courses:new-cohort", "organisation_name"),
    ("courses:new-cohort", "due_on"),
    ("courses:assign-course", "due_on"),
    ("courses:copy-cohort", "due-tiny"),
    ("courses:organisation-invitations", "cohort"),
    ("courses:organisation-invitations", "team"),
    ("courses:organisation-person", "team"),
    ("courses:organisation-person", "employee_number"),
    ("courses:organisation-teams", "parent"),
    ("courses:organisation-team", "parent"),
    ("courses:grant-request", "answer"),
    ("courses:expectation", "courses"),
    ("courses:plan-question", "owner"),
    ("courses:new-pathway", "area"),
    ("courses:new-pathway", "when_to_use"),
    ("courses:new-pathway", "phone"),
    ("courses:new-pathway", "email"),
    ("courses:new-pathway", "address"),
    ("courses:new-pathway", "hours"),
    ("courses:pathway", "area"),
    ("courses:pathway", "when_to_use"),
    ("courses:pathway", "phone"),
    ("courses:pathway", "email"),
    ("courses:pathway", "address"),
    ("courses:pathway", "hours"),
    ("courses:sign-off", "note"),
    ("courses:sign-off", "registration"),
    ("courses:roster", "says_who_leaves"),
    ("courses:new-export-layout", "heading-email"),
    ("courses:export-layout", "heading-email"),
    ("account_email", "action_add"),
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def world(cast, tiny_content) -> World:
    made = build_world(cast, tiny_content[0])
    Enrolment.objects.filter(user=cast.ana).update(intention="What I kept")
    return made


@pytest.fixture
def doors(world, sign_in) -> "Senders":
    """Everybody, and Cal, who has completed the course and claimed nothing."""
    cal = person("Cal")
    mine = Enrolment.objects.get(user=world.cast.ana, course=world.tiny)
    Enrolment.objects.create(
        user=cal, course=world.tiny, edition=mine.edition, completed_at=mine.completed_at
    )
    others = {"cal": sign_in(cal), "rhea": sign_in(world.cast.rhea)}
    made = Senders({role: sign_in(getattr(world.cast, role, None)) for role in ROLES} | others)
    made["ana"].post(
        "/account/reauthenticate/", {"password": PASSWORD}
    )  # an address changes only after it
    made.before = rows()
    return made


def encoded(data: dict[str, object], **instead: bytes) -> bytes:
    """A form's body, with some fields' bytes as they are given."""
    lists = [(name, value if isinstance(value, list) else [value]) for name, value in data.items()]
    pairs = [
        (name, instead.get(name, str(one).encode())) for name, values in lists for one in values
    ]
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs).encode()


class Senders(dict[str, Client]):
    """A client for each role; what they send is taken back afterwards, so that nothing is slowed down or used up."""

    def send(
        self, role: str, url: str, body: bytes, kind: str = FORM, accept: str = "text/html"
    ) -> tuple[int, bool]:
        """The status of the response (500 where there is none), and whether every row is as it was."""
        fresh = Client(raise_request_exception=False, headers={"accept": accept})
        for name, cookie in self[role].cookies.items():
            fresh.cookies[name] = cookie.value
        wrote: list[str] = []

        def listen(execute, sql, params, many, context):
            is_ours = '"courses_' in sql or '"account_' in sql
            wrote.extend(
                word for word in ("INSERT", "UPDATE", "DELETE") if is_ours and sql.startswith(word)
            )
            return execute(sql, params, many, context)

        with transaction.atomic():
            with connection.execute_wrapper(listen):
                response = fresh.generic("POST", url, body, content_type=kind)
            unchanged = not wrote or response.status_code >= 500 or rows() == self.before
            transaction.set_rollback(True)
        return response.status_code, unchanged


def test_it_works(world, doors):
    """What these tests spoil is in order before: each deed is done, and what saves something changes a row."""
    changed = set()
    for action, role in DEEDS.items():
        status, unchanged = doors.send(
            role, url_of(world, action), encoded(data_of(world, role, action))
        )
        assert status in {200, 302}, action
        changed |= set() if unchanged else {action}
    saving_nothing = {
        "courses:scene",
        "courses:set-reading",
        "courses:verify",
        "courses:join",
        "courses:find-room",
        "account_login",
        "account_reauthenticate",
        "courses:end-role",  # Ana has none
        "courses:assess-otherwise",  # Ana has passed already, and is told so
        "courses:extend-due-dates",  # so no date is moved for her
    }
    assert changed == set(DEEDS) - saving_nothing - {
        "account_reset_password",
        "account_request_login_code",
    }


def test_every_deed_is_here():
    """Each route that takes a POST from anybody, but for those that only open a page of an account."""
    taking = {route for route, cells in table().items() if set(cells[7:]) - {"405"}}
    pages = {
        "account_set_password",
        "account_confirm_login_code",
        "account_confirm_email",
        "account_reset_password_from_key",
    }
    assert taking - pages - {"admin:index", "admin:login", "admin:logout"} == set(DEEDS) | set(
        PRESSES
    )


def test_junk_in_one_field(world, doors):
    """Never a 500; refused it changes nothing; and where one of a few things must stand, nothing else changes a row."""
    wrong = []
    for action, role in DEEDS.items():
        data, url = data_of(world, role, action), url_of(world, action)
        for field in data:
            for what, junk in JUNK.items():
                is_typed = field not in CHOSEN or (action, field) in TYPED
                is_fine = (field, what) in FINE or is_typed
                status, unchanged = doors.send(role, url, encoded(data, **{field: junk}))
                if status >= 500 or not (unchanged or (is_fine and status in {200, 302})):
                    wrong.append((action, field, what, status, unchanged))
    assert wrong == []


def test_junk_from_a_script(world, doors):
    url, data = (
        url_of(world, "courses:save-response"),
        data_of(world, "ana", "courses:save-response"),
    )
    for field in data:
        for what, junk in JUNK.items():
            status, unchanged = doors.send(
                "ana", url, encoded(data, **{field: junk}), accept="application/json"
            )
            assert (status, unchanged) == (400, True) or (field, what) in FINE, (field, what)


def test_a_field_that_is_missing_sent_twice_or_unknown(world, doors):
    wrong = []
    for action, role in DEEDS.items():
        data, url = data_of(world, role, action), url_of(world, action)
        for field in data:
            less = {name: value for name, value in data.items() if name != field}
            status, unchanged = doors.send(role, url, encoded(less))
            if status >= 500 or not (unchanged or (action, field) in OPTIONAL):
                wrong.append((action, field, "missing", status))
            status, unchanged = doors.send(
                role, url, encoded(data) + b"&" + encoded({field: "another"})
            )
            is_typed = field not in CHOSEN or (action, field) in TYPED
            if status >= 500 or not (unchanged or is_typed):
                wrong.append((action, field, "twice", status))
        status, _ = doors.send(
            role, url, encoded(data) + b"&__proto__=1&user=1&id=1&pk=1&a[]=1&a[b]=2&=&&;;&%"
        )
        if status not in {200, 302}:
            wrong.append((action, "more", "unknown", status))
    assert wrong == []


BODIES = {
    "JSON": (b'{"name": "x", "option": ["x"], "text": "x"}', "application/json"),
    "a JSON list": (b"[1, 2", "application/json"),
    "XML": (b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>', "text/xml"),
    "no type": (b"other=x", ""),
    "a wrong type": (b"other=x", "////;;;=="),
    "bytes": (bytes(range(256)) * 40, "application/octet-stream"),
    "bytes as a form": (bytes(range(256)) * 40, FORM),
    "nothing": (b"", FORM),
    "a form without a border": (b"--x\r\n\r\n", "multipart/form-data"),
    "a form with half a part": (
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nAna',
        "multipart/form-data; boundary=x",
    ),
    "a form of another border": (b"--y\r\n\r\n--y--", "multipart/form-data; boundary=x"),
    "a form with a bad border": (b"x", "multipart/form-data; boundary=" + "x" * 300),
    "a form of another charset": (b"other=x", f"{FORM}; charset=utf-16"),
    "a form of no charset": (b"other=x", f"{FORM}; charset=nonsense"),
    "a thousand fields": (b"&".join(b"f%d=1" % n for n in range(1001)), FORM),
    "a megabyte and more": (b"name=" + b"x" * 1_000_001, FORM),
}


def test_a_body_that_is_no_form_of_ours(world, doors):
    """Refused, and nothing changes; a press that takes nothing is done or refused."""
    wrong = []
    for action, role in (DEEDS | PRESSES).items():
        for what, body in BODIES.items():
            status, unchanged = doors.send(role, url_of(world, action), *body)
            is_done = action in PRESSES and (status == 302 or action in LOGGED)
            if status >= 500 or not (unchanged or is_done):
                wrong.append((action, what, status))
    assert wrong == []


class Broken(BytesIO):
    """A connection that breaks while a form is read."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError("the connection broke")

    readline = read


def test_a_form_that_broke_off_on_the_way_is_refused(world, doors):
    for action, role in (DEEDS | PRESSES).items():
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        strict.cookies.update(doors[role].cookies)
        broken = {"wsgi.input": Broken(), "CONTENT_LENGTH": "100"}
        response = strict.generic("POST", url_of(world, action), b"x", content_type=FORM, **broken)
        assert response.status_code in {400, 403}, action
    assert rows() == doors.before


def parts(data: dict[str, object], words: bytes) -> bytes:
    """A multipart body in which every field says these bytes."""
    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + words + b"\r\n"
        for name in data
    ]
    return b"".join(lines) + b"--x--\r\n"


CHARSETS = {
    "unicode_escape": b"a\\ud800",
    "raw_unicode_escape": b"a\\ud800",
    "utf-7": b"a+2AA-",
    "utf-16": b"\xff\xfea\x00\x00\xd8",
    "utf-32": b"\xff\xfe\x00\x00a\x00\x00\x00",
    "idna": b"xn--a\x80",
    "punycode": b"a-99999999",
    "hex": b"zz",
    "rot13": b"zz",
    "zlib": b"zz",
    "base64": b"zz",
    "undefined": b"zz",
    "mbcs": b"zz",
    "cp037": b"zz",
    "no-such": b"zz",
    "": b"zz",
    "a" * 500: b"zz",
}


def test_a_form_in_a_charset_of_its_own_choice(world, doors):
    """Some of Python's charsets make half letters that no database takes, and some are no charsets at all."""
    wrong = []
    for action, role in (DEEDS | PRESSES).items():
        data = data_of(world, role, action) or {"name": "x"}
        for charset, words in CHARSETS.items():
            kind = f"multipart/form-data; boundary=x; charset={charset}"
            status, unchanged = doors.send(role, url_of(world, action), parts(data, words), kind)
            if status >= 500 or not (unchanged or status in {200, 302}):
                wrong.append((action, charset[:20], status))
    assert wrong == []


def test_a_visitors_junk_is_carried_over_the_sign_in_or_dropped(world, doors):
    bodies = [*BODIES.values()]
    bodies += [
        (parts({"text": "x"}, w), f"multipart/form-data; boundary=x; charset={c}")
        for c, w in CHARSETS.items()
    ]
    wrong = []
    for action in (
        "courses:save-response",
        "courses:answer-activity",
        "courses:keep-intention",
        "courses:assign-course",
    ):
        for body, kind in bodies:
            status, unchanged = doors.send("visitor", url_of(world, action), body, kind)
            if status >= 500 or not unchanged:
                wrong.append((action, kind[:60], status))
    assert wrong == []


@pytest.mark.parametrize(
    ("activity", "step", "data"),
    [
        ("which-grows", "opening", {"option": ["no-such-option"]}),
        ("which-grows", "opening", {"option": ["all", "of", "them"]}),
        ("which-grows", "opening", {}),
        ("which-are-small", "opening", {"option": ["no-such-option"]}),
        ("put-in-place", "placing", {"card-none": "small"}),
        ("put-in-place", "placing", {}),
        ("pairs", "placing", {"option": "x"}),
        ("own-words", "writing", {"text": ""}),
        ("own-words", "writing", {"text": " \r\n\t\x00 "}),
        ("own-words", "writing", {"text": "x" * 5001}),
        ("own-words", "writing", {"words": "x"}),
        ("one-thing", "writing", {"text": "x" * 5001}),
        ("tomorrow", "writing", {"point": ["2"]}),
        ("tomorrow", "writing", {"point": ["-1"]}),
        ("tomorrow", "writing", {"point": ["0", "x"]}),
    ],
    ids=str,
)
def test_an_answer_an_activity_cannot_have_is_refused(world, doors, activity, step, data):
    url = url_of(world, "courses:answer-activity", activity=activity, step=step)
    assert doors.send("ana", url, encoded(data)) == (400, True)


def test_a_place_that_is_none_of_the_groups_is_refused(world, doors):
    url = url_of(world, "courses:answer-activity", activity="put-in-place", step="placing")
    page = doors["ana"].get(url_of(world, "courses:step", step="placing")).content.decode()
    names = set(re.findall(r'name="[^"]*card-([^"]+)"', page))
    assert len(names) >= 2
    doors.before = rows()  # looking at a step is remembered
    assert doors.send("ana", url, encoded({f"card-{name}": "nowhere" for name in names})) == (
        400,
        True,
    )


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "\ud7ff", "\U0010ffff", "‮‮", "x" * 5000, "{{ x }}", "<b>", "\ufffe"],
    ids=ascii,
)
def test_odd_text_is_kept_as_text_and_shown_as_text(world, doors, text):
    url = url_of(world, "courses:answer-activity", activity="one-thing", step="writing")
    assert doors["ana"].post(url, {"text": text}).status_code == 302
    saved = ActivityAnswer.objects.get(activity_key="one-thing")
    assert saved.answer == text.replace("\x00", "")
    page = doors["ana"].get(url_of(world, "courses:step", step="writing"))
    assert page.status_code == 200
    assert "<b></textarea>" not in page.content.decode()


def test_just_under_a_megabyte_is_read_and_refused_by_its_own_rule(world, doors):
    """The limit of the whole body is not what stops too long a text: that one is shown again, to be shortened."""
    url = url_of(world, "courses:answer-activity", activity="one-thing", step="writing")
    assert doors.send("ana", url, b"text=" + b"x" * 999_000) == (400, True)
    page = doors["ana"].post(url, {"text": "x" * 999_000}).content.decode()
    assert "This has 999,000 characters; up to 5,000 are kept" in page


def test_without_its_token_nothing_is_done(world, doors):
    """As a form and as a script, with no token, a wrong one, or from another site's page."""
    # A mail program has no token of ours: the signature in the address is what gives the right.
    by_address = {"courses:stop-mail"}
    for action, role in (DEEDS | PRESSES).items():
        if action in by_address:
            continue
        strict = Client(enforce_csrf_checks=True)
        strict.cookies.update(doors[role].cookies)
        url, data = url_of(world, action), data_of(world, role, action)
        for headers in (
            {},
            {"accept": "application/json"},
            {"x-csrftoken": "0" * 64},
            {"origin": "https://evil.example"},
        ):
            response = strict.post(url, data | {"csrfmiddlewaretoken": "0" * 64}, headers=headers)
            assert response.status_code == 403, (action, headers)
            assert "That was not sent" in response.content.decode()
        assert strict.post(url, data).status_code == 403, action
    assert rows() == doors.before


def test_with_its_token_it_is_done(world, doors):
    """So that the test above refuses for the token alone."""
    strict = Client(enforce_csrf_checks=True)
    for name, cookie in doors["ana"].cookies.items():
        strict.cookies[name] = cookie.value
    page = strict.get("/details/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = {"name": "Ana Maria", "profession": "gp", "csrfmiddlewaretoken": token}
    assert strict.post("/details/", sent).status_code == 302


SEGMENTS = [
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "..%2f..%2fetc",
    "%22%3E%3Cscript%3E",
    "%0d%0aSet-Cookie:%20a=b",
    "-1",
    "9" * 60,
    "x" * 3000,
    "%F0%9F%8D%BC",
    "%",
    "00000000-0000-0000-0000-000000000000",
    "{0.__class__}",
]


def addresses(world: World, route: str) -> Iterator[str]:
    """The address of a route with junk in each of its places in turn."""
    for parameter in NEEDS[route]:
        mark = {"number": 777}.get(parameter, uuid.UUID(int=777))
        for segment in SEGMENTS:
            yield url_of(world, route, **{parameter: mark}).replace(str(mark), segment)


def test_junk_in_an_address(world, doors):
    """Never a 500 and never a page, for who has a right to the real one."""
    wrong, seen = [], 0
    for route, cells in table().items():
        role = (DEEDS | PRESSES).get(route) or ("ana" if cells[1] != "404" else "tess")
        for url in addresses(world, route):
            fresh = Client(raise_request_exception=False)
            fresh.cookies.update(doors[role].cookies)
            with transaction.atomic():
                is_deed = cells[0] == "405"
                response = (
                    fresh.post(url, data_of(world, role, route)) if is_deed else fresh.get(url)
                )
                transaction.set_rollback(True)
            seen += 1
            allowed = {400, 404} | ({200, 302} if route.startswith("account_") else set())
            if response.status_code not in allowed:
                wrong.append((route, url[:100], response.status_code))
    assert wrong == []
    assert seen > 600


QUERIES = [
    "?a=%00",
    "?%FF=%ED%A0%80",
    "?next=%00",
    "?next=http://[::1",
    "?=&==&&%",
    "?a[]=1&a[]=2&q=" + "x" * 4000,
]
QUERIES += ["?" + "&".join(f"f{n}=1" for n in range(2000)), "?format=json&_method=DELETE"]


def test_junk_in_a_query(world, doors):
    """A page is what it is without: no page reads one, but for where to go on after signing in."""
    wrong = []
    for route, cells in table().items():
        for role in (
            ("tess",)
            if cells[1] == "404"
            else ("ana", "visitor")
            if cells[0] == "200"
            else ("ana",)
        ):
            expected = 302 if cells[ROLES.index(role)] == "in" else int(cells[ROLES.index(role)])
            for query in QUERIES if expected != 405 and route != "courses:certificate-pdf" else ():
                fresh = Client(raise_request_exception=False)
                fresh.cookies.update(doors[role].cookies)
                with transaction.atomic():
                    status = fresh.get(url_of(world, route) + query).status_code
                    transaction.set_rollback(True)
                if status != expected and not (
                    status == 400 and ("f999" in query or "next" in query)
                ):
                    wrong.append((route, role, query[:40], status))
    assert wrong == []


# As a header has them: bytes read as Latin-1, and what Python quotes. Newer Pythons let no test client set such cookies.
COOKIES = [
    "",
    "x",
    "\x00",
    '"\\000"',
    "\x1f",
    "\x7f",
    "x" * 4000,
    "W10:1:x",
    '"',
    '"\\""',
    "..",
    "\xe9",
    '"\\351"',
    ";=;",
]


def test_junk_in_cookies(world, doors):
    session = doors["ana"].cookies["sessionid"].value
    for name in ("sessionid", "csrftoken", "messages"):
        for value in COOKIES:
            client = Client(raise_request_exception=False)
            sent = {"cookie": f"sessionid={session}; {name}={value}"}
            shown = (name, value[:20])
            assert client.get("/", headers=sent).status_code == 200, shown
            assert client.get("/details/", headers=sent).status_code in {200, 302}, shown
            with transaction.atomic():  # and taken back, so that no wrong code is one too many
                assert client.post("/join/", {"code": "x"}, headers=sent).status_code in {
                    302,
                    400,
                }, shown
                transaction.set_rollback(True)


def test_junk_in_headers(world, client):
    client.raise_request_exception = False
    values = [
        "",
        "\x7f",
        "x" * 9000,
        "é",
        "' OR 1=1",
        "9" * 12,
        "bytes=0-",
        "*/*;q=nan",
        "Thu, 99 Foo 9999 99:99:99 GMT",
    ]
    names = [
        "accept",
        "accept-language",
        "accept-encoding",
        "if-modified-since",
        "if-none-match",
        "range",
        "referer",
    ]
    for name in [
        *names,
        "user-agent",
        "x-requested-with",
        "origin",
        "x-forwarded-for",
        "x-forwarded-proto",
    ]:
        for value in values:
            assert client.get("/courses/", headers={name: value}).status_code == 200, (
                name,
                value[:20],
            )
            assert client.get("/join/x/", headers={name: value}).status_code == 404, (
                name,
                value[:20],
            )


def test_junk_for_staff(world, sign_in):
    """The admin too: lists, searches and forms."""
    root = sign_in(person("Root", is_staff=True, is_superuser=True))
    root.raise_request_exception = False
    before = rows()
    models = ("user", "organisation", "membership", "cohort", "course", "certificate", "auditevent")
    for model in models:
        for query in (
            *QUERIES,
            "?q=%00",
            "?o=x",
            "?p=999999",
            "?id__exact=x",
            "?is_active__exact=%00",
            "?all=",
        ):
            assert root.get(f"/admin/courses/{model}/{query}").status_code < 500, (
                model,
                query[:60],
            )
        for segment in SEGMENTS:
            for page in ("change", "delete", "history"):
                url = f"/admin/courses/{model}/{segment}/{page}/"
                assert root.get(url).status_code < 500, url[:80]
    for junk in JUNK.values():
        body = encoded(
            dict.fromkeys(["email", "name", "slug", "user"], ""),
            email=junk,
            name=junk,
            slug=junk,
            user=junk,
        )
        assert root.post("/admin/courses/user/add/", body, content_type=FORM).status_code == 200
        assert (
            root.post(
                "/admin/courses/organisation/add/",
                encoded({"slug": ""}, slug=junk),
                content_type=FORM,
            ).status_code
            == 200
        )
    assert rows() == before
