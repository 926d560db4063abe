"""Postal addresses as they stand in pages.

Here: street, city, region, postcode and country out of one block of text, by the shapes of US, British, Canadian and
continental addresses. Elsewhere: which pages are looked at (`contact`).
"""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.places import country_code, country_names
from pipelines.records import Fact
from pipelines.text import fold

STATES = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
PROVINCES = "AB BC MB NB NL NS NT NU ON PE QC SK YT".split()
CITY = r"(?P<city>[A-ZÀ-Ž][\w.'’-]+(?:[ -][A-ZÀ-Ža-zß-ž][\w.'’-]+){0,3}?)"
US = re.compile(
    rf"(?P<before>.*?){CITY}\s*,\s*(?P<region>{'|'.join(STATES)})\.?\s+(?P<postcode>\d{{5}}(?:-\d{{4}})?)\b(?P<after>.*)"
)
CANADA = re.compile(
    rf"(?P<before>.*?){CITY}\s*,?\s+(?P<region>{'|'.join(PROVINCES)})\.?,?\s+(?P<postcode>[A-Z]\d[A-Z] ?\d[A-Z]\d)\b(?P<after>.*)"
)
BRITAIN = re.compile(rf"(?P<before>.*?){CITY}\s*,?\s+(?P<postcode>[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}})\b(?P<after>.*)")
IRELAND = re.compile(rf"(?P<before>.*?){CITY}\s*,?\s+(?P<postcode>[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{{4}})\b(?P<after>.*)")
CONTINENT = re.compile(
    rf"(?P<before>.*?)\b(?:[A-Z]{{1,2}}-)?(?P<postcode>\d{{4,5}}|\d{{4}} ?[A-Z]{{2}}|\d{{3}} \d{{2}})\s+{CITY}(?=\s*(?:,|$|\||·|\())(?P<after>.*)"
)
SHAPES = (("US", US), ("CA", CANADA), ("GB", BRITAIN), ("IE", IRELAND), (None, CONTINENT))
STREET = re.compile(
    r"(?:^|[,|·:–]\s*|\s)((?:\d+[A-Za-z]?(?:[-/]\d+[A-Za-z]?)?,?\s+(?:[A-Z\dÀ-Ž][\w.'’-]*\s?){1,5}(?:,?\s*(?:Suite|Ste|Unit|Floor|Fl|#)\.?\s*[\w-]+)?)"
    r"|(?:[A-ZÀ-Ž][\w.'’ß-]+(?:\s[\w.'’ß-]+){0,3}\s\d+\s?[a-zA-Z]?(?:[-/]\d+[a-z]?)?))[\s,|·–-]*$"
)  # fmt: skip
LONGEST = 300
WINDOW = 4


def addresses(page: Page) -> Iterator[Fact]:
    """State the parts of the first address of the page that is whole enough to be one."""
    for node, lines in _places(page):
        if parts := _parse(lines):
            for name, value in parts.items():
                yield page.fact(name, node, value, confidence=0.8)
            return


def _places(page: Page) -> Iterator[tuple[Node, str]]:
    """Yield where addresses stand, with the text to parse: address elements, blocks, then neighbouring short blocks."""
    yield from ((node, node.text) for node in page.select("address, [itemprop=address], .address, .adr"))
    blocks = page.blocks
    for index, block in enumerate(blocks):
        if len(block.text) <= LONGEST and any(each.isdigit() for each in block.text):
            yield block, block.text
            near = _run(blocks[max(0, index - 1) : index + WINDOW - 1])
            if len(near) > 1:
                yield near[0].through(near[1:]), ", ".join(each.text for each in near)


def _run(blocks: list[Node]) -> list[Node]:
    """Return the short blocks that stand together: a long one before them falls away, one after them ends the run."""
    return list(takewhile(_short, dropwhile(lambda each: not _short(each), blocks)))


def _short(block: Node) -> bool:
    return len(block.text) < LONGEST / 2


def _parse(text: str) -> dict[str, str] | None:
    """Return the parts of an address in the text, or None. A continental one counts only with its country beside it."""
    for country, shape in SHAPES:
        match = shape.search(text) if len(text) <= 2 * LONGEST else None
        if not match:
            continue
        named = _country(match["after"])
        if country is None and named is None:
            continue
        street = STREET.search(match["before"].strip())
        parts = {name: value for name, value in match.groupdict().items() if name not in ("before", "after") and value}
        return {**({"street": street[1].strip(" ,")} if street else {}), **parts, "country": named or country or ""}
    return None


def _country(after: str) -> str | None:
    """Return the country a text goes on with, as code."""
    words = re.findall(r"[^\W\d_.,|·()]+", after)[:5]
    for start in range(min(2, len(words))):
        for length in (4, 3, 2, 1):
            name = " ".join(words[start : start + length])
            if fold(name) in country_names():
                return country_code(name)
    return None
