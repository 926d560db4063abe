"""The release described for machines: a Frictionless data package of its CSV and Parquet files.

Here: the descriptor as a dict that JSON can hold. Elsewhere: the same for people (`dictionary`), what the files hold (sql/mart).
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.release.dictionary import Types
from pipelines.release.manifest import sha256
from pipelines.tables import Table

_FIELD_TYPES = {
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "time": "time",
    "double": "number",
    "float": "number",
    "decimal": "number",
    "struct": "object",
    "map": "object",
    "json": "object",
}


def datapackage(folder: Path, files: Mapping[str, Table], types: Types, *, version: str, as_of: str) -> dict[str, Any]:
    """Return the descriptor of the files in a release's folder, `path -> the table it holds`; `as_of` is ISO 8601."""
    published = {table.name: table for table in files.values()}
    return {
        "profile": "data-package",
        "name": "bullseye-release",
        "title": "Bullseye: who is our customer, who is not, why, and what to say",
        "version": version,
        "created": as_of,
        "resources": [_resource(folder / path, path, table, types, published) for path, table in files.items()],
    }


def field_type(duckdb_type: str, *, as_text: bool = False) -> str:
    """Return the Frictionless type of a DuckDB type; in a text file a list is a string, its values joined by "; "."""
    if duckdb_type.endswith("]"):
        return "string" if as_text else "array"
    word = re.split(r"\W", duckdb_type.lower())[0]
    return _FIELD_TYPES.get(word, "integer" if "int" in word else "string")


def _resource(file: Path, path: str, table: Table, types: Types, published: Mapping[str, Table]) -> dict[str, Any]:
    text = file.suffix == ".csv"
    media = {"mediatype": "text/csv", "encoding": "utf-8"} if text else {"mediatype": "application/vnd.apache.parquet"}
    return {
        "name": re.sub(r"[^a-z0-9._-]", "-", path.rpartition("/")[2]),
        "path": path,
        "profile": "tabular-data-resource" if text else "data-resource",
        "description": table.description,
        "format": file.suffix[1:],
        **media,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        "schema": {
            "fields": [
                {
                    "name": each.name,
                    "type": field_type(types[table.full_name][each.name], as_text=text),
                    "description": each.description,
                }
                for each in table.columns
            ],
            "primaryKey": list(table.grain),
            "foreignKeys": list(_foreign_keys(table, published)),
        },
    }


def _foreign_keys(table: Table, published: Mapping[str, Table]) -> Iterable[dict[str, Any]]:
    """Yield the references that lead to a published table; core.organization is published as mart.organization."""
    for promise in table.promises:
        if promise.kind == "references":
            _, target, column = promise.arguments[0].split(".")
            if target in published and target != table.name and (column,) == published[target].grain:
                resource = f"{target}.parquet"
                yield {"fields": list(promise.columns), "reference": {"resource": resource, "fields": [column]}}
