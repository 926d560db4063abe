"""Openings on Personio, one of the job boards, under .de or .com as the organization's pages say.

Here: an organization's board there, the whole in one answer. What an unknown name is answered with is not documented, so a list
without positions says nothing. Elsewhere: whose board it is, what postings say (`postings`), XML (`markup`).
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
from pipelines.records import Fact, Request
from pipelines.source import Source
from pipelines.text import iso_day

BOARDS = tuple(
    Board(
        "personio",
        f"personio.{suffix}",
        re.compile(rf"//(\w[\w-]{{0,62}})\.jobs\.personio\.{suffix}\b", re.IGNORECASE),
        f"https://{{}}.jobs.personio.{suffix}/xml?language=en",
    )
    for suffix in ("de", "com")
)


def _follow(page: Page) -> Iterator[Request]:
    for board in BOARDS:
        yield from board.on(page)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    root = parsed(page, "other_shape")
    if name_of(root) != "workzag-jobs":
        raise Skip("other_shape", f"{page.url} is no list of positions.")
    board = next((each for each in BOARDS if f".{each.site}/" in page.capture.request.url), BOARDS[0])
    positions = below(root, "position")
    companies = (words_below(each, "subcompany") for each in positions)
    yield from board.facts(page, [_posting(each, number) for number, each in enumerate(positions, 1)], companies)


def _posting(position: Element, number: int) -> Posting:
    here = f"/workzag-jobs/position[{number}]"
    offices = [*below(position, "office"), *below(position, "additionaloffices", "office")]
    return Posting(
        words_below(position, "id"),
        Node(words_below(position, "name"), f"{here}/name"),
        iso_day(words_below(position, "createdat")),
        [Node(words_below(position, "department"), f"{here}/department")],
        [Node(words_of(office), f"{here}/office") for office in offices],
    )


SOURCE = Source(
    name="personio",
    description="The organization's job board at Personio, where its own pages lead to one.",
    hosts="the organization's own name under jobs.personio.de or jobs.personio.com",
    terms="developer.personio.de, retrieving open job positions; public, no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=BOARDS[0].answers,
    follow=_follow,
    read=_read,
)
