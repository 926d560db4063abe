"""Nothing is kept longer than it may be because the graph sees to it every night: the home's, and Dagster's own runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

from assets import retention
from assets.resources import House
from assets.retention import NIGHTLY, drop_runs, retain
from pipelines.job import ROOT


def house(home: Path) -> House:
    files = {name: str(ROOT / "examples" / f"{name}.yaml") for name in ("settings", "icp")}
    return House(home=str(home), as_of="2027-02-16T03:00:00", **files)


def test_every_night_what_is_overdue_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the releases that hold it, and published again where there was one."""
    done: list[str] = []
    monkeypatch.setattr(retention, "published", lambda _: done.append("before") or "before")
    monkeypatch.setattr(retention, "as_before", lambda job, _: job)
    monkeypatch.setattr(retention, "let_overdue_go", lambda job: done.append(f"as of {job.as_of:%Y-%m-%d}") or {"pages": 1})
    monkeypatch.setattr(retention, "publish_anew", lambda *_: done.append("published"))
    (tmp_path / "home").mkdir()
    with DagsterInstance.ephemeral() as instance:
        assert retain.execute_in_process(instance=instance, resources={"house": house(tmp_path / "home")}).success
    assert done == ["before", "as of 2027-02-16", "published"]
    assert NIGHTLY.cron_schedule == "0 3 * * *" and NIGHTLY.job_name == "retain"


def test_runs_of_the_graph_leave_when_they_ended_and_are_as_old_as_logs_may_be(tmp_path: Path) -> None:
    with DagsterInstance.ephemeral() as instance:
        ran = retain.execute_in_process(instance=instance, resources={"house": house(tmp_path / "none")})
        running = DagsterRun(job_name="bullseye", status=DagsterRunStatus.STARTED)
        instance.add_run(running)
        assert drop_runs(instance, datetime.now(UTC) - timedelta(days=1)) == 0
        assert instance.all_logs(ran.run_id)
        assert drop_runs(instance, datetime.now(UTC) + timedelta(days=1)) == 1
        assert [each.run_id for each in instance.get_runs()] == [running.run_id] and not instance.all_logs(ran.run_id)


def test_a_home_that_is_not_there_is_left_alone(tmp_path: Path) -> None:
    with DagsterInstance.ephemeral() as instance:
        assert retain.execute_in_process(instance=instance, resources={"house": house(tmp_path / "none")}).success
    assert not (tmp_path / "none").exists()
