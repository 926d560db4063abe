"""What the organization says it is: description, founding year, employees.

Here: what a person reads off meta tags and sentences. Elsewhere: its names (`names`, `imprints`, `letterheads`), the same from JSON-LD
(`structured_data`).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import own_among

FOUNDED = re.compile(
    r"\b(?:founded|established|incorporated|started (?:the|our|this) (?:company|business|firm)|gegründet|fondée?s?|fundada|fundado|fondata|opgericht)(?:\s+[\w'’.&-]+){0,5}?\s+(?:in\s+|en\s+|im Jahre?\s+)?((?:1[6-9]|20)\d\d)\b"
    r"|\b((?:1[6-9]|20)\d\d)\s+(?:gegründet|fondée?|opgericht|fundada)\b",
    re.IGNORECASE,
)  # fmt: skip
SINCE = re.compile(r"\b(?:since|seit|depuis|desde|dal|sinds)\s+(?:the year\s+)?((?:1[6-9]|20)\d\d)\b", re.IGNORECASE)
IN_BUSINESS = re.compile(r"\b(?:in business|family|serving|operating|trading|making|building|manufactur\w+|est\.|Familien\w*|tradition\w*)\b[^.!?]*$", re.IGNORECASE)  # fmt: skip
YEAR = re.compile(r"1[6-9]\d\d|20\d\d")
END = re.compile(r"[.!?]\s+(?=[A-ZÀ-Ž])")
TAGLINE = 60
# Whose sentence it is: a person's life, a certificate, somebody imagined.
PERSON = re.compile(r"\b(?:he|she|his|her|him|i|my|former|formerly|previously|prior|born|served as)\b", re.IGNORECASE)
ELSE = re.compile(
    r"\b(?:certified|certificate|accredited|iso|member|partner|customer|client|copyright|raised|zertifiziert|mitglied)\b|©",
    re.IGNORECASE,
)
IMAGINED = re.compile(r"\b(?:your|you|imagine|whether)\b|\bteam of\b.*\b(?:feels?|like)\b", re.IGNORECASE)

NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+|\d{1,6})"
EMPLOYEES = re.compile(
    rf"\b(?:(?P<low>{NUMBER})\s?(?:-|–|—|to|bis|à)\s?)?(?P<count>{NUMBER})(?P<more>\s?\+)?\s+(?:full-time\s+)?"
    r"(?:employees|staff members|team members|Mitarbeiter(?:innen|Innen)?|Mitarbeitende[nr]?|Beschäftigte|collaborateurs"
    r"|salariés|employés|empleados|dipendenti|medewerkers|funcionários|colaboradores)\b"
    rf"|\bemploy(?:s|ing)?\s+(?:\w+\s+){{0,2}}?(?P<employs>{NUMBER})\s+(?:people|men|women)"
    rf"|\bteam of\s+(?:\w+\s+){{0,2}}?(?P<team>{NUMBER})\b(?!\s*%)",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"\b(?:companies|businesses|organi[sz]ations|firms|clients|customers|teams|Unternehmen|Firmen|Betriebe|entreprises)\b",
    re.IGNORECASE,
)


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State description, founding year and number of employees."""
    if page.kind == "home" and (description := page.meta("description")) and len(description.text) > 20:
        yield page.fact("description", description, confidence=0.85)
    if page.kind in ("home", "about", "legal"):
        yield from _founded(page)
    if page.kind in ("home", "about", "careers"):
        yield from _employees(page)


def _founded(page: Page) -> Iterator[Fact]:
    """State the first year the organization says it was founded in or exists since; not one of a person's life."""
    for block in own_among(page, page.block_lines.figured):
        if match := _foundation(block.text):
            year = next(each for each in match.groups() if each)
            if int(year) <= page.capture.fetched_at.year:
                yield page.fact("founded_year", _around(block, match), year, confidence=0.6)
                return


def _foundation(text: str) -> re.Match[str] | None:
    if not YEAR.search(text):
        return None
    match = FOUNDED.search(text)
    if match and not PERSON.search(_sentence(text, match)):
        return match
    match = SINCE.search(text)
    whole = _sentence(text, match) if match else ""
    if match is None or PERSON.search(whole) or ELSE.search(whole):
        return None
    own = whole.startswith(match[0]) or len(text) <= TAGLINE or IN_BUSINESS.search(text[: match.start()])
    return match if own else None


def _employees(page: Page) -> Iterator[Fact]:
    """State the first number of employees the organization gives of itself, not of its customers or of former employers."""
    for block in own_among(page, page.block_lines.figured):
        match = EMPLOYEES.search(block.text)
        whole = _sentence(block.text, match) if match else ""
        others = match and OTHERS.search(block.text, max(0, match.start() - 40), match.start())
        if match and not others and not PERSON.search(whole) and not IMAGINED.search(whole):
            name, value = _counted(match)
            yield page.fact(name, _around(block, match), value, confidence=0.6)
            return


def _counted(match: re.Match[str]) -> tuple[str, str]:
    """Return how many, as a number or, where only its ends are told, as a range: 11-50, 500+."""
    low, *counts = (re.sub(r"[.,]", "", match[name] or "") for name in ("low", "count", "employs", "team"))
    number = next(each for each in counts if each)
    if low and int(low) < int(number):
        return "employee_band", f"{low}-{number}"
    return ("employee_band", f"{number}+") if match["more"] else ("employees", number)


def _sentence(text: str, match: re.Match[str]) -> str:
    """Return the sentence a match stands in."""
    start = max((end.end() for end in END.finditer(text, 0, match.start() + 1)), default=0)
    after = END.search(text, match.end())
    return text[start : after.start() if after else len(text)]


def _around(block: Node, match: re.Match[str]) -> Node:
    """Return the block narrowed to what stands around the match, so that the quote is readable."""
    return block.part(block.text[max(0, match.start() - 120) : match.end() + 120])
