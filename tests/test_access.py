"""Who may open what: one table over every route of the URLconf, for every role, GET and POST.

A route that is not in the table fails. `in` means: sent to sign in, and back to this page afterwards.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote, urlsplit

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from courses.assessment.accommodations import request_accommodation
from courses.assessment.models import AccommodationRequest, Attempt
from courses.authoring.publishing import publish
from courses.certificates.codes import new_code, show_code
from courses.certificates.models import Certificate
from courses.exports.columns import Column, columns_as_json
from courses.exports.models import ExportLayout
from courses.group_sessions.actions import SessionFacts, record_session
from courses.group_sessions.models import GroupSession, Room, new_room_code
from courses.group_sessions.room_actions import start_room
from courses.group_sessions.scenes import wall_scenes
from courses.learning.actions import enrol, submit_attempt
from courses.learning.activity_forms import page_name
from courses.learning.certifying import claim_certificate
from courses.learning.lesson_actions import answer_activity, begin_lesson
from courses.learning.queries import enrolment_progress_on
from courses.library.content import Course as Content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import (
    AuditEvent,
    Case,
    Invitation,
    JoinRequest,
    Nudge,
    Pathway,
    RateLimit,
    Round,
    Team,
)
from courses.organisations.actions import create_invitations
from courses.organisations.invitees import Invitee
from courses.people.actions import join_cohort, start_cohort
from courses.people.due_dates import end_of_day
from courses.people.models import Assignment, Cohort, User
from courses.practice.round_actions import begin_round
from courses.practice.round_queries import cases_of
from courses.reminders.stop_links import REMINDERS, stop_url
from courses.roster.actions import check_roster
from courses.roster.models import RosterImport
from courses.signoffs.queries import digests_of
from tests.conftest import (
    PASSWORD,
    Cast,
    answer_all,
    begin_quiz,
    headers_of,
    learn,
    person,
    right_answer,
)
from tests.pools import small_pool
from tests.published_pools import publish as publish_pool

REFUSED = {"in", "400", "403", "404", "405"}
ROLES = ("visitor", "ana", "ben", "tess", "mo", "olga", "sam")
# Ana has completed the course and has a second attempt open; Ben has begun its first lesson; the others learn nothing.
# Nobody here reviews: Rhea does, and her pages are in test_signoffs.
# All objects are Ana's, or Tess's cohort with Ana in it. A row is a route, what GET gives each role, what POST gives.
TABLE = """
#                                    GET  visitor ana ben tess mo olga sam   POST visitor ana ben tess mo olga sam
home                                      200 200 200 302 302 302 200             405 405 405 405 405 405 405
health                                    200 200 200 200 200 200 200             405 405 405 405 405 405 405
health-live                               200 200 200 200 200 200 200             405 405 405 405 405 405 405
health-ready                              200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:motion                            404 404 404 404 404 404 404             405 405 405 405 405 405 405
courses:still                             404 404 404 404 404 404 404             405 405 405 405 405 405 405
courses:scene                             200 200 200 200 200 200 200             200 200 200 200 200 200 200
courses:learning                          in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:catalogue                         200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:commissioners                     200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:course                            200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:sources                           200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:handout                           200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:course-image                      200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:site-image                        200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:enrol                             405 405 405 405 405 405 405             302 302 302 302 302 302 302
courses:lesson                            in  200 302 404 404 404 404             405 405 405 405 405 405 405
courses:begin-lesson                      405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:lesson-done                       in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:step                              in  200 200 404 404 404 404             405 405 405 405 405 405 405
courses:finish-step                       405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:answer-activity                   405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:save-draft                        405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:quiz                              in  200 200 404 404 404 404             405 405 405 405 405 405 405
courses:open-attempt                      405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:attempt                           in  302 404 404 404 404 404             405 405 405 405 405 405 405
courses:item                              in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:save-response                     405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:review-attempt                    in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:submit-attempt                    405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:result                            in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:practise                          in  404 404 404 404 404 404             405 405 405 405 405 405 405
courses:check-practice                    405 405 405 405 405 405 405             in  404 404 404 404 404 404
courses:what-do-you-see                   in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:begin-round                       405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:rate-exemplars                    in  404 404 404 404 404 404             in  404 404 404 404 404 404
courses:round                             in  302 404 404 404 404 404             405 405 405 405 405 405 405
courses:case                              in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:judge-case                        405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:skip-case                         405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:case-motion                       in  404 404 404 404 404 404             405 405 405 405 405 405 405
courses:case-still                        in  404 404 404 404 404 404             405 405 405 405 405 405 405
courses:keep-it                           in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:begin-todays-cases                405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:begin-follow-up                   405 405 405 405 405 405 405             in  404 404 404 404 404 404
courses:begin-review                      405 405 405 405 405 405 405             in  404 404 404 404 404 404
courses:then-and-now                      in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:practice                          in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:signs                             in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:sign-drawing                      in  404 404 404 404 404 404             405 405 405 405 405 405 405
courses:glossary                          in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:search                            in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:account                           in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:account-pdf                       in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:account-text                      in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:record-plan-outcome               405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:record                            in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:claim-certificate                 in  302 200 404 404 404 404             in  302 400 404 404 404 404
courses:ask-for-more                      405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:item-analysis                     in  404 404 200 200 200 200             405 405 405 405 405 405 405
courses:item-analysis-csv                 in  404 404 200 200 200 200             405 405 405 405 405 405 405
courses:certificate                       in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:certificate-pdf                   in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:correct-name                      in  200 404 404 404 404 404             in  302 404 404 404 404 404
courses:keep-intention                    405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:verify                            200 200 200 200 200 200 200             302 302 302 302 302 302 302
courses:verified                          200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:join                              200 200 200 200 200 200 200             302 302 302 302 302 302 302
courses:join-cohort                       200 200 200 200 200 200 200             in  302 302 302 302 302 302
courses:details                           in  200 200 200 200 200 200             in  302 302 302 302 302 302
courses:who-looked                        in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:own-data                          in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:download-own-data                 405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:set-reminders                     405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:set-reminder-time                 405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:stop-mail                         200 200 200 200 200 200 200             200 200 200 200 200 200 200
courses:seen-by-trainer                   in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:leave-cohort                      405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:cohorts                           in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:organisations                     in  302 302 302 302 302 302             405 405 405 405 405 405 405
courses:roster                            in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:roster-file                       405 405 405 405 405 405 405             in  404 404 200 200 404 404
courses:roster-import                     in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:roster-import-csv                 in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:import-roster                     405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:organisation                      in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:mail                              in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:logo                              404 404 404 404 404 404 404             405 405 405 405 405 405 405
courses:invitation                        200 200 200 200 200 200 200             in  302 302 400 302 302 302
courses:organisation-invitations          in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:send-waiting-invitations          405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:resend-invitation                 405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:revoke-invitation                 405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:coverage                          in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:coverage-csv                      in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:staff-in-post                     in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:staff-in-post-csv                 in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:upload-staff-in-post              405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:expectation                       in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:local-plan                        in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:plan-question                     in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:pathways                          in  200 404 200 200 404 404             405 405 405 405 405 405 405
courses:new-pathway                       in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:pathway                           in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:check-pathway                     405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:remove-pathway                    in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:readiness                         in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:readiness-pdf                     in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:exports                           in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:export-file                       405 405 405 405 405 405 405             in  404 404 200 200 404 404
courses:new-export-layout                 in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:export-layout                     in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:remove-export-layout              405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:organisation-people               in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:organisation-person               in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:give-role                         405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:end-role                          405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:end-membership                    405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:organisation-events               in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:organisation-teams                in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:organisation-team                 in  404 404 200 200 404 404             in  404 404 302 302 404 404
courses:remove-team                       405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:own-organisations                 in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:leave-organisation                405 405 405 405 405 405 405             in  302 404 302 302 404 404
courses:ask-to-join                       405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:answer-join-request               405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:set-logo                          405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:remove-logo                       405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:set-mail-domains                  405 405 405 405 405 405 405             in  404 404 302 302 404 404
courses:set-joining                       405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:new-cohort                        in  200 200 200 200 200 200             in  302 302 302 302 302 302
courses:cohort                            in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:archived-cohorts                  in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:cohort-settings                   in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:set-cohort-state                  405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:add-trainer                       405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:remove-trainer                    405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:copy-cohort                       in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:unassign-course                   in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:assign-course                     405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:renew-join-code                   405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:group-sessions                    in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:new-group-session                 in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:group-session                     in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:void-group-session                405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:new-room                          in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:wall                              in  404 404 200 404 404 404             405 405 405 405 405 405 405
courses:advance-room                      405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:end-room                          405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:find-room                         in  200 200 200 200 200 200             in  302 400 400 400 400 400
courses:room                              in  200 404 404 404 404 404             in  302 404 404 404 404 404
courses:own-line                          in  200 404 404 404 404 404             in  302 404 404 404 404 404
courses:cohort-progress                   in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:cohort-csv                        in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:cohort-picture                    in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:remind-learners                   405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:extend-due-dates                  405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:move-learners                     405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:cohort-gain                       in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:cohort-eye                        in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:cohort-report                     in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:cohort-report-pdf                 in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:learner                           in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:extend-due-date                   in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:withdraw-extension                405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:move-learner                      in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:remove-learner                    in  404 404 200 404 404 404             in  404 404 302 404 404 404
courses:reminder-history                  in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:remind-never-started              405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:send-nudge                        405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:grant-attempt                     405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:grant-time                        405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:reset-quiz                        405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:assess-otherwise                  405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:void-attempt                      405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:decline-request                   405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:grant-request                     405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:reviewing                         in  404 404 404 404 404 404             405 405 405 405 405 405 405
courses:sign-off                          in  404 404 404 404 404 404             in  404 404 404 404 404 404
courses:about                             200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:set-reading                       405 405 405 405 405 405 405             302 302 302 302 302 302 302
courses:privacy                           200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:accessibility                     200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_login                             200 302 302 302 302 302 302             302 302 302 302 302 302 302
account_logout                            302 200 200 200 200 200 200             302 302 302 302 302 302 302
account_inactive                          200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_signup                            200 302 302 302 302 302 302             302 302 302 302 302 302 302
account_reauthenticate                    in  200 200 200 200 200 200             in  302 302 302 302 302 302
account_email                             in  200 200 200 200 200 200             in  302 302 302 302 302 302
account_email_verification_sent           200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_change_password                   in  200 200 200 200 200 200             in  302 302 302 302 302 302
account_set_password                      in  302 302 302 302 302 302             in  302 302 302 302 302 302
account_reset_password                    200 200 200 200 200 200 200             302 302 302 302 302 302 302
account_request_login_code                200 302 302 302 302 302 302             302 302 302 302 302 302 302
account_confirm_login_code                302 302 302 302 302 302 302             302 302 302 302 302 302 302
account_confirm_email                     200 200 200 200 200 200 200             404 404 404 404 404 404 404
account_reset_password_done               200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_reset_password_from_key           200 200 200 200 200 200 200             200 200 200 200 200 200 200
account_reset_password_from_key_done      200 200 200 200 200 200 200             405 405 405 405 405 405 405
admin:index                               302 302 302 302 302 302 200             302 302 302 302 302 302 200
admin:login                               in  403 403 403 403 403 302             in  403 403 403 403 403 200
admin:logout                              302 302 302 302 302 302 405             302 302 302 302 302 302 200
"""
SAME_FOR_ALL = {
    "courses:course-image",
    "courses:site-image",
}  # pictures that anyone may keep for a day


@dataclass
class World:
    """The cast with everything a URL can name. `other` is a second course, for what belongs to another parent."""

    cast: Cast
    tiny: Course
    other: Course
    scored: Attempt
    open: Attempt
    certificate: Certificate
    asked: AccommodationRequest
    roster: RosterImport
    invitation: Invitation
    team: Team
    join_request: JoinRequest
    layout: ExportLayout
    session: GroupSession
    pathway: Pathway
    winter: Cohort
    room: Room
    round: Round
    case: Case


def other_course(tiny: Content) -> Content:
    """The tiny course under other keys: `other`, with the quiz `other-final`."""
    quiz = tiny.quizzes[0].model_copy(update={"key": "other-final"})
    items = tuple(item.model_copy(update={"use": ("other-final",)}) for item in tiny.items)
    return tiny.model_copy(
        update={"key": "other", "title": "Other things", "quizzes": (quiz,), "items": items}
    )


def build_world(cast: Cast, tiny: Content) -> World:
    publish([tiny, other_course(tiny)], timezone.now())
    course, now = Course.objects.get(key="tiny"), timezone.now()
    enrolment = learn(cast.ana, course)
    plan = {"sentence": "0", "own": "", "on": "2026-03-02"}
    answer_activity(enrolment, "last-things", "one-sentence", plan, now)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    scored = submit_attempt(cast.ana, attempt.key, now)
    certificate = claim_certificate(enrolment_progress_on(cast.ana, "tiny"), "Ana Jones", now)
    enrolment = enrol(cast.ben, course, now)
    begin_lesson(enrolment, content_of(enrolment.edition_id).lessons[0], now)
    other = Course.objects.get(key="other")
    asked = request_accommodation(cast.ana, course.pk, "final", "time", "The line is slow", now)
    # To Tess's cohort, and sent long enough ago to be sent once more.
    whom = [Invitee("new@example.org", "New", cohort=cast.cohort)]
    riverside = cast.cohort.organisation
    (invited,) = create_invitations(cast.tess, riverside, whom, now - timedelta(minutes=5))
    open_attempt = begin_quiz(cast.ana, course)
    service = cast.cohort.organisation
    roster = check_roster(cast.mo, service, "staff.csv", b"Email\nr@example.org", False, now)
    team = Team.objects.create(organisation=riverside, name="North")
    cara = person("Cara")
    joining = JoinRequest.objects.create(organisation=riverside, cohort=cast.cohort, user=cara)
    pathway = Pathway.objects.create(
        organisation=riverside,
        kind="consultation",
        service="Baby line",
        phone="01632 960 100",
        checked_on=now.date() - timedelta(days=30),
        checked_by=cast.tess,
    )
    own = (scored, open_attempt, certificate, asked)
    columns = columns_as_json([Column("email", "E-mail")])
    layout = ExportLayout.objects.create(
        organisation=riverside, name="By email", columns=columns, updated_by=cast.mo
    )
    facts = SessionFacts("A quiet baby", timezone.localdate(), 60, frozenset({cast.ana.pk}))
    session = record_session(cast.tess, cast.cohort, facts, now)
    # A date that can be extended, and a second cohort of Tess's to move to.
    due = timezone.localdate() + timedelta(days=30)
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=end_of_day(due))
    winter = start_cohort(cast.tess, riverside, "Next to it", course, None, now)
    room = start_room(cast.tess, cast.cohort, wall_scenes()[0], now)
    publish_pool(small_pool())
    a_round = begin_round(cast.ana, Round.Kind.PRACTICE, now)
    case = cases_of(a_round)[0]
    more = (roster, invited, team, joining, layout, session, pathway, winter, room, a_round, case)
    return World(cast, course, other, *own, *more)


@pytest.fixture
def world(cast, tiny_content) -> World:
    return build_world(cast, tiny_content[0])


def routes(
    resolver: object = None, names: str = "", path: str = ""
) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Every route of the URLconf: its name with namespaces, its pattern, and what its URL needs."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield names + (entry.name or ""), here, entry.pattern.regex.groupindex
        else:
            yield from routes(
                entry, names + (f"{entry.namespace}:" if entry.namespace else ""), here
            )


def library_routes(
    resolver: object = None, path: str = "", is_ours: bool = True
) -> Iterator[tuple[str, str]]:
    """The name and pattern of every route of an URLconf that is a library's, but for those of the admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield from [] if is_ours or here.startswith("admin/") else [(entry.name or "", here)]
            continue
        module = getattr(entry.urlconf_module, "__name__", "")  # a list within one of ours has none
        inside_is_ours = is_ours and (not module or module.startswith(("courses.", "elearn.")))
        yield from library_routes(entry, here, inside_is_ours)


def unlisted() -> set[str]:
    """Routes of ours that the table lacks. More of libraries than it has are judged in test_library_routes."""
    theirs = {path for _, path in library_routes()}
    ours = {
        name for name, path, _ in routes() if path not in theirs and not path.startswith("admin/")
    }
    return ours - set(table())


NEEDS = {
    name: list(needs)
    for name, path, needs in routes()
    if not path.startswith("admin/") or not needs
}


def url_of(world: World, route: str, **instead: object) -> str:
    """The address of a route with Ana's things in it, or with others `instead`."""
    known: dict[str, object] = {
        "course": "tiny",
        "lesson": "first-things",
        "step": "opening",
        "activity": "which-grows",
        "quiz": "final",
        "attempt": world.scored.key if route == "courses:result" else world.open.key,
        "number": 1,
        "code": world.cast.cohort.join_code
        if route == "courses:join-cohort"
        else show_code(world.certificate.code),
        "cohort": world.cast.cohort.key,
        "organisation": world.cast.cohort.organisation.slug,
        "profession": "camhs",
        "question": "babies-named",
        "learner": world.cast.ana.key,
        "roster": world.roster.key,
        "suffix": "csv",
        "asked": world.asked.key,
        "invitation": world.invitation.key,
        "person": world.cast.tess.key if route == "courses:remove-trainer" else world.cast.ana.key,
        "team": world.team.key,
        "session": world.session.key,
        "room": world.room.key,
        "room_code": world.room.code,
        "a_round": world.round.key,
        "case": world.case.key,
        "round_kind": Round.Kind.PRACTICE,
        "join_request": world.join_request.key,
        "layout": world.layout.key,
        "pathway": world.pathway.key,
        "digest": "0" * 64,
        "plan": page_name("last-things", "one-sentence"),
        "sign": "of-no-scene",
        "key": "none-like-this",
        "version": "of-no-scene",
        "uidb36": "zz",
        "kind": REMINDERS,
        "token": stop_url(world.cast.ana.key, REMINDERS).split("/")[-2],
    }
    return reverse(route, kwargs={name: (known | instead)[name] for name in NEEDS[route]})


def data_of(world: World, role: str, route: str) -> dict[str, object]:
    """What a page would send to a route: a deed that would be done, were it this role's to do."""
    cast = world.cast
    tiny = content_of(world.tiny.edition_id)
    own = cast.other_cohort if role == "olga" else cast.cohort
    first = tiny.item(world.open.items[0]["key"])
    return {
        "courses:scene": {"option": tiny.scenes[0].item.options[0].key},
        "courses:answer-activity": {
            "option": right_answer(tiny.lessons[0].steps[0].activity("which-grows").item)
        },
        "courses:save-draft": {f"{page_name('first-things', 'which-grows')}-forget": "1"},
        "courses:save-response": {
            "option": right_answer(first),
            "event_id": uuid.uuid4(),
            "sequence": 1,
        },
        "courses:claim-certificate": {"name": "Somebody"},
        "courses:correct-name": {"name": "Ana Jones"},
        "courses:keep-intention": {"intention": "Wait and watch"},
        "courses:record-plan-outcome": {"outcome": "done", "words": "It went well"},
        "courses:roster": {"pasted": "Email\nnew@example.org", "says_who_leaves": "on"},
        "courses:import-roster": {"digest": world.roster.plan_digest},
        "courses:verify": {"code": world.certificate.code},
        "courses:join": {"code": cast.cohort.join_code},
        "courses:details": {"name": "Somebody", "profession": "gp"},
        "courses:new-cohort": {
            "organisation_name": "Elsewhere",
            "organisation": own.organisation.pk,
            "name": "Next",
            "course": "tiny",
            "due_on": "",
        },
        "courses:organisation-invitations": {
            "people": "Cara Jones <cara@example.org>",
            "cohort": cast.cohort.key,
            "role": "learner",
            "team": "",
        },
        "courses:set-logo": {"picture": logo_file()},
        "courses:set-mail-domains": {"mail_domains": "example.org"},
        "courses:set-joining": {"joining": "approval"},
        "courses:organisation-person": {"team": world.team.key, "employee_number": "0042"},
        "courses:give-role": {"role": "trainer"},
        "courses:end-role": {"role": "trainer", "successor": ""},
        "courses:end-membership": {"successor": ""},
        "courses:organisation-teams": {"name": "South", "parent": world.team.key},
        "courses:organisation-team": {"name": "North-west", "parent": ""},
        "courses:ask-to-join": {"name": "Riverside Trust", "organisation": "riverside"},
        "courses:answer-join-request": {"answer": "let-in"},
        "courses:assign-course": {"course": "other", "due_on": ""},
        "courses:cohort-settings": {"name": "Autumn term"},
        "courses:set-cohort-state": {"state": "close"},
        "courses:add-trainer": {"person": cast.mo.key},
        "courses:copy-cohort": {"name": "Next term", "due-tiny": ""},
        "courses:extend-due-date": {
            "due_on": (timezone.localdate() + timedelta(days=60)).isoformat(),
            "reason": "A ward move",
        },
        "courses:move-learner": {"to": world.winter.key},
        "courses:extend-due-dates": {
            "learner": cast.ana.key,
            "due_on": (timezone.localdate() + timedelta(days=60)).isoformat(),
            "reason": "A ward move",
        },
        "courses:move-learners": {"learner": cast.ana.key, "to": world.winter.key},
        "courses:ask-for-more": {"kind": "attempt", "reason": "The line broke down"},
        "courses:grant-attempt": {"reason": "The line broke down"},
        "courses:grant-time": {"reason": "The line broke down", "minutes": "10"},
        "courses:reset-quiz": {"reason": "The line broke down"},
        "courses:assess-otherwise": {"reason": "Shown in a conversation"},
        "courses:void-attempt": {"reason": "The line broke down"},
        "courses:decline-request": {"answer": "Look at the lessons first"},
        "courses:grant-request": {"answer": "Of course", "minutes": "15"},
        "courses:set-reminders": {"reminders": "off"},
        "courses:set-reminder-time": {"weekday": "2", "hour": "17"},
        "courses:stop-mail": {"reminders": "off"},
        "courses:set-reading": {"size": "2", "spacing": "1", "next": "/privacy/"},
        "courses:staff-in-post": {
            "as_of": "2026-01-01",
            "source": "Staff record",
            "n-0-camhs": "12",
        },
        "courses:upload-staff-in-post": {"file": staff_file()},
        "courses:expectation": {"courses": "tiny", "reason": "For babies", "months": "24"},
        "courses:plan-question": {
            "answer": "partly",
            "evidence": "Page 12",
            "owner": "Commissioning manager",
            "checked_on": "2026-01-01",
        },
        "courses:export-file": {"layout": "all", "format": "csv"},
        "courses:new-export-layout": {
            "name": "Staff record",
            "place-email": "1",
            "heading-email": "Work email",
        },
        "courses:export-layout": {
            "name": "Staff record",
            "place-email": "1",
            "heading-email": "Work email",
        },
        "courses:new-group-session": {
            "topic": "A loud baby",
            "held_on": timezone.localdate().isoformat(),
            "minutes": "45",
            "came": cast.ana.key,
        },
        "courses:group-session": {
            "seen": json.dumps({"stamp": world.session.stamp}),
            "topic": "A quiet baby again",
            "held_on": timezone.localdate().isoformat(),
            "minutes": "50",
            "came": cast.ana.key,
        },
        "courses:void-group-session": {"reason": "It was another day"},
        "courses:own-line": {"line": "I wait longer"},
        "courses:new-pathway": pathway_fields("Referral desk"),
        "courses:pathway": pathway_fields("Baby line")
        | {"seen": json.dumps({"stamp": world.pathway.stamp})},
        "courses:check-pathway": {"stamp": world.pathway.stamp},
        "courses:new-room": {"scene": wall_scenes()[-1].choice},
        "courses:advance-room": {"stage": "first-shown"},
        "courses:find-room": {"code": world.room.code},
        "courses:room": {"number": "1", "option": tiny.scenes[0].item.options[0].key},
        "courses:begin-round": {"press": uuid.uuid4()},
        "courses:rate-exemplars": {
            "exemplar": "sign-0/practice/0",
            "chosen": "sign-0",
            "certainty": "2",
        },
        "courses:judge-case": {"chosen": world.case.options[0], "certainty": "2"},
        "courses:sign-off": {
            "decision": "signed",
            "note": "Read on paper",
            "name": "Rhea Jones",
            "role": "Health visitor",
            "body": "NMC",
            "registration": "12A3456E",
            "digest": digests_of(world.tiny.edition_id)["first-things"],
            "event_id": uuid.uuid4(),
        },
        "account_login": {"login": cast.ben.email, "password": PASSWORD},
        "account_signup": {
            "name": "New",
            "email": "new@example.org",
            "profession": "gp",
            "password1": PASSWORD,
        },
        "account_reauthenticate": {"password": PASSWORD},
        "account_email": {"email": "new@example.org", "action_add": ""},
        "account_change_password": {
            "oldpassword": PASSWORD,
            "password1": "the-loud-baby",
            "password2": "the-loud-baby",
        },
        "account_reset_password": {"email": cast.ben.email},
        "account_request_login_code": {"email": cast.mo.email},
    }.get(route, {})


def pathway_fields(service: str) -> dict[str, str]:
    """The form of a pathway."""
    return {
        "kind": "referral",
        "area": "North",
        "service": service,
        "when_to_use": "A worry about a baby and a parent",
        "phone": "01632 960 101",
        "email": "desk@example.org",
        "address": "https://example.org/babies",
        "hours": "Tuesdays 1 to 3",
        "checked_on": "2026-01-01",
    }


def logo_file() -> SimpleUploadedFile:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", (40, 20), "#5b2a6e").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), content_type="image/png")


def staff_file() -> SimpleUploadedFile:
    """A file of staff in post with one row."""
    header = "Team,Professional role,Staff in post,As of,Source"
    lines = f"{header}\r\nNo team,CAMHS practitioner,14,2026-01-02,Staff record\r\n"
    return SimpleUploadedFile("staff.csv", lines.encode(), content_type="text/csv")


def clients(world: World, sign_in) -> dict[str, Client]:
    """A signed-in client for every role."""
    return {role: sign_in(getattr(world.cast, role, None)) for role in ROLES}


def undone(
    client: Client, method: str, url: str, data: dict[str, object] | None = None
) -> tuple[HttpResponse, dict]:
    """The response, and all rows after it; then what it did is taken back, cookies too."""
    fresh = Client()
    for name, cookie in client.cookies.items():
        fresh.cookies[name] = cookie.value
    with transaction.atomic():
        response = getattr(fresh, method)(url, data or {})
        after = rows() if method == "post" and outcome(response) in REFUSED else {}
        transaction.set_rollback(True)
    return response, after


def rows() -> dict[str, list[tuple]]:
    """Every row of every table but the sessions' and counts, without the moment of the last sign-in."""
    models = [
        model for model in apps.get_models() if model._meta.app_label in {"courses", "account"}
    ]
    models.remove(RateLimit)
    fields = {
        model: [f.attname for f in model._meta.fields if f.name != "last_login"] for model in models
    }
    found = {
        model.__name__: list(model.objects.order_by("pk").values_list(*fields[model]))
        for model in models
    }
    # That somebody signed in or looked at a record is kept, and changes nothing.
    kept = {"look_at_record", "sign_in"}
    found["AuditEvent"] = [row for row in found["AuditEvent"] if not kept & set(map(str, row))]
    return found


def outcome(response: HttpResponse) -> str:
    """The status, or `in` where it leads to signing in and on from there."""
    is_asked_in = response.headers.get("Location", "").startswith(
        f"{reverse('account_login')}?next="
    )
    return "in" if is_asked_in else str(response.status_code)


def table() -> dict[str, list[str]]:
    """The table as route → what GET gives each role, then what POST gives each."""
    lines = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return {route: cells for route, *cells in lines}


def as_text(found: dict[str, list[str]]) -> list[str]:
    return [" ".join([route, *cells]) for route, cells in found.items()]


def plain(response: HttpResponse) -> str:
    """A page without what differs on every request by design: the form token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_it_works(world, sign_in):
    found = {route: [] for route in table()}
    for role, client in clients(world, sign_in).items():
        for route, cells in found.items():
            response, _ = undone(client, "get", url_of(world, route))
            cells.append(outcome(response))
            if role != "visitor":
                kept = "public, max-age=86400" if route in SAME_FOR_ALL else "no-store"
                assert response["Cache-Control"] == kept, (route, role)
    assert as_text(found) == [" ".join([route, *cells[:7]]) for route, cells in table().items()]


def test_a_deed_is_done_by_whom_it_belongs_to_and_changes_nothing_for_others(world, sign_in):
    found = {route: [] for route in table()}
    before, changed = rows(), []
    for role, client in clients(world, sign_in).items():
        for route, cells in found.items():
            response, after = undone(
                client, "post", url_of(world, route), data_of(world, role, route)
            )
            cells.append(outcome(response))
            if cells[-1] in REFUSED and after != before:
                changed.append((route, role))
    assert as_text(found) == [" ".join([route, *cells[7:]]) for route, cells in table().items()]
    assert changed == []


def test_every_route_is_in_the_table():
    in_admin = {name for name, path, _ in routes() if path.startswith("admin/")}
    others = {name for name, path, _ in routes() if not path.startswith("admin/")}
    assert unlisted() == set()
    assert set(table()) <= others | {"admin:index", "admin:login", "admin:logout"}
    assert len(in_admin) > 40


def test_the_pages_of_the_admin_are_for_staff_alone(world, sign_in):
    """Those of the table apart: whatever else is there leads others to its door, and lets staff in by permission."""
    some = {"object_id": "1", "content_type_id": "1", "app_label": "courses", "url": "nowhere"}
    urls = set()
    for name, path, needs in routes():
        if path.startswith("admin/") and name not in table():
            for parameter in needs:
                path = re.sub(
                    rf"<path:{parameter}>|\(\?P<{parameter}>[^)]*\)", some[parameter], path
                )
            urls.add("/" + path.replace("^", "").replace("$", ""))
    assert len(urls) > 50

    for role, client in clients(world, sign_in).items():
        for url in urls - {"/admin/jsi18n/"}:
            for method in ("get", "post"):
                response, _ = undone(client, method, url)
                if role == "sam":
                    assert response.status_code in {200, 302, 403, 404, 405}, (url, method)
                    continue
                assert response.status_code == 302, (url, role, method)
                assert response["Location"].startswith("/admin/login/?next="), (url, role, method)


def test_no_other_method_is_taken(world, sign_in):
    client = sign_in(world.cast.tess)
    for route in table():
        if not route.startswith(("account_", "admin:")):
            for method in ("put", "patch", "delete", "trace"):
                assert getattr(client, method)(url_of(world, route)).status_code == 405, (
                    route,
                    method,
                )


def test_a_visitor_comes_back_to_the_page_they_wanted(world, client):
    for route, cells in table().items():
        if cells[0] == "in":
            back = urlsplit(client.get(url_of(world, route))["Location"])
            assert (back.path, unquote(back.query)) == (
                "/account/login/",
                f"next={url_of(world, route)}",
            ), route


def test_a_visitor_who_sent_a_deed_comes_back_to_its_page(world, client):
    pages = {
        "courses:begin-lesson": "courses:lesson",
        "courses:finish-step": "courses:step",
        "courses:answer-activity": "courses:step",
        "courses:save-draft": "courses:step",
        "courses:open-attempt": "courses:quiz",
        "courses:check-practice": "courses:practise",
        "courses:begin-round": "courses:what-do-you-see",
        "courses:begin-todays-cases": "courses:keep-it",
        "courses:begin-follow-up": "courses:keep-it",
        "courses:begin-review": "courses:keep-it",
        "courses:judge-case": "courses:case",
        "courses:skip-case": "courses:case",
        "courses:save-response": "courses:item",
        "courses:submit-attempt": "courses:review-attempt",
        "courses:keep-intention": "courses:certificate",
        "courses:record-plan-outcome": "courses:practice",
        "courses:leave-cohort": "courses:seen-by-trainer",
        "courses:assign-course": "courses:cohort",
        "courses:send-waiting-invitations": "courses:organisation-invitations",
        "courses:set-logo": "courses:organisation",
        "courses:remove-logo": "courses:organisation",
        "courses:set-mail-domains": "courses:organisation",
        "courses:set-joining": "courses:cohort",
        "courses:set-cohort-state": "courses:cohort-settings",
        "courses:add-trainer": "courses:cohort-settings",
        "courses:remove-trainer": "courses:cohort-settings",
        "courses:withdraw-extension": "courses:learner",
        "courses:give-role": "courses:organisation-person",
        "courses:end-role": "courses:organisation-person",
        "courses:end-membership": "courses:organisation-person",
        "courses:remove-team": "courses:organisation-teams",
        "courses:leave-organisation": "courses:own-organisations",
        "courses:ask-to-join": "courses:new-cohort",
        "courses:answer-join-request": "courses:cohorts",
        "courses:resend-invitation": "courses:organisation-invitations",
        "courses:revoke-invitation": "courses:organisation-invitations",
        "courses:renew-join-code": "courses:cohort",
        "courses:remind-never-started": "courses:cohorts",
        "courses:send-nudge": "courses:learner",
        "courses:void-group-session": "courses:group-session",
        "courses:advance-room": "courses:wall",
        "courses:end-room": "courses:wall",
        "courses:remind-learners": "courses:cohort-progress",
        "courses:extend-due-dates": "courses:cohort-progress",
        "courses:move-learners": "courses:cohort-progress",
        "courses:grant-attempt": "courses:learner",
        "courses:grant-time": "courses:learner",
        "courses:reset-quiz": "courses:learner",
        "courses:assess-otherwise": "courses:learner",
        "courses:upload-staff-in-post": "courses:staff-in-post",
        "courses:void-attempt": "courses:learner",
        "courses:decline-request": "courses:learner",
        "courses:grant-request": "courses:learner",
        "courses:download-own-data": "courses:own-data",
        "courses:set-reminders": "courses:details",
        "courses:set-reminder-time": "courses:details",
        "courses:import-roster": "courses:roster-import",
        "courses:roster-file": "courses:roster",
        "courses:ask-for-more": "courses:quiz",
        "courses:export-file": "courses:exports",
        "courses:remove-export-layout": "courses:export-layout",
        "courses:check-pathway": "courses:pathways",
    }
    deeds = {route for route, cells in table().items() if cells[0] == "405" and cells[7] == "in"}
    assert deeds == set(pages)
    for action, page in pages.items():
        back = urlsplit(client.post(url_of(world, action))["Location"])
        assert (back.path, unquote(back.query)) == (
            "/account/login/",
            f"next={url_of(world, page)}",
        ), action


OBJECTS = {
    "attempt": uuid.uuid4,
    "cohort": uuid.uuid4,
    "organisation": lambda: uuid.uuid4().hex,
    "learner": uuid.uuid4,
    "invitation": uuid.uuid4,
    "roster": uuid.uuid4,
    "layout": uuid.uuid4,
    "session": uuid.uuid4,
    "pathway": uuid.uuid4,
    "room": uuid.uuid4,
    "room_code": new_room_code,
    "a_round": uuid.uuid4,
    "case": uuid.uuid4,
    "code": lambda: show_code(new_code()),
}


def test_another_organisations_thing_and_a_missing_one_are_the_same_404(world, sign_in):
    """Byte for byte, on every page and deed that names one; for Tess's cohort asked by Olga, for Ana's by Ben and Tess."""
    seen = 0
    open_to_codes = {"courses:verified", "courses:join-cohort"}
    for who in ("olga", "ben", "tess", "sam"):
        client = sign_in(getattr(world.cast, who))
        for route, cells in table().items():
            column = ROLES.index(who)
            for method, cell in (("get", cells[column]), ("post", cells[7 + column])):
                for parameter in (
                    set(NEEDS[route]) & set(OBJECTS)
                    if cell == "404" and route not in open_to_codes
                    else ()
                ):
                    there, _ = undone(client, method, url_of(world, route))
                    missing, _ = undone(
                        client, method, url_of(world, route, **{parameter: OBJECTS[parameter]()})
                    )
                    assert there.status_code == missing.status_code == 404, (who, method, route)
                    assert plain(there) == plain(missing), (who, method, route)
                    assert headers_of(there) == headers_of(missing), (who, method, route)
                    seen += 1
    assert seen > 60


def test_the_organisation_cannot_be_chosen_by_a_parameter(world, sign_in):
    """Not in the query, not in a form: it comes from the membership."""
    cast, olga = world.cast, sign_in(world.cast.olga)
    theirs = cast.cohort.organisation
    for choice in (
        f"organisation={theirs.pk}",
        f"org={theirs.slug}",
        f"organisation__slug={theirs.slug}",
        f"cohort={cast.cohort.key}",
    ):
        assert "Autumn" not in olga.get(f"/cohorts/?{choice}").content.decode()
        assert olga.get(f"{url_of(world, 'courses:cohort')}?{choice}").status_code == 404

    before = rows()
    for who in (cast.olga, cast.ana, cast.ben, cast.sam):
        form = {"organisation": theirs.pk, "name": "Intruders", "course": "tiny", "due_on": ""}
        assert sign_in(who).post("/cohorts/new/", form).status_code == 400
    assert rows() == before


def test_a_form_takes_only_its_own_fields(world, sign_in):
    """Every field of every model at once: only the two that the form shows may change."""
    ana = world.cast.ana
    forced = {field.name: "1" for model in apps.get_models() for field in model._meta.fields}
    sign_in(ana).post(
        "/details/",
        forced
        | {"name": "Ana Maria", "profession": "gp", "email": "x@example.org", "key": uuid.uuid4()},
    )
    now = User.objects.get(pk=ana.pk)
    assert (now.name, now.profession) == ("Ana Maria", "gp")
    same = ("key", "email", "password", "is_staff", "is_superuser", "is_active", "joined_at")
    assert [getattr(now, name) for name in same] == [getattr(ana, name) for name in same]


def test_a_learner_who_posts_a_trainers_deed_changes_nothing(world, sign_in, mailoutbox):
    mailoutbox.clear()  # of Ana’s completed course
    before = rows()
    for who in (world.cast.ana, world.cast.ben, world.cast.mo, world.cast.olga, world.cast.sam):
        for route in ("assign-course", "renew-join-code", "send-nudge", "grant-attempt"):
            sent = data_of(world, "tess", f"courses:{route}")
            assert sign_in(who).post(url_of(world, f"courses:{route}"), sent).status_code == 404, (
                who,
                route,
            )
    assert rows() == before
    assert mailoutbox == []
    assert not AuditEvent.objects.filter(action__in=["send_nudge", "grant_attempt"]).exists()
    assert not Nudge.objects.exists()


def test_a_learner_is_found_only_under_their_own_cohort(world, sign_in):
    """Tess leads both cohorts: Ben of the second is not there under the first, nor Ana under the second."""
    cast, now, tess = world.cast, timezone.now(), sign_in(world.cast.tess)
    second = start_cohort(cast.tess, cast.cohort.organisation, "Winter", world.tiny, None, now)
    join_cohort(cast.ben, second, now)
    before = rows()
    for cohort, learner in ((cast.cohort, cast.ben), (second, cast.ana), (cast.cohort, cast.mo)):
        for route, method in (
            ("learner", "get"),
            ("send-nudge", "post"),
            ("grant-attempt", "post"),
        ):
            url = url_of(world, f"courses:{route}", cohort=cohort.key, learner=learner.key)
            assert getattr(tess, method)(url, {"reason": "None"}).status_code == 404, (
                route,
                learner,
            )
    assert rows() == before
    assert (
        tess.get(
            url_of(world, "courses:learner", cohort=second.key, learner=cast.ben.key)
        ).status_code
        == 200
    )


def test_a_learner_who_left_is_not_there_any_more(world, sign_in):
    sign_in(world.cast.ana).post(url_of(world, "courses:leave-cohort"))
    tess = sign_in(world.cast.tess)
    assert tess.get(url_of(world, "courses:learner")).status_code == 404
    assert tess.post(url_of(world, "courses:send-nudge")).status_code == 404
    assert "Ana" not in tess.get(url_of(world, "courses:cohort-csv")).content.decode()


def test_a_trainer_whose_membership_ended_sees_nothing(world, sign_in):
    cast = world.cast
    cast.tess.memberships.update(ended_at=timezone.now())
    cast.mo.memberships.update(ended_at=timezone.now())
    for who in (cast.tess, cast.mo):
        client = sign_in(who)
        assert "Autumn" not in client.get("/cohorts/").content.decode()
        for route in ("cohort", "cohort-progress", "cohort-csv", "learner"):
            assert client.get(url_of(world, f"courses:{route}")).status_code == 404, route
        for route in ("assign-course", "renew-join-code", "send-nudge", "grant-attempt"):
            sent = data_of(world, "tess", f"courses:{route}")
            assert client.post(url_of(world, f"courses:{route}"), sent).status_code == 404, route


def test_a_trainer_of_the_same_organisation_sees_only_their_own_cohorts(world, sign_in):
    cast = world.cast
    cast.olga.memberships.create(organisation=cast.cohort.organisation, role="trainer")
    assert sign_in(cast.olga).get(url_of(world, "courses:cohort")).status_code == 404


def test_a_deactivated_person_is_signed_out_at_once(world, sign_in):
    client = sign_in(world.cast.ana)
    User.objects.filter(pk=world.cast.ana.pk).update(is_active=False)
    assert outcome(client.get("/record/")) == "in"


def test_a_course_a_cohort_was_not_given_has_no_table(world, sign_in):
    tess = sign_in(world.cast.tess)
    for route in ("cohort-progress", "cohort-csv", "learner"):
        assert tess.get(url_of(world, f"courses:{route}", course="other")).status_code == 404


def test_a_part_of_another_course_is_not_there(world, sign_in):
    """Ana is on both courses; a quiz, lesson, step or activity is found only under its own parent."""
    ana, tess = sign_in(world.cast.ana), sign_in(world.cast.tess)
    learn(world.cast.ana, world.other, lessons=1)
    before = rows()
    foreign = [
        ("quiz", "get", {"quiz": "other-final"}),
        ("quiz", "get", {"course": "other"}),
        ("open-attempt", "post", {"quiz": "other-final"}),
        ("open-attempt", "post", {"course": "other"}),
        ("step", "get", {"step": "ending"}),
        ("step", "get", {"lesson": "last-things"}),
        ("finish-step", "post", {"step": "ending"}),
        ("answer-activity", "post", {"activity": "put-in-place"}),
        ("answer-activity", "post", {"step": "placing"}),
        ("answer-activity", "post", {"lesson": "last-things"}),
        ("save-draft", "post", {"activity": "put-in-place"}),
        ("save-draft", "post", {"step": "placing"}),
        ("lesson", "get", {"lesson": "no-things"}),
        ("lesson-done", "get", {"course": "other", "lesson": "last-things"}),
        ("begin-lesson", "post", {"lesson": "no-things"}),
        ("enrol", "post", {"course": "no-things"}),
    ]
    for route, method, instead in foreign:
        url = url_of(world, f"courses:{route}", **instead)
        response = getattr(ana, method)(url, data_of(world, "ana", f"courses:{route}"))
        assert response.status_code == 404, (route, instead)
    for quiz in ("other-final", "no-quiz"):
        assert (
            tess.post(
                url_of(world, "courses:grant-attempt", quiz=quiz), {"reason": "None"}
            ).status_code
            == 404
        )
    assert rows() == before


@pytest.mark.parametrize("number", [0, 4, 99, 10**30])
def test_an_item_outside_the_attempt_is_not_there(world, sign_in, number):
    ana, before = sign_in(world.cast.ana), rows()
    assert ana.get(url_of(world, "courses:item", number=number)).status_code == 404
    sent = data_of(world, "ana", "courses:save-response")
    assert ana.post(url_of(world, "courses:save-response", number=number), sent).status_code == 404
    assert rows() == before


# Two more columns: what a right over others gives on oneself, and on another organisation's learner who is also mine.
# `oneself`: Tess also learns in the cohort she trains; addresses name her own row, attempts and request.
# `also mine`: Ana is now in Olga's cohort too, which has the same course; addresses name Olga's cohort, and Ana's
# earlier attempts and request. `no` is a redirect with a sentence, and no row changed. A route that is not listed gives
# what it gives Tess, or Olga, in the table above; so a new route of one's own learning or of a cohort is listed here.
MORE = """
#                           oneself: GET POST   also mine: GET POST
courses:lesson                       200 405               404 405
courses:begin-lesson                 405 no                405 404
courses:lesson-done                  200 405               404 405
courses:step                         200 405               404 405
courses:finish-step                  405 302               405 404
courses:answer-activity              405 302               405 404
courses:save-draft                   405 no                405 404
courses:quiz                         200 405               404 405
courses:open-attempt                 405 no                405 404
courses:attempt                      302 405               404 405
courses:item                         200 405               404 405
courses:save-response                405 302               405 404
courses:review-attempt               200 405               404 405
courses:submit-attempt               405 302               405 404
courses:result                       200 405               404 405
courses:practise                     404 405               404 405
courses:check-practice               405 404               405 404
courses:claim-certificate            200 400               404 404
courses:ask-for-more                 405 404               405 404
courses:enrol                        405 no                405 302
courses:leave-cohort                 405 302               405 404
courses:cohort                       200 405               200 405
courses:cohort-settings              200 302               200 302
courses:set-cohort-state             405 302               405 302
courses:add-trainer                  405 302               405 no
courses:remove-trainer               405 no                405 404
courses:copy-cohort                  200 302               200 302
courses:unassign-course              200 no                200 no
courses:extend-due-date              404 404               200 400
courses:withdraw-extension           405 404               405 no
courses:move-learner                 404 404               200 400
courses:remove-learner               404 404               200 302
courses:assign-course                405 302               405 302
courses:renew-join-code              405 302               405 302
courses:set-joining                  405 302               405 302
courses:cohort-progress              200 405               200 405
courses:cohort-csv                   200 405               200 405
courses:cohort-picture               200 405               200 405
courses:remind-learners              405 no                405 no
courses:extend-due-dates             405 no                405 no
courses:move-learners                405 302               405 400
courses:cohort-gain                  200 405               200 405
courses:cohort-eye                   200 405               200 405
courses:cohort-report                200 405               200 405
courses:cohort-report-pdf            200 405               200 405
courses:learner                      200 405               200 405
courses:reminder-history             200 405               200 405
courses:group-sessions               200 405               200 405
courses:new-group-session            200 302               200 302
courses:group-session                200 302               404 404
courses:void-group-session           405 302               405 404
courses:new-room                     200 302               200 302
courses:wall                         200 405               404 405
courses:advance-room                 405 302               405 404
courses:end-room                     405 302               405 404
courses:send-nudge                   405 404               405 no
courses:grant-attempt                405 404               405 no
courses:grant-time                   405 404               405 no
courses:reset-quiz                   405 404               405 no
courses:assess-otherwise             405 404               405 no
courses:void-attempt                 405 404               405 404
courses:decline-request              405 404               405 404
courses:grant-request                405 404               405 404
"""


def more() -> dict[str, list[str]]:
    """For every route: GET and POST on oneself, then GET and POST on another's learner who is also mine."""
    tess, olga = ROLES.index("tess"), ROLES.index("olga")
    found = {
        route: [cells[tess], cells[7 + tess], cells[olga], cells[7 + olga]]
        for route, cells in table().items()
    }
    listed = [line.split() for line in MORE.strip().splitlines() if not line.startswith("#")]
    return found | {route: cells for route, *cells in listed}


def oneself(world: World) -> tuple[World, dict[str, object]]:
    """Tess learns in her own cohort: her world, and what an address names instead of Ana."""
    cast, now = world.cast, timezone.now()
    join_cohort(cast.tess, cast.cohort, now)
    learn(cast.tess, world.tiny)
    attempt = begin_quiz(cast.tess, world.tiny)
    answer_all(cast.tess, attempt, right=False)
    scored = submit_attempt(cast.tess, attempt.key, now)
    asked = request_accommodation(
        cast.tess, world.tiny.pk, "final", "time", "The line is slow", now
    )
    own = replace(world, scored=scored, open=begin_quiz(cast.tess, world.tiny), asked=asked)
    return own, {"learner": cast.tess.key}


def also_mine(world: World) -> tuple[World, dict[str, object]]:
    """Ana joins Olga's cohort too: an address names that cohort, and what Ana did before."""
    join_cohort(world.cast.ana, world.cast.other_cohort, timezone.now())
    return world, {"cohort": world.cast.other_cohort.key}


@pytest.mark.parametrize(
    ("situation", "who", "first"), [(oneself, "tess", 0), (also_mine, "olga", 2)]
)
def test_a_right_over_others_is_none_over_oneself_nor_over_what_others_rely_on(
    world, sign_in, situation, who, first
):
    world, instead = situation(world)
    client, before, found = sign_in(getattr(world.cast, who)), rows(), {}
    for route in table():
        names = {name: value for name, value in instead.items() if name in NEEDS[route]}
        url, cells = url_of(world, route, **names), []
        for method in ("get", "post"):
            with transaction.atomic():
                fresh = Client()
                fresh.cookies.update(client.cookies)
                response = getattr(fresh, method)(
                    url, data_of(world, who, route) if method == "post" else {}
                )
                is_listed = route in MORE
                is_same = method == "post" and is_listed and rows() == before
                transaction.set_rollback(True)
            cells.append("no" if is_same and response.status_code == 302 else outcome(response))
            assert (
                not (is_listed and outcome(response) in REFUSED and method == "post") or is_same
            ), route
        found[route] = cells
    assert as_text(found) == [
        " ".join([route, *cells[first : first + 2]]) for route, cells in more().items()
    ]


def test_every_route_of_a_cohort_is_in_the_two_more_columns():
    cohorts = {route for route, needs in NEEDS.items() if route in table() and "cohort" in needs}
    assert cohorts <= {line.split()[0] for line in MORE.strip().splitlines()}
