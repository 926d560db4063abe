"""Which industry the organization's own words point to.

Here: the two-digit NAICS sector whose words (industry.yaml) stand most in titles, descriptions and headings. Elsewhere: what
registers say (a source each).
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

LEAST = 2
MOST_SURE = 0.75


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the leading sector of a home, about or product page, as sure as it leads; too few words say nothing."""
    if page.kind not in ("home", "about", "product"):
        return
    votes: Counter[str] = Counter()
    first: dict[str, Node] = {}
    for node in _places(page):
        for sector in {mention.term for mention in _sectors().find(node.text)}:
            votes[sector] += 1
            first.setdefault(sector, node)
    if votes and (leader := max(votes, key=lambda each: (votes[each], each))) and votes[leader] >= LEAST:
        yield page.fact("industry", first[leader], leader, confidence=round(MOST_SURE * votes[leader] / votes.total(), 2))


def _places(page: Page) -> list[Node]:
    """Return what says most in few words: title, description, headings, first paragraphs."""
    named = [each for each in (page.first("title"), page.meta("description"), page.meta("keywords")) if each]
    return [*named, *page.select("h1, h2, h3"), *[block for block in own_blocks(page) if len(block.text) > 60][:12]]


@cache
def _sectors() -> Lexicon:
    content = yaml.safe_load((Path(__file__).parent / "industry.yaml").read_text("utf-8"))
    return Lexicon(content)
