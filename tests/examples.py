"""How many examples hypothesis tries: few for each change, many in `make nightly`."""

import os


def examples(quick: int, thorough: int) -> int:
    """`thorough` where NIGHTLY is set, as `make nightly` does; else `quick`."""
    return thorough if os.environ.get("NIGHTLY") else quick
