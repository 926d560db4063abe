"""The release made again from what is left, asking nobody: what was published of everybody else goes on being published.

Here: the stages but the one that looks, as of the moment of the release before. Elsewhere: the stages (`stages`), letting go of
somebody first (`forget`).
"""

import json
from datetime import datetime
from pathlib import Path

from pipelines import stages
from pipelines.home import Home
from pipelines.job import Job
from pipelines.release.manifest import MANIFEST
from pipelines.suppression.forget import forget_strangers
from pipelines.web.shelves import LIVE


def published(home: Home) -> tuple[datetime, bool] | None:
    """Return the moment the current release was made for (UTC, without zone), and whether of the live web; None without one."""
    try:
        said = json.loads((home.current / MANIFEST).read_text("utf-8"))
        moment = datetime.fromisoformat(said["as_of"])
        return moment.replace(tzinfo=None), list(said["made_from"]["web"]) == [LIVE]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def publish_anew(job: Job) -> Path:
    """Publish what is left and return the release; raises `Stop` as the stages do: nothing is published then until the next run.

    The job's `web` only says how far the archive counts: to the end for the live web, else to the job's moment.
    """
    stages.take_in(job)
    forget_strangers(job.home, {each.organization_id for each in stages.organizations(job)})
    stages.load_found(job)
    stages.reason(job)
    return stages.publish(job, stages.check(job))
