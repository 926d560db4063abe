"""What an organization's own feeds say is new: RSS, Atom, JSON Feed.

Here: feeds that its pages announce, or link to at its own domain, and the headlines in them with their dates. Feeds of comments, jobs
and goods are left alone, and so are entries taken over from others; authors are never looked at. Of a headline about somebody who
comes or goes only the role is stated (`headlines`). Elsewhere: headlines on news pages (`website`), how often there is news (sql/),
XML (`markup`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from xml.etree.ElementTree import Element

from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.headlines import leadership
from pipelines.lexicon import Lexicon
from pipelines.markup import below, name_of, parsed, words_below
from pipelines.nodes import Node, absolute
from pipelines.page import Page
from pipelines.records import Fact, Request
from pipelines.source import Source
from pipelines.text import bare, iso_day, mail_day, unescaped

LEADING = ("home", "news")
"""Kinds of pages that announce the organization's own news."""
ANNOUNCED = re.compile(r"application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json)\s*(?:;.*)?", re.IGNORECASE)
PLAIN = re.compile(r"application/json", re.IGNORECASE)
NAMED = re.compile(r"/(?:feed|rss|atom|(?:feed|rss|atom|index)\.(?:xml|rdf|json)|[\w-]+\.(?:rss|atom))/?$", re.IGNORECASE)
# Feeds of comments, of jobs and of goods, of a wiki's every change; what a site offers programs as JSON beside its feeds.
OTHERS = re.compile(
    r"comment|kommentar|coment|comentario|reactie|\bjobs?\b|career|karriere|vacanc|product|catalog|collections|\bshop\b|store|wp-json|oembed|podcast|recent_?changes|\bror\.xml",
    re.IGNORECASE,
)
NO_NEWS = re.compile(
    r"\b(?:comments? (?:on|for)|kommentare (?:zu|für)|commentaires sur|comentarios (?:en|sobre)|jobs?|careers?|vacancies)\b",
    re.IGNORECASE,
)
"""Titles of feeds that were announced as something else, or as nothing."""
PASSING_ON = frozenset({"feedburner.com", "google.com", "feedblitz.com", "feedpress.me"})
"""Domains that links of feeds lead through on their way to the entry."""
MOST_FEEDS, MOST_ENTRIES, MOST_NEWS = 2, 2000, 40
SHORTEST, LONGEST = 4, 250
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: its title where it stands, when it was published, where it leads, the feed it was taken over from."""

    title: Node
    day: date | None
    link: str
    taken_from: str | None = None


def _follow(page: Page) -> Iterator[Request]:
    """Ask for the feeds a page announces; where it announces none, for those it links to on its own domain."""
    if page.source != "website" or page.kind not in LEADING:
        return
    announced = list(_announced(page))
    # The same feed is often announced in two formats: those of the first are enough.
    found = [url for kind, url in announced if kind == announced[0][0]] or list(_linked(page))
    for url in islice(dict.fromkeys(found), MOST_FEEDS):
        yield Request(page.capture.request.organization_id, "feeds", "feed", url)


def _announced(page: Page) -> Iterator[tuple[str, str]]:
    """Yield the format and the address of each feed that the page announces."""
    for node in page.select("link[rel]"):
        kind, href, title = (node.attribute(name).text for name in ("type", "href", "title"))
        alternate = "alternate" in node.attribute("rel").text.lower().split()
        if not alternate or not ANNOUNCED.fullmatch(kind) or OTHERS.search(f"{href} {title}"):
            continue
        if (url := absolute(page.url, href)) and (not PLAIN.match(kind) or "feed" in href):
            yield kind, url


def _linked(page: Page) -> Iterator[str]:
    here = registrable(page.url)
    for link in page.links:
        if NAMED.search(link.url.partition("?")[0]) and registrable(link.url) == here and not OTHERS.search(link.url):
            yield link.url


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the feed and its dated headlines, the newest first; what is dated after the capture is not news yet."""
    title, home, entries = _json_feed(page) if page.source_text.lstrip().startswith("{") else _xml_feed(page)
    own = {page.organization.domain, registrable(page.url), registrable(home)} - {None, *PASSING_ON}
    today = page.capture.fetched_at.date()
    if title and NO_NEWS.search(title.text):
        return
    if first := next((node for node in (title, *(each.title for each in entries)) if node and node.text), None):
        yield page.fact("feed", first, page.url, confidence=0.9)
    news = [(each.day, each) for each in entries if each.day and each.day <= today and _is_own(each, own)]
    for day, each in sorted(news, key=lambda dated: dated[0], reverse=True)[:MOST_NEWS]:
        headline = bare(unescaped(each.title.text))
        if not (SHORTEST <= len(headline) <= LONGEST and LETTER.search(headline)):
            continue
        if not (told := leadership(headline)):
            yield page.fact("news", each.title, headline, stated_on=day, confidence=0.85)
        elif told.role in each.title.text:
            yield page.fact("leadership", each.title.part(told.role), told.says, stated_on=day, confidence=0.8)


def _is_own(entry: Entry, own: set[str | None]) -> bool:
    """Whether the entry is the organization's: neither taken over from another nor leading to one."""
    domain = registrable(entry.link) if entry.link else None
    taken = entry.taken_from is not None and registrable(entry.taken_from) not in own
    return not taken and (domain is None or domain in own or domain in PASSING_ON)


def _xml_feed(page: Page) -> tuple[Node | None, str, list[Entry]]:
    """Return the feed's title, the website it is of, and its entries."""
    root = parsed(page)
    kind = name_of(root)
    if kind not in ("rss", "feed", "rdf"):
        raise Skip("unreadable_xml", f"{page.url} is no feed.")
    channel = root if kind == "feed" else next(iter(below(root, "channel")), root)
    items = below(root, "entry") if kind == "feed" else [*below(channel, "item"), *below(root, "item")]
    where = "/feed" if kind == "feed" else f"/{kind}/channel"
    entries = [_entry(item, f"{where}/{name_of(item)}[{number}]") for number, item in enumerate(items[:MOST_ENTRIES], 1)]
    return Node(words_below(channel, "title"), f"{where}/title"), _link(channel), entries


def _entry(item: Element, here: str) -> Entry:
    """Return what an entry says: its published date, or the date of its last change where it gives no other."""
    written = [words_below(item, name) for name in ("pubdate", "published", "date", "issued", "updated", "modified")]
    days = (iso_day(each) or mail_day(each) for each in written if each)
    sources = [source.get("url") or _link(source) for source in below(item, "source")]
    title = Node(words_below(item, "title"), f"{here}/title")
    return Entry(title, next(filter(None, days), None), _link(item), next(iter(sources), None))


def _link(element: Element) -> str:
    """Return the page a channel or an entry is of: the original one, where links lead through another's."""
    original = words_below(element, "origlink")
    links = [each for each in below(element, "link") if each.get("rel", "alternate") == "alternate"]
    return original or next(filter(None, (each.get("href") or (each.text or "").strip() for each in links)), "")


def _json_feed(page: Page) -> tuple[Node | None, str, list[Entry]]:
    """Return the same of a JSON Feed; raises `Skip` for other JSON."""
    feed = page.json
    if not any("jsonfeed.org" in version.node.text for version in feed.need("version")):
        raise Skip("other_shape", f"{page.url} is JSON, but no feed.")
    home = feed.text("home_page_url")
    entries = []
    for item in feed.get("items")[:MOST_ENTRIES]:
        title, published, link = item.text("title"), item.text("date_published"), item.text("url")
        day = iso_day(published.text) if published else None
        entries.append(Entry(title or Node("", ""), day, link.text if link else ""))
    return feed.text("title"), home.text if home else "", entries


def _wants(page: Page) -> bool:
    return page.capture.request.source == "feeds"


SOURCE = Source(
    name="feeds",
    description="The website's own feeds: what is new, by dated headlines.",
    hosts="the organization's own, and where its pages announce a feed elsewhere",
    terms="published to be read by programs; robots.txt is obeyed",
    trust=0.8,
    fresh=timedelta(days=1),
    expected_share=0.0,
    states=frozenset({"feed", "news", "leadership"}),
    wants=_wants,
    follow=_follow,
    read=_read,
)
