"""Who the organization says it is: name, legal name, description, founding year.

Here: what a person reads off titles, meta tags and footers. Elsewhere: the same from JSON-LD (`structured_data`).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.text import fold

TITLE_PARTS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*|:\s+")
LETTERS = re.compile(r"[^a-z0-9]+")
COPYRIGHT = re.compile(
    r"(?:(?:©|\(c\)|copyright)\s*)+(?:\d{4}(?:\s*[-–]\s*(?:\d{4}|present))?)?,?\s*(?:by\s+)?(.+)", re.IGNORECASE
)
LEGAL = re.compile(
    r"^(.{2,60}?\b(?:Inc|LLC|Ltd|Limited|Corp|Corporation|GmbH(?: & Co\.? KG)?|AG|KG|SE|S\.?A\.?S?|S\.?r\.?l|BV|B\.V|AB|AS|Oy|PLC|LLP|PBC|S\.p\.A|e\.V|s\.r\.o)\b\.?)"
)
NAME_END = re.compile(r"\s*(?:all rights|alle rechte|tous droits|\.\s|\||•|·|\b(?:19|20)\d\d\b).*", re.IGNORECASE)
FOUNDED = re.compile(r"\b(?:founded|established|incorporated|started|since|gegründet|seit|fondée?|depuis|fundada|desde|opgericht)(?:\s+\w+){0,2}?\s+(?:in\s+)?((?:18|19|20)\d\d)\b", re.IGNORECASE)  # fmt: skip

NUMBER = r"(\d{1,3}(?:[.,]\d{3})+|\d{1,6})"
EMPLOYEES = re.compile(
    rf"\b{NUMBER}\s+(?:full-time\s+)?(?:employees|staff members|team members|Mitarbeiter(?:innen|Innen)?|Mitarbeitende[nr]?|Beschäftigte|collaborateurs"
    rf"|salariés|employés|empleados|dipendenti|medewerkers|funcionários|colaboradores)\b|\bemploy(?:s|ing)?\s+(?:\w+\s+){{0,2}}?{NUMBER}\s+(?:people|men|women)"
    rf"|\bteam of\s+(?:\w+\s+){{0,2}}?{NUMBER}\b(?!\s*%)",
    re.IGNORECASE,
)  # fmt: skip
OTHERS = re.compile(
    r"\b(?:companies|businesses|organi[sz]ations|firms|clients|customers|teams|Unternehmen|Firmen|Betriebe|entreprises)\b",
    re.IGNORECASE,
)


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State name, legal name, description, founding year and number of employees."""
    yield from _names(page)
    if page.kind == "home" and (description := page.meta("description")) and len(description.text) > 20:
        yield page.fact("description", description, confidence=0.85)
    yield from _copyright(page)
    if page.kind in ("home", "about", "legal"):
        yield from _founded(page)
    if page.kind in ("home", "about", "careers"):
        yield from _employees(page)


def _names(page: Page) -> Iterator[Fact]:
    """State the part of the title that the domain agrees with; a title alone says too much."""
    title = page.first("title")
    if title is None or page.kind not in ("home", "about", "contact"):
        return
    label = LETTERS.sub("", (urlsplit(page.url).hostname or "").removeprefix("www.").partition(".")[0])
    for part in TITLE_PARTS.split(title.text):
        letters = LETTERS.sub("", fold(part))
        if len(letters) > 1 and (
            letters == label or (len(letters) > 3 and (letters.startswith(label) or label.startswith(letters)))
        ):
            yield page.fact("name", title, part, confidence=0.85 if letters == label else 0.7)
            return


def _copyright(page: Page) -> Iterator[Fact]:
    """State the name in the copyright line; with a legal form in it, as the legal name too."""
    for block in page.blocks[-40:]:
        match = COPYRIGHT.search(block.text)
        name = NAME_END.sub("", match[1]).strip(" .,-–|") if match else ""
        if not 2 <= len(name) <= 60 or not any(each.isalpha() for each in name):
            continue
        yield page.fact("name", block, name, confidence=0.6)
        if legal := LEGAL.match(match[1] if match else ""):
            yield page.fact("legal_name", block, legal[1], confidence=0.7)
        return


def _founded(page: Page) -> Iterator[Fact]:
    for block in page.blocks:
        if (match := FOUNDED.search(block.text)) and int(match[1]) <= page.capture.fetched_at.year:
            yield page.fact("founded_year", _around(block, match), match[1], confidence=0.6)
            return


def _employees(page: Page) -> Iterator[Fact]:
    """State the first number of employees the organization gives of itself, not of the customers it speaks to."""
    for block in page.blocks:
        match = EMPLOYEES.search(block.text)
        if match and not OTHERS.search(block.text, max(0, match.start() - 40), match.start()):
            number = re.sub(r"[.,]", "", next(each for each in match.groups() if each))
            yield page.fact("employees", _around(block, match), number, confidence=0.6)
            return


def _around(block: Node, match: re.Match[str]) -> Node:
    """Return the block narrowed to what stands around the match, so that the quote is readable."""
    return block.part(block.text[max(0, match.start() - 120) : match.end() + 120])
