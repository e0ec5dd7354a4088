"""Lesson records for the busiest requests: a step's page, and what may complete a course.

Written as SQL: see `web.raw_sql`. Everything else that is asked of lesson records goes through the
ORM, in `queries`.
"""

import json
from dataclasses import dataclass
from typing import Any

from courses.learning.models import Enrolment, LessonRecord
from courses.people.models import User
from courses.web.raw_sql import for_update

ENROLMENT_FIELDS = ("id", "user_id", "course_id", "edition_id")

# One row for each answer in the lesson, or a single one without an answer. The sign-offs are
# counted as `signoffs.models.sign_off_count_on` does it: change both together.
RECORD_WITH_ANSWERS = """
    SELECT record.*,
           enrolment.user_id, enrolment.course_id, enrolment.edition_id,
           answer.activity_key, answer.answer,
           (SELECT COUNT(*) FROM courses_signoff signoff
              JOIN courses_edition signed ON signed.id = signoff.edition_id
             WHERE signed.course_id = enrolment.course_id) AS sign_off_count
      FROM courses_lessonrecord record
      JOIN courses_enrolment enrolment ON enrolment.id = record.enrolment_id
      JOIN courses_course course ON course.id = enrolment.course_id
      LEFT JOIN courses_activityanswer answer
        ON answer.enrolment_id = enrolment.id AND answer.lesson_key = record.lesson_key
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
class StepRecord:
    """A learner's record of a lesson, their answers by activity key, the course's sign-offs.

    `sign_off_count` is how many sign-offs there are of any lesson of the course. Of
    `record.enrolment` only the ids are fetched; its other fields cost a query when they are read.
    """

    record: LessonRecord
    answers: dict[str, object]
    sign_off_count: int


def step_record(user: User, course_key: str, lesson_key: str) -> StepRecord | None:
    """This person's record of the lesson; None where they are not enrolled or have not begun it."""
    rows: list[Any] = list(
        LessonRecord.objects.raw(RECORD_WITH_ANSWERS, [user.pk, course_key, lesson_key])
    )
    if not rows:
        return None
    answers = {}
    for row in rows:
        if row.activity_key is not None:
            answers[row.activity_key] = json.loads(row.answer)
    record = rows[0]
    record.enrolment = _enrolment_of(record)
    return StepRecord(record, answers, record.sign_off_count)


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
