"""When an organization's pages changed, by the Internet Archive's index of what it kept of them.

Here: days from which on its home, pricing or careers page was another than before, one a month at most. Any letter makes another
page, so a change of a home page says little. Nothing kept there is read. Elsewhere: changes between our own captures.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, HOST = "wayback", "web.archive.org"
FIELDS = ("timestamp", "original", "digest", "statuscode")
SURE = {"home": 0.5, "pricing": 0.7, "careers": 0.7}
"""How much a change of a page says, by its kind."""
MOST_KEPT, MOST_CHANGES = 200, 12
MOMENT = re.compile(r"[0-9]{14}", re.ASCII)


def _search(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        yield _asked(organization.organization_id, "home", f"{organization.domain}/")


def _follow(page: Page) -> Iterator[Request]:
    """Ask for the pricing and careers pages that were found on its website."""
    own = page.source == "website" and registrable(page.url) == page.organization.domain
    if own and page.kind in SURE and page.kind != "home":
        yield _asked(page.capture.request.organization_id, page.kind, page.url)


def _asked(organization_id: str, kind: str, url: str) -> Request:
    """Return what asks for the last captures of a page that differ from those before."""
    asked = f"url={quote(url, safe='')}&output=json&collapse=digest&fl={','.join(FIELDS)}&limit=-{MOST_KEPT}"
    return Request(organization_id, NAME, f"{kind}_kept", f"https://{HOST}/cdx/search/cdx?{asked}")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    kind = page.kind.removesuffix("_kept")
    by_month = {day.isoformat()[:7]: (node, day) for node, day in _changes(page)}
    for month in sorted(by_month)[-MOST_CHANGES:]:
        node, day = by_month[month]
        yield page.fact("page_changed", node, f"{kind} {day.isoformat()}", stated_on=day, confidence=SURE[kind])


def _changes(page: Page) -> Iterator[tuple[Node, date]]:
    """Yield the moments at which the page was found to be another than when it was kept before."""
    before = ""
    for node, day, digest in _kept(page):
        if before and digest != before:
            yield node, day
        before = digest


def _kept(page: Page) -> Iterator[tuple[Node, date, str]]:
    """Yield moment and digest of each time the page itself was kept, in order; raises `Skip` where the answer is no such table."""
    table = page.json.value
    if not isinstance(table, list):
        raise Skip("other_shape", f"{HOST} did not answer with a table.")
    if table and table[0] != list(FIELDS):
        raise Skip("other_shape", f"The table of {HOST} has other columns than were asked for.")
    for place, row in enumerate(table[1:], 1):
        if not isinstance(row, list) or len(row) != len(FIELDS) or not all(isinstance(each, str) for each in row):
            raise Skip("other_shape", f"A row of {HOST} has another shape.")
        moment, original, digest, status = row
        day = iso_day(f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}") if MOMENT.fullmatch(moment) else None
        own = status == "200" and registrable(original) == page.organization.domain
        if own and day and day <= page.capture.fetched_at.date():
            yield Node(moment, f"#/{place}/0"), day, digest


def _wants(page: Page) -> bool:
    return page.source == NAME and page.kind.removesuffix("_kept") in SURE


SOURCE = Source(
    name=NAME,
    description="The Internet Archive's index: when its home, pricing and careers pages changed.",
    hosts=HOST,
    terms="archive.org's terms of use; its index is asked at most 24 times a minute, a bounded number a run",
    trust=0.6,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset({"page_changed"}),
    wants=_wants,
    search=_search,
    follow=_follow,
    read=_read,
    paces={HOST: 2.5},
    budgets={HOST: 500},
)
