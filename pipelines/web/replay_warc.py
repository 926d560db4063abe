"""A shelf of WARC files: any that follow WARC 1.0 or 1.1, Common Crawl's as they are.

Here: which record answers for a URL at a moment. Elsewhere: reading records (`web.warc`), the key by which two spellings of a URL
are one (`web.urls`).
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.records import Response
from pipelines.web.urls import is_of_origin, redirect, url_key
from pipelines.web.warc import Found, body_at, scan


@dataclass(frozen=True, slots=True)
class _Record:
    path: Path
    found: Found


class ReplayWarc:
    """Answers with the newest record of a URL up to `as_of`. The files are indexed in one pass, when first asked."""

    def __init__(self, paths: Sequence[Path], as_of: datetime, wire_bytes: int, body_bytes: int) -> None:
        self._paths = paths
        self._as_of = as_of
        self._limits = (wire_bytes, body_bytes)
        self._lock = threading.Lock()
        self._index: dict[str, _Record] | None = None
        self._hosts: set[str] | None = None

    def holds(self, host: str) -> bool:
        """Say whether there is an answer of the host, whatever it was asked."""
        if self._hosts is None:
            self._hosts = {key.partition(")")[0] for key in self._newest()}
        return url_key(f"https://{host}/").partition(")")[0] in self._hosts

    def find(self, url: str) -> Response | None:
        """Return the record's response, or None; raises `Skip` when its body is broken or too large. What is no 2xx has none."""
        newest = self._newest()
        record = newest.get(url) or newest.get(url_key(url))
        if record is None:
            return None
        found = record.found
        return Response(
            url=found.url,
            status=found.status,
            headers=found.headers,
            body=body_at(record.path, found.offset, *self._limits) if 200 <= found.status < 300 else b"",
            fetched_at=found.date,
            hops=found.hops,
        )

    def _newest(self) -> dict[str, _Record]:
        with self._lock:
            if self._index is None:
                records = [_Record(path, found) for path in self._paths for found in scan(path)]
                index: dict[str, _Record] = {}
                for record in _with_bodies(records):
                    self._add(index, record)
                self._index = index
            return self._index

    def _add(self, index: dict[str, _Record], record: _Record) -> None:
        """Index the record under its URL and those that led to it, where it is the newest up to `as_of`.

        One that was asked for otherwise than by its URL is found by what was asked, and by nothing else.
        """
        found = record.found
        if found.date > self._as_of or _leads_to_itself(found):
            return
        urls = (found.asked,) if found.asked else (found.url, *found.hops)
        own = urls if is_of_origin(found.url) else ()  # a robots.txt is first of all that of its own host
        for key in {*own, *map(url_key, urls)}:
            if key not in index or _rank(index[key].found) <= _rank(found):
                index[key] = record


def _with_bodies(records: Sequence[_Record]) -> Iterator[_Record]:
    """Yield the records; one that only revisits takes its body from the record it names, or one with the same payload.

    One whose body is nowhere says nothing and is left out.
    """
    whole = [each for each in records if each.found.revisits is None]
    named: dict[tuple[str, datetime], _Record] = {}
    for each in whole if len(whole) < len(records) else ():
        named[url_key(each.found.url), each.found.date] = named[each.found.url, each.found.date] = each
    alike = {each.found.payload: each for each in whole if each.found.payload}
    for each in records:
        if each.found.revisits is None:
            yield each
        elif original := _original(each.found, named, alike):
            yield _revisited(each.found, original)


def _original(found: Found, named: Mapping[tuple[str, datetime], _Record], alike: Mapping[str, _Record]) -> _Record | None:
    url, date = found.revisits or ("", "")
    try:
        at = datetime.fromisoformat(date)
    except ValueError:
        return alike.get(found.payload)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return named.get((url, at)) or named.get((url_key(url), at)) or alike.get(found.payload)


def _revisited(found: Found, original: _Record) -> _Record:
    """Return the revisit as the response it stands for; where it has no answer of its own (304), the original's is meant."""
    own = found.status != 304
    status, headers = (found.status, found.headers) if own else (original.found.status, original.found.headers)
    return _Record(original.path, replace(found, offset=original.found.offset, status=status, headers=headers))


def _rank(found: Found) -> tuple[datetime, bool]:
    """Newer is better; of one moment, a page is better than a redirect or an error."""
    return found.date, 200 <= found.status < 300


def _leads_to_itself(found: Found) -> bool:
    """Say whether it only sends from one spelling of a URL to another (http to https, a slash at the end)."""
    target = redirect(Response(found.url, found.status, found.headers, b"", found.date))
    return target is not None and url_key(target) == url_key(found.url)
