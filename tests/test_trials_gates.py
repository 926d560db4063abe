"""Trial G: gates over time. Less or more than before, too old, other columns: what blocks, what warns, how it is accepted.

Here: against a release before, and end to end through the command line. Elsewhere: tampering with one release
(test_trials_promises), and every verdict's golden cases (tests/sql/core.volume, freshness, drift, column_change).
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release.world import AS_OF, SEEN, make_warehouse
from released import opened
from test_trials_market import page, write
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.ids import make_id
from pipelines.job import ROOT
from pipelines.page import Page
from pipelines.quality import Verdict, audit
from pipelines.quotes import capture_of
from pipelines.release.snapshot import hold_to
from pipelines.release.verify import troubles
from pipelines.warehouse import Warehouse
from pipelines.web.archive import Archive

COMPARED = ("core.volume", "mart.volume", "core.freshness", "mart.freshness", "core.column_change", "mart.column_change")
PEOPLE = [{"company": f"Tin Anchor {n}", "domain": f"anchor{n}.example", "last_name": f"Quast{n}"} for n in range(120)]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A hundred and twenty leads of one list, and what a page says of one of their organizations."""
    facts = {"anchor0.example": [("name", "Tin Anchor"), ("city", "Wien")]}
    with make_warehouse(tmp_path_factory.mktemp("crowd"), PEOPLE, facts) as warehouse:
        yield warehouse


def held(warehouse: Warehouse, given: Rows) -> list[Verdict]:
    """Load some contracts, build what compares, and return the verdicts on it; afterwards nothing is compared any more."""
    usual: Rows = {table: warehouse.rows(f"from {table}") for table in given}
    try:
        for table, rows in given.items():
            warehouse.load(table, rows)
        warehouse.build(COMPARED)
        return audit([promise for table in COMPARED for promise in warehouse.tables[table].promises], warehouse)
    finally:
        for table, rows in usual.items():
            warehouse.load(table, rows)


def loud(verdicts: Sequence[Verdict]) -> tuple[list[str], list[str]]:
    """Return the tables whose promises block, and those that only warn."""
    broken = [each for each in verdicts if not each.passed]
    return [each.table for each in broken if each.stops], [each.table for each in broken if not each.stops]


def leads_before(rows: int, changes: Sequence[float] = ()) -> Rows:
    lists = [{"list_id": make_id("list", "fair.csv")}]
    volume = [{"measure": "leads", "rows": rows, "changes": list(changes) or [0.0]}]
    return {"raw.previous_list": lists, "raw.previous_volume": volume}


@pytest.mark.parametrize(
    ("before", "blocks", "warns"),
    [
        (120, [], []),
        (105, [], []),
        (240, ["mart.volume"], ["mart.volume"]),
        (40, ["mart.volume"], ["mart.volume"]),
        (400, ["mart.volume"], ["mart.volume"]),
    ],
    ids=["as many", "a seventh more", "half is lost", "three times as many", "more is lost than kept"],
)
def test_g2_volume(crowd: Warehouse, before: int, blocks: list[str], warns: list[str]) -> None:
    assert loud(held(crowd, leads_before(before))) == (blocks, warns)


def test_g2_zero_rows_of_what_was_there_block(crowd: Warehouse) -> None:
    given = {**leads_before(3), "raw.previous_list": [{"list_id": "list_elsewhere"}]}
    assert loud(held(crowd, given))[0] == ["mart.volume"]


def test_g2_a_fortnight_of_steady_releases_makes_a_change_of_a_fifth_block_that_else_would_warn(tmp_path: Path) -> None:
    people = [{"company": f"Tin Anchor {n}", "last_name": f"Quast{n}"} for n in range(480)]
    with make_warehouse(tmp_path, people, {}) as warehouse:
        assert loud(held(warehouse, leads_before(600))) == ([], ["mart.volume"])
        steady = [0.0, 0.004, -0.002, 0.001, 0.0, -0.004, 0.002, 0.0, 0.001, -0.001, 0.003, 0.0, -0.002, 0.001]
        assert loud(held(warehouse, leads_before(600, steady))) == (["mart.volume"], ["mart.volume"])


def test_g2_what_somebody_accepted_is_published_and_said(crowd: Warehouse) -> None:
    accepted = [{"what": "volume leads", "because": "The old fair was taken out."}]
    assert loud(held(crowd, {**leads_before(240), "raw.accepted": accepted})) == ([], [])


@pytest.mark.parametrize(
    ("days", "blocks", "warns"),
    [
        (30, [], []),
        (60, [], []),
        (61, [], ["mart.freshness"]),
        (120, [], ["mart.freshness"]),
        (121, ["mart.freshness"], ["mart.freshness"]),
    ],
)
def test_g3_freshness_warns_after_thirty_days_and_blocks_after_ninety_beyond_fresh(
    crowd: Warehouse, days: int, blocks: list[str], warns: list[str]
) -> None:
    run = crowd.rows("from raw.run")[0]
    blocked, warned = loud(held(crowd, {"raw.run": [{**run, "as_of": SEEN + timedelta(days=days)}]}))
    assert (sorted(set(blocked)), sorted(set(warned))) == (blocks, warns), "answers of this source stay fresh for 30 days"


def test_g3_a_replay_is_as_old_as_what_is_replayed(crowd: Warehouse) -> None:
    run = {**crowd.rows("from raw.run")[0], "as_of": AS_OF + timedelta(days=400)}
    accepted = [{"what": "freshness", "because": "Archives are replayed."}]
    assert loud(held(crowd, {"raw.run": [run], "raw.accepted": accepted})) == ([], [])


COLUMN = {"table_name": "mart.fit", "column_name": "fit", "type": "DOUBLE"}


@pytest.mark.parametrize(
    ("before", "now", "blocks", "warns"),
    [
        ([COLUMN], [COLUMN], [], []),
        ([COLUMN, {**COLUMN, "column_name": "fax"}], [COLUMN], ["mart.column_change"], ["mart.column_change"]),
        ([COLUMN], [{**COLUMN, "type": "VARCHAR"}], ["mart.column_change"], ["mart.column_change"]),
        ([COLUMN], [COLUMN, {**COLUMN, "column_name": "more"}], [], ["mart.column_change"]),
    ],
    ids=["the same", "lost", "retyped", "added"],
)
def test_g4_columns(
    crowd: Warehouse, before: list[dict[str, str]], now: list[dict[str, str]], blocks: list[str], warns: list[str]
) -> None:
    assert loud(held(crowd, {"raw.previous_column": before, "raw.built_column": now})) == (blocks, warns)


def test_what_blocks_is_told_in_a_sentence(crowd: Warehouse) -> None:
    verdicts = held(crowd, leads_before(240))
    with pytest.raises(
        Stop, match=r"mart\.volume promises in_set\(verdict, first, steady, unusual, accepted\), found 1 of 4 rows"
    ):
        hold_to({}, verdicts)
    (said,) = {each for verdict in verdicts if verdict.stops for each in verdict.unexpected}
    assert said == "measure=leads, verdict=broken"


def asked(folder: Path, *more: str) -> list[str]:
    """What somebody types to run on a market of one website."""
    given = {"--home": "home", "--leads": "fair.csv", "--web": "web"}
    told = [each for option, name in given.items() for each in (option, str(folder / name))]
    return ["run", *told, "--icp", str(ROOT / "examples" / "icp.yaml"), "--as-of", "2026-01-15", *more]


def bullseye(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the command line as somebody would, in a process of its own."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "COLUMNS": "200"}, timeout=600)


@pytest.mark.slow
def test_g7_a_list_that_lost_half_stops_the_run_and_leaves_the_release(tmp_path: Path) -> None:
    write(tmp_path / "web" / "anvil.example", {"index.html": page("anvil.example")})
    people = [f"Anvil Ltd,anvil.example,Quast{number}\n" for number in range(150)]
    (tmp_path / "fair.csv").write_text("company,website,last name\n" + "".join(people))
    plain = ("--settings", str(ROOT / "examples" / "settings.yaml"))
    first = CliRunner().invoke(app, asked(tmp_path, *plain))
    assert first.exit_code == 0, first.output
    current = tmp_path / "home" / "releases" / "current"
    before = current.resolve()

    for brought in (tmp_path / "home" / "inbox").glob("fair*"):
        brought.unlink()
    (tmp_path / "fair.csv").write_text("company,website,last name\n" + "".join(people[:60]))
    second = bullseye(asked(tmp_path, *plain))
    assert second.returncode == 1
    assert "Nothing was published and the previous release stands" in second.stderr and "mart.volume promises" in second.stderr
    assert "Traceback" not in second.stderr
    assert current.resolve() == before and troubles(before) == []

    told = "\naccepted: [{what: volume leads, because: Half of them were of last year., until: 2026-01-31}]\n"
    (tmp_path / "settings.yaml").write_text((ROOT / "examples" / "settings.yaml").read_text("utf-8") + told)
    third = CliRunner().invoke(app, asked(tmp_path, "--settings", str(tmp_path / "settings.yaml")))
    assert third.exit_code == 0, third.output
    manifest = json.loads((current / "manifest.json").read_text("utf-8"))
    assert {"what": "volume leads", "because": "Half of them were of last year."} in manifest["made_from"]["accepted"]
    assert manifest["made_from"]["previous"]["version"] == before.name


VERBATIM = {"name", "legal_name", "street", "city", "postcode", "description", "mailbox", "certification", "price"}
"""Properties whose value stands in the page as it is published; others are what words, numbers or traces come to."""


def test_g8_two_hundred_facts_followed_back_to_the_bytes(demo_home: Path) -> None:
    with opened(demo_home) as release:
        facts = release.sql("select * from mart.fact order by sha256(fact_id) limit 200").to_arrow_table().to_pylist()
    with duckdb.connect(demo_home / "warehouse.duckdb", read_only=True) as warehouse:
        rows = warehouse.sql("select * from raw.capture").to_arrow_table().to_pylist()
    captures = {row["capture_id"]: row for row in rows}
    archive = Archive(demo_home / "archive", 4)
    complete, verbatim = 0, 0
    for fact in facts:
        row = captures[fact["capture_id"]]
        capture = capture_of(row)
        body = archive.body(capture)
        assert all(fact[name] for name in ("url", "locator", "quote", "observed_at", "source", "reader")), fact
        assert row["fetched_at"] and hashlib.sha256(body).hexdigest() == row["digest"].rpartition(":")[2]
        assert Page(capture, body).says(fact["quote"]), fact
        complete += 1
        if fact["property"] in VERBATIM:
            verbatim += 1
            assert fact["value"].casefold() in " ".join(fact["quote"].split()).casefold(), fact
    assert complete == 200
    assert verbatim >= 20
