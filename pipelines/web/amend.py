"""Taking somebody out of the archive: of each record what may stay, in its own place and of its own length.

Here: records looked through as they were meant, uncompressed and decoded; what is to leave is masked, or the body goes, or the
record; and the index lines of what went. A record keeps its first and its last byte, filled up by a comment in its gzip header,
so that every offset stays true, and a capture its digest: that is what the page was, `amended` in the index what is left of it.
Elsewhere: what is to leave (whoever calls), records as they lie (`web.members`), writing and reading (`web.archive`).

The index is replaced first and the records are written over then: killed in between, both bodies are known, and the same again
finishes.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from pipelines.ids import digest_bytes
from pipelines.lock import in_turn
from pipelines.web.cdxj import Entry, line_of, parsed
from pipelines.web.members import Member, body_of, head_of, members, padded, rebuilt

_GONE = b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
EMPTY = digest_bytes(b"")


class Leaving(Protocol):
    """What is to leave an archive."""

    def stands_in(self, content: bytes, context: bytes = b"", /) -> bool:
        """Say whether any of it stands there, in any spelling; `context` is the record's head, with its URL."""

    def masked(self, content: bytes, context: bytes = b"", /) -> bytes:
        """Return the content with what can be masked in it masked."""

    def goes(self, entry: Entry, /) -> bool:
        """Say whether a capture leaves as a whole, whatever it says."""


@dataclass(slots=True)
class Amended:
    """What was done: captures whose page says less now, and those that say nothing any more or are gone."""

    pages: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


class Held(NamedTuple):
    """The captures of an archive: those that are whole, and those that say less than they did but something still."""

    whole: set[str]
    pages: set[str]


def amend(folder: Path, leaving: Leaving, since: Mapping[str, int] | None = None) -> Amended:
    """Take out of every partition what is to leave; nothing else may write the archive meanwhile.

    `since` says per partition from which byte on its records are looked through, else all are.
    """
    done = Amended()
    for index in sorted(folder.glob("part-*.cdxj")):
        with in_turn(index):
            _Part(index, index.with_suffix(".warc.gz"), leaving, done).amend((since or {}).get(index.stem, 0))
    return done


def ends(folder: Path) -> dict[str, int]:
    """Return where each partition ends."""
    return {path.name.removesuffix(".warc.gz"): path.stat().st_size for path in sorted(folder.glob("part-*.warc.gz"))}


def what_is_held(folder: Path) -> Held:
    """Return what the index says there is."""
    held = Held(set(), set())
    for entry in entries_of(folder):
        if entry.amended != EMPTY:
            (held.pages if entry.amended else held.whole).add(entry.capture.capture_id)
    return held


def entries_of(folder: Path) -> Iterator[Entry]:
    """Yield what the lines of the index say."""
    for index in sorted(folder.glob("part-*.cdxj")):
        yield from filter(None, (parsed(line, "") for line in index.read_bytes().splitlines(keepends=True)))


@dataclass(frozen=True, slots=True)
class _Part:
    index: Path
    warc: Path
    leaving: Leaving
    done: Amended

    def amend(self, start: int) -> None:
        lines = self._lines()
        new = [(place, entry, line) for place, entry, line in lines if place >= start]
        named = {place for place, entry, line in new if self.leaving.goes(entry) or self.leaving.stands_in(line)}
        instead: dict[int, bytes] = {}
        left: dict[int, str] = {}
        for member in members(self.warc, start):
            if member.start in named or self.leaving.stands_in(head_of(member.content)):
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
        body = body_of(self.warc, member)
        if not (self.leaving.stands_in(http, head) or self.leaving.stands_in(body, head)):
            return None
        http, body = (self._without(each, head) for each in (http, body))
        whole = rebuilt(head, http, apart, body)
        try:
            return padded(whole, member), digest_bytes(body)
        except ValueError:  # nothing so full of somebody compresses worse without them, but who knows
            return padded(rebuilt(head, http, apart, b""), member), EMPTY

    def _without(self, content: bytes, head: bytes) -> bytes:
        """Return the content without what is to leave; nothing of it where that hides too well to be masked."""
        masked = self.leaving.masked(content, head)
        return b"" if self.leaving.stands_in(masked, head) else masked

    def _rewrite_index(self, lines: list[tuple[int, Entry, bytes]], left: Mapping[int, str]) -> None:
        """Say of every page what is left of it; of what is gone the index says nothing any more."""
        gone = {start for start, digest in left.items() if not digest}
        kept = []
        for start, entry, line in lines:
            capture = entry.capture
            if gone & {start, capture.offset}:
                self.done.gone.add(capture.capture_id)
            elif capture.offset in left:
                (self.done.gone if left[capture.offset] == EMPTY else self.done.pages).add(capture.capture_id)
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
