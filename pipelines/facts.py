"""Captures and facts as files: Parquet, partitioned by a hash of the organization.

Here: what a partition holds and how it is read and written. Any number of workers may write partitions, one each, with no
lock; a partition is replaced by one rename. Elsewhere: how partitions come about (`enrich`), who reads them all (`warehouse`).
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.errors import Stop

Row = Mapping[str, Any]
TEXT, WHEN = pa.string(), pa.timestamp("us")


def _schema(texts: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([(name, TEXT) for name in texts.split()] + list(others.items()))


SCHEMAS: dict[str, pa.Schema] = {
    "raw.request": _schema("request_id organization_id source kind url body span"),
    "raw.capture": _schema(
        "capture_id request_id organization_id source kind url content_type digest file state headers",
        status=pa.int32(),
        fetched_at=WHEN,
        checked_at=WHEN,
        length=pa.int64(),
        offset=pa.int64(),
        words=pa.int32(),
    ),
    "raw.miss": _schema("request_id organization_id source kind url reason sentence", missed_at=WHEN),
    "core.fact": _schema(
        "fact_id organization_id property value source reader capture_id url locator quote",
        observed_at=WHEN,
        stated_on=pa.date32(),
        confidence=pa.float64(),
    ),
}
KEYS = {
    "raw.request": ("request_id",),
    "raw.capture": ("request_id", "capture_id"),
    "raw.miss": ("request_id",),
    "core.fact": ("fact_id",),
}
LATER = ("checked_at", "headers", "body", "span")
"""Columns that files of an older making have not."""
WHEREABOUTS = ("file", "offset")
MOMENTS = {"raw.capture": "fetched_at", "raw.miss": "missed_at", "core.fact": "observed_at"}
HIDING = ("other_shape", "wall")
"""States in which a page hides, or cannot be understood, what it may still say."""
EARLIER = 12
"""How many captures before the standing one are compared with one another, for each request."""


@dataclass(slots=True)
class Partition:
    """What one partition holds: rows per table, and the fingerprint of what they were made from."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in SCHEMAS})
    inputs: str = ""

    def put(self, table: str, row: Row) -> None:
        """Add a row."""
        self.rows[table].append(row)


def read_partition(folder: Path, partition: int) -> Partition:
    """Return what the partition holds; an empty one when it was never written."""
    paths = {table: _path(folder, table, partition) for table in SCHEMAS}
    if not all(path.exists() for path in paths.values()):
        return Partition()
    rows: dict[str, list[Row]] = {table: list(_read(table, path).to_pylist()) for table, path in paths.items()}
    return Partition(rows, stamp_of(folder, partition))


def _read(table: str, path: Path) -> pa.Table:
    """Return what a file holds as it is written now; raises `Stop` when that is not what was written."""
    with _saying(path):
        return _whole(table, pq.read_table(path, page_checksum_verification=True))


@contextmanager
def _saying(path: Path) -> Iterator[None]:
    """Turn what a damaged file makes of itself into one sentence; what the disk complains of has a number, and is another's."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise
        raise Stop(
            f"{path} is damaged; put its last whole copy back, or remove it and run again: its pages are read anew from the "
            "archive, and only what they said before they last changed is not known any more."
        ) from None


def _whole(name: str, table: pa.Table) -> pa.Table:
    """Return a table as it is written now: of captures from before it was noted, the moment of fetching is the last one known.

    Requests from before anything was posted posted nothing, and wanted all that was there.
    """
    schema = SCHEMAS[name]
    for column in LATER:
        if column in schema.names and column not in table.column_names:
            known = table["fetched_at"] if column == "checked_at" else pa.array([""] * len(table), TEXT)
            table = table.append_column(schema.field(column), known)
    return table.select(schema.names)


def write_partition(folder: Path, partition: int, kept: Partition) -> None:
    """Replace the partition. Its files go one by one: only with the same stamp on all of them it counts as whole."""
    for table, schema in SCHEMAS.items():
        rows = sorted(_distinct(table, kept.rows[table]), key=lambda row: [row[key] for key in KEYS[table]])
        stamp = {"bullseye": json.dumps({"inputs": kept.inputs})}
        path = _path(folder, table, partition)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".tmp")
        content = pa.Table.from_pylist(rows, schema=schema.with_metadata(stamp))
        pq.write_table(content, aside, compression="zstd", write_page_checksum=True)
        aside.replace(path)


def stamp_of(folder: Path, partition: int) -> str:
    """Return the fingerprint of the inputs the whole partition was made from; empty when its files are of several makings."""
    stamps = {_stamp(_path(folder, table, partition)) for table in SCHEMAS}
    return stamps.pop() if len(stamps) == 1 else ""


def _stamp(path: Path) -> str:
    with _saying(path):
        return _inputs(pq.read_schema(path)) if path.exists() else ""


def read_parts(folder: Path, as_of: datetime, organizations: Collection[str]) -> Iterator[dict[str, pa.Table]]:
    """Yield what `read_all` returns of every table, partition by partition, so that only one has to fit into memory."""
    known = sorted(organizations)
    for name in sorted({path.name for table in SCHEMAS for path in (folder / table).glob("*.parquet")}):
        yield {table: read_all(folder, table, as_of, known, name) for table in SCHEMAS}


def read_all(folder: Path, table: str, as_of: datetime, organizations: Collection[str], files: str = "*.parquet") -> pa.Table:
    """Return a table's rows about the organizations, as far as they were known at a moment (UTC, without zone)."""
    paths = sorted((folder / table).glob(files))
    parts = [_read(table, path).replace_schema_metadata() for path in paths]
    whole = pa.concat_tables(parts or [SCHEMAS[table].empty_table()])
    wanted = pc.is_in(whole["organization_id"], pa.array(sorted(organizations), TEXT))
    if table in MOMENTS:
        wanted = pc.and_(wanted, pc.less_equal(whole[MOMENTS[table]], pa.scalar(as_of, WHEN)))
    return _known(whole.filter(wanted), as_of)


def _known(table: pa.Table, as_of: datetime) -> pa.Table:
    """Return a table without what was confirmed only after the moment: then, it was last known when it was fetched."""
    if "checked_at" not in table.column_names:
        return table
    later = pc.greater(table["checked_at"], pa.scalar(as_of, WHEN))
    place = table.column_names.index("checked_at")
    return table.set_column(place, table.field(place), pc.if_else(later, table["fetched_at"], table["checked_at"]))


def read_standing(folder: Path, as_of: datetime, organizations: Collection[str]) -> pa.Table:
    """Return the facts of `read_all` whose capture stands: what a page said before it changed is said no more."""
    captures, facts = (read_all(folder, table, as_of, organizations) for table in ("raw.capture", "core.fact"))
    return standing_facts(captures, facts)


def standing_facts(captures: pa.Table, facts: pa.Table) -> pa.Table:
    """Return the facts whose capture stands: the newest of its request. What hides or garbles a page unsays nothing."""
    return facts.filter(pc.is_in(facts["capture_id"], _standing(captures)))


def earlier_facts(captures: pa.Table, facts: pa.Table, watched: Collection[str]) -> pa.Table:
    """Return the facts of the watched properties whose capture was read and stands no more."""
    stands = pc.is_in(facts["capture_id"], _standing(captures))
    was_read = captures.filter(pc.equal(captures["state"], "read"))["capture_id"].combine_chunks()
    told = pc.and_(pc.is_in(facts["property"], pa.array(sorted(watched), TEXT)), pc.is_in(facts["capture_id"], was_read))
    return facts.filter(pc.and_(pc.invert(stands), told))


def _standing(captures: pa.Table) -> "pa.Array[pa.StringScalar]":
    """Return the ids of the captures that stand, one for each request."""
    hidden = captures.append_column("hidden", pc.is_in(captures["state"], pa.array(HIDING, TEXT)))
    ordered = hidden.sort_by([("hidden", "descending"), ("fetched_at", "ascending"), ("capture_id", "ascending")])
    newest = ordered.group_by("request_id", use_threads=False).aggregate([("capture_id", "last")])["capture_id_last"]
    return newest.combine_chunks()


def _inputs(schema: pa.Schema) -> str:
    return str(json.loads((schema.metadata or {}).get(b"bullseye", b"{}")).get("inputs", ""))


def _distinct(table: str, rows: Sequence[Row]) -> list[Row]:
    """Keep the last row of each key: what was seen later stands."""
    return list({tuple(row[key] for key in KEYS[table]): row for row in rows}.values())


def _path(folder: Path, table: str, partition: int) -> Path:
    return folder / table / f"{partition:03}.parquet"


def captures_of(folder: Path) -> set[str]:
    """Return the ids of all captures that anything was found in."""
    files = sorted((folder / "raw.capture").glob("*.parquet"))
    return {str(each) for path in files for each in pq.read_table(path, columns=["capture_id"])["capture_id"].to_pylist()}


def content_of(folder: Path) -> str:
    """Return a hash of what the partitions say, whatever the order in which captures came to lie in the archive."""
    digest = hashlib.sha256()
    for table, schema in SCHEMAS.items():
        columns = [name for name in schema.names if name not in WHEREABOUTS]
        for path in sorted((folder / table).glob("*.parquet")):
            sink = pa.BufferOutputStream()
            pq.write_table(_read(table, path).select(columns).replace_schema_metadata(), sink)
            digest.update(f"{table}/{path.name}".encode() + hashlib.sha256(sink.getvalue()).digest())
    return digest.hexdigest()
