"""The whole graph, assembled: what `dagster dev` loads and what `bullseye run` runs.

Here: which tables belong to which stage, and nothing else. Elsewhere: the stages (beside this file).
"""

from dagster import AssetSpec, Definitions, map_asset_specs

from assets.automation import DAILY, FRESH, JOB, inbox_sensor
from assets.checks import checks
from assets.enrich import enrich
from assets.intake import intake
from assets.models import models
from assets.publish import publish
from assets.resources import House, Teller, from_environment
from assets.retention import NIGHTLY, retain
from assets.specs import key_of
from pipelines.job import ROOT
from pipelines.order import build_order
from pipelines.sources import all_sources
from pipelines.stages import FOUND, REASONED, early_models
from pipelines.tables import read_tables
from pipelines.warehouse import dependencies


def build(house: House | None = None, teller: Teller | None = None) -> Definitions:
    """Return the graph over a house: by default the checkout's own, as the environment says."""
    files = read_tables(ROOT / "sql")
    graph = dependencies(files)
    tables = {name: files[name] for name in build_order(graph)}
    early = early_models(tables, graph)
    found = {name: tables[name] for name in FOUND}
    reasoned = {
        name: table for name, table in tables.items() if name in REASONED or (table.kind == "model" and name not in early)
    }
    taken_in = {name: table for name, table in tables.items() if name not in found and name not in reasoned}
    promises = [promise for table in tables.values() for promise in table.promises]
    published = [key_of(name) for name, table in tables.items() if table.schema == "mart"]
    stage_assets = [intake(taken_in, graph), enrich(found, all_sources()), models(reasoned, graph), publish(published)]
    given = house or from_environment()
    return Definitions(
        assets=map_asset_specs(_with_freshness, stage_assets),
        asset_checks=[checks(promises, reasoned)],
        jobs=[JOB, retain],
        schedules=[DAILY, NIGHTLY],
        sensors=[inbox_sensor(given)],
        resources={"house": given, "teller": teller or Teller()},
    )


def _with_freshness(spec: AssetSpec) -> AssetSpec:
    return spec.replace_attributes(freshness_policy=FRESH) if spec.key == key_of("release") else spec


defs = build()
