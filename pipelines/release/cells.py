"""Cells that no spreadsheet runs: values as text and numbers, formulas made harmless.

Here: the columns of a page of rows, flattened for formats that know only text and numbers, and neutralised for CSV. Elsewhere:
the files they go to (`files`).
"""

# A comma-separated file is opened by people whose spreadsheet separates by semicolon or tab, for whom quotes in the middle of a
# field mean nothing: `;=1+1` or a line break followed by `=` begins a cell there. So a formula is made harmless wherever any
# spreadsheet may see a cell begin, not only where we begin one. The raw value stays in Parquet, JSONL and DuckDB.

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = "pa.ChunkedArray[Any]"

LIST_SEPARATOR = "; "
_FIRST, _BEGINS = r"(^)", r"(^|[;；\t\r\n])"
_BLANK = r"([\s\pZ\p{Cc}\p{Cf}\"]*)"
_FORMULA = r"([=+\-@＝＋－＠﹦﹢﹣﹫])"
_LINE_FIRST = r"^([\t\r\n])"
_SEPARATORS = tuple(each.encode() for each in ";；\t\r\n")
_MAY_BE_LIVE = np.array([byte <= 0x20 or byte >= 0x7F or byte in b'"=+-@' for byte in range(256)])
"""Bytes that a cell in which something lives may begin with: blanks, formulas, and whatever is not ASCII."""
_REPEATED = 2
"""How often a column has to say each of its texts, on average, to be looked through text by text instead of row by row."""


def harmless(text: Column) -> Column:
    """Return the texts with an apostrophe before every character that could begin a formula in some spreadsheet.

    Of most columns their bytes alone tell, ten times as fast as the pattern, that no text begins like one, and none holds what
    could separate cells.
    """
    looked = [_looked_at(chunk) for chunk in text.chunks if len(chunk)]
    first, within = (any(each) for each in zip(*looked, strict=True)) if looked else (False, False)
    if not first and not within:
        return text
    pattern = (_BEGINS if within else _FIRST) + _BLANK + _FORMULA
    words = text.unique()
    if len(words) * _REPEATED > len(text):
        return _guarded(text, pattern)
    return _guarded(words, pattern).take(pc.index_in(text, value_set=words))


def _looked_at(texts: "pa.Array[Any]") -> tuple[bool, bool]:
    """Say whether a text may begin with something live, and whether one holds what could separate cells."""
    offsets, content = (memoryview(each or b"") for each in texts.buffers()[1:])
    ends = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * np.dtype(np.int32).itemsize)
    held = bytes(content[ends[0] : ends[-1]])
    begins = ends[:-1][ends[:-1] < ends[1:]] - ends[0]
    first = _MAY_BE_LIVE[np.frombuffer(held, np.uint8)[begins]].any()
    return bool(first), any(each in held for each in _SEPARATORS)


def _guarded(text: Column, pattern: str) -> Column:
    guarded: Column = pc.replace_substring_regex(text, pattern=pattern, replacement=r"\1\2'\3")
    if any(pc.any(pc.starts_with(guarded, pattern=each)).as_py() for each in "\t\r\n"):
        guarded = pc.replace_substring_regex(guarded, pattern=_LINE_FIRST, replacement=r"'\1")
    return guarded


def harmless_words(words: list[str]) -> list[str]:
    """Return the words, such as headings, made harmless like cells."""
    return [str(word) for word in harmless(_texts([*words])).to_pylist()]


def flat(page: pa.Table) -> pa.Table:
    """Return a page whose lists are text, joined by "; ", and whose moments are ISO 8601 in UTC."""
    return _each(page, _flat)


def harmless_page(page: pa.Table) -> pa.Table:
    """Return a flat page whose texts are harmless."""
    return _each(flat(page), lambda column: harmless(column) if pa.types.is_string(column.type) else column)


def _each(page: pa.Table, change: Callable[[Column], Column]) -> pa.Table:
    return pa.table([change(column) for column in page.columns], names=page.column_names)


def _flat(column: Column) -> Column:
    if pa.types.is_list(column.type):
        return _texts(
            [
                None if each is None else LIST_SEPARATOR.join(str(one) for one in each if one is not None)
                for each in column.to_pylist()
            ]
        )
    if pa.types.is_timestamp(column.type):
        return _texts([None if each is None else f"{each.isoformat(timespec='seconds')}Z" for each in column.to_pylist()])
    return column


def _texts(values: list[str | None]) -> Column:
    return pa.chunked_array([values], pa.string())
