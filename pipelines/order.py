"""In which order models are built: after the tables they read, and only ever down the ladder.

Here: which tables a query reads, found in the JSON tree that DuckDB serializes it to, and the order that follows. Elsewhere:
the serializing and the building (`warehouse`).
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pipelines.errors import Stop
from pipelines.tables import Table

LADDER: Mapping[str, tuple[str, ...]] = {"raw": (), "core": ("raw", "core"), "mart": ("core", "mart")}
"""Schema -> the schemas its tables may read."""

SO_FAR = "recurring"
"""What a recursive CTE with a key calls itself by, as a schema, to see all it has found so far."""


def read_graph(tables: Mapping[str, Table], serialize: Callable[[str], str]) -> dict[str, frozenset[str]]:
    """Return table -> the tables its query reads; a contract reads none. `serialize` is DuckDB's json_serialize_sql.

    Raises `Stop` for a query that is no SQL, and for a table that is not known or stands higher on the ladder.
    """
    graph = {}
    for table in tables.values():
        found = _tables_read(table, serialize) if table.kind == "model" else frozenset()
        for read in sorted(found):
            _check(table, read, tables)
        graph[table.full_name] = found
    return graph


def build_order(graph: Mapping[str, frozenset[str]], only: Collection[str] | None = None) -> list[str]:
    """Return tables after those they read, all or only some, the same in every run; raises `Stop` naming a circle."""
    unknown = sorted(set(only or ()) - set(graph))
    if unknown:
        raise Stop(f"{', '.join(unknown)} cannot be built; sql/ has no such table.")
    sorter = TopologicalSorter({table: sorted(graph[table]) for table in sorted(graph)})
    try:
        return [table for table in sorter.static_order() if only is None or table in only]
    except CycleError as error:
        raise Stop(f"{' reads '.join(reversed(error.args[1]))}: a circle; cut it at one of them.") from None


def _tables_read(table: Table, serialize: Callable[[str], str]) -> frozenset[str]:
    """Return `schema.table`, or a bare name that is not among the query's CTEs."""
    tree = json.loads(serialize(table.sql))
    if tree["error"]:
        raise Stop(f"{table.place} is not understood: {tree['error_message']}.")
    nodes = list(_nodes(tree))
    ctes = {entry["key"].lower() for node in nodes for entry in _ctes(node)}
    read = [(node["schema_name"], node["table_name"]) for node in nodes if node.get("type") == "BASE_TABLE"]
    return frozenset(".".join(filter(None, pair)) for pair in read if pair[0] not in ("", SO_FAR) or pair[1].lower() not in ctes)


def _check(table: Table, read: str, tables: Mapping[str, Table]) -> None:
    if read not in tables:
        raise Stop(f"{table.place} reads {read}, which is no table of sql/; write schema.table, or name a CTE above.")
    allowed = LADDER.get(table.schema, ())
    if tables[read].schema not in allowed:
        raise Stop(f"{table.place} reads {read}, but {table.schema} may read {' and '.join(allowed) or 'nothing'}.")


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON tree, however deep."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _ctes(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the CTEs a query node names: `{"cte_map": {"map": [{"key": name, …}]}}`."""
    entries: list[dict[str, Any]] = (node.get("cte_map") or {}).get("map", [])
    return entries
