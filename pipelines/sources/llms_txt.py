"""What an organization tells language models in its llms.txt: that it has one, and its summary of itself.

Here: the title and the summary that the format begins with (llmstxt.org); what comes after is for others. Elsewhere: what the
website tells people (`website`).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import takewhile

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import bare

TITLE = re.compile(r"#\s+\S")
QUOTED = re.compile(r"^>\s?")
LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,500}\)")
MARKS = re.compile(r"\*\*|__|`")
WITHIN = 20
"""How many lines down the summary may begin."""
SHORTEST = 20


def _plan(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        yield Request(organization.organization_id, "llms_txt", "llms_txt", f"https://{organization.domain}/llms.txt")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State that there is such a file, and the summary; a page in its stead is none."""
    lines = [line for line in page.lines if line.text][:WITHIN]
    if not lines or not TITLE.match(lines[0].text):
        return
    yield page.fact("site_part", lines[0], "llms_txt", confidence=0.95)
    if summary := _summary(lines):
        plain = MARKS.sub("", LINK.sub(r"\1", QUOTED.sub("", summary.text)))
        if len(bare(plain)) >= SHORTEST:
            yield page.fact("description", summary, bare(plain), confidence=0.5)


def _summary(lines: Sequence[Node]) -> Node | None:
    """Return the first quoted line, which the format has for the summary, before any section."""
    head = takewhile(lambda line: not line.text.startswith("##"), lines[1:])
    return next((line for line in head if QUOTED.match(line.text)), None)


def _wants(page: Page) -> bool:
    return page.capture.request.source == "llms_txt"


SOURCE = Source(
    name="llms_txt",
    description="The website's llms.txt: what it tells language models about itself.",
    hosts="the organization's own",
    terms="llmstxt.org; published to be read by programs",
    trust=0.5,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset({"site_part", "description"}),
    wants=_wants,
    plan=_plan,
    read=_read,
)
