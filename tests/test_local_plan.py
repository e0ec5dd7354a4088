"""What does our local plan say? Questions with their sources, answers with their history."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from courses.models import AuditEvent
from courses.readiness.models import LocalPlanAnswer
from courses.readiness.plan_questions import QUESTIONS, is_stale, summary_of
from tests.shared_forms import once_more, second_manager, seen
from tests.test_lesson_end import words

PLAN = "/organisations/riverside/plan/"
REFERENCES = Path(__file__).parent.parent / "courses" / "content" / "references.yaml"
ANSWER = {
    "answer": "partly",
    "evidence": "Draft plan, page 12",
    "owner": "Commissioning manager",
    "checked_on": "2026-03-02",
}


def test_it_works(cast, sign_in):
    mo = sign_in(cast.mo)
    page = mo.get(PLAN).content.decode()
    assert page.count("Not answered yet") == len(QUESTIONS)
    assert "0 yes, 0 partly, 0 no, 0 not known, 12 not answered yet" in page
    response = mo.post(f"{PLAN}babies-named/", ANSWER)
    assert response["Location"] == f"{PLAN}#babies-named"
    page = mo.get(PLAN).content.decode()
    assert "Draft plan, page 12" in page
    assert "Looked after by Commissioning manager. Last checked on 2 March 2026" in page
    assert "1 partly" in page


def test_the_same_answer_again_is_one(cast, sign_in):
    mo = sign_in(cast.mo)
    for _ in range(2):
        mo.post(f"{PLAN}babies-named/", ANSWER)
    assert LocalPlanAnswer.objects.count() == 1
    assert AuditEvent.objects.filter(action="answer_plan_question").count() == 1


def test_earlier_answers_stay_to_read(cast, sign_in):
    mo = sign_in(cast.mo)
    mo.post(f"{PLAN}babies-named/", ANSWER)
    final = ANSWER | {"answer": "yes", "evidence": "Final plan, page 9"}
    mo.post(f"{PLAN}babies-named/", final | seen(mo, f"{PLAN}babies-named/"))
    page = mo.get(f"{PLAN}babies-named/").content.decode()
    assert page.index("Final plan, page 9") < page.index("Draft plan, page 12")
    assert "Entered by Mo" in page
    assert "Draft plan" not in mo.get(PLAN).content.decode()


def test_who_answers_second_overwrites_nothing_and_keeps_what_they_typed(cast, sign_in):
    page, mo, max_ = f"{PLAN}babies-named/", sign_in(cast.mo), sign_in(second_manager(cast))
    shown = seen(max_, page)
    mo.post(page, ANSWER | seen(mo, page))
    typed = ANSWER | {"answer": "yes", "evidence": "Final plan\r\npage 9"}
    response = max_.post(page, typed | shown)
    assert response.status_code == 400
    assert LocalPlanAnswer.objects.get().evidence == "Draft plan, page 12"
    text = words(response)
    assert "This answer was changed while you had this page open." in text
    assert "It says now:Draft plan, page 12You typed:Final planpage 9" in text
    assert "It says now:PartlyYou typed:Yes" in text
    assert max_.post(page, once_more(response)).status_code == 302
    assert LocalPlanAnswer.objects.count() == 2


@pytest.mark.parametrize("answer", ["yes", "partly"])
def test_a_yes_needs_evidence_and_what_was_typed_stays(cast, sign_in, answer):
    typed = ANSWER | {"answer": answer, "evidence": "", "owner": "Somebody in commissioning"}
    response = sign_in(cast.mo).post(f"{PLAN}babies-named/", typed)
    assert response.status_code == 400
    page = response.content.decode()
    assert "Say where it stands, so that others can check it." in page
    assert "Somebody in commissioning" in page
    assert LocalPlanAnswer.objects.count() == 0


@pytest.mark.parametrize("answer", ["no", "not-known"])
def test_a_no_needs_none(cast, sign_in, answer):
    typed = ANSWER | {"answer": answer, "evidence": "", "owner": ""}
    assert sign_in(cast.mo).post(f"{PLAN}babies-named/", typed).status_code == 302


def test_a_day_to_come_is_refused(cast, sign_in):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    typed = ANSWER | {"checked_on": tomorrow}
    assert sign_in(cast.mo).post(f"{PLAN}babies-named/", typed).status_code == 400


@pytest.mark.parametrize(
    ("checked_on", "stale"), [(date(2025, 3, 2), False), (date(2025, 3, 1), True)]
)
def test_an_answer_is_stale_after_a_year(checked_on, stale):
    assert is_stale(checked_on, date(2026, 3, 2)) is stale


def test_a_stale_answer_is_seen(cast, sign_in):
    old = (timezone.localdate() - timedelta(days=400)).isoformat()
    mo = sign_in(cast.mo)
    mo.post(f"{PLAN}babies-named/", ANSWER | {"answer": "yes", "checked_on": old})
    for path in ("plan", "readiness"):
        page = mo.get(f"/organisations/riverside/{path}/").content.decode()
        assert "Yes, check again" in page, path
        assert "Checked more than a year ago: 1." in page, path


def test_an_unknown_question_is_not_there(cast, sign_in):
    assert sign_in(cast.mo).get(f"{PLAN}no-such-question/").status_code == 404


def test_numbers_of_a_plan():
    summary = summary_of([("yes", date(2026, 1, 1)), ("no", date(2024, 1, 1))], date(2026, 3, 1))
    assert summary.words == "1 yes, 0 partly, 1 no, 0 not known, 10 not answered yet"
    assert summary.stale == 1


def test_every_question_has_a_source_that_the_fact_sheet_has():
    sources = yaml.safe_load(REFERENCES.read_text(encoding="utf-8"))
    known = set(sources["sources"])
    for question in QUESTIONS:
        assert question.facts, question.key
        assert set(question.facts) <= known, question.key
        assert question.text.endswith("?")
        assert question.source


def test_words_in_quotation_marks_are_the_sources_own():
    """Each quotation is in the founding briefing or in the sheet of facts, letter for letter."""
    quoted = []
    for question in QUESTIONS:
        quoted += [piece.split("”")[0] for piece in question.why.split("“")[1:]]
    assert len(quoted) >= 10
    for quotation in quoted:
        assert quotation.rstrip(".").casefold() in KNOWN_WORDS, quotation


# The passages of facts A8 to A14 and A29 that the questions quote.
KNOWN_WORDS = (
    " | ".join(
        [
            "42% of CCG areas in England said their CAMHS service would not accept referrals for children "
            "aged two or under",
            "not all mental health trusts take referrals for babies aged 0-2 and most of those that do, "
            "see less than 10 babies a year",
            "might require service users to meet certain thresholds which exclude babies whose mental "
            "health needs must be understood in a different way",
            "Without commissioning parent-infant relationship support, it is unlikely that local systems "
            "will be able to meet the mental health needs of the youngest children",
            "Babies' needs are not identified because professionals may not have the training to recognise "
            "signs of early stress and trauma",
            "can do this important work and also provide training, supervision and consultation to other "
            "professionals",
            "Babies' needs are not supported because professionals in CAMHS may not have the specific "
            "skills and expertise to meet their needs",
            "Every local NHS strategic plan should set out how mental health services will be expanded to "
            "meet the needs of all children, from birth upwards",
            "What is your area doing to improve mental health provision for children aged two and under?",
            "Babies are not prioritised because stretched services may be under pressure to prioritise "
            "cases which are perceived to be more urgent",
        ]
    )
    .replace("'", "’")
    .casefold()
)
