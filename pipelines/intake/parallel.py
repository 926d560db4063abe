"""Lead lists become files: the steps of reading them, done by several processes, each writing what it read as Parquet.

Here: who does which step, and under which name its tables are written. Elsewhere: the steps (`reading`), their tables (`tables`).
"""

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from typing import Self

import pyarrow.parquet as pq

from pipelines.intake.reading import ReadBlock, Step
from pipelines.intake.tables import PLACES, IntakeTables, stack

BIG = 20_000
"""From how many rows on a block is worth sending to another process; smaller ones are written together."""


def write_lists(steps: Iterable[Step], folder: Path, workers: int) -> dict[str, list[Path]]:
    """Do the steps in so many processes (1: in this one), write the tables into the folder, and return table -> its files.

    Whatever was in the folder, left there by a run that was killed, is gone.
    """
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Writers(folder, workers) as writers:
        for step in steps:
            writers.write(step)
    return {place: sorted(folder.glob(f"{table}-*.parquet")) for table, place in PLACES.items()}


def write_tables(tables: IntakeTables, folder: Path, number: int) -> None:
    """Write each of the tables that has rows, whole or not at all."""
    for name in PLACES:
        if (table := getattr(tables, name)).num_rows:
            pq.write_table(table, folder / f"{name}-{number:06}.parquet", compression="lz4", write_statistics=False)


@dataclass
class Writers:
    """Other processes for the big blocks, begun with the first of them, and this one for all the rest."""

    folder: Path
    workers: int
    _pool: ProcessPoolExecutor | None = None
    _running: set[Future[None]] = field(default_factory=set)
    _small: list[IntakeTables] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._wait(0)
            self._write_small()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def write(self, step: Step) -> None:
        """Do one step, now or later, here or elsewhere."""
        if self.workers > 1 and isinstance(step, ReadBlock) and step.block.rows >= BIG:
            self._wait(self.workers + 1)
            self._pool = self._pool or ProcessPoolExecutor(self.workers, get_context("spawn"))
            self._running.add(self._pool.submit(_do, step, self.folder, next(self._numbers)))
        else:
            self._small.append(step())
            if sum(each.lead_row.num_rows for each in self._small) >= BIG:
                self._write_small()

    def _wait(self, most: int) -> None:
        """Wait until at most so many steps are running; raises what one of them raised."""
        while len(self._running) > most:
            done, self._running = wait(self._running, return_when=FIRST_COMPLETED)
            for each in done:
                each.result()

    def _write_small(self) -> None:
        write_tables(stack(self._small), self.folder, next(self._numbers))
        self._small.clear()


def _do(step: Step, folder: Path, number: int) -> None:
    write_tables(step(), folder, number)
