"""Reading a DuckDB file: queries in, rows, Arrow and frames out.

Here: `Reader`, a published release's, and what becomes of what DuckDB complains of. Elsewhere: the one writer (`warehouse`).
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.errors import Stop
from pipelines.statements import contents, quoted

Parameters = Sequence[object] | Mapping[str, object]
DAMAGED = re.compile("Corrupt|Could not read enough bytes|not a valid DuckDB|replaying WAL|has been invalidated", re.IGNORECASE)
"""What DuckDB says of a file whose bytes are not those that were written; a full disk or a foreign lock it calls otherwise."""

SPILL = ".spill-"
"""Begins the name of the folder in which a process keeps what does not fit into its memory; its number follows."""


class Reader:
    """Reads the tables of one DuckDB file; a context manager that closes it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def another(self) -> "Reader":
        """Return a second reader of the same open file, for another thread; what either keeps, the other does not see."""
        return Reader(self._connection.cursor())

    def keep(self, name: str, sql: str, parameters: Parameters = ()) -> None:
        """Keep what a query answers as a table of that name, for as long as this reader is open; the file stays as it is."""
        self._connection.execute(f"create or replace temp table {quoted(name)} as {sql}", parameters)

    def arrow(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Return what a query answers; parameters are `?` in order or `$name` by name."""
        with _unharmed():
            answer: pa.Table = self._connection.sql(sql, params=parameters or None).to_arrow_table()
            return answer

    def batches(self, sql: str, parameters: Parameters = (), *, rows: int) -> Iterator[pa.Table]:
        """Yield what a query answers, about so many rows at a time, as they come; first the columns, without a row."""
        with _unharmed(), self._connection.sql(sql, params=parameters or None).to_arrow_reader(rows) as answer:
            yield answer.schema.empty_table()
            for batch in answer:
                yield pa.Table.from_batches([batch])

    def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """Return what a query answers, one dict a row."""
        with _unharmed():
            answer = self._connection.execute(sql, parameters)
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]

    def frame(self, table: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Return a table, or only some of its columns, its rows in the order of what is returned."""
        frame: pd.DataFrame = self._connection.sql(contents(table, columns)).df()
        return frame

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self._connection.execute(f"select count(*) from {quoted(table)}").fetchall()[0][0])  # noqa: S608 - quoted

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Return the names and DuckDB types of a table's columns, in their order."""
        return [(each[0], each[1]) for each in self._connection.execute(f"describe {quoted(table)}").fetchall()]


def open_release(path: Path) -> Reader:
    """Return a reader of a published DuckDB file that can reach no other file; raises `Stop` when it cannot be opened."""
    with saying(f"{path} cannot be opened; name the DuckDB file of a release"):
        return Reader(connect(path))


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to a release. What does not fit into memory goes beside it: a file in a release would be part of it.

    DuckDB sets what it is opened with in no order of ours, so that the walls go up after it; one process has them once.
    """
    spill = path.resolve().parents[1] / f"{SPILL}{os.getpid()}"
    opened = duckdb.connect(path, read_only=True, config={"temp_directory": str(spill)})
    if opened.execute("select current_setting('lock_configuration')").fetchall() == [(False,)]:
        opened.execute("set enable_external_access = false; set lock_configuration = true")
    return opened


@contextmanager
def saying(trouble: str) -> Iterator[None]:
    """Turn what DuckDB complains of into one sentence; the lines that point into the SQL are left out."""
    try:
        yield
    except duckdb.Error as error:
        reason = " ".join(str(error).partition("\n\nLINE ")[0].split())
        raise Stop(f"{trouble}: {reason.rstrip('.')}.") from error


@contextmanager
def _unharmed() -> Iterator[None]:
    """Say in one sentence that what is read is not what was written."""
    try:
        yield
    except duckdb.Error as error:
        if not DAMAGED.search(str(error)):
            raise
        raise Stop("The database that is read is damaged; run again, and it is made anew.") from error


@contextmanager
def putting_aside(path: Path) -> Iterator[None]:
    """Give a database and its log other names when it shows within that they do not hold what was written there."""
    try:
        yield
    except (duckdb.Error, Stop) as error:
        if not DAMAGED.search(str(error.__cause__ or error)):
            raise
        names = (f"{path.name}.broken-{number}" for number in count(1))
        aside = next(name for name in names if not path.with_name(name).exists())
        for end in ("", ".wal"):
            if (found := path.with_name(path.name + end)).exists():
                found.rename(path.with_name(aside + end))
        raise Stop(f"{path} was damaged and lies now beside it as {aside}; run again, and it is built anew.") from error
