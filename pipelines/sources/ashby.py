"""Openings on Ashby, one of the job boards.

Here: an organization's board there, the whole in one answer; postings that are not listed are left out. A name that nobody has is
answered with 404, so a board without postings has none. Elsewhere: whose board it is, what postings say (`postings`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.postings import STATES, Board, Posting, title_of
from pipelines.records import Fact
from pipelines.source import Source
from pipelines.text import iso_day

BOARD = Board(
    "ashby",
    "ashbyhq.com",
    re.compile(r"//(?:jobs\.ashbyhq\.com/|api\.ashbyhq\.com/posting-api/job-board/)(\w(?:[\w.-]|%20){0,79})", re.IGNORECASE),
    "https://api.ashbyhq.com/posting-api/job-board/{}?includeCompensation=true",
    frozenset({"api", "meeting", "_next"}),
)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    jobs = page.json.need("jobs")
    postings = [_posting(job) for job in jobs if not any(listed.value is False for listed in job.get("isListed"))]
    yield from BOARD.facts(page, postings, none=None if jobs else Node('"jobs":[]', "#/jobs"))


def _posting(job: Data) -> Posting:
    key, published = job.text("id"), job.text("publishedAt")
    places = [job.text("location"), *(each.text("location") for each in job.get("secondaryLocations"))]
    department = job.text("department")
    return Posting(
        key.text if key else "",
        title_of(job, "title"),
        iso_day(published.text) if published else None,
        [department] if department else (),
        [place for place in places if place],
    )


SOURCE = Source(
    name="ashby",
    description="The organization's job board at Ashby, where its own pages lead to one.",
    hosts="api.ashbyhq.com",
    terms="developers.ashbyhq.com, public job posting API; no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=BOARD.answers,
    follow=BOARD.on,
    read=_read,
)
