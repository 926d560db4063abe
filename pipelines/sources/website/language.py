"""In which languages the organization speaks, and which words it uses.

Here: page languages and mentions of the lexicon, each with its sentence, and one `page` fact per page read: what silence is
measured against. Elsewhere: certificates (`trust`), what the mentions mean (sql/core/marker.sql, icp.yaml).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import SENTENCE_END, Lexicon, Mention
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import about_customers, heard
from pipelines.sources.website.titles import is_byline, is_title
from pipelines.voices import ASIDE, PERSON

EMPLOYERS = ("careers", "team")
"""Kinds of pages that quote those who work there: neither customers' words nor the organization's."""
SEVERAL_WORDS = 5
HALF = 140
"""How many characters of a long sentence are quoted before a mention, and as many after it; whole words of them."""
CONFIDENCE = (0.6, 0.7, 0.8)
"""How sure a mention is that is said at the edge of a page, as a label, in words."""
ELSEWHERE = (*EMPLOYERS, "news")
"""Kinds of pages that speak of work, people and what others do: of two that say the same, the other kind is quoted."""
LESS_SURE = 0.05
LIFE = re.compile(
    r"^(?:he|she)\b|\b(?:he|she) (?:is|was|has|had|holds|held|joined|leads|led|enjoys|served|worked|founded|began|started|brings)\b"
    r"|\bprior to (?:joining|founding|co-founding)\b|\bpreviously (?:served|worked|held|led|was)\b|\b(?:holds|received|earned) (?:an?|his|her) "
    r"(?:\w+ ){0,2}(?:degree|mba|ph\.?d|doctorate|b\.?s\.?c?|m\.?s\.?c?|b\.?a|master|bachelor)\b|\btrack record\b.{0,80}\b(?:his|her)\b"
    r"|\bhas an? (?:[\w.’'-]+ ){0,4}(?:degree|mba|ph\.?d|doctorate)\b|\b(?:he|she) (?:also )?(?:oversees|oversaw|works|manages|trained|studied|graduated)\b"
    r"|\b(?:er|sie) (?:war|studierte|promovierte|leitete|verantwortete)\b|\bvor (?:seiner|ihrer) zeit bei\b",
    re.IGNORECASE,
)
"""Sentences of a biography, which tell of one person's life."""
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
    """State each term once a page, quoting where it is said best; of customers' words, that they are theirs.

    A page about customers still shows how the organization speaks: the persona's terms are its own there.
    """
    best: dict[tuple[str, str], tuple[int, Node]] = {}
    of_customers = about_customers(page)
    blocks = heard(page)
    for number, terms in lexicon.among([block.text for block, _ in blocks]):
        block, theirs = blocks[number]
        names = {
            term: _property(term, theirs=theirs, of_customers=of_customers) for term in terms if not _is_nothing_said(block, term)
        }
        said = _plainly(block)
        if all((name, term) in best and best[name, term][0] >= said for term, name in names.items()):
            continue
        if theirs and (page.kind in EMPLOYERS or is_byline(block.text)):
            continue
        for mention in lexicon.find(block.text):
            key = (names.get(mention.term, ""), mention.term)
            if key[0] and (key not in best or best[key][0] < said):
                best[key] = (said, _quote(block, mention))
    for (name, term), (said, quote) in best.items():
        yield page.fact(name, quote, term, confidence=round(CONFIDENCE[said] - LESS_SURE * (page.kind in ELSEWHERE), 2))


def _is_nothing_said(block: Node, term: str) -> bool:
    """Whether a block is about somebody's life, or the title of an opening, which is a role and no topic (signals hear those)."""
    return PERSON in block.voices or bool(LIFE.search(block.text)) or (not term.startswith("persona.") and is_title(block.text))


def _plainly(block: Node) -> int:
    """Return how plainly a block speaks: 2 in words of its own, 1 as a label, 0 at the edge of the page, where menus are."""
    if ASIDE in block.voices:
        return 0
    return 2 if block.text.count(" ") >= SEVERAL_WORDS or block.text.endswith((".", "!", "?")) else 1


def _property(term: str, *, theirs: bool, of_customers: bool) -> str:
    others = theirs or (of_customers and not term.startswith("persona."))
    return "customer_mentions" if others else "mentions"


def _quote(block: Node, mention: Mention) -> Node:
    return _sentence(block, mention.start, mention.end)


def _sentence(block: Node, start: int, end: int) -> Node:
    """Return the block narrowed to the sentence around a place, at most some 280 characters of it."""
    before = [match.end() for match in SENTENCE_END.finditer(block.text, 0, start)]
    after = SENTENCE_END.search(block.text, end)
    begin, close = before[-1] if before else 0, after.end() if after else len(block.text)
    if start - begin > HALF:
        begin = block.text.find(" ", start - HALF, start) + 1 or start - HALF
    if close - end > HALF:
        blank = block.text.rfind(" ", end, end + HALF)
        close = end + HALF if blank < 0 else blank
    return block.part(block.text[begin:close])
