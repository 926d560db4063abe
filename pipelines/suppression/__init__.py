"""Suppression comes first: whose mailbox, number, domain or company is suppressed comes in nowhere, in no spelling.

Here: telling in which texts something suppressed stands, knowing only keyed hashes. Elsewhere: making text plain (`plain`), the
one spelling of a value (`values`), the key (`keys`), the list as it is kept (`book`), taking lists in (`lists`); refusing rows
(`intake`), forgetting facts (`forget`).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from pipelines.suppression import values
from pipelines.suppression.keys import Keyring
from pipelines.suppression.persons import names_in, places_in, places_of, words_of
from pipelines.suppression.plain import plain_forms

_ADDRESS = re.compile(r"([A-Za-z0-9][A-Za-z0-9._+-]*)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_HOST = re.compile(r"(?:https?://)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)/?")
_NUMBERS = re.compile("[0-9 +()./:,-]*")
_WORDS = re.compile(r"[A-Za-z ,'()&-]*")
_SPELLED = re.compile("dot|pun[ck]t|point|punto|ponto|period|&\\w")
_PIECES = re.compile(r"[,;/|()\[\]<>\"]|\s[-–—]\s|\s(?:dba|d/b/a|aka|a\.k\.a\.|t/a|c/o|formerly|vormals|ehemals)\s")


class Suppression:
    """What is suppressed, as keyed hashes by kind; `version` changes with every addition, and is empty when there was none."""

    def __init__(self, keyring: Keyring, generation: int, hashes: Mapping[str, frozenset[bytes]], version: str) -> None:
        self._keyring, self._generation, self.version = keyring, generation, version
        self._hashes = {kind: found for kind, found in hashes.items() if found}
        self._known: dict[tuple[str, str], bool] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as few big texts, which are taken apart there once and not with every piece of work."""
        packed = tuple((kind, b"".join(sorted(found))) for kind, found in sorted(self._hashes.items()))
        return _unpacked, (self._keyring, self._generation, packed, self.version)

    organizations: frozenset[str] = frozenset()
    """None as a whole: an organization is suppressed by its domain and its names."""
    captures: frozenset[str] = frozenset()

    def only(self, kinds: Collection[str]) -> "Suppression":
        """Return what is suppressed of some kinds."""
        hashes = {kind: found for kind, found in self._hashes.items() if kind in kinds}
        return Suppression(self._keyring, self._generation, hashes, self.version)

    def and_captures(self, captures: Collection[str]) -> "Suppression":
        """Return what is suppressed, and captures that go with it."""
        also = self.only(tuple(self._hashes))
        also.captures = frozenset(captures)
        return also

    def __bool__(self) -> bool:
        """Say whether anything is suppressed at all, or goes with it."""
        return bool(self._hashes or self.captures)

    def hits(self, texts: Collection[str]) -> frozenset[str]:
        """Return those of the texts in which a suppressed mailbox, number, domain or company stands, in any spelling.

        Texts may be cells of any column, or pages. A company of one word counts only with its legal form beside it: Orange SA.
        """
        return frozenset(text for text in texts if self._is_in(text)) if self else frozenset()

    def company_hits(self, texts: Collection[str]) -> frozenset[str]:
        """Return those of the texts that are the name of a suppressed company, or name it beside something else.

        For cells that are known, or not known not, to hold a company's name.
        """
        return frozenset(text for text in texts if self._names(text)) if "company" in self._hashes else frozenset()

    def parts_in(self, texts: Collection[str]) -> dict[str, int]:
        """Return those of the texts in which words of suppressed persons' names stand, and how many."""
        if "person" not in self._hashes:
            return {}
        counted = {text: sum(map(self._is_part, words_of(text))) for text in texts}
        return {text: number for text, number in counted.items() if number}

    def is_named(self, cells: Sequence[str], places: Collection[str]) -> bool:
        """Say whether a person suppressed by name stands in the cells of a row: at the row's places, or at one that a cell names.

        Places are companies and domains; where there are none, the name alone counts.
        """
        names = {each for each in names_in(cells, self._is_part) if self._has("person", f"{each}@")}
        if not names or not places:
            return bool(names)
        everywhere = chain(chain.from_iterable(map(places_of, places)), places_in(cells))
        return any(self._has("person", f"{name}@{place}") for place in dict.fromkeys(everywhere) for name in names)

    def _is_part(self, word: str) -> bool:
        return self._has_known("part", word)

    def _is_in(self, text: str) -> bool:
        """Take the short way with the cells that most columns hold: one word, one address, words that spell nothing out."""
        if text.isascii():
            if text.isalpha():
                return False
            if _NUMBERS.fullmatch(text):
                return "tail" in self._hashes and any(self._ends(run) for run in values.runs(text))
            if found := _ADDRESS.fullmatch(text):
                return self._is_of(found[1].lower(), found[2].lower())
            if found := _HOST.fullmatch(text):
                return "domain" in self._hashes and self._any_known("domain", values.domains_of(found[1].lower()))
            if _WORDS.fullmatch(text) and not _SPELLED.search(lower := text.lower()):
                return "company" in self._hashes and self._company_within(values.words(lower))
        return any(self._in_form(form) for form in plain_forms(text))

    def _is_of(self, local: str, host: str) -> bool:
        """Look for a mailbox and for the domains it lies in."""
        if "mailbox" in self._hashes and self._any("mailbox", values.mailboxes_of(local, host)):
            return True
        return "domain" in self._hashes and self._any_known("domain", values.domains_of(host))

    def _in_form(self, form: str) -> bool:
        """Look for each kind only where the text can hold it, and only for kinds that anything is suppressed of."""
        hashes = self._hashes
        return (
            ("mailbox" in hashes and "@" in form and self._any("mailbox", values.mailboxes(form)))
            or ("domain" in hashes and "." in form and self._any_known("domain", values.domains(form)))
            or ("tail" in hashes and any(self._ends(run) for run in values.runs(form)))
            or ("company" in hashes and self._company_within(values.words(form)))
        )

    def _ends(self, run: values.Run) -> bool:
        """Say whether a suppressed number ends where the run does: its last digits tell quickly that most do not."""
        return self._has("tail", values.tail(run.digits)) and any(self._has(*each) for each in values.numbers(run))

    def _company_within(self, words: list[str]) -> bool:
        """Look for names of several words anywhere, and for those of one word before a legal form."""
        if len(words) < 2:
            return False
        name = values.without_connectives(words)
        for start in range(len(name) - 1):
            if self._has_known("head", "".join(name[start : start + 2])):
                longest = min(values.MOST_WORDS, len(name) - start)
                if self._any("company", (self._long("".join(name[start : start + n])) for n in range(2, longest + 1))):
                    return True
        ends = [end for end in range(1, len(words)) if words[end] in values.FORM_STARTS and values.form_length(words, end)]
        return self._any("company", (values.squeezed(words[end - 1 : end]) for end in ends))

    @staticmethod
    def _long(name: str) -> str:
        return name if len(name) >= values.LEAST_LETTERS else ""

    def _names(self, text: str) -> bool:
        forms = plain_forms(text)
        pieces = {piece for form in forms for piece in (form, *_PIECES.split(form)) if piece and not piece.isspace()}
        return self._any("company", (name for piece in pieces for name in values.companies(piece)))

    def _any(self, kind: str, candidates: Iterable[str]) -> bool:
        return any(self._has(kind, each) for each in candidates)

    def _any_known(self, kind: str, candidates: Iterable[str]) -> bool:
        return any(self._has_known(kind, each) for each in candidates)

    def _has_known(self, kind: str, value: str) -> bool:
        """Say whether a value that comes again and again is suppressed."""
        known = self._known.get((kind, value))
        if known is None:
            if len(self._known) > values.CACHE:
                self._known.clear()
            known = self._known[kind, value] = self._has(kind, value)
        return known

    def _has(self, kind: str, value: str) -> bool:
        return kind in self._hashes and self._keyring.hash(kind, value, self._generation) in self._hashes[kind]


@lru_cache(2)
def _unpacked(keyring: Keyring, generation: int, packed: tuple[tuple[str, bytes], ...], version: str) -> Suppression:
    hashes = {kind: frozenset(whole[at : at + 32] for at in range(0, len(whole), 32)) for kind, whole in packed}
    return Suppression(keyring, generation, hashes, version)


NOBODY = Suppression(Keyring(()), 0, {}, "")
"""Nothing is suppressed."""
