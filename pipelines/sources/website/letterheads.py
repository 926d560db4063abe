"""The name above an address, as on a letter.

Here: which line before a street is the organization's name. Elsewhere: addresses (`postal`), other names (`names`, `imprints`).
"""

import re
from collections.abc import Iterator, Sequence

from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.sources.website.imprints import LEGAL, SENTENCE_END
from pipelines.sources.website.names import Evidence, is_related
from pipelines.sources.website.postal import addresses

NO_NAME = re.compile(
    r"\b(?:address|office|offices|headquarters|location|contact|visit|call|phone|tel|fax|e-?mail|mail|write|hours|open|attn|map|directions|us|showroom|branch|warehouse"
    r"|adresse|anschrift|kontakt|impressum|angaben|gemäß|siège|sede|postal|find|where|here|details|information|department|dept|more|view|send|united|monday|sunday)\b|[@?!]|https?:|\d{3}",
    re.IGNORECASE,
)  # fmt: skip
MOST_WORDS, LONGEST = 7, 60


def heads(page: Page) -> Iterator[Evidence]:
    """Yield the line above the main address, where it is related to the site or has a legal form."""
    for address in addresses(page)[:1]:
        head = _head(page.rows, address.node)
        related = head is not None and is_related(head.text, page)
        if head is not None and (related or LEGAL.fullmatch(head.text)):
            yield head, SENTENCE_END.sub("", head.text).rstrip(" ,"), 0.6 if related else 0.5


def _head(rows: Sequence[Node], address: Node) -> Node | None:
    """Return the line above the address, where it could be a name."""
    first = address.locator.partition(" … ")[0]
    here = next((place for place, row in enumerate(rows) if address.text.startswith(row.text) and row.locator == first), 0)
    if not here:
        return None
    above = rows[here - 1]
    fits = len(above.text) <= LONGEST and len(above.text.split()) <= MOST_WORDS and above.text[0].isalnum()
    return (
        above if fits and not above.text.islower() and not NO_NAME.search(above.text) and not above.text.endswith(":") else None
    )
