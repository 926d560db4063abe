"""What a table's file says of its columns, held: a contract accepts exactly those, a model returns exactly those.

Here: comparing columns, and rows as Arrow. Elsewhere: the file (`tables`), the loading and building (`warehouse`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from pipelines.errors import Stop
from pipelines.tables import Table

Row = Mapping[str, Any]


def find_contract(tables: Mapping[str, Table], name: str) -> Table:
    """Return a contract by its full name; raises `Stop` when there is none."""
    if name not in tables or tables[name].kind != "contract":
        raise Stop(f"{name} cannot be loaded; it is no contract of sql/, so nothing but its own query fills it.")
    return tables[name]


def check_columns(contract: Table, offered: Iterable[str]) -> None:
    """Raise `Stop`, naming both lists, unless the columns offered are those of the contract, in any order."""
    offered, documented = list(offered), [column.name for column in contract.columns]
    if sorted(offered) != sorted(documented):
        raise Stop(f"{contract.full_name} is offered {offered}, but its contract has {documented}; make them the same.")


def check_result(model: Table, found: Sequence[str]) -> None:
    """Raise `Stop`, naming both lists, unless a model returned the columns it describes, in their order."""
    described = [column.name for column in model.columns]
    if list(found) != described:
        raise Stop(f"{model.place} returns {list(found)}, but describes {described}; make them the same.")


def as_arrow(contract: Table, rows: Sequence[Row]) -> pa.Table:
    """Return rows as Arrow; every row has each of the contract's columns, since a forgotten one would be a silent null."""
    for row in rows:
        check_columns(contract, row)
    try:
        return pa.table({column.name: [row[column.name] for row in rows] for column in contract.columns})
    except pa.ArrowException as error:
        raise Stop(f"{contract.full_name} cannot be loaded: {error}; give each column one type.") from error
