"""Openings on Lever, one of the job boards, with an instance for the world and one for Europe.

Here: an organization's board there, the whole in one answer: a list. A name that nobody has is answered with 404 and an error
object, so an empty list is that of a board with nothing open. Elsewhere: whose board it is, what postings say (`postings`).
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.postings import STATES, Board, Posting, title_of
from pipelines.records import Fact, Request
from pipelines.source import Source

WORLD = Board(
    "lever",
    "lever.co",
    re.compile(r"//(?:jobs\.lever\.co/|api\.lever\.co/v0/postings/)(\w[\w.-]{0,79})", re.IGNORECASE),
    "https://api.lever.co/v0/postings/{}?mode=json",
)
EUROPE = Board(
    "lever",
    "lever.co",
    re.compile(r"//(?:jobs\.eu\.lever\.co/|api\.eu\.lever\.co/v0/postings/)(\w[\w.-]{0,79})", re.IGNORECASE),
    "https://api.eu.lever.co/v0/postings/{}?mode=json",
)
MILLISECONDS = re.compile(r"[1-3]\d{12}")


def _follow(page: Page) -> Iterator[Request]:
    yield from WORLD.on(page)
    yield from EUROPE.on(page)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    answer = page.json.value
    if not isinstance(answer, list):
        page.json.need("error")
        return
    board = EUROPE if page.capture.request.url.startswith("https://api.eu.") else WORLD
    postings = [_posting(Data(each, Node("", f"#/{number}"))) for number, each in enumerate(answer)]
    yield from board.facts(page, postings, none=None if answer else Node("[]", "#/"))


def _posting(each: Data) -> Posting:
    title, key, created = title_of(each, "text"), each.text("id"), each.text("createdAt")
    department, place = each.text("categories", "department"), each.text("categories", "location")
    several = [place.node for categories in each.get("categories") for place in categories.get("allLocations")]
    return Posting(
        key.text if key else "",
        title,
        _day(created.text) if created else None,
        [department] if department else (),
        several or ([place] if place else ()),
    )


def _day(written: str) -> date | None:
    """Return the date of a moment in milliseconds, of this century."""
    return datetime.fromtimestamp(int(written) / 1000, UTC).date() if MILLISECONDS.fullmatch(written) else None


SOURCE = Source(
    name="lever",
    description="The organization's job board at Lever, where its own pages lead to one.",
    hosts="api.lever.co, api.eu.lever.co",
    terms="github.com/lever/postings-api: published postings are public and may be read by others; no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=WORLD.answers,
    follow=_follow,
    read=_read,
    paces={"api.lever.co": 1.0, "api.eu.lever.co": 1.0},
)
