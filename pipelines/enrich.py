"""From organizations to facts, all of them side by side.

Here: the partitions that have something new, looked at one organization beside the other, each written when its last one is done;
how far that is. Elsewhere: looking at one organization (`looking`), keeping what was found (`keeping`) and what was read
(`readings`).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.facts import Partition, read_partition, stamp_of, write_partition
from pipelines.identity.visit import Found
from pipelines.ids import partition_of
from pipelines.keeping import earlier, keep, stamp, standing
from pipelines.looking import Looking
from pipelines.readings import Readings, read_readings, write_readings
from pipelines.records import Capture, Organization
from pipelines.suppression.forget import forgotten, may_stay

Progress = Callable[[str, int, int], None]
TELLING_SECONDS = 1.0


@dataclass(slots=True)
class _Part:
    """A partition while its organizations are looked at."""

    number: int
    group: Sequence[Organization]
    kept: Partition
    readings: Readings
    before: Mapping[str, Mapping[str, Capture]] = field(default_factory=dict)
    earlier: Mapping[str, Sequence[Capture]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What it takes to enrich: looking, and the folder where files go."""

    looking: Looking
    folder: Path

    def run(self, organizations: Sequence[Organization], inputs: str, progress: Progress) -> int:
        """Bring every partition whose inputs changed up to date; returns how many organizations were looked at.

        `inputs` is a fingerprint of all that decides what comes out, but for the organizations; `progress` is called with
        what is done, how many are, and of how many. Raises `Stop` as the readers do.
        """
        groups = self._partitions(organizations)
        stale = {number: group for number, group in groups.items() if stamp_of(self.folder, number) != stamp(group, inputs)}
        total = sum(map(len, stale.values()))
        try:
            with asyncio.Runner() as runner:
                # What a task meets is raised here; that it met it need not be told a second time when it is thrown away.
                runner.get_loop().set_exception_handler(lambda _loop, _told: None)
                runner.run(self._run(stale, inputs, _Course(self.looking.web.so_far, progress, total)))
        except BaseExceptionGroup as several:  # what one organization met, or somebody's Ctrl-C, ends the run for all
            raise _first(several) from None
        return total

    async def _run(self, stale: Mapping[int, Sequence[Organization]], inputs: str, course: "_Course") -> None:
        pool = ThreadPoolExecutor(self.looking.settings.storage.threads, "reader")
        telling = asyncio.create_task(course.tell_now_and_then())
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._look(stale, inputs, course, tasks, pool)
        finally:  # whoever interrupts does not wait for what was only planned
            telling.cancel()
            pool.shutdown(wait=False, cancel_futures=True)
            await self.looking.web.aclose()

    async def _look(
        self,
        stale: Mapping[int, Sequence[Organization]],
        inputs: str,
        course: "_Course",
        tasks: asyncio.TaskGroup,
        pool: Executor,
    ) -> None:
        """Begin with one organization after the other as soon as there is room for it."""
        room = asyncio.Semaphore(self.looking.settings.manners.workers)

        async def look_at(organization: Organization, part: _Part) -> Found:
            try:
                about = organization.organization_id
                before, stood = part.before.get(about, {}), part.earlier.get(about, ())
                return await self.looking.look_at(organization, before, part.readings, pool, stood)
            finally:
                room.release()
                course.step(organization)

        for number, group in stale.items():
            kept = read_partition(self.folder, number)
            part = _Part(number, group, kept, read_readings(self.folder, number), standing(kept), earlier(kept))
            looks = []
            for organization in group:
                await room.acquire()
                looks.append(tasks.create_task(look_at(organization, part)))
            tasks.create_task(self._finish(part, looks, inputs))

    async def _finish(self, part: _Part, looks: Sequence[asyncio.Task[Found]], inputs: str) -> None:
        """Write the partition when all its organizations were looked at."""
        keep(part.kept, await asyncio.gather(*looks))
        part.kept.inputs = stamp(part.group, inputs)
        suppression = self.looking.suppression
        write_readings(self.folder, part.number, part.readings, lambda _, reading: may_stay(reading, suppression))
        write_partition(self.folder, part.number, forgotten(part.kept, suppression))

    def _partitions(self, organizations: Sequence[Organization]) -> dict[int, list[Organization]]:
        groups: dict[int, list[Organization]] = {}
        for each in sorted(organizations, key=lambda each: each.organization_id):
            groups.setdefault(partition_of(each.organization_id, self.looking.settings.storage.partitions), []).append(each)
        return dict(sorted(groups.items()))


class _Course:
    """How far a run has come, told whoever wants to see it."""

    def __init__(self, so_far: Callable[[], str], progress: Progress, total: int) -> None:
        self._so_far = so_far
        self._progress = progress
        self._total = total
        self._done = 0
        self._last = ""

    def step(self, organization: Organization) -> None:
        self._done += 1
        self._last = organization.domain or organization.name or ""
        self.tell()

    def tell(self) -> None:
        self._progress(self._so_far() or self._last, self._done, self._total)

    async def tell_now_and_then(self) -> None:
        """Tell while hosts keep us waiting."""
        while True:
            await asyncio.sleep(TELLING_SECONDS)
            self.tell()


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return one of them, however deep they are."""
    first = several.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
