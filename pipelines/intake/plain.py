"""Big delimited lists, whole stretches of lines at once: columns straight from the text wherever it is plain.

Here: stretches whose quotes all open and close where a cell does, cut by pyarrow; any other stretch, and any record of another
width, goes the long way. Both ways read the same: a test holds them to it. Elsewhere: the long way (`delimited`).
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, islice
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from pipelines.errors import Skip
from pipelines.intake.blocks import block_of, in_blocks, nothing
from pipelines.intake.delimited import REPEATED, SAMPLE_LINES, Layout, cut_rows, find_layout, lines_of, read_delimited
from pipelines.intake.encodings import open_text
from pipelines.intake.feed import Feed
from pipelines.intake.rows import Block, Row, Sheet, Texts

STRETCH = 1 << 23  # characters
BIG = 1 << 20
"""From how many bytes on a file is worth the trouble."""
NEWLINE, QUOTE = b'\n"'
NEWLINES = np.frombuffer(b"\r\n", np.uint8)
LINE_ENDS = ("\n", "\r")
PATIENCE, MOST_PATIENCE = 64, 1 << 16
"""How many lines go the long way behind a stray quote; twice as many when the next is near."""
Odd = tuple[int, str]
"""A record of another width: its number among the records of the stretch, from 1, and its text."""


def read_table(path: Path) -> Sheet:
    """Read the file as `read_delimited` does, a big one in blocks where its layout allows."""
    sheet = read_delimited(path)
    if path.stat().st_size < BIG:
        return sheet
    layout = find_layout(list(islice(lines_of(path), SAMPLE_LINES)))
    return replace(sheet, blocks=plain_blocks(path, layout)) if is_plain(layout) else sheet


def is_plain(layout: Layout) -> bool:
    """Say whether a list of this layout can be read at once at all."""
    return layout.dialect.is_plain and layout.dialect.delimiter.isascii()


def plain_blocks(path: Path, layout: Layout) -> Iterator[Block]:
    """Yield the rows of the file in blocks, in their order; its layout must be plain."""
    with open_text(path) as file:
        before = "".join(islice(file, layout.before))
        text, patience = file.read(STRETCH), PATIENCE
        text = text if before else text.removeprefix("\ufeff")
        while text:
            data = text.encode()
            end, is_sound = _plain_end(data, layout.dialect.delimiter, ends=len(text) < STRETCH)
            if end:
                yield from _at_once(data[:end], layout)
                text = data[end:].decode()
            else:
                buffer = io.StringIO(text, newline="")
                feed = Feed(_going_on(buffer, file))
                yield from in_blocks(_by_line(feed, patience, layout))
                text = "".join(feed.rest()) + buffer.read()
            patience = PATIENCE if end and is_sound else min(2 * patience, MOST_PATIENCE)
            text += file.read(max(STRETCH - len(text), 1))


def _plain_end(data: bytes, delimiter: str, *, ends: bool) -> tuple[int, bool]:
    """Return how many of the bytes are whole records whose quotes open and close only where a cell does, and if all quotes do.

    Quotes side by side count as one, or as none if they are even: within a cell a doubled quote is a character. `ends`: behind
    the last byte the file ends, and with it a record.
    """
    letters = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(letters == QUOTE)
    first = np.flatnonzero(np.diff(quotes, prepend=-2) > 1)
    starts, lengths = quotes[first], np.diff(first, append=len(quotes))
    odd = lengths % 2 == 1
    is_open = (np.cumsum(odd) - odd) % 2 == 1
    within = np.concatenate((NEWLINES, letters, NEWLINES))
    at_start, at_end = (np.isin(within[near], [ord(delimiter), *NEWLINES]) for near in (starts + 1, starts + lengths + 2))
    wrong = starts[np.where(is_open, odd & ~at_end, ~at_start | (~odd & ~at_end))]
    sound = int(wrong[0]) if len(wrong) else len(data)
    if ends and not len(wrong) and odd.sum() % 2 == 0:
        return len(data), True
    lines = np.flatnonzero(letters[:sound] == NEWLINE)
    closed = lines[np.searchsorted(starts[odd], lines) % 2 == 0]
    return int(closed[-1]) + 1 if len(closed) else 0, not len(wrong)


def _at_once(stretch: bytes, layout: Layout) -> Iterator[Block]:
    """Yield the rows of a plain stretch."""
    odd: list[Odd] = []

    def set_aside(row: csv.InvalidRow) -> Literal["skip"]:
        odd.append((row.number or 0, row.text))  # without threads, which we do without, there is a number
        return "skip"

    names = list(layout.headings)
    table = csv.read_csv(
        io.BytesIO(stretch),
        csv.ReadOptions(use_threads=False, block_size=len(stretch) + 1, column_names=names),
        csv.ParseOptions(delimiter=layout.dialect.delimiter, newlines_in_values=True, invalid_row_handler=set_aside),
        csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    columns = {name: column.combine_chunks() for name, column in zip(names, table.columns, strict=True)}
    block = Block(table.num_rows, columns, _repeated(columns, layout))
    yield _with_odd(block, odd, layout) if odd else block


def _repeated(columns: Mapping[str, Texts], layout: Layout) -> dict[int, Skip]:
    """Return the rows that repeat the headings."""
    found: dict[int, Skip] = {}
    for each in layout.repeats:
        if len(each) == len(columns):
            same = [pc.equal(column, cell) for column, cell in zip(columns.values(), each, strict=True)]
            found |= dict.fromkeys(pc.indices_nonzero(reduce(pc.and_, same)).to_pylist(), REPEATED)
    return found


def _with_odd(block: Block, odd: Sequence[Odd], layout: Layout) -> Block:
    """Return the block with the records that were set aside, read the long way, where they stood."""
    rows = [list(cut_rows(Feed(io.StringIO(text, newline="")), layout)) for _, text in odd]
    places = [number - 1 - skipped for skipped, (number, _) in enumerate(odd) for _ in rows[skipped]]
    aside = block_of(list(chain.from_iterable(rows)))
    order = np.insert(np.arange(block.rows), places, np.arange(block.rows, block.rows + aside.rows))
    columns = {
        heading: pa.concat_arrays([each.columns.get(heading, nothing(each.rows)) for each in (block, aside)]).take(order)
        for heading in {**block.columns, **aside.columns}
    }
    troubles = {**block.troubles, **{block.rows + position: skip for position, skip in aside.troubles.items()}}
    return Block(
        len(order), columns, {at: troubles[was] for at, was in enumerate(order.tolist()) if was in troubles} if troubles else {}
    )


def _by_line(feed: Feed, lines: int, layout: Layout) -> Iterator[Row]:
    """Yield the rows of that many lines, and of those in which their last record ends."""
    for row in cut_rows(feed, layout):
        yield row
        if feed.position >= lines:
            break


def _going_on(buffer: io.StringIO, file: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the buffer, then those of the file, in which the last of the buffer's may end."""
    more = iter(file)
    for line in buffer:  # not `yield from`, which would close it with this generator
        yield line if line.endswith(LINE_ENDS) else line + next(more, "")
    for line in more:
        yield line
