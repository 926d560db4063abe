"""May we keep it? Whether a response reserves itself from programs like us, decided before anything of it is archived.

Here: headers, meta tags and the host's `/.well-known/tdmrep.json` taken together. Pure: nothing is fetched, nothing raises, and
hostile input costs time in proportion to its length. Elsewhere: what one header or tag means (`reservations`), fetching the
file and archiving without the body (`web.web`).

TDMRep (W3C community group report, 2024): of the file's rules the first that matches a URL counts, by path and query as in
robots.txt; a header or a meta tag overrides the file, whichever way. The report lets a tag override a header, too; where these
two differ, we take the page to be reserved. Tags are looked for as a browser splits a page into tags, but without a parser,
which `web` does not have: comments, scripts, styles and the like hold none. What stands in noscript, template or the body
counts: better silent once too often.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from pipelines.records import Response
from pipelines.reservations import HEADERS, MINING, NAMES, mining, reserving
from pipelines.text import unescaped
from pipelines.web.urls import is_of_origin

TDMREP = "/.well-known/tdmrep.json"
LONGEST_POLICY = 1024 * 1024
MOST_RULES = 1000
LONGEST_LOCATION, MOST_WILDCARDS = 2083, 20
"""A location is no longer than the longest URL that is asked for."""
SCANNED = 256 * 1024
MOST_REASONS = 10

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ATTRIBUTE = (
    r"""(?P<key>[^\s/>][^\s/>=]*+)(?:\s*+=\s*+"""
    r"""(?:"(?P<double>[^"]*+)(?:"|\Z)|'(?P<single>[^']*+)(?:'|\Z)|(?P<bare>(?!["'])(?:[^\s/>]|/(?!>|\Z))++)|))?+"""
)
_ATTRIBUTES = re.compile(_ATTRIBUTE, re.ASCII)
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE)
# Every quantifier is possessive and what is never closed goes to the end, as in a browser: so nothing is looked at twice.
_MARKUP = re.compile(rf"<(?:!--|[!?][^>]*+|(?P<name>/?[a-z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_UNNAMED})*+)(?:>|\Z))", re.ASCII)
NEAR = 2000
"""Bytes of a tag within which its name is looked for before anything else is."""
_NAMES = tuple(name.encode() for name in NAMES)
_MAY_SPEAK = re.compile("&|" + "|".join(NAMES))
_COMMENT_END = re.compile("--!?>")
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\s/>]|\Z)", re.ASCII)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}
"""Elements whose content is text to a browser -> where it ends."""
_HTML_ROOT = re.compile(r"<html[\s>]")
_SITEMAP_ROOT = re.compile(r"(?:<[!?][^>]*+>|\s++)*+<(?:[\w.-]+:)?(?:urlset|sitemapindex)[\s>]")
_CODED = re.compile("%([0-9A-Fa-f]{2})")
_WRITTEN = "".join(map(chr, range(0x21, 0x7F)))
_PATH = re.compile("[^:/?#]*://[^/?#]*([^#]*)")


@dataclass(frozen=True, slots=True)
class TdmPolicy:
    """What one origin's tdmrep.json says. `rules` are patterns of locations, and whether they are reserved, in its order."""

    rules: tuple[tuple[str, bool], ...] = ()

    def reserves(self, url: str) -> str:
        """Return the rule that reserves the URL, which is taken to be of the file's origin, or nothing. Never raises.

        >>> TdmPolicy((("/blog/open", False), ("/blog/*", True))).reserves("https://acme.example/blog/1")
        'tdmrep.json: 1 for /blog/*'
        """
        path = _path(url)
        location, reserved = next((rule for rule in self.rules if _matches(rule[0], path)), ("", False))
        return f"tdmrep.json: 1 for {location[:100]}" if reserved else ""


NO_POLICY = TdmPolicy()


def reservation_of(response: Response, policy: TdmPolicy = NO_POLICY) -> str:
    """Return why the response is not for programs like us, a reason a line, or nothing when it is.

    `policy` is that of the origin of `response.url`. Lines read `x-robots-tag: noindex`, `meta robots: noai`,
    `tdm-reservation: 1`, `tdmrep.json: 1 for /blog/*`. Files made for programs (robots.txt, tdmrep.json, XML sitemaps) are
    never reserved: `noindex` on a sitemap keeps it out of search results, not from those it is written for.
    """
    if _is_for_programs(response):
        return ""
    said = [*_headers(response), *_metas(response)]
    reasons = [f"{label}{name}: {word}" for label, name, value in said for word in reserving(name, value, response.fetched_at)]
    overridden = any(name == MINING and mining(value) for _, name, value in said)
    if not overridden and (rule := policy.reserves(response.url)):
        reasons.append(rule)
    return "\n".join(islice(dict.fromkeys(reasons), MOST_REASONS))


def read_tdmrep(body: bytes) -> TdmPolicy:
    """Return the policy in the body of a tdmrep.json; what is no rule is passed over, nonsense reserves nothing. Never raises."""
    try:
        said = json.loads(body) if len(body) <= LONGEST_POLICY else None
    except (ValueError, RecursionError):
        return NO_POLICY
    rules = map(_rule, said if isinstance(said, list) else [said])
    return TdmPolicy(tuple(islice(filter(None, rules), MOST_RULES)))


def _is_for_programs(response: Response) -> bool:
    asked = (*response.hops[:1], response.url)
    named = any(map(is_of_origin, asked))
    return named or _SITEMAP_ROOT.match(_markup(response.body[:4096])) is not None


def _headers(response: Response) -> Iterator[tuple[str, str, str]]:
    """Yield an empty label, the name and the value of each header that speaks of it."""
    for name, value in response.headers:
        if name.lower() in HEADERS:
            yield "", name.lower(), value


def _metas(response: Response) -> Iterator[tuple[str, str, str]]:
    """Yield a label, the name and the content of each meta tag that speaks of it, in lower case."""
    if not _is_html(response) or not _may_speak(response.body[:SCANNED]):
        return
    for attributes in filter(_MAY_SPEAK.search, _meta_tags(_markup(response.body[:SCANNED]))):
        found: dict[str, str] = {}
        for each in _ATTRIBUTES.finditer(attributes):
            found.setdefault(each["key"], unescaped(each["double"] or each["single"] or each["bare"] or ""))
        if (name := found.get("name", "").strip().lower()) in NAMES:
            yield "meta ", name, found.get("content", "")


def _may_speak(head: bytes) -> bool:
    """Say whether a meta tag may hold a name that we listen to, plain or as numbers: most pages are done with that."""
    low = head.lower()
    place = low.find(b"<meta")
    while place >= 0:
        near = low[place : place + 2 * NEAR]
        if b"&#" in near or any(name in near for name in _NAMES):
            return True
        place = low.find(b"<meta", place + NEAR)
    return b"\0" in low  # written in two bytes a letter


def _meta_tags(text: str) -> Iterator[str]:
    """Yield the attributes of the meta tags, but for those in comments and text; most pages are done where their head ends."""
    place, last = 0, text.rfind("<meta")
    while (found := _MARKUP.search(text, place)) and found.start() <= last:
        place, name = found.end(), found["name"]
        if name == "meta":
            yield found["attributes"]
        elif found[0] == "<!--":
            place = _end(_COMMENT_END, text, place - 2)  # `<!-->` is a whole comment
        elif name in _RAW_END and not found[0].endswith("/>"):
            place = _end(_RAW_END[name], text, place)


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.search(text, place)
    return found.end() if found else len(text)


def _markup(head: bytes) -> str:
    """Return markup in lower case; in UTF-16 by its mark, else a letter a byte, since all that matters is ASCII."""
    if head.startswith(_UTF16):
        return head.decode("utf-16", "replace").lower()
    return head.removeprefix(codecs.BOM_UTF8).lower().decode("latin-1")


def _is_html(response: Response) -> bool:
    """Whether the body is HTML or XHTML by its type; one without a type may be."""
    kind = response.header("content-type").partition(";")[0].strip().lower()
    return not kind or "html" in kind or (kind.endswith("xml") and bool(_HTML_ROOT.search(_markup(response.body[:1024]))))


def _rule(said: object) -> tuple[str, bool] | None:
    """Return one rule of the file, or None for what is none: both its location and a reservation of 0 or 1 are mandatory."""
    location, value = (said.get("location"), said.get(MINING)) if isinstance(said, dict) else (None, None)
    reservation = mining(str(value)) if isinstance(value, int | str) else ""
    if not isinstance(location, str) or not reservation or not _is_sane(location):
        return None
    pattern = _escaped(location)
    end = "$" if pattern.endswith("$") else ""
    return pattern.removesuffix("$").replace("$", "%24") + end, reservation == "1"


def _is_sane(location: str) -> bool:
    return 0 < len(location) <= LONGEST_LOCATION and location.count("*") <= MOST_WILDCARDS


def _path(url: str) -> str:
    """Return path and query as patterns are matched against: their special characters, where a URL has them, are coded."""
    found = _PATH.match(url)
    path = found[1] if found else url
    return _escaped(path if path.startswith("/") else f"/{path}").replace("$", "%24").replace("*", "%2A")


def _escaped(text: str) -> str:
    """Return the text in ASCII, percent-encoded where it must be and nowhere else: one spelling for all that mean the same."""
    return quote(_CODED.sub(_letter, text), safe=_WRITTEN, errors="replace")


def _letter(coded: re.Match[str]) -> str:
    letter = chr(int(coded[1], 16))
    return letter if letter.isascii() and (letter.isalnum() or letter in "-._~") else coded[0].upper()


def _matches(pattern: str, path: str) -> bool:
    """Whether the path begins as the pattern does, where `*` is any run of characters and a final `$` the end of the path."""
    first, *rest = pattern.removesuffix("$").split("*")
    last = rest.pop() if rest else ""
    if not path.startswith(first):
        return False
    place = len(first)
    for piece in rest:
        place = path.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    if not pattern.endswith("$"):
        return path.find(last, place) >= 0
    return path.endswith(last, place) if "*" in pattern else place == len(path)
