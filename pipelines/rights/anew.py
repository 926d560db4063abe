"""The release made again from what is left, asking nobody: what was published of everybody else goes on being published.

Here: the stages but the one that looks, as of the moment of the release before; and letting go of what is overdue, with the
releases that hold it. Elsewhere: the stages (`stages`), what is overdue (`retention`), letting go of somebody first (`forget`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pipelines import stages
from pipelines.errors import Stop
from pipelines.givens import fingerprint
from pipelines.home import Home
from pipelines.job import Job
from pipelines.release.manifest import MANIFEST
from pipelines.rights.retention import PUBLISHED, drop_published, overdue, retain
from pipelines.suppression.forget import forget_strangers
from pipelines.web.shelves import LIVE


class Published(NamedTuple):
    """What the current release was made of: its moment (UTC, without zone), the live web or not, the two files people own."""

    as_of: datetime
    is_live: bool
    made_with: tuple[str, str]


def published(home: Home) -> Published | None:
    """Return what the current release was made of; None when nothing is published."""
    try:
        said = json.loads((home.current / MANIFEST).read_text("utf-8"))
        moment, made_from = datetime.fromisoformat(said["as_of"]), said["made_from"]
        return Published(moment.replace(tzinfo=None), list(made_from["web"]) == [LIVE], (made_from["icp"], made_from["settings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def as_before(job: Job, before: Published | None) -> Job:
    """Return the job for what is published: its web only says how far the archive counts, to the end or to the job's moment."""
    return replace(job, web=(LIVE,) if before is None or before.is_live else (str(job.home.archive),))


def let_overdue_go(job: Job, elsewhere: Sequence[Path] = ()) -> Mapping[str, int]:
    """Let go of all that is overdue, every release included where those hold it, and return how much it was, by class.

    Nothing is published then until `publish_anew`, or the next run.
    """
    found = overdue(job, elsewhere)
    retain(job, elsewhere)
    if any(found[what] for what in PUBLISHED):
        drop_published(job)
    return found


def publish_anew(job: Job, before: Published) -> Path:
    """Publish what is left and return the release; raises `Stop` as the stages do: nothing is published then until the next run.

    A release made with another icp.yaml or settings.yaml is not made again with these: that would be another release.
    """
    if before.made_with != (fingerprint(job.icp.model_dump()), fingerprint(job.settings.model_dump())):
        raise Stop(
            "The release was made with another icp.yaml or settings.yaml than these; run again with those (--icp, --settings)."
        )
    stages.take_in(job)
    forget_strangers(job.home, {each.organization_id for each in stages.organizations(job)})
    stages.load_found(job)
    stages.reason(job)
    return stages.publish(job, stages.check(job))
