"""The one deed of this package: a clinician says what they think of a lesson. Who may is decided in people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from courses.assessment.actions import Refused
from courses.people.models import User
from courses.signoffs.material import Material
from courses.signoffs.models import SignOff


class NotReviewer(Refused):
    """This person may not sign lessons off."""


class HasChanged(Refused):
    """What was on the page is not what is published now."""


@dataclass(frozen=True)
class Signature:
    """What a clinician said, and how their name stands under it; `body` is who registers them."""

    said: SignOff.Decision
    name: str
    role: str
    body: str
    registration: str = ""
    note: str = ""


def sign_off(
    reviewer: User,
    edition_id: int,
    material: Material,
    seen: str,
    words: Signature,
    event_id: UUID,
    now: datetime,
) -> SignOff:
    """The verdict of this reviewer on what they saw; the same press again finds the first.

    Args:
        seen: the digest of what was on the page.
        event_id: names the press, not the person: unique for each reviewer.

    Raises:
        NotReviewer: the person may not sign off.
        HasChanged: a newer edition, with another text, was published meanwhile.
    """
    if not reviewer.is_reviewer:
        raise NotReviewer("You may not sign lessons off.")
    if seen != material.digest:
        raise HasChanged(
            "This has changed since you opened the page. Nothing was signed: read it as it is now."
        )
    about = {
        "edition_id": edition_id,
        "lesson_key": material.key,
        "lesson_version": material.version,
        "digest": seen,
    }
    made, _ = SignOff.objects.get_or_create(
        reviewer=reviewer, event_id=event_id, defaults={**about, **vars(words), "at": now}
    )
    return made
