"""The action of a reviewer: to sign a lesson off or ask for changes."""

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
    """What the reviewer read is not what is published now."""


@dataclass(frozen=True)
class Signature:
    """A reviewer's decision, and their details as they are shown with it.

    `body` is who registers them. `note` and `registration` are not shown to learners.
    """

    decision: SignOff.Decision
    name: str
    role: str
    body: str
    registration: str = ""
    note: str = ""


def sign_off(
    reviewer: User,
    edition_id: int,
    material: Material,
    digest: str,
    signature: Signature,
    event_id: UUID,
    now: datetime,
) -> SignOff:
    """Stores the reviewer's decision; the same form sent again returns the first sign-off.

    Args:
        material: as it is published now.
        digest: of what was on the page the reviewer read.
        event_id: of the form; unique for each reviewer.

    Raises:
        NotReviewer: the person may not sign off.
        HasChanged: an edition with another text was published meanwhile.
    """
    if not reviewer.is_reviewer:
        raise NotReviewer("You may not sign lessons off.")
    if digest != material.digest:
        raise HasChanged(
            "This has changed since you opened the page. Nothing was signed: read it as it is now."
        )
    fields = {
        "edition_id": edition_id,
        "lesson_key": material.key,
        "lesson_version": material.version,
        "digest": digest,
        "at": now,
    }
    # Of two requests at once, the constraint on these two fields lets one create the row.
    stored, _ = SignOff.objects.get_or_create(
        reviewer=reviewer, event_id=event_id, defaults=fields | vars(signature)
    )
    return stored
