"""What another icp.yaml would make of a home's organizations. Nothing is published, and nothing in the home changes.

Here: a copy of the home's warehouse in a folder that is gone afterwards, the profile put into it, and what follows from that
built again. Elsewhere: phrases that nobody listened for yet (`listening`), who moves and why (`moves`), what each rule does and
which are of no use (`effects`), how it looks (`show_whatif`).
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.errors import Stop
from pipelines.givens import phrase_rows
from pipelines.home import Home
from pipelines.icp import Icp
from pipelines.icp.rows import Row, icp_rows
from pipelines.job import ROOT, Progress, silent
from pipelines.lock import writing
from pipelines.settings import Settings
from pipelines.suppression.book import Book
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse
from pipelines.whatif.listening import FACTS, Ears, Heard, listen, without

WANTED = ("mart.fit", "mart.fit_by_icp", "mart.fit_reason", "mart.gap", "mart.message", "mart.research_value", "mart.route")
"""What is compared."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose organizations are asked about, and whether pages may be read again, which takes a while where there are many."""

    home: Home
    settings: Settings
    reads_again: bool = True
    suppression_key: str | None = None
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class World:
    """A home's organizations as a profile sees them, and what came of listening for it."""

    warehouse: Warehouse
    heard: Heard


@contextmanager
def imagined(asking: Asking, icp: Icp | None) -> Iterator[World]:
    """Give the world that a profile makes, or that of the last run for None; raises `Stop` when nothing was run yet."""
    if not asking.home.warehouse.exists():
        place = asking.home.folder
        raise Stop(f"Nothing was run in {place} yet; run `bullseye run --leads FILE --home {place}` first.")
    with TemporaryDirectory(prefix="bullseye-") as folder:
        aside = Home(Path(folder))
        _copy(asking.home, aside)
        with _open(aside, asking.settings) as warehouse:
            heard = _told(warehouse, asking, icp) if icp else Heard()
            warehouse.build(_following(warehouse, {FACTS} if heard.changed else set()))
            yield World(warehouse, heard)


def _copy(home: Home, aside: Home) -> None:
    """Copy the warehouse, and what its views read, while no run writes it."""
    with writing(home.warehouse):
        for path in home.folder.glob(f"{home.warehouse.name}*"):
            if path.suffix != ".lock":
                shutil.copyfile(path, aside.folder / path.name)
        if home.leads.exists():
            shutil.copytree(home.leads, aside.leads, copy_function=_linked)


def _linked(path: str, aside: str) -> None:
    """Give a file, which nobody writes, a second name; where that cannot be, copy it."""
    with suppress(OSError):
        os.link(path, aside)
        return
    shutil.copyfile(path, aside)


def _open(aside: Home, settings: Settings) -> Warehouse:
    macros, given = (ROOT / "sql" / "macros.sql").read_text("utf-8"), settings.storage
    return Warehouse(aside.warehouse, read_tables(ROOT / "sql"), macros, memory=given.memory, threads=given.threads)


def _told(warehouse: Warehouse, asking: Asking, icp: Icp) -> Heard:
    """Put a profile into the warehouse, and what pages say to its phrases."""
    book = Book(asking.home.suppression, asking.home.suppression_key, asking.suppression_key)
    ears = Ears(asking.home.archive, asking.settings, book.read(), asking.progress)
    heard = listen(warehouse, icp.phrases, ears) if asking.reads_again else without(warehouse, icp.phrases)
    for table, rows in {**icp_rows(icp), "raw.phrase": phrase_rows(icp)}.items():
        warehouse.load(table, [_kept_open(row, icp, heard) for row in rows] if table == "raw.icp_rule" else rows)
    return heard


def _kept_open(row: Row, icp: Icp, heard: Heard) -> Mapping[str, object]:
    """Return a rule that takes silence for no answer where it asks for what nobody listened for."""
    asked = next(rule.test.operands for _, rule in icp.rules if rule.id == row["rule_id"])
    return {**row, "silence": "unknown"} if set(asked) & set(heard.unheard) else row


def _following(warehouse: Warehouse, also: set[str]) -> set[str]:
    """Return the models that profiles, and other tables, decide, as far as they are wanted."""
    decided = {name for name in warehouse.tables if name.startswith("raw.icp_")} | also
    while more := {name for name in warehouse.tables if warehouse.dependencies(name) & decided} - decided:
        decided |= more
    needed = set(WANTED)
    while more := {read for name in needed for read in warehouse.dependencies(name)} - needed:
        needed |= more
    return {name for name in decided & needed if warehouse.tables[name].kind == "model"}
