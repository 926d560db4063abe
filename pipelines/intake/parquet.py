"""Lead lists in Parquet files.

Here: values of every type as text, batch by batch. Elsewhere: what the text means (`understanding`).
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import Skip
from pipelines.intake.rows import Row, Sheet, distinct, storable

BATCH = 5_000
MOST_ROWS_PER_BYTE = 1_000
DAMAGED = "The Parquet file is damaged, or uses what we do not know; write it again and bring that."


def read_parquet(path: Path) -> Sheet:
    """Read the file's rows; a null is an absent cell. Raises `Skip` when it cannot be opened, later when it breaks off."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError):
        raise Skip("broken_parquet", DAMAGED) from None
    if file.metadata.num_rows > MOST_ROWS_PER_BYTE * path.stat().st_size:
        raise Skip("unsafe_archive", "The Parquet file holds far more rows than its size says; write it again without packing.")
    return Sheet("parquet", _rows(file))


def _rows(file: pq.ParquetFile) -> Iterator[Row]:
    names = distinct(storable(name) for name in file.schema_arrow.names)
    try:
        for batch in file.iter_batches(BATCH):
            columns = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            for cells in zip(*columns, strict=True):
                yield Row({name: cell for name, cell in zip(names, cells, strict=True) if cell is not None})
    except (pa.ArrowException, OSError, ValueError):
        raise Skip("broken_parquet", DAMAGED) from None


def _text(value: object) -> str | None:
    """Return a value as people write it: 18 for 18.0, dates as ISO, nested values as JSON; None for null."""
    match value:
        case None:
            return None
        case str():
            return storable(value)
        case bool():
            return "true" if value else "false"
        case float():
            return format(Decimal(repr(value)).normalize() + 0, "f") if isfinite(value) else str(value)
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return storable(value.decode("utf-8", "backslashreplace"))
        case dict() | list() | tuple():
            return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_text))
        case timedelta():
            return f"{value.total_seconds():g} s"
        case _:
            return storable(str(value))
