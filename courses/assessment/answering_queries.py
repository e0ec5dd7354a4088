"""What saving an answer and handing in ask the database, as SQL written by hand: see `web.raw_sql`.

These two are asked for at every item of every quiz. All other questions about attempts are in
`queries`.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from courses.assessment.items import Answer
from courses.assessment.models import Attempt
from courses.people.models import User
from courses.web.raw_sql import for_update, parameter

ATTEMPT_FOR_ANSWER = """
    SELECT attempt.*,
           (SELECT MAX(response.sequence) FROM courses_response response
             WHERE response.attempt_id = attempt.id AND response.item_key = %s) AS newest_sequence,
           EXISTS (SELECT 1 FROM courses_response response
             WHERE response.attempt_id = attempt.id AND response.event_id = %s) AS is_repeated
      FROM courses_attempt attempt
     WHERE attempt.user_id = %s AND attempt.key = %s
"""

ATTEMPT = (
    "SELECT attempt.* FROM courses_attempt attempt WHERE attempt.user_id = %s AND attempt.key = %s"
)

# The edition of the newest regrade of the item after the attempt's own edition, NULL for none: a
# key that the learner met already is no correction.
RESPONSES_IN_ORDER = """
    SELECT response.item_key, response.answer, response.certainty,
           (SELECT regrade.edition_id FROM courses_remark regrade
             WHERE regrade.course_id = %s AND regrade.edition_id > %s
               AND regrade.item_key = response.item_key
             ORDER BY regrade.id DESC LIMIT 1) AS regraded_in
      FROM courses_response response
     WHERE response.attempt_id = %s
     ORDER BY response.sequence
"""


@dataclass(frozen=True)
class GivenAnswer:
    """The newest response to an item. All None: unanswered.

    `regraded_in` is the id of the edition whose corrected key counts too; None where the item was
    not regraded since the attempt's edition.
    """

    answer: Answer | None = None
    certainty: int | None = None
    regraded_in: int | None = None


@dataclass(frozen=True)
class LockedAttempt:
    """An attempt, and what is saved of one item of it.

    `newest_sequence` is the highest of the item's responses, 0 for none; `is_repeated` says whether
    this very event is saved already.
    """

    attempt: Attempt
    newest_sequence: int
    is_repeated: bool


def attempt_for_answer(
    user: User, attempt_key: UUID, item_key: str, event_id: UUID
) -> LockedAttempt:
    """This person's attempt, its row locked until the transaction ends.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
    """
    values = [
        item_key,
        parameter(Attempt, "key", event_id),
        user.pk,
        parameter(Attempt, "key", attempt_key),
    ]
    row = _locked(ATTEMPT_FOR_ANSWER, values)
    return LockedAttempt(row, row.newest_sequence or 0, bool(row.is_repeated))


def attempt_to_submit(user: User, attempt_key: UUID) -> Attempt:
    """This person's attempt, its row locked until the transaction ends.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
    """
    attempt: Attempt = _locked(ATTEMPT, [user.pk, parameter(Attempt, "key", attempt_key)])
    return attempt


def _locked(sql: str, values: list[Any]) -> Any:
    """The attempt this SQL selects, with the columns it adds, its row locked."""
    attempts = list(Attempt.objects.raw(sql + for_update("attempt"), values))
    if not attempts:
        raise Attempt.DoesNotExist
    return attempts[0]


def answers_to_score(attempt: Attempt) -> dict[str, GivenAnswer]:
    """For each answered item the answer that counts, by item key: that of the highest sequence."""
    with connection.cursor() as cursor:
        cursor.execute(RESPONSES_IN_ORDER, [attempt.course_id, attempt.edition_id, attempt.pk])
        rows = cursor.fetchall()
    newest = {}
    for item_key, answer, certainty, regraded_in in rows:
        newest[item_key] = GivenAnswer(json.loads(answer), certainty, regraded_in)
    return newest
