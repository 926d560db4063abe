"""One request, as a guest makes it: in its turn, within the run's budget, and again only where that is polite.

Here: pause, Retry-After, breaker, repetition and budget brought together around the transport. Elsewhere: each of them
(`web.pace`, `web.patience`), what is asked for (`web.web`), the socket (`web.client`).
"""

import asyncio
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.settings import Manners
from pipelines.web.dial import Place
from pipelines.web.guard import Target
from pipelines.web.misses import DEFERRED, Misses
from pipelines.web.pace import Clock, Pace
from pipelines.web.patience import BUSY, FAILURES, Breaker, Retries, retry_after
from pipelines.web.replay import Transport
from pipelines.web.tally import Tally

SPENT = "budget_spent"
LONGEST_WAIT_SECONDS = 30 * 86_400.0
"""However long a host asks to be left alone: in a month it may have forgotten, and is asked again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What hosts publish of how they want to be asked: seconds between two requests, and how many in one run, by host."""

    paces: Mapping[str, float] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)


NO_TERMS = Terms()


class Guest:
    """Asks servers. Belongs to one event loop."""

    def __init__(
        self, transport: Transport, manners: Manners, misses: Misses, clock: Clock, tally: Tally, terms: Terms = NO_TERMS
    ) -> None:
        self._transport = transport
        self._manners = manners
        self._misses = misses
        self._clock = clock
        self._tally = tally
        self._terms = terms
        self._pace = Pace(manners, clock, terms.paces)
        self._breaker = Breaker(clock)
        self._retries = Retries(manners.attempts, clock.chance)
        self._connections = asyncio.Semaphore(manners.connections)
        self._begun = clock.monotonic()
        self._sent = Counter[tuple[str, str]]()
        self._promised = Counter[str]()

    async def ask(self, target: Target, organization_id: str, delay_seconds: float, headers: Mapping[str, str]) -> Response:
        """Return the response, asked for on behalf of the organization; a host in trouble is asked again a few times.

        What is posted is sent once: nobody knows what came of it where the answer is lost.

        Raises `Skip`: `deferred`, `host_failing`, `budget_spent`, and what the transport raises.
        """
        self._promise(target.host)
        self._retries.count()
        attempt = 1 if not target.body else self._manners.attempts
        while True:
            try:
                response = await self._once(target, organization_id, delay_seconds, headers)
                wait = self._retries.wait(response.status, attempt) if self._comes_back(target, response) else None
                if wait is None:
                    return response
            except Skip as skip:
                wait = self._retries.wait(skip.reason, attempt)
                if wait is None:
                    raise
            await self._clock.sleep(wait)
            attempt += 1

    async def _once(self, target: Target, organization_id: str, delay_seconds: float, headers: Mapping[str, str]) -> Response:
        """Wait for the turn at the host and at its address, and ask."""
        self._check(target.host)
        async with self._pace.turn(target.host, target.host, delay_seconds) as turn:
            self._check(target.host)
            place = await self._transport.place(target)
            async with self._pace.turn(f"at {place.address}", target.host) as shared, self._connections:
                self._check(target.host)
                self._spend(organization_id, target.host)
                begun = self._clock.monotonic()
                try:
                    return await self._fetched(target, place, headers)
                finally:
                    turn.seconds = shared.seconds = self._clock.monotonic() - begun

    async def _fetched(self, target: Target, place: Place, headers: Mapping[str, str]) -> Response:
        try:
            response = await self._transport.fetch(target, place, headers)
        except Skip as skip:
            self._breaker.note(target.host, failed=skip.reason in FAILURES)
            raise
        self._breaker.note(target.host, failed=response.status in BUSY)
        return response

    def _promise(self, host: str) -> None:
        """Count a question before it waits for its turn; raises `Skip` when the host's terms have no more of them for a run."""
        self._promised[host] += 1
        if self._promised[host] > self._terms.budgets.get(host, math.inf):
            raise Skip(SPENT, f"{host} was asked as often as its terms let one run ask; the next one goes on.")

    def _spend(self, organization_id: str, host: str) -> None:
        """Count a request, be it a redirect's or a repetition; raises `Skip` when the organization has none left at the host."""
        self._sent[organization_id, host] += 1
        if self._sent[organization_id, host] > self._manners.requests_per_organization:
            raise Skip(SPENT, f"{host} was sent as many requests as one organization is worth in a run.")
        self._tally.send(host)

    def _check(self, host: str) -> None:
        """Raise `Skip` unless the host may be asked in this run; a wait it asked for in an earlier run is kept."""
        left = self._left()
        sent = self._manners.requests_per_run
        if left <= 0 or (sent is not None and self._tally.requests >= sent):
            raise Skip(SPENT, f"The run had spent its requests or minutes before {host} was asked; the next one goes on.")
        self._breaker.check(host)
        until = self._misses.deferred_until(host)
        seconds = (until - self._clock.now()).total_seconds() if until is not None else 0.0
        if seconds > self._patience(host):
            raise Skip(DEFERRED, f"{host} asked not to be asked again before {until:%Y-%m-%d %H:%M} UTC; a later run asks.")
        if seconds > 0:
            self._pace.hold(host, seconds)

    def _patience(self, host: str) -> float:
        """Return for how many seconds the run waits for the host: for one that counts requests, not at all."""
        return 0.0 if host in self._terms.budgets else min(self._manners.patience_seconds, self._left())

    def _left(self) -> float:
        """Return the seconds the run may still take."""
        minutes = self._manners.minutes_per_run
        return float("inf") if minutes is None else self._begun + 60.0 * minutes - self._clock.monotonic()

    def _comes_back(self, target: Target, response: Response) -> bool:
        """Keep what the response asks of us in time, and say whether that can be waited for in this run.

        Raises `Skip` (`deferred`) for a refusal (403) that only says that it was too often: the page itself is not refused.
        """
        seconds = retry_after(response)
        if seconds is None:
            return True
        until = self._clock.now() + timedelta(seconds=math.ceil(min(seconds, LONGEST_WAIT_SECONDS)) + 1)
        self._misses.defer(target.host, until)
        waits = seconds <= self._patience(target.host)
        if waits:
            self._pace.hold(target.host, seconds)
        if response.status == HTTPStatus.FORBIDDEN:
            raise Skip(
                DEFERRED, f"{target.host} was asked too often, and asked to be left alone until {until:%Y-%m-%d %H:%M} UTC."
            )
        return waits
