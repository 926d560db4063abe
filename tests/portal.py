"""Releases made by hand, and the page over them with nobody at its doors.

Here: what the tests of the page share. Elsewhere: the doors (`doors`), the small market (`release.world`).
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from release.world import FACTS, GIVENS, PEOPLE, make_warehouse, verdicts_of
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.home import Home
from pipelines.portal.app import views
from pipelines.portal.doors.refusals import HANDLERS
from pipelines.portal.opened import Opened
from pipelines.release.snapshot import publish

with warnings.catch_warnings():  # it would rather have a library that is not installed
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

VOID = frozenset("area base br circle col hr img input link meta rect".split())


class Journal:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.notes: list[dict[str, Any]] = []

    async def note(self, *, ids: Iterable[str], **note: Any) -> None:
        """Remember a download."""
        self.notes.append({**note, "ids": list(ids)})


class Stated:
    """Puts at the side of a request what the doors would."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self.app, self.journal = app, journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {}).update(user=SimpleNamespace(name="kim"), csrf="token", journal=self.journal)
        await self.app(scope, receive, send)


def page_over(home: Home, journal: Journal | None = None) -> TestClient:
    """Return a browser at the page of a home."""
    app = Starlette(routes=views(Opened(home)), exception_handlers=HANDLERS)
    return TestClient(Stated(app, journal or Journal()))


@contextmanager
def published(
    folder: Path, people: Sequence[Mapping[str, Any]] = PEOPLE, facts: Mapping[str, Sequence[tuple[str, str]]] = FACTS
) -> Iterator[Any]:
    """Lend a function that publishes a release of a small market under a version, and returns its home."""
    folder.mkdir(parents=True, exist_ok=True)
    with make_warehouse(folder, people, facts) as warehouse:

        def release(version: str = "one", **givens: Any) -> Home:
            publish(warehouse, verdicts_of(warehouse), folder / "releases", version, {**GIVENS, **givens}, 3)
            return Home(folder)

        yield release


class Elements(HTMLParser):
    """The elements of a page, each with its attributes; `open` are those never closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a kind."""
        return [attributes for name, attributes in self.found if name == tag]
