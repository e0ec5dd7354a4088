"""Audit events in plain words, by action. A test holds that no action is without a sentence."""

KINDS = {
    "people": "People and roles",
    "cohorts": "Cohorts and courses",
    "learners": "Single learners",
    "sessions": "Group sessions",
    "files": "Files of people",
    "settings": "The organisation’s pages",
}
SITE = "The people who run this site"
BY_THE_SITE = frozenset({"give_membership", "confirm_organisation"})
"""An administrator's name is not the organisation's to see."""

# Each line: the kind, and what stands after the name of who did it. {them} is whom it was done to.
SENTENCES = {
    "start_organisation": ("settings", "started the organisation"),
    "confirm_organisation": ("settings", "confirmed the organisation"),
    "set_mail_domains": ("settings", "changed from which email addresses people may join"),
    "set_logo": ("settings", "set the logo"),
    "remove_logo": ("settings", "removed the logo"),
    "enter_staff_in_post": ("settings", "entered the number of staff in post"),
    "set_expectation": ("settings", "changed which courses a profession is expected to complete"),
    "answer_plan_question": ("settings", "answered a question of the local plan"),
    "add_pathway": ("settings", "added a local service"),
    "change_pathway": ("settings", "changed a local service"),
    "check_pathway": ("settings", "checked that a local service is right"),
    "remove_pathway": ("settings", "removed a local service"),
    "add_export_layout": ("settings", "added a layout of exports"),
    "change_export_layout": ("settings", "changed a layout of exports"),
    "remove_export_layout": ("settings", "removed a layout of exports"),
    "give_membership": ("people", "changed the place of {them} in the organisation"),
    "give_role": ("people", "gave {them} a role"),
    "end_role": ("people", "ended a role of {them}"),
    "end_membership": ("people", "took {them} out of the organisation"),
    "leave_organisation": ("people", "left the organisation"),
    "set_place": ("people", "changed the team or employee number of {them}"),
    "add_team": ("people", "added a team"),
    "change_team": ("people", "changed a team"),
    "remove_team": ("people", "removed a team"),
    "invite": ("people", "invited people"),
    "resend_invitation": ("people", "sent an invitation again"),
    "send_waiting_invitations": ("people", "sent the invitations that waited"),
    "revoke_invitation": ("people", "took an invitation back"),
    "accept_invitation": ("people", "accepted an invitation"),
    "answer_join_request": ("people", "answered the request of {them} to join"),
    "import_roster": ("people", "imported a roster"),
    "start_cohort": ("cohorts", "started a cohort"),
    "copy_cohort": ("cohorts", "started a cohort as a copy of another"),
    "rename_cohort": ("cohorts", "renamed a cohort"),
    "close_cohort": ("cohorts", "closed a cohort for new learners"),
    "reopen_cohort": ("cohorts", "opened a cohort for new learners again"),
    "archive_cohort": ("cohorts", "put a cohort into the archive"),
    "restore_cohort": ("cohorts", "took a cohort out of the archive"),
    "set_joining": ("cohorts", "changed how people join a cohort"),
    "renew_join_code": ("cohorts", "renewed the code of a cohort"),
    "add_trainer": ("cohorts", "made {them} a trainer of a cohort"),
    "remove_trainer": ("cohorts", "ended that {them} trains a cohort"),
    "assign_course": ("cohorts", "gave a course to a cohort, or changed its due date"),
    "unassign_course": ("cohorts", "took a course from a cohort"),
    "look_at_record": ("learners", "looked at the record of {them}"),
    "move_learner": ("learners", "moved {them} to another cohort"),
    "remove_learner": ("learners", "took {them} out of a cohort"),
    "extend_due_date": ("learners", "gave {them} a later due date"),
    "withdraw_extension": ("learners", "took back a later due date of {them}"),
    "send_nudge": ("learners", "sent {them} a reminder"),
    "grant_attempt": ("learners", "gave {them} one more attempt"),
    "grant_time": ("learners", "gave {them} more time for a quiz"),
    "decline_request": ("learners", "declined a request of {them}"),
    "void_attempt": ("learners", "voided an attempt of {them}"),
    "reset_quiz": ("learners", "reset a quiz of {them}"),
    "record_pass": ("learners", "recorded a pass for {them}"),
    "record_session": ("sessions", "recorded a group session"),
    "correct_session": ("sessions", "corrected a group session"),
    "void_session": ("sessions", "voided a group session"),
    "start_room": ("sessions", "put a scene on the wall"),
    "export": ("files", "downloaded a file of people"),
}
OF_NO_ORGANISATION = frozenset(
    {
        "sign_in",
        "download_own_data",
        "correct_certificate_name",
        "revoke_certificate",
        "let_review",
        "regrade_item",
        "retire_course",
        "offer_course_again",
    }
)
"""Of a person, a course or the site: on no organisation's page."""


def actions_of(kind: str) -> list[str]:
    """The actions of this kind; none for a kind that is not in `KINDS`."""
    return [action for action, (own, _) in SENTENCES.items() if own == kind]


def sentence(action: str, actor: str, subject: str) -> str:
    """What happened, as "Tess gave Ana one more attempt."

    An action of a later release, met after a rollback, has no sentence here and says its key.
    """
    _, words = SENTENCES.get(action, ("", f"did this: {action.replace('_', ' ')}"))
    who = SITE if action in BY_THE_SITE else actor
    # `replace`, not `format`: a name may have braces.
    return f"{who} {words.replace('{them}', subject or 'somebody')}."
