"""The release that a run's is compared with, as rows: SQL says who moved since, and whether there is as much as there was.

Here: which release that is, and its tables as the contracts `raw.previous_…`. Elsewhere: what is made of them (sql/core/move.sql,
volume.sql, drift.sql, column_change.sql), what a release holds (`snapshot`).
"""

# Which release comes before is an input like any other, so that the same inputs make the same release: it is part of the version,
# and the manifest names it. It is the latest made of something else; a release made again is compared with the same as at first.

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.release.manifest import MANIFEST

CURRENT = "current"
VOLUME = "raw.previous_volume"
CONTRACTS = (
    "raw.previous_release", "raw.previous_organization", "raw.previous_reason", "raw.previous_route", VOLUME,
    "raw.previous_list", "raw.previous_column",
)  # fmt: skip
_PART = 100_000
"""Reasons read at a time."""
Tables = dict[str, pa.Table]
Manifest: TypeAlias = Mapping[str, Any]
Columns = Mapping[str, Mapping[str, str]]
"""Table -> column -> DuckDB type."""
_COLUMN = ("table_name", "column_name", "type")


@dataclass(frozen=True, slots=True)
class Previous:
    """The release before: what its manifest says, and its folder, None once it was removed."""

    told: Mapping[str, str]
    folder: Path | None

    @property
    def version(self) -> str:
        """Its name."""
        return self.told["version"]

    @property
    def content(self) -> str:
        """The hash of its tables."""
        return self.told["content"]


def previous_release(releases: Path, found: str, as_of: datetime) -> Previous | None:
    """Return the release that one made of what was `found` (a fingerprint) as of a moment (UTC) is compared with, if any.

    It is the latest made of anything else and not of a later day; for what the current release was made of, the one that it was
    compared with itself, or none where that is gone.
    """
    manifests = read_manifests(releases)
    current = (releases / CURRENT).resolve().name
    made_from = manifests[current]["made_from"] if current in manifests else {}
    if made_from.get("found") == found:
        before = made_from.get("previous")
        return _previous(releases, before) if before else None
    others = [
        (moment_of(each), version == current, version)
        for version, each in manifests.items()
        if each["made_from"].get("found") != found and moment_of(each) <= as_of
    ]
    return _previous(releases, told_of(manifests[max(others)[2]])) if others else None


def read_manifests(releases: Path) -> dict[str, Manifest]:
    """Return version -> manifest of the releases that are there, by version; what is no manifest is passed over."""
    found = {path.parent.name: _read(path) for path in sorted(releases.glob(f"[!.]*/{MANIFEST}")) if path.parent.name != CURRENT}
    return {version: each for version, each in found.items() if each is not None}


def moment_of(manifest: Manifest) -> datetime:
    """Return what a release took for now, UTC without zone."""
    return datetime.fromisoformat(manifest["as_of"]).astimezone(UTC).replace(tzinfo=None)


def told_of(manifest: Manifest) -> dict[str, str]:
    """Return what the manifest of the next release says of this one."""
    kept = {name: str(manifest[name]) for name in ("version", "content", "as_of")}
    made_from = manifest["made_from"]
    return {**kept, "suppression": left_out(str(made_from.get("suppression", "")), str(made_from.get("expired", "")))}


def left_out(suppression: str, expired: str) -> str:
    """Return what tells whom a release leaves out: by the versions of the suppression list and the register of contacts."""
    return " ".join(filter(None, (suppression, expired)))


def _read(path: Path) -> Manifest | None:
    try:
        found: Manifest = json.loads(path.read_text("utf-8"))
        moment_of(found), found["made_from"]["inputs"]
    except (ValueError, KeyError, TypeError, OSError):
        return None
    return found


def _previous(releases: Path, told: Mapping[str, str]) -> Previous:
    folder = releases / told["version"]
    return Previous(dict(told), folder if (folder / MANIFEST).exists() else None)


def previous_parts(previous: Previous | None, suppression: str, known: Collection[str]) -> Iterator[Tables]:
    """Yield the rows of the contracts, reasons in several parts; none where there is no release before, or it is gone.

    Where it left out others (`left_out`), only of the organizations in `known`: the rest may be whom it names. How much there was
    is not told then: that people leave must never be what stops a release without them.
    """
    if previous is None or previous.folder is None:
        return
    allowed = None if previous.told["suppression"] == suppression else pa.array(sorted(known), pa.string())
    for part in _parts(previous.folder / "tables", previous):
        may = {table: rows for table, rows in part.items() if allowed is None or table != VOLUME}
        yield {table: _among(rows, allowed) for table, rows in may.items()}


def _parts(tables: Path, previous: Previous) -> Iterator[Tables]:
    told = pa.table({"version": [previous.version], "as_of": pa.array([moment_of(previous.told)], pa.timestamp("us"))})
    fit = _rows(tables, "fit", ["organization_id", "domain", "icp", "ring", "fit", "readiness"])
    yield {"raw.previous_release": told, "raw.previous_organization": fit.drop_columns("icp")}
    route = _rows(tables, "route", ["organization_id", "action"])
    yield {"raw.previous_route": route.group_by(["organization_id", "action"]).aggregate([])}
    yield {"raw.previous_list": _rows(tables, "lead_list", ["list_id"])}
    yield {VOLUME: _rows(tables, "volume", ["measure", "rows", "changes"])}
    yield {"raw.previous_column": column_rows((_read(tables.parent / MANIFEST) or {}).get("columns", {}))}
    yield from ({"raw.previous_reason": part} for part in _reasons(tables, fit.select(["organization_id", "icp"])))


def _reasons(tables: Path, best: pa.Table) -> Iterator[pa.Table]:
    """Yield what told for or against each organization in its best profile: of a rule that counts twice, one row."""
    columns = ["organization_id", "icp", "figure", "rule_id", "verdict", "disqualifies", "because"]
    for batch in pq.ParquetFile(tables / "fit_reason.parquet").iter_batches(_PART, columns=columns):
        part = pa.Table.from_batches([batch])
        counts = pc.and_(pc.not_equal(part["figure"], "reach"), pc.or_(pc.equal(part["verdict"], "yes"), part["disqualifies"]))
        told = part.filter(counts).join(best, ["organization_id", "icp"], join_type="left semi")
        yield told.select(["organization_id", "rule_id", "verdict", "because"])


def column_rows(columns: Columns) -> pa.Table:
    """Return the columns of tables as rows."""
    told = [(table, name, kind) for table, types in sorted(columns.items()) for name, kind in types.items()]
    return pa.table({name: pa.array([row[at] for row in told], pa.string()) for at, name in enumerate(_COLUMN)})


def _rows(tables: Path, name: str, columns: Sequence[str]) -> pa.Table:
    """Return columns of a table; no rows where the release was made before there were such."""
    path = tables / f"{name}.parquet"
    if not path.exists() or not set(columns) <= set(pq.read_schema(path).names):
        return pa.table({column: pa.nulls(0) for column in columns})
    return pq.read_table(path, columns=list(columns))


def _among(rows: pa.Table, allowed: pa.StringArray | None) -> pa.Table:
    """Return the rows about organizations that may be told of."""
    if allowed is None or "organization_id" not in rows.column_names:
        return rows
    return rows.filter(pc.is_in(rows["organization_id"], allowed))
