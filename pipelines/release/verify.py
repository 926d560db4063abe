"""Whether a release is still what was published: every byte, and every row.

Here: what differs, as sentences. Elsewhere: what a release holds and says of itself (`manifest`).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow.parquet as pq

from pipelines.errors import Stop
from pipelines.reader import open_release
from pipelines.release.manifest import DATABASE, MANIFEST, SUMS, damaged


def troubles(release: Path) -> list[str]:
    """Return what is wrong with a release's folder, a sentence each; none when it is whole.

    Held are the checksum of every file, that no file is missing or more, and the rows of every table, in the database and as
    Parquet, against those the manifest counts.
    """
    if not (release / SUMS).exists() or not (release / MANIFEST).exists():
        return [f"{release} has no {SUMS} or no {MANIFEST}: it is no release, or not a whole one."]
    return [f"{each}." for each in damaged(release)] or list(
        _rows(release, json.loads((release / MANIFEST).read_text("utf-8"))["rows"])
    )


def _rows(release: Path, rows: Mapping[str, int]) -> Iterator[str]:
    try:
        with open_release(release / DATABASE) as reader:
            counted = {table: reader.count(table) for table in rows}
    except Stop as stop:
        yield str(stop)
        return
    for table, count in rows.items():
        parquet = pq.read_metadata(release / "tables" / f"{table.partition('.')[2]}.parquet").num_rows
        if (counted[table], parquet) != (count, count):
            yield f"{table} has {counted[table]:,} rows in {DATABASE} and {parquet:,} as Parquet, where {count:,} were published."
