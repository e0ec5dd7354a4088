"""The lines the bench prints: name, figure, target and verdict. What is measured lives in the other modules."""

import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field


class NotRun(Exception):
    """This cannot be measured here and now; the message says why."""


class OutOfTime(Exception):
    """The whole run has reached its limit."""


@dataclass
class Report:
    """Prints each figure once. A figure that was promised and never came is printed as NOT RUN, never as ok."""

    promised: dict[str, str]  # the target by the name of the figure
    printed: set[str] = field(default_factory=set)
    misses: int = 0
    failures: int = 0  # of the bench itself
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.begun

    def at_most(self, name: str, value: float, limit: float, figure: str) -> None:
        self._judge(name, value <= limit, figure)

    def at_least(self, name: str, value: float, limit: float, figure: str) -> None:
        self._judge(name, value >= limit, figure)

    def holds(self, name: str, is_so: bool, figure: str) -> None:
        self._judge(name, is_so, figure)

    def tell(self, name: str, figure: str) -> None:
        """A figure without a target."""
        self._print(name, figure, "for information", "-")

    def _judge(self, name: str, is_good: bool, figure: str) -> None:
        self.misses += not is_good
        self._print(name, figure, self.promised[name], "ok" if is_good else "MISS")

    def _print(self, name: str, figure: str, target: str, verdict: str) -> None:
        self.printed.add(name)
        print(f"{name} | {figure} | {target} | {verdict}", flush=True)

    def section(self, names: list[str], measure: Callable[[], None]) -> None:
        """Measures some figures; whatever of them it did not print is NOT RUN, with the reason."""
        why = "it gave no figure"
        try:
            measure()
        except NotRun as reason:
            why = str(reason)
        except OutOfTime:
            self.give_up(names, "the time of the whole run was over")
            raise
        except Exception as error:
            self.failures += 1
            traceback.print_exc(file=sys.stderr)
            why = f"the bench failed: {type(error).__name__}: {error}"
        self.give_up(names, why)

    def give_up(self, names: list[str], why: str) -> None:
        """Prints these figures as NOT RUN, but for those that were printed."""
        for name in names:
            if name not in self.printed:
                said = " ".join(why.split())[:300]
                self._print(name, "", self.promised[name], f"NOT RUN: {said}")
