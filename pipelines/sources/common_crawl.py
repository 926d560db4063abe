"""Pages of an organization's website as Common Crawl kept them, read without a visit.

Here: the latest crawl's index, and of the pages it lists one of each kind, asked for by its place in the archive. What comes is the
page itself, of its own address and day, and read as any page of the website is. Whose website it is, is for today's pages to say: the
front page kept there is read for what it says of itself, no more. Off by default, as most of what it says is older than what the
website says. Elsewhere: unpacking a record (`web.part`), reading pages (`website`).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

NAME, INDEX, FILES = "common_crawl", "index.commoncrawl.org", "data.commoncrawl.org"
FIELDS = "timestamp,url,status,length,offset,filename"
MOST_LISTED, LARGEST = 300, 1024 * 1024
KINDS = {
    "about": re.compile(r"/(?:(?:en/)?(?:about(?:-us)?|company|unternehmen|ueber-uns)/?)?"),
    "careers": re.compile(r"/(?:en/)?(?:careers?|jobs|karriere)/?"),
    "pricing": re.compile(r"/(?:en/)?(?:pricing|plans|preise)/?"),
    "contact": re.compile(r"/(?:en/)?(?:contact(?:-us)?|kontakt)/?"),
    "legal": re.compile(r"/(?:en/)?(?:imprint|impressum|legal)/?"),
}
"""Kind of page -> its usual paths; the front page is the first place where somebody says who they are."""
FILE = re.compile(r"(?!.*\.\.)crawl-data/[\w./-]+\.warc\.gz", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """One page in the archive, and where."""

    node: Node
    url: str
    moment: str
    filename: str
    offset: int
    length: int

    @property
    def is_in_reach(self) -> bool:
        """Whether it can be had in one small piece of a file of pages."""
        return self.offset >= 0 and 0 < self.length <= LARGEST and bool(FILE.fullmatch(self.filename))


def _search(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        yield Request(organization.organization_id, NAME, "crawls", f"https://{INDEX}/collinfo.json")


def _follow(page: Page) -> Iterator[Request]:
    """Ask the latest crawl's index for the domain, and then for a page of each kind."""
    if page.source != NAME or page.capture.request.span or not page.organization.domain:
        return
    about = page.capture.request.organization_id
    if page.kind == "crawls":
        domain = quote(page.organization.domain, safe="")
        asked = f"url={domain}/*&output=json&fl={FIELDS}&filter==status:200&limit={MOST_LISTED}"
        yield Request(about, NAME, "index", f"{_latest(page)}?{asked}")
    elif page.kind == "index":
        for kind, kept in _chosen(list(_kept(page))).items():
            span = f"bytes={kept.offset}-{kept.offset + kept.length - 1}"
            yield Request(about, NAME, kind, f"https://{FILES}/{kept.filename}", span=span)


def _latest(page: Page) -> str:
    """Return where the index of the latest crawl, which is listed first, is asked; raises `Skip` where none is."""
    crawls = page.json.value if isinstance(page.json.value, list) else []
    for place, crawl in enumerate(crawls[:1]):
        if api := Data(crawl, Node("", f"#/{place}")).text("cdx-api"):
            parts = urlsplit(api.text)
            if (parts.scheme, parts.netloc, parts.query) == ("https", INDEX, ""):
                return api.text
    raise Skip("other_shape", f"{INDEX} lists no crawl with an index.")


def _kept(page: Page) -> Iterator[Kept]:
    """Yield the pages of the domain that the index lists, a line each; raises `Skip` where a line is none."""
    for node in page.lines[:MOST_LISTED]:
        kept = _line(node) if node.text else None
        if kept and registrable(kept.url) == page.organization.domain:
            yield kept


def _line(node: Node) -> Kept:
    """Return what a line of the index says."""
    try:
        said: Any = json.loads(node.text)
        texts = [str(said[key]) for key in ("url", "timestamp", "filename", "offset", "length")]
        offset, length = int(texts[3][:15]), int(texts[4][:15])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Skip("other_shape", f"{INDEX} answers with lines of another shape.") from None
    return Kept(node, texts[0], texts[1], texts[2], offset, length)


def _chosen(kept: list[Kept]) -> dict[str, Kept]:
    """Return the newest page of each kind, of several the one with the shortest path."""
    found: dict[str, Kept] = {}
    for kind, path in KINDS.items():
        fits = [
            each
            for each in kept
            if each.is_in_reach and path.fullmatch(urlsplit(each.url)._replace(scheme="", netloc="").geturl())
        ]
        if fits:
            found[kind] = min(sorted(fits, key=lambda each: each.moment, reverse=True), key=lambda each: len(each.url))
    return found


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State how many pages are kept; the pages themselves are read as the website's."""
    if page.kind == "crawls":
        _latest(page)
        return
    kept = list(_kept(page))
    if kept:
        pages = {each.url for each in kept}
        yield page.fact("archived_pages", kept[0].node, str(len(pages)), confidence=0.8)


def _wants(page: Page) -> bool:
    return page.source == NAME and page.kind in ("crawls", "index")


SOURCE = Source(
    name=NAME,
    description="Common Crawl: pages of its website as they were kept, read without a visit.",
    hosts=f"{INDEX}, {FILES}",
    terms="Common Crawl's terms of use (commoncrawl.org/terms-of-use); it obeys robots.txt itself; asked gently",
    trust=0.5,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset({"archived_pages"}),
    wants=_wants,
    search=_search,
    follow=_follow,
    read=_read,
    paces={INDEX: 2.0, FILES: 1.0},
    budgets={INDEX: 500, FILES: 2500},
    off_by_default=True,
)
