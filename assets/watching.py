"""How Dagster learns that a run's process is gone: a launcher that can say so.

Here: looking for the process of a run. Elsewhere: launching (Dagster), how often it is looked and what waits (dagster.yaml).
"""

# Dagster's own launcher is told by the code server, whose child the run is, and by nobody where both ended: after a crash of the
# machine its run counted as begun for ever, and since one run goes at a time no other ever began (seen with 1.13).

import os
from pathlib import Path

from dagster import DagsterEventType, DagsterRun, DefaultRunLauncher
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus

from pipelines.lock import answers

PROCESSES = Path("/proc")
_STARTED, _STATE = 19, 0
"""Places in /proc/…/stat, behind the name: ticks between the machine's start and the process's; what it does."""


class Watching(DefaultRunLauncher):
    """Launches runs as Dagster does, on the machine of its daemon, and can tell whether their processes are there."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Let Dagster ask."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Say whether the process that began a run is there."""
        for begun in self._instance.all_logs(run.run_id, of_type=DagsterEventType.RUN_START):
            pid = begun.dagster_event.pid if begun.dagster_event else None
            if pid and not is_there(pid, begun.timestamp):
                return CheckRunHealthResult(WorkerStatus.NOT_FOUND, f"The run's process {pid} is gone.")
        return CheckRunHealthResult(WorkerStatus.RUNNING)


def is_there(pid: int, moment: float) -> bool:
    """Whether a process of that number that ran at a moment (seconds since 1970) runs now; another got its number later."""
    if not (PROCESSES / "stat").exists():
        return answers(pid)  # nothing tells since when
    try:
        said = (PROCESSES / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    machine = float((PROCESSES / "stat").read_text("utf-8").partition("btime ")[2].split()[0])
    return said[_STATE] != "Z" and machine + int(said[_STARTED]) / os.sysconf("SC_CLK_TCK") <= moment + 1
