"""The one way to ask: a request goes in, a capture or a miss comes out, always.

Here: the order of things. May we knock, do we still know, are we welcome, what came back, where did it lead, may we keep it. A
`Skip` on the way becomes a miss here and nowhere else. Elsewhere: each of these steps (the other files of `web`), what hosts let
say of themselves (`web.origins`), asking with manners (`web.guest`).
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from weakref import WeakValueDictionary

from pipelines.errors import Skip
from pipelines.records import Capture, Captured, Miss, Request, Response
from pipelines.settings import Manners, Settings
from pipelines.signatures import header_names
from pipelines.web.archive import Archive
from pipelines.web.asking import check_asking
from pipelines.web.cdxj import Entry
from pipelines.web.client import Live
from pipelines.web.guard import Target, check_url
from pipelines.web.guest import NO_TERMS, SPENT, Guest, Terms
from pipelines.web.memory import STALE, Memory
from pipelines.web.misses import Misses
from pipelines.web.origins import Origins, of_itself
from pipelines.web.pace import Clock
from pipelines.web.replay import NOWHERE, Replay, Transport
from pipelines.web.reserved import NO_POLICY, TdmPolicy, reservation_of
from pipelines.web.robots import Robots
from pipelines.web.shelves import LIVE, shelf_of
from pipelines.web.tally import Tally
from pipelines.web.types import check_body, check_header
from pipelines.web.urls import host_of, is_robots, redirect, same_site, url_key

ORIGIN_FRESH = timedelta(hours=24)
"""How long what a host says of itself (robots.txt, tdmrep.json) is believed at most."""


class _Turn(asyncio.Lock):
    """Of several who ask for one URL at the same time one goes first; the others find the answer."""


class Web:
    """Everything a run may ask of the web. Belongs to one event loop; every request is sent at most once a run."""

    def __init__(
        self,
        transport: Transport,
        archive: Archive,
        misses: Misses,
        manners: Manners,
        as_of: datetime,
        clock: Clock,
        terms: Terms = NO_TERMS,
    ) -> None:
        self._transport = transport
        self._archive = archive
        self._misses = misses
        self._manners = manners
        self._networks = tuple(ipaddress.ip_network(each) for each in manners.allow_addresses)
        self._as_of = as_of
        self._clock = clock
        self._check = lru_cache(16_384)(self._checked)
        self.tally = Tally(clock.monotonic)
        self._memory = Memory(archive, misses, clock.now(), self._now)
        self._guest = Guest(transport, manners, misses, clock, self.tally, terms)
        self._origins = Origins(self._of_origin, archive.body)
        self._turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()

    @property
    def asked(self) -> int | None:
        """How many requests somebody's server was sent; None for a replay, which asks nobody."""
        return self.tally.requests if self._transport.asks else None

    async def answer(self, request: Request, fresh_for: timedelta = STALE, may_leave: bool = False) -> Captured | Miss:
        """Return the capture, or the miss that says why there is none.

        What the archive holds, and what was found to be missing, is not asked for again while younger than `fresh_for`; a replay
        always answers for itself. An answer from another registrable domain than was asked is a miss, unless it `may_leave`
        (a look-up, not a website).
        """
        answer = await self._or_miss(request, self._answer(request, fresh_for, may_leave))
        self.tally.take(answer)
        return answer

    def may_know(self, request: Request) -> bool:
        """Say whether an answer is thinkable: of the world's always, of a replay's where it holds anything of the host at all."""
        return not isinstance(self._transport, Replay) or self._transport.holds(host_of(request.url))

    def keep(self, request: Request, response: Response) -> Captured:
        """Archive an answer that came another way: from a register's file."""
        return self._archive.store(request, response)

    def body(self, capture: Capture) -> bytes:
        """Return the body of an earlier capture, for whoever asked; raises `Skip` when the archive lost it."""
        return self._archive.body(capture)

    def so_far(self) -> str:
        """Return in few words what was asked and came back in this run; nothing for a replay."""
        return self.tally.line() if self._transport.asks else ""

    async def aclose(self) -> None:
        """Hang up everywhere."""
        await self._transport.aclose()

    async def _or_miss(self, request: Request, answer: Awaitable[Captured | Miss]) -> Captured | Miss:
        try:
            return await answer
        except Skip as skip:
            return Miss(request, skip.reason, skip.sentence, self._now())

    async def _answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        target = self._check(request.url)
        if is_robots(target.url):
            return await self._origins.answer(target, request)
        if not self._transport.asks:
            await self._welcome(target, request)
            return await self._captured(request, may_leave)
        return await self._known_or_asked(request, fresh_for, may_leave)

    async def _of_origin(self, request: Request) -> Captured | Miss:
        """Return what an origin says of itself, which may stand anywhere."""
        ask = (
            self._known_or_asked(request, ORIGIN_FRESH, may_leave=True) if self._transport.asks else self._captured(request, True)
        )
        return await self._or_miss(request, ask)

    async def _known_or_asked(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        """Return what is still known, else what the world says; a miss is remembered."""
        key = url_key(request.address)
        turn = self._turns.setdefault(key, _Turn())
        async with turn:
            if known := self._memory.of(request, fresh_for):
                return known
            if not is_robots(request.url):
                await self._welcome(self._check(request.url), request)
            answer = await self._or_miss(request, self._captured(request, may_leave))
            if isinstance(answer, Miss) and answer.reason != SPENT:
                self._misses.note(answer)
            return answer

    async def _captured(self, request: Request, may_leave: bool) -> Captured:
        """Return what the transport says, archived; raises `Skip` for anything but a readable page, or the same as before."""
        response = await self._follow(request, may_leave)
        asks = self._transport.asks
        if response.status == 304 and asks and (before := self._memory.comparable(request, response.url)):
            return await self._confirmed(before, request, response)
        if not 200 <= response.status < 300:
            if asks:
                self._archive.note(request, response)
            raise Skip(f"http_{response.status}", f"{response.url} answered HTTP {response.status}.")
        check_header(response.url, response.header("content-type"))
        check_body(response.url, response.body)
        reservation = await self._reservation(request, response)
        return self._archive.store(request, response, reservation)

    async def _confirmed(self, before: Entry, request: Request, response: Response) -> Captured:
        """Return the page that did not change, unless it is reserved now."""
        reservation = await self._reservation(request, response)
        if reservation:
            return self._archive.store(request, replace(response, status=before.capture.status), reservation)
        return self._archive.confirm(before, request, response)

    async def _reservation(self, request: Request, response: Response) -> str:
        """Return in what words the page reserves itself, if it does."""
        return reservation_of(response, await self._policy(self._check(response.url), request))

    async def _policy(self, target: Target, request: Request) -> TdmPolicy:
        """Return what the origin reserves; what it says of itself is not, and who reads a part of an archive asks no origin."""
        return NO_POLICY if of_itself(request) or request.span else await self._origins.policy(target, request.organization_id)

    async def _follow(self, request: Request, may_leave: bool) -> Response:
        """Ask, and go where the answers lead; every step is checked as the first one was."""
        url, hops = request.url, list[str]()
        while True:
            target = replace(self._check(url), body=request.body, span=request.span)
            check_asking(target, self._manners.wire_bytes)
            if hops and not may_leave and not same_site(request.url, target.url):
                raise Skip("redirected_elsewhere", f"{request.url} leads to {target.url}, which is somebody else's domain.")
            response = await self._ask(target, request)
            onward = redirect(response) if request.is_plain else None
            if onward is None:
                return replace(response, hops=(*hops, *response.hops))
            if self._transport.asks:
                self._onward(request, response, onward)
            if len(hops) >= self._manners.redirects:
                raise Skip("too_many_redirects", f"{request.url} redirects more than {self._manners.redirects} times.")
            hops.append(url)
            url = onward

    def _onward(self, request: Request, response: Response, onward: str) -> None:
        """Keep a redirect; raises `Skip` where it leads from TLS to none."""
        self._archive.note(request, response)
        if response.url.startswith("https:") and onward.lower().startswith("http:"):
            raise Skip("insecure_redirect", f"{response.url} leads to {onward[:200]}, where anybody could answer in its place.")

    async def _ask(self, target: Target, request: Request) -> Response:
        if not self._transport.asks:
            return await self._transport.fetch(target, NOWHERE, {})
        robots = Robots() if is_robots(request.url) else await self._welcome(target, request)
        await self._policy(target, request)  # before the page, so that it can be kept as soon as it is there
        before = self._memory.comparable(request, target.url)
        return await self._guest.ask(target, request.organization_id, robots.delay_seconds, before.conditions if before else {})

    async def _welcome(self, target: Target, request: Request) -> Robots:
        """Return what the host's robots.txt says; raises `Skip` when it says no to the URL."""
        robots = await self._origins.robots(target, request.organization_id)
        robots.check(target.url)
        if self._transport.asks:
            robots.check_delay()
        return robots

    def _checked(self, url: str) -> Target:
        target = check_url(url, self._manners.hosts, self._networks)
        if any(target.host == each or target.host.endswith(f".{each}") for each in self._manners.never):
            raise Skip("terms_forbid", f"settings.yaml says never to ask {target.host}.")
        return target

    def _now(self) -> datetime:
        """The moment: the clock's when the world is asked, the run's when the past is."""
        return self._clock.now() if self._transport.asks else self._as_of


def open_web(
    web: Sequence[str | Path],
    home_archive: Path,
    settings: Settings,
    as_of: datetime,
    clock: Clock | None = None,
    terms: Terms = NO_TERMS,
) -> Web:
    """Return the web a run asks: the world (`["live"]`), or the paths of what was seen before, asked in order.

    A path is a WARC file, a folder that holds WARC files, or a folder of `<host>/…`; `Stop` is raised where there is nothing.
    """
    header_names()  # learnt before anybody waits: it takes a moment
    manners, now = settings.manners, clock or Clock()
    moment = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of.astimezone(UTC)
    archive, misses = Archive(home_archive, settings.storage.partitions), Misses(home_archive / "misses.jsonl")
    if [str(each) for each in web] == [LIVE]:
        live = Live(manners, settings.contact, version("bullseye"), now)
        return Web(live, archive, misses, manners, moment, now, terms)
    shelves = [shelf_of(Path(each), manners, moment) for each in web]
    return Web(Replay(shelves), archive, misses, manners, moment, now)
