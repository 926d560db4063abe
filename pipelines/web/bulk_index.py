"""Where in a big CSV file the record of a key stands, without reading the file again.

Here: one pass over the file in pieces of a few megabytes, and for each column that is looked up two sorted arrays beside each
other: 64-bit hashes of its folded values, and the bytes where their records begin. They are mapped into memory, never loaded.
Elsewhere: which files there are and what they answer (`web.bulk`).
"""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from pipelines.errors import Stop

Fold = Callable[[str], str]
"""What makes two spellings of a value one: of a number, of a name."""
Whole = NDArray[np.uint64]
PIECE = 8 * 1024 * 1024
LONGEST_RECORD = 1024 * 1024
NEWLINE, QUOTE = ord("\n"), ord('"')
BOM = b"\xef\xbb\xbf"


class Index:
    """The index of one file, as it lies in a folder."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self._columns = {
            column: tuple(np.load(folder / f"{column}.{part}.npy", mmap_mode="r") for part in ("keys", "places"))
            for column in columns
        }

    def places(self, column: str, folded: str) -> list[int]:
        """Return where the records begin whose folded value may be this one, in the order of the file."""
        keys, places = self._columns[column]
        key = np.uint64(int.from_bytes(_hashed(folded), "little"))
        first, last = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
        return sorted(int(each) for each in places[first:last])


def open_index(path: Path, columns: Mapping[str, Fold], folder: Path) -> Index:
    """Return the index of the file in its present state, made now where there is none; those of earlier states are removed.

    Raises `Stop` for a file without one of the columns.
    """
    state = path.stat()
    stamp = hashlib.sha256(repr((path.name, state.st_size, state.st_mtime_ns, sorted(columns))).encode()).hexdigest()[:16]
    if not (folder / stamp).is_dir():
        aside = folder / f"{stamp}.tmp"
        rmtree(folder, ignore_errors=True)
        aside.mkdir(parents=True)
        _build(path, columns, aside)
        aside.rename(folder / stamp)
    return Index(folder / stamp, sorted(columns))


def header_of(file: BinaryIO) -> tuple[bytes, list[str]]:
    """Return the file's first line as it is, and the names of its columns; the file stands behind it."""
    line = file.readline(LONGEST_RECORD)
    return line, [name.strip() for name in cells(line.removeprefix(BOM))]


def record_at(file: BinaryIO, place: int) -> bytes:
    """Return the record that begins at a byte, with its line's end; a quoted value may hold more lines."""
    file.seek(place)
    record = file.readline(LONGEST_RECORD)
    while record.count(b'"') % 2 and len(record) < LONGEST_RECORD and (more := file.readline(LONGEST_RECORD)):
        record += more
    return record


def cells(record: bytes) -> list[str]:
    """Return the values of a record; none of a line that holds nothing, or what nobody would call a value."""
    try:
        return next(csv.reader([record.decode("utf-8", "replace")]), [])
    except csv.Error:
        return []


def _build(path: Path, columns: Mapping[str, Fold], folder: Path) -> None:
    found: dict[str, list[Whole]] = {column: [] for column in columns}
    places: list[Whole] = []
    with path.open("rb") as file:
        _, header = header_of(file)
        if missing := sorted(set(columns) - set(header)):
            raise Stop(f"{path} has no column {missing[0]}; name the register's CSV file as it was published, unzipped.")
        for place, piece in _pieces(file):
            starts, texts = _records(piece, header, list(columns))
            places.append(starts + np.uint64(place))
            for column, fold in columns.items():
                hashes = b"".join(_hashed(fold(text)) for text in texts[column])
                found[column].append(np.frombuffer(hashes, "<u8"))
    begins = np.concatenate([*places, np.empty(0, np.uint64)])
    for column, pieces in found.items():
        keys = np.concatenate([*pieces, np.empty(0, np.uint64)])
        order = np.argsort(keys, kind="stable")
        np.save(folder / f"{column}.keys.npy", keys[order])
        np.save(folder / f"{column}.places.npy", begins[order])


def _hashed(folded: str) -> bytes:
    return hashlib.blake2b(folded.encode(), digest_size=8).digest()


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the rest of the file in pieces of whole records, each with the byte where it begins."""
    place, rest = file.tell(), b""
    while read := file.read(PIECE):
        piece = rest + read
        end = int(_ends(piece)[-1:].sum())
        rest = piece[end:]
        if end:
            yield place, piece[:end]
            place += end
    if rest.strip():
        yield place, rest + b"\n"


def _ends(piece: bytes) -> NDArray[np.int64]:
    """Return where records end: behind a line's end with an even number of quotes before it."""
    letters = np.frombuffer(piece, np.uint8)
    newlines, quotes = np.flatnonzero(letters == NEWLINE), np.flatnonzero(letters == QUOTE)
    ends: NDArray[np.int64] = newlines[np.searchsorted(quotes, newlines) % 2 == 0] + 1
    return ends


def _records(piece: bytes, header: Sequence[str], columns: Sequence[str]) -> tuple[Whole, Mapping[str, Sequence[str]]]:
    """Return where the records of a piece begin in it, and their values in the columns; lines of another width are left out."""
    ends = _ends(piece)
    starts = np.concatenate([np.zeros(1, ends.dtype), ends[:-1]])
    read = _read_at_once(piece, header, columns)
    if read is not None and read.num_rows == len(ends):
        texts = {column: [each.decode("utf-8", "replace") for each in read[column].to_pylist()] for column in columns}
        return starts.astype(np.uint64), texts
    rows = [(start, cells(piece[start:end])) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    whole = [(start, row) for start, row in rows if len(row) == len(header)]
    kept = {column: [row[header.index(column)] for _, row in whole] for column in columns}
    return np.array([start for start, _ in whole], np.uint64), kept


def _read_at_once(piece: bytes, header: Sequence[str], columns: Sequence[str]) -> Any:  # noqa: ANN401 - an Arrow table
    """Return the columns as Arrow reads them, or None where a line of another width is in the way."""
    try:
        return arrow_csv.read_csv(
            BytesIO(piece),
            arrow_csv.ReadOptions(column_names=list(header), block_size=len(piece) + 1, use_threads=False),
            arrow_csv.ParseOptions(newlines_in_values=True),
            arrow_csv.ConvertOptions(include_columns=list(columns), column_types=dict.fromkeys(columns, pa.binary())),
        )
    except pa.ArrowInvalid:
        return None
