"""One WARC record, written and read: the only place that knows warcio.

Here: a response as the bytes of a gzipped WARC/1.1 record, the same bytes every time; and the records of any WARC, a broken one
skipped. Bodies are stored decoded, so Content-Encoding, Transfer-Encoding and Content-Length as sent are not kept, nor are
cookies. Elsewhere: which responses are kept (`web.archive`), which are replayed (`web.replay_warc`).
"""

import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from pipelines.errors import Skip, Stop
from pipelines.records import Response
from pipelines.web.decode import decode

HOPS = "Bullseye-Hops"
"""Record header with the URLs that redirected to this one, in order, separated by spaces."""
NOT_KEPT = ("content-encoding", "transfer-encoding", "content-length", "connection", "set-cookie", "set-cookie2")
_BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, AttributeError, EOFError, ValueError, zlib.error)
"""What warcio raises at damaged bytes; AttributeError where a record has no type or target."""
_STARTS = (b"\x1f\x8b\x08", b"WARC/1.")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a response lies in a WARC, and what its headers say of it."""

    offset: int
    url: str
    date: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    hops: tuple[str, ...]
    payload: str = ""
    """Digest of its body, as the archive has it."""
    revisits: tuple[str, str] | None = None
    """For a record that only says that nothing had changed: URL and date of the record that has the body, where it names one."""


def pack(response: Response, capture_id: str, digest: str) -> bytes:
    """Return the response as one gzipped record; the same response always makes the same bytes."""
    headers = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", _record_id(capture_id)),
        ("WARC-Date", _warc_date(response.fetched_at)),
        ("WARC-Target-URI", response.url),
        ("WARC-Payload-Digest", digest),
        *([(HOPS, " ".join(response.hops))] if response.hops else []),
    ]
    kept = [(name, _one_line(value)) for name, value in response.headers if name.lower() not in NOT_KEPT]
    kept.append(("Content-Length", str(len(response.body))))
    status = f"{response.status} {_phrase(response.status)}"
    return _record("response", headers, response.body, StatusAndHeaders(status, kept, protocol="HTTP/1.1"))


def pack_info(file: str, at: datetime) -> bytes:
    """Return the record a WARC begins with, which says what follows."""
    headers = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _record_id(file)),
        ("WARC-Date", _warc_date(at)),
        ("WARC-Filename", file),
    ]
    return _record("warcinfo", headers, b"software: Bullseye\r\nformat: WARC File Format 1.1\r\n", None)


def scan(path: Path) -> Iterator[Found]:
    """Yield every whole response in the WARC, gzipped or not, in order, revisits among them; broken records are passed over.

    Raises `Stop` when the file is gzipped as a whole, because then no record can be found again.
    """
    start: int | None = 0
    last = -1
    with path.open("rb") as file:
        while start is not None:
            file.seek(start)
            iterator = ArchiveIterator(file)
            try:
                for found in _whole(iterator):
                    last = found.offset
                    yield found
                return
            except _BROKEN as error:
                if "non-chunked gzip" in str(error):
                    raise Stop(f"{path} is gzipped as a whole; run `warcio recompress` on it and name the result.") from None
                start = _next_start(file, max(iterator.offset, start, last) + 1)


def body_at(path: Path, offset: int, wire_bytes: int, body_bytes: int) -> bytes:
    """Return the decoded body of the response at the offset.

    Raises `Skip`: `broken_record`, or what `decode` raises.
    """
    with path.open("rb") as file:
        file.seek(offset)
        try:
            record = next(ArchiveIterator(file))
        except (*_BROKEN, StopIteration) as error:
            raise Skip("broken_record", f"The record at byte {offset} of {path.name} cannot be read: {error}") from None
        return _payload(record, wire_bytes, body_bytes)


def _payload(record: ArcWarcRecord, wire_bytes: int, body_bytes: int) -> bytes:
    http = record.http_headers
    chunked = http is not None and "chunked" in (http.get_header("transfer-encoding") or "").lower()
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    codings = (http.get_header("content-encoding") or "") if http is not None else ""
    pieces: Iterator[bytes] = iter(lambda: stream.read(16384), b"")
    return decode(pieces, codings, wire_bytes, body_bytes)


def _whole(iterator: ArchiveIterator) -> Iterator[Found]:
    for record in iterator:
        stream = record.raw_stream
        offset = iterator.get_record_offset()  # reads the record to its end
        found = _found(record, offset) if getattr(stream, "limit", 0) == 0 else None
        if found is not None:
            yield found


def _found(record: ArcWarcRecord, offset: int) -> Found | None:
    """Return what the record's headers say, or None when it is no response of the web or has no valid date."""
    warc, http = record.rec_headers, record.http_headers
    url = warc.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource", "revisit") or not url.lower().startswith(("http://", "https://")):
        return None
    try:
        date = datetime.fromisoformat(warc.get_header("WARC-Date") or "")
        status = int(http.get_statuscode()) if http is not None else 304 if record.rec_type == "revisit" else 200
    except ValueError:
        return None
    headers = http.headers if http is not None else [("Content-Type", warc.get_header("Content-Type") or "")]
    kept = tuple((name, value) for name, value in headers if name.lower() not in NOT_KEPT)
    at = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    hops = tuple((warc.get_header(HOPS) or "").split())
    return Found(offset, url, at, status, kept, hops, warc.get_header("WARC-Payload-Digest") or "", _revisits(record))


def _revisits(record: ArcWarcRecord) -> tuple[str, str] | None:
    if record.rec_type != "revisit":
        return None
    named = [record.rec_headers.get_header(f"WARC-Refers-To-{part}") or "" for part in ("Target-URI", "Date")]
    return named[0], named[1]


def _next_start(file: BinaryIO, offset: int) -> int | None:
    """Return where the next record may begin, at or after the offset."""
    file.seek(offset)
    tail = b""
    while piece := file.read(1 << 20):
        window = tail + piece
        places = [place for start in _STARTS if (place := window.find(start)) >= 0]
        if places:
            return offset - len(tail) + min(places)
        tail = window[-8:]
        offset += len(piece)
    return None


def _record(kind: str, headers: list[tuple[str, str]], body: bytes, http: StatusAndHeaders | None) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    warc = StatusAndHeaders("", headers, protocol="WARC/1.1")
    record = writer.create_warc_record("", kind, payload=BytesIO(body), length=len(body), warc_headers=warc, http_headers=http)
    writer.write_record(record)
    return out.getvalue()


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'bullseye:{name}')}>"


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _one_line(value: str) -> str:
    return " ".join(value.split())
