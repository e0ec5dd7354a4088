"""What stands in the one form of a step, activity by activity, whatever button sent it.

The fields of one activity are parsed in `activity_forms`; saving them is in `draft_actions`.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from courses.assessment.items import BadAnswer
from courses.learning.activity_forms import (
    LONGEST_TEXT,
    blank_form,
    entered_in,
    has_fields,
    number_in,
    own_fields,
    page_name,
    parse_answer,
    words_in,
)
from courses.learning.draft_actions import Entry
from courses.learning.step_records import NOTHING_GIVEN, ActivityRecord
from courses.library.content import Block, Step

# Their answer tells or shows something, so it takes a press: of their own button, or Continue.
OPENED_BY_PRESS = {"rewrite", "look", "branch"}


def activities_in(
    step: Step, lesson_key: str, data: QueryDict
) -> Iterator[tuple[Block, QueryDict]]:
    """The activities that the form of a step has fields of, each with these."""
    for block in step.blocks:
        name = page_name(lesson_key, block.key)
        if block.is_activity and has_fields(data, name):
            yield block, own_fields(data, name)


def entries_in(
    step: Step,
    lesson_key: str,
    data: QueryDict,
    records: Mapping[str, ActivityRecord],
    *,
    is_continue: bool = False,
) -> dict[str, Entry]:
    """What is new in the form of a step, by activity key; what is stored already is left out.

    `is_continue`: it was sent by Continue, which answers everything but items, as their own buttons
    would. An item is answered by "Check my answer" alone, as each answer is a try.
    """
    entries = {}
    for block, fields in activities_in(step, lesson_key, data):
        record = records.get(block.key, NOTHING_GIVEN)
        entry = entry_in(block, fields, is_continue=is_continue)
        if _is_new(block, entry, record):
            entries[block.key] = entry
    return entries


def entry_in(block: Block, fields: QueryDict, *, is_continue: bool = False) -> Entry:
    """What stands in the form of one activity."""
    return Entry(
        entered=entered_in(block, fields),
        sequence=number_in(fields, "sequence") or 1,
        event_id=uuid.uuid4(),
        answer=_answer_in(block, fields, is_continue),
    )


def _answer_in(block: Block, fields: QueryDict, is_continue: bool) -> Any:
    """The answer that the form is without its own button; None where it needs that, or is none."""
    if block.item or (block.kind in OPENED_BY_PRESS and not is_continue):
        return None
    try:
        return parse_answer(block, fields)
    except BadAnswer:
        return None


def _is_new(block: Block, entry: Entry, record: ActivityRecord) -> bool:
    before = record.filled
    if before is None:
        # Untouched: a rewrite is filled with the words it starts from.
        return bool(entry.entered != blank_form(block))
    if entry.entered != before:
        return True
    return entry.answer is not None and entry.answer != record.answer


def too_long_texts(step: Step, lesson_key: str, data: QueryDict) -> dict[str, str]:
    """Why a text in the form of a step cannot be saved, by activity key; empty where all can."""
    errors = {}
    for block, fields in activities_in(step, lesson_key, data):
        if message := too_long_message(block, fields):
            errors[block.key] = message
    return errors


def too_long_message(block: Block, fields: QueryDict) -> str:
    """Why the text of an activity cannot be saved; empty where it can."""
    if len(words_in(entered_in(block, fields))) <= LONGEST_TEXT:
        return ""
    try:
        parse_answer(block, fields)
    except BadAnswer as refusal:
        return str(refusal)
    return ""
