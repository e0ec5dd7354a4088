"""Items in the formats of other systems, both ways: plain rules, no rows, no pages, no clock.

A file is read into a `Book` and written from its items. Each item is taken whole, or left out with
the reason. Which fields an item of a kind has here is in `assessment.items`, with its kind.
"""

from collections.abc import Callable, Sequence

from courses.assessment.items.neutral import Item
from courses.exchange import gift_reader, gift_writer, moodle_reader, qti_reader, qti_writer
from courses.exchange.book_builder import Book
from courses.exchange.refusals import Empty, Location, Refused, Unwritable

READERS: dict[str, Callable[[bytes, str], Book]] = {
    "gift": gift_reader.read,
    "moodle": moodle_reader.read,
    "qti": qti_reader.read,
}
WRITERS: dict[str, Callable[[Sequence[Item]], bytes]] = {
    "gift": gift_writer.write,
    "qti": qti_writer.write,
}


def read(form: str, data: bytes, name: str) -> Book:
    """What can be taken of a file in this format; raises Refused for the file as a whole."""
    return READERS[form](data, name)


def write(form: str, items: Sequence[Item]) -> tuple[bytes, Book]:
    """The file, and what is in it and what was left out. Each item was read back unchanged.

    Raises:
        Empty: the format can hold none of them.
    """
    kept: list[Item] = []
    left_out: list[Refused] = []
    for item in items:
        try:
            # One by one, so that one item that cannot return does not keep the others here.
            _check_return(form, item)
            kept.append(item)
        except Refused as refusal:
            left_out.append(refusal)
    if not kept:
        raise Empty(Location("export"), f"has no item that {form} can hold", left_out)
    return WRITERS[form](kept), Book(tuple(kept), tuple(left_out))


def _check_return(form: str, item: Item) -> None:
    """Raises Refused when the item would not come back from the format as it is."""
    place = Location("export", item=item.key)
    data = WRITERS[form]([item])
    try:
        returned = READERS[form](data, "export").items
    except Empty as empty:
        raise Unwritable(
            place, f"would not be taken when it is read again: {empty.reasons[0].what}"
        ) from None
    if returned != (item,):
        raise Unwritable(place, f"would come back changed from {form}; write it plainer")
