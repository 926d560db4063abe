"""Which industries the organization's own words point to.

Here: the two-digit NAICS sectors whose words (industry.yaml) stand most in titles, descriptions, headings and first paragraphs, each
as sure as its share of them. Elsewhere: what registers say (a source each), and what all of them come to (sql/core/industry.sql).
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import own_blocks

KINDS = ("home", "about", "product")
MOST, LEAST_PLACES, LEAST_SHARE = 3, 2, 0.1
MOST_SURE, DOUBT = 0.75, 3
"""How sure words can be, and how many votes' worth of doubt stands against those there are."""
SAYS, HINTS = 3, 1
"""What a word counts that only one sector uses, and one that many use."""
TITLE, HEADING, PARAGRAPH = 3, 2, 1
"""What a place counts: the fewer words it has, the more each of them says."""


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State up to three sectors of a home, about or product page, as sure as their share; too few words say nothing."""
    if page.kind not in KINDS:
        return
    votes: Counter[str] = Counter()
    places: dict[str, list[Node]] = {}
    for node, weight in _places(page):
        for sector, word in _sectors_in(node).items():
            votes[sector] += weight * word
            places.setdefault(sector, []).append(node)
    total = votes.total() / SAYS
    for sector in sorted(votes, key=lambda each: (-votes[each], each))[:MOST]:
        share = votes[sector] / votes.total()
        if len(places[sector]) >= LEAST_PLACES and share >= LEAST_SHARE:
            sure = round(MOST_SURE * share * total / (total + DOUBT), 2)
            yield page.fact("industry", places[sector][0], sector, confidence=sure)


def _sectors_in(node: Node) -> dict[str, int]:
    """Return the sectors a text points to, with what its best word for each counts."""
    found: dict[str, int] = {}
    for mention in _words().find(node.text):
        kind, _, sector = mention.term.partition(" ")
        found[sector] = max(found.get(sector, 0), SAYS if kind == "says" else HINTS)
    return found


def _places(page: Page) -> Iterator[tuple[Node, int]]:
    """Yield what says most in few words: title, description, headings, first paragraphs, with what each counts."""
    named = (page.first("title"), page.meta("description"), page.meta("keywords"))
    yield from ((each, TITLE) for each in named if each)
    yield from ((each, HEADING) for each in page.select("h1, h2, h3"))
    yield from ((each, PARAGRAPH) for each in [block for block in own_blocks(page) if len(block.text) > 60][:12])


@cache
def _words() -> Lexicon:
    content = yaml.safe_load((Path(__file__).parent / "industry.yaml").read_text("utf-8"))
    return Lexicon({f"{kind} {sector}": words for sector, kinds in content.items() for kind, words in kinds.items()})
