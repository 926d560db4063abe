"""Which characters the bytes of a lead list stand for.

Here: finding a file's encoding, and the error handler that reads a stray Western byte in a UTF-8 file as the letter it was
meant to be. Elsewhere: what the text says (`delimited`, `notation`).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from pipelines.errors import Skip

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"PAR1", b"\xff\xd8\xff", b"SQLite")
FAR_FROM_LATIN = ["cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"]
HEAD = 1 << 16
BLOCK = 1 << 20
REPAIR = "bullseye.western"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: a codec, and the error handler for bytes the codec does not know."""

    codec: str
    errors: str = REPAIR


def find_encoding(path: Path) -> Encoding:
    """Return how to decode the file; raises `Skip` when it is no text at all."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(MAGIC):
        raise Skip("not_text", "The file is not text, whatever its name says; export it as CSV and bring that.")
    for bom, codec in BOMS:
        if head.startswith(bom):
            return Encoding(codec, REPAIR if codec == "utf-8-sig" else "replace")
    if wide := _wide(head):
        return Encoding(wide, "replace")
    foreign = _first_foreign(path)
    return Encoding("utf-8") if foreign is None else _not_utf8(foreign)


def open_text(path: Path) -> TextIO:
    """Open the file as text in the encoding it seems to be in, line ends as they are; raises `Skip` when it is no text."""
    found = find_encoding(path)
    return path.open(encoding=found.codec, errors=found.errors, newline="")


def _wide(head: bytes) -> str | None:
    """Return the UTF-16 that shows itself by every other byte being zero, if one does."""
    half = len(head) // 2
    if not half:
        return None
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.3 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 and odd < 0.1 else None


def _first_foreign(path: Path) -> bytes | None:
    """Return the first block that is not UTF-8, with what stands around it; None when all of the file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in _blocks(path):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            return block[max(0, error.start - HEAD) : error.start + HEAD]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return bytes(error.object)
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _not_utf8(sample: bytes) -> Encoding:
    """Choose for bytes that are not UTF-8.

    Western letters stand alone or in pairs among ASCII; other scripts come in runs. Only for runs is a statistical guess any
    good: on Western text it prefers Polish or Cyrillic as often as not.
    """
    repaired = sample.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= each <= "\udcff" for each in repaired)
    proper = sum(each > "\x7f" for each in repaired) - strays
    if proper >= strays:
        return Encoding("utf-8")
    runs = re.findall(rb"[\x80-\xff]+", sample)
    in_long_runs = sum(len(run) for run in runs if len(run) > 3)
    if 2 * in_long_runs > sum(len(run) for run in runs):
        guess = from_bytes(sample, cp_isolation=FAR_FROM_LATIN).best()
        if guess is not None:
            return Encoding(guess.encoding, "replace")
    return Encoding("cp1252")


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Read undecodable bytes as cp1252, or as Latin-1 where cp1252 has no letter."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return "".join(_western(each) for each in stray), error.end


def _western(byte: int) -> str:
    letter = bytes((byte,)).decode("cp1252", "replace")
    return chr(byte) if letter == "\ufffd" else letter


codecs.register_error(REPAIR, _as_western)
