"""A release compared with the one before, held to what was published, made again from what is left of its home."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from release.world import GIVENS, make_warehouse, verdicts_of
from test_trials_market import leads, market, run, website
from typer.testing import CliRunner

from pipelines import stages
from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import Job
from pipelines.release.again import again
from pipelines.release.previous import left_out, previous_parts, previous_release, read_manifests
from pipelines.release.snapshot import prune, publish
from pipelines.release.verify import troubles

HOSTS = ("anvil.example", "bolt.example")
NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - UTC without zone, as tables keep it


def told(releases: Path, version: str, found: str, as_of: str = "2026-03-01T12:00:00Z", previous: Any = None) -> None:
    """Put down a release of which nothing but its manifest is there."""
    made_from = {"found": found, "inputs": f"inputs of {version}", "previous": previous, "suppression": "s1"}
    (releases / version).mkdir(parents=True)
    manifest = {"version": version, "content": f"content of {version}", "as_of": as_of, "made_from": made_from}
    (releases / version / "manifest.json").write_text(json.dumps(manifest))


def point(releases: Path, version: str) -> None:
    (releases / "current").unlink(missing_ok=True)
    (releases / "current").symlink_to(version)


def before(releases: Path, found: str, as_of: datetime = NOON) -> str | None:
    previous = previous_release(releases, found, as_of)
    return previous and previous.version


def test_the_release_before_is_the_latest_made_of_something_else_and_not_of_a_later_day(tmp_path: Path) -> None:
    assert before(tmp_path, "f1") is None
    told(tmp_path, "a", "f1", "2026-02-01T00:00:00Z")
    told(tmp_path, "b", "f2", "2026-02-20T00:00:00Z")
    told(tmp_path, "later", "f3", "2026-05-01T00:00:00Z")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "manifest.json").write_text("{")
    point(tmp_path, "b")
    assert before(tmp_path, "new") == "b"
    assert before(tmp_path, "f2") is None, "b itself was compared with nothing"
    assert before(tmp_path, "new", NOON - timedelta(days=20)) == "a"
    assert before(tmp_path, "new", NOON - timedelta(days=90)) is None


def test_a_release_made_again_is_compared_with_the_same_as_at_first_even_once_that_is_gone(tmp_path: Path) -> None:
    told(tmp_path, "a", "f1")
    first = previous_release(tmp_path, "f2", NOON)
    assert first
    told(tmp_path, "b", "f2", previous=dict(first.told))
    point(tmp_path, "b")
    assert previous_release(tmp_path, "f2", NOON) == first
    shutil.rmtree(tmp_path / "a")
    again_first = previous_release(tmp_path, "f2", NOON)
    assert again_first and (again_first.version, again_first.content, again_first.folder) == ("a", "content of a", None)
    assert list(previous_parts(again_first, "s1", ())) == []


def test_of_two_of_one_moment_the_current_one_came_later(tmp_path: Path) -> None:
    for version in ("a", "b"):
        told(tmp_path, version, f"made of {version}")
    for version in ("a", "b"):
        point(tmp_path, version)
        assert before(tmp_path, "new") == version


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A release of a handful of rows."""
    folder = tmp_path_factory.mktemp("released")
    with make_warehouse(folder) as warehouse:
        givens = {**GIVENS, "suppression": "s1", "found": "f1", "previous": None}
        yield publish(warehouse, verdicts_of(warehouse), folder / "releases", "v1", givens, 5)


def parts(release: Path, suppression: str, known: tuple[str, ...] = ()) -> dict[str, list[Mapping[str, Any]]]:
    previous = previous_release(release.parent, "new", datetime(2027, 1, 1))  # noqa: DTZ001
    found: dict[str, list[Mapping[str, Any]]] = {}
    for part in previous_parts(previous, suppression, known):
        for table, rows in part.items():
            found.setdefault(table, []).extend(rows.to_pylist())
    return found


def test_what_was_before_is_read_from_its_files(released: Path) -> None:
    found = parts(released, "s1")
    assert len(found["raw.previous_organization"]) == 4
    assert found["raw.previous_release"] == [{"version": "v1", "as_of": NOON}]
    assert len(found["raw.previous_list"]) == 2
    assert {"table_name": "mart.fit", "column_name": "fit", "type": "DOUBLE"} in found["raw.previous_column"]
    assert {row["measure"] for row in found["raw.previous_volume"]} == {"leads", "organizations", "facts", "captures"}
    reasons = [(row["organization_id"], row["rule_id"]) for row in found["raw.previous_reason"]]
    assert reasons and len(set(reasons)) == len(reasons)


def test_whom_a_release_leaves_out_is_told_by_both_lists() -> None:
    assert len({left_out("", ""), left_out("s1", ""), left_out("s2", ""), left_out("s1", "e1"), left_out("s1", "e2")}) == 5


def test_whom_somebody_suppressed_since_is_not_told_of_again(released: Path) -> None:
    (one, *_) = (row["organization_id"] for row in parts(released, "s1")["raw.previous_organization"])
    found = parts(released, "another list", (one,))
    told_of = {row["organization_id"] for rows in found.values() for row in rows if "organization_id" in row}
    assert told_of == {one}
    assert "raw.previous_volume" not in found, "that people leave stops no release without them"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "leads.csv").write_text("x\n"), "leads.csv was changed."),
        (lambda folder: (folder / "bullseye.duckdb").write_bytes(b"x"), "bullseye.duckdb was changed."),
        (lambda folder: (folder / "tables" / "fit.parquet").unlink(), "tables/fit.parquet is missing."),
        (lambda folder: (folder / "tables" / "more.parquet").write_text("x"), "tables/more.parquet was never published."),
        (lambda folder: (folder / "SHA256SUMS").unlink(), "has no SHA256SUMS"),
    ],
)
def test_verify_finds_every_damage(released: Path, tmp_path: Path, damage: Any, said: str) -> None:
    copy = tmp_path / "releases" / "v1"
    shutil.copytree(released, copy)
    assert troubles(copy) == []
    damage(copy)
    (trouble, *more) = troubles(copy)
    assert said in trouble and not more


def test_verify_counts_rows_even_when_the_sums_were_made_anew(released: Path, tmp_path: Path) -> None:
    copy = tmp_path / "v1"
    shutil.copytree(released, copy)
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["rows"]["mart.lead"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    sums = [line for line in (copy / "SHA256SUMS").read_text().splitlines() if "manifest.json" not in line]
    from pipelines.release.manifest import sha256

    (copy / "SHA256SUMS").write_text("\n".join([*sums, f"{sha256(copy / 'manifest.json')}  manifest.json"]) + "\n")
    assert troubles(copy) == ["mart.lead has 5 rows in bullseye.duckdb and 5 as Parquet, where 6 were published."]


def test_releases_go_by_age_as_well_as_by_number(tmp_path: Path) -> None:
    for day, version in ((1, "a"), (20, "b"), (28, "c")):
        told(tmp_path, version, version, f"2026-02-{day:02}T00:00:00Z")
    (tmp_path / "unreadable").mkdir()
    (tmp_path / "unreadable" / "manifest.json").write_text("?")
    point(tmp_path, "c")
    prune(tmp_path, 9, days=8)
    assert set(read_manifests(tmp_path)) == {"b", "c"}
    assert (tmp_path / "unreadable").exists(), "of what cannot be read nobody knows how old it is: only the number counts"
    prune(tmp_path, 1, days=8)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "current"]


def test_the_commands_say_what_is_there(released: Path) -> None:
    home = ["--home", str(released.parent.parent)]
    runner = CliRunner()
    listed = runner.invoke(app, ["release", "list", *home], catch_exceptions=False)
    assert "v1 (current)" in listed.stdout
    shown = runner.invoke(app, ["release", "show", *home], catch_exceptions=False)
    assert "Compared with: none: it is the first" in shown.stdout and "fair.csv" in shown.stdout
    held = runner.invoke(app, ["release", "verify", "v1", *home], catch_exceptions=False)
    assert held.stdout.startswith("v1 is whole: ")
    with pytest.raises(Stop, match="There is no release v9"):
        runner.invoke(app, ["release", "verify", "v9", *home], catch_exceptions=False)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A home with two releases, of two days and lists."""
    folder = tmp_path_factory.mktemp("twice")
    job = market(folder, {host: website(host) for host in HOSTS}, {"fair.csv": leads(*HOSTS)})
    run(job)
    (folder / "more.csv").write_text("company,website\nCog Ltd,cog.example\n")
    later = replace(job, as_of=job.as_of + timedelta(days=9), leads=(*job.leads, folder / "more.csv"))
    run(later)
    return later


@pytest.mark.slow
def test_a_release_is_made_again_byte_for_byte_with_nobody_asked(twice: Job, tmp_path: Path) -> None:
    first, second = sorted(read_manifests(twice.home.releases))
    made = again(twice.home, second, twice.settings, twice.icp, tmp_path / "second")
    assert (made.differing, made.same_code, made.folder.name) == ((), True, second)
    # Somebody looked again since the first: the archive still has every page, but not what was asked in vain.
    earlier = again(twice.home, first, twice.settings, twice.icp, tmp_path / "first")
    assert set(earlier.differing) <= {f"tables/{name}.parquet" for name in ("miss", "source_health")}
    with pytest.raises(Stop, match=r"made with another icp\.yaml"):
        again(twice.home, first, twice.settings, twice.icp.model_copy(update={"promises": ()}), tmp_path / "other")
    next(path for path in twice.home.inbox.glob("more*")).rename(tmp_path / "away.csv")
    with pytest.raises(Stop, match=r"more\.csv is no longer in"):
        again(twice.home, second, twice.settings, twice.icp, tmp_path / "incomplete")


@pytest.mark.slow
def test_the_archive_alone_gives_the_same_content(twice: Job, tmp_path: Path) -> None:
    """A run over a WARC, and one over what that run archived of it: lists and archive are all the second has."""
    contents = []
    for name, web in (("one", twice.home.archive), ("two", tmp_path / "one" / "archive")):
        home = Home(tmp_path / name)
        made = run(replace(twice, home=home, web=(str(web),)))
        contents.append(json.loads((made / "manifest.json").read_text("utf-8"))["content"])
        shutil.rmtree(home.releases)
        home.warehouse.unlink()
    assert contents[0] == contents[1]


@pytest.mark.slow
def test_a_run_after_releases_and_warehouse_are_lost_makes_the_same(tmp_path: Path) -> None:
    job = market(tmp_path, {host: website(host) for host in HOSTS}, {"fair.csv": leads(*HOSTS)})
    first = json.loads((run(job) / "manifest.json").read_text("utf-8"))
    shutil.rmtree(job.home.releases)
    job.home.warehouse.unlink()
    stages.take_in(job)
    stages.look(job)
    stages.reason(job)
    second = json.loads((stages.publish(job, stages.check(job)) / "manifest.json").read_text("utf-8"))
    assert (second["content"], second["version"]) == (first["content"], first["version"])
