"""Text as it is kept: decoded by what the page says of itself, free of what could break a table or a screen.

Here: bytes to text, and the two foldings that quotes are compared by. Elsewhere: what the text means (`sources`), how a lead
list is decoded (`intake`).
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from html import unescape

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"))
"""Codecs that no browser takes for a charset; some take for ever."""
LONGEST_DATE = 64
XML_ENCODING = re.compile(rb"""\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([a-zA-Z0-9_:.-]+)""")
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
# What is never closed goes to the end, as it does in a browser: so no text is looked through twice.
SCRIPTS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
TAGS = re.compile(r"<[^<>]*>")
# UTF-8 read as windows-1252 or latin-1 and written as UTF-8 again, for the letters and quotes where nothing else is likely.
TWICE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|\u00e2[\u0080-\u00bf\u201a\u2020\u2021\u20ac][\u0080-\u00bf\u0152-\u0192\u02dc\u2013-\u203a\u20ac\u2122]"
)
TWICE_MARKS = "\u00c2\u00c3\u00e2"
"""One of these begins all that was encoded twice."""
# Controls that are no white space, surrogates, bidi overrides and the like, non-characters: they say nothing and break things.
UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]")
SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
"""Of ASCII, all that is no letter and no figure."""


def decode(body: bytes, content_type: str) -> str:
    """Return the text of a page: by byte-order mark, header, meta tag, then UTF-8, then windows-1252. Never fails.

    Text that was encoded twice on its way here (Ã¼ for ü) is mended.
    """
    text = _decode(body, content_type)
    return text if text.isascii() else _mended(text)


def bare(source: str) -> str:
    """Return what is left of an HTML source without tags, scripts, styles and comments."""
    return TAGS.sub("", SCRIPTS.sub("", source))


def _mended(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for twice in sorted(_twice(text), key=re.Match.start):
        pieces += (text[end : twice.start()], _once(twice))
        end = twice.end()
    return "".join(pieces) + text[end:]


def _twice(text: str) -> Iterator[re.Match[str]]:
    """Yield what was encoded twice, by the marks it begins with: they are found much faster than the pattern is."""
    for mark in TWICE_MARKS:
        place = text.find(mark)
        while place >= 0:
            if twice := TWICE.match(text, place):
                yield twice
            place = text.find(mark, place + 1)


def _once(twice: re.Match[str]) -> str:
    """Return what was encoded twice, or the text as it was where it was not."""
    try:
        return b"".join(_byte(each) for each in twice[0]).decode("utf-8")
    except UnicodeError:
        return twice[0]


def _byte(letter: str) -> bytes:
    return letter.encode("latin-1" if ord(letter) < 256 else "windows-1252")


def _decode(body: bytes, content_type: str) -> str:
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for declared in (CHARSET.search(content_type.encode("ascii", "replace")), CHARSET.search(body[:4096])):
        if declared and (text := _decode_as(body, declared[1].decode("ascii"))) is not None:
            return text
    if (text := _decode_as(body, "utf-8")) is not None:
        return text
    declared = XML_ENCODING.match(body)  # believed only where the bytes are no UTF-8: templates declare what they like
    return (_decode_as(body, declared[1].decode("ascii")) if declared else None) or body.decode("windows-1252", "replace")


def _decode_as(body: bytes, encoding: str) -> str | None:
    """Decode, or None when the page is not what it says it is (browsers read latin-1 as windows-1252; so do we)."""
    name = "windows-1252" if encoding.lower() in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else encoding
    try:
        if codecs.lookup(name).name in NO_CHARSETS:
            return None
        return body.decode(name, "replace" if name == "windows-1252" else "strict")
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def clean(text: str) -> str:
    """Return the text in NFC on one line, without controls and without white space at its ends."""
    if text.isascii():  # as most is: of the unwanted it can hold but controls, which cannot be printed
        line = " ".join(text.split())
        if line.isprintable():
            return line
    return " ".join(UNWANTED.sub("", unicodedata.normalize("NFC", text)).split())


def squeeze(text: str) -> str:
    """Return the cleaned text without any white space: what two quotes of the same words have in common."""
    return clean(text).replace(" ", "")


def only_words(text: str) -> str:
    """Return the text with a blank for each sign that is no letter and no figure; four times as fast as a pattern does it.

    >>> only_words("flint&tinder: 20%!")
    'flint tinder  20  '
    """
    if text.isascii():
        return text.translate(SIGNS)
    for sign in set(text):
        if not sign.isalnum():
            text = text.replace(sign, " ")
    return text


def cut(text: str, length: int) -> str:
    """Return at most `length` characters, cut between words where that loses little."""
    if len(text) <= length:
        return text
    head = text[:length]
    space = head.rfind(" ")
    return head[:space] if space > length * 0.6 else head


def excerpt(text: str, wanted: str, length: int) -> str:
    """Return at most about `length` characters of the text, with what is wanted in them where the text has it."""
    place = text.find(wanted)
    if len(text) <= length or place < 0 or place + len(wanted) <= length * 0.6:
        return cut(text, length)
    start = text.find(" ", max(0, place - length // 2)) + 1
    return cut(text[min(start, place) :], length)


def fold(text: str) -> str:
    """Return the text in lower case without accents: what two spellings of one name have in common."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def iso_day(written: str) -> date | None:
    """Return the date a text begins with in ISO 8601, or None."""
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def mail_day(written: str) -> date | None:
    """Return the date of a text as mails and feeds write it (RFC 5322), with or without a time, or None.

    >>> mail_day("Tue, 17 Nov 2026 08:00:00 +0100")
    datetime.date(2026, 11, 17)
    """
    try:
        return parsedate_to_datetime(written[:LONGEST_DATE] if ":" in written else f"{written[:LONGEST_DATE]} 00:00").date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def unescaped(text: str) -> str:
    """Return the text with its entities undone, or as it is where one is a number of thousands of digits.

    >>> unescaped("Anvils &amp; tongs")
    'Anvils & tongs'
    """
    try:
        return unescape(text)
    except ValueError:
        return text
