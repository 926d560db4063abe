"""Do we still know? What was answered in this run, or not long before, is not asked again.

Here: which earlier answer stands for a request, by the age at which it is still believed, and which one a server can be asked
about whether it is still so. Elsewhere: what was kept (`web.archive`, `web.misses`), asking (`web.web`).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from pipelines.records import Captured, Miss, Request
from pipelines.web.archive import Archive
from pipelines.web.cdxj import Entry
from pipelines.web.misses import Misses, believed_for
from pipelines.web.origins import of_itself

LONGEST_MAX_AGE = timedelta(days=30)
STALE = timedelta(0)


class Memory:
    """What is known by a run that began at a moment; `now` is the one it is."""

    def __init__(self, archive: Archive, misses: Misses, begun: datetime, now: Callable[[], datetime]) -> None:
        self._archive = archive
        self._misses = misses
        self._begun = begun
        self._now = now

    def of(self, request: Request, fresh_for: timedelta) -> Captured | Miss | None:
        """Return what was answered in this run or not long before."""
        exact = of_itself(request)
        entry, missed = self._archive.latest(request.address, self._now(), exact=exact), self._misses.latest(request)
        if missed and (entry is None or entry.checked_at <= missed.missed_at):
            return missed if self._is_fresh(missed.missed_at, believed_for(missed.reason, fresh_for) or STALE) else None
        if entry is not None and request.span:
            return self._archive.held(entry, request)  # what lies at a place in somebody's archive stays as it is
        if entry is None or (request.url.startswith("https:") and not entry.capture.url.startswith("https:")):
            return None  # what came over no TLS is no answer where TLS is asked for
        told = min(timedelta(seconds=entry.max_age), LONGEST_MAX_AGE) if not exact else STALE
        return self._archive.held(entry, request) if self._is_fresh(entry.checked_at, max(fresh_for, told)) else None

    def comparable(self, request: Request, url: str) -> Entry | None:
        """Return what was held of the page at that URL, if a server can be asked whether it is still so."""
        before = self._archive.latest(request.url, self._now()) if request.is_plain else None
        held = before is not None and before.capture.url == url and not before.capture.reservation
        return before if before is not None and held and before.conditions else None

    def _is_fresh(self, moment: datetime, fresh_for: timedelta) -> bool:
        return moment >= self._begun or self._now() - moment < fresh_for
