"""What did not answer, remembered: a page that is not there is not asked for again in every run.

Here: the misses that are likely to last, one line each beside the archive; what may pass by itself (a time-out, a trouble of the
server) is not kept: the next run asks again. Elsewhere: how long a miss is believed (`web.web`), misses as rows (`facts`).
"""

import json
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

from pipelines.lock import in_turn
from pipelines.records import Miss, Request

LASTING = re.compile(r"http_4(?!08|25|29)\d\d|redirected_elsewhere|too_many_redirects|unsupported_type|too_large")
CROWDED = 4
"""Lines per URL from which on the file is written anew without those that were overtaken."""


class Misses:
    """The last lasting miss of each URL. Safe to share between threads; processes may lose each other's, and ask once more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, tuple[str, str, datetime]] | None = None

    def latest(self, request: Request) -> Miss | None:
        """Return the last miss of the request's URL, for this request, or None."""
        with self._lock:
            found = self._read().get(request.url)
        return Miss(request, *found) if found else None

    def note(self, miss: Miss) -> None:
        """Remember the miss, if its reason is one that lasts."""
        if not LASTING.fullmatch(miss.reason):
            return
        with self._lock, in_turn(self._path):
            self._read()[miss.request.url] = (miss.reason, miss.sentence, miss.missed_at)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(miss.request.url, miss.reason, miss.sentence, miss.missed_at))

    def _read(self) -> dict[str, tuple[str, str, datetime]]:
        if self._known is None:
            lines = self._path.read_text("utf-8", "replace").splitlines() if self._path.exists() else []
            self._known = dict(entry for entry in map(_parsed, lines) if entry)
            if len(lines) > CROWDED * len(self._known):
                aside = self._path.with_suffix(".tmp")
                aside.write_text("".join(_line(key, *miss) for key, miss in self._known.items()), "utf-8")
                aside.replace(self._path)
        return self._known


def _line(key: str, reason: str, sentence: str, at: datetime) -> str:
    return json.dumps([key, reason, sentence, at.astimezone(UTC).isoformat()]) + "\n"


def _parsed(line: str) -> tuple[str, tuple[str, str, datetime]] | None:
    """Return a line's entry, or None when it is torn."""
    try:
        key, reason, sentence, at = json.loads(line)
        return str(key), (str(reason), str(sentence), datetime.fromisoformat(at))
    except (ValueError, TypeError):
        return None
