"""What of an organization's website was put before the readers of Hacker News.

Here: stories that link to its own domain, with their day and headline. Who posted them is nobody's business, and a story that only
names it may mean another. Elsewhere: its own news (`sources.website.news`, `sources.feeds`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from urllib.parse import quote

from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, HOST = "hacker_news", "hn.algolia.com"
TOO_MANY = "429"
REFUSAL = re.compile(r"too many requests|limit requests|rate limit", re.IGNORECASE)
"""What is said to who asks too often, whatever the status of the answer."""
LONGEST_REFUSAL = 1000
MOST = 20


def _search(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        words = quote(f'"{organization.domain}"', safe="")
        url = f"https://{HOST}/api/v1/search_by_date?query={words}&tags=story&restrictSearchableAttributes=url&hitsPerPage=50"
        yield Request(organization.organization_id, NAME, "stories", url)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each headline of a story that leads to its own domain; raises `Skip` (`over_quota`) where too many are asked for."""
    said = page.source_text[:LONGEST_REFUSAL]
    if not said.lstrip().startswith("{") and REFUSAL.search(said):
        raise Skip("over_quota", f"{HOST} was asked too often.")
    status = page.json.text("status")
    if status and status.text == TOO_MANY:
        raise Skip("over_quota", f"{HOST} was asked too often.")
    yield from islice(_stories(page), MOST)


def _stories(page: Page) -> Iterator[Fact]:
    for hit in page.json.need("hits"):
        title, url, created = (hit.text(key) for key in ("title", "url", "created_at"))
        day = iso_day(created.text) if created else None
        known = title and url and day and day <= page.capture.fetched_at.date()
        if title and url and known and page.organization.domain and registrable(url.text) == page.organization.domain:
            yield page.fact("mention", title, stated_on=day, confidence=0.9)


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="Hacker News, searched through Algolia: dated headlines of stories that link to its website.",
    hosts=HOST,
    terms="the Hacker News search API, free without a key: 10,000 requests an hour",
    trust=0.6,
    fresh=timedelta(days=7),
    expected_share=0.0,
    states=frozenset({"mention"}),
    wants=_wants,
    search=_search,
    read=_read,
    paces={HOST: 0.4},
)
