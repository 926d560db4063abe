"""A part of somebody's archive: the page in it, as it was when it was archived.

Here: one gzipped WARC record, asked for by its place in a file, as the response it holds; so that a page can be read where it was
kept, and its own server is left in peace. Elsewhere: asking for it (`web.asking`), records in files (`web.warc`).
"""

from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.web.decode import decode
from pipelines.web.warc import BROKEN, found_of, payload_of


def page_in(part: bytes, wire_bytes: int, body_bytes: int) -> Response:
    """Return the response in the part's only record: of the page's own URL, and of the moment when it was archived.

    The record is unpacked within the limits before anything in it is looked at. Raises `Skip`: `broken_record`, and what `decode`
    raises.
    """
    if part[:2] != b"\x1f\x8b":
        raise Skip("broken_record", "The part of an archive that was asked for is no gzipped record.")
    content = decode([part], "gzip", wire_bytes, body_bytes)
    try:
        record = next(ArchiveIterator(BytesIO(content)))
        stream = record.raw_stream
        found = found_of(record, 0)
        body = payload_of(record, wire_bytes, body_bytes)
    except (*BROKEN, StopIteration) as error:
        raise Skip("broken_record", f"The part of an archive that was asked for cannot be read: {error}") from None
    if found is None or found.revisits or record.rec_type != "response" or getattr(stream, "limit", 0) > 0:
        raise Skip("broken_record", "The part of an archive that was asked for holds no whole response.")
    return Response(found.url, found.status, found.headers, body, found.date)
