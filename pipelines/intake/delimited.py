"""Lead lists whose cells are set apart by a character: CSV, TSV and their kin.

Here: which character that is, whether the first line holds headings, and every row whole however ragged. Elsewhere: the
encoding (`encodings`), the meaning of headings (`headings`).
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from math import log2
from pathlib import Path

from pipelines.errors import Skip
from pipelines.intake.encodings import open_text
from pipelines.intake.rows import Row, Sheet, distinct

DELIMITERS = ",;\t|"
NO_DELIMITER = "\x1f"
SAMPLE_LINES = 500
SAMPLE_ROWS = 20
FIELD_LIMIT = 1 << 30
SEPARATOR_LINE = re.compile(r"""^"?sep=([^\w"'\s]|\t)"?\s*$""", re.IGNORECASE)
ADDRESS = re.compile(r"^\S+@\S+\.\w+$|^https?://\S+$", re.IGNORECASE)
HOST = re.compile(r"^(?:[\w-]+\.)+(?!(?:website|domain|url|site)$)[a-z]{2,}$", re.IGNORECASE)


def read_delimited(path: Path) -> Sheet:
    """Read the file as rows of cells; raises `Skip` when there is nothing in it or it is no text."""
    lines = _lines(path)
    sample = list(islice(lines, SAMPLE_LINES))
    if not any(line.strip("\r\n\ufeff\x00 ") for line in sample):
        raise Skip("empty_file", "The file is empty; export the list again and bring that.")
    told = SEPARATOR_LINE.match(sample[0])
    delimiter = told.group(1) if told else find_delimiter(sample)
    records = _records(chain(sample[1:] if told else sample, lines), delimiter)
    return Sheet("tsv" if delimiter == "\t" else "csv", _rows(records))


def find_delimiter(lines: Sequence[str]) -> str:
    """Return the character that cuts the lines into the most, and most even, rows; `NO_DELIMITER` for a single column."""
    best = max(DELIMITERS, key=lambda each: _evenness(lines, each))
    return best if _evenness(lines, best) > 0.2 else NO_DELIMITER


def _evenness(lines: Sequence[str], delimiter: str) -> float:
    """Score one delimiter: the share of rows of the commonest width, weighed by that width; 0 if it cuts nothing.

    If it does not cut the first row, it more likely stands in prose: one column of `Acme, Inc.` has no delimiter.
    """
    widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    if not widths:
        return 0.0
    width, rows = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    return rows / len(widths) * log2(width) * (1.0 if widths[0] > 1 else 0.25)


def _lines(path: Path) -> Iterator[str]:
    """Yield the file's lines with their ends, whichever of the three kinds these are."""
    csv.field_size_limit(FIELD_LIMIT)
    with open_text(path) as file:
        yield from file


def _records(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each record; blank lines are none.

    A quote that never closes would swallow every row after it: the record in which the file ends is read again, line by line,
    with quotes as plain characters, if it turns out to be open.
    """
    taken: list[str] = []
    last: tuple[list[str], list[str]] | None = None
    for cells in csv.reader(_noting(lines, taken), delimiter=delimiter):
        if last:
            yield last[0]
        last = (cells, taken.copy()) if cells else None
        taken.clear()
    if last and _is_open(last[1], delimiter):
        yield from csv.reader(last[1], delimiter=delimiter, quoting=csv.QUOTE_NONE)
    elif last:
        yield last[0]


def _noting(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _is_open(lines: Sequence[str], delimiter: str) -> bool:
    """Say whether the record of these lines ends inside quotes."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _rows(records: Iterator[list[str]]) -> Iterator[Row]:
    """Yield each record under the headings; a list that begins with data has none and gets `column 1`, `column 2` …"""
    head = list(islice(records, SAMPLE_ROWS))
    first = head[0] if head else []
    headless = _is_headless(head)
    names = distinct("" if headless else cell.lstrip("\ufeff") for cell in first)
    for cells in chain(head if headless else head[1:], records):
        if len(cells) > len(names):
            names = distinct((*names, *("" for _ in cells[len(names) :])))
        yield Row(dict(zip(names, cells, strict=False)))


def _is_headless(head: Sequence[Sequence[str]]) -> bool:
    """Say whether the first record is data: it holds an address, or a host name above a column of host names.

    A lone host name proves nothing: headings like `company.name` and `address.city` look just like one.
    """
    if not head:
        return False
    hosts = [position for position, cell in enumerate(head[0]) if HOST.match(cell.strip())]
    return any(ADDRESS.match(cell.strip()) for cell in head[0]) or any(
        2 * sum(bool(HOST.match(row[at].strip())) for row in head[1:] if at < len(row)) >= len(head) > 1 for at in hosts
    )
