"""What happened at the organization, by its own dated headlines.

Here: headlines and the dates that stand in one card with them, of the page's code or as people read them; of a headline about
somebody who comes or goes only the role (`headlines`). Elsewhere: how a date is written (`days`), what stands together (`together`),
feeds (a source of its own), cadence (SQL, from these dates).
"""

import re
from collections.abc import Iterator
from datetime import date

from pipelines.headlines import leadership
from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.days import day_in
from pipelines.sources.website.together import STEP, around, cards, element
from pipelines.text import iso_day
from pipelines.voices import ASIDE, PERSON

MOST, MOST_DATES = 30, 300
SHORTEST, LONGEST = 12, 200
LONGEST_DATE = 60
FEWEST_SPACES = 2
MOST_HERE = 6
"""Where more might be the headline of a date, none is."""
NO_HEADLINE = re.compile(
    r"(?:share|tweet|follow|e-?mail|print|comments?|\d+ comments?|read|learn|see|view|continue|load|show|watch|weiter|mehr|lire|voir|leer|seguir|ver|leggi|lees)\b.{0,40}|.{0,40}\b(?:min(?:ute)?s?\.? (?:read|lesezeit)|blog|newsroom|news|articles?|posts?|releases?|stories|updates|insights|announcements)|by .{2,60}|(?:posted|published|updated)\b.{0,60}",
    re.IGNORECASE,
)  # fmt: skip


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each headline that stands in one card with a date not after the capture."""
    if page.kind not in ("news", "home"):
        return
    today = page.capture.fetched_at.date()
    dates = list(_dates(page))
    stated: set[str] = set()
    for headline, day in _dated(page, dates) if 0 < len(dates) <= MOST_DATES else ():
        if day <= today and headline.text not in stated and len(stated) < MOST:
            stated.add(headline.text)
            if told := leadership(headline.text):
                yield page.fact("leadership", headline.part(told.role), told.says, stated_on=day, confidence=0.75)
            else:
                yield page.fact("news", headline, stated_on=day, confidence=0.75)


def _dates(page: Page) -> Iterator[tuple[Node, date]]:
    """Yield the dates of the page: those in its code, or where there are none and it is about news, those people read."""
    coded = [(node, day) for node in page.attributes("datetime", "time") if (day := iso_day(node.text))]
    if coded or page.kind != "news":
        yield from coded
        return
    for row in page.content:
        if len(row.text) <= LONGEST_DATE and (day := day_in(row.text)):
            yield row, day


def _dated(page: Page, dates: list[tuple[Node, date]]) -> Iterator[tuple[Node, date]]:
    """Yield (headline, day): of what stands in a date's card the nearest heading, else the first line of a link that is no label."""
    found = {card: (element(node), day) for node, day, card in cards(dates)}
    held: dict[str, list[tuple[bool, int, int, Node]]] = {}
    for order, (node, heads) in enumerate(_candidates(page)):
        outer = list(around(node.locator))
        card = next((each for each in outer if each in found), None)
        if card and day_in(node.text) is None:
            shared = next(place for place in outer if found[card][0] == place or found[card][0].startswith(place + STEP))
            rank = -len(shared) if heads else int(node.text.count(" ") < FEWEST_SPACES)
            held.setdefault(card, []).append((not heads, rank, order, node))
    for card, several in held.items():
        first = min(several, key=lambda each: each[:3])
        if len({node.text for other, _, _, node in several if other == first[0]}) <= MOST_HERE:
            yield first[3], found[card][1]


def _candidates(page: Page) -> Iterator[tuple[Node, bool]]:
    """Yield what may be a headline, with whether it is a heading: headings, lines in links, links."""
    yield from ((node, True) for node in page.select("h1, h2, h3, h4, h5, h6") if _is_headline(node))
    links = {link.node.locator: link.node for link in page.links if ASIDE not in link.node.voices}
    said = {node.text for node in links.values()}
    for row in page.content:
        if _is_headline(row) and (row.text in said or any(each in links for each in around(row.locator))):
            yield row, False
    yield from ((node, False) for node in links.values() if _is_headline(node))


def _is_headline(row: Node) -> bool:
    return SHORTEST <= len(row.text) <= LONGEST and PERSON not in row.voices and not NO_HEADLINE.fullmatch(row.text)
