"""A release's database, opened the way the page opens it: DuckDB lets one process open one file in one way only."""

from pathlib import Path

import duckdb


def opened(home: Path) -> duckdb.DuckDBPyConnection:
    """The database of a home's current release, to read."""
    walls = {"enable_external_access": False, "lock_configuration": True}
    return duckdb.connect(home / "releases" / "current" / "bullseye.duckdb", read_only=True, config=walls)
