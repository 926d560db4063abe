"""In which languages the organization speaks, which words it uses, which certifications it names.

Here: page languages and mentions of the lexicon, each with its sentence, and one `page` fact per page read: what silence is
measured against. Elsewhere: what the mentions mean (sql/core/marker.sql, icp.yaml).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon, Mention
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import about_customers, heard, own_blocks

CERTIFICATION = re.compile(
    r"\b(ISO(?:/IEC)?[ -]?(?:9001|13485|14001|20000|22000|22301|27001|27017|27018|27701|42001|45001|50001)|SOC[ -]?[123](?: Type (?:II|I|2|1))?"
    r"|HIPAA|PCI[ -]DSS|FedRAMP|GDPR|HITRUST|CSA STAR|TISAX|Cyber Essentials(?: Plus)?|B Corp)\b"
)
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
PER_TERM = 3
TAG = re.compile(r"^[a-z]{2}(?=$|[-_])")


def read(page: Page, lexicon: Lexicon) -> Iterator[Fact]:
    """State the page, its language, its alternatives, certifications and mentions."""
    title = page.first("title") or next(iter(page.blocks), None)
    if title:
        yield page.fact("page", title, page.kind, confidence=1.0)
    yield from _languages(page)
    yield from _certifications(page)
    yield from _mentions(page, lexicon)


def _languages(page: Page) -> Iterator[Fact]:
    html = next(iter(page.select("html[lang]")), None)
    main = html.attribute("lang") if html else None
    if main and (code := TAG.match(main.text.lower())) and page.kind == "home":
        yield page.fact("language", main, code[0], confidence=0.8)
    for link in page.select('link[rel="alternate"][hreflang]'):
        node = link.attribute("hreflang")
        if code := TAG.match(node.text.lower()):
            yield page.fact("languages", node, code[0])


def _certifications(page: Page) -> Iterator[Fact]:
    seen: set[str] = set()
    for block in own_blocks(page):
        for match in CERTIFICATION.finditer(block.text):
            name = _named(match[1])
            if name not in seen:
                seen.add(name)
                yield page.fact("certification", _sentence(block, match.start(), match.end()), name, confidence=0.7)


def _named(written: str) -> str:
    """Return a certification in its one spelling: ISO 27001, SOC 2 Type II."""
    name = re.sub(r"^(ISO|SOC|PCI)(?:/IEC)?[ -]?", r"\1 ", written)
    return re.sub(r"Type ([12])$", lambda match: f"Type {'I' * int(match[1])}", name)


def _mentions(page: Page, lexicon: Lexicon) -> Iterator[Fact]:
    """State each term once a page, quoting the first sentence that uses it; of customers' words, that they are theirs.

    A page about customers still shows how the organization speaks: the persona's terms are its own there.
    """
    seen: set[tuple[str, str]] = set()
    of_customers = about_customers(page)
    for block, theirs in heard(page):
        for mention in lexicon.find(block.text):
            others = theirs or (of_customers and not mention.term.startswith("persona."))
            name = "customer_mentions" if others else "mentions"
            if (name, mention.term) not in seen:
                seen.add((name, mention.term))
                yield page.fact(name, _quote(block, mention), mention.term, confidence=0.8)


def _quote(block: Node, mention: Mention) -> Node:
    return _sentence(block, mention.start, mention.end)


def _sentence(block: Node, start: int, end: int) -> Node:
    """Return the block narrowed to the sentence around a place, at most some 280 characters of it."""
    before = [match.end() for match in SENTENCE_END.finditer(block.text, 0, start)]
    after = SENTENCE_END.search(block.text, end)
    begin = max(before[-1] if before else 0, start - 140)
    return block.part(block.text[begin : min(after.end() if after else len(block.text), end + 140)])
