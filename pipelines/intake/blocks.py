"""Rows as columns: how a lead list travels from its file to its tables, some ten thousand rows at a time.

Here: making a block of rows, and what can be done with whole columns of text. Elsewhere: where rows come from (`formats`,
`delimited`), what a column means (`understanding`).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import SEPARATOR
from pipelines.intake.rows import Block, Column, Flags, Row, Texts, storable

ROWS = 50_000
TEXT = pa.string()
quoted = json.JSONEncoder(ensure_ascii=False).encode
T = TypeVar("T")
_ESCAPED = r'["\\\x00-\x1f]'


def in_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """Yield the rows, in their order, in blocks of at most ROWS."""
    rest = iter(rows)
    while batch := list(islice(rest, ROWS)):
        yield block_of(batch)


def block_of(rows: Sequence[Row]) -> Block:
    """Return the rows as one block."""
    headings = dict.fromkeys(heading for row in rows for heading in row.fields)
    troubles = {position: row.trouble for position, row in enumerate(rows) if row.trouble is not None}
    return Block(len(rows), {heading: _column(rows, heading) for heading in headings}, troubles)


def _column(rows: Sequence[Row], heading: str) -> Texts:
    cells = (row.fields.get(heading) for row in rows)
    return pa.array([None if cell is None else storable(cell) for cell in cells], pa.string())


def fields_of(block: Block, position: int) -> dict[str, str]:
    """Return one row of the block as heading -> raw text."""
    return {heading: cell.as_py() for heading, column in block.columns.items() if (cell := column[position]).is_valid}


def nothing(rows: int, kind: Column = TEXT) -> Column:
    """Return a column of that many nulls."""
    return pa.nulls(rows, kind)


def same(text: str, rows: int) -> Texts:
    """Return the text that many times."""
    return pa.repeat(text, rows)


def mapped(column: Texts, understand: Callable[[str], T | None], kind: pa.DataType | None = None) -> Column:
    """Return what each text of the column means, each different one asked once; null where it means nothing."""
    encoded = column.dictionary_encode()
    meanings = [understand(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(meanings, kind or TEXT).take(encoded.indices)


def as_json_objects(columns: Mapping[str, Texts], rows: int) -> Texts:
    """Return each row as a JSON object of heading to text, in the order given, null cells left out."""
    cells = {f",{quoted(heading)}:": _escaped(column) for heading, column in columns.items() if column.null_count < rows}
    if not cells:
        return same("{}", rows)
    if any(column.null_count for column in cells.values()):
        pairs = [pc.fill_null(joined(f'{key}"', cell, '"'), "") for key, cell in cells.items()]
        return joined("{", pc.utf8_slice_codeunits(joined(*pairs), 1), "}")
    between = [part for key, cell in cells.items() for part in (f'{key}"', cell, '"')]
    return joined("{" + between[0][1:], *between[1:], "}")


def joined(*parts: Texts | str) -> Texts:
    """Return the parts of each row, one after the other; null where one of them is."""
    return pc.binary_join_element_wise(*parts, "")


def hashed(kind: str, columns: Mapping[str, Texts], rows: int) -> Texts:
    """Return an id of each row: `make_id` of the headings of its cells, in alphabetical order, and then of their texts."""
    cells = {heading: columns[heading] for heading in sorted(columns)}
    if any(column.null_count for column in cells.values()):
        heads = [pc.if_else(pc.is_valid(column), SEPARATOR + heading, "") for heading, column in cells.items()]
        texts = [pc.fill_null(joined(SEPARATOR, column), "") for column in cells.values()]
        raw = joined(*heads, *texts)
    else:
        raw = pc.binary_join_element_wise("", *cells, *cells.values(), SEPARATOR) if cells else same("", rows)
    digits = b"".join([sha256(text[1:]).digest()[:8] for text in raw.cast(pa.binary()).to_pylist()]).hex().encode()
    ends = np.arange(0, 16 * rows + 1, 16, dtype=np.int32)
    return joined(f"{kind}_", pa.StringArray.from_buffers(rows, pa.py_buffer(ends.tobytes()), pa.py_buffer(digits)))


def where(condition: Flags, column: Column) -> Column:
    """Return the column, null where the condition does not hold."""
    return pc.if_else(condition, column, pa.scalar(None, column.type))


def says_something(column: Texts) -> Flags:
    """Say of each cell whether there is more in it than white space."""
    blank = pc.or_(pc.equal(column, ""), pc.utf8_is_space(column))
    return pc.fill_null(pc.invert(blank), False)


def _escaped(column: Texts) -> Texts:
    """Return each text as it stands between the quotes of JSON; what needs no escape, nearly all, is not looked at one by one."""
    letters = np.frombuffer(column.buffers()[2] or b" ", np.uint8)
    if letters.min(initial=ord(" ")) >= ord(" ") and not any((letters == odd).any() for odd in b'"\\'):
        return column
    odd = pc.fill_null(pc.match_substring_regex(column, _ESCAPED), False)
    return pc.if_else(odd, mapped(where(odd, column), lambda text: quoted(text)[1:-1]), column)
