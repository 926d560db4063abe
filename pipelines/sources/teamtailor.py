"""Openings on Teamtailor, one of the job boards.

Here: the feed of an organization's board there, up to 200 postings in one answer. What an unknown name is answered with is not
documented, so a feed without items says nothing. Elsewhere: whose board it is, what postings say (`postings`), XML (`markup`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree.ElementTree import Element

from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.markup import below, name_of, parsed, words_below, words_of
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.postings import STATES, Board, Posting
from pipelines.records import Fact
from pipelines.source import Source
from pipelines.text import mail_day

BOARD = Board(
    "teamtailor",
    "teamtailor.com",
    re.compile(r"//(\w[\w-]{0,62}(?:\.(?:career|na|eu))?)\.teamtailor\.com\b", re.IGNORECASE),
    "https://{}.teamtailor.com/jobs.rss?per_page=200",
    frozenset({"www", "app", "api", "career", "docs", "support", "scripts", "assets", "tracking", "partner", "help", "status"}),
)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    root = parsed(page, "other_shape")
    if name_of(root) != "rss":
        raise Skip("other_shape", f"{page.url} is no feed.")
    postings = [_posting(item, number) for number, item in enumerate(below(root, "channel", "item"), 1)]
    yield from BOARD.facts(page, postings, [words_below(root, "channel", "title")])


def _posting(item: Element, number: int) -> Posting:
    here = f"/rss/channel/item[{number}]"
    places = [
        words_below(each, "city") or words_below(each, "name") or words_of(each) for each in below(item, "locations", "location")
    ]
    return Posting(
        words_below(item, "guid") or words_below(item, "link"),
        Node(words_below(item, "title"), f"{here}/title"),
        mail_day(words_below(item, "pubdate")),
        [Node(words_below(item, "department"), f"{here}/department")],
        [Node(place, f"{here}/locations") for place in places],
    )


SOURCE = Source(
    name="teamtailor",
    description="The organization's job board at Teamtailor, where its own pages lead to one.",
    hosts="the organization's own name under teamtailor.com",
    terms="support.teamtailor.com, the career site's public feed; no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=BOARD.answers,
    follow=BOARD.on,
    read=_read,
)
