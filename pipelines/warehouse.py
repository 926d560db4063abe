"""The only door to DuckDB: fills contracts, builds models in their order, answers queries, copies out what is published.

Here: one writer's `Warehouse`, any reader's `Reader`, and the order that the queries themselves ask for. Elsewhere: what a table's
file says (`tables`), what is true of its rows (`quality`), which version of a release is the current one (`release`).
"""

import fcntl
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from time import perf_counter
from typing import IO, Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.errors import Stop
from pipelines.tables import Table

Row = Mapping[str, Any]
Parameters = Sequence[object] | Mapping[str, object]

_LADDER = {"raw": (), "core": ("core", "raw"), "mart": ("core", "mart")}


@dataclass(frozen=True, slots=True)
class Built:
    """A model that was built: its rows, and the seconds it took."""

    table: str
    rows: int
    seconds: float


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

    def arrow(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Return what a query answers; parameters are `?` in order or `$name` by name."""
        return self._connection.sql(sql, params=parameters or None).to_arrow_table()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """Return what a query answers, one dict a row."""
        answer = self._connection.execute(sql, parameters)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]

    def frame(self, table: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Return a table, or some columns of it, in the order of all that is returned."""
        listed = ", ".join(map(_name, columns)) or "*"
        return self._connection.sql(f"select {listed} from {_name(table)} order by all").df()  # noqa: S608 - quoted

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self._connection.execute(f"select count(*) from {_name(table)}").fetchall()[0][0])  # noqa: S608 - quoted

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Return the names and DuckDB types of a table's columns, in their order."""
        return [(each[0], each[1]) for each in self._connection.execute(f"describe {_name(table)}").fetchall()]


class Warehouse(Reader):
    """The one writer of `path`, for as long as it is open.

    `tables` are those of sql/, `macros` the text of sql/macros.sql; `memory` is a DuckDB size. SQL can neither read nor write a file
    outside the folder of `path`. Raises `Stop` when another run holds the file, and when it cannot be opened.
    """

    def __init__(
        self, path: Path, tables: Mapping[str, Table], macros: str = "", *, memory: str = "4GB", threads: int = 4
    ) -> None:
        self.path, self.tables = path.resolve(), tables
        with ExitStack() as held:
            held.enter_context(_lock(self.path))
            with _saying(f"{path} cannot be opened; it is built anew when you move it away"):
                super().__init__(duckdb.connect(self.path))
                held.callback(self._connection.close)
                _shut_in(self._connection, self.path.parent, memory, threads)
            self._prepare(macros)
            self._held = held.pop_all()

    def close(self) -> None:
        """Write everything to the file, close it and let the next run have it."""
        self._held.close()

    def load(self, table: str, content: pa.Table | Sequence[Row]) -> int:
        """Replace what a contract holds, all or nothing, and return the number of rows.

        `content` is an Arrow table, or a few rows as dicts; its columns are those of the contract in any order, else `Stop`.
        """
        incoming = content if isinstance(content, pa.Table) else _as_arrow(self._contract(table), content)
        self._connection.register("incoming", incoming)
        try:
            return self._replace(self._contract(table), "incoming")
        finally:
            self._connection.unregister("incoming")

    def load_parquet(self, table: str, paths: Sequence[Path]) -> int:
        """Replace what a contract holds by the rows of Parquet files, all or nothing; they lie in the warehouse's folder."""
        if not paths:
            return self.load(table, ())
        files = ", ".join(_text(str(path.resolve())) for path in paths)
        return self._replace(self._contract(table), f"read_parquet([{files}], hive_partitioning = false)")

    def dependencies(self, table: str) -> frozenset[str]:
        """Return the tables that a table's query reads; a contract reads none."""
        return self._graph[table]

    def build(self, only: Collection[str] | None = None, timer: Callable[[], float] = perf_counter) -> list[Built]:
        """Build the models, or only some, each after those it reads; either all of them change or none.

        `timer` returns seconds. Raises `Stop` naming the model that does not build, or whose columns are not the documented ones.
        """
        unknown = sorted(set(only or ()) - set(self.tables))
        if unknown:
            raise Stop(f"{', '.join(unknown)} cannot be built; sql/ has no such table.")
        order = (self.tables[name] for name in _order(self._graph))
        with self._transaction():
            return [
                self._build(table, timer)
                for table in order
                if table.kind == "model" and (only is None or table.full_name in only)
            ]

    def copy_release(self, target: Path, schemas: Sequence[str] = ("mart",)) -> None:
        """Write the tables of some schemas with their comments into a new DuckDB file, rows in the order of their grain.

        `target` lies in the warehouse's folder and does not exist yet. DuckDB gives every file a random id, so that two copies of
        the same rows differ in it and its checksums; compare `write_parquet` files instead, which do not.
        """
        if target.exists():
            raise Stop(f"{target} is there already; a release is written once, under a new name.")
        chosen = [table for table in self.tables.values() if table.schema in schemas]
        with _saying(f"{target} cannot be written"):
            self._connection.execute(f"attach {_text(str(target.resolve()))} as copied")
            try:
                with self._transaction():
                    for schema in schemas:
                        self._connection.execute(f"create schema if not exists copied.{_name(schema)}")
                    for table in chosen:
                        place = f"copied.{_name(table.full_name)}"
                        self._connection.execute(f"create table {place} as {_in_order(table)}")
                        self._connection.execute(_comments(table, place))
                self._connection.execute("checkpoint copied")
            finally:
                self._connection.execute("detach copied")

    def write_parquet(self, table: str, path: Path) -> None:
        """Write a table to a file in the warehouse's folder, rows in the order of its grain; the same rows give the same bytes."""
        query = f"copy ({_in_order(self.tables[table])}) to {_text(str(path.resolve()))} (format parquet, compression zstd)"
        with _saying(f"{path} cannot be written"):
            self._connection.execute(query)

    @cached_property
    def _graph(self) -> dict[str, frozenset[str]]:
        return dependencies(self.tables)

    def _contract(self, table: str) -> Table:
        if table not in self.tables or self.tables[table].kind != "contract":
            raise Stop(f"{table} cannot be loaded; it is no contract of sql/, so only its own query fills it.")
        return self.tables[table]

    def _prepare(self, macros: str) -> None:
        """Create schemas and macros, and every contract that is missing or has changed, empty: it is loaded whole anyway."""
        with self._transaction():
            for schema in sorted({table.schema for table in self.tables.values()}):
                self._connection.execute(f"create schema if not exists {_name(schema)}")
            with _saying("sql/macros.sql is not understood"):
                self._connection.execute(macros or "select 1")
        wanted, found = self._contracts_on_paper(), self._definitions()
        with self._transaction():
            for name, definition in wanted.items():
                if found.get(name) != definition:
                    self._create(self.tables[name])

    def _contracts_on_paper(self) -> dict[str, str]:
        """Return each contract as DuckDB itself would write it down, so that only a real change counts as one."""
        with duckdb.connect() as paper:
            for table in self.tables.values():
                if table.kind == "contract":
                    with _saying(f"sql/{table.schema}/{table.name}.sql is not understood"):
                        paper.execute(f"create schema if not exists {_name(table.schema)}")
                        paper.execute(table.sql)
            return dict(paper.execute("select schema_name || '.' || table_name, sql from duckdb_tables()").fetchall())

    def _definitions(self) -> dict[str, str]:
        query = "select schema_name || '.' || table_name, sql from duckdb_tables() where not temporary"
        return dict(self._connection.execute(query).fetchall())
