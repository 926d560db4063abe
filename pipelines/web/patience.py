"""Hosts in trouble: when one is asked again, and when it is left alone.

Here: what an answer such as 503 or a broken connection means for the next request: once more after a while, later, or not in
this run. Elsewhere: the ordinary pause between requests (`web.pace`), remembering it between runs (`web.misses`).
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.web.pace import Clock

BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Statuses that may pass by themselves."""
AGAIN = ("connection", "truncated")
"""Reasons without an answer for which it is worth asking once more in the same run."""
FAILURES = (*AGAIN, "timeout", "tls")
UNCLEAR_SECONDS = 60.0
"""How long is waited when Retry-After says something nobody understands."""
LONGEST_BACKOFF_SECONDS = 30.0
RETRY_SHARE = 0.1
FREE_RETRIES = 2
"""Of all requests of a run, as many may be repetitions; so few in any case."""
_AN_EPOCH = 1e9
"""From here on a number of seconds is one since 1970."""
FAILURES_TO_OPEN = 5
RESTING_SECONDS = 1800.0
"""A host that fails so often in a row is left alone for so long; then one request shows whether it has recovered."""


def retry_after(response: Response) -> float | None:
    """Return for how many seconds the response asks us to stay away; None when it does not.

    A service that counts requests may refuse with 403 what is too many, and say until when instead of for how long.

    >>> from datetime import datetime
    >>> at = datetime(2026, 1, 2, tzinfo=UTC)
    >>> asked = ("3", "-1", "Fri, 02 Jan 2026 00:00:09 GMT")
    >>> [retry_after(Response("", 503, (("Retry-After", each),), b"", at)) for each in asked]
    [3.0, 60.0, 9.0]
    """
    written = response.header("retry-after").strip()
    if response.status in (403, 429) and not written:
        return _until_reset(response)
    if response.status not in (403, 429, 503) or not written:
        return None
    if written.isascii() and written.isdecimal():
        return float(written[:12])
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError):
        return UNCLEAR_SECONDS
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - response.fetched_at).total_seconds())


def _until_reset(response: Response) -> float | None:
    """Return the seconds until requests are counted anew, where the last one allowed was used up."""
    left, reset = (response.header(f"x-ratelimit-{name}").strip() for name in ("remaining", "reset"))
    if left != "0" or not (reset.isascii() and reset.isdecimal()):
        return None
    seconds = float(reset[:12])
    return max(0.0, seconds - response.fetched_at.timestamp()) if seconds >= _AN_EPOCH else seconds


class Retries:
    """Whether and when a request is repeated: few times, at random moments, and seldom in the whole run."""

    def __init__(self, attempts: int, chance: Callable[[], float]) -> None:
        self._attempts = attempts
        self._chance = chance
        self._requests = 0
        self._repeated = 0

    def count(self) -> None:
        """Take note of a request that is sent for the first time."""
        self._requests += 1

    def wait(self, trouble: str | int, attempt: int) -> float | None:
        """Return for how many seconds to wait before asking again after a status or reason; None when it is not asked again."""
        affordable = self._repeated < max(FREE_RETRIES, int(RETRY_SHARE * self._requests))
        if trouble not in (*BUSY, *AGAIN) or attempt >= self._attempts or not affordable:
            return None
        self._repeated += 1
        return self._chance() * min(LONGEST_BACKOFF_SECONDS, 2.0**attempt)


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    closed_until: float = float("-inf")


class Breaker:
    """Leaves hosts alone that do not get up again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._circuits: defaultdict[str, _Circuit] = defaultdict(_Circuit)

    def check(self, host: str) -> None:
        """Raise `Skip` (`host_failing`) while the host is left alone."""
        circuit = self._circuits.get(host)
        if circuit is not None and self._clock.monotonic() < circuit.closed_until:
            raise Skip("host_failing", f"{host} failed {FAILURES_TO_OPEN} times in a row, so it is left alone for a while.")

    def note(self, host: str, *, failed: bool) -> None:
        """Take note of how a request ended."""
        if not failed:
            self._circuits.pop(host, None)
            return
        circuit = self._circuits[host]
        circuit.failures += 1
        if circuit.failures >= FAILURES_TO_OPEN:
            circuit.closed_until = self._clock.monotonic() + RESTING_SECONDS
