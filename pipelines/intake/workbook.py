"""Lead lists in workbooks (.xlsx): every sheet, empty ones and charts too, values only.

Here: the process that reads the cells, with limits, and its rows under their headings. Elsewhere: whether the file may be opened
(`archives`), how a cell becomes text (`workbook_reader`, which runs in that process).
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pipelines.errors import Skip
from pipelines.intake import workbook_reader
from pipelines.intake.archives import BROKEN, inspect
from pipelines.intake.layout import HEAD_ROWS, find_head, rows_under
from pipelines.intake.rows import Row, Sheet

MEMORY = 2 << 30
SECONDS = 600
BESIDE_ITSELF = Skip(
    "workbook_too_heavy", "The workbook takes more memory or time than a list may; save its sheets as CSV and bring those."
)
DAMAGED = Skip("broken_workbook", BROKEN)


def read_workbook(path: Path) -> Iterator[Sheet]:
    """Yield the sheets of the workbook; the rows of each are read before the next is asked for, or passed over.

    Raises `Skip` when it cannot be opened. A sheet that cannot be read to its end ends in a row with its trouble.
    """
    inspect(path)
    with _messages(path) as messages:
        kind, *said = next(messages, ("end",))
        if kind != "sheet":
            raise said[0] if kind == "died" else DAMAGED
        while kind == "sheet":
            records = _Records(messages)
            yield _sheet(said[0], records)
            kind, *said = records.rest()


class _Records(Iterator[list[str]]):
    """The rows of one sheet as they arrive, up to the message that is something else."""

    def __init__(self, messages: Iterator[tuple[Any, ...]]) -> None:
        self._messages = messages
        self._chunk: Iterator[list[str]] = iter(())
        self._next: tuple[Any, ...] | None = None
        self.trouble: Skip | None = None

    def __next__(self) -> list[str]:
        for record in self._chunk:
            return record
        if self._next is None:
            kind, *said = message = next(self._messages, ("end",))
            if kind == "rows":
                self._chunk = iter(said[0])
            elif kind == "trouble":
                self.trouble = Skip(*said)
            elif kind == "died":
                self.trouble, self._next = said[0], ("end",)
            else:
                self._next = message
            return next(self)
        raise StopIteration

    def rest(self) -> tuple[Any, ...]:
        """Return the message after the sheet, whatever was left unread of it."""
        for _ in self:
            pass
        return self._next or ("end",)


def _sheet(name: str, records: _Records) -> Sheet:
    """Return the sheet: titles aside, rows under their headings, and what ended it early as a last row."""
    first = list(islice(records, HEAD_ROWS))
    head = find_head(first)
    repeats = frozenset(tuple(each) for each in first[head.above : head.first])
    aside = tuple(" ".join(filter(None, each)) for each in first[: head.above])
    under = rows_under(chain(first[head.first :], records), head.headings, repeats, padded=True)
    return Sheet("xlsx", chain(under, _ending(records, name)), name, aside)


def _ending(records: _Records, name: str) -> Iterator[Row]:
    if records.trouble:
        yield Row({"sheet": name}, records.trouble)


@contextmanager
def _messages(path: Path) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Start the reader and give its messages; it is gone at the end, however that comes.

    It parses with the parser in C, three times as fast: there are no entities, `inspect` saw to that.
    """
    command = [sys.executable, "-I", workbook_reader.__file__, str(path.resolve()), str(MEMORY), str(SECONDS)]
    process = subprocess.Popen(  # noqa: S603 - no shell, and the path is one argument
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OPENPYXL_LXML": "False", "OPENPYXL_DEFUSEDXML": "False", "PYTHONIOENCODING": "utf-8"},
    )
    try:
        yield _spoken(process)
    finally:
        process.kill()
        process.communicate()


def _spoken(process: subprocess.Popen[bytes]) -> Iterator[tuple[Any, ...]]:
    """Yield what the reader says, and `died` with the reason if it does not get to its end."""
    for line in process.stdout or ():
        if not line.endswith(b"\n"):
            break
        message = tuple(json.loads(line))
        yield message
        if message[0] == "end":
            return
    yield "died", DAMAGED if process.wait() == 1 else BESIDE_ITSELF
