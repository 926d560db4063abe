"""Records as they lie in an archive: which bytes are whose, what they say, and others in their place.

Here: the gzip members of a file one by one, the body in them as it was meant, a record with another body, and bytes filled up to
the length of others. Elsewhere: what is done with them (`web.amend`), records as web archives have them (`web.warc`).
"""

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import Skip
from pipelines.ids import digest_bytes
from pipelines.web.archive import NO_LIMIT
from pipelines.web.warc import CODED, body_at

CHUNK = 1 << 20
_GZIP, _COMMENT = 31, 16
_LENGTH = re.compile(rb"(?mi)^(Content-Length: )[0-9]+")
_PAYLOAD = re.compile(rb"(?mi)^(WARC-Payload-Digest: )[^\r\n]+")
_CODED = re.compile(rb"(?mi)^" + CODED.encode() + rb":[^\r\n]*\r\n")


class Member(NamedTuple):
    """A record as it lies in the file: from which byte to which, and what it says."""

    start: int
    end: int
    content: bytes


def members(warc: Path, start: int = 0, *, mend: bool = True) -> Iterator[Member]:
    """Yield every whole record of the file from a byte on; what is torn at its end is cut off, for it never counted.

    Unless `mend` is false: then it is passed over.
    """
    if not warc.exists():
        return
    with warc.open("rb") as file:
        file.seek(start)
        pending = b""
        while content := _inflated(file.read, pending):
            said, used, pending = content
            yield Member(start, start + used, said)
            start += used
    if mend and start < warc.stat().st_size:
        os.truncate(warc, start)


def bodies(packed: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield all that a gzip file holds, and of records of an archive the body as it was meant, beside the record's head."""
    for member in members(packed, mend=False):
        yield member.content, head_of(member.content)
        if member.content.startswith(b"WARC/") and CODED.encode() in member.content.lower():
            yield body_of(packed, member), head_of(member.content)


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


def body_of(warc: Path, member: Member) -> bytes:
    """Return the body as it was meant; all of a record whose body cannot be told."""
    try:
        return body_at(warc, member.start, NO_LIMIT, NO_LIMIT)
    except Skip:  # as it came, then
        return member.content


def head_of(record: bytes) -> bytes:
    """Return the head of a record, which says what it is and of which URL."""
    return record.partition(b"\r\n\r\n")[0]


def rebuilt(head: bytes, http: bytes, apart: bytes, body: bytes) -> bytes:
    """Return the record of these heads with another body, not coded, whose length and digest the heads say."""
    plain = _CODED.sub(b"", http + b"\r\n").removesuffix(b"\r\n")
    block = _LENGTH.sub(rb"\g<1>%d" % len(body), plain) + apart + body
    told = _PAYLOAD.sub(rb"\g<1>" + digest_bytes(body).encode(), head)
    return _LENGTH.sub(rb"\g<1>%d" % len(block), told) + b"\r\n\r\n" + block + b"\r\n\r\n"
