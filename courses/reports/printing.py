"""A cohort's report as the facts of its document: what may leave the house."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from courses.dashboards.gains import CohortGain, OutcomeShare
from courses.organisations.queries import logo_png, shown_logo
from courses.people.models import Organisation
from courses.reports import words
from courses.reports.charts import Chart
from courses.reports.pdf import BarFacts, ReportFacts
from courses.reports.queries import CohortReport, Completion, Figures

FEW = "Fewer than five people"
MOST_OUTCOMES = 12


def facts_of(
    report: CohortReport, *, with_names: bool, site_name: str, site_url: str
) -> ReportFacts:
    """The facts of the document; `with_names` adds who completed, and when."""
    cohort = report.assignment.cohort
    facts = ReportFacts(
        organisation=cohort.organisation.printed_name,
        logo=_logo(cohort.organisation),
        cohort=cohort.name,
        course=report.course.title,
        edition=words.edition_words(report),
        as_of=timezone.localdate(report.made_at),
        site_name=site_name,
        site_url=site_url,
        people=FEW,
        names=_names(report.completions) if with_names else None,
    )
    if not report.figures:
        return facts
    shown = report.shown(with_names=with_names)
    facts = replace(
        facts,
        people="Hidden" if shown.total is None else f"{shown.total} people",
        counts=tuple(words.count_rows(shown.numbers, is_open=report.is_open)),
    )
    # Weeks and scores add up to who completed, or nearly: they would tell a number that is hidden.
    is_completed_hidden = shown.numbers[0] is None
    return _with_figures(facts, report.figures, is_completed_hidden=is_completed_hidden)


def _logo(organisation: Organisation) -> bytes | None:
    logo = shown_logo(organisation)
    return logo_png(logo.digest) if logo else None


def _names(completions: Sequence[Completion]) -> tuple[tuple[str, str], ...]:
    return tuple((row.name, words.completed_words(row)) for row in completions)


def _with_figures(
    facts: ReportFacts, figures: Figures, *, is_completed_hidden: bool
) -> ReportFacts:
    if is_completed_hidden:
        facts = replace(facts, weeks_note=words.HIDDEN, scores_note=words.HIDDEN)
    else:
        facts = _with_bars(facts, figures)
    outcomes = lowest_after(figures.gain)
    hard = [(row.lesson, row.outcome, f"{row.percent}%") for row in figures.hard_items]
    return replace(
        facts,
        gain_note=words.gain_note(figures),
        outcomes=tuple(words.outcome_rows(outcomes)),
        left_out=len(figures.gain.outcomes) - len(outcomes),
        hard_note=words.hard_note(figures),
        hard=tuple(hard),
        asked_note=words.asked_note(figures),
        asked=tuple(words.asked_rows(figures)),
    )


def _with_bars(facts: ReportFacts, figures: Figures) -> ReportFacts:
    return replace(
        facts,
        weeks_note=words.weeks_note(figures),
        weeks=_bars(words.week_chart(figures)),
        scores_note=words.scores_note(figures),
        scores=_bars(words.score_chart(figures)),
    )


def lowest_after(gain: CohortGain) -> list[OutcomeShare]:
    """The outcomes with the lowest shares after, as many as fit the page, in their order."""
    ranked = sorted(gain.outcomes, key=_after)
    kept = ranked[:MOST_OUTCOMES]
    return [share for share in gain.outcomes if share in kept]


def _after(share: OutcomeShare) -> int:
    # One that has no share says nothing: it goes last.
    return 101 if share.after is None else share.after


def _bars(chart: Chart | None) -> tuple[BarFacts, ...]:
    bars = chart.bars if chart else ()
    return tuple(BarFacts(bar.label, bar.number, bar.share) for bar in bars)
