"""Trial F2: a stage dies at every point at which it changes a file, and the same stage run again ends as if it had not."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from faults import Stage, points_of
from test_trials_market import leads, market, website, write

from pipelines import stages
from pipelines.facts import content_of
from pipelines.home import Home
from pipelines.job import ROOT, Job

sys.path.append(str(ROOT / "benchmarks"))
from durability_home import acknowledged, contents, is_whole, names

pytestmark = pytest.mark.slow

HOSTS = ("anvil.example", "bolt.example", "cog.example")
LATER = datetime(2026, 2, 15)  # noqa: DTZ001 - UTC without zone, as tables keep it
TABLES = "select schema_name || '.' || table_name from duckdb_tables() order by all"
ROWS = "select count(*), sum(hash(each)) from {} as each"


def check_and_publish(job: Job) -> object:
    return stages.publish(job, stages.check(job))


STAGES: dict[str, tuple[Stage, int]] = {
    "take_in": (stages.take_in, 4),
    "look": (stages.look, 8),
    "reason": (stages.reason, 2),
    "check": (stages.check, 2),
    "publish": (check_and_publish, 12),
}
"""Every stage, and at how many of its points it dies here, spread over all of them."""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Job]:
    """The same home as it is before each stage of a second run, and at its end."""
    folder = tmp_path_factory.mktemp("calm")
    first = market(folder, {host: website(host) for host in HOSTS[:2]}, {"one.csv": leads(*HOSTS[:2])})
    for stage, _ in STAGES.values():
        points_of(stage, first)
    write(folder / "web" / HOSTS[2], website(HOSTS[2]))
    write(folder / "web" / HOSTS[0], {"about.html": "<title>Anvil</title><p>We moved to new software.</p>" * 30})
    write(folder / "lists", {"two.csv": leads(*HOSTS)})
    given = replace(first, leads=tuple(sorted((folder / "lists").iterdir())), as_of=LATER)
    kept = {}
    for name, (stage, _) in STAGES.items():
        kept[name] = copied(given, folder / f"before-{name}")
        points_of(stage, given)
    return {**kept, "end": given}


def copied(job: Job, to: Path) -> Job:
    shutil.copytree(job.home.folder, to, symlinks=True)
    return replace(job, home=Home(to))


def state(home: Home) -> dict[str, object]:
    """All that a home says, however it came to say it."""
    with duckdb.connect(home.warehouse, read_only=True) as database:
        tables = [row[0] for row in database.execute(TABLES).fetchall()]
        sums = {table: database.execute(ROWS.format(table)).fetchall() for table in tables}
    releases = {path.name: contents(path) for path in home.releases.iterdir() if not path.is_symlink()}
    return {
        "notes": (home.folder / "stages.json").read_text("utf-8"),
        "facts": content_of(home.facts),
        "captures": acknowledged(home.folder, 16),
        "tables": sums,
        "verdicts": home.verdicts.read_text("utf-8"),
        "releases": releases,
        "current": home.current.resolve().name,
        "files": names(home.folder),
    }


def spread(points: int, most: int) -> list[int]:
    """At most so many points, spread over all of them, the last always among them."""
    return sorted({points - round(each * (points - 1) / max(most - 1, 1)) for each in range(min(most, points))})


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_that_dies_anywhere_is_finished_by_the_next(name: str, calm: Mapping[str, Job], tmp_path: Path) -> None:
    stage, most = STAGES[name]
    after = [*STAGES, "end"][list(STAGES).index(name) + 1]
    wanted, current = state(calm[after].home), calm[name].home.current.resolve().name
    points = points_of(stage, copied(calm[name], tmp_path / "count"))
    assert points, "a stage without a point does nothing"
    for point in spread(len(points), most):
        job = copied(calm[name], tmp_path / f"home-{point}")
        assert points_of(stage, job, point) is None
        assert is_whole(job.home.current.resolve()), points[point - 1]
        assert job.home.current.resolve().name in (current, state(calm["end"].home)["current"])
        points_of(stage, job)
        assert state(job.home) == wanted, f"it died at {points[point - 1]}"
        shutil.rmtree(job.home.folder)
