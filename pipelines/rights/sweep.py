"""Every file looked through for somebody: its bytes, and what they hold uncompressed.

Here: whether a file holds them, whatever it is: plain bytes, gzip, zip, Parquet, DuckDB, SQLite. Elsewhere: how they are looked
for (`sought`), what is done about it (`forget`).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.intake.rows import Texts
from pipelines.reader import open_release
from pipelines.rights.sought import Sought
from pipelines.web.members import bodies

PIECE, OVERLAP = 1 << 23, 1 << 10
SQLITE, DUCK = b"SQLite format 3\0", b"DUCK"
_COLUMNS = """
    select schema_name, table_name, column_name
    from duckdb_columns()
    semi join duckdb_tables() using (schema_name, table_name)
    where not internal and (data_type like '%VARCHAR%' or data_type like 'STRUCT%' or data_type = 'JSON')
"""


def files_of(folders: Iterable[Path]) -> list[Path]:
    """Return every file in the folders, in the order of their names; links are not followed."""
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    return sorted(found)


def holds(path: Path, sought: Sought) -> bool:
    """Say whether a file holds whoever is looked for."""
    with path.open("rb") as file:
        head = file.read(16)
    if any(sought.spelled_in(piece) for piece in _pieces(path)):
        return True
    if head.startswith(b"\x1f\x8b"):
        return any(sought.stands_in(content, context) for content, context in bodies(path))
    if head.startswith(b"PK"):
        return any(sought.spelled_in(part) for part in _parts(path))
    if head.startswith(b"PAR1"):
        return any(sought.hits(texts) for texts in _columns(path, sought))
    if head.startswith(SQLITE):
        return any(sought.spelled_in(text) for text in _rows(path))
    return head[8:12] == DUCK and any(sought.hits(texts) for texts in _database(path, sought))


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, each piece with the end of the one before."""
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield tail + piece
            tail = piece[-OVERLAP:]


def _parts(path: Path) -> Iterator[bytes]:
    try:
        with ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    except (BadZipFile, RuntimeError, NotImplementedError):  # of what nobody can unpack only the bytes can be looked through
        return


def _columns(path: Path, sought: Sought) -> Iterator[set[str]]:
    """Yield those texts of each column of a Parquet file that may be theirs."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from (likely(texts, sought) for texts in map(_flat, batch.columns) if pa.types.is_string(texts.type))


def _flat(column: Texts) -> Texts:
    return _flat(column.flatten()) if pa.types.is_list(column.type) else column


def likely(column: Texts, sought: Sought) -> set[str]:
    """Return those texts of a column in which a word of theirs stands, or the end of a number."""
    folded, found = pc.utf8_lower(column), set[str]()
    for word in sought.words:
        found |= set(column.filter(pc.match_substring(folded, word)).to_pylist())
    digits = pc.replace_substring_regex(column, "[^0-9]", "") if sought.tails else None
    for tail in sought.tails:
        found |= set(column.filter(pc.match_substring(digits, tail)).to_pylist())
    return {each for each in found if each}


def _rows(path: Path) -> Iterator[bytes]:
    """Yield every row of a SQLite file as one text."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in database.execute(f'select * from "{table}"'):  # noqa: S608 - names of the file's own
                yield b"\x1f".join(each if isinstance(each, bytes) else str(each).encode("utf-8", "replace") for each in row)


def _database(path: Path, sought: Sought) -> Iterator[set[str]]:
    """Yield those texts of each column of a DuckDB file that may be theirs; views on other files are looked through there."""
    with open_release(path) as reader:
        for each in reader.rows(_COLUMNS):
            column, table = (f'"{name}"' for name in (each["column_name"], each["table_name"]))
            held = " or ".join(
                [f"contains(lower(text), ${at + 1})" for at in range(len(sought.words))]
                + [
                    f"contains(regexp_replace(text, '[^0-9]', '', 'g'), ${at + 1 + len(sought.words)})"
                    for at in range(len(sought.tails))
                ]
            )
            said = f'select distinct cast({column} as varchar) as text from "{each["schema_name"]}".{table}'  # noqa: S608
            rows = reader.rows(f"select text from ({said}) where {held}", [*sought.words, *sought.tails])  # noqa: S608
            yield {row["text"] for row in rows}
