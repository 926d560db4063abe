"""In which languages the organization speaks, and which words it uses.

Here: page languages and mentions of the lexicon, each with its sentence, and one `page` fact per page read: what silence is
measured against. Elsewhere: certificates (`trust`), what the mentions mean (sql/core/marker.sql, icp.yaml).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon, Mention
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import about_customers, heard
from pipelines.sources.website.titles import is_byline

EMPLOYERS = ("careers", "team")
"""Kinds of pages that quote those who work there: neither customers' words nor the organization's."""
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
PER_TERM = 3
TAG = re.compile(r"^[a-z]{2}(?=$|[-_])")


def read(page: Page, lexicon: Lexicon) -> Iterator[Fact]:
    """State the page, its language, its alternatives and mentions."""
    title = page.first("title") or next(iter(page.blocks), None)
    if title:
        yield page.fact("page", title, page.kind, confidence=1.0)
    yield from _languages(page)
    yield from _mentions(page, lexicon)


def _languages(page: Page) -> Iterator[Fact]:
    main = next(iter(page.attributes("lang", "html")), None)
    if main and (code := TAG.match(main.text.lower())) and page.kind == "home":
        yield page.fact("language", main, code[0], confidence=0.8)
    for link in page.select('link[rel="alternate"][hreflang]'):
        node = link.attribute("hreflang")
        if code := TAG.match(node.text.lower()):
            yield page.fact("languages", node, code[0])


def _mentions(page: Page, lexicon: Lexicon) -> Iterator[Fact]:
    """State each term once a page, quoting the first sentence that uses it; of customers' words, that they are theirs.

    A page about customers still shows how the organization speaks: the persona's terms are its own there.
    """
    seen: set[tuple[str, str]] = set()
    of_customers = about_customers(page)
    blocks = heard(page)
    for number, terms in lexicon.among([block.text for block, _ in blocks]):
        block, theirs = blocks[number]
        if seen.issuperset((_property(term, theirs=theirs, of_customers=of_customers), term) for term in terms):
            continue
        if theirs and (page.kind in EMPLOYERS or is_byline(block.text)):
            continue
        for mention in lexicon.find(block.text):
            name = _property(mention.term, theirs=theirs, of_customers=of_customers)
            if (name, mention.term) not in seen:
                seen.add((name, mention.term))
                yield page.fact(name, _quote(block, mention), mention.term, confidence=0.8)


def _property(term: str, *, theirs: bool, of_customers: bool) -> str:
    others = theirs or (of_customers and not term.startswith("persona."))
    return "customer_mentions" if others else "mentions"


def _quote(block: Node, mention: Mention) -> Node:
    return _sentence(block, mention.start, mention.end)


def _sentence(block: Node, start: int, end: int) -> Node:
    """Return the block narrowed to the sentence around a place, at most some 280 characters of it."""
    before = [match.end() for match in SENTENCE_END.finditer(block.text, 0, start)]
    after = SENTENCE_END.search(block.text, end)
    begin = max(before[-1] if before else 0, start - 140)
    return block.part(block.text[begin : min(after.end() if after else len(block.text), end + 140)])
