"""Whose words a page's blocks are: the organization's, or those of customers it lets speak.

Here: which blocks, and which whole pages, speak for customers. Elsewhere: the structure that says so (`voices`), what the readers
make of it (`language`, `identity`).
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.voices import OPEN, QUOTE, quotations

CUSTOMERS = re.compile(
    r"/(?:(?:our-?)?(?:customers?|clients?|references?|referenzen|kunden|clientes|klanten)|(?:case|success|customer|client|user)-?(?:stud(?:y|ies)|stor(?:y|ies)|success)"
    r"|testimonials?|reviews?|kundenstimmen|erfolgsgeschichten|temoignages|casos-de-exito)(?:[-_./]|$)",
    re.IGNORECASE,
)  # fmt: skip

HEADING = re.compile(r"(?:^|> )h[12](?::nth-of-type\(\d+\))?$")


def heard(page: Page) -> list[tuple[Node, bool]]:
    """Return each block with whether it is somebody else's words, in document order; worked out once for a page."""
    if "heard" not in page.known:
        page.known["heard"] = list(_heard(page))
    found: list[tuple[Node, bool]] = page.known["heard"]
    return found


def _heard(page: Page) -> Iterator[tuple[Node, bool]]:
    blocks = page.blocks
    own = re.sub(r"[^a-z0-9]", "", (registrable(page.url) or "").partition(".")[0])
    quoted = set(quotations([block.text for block in blocks], own))
    for place, block in enumerate(blocks):
        yield block, (QUOTE in block.voices and not _heads(block)) or place in quoted


def _heads(block: Node) -> bool:
    """Whether a block is the heading over quotations, which is nobody's quotation."""
    return bool(HEADING.search(block.locator)) and not block.text.startswith(tuple(OPEN))


def own_blocks(page: Page) -> list[Node]:
    """Return the blocks in which the organization speaks of itself; none where the whole page is about its customers."""
    return [] if about_customers(page) else [block for block, theirs in heard(page) if not theirs]


def own_among(page: Page, numbers: Iterable[int]) -> list[Node]:
    """Return those of the blocks of these numbers (`page.block_lines` knows some) in which the organization speaks of itself."""
    blocks = [] if about_customers(page) else heard(page)
    return [blocks[number][0] for number in numbers if not blocks[number][1]] if blocks else []


def about_customers(page: Page) -> bool:
    """Whether the page tells of customers: what it says there, it says of them."""
    return page.kind == "customers" or bool(CUSTOMERS.search(urlsplit(page.url).path))
