"""Whom the organization is looking for.

Here: the titles of open positions listed on careers pages, and their number. Elsewhere: postings on job boards (a source
each), JobPosting data (`structured_data`).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact

ROLE = re.compile(
    r"\b(engineer|developer|manager|director|analyst|designer|scientist|specialist|consultant|architect|administrator|assistant|coordinator|representative"
    r"|executive|officer|technician|researcher|recruiter|accountant|controller|planner|buyer|clerk|driver|operator|supervisor|associate|intern|lead|head of"
    r"|vp|strategist|writer|editor|counsel|nurse|mechanic|electrician|agent|partner|advisor|entwickler(?:in)?|leiter(?:in)?|ingenieur(?:in)?|mitarbeiter(?:in)?"
    r"|sachbearbeiter(?:in)?|referent(?:in)?|kaufmann|kauffrau|fachkraft|techniker(?:in)?|berater(?:in)?|werkstudent(?:in)?|praktikant(?:in)?|disponent(?:in)?)\b",
    re.IGNORECASE,
)  # fmt: skip
SENTENCE = re.compile(r"[.!?:;]|\b(we|our|you|your|the|is|are|wir|unser|sie|ist)\b", re.IGNORECASE)
# Navigation names audiences ("For executives"), not openings.
PLACES = ":is(li, h2, h3, h4, h5, td, a, dt, p):not(nav *, header *, footer *)"
LONGEST = 80
MOST = 200


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each opening once, then how many there are. No opening listed says nothing: postings understate."""
    if page.kind != "careers":
        return
    titles = _titles(page)
    for title, node in list(titles.items())[:MOST]:
        yield page.fact("opening", node, title, confidence=0.7)
    if titles:
        yield page.fact("openings", next(iter(titles.values())), str(len(titles)), confidence=0.5)


def _titles(page: Page) -> dict[str, Node]:
    """Return job title -> where it stands; the innermost place wins, so a list item does not repeat its link."""
    found: dict[str, Node] = {}
    for node in page.select(PLACES):
        title = re.split(r"\s+[|–—·•]\s+|\s{2,}", node.text)[0]
        inside = any(known in title and known != title for known in found)
        if 5 <= len(title) <= LONGEST and " " in title and ROLE.search(title) and not SENTENCE.search(title) and not inside:
            found.setdefault(title, node)
    return {title: node for title, node in found.items() if not any(title != other and other in title for other in found)}
