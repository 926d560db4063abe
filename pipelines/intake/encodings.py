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

from pipelines.errors import Skip
from pipelines.intake.alphabets import SURE, fit_best

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"PAR1", b"\xff\xd8\xff", b"SQLite")
ESCAPED_JAPANESE = b"\x1b$B"
HEAD = 1 << 16
FEW = 100
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
    if ESCAPED_JAPANESE in head and head.isascii():
        return Encoding("iso2022_jp", "replace")
    foreign = _first_foreign(path)
    return Encoding("utf-8") if foreign is None else _not_utf8(foreign)


def open_text(path: Path) -> TextIO:
    """Open the file as text in the encoding it seems to be in, line ends as they are; raises `Skip` when it is no text."""
    found = find_encoding(path)
    return path.open(encoding=found.codec, errors=found.errors, newline="")


def _wide(head: bytes) -> str | None:
    """Return the UTF-16 that shows itself by zeros in every other byte: of its ASCII, or only of its delimiters and line ends."""
    half = len(head) // 2
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    for codec, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > max(0.01 * half, 10 * others):
            text = head[: 2 * half].decode(codec, "replace")
            if text.count("\ufffd") <= 1 and re.search(r"[,;\t|\r\n]", text) and (zeros > 0.3 * half or "\x00" not in text):
                return codec
    return None


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
    """Choose for bytes that are not UTF-8; raises `Skip` when many make no good sense in any encoding."""
    repaired = sample.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= each <= "\udcff" for each in repaired)
    proper = sum(each > "\x7f" for each in repaired) - strays
    if proper >= strays:
        return Encoding("utf-8")
    found = fit_best(sample)
    if found.share < SURE and _is_rare(sample):
        return Encoding("utf-8", "replace")
    if found.share < SURE:
        raise Skip(
            "unsure_encoding", "The file's letters are in an encoding that cannot be told; save it as UTF-8 and bring that."
        )
    return Encoding(found.codec, REPAIR if found.codec == "cp1252" else "replace")


def _is_rare(sample: bytes) -> bool:
    """Say whether so few lines are concerned that the rest should not suffer: their letters become the sign for unknown ones."""
    lines = sample.splitlines()
    return sum(not line.isascii() for line in lines) * FEW < len(lines)


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
