"""Nothing is kept longer than its class of data is: contacts, pages, logs, who downloaded what.

Here: what is overdue at a moment, and letting it leave. Each run lets contacts go at its beginning, one of the live web pages and
logs too; `bullseye retain` lets all of it go at any time. Elsewhere: how long each class is kept (`settings`), which contacts are
too old (`suppression.outdated`), clearing lists (`suppression.clearing`), taking pages out (`web.amend`).

A page is kept for so long from the day it was last seen to be so; what is quoted from it goes with it, since no value stands
without evidence, and is asked for again by then.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

from pipelines.facts import captures_of
from pipelines.givens import fingerprint
from pipelines.intake.inbox import LeadList
from pipelines.job import Job
from pipelines.portal.doors.journal import drop_before, entries
from pipelines.release.snapshot import prune
from pipelines.rights.requests import drop_answered
from pipelines.suppression import NOBODY
from pipelines.suppression.forget import drop_made, forget_in
from pipelines.web.amend import amend, entries_of, what_is_held
from pipelines.web.cdxj import Entry
from pipelines.web.shelves import LIVE

RETIRED, DROPPED = "retired", "retired_releases"
"""What is noted in the home: which lists were cleared of contacts that are too old, and since which of these releases went."""

PUBLISHED = ("lists with contacts", "pages")
"""The classes of what is overdue that releases hold."""


def retire(job: Job) -> None:
    """Let go at a run's beginning of whatever is overdue."""
    _retire_contacts(job)
    if job.web == (LIVE,):
        _drop_pages(job)
        _drop_logs(job)


def retain(job: Job, elsewhere: Sequence[Path] = ()) -> None:
    """Let go of all that is overdue, the journal included; `elsewhere` are folders of logs beside the home."""
    _retire_contacts(job)
    _drop_pages(job)
    _drop_logs(job, elsewhere)
    drop_before(job.home, _limit(job, job.settings.retention.journal))
    drop_answered(job.home.requests, _limit(job, job.settings.retention.journal).date())


def overdue(job: Job, elsewhere: Sequence[Path] = ()) -> dict[str, int]:
    """Return how much is overdue, by class."""
    journal = _limit(job, job.settings.retention.journal)
    return {
        "lists with contacts": sum(_has_contacts(job, each) for each in _too_old(job)),
        "pages": sum(map(_Worn(job).goes, entries_of(job.home.archive))),
        "logs": len(list(_old_logs(job, elsewhere))),
        "downloads": sum(datetime.fromisoformat(each.at) < journal for each in entries(job.home)),
    }


def drop_earlier(job: Job) -> None:
    """Remove the releases before the current one after contacts had to leave: they are in those still."""
    if job.home.noted(DROPPED) != job.home.noted(RETIRED):
        prune(job.home.releases, 1)
        job.home.note(DROPPED, job.home.noted(RETIRED))


def drop_published(job: Job) -> None:
    """Remove every release: what is overdue is in them still, and nobody may read it until there is one without."""
    job.home.current.unlink(missing_ok=True)
    for release in job.home.releases.iterdir() if job.home.releases.exists() else ():
        rmtree(release)


def _retire_contacts(job: Job) -> None:
    """Let the contacts of lists leave that are too old, once for each state of these, and whatever was made of them."""
    old = _too_old(job)
    if _state(old) != job.home.noted(RETIRED):
        job.clearing.retire(old, job.register)
        drop_made(job.home)
        job.home.note(RETIRED, _state(_too_old(job)))


def _too_old(job: Job) -> list[LeadList]:
    outdated = job.outdated
    return [each for each in job.lists() if outdated.covers(each.received_on)]


def _state(lists: Sequence[LeadList]) -> str:
    return fingerprint([(each.list_id, each.left) for each in lists]) if lists else ""


def _has_contacts(job: Job, lead_list: LeadList) -> bool:
    return any(block.outdated_contacts() for block in job.clearing.blocks(lead_list))


class _Worn:
    """Pages that were last seen to be so longer ago than pages are kept, as what leaves an archive."""

    def __init__(self, job: Job) -> None:
        self._limit = _limit(job, job.settings.retention.snapshots)
        self._seen: dict[str, datetime] = {}
        for entry in entries_of(job.home.archive):
            known = self._seen.get(entry.capture.capture_id, entry.checked_at)
            self._seen[entry.capture.capture_id] = max(known, entry.checked_at)

    def __bool__(self) -> bool:
        return any(moment < self._limit for moment in self._seen.values())

    def stands_in(self, _: bytes, __: bytes = b"", /) -> bool:
        """Say no: whatever a page says, it is its age that counts."""
        return False

    def masked(self, content: bytes, _: bytes = b"", /) -> bytes:
        """Return the content as it is."""
        return content

    def goes(self, entry: Entry, /) -> bool:
        """Say whether a capture is too old."""
        return self._seen[entry.capture.capture_id] < self._limit


def _drop_pages(job: Job) -> None:
    worn = _Worn(job)
    if worn:
        amend(job.home.archive, worn)
    held = what_is_held(job.home.archive)
    if gone := captures_of(job.home.facts) - held.whole - held.pages:
        forget_in(job.home, NOBODY.and_captures(gone))


def _drop_logs(job: Job, elsewhere: Sequence[Path] = ()) -> None:
    for path in list(_old_logs(job, elsewhere)):
        path.unlink()


def _old_logs(job: Job, elsewhere: Sequence[Path]) -> Iterator[Path]:
    """Yield the logs nobody wrote to for so long: of runs of the graph, each its own files, and whatever lies in logs/."""
    limit = _limit(job, job.settings.retention.logs).timestamp()
    for folder in (job.home.folder / "logs", job.home.folder / "dagster", *elsewhere):
        kept = {folder / name for name in ("dagster.yaml", "history/runs.db", "history/runs/index.db", "schedules/schedules.db")}
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path not in kept and path.stat().st_mtime < limit:
                yield path


def _limit(job: Job, days: int) -> datetime:
    return job.as_of.replace(tzinfo=UTC) - timedelta(days=days)
