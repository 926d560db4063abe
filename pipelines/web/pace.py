"""Not yet: when a host may be asked again.

Here: one request in flight per host, and a gap between the end of one and the start of the next. The clock and the sleep come in
as arguments. Elsewhere: how long a host wants us to wait (`web.robots`), what is asked (`web.web`).
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Clock:
    """The three ways time enters: the moment (UTC, whole seconds), seconds that only grow, and waiting."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")


class Pace:
    """Gives out turns at hosts; safe to share between threads."""

    def __init__(self, gap_seconds: float, clock: Clock) -> None:
        self._gap = gap_seconds
        self._clock = clock
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, delay_seconds: float = 0.0) -> Iterator[None]:
        """Hold the host's only turn, begun no sooner than the gap (or the longer delay it asks for) after the last one ended."""
        with self._lock:
            place = self._hosts[host]
        with place.lock:
            wait = place.free_at - self._clock.monotonic()
            if wait > 0:
                self._clock.sleep(wait)
            try:
                yield
            finally:
                place.free_at = self._clock.monotonic() + max(self._gap, delay_seconds)
