"""The index of pages, a table of contents of the product. URLs of actions take POST only."""

from django.conf import settings
from django.urls import include, path

from courses.certificates import views as certificates
from courses.cohort_urls import cohort_paths
from courses.dashboards.views import cohorts, items
from courses.exports import views as exports
from courses.group_sessions.views import own as own_sessions
from courses.group_sessions.views import phones
from courses.handouts import views as handouts
from courses.learning.views import (
    activity,
    attempt,
    catalogue,
    home,
    invitation,
    lesson,
    lesson_end,
    practise,
    quiz,
    result,
)
from courses.library import views as library
from courses.organisations.views import events as organisation_events
from courses.organisations.views import home as organisation_home
from courses.organisations.views import invitations as organisation_invitations
from courses.organisations.views import logo as organisation_logo
from courses.organisations.views import people as organisation_people
from courses.organisations.views import requests as join_requests
from courses.organisations.views import teams as organisation_teams
from courses.pathways import views as pathways
from courses.people import views as people
from courses.personal_data import views as personal_data
from courses.portfolio.views import account, look_up
from courses.portfolio.views import certificates as own_certificates
from courses.portfolio.views import practice as portfolio
from courses.practice.views import panel, rounds
from courses.practice.views import scenes as practice
from courses.readiness.views import coverage as readiness_coverage
from courses.readiness.views import plan as readiness_plan
from courses.recall.actions import judge_case
from courses.recall.offers import offers_of
from courses.recall.views import keeping
from courses.reminders.views import outbox, stopping
from courses.roster import views as roster
from courses.sharing import views as sharing
from courses.signoffs import views as signoffs
from courses.web import views as web

courses = [
    path("see/", practice.scene, name="scene"),
    path("drawn/<slug:version>.json", practice.motion, name="motion"),
    path("drawn/<slug:version>-<int:number>.svg", practice.still, name="still"),
    path("share.png", sharing.site_image, name="site-image"),
    path("learning/", home.learning, {"offers": offers_of}, name="learning"),
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("commissioners/", catalogue.commissioners, name="commissioners"),
    path("courses/<slug:course>/", catalogue.course, name="course"),
    path("courses/<slug:course>/enrol/", catalogue.enrol, name="enrol"),
    path("courses/<slug:course>/sources/", catalogue.sources, name="sources"),
    path("courses/<slug:course>/share.png", sharing.course_image, name="course-image"),
    path("courses/<slug:course>/handout/", handouts.handout, name="handout"),
    path("courses/<slug:course>/lessons/<slug:lesson>/", lesson.lesson, name="lesson"),
    path(
        "courses/<slug:course>/lessons/<slug:lesson>/begin/",
        lesson.begin_lesson,
        name="begin-lesson",
    ),
    path(
        "courses/<slug:course>/lessons/<slug:lesson>/done/",
        lesson_end.lesson_done,
        name="lesson-done",
    ),
    path("courses/<slug:course>/lessons/<slug:lesson>/<slug:step>/", lesson.step, name="step"),
    path(
        "courses/<slug:course>/lessons/<slug:lesson>/<slug:step>/finish/",
        lesson.finish_step,
        name="finish-step",
    ),
    path(
        "courses/<slug:course>/lessons/<slug:lesson>/<slug:step>/<slug:activity>/answer/",
        activity.answer_activity,
        name="answer-activity",
    ),
    path(
        "courses/<slug:course>/lessons/<slug:lesson>/<slug:step>/<slug:activity>/draft/",
        activity.save_draft,
        name="save-draft",
    ),
    path("courses/<slug:course>/quiz/<slug:quiz>/", quiz.quiz, name="quiz"),
    path("courses/<slug:course>/quiz/<slug:quiz>/open/", quiz.open_attempt, name="open-attempt"),
    path(
        "courses/<slug:course>/quiz/<slug:quiz>/ask/",
        quiz.request_accommodation,
        name="ask-for-more",
    ),
    path("courses/<slug:course>/items/", items.item_analysis, name="item-analysis"),
    path("courses/<slug:course>/items/csv/", items.item_analysis_file, name="item-analysis-csv"),
    path("courses/<slug:course>/certificate/", own_certificates.claim, name="claim-certificate"),
    path("attempts/<uuid:attempt>/", attempt.attempt, name="attempt"),
    path("attempts/<uuid:attempt>/items/<int:number>/", attempt.item, name="item"),
    path(
        "attempts/<uuid:attempt>/items/<int:number>/save/",
        attempt.save_response,
        name="save-response",
    ),
    path("attempts/<uuid:attempt>/hand-in/", attempt.review, name="review-attempt"),
    path("attempts/<uuid:attempt>/submit/", attempt.submit_attempt, name="submit-attempt"),
    path("attempts/<uuid:attempt>/result/", result.result, name="result"),
    path(
        "attempts/<uuid:attempt>/practise/<int:number>/",
        practise.practise,
        name="practise",
    ),
    path(
        "attempts/<uuid:attempt>/practise/<int:number>/check/",
        practise.check_practice,
        name="check-practice",
    ),
    path("room/", phones.find_room, name="find-room"),
    path("room/<str:room_code>/", phones.room, name="room"),
    path("eye/", rounds.what_do_you_see, name="what-do-you-see"),
    path("eye/begin/<slug:round_kind>/", rounds.begin, name="begin-round"),
    path("eye/panel/", panel.rate_exemplars, name="rate-exemplars"),
    path("eye/rounds/<uuid:a_round>/", rounds.round_page, name="round"),
    path("eye/cases/<uuid:case>/", rounds.case_page, name="case"),
    # Recall stands above practice: what is judged there moves the dates here.
    path(
        "eye/cases/<uuid:case>/answer/",
        rounds.judge,
        {"act": judge_case},
        name="judge-case",
    ),
    path("eye/cases/<uuid:case>/skip/", rounds.skip, name="skip-case"),
    path("eye/cases/<uuid:case>/moving.json", rounds.case_motion, name="case-motion"),
    path("eye/cases/<uuid:case>/<int:number>.svg", rounds.case_still, name="case-still"),
    path("keep/", keeping.keep_it, name="keep-it"),
    path("keep/today/", keeping.begin_today, name="begin-todays-cases"),
    path("keep/then-and-now/", keeping.then_and_now_page, name="then-and-now"),
    path("keep/offers/<slug:kind>/", keeping.begin_follow_up, name="begin-follow-up"),
    path("keep/<slug:course>/<slug:quiz>/", keeping.begin_review, name="begin-review"),
    path("practice/", portfolio.practice, name="practice"),
    path(
        "practice/plans/<slug:course>/<slug:plan>/",
        portfolio.record_plan_outcome,
        name="record-plan-outcome",
    ),
    path("practice/sessions/<uuid:session>/", own_sessions.own_line, name="own-line"),
    path("practice/signs/", look_up.signs, name="signs"),
    path("practice/signs/<slug:sign>.svg", look_up.sign_drawing, name="sign-drawing"),
    path("practice/glossary/", look_up.glossary, name="glossary"),
    path("practice/search/", look_up.search, name="search"),
    path("practice/account/", account.account, name="account"),
    path("practice/account/pdf/", account.account_pdf, name="account-pdf"),
    path("practice/account/text/", account.account_text, name="account-text"),
    path("record/", own_certificates.record, name="record"),
    path("certificates/<str:code>/", own_certificates.certificate, name="certificate"),
    path("certificates/<str:code>/pdf/", own_certificates.certificate_file, name="certificate-pdf"),
    path("certificates/<str:code>/name/", own_certificates.correct_name, name="correct-name"),
    path(
        "certificates/<str:code>/intention/", own_certificates.keep_intention, name="keep-intention"
    ),
    path("verify/", certificates.verify, name="verify"),
    path("verify/<str:code>/", certificates.verified, name="verified"),
    path("join/", people.join, name="join"),
    path("join/organisation/", join_requests.ask_to_join, name="ask-to-join"),
    path(
        "join/requests/<uuid:join_request>/",
        join_requests.answer_join_request,
        name="answer-join-request",
    ),
    path("join/<str:code>/", invitation.join_cohort, name="join-cohort"),
    path("invitations/<uuid:invitation>/", invitation.invitation, name="invitation"),
    path("details/", people.details, name="details"),
    path("details/seen/", people.who_looked, name="who-looked"),
    path("details/data/", personal_data.own_data, name="own-data"),
    path("details/data/download/", personal_data.download_own_data, name="download-own-data"),
    path(
        "details/organisations/",
        join_requests.own_organisations,
        name="own-organisations",
    ),
    path(
        "details/organisations/<slug:organisation>/leave/",
        join_requests.leave_organisation,
        name="leave-organisation",
    ),
    path("details/reminders/", people.set_reminders, name="set-reminders"),
    path("details/reminder-time/", people.set_reminder_time, name="set-reminder-time"),
    path("stop/<slug:kind>/<str:token>/", stopping.stop_mail, name="stop-mail"),
    path("seen-by-trainer/", cohorts.seen_by_trainer, name="seen-by-trainer"),
    path("seen-by-trainer/<uuid:cohort>/leave/", people.leave_cohort, name="leave-cohort"),
    path("organisations/", organisation_home.organisations, name="organisations"),
    path(
        "organisations/<slug:organisation>/",
        organisation_home.organisation,
        name="organisation",
    ),
    path("organisations/<slug:organisation>/mail/", outbox.mail, name="mail"),
    path("logos/<slug:digest>.png", organisation_logo.logo, name="logo"),
    path(
        "organisations/<slug:organisation>/logo/",
        organisation_home.set_logo,
        name="set-logo",
    ),
    path(
        "organisations/<slug:organisation>/logo/remove/",
        organisation_home.remove_logo,
        name="remove-logo",
    ),
    path(
        "organisations/<slug:organisation>/domains/",
        organisation_home.set_mail_domains,
        name="set-mail-domains",
    ),
    path(
        "organisations/<slug:organisation>/people/",
        organisation_people.people,
        name="organisation-people",
    ),
    path(
        "organisations/<slug:organisation>/people/<uuid:person>/",
        organisation_people.person,
        name="organisation-person",
    ),
    path(
        "organisations/<slug:organisation>/people/<uuid:person>/give-role/",
        organisation_people.give_role,
        name="give-role",
    ),
    path(
        "organisations/<slug:organisation>/people/<uuid:person>/end-role/",
        organisation_people.end_role,
        name="end-role",
    ),
    path(
        "organisations/<slug:organisation>/people/<uuid:person>/end/",
        organisation_people.end_membership,
        name="end-membership",
    ),
    path(
        "organisations/<slug:organisation>/events/",
        organisation_events.events,
        name="organisation-events",
    ),
    path(
        "organisations/<slug:organisation>/teams/",
        organisation_teams.teams,
        name="organisation-teams",
    ),
    path(
        "organisations/<slug:organisation>/teams/<uuid:team>/",
        organisation_teams.team,
        name="organisation-team",
    ),
    path(
        "organisations/<slug:organisation>/teams/<uuid:team>/remove/",
        organisation_teams.remove_team,
        name="remove-team",
    ),
    path(
        "organisations/<slug:organisation>/invitations/",
        organisation_invitations.invitations,
        name="organisation-invitations",
    ),
    path(
        "organisations/<slug:organisation>/invitations/send/",
        organisation_invitations.send_waiting,
        name="send-waiting-invitations",
    ),
    path(
        "organisations/<slug:organisation>/invitations/<uuid:invitation>/send/",
        organisation_invitations.resend,
        name="resend-invitation",
    ),
    path(
        "organisations/<slug:organisation>/invitations/<uuid:invitation>/revoke/",
        organisation_invitations.revoke,
        name="revoke-invitation",
    ),
    path("organisations/<slug:organisation>/roster/", roster.roster, name="roster"),
    path(
        "organisations/<slug:organisation>/roster/file/<slug:suffix>/",
        roster.roster_file,
        name="roster-file",
    ),
    path(
        "organisations/<slug:organisation>/roster/<uuid:roster>/",
        roster.roster_import,
        name="roster-import",
    ),
    path(
        "organisations/<slug:organisation>/roster/<uuid:roster>/rows.csv",
        roster.roster_import_file,
        name="roster-import-csv",
    ),
    path(
        "organisations/<slug:organisation>/roster/<uuid:roster>/import/",
        roster.import_checked_roster,
        name="import-roster",
    ),
    path("organisations/<slug:organisation>/exports/", exports.exports, name="exports"),
    path(
        "organisations/<slug:organisation>/exports/file/", exports.export_file, name="export-file"
    ),
    path(
        "organisations/<slug:organisation>/exports/layouts/new/",
        exports.new_layout,
        name="new-export-layout",
    ),
    path(
        "organisations/<slug:organisation>/exports/layouts/<uuid:layout>/",
        exports.layout,
        name="export-layout",
    ),
    path(
        "organisations/<slug:organisation>/exports/layouts/<uuid:layout>/remove/",
        exports.remove_layout,
        name="remove-export-layout",
    ),
    path(
        "organisations/<slug:organisation>/coverage/", readiness_coverage.coverage, name="coverage"
    ),
    path(
        "organisations/<slug:organisation>/coverage/csv/",
        readiness_coverage.coverage_file,
        name="coverage-csv",
    ),
    path(
        "organisations/<slug:organisation>/staff-in-post/",
        readiness_coverage.staff_in_post,
        name="staff-in-post",
    ),
    path(
        "organisations/<slug:organisation>/staff-in-post/csv/",
        readiness_coverage.staff_in_post_file,
        name="staff-in-post-csv",
    ),
    path(
        "organisations/<slug:organisation>/staff-in-post/file/",
        readiness_coverage.upload_staff_in_post,
        name="upload-staff-in-post",
    ),
    path(
        "organisations/<slug:organisation>/expectations/<slug:profession>/",
        readiness_coverage.expectation,
        name="expectation",
    ),
    path("organisations/<slug:organisation>/plan/", readiness_plan.local_plan, name="local-plan"),
    path(
        "organisations/<slug:organisation>/plan/<slug:question>/",
        readiness_plan.plan_question,
        name="plan-question",
    ),
    path(
        "organisations/<slug:organisation>/readiness/", readiness_plan.readiness, name="readiness"
    ),
    path(
        "organisations/<slug:organisation>/readiness/pdf/",
        readiness_plan.readiness_file,
        name="readiness-pdf",
    ),
    path("organisations/<slug:organisation>/pathways/", pathways.pathways, name="pathways"),
    path(
        "organisations/<slug:organisation>/pathways/new/",
        pathways.new_pathway,
        name="new-pathway",
    ),
    path(
        "organisations/<slug:organisation>/pathways/<uuid:pathway>/",
        pathways.pathway,
        name="pathway",
    ),
    path(
        "organisations/<slug:organisation>/pathways/<uuid:pathway>/check/",
        pathways.check_pathway,
        name="check-pathway",
    ),
    path(
        "organisations/<slug:organisation>/pathways/<uuid:pathway>/remove/",
        pathways.remove_pathway,
        name="remove-pathway",
    ),
    *cohort_paths,
    path("reviewing/", signoffs.reviewing, name="reviewing"),
    path("reviewing/<slug:course>/<slug:lesson>/", signoffs.sign_off, name="sign-off"),
    path("about/", people.about, name="about"),
    path("reading/", web.set_reading, name="set-reading"),
    path("privacy/", people.privacy, name="privacy"),
    path("accessibility/", people.accessibility, name="accessibility"),
]
if settings.DEMO:
    courses.append(path("mail/", web.demo_mail, name="demo-mail"))

urlpatterns = [
    path("", catalogue.home, {"offers": offers_of}, name="home"),
    # allauth's page under the same name; this one stands before it in elearn/urls.py
    path(
        "account/confirm-email/<str:key>/",
        people.ConfirmEmailView.as_view(),
        name="account_confirm_email",
    ),
    path("health/", library.health, name="health"),
    path("health/live", library.live, name="health-live"),
    path("health/ready", library.ready, name="health-ready"),
    path("", include((courses, "courses"))),
]
