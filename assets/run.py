"""The main job in this process: what `bullseye run` does.

Here: the same graph as `dagster dev` shows, run to its end, quietly. Elsewhere: the graph (`assets.definitions`).
"""

from datetime import datetime
from pathlib import Path

from dagster import DagsterError, DagsterExecutionStepExecutionError

from assets.definitions import build
from assets.resources import House, Teller
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.lock import running
from pipelines.release.snapshot import hold_to
from pipelines.stages import ROOT, Progress, unchanged
from pipelines.tables import read_tables
from pipelines.verdicts import read_verdicts

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run(house: House, progress: Progress) -> Path:
    """Run the job and return the folder of the release that is current then; raises `Stop` as the stages do."""
    with running(Path(house.home)):
        if house.as_of and (release := unchanged(house.job_at(datetime.fromisoformat(house.as_of)))):
            return release
        job = build(house, Teller(progress)).resolve_job_def("bullseye")
        try:
            result = job.execute_in_process(run_config=QUIET)
        except DagsterExecutionStepExecutionError as error:
            raise error.__cause__ or error from None
        except DagsterError as error:  # a blocking check failed
            _say_which(house)
            raise Stop(f"Nothing was published; the release before stands. {error}") from None
        materialized = result.asset_materializations_for_node("release")
        return Path(str(materialized[0].metadata["folder"].value))


def _say_which(house: House) -> None:
    """Raise `Stop` naming the promises that the last audit found broken."""
    tables = read_tables(ROOT / "sql")
    promises = [promise for table in tables.values() for promise in table.promises]
    hold_to(tables, read_verdicts(Home(Path(house.home)).verdicts, promises))
