"""Reads a workbook in a process of its own, which may die of it: `python workbook_reader.py FILE MEMORY SECONDS`.

Here: cells as text, and lines of JSON on standard output: `["sheet", name]`, `["rows", [[text, …], …]]`, `["trouble", reason,
sentence]`, `["end"]`. It imports nothing of ours, so it starts fast and holds nothing worth taking. Elsewhere: who starts it
(`workbook`).
"""

import json
import re
import resource
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from types import ModuleType
from typing import Any, cast

CHUNK_ROWS = 500
CHUNK_TEXT = 1_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LARGE_SHEET = 1_000_000
SPARSE = 1_000
FAULTS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, SyntaxError, OSError)
ESCAPED = re.compile("_x00([01][0-9A-F])_")
TOO_SPARSE = "The sheet has cells far apart from each other; copy the table into a new sheet and bring that."
BROKEN = "The sheet, or the rest of it, cannot be read; open it in a spreadsheet program, save it again and bring that."


def main(path: str, memory: int, seconds: int) -> None:
    """Write the sheets of the workbook to standard output, using at most that many bytes and seconds of CPU."""
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    sys.modules["numpy"] = cast(ModuleType, None)  # openpyxl takes it where it finds it, and its memory with it
    warnings.simplefilter("ignore")
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    reader = ExcelReader(path, read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    with suppress(*FAULTS):  # without its styles a sheet only loses which numbers are dates
        apply_stylesheet(reader.archive, reader.wb)
    for sheet, part in reader.parser.find_sheets():
        say("sheet", sheet.name)
        if "chartsheet" not in part.Type:
            say_rows(reader, part.target)
    say("end")


def say(*message: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(message) + "\n")


def say_rows(reader: Any, target: str) -> None:  # noqa: ANN401 - openpyxl tells no types
    """Write the rows of one sheet that hold anything, in chunks; what goes wrong ends the sheet with its trouble."""
    chunk: list[list[str]] = []
    trouble: tuple[str, ...] = ()
    try:
        with reader.archive.open(target) as source:
            for row in rows(reader.wb, reader.shared_strings, source):
                chunk.append(row)
                if len(chunk) >= CHUNK_ROWS or sum(map(len, row)) > CHUNK_TEXT:
                    say("rows", chunk)
                    chunk = []
    except TooSparse:
        trouble = ("trouble", "sheet_too_sparse", TOO_SPARSE)
    except FAULTS:
        trouble = ("trouble", "broken_sheet", BROKEN)
    say("rows", chunk)
    if trouble:
        say(*trouble)


class TooSparse(Exception):  # noqa: N818 - what the sheet is
    """The cells of a sheet stand so far apart that its rows would be mostly nothing."""


def rows(book: Any, strings: Any, source: Any) -> Iterator[list[str]]:  # noqa: ANN401 - openpyxl tells no types
    """Yield the cells of each row as text, up to the last that is filled; raises `TooSparse`."""
    filled = right = 0
    pads: dict[int, int] = {}
    for number, cells in _parsed(book, strings, source):
        values = {
            cell["column"]: text(cell["value"], _pad(book, cell, pads)) for cell in cells if cell["value"] not in (None, "")
        }
        if not values:
            continue
        filled += len(values)
        right = max(right, *values)
        if number > LAST_ROW or right > LAST_COLUMN or number * right > max(LARGE_SHEET, SPARSE * filled):
            raise TooSparse
        yield [values.get(column, "") for column in range(1, max(values) + 1)]


def _parsed(book: Any, strings: Any, source: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:  # noqa: ANN401
    """Yield each row's number and cells, and forget its XML."""
    from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
    from openpyxl.xml.functions import iterparse

    formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
    parser = WorkSheetParser(source, strings, data_only=True, epoch=book.epoch, **formats)
    for _, element in iterparse(source):
        if element.tag == ROW_TAG:
            yield parser.parse_row(element)
            element.clear()


def _pad(book: Any, cell: dict[str, Any], pads: dict[int, int]) -> int:  # noqa: ANN401
    """Return how many digits the cell's format demands: a postcode may be the number 1234 shown as 01234."""
    if not cell["style_id"] or type(cell["value"]) is not int:
        return 0
    style = cell["style_id"]
    if style not in pads:
        own = book._cell_styles[style].numFmtId - 164
        shown = book._number_formats[own] if 0 <= own < len(book._number_formats) else ""
        pads[style] = len(shown) if shown.strip("0") == "" else 0
    return pads[style]


def text(value: object, pad: int = 0) -> str:
    """Return a cell's value as people write it: 18, 0.3, 49301234567, 2026-03-01, 10:30:00, true, #REF!

    >>> text(18.0), text(1.2e11), text(datetime(2026, 3, 1)), text(timedelta(hours=26)), text(1234, 5)
    ('18', '120000000000', '2026-03-01', '26:00:00', '01234')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f") if isfinite(value) else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.replace(microsecond=0).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else str(value).zfill(pad)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
