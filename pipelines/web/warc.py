"""One WARC record, written and read: the only place that knows warcio.

Here: a response as the bytes of a gzipped WARC/1.1 record, the same bytes every time; and the records of any WARC, a broken one
skipped. Bodies are stored as they came, without the transfer's own coding; cookies are not kept. Elsewhere: which responses are
kept (`web.archive`), which are replayed (`web.replay_warc`).
"""

import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from pipelines.errors import Skip, Stop
from pipelines.ids import digest_bytes
from pipelines.records import Capture, Response
from pipelines.web.decode import decode

HOPS = "Bullseye-Hops"
"""Record header with the URLs that redirected to this one, in order, separated by spaces."""
ASKED = "Bullseye-Asked"
"""Record header with the address (`Request.address`) that was asked, where it is not the record's own URL."""
OF_TRANSPORT = ("transfer-encoding", "content-length", "connection", "keep-alive", "set-cookie", "set-cookie2")
"""Headers that are not kept: what became of the connection, and cookies."""
CODED = "content-encoding"
LEVEL = 2
"""Of the four of ISA-L: as small as zlib makes it by default, in a fifth of the time."""
HTTP = "application/http; msgtype=response"
REVISITS = "http://netpreserve.org/warc/1.1/revisit/"
BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, AttributeError, EOFError, ValueError, zlib.error)
"""What warcio raises at damaged bytes; AttributeError where a record has no type or target."""
_ONE_LINE = str.maketrans("\0\r\n", "   ")
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
    asked: str = ""
    """What was asked, where something was posted or only a part was wanted."""
    revisits: tuple[str, str] | None = None
    """For a record that only says that nothing had changed: URL and date of the record that has the body, where it names one."""


def pack(response: Response, capture_id: str, digest: str, asked: str = "") -> bytes:
    """Return the response as one gzipped record; the same response always makes the same bytes.

    `asked` is the address that was asked, where that was more than the response's URL, or another.
    """
    content = response.wire or response.body
    headers = [
        ("WARC-Record-ID", _record_id(capture_id)),
        *_seen(response, asked),
        ("WARC-Payload-Digest", digest_bytes(content) if response.wire else digest),
    ]
    dropped = OF_TRANSPORT if response.wire else (*OF_TRANSPORT, CODED)
    return _record("response", headers, _http(response, dropped, len(content)) + content, HTTP)


def pack_revisit(response: Response, capture: Capture, asked: str = "") -> bytes:
    """Return, as one gzipped record, that the response's content was that of the capture.

    Its payload's digest is that of the body as it came; a 304 has none.
    """
    profile = "server-not-modified" if response.status == 304 else "identical-payload-digest"
    came = digest_bytes(response.wire) if response.wire else capture.digest
    headers = [
        ("WARC-Record-ID", _record_id(f"{capture.capture_id} {_warc_date(response.fetched_at)}")),
        *_seen(response, asked),
        ("WARC-Profile", REVISITS + profile),
        *([("WARC-Payload-Digest", came)] if response.status != 304 else []),
        ("WARC-Refers-To", _record_id(capture.capture_id)),
        ("WARC-Refers-To-Target-URI", capture.url),
        ("WARC-Refers-To-Date", _warc_date(capture.fetched_at)),
    ]
    return _record("revisit", headers, _http(response, (*OF_TRANSPORT, CODED), None), HTTP)


def pack_info(file: str, at: datetime) -> bytes:
    """Return the record a WARC begins with, which says what follows."""
    headers = [("WARC-Record-ID", _record_id(file)), ("WARC-Date", _warc_date(at)), ("WARC-Filename", file)]
    return _record("warcinfo", headers, b"software: Bullseye\r\nformat: WARC File Format 1.1\r\n", "application/warc-fields")


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
            except BROKEN as error:
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
        except (*BROKEN, StopIteration) as error:
            raise Skip("broken_record", f"The record at byte {offset} of {path.name} cannot be read: {error}") from None
        return payload_of(record, wire_bytes, body_bytes)


def payload_of(record: ArcWarcRecord, wire_bytes: int, body_bytes: int) -> bytes:
    """Return the decoded body of a record; raises what `decode` raises."""
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
        found = found_of(record, offset) if getattr(stream, "limit", 0) == 0 else None
        if found is not None:
            yield found


def found_of(record: ArcWarcRecord, offset: int) -> Found | None:
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
    kept = tuple((name, value) for name, value in headers if name.lower() not in (*OF_TRANSPORT, CODED))
    at = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    hops = tuple((warc.get_header(HOPS) or "").split())
    payload, asked = (warc.get_header(name) or "" for name in ("WARC-Payload-Digest", ASKED))
    return Found(offset, url, at, status, kept, hops, payload, asked, _revisits(record))


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


def _seen(response: Response, asked: str) -> list[tuple[str, str]]:
    """Return when and where, as every record of a response says it."""
    told = [(HOPS, " ".join(response.hops)), (ASKED, asked)]
    more = [(name, value) for name, value in told if value]
    return [("WARC-Date", _warc_date(response.fetched_at)), ("WARC-Target-URI", response.url), *more]


def _http(response: Response, dropped: tuple[str, ...], length: int | None) -> bytes:
    """Return the status line and the headers that are kept, as HTTP has them."""
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{_token(name)}: {_line(value)}" for name, value in response.headers if name.lower() not in dropped]
    lines += [f"Content-Length: {length}"] if length is not None else []
    text = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:  # headers of somebody else's archive
        return text.encode("utf-8", "replace")


def _record(kind: str, headers: list[tuple[str, str]], block: bytes, content_type: str) -> bytes:
    """Return a record; made here, because warcio, which reads them all, takes longer to make one than a page to come."""
    said = [("WARC-Type", kind), *headers, ("Content-Type", content_type), ("Content-Length", str(len(block)))]
    head = "\r\n".join(["WARC/1.1", *(f"{name}: {_line(value)}" for name, value in said)])
    whole = b"".join((head.encode("utf-8", "replace"), b"\r\n\r\n", block, b"\r\n\r\n"))
    return bytes(isal_zlib.compress(whole, LEVEL, wbits=zlib.MAX_WBITS | 16))


def _token(name: str) -> str:
    """Return the name of a header as one word."""
    return "-".join(name.replace(":", " ").translate(_ONE_LINE).split()) or "-"


def _line(value: str) -> str:
    """Return the value of a header as one line, whatever it holds."""
    return value.translate(_ONE_LINE)


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'bullseye:{name}')}>"


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
