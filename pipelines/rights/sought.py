"""Somebody as they are looked for where they may stand: in the bytes of any file, in every spelling.

Here: what is looked for, finding it, masking it. What suppression tells by keyed hashes is told here by the values themselves,
since whoever is forgotten was just named. Elsewhere: the spellings (`suppression`), where is looked (`sweep`), what is done about
it (`forget`).
"""

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from pipelines.suppression import Suppression
from pipelines.suppression.entries import Entry
from pipelines.suppression.keys import Keyring
from pipelines.web.cdxj import Entry as Line

MASK = b"x"
_KEY = "0" * 64
"""These hashes never leave the process."""
_ENCODED = re.compile(
    rb"(?:&#x?[0-9a-f]{1,6};?){3}|(?:%[0-9a-f]{2}){3}|(?:\\u00[0-9a-f]{2}){3}|%40|&commat;|\\[ux]00?40|[(\[{]at[)\]}]"
)
_SHIELDED = re.compile(rb"(?:data-cfemail=\"|/email-protection#)([0-9a-f]{6,})")
_APART = rb"(?:[^0-9a-z]|&nbsp;|&#160;|&#xa0;|%20|%2b|\\u00a0){0,4}"
_NO_DIGITS = bytes(each for each in range(256) if each not in b"0123456789")
_WORD = re.compile(r"[^\W_]+")
Patterns = Sequence[re.Pattern[bytes]]


@dataclass(frozen=True)
class Sought:
    """Whom is looked for: the values that are theirs alone, and names, which are theirs only beside their organization.

    `organizations` are the ids of those that are forgotten as a whole.
    """

    entries: tuple[Entry, ...]
    names: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """Domains and names of the organizations beside which a name is theirs."""
    organizations: frozenset[str] = field(default_factory=frozenset)
    captures: frozenset[str] = field(default_factory=frozenset)
    """Captures that are gone from the archive: what was found in them goes too."""

    def __bool__(self) -> bool:
        """Say whether anybody is looked for."""
        return bool(self.entries or self.names or self.organizations)

    def stands_in(self, content: bytes, context: bytes = b"") -> bool:
        """Say whether any of it stands there, in any spelling; `context` is what the content stands beside, its URL say."""
        lower = content.lower()
        if any(pattern.search(lower) for pattern in self._patterns) or self._is_named(lower, context):
            return True
        if _ENCODED.search(lower) or b"\0" in lower or any(token in lower for token in self._tokens) or self._ends_in(lower):
            return bool(self._told.hits(list(_texts(content)))) or self._is_shielded(lower)
        return self._is_shielded(lower)

    def spelled_in(self, content: bytes) -> bool:
        """Say whether any of the values stands there letter by letter, in one of the ways files spell letters."""
        lower = content.lower()
        return any(pattern.search(lower) for pattern in self._patterns)

    @property
    def words(self) -> list[str]:
        """Words of which one stands wherever any of it stands plainly, in lower case."""
        return [each.decode() for each in self._tokens] + sorted({max(name.lower().split(), key=len) for name in self.names})

    @property
    def tails(self) -> list[str]:
        """The last digits of the numbers."""
        return [value for kind, value in self.entries if kind == "tail"]

    def masked(self, content: bytes, context: bytes = b"") -> bytes:
        """Return the content, as long as before, with what can be masked in it masked; of a mailbox the name before the @.

        So a page still says what it is quoted for: quotes leave the names of mailboxes out.
        """
        patterns = [*self._patterns, *(self._names if self._is_named(content.lower(), context) else ())]
        for pattern in patterns:
            for found in list(pattern.finditer(content.lower())):
                start, end = found.span("name" if "name" in pattern.groupindex else 0)
                content = content[:start] + MASK * (end - start) + content[end:]
        for found in [each for each in _SHIELDED.finditer(content.lower()) if self._is_shielded(each[0])]:
            content = content[: found.start(1)] + b"0" * len(found[1]) + content[found.end(1) :]
        return content

    def goes(self, line: Line) -> bool:
        """Say whether a capture leaves as a whole."""
        return line.capture.request.organization_id in self.organizations

    def hits(self, texts: Collection[str]) -> frozenset[str]:
        """Return those of the texts in which any of it stands; a name counts by itself, as in what a page is quoted for."""
        return frozenset(text for text in texts if text and self._is_told(text))

    def company_hits(self, texts: Collection[str]) -> frozenset[str]:
        """Return those of the texts that name a company that is looked for."""
        return self._told.company_hits(texts)

    def _is_told(self, text: str) -> bool:
        content = text.encode("utf-8", "replace")
        return self.stands_in(content) or any(pattern.search(content.lower()) for pattern in self._names)

    def _is_named(self, lower: bytes, context: bytes) -> bool:
        if not any(pattern.search(lower) for pattern in self._names):
            return False
        around = lower + b"\n" + context.lower()
        return any(each.lower().encode() in around for each in self.beside)

    def _ends_in(self, content: bytes) -> bool:
        """Say whether the digits there may end in one of the numbers."""
        digits = content.translate(None, _NO_DIGITS) if self.tails else b""
        return any(tail.encode() in digits for tail in self.tails)

    def _is_shielded(self, lower: bytes) -> bool:
        """Look behind the cipher that one network puts over mailboxes: every byte after the first, by the first."""
        codes = (bytes.fromhex(found[1][: len(found[1]) // 2 * 2].decode()) for found in _SHIELDED.finditer(lower))
        return bool(self._told.hits([bytes(each ^ code[0] for each in code[1:]).decode("utf-8", "replace") for code in codes]))

    @cached_property
    def _told(self) -> Suppression:
        keyring, hashes = Keyring((_KEY,)), dict[str, set[bytes]]()
        for kind, value in self.entries:
            hashes.setdefault(kind, set()).add(keyring.hash(kind, value, 1))
        return Suppression(keyring, 1, {kind: frozenset(each) for kind, each in hashes.items()}, "sought")

    @cached_property
    def _patterns(self) -> Patterns:
        return [re.compile(each) for kind, value in self.entries for each in _SPELLED.get(kind, _nothing)(value)]

    @cached_property
    def _names(self) -> Patterns:
        return [re.compile(each) for name in self.names for each in _of_name(name)]

    @cached_property
    def _tokens(self) -> list[bytes]:
        """Words without which none of the values stands anywhere, unless it is encoded letter by letter."""
        longest = (max(_WORD.findall(value.partition("@")[0]) or [""], key=len) for kind, value in self.entries if kind in _TOLD)
        return [each.encode() for each in longest if each]


_TOLD = ("mailbox", "domain", "written")


def _texts(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if b"\0" in content:
        yield from (content.decode(codec, "replace") for codec in ("utf-16-le", "utf-16-be"))


def _literal(text: str) -> Iterator[bytes]:
    """Yield patterns of the text in lower case, as it is and in wide characters."""
    for codec in ("utf-8", "utf-16-le", "utf-16-be"):
        yield re.escape(text.lower().encode(codec))


def _of_mailbox(value: str) -> Iterator[bytes]:
    local, _, host = (re.escape(each.encode()) for each in value.partition("@"))
    sign = rb"(?:@|%40|&#64;|&#x40;|&commat;|\\u0040)"
    yield rb"(?:(?<![a-z0-9._-])|(?<=%[0-9a-f]{2}))(?P<name>" + local + rb"(?:\+[^@\s\"<>]{0,64})?)" + sign + host
    yield from list(_literal(value))[1:]
    for shift in range(3):  # base64 begins at any of three places of what stands around
        packed = b64encode(b"\0" * shift + value.encode())
        inner = packed[4 * (shift > 0) : len(packed) - 4].lower()
        if len(inner) >= 12:
            yield re.escape(inner)


def _of_phone(value: str) -> Iterator[bytes]:
    yield rb"(?<![0-9])(?:00|\+)?" + _APART.join(bytes([each]) for each in value.encode()) + rb"(?![0-9])"


def _of_national(value: str) -> Iterator[bytes]:
    yield (
        rb"(?<![0-9.])(?:(?:\+|00)?[0-9]{1,3}"
        + _APART
        + rb")?(?:\(?0\)?)?"
        + _APART.join(bytes([each]) for each in value.encode())
        + rb"(?![0-9])"
    )


def _of_domain(value: str) -> Iterator[bytes]:
    yield rb"(?<![a-z0-9-])" + re.escape(value.encode()) + rb"(?![a-z0-9-]|\.[a-z0-9])"
    yield from list(_literal(value))[1:]


def _of_name(value: str) -> Iterator[bytes]:
    words = value.lower().split()
    for order in (words, [*words[-1:], *words[:-1]]):
        spelled = (order, [quote(each).lower() for each in order])
        for each in dict.fromkeys(tuple(each) for each in spelled):
            yield rb"(?<![a-z0-9])" + rb"[^0-9a-z]{1,4}".join(re.escape(word.encode()) for word in each) + rb"(?![a-z0-9])"
    yield from list(_literal(" ".join(words)))[1:]


def _nothing(_: str) -> Iterable[bytes]:
    return ()


_SPELLED: dict[str, Callable[[str], Iterable[bytes]]] = {
    "mailbox": _of_mailbox,
    "phone": _of_phone,
    "national": _of_national,
    "bare": _of_national,
    "domain": _of_domain,
    "written": _of_name,
}
