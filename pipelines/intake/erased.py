"""A lead list that rows had to leave, as it is kept from then on: the rows that may stay, and where the others stood.

Here: that format, written and read. Whatever a list was before, its rows stay as intake read them, cell by cell and in their
order; one that left is a line that says why and nothing else. So every other row keeps its number and its id, and the books still
balance. Elsewhere: which rows leave (`reading`, `suppression`), which file takes whose place (`inbox`).

One JSON object a line: the head of a table (`bullseye`, `format`, `sheet`), then its rows: `row` holds the cells, `trouble` why
it could not be read, `left` why it is gone.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pipelines.errors import Skip
from pipelines.intake.rows import Row, Sheet

START = b'{"bullseye": "rows"'
"""How such a file begins."""
SAID = {
    "suppressed": "Somebody in the row asked to be left out, or is on a suppression list; nothing of the row is kept.",
    "retention": "The contact was taken down longer ago than contacts are kept; nothing of the row is kept.",
    "minor": "The row is about somebody who is not of age; nothing of it is kept.",
}
"""Why a row had to leave, by the reason it is rejected for."""


class Left(NamedTuple):
    """A row that had to leave, and the reason."""

    reason: str


class Kept(NamedTuple):
    """A table as it is kept: the format it was read from, its name in a workbook, its rows."""

    format: str
    name: str | None
    rows: Iterable[Row | Left]


def write_erased(tables: Iterable[Kept], target: Path) -> int:
    """Write what is left of a list and return how many of its rows have left, now or before."""
    left = 0
    with target.open("wb") as file:
        for table in tables:
            _put(file, {"bullseye": "rows", "format": table.format, "sheet": table.name})
            for row in table.rows:
                said = _said(row)
                left += "left" in said
                _put(file, said)
    return left


def read_erased(path: Path) -> Iterator[Sheet]:
    """Yield the tables of a file that `write_erased` wrote."""
    for place, head in _heads(path):
        yield Sheet(head["format"], _rows(path, place), name=head["sheet"])


def _said(row: Row | Left) -> dict[str, Any]:
    if isinstance(row, Left):
        return {"left": row.reason}
    if row.trouble is None:
        return {"row": dict(row.fields)}
    if row.trouble.reason in SAID:  # it left before
        return {"left": row.trouble.reason}
    return {"row": dict(row.fields), "trouble": [row.trouble.reason, row.trouble.sentence]}


def _put(file: BinaryIO, said: dict[str, Any]) -> None:
    file.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _heads(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return where the rows of each table begin, and its head."""
    found, place = [], 0
    with path.open("rb") as file:
        for line in file:
            place += len(line)
            if line.startswith(START):
                found.append((place, json.loads(line)))
    return found


def _rows(path: Path, place: int) -> Iterator[Row]:
    with path.open("rb") as file:
        file.seek(place)
        for line in file:
            if line.startswith(START):
                return
            yield _row(json.loads(line))


def _row(said: dict[str, Any]) -> Row:
    if "left" in said:
        return Row({}, Skip(said["left"], SAID[said["left"]]))
    trouble: Sequence[str] = said.get("trouble", ())
    return Row(said["row"], Skip(*trouble) if trouble else None)
