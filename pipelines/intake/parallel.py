"""Lead lists become files: the steps of reading them, several at once, each writing what it read as Parquet.

Here: which steps are done at once, and under which name their tables are written. Threads will do: nearly all of a big step is
pyarrow's, which lets the others work. Elsewhere: the steps (`reading`), their tables (`tables`).
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.intake.reading import ReadBlock, Step
from pipelines.intake.tables import LEAD_LIST, PLACES, IntakeTables, stack

BIG = 20_000
"""From how many rows on a block is a file of its own; smaller ones are written together."""


def write_lists(steps: Iterable[Step], folder: Path, threads: int) -> dict[str, list[Path]]:
    """Do the steps, so many at once, write the tables into the folder, and return table -> its files.

    Whatever was in the folder, left there by a run that was killed, is gone.
    """
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ThreadPoolExecutor(threads) as pool:
        writers = Writers(folder, pool, threads + 1)
        try:
            for step in steps:
                writers.write(step)
            writers.finish()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return {place: sorted(folder.glob(f"{table}-*.parquet")) for table, place in PLACES.items()}


def read_written(files: Sequence[Path]) -> pa.Table:
    """Return the lists of all files: the one of the tables that is small."""
    return pa.concat_tables([LEAD_LIST.empty_table(), *map(pq.read_table, files)])


def write_tables(tables: IntakeTables, folder: Path, number: int) -> None:
    """Write each of the tables that has rows, whole or not at all."""
    for name in PLACES:
        if (table := getattr(tables, name)).num_rows:
            pq.write_table(table, folder / f"{name}-{number:06}.parquet", compression="lz4", write_statistics=False)


@dataclass
class Writers:
    """A pool for the big blocks, of which at most so many are in hand, and the caller itself for all the rest."""

    folder: Path
    pool: ThreadPoolExecutor
    most: int
    _running: set[Future[None]] = field(default_factory=set)
    _small: list[IntakeTables] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def write(self, step: Step) -> None:
        """Do one step, now or later."""
        if isinstance(step, ReadBlock) and step.block.rows >= BIG:
            self._wait(self.most - 1)
            self._running.add(self.pool.submit(_do, step, self.folder, next(self._numbers)))
        else:
            self._small.append(step())
            if sum(each.lead_row.num_rows for each in self._small) >= BIG:
                self._write_small()

    def finish(self) -> None:
        """Do what is not done yet."""
        self._wait(0)
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
