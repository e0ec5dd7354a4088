"""Which items a learner practises after a final quiz: parallel ones, without marks. A plain rule.

They come from the pre-test. Items of the final quiz stay unseen, as a later attempt may draw them,
and so do those of the reviews, which ask what is still known after weeks. A pre-test says where
somebody starts: once a final quiz was handed in, its items have nothing more to tell.
"""

from collections.abc import Iterable, Iterator, Set

from courses.library.content import Course, Item

MOST = 5  # a few minutes


def practice_items(
    course: Course, missed: Iterable[Item], withheld: Set[str], met: Set[str]
) -> list[Item]:
    """An item beside each missed one, in the same order, at most MOST; none where there is none.

    It tests the same thing, or else the same outcome. Both sets are item keys: `withheld` are in
    an attempt that is open, `met` were in earlier ones, and are taken only where no other is left.
    """
    pretest = course.pretest
    if pretest is None:
        return []
    pool = [item for item in course.pool(pretest.key) if item.use == (pretest.key,)]
    # The sort is stable: of those not met, the first of the files comes first.
    pool.sort(key=lambda item: item.key in met)
    chosen: list[Item] = []
    for item in missed:
        for candidate in _candidates(pool, item):
            if candidate.key not in withheld and candidate not in chosen:
                chosen.append(candidate)
                break
    return chosen[:MOST]


def _candidates(pool: Iterable[Item], missed: Item) -> Iterator[Item]:
    same_thing, same_outcome = [], []
    for item in pool:
        if item.parallel == missed.parallel:
            same_thing.append(item)
        elif item.outcome == missed.outcome:
            same_outcome.append(item)
    yield from same_thing
    yield from same_outcome
