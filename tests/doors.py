"""A page of our own behind the real doors: a few views that tell what they were let hear, a clock that stands still, browsers.

Here: what the tests of the doors share. Elsewhere: the real views (tests/test_portal_*.py).
"""

import itertools
import re
import socket
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.doors.doorway import Doorway, doorway
from pipelines.portal.doors.keys import Keys
from pipelines.portal.doors.serving import Given, assemble, keys_for, server
from pipelines.portal.doors.users import Users
from pipelines.portal.doors.wire import Limits
from pipelines.settings import Portal

with warnings.catch_warnings():  # it would rather have a library that is not installed
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD, OTHER = "correct horse battery", "staple gun and nine tacks"
NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
CANARY = "canary.jane.doe@secret.example"
PUBLIC = "leads.acme.example"
FROM_US = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


@dataclass
class Hands:
    """A clock that somebody moves."""

    passed: float = 1_000_000.0

    def ticks(self) -> float:
        return self.passed

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed - 1_000_000.0)


@dataclass
class House:
    """A page behind its doors; `changed` counts what requests changed, `downloads` lets downloads go on when it is set."""

    home: Home
    door: Doorway
    keys: Keys
    app: ASGIApp
    hands: Hands
    given: Given
    go_on: threading.Event
    heard: list[str] = field(default_factory=list)

    def browser(self, **headers: str) -> TestClient:
        """Return a browser that has never been here."""
        name = PUBLIC if self.door.guarded else "127.0.0.1"
        kept = {"X-Forwarded-Proto": "https"} if self.door.behind_tls else {}
        return TestClient(
            self.app,
            base_url=f"{self.door.scheme}://{name}",
            headers={**kept, **headers},
            raise_server_exceptions=False,
            follow_redirects=False,
        )

    def logged_in(self, name: str = "anna", password: str = PASSWORD) -> TestClient:
        """Return a browser somebody is logged in with."""
        browser = self.browser()
        assert log_in(browser, name, password).status_code == 303
        return browser


def log_in(browser: TestClient, name: str, password: str, **more: str) -> Any:
    """Fill in the form, and return the answer."""
    token = token_of(browser.get("/login").text)
    return browser.post("/login", data={"csrf": token, "name": name, "password": password, **more}, headers=FROM_US)


def token_of(page: str) -> str:
    """Return the token in a form of the page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]


def house(folder: Path, settings: Portal | None = None, *, guarded: bool = True, views: Any = None) -> House:
    """Return a page with two users, anna and otto, behind a proxy with TLS; or, not guarded, one on this machine alone."""
    home, hands, go_on = Home(folder / "home"), Hands(), threading.Event()
    home.folder.mkdir(parents=True, exist_ok=True)
    if guarded:
        Users(home.users, CHEAP).put("anna", PASSWORD, NOW.isoformat())
        Users(home.users, CHEAP).put("otto", OTHER, NOW.isoformat())
    door = doorway("127.0.0.1", 8321, [PUBLIC] if guarded else [], users=guarded, behind_tls=guarded)
    numbers = itertools.count(1)
    given = Given(hands.ticks, hands.now, lambda: f"{next(numbers):043}", "tester")
    keys = keys_for(Users(home.users, CHEAP), door, settings or Portal(), given)
    heard: list[str] = []
    app = assemble(views or views_of(heard, go_on), home, keys, settings or Portal(), given)
    return House(home, door, keys, app, hands, given, go_on, heard)


def views_of(heard: list[str], go_on: threading.Event) -> list[Route]:
    """Return views of every kind that a page has: one that reads, takes, changes, fails, and hands out."""

    async def front(request: Request) -> Response:
        heard.append("front")
        told = {"user": request.state.user and request.state.user.name, "range": request.headers.get("range")}
        return PlainTextResponse(f"{told} csrf={request.state.csrf}")

    async def organization(request: Request) -> Response:
        heard.append("organization")
        if request.path_params["key"] != "org_1":
            raise HTTPException(404)
        return PlainTextResponse("Anvil")

    async def change(request: Request) -> Response:
        form = await request.form()
        heard.append(f"changed {form.get('what')}")
        return PlainTextResponse("changed")

    async def stopped(request: Request) -> Response:
        raise Stop("Somebody was suppressed since; run again.")

    async def broken(request: Request) -> Response:
        raise ValueError(f"{CANARY} {request.url.query}")

    async def download(request: Request) -> Response:
        content = b"a,b\n1,2\n"
        told = (request.path_params["layout"], {"ring": ["problem"]}, 1, sha256(content).hexdigest(), "r1", "s1")
        await request.state.journal.note(*told, ids=["org_1"])
        return Response(content, media_type="text/csv")

    def pieces() -> Iterator[bytes]:
        yield b"x" * 100_000
        go_on.wait(20)
        yield from itertools.repeat(b"y" * 100_000, 50)

    async def slow(request: Request) -> Response:
        return StreamingResponse(pieces(), media_type="text/csv")

    return [
        Route("/", front),
        Route("/organization/{key}", organization),
        Route("/change", change, methods=["POST"]),
        Route("/stopped", stopped),
        Route("/broken", broken),
        Route("/download/slow", slow),
        Route("/download/{layout}", download),
    ]


def routes_of(app: Any) -> list[Route]:
    """Return the routes behind the doors, from the application itself."""
    while not isinstance(app, Starlette):
        app = next(value for name, value in vars(app).items() if name in ("app", "_app"))
    return [each for each in app.routes if isinstance(each, Route)]


@contextmanager
def served(place: House, limits: Limits | None = None) -> Iterator[tuple[str, int]]:
    """Serve a page on loopback for a while."""
    running = server(place.app, place.door, limits)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=running.run, args=([bound],), daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.01)
        try:
            yield bound.getsockname()
        finally:
            place.go_on.set()
            running.should_exit = True
            thread.join(20)


def said(where: tuple[str, int], request: bytes, *, more: Iterable[bytes] = (), answers: int = 0) -> bytes:
    """Send bytes, and more of them as long as they are taken, and return what is answered.

    That is all until the line is cut; or so many whole answers of known length, where the line may stay open.
    """
    with socket.create_connection(where, timeout=30) as line:
        line.sendall(request)
        with suppress(ConnectionError):
            for piece in more:
                line.sendall(piece)
        answer = b""
        while (piece := _received(line)) and (answer := answer + piece) and not (answers and _whole(answer) >= answers):
            pass
        return answer


def _whole(answers: bytes) -> int:
    """Return how many whole answers there are."""
    head, split, rest = answers.partition(b"\r\n\r\n")
    length = int(headers_of(head)["content-length"]) if split else 1
    return 1 + _whole(rest[length:]) if split and len(rest) >= length else 0


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(1 << 16)
    except ConnectionError:
        return b""


def headers_of(answer: bytes) -> Mapping[str, str]:
    """Return the headers of a raw answer, in small letters."""
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
