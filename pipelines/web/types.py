"""Which bodies can be read at all.

Here: the types we read, by what the header says and by what the bytes show; both must agree. Elsewhere: reading them (`page`).
"""

from codecs import BOM_UTF8

from pipelines.errors import Skip
from pipelines.web.urls import is_robots

_TYPES = (
    *("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "text/markdown"),
    *("application/json", "text/x-ndjson", "application/x-ndjson"),
)
_OTHERS = (
    b"%PDF",
    b"PK\x03\x04",
    b"MZ",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"\x1f\x8b",
    b"RIFF",
    b"Rar!",
    b"7z\xbc\xaf",
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def check_header(url: str, content_type: str) -> None:
    """Raise `Skip` (`unsupported_type`) unless the Content-Type is one we read, or is missing. A robots.txt may have any."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind and kind not in _TYPES and not kind.endswith(("+xml", "+json")) and not is_robots(url):
        raise Skip("unsupported_type", f"{url} is of type {kind[:80]}, which is not read.")


def check_body(url: str, body: bytes) -> None:
    """Raise `Skip` (`unsupported_type`) when the bytes are no text, whatever the header said."""
    head = body[:1024]
    begun = head.removeprefix(BOM_UTF8).lstrip()
    if begun.startswith(_OTHERS) or (b"\0" in head and not head.startswith(_WIDE)):
        raise Skip("unsupported_type", f"{url} says it is text, but its bytes are not.")
