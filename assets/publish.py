"""The last stage in the graph: the release.

Here: the one asset that people take away. Elsewhere: what is in it and how it is switched in (`pipelines.release`).
"""

from collections.abc import Iterable

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, MetadataValue, asset

from assets.resources import House
from assets.specs import OWNERS, code_at
from pipelines import stages
from pipelines.job import ROOT
from pipelines.lock import running
from pipelines.release.previous import read_manifests


def publish(reads: Iterable[AssetKey]) -> AssetsDefinition:
    """Return the release, downstream of every published table and its blocking checks."""

    @asset(
        key=["release"],
        deps=sorted(reads),
        group_name="release",
        owners=OWNERS,
        kinds={"duckdb", "parquet", "csv"},
        metadata=code_at(ROOT / "pipelines" / "release" / "snapshot.py"),
    )
    def release(context: AssetExecutionContext, house: House) -> MaterializeResult[None]:
        """Publish one immutable, dated snapshot: tables, exports, dictionary, quality report; switched in with one rename."""
        job = house.job(context)
        with running(job.home.folder):
            folder = stages.publish(job, stages.check(job))
        manifest = read_manifests(folder.parent)[folder.name]
        rows, warnings = manifest["rows"], manifest["promises"]["warnings"]
        told = {"rows": MetadataValue.json(dict(rows)), "changes": rows["mart.release_change"], "warnings": len(warnings)}
        return MaterializeResult(metadata={"release": folder.name, "folder": str(folder), **told})

    return release
