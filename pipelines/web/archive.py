"""What came back, kept: every answer in WARC files, so that any release can be made again without asking anybody.

Here: one WARC/1.1 file per partition of organizations, gzip per record, beside it a CDXJ index with one line per answer. A record
counts once its index line is complete; a line whose record is not all there counts for nothing, and the next write cuts such a
torn tail off. Every write holds the partition's index, so that what looks torn is nobody's unfinished work. Content that did not
change is not stored again: a revisit record says when it was seen to be the same.

Bodies are stored as they came, coded where they were; of the headers, all but those of the transport and cookies. A page that
reserves itself is stored without its body. Elsewhere: the bytes of a record (`web.warc`), a line of the index (`web.cdxj`),
whether an answer is still fresh enough (`web.web`).
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pipelines.errors import Skip
from pipelines.ids import digest_bytes, make_id, partition_of
from pipelines.lock import in_turn, write_at
from pipelines.records import Capture, Captured, Request, Response
from pipelines.web.cdxj import Entry, is_same, line_of, parsed, recency, seen
from pipelines.web.telling import telling
from pipelines.web.urls import url_key
from pipelines.web.warc import body_at, pack, pack_info, pack_revisit

_Pages = defaultdict[str, list[Entry]]
NO_LIMIT = 1 << 62
"""What was stored was within all limits when it came, however much longer its codings had made it."""


class Archive:
    """All captures under a folder. Safe to share between threads, and for any number of processes to write."""

    def __init__(self, folder: Path, partitions: int) -> None:
        self._folder = folder
        self._partitions = partitions
        self._parts: dict[str, _Part] = {}
        self._pages: _Pages = defaultdict(list)
        self._lock = threading.Lock()
        self._is_loaded = False
        for index in sorted(folder.glob("part-*.cdxj")):
            self._part(index.stem)

    def store(self, request: Request, response: Response, reservation: str = "") -> Captured:
        """Keep a page and return its capture; unchanged content gives the earlier capture, for this request.

        Where it reserves itself, in the words of `reservation`, its body is not kept.
        """
        kept = replace(response, body=b"", wire=b"") if reservation else response
        return self._of(request).store(request, kept, reservation)

    def confirm(self, entry: Entry, request: Request, response: Response) -> Captured:
        """Keep that the page of the entry was said not to have changed (304), and return it for this request."""
        capture = self._part_of(entry.capture).confirm(entry, request, response)
        return Captured(capture, partial(self.body, capture), response.fetched_at, unchanged=True)

    def note(self, request: Request, response: Response) -> None:
        """Keep an answer that is no page: an error, or a redirect on the way to one."""
        self._of(request).note(request, response)

    def latest(self, url: str, as_of: datetime, *, exact: bool = False) -> Entry | None:
        """Return the page that address answered with at its last check up to that moment, or None if there is none.

        With or without `www.` and TLS it is one page, unless `exact`.
        """
        if not self._is_loaded:
            for part in self._all():
                part.load()
            self._is_loaded = True
        known = (each for each in self._pages.get(url_key(url), ()) if each.checked_at <= as_of)
        return max((each for each in known if not exact or each.capture.request.address == url), key=recency, default=None)

    def held(self, entry: Entry, request: Request) -> Captured:
        """Return the page of an entry for a request, without asking anybody."""
        capture = replace(entry.capture, request=request)
        return Captured(capture, partial(self.body, capture), entry.checked_at, unchanged=True)

    def body(self, capture: Capture) -> bytes:
        """Return the body of a capture; raises `Skip` (`broken_record`) if the archive no longer holds it unharmed."""
        try:
            body = body_at(self._folder / capture.file, capture.offset, NO_LIMIT, NO_LIMIT)
        except FileNotFoundError:
            raise Skip("broken_record", f"{capture.file} is no longer in the archive.") from None
        if digest_bytes(body) not in (capture.digest, self._part_of(capture).amended(capture)):
            raise Skip("broken_record", f"The record at byte {capture.offset} of {capture.file} is not what was stored there.")
        return body

    def captures(self) -> Iterator[Capture]:
        """Yield every capture once, by file and place in it, with the request that first brought it."""
        for part in self._all():
            yield from part.captures()

    def _of(self, request: Request) -> "_Part":
        return self._part(f"part-{partition_of(request.organization_id, self._partitions):03}")

    def _part_of(self, capture: Capture) -> "_Part":
        return self._part(capture.file.removesuffix(".warc.gz"))

    def _part(self, name: str) -> "_Part":
        with self._lock:
            if name not in self._parts:
                self._parts[name] = _Part(self._folder, name, self._pages)
            return self._parts[name]

    def _all(self) -> list["_Part"]:
        return [part for _, part in sorted(self._parts.items())]


class _Part:
    """One partition: its two files, and its index in memory, read when first needed; `pages` is that of all partitions."""

    def __init__(self, folder: Path, name: str, pages: _Pages) -> None:
        self._warc = folder / f"{name}.warc.gz"
        self._index = folder / f"{name}.cdxj"
        self._lock = threading.RLock()
        self._pages = pages
        self._is_loaded = False
        self._captures: dict[str, Entry] = {}
        self._index_end = 0
        self._warc_end = 0

    def captures(self) -> list[Capture]:
        with self._lock:
            self.load()
            return sorted((each.capture for each in self._captures.values()), key=lambda capture: capture.offset)

    def amended(self, capture: Capture) -> str:
        """Return the digest of what is left of a capture's body that somebody was taken out of (`web.amend`)."""
        self.load()
        return getattr(self._captures.get(capture.capture_id), "amended", "")

    def store(self, request: Request, response: Response, reservation: str) -> Captured:
        digest = digest_bytes(response.body)
        with self._lock, in_turn(self._index):
            self._catch_up()
            before = self._latest(url_key(request.address), response.fetched_at)
            same = before is not None and is_same(before.capture, response, digest, reservation)
            known = before if same else self._captures.get(_capture_id(request, response, digest))
            if known is None:
                entry = self._append(request, response, digest, reservation)
            elif same and before is not None and before.checked_at < response.fetched_at:
                entry = self._revisit(known, request, response)
            else:
                entry = self._remark(known, request, response, before)
        return Captured(entry.capture, response.body, response.fetched_at, unchanged=known is not None)

    def confirm(self, entry: Entry, request: Request, response: Response) -> Capture:
        with self._lock, in_turn(self._index):
            self._catch_up()
            return self._revisit(entry, request, response).capture

    def note(self, request: Request, response: Response) -> None:
        with self._lock, in_turn(self._index):
            self._catch_up()
            self._append(request, response, digest_bytes(response.wire or response.body), "")

    def load(self) -> None:
        """Read the index, the first time. Lines that do not count are passed over."""
        with self._lock:
            if self._is_loaded:
                return
            content = self._index.read_bytes() if self._index.exists() else b""
            size = self._warc.stat().st_size if self._warc.exists() else 0
            position = 0
            for line in content.splitlines(keepends=True):
                position += len(line)
                entry = parsed(line, self._warc.name)
                if entry is not None and entry.end <= size:
                    self._index_end = position
                    self._remember(entry)
            self._is_loaded = True

    def _latest(self, key: str, as_of: datetime) -> Entry | None:
        mine = (each for each in self._pages.get(key, ()) if each.capture.file == self._warc.name and each.checked_at <= as_of)
        return max(mine, key=recency, default=None)

    def _catch_up(self) -> None:
        """Forget what is known when the index is not as this process left it: another has written, or was killed writing."""
        if self._is_loaded and self._index.stat().st_size != self._index_end:
            for entries in list(self._pages.values()):
                entries[:] = [each for each in entries if each.capture.file != self._warc.name]
            self._is_loaded, self._index_end, self._warc_end, self._captures = False, 0, 0, {}
        self.load()

    def _remember(self, entry: Entry) -> None:
        self._warc_end = max(self._warc_end, entry.end)
        if entry.is_page:
            self._pages[entry.key].append(entry)
            self._captures.setdefault(entry.capture.capture_id, entry)

    def _append(self, request: Request, response: Response, digest: str, reservation: str) -> Entry:
        """Write the response behind the last record that counts."""
        capture_id = _capture_id(request, response, digest)
        start, end = self._put(pack(response, capture_id, digest, _asked(request)), response.fetched_at)
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
            offset=start,
            reservation=reservation,
            headers=telling(response.headers),
        )
        return self._enter(seen(Entry("", capture, response.fetched_at, end), request, response, end), start)

    def _revisit(self, known: Entry, request: Request, response: Response) -> Entry:
        """Write that the content was the same again."""
        start, end = self._put(pack_revisit(response, known.capture, _asked(request)), response.fetched_at)
        return self._enter(seen(known, request, response, end), start)

    def _remark(self, known: Entry, request: Request, response: Response, before: Entry | None) -> Entry:
        """Enter that a record we have answers this request too, unless that is known."""
        entry = seen(known, request, response, known.end)
        told = before is not None and recency(before) == recency(entry)
        return entry if told else self._enter(replace(entry, end=known.end), known.capture.offset)

    def _put(self, record: bytes, at: datetime) -> tuple[int, int]:
        """Write a record and return where it begins and ends."""
        lead = b"" if self._warc_end else pack_info(self._warc.name, at)
        start = self._warc_end + len(lead)
        write_at(self._warc, self._warc_end, lead + record)
        return start, start + len(record)

    def _enter(self, entry: Entry, start: int) -> Entry:
        """Write the index line, which is what makes a record count."""
        line = line_of(entry, start)
        write_at(self._index, self._index_end, line)
        self._index_end += len(line)
        self._remember(entry)
        return entry


def _capture_id(request: Request, response: Response, digest: str) -> str:
    moment = response.fetched_at.astimezone(UTC).isoformat()
    return make_id("cap", response.url, moment, digest, *([] if request.is_plain else [request.address]))


def _asked(request: Request) -> str:
    """Return the address of a request that asks for more, or less, than all its URL has; nothing for any other."""
    return "" if request.is_plain else request.address
