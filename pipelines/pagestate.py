"""What a page is, before anything on it is believed.

Here: pages that are not what they seem: shells that need a browser, walls, error pages served as found, parked domains, pages
that reserve themselves from robots. Elsewhere: what reserves one (`reservations`), not keeping it (`web.reserved`), what pages
that are read say (`sources`).
"""

import re

from pipelines.page import Page
from pipelines.reservations import reserving, stands

READ, RESERVED = "read", "reserved"
FOR_ROBOTS = frozenset({"robots", "sitemap", "sitemap_part"})
DATA = re.compile(r"json|csv|\bxml|(?<!html)\+xml", re.IGNORECASE)
"""Content types that people do not read."""
SILENT = frozenset({"soft_404", "parked", "wall", RESERVED})
"""States whose pages state nothing."""

NOT_FOUND = re.compile(
    r"\b(?:404|page not found|not found|page doesn.t exist|page does not exist|seite nicht gefunden|page introuvable"
    r"|página no encontrada)\b",
    re.IGNORECASE,
)
PARKED = re.compile(
    r"\b(?:domain (?:name )?(?:is|may be) (?:for sale|parked|available)|domains? (?:name )?for sale|^for sale page$"
    r"|buy this domain|this domain is parked"
    r"|domain steht zum verkauf|get this domain|make an offer on this domain|the domain .{3,60} is (?:available )?for sale"
    r"|^[\w-]+(?:\.[a-z]{2,12}){1,2} is for sale)\b",
    re.IGNORECASE,
)
WALL = re.compile(
    r"\b(?:verify (?:that )?you are (?:a )?human|checking your browser|attention required|enable cookies and reload"
    r"|are you a robot|access denied|just a moment\.\.\.|unusual traffic)",
    re.IGNORECASE,
)
SHELL_WORDS = 40
SHORT_WORDS = 250


def state_of(page: Page) -> str:
    """Return `read`, or why the page is to be taken with care: needs_browser, soft_404, parked, wall, reserved."""
    if page.body and (page.kind in FOR_ROBOTS or DATA.search(page.capture.content_type)):
        return READ  # programs are what it is written for, whatever it reserves
    if (title := page.first("title")) and PARKED.search(title.text):
        return "parked"  # what is for sale is nobody's, whatever it reserves
    if _is_reserved(page):
        return RESERVED
    if page.words <= SHORT_WORDS and (seeming := _seeming(page)):
        return seeming
    shell = page.words < SHELL_WORDS and bool(page.select("script"))
    return "needs_browser" if shell else READ


def _is_reserved(page: Page) -> bool:
    """Whether the page is known to reserve itself, or does so in a tag that only a parser sees."""
    moment = page.capture.fetched_at
    if any(stands(line, moment) for line in page.capture.reservation.splitlines()):
        return True
    tags = ((node.attribute("name").text, node.attribute("content").text) for node in page.select("meta[name]"))
    return any(reserving(name, content, moment) for name, content in tags)


def _seeming(page: Page) -> str | None:
    """Look at a short page's title and headings, where such pages say what they are; parking says it in the text."""
    heads = " ".join(node.text for node in page.select("title, h1, h2"))
    text = " ".join(block.text for block in page.blocks)
    if PARKED.search(heads) or PARKED.search(text):
        return "parked"
    if NOT_FOUND.search(heads):
        return "soft_404"
    return "wall" if WALL.search(f"{heads} {text}") else None
