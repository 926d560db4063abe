"""The graph as Dagster sees it: everything in it, described, run in one process, blocking when a promise breaks."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from dagster import AssetKey, DagsterInstance, DefaultScheduleStatus, Definitions, build_sensor_context

from assets.automation import inbox_sensor
from assets.definitions import build
from assets.passing import passing
from assets.resources import House
from assets.run import run
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import ROOT, silent
from pipelines.questions import current_release
from pipelines.sources import all_sources
from pipelines.tables import read_tables


@pytest.fixture(scope="module")
def defs() -> Definitions:
    return build(House(home="nowhere"))


def test_every_table_source_and_promise_is_in_the_graph(defs: Definitions) -> None:
    graph = defs.resolve_asset_graph()
    tables = read_tables(ROOT / "sql")
    wanted = {AssetKey(name.split(".")) for name in tables} | {AssetKey(["source", each.name]) for each in all_sources()}
    assert graph.get_all_asset_keys() == wanted | {AssetKey(["release"])}
    promises = {(AssetKey(each.table.split(".")), each.name) for table in tables.values() for each in table.promises}
    assert {(key.asset_key, key.name) for key in graph.asset_check_keys} == promises


def test_every_asset_says_what_it_is(defs: Definitions) -> None:
    for spec in defs.resolve_all_asset_specs():
        assert spec.description and spec.group_name and spec.owners and spec.kinds, spec.key
        assert "dagster/code_references" in spec.metadata, spec.key
        reference = spec.metadata["dagster/code_references"].code_references[0]
        assert Path(reference.file_path).exists(), spec.key
        if spec.key.path[0] in ("raw", "core", "mart"):
            columns = spec.metadata["dagster/column_schema"].columns
            assert columns and all(column.description for column in columns), spec.key


def test_a_table_depends_on_what_its_query_reads(defs: Definitions) -> None:
    graph = defs.resolve_asset_graph()
    parents = {key.to_user_string() for key in graph.get(AssetKey(["mart", "persona"])).parent_keys}
    assert parents == {"core/trait", "core/distance"}


def test_the_job_is_few_fat_steps(defs: Definitions) -> None:
    job = defs.resolve_job_def("bullseye")
    assert sorted(node.name for node in job.nodes) == ["audit", "enrich", "intake", "reason", "release"]


def test_no_step_waits_for_a_slot_that_a_killed_run_would_keep(defs: Definitions) -> None:
    job = defs.resolve_job_def("bullseye")
    assert {pool for node in job.nodes for pool in node.definition.pools} == set()
    assert "pools" not in yaml.safe_load((ROOT / "dagster.yaml").read_text("utf-8"))["concurrency"]


def test_schedule_and_sensor_are_there_and_off(defs: Definitions) -> None:
    """But for letting go of what is overdue: that nobody has to switch on."""
    off = {schedule.name: schedule.default_status is DefaultScheduleStatus.STOPPED for schedule in defs.schedules or ()}
    assert off == {"daily": True, "retention": False}
    assert [sensor.name for sensor in defs.sensors or ()] == ["inbox"]


def test_the_sensor_starts_a_run_once_for_a_new_list(tmp_path: Path) -> None:
    sensor = inbox_sensor(House(home=str(tmp_path)))
    context = build_sensor_context(instance=DagsterInstance.ephemeral())
    assert "nothing new" in str(sensor(context))
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "fair.csv").write_text("company\nAcme\n", "utf-8")
    request = sensor(context)
    assert request.run_key
    assert "nothing new" in str(sensor(context))


def market(folder: Path, leads: str = "leads.csv") -> House:
    """Lay out a tiny market: two leads, one website."""
    (folder / "web" / "acme.example").mkdir(parents=True, exist_ok=True)
    page = "<title>Acme</title><h1>Acme</h1><p>We are a wholesaler of anvils. Acme Ltd, 1 Road, Anytown, MA 02110, USA</p>"
    (folder / "web" / "acme.example" / "index.html").write_text(page, "utf-8")
    (folder / "leads.csv").write_text("company,website\nAcme,acme.example\nBolt,bolt.example\n", "utf-8")
    return House(
        home=str(folder / "home"),
        leads=[str(folder / leads)],
        web=[str(folder / "web")],
        as_of="2026-01-15T00:00:00",
        icp=str(ROOT / "examples" / "icp.yaml"),
        settings=str(ROOT / "examples" / "settings.yaml"),
    )


def test_a_run_reports_rows_types_and_every_check(tmp_path: Path) -> None:
    with passing() as instance:
        result = build(market(tmp_path)).resolve_job_def("bullseye").execute_in_process(instance=instance)
    assert result.success
    shown = {
        event.asset_key.to_user_string(): event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
    }
    assert shown["mart/organization"]["dagster/row_count"].value == 2
    types = {column.name: column.type for column in shown["mart/fit"]["dagster/column_schema"].schema.columns}
    assert types["fit"] == "DOUBLE"
    released = shown["release"]
    assert (released["changes"].value, released["rows"].value["mart.organization"]) == (0, 2), "the first release changes nothing"
    checks = result.get_asset_check_evaluations()
    assert len(checks) > 150 and all(check.passed for check in checks)


@pytest.mark.slow
def test_a_broken_promise_keeps_the_last_release_and_names_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(market(tmp_path), silent)
    before = (tmp_path / "home" / "releases" / "current").resolve()
    (tmp_path / "more.csv").write_text("company,website\nCog,cog.example\n", "utf-8")
    monkeypatch.setattr("pipelines.stages.broken_quotes", _one_broken)
    result = build(market(tmp_path, "more.csv")).resolve_job_def("bullseye").execute_in_process(raise_on_error=False)
    assert not result.success
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert [check.asset_key.to_user_string() for check in failed] == ["raw/broken_quote"]
    assert (tmp_path / "home" / "releases" / "current").resolve() == before
    assert len(list((tmp_path / "home" / "releases").glob("2026*"))) == 1


def test_the_command_names_the_broken_promise_as_publishing_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.stages.broken_quotes", _one_broken)
    with pytest.raises(Stop, match=r"promises are broken: raw\.broken_quote promises .*, found 1"):
        run(market(tmp_path), silent)


HOLD = """
import sys
from pathlib import Path
from pipelines.lock import running
with running(Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


def test_a_second_run_in_a_home_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    house = market(tmp_path)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, house.home], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with pytest.raises(Stop, match=f"Another run is at work in .* \\(process {other.pid}\\)"):
            run(house, silent)
        assert not (tmp_path / "home" / "inbox").exists()
        with pytest.raises(Stop, match="Nothing is published"):  # a reader is told of the release, not of the lock
            current_release(Home(Path(house.home)))
        other.kill()
        other.wait()
        assert run(house, silent).release.exists(), "the lock of a killed run is free at once"


def _one_broken(*_: object) -> list[dict[str, str]]:
    return [{"fact_id": "fact_x", "capture_id": "cap_x", "quote": "never said"}]
