"""The one way to ask: a request goes in, a capture or a miss comes out, always.

Here: the order of things. May we knock, are we welcome, do we still know, is it our turn, what came back, where did it lead, keep
it. A `Skip` on the way becomes a miss here and nowhere else. Elsewhere: each of these steps (the other files of `web`).
"""

import hashlib
import ipaddress
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.errors import Skip, Stop
from pipelines.records import Capture, Captured, Miss, Request, Response
from pipelines.settings import Manners, Settings
from pipelines.web.archive import Archive
from pipelines.web.client import Live
from pipelines.web.guard import Target, check_url
from pipelines.web.misses import Misses
from pipelines.web.pace import Clock, Pace
from pipelines.web.replay import Replay, Shelf, Transport
from pipelines.web.replay_folder import ReplayFolder
from pipelines.web.replay_warc import ReplayWarc
from pipelines.web.robots import Robots, answered, unanswered
from pipelines.web.types import check_body, check_header
from pipelines.web.urls import is_robots, redirect

LIVE = "live"
ROBOTS_FRESH = timedelta(hours=24)
STALE = timedelta(0)


class Web:
    """Everything a run may ask of the web. Safe to share between threads; one request in flight per host."""

    def __init__(
        self, transport: Transport, archive: Archive, misses: Misses, manners: Manners, as_of: datetime, clock: Clock
    ) -> None:
        self._transport = transport
        self._archive = archive
        self._manners = manners
        self._networks = tuple(ipaddress.ip_network(each) for each in manners.allow_addresses)
        self._as_of = as_of
        self._clock = clock
        self._misses = misses
        self._asked = 0
        self._pace = Pace(manners.gap_seconds if transport.asks else 0.0, clock)
        self._lock = threading.Lock()
        self._robots_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._robots_answers: dict[str, Captured | Miss] = {}

    @property
    def asked(self) -> int | None:
        """How many times somebody's server was asked; None for a replay, which asks nobody."""
        return self._asked if self._transport.asks else None

    def answer(self, request: Request, fresh_for: timedelta = STALE, may_leave: bool = False) -> Captured | Miss:
        """Return the capture, or the miss that says why there is none.

        What the archive holds, and what was found to be missing, is not asked for again while younger than `fresh_for`; a replay
        always answers for itself. An answer from another registrable domain than was asked is a miss, unless it `may_leave`
        (a look-up, not a website).
        """
        return self._or_miss(request, lambda: self._answer(request, fresh_for, may_leave))

    def body(self, capture: Capture) -> bytes:
        """Return the body of an earlier capture, for whoever asked; raises `Skip` when the archive lost it."""
        return self._archive.body(capture)

    def _or_miss(self, request: Request, ask: Callable[[], Captured | Miss]) -> Captured | Miss:
        try:
            return ask()
        except Skip as skip:
            return Miss(request, skip.reason, skip.sentence, self._now())

    def _answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        target = self._check(request.url)
        if is_robots(target.url):
            return self._robots_answer(target, request)
        self._welcome(target, request)
        return self._known_or_asked(request, fresh_for, may_leave)

    def _known_or_asked(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        """Return what is still known, else what the transport says; a miss of the world is remembered."""
        if not self._transport.asks:
            return self._captured(request, may_leave)
        entry, missed, now = self._archive.latest(request.url, self._now()), self._misses.latest(request), self._now()
        if missed and now - missed.missed_at < fresh_for and (entry is None or entry.checked_at < missed.missed_at):
            return missed
        if entry is not None and now - entry.checked_at < fresh_for:
            return Captured(replace(entry.capture, request=request), self._archive.body(entry.capture))
        answer = self._or_miss(request, lambda: self._captured(request, may_leave))
        if isinstance(answer, Miss):
            self._misses.note(answer)
        return answer

    def _captured(self, request: Request, may_leave: bool) -> Captured:
        """Return what the transport says, archived; raises `Skip` for anything but a readable 2xx."""
        response = self._follow(request, may_leave)
        if not 200 <= response.status < 300:
            raise Skip(f"http_{response.status}", f"{response.url} answered HTTP {response.status}.")
        check_header(response.url, response.header("content-type"))
        check_body(response.url, response.body)
        return Captured(self._archive.store(request, response), response.body)

    def _follow(self, request: Request, may_leave: bool) -> Response:
        """Ask, and go where the answers lead; every step is checked as the first one was."""
        url, hops = request.url, list[str]()
        while True:
            target = self._check(url)
            if hops and not may_leave and not _same_site(request.url, target.url):
                raise Skip("redirected_elsewhere", f"{request.url} leads to {target.url}, which is somebody else's domain.")
            response = self._ask(target, request)
            onward = redirect(response)
            if onward is None:
                return replace(response, hops=(*hops, *response.hops))
            if len(hops) >= self._manners.redirects:
                raise Skip("too_many_redirects", f"{request.url} redirects more than {self._manners.redirects} times.")
            hops.append(url)
            url = onward

    def _ask(self, target: Target, request: Request) -> Response:
        robots = Robots() if is_robots(request.url) else self._welcome(target, request)
        with self._pace.turn(target.host, robots.delay_seconds if self._transport.asks else 0.0):
            with self._lock:
                self._asked += 1
            return self._transport.fetch(target.url)

    def _welcome(self, target: Target, request: Request) -> Robots:
        """Return what the host's robots.txt says; raises `Skip` when it says no to the URL."""
        asked = Request(request.organization_id, "robots", "robots", f"{target.origin}/robots.txt")
        answer = self._robots_answer(self._check(asked.url), asked)
        if isinstance(answer, Miss):
            robots = unanswered(answer.reason, answer.sentence)
        else:
            robots = answered(answer.capture.status, answer.body)
        robots.check(target.url)
        if self._transport.asks:
            robots.check_delay()
        return robots

    def _robots_answer(self, target: Target, request: Request) -> Captured | Miss:
        """Return the answer to an origin's robots.txt, which is asked for once a run, whoever needs it."""
        with self._lock:
            once = self._robots_locks[target.origin]
        with once:
            if target.origin not in self._robots_answers:
                ask = partial(self._known_or_asked, request, ROBOTS_FRESH, may_leave=True)
                self._robots_answers[target.origin] = self._or_miss(request, ask)
            known = self._robots_answers[target.origin]
        if isinstance(known, Miss):
            return replace(known, request=request)
        return replace(known, capture=replace(known.capture, request=request))

    def _check(self, url: str) -> Target:
        return check_url(url, self._manners.hosts, self._networks)

    def _now(self) -> datetime:
        """The moment: the clock's when the world is asked, the run's when the past is."""
        return self._clock.now() if self._transport.asks else self._as_of


def open_web(
    web: Sequence[str | Path], home_archive: Path, settings: Settings, as_of: datetime, clock: Clock | None = None
) -> Web:
    """Return the web a run asks: the world (`["live"]`), or the paths of what was seen before, asked in order.

    A path is a WARC file, a folder that holds WARC files, or a folder of `<host>/…`; `Stop` is raised where there is nothing.
    """
    manners, now = settings.manners, clock or Clock()
    moment = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of.astimezone(UTC)
    archive, misses = Archive(home_archive, settings.storage.partitions), Misses(home_archive / "misses.jsonl")
    if [str(each) for each in web] == [LIVE]:
        live = Live(manners, settings.contact, version("bullseye"), now)
        return Web(live, archive, misses, manners, moment, now)
    shelves = [_shelf(Path(each), manners, moment) for each in web]
    return Web(Replay(shelves), archive, misses, manners, moment, now)


def fingerprint(web: Sequence[str | Path]) -> str:
    """Return a hash of everything a replay could answer with: the files' names, sizes and contents. The world has none."""
    digest = hashlib.sha256()
    for each in web:
        digest.update(b"\0")
        for name, path in () if str(each) == LIVE else _files(Path(each)):
            digest.update(f"{name}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _shelf(path: Path, manners: Manners, as_of: datetime) -> Shelf:
    if path.is_file():
        return ReplayWarc([path], as_of, manners.wire_bytes, manners.body_bytes)
    if not path.is_dir():
        raise Stop(f"{path} does not exist; --web takes WARC files, folders of web pages, or the word live.")
    warcs = sorted(each for each in path.iterdir() if each.name.endswith((".warc", ".warc.gz")))
    return ReplayWarc(warcs, as_of, manners.wire_bytes, manners.body_bytes) if warcs else ReplayFolder(path, as_of)


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file under the path with its name relative to it, in one order everywhere."""
    paths = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    for each in paths:
        yield each.relative_to(path).as_posix() if each != path else each.name, each


def _same_site(asked: str, landed: str) -> bool:
    """Say whether both URLs are of one registrable domain, or of one host where there is none."""
    domain = registrable(asked)
    return registrable(landed) == domain if domain else urlsplit(asked).hostname == urlsplit(landed).hostname
