"""A release's database, opened the way the page opens it: DuckDB lets one process open one file in one way only."""

from pathlib import Path

import duckdb

from pipelines.reader import connect


def opened(home: Path) -> duckdb.DuckDBPyConnection:
    """The database of a home's current release, to read."""
    return connect(home / "releases" / "current" / "bullseye.duckdb")
