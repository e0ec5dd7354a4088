"""The report of a cohort: figures recounted by hand, small numbers kept back, on a page."""

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.assessment.models import AccommodationRequest, Attempt, ItemScore
from courses.authoring.publishing import publish
from courses.learning.models import Enrolment, LessonRecord
from courses.library.models import Course
from courses.library.queries import content_of
from courses.organisations.logo_actions import set_logo
from courses.organisations.logo_pictures import logo_picture
from courses.people.models import CohortMembership, User
from courses.reports import words
from courses.reports.figures import (
    Counts,
    tenths_words,
)
from courses.reports.queries import report_of
from tests.conftest import Cast, given
from tests.test_cohort_report_pdf import text_of
from tests.test_logo import confirm, picture

JOINED = datetime(2026, 9, 1, 9, tzinfo=UTC)
BEGUN = datetime(2026, 9, 2, 9, tzinfo=UTC)
MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)


@dataclass
class Group:
    """Tess's cohort with Ana, who has not begun, and these people."""

    cast: Cast
    course: Course
    size: int = 0

    def join(self, number: int) -> list[User]:
        people = []
        for _ in range(number):
            self.size += 1
            user = User.objects.create(email=f"l{self.size}@example.org", name=f"L{self.size:03}")
            CohortMembership.objects.create(cohort=self.cast.cohort, user=user, joined_at=JOINED)
            people.append(user)
        return people

    def start(self, number: int) -> list[User]:
        people = self.join(number)
        for user in people:
            Enrolment.objects.create(
                user=user, course=self.course, edition=self.course.edition, enrolled_at=BEGUN
            )
        return people

    def finish(self, number: int) -> list[User]:
        """Every lesson, and no final quiz passed."""
        people = self.start(number)
        for enrolment in Enrolment.objects.filter(user__in=people):
            for lesson in content_of(enrolment.edition_id).lessons:
                LessonRecord.objects.create(
                    enrolment=enrolment,
                    lesson_key=lesson.key,
                    version=lesson.version,
                    step_key=lesson.steps[-1].key,
                    furthest=len(lesson.steps),
                    started_at=BEGUN,
                    seen_at=BEGUN,
                    completed_at=BEGUN,
                )
        return people

    def complete(self, number: int, *, week: int = 0, marks: int = 10) -> list[User]:
        """Completed in this week after the first Monday, with so many of ten marks."""
        people = self.finish(number)
        moment = MONDAY + timedelta(weeks=week)
        Enrolment.objects.filter(user__in=people).update(completed_at=moment)
        for user in people:
            self.take(user, marks, "final", opened_at=moment)
        return people

    def take(self, user: User, marks: int, quiz: str, opened_at: datetime = BEGUN) -> Attempt:
        return Attempt.objects.create(
            user=user,
            course=self.course,
            edition=self.course.edition,
            quiz_key=quiz,
            number=Attempt.objects.filter(user=user, quiz_key=quiz).count() + 1,
            state="scored",
            rule={},
            items=[],
            opened_at=opened_at,
            submitted_at=opened_at,
            scored_at=opened_at,
            earned=marks,
            possible=10,
            passed=marks >= 8,
        )

    def report(self):
        return report_of(given(self.cast), timezone.now())

    def url(self, name: str = "cohort-report") -> str:
        return reverse(f"courses:{name}", args=[self.cast.cohort.key, "tiny"])


@pytest.fixture
def group(cast, course) -> Group:
    moment = JOINED - timedelta(days=1)
    given(cast).__class__.objects.update(assigned_at=moment)
    CohortMembership.objects.update(joined_at=JOINED)
    return Group(cast, course)


def test_it_works(group, sign_in):
    """Ana has not begun; 12 of 24 completed in two weeks; 6 finished, 5 started; 7 left."""
    group.complete(7, week=0, marks=10)
    group.complete(5, week=2, marks=8)
    for user in group.finish(6):
        group.take(user, 4, "final")
        group.take(user, 5, "final")
    group.start(5)
    gone = group.join(7)
    CohortMembership.objects.filter(user__in=gone).update(left_at=BEGUN)
    report = group.report()
    assert report.counts == Counts(12, 6, 5, 1, 7)
    assert (report.counts.people, report.counts.total) == (24, 31)
    assert report.editions == (1,)
    assert [row.day for row in report.completions] == [date(2026, 10, 5)] * 7 + [
        date(2026, 10, 19)
    ] * 5
    figures = report.figures
    assert [row.people for row in figures.week_bands] == [7, 0, 5]
    shown = [(tenths_words(row), row.people) for row in figures.score_bands]
    assert shown == [
        ("0 to 49%", 0),
        ("50 to 59%", 6),
        ("60 to 79%", 0),
        ("80 to 89%", 5),
        ("90 to 100%", 7),
    ]
    page = sign_in(group.cast.tess).get(group.url()).content.decode()
    assert "24 people are in the cohort" in page
    assert "5 October 2026 to 11 October 2026: 7" in page
    assert "L001" in page


def test_the_counts_add_up_to_everybody_who_was_there(group):
    group.complete(3)
    group.finish(2)
    back = group.join(1)
    CohortMembership.objects.filter(user__in=back).update(left_at=BEGUN)
    CohortMembership.objects.create(cohort=group.cast.cohort, user=back[0], joined_at=MONDAY)
    early = group.join(1)
    CohortMembership.objects.filter(user__in=early).update(left_at=JOINED - timedelta(days=30))
    counts = group.report().counts
    # Who came back is there; who left before the course was given never had it.
    assert counts == Counts(3, 2, 0, 2, 0)
    assert sum(counts.numbers) == counts.total == 7


def test_a_trainer_who_is_no_learner_is_never_counted(group):
    Enrolment.objects.create(
        user=group.cast.tess, course=group.course, edition=group.course.edition
    )
    group.take(group.cast.tess, 10, "final")
    group.complete(5)
    report = group.report()
    assert report.counts == Counts(completed=5, not_started=1)
    assert "Tess" not in [row.name for row in report.completions]
    assert sum(row.people or 0 for row in report.figures.score_bands) in (0, 5)


@pytest.mark.parametrize(("size", "has_figures"), [(4, False), (5, True)])
def test_figures_start_at_five_people(group, sign_in, size, has_figures):
    CohortMembership.objects.filter(user=group.cast.ana).delete()
    group.complete(size)
    assert (group.report().figures is not None) is has_figures
    page = sign_in(group.cast.tess).get(group.url()).content.decode()
    assert ("Figures start at five people" in page) is not has_figures
    assert f'<th scope="row">Passed</th><td>{size}</td>' in page
    assert ("Scores at the final quiz" in page) is has_figures
    text = text_of(sign_in(group.cast.tess).get(group.url("cohort-report-pdf")).content)
    assert ("Fewer than five people are in this cohort" in text) is not has_figures
    assert ("How far everybody is" in text) is has_figures


def test_the_states_are_those_of_the_table_of_progress(group, sign_in):
    """A course that nobody can begin any more is not open to who has not begun."""
    group.complete(6)
    group.start(5)
    tess = sign_in(group.cast.tess)
    for word in ("Not started", "Not open"):
        page = tess.get(group.url()).text
        text = text_of(tess.get(group.url("cohort-report-pdf")).content)
        rows = dict(re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td>', page))
        assert list(rows) == ["Passed", "Finished", "Started", word, "Left the cohort"]
        assert f"Passed Finished Started {word} Left the cohort" in text
        table = tess.get(reverse("courses:cohort-progress", args=[group.cast.cohort.key, "tiny"]))
        for count in table.context["counts"]:
            assert rows.get(count.state.words, "0") == str(count.count)
        Course.objects.update(retired_at=timezone.now())


def test_the_document_hides_small_numbers_and_what_would_tell_them(group, sign_in):
    group.complete(22, marks=10)
    group.complete(2, week=1, marks=9)
    group.finish(6)
    group.start(5)
    tess = sign_in(group.cast.tess)
    text = text_of(tess.get(group.url("cohort-report-pdf")).content)
    assert "Passed Finished Started Not started Left the cohort" in text
    # Ana alone has not begun; five have started, and 1 + 5 is what their line hides.
    assert "24 6 Hidden Hidden 0" in text
    assert "5 October 2026 to 18 October 2026 24" in text
    assert "L001" not in text


def test_a_hidden_number_of_who_completed_is_not_in_the_weeks(group, sign_in):
    group.complete(3)
    group.finish(6)
    group.start(8)
    text = text_of(sign_in(group.cast.tess).get(group.url("cohort-report-pdf")).content)
    assert text.count(words.HIDDEN) == 2  # the weeks, and the scores
    assert "5 October" not in text


def test_names_are_in_the_document_only_when_asked_for(group, sign_in):
    group.complete(6)
    tess = sign_in(group.cast.tess)
    url = group.url("cohort-report-pdf")
    assert len(PdfReader(io.BytesIO(tess.get(url).content)).pages) == 1
    for query in ("?names=no", "?names=", "?names=%00", "?names=yes%20please"):
        assert len(PdfReader(io.BytesIO(tess.get(url + query).content)).pages) == 1, query
    named = tess.get(f"{url}?names=yes").content
    assert len(PdfReader(io.BytesIO(named)).pages) == 2
    assert "L003 5 October 2026" in text_of(named, 1)


def test_what_came_before_joining_has_no_date(group):
    people = group.complete(6)
    later = MONDAY + timedelta(weeks=2)
    CohortMembership.objects.filter(user__in=people[:1]).update(joined_at=later)
    report = group.report()
    assert report.counts.completed == 6
    assert report.completions[-1].day is None
    assert words.completed_words(report.completions[-1]) == "before joining"
    # Six completed and five have a date: the one would follow.
    assert report.figures.week_bands == ()


def test_a_few_who_did_not_pass_do_not_follow_from_the_scores(group, sign_in):
    group.complete(8, marks=9)
    for user in group.finish(2):
        group.take(user, 3, "final")
    group.start(5)
    figures = group.report().figures
    assert figures.is_of_completed
    shown = [(tenths_words(row), row.people) for row in figures.score_bands]
    assert shown == [("0 to 89%", 0), ("90 to 100%", 8)]
    text = text_of(sign_in(group.cast.tess).get(group.url("cohort-report-pdf")).content)
    assert "People who completed, by their best score" in text.replace("- ", "")


def test_who_was_assessed_otherwise_has_no_score(group):
    people = group.complete(12, marks=8)
    Attempt.objects.filter(user__in=people[:6]).update(
        assessed_by=group.cast.tess, assess_reason="Seen at work", earned=None, possible=None
    )
    bands = group.report().figures.score_bands
    assert sum(row.people or 0 for row in bands) == 6


def test_hard_items_count_people_of_the_final_quiz_and_are_not_named_in_the_document(
    group, sign_in
):
    items = content_of(group.course.edition_id).items
    for user in group.complete(10):
        attempt = Attempt.objects.get(user=user)
        ItemScore.objects.create(attempt=attempt, item_key=items[0].key, earned=0)
        ItemScore.objects.create(attempt=attempt, item_key=items[1].key, earned=1)
    for user in group.complete(9):
        attempt = Attempt.objects.get(user=user)
        ItemScore.objects.create(attempt=attempt, item_key=items[2].key, earned=0)
    (hard,) = group.report().figures.hard_items
    assert (hard.percent, hard.stem) == (0, items[0].stem)
    tess = sign_in(group.cast.tess)
    text = text_of(tess.get(group.url("cohort-report-pdf")).content)
    assert hard.outcome in text
    everything = [*items[0].options, *items[1].options]
    plain = [option.html.removeprefix("<p>").removesuffix("</p>") for option in everything]
    page = tess.get(group.url()).content.decode()
    assert not [option for option in plain if option in text or option in page]
    assert words.NOTHING_HARD not in page


def test_what_others_answered_makes_no_item_hard(group):
    items = content_of(group.course.edition_id).items
    people = group.complete(10)
    for user in people:
        attempt = Attempt.objects.get(user=user)
        ItemScore.objects.create(attempt=attempt, item_key=items[0].key, earned=0)
    CohortMembership.objects.filter(user=people[0]).update(left_at=MONDAY)
    assert group.report().figures.hard_items == ()


def test_neither_a_pretest_nor_an_attempt_before_joining_makes_an_item_hard(group):
    items = content_of(group.course.edition_id).items
    for user in group.complete(10):
        early = JOINED - timedelta(days=1)
        for attempt, item in (
            (group.take(user, 0, "pretest"), items[0]),
            (group.take(user, 0, "final", opened_at=early), items[1]),
        ):
            ItemScore.objects.create(attempt=attempt, item_key=item.key, earned=0)
    assert group.report().figures.hard_items == ()


def test_the_gain_has_the_outcomes_before_and_after(group, tiny_content, sign_in):
    tiny = tiny_content[0]
    pretest = tiny.quizzes[0].model_copy(
        update={"key": "pretest", "title": "Before", "kind": "pretest", "attempts": 1}
    )
    quizzes = (pretest, *tiny.quizzes)
    publish([tiny.model_copy(update={"quizzes": quizzes})], timezone.now())
    group.course.refresh_from_db()
    item = tiny.items[0]
    for number, user in enumerate(group.complete(10)):
        before = group.take(user, 0, "pretest")
        ItemScore.objects.create(attempt=before, item_key=item.key, earned=number < 4)
        after = Attempt.objects.get(user=user, quiz_key="final")
        ItemScore.objects.create(attempt=after, item_key=item.key, earned=1)
    figures = group.report().figures
    assert (figures.gain.n, figures.gain.before, figures.gain.after) == (10, 40, 100)
    outcome = content_of(group.course.edition_id).outcomes
    texts = {row.key: row.text for row in outcome}
    assert words.outcome_rows(figures.gain.outcomes) == [(texts[item.outcome], "40%", "100%")]
    # Eleven people are in the cohort: the one without both quizzes would follow from a ten.
    assert "10 or more people" in words.gain_note(figures)
    text = text_of(sign_in(group.cast.tess).get(group.url("cohort-report-pdf")).content)
    assert f"{texts[item.outcome]} 40% 100%" in text


def test_requests_to_other_cohorts_are_not_counted(group):
    people = group.complete(6)
    for user in people:
        for assignment in (given(group.cast), None):
            AccommodationRequest.objects.create(
                user=user,
                course=group.course,
                assignment=assignment,
                quiz_key="final",
                kind="time",
                granted=True,
                asked_at=BEGUN,
                decided_at=BEGUN + timedelta(days=1 if assignment else 9),
            )
    kinds = dict(group.report().figures.asked)
    assert kinds["one more attempt"].people == 0
    assert kinds["more time"].days_words == "1 day"


@pytest.mark.parametrize("who", ["ana", "ben", "olga", "sam"])
def test_who_does_not_lead_the_cohort_finds_nothing(group, sign_in, who):
    client = sign_in(getattr(group.cast, who))
    for name in ("cohort-report", "cohort-report-pdf"):
        assert client.get(group.url(name)).status_code == 404


def test_a_manager_sees_the_report(group, sign_in):
    mo = sign_in(group.cast.mo)
    assert mo.get(group.url()).status_code == 200
    assert mo.get(group.url("cohort-report-pdf"))["Content-Type"] == "application/pdf"


def test_the_pages_of_the_cohort_lead_to_it(group, sign_in):
    tess = sign_in(group.cast.tess)
    for name, args in (("cohort", []), ("cohort-progress", ["tiny"])):
        url = reverse(f"courses:{name}", args=[group.cast.cohort.key, *args])
        assert f'href="{group.url()}"' in tess.get(url).content.decode(), name


def test_it_asks_the_same_for_five_and_for_sixty(group):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            group.report()
        return len(captured)

    group.complete(5)
    group.report()  # the edition is in memory from here on
    few = queries()
    group.complete(55)
    assert queries() == few <= 10


def test_the_logo_of_a_confirmed_organisation_stands_on_both(group, sign_in):
    cast = group.cast
    group.complete(5)
    set_logo(cast.mo, cast.cohort.organisation, logo_picture(picture()), timezone.now())
    tess = sign_in(cast.tess)

    def images() -> list[object]:
        data = tess.get(group.url("cohort-report-pdf")).content
        return list(PdfReader(io.BytesIO(data)).pages[0].images)

    assert "/logos/" not in tess.get(group.url()).content.decode()
    assert images() == []
    confirm(cast)
    assert "/logos/" in tess.get(group.url()).content.decode()
    assert len(images()) == 1
