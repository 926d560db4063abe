"""What did not answer, remembered: a page that is not there is not asked for again in every run, nor a host that asked for time.

Here: the misses of a run, and of earlier ones those that are likely to last, one line each beside the archive. What nobody
answered (no name, no connection, no time) is forgotten with the run: the next one asks again. Elsewhere: when something is asked
again (`web.web`, `web.patience`), misses as rows (`facts`).
"""

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.lock import in_turn
from pipelines.records import Miss, Request

LASTING = re.compile(r"http_4(?!08|25|29)\d\d|redirected_elsewhere|too_many_redirects|unsupported_type|too_large")
PASSING = re.compile(r"http_\d\d\d")
"""Other answers: trouble of a server. So soon as that, the next run does not ask again."""
SOON = timedelta(hours=1)
DEFERRED = "deferred"
CROWDED = 4
"""Lines per URL from which on the file is written anew without those that were overtaken."""


class Misses:
    """The last miss of each URL. Safe to share between threads; processes may lose each other's, and ask once more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, str, datetime]] | None = None

    def latest(self, request: Request) -> Miss | None:
        """Return the last miss of the request's URL, for this request, or None."""
        with self._lock:
            found = self._read().get(request.address)
        return Miss(request, *found) if found else None

    def note(self, miss: Miss) -> None:
        """Remember the miss: for this run, and for later ones if it was an answer."""
        lasts = believed_for(miss.reason, SOON) is not None
        self._note(miss.request.address, (miss.reason, miss.sentence, miss.missed_at), lasts=lasts)

    def deferred_until(self, host: str) -> datetime | None:
        """Return the moment until which the host asked to be left alone, if it ever did."""
        with self._lock:
            found = self._read().get(f"{DEFERRED} {host}")
        return found[2] if found else None

    def defer(self, host: str, until: datetime) -> None:
        """Remember that the host asked to be left alone until a moment."""
        self._note(f"{DEFERRED} {host}", (DEFERRED, "", until), lasts=True)

    def _note(self, key: str, said: tuple[str, str, datetime], *, lasts: bool) -> None:
        with self._lock:
            self._read()[key] = said
            if not lasts:
                return
            with in_turn(self._path), self._path.open("ab+") as file:
                file.seek(max(file.tell() - 1, 0))
                if file.read() not in (b"", b"\n"):
                    file.write(b"\n")  # whoever was killed writing left half a line
                file.write(_line(key, *said).encode())

    def _read(self) -> dict[str, tuple[str, str, datetime]]:
        if self._known is None:
            lines = self._path.read_text("utf-8", "replace").splitlines() if self._path.exists() else []
            self._known = dict(entry for entry in map(_parsed, lines) if entry)
            if len(lines) > CROWDED * len(self._known):
                aside = self._path.with_suffix(".tmp")
                aside.write_text("".join(_line(key, *miss) for key, miss in self._known.items()), "utf-8")
                aside.replace(self._path)
        return self._known


def believed_for(reason: str, fresh_for: timedelta) -> timedelta | None:
    """Return how long a miss is believed after its run, where a page is for `fresh_for`; None when not at all."""
    if LASTING.fullmatch(reason):
        return fresh_for
    return min(fresh_for, SOON) if PASSING.fullmatch(reason) else None


def _line(key: str, reason: str, sentence: str, at: datetime) -> str:
    return json.dumps([key, reason, sentence, at.astimezone(UTC).isoformat()]) + "\n"


def _parsed(line: str) -> tuple[str, tuple[str, str, datetime]] | None:
    """Return a line's entry, or None when it is torn."""
    try:
        key, reason, sentence, at = json.loads(line)
        return str(key), (str(reason), str(sentence), datetime.fromisoformat(at))
    except (ValueError, TypeError):
        return None
