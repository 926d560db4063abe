"""Whether a zipped file may be opened at all: inflated by counting, before anything parses it.

Here: sizes, names and entities of the parts of a workbook, and what a zip is. Elsewhere: reading its cells (`workbook`).
"""

import re
import stat
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipelines.errors import Skip

MOST_ENTRIES = 1_000
MOST_BYTES = 100_000_000
MOST_BYTES_EVER = 1_000_000_000
ORDINARY_RATIO = 20
MOST_RATIO = 100
NO_BOMB = 1_000_000
CHUNK = 1 << 16
LONGEST_MARK = 32
ENTITIES = tuple(each.encode(codec) for each in ("<!DOCTYPE", "<!ENTITY") for codec in ("utf-8", "utf-16-le", "utf-16-be"))
ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
UNREADABLE = (BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)
BROKEN = "The workbook is damaged; open it in a spreadsheet program, save it again as .xlsx and bring that."
UNSAFE = "The workbook {what} and is not opened; copy its cells into a new workbook and bring that."


def parts_of(path: Path) -> frozenset[str]:
    """Return the names of what is zipped in the file; raises `Skip` when it cannot be told."""
    try:
        with ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except UNREADABLE:
        raise Skip("broken_workbook", BROKEN) from None


def inspect(path: Path) -> None:
    """Return if the workbook is safe to parse; raises `Skip` saying what is wrong with it otherwise.

    Big workbooks pass: over 100 MB, up to 1 GB, may come out of a file that is itself big (a twentieth at least).
    """
    packed = path.stat().st_size
    most = min(max(MOST_BYTES, ORDINARY_RATIO * packed), MOST_BYTES_EVER)
    total = 0
    try:
        with ZipFile(path) as archive:
            _check_names(archive.infolist())
            for part in archive.infolist():
                for size in _sizes(archive, part):
                    total += size
                    if total > most or total > max(NO_BOMB, MOST_RATIO * packed):
                        raise _unsafe("holds far more than its size says")
    except UNREADABLE:
        raise Skip("broken_workbook", BROKEN) from None


def _check_names(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_ENTRIES or len({part.filename for part in parts}) < len(parts):
        raise _unsafe("has too many parts, or some of them twice")
    for part in parts:
        name = PurePosixPath(part.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in part.filename or stat.S_ISLNK(part.external_attr >> 16):
            raise _unsafe("points outside of itself")
        if part.flag_bits & 1:
            raise Skip("locked_workbook", "The workbook is protected by a password; save it without one and bring that.")


def _sizes(archive: ZipFile, part: ZipInfo) -> Iterator[int]:
    """Yield how much comes out of the part, chunk by chunk; raises `Skip` for XML that declares entities."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    before = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            yield len(chunk)
            if is_xml and (any(mark in before + chunk for mark in ENTITIES) or (not before and _is_odd(chunk))):
                raise _unsafe("declares entities of its own, or an encoding that could hide them,")
            before = chunk[-LONGEST_MARK:]


def _is_odd(beginning: bytes) -> bool:
    """Say whether XML declares an encoding in which the marks would look otherwise."""
    declared = ENCODING.match(beginning.removeprefix(BOM_UTF8))
    return declared is not None and declared[1].lower() not in (
        b"utf-8",
        b"utf8",
        b"us-ascii",
        b"ascii",
        b"iso-8859-1",
        b"windows-1252",
    )


def _unsafe(what: str) -> Skip:
    return Skip("unsafe_workbook", UNSAFE.format(what=what))
