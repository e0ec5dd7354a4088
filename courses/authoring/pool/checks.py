"""Checks over the whole pool: what the cues are, where they can be seen, and how it is balanced."""

from courses.authoring.pool.reading import GrownPool
from courses.authoring.reading.diagnostics import Problems


def check_pool(grown: GrownPool, problems: Problems) -> None:
    """Adds a problem for whatever would make practice easier, harder or less fair than meant."""
