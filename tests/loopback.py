"""A small web on this machine: servers on 127.0.0.0/8 that say what a test wants said, and remember who asked, and when.

Here: such servers, a clock that passes only when somebody waits, and a live run against both. Elsewhere: what is asked and how it
must end (`test_trials_manners`, `test_trials_transport`), a whole internet of our own (`lab`).
"""

import asyncio
import math
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pipelines.records import Captured, Miss, Request
from pipelines.settings import Manners, Settings
from pipelines.web.pace import Clock
from pipelines.web.web import Web, open_web

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
CONTACT = "robots@bullseye.example"
HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = b"<!doctype html><title>Anvil</title><p>We sell anvils.</p>"
SIDE_FILES = ("/robots.txt", "/.well-known/tdmrep.json")
NOTHING = struct.pack("ii", 1, 0)
"""To linger for no time: closing a connection resets it."""


@dataclass
class Asked:
    """A request as it came, by the server's clock: `begun` when it was read, `ended` when the last piece of the answer was sent.

    `sent` are the bytes of the answer, `start` its first ones; `raw` the header lines as they were, `body` what was posted.
    """

    line: str
    headers: Mapping[str, str]
    raw: tuple[str, ...]
    peer: int
    begun: float
    ended: float = float("inf")
    sent: int = 0
    start: bytes = b""
    body: bytes = b""

    @property
    def path(self) -> str:
        """Path and query."""
        return self.line.split()[1]

    @property
    def leads_on(self) -> bool:
        """Whether the answer was a redirect."""
        return self.start.startswith(b"HTTP/1.1 3")


class Reset(Exception):  # noqa: N818 - what a route raises to break the connection off
    """The connection is reset, whatever was said before."""


Say = bytes | Callable[[Asked], bytes | Iterable[bytes]]


def reply(body: bytes | str = PAGE, *headers: tuple[str, str], status: int = 200) -> bytes:
    """Return a whole answer, HTML unless a header says otherwise."""
    content = body.encode() if isinstance(body, str) else body
    named = {name.lower() for name, _ in headers}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers)]
    lines += [] if "content-type" in named else [": ".join(HTML)]
    lines += [] if status == 304 else [f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def moved(to: str, status: int = 302) -> bytes:
    """Return a redirect."""
    return reply("elsewhere", ("Location", to), status=status)


def raw(*pieces: bytes) -> Say:
    """Return just these bytes, after which the connection is closed."""
    return lambda _: iter(pieces)


NO_RULES = reply("", status=404)


class Server(socketserver.ThreadingTCPServer):
    """Answers by path (without its query, else `*`, else 404): bytes keep the connection open, pieces end it."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(
        self,
        routes: Mapping[str, Say],
        address: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.routes = dict(routes)
        self.tls = tls
        self.monotonic = monotonic
        self.asked: list[Asked] = []
        self.connections = 0
        self.most_at_once = 0
        self.closing = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        super().__init__((address, 0), _Talk)

    @property
    def place(self) -> str:
        """Where it listens, as `manners.hosts` wants it."""
        host, port = self.server_address[:2]
        return f"{'https' if self.tls else 'http'}://{host!s}:{port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [each.path for each in self.asked]

    @property
    def pages(self) -> list[Asked]:
        """What was asked for that is no file about the host itself."""
        return [each for each in self.asked if each.path not in SIDE_FILES]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """How long each answer took, and how long nobody asked after it."""
        return [(one.ended - one.begun, other.begun - one.ended) for one, other in zip(self.asked, self.asked[1:], strict=False)]

    def said(self, path: str) -> Say:
        """Return what is said to a path."""
        bare = path.partition("?")[0]
        said = self.routes.get(path) or self.routes.get(bare)
        return said or (self.routes.get("*", NO_RULES) if bare not in SIDE_FILES else NO_RULES)

    @contextmanager
    def busy(self, asked: Asked) -> Iterator[None]:
        """Keep count of who is answered at the same time."""
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up on us is what is tested."""

    def shutdown(self) -> None:
        """Let go of whoever is kept waiting, too."""
        self.closing.set()
        super().shutdown()


class _Talk(socketserver.BaseRequestHandler):
    server: Server
    request: socket.socket

    def handle(self) -> None:
        self.server.connections += 1
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.tls is not None:
            try:
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            except OSError:  # we are not trusted
                return
        with suppress(OSError), self.request.makefile("rb") as heard:
            while asked := self._heard(heard):
                if not self._answer(asked):
                    break

    def _heard(self, heard: BufferedReader) -> Asked | None:
        lines = []
        for line in heard:
            if not line.strip():
                break
            lines.append(line.decode("latin-1").strip())
        if not lines:
            return None
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        asked = Asked(lines[0], headers, tuple(lines[1:]), self.client_address[1], self.server.monotonic())
        asked.body = heard.read(int(headers.get("content-length", 0)))
        return asked

    def _answer(self, asked: Asked) -> bool:
        """Answer, and say whether the connection stays open."""
        try:
            with self.server.busy(asked):
                said = self.server.said(asked.path)
                pieces = said if isinstance(said, bytes) else said(asked)
                for piece in () if isinstance(pieces, bytes) else pieces:
                    self._send(asked, piece)
                asked.ended = self.server.monotonic()
            if isinstance(pieces, bytes):  # no longer busy: who has the last byte may ask again before this thread goes on
                self._send(asked, pieces)
        except Reset:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING)
            self.request.close()
            return False
        return isinstance(pieces, bytes)

    def _send(self, asked: Asked, piece: bytes) -> None:
        asked.ended = self.server.monotonic()
        self.request.sendall(piece)
        asked.sent += len(piece)
        asked.start = asked.start or piece[:12]

    def finish(self) -> None:
        if self.server.tls is not None:
            self.request.close()


Any_Server = TypeVar("Any_Server", bound=socketserver.BaseServer)


@contextmanager
def serving(server: Any_Server) -> Iterator[Any_Server]:
    """Let the server run for a while."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def dialling(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return a list of every address a connection is opened to from now on; what is not loopback is never reached."""
    found: list[tuple[str, int]] = []
    connect = asyncio.BaseEventLoop.create_connection

    async def recorded(loop: Any, protocol: Any, address: str, port: int) -> Any:
        found.append((address, port))
        assert address.startswith("127."), "the test would have left this machine"
        return await connect(loop, protocol, address, port)

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", recorded)
    return found


@dataclass
class Time:
    """A clock that stands still but for those who wait for it, or for whom a server says that it took long."""

    now: datetime = NOW
    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """The seconds that have passed."""
        return self.passed

    def clock(self, chance: Callable[[], float] = lambda: 1.0) -> Clock:
        """Return it as a run takes it."""
        return Clock(lambda: self.now + timedelta(seconds=int(self.passed)), self.monotonic, self.sleep, chance)

    async def sleep(self, seconds: float) -> None:
        """Let time pass, if only a little: else who waits for less than a number can tell apart waits for ever."""
        until = max(self.passed + seconds, math.nextafter(self.passed, math.inf))
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.passed = max(self.passed, until)


def given(hosts: Mapping[str, Server | str], **manners: object) -> Settings:
    """Return settings that send names to servers."""
    places = {host: server if isinstance(server, str) else server.place for host, server in hosts.items()}
    said = {"gap_seconds": 0, "allow_addresses": ("127.0.0.0/8",), **manners}
    return Settings(contact=CONTACT, manners=Manners.model_validate({"hosts": places, **said}))


def live(folder: Path, settings: Settings, clock: Clock | None = None) -> Web:
    """Return the web of one live run."""
    return open_web(["live"], folder, settings, NOW, clock or Clock(now=lambda: NOW))


def ask(web: Web, urls: Sequence[str], fresh_for: timedelta = timedelta(0), at_once: bool = False) -> list[Captured | Miss]:
    """Return the answers to the URLs, asked one after the other or all at once, and hang up."""
    requests = [Request("org_anvil", "website", "page", url) for url in urls]

    async def run() -> list[Captured | Miss]:
        try:
            if at_once:
                return list(await asyncio.gather(*(web.answer(each, fresh_for) for each in requests)))
            return [await web.answer(each, fresh_for) for each in requests]
        finally:
            await web.aclose()

    return asyncio.run(run())


def ends(answers: Iterable[Captured | Miss]) -> list[str]:
    """Return how each ended: the reason for a miss, or `page`."""
    return [each.reason if isinstance(each, Miss) else "page" for each in answers]
