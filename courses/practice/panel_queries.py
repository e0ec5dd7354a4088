"""The panel's ratings, and which exemplar a reviewer sees next."""

from courses.library.content import Exemplar, Pool
from courses.people.models import User
from courses.practice.models import PanelRating
from courses.practice.panel import Split, splits_of


def split_of(exemplar_key: str) -> Split:
    """The ratings of one exemplar. One SQL query."""
    ratings = PanelRating.objects.filter(exemplar_key=exemplar_key)
    pairs = ratings.values_list("exemplar_key", "chosen")
    return splits_of(pairs).get(exemplar_key, Split({}))


def all_splits() -> dict[str, Split]:
    """The split of every rated exemplar by its key. One SQL query."""
    return splits_of(PanelRating.objects.values_list("exemplar_key", "chosen"))


def divided_exemplars() -> list[str]:
    """Keys of exemplars on which the panel is divided: they count in no error. One SQL query."""
    return sorted(key for key, split in all_splits().items() if split.is_divided)


def next_to_rate(reviewer: User, pool: Pool) -> tuple[Exemplar | None, int, int]:
    """The exemplar this reviewer rates next; how many they rated, and of how many.

    Those that the fewest have rated come first, so that all reach five. One SQL query.
    """
    ratings = list(PanelRating.objects.values_list("reviewer_id", "exemplar_key"))
    own = {key for reviewer_id, key in ratings if reviewer_id == reviewer.pk}
    times: dict[str, int] = {}
    for _, key in ratings:
        times[key] = times.get(key, 0) + 1
    exemplars = list(pool.for_practice())
    left = [exemplar for exemplar in exemplars if exemplar.key not in own]
    if not left:
        return None, len(exemplars), len(exemplars)
    # Within the same count by key: keys are random, so that no category is rated in a row.
    coming = min(left, key=lambda exemplar: (times.get(exemplar.key, 0), exemplar.key))
    return coming, len(exemplars) - len(left), len(exemplars)
