"""Lesson records for the busiest requests: a step's page, and what may complete a course.

Written as SQL: see `web.raw_sql`. Everything else that is asked of lesson records goes through the
ORM, in `queries`.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from courses.learning.models import Enrolment, LessonRecord
from courses.people.models import User
from courses.web.raw_sql import as_moment, for_update, json_type

ENROLMENT_FIELDS = ("id", "user_id", "course_id", "edition_id")

# One row for each answer in the lesson, or a single one without an answer, and then one for each
# draft. Two halves, as each then goes by its index.
RECORD_WITH_ANSWERS = """
    SELECT record.*,
           enrolment.user_id, enrolment.course_id, enrolment.edition_id,
           answer.activity_key, answer.answer, answer.tries, answer.answered_at AS given_at,
           CAST(NULL AS integer) AS sequence, CAST(NULL AS {json}) AS replaced
      FROM courses_lessonrecord record
      JOIN courses_enrolment enrolment ON enrolment.id = record.enrolment_id
      JOIN courses_course course ON course.id = enrolment.course_id
      LEFT JOIN courses_activityanswer answer
        ON answer.enrolment_id = enrolment.id AND answer.lesson_key = record.lesson_key
     WHERE enrolment.user_id = %s AND course.key = %s AND record.lesson_key = %s
    UNION ALL
    SELECT record.*,
           enrolment.user_id, enrolment.course_id, enrolment.edition_id,
           draft.activity_key, draft.entered, 0, draft.saved_at,
           draft.sequence, draft.replaced
      FROM courses_lessonrecord record
      JOIN courses_enrolment enrolment ON enrolment.id = record.enrolment_id
      JOIN courses_course course ON course.id = enrolment.course_id
      JOIN courses_activitydraft draft
        ON draft.enrolment_id = enrolment.id AND draft.lesson_key = record.lesson_key
     WHERE enrolment.user_id = %s AND course.key = %s AND record.lesson_key = %s
"""

RECORDS_OF_COURSE = """
    SELECT record.*,
           enrolment.user_id, enrolment.course_id, enrolment.edition_id,
           enrolment.completed_at IS NOT NULL AS is_course_completed
      FROM courses_lessonrecord record
      JOIN courses_enrolment enrolment ON enrolment.id = record.enrolment_id
     WHERE enrolment.user_id = %s AND enrolment.course_id = %s
     ORDER BY record.id
"""


@dataclass(frozen=True)
class ActivityRecord:
    """What is stored of one activity of a learner: the newest answer, and the draft in its form.

    `answer` is None and `tries` 0 where it was never answered; `entered` is None and `sequence` 0
    where nothing was saved as it was given. See `ActivityAnswer` and `ActivityDraft`.
    """

    answer: Any = None
    tries: int = 0
    answered_at: datetime | None = None
    entered: Any = None
    sequence: int = 0
    replaced: tuple[str, ...] = ()
    saved_at: datetime | None = None

    @property
    def filled(self) -> Any:
        """What stands in the form: the newer of the two."""
        return self.entered if self._is_draft_newer else self.answer

    @property
    def filled_at(self) -> datetime | None:
        """When that was saved; None where there is neither."""
        return self.saved_at if self._is_draft_newer else self.answered_at

    @property
    def _is_draft_newer(self) -> bool:
        if self.saved_at is None:
            return False
        return self.answered_at is None or self.saved_at >= self.answered_at


NOTHING_GIVEN = ActivityRecord()


@dataclass(frozen=True)
class StepRecord:
    """A learner's record of a lesson, and what they gave by activity key.

    Of `record.enrolment` only the ids are fetched; its other fields cost a query when they are
    read.
    """

    record: LessonRecord
    activities: dict[str, ActivityRecord]

    @property
    def answers(self) -> dict[str, object]:
        """The answers by activity key; what was not answered is not there."""
        answered = {}
        for key, activity in self.activities.items():
            if activity.answer is not None:
                answered[key] = activity.answer
        return answered


def step_record(user: User, course_key: str, lesson_key: str) -> StepRecord | None:
    """This person's record of the lesson; None where they are not enrolled or have not begun it."""
    whose = [user.pk, course_key, lesson_key]
    sql = RECORD_WITH_ANSWERS.format(json=json_type())
    rows: list[Any] = list(LessonRecord.objects.raw(sql, whose + whose))
    if not rows:
        return None
    activities: dict[str, ActivityRecord] = {}
    for row in rows:
        if row.activity_key is not None:
            so_far = activities.get(row.activity_key, NOTHING_GIVEN)
            activities[row.activity_key] = _with_row(so_far, row)
    record = rows[0]
    record.enrolment = _enrolment_of(record)
    return StepRecord(record, activities)


def _with_row(activity: ActivityRecord, row: Any) -> ActivityRecord:
    """The record of an activity with one row more: its answer, or its draft."""
    value = json.loads(row.answer)
    if row.sequence is None:
        answered_at = as_moment(row.given_at)
        return replace(activity, answer=value, tries=row.tries, answered_at=answered_at)
    return replace(
        activity,
        entered=value,
        sequence=row.sequence,
        replaced=tuple(json.loads(row.replaced)),
        saved_at=as_moment(row.given_at),
    )


def locked_records(user_id: int, course_id: int) -> list[LessonRecord]:
    """The lesson records of an enrolment, locked with it until the transaction ends.

    They are locked in the order of their ids. Every action that may complete the course reads them
    through here, so that of two last actions at once the later one sees what both did. Each has
    `is_course_completed`; of its `enrolment` only the ids are fetched.
    """
    sql = RECORDS_OF_COURSE + for_update("record", "enrolment")
    records = list(LessonRecord.objects.raw(sql, [user_id, course_id]))
    for record in records:
        record.enrolment = _enrolment_of(record)
    return records


def _enrolment_of(record: Any) -> Enrolment:
    """The enrolment of a record that was fetched with the ids of `ENROLMENT_FIELDS`."""
    ids = (record.enrolment_id, record.user_id, record.course_id, record.edition_id)
    return Enrolment.from_db(record._state.db, ENROLMENT_FIELDS, ids)
