"""What the federal government of the United States buys from an organization: USAspending.gov.

Here: contracts of a recipient of its name, for organizations in the United States alone; who wins some sells by tender. Elsewhere:
what a second agreement is (`agreement`), ways to buy that its own pages offer (`sources.website.buying`).
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from math import isfinite

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask
from pipelines.intake.names import company_key, legal_form
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, HOST, COUNTRY = "usaspending", "api.usaspending.gov", "US"
URL = f"https://{HOST}/api/v2/search/spending_by_award/"
CONTRACTS = ["A", "B", "C", "D"]
FIELDS = ["Award ID", "Recipient Name", "Start Date", "Award Amount", "Awarding Agency"]
MOST_ASKED, MOST_STATED = 50, 10
LARGEST = 1e12


def _search(organization: Organization) -> Iterator[Request]:
    if organization.country != COUNTRY:
        return
    for name in names_to_ask(organization, most=1):
        asked = {
            "filters": {"award_type_codes": CONTRACTS, "recipient_search_text": [name]},
            "fields": FIELDS,
            "sort": "Start Date",
            "order": "desc",
            "limit": MOST_ASKED,
            "page": 1,
        }
        yield Request(organization.organization_id, NAME, "awards", URL, json.dumps(asked))


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the awards to the recipient that is believed, and that it sells by tender."""
    awards = page.json.need("results")
    recipients = _recipients(awards)
    candidates = [Candidate(tuple(sorted(names)), countries=(COUNTRY,)) for names in recipients.values()]
    whole = not any(each.get("hasNext") and each.value["hasNext"] for each in page.json.get("page_metadata"))
    believed = agreement(page.organization, candidates, whole=whole)
    if believed is None:
        return
    names = list(recipients.values())[believed.place]
    own = [each for each in awards if (name := each.text("Recipient Name")) and name.text in names]
    yield from _stated(page.read_by(NAME, believed.on), own, believed)


def _recipients(awards: list[Data]) -> dict[tuple[str, str], set[str]]:
    """Return the recipients' names, spellings of one together."""
    found: dict[tuple[str, str], set[str]] = {}
    for award in awards:
        award.need("Recipient Name")
        if name := award.text("Recipient Name"):
            found.setdefault((company_key(name.text), legal_form(name.text)), set()).add(name.text)
    return found


def _stated(page: Page, awards: list[Data], believed: Agreement) -> Iterator[Fact]:
    agencies = list[Node]()
    for award in awards:
        agency, amount, start = (award.text(key) for key in ("Awarding Agency", "Award Amount", "Start Date"))
        dollars = _dollars(award)
        if agency and amount and dollars and len(agencies) < MOST_STATED:
            agencies.append(agency)
            said = f"{dollars:,.0f} USD, {agency.text}"
            day = iso_day(start.text) if start else None
            yield page.fact("award", amount, said, stated_on=day, confidence=believed.confidence)
    for agency in agencies[:1]:
        yield page.fact("buying_route", agency, "tender", confidence=min(0.8, believed.confidence))


def _dollars(award: Data) -> float | None:
    """Return the amount of an award; None where it is none, or nonsense."""
    for each in award.get("Award Amount"):
        if isinstance(each.value, int | float) and not isinstance(each.value, bool) and 1 <= each.value < LARGEST:
            return each.value if isfinite(each.value) else None
    return None


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="USAspending.gov: federal contracts of a United States organization, by its name.",
    hosts=HOST,
    terms="public domain, without a key; asked for organizations in the United States, every three months",
    trust=0.7,
    fresh=timedelta(days=90),
    expected_share=0.0,
    states=frozenset({"award", "buying_route"}),
    wants=_wants,
    search=_search,
    read=_read,
    budgets={HOST: 1000},
)
