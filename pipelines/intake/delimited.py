"""Lead lists whose cells are set apart by a character: CSV, TSV and their kin.

Here: every row whole, however ragged, and nothing swallowed by a stray quote. Elsewhere: the encoding (`encodings`), the dialect
(`dialects`), which lines are headings (`layout`).
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from pipelines.errors import Skip
from pipelines.intake.dialects import COMMON, ONE_COLUMN, SEPARATOR_LINE, Dialect, cut, has_competing_delimiters, judge_dialect
from pipelines.intake.encodings import find_encoding, open_text
from pipelines.intake.feed import Feed
from pipelines.intake.layout import HEAD_ROWS, find_head, rows_under
from pipelines.intake.layout import REPEATED as REPEATED
from pipelines.intake.rows import Row, Sheet

SAMPLE_LINES = 500
FIELD_LIMIT = 1 << 30
MARK, QUOTE_MARK, APART_MARK = "\uf8f0", "\uf8f1", "\uf8f2"
"""Private characters that stand for a long delimiter and for escaped ones while the csv module cuts a line."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read: its dialect, headings, the lines before its data, and those of them that are no headings.

    `repeats`: what a record looks like that repeats the headings; empty for a list without any.
    """

    dialect: Dialect
    headings: tuple[str, ...]
    before: int
    aside: tuple[str, ...]
    repeats: tuple[tuple[str, ...], ...] = ()


def read_delimited(path: Path) -> Sheet:
    """Read the file as rows of cells; raises `Skip` when there is nothing in it or it is no text."""
    lines = lines_of(path)
    sample = list(islice(lines, SAMPLE_LINES))
    layout = find_layout(sample)
    rows = cut_rows(Feed(islice(chain(sample, lines), layout.before, None)), layout)
    return Sheet("tsv" if layout.dialect.delimiter == "\t" else "csv", rows, aside=layout.aside)


def find_dialect(path: Path) -> Dialect:
    """Return how the file is read; raises `Skip` as reading it would."""
    found = find_layout(list(lines_of(path, SAMPLE_LINES)))
    return replace(found.dialect, encoding=find_encoding(path).codec)


def find_layout(sample: Sequence[str]) -> Layout:
    """Return how a file is read that begins with these lines, ends included; pure. Raises `Skip` where they hold nothing."""
    csv.field_size_limit(FIELD_LIMIT)
    if not any(line.strip("\r\n\ufeff\x00 ") for line in sample):
        raise Skip("empty_file", "The file is empty; export the list again and bring that.")
    sample = [sample[0].removeprefix("\ufeff"), *sample[1:]]
    dialect = judge_dialect(sample)
    if not dialect.delimiter and has_competing_delimiters(sample):
        raise Skip("no_delimiter", "The file's columns cannot be told apart: several delimiters are mixed; export it with one.")
    told = bool(SEPARATOR_LINE.match(sample[0]))
    records, ends = [], [int(told)]
    feed = Feed(sample[told:])
    for cells in islice(cut_records(feed, dialect, 0), HEAD_ROWS):
        records.append(cells)
        ends.append(feed.position + told)
    head = find_head(records)
    titles = (line.strip() for line in sample[int(told) : ends[head.above]])
    aside = tuple(filter(None, titles))
    repeats = tuple(tuple(each) for each in records[head.above : head.first])
    return Layout(replace(dialect, preamble=len(aside)), head.headings, ends[head.first], aside, repeats)


def cut_rows(feed: Feed, layout: Layout) -> Iterator[Row]:
    """Yield each record of the lines fed under the headings; one more cell than headings is `column 5`, and so on."""
    records = cut_records(feed, layout.dialect, len(layout.headings))
    return rows_under(records, layout.headings, layout.repeats)


def cut_records(feed: Feed, dialect: Dialect, width: int) -> Iterator[list[str]]:
    """Yield the cells of each record; blank lines are none.

    A quote that never closes, or closes where another opens, would swallow the rows after it: such a record's first line is
    cut by itself, and the rest is read again. `width` is how many cells a record should have (0: not known yet).
    """
    apart = MARK if len(dialect.delimiter) > 1 else dialect.delimiter or ONE_COLUMN
    feed.prepare = _preparation(dialect)
    for read in csv.reader(feed, delimiter=apart, quotechar=dialect.quote, skipinitialspace=dialect.spaced):
        taken, cells = feed.take(), read
        if taken.is_open or (len(taken.lines) > 1 and _swallows(taken.lines, cells, apart, dialect.quote, width)):
            cells = next(csv.reader(taken.lines[:1], delimiter=apart, quoting=csv.QUOTE_NONE))
            feed.push_back(taken.lines[1:])
        elif 0 < width != len(cells) and cells:
            cells = _mended(taken.lines, cells, apart, dialect.quote, width)
        if cells:
            yield [_restored(cell, dialect) for cell in cells] if feed.prepare else cells


def lines_of(path: Path, most: int | None = None) -> Iterator[str]:
    """Yield the file's lines (`most`: the first so many) with their ends, whichever of the three kinds these are."""
    with open_text(path) as file:
        first = next(file, "")
        yield first.removeprefix("\ufeff")
        yield from islice(file, most)


def _swallows(lines: Sequence[str], cells: Sequence[str], apart: str, quote: str, width: int) -> bool:
    """Say whether a record of several lines is really several records: its quotes close oddly, or one line is wide enough."""
    closes = _closes(lines, apart, quote)
    if closes and len(cells) == width:
        return False
    alone = next(csv.reader(lines[:1], delimiter=apart, quoting=csv.QUOTE_NONE))
    return not closes or (width > 1 and len(alone) == width)


def _closes(lines: Sequence[str], apart: str, quote: str) -> bool:
    """Say whether every quote of the record closes where a cell ends."""
    try:
        list(csv.reader(lines, delimiter=apart, quotechar=quote, strict=True))
    except csv.Error:
        return False
    return True


def _mended(lines: Sequence[str], cells: list[str], apart: str, quote: str, width: int) -> list[str]:
    """Return the cells of a record of the wrong width as a milder reading has them, if that has the right one."""
    if len(cells) == 1 and width > 2:
        others = (next(cut(lines, each, quote), []) for each in COMMON if each != apart and each in lines[0])
        return next((each for each in others if len(each) == width), cells)
    if len(lines) == 1 and quote in lines[0]:
        milder = _cut_mildly(lines[0].rstrip("\r\n"), apart, quote)
        return milder if len(milder) == width else cells
    return cells


def _cut_mildly(line: str, apart: str, quote: str) -> list[str]:
    """Cut a line whose quotes within quotes are not doubled: a quote only closes where a cell ends."""
    return [quoted[1:-1].replace(quote * 2, quote) if quoted else plain for quoted, plain in _mild(apart, quote).findall(line)]


@lru_cache(8)
def _mild(apart: str, quote: str) -> re.Pattern[str]:
    mark, end = re.escape(quote), rf"(?={re.escape(apart)}|$)"
    inside = rf"(?:[^{mark}]|{mark}(?!{re.escape(apart)}|$))*"
    return re.compile(rf"(?:(?<={re.escape(apart)})|^)(?:({mark}{inside}{mark}){end}|([^{re.escape(apart)}]*){end})")


def _preparation(dialect: Dialect) -> Callable[[str], str] | None:
    """Return what is done to each line before it is cut, if anything: what the csv module has no word for becomes one mark."""
    if not dialect.escape:
        return (lambda line: line.replace(dialect.delimiter, MARK)) if len(dialect.delimiter) > 1 else None
    marks = {dialect.escape + dialect.quote: QUOTE_MARK, dialect.escape + dialect.delimiter: APART_MARK}
    marks |= {dialect.delimiter: MARK} if len(dialect.delimiter) > 1 else {}
    known = re.compile("|".join(map(re.escape, (dialect.escape * 2, *marks))))
    return lambda line: known.sub(lambda found: marks.get(found[0], found[0]), line)


def _restored(cell: str, dialect: Dialect) -> str:
    """Return the cell with its own characters."""
    return cell.replace(MARK, dialect.delimiter).replace(QUOTE_MARK, dialect.quote).replace(APART_MARK, dialect.delimiter)
