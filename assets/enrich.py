"""The second stage in the graph: every source as an asset, and what they brought.

Here: one op that asks and reads, and loads requests, captures, misses and facts. Elsewhere: what it does
(`pipelines.stages.look`), the sources (`pipelines.sources`).
"""

from collections.abc import Iterator, Mapping, Sequence

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, ResourceParam, multi_asset

from assets.resources import House, Teller
from assets.specs import key_of, materialized, source_spec, table_spec
from pipelines import stages
from pipelines.lock import running
from pipelines.source import Source
from pipelines.tables import Table

ASKED = "asked"
"""Requests somebody's server was asked by all sources of the run; not there for a replay."""
ORGANIZATIONS = key_of("core.organization")
COUNTS = """
    select source, count(*) as facts, count(distinct organization_id) as organizations
    from core.fact
    group by source
"""


def enrich(tables: Mapping[str, Table], sources: Sequence[Source]) -> AssetsDefinition:
    """Return the multi-asset of the sources and of the tables they fill."""
    asked = [source_spec(source, [ORGANIZATIONS]) for source in sources]
    filled = [table_spec(table, "enrich", [spec.key for spec in asked]) for table in tables.values()]

    @multi_asset(name="enrich", specs=[*asked, *filled])
    def look(context: AssetExecutionContext, house: House, teller: ResourceParam[Teller]) -> Iterator[MaterializeResult[None]]:
        """Ask the sources about every organization and load what they said."""
        job = house.job(context, teller.progress)
        with running(job.home.folder):
            looked = stages.look(job)
        with job.open() as warehouse:
            said = {row["source"]: row for row in warehouse.rows(COUNTS)}
            for spec, source in zip(asked, sources, strict=True):
                yield _result(spec.key, said.get(source.name, {"facts": 0, "organizations": 0}), looked)
            yield from (materialized(warehouse, table) for table in tables.values())

    return look


def _result(key: AssetKey, counts: Mapping[str, int], looked: stages.Looked) -> MaterializeResult[None]:
    figures = {"dagster/row_count": counts["facts"], "organizations": counts["organizations"]}
    asked = {} if looked.asked is None else {ASKED: looked.asked}
    return MaterializeResult(asset_key=key, metadata={**figures, **asked})
