"""Trial F9: the daemon of Dagster on our dagster.yaml. A run whose process is gone is marked, and the next one begins.

Elsewhere: what becomes of a home in which a run was killed, through Dagster's door too (benchmarks/durability.py).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus

from assets.watching import is_there
from pipelines.job import ROOT

JOBS = """
import time
from dagster import Definitions, in_process_executor, job, op

@op
def wait():
    time.sleep(600)

@job(executor_def=in_process_executor)
def waiting():
    wait()

defs = Definitions(jobs=[waiting])
"""
PATIENCE_SECONDS = 300
"""What trial F9 allows; here Dagster looks every second, in a house every minute."""


def test_a_process_is_told_from_another_of_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert is_there(process.pid, time.time())
        assert not is_there(process.pid, time.time() - 3600), "an hour ago that number was somebody else's"
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_there(process.pid, time.time()), "what is dead and not collected is not there"
    assert not is_there(process.pid, time.time())


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder for Dagster, with our dagster.yaml and a job that waits."""
    told = (ROOT / "dagster.yaml").read_text("utf-8")
    assert "poll_interval_seconds: 60" in told
    (tmp_path / "dagster.yaml").write_text(told.replace("poll_interval_seconds: 60", "poll_interval_seconds: 1"), "utf-8")
    (tmp_path / "jobs.py").write_text(JOBS, "utf-8")
    return tmp_path


def command(house: Path, *words: str) -> dict[str, object]:
    """What starts one of Dagster's programs over the house."""
    environment = {**os.environ, "DAGSTER_HOME": str(house), "PYTHONPATH": str(ROOT)}
    program = f"from dagster.{words[0]} import main; main()"
    return {"args": [sys.executable, "-c", program, *words[1:]], "cwd": house, "env": environment}


@contextmanager
def daemon(house: Path) -> Iterator[None]:
    """Let the daemon, and what it starts, run; at the end all of them die at once, as the machine would."""
    with (house / "said.txt").open("ab") as said:
        asked = command(house, "_daemon.cli", "run", "-f", "jobs.py")
        process = subprocess.Popen(**asked, stdout=said, stderr=said, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(house: Path, holds: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, (house / "said.txt").read_text("utf-8")[-4000:]
        time.sleep(0.2)


@pytest.mark.long
@pytest.mark.slow
def test_f9_whatever_ends_a_run_the_next_one_begins(house: Path) -> None:
    for _ in range(3):
        subprocess.run(
            **command(house, "_cli", "job", "launch", "-f", "jobs.py", "-j", "waiting"), check=True, capture_output=True
        )
    with DagsterInstance.from_config(str(house)) as instance:
        crashed, cancelled, killed = [run.run_id for run in reversed(instance.get_runs())]

        def is_(run_id: str, status: DagsterRunStatus) -> Callable[[], bool]:
            return lambda: instance.get_run_by_id(run_id).status == status

        with daemon(house):
            until(house, is_(crashed, DagsterRunStatus.STARTED))
            assert is_(cancelled, DagsterRunStatus.QUEUED)(), "one run goes at a time"
        with daemon(house):
            until(house, is_(crashed, DagsterRunStatus.FAILURE))
            until(house, is_(cancelled, DagsterRunStatus.STARTED))
            assert instance.run_launcher.terminate(cancelled)
            until(house, is_(cancelled, DagsterRunStatus.CANCELED))
            until(house, is_(killed, DagsterRunStatus.STARTED))
            (begun,) = instance.all_logs(killed, of_type=DagsterEventType.RUN_START)
            os.kill(begun.dagster_event.pid, signal.SIGKILL)
            until(house, is_(killed, DagsterRunStatus.FAILURE))
