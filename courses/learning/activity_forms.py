"""What the forms of activities inside lessons send, parsed and validated by kind of activity.

What a page shows of an activity, before and after its answer, is in `activities`.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from courses.assessment import items
from courses.assessment.forms import answer_from_page
from courses.assessment.items import BadAnswer
from courses.learning.branches import follow_branch
from courses.library.content import Block, Item, Step

LONGEST_TEXT = 5_000  # characters: about two pages
LONGEST_SENTENCE = 300  # characters of a commitment in the learner's own words
USUAL_DELAY = timedelta(days=7)  # to a commitment for which no day was chosen
OWN_SENTENCE = "own"  # what the form sends for a commitment in the learner's own words


@dataclass(frozen=True)
class Commitment:
    """What a learner means to do, as its form shows it.

    `sentence` is the number of a given sentence from 0, OWN_SENTENCE, or empty for none; `own`
    is their own sentence; `on` is the day in ISO form. It is saved with these keys.
    """

    sentence: str = ""
    own: str = ""
    on: str = ""


def page_name(lesson_key: str, activity_key: str) -> str:
    """What pages and addresses call an activity: an `a` and eight hexadecimal digits.

    Authors name activities for themselves, and a key such as "asleep-first" gives the answer away.
    """
    # Keyed, so that nobody can find the name of a key that they guess.
    digest = salted_hmac("courses.activity", f"{lesson_key}:{activity_key}", algorithm="sha256")
    return f"a{digest.hexdigest()[:8]}"


def activity_called(step: Step, lesson_key: str, name: str) -> Block | None:
    """The activity of a step that pages call by this name; None when the step has none.

    The author's key is accepted too: pages opened before activities had opaque names send it.
    """
    for block in step.blocks:
        if block.is_activity and name in (block.key, page_name(lesson_key, block.key)):
            return block
    return None


def field_prefix(name: str) -> str:
    """What the names of an activity's fields begin with: all activities of a step share a form."""
    return f"{name}-"


def own_fields(data: QueryDict, name: str) -> QueryDict:
    """The fields of one activity in the form of its step, without their prefix.

    A page opened before activities shared a form sends the fields of one alone, without a prefix.
    """
    prefix = field_prefix(name)
    if not has_fields(data, name):
        return data
    fields = QueryDict(mutable=True)
    for key in data:
        if key.startswith(prefix):
            fields.setlist(key.removeprefix(prefix), data.getlist(key))
    return fields


def has_fields(data: QueryDict, name: str) -> bool:
    """Whether the form of a step has fields of this activity."""
    return any(key.startswith(field_prefix(name)) for key in data)


def number_in(fields: QueryDict, name: str) -> int | None:
    """A whole number that the page sent with an activity; None where it sent none."""
    text = fields.get(name, "")
    # Within what PostgreSQL stores; more digits are no number of ours.
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    return None


def blank_form(block: Block) -> Any:
    """What `parse_answer` makes of the form of an activity that nobody has touched."""
    if block.item or block.kind in {"branch", "checklist"}:
        return []
    if block.kind == "commitment":
        return asdict(Commitment())
    return block.start if block.kind == "rewrite" else ""


def entered_in(block: Block, fields: QueryDict) -> Any:
    """What stands in the form of an activity, complete or not, as a draft keeps it."""
    entered = parse_answer(block, fields, strict=False)
    return [] if entered is None else entered


def words_in(entered: object) -> str:
    """What a learner typed, of what stands in a form; empty where there is nothing to type."""
    if isinstance(entered, dict):
        entered = entered.get("own", "")
    return entered if isinstance(entered, str) else ""


def parse_answer(block: Block, data: QueryDict, *, strict: bool = True) -> Any:
    """The answer that a form gives to an activity, as it is saved.

    An item gives what `answer_from_page` gives; a branch, a list of choice keys; a checklist, a
    list of numbers from 0; a commitment, a dict like `Commitment`; everything else, text.
    With `strict=False` nothing is rejected: the result fills the form again after a refusal.

    Raises:
        BadAnswer: strict, and it is empty, too long, or names what the activity does not have.
    """
    # An activity with an item is that item, whatever its kind is called.
    if block.item:
        return _parse_item_answer(block.item, data, strict)
    if block.kind == "branch":
        return _parse_path(block, data, strict)
    if block.kind == "checklist":
        return _parse_ticks(block, data, strict)
    if block.kind == "commitment":
        return _parse_commitment(block, data, strict)
    return _parse_writing(data, strict)


def _text_in(data: QueryDict, name: str) -> str:
    # PostgreSQL rejects NUL bytes, and browsers send lines ended by CRLF.
    text = data.get(name, "").replace("\x00", "")
    return text.replace("\r\n", "\n").strip()


def _parse_item_answer(item: Item, data: QueryDict, strict: bool) -> Any:
    try:
        answer = answer_from_page(item, data)
    except BadAnswer:
        if strict:
            raise
        return None
    missing = items.missing_answer_message(item, answer)
    if strict and missing:
        raise BadAnswer(f"{missing} Nothing was changed.")
    return answer


def _parse_path(block: Block, data: QueryDict, strict: bool) -> list[str]:
    """The keys of all choices made so far with the new one; empty to begin again."""
    if data.get("again"):  # the button at the end of a path
        return []
    keys = [key for key in data.get("path", "").split(",") if key]
    new = data.get("choice", "")
    if new:
        keys.append(new)
    elif strict:
        raise BadAnswer("Choose what you would do first. Nothing was changed.")
    path = follow_branch(block, keys)
    if strict and len(path.keys) < len(keys):
        raise BadAnswer(
            "This does not follow from where you were. Here is where you were; choose once more."
        )
    return list(path.keys)


def _parse_ticks(block: Block, data: QueryDict, strict: bool) -> list[int]:
    numbers = {str(number): number for number in range(len(block.points))}
    ticked = data.getlist("point")
    known = [point for point in ticked if point in numbers]
    if strict and len(known) < len(ticked):
        raise BadAnswer(
            "This list has a point that is not part of it. "
            "Load the page again and choose once more."
        )
    return sorted({numbers[point] for point in known})


def _parse_commitment(block: Block, data: QueryDict, strict: bool) -> dict[str, str]:
    # More than is accepted, so that a sentence that is too long can be shown again to shorten.
    commitment = Commitment(
        sentence=_text_in(data, "sentence"),
        own=_text_in(data, "own")[:2000],
        on=_text_in(data, "on")[:10],
    )
    if not strict:
        return asdict(commitment)
    if not commitment.on:
        # A sentence without a day was chosen all the same, and a plan is asked about on its day.
        commitment = replace(commitment, on=(timezone.localdate() + USUAL_DELAY).isoformat())
    _validate_commitment(block, commitment)
    return asdict(commitment)


def _validate_commitment(block: Block, commitment: Commitment) -> None:
    """Raises BadAnswer where a commitment is incomplete or too long."""
    allowed = {OWN_SENTENCE, *(str(number) for number in range(len(block.points)))}
    if commitment.sentence not in allowed:
        raise BadAnswer("Choose a sentence, or write your own. Nothing was changed.")
    if commitment.sentence == OWN_SENTENCE and not commitment.own:
        raise BadAnswer("Write what you will do in one sentence. Nothing was changed.")
    if len(commitment.own) > LONGEST_SENTENCE:
        raise BadAnswer(f"Keep your sentence to {LONGEST_SENTENCE} characters, and save again.")
    if not _is_iso_day(commitment.on):
        raise BadAnswer("Choose the day on which you will do it. Nothing was changed.")


def _is_iso_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _parse_writing(data: QueryDict, strict: bool) -> str:
    text = _text_in(data, "text")
    if not strict:
        return text
    if not text:
        raise BadAnswer("Write a sentence or two first. Nothing was changed.")
    if len(text) > LONGEST_TEXT:
        raise BadAnswer(
            f"This has {len(text):,} characters; up to {LONGEST_TEXT:,} are kept. "
            "Shorten it, and save again."
        )
    return text
