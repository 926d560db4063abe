"""What Norway's register of legal entities says (Enhetsregisteret, Brønnøysund).

Here: entities found by name, for organizations in Norway; many give their website, else name and town have to agree. Sole traders are
persons and left alone, and so is who directs a company. Elsewhere: what a second agreement is (`agreement`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask, numbers_to_ask
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data
from pipelines.page import Page
from pipelines.places import country_code
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

NAME, HOST = "brreg", "data.brreg.no"
ENTITIES = f"https://{HOST}/enhetsregisteret/api/enheter"
NUMBER = re.compile(r"[89]\d{8}")
SOLE_TRADER = "ENK"
ENDING = ("konkurs", "underTvangsavviklingEllerTvangsopplosning", "underAvvikling")
"""What is true of an entity that ends: bankrupt, in forced dissolution, in dissolution."""
PLAIN = {"registration_number": ("organisasjonsnummer",), "legal_name": ("navn",), "legal_form": ("organisasjonsform", "kode")}
ADDRESS = (("street", "adresse"), ("postcode", "postnummer"), ("city", "poststed"))


def _search(organization: Organization) -> Iterator[Request]:
    """Ask by the number its own pages give, and by name only where they give none."""
    if organization.country == "NO":
        numbers = [f"organisasjonsnummer={number}" for number in numbers_to_ask(organization, NUMBER, 1)]
        for asked in numbers or [f"navn={quote(name, safe='')}" for name in names_to_ask(organization)]:
            yield Request(organization.organization_id, NAME, "entities", f"{ENTITIES}?{asked}&size=20")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State what is known of the believed entity; an answer without entities says how many there are: none."""
    total = page.json.need("page")
    entities = [each for found in page.json.get("_embedded") for each in found.need("enheter") if each.need("navn")]
    companies = [each for each in entities if _word(each, "organisasjonsform", "kode") != SOLE_TRADER]
    whole = [_word(each, "totalElements") for each in total] == [str(len(entities))]
    found = agreement(page.organization, [_candidate(each) for each in companies], whole=whole)
    if found:
        yield from _facts(page.read_by(NAME, found.on), companies[found.place], found)


def _candidate(entity: Data) -> Candidate:
    return Candidate(
        names=(_word(entity, "navn"),),
        website=_word(entity, "hjemmeside") or None,
        countries=("NO",),
        cities=tuple(filter(None, (_word(entity, place, "poststed") for place in ("forretningsadresse", "postadresse")))),
        phones=tuple(filter(None, (_word(entity, "telefon"),))),
        registrations=(_word(entity, "organisasjonsnummer"),),
        ended=any(isinstance(entity.value, dict) and entity.value.get(key) is True for key in ENDING),
    )


def _facts(page: Page, entity: Data, agreed: Agreement) -> Iterator[Fact]:
    sure = agreed.confidence
    for name, path in PLAIN.items():
        if node := entity.text(*path):
            yield page.fact(name, node, confidence=sure)
    if (people := entity.text("antallAnsatte")) and re.fullmatch(r"\d{1,7}", people.text):
        yield page.fact("employees", people, confidence=sure)
    if (code := entity.text("naeringskode1", "kode")) and (match := re.match(r"(\d\d)\.(\d\d)", code.text)):
        yield page.fact("nace", code, match[0], confidence=sure)
    if (since := entity.text("stiftelsesdato")) and re.fullmatch(r"\d{4}-\d\d-\d\d", since.text):
        yield page.fact("founded_year", since, since.text[:4], confidence=sure)
    yield from _seat(page, entity, sure)


def _seat(page: Page, entity: Data, sure: float) -> Iterator[Fact]:
    for address in entity.get("forretningsadresse")[:1]:
        for name, key in ADDRESS:
            if node := address.text(key):
                yield page.fact(name, node, confidence=sure)
        if (land := address.text("landkode")) and (country := country_code(land.text)):
            yield page.fact("country", land, country, confidence=sure)


def _word(data: Data, *path: str) -> str:
    node = data.text(*path)
    return node.text if node else ""


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="Norway's register of legal entities: numbers, forms, activity, people employed, addresses.",
    hosts=HOST,
    terms="Norwegian Licence for Open Government Data 2.0; one request a second",
    trust=0.9,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset(
        {"registration_number", "legal_name", "legal_form", "employees", "nace", "founded_year"}
        | {"street", "postcode", "city", "country"}
    ),
    wants=_wants,
    read=_read,
    search=_search,
    paces={HOST: 1.0},
)
