"""Values in their one spelling: the mailbox, the host, the number, the company that many spellings stand for.

Here: what a value is brought down to before it is hashed, and which values a plain text holds. Elsewhere: making text plain
(`plain`), hashing (`keys`), telling what is suppressed (`pipelines.suppression`).

These spellings are for ever: what is kept are hashes of them, and a hash cannot be spelled anew. A change may add a spelling
under which a value is looked for, never take one away; tests/test_suppression.py holds them.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipelines.domains import ascii_host, registrable
from pipelines.intake.folding import fold
from pipelines.intake.names import EAST_ASIAN_FORMS, LEGAL_FORMS

CACHE = 1 << 16
LEAST_DIGITS, MOST_DIGITS = 7, 18
"""A telephone number with fewer digits could be anything, and one with more is none: they are not looked for."""
LEAST_LETTERS = 6
"""Letters that a name of several words needs to be looked for within other text."""
MOST_WORDS = 10
# Providers that give one mailbox several names, and the signs that do not count in it.
_SAME_PROVIDER = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
}
_IGNORED = {"gmail.com": ".", "proton.me": "._-"}
_MAIL = re.compile(r"([^\s@<>\"(),;:|\[\]{}\\/]{1,128})@([^\s@<>\"'(),;:|\[\]{}\\/?#&=!*]{1,253})")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"[0-9]+")
_ENOUGH_DIGITS = re.compile(r"[0-9](?:[^0-9]{0,5}[0-9]){6}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ t][0-9:.]+z?)?")
_BEFORE = re.compile(r".*[=&?'!*#$%^`~|]")
_AROUND = ".-_'’‘´`*+!#$%^&~|="
_DIALLED_FIRST = re.compile(r"^(?:0011|011|00|810)")
_TRUNKS = ("0", "1", "8", "01", "06")
_DOTTED = re.compile(r"(?<!\w)(?:\w[./])+\w?(?!\w)")
_NO_LETTER = re.compile(r"\W")
_LETTERS_ONLY = re.compile("[a-z -]*")
_LETTERS = re.compile(r"(?<![^ ])[^\W\d](?: [^\W\d])+(?![^ ])")
_TRANSCRIBED = re.compile("([aou])e")
_FORMS = frozenset(tuple(_TRANSCRIBED.sub(r"\1", word) for word in form) for form in LEGAL_FORMS)
FORM_STARTS = frozenset(form[0] for form in _FORMS)
_LONGEST_FORM = max(map(len, _FORMS))
_FRONT_FORMS = frozenset("the firma fa sarl sas sasu eurl sci snc ooo oao zao pao pt ооо оао зао пао ао ип".split())
_CONNECTORS = frozenset("and und et og och y".split())


def mailboxes(form: str) -> Iterator[str]:
    """Yield the mailboxes in a plain text, each under the one name its owner has: no tag, no dots where they do not count."""
    for found in _MAIL.finditer(form):
        yield from mailboxes_of(found[1], found[2])


def mailboxes_of(local: str, host: str) -> Iterator[str]:
    """Yield the mailboxes that may be meant by what stands before and after an @."""
    names = {local} if local.isalnum() else {local, local.strip(_AROUND), _BEFORE.sub("", local)}
    for each in hosts(host):
        for name in names:
            if name.strip(_AROUND):
                yield _mailbox(name, each)


def _mailbox(local: str, host: str) -> str:
    provider = _SAME_PROVIDER.get(host, host)
    name = local.partition("+")[0] or local
    for sign in _IGNORED.get(provider, ""):
        name = name.replace(sign, "")
    return f"{name}@{provider}"


@lru_cache(CACHE)
def hosts(written: str) -> tuple[str, ...]:
    """Return the host written there and, as long as its last label is no top-level domain, what stands before that.

    >>> hosts("www.acme.example"), hosts("acme.example.tomorrow")
    (('www.acme.example',), ('acme.example.tomorrow', 'acme.example'))
    """
    host = ascii_host(written.strip(_AROUND))
    if host is None or "." not in host:
        return ()
    labels = host.split(".")
    found = [host]
    while len(labels) > 2 and not _is_top(labels[-1]):
        labels.pop()
        found.append(".".join(labels))
    return tuple(found)


@lru_cache(CACHE)
def _is_top(label: str) -> bool:
    return registrable(f"a.b.{label}") is not None


def domains(form: str) -> Iterator[str]:
    """Yield the hosts in a plain text and every domain that each lies in: suppressing any of them suppresses it."""
    if "." in form:
        for found in _HOST.finditer(form):
            yield from domains_of(found[0])


@lru_cache(CACHE)
def domains_of(written: str) -> tuple[str, ...]:
    """Return the host and every domain that it lies in, itself first."""
    found: dict[str, None] = {}
    for host in hosts(written):
        labels = host.split(".")
        found.update({".".join(labels[start:]): None for start in range(len(labels) - 1)})
    return tuple(found)


def is_domain(host: str) -> bool:
    """Say whether somebody registered the host, or one that it lies in."""
    return registrable(host) is not None


class Run(NamedTuple):
    """Digits that may end a telephone number: groups with only signs between them, and whether a plus stands before each."""

    groups: tuple[str, ...]
    plus: tuple[bool, ...]

    @property
    def digits(self) -> str:
        """The digits in one."""
        return "".join(self.groups)[-MOST_DIGITS:]

    def is_abroad(self, start: int) -> bool:
        """Say whether what begins at a group has its country before it: `+43` in `+43 30 1234567`."""
        dialled = (place for place in range(start + 1) if self.plus[place] or self.groups[place].startswith("00"))
        return any(sum(map(len, self.groups[place:])) <= MOST_DIGITS for place in dialled)


def runs(form: str) -> Iterator[Run]:
    """Yield the runs of digits in a plain text, one for each group that may be a number's last."""
    if not _ENOUGH_DIGITS.search(form) or _MOMENT.fullmatch(form):
        return
    groups: list[str] = []
    plus: list[bool] = []
    end = 0
    for found in _DIGITS.finditer(form):
        between = form[end : found.start()]
        if len(between) > 5 or any(map(str.isalpha, between)):
            groups, plus = [], []
        groups, plus = [*groups, found[0]][-MOST_DIGITS:], [*plus, "+" in between[-2:]][-MOST_DIGITS:]
        end = found.end()
        if sum(map(len, groups)) >= LEAST_DIGITS:
            yield Run(tuple(groups), tuple(plus))


def tail(digits: str) -> str:
    """Return the last digits, by which a number is looked for first: they are the same however it begins."""
    return digits[-6:]


def numbers(run: Run) -> Iterator[tuple[str, str]]:
    """Yield what a run may end in, as (`phone`, with the country's code), (`national`, without) or (`bare`, nobody knows)."""
    for start in range(len(run.groups)):
        digits = "".join(run.groups[start:])
        if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
            continue
        yield from (("phone", each) for each in _international(digits))
        yield from (("bare", digits[length:]) for length in range(5))
        if not run.is_abroad(start):
            yield from (("national", each) for each in _national(digits))


def _international(digits: str) -> Iterator[str]:
    """Yield the number as dialled, without what is dialled before the country, and without a (0) after its code."""
    for number in {digits, _DIALLED_FIRST.sub("", digits)}:
        yield number
        yield from (number[:place] + number[place + 1 :] for place in (1, 2, 3) if number[place : place + 1] == "0")


def _national(digits: str) -> Iterator[str]:
    yield digits
    yield from (digits[len(trunk) :] for trunk in _TRUNKS if digits.startswith(trunk))


def words(form: str) -> list[str]:
    """Return the words of a plain text as names are compared: accents and punctuation off, dotted letters joined, ue as u."""
    if _LETTERS_ONLY.fullmatch(form):
        folded = form.replace("-", " ")
    else:
        joined = _DOTTED.sub(lambda letters: f" {_NO_LETTER.sub('', letters[0])} ", form) if "." in form or "/" in form else form
        folded = fold(EAST_ASIAN_FORMS.sub(" ", joined)) or fold(joined)
    if _LETTERS.search(folded):
        folded = _LETTERS.sub(lambda letters: letters[0].replace(" ", ""), folded)
    return _TRANSCRIBED.sub(r"\1", folded).split()


def companies(form: str) -> Iterator[str]:
    """Yield a company's name without blanks and connectives: as it is, and without one legal form after the other.

    >>> list(companies("the müller & söhne gmbh")), list(companies("mueller und soehne"))[-1]
    (['mullersohnegmbh', 'mullersohne'], 'mullersohne')
    """
    left = words(form)
    while left:
        yield squeezed(left)
        left = _without_form(left)


def bare_name(form: str) -> list[str]:
    """Return the words of a company's name without its legal form; empty when it has no letter or digit."""
    left = words(form)
    while shorter := _without_form(left):
        left = shorter
    return named(left)


def squeezed(name: Sequence[str]) -> str:
    """Return the words of a name in one, without what is said of a company and not its name."""
    return "".join(named(name))


def named(name: Sequence[str]) -> list[str]:
    """Return the words that are the name: connectives and what stands in front of a name taken off, never all of it."""
    kept = without_connectives(name) or list(name)
    while len(kept) > 1 and kept[0] in _FRONT_FORMS:
        kept = kept[1:]
    return kept


def without_connectives(name: Sequence[str]) -> list[str]:
    """Return the words but for those that some write and some do not: and, und, &."""
    return [word for word in name if word not in _CONNECTORS]


def form_length(name: Sequence[str], start: int) -> int:
    """Return of how many words the legal form is that stands at `start`; 0 when none does."""
    lengths = range(min(_LONGEST_FORM, len(name) - start), 0, -1)
    return next((each for each in lengths if tuple(name[start : start + each]) in _FORMS), 0)


def _without_form(name: Sequence[str]) -> list[str]:
    """Return the words before the legal form that ends them, or nothing when none does or nothing would be left."""
    for length in range(min(_LONGEST_FORM, len(name) - 1), 0, -1):
        if tuple(name[-length:]) in _FORMS:
            return list(name[:-length])
    return []
