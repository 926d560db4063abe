"""What Wikidata says of an organization, where an item of its name has its website.

Here: items found by name, or named by the organization's own pages (`sameAs`), believed when the official website (P856) is the
organization's; founding, employees, country, listing; and of its industry and owner the names, which take a look-up each. What is
deprecated or ended says nothing. Wikidata lets robots read items, but keeps them out of /w/, where the search is: while robots.txt
says so, a live run finds only items that pages name. Elsewhere: what a second agreement is (`agreement`), which industry a word
means (sql/core/crosswalk.sql).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from urllib.parse import quote

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask
from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.identity.naming import agree, are_related
from pipelines.intake.names import legal_form
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

NAME, HOST = "wikidata", "www.wikidata.org"
SEARCH = f"https://{HOST}/w/api.php?action=wbsearchentities&format=json&maxlag=5&type=item&language=en&uselang=en&limit=7&search="
ITEM_PAGE = f"https://{HOST}/wiki/Special:EntityData/"
WEBSITE, COUNTRY, INDUSTRY, EMPLOYEES, FOUNDED, EXCHANGE, TICKER, PARENT = (
    *("P856", "P17", "P452", "P1128", "P571"),
    *("P414", "P249", "P749"),
)
AT, UNTIL = "P585", "P582"
NAMED = {"sector": INDUSTRY, "parent": PARENT}
"""What another item's name is stated as -> the statements that refer to it; asked with that kind."""
MOST_ITEMS, MOST_NAMED = 3, 2
COUNTRIES = dict(
    each.split(":")
    for each in """
    Q16:CA Q17:JP Q20:NO Q27:IE Q28:HU Q29:ES Q30:US Q31:BE Q32:LU Q33:FI Q34:SE Q35:DK Q36:PL Q37:LT Q38:IT Q39:CH Q40:AT Q41:GR
    Q43:TR Q45:PT Q55:NL Q96:MX Q142:FR Q145:GB Q148:CN Q155:BR Q183:DE Q189:IS Q191:EE Q211:LV Q212:UA Q213:CZ Q214:SK Q215:SI
    Q218:RO Q219:BG Q224:HR Q258:ZA Q334:SG Q408:AU Q664:NZ Q668:IN Q801:IL Q865:TW Q878:AE Q884:KR
    """.split()
)
EXCHANGES = {"Q13677": "NYSE", "Q82059": "Nasdaq", "Q171240": "London Stock Exchange"}
"""Items so often referred to, and so large, that nobody need look up their names."""
CERTAIN = {
    "founded_year": 0.9,
    "employees": 0.9,
    "ticker": 0.95,
    "country": 0.9,
    "sector": 0.85,
    "parent": 0.85,
    "exchange": 0.95,
}
"""How far a statement of an item is believed that is the organization's."""
SAME_AS = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q[1-9]\d{0,11})/?")
ITEM = re.compile(r"Q[1-9]\d{0,11}")
YEAR = 9
"""From which precision on a date says the year, in Wikidata's numbers."""


def _search(organization: Organization) -> Iterator[Request]:
    """Ask by name; without a website nothing could be believed."""
    names = dict.fromkeys(_usual(name) for name in names_to_ask(organization)) if organization.domain else {}
    for name in names:
        yield Request(organization.organization_id, NAME, "search", f"{SEARCH}{quote(name, safe='')}")


def _usual(name: str) -> str:
    """Return the name without its legal form, as an encyclopedia has it."""
    while legal_form(name) and " " in name:
        name = name.rpartition(" ")[0].rstrip(" ,&")
    return name


def _follow(page: Page) -> Iterator[Request]:
    """Ask for items that could be the organization, and then for those that the believed one refers to."""
    if page.source == "website":
        named = [each.node.text for entity in page.linked_data for each in entity.get("sameAs")]
        yield from _ask(page, "item", [item[1] for url in named if (item := SAME_AS.fullmatch(url))][:1])
    elif page.source == NAME and page.kind == "search":
        yield from _ask(page, "item", _likely(page.organization, _answer(page, "search")))
    elif page.source == NAME and page.kind == "item" and (found := _believed(page)):
        for kind, property_id in NAMED.items():
            yield from _ask(page, kind, _referred(found[0], property_id)[:MOST_NAMED])


def _likely(organization: Organization, found: Sequence[Data]) -> list[str]:
    """Return the items whose names are the organization's, or else could be, at most three."""
    own = [name for name in (organization.name, *organization.names) if name]
    said = [
        (item.text, {node.text for node in (each.text("label"), each.text("match", "text")) if node})
        for each in found
        if (item := each.text("id"))
    ]
    for alike in (agree, are_related):
        if likely := [item for item, names in said if any(alike(mine, theirs) for mine in own for theirs in names)]:
            return likely[:MOST_ITEMS]
    return []


def _ask(page: Page, kind: str, items: Sequence[str]) -> Iterator[Request]:
    for item in items:
        if ITEM.fullmatch(item):
            yield Request(page.capture.request.organization_id, NAME, kind, f"{ITEM_PAGE}{item}.json")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    if page.kind == "search":
        _answer(page, "search")
    elif page.kind in NAMED:
        for name in [name for each in _items(page) if (name := each.text("labels", "en", "value"))][:1]:
            yield _fact(page, page.kind, name, name.text, 0.95)
    elif found := _believed(page):
        yield from _stated(page.read_by(NAME, found[1].on), found[0], found[1].confidence)


def _answer(page: Page, key: str) -> list[Data]:
    """Return what stands under the key; raises `Skip` where we are asked to wait, or the answer has another shape."""
    if (code := page.json.text("error", "code")) and code.text in ("maxlag", "ratelimited"):
        raise Skip("asked_to_wait", f"{page.url} says that its servers are behind; the next run asks again.")
    return page.json.need(key)


def _items(page: Page) -> list[Data]:
    """Return the item of an answer, under whatever id it has now."""
    found = _answer(page, "entities")
    keys = [(each, key) for each in found if isinstance(each.value, dict) for key in each.value if ITEM.fullmatch(key)]
    return [item for each, key in keys for item in each.get(key)]


def _believed(page: Page) -> tuple[Data, Agreement] | None:
    """Return the item that has the organization's website, if one has."""
    items = _items(page)
    found = agreement(page.organization, [_candidate(each, page.organization) for each in items])
    return (items[found.place], found) if found and found.on == "website" else None


def _candidate(item: Data, organization: Organization) -> Candidate:
    labels = [*item.get("labels"), *item.get("aliases")]
    names = [node.text for each in labels for name in each.get("en") if (node := name.text("value"))]
    sites = [node.text for each in _standing(item, WEBSITE) if (node := _value(each))]
    own = next((site for site in sites if registrable(site) == organization.domain), None)
    return Candidate(tuple(names), website=own or next(iter(sites), None))


def _standing(item: Data, property_id: str) -> list[Data]:
    """Return the statements that stand: the preferred ones, else all that are neither deprecated nor ended."""
    said = [each for claims in item.get("claims") for each in claims.get(property_id) if _rank(each) != "deprecated"]
    live = [each for each in said if not _qualifier(each, UNTIL, "time")]
    preferred = [each for each in live if _rank(each) == "preferred"]
    return preferred or live


def _rank(statement: Data) -> str:
    rank = statement.text("rank")
    return rank.text if rank else "normal"


def _value(statement: Data, *path: str) -> Node | None:
    return statement.text("mainsnak", "datavalue", "value", *path)


def _qualifier(statement: Data, property_id: str, *path: str) -> Node | None:
    return statement.text("qualifiers", property_id, "datavalue", "value", *path)


def _referred(item: Data, property_id: str) -> list[str]:
    """Return the items that the statements refer to, at most two."""
    return [node.text for each in _standing(item, property_id) if (node := _value(each, "id"))][:2]


def _stated(page: Page, item: Data, sure: float) -> Iterator[Fact]:
    """State what the item itself says."""
    for each in _standing(item, FOUNDED)[:1]:
        moment, precision = _value(each, "time"), _value(each, "precision")
        if moment and precision and precision.text.isdecimal() and int(precision.text[:3]) >= YEAR and moment.text[:1] == "+":
            yield _fact(page, "founded_year", moment, moment.text[1:5], sure)
    counted = [(_day(each), amount) for each in _standing(item, EMPLOYEES) if (amount := _value(each, "amount"))]
    for day, amount in sorted(counted, key=lambda each: each[0] or date.min)[-1:]:
        if re.fullmatch(r"\+\d{1,8}", amount.text):
            yield _fact(page, "employees", amount, amount.text[1:], sure, day)
    for name, property_id, known in (("country", COUNTRY, COUNTRIES), ("exchange", EXCHANGE, EXCHANGES)):
        for node in [node for each in _standing(item, property_id)[:3] if (node := _value(each, "id")) and node.text in known]:
            yield _fact(page, name, node, known[node.text], sure)
    for each in (*_standing(item, EXCHANGE), *_standing(item, TICKER)):
        if symbol := _qualifier(each, TICKER) or _value(each):
            yield _fact(page, "ticker", symbol, symbol.text, sure)


def _day(statement: Data) -> date | None:
    """Return the day a statement is of; of one that says the year or the month alone, its first day."""
    moment = _qualifier(statement, AT, "time")
    said = re.match(r"\+(\d{4})-(\d\d)-(\d\d)T", moment.text) if moment else None
    try:
        return date(int(said[1]), int(said[2]) or 1, int(said[3]) or 1) if said else None
    except ValueError:
        return None


def _fact(page: Page, name: str, node: Node, value: str, sure: float, day: date | None = None) -> Fact:
    return page.fact(name, node, value, confidence=round(sure * CERTAIN[name], 3), stated_on=day)


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="Wikidata: what its editors know of an organization whose website they give.",
    hosts=HOST,
    terms="CC0 1.0; one request at a time, fewer while its servers are behind (maxlag)",
    trust=0.7,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset(CERTAIN),
    wants=_wants,
    read=_read,
    follow=_follow,
    search=_search,
    paces={HOST: 1.0},
)
