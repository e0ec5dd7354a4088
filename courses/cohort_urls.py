"""The pages of cohorts and of the learners in them; `urls` has them with the rest of the index."""

from django.urls import path

from courses.dashboards.views import (
    accommodations,
    cohort_learners,
    cohort_settings,
    cohorts,
    eye,
    home,
    progress,
    several,
)
from courses.group_sessions.views import recorded as group_sessions
from courses.group_sessions.views import rooms
from courses.organisations.views import requests as join_requests
from courses.people import views as people
from courses.reminders.views import nudges, outbox
from courses.reminders.views import several as remind_several
from courses.reports import views as reports

cohort_paths = [
    path("cohorts/", home.cohorts, name="cohorts"),
    path(
        "cohorts/remind-never-started/",
        remind_several.remind_never_started,
        name="remind-never-started",
    ),
    path("cohorts/new/", people.new_cohort, name="new-cohort"),
    path("cohorts/archived/", cohort_settings.archived_cohorts, name="archived-cohorts"),
    path("cohorts/<uuid:cohort>/", cohorts.cohort, name="cohort"),
    path(
        "cohorts/<uuid:cohort>/settings/", cohort_settings.cohort_settings, name="cohort-settings"
    ),
    path(
        "cohorts/<uuid:cohort>/settings/state/",
        cohort_settings.set_cohort_state,
        name="set-cohort-state",
    ),
    path(
        "cohorts/<uuid:cohort>/settings/trainers/", cohort_settings.add_trainer, name="add-trainer"
    ),
    path(
        "cohorts/<uuid:cohort>/settings/trainers/<uuid:person>/remove/",
        cohort_settings.remove_trainer,
        name="remove-trainer",
    ),
    path("cohorts/<uuid:cohort>/eye/", eye.eye, name="cohort-eye"),
    path("cohorts/<uuid:cohort>/copy/", cohort_settings.copy_cohort, name="copy-cohort"),
    path("cohorts/<uuid:cohort>/assign/", people.assign_course, name="assign-course"),
    path("cohorts/<uuid:cohort>/joining/", join_requests.set_joining, name="set-joining"),
    path("cohorts/<uuid:cohort>/renew-code/", people.renew_join_code, name="renew-join-code"),
    path(
        "cohorts/<uuid:cohort>/group-sessions/",
        group_sessions.group_sessions,
        name="group-sessions",
    ),
    path(
        "cohorts/<uuid:cohort>/group-sessions/new/",
        group_sessions.new_group_session,
        name="new-group-session",
    ),
    path(
        "cohorts/<uuid:cohort>/group-sessions/<uuid:session>/",
        group_sessions.group_session,
        name="group-session",
    ),
    path(
        "cohorts/<uuid:cohort>/group-sessions/<uuid:session>/void/",
        group_sessions.void_group_session,
        name="void-group-session",
    ),
    path("cohorts/<uuid:cohort>/rooms/", rooms.new_room, name="new-room"),
    path("cohorts/<uuid:cohort>/rooms/<uuid:room>/", rooms.wall, name="wall"),
    path(
        "cohorts/<uuid:cohort>/rooms/<uuid:room>/advance/",
        rooms.advance_room,
        name="advance-room",
    ),
    path("cohorts/<uuid:cohort>/rooms/<uuid:room>/end/", rooms.end_room, name="end-room"),
    path("cohorts/<uuid:cohort>/<slug:course>/", progress.progress, name="cohort-progress"),
    path("cohorts/<uuid:cohort>/<slug:course>/csv/", progress.progress_file, name="cohort-csv"),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/remind/",
        remind_several.remind_learners,
        name="remind-learners",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/more-time/",
        several.extend_due_dates,
        name="extend-due-dates",
    ),
    path("cohorts/<uuid:cohort>/<slug:course>/move/", several.move_learners, name="move-learners"),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/picture/",
        progress.progress_picture,
        name="cohort-picture",
    ),
    path("cohorts/<uuid:cohort>/<slug:course>/gain/", cohorts.gain, name="cohort-gain"),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/report/", reports.cohort_report, name="cohort-report"
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/report/pdf/",
        reports.cohort_report_file,
        name="cohort-report-pdf",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/unassign/",
        cohort_settings.unassign_cohort_course,
        name="unassign-course",
    ),
    path("cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/", cohorts.learner, name="learner"),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/more-time/",
        cohort_learners.extend_due_date,
        name="extend-due-date",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/more-time/withdraw/",
        cohort_learners.withdraw_extension,
        name="withdraw-extension",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/move/",
        cohort_learners.move_learner,
        name="move-learner",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/remove/",
        cohort_learners.remove_learner,
        name="remove-learner",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/nudge/",
        nudges.send_nudge,
        name="send-nudge",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/reminders/",
        outbox.reminder_history,
        name="reminder-history",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/<slug:quiz>/grant/",
        accommodations.grant_attempt,
        name="grant-attempt",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/<slug:quiz>/time/",
        accommodations.grant_time,
        name="grant-time",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/<slug:quiz>/reset/",
        accommodations.reset_quiz,
        name="reset-quiz",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/<slug:quiz>/assess/",
        accommodations.assess_otherwise,
        name="assess-otherwise",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/attempts/<uuid:attempt>/void/",
        accommodations.void_attempt,
        name="void-attempt",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/requests/<uuid:asked>/decline/",
        accommodations.decline_request,
        name="decline-request",
    ),
    path(
        "cohorts/<uuid:cohort>/<slug:course>/<uuid:learner>/requests/<uuid:asked>/grant/",
        accommodations.grant_request,
        name="grant-request",
    ),
]
