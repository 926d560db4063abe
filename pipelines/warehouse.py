"""The only door to DuckDB: fills contracts, builds models, answers queries, copies out what is published.

Here: the one writer's `Warehouse`. Elsewhere: reading (`reader`), what a table's file says (`tables`), what a contract accepts
(`contracts`), the order of models (`order`), SQL that is only text (`statements`), what is true of the rows (`quality`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, lru_cache
from pathlib import Path
from shutil import rmtree
from time import perf_counter
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from pipelines.contracts import Row, as_arrow, check_columns, check_result, find_contract
from pipelines.errors import Stop
from pipelines.lock import writing
from pipelines.order import build_order, read_graph
from pipelines.reader import Reader, putting_aside, saying
from pipelines.statements import DEFINITIONS, IS_VIEW, VIEWS, comments, in_order, literal, parquet, quoted, view, walls
from pipelines.tables import Table

_KEPT = 8
"""Of so many versions of sql/ it is kept what DuckDB says of them: every stage of a run opens the warehouse, some twice."""


class Built(NamedTuple):
    """A model that was built: its rows, and the seconds it took."""

    table: str
    rows: int
    seconds: float


class Warehouse(Reader):
    """The one writer of `path`, for as long as it is open; SQL in it can reach no file outside the folder of `path`.

    `tables` are those of sql/, `macros` the text of sql/macros.sql; `memory` is a DuckDB size. Raises `Stop` when another run
    holds the file, and when it cannot be opened. A file found damaged, now or while it is open, is put aside and told by `Stop`:
    all that a warehouse holds is made again from files.
    """

    def __init__(
        self, path: Path, tables: Mapping[str, Table], macros: str = "", *, memory: str = "4GB", threads: int = 4
    ) -> None:
        self.path, self.tables = path.resolve(), tables
        with ExitStack() as held:
            held.enter_context(writing(self.path))
            rmtree(self.path.with_name(f"{self.path.name}.tmp"), ignore_errors=True)  # what a killed run had no memory for
            held.enter_context(putting_aside(self.path))
            with saying(f"{path} cannot be opened; move it away and it is built anew"):
                super().__init__(duckdb.connect(self.path))
                held.callback(self._connection.close)
                self._connection.execute(walls(self.path.parent, memory, threads))
            self._prepare(macros)
            held.push(self._write_whole)
            self._held = held.pop_all()

    def __exit__(self, *raised: Any) -> None:  # noqa: ANN401 - as it came
        """Close the file; after an error nothing more is written, for what was not finished is made again."""
        self._held.__exit__(*raised)

    def close(self) -> None:
        """Write everything to the file, close it and let the next run have it; raises `Stop` when that cannot be done."""
        self._held.close()

    def load(self, table: str, content: pa.Table | Sequence[Row]) -> int:
        """Replace what a contract holds, all or nothing, and return the number of rows.

        `content` is an Arrow table, or a few rows as dicts; its columns are those of the contract in any order, else `Stop`.
        """
        contract = find_contract(self.tables, table)
        self._connection.register("incoming", content if isinstance(content, pa.Table) else as_arrow(contract, content))
        try:
            return self._replace(contract, ["incoming"])
        finally:
            self._connection.unregister("incoming")

    def load_parts(self, tables: Collection[str], parts: Iterable[Mapping[str, pa.Table]]) -> None:
        """Replace what contracts hold by what comes part by part, all or nothing; only one part has to fit into memory."""
        contracts = {table: find_contract(self.tables, table) for table in tables}
        with saying(f"{', '.join(tables)} cannot be loaded"), self._transaction():
            for contract in contracts.values():
                self._create(contract)
            for table, content in (each for part in parts for each in part.items()):
                self._connection.register("incoming", content)
                self._insert(contracts[table], "incoming")
                self._connection.unregister("incoming")

    def refer(self, table: str, paths: Sequence[Path]) -> int:
        """Let a contract's rows be those of Parquet files in the warehouse's folder, which have to stay; return how many."""
        contract = find_contract(self.tables, table)
        if not paths:
            return self._replace(contract, [])
        if strangers := [str(path) for path in paths if not path.resolve().is_relative_to(self.path.parent)]:
            raise Stop(f"{table} cannot refer to {strangers[0]}; its files have to lie in {self.path.parent}.")
        source = parquet(paths, self.path.parent)
        with saying(f"{contract.full_name} cannot be read from its files"), self._transaction():
            self._check(contract, source)
            self._drop(contract)
            self._connection.execute(view(contract, source))
        return self.count(contract.full_name)

    def dependencies(self, table: str) -> frozenset[str]:
        """Return the tables that a table's query reads; a contract reads none."""
        return self._graph[table]

    def build(self, only: Collection[str] | None = None, timer: Callable[[], float] = perf_counter) -> list[Built]:
        """Build the models, or only some, each after those it reads; either all of them change or none.

        `timer` returns seconds. Raises `Stop` naming the model that does not build, or whose columns are not the documented ones.
        """
        order = [self.tables[table] for table in build_order(self._graph, only)]
        with self._transaction():
            return [self._build(table, timer) for table in order if table.kind == "model"]

    def copy_release(self, target: Path, schemas: Sequence[str] = ("mart",)) -> None:
        """Write the tables of some schemas with their comments into a new file in the warehouse's folder, rows ordered by grain.

        DuckDB gives every file a random id, so two copies of the same rows differ in it and its checksums. To compare releases
        byte for byte, compare what `write_parquet` writes.
        """
        if target.exists():
            raise Stop(f"{target} is there already; a release is written once, under a new name.")
        with saying(f"{target} cannot be written"):
            self._connection.execute(f"attach {literal(str(target.resolve()))} as copied")
            try:
                with self._transaction():
                    self._copy([table for table in self.tables.values() if table.schema in schemas])
                self._connection.execute("checkpoint copied")
            finally:
                self._connection.execute("detach copied")

    def write_parquet(self, table: str, path: Path) -> None:
        """Write a table to a file in the warehouse's folder, rows ordered by grain; the same rows give the same bytes."""
        with saying(f"{path} cannot be written"):
            self._connection.execute(f"copy ({in_order(self.tables[table])}) to {literal(str(path.resolve()))} (format parquet)")

    def _write_whole(self, raised: object, *_: object) -> None:
        """Bring what the log holds into the file: whoever is told that it is closed may rely on it."""
        if raised is None:
            with saying(f"{self.path} cannot be written whole; make room, and run again"):
                self._connection.execute("checkpoint")

    @cached_property
    def _graph(self) -> Mapping[str, frozenset[str]]:
        return dependencies(self.tables)

    def _prepare(self, macros: str) -> None:
        """Create schemas and macros, and every contract that is missing or has changed, empty: it is loaded whole anyway."""
        wanted = _definitions(tuple(self.tables.values()))
        with self._transaction():
            for schema in sorted({table.schema for table in self.tables.values()}):
                self._connection.execute(f"create schema if not exists {quoted(schema)}")
            with saying("sql/macros.sql is not understood"):
                self._connection.execute(macros or "select 1")
            found = dict(self._connection.execute(DEFINITIONS).fetchall())
            referred = dict(self._connection.execute(VIEWS).fetchall())
            for table in (self.tables[each] for each, definition in wanted.items() if found.get(each) != definition):
                if referred.get(table.full_name) != [each.name for each in table.columns]:
                    self._create(table)

    def _create(self, contract: Table) -> None:
        """Create a contract's table anew and empty, whatever was there."""
        self._drop(contract)
        self._connection.execute(f"{contract.sql}\n; {comments(contract, quoted(contract.full_name))}")

    def _drop(self, table: Table) -> None:
        """Drop a table, be it one or a view."""
        is_view = self._connection.execute(IS_VIEW, [table.schema, table.name]).fetchall()
        self._connection.execute(f"drop {'view' if is_view else 'table'} if exists {quoted(table.full_name)}")

    def _check(self, contract: Table, source: str) -> None:
        """Hold what can stand in a FROM clause to the contract's columns."""
        check_columns(contract, (str(each[0]) for each in self._connection.execute(f"describe from {source}").fetchall()))

    def _replace(self, contract: Table, sources: Sequence[str]) -> int:
        """Fill a contract with what can stand in a FROM clause, one after another, so that each is held to the columns."""
        with saying(f"{contract.full_name} cannot be loaded"), self._transaction():
            self._create(contract)
            for source in sources:
                self._insert(contract, source)
        return self.count(contract.full_name)

    def _insert(self, contract: Table, source: str) -> None:
        """Add to a contract what can stand in a FROM clause and has its columns."""
        self._check(contract, source)
        self._connection.execute(f"insert into {quoted(contract.full_name)} by name from {source}")

    def _build(self, table: Table, timer: Callable[[], float]) -> Built:
        start, place = timer(), quoted(table.full_name)
        with saying(f"{table.place} does not build"):
            kind = "view" if table.is_view else "table"
            self._drop(table)
            self._connection.execute(f"create {kind} {place} as\n{table.sql}")
            check_result(table, [column for column, _ in self.columns(table.full_name)])
            self._connection.execute(comments(table, place, kind))
            return Built(table.full_name, self.count(table.full_name), timer() - start)

    def _copy(self, tables: Sequence[Table]) -> None:
        """Copy tables into the attached file."""
        for table in tables:
            place = f"copied.{quoted(table.full_name)}"
            self._connection.execute(f"create schema if not exists copied.{quoted(table.schema)}")
            self._connection.execute(f"create table {place} as {in_order(table)}")
            self._connection.execute(comments(table, place))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Keep all of what is done within, or, on any trouble, none of it."""
        self._connection.execute("begin")
        try:
            yield
            with saying("What was made cannot be kept"):
                self._connection.execute("commit")
        except BaseException:
            with suppress(duckdb.Error):  # a connection that broke has nothing to take back
                self._connection.execute("rollback")
            raise


def dependencies(tables: Mapping[str, Table]) -> Mapping[str, frozenset[str]]:
    """Return table -> the tables its query reads, without a warehouse; raises `Stop` for what a query may not read."""
    return _graph_of(tuple(tables.values()))


@lru_cache(_KEPT)
def _graph_of(tables: tuple[Table, ...]) -> Mapping[str, frozenset[str]]:
    named = {table.full_name: table for table in tables}
    with duckdb.connect() as parser:
        return read_graph(named, lambda sql: str(parser.execute("select json_serialize_sql(?)", [sql]).fetchall()[0][0]))


@lru_cache(_KEPT)
def _definitions(tables: tuple[Table, ...]) -> Mapping[str, str]:
    """Return each contract as DuckDB itself would write it down, so that only a real change counts as one."""
    with duckdb.connect() as paper:
        for table in tables:
            with saying(f"{table.place} is not understood"):
                paper.execute(f"create schema if not exists {quoted(table.schema)}")
                paper.execute(table.sql if table.kind == "contract" else "select 1")
        return dict(paper.execute(DEFINITIONS).fetchall())
