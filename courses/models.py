"""The index of models: Django finds them here. No logic."""

from courses.assessment.models import (
    Attempt,
    ExtraAttempt,
    ExtraRequest,
    ExtraTime,
    ItemScore,
    Remark,
    RemarkedAttempt,
    Response,
)
from courses.certificates.models import Certificate
from courses.learning.models import ActivityAnswer, Enrolment, LessonRecord
from courses.library.models import Course, Edition, MovingScene
from courses.people.audit import AuditEvent
from courses.people.models import Assignment, Cohort, Membership, Organisation, Place, User
from courses.reminders.models import Nudge
from courses.signoffs.models import SignOff
from courses.web.models import OutgoingMail, RateLimit

__all__ = [
    "ActivityAnswer",
    "Assignment",
    "Attempt",
    "AuditEvent",
    "Certificate",
    "Cohort",
    "Course",
    "Edition",
    "Enrolment",
    "ExtraAttempt",
    "ExtraRequest",
    "ExtraTime",
    "ItemScore",
    "LessonRecord",
    "Membership",
    "MovingScene",
    "Nudge",
    "Organisation",
    "OutgoingMail",
    "Place",
    "RateLimit",
    "Remark",
    "RemarkedAttempt",
    "Response",
    "SignOff",
    "User",
]
