"""Postal addresses as they stand in pages.

Here: the lines that end with a postcode, by the shapes of American, Canadian, Australian, British, Irish and continental
addresses, and the facts they state. Elsewhere: which pages are looked at (`contact`), what stands before (`streets`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from urllib.parse import urlsplit

from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.places import country_code, country_codes, country_names
from pipelines.records import Fact
from pipelines.sources.website.streets import parts_of, postal_words, street_of, town_and_street
from pipelines.text import fold

# Country domains that are sold to all the world and say nothing of where somebody is.
SOLD = frozenset("ai io co me tv cc fm am ly gg to sh so vc ws la st im sc bz mn gl tk ml ga cf gq pw nu".split())
BEFORE = 4
MOST = 1000
LONGEST = 120
CITY = r"[A-ZÀ-Ž][\w.'’-]*\w(?:[ /-](?:[A-ZÀ-Ž][\w.'’-]*|am|an|der|dem|im|in|bei|ob|sur|sous|en|de|del|da|di|la|le|les|den|aan|a\.|d\.|v\.)){0,4}"
POST_TOWN = re.compile(
    rf"(?<![\w.,+-])(?:(?P<prefix>[A-Z]{{1,2}})[- ])?(?P<postcode>\d{{4}} ?[A-Z]{{2}}(?=\s)|\d{{4,6}}|\d{{3}} \d{{2}}|\d{{2,5}}-\d{{3}})\s+(?P<city>{CITY})"
)
ALONE = re.compile(r"\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d")
END_OF_TOWN = re.compile(r"\s+(?:cedex|tel|telefon|téléphone|phone|fax|mail|e-mail|email|web|www|vat|ust)\b.*", re.IGNORECASE)
REST = re.compile(r"(?:\s*cedex)?[\s\d,.|]{0,6}", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_.,|·()]+")
MARKS = (
    ("street", "streetAddress", "street-address"),
    ("city", "addressLocality", "locality"),
    ("region", "addressRegion", "region"),
    ("postcode", "postalCode", "postal-code"),
    ("country", "addressCountry", "country-name"),
)
Parts = dict[str, tuple[Node, str]]
"""Property -> where it stands and its value."""


@dataclass(frozen=True, slots=True)
class _Tail:
    """The end of an address in a line: a postcode, the words before and after it, and what it says of country, region, town."""

    before: str
    after: str
    postcode: str
    country: str | None
    region: str
    city: str


def addresses(page: Page) -> Iterator[Fact]:
    """State the parts of the first address of the page that has a street, else of the first that has none."""
    home = site_country(page) or postal_words()["languages"].get(language(page))
    best: Parts = {}
    for parts in islice(chain(_marked(page), _set_in_lines(page.rows, home)), MOST):
        best = best if best and "street" not in parts else parts
        if "street" in parts:
            break
    for name, (node, value) in best.items():
        yield page.fact(name, node, value, confidence=0.8 if "street" in best else 0.65)


def site_country(page: Page) -> str | None:
    """Return the country that the website's domain names, else the language of the page; None for what all the world may buy."""
    last = (urlsplit(page.url).hostname or "").rpartition(".")[2]
    if len(last) == 2 and last not in SOLD and (code := country_codes().get("GB" if last == "uk" else last.upper())):
        return code
    written = next((each.text for each in page.attributes("lang", "html")), "")
    region = re.fullmatch(r"[A-Za-z]{2}[-_]([A-Za-z]{2})", written)
    return country_codes().get(region[1].upper()) if region else None


def language(page: Page) -> str:
    """Return the language the page says it is in, two letters; English when it says nothing."""
    return next((each.text for each in page.attributes("lang", "html")), "en")[:2].lower()


def _marked(page: Page) -> Iterator[Parts]:
    """Yield the address that the page marks part by part, as microdata or hCard."""
    if "streetAddress" not in page.source_text and "street-address" not in page.source_text:
        return
    nodes = ((name, page.first(f'[itemprop~="{item}"], [property~="{item}"], .{mark}')) for name, item, mark in MARKS)
    parts: Parts = {name: (node, node.text.strip(" ,")) for name, node in nodes if node}
    country = parts.pop("country", None)
    if country and (code := country_code(country[1])):
        parts["country"] = (country[0], code)
    if "city" in parts:
        yield parts


def _set_in_lines(rows: Sequence[Node], home: str | None) -> Iterator[Parts]:
    """Yield the addresses whose postcode ends a line, with as few of the lines before as say the street.

    Of a page with more figures than anybody reads, the beginning and the end are looked at.
    """
    figures = [index for index, row in enumerate(rows) if len(row.text) <= 2 * LONGEST and any(map(str.isdigit, row.text))]
    for index in (*figures[:MOST], *figures[MOST:][-MOST:]):
        row = rows[index]
        alone = index > 0 and bool(ALONE.fullmatch(row.text))
        text = f"{rows[index - 1].text} {row.text}" if alone else row.text
        found = (_address(rows, index - alone, index, tail) for tail in _tails(text, home))
        if parts := next(filter(None, found), None):
            yield parts


def _address(rows: Sequence[Node], first: int, last: int, tail: _Tail) -> Parts | None:
    """Return the address that ends in those lines, or None when there is no town or, where needed, no street."""
    count, town, street = _town_and_street(rows, first, tail)
    country, following = _country(rows, last, tail)
    if not town or country is None or not (street or _distinct(tail)):
        return None
    node = rows[first - count].through(rows[first - count + 1 : last + 1 + following])
    values = {"street": street, "city": town, "region": tail.region, "postcode": tail.postcode, "country": country}
    return {name: (node, value) for name, value in values.items() if value}


def _town_and_street(rows: Sequence[Node], first: int, tail: _Tail) -> tuple[int, str, str]:
    """Return (lines before that are needed, town, street); the town is empty when there is none."""
    best = (0, "", "")
    for count in range(min(BEFORE, first) + 1):
        lines = [each.text for each in rows[first - count : first]]
        if any(len(line) > LONGEST for line in lines):
            break
        parts = parts_of([*lines, tail.before])
        town, street = (tail.city, street_of(parts)) if tail.city else town_and_street(parts)
        if town and (street or not best[1]):
            best = (count, town, street)
        if street:
            break
    return best


def _distinct(tail: _Tail) -> bool:
    """Whether the postcode is one even with no street before it: figures with a word after them may be anything."""
    return not tail.city


def _country(rows: Sequence[Node], index: int, tail: _Tail) -> tuple[str | None, int]:
    """Return the country of an address and how many lines after it name it."""
    following = rows[index + 1].text.strip(" .") if index + 1 < len(rows) else ""
    if tail.country or not tail.city:
        return tail.country, 0
    if REST.fullmatch(tail.after) and (code := country_names().get(fold(following))):
        return code, 1
    return None, 0


def _tails(text: str, home: str | None) -> Iterator[_Tail]:
    """Yield the ends of addresses a line may have, the surest shapes first."""
    for country, shape in _shapes():
        if match := shape.search(text):
            region = match.groupdict().get("region") or ""
            yield _Tail(text[: match.start()], text[match.end() :], match["postcode"], country, region, "")
    for match in POST_TOWN.finditer(text):
        city, after = _town(match["city"]), text[match.end() :]
        named = _named(f"{match['city'].removeprefix(city)} {after}") or postal_words()["prefixes"].get(match["prefix"])
        named = named or ("NL" if match["postcode"][-1].isalpha() else home)
        fits = re.fullmatch(postal_words()["postcodes"].get(named, "(?!)"), match["postcode"])
        if city and (fits or named is None):
            yield _Tail(text[: match.start()], after, match["postcode"], named, "", city)


def _town(written: str) -> str:
    """Return a town without what may follow it in its line: a country, a delivery office, the label of a phone."""
    town = END_OF_TOWN.sub("", written)
    words = town.split()
    names = (index for index in range(1, len(words)) if fold(" ".join(words[index:])) in country_names())
    return " ".join(words[: next(names, len(words))]).strip(" -/")


def _named(after: str) -> str | None:
    """Return the country a text goes on with, as code."""
    words = WORD.findall(after)[:5]
    for start in range(min(2, len(words))):
        for length in (4, 3, 2, 1):
            if (name := fold(" ".join(words[start : start + length]))) in country_names():
                return country_names()[name]
    return None


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return country -> the shape of its postcode with what must stand before it."""

    def regions(kind: str) -> str:
        names: Mapping[str, str] = postal_words()[kind]
        return rf"(?<![\w.])(?P<region>{'|'.join(sorted([*names, *names.values()], key=len, reverse=True))}|D\.C\.)\.?,?\s+"

    return (
        ("US", re.compile(regions("states") + r"(?P<postcode>\d{5}(?:-\d{4})?)(?![\w-])")),
        ("CA", re.compile(f"(?:{regions('provinces')})?" + r"\b(?P<postcode>[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d)\b")),
        ("AU", re.compile(regions("territories") + r"(?P<postcode>\d{4})(?![\w-])")),
        ("GB", re.compile(r"\b(?P<postcode>[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}|[A-Z]{2}\d{2,3}[ABD-HJLNP-UW-Z]{2})\b")),
        ("IE", re.compile(r"\b(?P<postcode>[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4})\b")),
    )
