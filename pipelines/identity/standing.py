"""Where a home page really stands, whatever was asked for.

Here: the domain it was answered from, or that it gives as its own address everywhere it gives one. Elsewhere: what to make of a
website that moved (`identity.confirming`).
"""

from collections.abc import Iterator

from pipelines.domains import registrable
from pipelines.nodes import absolute
from pipelines.page import Page

HOME = "home"
"""What a home page is asked for as."""
SITES = frozenset(("WebSite", "Organization", "Corporation"))


def stands_at(page: Page) -> str | None:
    """Return the registrable domain a home page stands at, by its redirect or by all that it says of its own address."""
    here = registrable(page.url)
    if here != registrable(page.capture.request.url):
        return here
    said = {registrable(absolute(page.url, written)) for written in _addresses(page)} - {None}
    return said.pop() if len(said) == 1 else here


def _addresses(page: Page) -> Iterator[str]:
    """Yield what the page gives as its own address: canonical link, OpenGraph, linked data."""
    if address := page.meta("og:url"):
        yield address.text
    for node in page.select("link[rel=canonical]"):
        yield node.attribute("href").text
    for entity in page.linked_data:
        if entity.types & SITES and (url := entity.text("url")):
            yield url.text
