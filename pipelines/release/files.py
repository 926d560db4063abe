"""Rows to files: CSV, JSON lines, Parquet and XLSX, a page of rows at a time, so that memory does not grow with the rows.

Here: one writer a format; the same rows give the same bytes. Elsewhere: what the rows are and how many a file may hold
(`layouts`), what makes a cell harmless (`cells`).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.release.cells import flat, harmless_page, harmless_words

Pages = Iterable[pa.Table]
Writer = Callable[[Path, Pages], None]

CELL_CHARACTERS = 32_767
"""What a cell of a spreadsheet holds, in UTF-16 units; a longer text ends in an ellipsis."""
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - the first moment of the ZIP format: the same rows give the same bytes


def write_csv(path: Path, pages: Pages) -> None:
    """Write RFC 4180 in UTF-8 without a byte order mark; texts are quoted, so that an empty one differs from none.

    A mark would please Excel, and become a part of the first heading for everything else that reads CSV; for Excel there is XLSX.
    """
    with path.open("wb") as file:
        file.writelines(csv_pieces(pages))


def csv_pieces(pages: Pages) -> Iterator[bytes]:
    """Yield what `write_csv` writes: the heading, then a piece a page."""
    first, pages = _first(pages)
    yield _heading(first.column_names)
    for page in pages:
        piece = BytesIO()
        pa_csv.write_csv(harmless_page(page), piece, pa_csv.WriteOptions(include_header=False))
        yield piece.getvalue()


def write_lines(path: Path, pages: Pages) -> None:
    """Write the pages' column `line`, one JSON object each, a line each."""
    with path.open("wb") as file:
        file.writelines(line_pieces(pages))


def line_pieces(pages: Pages) -> Iterator[bytes]:
    """Yield what `write_lines` writes, a piece a page."""
    for page in pages:
        yield "".join(f"{line}\n" for line in page.column("line").to_pylist()).encode()


def write_parquet(path: Path, pages: Pages) -> None:
    """Write the raw values, a row group a page."""
    first, pages = _first(pages)
    with pq.ParquetWriter(path, first.schema) as writer:
        for page in pages:
            writer.write_table(page)


def write_xlsx(path: Path, pages: Pages) -> None:
    """Write one sheet: numbers as numbers, all else as text that no spreadsheet reads as a formula or a link."""
    first, pages = _first(pages)
    with Workbook(str(path), _options(path)) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(first.column_names):
            sheet.write_string(0, column, heading)
        rows = (row for page in pages for row in zip(*(column.to_pylist() for column in flat(page).columns), strict=True))
        for number, row in enumerate(rows, 1):
            _write_row(sheet, number, row)


def _options(path: Path) -> dict[str, object]:
    return {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
        "use_zip64": True,
    }


def _write_row(sheet: Worksheet, number: int, row: tuple[object, ...]) -> None:
    for column, value in enumerate(row):
        if value is None:
            continue
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            sheet.write_number(number, column, float(value))
        else:
            sheet.write_string(number, column, _fitting(str(value)))


def _fitting(text: str) -> str:
    """Return the text, cut to what a cell holds; a character beyond the basic plane counts as two."""
    if len(text) <= CELL_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_CHARACTERS:
        return text
    return units[: 2 * (CELL_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"


def _heading(names: list[str]) -> bytes:
    quoted = (name.replace('"', '""') for name in harmless_words(names))
    return (",".join(f'"{name}"' for name in quoted) + "\n").encode()


def _first(pages: Pages) -> tuple[pa.Table, Iterator[pa.Table]]:
    """Return the first page, which is there even when it holds no rows, and all pages, the first included."""
    rest = iter(pages)
    first = next(rest)
    return first, chain((first,), rest)
