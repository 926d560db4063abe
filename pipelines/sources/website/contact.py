"""How the organization can be reached: phones, role mailboxes, postal address.

Here: contact data as people read it. Only role mailboxes are read: a person's address is nobody's business here. Elsewhere:
the same from JSON-LD (`structured_data`), numbers and addresses understood (`phones`, `postal`).
"""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pipelines.lexicon import Lexicon
from pipelines.mailboxes import EMAIL, is_role
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.phones import phones
from pipelines.sources.website.postal import address_facts, addresses


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State phones, mailboxes and addresses."""
    yield from _mailboxes(page)
    found = addresses(page)
    yield from address_facts(page, found)
    yield from phones(page, next((each.value("country") for each in found), None))


def _mailboxes(page: Page) -> Iterator[Fact]:
    """State role mailboxes at the organization's own domain."""
    here = (urlsplit(page.url).hostname or "").removeprefix("www.")
    links = [node for node in page.attributes("href", "a") if node.text[:7].lower() == "mailto:"]
    seen: set[str] = set()
    for node in (*links, *(block for block in page.blocks if "@" in block.text)):
        for match in EMAIL.finditer(unquote(node.text)):
            address = match[0].lower().rstrip(".")
            name, _, domain = address.partition("@")
            if is_role(name) and domain.removeprefix("www.") == here and address not in seen:
                seen.add(address)
                yield page.fact("mailbox", node.part(match[0]) if match[0] in node.text else node, address, confidence=0.9)
