"""What every format reads a lead list into: rows, as they came.

Here: the row, the block and the sheet of rows, and how headings become distinct names. Elsewhere: how each format finds its rows
(`delimited`, `notation`), and what they mean (`understanding`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pipelines.errors import Skip

# What a column of pyarrow is to its kernels is more than its stubs can say; these names say it to people.
Column: TypeAlias = Any
Texts: TypeAlias = Any
Flags: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row: heading to raw text, in the list's order. `trouble` says why it could not be read, if it could not."""

    fields: Mapping[str, str]
    trouble: Skip | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows: heading -> the raw texts of its column, null where a row has no such cell.

    `troubles` says, by position from 0, which rows could not be read, and why; `rows` is how many there are.
    """

    rows: int
    columns: Mapping[str, Texts]
    troubles: Mapping[int, Skip]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table, read as they are asked for, the format they were read from, and the sheet's name in a workbook.

    `aside`: the lines that stand beside the rows and are none of them, as they came: titles, comments, prose.
    `blocks`: the same rows, some ten thousand at once, where the format can tell them faster so; take one or the other.
    """

    format: str
    rows: Iterator[Row]
    name: str | None = None
    aside: tuple[str, ...] = ()
    blocks: Iterator[Block] | None = None


def distinct(names: Iterable[str]) -> list[str]:
    """Return the names, none empty, none twice: `column 3` for a third without one, `name (2)` for a second `name`."""
    found: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        wanted = candidate = name.strip() or f"column {position}"
        number = numbers.get(wanted, 1)
        while candidate in found:
            number += 1
            candidate = f"{wanted} ({number})"
        found[candidate] = None
        numbers[wanted] = number
    return list(found)


def storable(text: str) -> str:
    """Return the text without half characters (lone surrogates), which no table can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
