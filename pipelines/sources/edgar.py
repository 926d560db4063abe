"""What the United States' Securities and Exchange Commission (SEC) holds on listed companies: EDGAR.

Here: the list of all who are listed, asked for once by everybody; the company of that name, believed when website, telephone or town
agree too; its activity, listing, seat, and of its filings what an outsider notices: officers come and go, plants close, companies are
bought; and its revenue, one figure at a time, because all of its figures together are larger than an answer may be. Who the officers
are is never stated. Elsewhere: what a second agreement is (`agreement`), NAICS sectors of these activities (sql/core/crosswalk.sql).
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache

from pipelines.agreement import Agreement, Candidate, agreement
from pipelines.identity.naming import distinctive, squeezed
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.places import country_code
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, LISTS, DATA = "edgar", "www.sec.gov", "data.sec.gov"
TICKERS = f"https://{LISTS}/files/company_tickers.json"
REVENUE = ("RevenueFromContractWithCustomerExcludingAssessedTax", "Revenues")
"""How revenue is tagged: one way since 2018, and another."""
ENOUGH = ("website", "phone", "name and city")
MOST_COMPANIES = 2
STATES = frozenset(
    """
    AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN
    TX UT VT VA WA WV WI WY PR
    """.split()
)
EVENTS = {"1.03", "1.05", "2.01", "2.05", "5.01", "5.02"}
"""Items of an 8-K: bankruptcy, an attack on its computers, a purchase or sale completed, a part closed, a new owner, directors or
officers who come or go."""
RECENT = timedelta(days=730)
ANNUAL = ("10-K", "10-K/A", "10-KT", "20-F", "20-F/A", "40-F")
YEAR = range(350, 381)
"""Days of a fiscal year; of 52 or 53 weeks, some."""
_IN_STATE = re.compile(r"\s*/[A-Z]{2,4}/?\s*$")


def _search(organization: Organization) -> Iterator[Request]:
    if organization.country in (None, "US") and (organization.name or organization.names):
        yield Request(organization.organization_id, NAME, "tickers", TICKERS)


def _follow(page: Page) -> Iterator[Request]:
    if page.source != NAME:
        return
    about = page.capture.request.organization_id
    if page.kind == "tickers":
        for number in _of_that_name(page):
            yield Request(about, NAME, "company", f"https://{DATA}/submissions/CIK{number:010}.json")
    elif page.kind == "company" and _believed(page) and (cik := page.json.text("cik")) and cik.text.isdecimal():
        for tag in REVENUE:
            url = f"https://{DATA}/api/xbrl/companyconcept/CIK{cik.text.zfill(10)}/us-gaap/{tag}.json"
            yield Request(about, NAME, "revenue", url)


def _of_that_name(page: Page) -> list[int]:
    """Return the companies of the organization's name, or of its domain's (Amazon.com is listed as AMAZON COM INC).

    Where there is none, the only one whose name differs in words of little weight: Uber is listed as Uber Technologies.
    """
    organization, listed = page.organization, _listed(page.source_text)
    if not listed:
        page.json.need("0")
    names = [name for name in (organization.name, *organization.names) if name]
    spelled = {squeezed(name) for name in (*names, (organization.domain or "").replace(".", " "))} - {""}
    same = {number for name in spelled for number in listed.get(name, ())}
    alike = {number for name in names for number in listed.get(_core(name), ())}
    return sorted(same)[:MOST_COMPANIES] if same or len(alike) > 1 else sorted(alike)


def _core(name: str) -> str:
    """Return the words of a name that are its own, in a spelling that is no other name's."""
    return " ".join((*distinctive(name), ""))


@lru_cache(2)
def _listed(text: str) -> Mapping[str, frozenset[int]]:
    """Return name, folded, and its own words alone -> numbers of the companies so called; nothing of what is no list of companies."""
    try:
        content = json.loads(text)
        rows = [(_IN_STATE.sub("", each["title"]), int(each["cik_str"])) for each in content.values()]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}
    found: dict[str, set[int]] = {}
    for name, number in rows:
        for key in (squeezed(name), _core(name)):
            found.setdefault(key, set()).add(number)
    found.pop("", None)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    if page.kind == "tickers":
        if not _listed(page.source_text):
            page.json.need("0")
    elif page.kind == "revenue":
        yield from _revenue(page)
    elif agreed := _believed(page):
        yield from _company(page.read_by(NAME, agreed.on), agreed.confidence)


def _believed(page: Page) -> Agreement | None:
    """Return the agreement with the company, where more than its name agrees; listed ones hardly ever give a website."""
    company = page.json
    company.need("filings")
    names = [each.node.text for each in company.need("name")]
    address = [each for addresses in company.get("addresses") for each in addresses.get("business")]
    towns = [node.text for each in address if (node := each.text("city"))]
    phones, website = company.text("phone"), company.text("website")
    candidate = Candidate(
        names=tuple(_IN_STATE.sub("", name) for name in names),
        website=website.text if website else None,
        countries=tuple(code for each in address if (code := _country(each))),
        cities=tuple(towns),
        phones=(phones.text,) if phones else (),
    )
    found = agreement(page.organization, [candidate])
    return found if found and found.on in ENOUGH else None


def _country(address: Data) -> str | None:
    code, words = address.text("stateOrCountry"), address.text("stateOrCountryDescription")
    return "US" if code and code.text in STATES else country_code(words.text) if words else None


def _company(page: Page, sure: float) -> Iterator[Fact]:
    company = page.json
    if name := company.text("name"):
        yield page.fact("legal_name", name, _IN_STATE.sub("", name.text), confidence=sure)
    sic, words = company.text("sic"), company.text("sicDescription")
    if sic and words and re.fullmatch(r"\d{4}", sic.text):
        yield page.fact("sic", words, f"{sic.text} {words.text}", confidence=sure)
    for stated, key in (("ticker", "tickers"), ("exchange", "exchanges")):
        for each in company.get(key)[:4]:
            if each.node.text:
                yield page.fact(stated, each.node, confidence=sure)
    state = company.text("stateOfIncorporation")
    if state and state.text in STATES:
        yield page.fact("jurisdiction", state, f"US-{state.text}", confidence=sure)
    yield from _seat(page, sure)
    yield from _filings(page, sure)


def _seat(page: Page, sure: float) -> Iterator[Fact]:
    """State where its business is."""
    parts = (("street", "street1"), ("city", "city"), ("postcode", "zipCode"), ("region", "stateOrCountry"))
    for address in [each for addresses in page.json.get("addresses") for each in addresses.get("business")][:1]:
        for stated, key in parts:
            node = address.text(key)
            if node and (stated != "region" or node.text in STATES):
                yield page.fact(stated, node, confidence=round(sure * 0.9, 3))
        if (code := _country(address)) and (node := address.text("stateOrCountryDescription") or address.text("stateOrCountry")):
            yield page.fact("country", node, code, confidence=round(sure * 0.9, 3))


def _filings(page: Page, sure: float) -> Iterator[Fact]:
    """State of each event its latest filing, of the last two years."""
    since = page.capture.fetched_at.date() - RECENT
    latest: dict[str, tuple[str, Node]] = {}
    for recent in [recent for filings in page.json.need("filings") for recent in filings.get("recent")]:
        columns = [recent.get(key) for key in ("form", "items", "filingDate")]
        for form, items, filed in zip(*columns, strict=False):
            day = filed.node.text
            for item in EVENTS & set(items.node.text.split(",")) if form.node.text in ("8-K", "8-K/A") else ():
                if day > latest.get(item, ("", items.node))[0]:
                    latest[item] = (day, items.node)
    for item, (written, node) in sorted(latest.items()):
        day_filed = iso_day(written)
        if day_filed and since <= day_filed <= page.capture.fetched_at.date():
            yield page.fact("filing", node, f"8-K {item}", confidence=sure, stated_on=day_filed)


def _revenue(page: Page) -> Iterator[Fact]:
    """State the revenue of the last full year that was reported, as it was reported last."""
    told = [year for units in page.json.need("units") for each in units.get("USD") if (year := _full_year(each))]
    for ended, _, value in sorted(told, key=lambda year: year[:2])[-1:]:
        yield page.fact("revenue", value, value.text, confidence=0.9, stated_on=iso_day(ended))


def _full_year(figure: Data) -> tuple[str, str, Node] | None:
    """Return when the year ended, when it was filed, and the figure; None of a quarter, or of what is no amount."""
    begun, ended, form, filed, value = (figure.text(key) for key in ("start", "end", "form", "filed", "val"))
    if not (begun and ended and form and filed and value and form.text in ANNUAL and re.fullmatch(r"\d{1,13}", value.text)):
        return None
    first, last = iso_day(begun.text), iso_day(ended.text)
    return (ended.text, filed.text, value) if first and last and (last - first).days in YEAR else None


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="SEC EDGAR: activity, listing, seat, revenue and telling filings of companies listed in the United States.",
    hosts=f"{LISTS}, {DATA}",
    terms="public domain; who asks says who they are; at most 10 requests a second in all, else refused for ten minutes",
    trust=0.9,
    fresh=timedelta(days=7),
    expected_share=0.0,
    states=frozenset(
        {"legal_name", "sic", "ticker", "exchange", "jurisdiction", "filing", "revenue"}
        | {"street", "city", "region", "postcode", "country"}
    ),
    wants=_wants,
    read=_read,
    follow=_follow,
    search=_search,
    paces={LISTS: 0.5, DATA: 0.5},
)
