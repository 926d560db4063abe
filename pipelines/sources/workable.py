"""Openings on Workable, one of the job boards.

Here: an organization's board there, the whole in one answer, with the name of its company. A posting in several places is listed once
for each under one shortcode. What an unknown name is answered with is not documented, so an empty list says nothing. Elsewhere:
whose board it is, what postings say (`postings`).
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
    "workable",
    "workable.com",
    re.compile(
        r"//(?:apply\.workable\.com/(?:api/v\d/(?:widget/)?accounts/)?|www\.workable\.com/api/accounts/)(\w[\w-]{0,79})"
        r"|//(\w[\w-]{0,62})\.workable\.com\b",
        re.IGNORECASE,
    ),
    "https://apply.workable.com/api/v1/widget/accounts/{}?details=true",
    frozenset({"api", "j", "www", "apply", "help", "jobs", "resources", "careers", "cdn", "assets", "developers", "workable"}),
)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    postings = [_posting(job) for job in page.json.need("jobs")]
    company = page.json.text("name")
    yield from BOARD.facts(page, postings, [company.text] if company else ())


def _posting(job: Data) -> Posting:
    key, published, department = job.text("shortcode"), job.text("published_on"), job.text("department")
    return Posting(
        key.text if key else "",
        title_of(job, "title"),
        iso_day(published.text) if published else None,
        [department] if department else (),
        _places(job),
    )


def _places(job: Data) -> list[Node]:
    """Return the cities of a posting, or its country where it names no city; not those it hides."""
    listed = [each for each in job.get("locations") if not any(hidden.value is True for hidden in each.get("hidden"))]
    places = (each.text("city") or each.text("country") for each in listed or [job])
    return [place for place in places if place]


SOURCE = Source(
    name="workable",
    description="The organization's job board at Workable, where its own pages lead to one.",
    hosts="apply.workable.com",
    terms="help.workable.com, the careers page widget's public answer; no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=BOARD.answers,
    follow=BOARD.on,
    read=_read,
)
