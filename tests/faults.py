"""Dying at a named point: whatever a stage does to the files of a home is a point at which its process may end.

Here: counting those points while a stage runs, and ending the process at one of them as SIGKILL would, in a process forked for
it. Nothing of this is known to what is tried: Python itself tells of every file that is opened for writing, renamed, linked or
removed (`sys.addaudithook`); the database's commits and what is written into an archive are told by what is put around them.
Elsewhere: which stages are tried, and what has to hold after (`test_trials_durability_faults`).
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from pipelines import lock, stages
from pipelines.jailed import Limits
from pipelines.job import Job
from pipelines.lexicon import make_lexicon
from pipelines.reading import reader_of
from pipelines.sources import all_sources
from pipelines.warehouse import Warehouse
from pipelines.web import archive

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["great_expectations.execution_engine", "great_expectations.expectations.core", "faults"])
DIED = 9
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGING = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "os.truncate", "os.chmod")
Stage = Callable[[Job], object]


@dataclass
class Faults:
    """Counts the points of a stage in a home, and dies at one of them."""

    home: Path
    die_at: int | None
    points: list[str] = field(default_factory=list)

    def point(self, name: str) -> None:
        """Be at a point."""
        self.points.append(name)
        if len(self.points) == self.die_at:
            os._exit(DIED)

    def heard(self, event: str, said: tuple[Any, ...]) -> None:
        """Hear of what Python is about to do to a file."""
        changes = event in CHANGING or (event == "open" and isinstance(said[2], int) and said[2] & WRITING)
        place = str(said[0]) if said else ""
        if changes and place.startswith(str(self.home)):
            self.point(f"{event} {place.removeprefix(str(self.home)).lstrip('/')}")

    @contextmanager
    def committing(self, warehouse: Warehouse, inner: Callable[[Warehouse], Any]) -> Iterator[None]:
        """Commit between two points."""
        with inner(warehouse):
            yield
            self.point("commit")
        self.point("committed")


def listen(faults: Faults) -> None:
    """Let a process meet its points from now on, for ever."""
    inner, write = Warehouse._transaction, lock.write_at

    def written(path: Path, position: int, content: bytes) -> None:
        write(path, position, content[: len(content) // 2])
        faults.point(f"half written {path.name}")
        write(path, position, content)

    Warehouse._transaction = lambda warehouse: faults.committing(warehouse, inner)
    archive.write_at = written
    sys.addaudithook(faults.heard)


class Reading:
    """Reads pages in this process: workers are tried elsewhere."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self.read = reader_of(all_sources(), make_lexicon(phrases))


def _in_own_process(stage: Stage, job: Job, faults: Faults, told: Any) -> None:
    def in_here(phrases: Mapping[str, Sequence[str]], _: Limits) -> Any:
        return nullcontext(Reading(phrases))

    stages.Jail = in_here
    listen(faults)
    stage(job)
    told.send(faults.points)


def points_of(stage: Stage, job: Job, die_at: int | None = None) -> list[str] | None:
    """Run a stage in a process of its own and return its points; None when it died where it should."""
    heard, told = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_in_own_process, args=(stage, job, Faults(job.home.folder, die_at), told))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))  # from which the first one imports, for all
        process.start()
    told.close()
    try:
        points: list[str] | None = heard.recv()
    except EOFError:
        points = None
    process.join()
    assert process.exitcode == (DIED if points is None else 0), "it ended of something else"
    return points
