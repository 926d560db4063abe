"""What a home is found like, whenever somebody looks: which files open, what is whole, what was acknowledged, what lies about.

Here: looking, at a home that nobody runs in. Elsewhere: who was killed before (`durability`).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from pipelines.web.archive import Archive

RANDOM = ("bullseye.duckdb", "SHA256SUMS")
"""Files of a release that DuckDB's random file ids make different each time."""
TABLES = "select schema_name || '.' || table_name from duckdb_tables() where not temporary order by all"


def contents(release: Path) -> dict[str, str]:
    """Return file -> SHA-256 for a release, but for what is random in it."""
    return {name: digest for name, digest in digests(release).items() if name not in RANDOM}


def digests(folder: Path) -> dict[str, str]:
    """Return file -> SHA-256 for every file below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def is_whole(release: Path) -> bool:
    """Whether a release has just the files its list of checksums says, as they were written."""
    listed = [line.split("  ", 1) for line in (release / "SHA256SUMS").read_text("utf-8").splitlines()]
    found = digests(release)
    found.pop("SHA256SUMS")
    return found == {name: digest for digest, name in listed}


def troubles(database: Path) -> list[str]:
    """Return what DuckDB complains of when it opens a file, and when it reads every table in it whole."""
    try:
        opened = duckdb.connect(database, read_only=True)
    except duckdb.Error as error:
        return [f"open: {database.name}: {error}"]
    with opened:
        return list(_unreadable(opened))


def _unreadable(opened: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for (table,) in opened.execute(TABLES).fetchall():
        try:
            opened.execute(f"select sum(hash(each)) from {table} as each").fetchall()  # noqa: S608 - names are ours
        except duckdb.Error as error:
            yield f"table: {table}: {error}"


def acknowledged(home: Path, partitions: int) -> set[str]:
    """Return the ids of all facts in whole partitions, and of all captures in the archive whose body is there."""
    facts = {fact for path in (home / "facts" / "core.fact").glob("*.parquet") for fact in _column(path, "fact_id")}
    archive = Archive(home / "archive", partitions)
    captures = list(archive.captures())
    for each in captures:
        archive.body(each)
    return facts | {each.capture_id for each in captures}


def _column(path: Path, name: str) -> list[str]:
    found: list[str] = pq.read_table(path, columns=[name])[name].to_pylist()
    return found


def names(home: Path) -> Counter[str]:
    """Count the files of a home by name; the hash in a release's name, and what is in one, are told elsewhere."""
    paths = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file() or path.is_symlink()]
    return Counter(path for path in paths if not path.startswith("releases/2"))
