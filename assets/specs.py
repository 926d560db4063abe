"""How tables, sources and promises look in the graph.

Here: the specs, each with description, columns, kinds, group, owner and where its code is. Elsewhere: what materializes them
(the stages beside this file).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from warnings import catch_warnings, simplefilter

from dagster import (
    AssetCheckSpec,
    AssetKey,
    AssetSpec,
    BetaWarning,
    CodeReferencesMetadataValue,
    LocalFileCodeReference,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableSchema,
)

from pipelines.job import ROOT
from pipelines.promises import Promise
from pipelines.source import Source
from pipelines.tables import Table
from pipelines.warehouse import Warehouse

OWNERS = ["team:data"]


def key_of(table: str) -> AssetKey:
    """Return the asset key of `schema.table`."""
    return AssetKey(table.split("."))


def table_spec(table: Table, group: str, reads: Iterable[AssetKey]) -> AssetSpec:
    """Return the spec of a table, as its SQL file describes it."""
    columns = TableSchema([TableColumn(each.name, description=each.description) for each in table.columns])
    return AssetSpec(
        key_of(table.full_name),
        deps=sorted(reads),
        description=table.description,
        group_name=group,
        owners=OWNERS,
        kinds={"duckdb", "sql" if table.kind == "model" else "python"},
        metadata={"dagster/column_schema": columns, **code_at(table.path)},
    )


def source_spec(source: Source, reads: Iterable[AssetKey]) -> AssetSpec:
    """Return the spec of a source."""
    place = ROOT / "pipelines" / "sources" / source.name
    return AssetSpec(
        AssetKey(["source", source.name]),
        deps=sorted(reads),
        description=f"{source.description} Terms: {source.terms}. States: {', '.join(sorted(source.states))}.",
        group_name="enrich",
        owners=OWNERS,
        kinds={"python"},
        metadata=code_at(place / "__init__.py" if place.is_dir() else place.with_suffix(".py")),
    )


def check_spec(promise: Promise, *, blocking: bool) -> AssetCheckSpec:
    """Return the spec of a promise. Whatever blocks in the graph, publishing refuses every broken `expect`."""
    return AssetCheckSpec(
        promise.name,
        asset=key_of(promise.table),
        description=promise.text,
        blocking=blocking,
        metadata={"loudness": promise.loudness},
    )


def code_at(path: Path) -> Mapping[str, CodeReferencesMetadataValue]:
    """Return the metadata that links an asset to its file."""
    with catch_warnings():
        simplefilter("ignore", BetaWarning)  # the links are worth it; should they change, the graph's test says so
        reference = LocalFileCodeReference(file_path=str(path), line_number=1, label=path.relative_to(ROOT).as_posix())
        return {"dagster/code_references": CodeReferencesMetadataValue(code_references=[reference])}


def materialized(warehouse: Warehouse, table: Table) -> MaterializeResult[None]:
    """Return what became of a table: its rows, and its columns with their types as built."""
    described = {each.name: each.description for each in table.columns}
    columns = [TableColumn(name, kind, description=described.get(name)) for name, kind in warehouse.columns(table.full_name)]
    return MaterializeResult(
        asset_key=key_of(table.full_name),
        metadata={
            "dagster/row_count": MetadataValue.int(warehouse.count(table.full_name)),
            "dagster/column_schema": TableSchema(columns),
        },
    )
