"""The third stage in the graph: every SQL model as an asset, built in one op.

Here: one op for all of them, because a step costs more than a model. Elsewhere: the models (sql/), their order
(`pipelines.warehouse`).
"""

from collections.abc import Iterator, Mapping

from dagster import AssetExecutionContext, AssetsDefinition, MaterializeResult, multi_asset

from assets.resources import House
from assets.specs import key_of, materialized, table_spec
from pipelines import stages
from pipelines.lock import running
from pipelines.tables import Table


def models(tables: Mapping[str, Table], graph: Mapping[str, frozenset[str]]) -> AssetsDefinition:
    """Return the multi-asset of the models that reason about facts."""
    specs = [
        table_spec(table, "mart" if table.schema == "mart" else "reason", map(key_of, graph[name]))
        for name, table in tables.items()
    ]

    @multi_asset(name="reason", specs=specs)
    def reason(context: AssetExecutionContext, house: House) -> Iterator[MaterializeResult[None]]:
        """Build every model, each after those it reads."""
        job = house.job(context)
        with running(job.home.folder):
            stages.reason(job)
        with job.open() as warehouse:
            yield from (materialized(warehouse, table) for table in tables.values())

    return reason
