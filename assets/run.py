"""The main job in this process: what `bullseye run` does.

Here: the same graph as `dagster dev` shows, run to its end, quietly. Elsewhere: the graph (`assets.definitions`).
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dagster import DagsterError, DagsterExecutionInterruptedError, DagsterExecutionStepExecutionError

from assets.definitions import build
from assets.enrich import ASKED
from assets.passing import passing
from assets.resources import House, Teller
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import ROOT, Progress
from pipelines.lock import running
from pipelines.release.snapshot import hold_to
from pipelines.stages import unchanged
from pipelines.tables import read_tables
from pipelines.verdicts import read_verdicts

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True, slots=True)
class Ran:
    """The folder of the release that is current after a run, and a sentence on what the run had to do, where there is one."""

    release: Path
    sentence: str = ""


def run(house: House, progress: Progress) -> Ran:
    """Run the job; raises `Stop` as the stages do."""
    with running(Path(house.home)):
        if house.as_of and (release := unchanged(house.job_at(datetime.fromisoformat(house.as_of)))):
            return Ran(release, "Nothing changed since the release was made, so nothing was done.")
        job = build(house, Teller(progress)).resolve_job_def("bullseye")
        try:
            with passing() as instance:
                result = job.execute_in_process(run_config=QUIET, instance=instance)
        except DagsterExecutionInterruptedError:  # what Dagster makes of Ctrl-C
            raise KeyboardInterrupt from None
        except DagsterExecutionStepExecutionError as error:
            raise error.__cause__ or error from None
        except DagsterError as error:  # a blocking check failed
            _say_which(house)
            raise Stop(f"Nothing was published; the release before stands. {error}") from None
        (published,) = result.asset_materializations_for_node("release")
        enriched = result.asset_materializations_for_node("enrich")[0].metadata
        asked = enriched[ASKED].value if ASKED in enriched else None
        return Ran(Path(str(published.metadata["folder"].value)), _sentence(asked))


def _sentence(asked: object) -> str:
    """Say how often the web was asked, where it was."""
    if asked is None:
        return ""
    return f"The web was asked {asked} times." if asked else "Nobody was asked: every answer we have is still fresh."


def _say_which(house: House) -> None:
    """Raise `Stop` naming the promises that the last audit found broken."""
    tables = read_tables(ROOT / "sql")
    promises = [promise for table in tables.values() for promise in table.promises]
    hold_to(tables, read_verdicts(Home(Path(house.home)).verdicts, promises))
