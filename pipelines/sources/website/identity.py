"""Who the organization says it is: name, legal name, description, founding year.

Here: what a person reads off meta tags and sentences. Elsewhere: titles and footers (`names`), the same from JSON-LD
(`structured_data`).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.names import names

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
    yield from names(page)
    if page.kind == "home" and (description := page.meta("description")) and len(description.text) > 20:
        yield page.fact("description", description, confidence=0.85)
    if page.kind in ("home", "about", "legal"):
        yield from _founded(page)
    if page.kind in ("home", "about", "careers"):
        yield from _employees(page)


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
