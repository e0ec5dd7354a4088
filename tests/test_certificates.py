"""Certificates: issued by the completion, the facts fixed, the PDF the same each time, checked by anyone."""

import re
import unicodedata
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pypdf import PdfReader

from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.certificates.actions import clean_name
from courses.certificates.codes import new_code, parse_code, show_code
from courses.certificates.models import Certificate
from courses.learning.actions import enrol, submit_attempt
from courses.learning.certifying import NotCompleted, claim_certificate
from courses.learning.queries import enrolment_progress_on
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import Enrolment
from courses.people.models import User
from tests.conftest import answer_all, begin_quiz, headers_of, learn
from tests.test_access import plain, rows

CLAIM = "/courses/tiny/certificate/"


def complete(user: User, course: Course) -> None:
    learn(user, course)
    attempt = begin_quiz(user, course)
    answer_all(user, attempt)
    submit_attempt(user, attempt.key, timezone.now())


def complete_before(user: User, course: Course) -> None:
    """Completed in a release whose completions issued none: the learner claims it."""
    complete(user, course)
    Certificate.objects.filter(user=user).delete()


@pytest.fixture
def held(cast, course) -> Certificate:
    """Ana's certificate."""
    cast.ana.name = "Ana Ŵyn-Jones"
    cast.ana.save()
    complete(cast.ana, course)
    return Certificate.objects.get(user=cast.ana)


def page_of(certificate: Certificate) -> str:
    return f"/certificates/{show_code(certificate.code)}/"


def main_of(page: str) -> str:
    return page.split("<main")[1].split("</main>")[0]


def test_it_works(held, cast, sign_in):
    ana = sign_in(cast.ana)
    assert ana.get(CLAIM)["Location"] == page_of(held)
    page = ana.get(page_of(held)).content.decode()
    for words in (
        "Ana Ŵyn-Jones",
        "Tiny things",
        "Final quiz passed with 3 of 3 marks",
        show_code(held.code),
    ):
        assert words in page
    assert held.facts["completed_on"] == held.facts["issued_on"] == timezone.localdate().isoformat()
    assert (held.facts["individual_minutes"], held.facts["participatory_minutes"]) == (18, 0)
    record = ana.get("/record/").content.decode()
    assert page_of(held) in record.replace(held.code, show_code(held.code))


def test_a_course_completed_before_completions_issued_one_is_claimed(cast, course, sign_in):
    complete_before(cast.ana, course)
    ana = sign_in(cast.ana)
    form = ana.get(CLAIM).content.decode()
    assert "Claim your certificate" in form
    assert 'value="Ana"' in form
    to = ana.post(CLAIM, {"name": "Ana Ŵyn-Jones"})["Location"]
    made = Certificate.objects.get()
    assert to == page_of(made)
    assert "Ana Ŵyn-Jones" in ana.get(to).content.decode()


def test_an_account_without_a_name_is_asked_for_one(cast, course, sign_in):
    cast.ana.name = "123"
    cast.ana.save()
    complete(cast.ana, course)
    assert not Certificate.objects.exists()
    ana = sign_in(cast.ana)
    assert "Claim your certificate" in ana.get(CLAIM).content.decode()
    ana.post(CLAIM, {"name": "Ana"})
    assert Certificate.objects.get().facts["name"] == "Ana"


def test_the_certificate_tells_of_the_final_and_of_no_other_quiz(cast, course, sign_in):
    complete_before(cast.ana, course)
    final = Attempt.objects.get(user=cast.ana)
    Attempt.objects.filter(pk=final.pk).update(earned=Decimal("2.4999"))
    fields = {
        "user": cast.ana,
        "course": course,
        "edition": final.edition,
        "rule": final.rule,
        "items": final.items,
    }
    marks = {
        "earned": 3,
        "possible": 3,
        "passed": True,
        "submitted_at": timezone.now(),
        "state": "scored",
    }
    Attempt.objects.create(**fields, **marks, quiz_key="pretest", number=1)
    made = claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana", timezone.now())
    assert made.facts["result"] == "Final quiz passed with 2.49 of 3 marks"


def test_it_lists_the_outcomes_that_its_quiz_asked_for_and_no_others(cast, course, sign_in):
    complete_before(cast.ana, course)
    edition = content_of(course.edition_id)
    of_one = [item.key for item in edition.items if item.outcome == "names-a-thing"]
    Attempt.objects.filter(user=cast.ana).update(items=[{"key": key} for key in of_one])
    made = claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana", timezone.now())
    assert made.facts["outcomes"] == ["Name a small thing"]
    page = sign_in(cast.ana).get(page_of(made)).content.decode()
    assert "Sort small things" not in page


def test_without_a_quiz_it_lists_the_outcomes_of_the_lessons(cast, course, tiny_content):
    tiny = tiny_content[0].model_copy(update={"quizzes": (), "items": ()})
    publish([tiny], timezone.now())
    learn(cast.ben, Course.objects.get(key="tiny"))
    made = claim_certificate(enrolment_progress_on(cast.ben, "tiny"), "Ben", timezone.now())
    assert made.facts["outcomes"] == [outcome.text for outcome in tiny.outcomes]


def test_its_minutes_are_those_the_course_was_designed_for(cast, course, sign_in, client):
    complete_before(cast.ana, course)
    ana = sign_in(cast.ana)
    assert "designed as 18 minutes of self-paced learning" in ana.get(CLAIM).content.decode()
    made = claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana", timezone.now())
    page = ana.get(page_of(made)).content.decode()
    assert "(designed as 18 minutes of self-paced learning)" in page
    assert "participatory" not in page


@pytest.mark.parametrize(
    "missing",
    ["not enrolled", "nothing done", "a lesson", "the quiz", "the quiz failed", "the quiz open"],
)
def test_it_is_claimed_after_completion_alone(cast, course, sign_in, missing):
    if missing != "not enrolled":
        enrol(cast.ana, course, timezone.now())
    if missing in {"a lesson", "the quiz", "the quiz failed", "the quiz open"}:
        learn(cast.ana, course, lessons=1 if missing == "a lesson" else 2)
    if missing in {"a lesson", "the quiz failed", "the quiz open"}:
        attempt = begin_quiz(cast.ana, course)
        answer_all(cast.ana, attempt, right=missing != "the quiz failed")
        if missing != "the quiz open":
            submit_attempt(cast.ana, attempt.key, timezone.now())
    before, ana = rows(), sign_in(cast.ana)
    page, claimed = ana.get(CLAIM), ana.post(CLAIM, {"name": "Ana"})
    assert rows() == before
    assert claimed.status_code == (404 if missing == "not enrolled" else 400)
    if missing != "not enrolled":
        assert "Your certificate is not ready yet" in page.content.decode()
        assert "not completed yet" in claimed.content.decode()
        with pytest.raises(NotCompleted):
            claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana", timezone.now())


def test_looking_at_a_page_issues_nothing(cast, course, sign_in):
    complete_before(cast.ana, course)
    ana = sign_in(cast.ana)
    for url in (CLAIM, "/record/", "/", "/courses/tiny/", "/verify/"):
        ana.get(url)
        ana.head(url)
    assert not Certificate.objects.exists()


def test_claimed_twice_it_is_one(cast, course, sign_in):
    complete_before(cast.ana, course)
    ana = sign_in(cast.ana)
    first = ana.post(CLAIM, {"name": "Ana"})["Location"]
    before = rows()
    assert ana.post(CLAIM, {"name": "Somebody else"})["Location"] == first
    assert ana.get(CLAIM)["Location"] == first
    assert rows() == before
    enrolment_progress = enrolment_progress_on(cast.ana, "tiny")
    assert (
        claim_certificate(enrolment_progress, "Somebody else", timezone.now()).facts["name"]
        == "Ana"
    )


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Ana", "Ana"),
        ("  Ana   Jones\t", "Ana Jones"),
        ("Siân Ŵyn-Ŷorath", "Siân Ŵyn-Ŷorath"),
        (unicodedata.normalize("NFD", "Siân Ŵyn"), "Siân Ŵyn"),
        ("نور الهدى", "نور الهدى"),
        ("O’Neill", "O’Neill"),
        ("李小龙", "李小龙"),
        ("Ana\u202egnivoN", "Ana gnivoN"),
        ("\u2066Ana\u2069", "Ana"),
        ("Ana\r\nBcc: x", "Ana Bcc: x"),
        ("A\x00n\x07a", "A n a"),
        ("\ufeffAna\u00ad", "Ana"),
        ("نور\u200cالهدى", "نور\u200cالهدى"),
        ("<b>Ana</b>", "<b>Ana</b>"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("x" * 150, "x" * 120),
        ("\ud800Ana", "Ana"),
        ("\ue000Ana", "Ana"),
        ("", ""),
        ("   ", ""),
        ("123", ""),
        ("🍼🍼", ""),
        ("---", ""),
        ("\u200d\u200c", ""),
        ("\u0301", ""),
    ],
    ids=ascii,
)
def test_a_name_is_printed_as_it_can_be(typed, printed):
    assert clean_name(typed) == printed


@pytest.mark.parametrize("name", ["", "  ", "123", "🍼", "\x00", None])
def test_a_name_without_a_letter_is_refused(cast, course, sign_in, name):
    complete_before(cast.ana, course)
    response = sign_in(cast.ana).post(CLAIM, {} if name is None else {"name": name})
    assert response.status_code == 400
    assert "Enter the name that should stand on the certificate" in response.content.decode()
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    "name", ["<b>Ana</b>", "<script>alert(1)</script>", "Ana {{ 7|add:7 }}", "Ana \"'&"]
)
def test_a_name_is_text_on_every_page(cast, course, sign_in, name):
    complete_before(cast.ana, course)
    ana = sign_in(cast.ana)
    to = ana.post(CLAIM, {"name": name})["Location"]
    code = Certificate.objects.get().code
    for page in (ana.get(to), Client().get(f"/verify/{code}/")):
        assert f"<bdi>{escape(name)}</bdi>" in page.content.decode()
    assert name in text_of(ana.get(f"{to}pdf/").content)


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_pdf_is_the_same_bytes_each_time_and_named_by_its_code(held, cast, sign_in):
    ana = sign_in(cast.ana)
    first, second = (ana.get(f"{page_of(held)}pdf/") for _ in range(2))
    assert first.status_code == 200
    assert first["Content-Type"] == "application/pdf"
    assert (
        first["Content-Disposition"]
        == f'attachment; filename="certificate-{show_code(held.code)}.pdf"'
    )
    assert first["Cache-Control"] == "no-store"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first.content == second.content
    text = text_of(first.content)
    for words in ("Ana Ŵyn-Jones", "Tiny things", show_code(held.code)):
        assert words in text


def test_the_page_the_pdf_and_the_check_lead_to_the_same_address(held, cast, sign_in):
    ana = sign_in(cast.ana)
    address = f"http://127.0.0.1:8000/verify/{show_code(held.code)}/"
    assert address in ana.get(page_of(held)).content.decode()
    assert address in text_of(ana.get(f"{page_of(held)}pdf/").content).replace("\n", "")
    assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_it_stays_as_it_is_when_everything_else_changes(
    held, cast, tiny_content, sign_in, settings
):
    """A new edition, another name of the learner's, another name of the site: facts, page and bytes stay."""
    ana = sign_in(cast.ana)
    facts, page = held.facts, main_of(plain(ana.get(page_of(held))))
    pdf = ana.get(f"{page_of(held)}pdf/").content
    stranger = main_of(Client().get(f"/verify/{held.code}/").content.decode())

    tiny = tiny_content[0]
    lessons = tuple(one.model_copy(update={"minutes": 60, "version": 2}) for one in tiny.lessons)
    publish([tiny.model_copy(update={"title": "Other things", "lessons": lessons})], timezone.now())
    assert Course.objects.get(key="tiny").edition.number == 2
    User.objects.filter(pk=cast.ana.pk).update(name="Somebody else")
    settings.SITE_NAME, settings.SITE_URL = "Another site", "https://another.example"

    held.refresh_from_db()
    assert held.facts == facts
    assert main_of(plain(ana.get(page_of(held)))) == page
    assert ana.get(f"{page_of(held)}pdf/").content == pdf
    after = main_of(Client().get(f"/verify/{held.code}/").content.decode())
    assert after == stranger


def test_the_minutes_are_those_of_the_edition_that_was_learnt(cast, course, tiny_content):
    learn(cast.ana, course)
    tiny = tiny_content[0]
    lessons = tuple(one.model_copy(update={"minutes": 60}) for one in tiny.lessons)
    publish([tiny.model_copy(update={"lessons": lessons})], timezone.now())
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    made = claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana", timezone.now())
    assert (made.facts["edition"], made.facts["individual_minutes"]) == (1, 18)


def test_it_stays_the_holders_when_they_leave_the_cohort(held, cast, sign_in):
    ana = sign_in(cast.ana)
    ana.post(f"/seen-by-trainer/{cast.cohort.key}/leave/")
    Course.objects.update(retired_at=timezone.now())
    assert ana.get(page_of(held)).status_code == 200
    assert ana.get(f"{page_of(held)}pdf/").status_code == 200
    assert Client().get(f"/verify/{held.code}/").status_code == 200


@pytest.mark.parametrize("who", ["ben", "tess", "mo", "olga", "sam"])
def test_another_persons_is_not_there(held, cast, sign_in, who):
    client, before = sign_in(getattr(cast, who)), rows()
    missing = plain(client.get(f"/certificates/{show_code(new_code())}/"))
    for url in (page_of(held), f"/certificates/{held.code}/", f"{page_of(held)}pdf/"):
        response = client.get(url)
        assert response.status_code == 404
        assert plain(response) == missing
    assert client.post(f"{page_of(held)}intention/", {"intention": "Mine"}).status_code == 404
    assert rows() == before


WAYS = [
    str.lower,
    show_code,
    lambda code: show_code(code).lower(),
    lambda code: f"  {show_code(code)}\n",
    lambda code: show_code(code).replace("-", " "),
    lambda code: show_code(code).replace("-", "–"),
    lambda code: show_code(code).replace("-", "\u2011"),
    lambda code: show_code(code).replace("-", "_"),
    lambda code: code.replace("0", "O").replace("1", "I"),
    lambda code: code.replace("0", "o").replace("1", "l"),
    lambda code: " ".join(code),
]


@pytest.mark.parametrize("write", WAYS)
def test_a_code_may_be_typed_as_people_type(held, client, write):
    to = client.post("/verify/", {"code": write(held.code)})["Location"]
    assert to == f"/verify/{show_code(held.code)}/"
    assert (
        "This certificate is valid"
        in client.get(f"/verify/{write(held.code).strip()}/").content.decode()
    )


def test_a_stranger_learns_what_is_needed_and_no_more(held, cast, client):
    response = client.get(f"/verify/{show_code(held.code)}/")
    page = response.content.decode()
    for words in (
        "This certificate is valid",
        "Ana Ŵyn-Jones",
        "Tiny things",
        show_code(held.code),
    ):
        assert words in page
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    for private in (
        cast.ana.email,
        str(cast.ana.key),
        "Riverside",
        "Autumn",
        "3 of 3",
        "Health visitor",
    ):
        assert private not in page


WRONG = [
    "x",
    "ABCD",
    "0" * 22,
    "U" * 22,
    "🍼",
    "' OR 1=1 --",
    "a b",
    "%25",
    "0" * 5000,
    "<script>",
    "\u0660" * 22,
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda code: ascii(code)[:20])
def test_an_unknown_code_and_a_malformed_one_look_the_same(held, client, wrong):
    """The same status, headers and page, but for the words that were typed."""
    unknown = show_code(new_code())
    assert parse_code(unknown) is not None
    pages = []
    for code in (unknown, wrong):
        response = client.get(f"/verify/{code}/")
        page = re.sub(r' value="[^"]*"', "", plain(response))
        headers = {
            name: value for name, value in headers_of(response).items() if name != "Content-Length"
        }
        pages.append((response.status_code, headers, page))
    assert pages[0] == pages[1]
    assert pages[0][0] == 404
    assert "No certificate has this code" in pages[0][2]
    assert client.post("/verify/", {"code": wrong}).status_code in {404, 302}


def test_a_code_with_one_wrong_letter_is_unknown(held, client):
    for place in range(0, 22, 3):
        other = "A" if held.code[place] != "A" else "B"
        assert (
            client.get(f"/verify/{held.code[:place]}{other}{held.code[place + 1 :]}/").status_code
            == 404
        )


def test_a_withdrawn_one_says_so_and_names_nobody(held, client):
    Certificate.objects.update(revoked_at=timezone.now() - timedelta(days=1))
    page = client.get(f"/verify/{held.code}/").content.decode()
    assert "This certificate was withdrawn" in page
    assert "no longer proves anything" in page
    for gone in ("Ana", "Ŵyn", "This certificate is valid", "Tiny things", "nhsuk-summary-list"):
        assert gone not in main_of(page)


def test_the_holder_of_a_withdrawn_one_is_told(held, cast, sign_in):
    """Their own page and record do not go on as if nothing had happened."""
    Certificate.objects.update(revoked_at=timezone.now())
    ana = sign_in(cast.ana)
    assert "withdrawn" in ana.get(page_of(held)).content.decode()
    assert "withdrawn" in ana.get("/record/").content.decode()


def test_checking_wrong_codes_is_slowed(held, client):
    """Sixty wrong ones from one address in ten minutes, by form or by link; then a 429 that says when to come back."""
    tried = [client.get(f"/verify/{show_code(new_code())}/").status_code for _ in range(30)]
    tried += [client.post("/verify/", {"code": "guess"}).status_code for _ in range(30)]
    assert set(tried) == {404}
    refused = client.get(f"/verify/{held.code}/")
    assert refused.status_code == 429
    assert "Wait 10 minutes" in refused.content.decode()
    assert "Ana" not in main_of(refused.content.decode())
    assert Client(REMOTE_ADDR="10.0.0.9").get(f"/verify/{held.code}/").status_code == 200


def test_checking_right_codes_is_never_slowed(held, client):
    """A service that checks a hundred certificates in one go."""
    for _ in range(100):
        assert client.get(f"/verify/{held.code}/").status_code == 200


def test_an_intention_is_kept_for_its_holder(held, cast, sign_in):
    ana = sign_in(cast.ana)
    to = ana.post(f"{page_of(held)}intention/", {"intention": " Sit down first\r\nand wait\x00 "})[
        "Location"
    ]
    assert "Sit down first\nand wait</textarea>" in ana.get(to).content.decode()
    assert "Sit down first" in ana.get("/record/").content.decode()
    assert Enrolment.objects.get(user=cast.ana).intention == "Sit down first\nand wait"
    assert "Sit down" not in Client().get(f"/verify/{held.code}/").content.decode()
    ana.post(f"{page_of(held)}intention/", {"intention": ""})
    assert Enrolment.objects.get(user=cast.ana).intention == ""


def test_an_intention_that_is_too_long_is_kept_in_its_box(held, cast, sign_in):
    ana = sign_in(cast.ana)
    assert ana.post(f"{page_of(held)}intention/", {"intention": "x" * 500}).status_code == 302
    before = rows()
    response = ana.post(f"{page_of(held)}intention/", {"intention": "y" * 501})
    assert response.status_code == 400
    assert "501 characters; up to 500 are kept" in response.content.decode()
    assert "y" * 501 in response.content.decode()
    assert rows() == before
