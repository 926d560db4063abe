"""Files of any kind that somebody stands in: logs, notes, Dagster's storage. They are masked where they stand.

Here: text files, line by line where masking is not enough, and SQLite databases, row by row, written anew so that no free page
keeps anything. Elsewhere: lists (`suppression.clearing`), the archive (`web.amend`), Parquet (`suppression.forget`), releases
(`forget`).
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.errors import Stop
from pipelines.intake.inbox import UNFINISHED
from pipelines.rights.sought import Sought
from pipelines.rights.sweep import SQLITE, holds

WAIT_SECONDS = 10.0


def mask(path: Path, sought: Sought) -> bool:
    """Mask whoever is looked for in a file, if it is one that can be; say whether it holds them no more.

    A file that was never finished goes: while the home is held nobody is writing it.
    """
    if path.suffix in UNFINISHED:
        path.unlink()
        return True
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head.startswith(SQLITE):
        _mask_database(path, sought)
    elif b"\0" not in head:
        _mask_text(path, sought)
    return not holds(path, sought)


def _mask_text(path: Path, sought: Sought) -> None:
    """Replace the file by what it says without them; a line in which they hide too well to be masked is left out."""
    aside = path.with_name(f"{path.name}.part")
    with path.open("rb") as file, aside.open("wb") as masked:
        os.fchmod(masked.fileno(), path.stat().st_mode & 0o777)
        for line in file:
            said = sought.masked(line)
            masked.write(b"" if sought.stands_in(said) else said)
    aside.replace(path)


def _mask_database(path: Path, sought: Sought) -> None:
    """Mask every cell, and write the file anew; raises `Stop` while somebody else writes it."""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as database:
            database.execute("pragma secure_delete = on")
            with database:
                for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
                    _mask_table(database, table, sought)
            database.execute("pragma wal_checkpoint(truncate)")
            database.execute("vacuum")
            database.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.OperationalError as error:
        raise Stop(f"{path} cannot be written ({error}); stop Dagster, and run the same again.") from None


def _mask_table(database: sqlite3.Connection, table: str, sought: Sought) -> None:
    """Mask the cells of a table; a row in which they hide too well leaves."""
    columns = [row[1] for row in database.execute(f'pragma table_info("{table}")')]
    for number, *cells in database.execute(f'select rowid, * from "{table}"').fetchall():  # noqa: S608 - names of the file's own
        masked = [_mask_cell(cell, sought) for cell in cells]
        if any(sought.stands_in(each) for cell in masked if (each := _bytes(cell))):
            database.execute(f'delete from "{table}" where rowid = ?', [number])  # noqa: S608
        elif masked != cells:
            said = ", ".join(f'"{column}" = ?' for column in columns)
            database.execute(f'update "{table}" set {said} where rowid = ?', [*masked, number])  # noqa: S608


def _mask_cell(cell: object, sought: Sought) -> object:
    content = _bytes(cell)
    if not content or not sought.stands_in(content):
        return cell
    masked = sought.masked(content)
    return masked if isinstance(cell, bytes) else masked.decode("utf-8", "replace")


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else cell.encode("utf-8", "replace") if isinstance(cell, str) else b""
