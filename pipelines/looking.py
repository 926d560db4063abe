"""Looking at one organization: plan, ask, read, follow, until nothing is left to ask.

Here: which requests are sent for it, in which order, within its budget, and what is taken from each answer; a page that was read
before is not parsed again. Elsewhere: asking (`web`), reading a page (`reading`), whose website it was (`identity`), all
organizations and the files (`enrich`).
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from pipelines.errors import Skip
from pipelines.identity.guessing import guesses
from pipelines.identity.knowing import known_now
from pipelines.identity.standing import HOME
from pipelines.identity.visit import Found, Visit
from pipelines.keeping import OF_A_WEBSITE, not_asked, superseded
from pipelines.reading import Read
from pipelines.readings import Readings, key_of
from pipelines.readout import Reading
from pipelines.records import Capture, Captured, Miss, Organization, Request
from pipelines.settings import Manners, Settings
from pipelines.source import Source
from pipelines.suppression import NOBODY, Suppression


class Answers(Protocol):
    """What we need of the web: one answer to every request. `web.web.Web` is one."""

    async def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        """Return what came back, from another's domain too where it `may_leave`, or the recorded reason why nothing did."""

    def may_know(self, request: Request) -> bool:
        """Say whether an answer is thinkable: a replay may hold nothing of the host at all."""

    def body(self, capture: Capture) -> bytes:
        """Return the body of an earlier capture; raises `Skip` when it is lost."""

    def so_far(self) -> str:
        """Return in few words what was asked and came back in this run; nothing when nobody is asked."""

    async def aclose(self) -> None:
        """Hang up."""


MOST_WAITING = 64
"""Pages that wait in memory to be parsed; the bodies of more wait in the archive."""


@dataclass(slots=True)
class Backlog:
    """How many pages wait to be parsed, of all organizations."""

    pages: int = 0

    def lightened(self, page: Captured, body_of: Callable[[Capture], bytes]) -> Captured:
        """Return the page, without its body where enough of them wait: hosts may answer faster than pages are parsed."""
        return replace(page, content=partial(body_of, page.capture)) if self.pages >= MOST_WAITING else page


@dataclass(frozen=True, slots=True)
class Looking:
    """What it takes to look at an organization: the web, the sources, who reads a page, the budget.

    `readers` is the fingerprint of all that decides what is read: what was read under another is read again.
    """

    web: Answers
    sources: Sequence[Source]
    read: Read
    settings: Settings
    readers: str
    suppression: Suppression = NOBODY
    backlog: Backlog = field(default_factory=Backlog)

    async def look_at(
        self,
        organization: Organization,
        before: Mapping[str, Capture],
        readings: Readings,
        pool: Executor | None = None,
        earlier: Sequence[Capture] = (),
    ) -> Found:
        """Return what its sources say now, and what of earlier captures (by request) stands that was not asked for now.

        What stood before (`earlier`, and what is superseded now) is read again: both sides of a change have the same readers.
        Pages are parsed by the `pool`, beside the event loop.
        """
        look = _Look(self, organization, readings, pool)
        await look.now()
        await look.again(not_asked(before, look.found))
        await look.again(superseded([*earlier, *before.values()], look.found))
        return look.found


class _Look:
    """One organization being looked at."""

    def __init__(self, looking: Looking, organization: Organization, readings: Readings, pool: Executor | None) -> None:
        self.found = Found()
        self._given = looking
        self._organization = organization
        self._readings = readings
        self._pool = pool
        self._sources = {source.name: source for source in looking.sources}
        self._known = organization
        self._asked_of: Counter[str] = Counter()

    async def now(self) -> None:
        """Look at its website, then search for it where others know it, by all that is known of it now."""
        await self._its_website()
        self._known = known_now(self._organization, self.found)
        planned = [request for source in self._given.sources for request in source.search(self._known)]
        visit = Visit(self._known, guessed=False)
        await self._ask_all(planned, visit)
        visit.settle(self.found)

    async def _its_website(self) -> None:
        """Look at the website the lists give and, where that is not its own or none is known, at those its name suggests."""
        organization, guessing = self._organization, self._given.settings.guessing
        if await self._visit(organization, guessed=False) or not organization.name:
            return
        for domain in guesses(organization, guessing.most, guessing.suffixes):
            if await self._visit(replace(organization, domain=domain), guessed=True):
                break

    async def again(self, before: Mapping[str | None, Sequence[Capture]]) -> None:
        """Read captures that were not asked for now, by domain: they say what today's readers read in them."""
        for domain, captures in before.items():
            guessed = domain is not None and domain != self._organization.domain and domain not in self.found.owned
            # What was searched for beside any website is read as it was asked for: on behalf of all that is known.
            known = replace(self._organization, domain=domain) if domain else self._known
            visit = Visit(known, guessed, again=True)
            for capture in captures:
                await self._read_capture(capture, visit)
            visit.settle(self.found)

    async def _visit(self, organization: Organization, *, guessed: bool) -> bool:
        """Ask what the sources plan, home pages first, then what the pages suggest, until nothing is left or the budget is spent.

        Returns whether what was read is the organization's, so that nothing need be guessed; what is not its own says nothing.
        """
        visit = Visit(organization, guessed)
        await self._ask_all(self._planned(organization), visit)
        return visit.settle(self.found)

    async def _ask_all(self, planned: Sequence[Request], visit: Visit) -> None:
        """Ask what is planned and what the answers suggest, each once, as far as the budget goes."""
        waiting = deque(planned)
        asked = {(each.source, each.url) for each in self.found.requests}
        while waiting and not visit.is_over:
            request = waiting.popleft()
            if (request.source, request.url) in asked or not self._affords(visit, request):
                continue
            asked.add((request.source, request.url))
            waiting.extend(await self._asked(request, visit))
            if request.kind == HOME and visit.domain != visit.organization.domain:
                waiting.extend(self._planned(replace(visit.organization, domain=visit.domain), home=False))

    async def _asked(self, request: Request, visit: Visit) -> Sequence[Request]:
        """Ask, take the answer in, and return what it suggests to ask next."""
        visit.found.requests.append(request)
        self._asked_of[_host(request)] += 1
        answer = await self._given.web.answer(request, self._sources[request.source].fresh, request.kind == HOME)
        if isinstance(answer, Miss):
            visit.missed(answer)
            return ()
        answer = self._given.backlog.lightened(answer, self._given.web.body)
        try:
            return await self._read(answer, visit)
        except Skip as skip:  # known, but lost in the archive
            visit.missed(Miss(request, skip.reason, skip.sentence, _checked_at(answer)))
            return ()

    def _planned(self, organization: Organization, *, home: bool = True) -> list[Request]:
        """Return what the sources plan, home pages first or left out."""
        planned = [request for source in self._given.sources for request in source.plan(organization)]
        return sorted((each for each in planned if home or each.kind != HOME), key=lambda request: request.kind != HOME)

    async def _read_capture(self, capture: Capture, visit: Visit) -> None:
        if capture.request.source in self._sources:
            with suppress(Skip):  # lost in the archive: its quotes are found broken
                await self._read(Captured(capture, partial(self._given.web.body, capture)), visit)

    def _affords(self, visit: Visit, request: Request) -> bool:
        manners: Manners = self._given.settings.manners
        pages = sum(each.source == request.source for each in visit.found.requests)
        requests = self._asked_of[_host(request)]
        afforded = requests < manners.requests_per_organization and pages < manners.pages_per_organization
        asks = request.source in self._sources and (request.source in OF_A_WEBSITE or self._given.web.may_know(request))
        return afforded and asks and not self._given.suppression.hits([request.url, request.body])

    async def _read(self, page: Captured, visit: Visit) -> Sequence[Request]:
        """Take in what the page is read as: what it was, where nothing changed that decides it, else what it says now."""
        key = key_of(page.capture, visit.organization, self._given.readers)
        reading = self._readings.find(key)
        if reading is None:
            reading = await self._parsed(page, visit.organization)
            self._readings.put(key, visit.organization.organization_id, reading)
        said = tuple(fact for fact in reading.facts if fact.source in self._sources)
        visit.read(page.capture, _checked_at(page), replace(reading, facts=said))
        return reading.follow

    async def _parsed(self, page: Captured, organization: Organization) -> Reading:
        """Return what the page is read as, when its turn comes."""
        given = self._given

        def parse() -> Reading:
            return given.read(page.capture, page.body, organization)

        given.backlog.pages += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, parse)
        finally:
            given.backlog.pages -= 1


def _host(request: Request) -> str:
    """Return whom a request asks; nobody where it is no URL, which is told when it is asked."""
    return request.url.split("/", 3)[2] if request.url.count("/") > 1 else ""


def _checked_at(page: Captured) -> datetime:
    return page.checked_at or page.capture.fetched_at
