"""What happened at the organization, by its own dated headlines.

Here: dated headlines on news pages. Elsewhere: feeds (a source of its own).
"""

from collections.abc import Iterator
from itertools import islice

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.text import iso_day

DATED = "article:has(time[datetime]), li:has(time[datetime]), div:has(> time[datetime]), p:has(> time[datetime])"
MOST = 20
MOST_DATES = 300
"""More of them, each within the other, would take for ever to tell apart."""
SHORTEST, LONGEST = 12, 200


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each headline that carries a machine-readable date not after the capture."""
    dates = page.attributes("datetime", "time") if page.kind in ("news", "home") else []
    if not 0 < len(dates) <= MOST_DATES:
        return
    for headline, when in islice(_dated(page), MOST):
        day = iso_day(when.text)
        if day and day <= page.capture.fetched_at.date():
            yield page.fact("news", headline, stated_on=day, confidence=0.75)


def _dated(page: Page) -> Iterator[tuple[Node, Node]]:
    """Yield (headline, date) of each item that has exactly one date: a list of items is no item."""
    for dates, headings, others in page.items(DATED, "time[datetime]", "h1, h2, h3, h4, h5", "a, strong"):
        if len(dates) != 1:
            continue
        titles = (each for each in (*headings, *others) if SHORTEST <= len(each.text) <= LONGEST)
        if headline := next((each for each in titles if not dates[0].text or dates[0].text not in each.text), None):
            yield headline, dates[0].attribute("datetime")
