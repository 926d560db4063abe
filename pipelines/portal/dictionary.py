"""The data dictionary of a release, from what its own file says of its tables and columns.

Here: the tables with their columns. Elsewhere: the words, which stand in sql/mart; the same as a file of the release
(`release.dictionary`).
"""

from itertools import groupby
from operator import itemgetter
from typing import Any

from pipelines.reader import Reader

Row = dict[str, Any]
_TABLES = """
    select schema_name || '.' || table_name as name, comment as about
    from duckdb_tables()
    order by name
"""
_COLUMNS = """
    select schema_name || '.' || table_name as table_name, column_name as name, lower(data_type) as type, comment as about
    from duckdb_columns()
    where not internal
    order by table_name, column_index
"""


def described(reader: Reader) -> list[Row]:
    """Return every table with its description, its rows and its columns."""
    columns = {table: list(rows) for table, rows in groupby(reader.rows(_COLUMNS), key=itemgetter("table_name"))}
    return [{**table, "rows": reader.count(table["name"]), "columns": columns[table["name"]]} for table in reader.rows(_TABLES)]
