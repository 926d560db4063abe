"""How much of something is let through: attempts to log in, exports an hour, downloads at the same time.

Here: the counting. Elsewhere: what is counted (`login`, `exports`), what a refusal looks like (`refusals`). All counts are in
memory and bounded: who floods them with new names only pushes out the oldest.
"""

import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

HOUR = 3600.0
_KNOWN = 10_000
"""As many names or addresses are remembered at most."""
Ticks = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Patience:
    """What failures cost, in seconds: the first `free` nothing, each further one twice the wait of the last, up to `longest`."""

    free: int
    longest: float


class Attempts:
    """Failed attempts by whom they were made on or came from, and how long the next has to wait."""

    def __init__(self, ticks: Ticks, patience: Patience) -> None:
        self._ticks, self._patience = ticks, patience
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return how many seconds the next attempt has to wait; 0 when it may be made."""
        failures, last = self._recent(key)
        over = failures - self._patience.free
        delay = min(self._patience.longest, 2.0 ** min(over, 30)) if over >= 0 else 0.0
        return max(0.0, last + delay - self._ticks())

    def fail(self, key: str) -> None:
        """Count a failure. Counted before the attempt is looked at, so that many at once are not one."""
        failures, _ = self._recent(key)
        self._failures[key] = (failures + 1, self._ticks())
        self._failures.move_to_end(key)
        while len(self._failures) > _KNOWN:
            self._failures.popitem(last=False)

    def undo(self, key: str) -> None:
        """Take one failure back: it was none."""
        failures, last = self._recent(key)
        if failures > 1:
            self._failures[key] = (failures - 1, last)
        else:
            self._failures.pop(key, None)

    def forgive(self, key: str) -> None:
        """Forget the failures: whoever it is knew the password."""
        self._failures.pop(key, None)

    def _recent(self, key: str) -> tuple[int, float]:
        """Return failures and the moment of the last; a day without one, and all are forgotten."""
        failures, last = self._failures.get(key, (0, -math.inf))
        return (failures, last) if self._ticks() - last < 24 * HOUR else (0, -math.inf)


class Allowance:
    """So many an hour for each, counted over the last hour, whenever that is."""

    def __init__(self, ticks: Ticks, an_hour: int) -> None:
        self._ticks, self._an_hour = ticks, an_hour
        self._taken: dict[str, deque[float]] = {}

    def take(self, key: str) -> float:
        """Take one, and return 0; or, where none is left, return how many seconds to wait for the next."""
        taken, now = self._taken.setdefault(key, deque()), self._ticks()
        while taken and now - taken[0] >= HOUR:
            taken.popleft()
        if len(taken) >= self._an_hour:
            return HOUR - (now - taken[0]) if taken else HOUR
        taken.append(now)
        return 0.0


class Slots:
    """So many at the same time, in all and for each."""

    def __init__(self, in_all: int, each: int) -> None:
        self._in_all, self._each = in_all, each
        self._busy: Counter[str] = Counter()

    @contextmanager
    def one(self, key: str) -> Iterator[bool]:
        """Hold a place, and say whether there was one."""
        free = self._busy.total() < self._in_all and self._busy[key] < self._each
        self._busy[key] += free
        try:
            yield free
        finally:
            self._busy[key] -= free
            if not self._busy[key]:
                del self._busy[key]
