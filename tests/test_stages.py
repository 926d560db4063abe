"""The stages from home to home: finishing after being killed, nothing to do, nothing counted twice, the same twice."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from pipelines import stages
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.job import ROOT, Job
from pipelines.settings import read_settings

AS_OF = datetime(2026, 1, 15)  # noqa: DTZ001 - UTC without zone, as tables keep it
ORGANIZATIONS = ("anvil", "bolt", "cog", "dowel", "eyelet")


def job(folder: Path, as_of: datetime = AS_OF, leads: str = "leads.csv") -> Job:
    """A job over a small market of five websites, laid out where it is not yet."""
    if not (folder / "web").exists():
        for name in ORGANIZATIONS:
            _website(folder / "web" / f"{name}.example", name)
        rows = "".join(f"{name.title()} Ltd,{name}.example\n" for name in ORGANIZATIONS)
        (folder / "leads.csv").write_text(f"company,website\n{rows}", "utf-8")
    examples = ROOT / "examples"
    settings, icp = read_settings(examples / "settings.yaml"), read_icp(examples / "icp.yaml")
    return Job(Home(folder / "home"), settings, icp, (str(folder / "web"),), as_of, (folder / leads,))


def run(given: Job) -> Path:
    """Run the stages as the graph does and return the release."""
    stages.take_in(given)
    stages.look(given)
    stages.reason(given)
    return stages.publish(given, stages.check(given))


def _website(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    filler = "We are a wholesaler with 4,000 stock items and 120 orders a day, each typed in by hand. " * 12
    foot = f"<footer>{name.title()} Ltd, 1 Mill Road, Anytown, MA 02110, USA</footer>"
    (folder / "index.html").write_text(f"<title>{name}</title><a href=/about>About</a><p>{filler}</p>{foot}", "utf-8")
    (folder / "about.html").write_text(f"<title>About {name}</title><p>There are 120 employees. {filler}</p>{foot}", "utf-8")


def contents(release: Path) -> dict[str, bytes]:
    """Every file of a release but those that DuckDB's random file id makes different."""
    unequal = ("bullseye.duckdb", "SHA256SUMS")
    return {
        path.relative_to(release).as_posix(): path.read_bytes()
        for path in release.rglob("*")
        if path.is_file() and path.name not in unequal
    }


def rows(given: Job, sql: str) -> list[dict[str, object]]:
    with given.open() as warehouse:
        return warehouse.rows(sql)


@pytest.mark.slow
def test_the_same_inputs_make_the_same_release_byte_for_byte(tmp_path: Path) -> None:
    first, second = run(job(tmp_path / "one")), run(job(tmp_path / "two"))
    assert first.name == second.name
    assert contents(first) == contents(second)


def test_a_second_run_looks_at_nothing_and_changes_nothing(tmp_path: Path) -> None:
    given = job(tmp_path)
    release = run(given)
    before = {path: path.stat().st_mtime_ns for path in release.rglob("*")}
    assert stages.unchanged(given) == release
    stages.take_in(given)
    assert stages.look(given) == stages.Looked(0, None)
    assert stages.reason(given) == []
    assert stages.publish(given, stages.check(given)) == release
    assert {path: path.stat().st_mtime_ns for path in release.rglob("*")} == before


@pytest.mark.slow
def test_one_changed_row_changes_one_lead(tmp_path: Path) -> None:
    given = job(tmp_path)
    run(given)
    facts = rows(given, "select fact_id from core.fact order by fact_id")
    text = (tmp_path / "leads.csv").read_text("utf-8")
    (tmp_path / "more.csv").write_text(text.replace("Bolt Ltd,bolt.example", "Rivet Ltd,rivet.example"), "utf-8")
    again = job(tmp_path, leads="more.csv")
    run(again)
    assert rows(again, "select count(*) as leads from core.lead")[0]["leads"] == 6
    assert rows(again, "select count(*) as duplicates from core.duplicate")[0]["duplicates"] == 4
    assert rows(again, "select fact_id from core.fact order by fact_id") == facts


@pytest.mark.slow
def test_a_page_that_did_not_change_is_not_stored_again(tmp_path: Path) -> None:
    given = job(tmp_path)
    run(given)
    later = job(tmp_path, as_of=datetime(2026, 2, 15))  # noqa: DTZ001
    run(later)
    captures = rows(later, "select count(distinct capture_id) as captures, count(distinct url) as urls from raw.capture")[0]
    assert captures["captures"] == captures["urls"]
    assert len(list((tmp_path / "home" / "releases").glob("2026-*"))) == 2


@pytest.mark.slow
def test_what_was_not_yet_known_is_left_out(tmp_path: Path) -> None:
    run(job(tmp_path))
    earlier = job(tmp_path, as_of=datetime(2025, 1, 15))  # noqa: DTZ001
    stages.take_in(earlier)
    stages.look(earlier)
    late = rows(earlier, "select count(*) as late from core.fact, raw.run where observed_at > as_of")[0]["late"]
    assert late == 0


def test_no_list_is_one_sentence(tmp_path: Path) -> None:
    given = job(tmp_path)
    with pytest.raises(Stop, match="no lead list"):
        stages.take_in(Job(given.home, given.settings, given.icp, given.web, AS_OF))


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    given = job(tmp_path)
    stages.take_in(given)
    with given.open(), pytest.raises(Stop):
        given.open()


def test_a_fact_that_the_archive_does_not_hold_is_found(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = job(tmp_path)
    stages.take_in(given)
    stages.look(given)
    path = next(path for path in sorted((given.home.facts / "core.fact").glob("*.parquet")) if pq.read_metadata(path).num_rows)
    table = pq.read_table(path)
    quotes = ["We never said that.", *table["quote"].to_pylist()[1:]]
    forged = table.set_column(table.schema.get_field_index("quote"), "quote", pa.array(quotes))
    pq.write_table(forged.replace_schema_metadata(table.schema.metadata), path)
    stages.look(given)
    stages.reason(given)
    verdicts = stages.check(given)
    assert [verdict.table for verdict in verdicts if verdict.stops] == ["raw.broken_quote"]
    with pytest.raises(Stop, match=r"raw\.broken_quote"):
        stages.publish(given, verdicts)
    assert not given.home.current.exists()


@pytest.mark.slow
def test_a_run_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    """SIGKILL after ever longer waits, the last after the run's end; then one whole run, equal to one never killed."""
    calm, killed = job(tmp_path / "calm"), job(tmp_path / "killed")
    wanted = contents(run(calm))
    for wait in (0.9, 1.6, 2.2, 2.8, 3.6, 4.8, 6.5, 8.5):
        _run_and_kill(tmp_path / "killed", wait)
        _all_or_nothing(killed.home)
    release = run(killed)
    assert contents(release) == wanted
    counts = rows(killed, "select count(*) as facts, count(distinct fact_id) as ids from core.fact")[0]
    assert counts["facts"] == counts["ids"]
    assert rows(killed, "select sum(lost) as lost from core.conservation_of_requests")[0]["lost"] == 0


def _run_and_kill(folder: Path, seconds: float) -> None:
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]; from pathlib import Path; import test_stages as t; "
        "t.run(t.job(Path(sys.argv[1])))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(Path(__file__).parent), str(ROOT)], stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _all_or_nothing(home: Home) -> None:
    """Either no release is current, or a whole one."""
    if home.current.exists():
        manifest = json.loads((home.current / "manifest.json").read_text("utf-8"))
        for name, entry in manifest["files"].items():
            assert (home.current / name).stat().st_size == entry["bytes"]
