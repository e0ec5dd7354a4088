"""What somebody did as a trainer, manager, reviewer or administrator: what and when.

Whom it was about, and what was written of them, is theirs and not here.
"""

from courses.personal_data.table import Table

COURSE = ("course__key", "quiz_key")

ACTS = (
    Table("Actions of yours", "courses.AuditEvent", ("actor",), ("action", "at")),
    Table(
        "Organisations you confirmed",
        "courses.Organisation",
        ("confirmed_by",),
        ("name", "confirmed_at"),
    ),
    Table(
        "Roles you gave",
        "courses.Membership",
        ("given_by",),
        ("organisation__name", "organisation__confirmed_at", "role", "started_at"),
    ),
    Table(
        "Cohorts you started",
        "courses.Cohort",
        ("started_by",),
        ("name", "organisation__name", "organisation__confirmed_at", "created_at"),
    ),
    Table(
        "Later due dates you gave",
        "courses.Extension",
        ("granted_by",),
        ("assignment__cohort__name", "assignment__course__key", "granted_at"),
    ),
    Table(
        "Later due dates you withdrew",
        "courses.Extension",
        ("withdrawn_by",),
        ("assignment__cohort__name", "assignment__course__key", "withdrawn_at"),
    ),
    Table("Attempts you voided", "courses.Attempt", ("voided_by",), (*COURSE, "voided_at")),
    Table("Passes you recorded", "courses.Attempt", ("assessed_by",), (*COURSE, "scored_at")),
    Table(
        "Extra attempts you granted",
        "courses.ExtraAttempt",
        ("granted_by",),
        (*COURSE, "granted_at"),
    ),
    Table(
        "Extra time you granted",
        "courses.ExtraTime",
        ("granted_by",),
        (*COURSE, "minutes", "granted_at"),
    ),
    Table(
        "Requests for more that you answered",
        "courses.AccommodationRequest",
        ("decided_by",),
        (*COURSE, "kind", "granted", "decided_at"),
    ),
    Table(
        "Items you had marked again",
        "courses.Regrade",
        ("run_by",),
        ("course__key", "item_key", "reason", "run_at"),
    ),
    Table("Certificates you withdrew", "courses.Certificate", ("revoked_by",), ("revoked_at",)),
    Table(
        "Layouts of exports you changed",
        "courses.ExportLayout",
        ("updated_by",),
        ("organisation__name", "organisation__confirmed_at", "name", "updated_at"),
    ),
    Table(
        "Group sessions you recorded",
        "courses.GroupSession",
        ("led_by",),
        ("cohort__name", "topic", "held_on", "minutes", "created_at", "corrected_at"),
    ),
    Table(
        "Group sessions you voided",
        "courses.GroupSession",
        ("voided_by",),
        ("cohort__name", "held_on", "voided_at"),
    ),
    Table(
        "Scenes you put on the wall",
        "courses.Room",
        ("started_by",),
        ("cohort__name", "scene_key", "started_at", "ended_at"),
    ),
    Table("Courses you retired", "courses.Course", ("retired_by",), ("key", "retired_at")),
    # without its address and name: a link can be passed on, and accepted by another person
    Table(
        "Invitations you accepted",
        "courses.Invitation",
        ("accepted_by",),
        ("organisation__name", "organisation__confirmed_at", "cohort__name", "role", "accepted_at"),
    ),
    Table(
        "Invitations you wrote",
        "courses.Invitation",
        ("invited_by",),
        ("organisation__name", "organisation__confirmed_at", "cohort__name", "role", "invited_at"),
    ),
    Table(
        "Invitations you revoked",
        "courses.Invitation",
        ("revoked_by",),
        ("organisation__name", "organisation__confirmed_at", "revoked_at"),
    ),
    Table(
        "Requests to join that you answered",
        "courses.JoinRequest",
        ("decided_by",),
        (
            "organisation__name",
            "organisation__confirmed_at",
            "cohort__name",
            "granted",
            "decided_at",
        ),
    ),
    Table(
        "Logos you set",
        "courses.Logo",
        ("set_by",),
        ("organisation__name", "organisation__confirmed_at", "set_at"),
    ),
    Table(
        "Local services you checked",
        "courses.Pathway",
        ("checked_by",),
        ("organisation__name", "organisation__confirmed_at", "kind", "checked_on"),
    ),
    Table(
        "Staff numbers you entered",
        "courses.StaffInPost",
        ("entered_by",),
        ("organisation__name", "organisation__confirmed_at", "as_of", "entered_at"),
    ),
    Table(
        "Expectations you set",
        "courses.Expectation",
        ("set_by",),
        ("organisation__name", "organisation__confirmed_at", "profession", "set_at"),
    ),
    Table(
        "Answers you gave for a local plan",
        "courses.LocalPlanAnswer",
        ("answered_by",),
        ("organisation__name", "organisation__confirmed_at", "question", "answered_at"),
    ),
    Table(
        "Reminders you sent",
        "courses.Nudge",
        ("sent_by",),
        ("cohort__name", "course__key", "sent_at"),
    ),
    Table(
        "Rosters you checked",
        "courses.RosterImport",
        ("uploaded_by",),
        ("organisation__name", "organisation__confirmed_at", "row_count", "checked_at"),
    ),
    Table(
        "Rosters you imported",
        "courses.RosterImport",
        ("imported_by",),
        ("organisation__name", "organisation__confirmed_at", "row_count", "imported_at"),
    ),
    Table(
        "Changes you made as an administrator",
        "admin.LogEntry",
        ("user",),
        ("content_type__model", "action_flag", "action_time"),
    ),
)
