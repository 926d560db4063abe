"""Where the table begins: titles and notes above it, headings in one to three rows, or none at all.

Here: judging the first records of a table, of whatever format. Elsewhere: cutting records (`delimited`, `workbook`), which field
a heading is (`headings`).
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from pipelines.errors import Skip
from pipelines.intake.dialects import is_typed
from pipelines.intake.folding import stated
from pipelines.intake.rows import Row, distinct
from pipelines.intake.wording import said

HEAD_ROWS = 200
DEEPEST = 60
MOST_HEADING_ROWS = 3
LONGEST = 60
WIDEST = 300
SAYING = ("field", "name", "title", "linkedin")
ADDRESS = re.compile(r"^\S+@\S+\.\w+$|^https?://\S+$", re.IGNORECASE)
HOST = re.compile(r"^(?:[\w-]+\.)+(?!(?:website|domain|url|site)$)[a-z]{2,}$", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20|21)\d\d")
UNIT = re.compile(r"\(.*\)|\[.*\]")
REPEATED = Skip("repeated_headings", "The row repeats the headings; nothing is lost by leaving it out.")

Record = Sequence[str]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the data: records `0:above` are titles and notes, `above:first` the headings, the rest is data."""

    above: int
    first: int
    headings: tuple[str, ...]


def find_head(records: Sequence[Record]) -> Head:
    """Return where headings and data begin among the first records of a table; pure."""
    if not records:
        return Head(0, 0, ())
    start = _start(records)
    if start and not any(map(_filled, records[:start])) and any(map(is_typed, records[start])):  # all headings are empty
        return Head(start - 1, start, tuple(distinct(records[start - 1])))
    above, rows = _group_rows(records, start)
    if above == start and _is_headless(records[start:]):
        return Head(start, start, tuple(distinct("" for _ in records[start])))
    return Head(above, start + len(rows) - (start - above), tuple(distinct(_joined(rows))))


def count_known(record: Iterable[str]) -> int:
    """Return how many of the cells are headings we know."""
    return sum(said(cell).kind in SAYING for cell in islice(record, WIDEST) if 0 < len(cell) < LONGEST)


def rows_under(
    records: Iterable[Record], headings: Sequence[str], repeats: Container[tuple[str, ...]] = (), *, padded: bool = False
) -> Iterator[Row]:
    """Yield each record under the headings; one more cell than headings is `column 5`, and so on.

    A record that repeats the headings is a row with that trouble. `padded`: cells missing at the end are empty, not absent.
    """
    names = list(headings)
    for cells in records:
        if len(cells) > len(names):
            names = distinct((*names, *("" for _ in cells[len(names) :])))
        fields = dict(zip_longest(names, cells, fillvalue="")) if padded else dict(zip(names, cells, strict=False))
        yield Row(fields, REPEATED if repeats and tuple(cells) in repeats else None)


def _width(records: Sequence[Record]) -> int:
    """Return how many cells most records have that have more than one; of equals, those under known headings, then the first."""
    widths = Counter(len(each) for each in records if len(each) > 1)
    often = [width for width, times in widths.items() if times == max(widths.values())]
    named = {len(each) for each in records[:DEEPEST] if count_known(each) > 1} if len(often) > 1 else set()
    return next((width for width in often if width in named), next(iter(often), 1))


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record)


def _start(records: Sequence[Record]) -> int:
    """Return which record is the first of the table: nearly full, and not a note above known headings."""
    width = _width(records)
    if width == 1:
        return 0
    enough = [2 * _filled(each) > width or _is_all_known(each, width) for each in records[:DEEPEST]]
    start = next((number for number, full in enumerate(enough) if full and not _is_comment(records[number], width)), 0)
    if len(records[start]) < width and not count_known(records[start]):
        later = range(start + 1, min(len(records), start + 30))
        return next((number for number in later if len(records[number]) >= width and count_known(records[number]) > 1), start)
    return start


def _is_comment(record: Record, width: int) -> bool:
    return record[0].lstrip().startswith(("#", "//")) and len(record) != width


def _is_all_known(record: Record, width: int) -> bool:
    return len(record) == width and 0 < _filled(record) == count_known(record)


def _is_headless(records: Sequence[Record]) -> bool:
    """Say whether the first record is data.

    It is if it holds an address, a host name above host names (`company.name` alone looks just like one), a number above
    numbers, or what stands below it again; not if it holds a heading we know.
    """
    first, below = records[0], [each for each in records[1:50] if list(each) != list(records[0])]
    if any(ADDRESS.match(cell.strip()) for cell in first):
        return True
    columns = [[row[at].strip() for row in below if at < len(row) and row[at].strip()] for at in range(len(first))]
    cells = [cell.strip() for cell in first]
    if any(HOST.match(cell) and _most(column, HOST.match) for cell, column in zip(cells, columns, strict=True)):
        return True
    if count_known(first):
        return False
    return _has_numbers(cells, columns) or any(
        cell and column.count(cell) > 1 for cell, column in zip(cells, columns, strict=True)
    )


def _has_numbers(cells: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Say whether numbers stand above numbers, other than years and counted columns."""
    numbers = [cell for cell in cells if is_typed(cell)]
    if len(numbers) > 1 and all(cell.isdecimal() for cell in numbers):
        counted = [int(cell) for cell in numbers]
        if counted == list(range(counted[0], counted[0] + len(counted))) and counted[0] < 2:
            return False
    if numbers and all(map(YEAR.fullmatch, numbers)) and len(numbers) > 1:
        return False
    alone = not any(columns)
    return any(is_typed(cell) and (alone or _most(column, is_typed, 0.8)) for cell, column in zip(cells, columns, strict=True))


def _most(column: Sequence[str], test: Callable[[str], object], share: float = 0.5) -> bool:
    """Say whether there are cells below, and enough of them pass."""
    return bool(column) and sum(bool(test(cell)) for cell in column) >= share * len(column)


def _group_rows(records: Sequence[Record], start: int) -> tuple[int, list[list[str]]]:
    """Return where the headings begin and their rows: a row of groups above, rows of details and units below."""
    above = start
    while above and start - above < MOST_HEADING_ROWS - 1 and _is_group(records[above - 1], records[start]):
        above -= 1
    end = start + 1
    while (
        end - above < MOST_HEADING_ROWS
        and end < len(records)
        and _continues(records[start:end], records[end], records[end + 1 :])
    ):
        end += 1
    rows = [list(each) for each in records[above:end]]
    return above, [_spread(each) if number + 1 < len(rows) else each for number, each in enumerate(rows)]


def _is_group(record: Record, headings: Record) -> bool:
    """Say whether the record names groups of the headings below it: several names with blanks between them."""
    at = [number for number, cell in enumerate(record) if cell.strip()]
    apart = len(at) > 1 and at != list(range(at[0], at[0] + len(at)))
    return apart and len(record) <= len(headings) and not any(map(is_typed, record)) and not any(map(ADDRESS.match, record))


def _continues(rows: Sequence[Record], record: Record, below: Sequence[Record]) -> bool:
    """Say whether the record goes on with the headings: it fills their blanks, holds units, or words above columns of numbers."""
    cells = [cell.strip() for cell in record]
    if (
        list(record) in map(list, rows)
        or not any(cells)
        or any(map(is_typed, cells))
        or any(map(ADDRESS.match, cells))
        or len(record) > len(rows[0]) + 1
    ):
        return False
    if all(UNIT.fullmatch(cell) for cell in cells if cell):
        return True
    heads = [*rows[-1], *("" for _ in cells)]
    blanks = [at for at, cell in enumerate(cells) if cell and not heads[at].strip()]
    if len(blanks) > 1 and count_known(cells) > 1:
        return True
    typed = [
        at
        for at in range(len(cells))
        if _most([row[at] for row in below[:50] if at < len(row) and row[at].strip()], is_typed, 0.8)
    ]
    return len(below) > 1 and sum(bool(cells[at] and stated(cells[at])) for at in typed) == len(typed) > 1


def _spread(record: Sequence[str]) -> list[str]:
    """Return the group's name over each of its columns, as merged cells mean it."""
    spread: list[str] = []
    for cell in record:
        spread.append(cell if cell.strip() or not spread else spread[-1])
    return spread


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one heading a column: `Contact / Name` out of two rows, wrapped lines made one."""
    width = max(map(len, rows))
    columns = [[" ".join(row[at].lstrip("\ufeff").split()) for row in rows if at < len(row)] for at in range(width)]
    return [" / ".join(dict.fromkeys(filter(None, parts))) for parts in columns]
