"""What an organization's sitemap says about it.

Here: how many pages it lists, in which languages, and when one last changed. A sitemap of sitemaps is followed one level
deep. Elsewhere: reading the pages themselves (`website`).
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from urllib.parse import urljoin, urlsplit

from pipelines.lexicon import Lexicon
from pipelines.markup import name_of, parsed, words_below
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

MOST_URLS = 50_000
MOST_CHILDREN = 3


def _plan(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        yield Request(organization.organization_id, "sitemap", "sitemap", f"https://{organization.domain}/sitemap.xml")


def _follow(page: Page) -> Iterator[Request]:
    """Ask for the first sitemaps of an index on the same host, once: `kind` tells the levels apart."""
    if page.kind != "sitemap":
        return
    index = _entries(page, "sitemap")
    here = urlsplit(page.url).hostname
    targets = (urljoin(page.url, location) for location, _ in index)
    for url in islice((url for url in targets if urlsplit(url).hostname == here), MOST_CHILDREN):
        yield Request(page.capture.request.organization_id, "sitemap", "sitemap_part", url)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State how many pages are listed and the latest change."""
    entries = list(_entries(page, "url"))
    if not entries:
        return
    yield page.fact("listed_pages", Node(entries[0][0], "/urlset/url[1]/loc"), str(len(entries)), confidence=0.9)
    dated = [(day, position, written) for position, (_, written) in enumerate(entries, 1) if (day := iso_day(written))]
    past = [each for each in dated if each[0] <= page.capture.fetched_at.date()]
    if past:
        day, position, written = max(past)
        where = Node(written, f"/urlset/url[{position}]/lastmod")
        yield page.fact("last_changed", where, day.isoformat(), stated_on=day, confidence=0.7)


def _entries(page: Page, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (location, last change as written) of each `url` or `sitemap` element."""
    found = (each for each in parsed(page) if name_of(each) == kind)
    for each in islice(found, MOST_URLS):
        location = words_below(each, "loc")
        if location.startswith(("http://", "https://")):
            yield location, words_below(each, "lastmod")


def _wants(page: Page) -> bool:
    return page.kind in ("sitemap", "sitemap_part")


SOURCE = Source(
    name="sitemap",
    description="The website's sitemap: how many pages, and when one last changed.",
    hosts="the organization's own",
    terms="sitemaps.org; published to be read by robots",
    trust=0.6,
    fresh=timedelta(days=7),
    expected_share=0.0,
    states=frozenset({"listed_pages", "last_changed"}),
    wants=_wants,
    plan=_plan,
    follow=_follow,
    read=_read,
)
