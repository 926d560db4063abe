"""How a body as sent becomes a body as meant, within limits.

Here: undoing content codings piece by piece, so that a bomb is met at the limit and not in memory, and telling a whole body from
a torn one. Elsewhere: where the pieces come from (`web.client`, `web.replay_warc`), what the bytes say (`page`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from isal import isal_zlib

from pipelines.errors import Skip

MOST_CODINGS = 2
SLICE_BYTES = 4096
_GZIP, _ZLIB, _RAW = 31, 15, -15
_BROKEN = cast("type[Exception]", isal_zlib.error)  # its types say that it is an exception, not a kind of one


def decode(pieces: Iterable[bytes], codings: str, wire_bytes: int, body_bytes: int) -> bytes:
    """Return the body, undoing the codings of a Content-Encoding header.

    Raises `Skip`: `too_large` beyond `wire_bytes` as sent or `body_bytes` as meant, `truncated` for a coded body that ends early
    or fails its checksum, `unsupported_coding` for any but gzip and deflate or more than two of them.
    """
    names = [name.strip().lower() for name in codings.split(",") if name.strip().lower() not in ("", "identity")]
    if len(names) > MOST_CODINGS or not set(names) <= {"gzip", "x-gzip", "deflate"}:
        raise Skip("unsupported_coding", f"The body is coded as {codings[:80]!r}, which is not read.")
    stream = _limited(pieces, wire_bytes, "as sent")
    for name in reversed(names):
        stream = _limited(_inflated(_sliced(stream), name), body_bytes, "when unpacked")
    return b"".join(_limited(stream, body_bytes, "when unpacked"))


def _sliced(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same in small pieces: of each, what follows a gzip member is copied, and there may be thousands of members."""
    for piece in pieces:
        for start in range(0, len(piece), SLICE_BYTES):
            yield piece[start : start + SLICE_BYTES]


def _limited(pieces: Iterable[bytes], limit: int, which: str) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise Skip("too_large", f"The body is larger than {limit} bytes {which}.")
        yield piece


def _inflated(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Undo one coding. A body that is not coded at all, whatever its header says, passes as it is."""
    first = b""
    while len(first) < 2 and (piece := next(pieces, None)) is not None:
        first += piece
    bits = _window(first, name)
    if bits is None:
        yield first
        yield from pieces
        return
    try:
        yield from _unpacked(first, pieces, lambda: isal_zlib.decompressobj(bits), bits == _GZIP)
    except _BROKEN as error:
        raise Skip("truncated", f"The body's {name} coding is broken: {error}.") from None


def _window(first: bytes, name: str) -> int | None:
    """Return zlib's window bits for the coding in use, or None when the bytes are not coded."""
    if name != "deflate":
        return _GZIP if first[:2] == b"\x1f\x8b" else None
    if not first:
        return None
    is_zlib = len(first) > 1 and first[0] & 15 == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    return _ZLIB if is_zlib else _RAW


def _unpacked(first: bytes, pieces: Iterator[bytes], begin: Callable[[], "isal_zlib.Decompress"], many: bool) -> Iterator[bytes]:
    """Yield at most 64 KiB at a time; a gzip body may be several, one after the other."""
    unpack = begin()
    piece: bytes | None = first
    while piece is not None:
        while piece:
            yield unpack.decompress(piece, 65536)
            piece = unpack.unconsumed_tail
            if unpack.eof:
                piece = unpack.unused_data if many and unpack.unused_data[:2] == b"\x1f\x8b" else b""
                unpack = begin() if piece else unpack
        piece = next(pieces, None)
    yield unpack.flush()
    if not unpack.eof:
        raise Skip("truncated", "The coded body ends before its end.")
