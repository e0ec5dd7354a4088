"""Items in the formats of other systems, both ways: plain rules, no rows, no pages, no clock.

A file is read into a `neutral.Book` and written from its items. All is read, or nothing; what a format lacks is told.
"""

from collections.abc import Callable, Sequence

from courses.exchange import gift, moodle, qti
from courses.exchange.neutral import Book, Item
from courses.exchange.refusals import Location, Refused, RefusedAll, Unwritable

READERS: dict[str, Callable[[bytes, str], Book]] = {
    "gift": gift.read,
    "qti": qti.read,
    "moodle": moodle.read,
}
WRITERS: dict[str, Callable[[Sequence[Item]], bytes]] = {"gift": gift.write, "qti": qti.write}


def read(form: str, data: bytes, name: str) -> Book:
    """All of a file in this format.

    Raises:
        RefusedAll, Refused: what was refused, with entry and line.
    """
    return READERS[form](data, name)


def write(form: str, items: Sequence[Item]) -> bytes:
    """The items in this format, read back and found the same before they are given out.

    Raises:
        Unwritable: the format cannot hold one of them without loss.
    """
    data = WRITERS[form](items)
    try:
        again = READERS[form](data, "export").items
    except (Refused, RefusedAll) as refusal:
        raise Unwritable(
            Location("export"), f"would be refused when it is read again: {refusal}"
        ) from None
    for before, after in zip(items, again, strict=False):
        if before != after:
            raise Unwritable(
                Location("export", item=before.key),
                f"would come back changed from {form}; write it plainer",
            )
    if len(again) != len(items):
        raise Unwritable(
            Location("export"), f"would come back as {len(again)} items of {len(items)}"
        )
    return data
