"""SQL as text, where it is not a file of sql/: quoted names, comments, a copy's order, and the walls around a connection.

Here: functions from tables and settings to statements. Elsewhere: whoever executes them (`warehouse`).
"""

from collections.abc import Sequence
from pathlib import Path

from pipelines.tables import Table

DEFINITIONS = "select schema_name || '.' || table_name, sql from duckdb_tables() where database_name = current_database()"
"""Asks for every table, `schema.table`, and the statement that DuckDB itself would create it with."""

VIEWS = """
    select schema_name || '.' || view_name, list(column_name order by column_index)
    from duckdb_views() join duckdb_columns() using (database_name, schema_name)
    where database_name = current_database() and table_name = view_name and not duckdb_views.internal
    group by all
"""
"""Asks for every view, `schema.view`, and its columns."""

IS_VIEW = "select 1 from duckdb_views() where database_name = current_database() and schema_name = ? and view_name = ?"
"""Asks whether something is a view, without a look at everybody's columns."""


def quoted(dotted: str) -> str:
    """Return `schema.table` or a column as a quoted SQL name."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in dotted.split("."))


def literal(value: str) -> str:
    """Return a value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def comments(table: Table, place: str, kind: str = "table") -> str:
    """Return what gives the table, or view, at `place` and its columns the descriptions of its file."""
    said = [f"comment on {kind} {place} is {literal(table.description)}"]
    said += [f"comment on column {place}.{quoted(each.name)} is {literal(each.description)}" for each in table.columns]
    return "; ".join(said)


def parquet(paths: Sequence[Path], home: Path) -> str:
    """Return what stands in a FROM clause for the rows of these files, by their place in `home`, wherever that is moved to."""
    start = f"coalesce(getvariable('home'), {literal(f'{home}/')})"
    places = (f"{start} || {literal(str(path.resolve().relative_to(home)))}" for path in paths)
    return f"read_parquet([{', '.join(places)}], hive_partitioning = false)"


def view(table: Table, source: str) -> str:
    """Return what makes the table a view of a source with its columns, descriptions and all."""
    place, columns = quoted(table.full_name), ", ".join(quoted(each.name) for each in table.columns)
    return f"create view {place} as select {columns} from {source}; {comments(table, place, 'view')}"  # noqa: S608 - quoted


def in_order(table: Table) -> str:
    """Return the query for all of a table in the order of its grain."""
    return f"select * from {quoted(table.full_name)} order by {', '.join(map(quoted, table.grain))}"  # noqa: S608 - quoted


def contents(table: str, columns: Sequence[str]) -> str:
    """Return the query for some columns of a table, or all when none is named, in the order of what it returns."""
    return f"select {', '.join(map(quoted, columns)) or '*'} from {quoted(table)} order by all"  # noqa: S608 - quoted


def walls(home: Path, memory: str, threads: int) -> str:
    """Return what bounds a connection to `home`, some memory (a DuckDB size) and some threads.

    The order matters: each of the last three lines takes away the right to go back on those before it.
    """
    return f"""
        set memory_limit = {literal(memory)};
        set threads = {threads:d};
        set TimeZone = 'UTC';
        set ieee_floating_point_ops = false;
        set error_on_division_by_zero = false;
        set autoinstall_known_extensions = false;
        set autoload_known_extensions = false;
        set variable home = {literal(f"{home}/")};
        set allowed_directories = [{literal(f"{home}/")}];
        set enable_external_access = false;
        set lock_configuration = true;
    """
