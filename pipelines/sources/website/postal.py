"""Postal addresses as they stand in pages.

Here: addresses put together from the lines around a postcode, which of a page's is the organization's main one, and the facts they
state. Elsewhere: which pages are looked at (`contact`), postcodes (`tails`), what stands before them (`streets`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from pipelines.domains import registrable
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.places import country_code, country_names
from pipelines.records import Fact
from pipelines.sources.website.streets import BOX, names_a_way, parts_before, parts_of, street_of, town_and_street
from pipelines.sources.website.tails import Tail, may_end, region_code, tails
from pipelines.sources.website.whereabouts import country_of_language, site_country
from pipelines.text import fold
from pipelines.voices import ASIDE, PERSON, QUOTE

BEFORE, MOST_BUILDINGS = 4, 3
MOST, MOST_LOCATIONS, MOST_ADDRESSES = 1000, 20, 60
LONGEST = 120
ALONE = re.compile(r"(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?:,?\s(?:USA|U\.S\.A\.|United States|Canada))?[.,]?")
REST = re.compile(r"(?:\s*cedex)?[\s\d,.|]{0,6}", re.IGNORECASE)
LETTERS = re.compile(r"[^a-z0-9]+")
NOT_MAIN = re.compile(
    r"\b(?:registered (?:office|address|in)|mail(?:ing)? address|p\.?o\.?\s?box|returns?|remit|billing|attn|warehouse|sitz der|siège social)\b", re.IGNORECASE
)  # fmt: skip
"""What is somebody's address, but not where people meet them."""
SURE = {"contact": 0.82, "home": 0.8, "legal": 0.78, "about": 0.76}
ELSEWHERE = 0.62
MANY = 4
MARKS = (
    ("street", "streetAddress", "street-address"),
    ("city", "addressLocality", "locality"),
    ("region", "addressRegion", "region"),
    ("postcode", "postalCode", "postal-code"),
    ("country", "addressCountry", "country-name"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address (property -> where it stands and its value), its place on the page, and how likely it is the main one."""

    parts: dict[str, tuple[Node, str]]
    weight: float = 0.0

    @property
    def node(self) -> Node:
        """Where its town stands."""
        return self.parts["city"][0]

    def value(self, name: str) -> str:
        """Return a part, or nothing."""
        return self.parts[name][1] if name in self.parts else ""

    @property
    def line(self) -> str:
        """The whole of it in one line: street, postcode and city, country."""
        place = f"{self.value('postcode')} {self.value('city')}".strip()
        return ", ".join(filter(None, (self.value("street"), place, self.value("country"))))


def addresses(page: Page) -> list[Address]:
    """Return the addresses of the page, the likeliest main one first; they are looked for once."""
    if "addresses" not in page.known:
        page.known["addresses"] = _addresses(page)
    found: list[Address] = page.known["addresses"]
    return found


def _addresses(page: Page) -> list[Address]:
    home = site_country(page) or country_of_language(page)
    found = islice(chain(_marked(page), _set_in_lines(page, home)), MOST_ADDRESSES)
    own = LETTERS.sub("", (registrable(page.url) or "").partition(".")[0])
    weighed = [_weighed(_without_name(each, own), place) for place, each in enumerate(found)]
    return sorted({each.line: each for each in reversed(weighed)}.values(), key=lambda each: -each.weight)


def address_facts(page: Page, found: Sequence[Address]) -> Iterator[Fact]:
    """State the parts of the main address, and each with a street as a location."""
    for each in found[:1]:
        many = len({each.value("postcode") for each in found}) >= MANY and ASIDE not in each.node.voices
        sure = SURE.get(page.kind, ELSEWHERE) + each.weight - (0.1 if many else 0)
        for name, (node, value) in each.parts.items():
            yield page.fact(name, node, value, confidence=round(sure, 2))
    for each in found[:MOST_LOCATIONS]:
        if each.value("street") and each.value("postcode"):
            yield page.fact("location", each.node, each.line, confidence=0.8)


def _weighed(address: Address, place: int) -> Address:
    """Return the address with what speaks for it: a street, a footer; and against it: others before it, what its lines say."""
    said = address.node.text
    weight = -0.02 * min(place, 4) - (0.15 if not address.value("street") else 0)
    weight -= 0.1 if not address.value("postcode") else 0
    weight -= 0.1 if NOT_MAIN.search(said) or BOX.match(address.value("street")) else 0
    weight += 0.04 if ASIDE in address.node.voices else 0
    return replace(address, weight=weight)


def _without_name(address: Address, own: str) -> Address:
    """Return the address without the organization's own name before its street, where that looked like a building's."""
    node, street = address.parts.get("street", (address.node, ""))
    first, _, rest = street.partition(", ")
    letters = LETTERS.sub("", fold(first))
    if not rest or not own or not (letters.startswith(own) or own.startswith(letters)):
        return address
    return replace(address, parts={**address.parts, "street": (node, rest)})


def _marked(page: Page) -> Iterator[Address]:
    """Yield the address that the page marks part by part, as microdata or hCard."""
    if "streetAddress" not in page.source_text and "street-address" not in page.source_text:
        return
    marks = {name: f'[itemprop~="{item}"], [property~="{item}"], .{mark}' for name, item, mark in MARKS}
    if page.first(marks["city"]) is None:  # as where only JSON-LD speaks of streets
        return
    nodes = ((name, page.first(css)) for name, css in marks.items())
    parts = {name: (node, node.text.strip(" ,")) for name, node in nodes if node}
    country = parts.pop("country", None)
    code = country_code(country[1]) if country else None
    place = country or parts.get("postcode")
    end = " ".join(parts[name][1] for name in ("region", "postcode") if name in parts)
    if place and (code := code or next((tail.country for tail in tails(f"x, {end}", None)), None)):
        parts["country"] = (place[0], code)
    yield Address(parts)


def _set_in_lines(page: Page, home: str | None) -> Iterator[Address]:
    """Yield the addresses whose postcode ends a line, with as few of the lines before as say the street.

    Of a page with more figures than anybody reads, the beginning and the end are looked at. A quotation has no address, nor a person.
    """
    rows, lines = page.rows, page.row_lines
    likely = sorted({*lines.figured, *lines.numbers(",")})
    short = [index for index in likely if len(rows[index].text) <= 2 * LONGEST and may_end(rows[index].text)]
    for index in (*short[:MOST], *short[MOST:][-MOST:]):
        row = rows[index]
        alone = index > 0 and bool(ALONE.fullmatch(row.text))
        text = f"{rows[index - 1].text} {row.text}" if alone else row.text
        found = (_address(rows, index - alone, index, tail) for tail in tails(text, home))
        if address := next(filter(None, found), None):
            yield from () if row.voices & {QUOTE, PERSON} else [address]


def _address(rows: Sequence[Node], first: int, last: int, tail: Tail) -> Address | None:
    """Return the address that ends in those lines, or None when there is no town or, where needed, no street."""
    count, town, street = _town_and_street(rows, first, tail)
    country, following = _country(rows, last, tail)
    if not town or country is None or not (street or _distinct(tail)):
        return None
    if not tail.postcode and not (street[:1].isdigit() and names_a_way(street)):
        return None
    node = rows[first - count].through(rows[first - count + 1 : last + 1 + following])
    values = {
        "street": street,
        "city": town,
        "region": region_code(tail.region, country),
        "postcode": tail.postcode,
        "country": country,
    }
    return Address({name: (node, value) for name, value in values.items() if value})


def _town_and_street(rows: Sequence[Node], first: int, tail: Tail) -> tuple[int, str, str]:
    """Return (lines before that are needed, town, street); the town is empty when there is none."""
    best = (0, "", "")
    for count in range(min(BEFORE, first) + 1):
        lines = [each.text for each in rows[first - count : first]]
        if any(len(line) > LONGEST for line in lines):
            break
        parts = parts_of([*lines, tail.before])
        city, country = tail.city, tail.country
        town, street = (city, street_of(parts, country, city)) if city else town_and_street(parts, country)
        if town and (street or not best[1]):
            best = (count, town, street)
        if street:
            return _with_buildings(rows, first, best, country) if parts[0].startswith(street.partition(",")[0]) else best
    return best


def _with_buildings(rows: Sequence[Node], first: int, best: tuple[int, str, str], country: str | None) -> tuple[int, str, str]:
    """Return the same with the lines before that name the unit, floor or building."""
    count, town, street = best
    for row in reversed(rows[max(0, first - count - MOST_BUILDINGS) : first - count]):
        parts = parts_of([row.text]) if len(row.text) <= LONGEST else []
        before = parts_before(parts, street, country)
        if before:
            count, street = count + 1, ", ".join((*before, street))
        if not before or len(before) < len(parts):
            break
    return count, town, street


def _distinct(tail: Tail) -> bool:
    """Whether the postcode is one even with no street before it: figures with a word after them may be anything."""
    return not tail.city


def _country(rows: Sequence[Node], index: int, tail: Tail) -> tuple[str | None, int]:
    """Return the country of an address and how many lines after it name it."""
    following = rows[index + 1].text.strip(" .") if index + 1 < len(rows) else ""
    if tail.country or not tail.city:
        return tail.country, 0
    if REST.fullmatch(tail.after) and (code := country_names().get(fold(following))):
        return code, 1
    return None, 0
