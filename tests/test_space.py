"""Room on the disk: a run begins, goes on and publishes only where it can come to its end."""

import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
from test_stages import job, run

from pipelines import space, stages
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import Job

GIB = 1024**3
Usage = namedtuple("Usage", "total used free")


def room(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """Let the disk have so much room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))


def home_with(folder: Path, warehouse: int, release: int) -> Home:
    home = Home(folder)
    (home.releases / "one" / "tables").mkdir(parents=True)
    (home.releases / "one" / "tables" / "lead.parquet").write_bytes(bytes(release))
    home.current.symlink_to("one")
    home.warehouse.write_bytes(bytes(warehouse))
    return home


def with_least(given: Job, least: int) -> Job:
    storage = given.settings.storage.model_copy(update={"least_free_bytes": least})
    return replace(given, settings=given.settings.model_copy(update={"storage": storage}))


@pytest.mark.parametrize(("warehouse", "release", "least", "needed"), [(10, 20, 5, 60), (30, 20, 5, 90), (1, 1, 50, 50)])
def test_a_run_needs_three_times_what_the_last_one_made(
    warehouse: int, release: int, least: int, needed: int, tmp_path: Path
) -> None:
    assert space.needed(home_with(tmp_path, warehouse, release), least) == needed


def test_where_nothing_was_made_only_the_least_is_needed(tmp_path: Path) -> None:
    assert space.needed(Home(tmp_path / "new"), 7) == 7


def test_a_home_that_is_not_there_is_measured_where_it_would_be(tmp_path: Path) -> None:
    assert space.free(Home(tmp_path / "not" / "yet")) > 0


@pytest.mark.parametrize(("free", "refused"), [(2 * GIB - 1, True), (2 * GIB, False)])
def test_below_two_gib_a_run_does_not_begin(free: int, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = job(tmp_path)
    room(monkeypatch, free)
    if refused:
        with pytest.raises(Stop, match=r"2\.00 GiB of room left and needs 2\.00; .* make room and run again"):
            stages.take_in(given)
        assert not given.home.folder.exists(), "nothing was brought"
    else:
        stages.take_in(given)
        assert given.home.made_from("intake")


def test_a_run_that_fills_the_disk_stops_keeps_what_came_and_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = job(tmp_path)
    stages.take_in(given)
    room(monkeypatch, GIB)
    with pytest.raises(Stop, match="what came is kept"):
        stages.look(given)
    with pytest.raises(Stop, match="make room"):
        stages.publish(given, [])
    assert not given.home.current.exists()
    monkeypatch.undo()
    assert run(given).exists()


def test_whoever_has_a_small_disk_may_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = with_least(job(tmp_path), 0)
    room(monkeypatch, 1)
    stages.take_in(given)
    with pytest.raises(Stop, match="make room"):  # now there is a warehouse, of which there has to be room for three
        stages.take_in(given)
