"""What the register of legal entity identifiers (LEI) says: the Global LEI Foundation's API.

Here: records found by name, believed by `agreement`, and the ultimate parent of one believed. The register knows no websites, so it
takes name and place. Sole proprietors are persons and left alone; funds and branches bear the name of another. A registration that
lapsed was not paid for: that says nothing of the company, only that its address may be old. Elsewhere: what a second agreement is.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask
from pipelines.errors import Skip
from pipelines.identity.naming import agree
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, HOST = "gleif", "api.gleif.org"
RECORDS = f"https://{HOST}/api/v1/lei-records"
LAPSED, NO_LONGER, NEVER = "LAPSED", ("RETIRED", "MERGED"), ("DUPLICATE", "ANNULLED", "CANCELLED", "PENDING_VALIDATION")
"""What became of a registration: not renewed, of somebody who is gone, of nobody."""
NO_FORM = ("8888", "9999")
"""Codes that name no legal form: other, and not known."""
CARE_OF = ("c/o", "c / o", "care of")
SURE_ENOUGH = 0.8
"""How sure a record has to be before anybody is asked whose it is."""


def _search(organization: Organization) -> Iterator[Request]:
    where = f"&filter[entity.legalAddress.country]={organization.country}" if organization.country else ""
    for name in names_to_ask(organization):
        words = " ".join(name.replace(",", " ").split())  # a comma would mean one or the other
        url = f"{RECORDS}?filter[entity.names]={quote(words, safe='')}{where}&page[size]=10"
        yield Request(organization.organization_id, NAME, "lei", url)


def _follow(page: Page) -> Iterator[Request]:
    """Ask whose the believed one ultimately is, where the register says that somebody's."""
    found = _believed(page) if page.source == NAME and page.kind == "lei" else None
    if found is None or found[1].confidence < SURE_ENOUGH:
        return
    record = found[0]
    lei, links = record.text("id"), record.get("relationships")
    known = [link for each in links for parent in each.get("ultimate-parent") for link in parent.get("links")]
    if lei and any(link.get("lei-record") or link.get("related") for link in known):
        yield Request(page.capture.request.organization_id, NAME, "parent", f"{RECORDS}/{lei.text}/ultimate-parent")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    if page.kind == "parent":
        yield from _parent(page)
    elif found := _believed(page):
        record, agreed = found
        yield from _facts(page.read_by(NAME, agreed.on), record, agreed)


def _believed(page: Page) -> tuple[Data, Agreement] | None:
    records = [each for each in page.json.need("data") if _is_company(each)]
    total = page.json.text("meta", "pagination", "total")
    whole = total is None or total.text == str(len(page.json.get("data")))
    found = agreement(page.organization, [_candidate(each) for each in records], whole=whole)
    return (records[found.place], found) if found else None


def _is_company(record: Data) -> bool:
    """Whether the record is of a company, and in force at some time; raises `Skip` where it has another shape."""
    entity, registration = _entity(record), _word(record, "attributes", "registration", "status")
    entity.need("legalName")
    return entity.text("category") is None or (_word(entity, "category") != "SOLE_PROPRIETOR" and registration not in NEVER)


def _candidate(record: Data) -> Candidate:
    entity = _entity(record)
    addresses = [*entity.get("legalAddress"), *entity.get("headquartersAddress")]
    others = [each for each in entity.get("otherNames") if _word(each, "type") != "PREVIOUS_LEGAL_NAME"]
    names = [node.text for each in [*entity.get("legalName"), *others] if (node := each.text("name"))]
    return Candidate(
        names=tuple(names),
        countries=tuple(dict.fromkeys(word for each in addresses if (word := _word(each, "country")))),
        cities=tuple(dict.fromkeys(word for each in addresses if (word := _word(each, "city")))),
        registrations=tuple(word for word in [_word(entity, "registeredAs")] if word),
        ended=_has_ended(record) or _word(entity, "category") in ("FUND", "BRANCH"),
    )


def _has_ended(record: Data) -> bool:
    status, registration = _word(_entity(record), "status"), _word(record, "attributes", "registration", "status")
    return status == "INACTIVE" or registration in NO_LONGER


def _facts(page: Page, record: Data, agreed: Agreement) -> Iterator[Fact]:
    entity, sure = _entity(record), agreed.confidence
    updated = record.text("attributes", "registration", "lastUpdateDate")
    day = iso_day(updated.text) if updated else None
    form = entity.text("legalForm", "id")
    found = {
        "lei": record.text("id"),
        "legal_name": entity.text("legalName", "name"),
        "jurisdiction": entity.text("jurisdiction"),
        "legal_form": form if form and form.text not in NO_FORM else entity.text("legalForm", "other"),
        "registration_number": entity.text("registeredAs"),
    }
    for name, node in found.items():
        if node:
            yield page.fact(name, node, confidence=sure, stated_on=day)
    if status := entity.text("status"):
        yield page.fact("register_status", status, status.text.lower(), confidence=sure, stated_on=day)
    lapsed = _word(record, "attributes", "registration", "status") == LAPSED
    yield from _address(page, entity, round(sure * (0.7 if lapsed else 1.0), 3))


def _address(page: Page, entity: Data, sure: float) -> Iterator[Fact]:
    """State where its head office is; the legal address is often that of an agent."""
    for address in (entity.get("headquartersAddress") or entity.get("legalAddress"))[:1]:
        street, region = address.text("addressLines"), address.text("region")
        if street and not street.text.lower().startswith(CARE_OF):
            yield page.fact("street", street, confidence=sure)
        for name, key in (("city", "city"), ("postcode", "postalCode"), ("country", "country")):
            if node := address.text(key):
                yield page.fact(name, node, confidence=sure)
        if region:
            yield page.fact("region", region, region.text.rpartition("-")[2], confidence=sure)


def _parent(page: Page) -> Iterator[Fact]:
    """State who it ultimately belongs to, where that is not itself under another form."""
    for record in page.json.need("data"):
        name = _entity(record).text("legalName", "name")
        if name and not any(agree(name.text, own) for own in (page.organization.name or "", *page.organization.names)):
            yield page.fact("parent", name, confidence=SURE_ENOUGH)


def _entity(record: Data) -> Data:
    found = [entity for attributes in record.need("attributes") for entity in attributes.need("entity")]
    if not found:
        raise Skip("other_shape", f"The record at {record.node.locator} has no entity.")
    return found[0]


def _word(data: Data, *path: str) -> str:
    node = data.text(*path)
    return node.text if node else ""


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="The Global LEI Foundation: legal names, forms, addresses and parents of entities with an identifier.",
    hosts=HOST,
    terms="CC0 1.0; at most 60 requests a minute",
    trust=0.9,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset(
        {"lei", "legal_name", "jurisdiction", "legal_form", "registration_number", "register_status", "parent"}
        | {"street", "city", "postcode", "region", "country"}
    ),
    wants=_wants,
    read=_read,
    follow=_follow,
    search=_search,
    paces={HOST: 1.0},
)
