"""Openings on Greenhouse, one of the job boards.

Here: an organization's board there, the whole in one answer. A name that nobody has is answered with 404 and `meta.total` says how
many postings there are, so a board with none says 0. Elsewhere: whose board it is, what postings say (`postings`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from pipelines.lexicon import Lexicon
from pipelines.nodes import Data
from pipelines.page import Page
from pipelines.postings import STATES, Board, Posting, title_of
from pipelines.records import Fact
from pipelines.source import Source
from pipelines.text import iso_day

BOARD = Board(
    "greenhouse",
    "greenhouse.io",
    re.compile(
        r"//(?:(?:job-)?boards(?:\.eu)?\.greenhouse\.io/(?:embed/[\w/]+\?(?:[\w=]+&(?:amp;)?)*for=)?|boards-api\.greenhouse\.io/v1/boards/)(\w[\w-]{0,79})",
        re.IGNORECASE,
    ),
    "https://boards-api.greenhouse.io/v1/boards/{}/jobs?content=true",
    frozenset({"embed", "users"}),
)
NOBODYS = frozenset({"no department"})


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    postings = [_posting(each) for each in page.json.need("jobs")]
    companies = (company.text for each in page.json.get("jobs") if (company := each.text("company_name")))
    total = page.json.text("meta", "total")
    yield from BOARD.facts(page, postings, companies, none=total if total and total.text == "0" else None)


def _posting(job: Data) -> Posting:
    key, published, place = job.text("id"), job.text("first_published"), job.text("location", "name")
    departments = [name for each in job.get("departments") if (name := each.text("name"))]
    return Posting(
        key.text if key else "",
        title_of(job, "title"),
        iso_day(published.text) if published else None,
        [each for each in departments if each.text.lower() not in NOBODYS],
        [place] if place else (),
    )


SOURCE = Source(
    name="greenhouse",
    description="The organization's job board at Greenhouse, where its own pages lead to one.",
    hosts="boards-api.greenhouse.io",
    terms="developers.greenhouse.io/job-board.html; public, no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=BOARD.answers,
    follow=BOARD.on,
    read=_read,
)
