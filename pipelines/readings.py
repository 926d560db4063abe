"""What pages were read as, kept beside the facts so that no page is parsed twice.

Here: what a reading depends on, and one file for each partition, replaced by one rename; a file that is damaged or of an older
making counts as empty, for all of it can be read again. Elsewhere: what a reading holds (`readout`), reading a page (`reading`),
the facts that came to count (`facts`).

A reading holds no text of its page but what facts, requests and one sentence quote, so that whoever is suppressed can be found
in it and forgotten.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.ids import make_id
from pipelines.readout import Reading, decoded, encoded
from pipelines.records import Capture, Organization

FOLDER = "readings"
SCHEMA = pa.schema([("key", pa.string()), ("organization_id", pa.string()), ("reading", pa.string())])


def key_of(capture: Capture, organization: Organization, readers: str) -> str:
    """Return an id of all that decides what a capture is read as: it, who asks for what, whom we know, and the readers.

    `readers` is the fingerprint of the readers' code and of the phrases they listen for.
    """
    page = (capture.capture_id, capture.url, capture.content_type, capture.reservation, capture.headers)
    return make_id("reading", readers, *page, json.dumps([astuple(capture.request), astuple(organization)]))


class Readings:
    """The readings of one partition: what the last run left, and what this run used, which alone is kept."""

    def __init__(self, left: Mapping[str, tuple[str, str]] | None = None) -> None:
        self._left = left or {}
        self._used: dict[str, tuple[str, Reading]] = {}

    def find(self, key: str) -> Reading | None:
        """Return the reading of that key, which is used from now on, or None."""
        if key not in self._used and key in self._left:
            organization_id, content = self._left[key]
            if reading := decoded(content):
                self.put(key, organization_id, reading)
        found = self._used.get(key)
        return found[1] if found else None

    def put(self, key: str, organization_id: str, reading: Reading) -> None:
        """Keep a new reading."""
        self._used[key] = (organization_id, reading)

    def used(self) -> Iterator[tuple[str, str, Reading]]:
        """Yield key, organization and reading of all that were found or put."""
        return ((key, organization_id, reading) for key, (organization_id, reading) in self._used.items())


def read_readings(folder: Path, partition: int) -> Readings:
    """Return what a partition's pages were read as by the last run."""
    return Readings(_rows(_path(folder, partition)))


def write_readings(folder: Path, partition: int, readings: Readings, stays: Callable[[str, Reading], bool]) -> None:
    """Replace a partition's readings by those this run used and of which `stays(organization_id, reading)` is true."""
    kept = {key: (about, encoded(each).decode()) for key, about, each in readings.used() if stays(about, each)}
    _write(_path(folder, partition), kept)


def forget_readings(folder: Path, stays: Callable[[str, Reading], bool]) -> None:
    """Take out of every partition what must not stay, and whatever cannot be told to hold nothing of it."""
    for path in sorted((folder / FOLDER).glob("*")):
        rows = _rows(path) if path.suffix == ".parquet" else {}
        kept = {key: row for key, row in rows.items() if (reading := decoded(row[1])) is not None and stays(row[0], reading)}
        if not kept:
            path.unlink()
        elif len(kept) < len(rows):
            _write(path, kept)


def _rows(path: Path) -> dict[str, tuple[str, str]]:
    """Return key -> organization and encoded reading; nothing of a file that is missing, damaged or of an older making."""
    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except (OSError, pa.ArrowException):
        return {}
    columns = [column.to_pylist() for column in table.columns] if table.schema.equals(SCHEMA) else [[], [], []]
    return {key: (about, content) for key, about, content in zip(*columns, strict=True)}


def _write(path: Path, rows: Mapping[str, tuple[str, str]]) -> None:
    ordered = sorted(rows)
    table = pa.Table.from_arrays([ordered, *([rows[key][column] for key in ordered] for column in (0, 1))], schema=SCHEMA)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    pq.write_table(table, aside, compression="zstd", use_dictionary=False, write_page_checksum=True)
    aside.replace(path)


def _path(folder: Path, partition: int) -> Path:
    return folder / FOLDER / f"{partition:03}.parquet"
