"""A release made again, from what its manifest names: the lists, what was found until then, and the archive it is quoted from.

Here: a home of its own for it, and whether the same came out. Elsewhere: the making (`stages`). Nobody is asked anything.
"""

# While facts lie as they did, the same comes out byte for byte. Once somebody looked again they no longer do, and the archive is
# replayed up to that moment: all that pages said is there, but not always what was asked in vain (of a folder, what it lacks); so
# mart.miss and what counts requests may differ, and that is told.

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines import stages
from pipelines.errors import Stop
from pipelines.facts import content_of
from pipelines.givens import fingerprint
from pipelines.home import Home
from pipelines.icp import Icp
from pipelines.intake.inbox import NOTES
from pipelines.job import Job
from pipelines.release.manifest import MANIFEST
from pipelines.release.previous import CURRENT, Manifest, moment_of, read_manifests
from pipelines.settings import Settings
from pipelines.web.shelves import LIVE


@dataclass(frozen=True, slots=True)
class Again:
    """A release made again in `folder`: the tables whose bytes differ, and whether the code is the one it was made by."""

    folder: Path
    differing: tuple[str, ...]
    same_code: bool


def again(home: Home, version: str, settings: Settings, icp: Icp, target: Path, key: str | None = None) -> Again:
    """Make a release of a home again in the new folder `target`; `key` is that of the suppression list, where the home has none.

    Raises `Stop` when there is no such release, or something it was made from is no longer there or another.
    """
    manifest = read_manifests(home.releases).get(version)
    if manifest is None:
        raise Stop(f"{home.releases} has no release {version}; `bullseye release list` names those that are there.")
    if target.exists():
        raise Stop(f"{target} is there already; name a new folder with --to.")
    job = Job(Home(target), settings, icp, (LIVE,), moment_of(manifest), suppression_key=key)
    _hold_to(manifest["made_from"], job)
    if manifest["made_from"]["web"] != [LIVE]:
        job = replace(job, web=(str(home.archive),))
    _lay_out(home, job, manifest["made_from"])
    folder = _make(home, job, manifest["made_from"])
    files = read_manifests(job.home.releases)[folder.name]["files"]
    tables = [path for path in manifest["files"] if path.endswith(".parquet") and files.get(path) != manifest["files"][path]]
    return Again(folder, tuple(tables), job.code == manifest["made_from"]["code"])


def _hold_to(made_from: Manifest, job: Job) -> None:
    """Raise `Stop` for another profile or other settings than the release was made with."""
    for name, given in (("icp", job.icp), ("settings", job.settings)):
        if fingerprint(given.model_dump()) != made_from[name]:
            raise Stop(f"The release was made with another {name}.yaml; name the one of that day with --{name}.")


def _lay_out(home: Home, job: Job, made_from: Mapping[str, Any]) -> None:
    """Fill the new home with copies of what the release was made from."""
    wanted = {each["sha256"]: each["name"] for each in made_from["lead_lists"]}
    own = Job(home, job.settings, job.icp, job.web, job.as_of, suppression_key=job.suppression_key)
    lists = {each.sha256: each for each in own.lists() if each.sha256 in wanted}
    if missing := sorted(wanted[each] for each in wanted.keys() - lists.keys()):
        raise Stop(f"{', '.join(missing)} is no longer in {home.inbox}; put it back, and run this again.")
    (job.home.inbox / NOTES).mkdir(parents=True)
    for each in lists.values():
        shutil.copy2(each.path, job.home.inbox)
        for note in (home.inbox / NOTES).glob(f"*{each.sha256}*"):
            shutil.copy2(note, job.home.inbox / NOTES)
    for secret in (home.suppression, home.suppression_key):
        if secret.exists():
            shutil.copy2(secret, job.home.folder)
    if before := made_from["previous"]:
        _put_before(home, job, before["version"])


def _put_before(home: Home, job: Job, version: str) -> None:
    """Let the release before be the current one of the new home."""
    if not (home.releases / version / MANIFEST).exists():
        raise Stop(f"It was compared with release {version}, which is gone; make that one again first, and put it back.")
    shutil.copytree(home.releases / version, job.home.releases / version)
    (job.home.releases / CURRENT).symlink_to(version)


def _make(home: Home, job: Job, made_from: Manifest) -> Path:
    """Make the release from facts, where they lie as they did, else from the archive."""
    stages.take_in(job)
    if content_of(home.facts) == made_from["facts"]:
        shutil.copytree(home.facts, job.home.facts)
        job.home.archive.symlink_to(home.archive.resolve())
        stages.load_found(job)
    else:
        stages.look(replace(job, web=(str(home.archive),), as_of=datetime.fromisoformat(made_from["until"])))
    stages.reason(job)
    return stages.publish(job, stages.check(job))
