"""The index of models: Django finds them here. No logic."""

from courses.assessment.models import (
    AccommodationRequest,
    Attempt,
    ExtraAttempt,
    ExtraTime,
    ItemScore,
    Regrade,
    RegradedAttempt,
    Response,
)
from courses.certificates.models import Certificate
from courses.exports.models import ExportLayout
from courses.group_sessions.models import Attendance, Commitment, GroupSession, Room, Tally
from courses.learning.models import (
    ActivityAnswer,
    ActivityDraft,
    Enrolment,
    LessonRecord,
    PlanOutcome,
)
from courses.library.models import Course, Edition, MovingScene
from courses.organisations.models import Invitation, JoinRequest, Logo
from courses.pathways.models import Pathway
from courses.people.audit import AuditEvent, AuditSeal
from courses.people.models import (
    Assignment,
    Cohort,
    CohortMembership,
    Extension,
    Membership,
    Organisation,
    Team,
    User,
)
from courses.portfolio.models import SearchEntry
from courses.practice.models import Case, Judgement, PanelRating, PoolEdition, Round
from courses.readiness.models import Expectation, LocalPlanAnswer, StaffInPost
from courses.recall.models import RecallCard
from courses.reminders.models import Digest, DueReminder, LearnerNote, Nudge, ReminderRun
from courses.roster.models import RosterImport
from courses.signoffs.models import SignOff
from courses.web.mail.models import OutgoingMail
from courses.web.models import RateLimit

__all__ = [
    "AccommodationRequest",
    "ActivityAnswer",
    "ActivityDraft",
    "Assignment",
    "Attempt",
    "Attendance",
    "AuditEvent",
    "AuditSeal",
    "Case",
    "Certificate",
    "Cohort",
    "CohortMembership",
    "Commitment",
    "Course",
    "Digest",
    "DueReminder",
    "Edition",
    "Enrolment",
    "Expectation",
    "ExportLayout",
    "Extension",
    "ExtraAttempt",
    "ExtraTime",
    "GroupSession",
    "Invitation",
    "ItemScore",
    "JoinRequest",
    "Judgement",
    "LearnerNote",
    "LessonRecord",
    "LocalPlanAnswer",
    "Logo",
    "Membership",
    "MovingScene",
    "Nudge",
    "Organisation",
    "OutgoingMail",
    "PanelRating",
    "Pathway",
    "PlanOutcome",
    "PoolEdition",
    "RateLimit",
    "RecallCard",
    "Regrade",
    "RegradedAttempt",
    "ReminderRun",
    "Response",
    "Room",
    "RosterImport",
    "Round",
    "SearchEntry",
    "SignOff",
    "StaffInPost",
    "Tally",
    "Team",
    "User",
]
