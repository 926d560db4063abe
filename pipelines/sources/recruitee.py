"""Openings on Recruitee, one of the job boards.

Here: an organization's board there, the whole in one answer. A name that nobody has may be answered with an empty list, so an empty
list says nothing. Elsewhere: whose board it is, what postings say (`postings`).
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
    "recruitee",
    "recruitee.com",
    re.compile(r"//(\w[\w-]{0,62})\.recruitee\.com\b", re.IGNORECASE),
    "https://{}.recruitee.com/api/offers/",
    frozenset({"www", "api", "app", "docs", "support", "careers", "cdn", "help", "status"}),
)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    offers = [offer for offer in page.json.need("offers") if _is_open(offer)]
    companies = (company.text for offer in offers if (company := offer.text("company_name")))
    yield from BOARD.facts(page, map(_posting, offers), companies)


def _is_open(offer: Data) -> bool:
    status = offer.text("status")
    return status is None or status.text == "published"


def _posting(offer: Data) -> Posting:
    key, published, department = offer.text("id"), offer.text("published_at"), offer.text("department")
    return Posting(
        key.text if key else "",
        title_of(offer, "title"),
        iso_day(published.text) if published else None,
        [department] if department else (),
        _places(offer),
    )


def _places(offer: Data) -> list[Node]:
    places = (each.text("city") or each.text("country") for each in offer.get("locations") or [offer])
    return [place for place in places if place]


SOURCE = Source(
    name="recruitee",
    description="The organization's job board at Recruitee, where its own pages lead to one.",
    hosts="the organization's own name under recruitee.com",
    terms="docs.recruitee.com, public offers of a careers site; no key",
    trust=0.9,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=STATES,
    wants=BOARD.answers,
    follow=BOARD.on,
    read=_read,
)
