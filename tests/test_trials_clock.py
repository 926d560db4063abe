"""Trial F11: odd days, odd zones, odd hashes. The moment a run takes for now decides, and nothing else does."""

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from test_trials_market import PLACED, leads, market, page, published, run, website

from pipelines.job import ROOT, Job

pytestmark = pytest.mark.slow

HOST = "anvil.example"
TOLD_ON = date(2025, 12, 1)
NEWS = f"<article><h2>Anvil opens a new warehouse in Anytown</h2><time datetime={TOLD_ON}>1 December 2025</time></article>"
MOMENTS = {
    "leap day": datetime(2028, 2, 29, 12),  # noqa: DTZ001 - UTC without zone, as tables keep it
    "the hour that summer time skips": datetime(2026, 3, 29, 2, 30),  # noqa: DTZ001
    "the hour that winter time repeats": datetime(2026, 10, 25, 2, 30),  # noqa: DTZ001
    "the last second of a year": datetime(2025, 12, 31, 23, 59, 59),  # noqa: DTZ001
    "before it was told": datetime(1971, 1, 1),  # noqa: DTZ001
    "long after": datetime(2300, 6, 1),  # noqa: DTZ001
}


def market_at(folder: Path, as_of: datetime) -> Job:
    home = page(HOST, '<a href="/news">News</a><a href="/about">About</a><a href="/pricing">Prices</a>')
    site = website(HOST) | {"index.html": home, "news.html": page(HOST, NEWS)}
    return market(folder, {HOST: site}, {"fair.csv": leads(HOST, "nobody.example")}, as_of)


@pytest.fixture(scope="module", params=MOMENTS)
def job(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Job:
    return market_at(tmp_path_factory.mktemp("clock"), MOMENTS[request.param])


@pytest.fixture(scope="module")
def release(job: Job) -> Path:
    return run(job)


def test_the_release_is_of_its_moment(job: Job, release: Path) -> None:
    assert release.name.startswith(f"{job.as_of:%Y-%m-%dT%H%M%SZ}-")
    moments = published(release, "select min(observed_at) as first, max(observed_at) as last from mart.fact")
    assert moments == [{"first": job.as_of, "last": job.as_of}]
    (read,) = published(release, "select last_read_at from mart.organization where domain = ?", [HOST])
    assert read["last_read_at"] == job.as_of
    assert {row["ring"] for row in published(release, PLACED)} == {"bullseye", "unknown"}


def test_every_route_is_due_as_many_days_on(job: Job, release: Path) -> None:
    days = {route.id: route.within_days for route in job.icp.routes}
    rows = published(release, "select route_id, due_on from mart.route")
    assert len(rows) == 2
    for row in rows:
        assert row["due_on"] == job.as_of.date() + timedelta(days=days[row["route_id"]])


def test_what_was_told_decays_by_whole_days(job: Job, release: Path) -> None:
    signals = published(release, "select happened_on, strength from mart.signal where signal_id = 'growing_pains'")
    days = (job.as_of.date() - TOLD_ON).days
    strength = pytest.approx(0.5 ** (days / 180), abs=0.00005)
    assert signals == ([{"happened_on": TOLD_ON, "strength": strength}] if days >= 0 else [])


def test_what_is_said_today_has_not_decayed(job: Job, release: Path) -> None:
    rows = published(
        release, "select points, weight, happened_on from mart.fit_reason where rule_id = 'committed' and verdict = 'yes'"
    )
    assert len(rows) == 1 and rows[0]["points"] > 0
    assert rows[0]["happened_on"] in (None, job.as_of.date())


def test_the_list_was_received_on_the_day(job: Job, release: Path) -> None:
    assert [each.received_on for each in job.lists()] == [job.as_of.date()]


CODE = """
import sys
from datetime import datetime
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from test_trials_clock import market_at, run
print(run(market_at(Path(sys.argv[1]), datetime(2026, 3, 29, 2, 30))))
"""


def elsewhere(folder: Path, zone: str, seed: str) -> "subprocess.Popen[str]":
    """The same run in another process, zone and hash seed."""
    arguments = [sys.executable, "-c", CODE, str(folder), str(Path(__file__).parent), str(ROOT)]
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)


def test_zone_and_hash_seed_change_nothing(tmp_path: Path) -> None:
    runs = [
        elsewhere(tmp_path / "east", "Pacific/Kiritimati", "1"),
        elsewhere(tmp_path / "west", "America/St_Johns", "4242"),
    ]
    east, west = (Path(each.communicate()[0].strip().splitlines()[-1]) for each in runs)
    assert east.name == west.name and east != west
    names = sorted(path.relative_to(east) for path in east.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(west) for path in west.rglob("*") if path.is_file())
    random = ("bullseye.duckdb", "SHA256SUMS")  # DuckDB gives every file a random id, and the sums cover it
    different = [str(name) for name in names if (east / name).read_bytes() != (west / name).read_bytes()]
    assert [name for name in different if name not in random] == []
    assert Path("tables/lead.parquet") in names and Path("manifest.json") in names
