"""Not yet: when a host may be asked again.

Here: one request in flight per key (a host's name, an address), and a pause between the end of one and the start of the next that
grows with how long the answer took. The clock and the sleep come in as arguments. Elsewhere: how long a host wants us to wait
(`web.robots`, `web.patience`), what is asked (`web.web`).
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipelines.settings import Manners

TIMES_AS_LONG = 5.0
"""The pause is so many times as long as the last answer took: who is slow is asked less often."""


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Clock:
    """The ways time and chance enter: the moment (UTC, whole seconds), seconds that only grow, waiting; a number from 0 to 1."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class Turn:
    """The right to ask at one place, which one has at a time. `seconds` is how long the last answer took, by whoever asks."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = float("-inf")
    seconds: float = 0.0


class Pace:
    """Gives out turns; belongs to one event loop."""

    def __init__(self, manners: Manners, clock: Clock, paces: Mapping[str, float] | None = None) -> None:
        self._manners = manners
        self._paces = paces or {}
        self._clock = clock
        self._places: defaultdict[str, Turn] = defaultdict(Turn)

    @asynccontextmanager
    async def turn(self, key: str, host: str, delay_seconds: float = 0.0) -> AsyncIterator[Turn]:
        """Hold the only turn at the key, begun when the pause after the last one is over, or the longer one that is asked for.

        `host` is on whose behalf: one with a pause of its own in the settings keeps just that; one whose terms say how fast it
        may be asked keeps that, or what robots.txt asks for, however long its answers take.
        """
        place = self._places[key]
        async with place.lock:
            while (wait := place.free_at - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
            try:
                yield place
            finally:
                pause = self._pause(host, place.seconds, delay_seconds)
                place.free_at = max(place.free_at, self._clock.monotonic() + pause)

    def hold(self, key: str, seconds: float) -> None:
        """Give no turn at the key for that long."""
        place = self._places[key]
        place.free_at = max(place.free_at, self._clock.monotonic() + seconds)

    def _pause(self, host: str, latency: float, delay: float) -> float:
        least = self._manners.gaps.get(host)
        if least is not None:
            return least
        if host in self._paces:
            return max(self._paces[host], delay)
        most = max(self._manners.longest_gap_seconds, self._manners.gap_seconds)
        return max(self._manners.gap_seconds, min(TIMES_AS_LONG * latency, most), delay)
