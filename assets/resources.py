"""What a run is given: home, lists, web, settings, profile, clock. The only resource of the graph.

Here: these as Dagster configuration, visible and overridable in its page, and the job they make. Elsewhere: what the stages do
with them (`pipelines.stages`).
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from dagster import AssetCheckExecutionContext, AssetExecutionContext, ConfigurableResource, OpExecutionContext
from pydantic import Field

from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.job import ROOT, Job, Progress, silent
from pipelines.settings import read_settings
from pipelines.suppression.keys import VARIABLE

Context = AssetExecutionContext | AssetCheckExecutionContext | OpExecutionContext


class House(ConfigurableResource[None]):
    """The givens of a run."""

    home: str = Field(default="data", description="Folder that holds everything a run writes.")
    leads: list[str] = Field(default=[], description="Lead lists to bring into the inbox; those already there are read anyway.")
    customers: list[str] = Field(default=[], description="Lists of customers, whatever their names say.")
    competitors: list[str] = Field(default=[], description="Lists of competitors.")
    partners: list[str] = Field(default=[], description="Lists of partners.")
    suppressed: list[str] = Field(default=[], description="Lists of whom to leave out: they are hashed and not kept.")
    web: list[str] = Field(default=["live"], description="What answers: WARC files and folders to replay, or `live`.")
    settings: str = Field(default="settings.yaml", description="The file a data engineer owns.")
    icp: str = Field(default="icp.yaml", description="The file marketing and sales own.")
    as_of: str | None = Field(default=None, description="The moment taken for now, ISO 8601 in UTC; the run's start by default.")

    def job(self, context: Context, progress: Progress = silent) -> Job:
        """Return the run's job. Every step of one run has the same moment for now."""
        return self.job_at(datetime.fromisoformat(self.as_of) if self.as_of else _start(context), progress)

    def job_at(self, as_of: datetime, progress: Progress = silent) -> Job:
        """Return the job with a moment taken for now (UTC, without zone)."""
        return Job(
            home=Home(Path(self.home)),
            settings=read_settings(Path(self.settings)),
            icp=read_icp(Path(self.icp)),
            web=tuple(self.web),
            as_of=as_of,
            leads=_paths(self.leads),
            others={
                "customers": _paths(self.customers),
                "competitors": _paths(self.competitors),
                "partners": _paths(self.partners),
                "suppressed": _paths(self.suppressed),
            },
            suppression_key=os.environ.get(VARIABLE),
            progress=progress,
        )


class Teller:
    """Tells how far long work is; the command line has one that draws a bar."""

    def __init__(self, progress: Progress = silent) -> None:
        self.progress = progress


def from_environment() -> House:
    """Return the house of a checkout: BULLSEYE_HOME, BULLSEYE_WEB (separated by the path separator), files beside the code."""
    web = os.environ.get("BULLSEYE_WEB", "live").split(os.pathsep)
    home = os.environ.get("BULLSEYE_HOME", str(ROOT / "data"))
    return House(home=home, web=web, settings=str(ROOT / "settings.yaml"), icp=str(ROOT / "icp.yaml"))


def _paths(written: Sequence[str]) -> tuple[Path, ...]:
    return tuple(Path(each) for each in written)


def _start(context: Context) -> datetime:
    """Return when the run was created, to the second, UTC without zone."""
    record = context.instance.get_run_record_by_id(context.run.run_id)
    moment = record.create_timestamp if record else datetime.now(UTC)
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
