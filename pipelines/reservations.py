"""What one line on a page's use says to programs like us: a robots directive, or a reservation of text and data mining.

Here: whether a single header or meta tag keeps us away, and nothing that looks for them. Elsewhere: all that a response says
before it is archived (`web.reserved`), the same once more as a parser sees the page (`pagestate`).

Who may not index a page may not read it for us (noindex, none, noai), nor one that is `unavailable_after` a date that has passed.
How a search engine shows its results (noarchive, nosnippet, max-snippet …), and links, pictures and translations (nofollow,
noimageindex, notranslate …) are no matter of ours. Directives add up: no `index` takes back a `noindex`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MINING = "tdm-reservation"
NAMES = ("robots", "bullseye", MINING)
"""Meta tags that speak of this."""
HEADERS = ("x-robots-tag", MINING)
"""Headers that do."""
_LISTS = ("robots", "bullseye", "x-robots-tag")
_OURS = ("", "*", "bullseye")
"""Agents whose directives are for us, who sign as Bullseye; no agent is everybody."""
_KEEPING_AWAY = frozenset({"noindex", "none", "noai"})
_LONGEST = 4000
"""Characters of a list that are read; no honest one is as long."""
_UNAVAILABLE = "unavailable_after"
_VALUED = re.compile(rf"max-.*|{_UNAVAILABLE}")
"""Names before a colon that are directives with a value; all others are agents."""
_TOKEN = re.compile(r"(?P<name>[a-z*][\w*./-]*+) ?:|(?P<word>[^\s,;:]++)|[,;]")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?)?(?: ?(?:z\b|[+-]\d\d:?\d\d))?")
_MAIL = re.compile(
    r"(?:[a-z]{3,9},? )?(\d\d?[ -][a-z]{3,9}[ -]\d\d(?:\d\d)?)(?: (\d\d?:\d\d(?::\d\d)?)(?: ([a-z]{1,5}\b|[+-]\d{4}))?)?"
)
"""A date as in e-mail (RFC 822) or early HTTP (RFC 850), with or without a time and a zone."""


def reserving(name: str, value: str, moment: datetime) -> list[str]:
    """Return what in one header or meta tag of that name keeps programs like us away at the moment; mostly nothing.

    After an agent's name, directives are for that agent. A date nobody understands is none; without a zone it is in UTC.

    >>> at = datetime(2026, 11, 16, tzinfo=UTC)
    >>> reserving("x-robots-tag", "otherbot: noindex, bullseye: noai, nofollow", at), reserving("robots", "max-snippet: -1", at)
    (['noai'], [])
    >>> reserving("Robots", "unavailable_after: 25-Jun-25 15:00:00 PST", at), reserving("TDM-Reservation", "1", at)
    (['unavailable_after: 25-jun-25 15:00:00 pst'], ['1'])
    """
    kind = name.strip().lower()
    if kind == MINING:
        return ["1"] if mining(value) == "1" else []
    text = " ".join(value.lower().split()) if kind in _LISTS else ""
    return list(_directives(text[:_LONGEST], moment))


def mining(value: str) -> str:
    """Return what a TDM reservation says: 1 is reserved, 0 is not, and all else is nothing said. Of both at once, 1 counts.

    >>> mining(" 1 "), mining("0"), mining("0, 1"), mining("yes")
    ('1', '0', '1', '')
    """
    said = {each.strip() for each in value.split(",")}
    return next((each for each in ("1", "0") if each in said), "")


def stands(line: str, moment: datetime) -> bool:
    """Say whether a line of a capture's `reservation` keeps us away: each that `web.reserved` wrote does.

    Archives from before it hold whole headers, some of which do not.
    """
    name, _, value = line.partition(": ")
    return name not in HEADERS or bool(reserving(name, value, moment))


def _directives(text: str, moment: datetime) -> Iterator[str]:
    """Yield the directives of a list, in lower case and single spaces, that are for us and keep us away."""
    agent = valued = ""
    for token in _TOKEN.finditer(text):
        name, word = token["name"], token["word"]
        if name and not _VALUED.fullmatch(name):
            agent = name.partition("/")[0]
        elif name == _UNAVAILABLE and agent in _OURS and (day := _passed(text[token.end() :][:64].lstrip(), moment)):
            yield f"{name}: {day}"
        elif word and agent in _OURS and valued + word in _KEEPING_AWAY:
            yield valued + word
        valued = f"{name}:" if name and _VALUED.fullmatch(name) else ""


def _passed(text: str, moment: datetime) -> str:
    """Return the date at the beginning of the text, as written, if it lies before the moment."""
    try:
        written, date = _dated(text)
    except (ValueError, OverflowError):
        return ""
    return written if _zoned(date) < _zoned(moment) else ""


def _dated(text: str) -> tuple[str, datetime]:
    """Return the date at the beginning of the text, as written and as meant; raises ValueError or OverflowError for none."""
    if iso := _ISO.match(text):
        return iso[0], datetime.fromisoformat(iso[0].upper().replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
    if mail := _MAIL.match(text):
        return mail[0], parsedate_to_datetime(f"{mail[1]} {mail[2] or '00:00:00'} {mail[3] or 'gmt'}")
    raise ValueError(text)


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
