"""The current release, held open for the page.

Here: which version is open, who reads it, and when an old one is closed. Elsewhere: how a file is opened (`reader`), what is
asked of it (`overview`, `table`, `organization`, `downloads`).

A release never changes, and a new one has a path of its own: so each request asks where the link leads, and opens what is new.
Whoever reads the old one goes on undisturbed, and the last to leave closes it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.questions import current_release
from pipelines.reader import Reader, open_release
from pipelines.release.manifest import DATABASE, MANIFEST

QUALITY = "quality.json"
_TABLES = "select schema_name || '.' || table_name as name from duckdb_tables()"
MOST_KEPT = 300
"""Things worked out of a release that are kept, such as a page of a selection; then all are worked out again."""
Said = TypeVar("Said")


class _Once:
    """Something worked out once: whoever else asks for it meanwhile waits, and nobody who asks for another thing."""

    def __init__(self) -> None:
        self._turn, self._said = Lock(), list[Any]()

    def said(self, work_out: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it is
        with self._turn:
            if not self._said:
                self._said.append(work_out())
            return self._said[0]


class Release:
    """One version: its folder, its manifest, its verdicts, its tables, and whatever was worked out of it once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.version, self.readers = folder, folder.name, 0
        self.manifest: dict[str, Any] = _json(folder / MANIFEST)
        self.verdicts: list[dict[str, Any]] = _json(folder / QUALITY)
        self._reader = open_release(folder / DATABASE)
        self.tables = frozenset(row["name"] for row in self._reader.rows(_TABLES))
        self._turn, self._worked_out = Lock(), dict[str, _Once]()

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Lend a reader of its own to a thread."""
        with self._reader.another() as reader:
            yield reader

    def once(self, what: str, work_out: Callable[[Reader], Said]) -> Said:
        """Return what is costly and the same for as long as the release is, worked out by whoever asks first."""
        with self._turn:
            if what not in self._worked_out and len(self._worked_out) >= MOST_KEPT:
                self._worked_out.clear()
            wanted = self._worked_out.setdefault(what, _Once())

        def ask() -> Said:
            with self.reader() as reader:
                return work_out(reader)

        said: Said = wanted.said(ask)
        return said

    def close(self) -> None:
        """Close its file."""
        self._reader.close()


class Opened:
    """The current release of a home, whichever it is at the moment."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._turn = Lock()
        self._open: Release | None = None

    @contextmanager
    def reading(self) -> Iterator[Release]:
        """Lend the current release, whole; raises `Stop` when nothing is published."""
        release = self._enter()
        try:
            yield release
        finally:
            self._leave(release)

    def close(self) -> None:
        """Let go of what is open, once nobody reads it."""
        with self._turn:
            self._let_go()

    def _enter(self) -> Release:
        with self._turn:
            folder = current_release(self.home)
            if self._open is None or self._open.folder != folder:
                self._switch(folder)
            release = self._open
            if release is None:
                raise Stop(f"{folder} cannot be opened; run again, and if it stays so, look at it with `bullseye doctor`.")
            release.readers += 1
            return release

    def _leave(self, release: Release) -> None:
        with self._turn:
            release.readers -= 1
            if release is not self._open and not release.readers:
                release.close()

    def _switch(self, folder: Path) -> None:
        """Open a version; while it cannot be, such as one removed this very moment, the one before goes on."""
        opened = None
        with suppress(Stop, OSError, ValueError):
            opened = Release(folder)
        if opened is not None:
            self._let_go()
            self._open = opened

    def _let_go(self) -> None:
        if self._open is not None and not self._open.readers:
            self._open.close()
        self._open = None


def _json(path: Path) -> Any:  # noqa: ANN401 - as it was written
    return json.loads(path.read_text("utf-8"))
