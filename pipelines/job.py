"""One run's givens, and what follows from them alone.

Here: the job, and where the code it runs on lies. Elsewhere: what is done with it, stage by stage (`stages`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from pipelines import space
from pipelines.givens import fingerprint_files
from pipelines.home import Home
from pipelines.icp import Icp
from pipelines.intake.inbox import LeadList, lists_in
from pipelines.settings import ListKind, Settings
from pipelines.suppression.book import Book
from pipelines.suppression.clearing import Clearing
from pipelines.suppression.outdated import Outdated, Register
from pipelines.tables import Table, read_tables
from pipelines.warehouse import Warehouse
from pipelines.web.pace import Clock

ROOT = Path(__file__).parents[1]
Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _of: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Job:
    """One run's givens. `web` is paths to replay, or `live`; `as_of` is the moment taken for now, UTC without zone."""

    home: Home
    settings: Settings
    icp: Icp
    web: tuple[str, ...]
    as_of: datetime
    leads: tuple[Path, ...] = ()
    others: Mapping[ListKind, tuple[Path, ...]] = field(default_factory=dict)
    suppression_key: str | None = field(default=None, repr=False)
    progress: Progress = silent
    clock: Clock | None = None

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables of sql/."""
        return read_tables(ROOT / "sql")

    def open(self) -> Warehouse:
        """Open the warehouse for writing; raises `Stop` while another run has it."""
        macros = ROOT / "sql" / "macros.sql"
        return Warehouse(
            self.home.warehouse,
            self.tables,
            macros.read_text("utf-8"),
            memory=self.settings.storage.memory,
            threads=self.settings.storage.threads,
        )

    def hold_room(self) -> None:
        """Raise `Stop` when the disk has no room for what a run makes."""
        space.hold(self.home, space.needed(self.home, self.settings.storage.least_free_bytes))

    def go_on(self, what: str, done: int, of: int) -> None:
        """Tell how far the work is; raises `Stop` when it begins to fill the disk."""
        space.hold(self.home, self.settings.storage.least_free_bytes)
        self.progress(what, done, of)

    def lists(self) -> list[LeadList]:
        """Return the lead lists in the inbox."""
        return lists_in(self.home.inbox, self.settings.lists, self.as_of.date(), self.book.read())

    @property
    def book(self) -> Book:
        """Whom to leave out."""
        return Book(self.home.suppression, self.home.suppression_key, self.suppression_key)

    @property
    def register(self) -> Register:
        """Which contacts were kept as long as contacts are."""
        return Register(self.home.observed, self.book.keyring)

    @property
    def outdated(self) -> Outdated:
        """Which contacts are too old now."""
        return self.register.at(self.as_of.date(), timedelta(days=self.settings.retention.contacts))

    @property
    def clearing(self) -> Clearing:
        """What clears the lists of the inbox of whoever has to leave."""
        return Clearing(self.home.inbox, self.settings, self.book.read(), self.outdated)

    @cached_property
    def code(self) -> str:
        """A fingerprint of the code and SQL that make everything."""
        paths = [
            path
            for folder in ("pipelines", "sql")
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".py", ".sql", ".yaml", ".txt")
        ]
        return fingerprint_files(paths, ROOT)
