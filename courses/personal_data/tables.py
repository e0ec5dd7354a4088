"""Every table with rows about a person, and every model that is left out, with the reason.

A new model needs its line in one of the two: `tests/test_personal_data.py` walks all models. What
somebody did about other people is in `acts`.
"""

from courses.personal_data.table import Table

# Reasons why a field is not given.
ONE_TIME = "A one-time link or code: whoever holds it could act in your name."
OF_ANOTHER = "Somebody else may have accepted it. What you accepted is under what you did."
OF_A_CHECK = "It would tell of a sealed check which drawings are in it."
IN_THE_NEXT_TABLE = "It is in the next table once the round is finished."
IN_THE_TABLE_BEFORE = "It is in the table before this one."
ONCE_IT_IS_MARKED = "It is in the next table once the attempt is marked, and while it counts."
RESULT = ("earned", "possible", "passed")
ATTEMPTED = (
    "course",
    "edition",
    "state",
    "items",
    "rule",
    "opened_at",
    "submitted_at",
    "deadline_at",
    "expired",
    "voided_at",
    "voided_by",
    "void_reason",
    "assessed_by",
    "assess_reason",
)
TOLD_AT_THE_END = (
    "category",
    "is_signal",
    "is_place_right",
    "is_moment_right",
    "is_step_right",
)
ANSWERED = (
    "chosen",
    "called_signal",
    "place",
    "moment",
    "certainty",
    "step",
    "milliseconds",
    "by_text",
    "is_warm_up",
    "made_at",
)
INTERNAL = "A number with which the database tells repeated presses from new ones."

ACCOUNT = (
    Table(
        "Your account",
        "courses.User",
        ("pk",),
        (
            "key", "email", "name", "profession", "joined_at", "last_login", "is_active",
            "is_staff", "is_superuser", "is_reviewer", "wants_reminders", "reminder_weekday",
            "reminder_hour", "wants_digests",
        ),
        {"password": "It is stored scrambled, and nobody can read it."},
    ),
    Table(
        "Email addresses",
        "account.EmailAddress",
        ("user",),
        ("email", "verified", "primary"),
    ),
    Table(
        "Confirmations of email addresses",
        "account.EmailConfirmation",
        ("email_address__user",),
        ("email_address__email", "created", "sent"),
        {"key": ONE_TIME},
    ),
    Table("Groups of administrators", "courses.User_groups", ("user",), ("group__name",)),
    Table(
        "Rights of administrators",
        "courses.User_user_permissions",
        ("user",),
        ("permission__codename",),
    ),
)  # fmt: skip

PLACES = (
    Table(
        "Memberships",
        "courses.Membership",
        ("user",),
        (
            "organisation__name", "organisation__confirmed_at",
            "role", "started_at", "ended_at", "given_by__name",
            "team__name", "employee_number",
        ),
    ),
    Table(
        "Cohorts you learn in",
        "courses.CohortMembership",
        ("user",),
        ("cohort__name", "cohort__organisation__name", "cohort__organisation__confirmed_at",
        "joined_at", "left_at"),
    ),
    Table(
        "Cohorts you train",
        "courses.Cohort_trainers",
        ("user",),
        ("cohort__name", "cohort__organisation__name", "cohort__organisation__confirmed_at"),
    ),
    Table(
        "Invitations to your addresses",
        "courses.Invitation",
        (),
        (
            "organisation__name", "organisation__confirmed_at",
            "cohort__name", "role", "team__name", "email", "name",
            "profession", "employee_number", "invited_by__name", "invited_at", "expires_at",
            "sent_at", "times_sent", "accepted_at", "revoked_at", "revoked_by__name",
        ),
        {"key": ONE_TIME, "accepted_by": OF_ANOTHER},
        addressed="email",
    ),
    Table(
        "Requests to join",
        "courses.JoinRequest",
        ("user",),
        (
            "key", "organisation__name", "organisation__confirmed_at",
            "cohort__name", "asked_at", "granted", "decided_at",
            "decided_by__name",
        ),
    ),
    Table(
        "Later due dates",
        "courses.Extension",
        ("user",),
        (
            "assignment__cohort__name", "assignment__course__key", "due_at", "reason",
            "granted_by__name", "granted_at", "withdrawn_at", "withdrawn_by__name",
        ),
    ),
)  # fmt: skip

LEARNING = (
    Table(
        "Courses",
        "courses.Enrolment",
        ("user",),
        ("course__key", "edition__number", "enrolled_at", "completed_at", "intention"),
    ),
    Table(
        "Lessons",
        "courses.LessonRecord",
        ("enrolment__user",),
        (
            "enrolment__course__key", "lesson_key", "version", "step_key", "furthest",
            "started_at", "seen_at", "completed_at", "ended_at",
        ),
    ),
    Table(
        "Answers and reflections in lessons",
        "courses.ActivityAnswer",
        ("enrolment__user",),
        (
            "enrolment__course__key", "lesson_key", "activity_key", "answer", "answered_at",
            "tries",
        ),
        edition="enrolment__edition_id",
    ),
    Table(
        "Drafts in lessons",
        "courses.ActivityDraft",
        ("enrolment__user",),
        (
            "enrolment__course__key", "lesson_key", "activity_key", "entered", "replaced",
            "saved_at",
        ),
        {"event_id": INTERNAL, "sequence": INTERNAL},
        edition="enrolment__edition_id",
    ),
    Table(
        "What came of your plans",
        "courses.PlanOutcome",
        ("plan__enrolment__user",),
        (
            "plan__enrolment__course__key", "plan__activity_key", "sentence", "planned_on",
            "outcome", "words", "answered_at",
        ),
    ),
    Table(
        "Certificates",
        "courses.Certificate",
        ("user",),
        (
            "code", "enrolment__course__key", "facts", "issued_at", "superseded_at",
            "revoked_at", "revoked_by__name", "revoke_reason",
        ),
    ),
    Table(
        "Group sessions and your lines on them",
        "courses.Attendance",
        ("user",),
        (
            "session__topic", "session__held_on", "session__minutes", "session__cohort__name",
            "session__led_by__name", "session__voided_at", "session__voided_by__name",
            "session__void_reason", "reflection", "written_at", "removed_at",
        ),
    ),
    Table(
        "Answers to scenes on the wall now",
        "courses.Commitment",
        ("user",),
        ("room__started_at", "room__cohort__name", "room__scene_key", "number", "answer"),
        edition="room__edition_id",
    ),
    # Its answers are nobody's any more, and this is kept until it is recorded, for a day at most.
    Table(
        "Scenes on the wall that you answered lately",
        "courses.Room_answered_by",
        ("user",),
        ("room__started_at", "room__ended_at", "room__cohort__name", "room__scene_key"),
    ),
    Table(
        "Sign-offs of lessons",
        "courses.SignOff",
        ("reviewer",),
        (
            "edition__course__key", "edition__number", "lesson_key", "lesson_version", "digest",
            "decision", "name", "role", "body", "registration", "note", "at",
        ),
        {"event_id": INTERNAL},
    ),
)  # fmt: skip

QUIZZES = (
    Table(
        "Attempts at quizzes",
        "courses.Attempt",
        ("user",),
        (
            "key", "course__key", "edition__number", "quiz_key", "number", "state", "items",
            "rule", "opened_at", "submitted_at", "scored_at", "deadline_at", "expired",
            "voided_at", "voided_by__name", "void_reason", "assessed_by__name", "assess_reason",
        ),
        dict.fromkeys(RESULT, ONCE_IT_IS_MARKED),
    ),
    Table(
        "Results of quizzes",
        "courses.Attempt",
        ("user",),
        ("key", "quiz_key", "number", "scored_at", *RESULT),
        dict.fromkeys(ATTEMPTED, IN_THE_TABLE_BEFORE),
        # As on the pages: an attempt that was voided counts for nothing, and has no marks.
        only={"state": "scored"},
    ),
    Table(
        "Answers in quizzes",
        "courses.Response",
        ("attempt__user",),
        (
            "attempt__key", "attempt__quiz_key", "attempt__number", "item_key", "answer",
            "certainty", "sequence", "saved_at",
        ),
        {"event_id": INTERNAL},
        edition="attempt__edition_id",
    ),
    Table(
        "Marks in quizzes",
        "courses.ItemScore",
        ("attempt__user",),
        (
            "attempt__key", "attempt__quiz_key", "attempt__number", "item_key", "answer",
            "certainty", "earned",
        ),
        # As on the page of a result: a mark tells which answers were right.
        only={"attempt__state": "scored"},
        edition="attempt__edition_id",
    ),
    Table(
        "Quizzes marked again",
        "courses.RegradedAttempt",
        ("attempt__user",),
        (
            "attempt__key", "regrade__item_key", "regrade__reason", "regrade__run_at",
            "earned_before", "earned_after", "passed_before", "passed_after",
        ),
        only={"attempt__state": "scored"},
    ),
    Table(
        "Extra attempts",
        "courses.ExtraAttempt",
        ("user",),
        (
            "course__key", "assignment__cohort__name", "quiz_key", "reason", "granted_by__name",
            "granted_at",
        ),
    ),
    Table(
        "Extra time",
        "courses.ExtraTime",
        ("user",),
        (
            "course__key", "assignment__cohort__name", "quiz_key", "minutes", "reason",
            "granted_by__name", "granted_at",
        ),
    ),
    Table(
        "Requests for more attempts or time",
        "courses.AccommodationRequest",
        ("user",),
        (
            "key", "course__key", "assignment__cohort__name", "quiz_key", "kind", "reason",
            "asked_at", "granted", "answer", "decided_at", "decided_by__name",
        ),
    ),
)  # fmt: skip

PRACTICE = (
    Table(
        "Rounds of practice",
        "courses.Round",
        ("user",),
        ("key", "kind", "pool__number", "begun_at", "finished_at", "left_at"),
        {"form": "Which sealed check it was would help to guess another one."},
    ),
    Table(
        "Cases in your rounds",
        "courses.Case",
        ("round__user",),
        ("key", "round__key", "position", "options", "skipped_at", "replaces__key"),
        {"exemplar_key": OF_A_CHECK},
    ),
    Table(
        "What you saw in cases",
        "courses.Judgement",
        ("user",),
        (
            "case__key", "chosen", "called_signal", "place", "moment", "certainty", "step",
            "milliseconds", "by_text", "is_warm_up", "made_at",
        ),
        {"exemplar_key": OF_A_CHECK, **dict.fromkeys(TOLD_AT_THE_END, IN_THE_NEXT_TABLE)},
    ),
    Table(
        "What there was to see in cases of finished rounds",
        "courses.Judgement",
        ("user",),
        (
            "case__key", "category", "is_signal", "is_place_right", "is_moment_right",
            "is_step_right",
        ),
        {"exemplar_key": OF_A_CHECK, **dict.fromkeys(ANSWERED, IN_THE_TABLE_BEFORE)},
        # As on the pages: of a check, nothing is told before its end.
        only={"case__round__finished_at__isnull": False},
    ),
    Table(
        "When kinds of babies come again",
        "courses.RecallCard",
        ("user",),
        (
            "category", "stability", "difficulty", "reviewed_at", "due_at", "was_reviewed_at",
            "was_due_at", "weights",
        ),
        {"judgement": "The last judgement of the category is in the tables before."},
        # A card that a check moved would tell what its case was, before its end.
        only={"judgement__case__round__finished_at__isnull": False},
    ),
    Table(
        "Drawings you rated as a reviewer",
        "courses.PanelRating",
        ("reviewer",),
        ("exemplar_key", "chosen", "certainty", "rated_at"),
    ),
)  # fmt: skip

MESSAGES = (
    Table(
        "Reminders a trainer sent you",
        "courses.Nudge",
        ("user",),
        ("cohort__name", "course__key", "sent_by__name", "reason", "sent_at", "mail_key"),
    ),
    Table(
        "Reminders of due dates, first release",
        "courses.DueReminder",
        ("user",),
        ("assignment__cohort__name", "assignment__course__key", "sent_at"),
    ),
    Table(
        "Reminders",
        "courses.LearnerNote",
        ("user",),
        (
            "assignment__cohort__name", "assignment__course__key", "reason", "period", "at",
            "obstacle", "mail_key",
        ),
    ),
    Table(
        "Digests",
        "courses.Digest",
        ("user",),
        ("organisation__name", "organisation__confirmed_at",
        "kind", "begins_on", "at", "obstacle", "mail_key"),
    ),
)  # fmt: skip

AUDIT = (
    Table(
        "What was done to your account and record",
        "courses.AuditEvent",
        ("subject",),
        ("actor__name", "action", "details", "at"),
        {"once_key": "It only keeps a look from being written down twice on a day."},
    ),
)

OWN = ACCOUNT + PLACES + LEARNING + QUIZZES + PRACTICE + MESSAGES + AUDIT

# Read in `collection` by other ways than a foreign key.
FOUND_OTHERWISE = {
    "courses.OutgoingMail": "Mails to your confirmed addresses, when they were written and sent.",
    "sessions.Session": "When each of your sessions ends.",
}

NOT_PERSONAL = "It holds content or settings of the site, and nothing about a person."
OF_AN_ORGANISATION = "It belongs to an organisation. What you did to it is under what you did."

LEFT_OUT = {
    "auth.Permission": NOT_PERSONAL,
    "auth.Group": NOT_PERSONAL,
    "auth.Group_permissions": NOT_PERSONAL,
    "contenttypes.ContentType": NOT_PERSONAL,
    "courses.Course": OF_AN_ORGANISATION,
    "courses.Edition": NOT_PERSONAL,
    "courses.MovingScene": NOT_PERSONAL,
    "courses.PoolEdition": NOT_PERSONAL,
    "courses.SearchEntry": NOT_PERSONAL,
    "courses.ReminderRun": NOT_PERSONAL,
    "courses.Organisation": OF_AN_ORGANISATION,
    "courses.Team": OF_AN_ORGANISATION,
    "courses.Cohort": OF_AN_ORGANISATION,
    "courses.Assignment": OF_AN_ORGANISATION,
    "courses.ExportLayout": OF_AN_ORGANISATION,
    "courses.GroupSession": OF_AN_ORGANISATION,
    "courses.Room": OF_AN_ORGANISATION,
    "courses.Tally": NOT_PERSONAL,
    "courses.Logo": OF_AN_ORGANISATION,
    "courses.Pathway": OF_AN_ORGANISATION,
    "courses.StaffInPost": OF_AN_ORGANISATION,
    "courses.Expectation": OF_AN_ORGANISATION,
    "courses.LocalPlanAnswer": OF_AN_ORGANISATION,
    "courses.Regrade": "It is about an item. What it changed for you is under your quizzes.",
    "courses.RosterImport": (
        "A file of an organisation with other people’s names and addresses. Ask the organisation "
        "what its staff record says of you."
    ),
    "courses.AuditSeal": "Numbers and checksums over the audit log, which prove that it is whole.",
    "courses.RateLimit": "Counts under a keyed hash: nobody can tell whose they are.",
    "admin.LogEntry": "Changes by administrators. What you did is under what you did.",
}
