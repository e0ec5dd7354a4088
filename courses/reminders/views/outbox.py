"""What was sent, what waits, what was not sent and why; for an organisation and for one learner.

What a mail said is shown nowhere: it was written to one person.
"""

import uuid
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.dashboards.queries import assignment_of, newest_content
from courses.organisations.menu import menu_of, roles_in
from courses.people.looks import log_look
from courses.people.models import Cohort, CohortMembership, Organisation
from courses.reminders.answers import Written, answer_in_words
from courses.reminders.outbox_queries import (
    STATES,
    as_rows,
    digest_lines,
    is_stopped,
    outbox_of,
    outbox_of_learner,
    reminder_run,
)
from courses.reminders.queries import candidates_of, histories_of, with_progress
from courses.reminders.schedule import Reason
from courses.web.access import SignedInRequest, signed_in

PAGE = 50  # reminders on one page
LINES = 20  # digests on the page, the late ones first


@require_safe
@signed_in()
def mail(request: SignedInRequest, organisation: str) -> HttpResponse:
    """Reminders of an organisation: a manager sees all of them, a trainer those of own cohorts."""
    row = get_object_or_404(Organisation.objects.run_by(request.user), slug=organisation)
    now = timezone.now()
    is_manager = "manager" in roles_in(request.user, row)
    outbox = outbox_of(Cohort.objects.led_by(request.user).filter(organisation=row))
    counts = outbox.counts()
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    page = Paginator(outbox.newest_first(state), PAGE).get_page(request.GET.get("page"))
    run = reminder_run()
    lines = digest_lines(row, now, run.began_at, None if is_manager else request.user)
    context = {
        "organisation": row,
        "menu": menu_of(request.user, row),
        "is_manager": is_manager,
        "page": page,
        "rows": as_rows(page.object_list),
        "state": state,
        "chips": [(key, words, counts[key]) for key, words in STATES.items()],
        "total": sum(counts.values()),
        "lines": lines[:LINES],
        "more_lines": max(len(lines) - LINES, 0),
        "late": sum(line.is_late for line in lines),
        "ran_at": run.finished_at,
        "is_stopped": is_stopped(run.finished_at, now),
    }
    return render(request, "reminders/mail.html", context)


@require_safe
@signed_in()
def reminder_history(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """Why a learner has had no reminder of a course, in one line; below it, all they had."""
    assignment = assignment_of(Cohort.objects.led_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    members = CohortMembership.objects.current().filter(cohort=assignment.cohort)
    member = get_object_or_404(members.select_related("user"), user__key=learner)
    now = timezone.now()
    if request.method == "GET":  # HEAD shows nothing
        log_look(request.user, member.user, assignment.cohort.organisation, now)
    candidates = with_progress(candidates_of([member.user_id]))
    row = next(row for row in candidates if row.assignment.pk == assignment.pk)
    history = histories_of([member.user_id])[member.user_id]
    away = (assignment.pk, Reason.COME_BACK.value, row.facts.away_period)
    announced = (assignment.pk, Reason.DUE_SOON.value, row.facts.due_period)
    facts = replace(
        row.facts,
        is_asked_back=away in history.recorded,
        is_announced=announced in history.recorded,
    )
    sent = as_rows(outbox_of_learner(assignment, member.user_id).newest_first()[:PAGE])
    moments = [line.at for line in sent if line.state != "not-sent"]
    written = Written(history.last_note, history.last_nudge, max(moments, default=None))
    run = reminder_run()
    context = {
        "learner": member.user,
        "cohort": assignment.cohort,
        "course": newest_content(assignment),
        "answer": answer_in_words(str(member.user), facts, row.own_time, written, now),
        "rows": sent,
        "ran_at": run.finished_at,
        "is_stopped": is_stopped(run.finished_at, now),
    }
    return render(request, "reminders/reminder_history.html", context)
