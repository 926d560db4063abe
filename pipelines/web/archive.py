"""What came back, kept: every 2xx response in WARC files, so that any release can be made again without asking anybody.

Here: one WARC/1.1 file per partition of organizations, gzip per record, beside it a CDXJ index with one line per check of a URL.
A record counts once its index line is complete; a line whose record is not all there counts for nothing, and the next write cuts
such a torn tail off. Every write holds the partition's index, so that what looks torn is nobody's unfinished work. Content that
did not change is not stored again: its line points to the earlier record.

Bodies are stored decoded, without the Content-Encoding they came in; of the headers, all but those of the transport and cookies.
Elsewhere: the bytes of a record (`web.warc`), whether an answer is still fresh enough (`web.web`).
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import Skip
from pipelines.ids import digest_bytes, make_id, partition_of
from pipelines.lock import in_turn
from pipelines.records import Capture, Request, Response
from pipelines.web.urls import url_key
from pipelines.web.warc import body_at, pack, pack_info


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index: what a URL answered when it was last seen to, which may be later than its capture was fetched."""

    key: str
    capture: Capture
    checked_at: datetime
    end: int
    """Byte after the capture's record in its file."""


class Archive:
    """All captures under a folder. Safe to share between threads, and for any number of processes to write."""

    def __init__(self, folder: Path, partitions: int) -> None:
        self._folder = folder
        self._partitions = partitions
        self._parts: dict[str, _Part] = {}
        self._lock = threading.Lock()
        for index in sorted(folder.glob("part-*.cdxj")):
            self._part(index.stem)

    def store(self, request: Request, response: Response) -> Capture:
        """Keep the response and return its capture; unchanged content gives the earlier capture, for this request."""
        number = partition_of(request.organization_id, self._partitions)
        return self._part(f"part-{number:03}").store(request, response)

    def latest(self, url: str, as_of: datetime) -> Entry | None:
        """Return what the URL answered at its last check up to that moment, or None if it was never asked."""
        key = url_key(url)
        found = [entry for part in self._all() if (entry := part.latest(key, as_of)) is not None]
        return max(found, key=_age, default=None)

    def body(self, capture: Capture) -> bytes:
        """Return the body of a capture; raises `Skip` (`broken_record`) if the archive no longer holds it unharmed."""
        try:
            body = body_at(self._folder / capture.file, capture.offset, capture.length, capture.length)
        except FileNotFoundError:
            raise Skip("broken_record", f"{capture.file} is no longer in the archive.") from None
        if digest_bytes(body) != capture.digest:
            raise Skip("broken_record", f"The record at byte {capture.offset} of {capture.file} is not what was stored there.")
        return body

    def captures(self) -> Iterator[Capture]:
        """Yield every capture once, by file and place in it, with the request that first brought it."""
        for part in self._all():
            yield from part.captures()

    def _part(self, name: str) -> "_Part":
        with self._lock:
            return self._parts.setdefault(name, _Part(self._folder, name))

    def _all(self) -> list["_Part"]:
        with self._lock:
            return [self._parts[name] for name in sorted(self._parts)]


class _Part:
    """One partition: its two files, and its index in memory, read when first needed."""

    def __init__(self, folder: Path, name: str) -> None:
        self._warc = folder / f"{name}.warc.gz"
        self._index = folder / f"{name}.cdxj"
        self._lock = threading.RLock()
        self._entries: defaultdict[str, list[Entry]] | None = None
        self._captures: dict[str, Entry] = {}
        self._index_end = 0
        self._warc_end = 0

    def latest(self, key: str, as_of: datetime) -> Entry | None:
        with self._lock:
            return max((each for each in self._known()[key] if each.checked_at <= as_of), key=_age, default=None)

    def captures(self) -> list[Capture]:
        with self._lock:
            self._known()
            return sorted((each.capture for each in self._captures.values()), key=lambda capture: capture.offset)

    def store(self, request: Request, response: Response) -> Capture:
        key, digest = url_key(request.url), digest_bytes(response.body)
        with self._lock, in_turn(self._index):
            self._catch_up()
            before = self.latest(key, response.fetched_at)
            entry = before if before is not None and _same(before.capture, response, digest) else None
            entry = entry or self._captures.get(_capture_id(response, digest)) or self._append(request, response, digest)
            if before is None or (before.capture.capture_id, before.checked_at) != (
                entry.capture.capture_id,
                response.fetched_at,
            ):
                self._note(Entry(key, replace(entry.capture, request=request), response.fetched_at, entry.end))
            return replace(entry.capture, request=request)

    def _known(self) -> defaultdict[str, list[Entry]]:
        """Return the index, read from its file the first time. Lines that do not count are passed over."""
        if self._entries is None:
            self._entries = defaultdict(list)
            content = self._index.read_bytes() if self._index.exists() else b""
            size = self._warc.stat().st_size if self._warc.exists() else 0
            position = 0
            for line in content.splitlines(keepends=True):
                position += len(line)
                entry = _parsed(line, self._warc.name)
                if entry is not None and entry.end <= size:
                    self._index_end = position
                    self._remember(entry)
        return self._entries

    def _catch_up(self) -> None:
        """Forget what is known when the index is not as this process left it: another has written, or was killed writing."""
        if self._entries is not None and self._index.stat().st_size != self._index_end:
            self._entries, self._index_end, self._warc_end = None, 0, 0
            self._captures.clear()

    def _remember(self, entry: Entry) -> None:
        self._known()[entry.key].append(entry)
        self._captures.setdefault(entry.capture.capture_id, entry)
        self._warc_end = max(self._warc_end, entry.end)

    def _append(self, request: Request, response: Response, digest: str) -> Entry:
        """Write the record behind the last one that counts."""
        capture_id = _capture_id(response, digest)
        lead = b"" if self._warc_end else pack_info(self._warc.name, response.fetched_at)
        record = pack(response, capture_id, digest)
        offset = self._warc_end + len(lead)
        _write(self._warc, self._warc_end, lead + record)
        capture = Capture(
            capture_id=capture_id,
            request=request,
            url=response.url,
            status=response.status,
            content_type=response.header("content-type"),
            fetched_at=response.fetched_at,
            digest=digest,
            length=len(response.body),
            file=self._warc.name,
            offset=offset,
            reservation=response.reservation,
        )
        return Entry(url_key(request.url), capture, response.fetched_at, offset + len(record))

    def _note(self, entry: Entry) -> None:
        """Write the index line, which is what makes a record count."""
        line = _line(entry)
        _write(self._index, self._index_end, line)
        self._index_end += len(line)
        self._remember(entry)


def _age(entry: Entry) -> tuple[datetime, datetime, str]:
    return entry.checked_at, entry.capture.fetched_at, entry.capture.capture_id


def _same(capture: Capture, response: Response, digest: str) -> bool:
    now = (digest, response.url, response.status, response.reservation)
    return (capture.digest, capture.url, capture.status, capture.reservation) == now


def _capture_id(response: Response, digest: str) -> str:
    return make_id("cap", response.url, response.fetched_at.astimezone(UTC).isoformat(), digest)


def _write(path: Path, position: int, content: bytes) -> None:
    """Write at the position and cut off whatever stood behind it: the rest of a write that never finished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with path.open("r+b") as file:
        file.seek(position)
        file.write(content)
        file.truncate()


def _line(entry: Entry) -> bytes:
    capture, request = entry.capture, entry.capture.request
    content = {
        "url": capture.url,
        "mime": capture.content_type,
        "status": str(capture.status),
        "digest": capture.digest,
        "length": str(entry.end - capture.offset),
        "offset": str(capture.offset),
        "filename": capture.file,
        "capture_id": capture.capture_id,
        "bytes": capture.length,
        **({"reservation": capture.reservation} if capture.reservation else {}),
        "fetched_at": capture.fetched_at.astimezone(UTC).isoformat(),
        "checked_at": entry.checked_at.astimezone(UTC).isoformat(),
        "request": [request.organization_id, request.source, request.kind, request.url],
    }
    stamp = entry.checked_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{entry.key} {stamp} {json.dumps(content)}\n".encode()


def _parsed(line: bytes, file: str) -> Entry | None:
    """Return the entry of an index line, or None if the line is torn or damaged."""
    try:
        key, _, text = line.decode("utf-8").split(" ", 2)
        content: dict[str, Any] = json.loads(text)
        capture = Capture(
            capture_id=content["capture_id"],
            request=Request(*content["request"]),
            url=content["url"],
            status=int(content["status"]),
            content_type=content["mime"],
            fetched_at=datetime.fromisoformat(content["fetched_at"]),
            digest=content["digest"],
            length=content["bytes"],
            file=file,
            offset=int(content["offset"]),
            reservation=content.get("reservation", ""),
        )
        checked_at = datetime.fromisoformat(content["checked_at"])
        return Entry(key, capture, checked_at, capture.offset + int(content["length"])) if line.endswith(b"\n") else None
    except (ValueError, KeyError, TypeError):
        return None
