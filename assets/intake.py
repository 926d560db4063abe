"""The first stage in the graph: lead lists become rows, leads and organizations.

Here: one op that fills the intake's contracts and builds the models that need nothing of the web. Elsewhere: what it does
(`pipelines.stages.take_in`).
"""

from collections.abc import Iterator, Mapping

from dagster import AssetExecutionContext, AssetsDefinition, AssetSpec, MaterializeResult, ResourceParam, multi_asset

from assets.resources import House, Teller
from assets.specs import key_of, materialized, table_spec
from pipelines import stages
from pipelines.lock import running
from pipelines.tables import Table


def intake(tables: Mapping[str, Table], graph: Mapping[str, frozenset[str]]) -> AssetsDefinition:
    """Return the multi-asset of `tables`: contracts that lists and settings fill, and the models built from them."""
    specs: list[AssetSpec] = [table_spec(table, "intake", map(key_of, graph[name])) for name, table in tables.items()]

    @multi_asset(name="intake", specs=specs)
    def take_in(context: AssetExecutionContext, house: House, teller: ResourceParam[Teller]) -> Iterator[MaterializeResult[None]]:
        """Bring in the lists and find the organizations behind the leads."""
        job = house.job(context, teller.progress)
        with running(job.home.folder):
            stages.take_in(job)
        with job.open() as warehouse:
            yield from (materialized(warehouse, table) for table in tables.values())

    return take_in
