"""A cohort's report in words: the same ones on its page and in its document. Plain text."""

from collections.abc import Iterable, Sequence

from courses.dashboards.gains import OutcomeShare
from courses.learning.course_state import CourseState
from courses.reports.charts import Chart, bar_chart
from courses.reports.figures import TENTHS, AskedFigures, Band, Weeks, tenths_words
from courses.reports.queries import CohortReport, Completion, Figures
from courses.web import dates

LEFT = "Left the cohort"
TOO_FEW = "Figures start at five people, since with fewer, individuals could be recognised."
NO_WEEKS = "Nobody has completed since joining the cohort."
HIDDEN = "Not shown: numbers below five people could be worked out from it."
NO_SCORES = "Not shown: too few people have marks, or a small group could be worked out from it."
NOTHING_HARD = "No question stands out, among those that ten people or more have answered."
NOTHING_ASKED = "Nobody has asked for more time or one more attempt."


def edition_words(report: CohortReport) -> str:
    """The editions that people of the cohort learn, as “edition 2” or “editions 1, 2 and 4”."""
    numbers = [str(number) for number in report.editions]
    if len(numbers) < 2:
        return f"edition {''.join(numbers)}".strip()
    return f"editions {', '.join(numbers[:-1])} and {numbers[-1]}"


def number_words(number: int | None) -> str:
    """A number of people, or that it is hidden."""
    return "Hidden" if number is None else str(number)


def count_rows(numbers: Sequence[int | None], *, is_open: bool) -> list[tuple[str, str]]:
    """The words of the five counts, in the order of `Counts.numbers`, with their numbers in words.

    `is_open`: the course can still be begun; who has not begun one that is retired is “Not open”.
    """
    not_begun = CourseState.NOT_STARTED if is_open else CourseState.NOT_OPEN
    states = (CourseState.PASSED, CourseState.FINISHED, CourseState.STARTED, not_begun)
    labels = [*(state.words for state in states), LEFT]
    return [(label, number_words(number)) for label, number in zip(labels, numbers, strict=True)]


def completed_words(row: Completion) -> str:
    """The day on which somebody completed."""
    return dates.day(row.day) if row.day else "before joining"


def week_chart(figures: Figures) -> Chart | None:
    """Completions by week as bars; None where there are none to show."""
    weeks = figures.weeks
    if not weeks:
        return None
    return bar_chart([(_period(weeks, band), band.people) for band in figures.week_bands])


def _period(weeks: Weeks, band: Band) -> str:
    first, last = weeks.first_day(band.first), weeks.last_day(band.last)
    return f"{dates.day(first)} to {dates.day(last)}"


def weeks_note(figures: Figures) -> str:
    """Why no weeks are shown; "" where they are."""
    if figures.week_bands:
        return ""
    return HIDDEN if figures.weeks else NO_WEEKS


def score_chart(figures: Figures) -> Chart | None:
    """People by their best final score as bars; None where there are none to show."""
    return bar_chart([(tenths_words(band), band.people) for band in figures.score_bands])


def scores_note(figures: Figures) -> str:
    """What the bars of scores are, or why there are none."""
    if not figures.score_bands:
        return NO_SCORES
    people = "People who completed" if figures.is_of_completed else "People"
    return f"{people}, by their best score in bands of {100 // TENTHS}% or wider."


def gain_note(figures: Figures) -> str:
    """The share of marks before and after, or why it is not shown."""
    gain = figures.gain
    if gain.before is None:
        return f"Shown once {gain.fewest} people have taken the pre-test and the final quiz."
    people = str(gain.n) if figures.is_gain_exact else f"{gain.fewest} or more"
    return (
        f"On average {gain.before}% of the marks before and {gain.after}% after, of the {people} "
        "people who have taken both quizzes."
    )


def outcome_rows(shares: Iterable[OutcomeShare]) -> list[tuple[str, str, str]]:
    """Each outcome with its share of the marks before and after."""
    rows = []
    for share in shares:
        rows.append((share.outcome.text, _before(share), _after(share)))
    return rows


def _before(share: OutcomeShare) -> str:
    return _share(share.before, share.asked_before)


def _after(share: OutcomeShare) -> str:
    return _share(share.after, share.asked_after)


def _share(percent: int | None, asked: int) -> str:
    if percent is not None:
        return f"{percent}%"
    return "Too few people" if asked else "Not asked"


def hard_note(figures: Figures) -> str:
    """What the hard items are, or that there are none."""
    if not figures.hard_items:
        return NOTHING_HARD
    return "Fewer than six in ten marks, of ten people or more. The hardest comes first."


def asked_rows(figures: Figures) -> list[tuple[str, str]]:
    """Each kind of request with what came of it; empty where nobody asked."""
    if not figures.has_asked:
        return []
    rows = []
    for kind, asked in figures.asked:
        rows.append((f"{kind[:1].upper()}{kind[1:]}", asked_words(asked)))
    return rows


def asked_note(figures: Figures) -> str:
    """Says that nobody asked; "" where somebody did."""
    return "" if figures.has_asked else NOTHING_ASKED


def asked_words(asked: AskedFigures) -> str:
    """Requests of one kind as one sentence."""
    words = asked.people_words
    if asked.granted is not None and asked.people:
        words += f": {asked.granted} granted, {asked.declined} declined, {asked.waiting} waiting"
    if asked.days_words:
        words += f"; half were answered within {asked.days_words}"
    return f"{words}."
