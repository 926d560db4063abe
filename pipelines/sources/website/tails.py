"""The ends of addresses: postcodes in a line, with the words before and after them.

Here: the shapes of American, Canadian, Australian, British, Irish and continental postcodes, and what a line says of country and
town around one. Elsewhere: the street before it (`streets`), addresses put together (`postal`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.places import country_names
from pipelines.sources.website.streets import postal_words
from pipelines.text import fold

CITY = r"[A-ZÀ-Ž][\w.'’-]*\w(?:[ /-](?:[A-ZÀ-Ž][\w.'’-]*|am|an|der|dem|im|in|bei|ob|sur|sous|en|de|del|da|di|la|le|les|den|aan|a\.|d\.|v\.)){0,4}"
POST_TOWN = re.compile(
    rf"(?<![\w.,+-])(?:(?P<prefix>[A-Z]{{1,2}})[- ])?(?P<postcode>\d{{4}} ?[A-Z]{{2}}(?=\s)|\d{{4,6}}|\d{{3}} \d{{2}}|\d{{2,5}}-\d{{3}})\s+(?P<city>{CITY})"
)
FIGURE = re.compile(r"\d")
MAYBE = re.compile(r"\d{4}|\d{3} \d{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d|[A-Z]\d[\dW]|[A-Z]\d[A-Z]")
ENDING = re.compile(r", ?[A-Z][A-Za-z. ]{1,24}\W*$")
"""What a line has to have for any of the shapes, found at once."""
END_OF_TOWN = re.compile(r"\s+(?:cedex|tel|telefon|téléphone|phone|fax|mail|e-mail|email|web|www|vat|ust)\b.*", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_.,|·()]+")
YEAR = re.compile(r"(?:19|20)\d\d")
MONTH = re.compile(
    r"\b(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|aug|sept?|o[ck]t|nov|de[cz])[a-zû]*\.?\W*(?:\d{1,2}(?:st|nd|rd|th)?\W*)?$",
    re.IGNORECASE,
)
""" "October 30, 2024" has no postcode."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of an address in a line: a postcode, the words before and after it, and what it says of country, region, town."""

    before: str
    after: str
    postcode: str
    country: str | None
    region: str
    city: str


def may_end(text: str) -> bool:
    """Whether a line has what all ends of addresses have, found at once."""
    return bool((FIGURE.search(text) and MAYBE.search(text)) or ("," in text and ENDING.search(text)))


def tails(text: str, home: str | None) -> Iterator[Tail]:
    """Yield the ends of addresses that a line has, the surest shapes first; most that have none are told by `may_end`."""
    for country, need, shape in _shapes():
        match = shape.search(text) if need.search(text) else None
        if match:
            said = match.groupdict()
            yield Tail(
                text[: match.start()], text[match.end() :], said.get("postcode") or "", country, said.get("region") or "", ""
            )
    for match in POST_TOWN.finditer(text):
        city, after = _town(match["city"]), text[match.end() :]
        named = _named(f"{match['city'].removeprefix(city)} {after}") or postal_words()["prefixes"].get(match["prefix"])
        named = named or ("NL" if match["postcode"][-1].isalpha() else home)
        fits = re.fullmatch(postal_words()["postcodes"].get(named, "(?!)"), match["postcode"])
        if city and (fits or named is None) and not _is_year(match, text):
            yield Tail(text[: match.start()], after, match["postcode"], named, "", city)


def _is_year(match: re.Match[str], text: str) -> bool:
    """Whether figures are a year: behind a month, or behind a letter that is the word "A"."""
    article = match["prefix"] and match[0][len(match["prefix"])] == " "
    return bool(YEAR.fullmatch(match["postcode"]) and (article or MONTH.search(text[: match.start()])))


def region_code(written: str, country: str | None) -> str:
    """Return a region in letters, where its country has some for it: WA for Washington."""
    kind = {"US": "states", "CA": "provinces", "AU": "territories"}.get(country or "")
    names: Mapping[str, str] = postal_words()[kind] if kind else {}
    bare = written.replace(".", "")
    return next((code for code, name in names.items() if bare == name), bare)


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
def _shapes() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return country, what a line needs to be looked at, and the shape of its postcode with what must stand before it.

    The last are those of the region that ends a line without a postcode.
    """

    def regions(kind: str) -> str:
        names: Mapping[str, str] = postal_words()[kind]
        return rf"(?<![\w.])(?P<region>{'|'.join(sorted([*names, *names.values()], key=len, reverse=True))}|D\.C\.)\.?"

    ending = r"(?:,?\s+(?:USA?|U\.S\.A?\.?|United States|Canada))?\W*$"
    return (
        ("US", re.compile(r"\d{5}"), re.compile(regions("states") + r",?\s+(?P<postcode>\d{5}(?:-\d{4})?)(?![\w-])")),
        (
            "CA",
            re.compile(r"[A-Z]\d[A-Z]"),
            re.compile(f"(?:{regions('provinces')},?\\s+)?" + r"\b(?P<postcode>[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d)\b"),
        ),
        ("AU", re.compile(r"\d{4}"), re.compile(regions("territories") + r",?\s+(?P<postcode>\d{4})(?![\w-])")),
        (
            "GB",
            re.compile(r"[A-Z]\d"),
            re.compile(r"\b(?P<postcode>[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}|[A-Z]{2}\d{2,3}[ABD-HJLNP-UW-Z]{2})\b"),
        ),
        ("IE", re.compile(r"[A-Z]\d"), re.compile(r"\b(?P<postcode>[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4})\b")),
        ("US", re.compile(","), re.compile(rf"(?<=,)\s*{regions('states')}{ending}")),
        ("CA", re.compile(","), re.compile(rf"(?<=,)\s*{regions('provinces')}{ending}")),
    )
