"""Taking somebody out of the archive: of each record what may stay, in its own place and of its own length.

Here: records looked through as they were meant, uncompressed and decoded; what is to leave is masked, or the body goes, or the
record; and the index lines of what went. A record keeps its first and its last byte, filled up by a comment in its gzip header,
so that every offset stays true, and a capture its digest: that is what the page was, `amended` in the index what is left of it.
Elsewhere: what is to leave (whoever calls), writing and reading (`web.archive`, `web.warc`).

The index is replaced first and the records are written over then: killed in between, both bodies are known, and the same again
finishes.
"""

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from pipelines.errors import Skip
from pipelines.ids import digest_bytes
from pipelines.lock import in_turn
from pipelines.web.archive import NO_LIMIT
from pipelines.web.cdxj import Entry, line_of, parsed
from pipelines.web.warc import CODED, body_at

_GZIP, _COMMENT = 31, 16
_LENGTH = re.compile(rb"(?mi)^(Content-Length: )[0-9]+")
_PAYLOAD = re.compile(rb"(?mi)^(WARC-Payload-Digest: )[^\r\n]+")
_CODED = re.compile(rb"(?mi)^" + CODED.encode() + rb":[^\r\n]*\r\n")
_GONE = b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
CHUNK = 1 << 20


class Leaving(Protocol):
    """What is to leave an archive."""

    def stands_in(self, content: bytes) -> bool:
        """Say whether any of it stands in there, in any spelling."""

    def masked(self, content: bytes) -> bytes:
        """Return the content with what can be masked in it masked."""

    def goes(self, entry: Entry) -> bool:
        """Say whether a capture leaves as a whole, whatever it says."""


class Member(NamedTuple):
    """A record as it lies in the file: from which byte to which, and what it says."""

    start: int
    end: int
    content: bytes


@dataclass(slots=True)
class Amended:
    """What was done: captures whose page says less now, and those that are gone."""

    pages: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


def amend(folder: Path, leaving: Leaving) -> Amended:
    """Take out of every partition what is to leave; nothing else may write the archive meanwhile."""
    done = Amended()
    for index in sorted(folder.glob("part-*.cdxj")):
        with in_turn(index):
            _Part(index, index.with_suffix(".warc.gz"), leaving, done).amend()
    return done


@dataclass(frozen=True, slots=True)
class _Part:
    index: Path
    warc: Path
    leaving: Leaving
    done: Amended

    def amend(self) -> None:
        lines = self._lines()
        named = {start for start, entry, line in lines if self.leaving.goes(entry) or self.leaving.stands_in(line)}
        instead: dict[int, bytes] = {}
        left: dict[int, str] = {}
        for member in members(self.warc):
            if member.start in named or self.leaving.stands_in(_head(member.content)):
                instead[member.start] = padded(_GONE, member)
                left[member.start] = ""
            elif (amended := self._amended(member)) is not None:
                instead[member.start], left[member.start] = amended
        left |= dict.fromkeys(named, "")
        self._rewrite_index(lines, left)
        self._overwrite(instead)

    def _lines(self) -> list[tuple[int, Entry, bytes]]:
        """Return of every line of the index that counts where its own record begins, what it says, and the line."""
        found = []
        for line in self.index.read_bytes().splitlines(keepends=True) if self.index.exists() else ():
            entry = parsed(line, self.warc.name)
            if entry is not None:
                place = re.search(rb'"offset": "([0-9]+)"', line)
                found.append((int(place[1]) if place else entry.capture.offset, entry, line))
        return found

    def _amended(self, member: Member) -> tuple[bytes, str] | None:
        """Return the record without what is to leave, and the digest of its body then; None where nothing is to."""
        head, _, block = member.content.partition(b"\r\n\r\n")
        http, apart, _ = block.partition(b"\r\n\r\n")
        body = self._body(member)
        if not (self.leaving.stands_in(http) or self.leaving.stands_in(body)):
            return None
        http, body = (self._without(each) for each in (http, body))
        whole = _record(head, _CODED.sub(b"", http + b"\r\n").removesuffix(b"\r\n") + apart, body)
        try:
            return padded(whole, member), digest_bytes(body)
        except ValueError:  # nothing so full of somebody compresses worse without them, but who knows
            return padded(_record(head, http + apart, b""), member), digest_bytes(b"")

    def _without(self, content: bytes) -> bytes:
        """Return the content without what is to leave; nothing of it where that hides too well to be masked."""
        masked = self.leaving.masked(content)
        return b"" if self.leaving.stands_in(masked) else masked

    def _body(self, member: Member) -> bytes:
        try:
            return body_at(self.warc, member.start, NO_LIMIT, NO_LIMIT)
        except Skip:  # as it came, then
            return member.content

    def _rewrite_index(self, lines: list[tuple[int, Entry, bytes]], left: Mapping[int, str]) -> None:
        """Say of every page what is left of it; of what is gone the index says nothing any more."""
        gone = {start for start, digest in left.items() if not digest}
        kept = []
        for start, entry, line in lines:
            capture = entry.capture
            if gone & {start, capture.offset}:
                self.done.gone.add(capture.capture_id)
            elif capture.offset in left:
                self.done.pages.add(capture.capture_id)
                kept.append(line_of(replace(entry, amended=left[capture.offset]), start))
            else:
                kept.append(line)
        if kept != [line for _, _, line in lines]:
            aside = self.index.with_suffix(".tmp")
            aside.write_bytes(b"".join(kept))
            aside.replace(self.index)

    def _overwrite(self, instead: Mapping[int, bytes]) -> None:
        if not instead:
            return
        file = os.open(self.warc, os.O_WRONLY)
        try:
            for start, record in instead.items():
                os.pwrite(file, record, start)
            os.fsync(file)
        finally:
            os.close(file)


def members(warc: Path) -> Iterator[Member]:
    """Yield every whole record of the file; what is torn at its end is cut off, for it never counted."""
    if not warc.exists():
        return
    with warc.open("rb") as file:
        start, pending = 0, b""
        while content := _inflated(file.read, pending):
            said, used, pending = content
            yield Member(start, start + used, said)
            start += used
    if start < warc.stat().st_size:
        os.truncate(warc, start)


def _inflated(read: Callable[[int], bytes], pending: bytes) -> tuple[bytes, int, bytes] | None:
    """Return what the next member says, its length, and what was read behind it; None at the end, or where it is torn."""
    inflater, pieces, used = zlib.decompressobj(_GZIP), [], 0
    while not inflater.eof:
        piece = pending or read(CHUNK)
        if not piece:
            return None
        pieces.append(inflater.decompress(piece))
        used, pending = used + len(piece), b""
    rest = inflater.unused_data
    return b"".join(pieces), used - len(rest), rest


def padded(content: bytes, member: Member) -> bytes:
    """Return the content as a gzip member of just the length of another; raises `ValueError` when it does not fit."""
    packed = gzip.compress(content, 9, mtime=0)
    room = member.end - member.start - len(packed)
    if room < 0:
        raise ValueError("longer than before")
    if not room:
        return packed
    return packed[:3] + bytes([packed[3] | _COMMENT]) + packed[4:10] + b"." * (room - 1) + b"\0" + packed[10:]


def _head(record: bytes) -> bytes:
    return record.partition(b"\r\n\r\n")[0]


def _record(head: bytes, http: bytes, body: bytes) -> bytes:
    """Return the record with another body, whose length and digest its heads say."""
    block = _LENGTH.sub(rb"\g<1>%d" % len(body), http) + body
    told = _PAYLOAD.sub(rb"\g<1>" + digest_bytes(body).encode(), head)
    return _LENGTH.sub(rb"\g<1>%d" % len(block), told) + b"\r\n\r\n" + block + b"\r\n\r\n"
