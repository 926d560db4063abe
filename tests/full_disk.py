"""A disk that fills up in the middle of a run: a small file system in memory, in a mount namespace of its own.

    unshare -rm python tests/full_disk.py FOLDER

Here: a home on such a disk, runs over it during which room runs out at one place after the other, and what came of each, as one
line of JSON a place. Elsewhere: what has to come of it (`test_trials_durability_disk`).
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from faults import Reading
from test_trials_market import leads, market, run, website

from pipelines import stages
from pipelines.errors import Stop
from pipelines.job import ROOT, Job
from pipelines.release.manifest import damaged

sys.path.append(str(ROOT / "benchmarks"))
from durability_home import acknowledged, contents

DISK_BYTES = 192 << 20
LEFT_BYTES = 24 << 10
HOSTS = ("anvil.example", "bolt.example")
PLACES = {
    "the log of the database": "pipelines.warehouse.Warehouse.load_parts",
    "its checkpoint": "pipelines.warehouse.Warehouse._write_whole",
    "building": "pipelines.warehouse.Warehouse.build",
    "rows of lists": "pipelines.stages.write_lists",
    "the archive": "pipelines.web.archive.Archive.store",
    "facts": "pipelines.enrich.write_partition",
    "verdicts": "pipelines.stages.write_verdicts",
    "the snapshot": "pipelines.warehouse.Warehouse.copy_release",
    "the export": "pipelines.release.snapshot.export",
    "the note": "pipelines.home.Home.note",
}
"""What is written -> before what the disk fills up."""


@contextmanager
def full(disk: Path, place: str) -> Iterator[list[int]]:
    """Let the disk be full from when that is called first, but for a few blocks."""
    module, _, name = place.rpartition(".")
    owner = _owner(module)
    inner: Callable[..., Any] = getattr(owner, name)
    filled: list[int] = []

    def called(*given: Any, **named: Any) -> Any:
        if not filled:
            filled.append(max(0, shutil.disk_usage(disk).free - LEFT_BYTES))
            with (disk / "ballast").open("wb") as ballast:
                ballast.write(bytes(filled[0]))
        return inner(*given, **named)

    with patch.object(owner, name, called):
        yield filled
    (disk / "ballast").unlink(missing_ok=True)


def _owner(path: str) -> Any:
    """Return a module, or a class in one."""
    from importlib import import_module

    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name) if name[0].isupper() else import_module(path)


def tried(job: Job, disk: Path, place: str) -> dict[str, object]:
    """Run out of room at a place, look, make room, and run again."""
    current, before = job.home.current.resolve(), contents(job.home.current.resolve())
    known, said, kind = acknowledged(job.home.folder, 16), "", ""
    with full(disk, place) as filled:
        try:
            run(job)
        except (Stop, OSError) as error:  # of which the command line makes a sentence
            said, kind = str(error), type(error).__name__
    stands = job.home.current.resolve() == current and contents(current) == before and not damaged(current)
    release = run(job)
    lost = len(known - acknowledged(job.home.folder, 16))
    return {"filled": bool(filled), "kind": kind, "said": said, "stands": stands, "lost": lost, "whole": not damaged(release)}


def main(folder: Path, only: Sequence[str] = ()) -> None:
    """Try every place, each in a run of another day, which confirms pages, looks again, reasons and publishes."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    job = market(folder, {host: website(host) for host in HOSTS}, {"fair.csv": leads(*HOSTS)})
    storage = job.settings.storage.model_copy(update={"least_free_bytes": 0, "keep_releases": 2})
    job = replace(job, settings=job.settings.model_copy(update={"storage": storage}))
    stages.Jail = lambda phrases, _: nullcontext(Reading(phrases))
    run(job)
    for number, (what, place) in enumerate(PLACES.items(), 1):
        later = replace(job, as_of=job.as_of + timedelta(days=10 * number))
        if not only or what in only:
            sys.stdout.write(json.dumps({"what": what, **tried(later, folder, place)}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
