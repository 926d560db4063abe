"""What the United Kingdom's register of companies says: Companies House's monthly file of all live companies.

Here: records found by the number an organization's pages give, else by name. No two companies there have the same full name, but the
file answers only with exact ones, so that a name of one word takes a number, a full name of its own or a town. The registered office
is often an accountant's, so its address is stated with little weight; care of whom it is, and who directs it, is never. Elsewhere:
how a file answers (`web.bulk`), what a second agreement is (`agreement`).
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from urllib.parse import quote

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask, numbers_to_ask
from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

NAME = "companies_house"
FILE = "https://download.companieshouse.gov.uk/BasicCompanyDataAsOneFile.csv"
NEEDED = ("CompanyName", "CompanyNumber", "CompanyStatus", "IncorporationDate", "SICCode.SicText_1")
NUMBER = re.compile(r"(?:[A-Z]{2})?\d{6,8}|R\d{7}")
ACTIVITY = re.compile(r"(\d{5}) - (.+)")
NO_ACTIVITY = ("99999", "98000", "74990")
"""Dormant, residents' property management, no trade: codes that name no activity."""
MOST_ACTIVITIES = 4
OFFICE = 0.6
"""How much of a record's weight its address has."""

Record = Mapping[str, Node]


def _search(organization: Organization) -> Iterator[Request]:
    """Ask by the numbers its own pages give, and by name only where they give none."""
    about = organization.organization_id
    if organization.country not in (None, "GB"):
        return
    numbers = numbers_to_ask(organization, NUMBER)
    for number in numbers:
        yield Request(about, NAME, "company", f"{FILE}?CompanyNumber={number}")
    for name in names_to_ask(organization) if organization.country and not numbers else ():
        yield Request(about, NAME, "company", f"{FILE}?CompanyName={quote(name, safe='')}")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    records = _records(page)
    found = agreement(page.organization, [_candidate(each) for each in records], whole=False)
    if found:
        yield from _facts(page.read_by(NAME, found.on), records[found.place], found)


def _records(page: Page) -> list[Record]:
    """Return the records by column; raises `Skip` (`other_shape`) where a column is missing that was always there."""
    try:
        header, *rows = [*csv.reader(page.source_text.splitlines(keepends=True))] or [[]]
    except csv.Error:
        raise Skip("other_shape", f"{page.url} did not answer with records.") from None
    header = [name.strip() for name in header]
    if missing := [name for name in NEEDED if name not in header]:
        raise Skip("other_shape", f"The answer has no column `{missing[0]}`.")
    # A quote within a value is doubled in the file, and looked for there as it stands.
    return [
        {
            name: Node(value.strip().replace('"', '""'), f"record {number} {name}")
            for name, value in zip(header, row, strict=False)
        }
        for number, row in enumerate(rows, 1)
        if len(row) == len(header)
    ]


def _candidate(record: Record) -> Candidate:
    return Candidate(
        names=(_value(record, "CompanyName"),),
        countries=("GB",),
        cities=tuple(filter(None, (_value(record, "RegAddress.PostTown"), _value(record, "RegAddress.County")))),
        registrations=(_value(record, "CompanyNumber"),),
        ended=not _value(record, "CompanyStatus").lower().startswith("active"),
    )


def _facts(page: Page, record: Record, agreed: Agreement) -> Iterator[Fact]:
    sure = agreed.confidence
    for name, column in (
        ("legal_name", "CompanyName"),
        ("registration_number", "CompanyNumber"),
        ("legal_form", "CompanyCategory"),
    ):
        if value := _value(record, column):
            yield page.fact(name, record[column], value, confidence=sure)
    if status := _value(record, "CompanyStatus"):
        yield page.fact("register_status", record["CompanyStatus"], status.lower(), confidence=sure)
    since = record["IncorporationDate"]
    if re.fullmatch(r"\d\d/\d\d/\d{4}", since.text):
        yield page.fact("founded_year", since, since.text[-4:], confidence=round(sure * 0.8, 3))
    yield from _activities(page, record, sure)
    yield from _office(page, record, round(sure * OFFICE, 3))


def _activities(page: Page, record: Record, sure: float) -> Iterator[Fact]:
    """State what it does, by the British codes; their first four digits are NACE's."""
    columns = [column for number in range(1, MOST_ACTIVITIES + 1) if (column := f"SICCode.SicText_{number}") in record]
    found = [(record[column], match) for column in columns if (match := ACTIVITY.fullmatch(_value(record, column)))]
    told = [(node, match) for node, match in found if match[1] not in NO_ACTIVITY]
    for node, match in told:
        yield page.fact("sic_uk", node, f"{match[1]} {match[2]}", confidence=sure)
    for node, match in told[:1]:
        yield page.fact("nace", node, f"{match[1][:2]}.{match[1][2:4]}", confidence=round(sure * 0.9, 3))


def _office(page: Page, record: Record, sure: float) -> Iterator[Fact]:
    parts = (("street", "AddressLine1"), ("city", "PostTown"), ("region", "County"), ("postcode", "PostCode"))
    for name, column in parts:
        if value := _value(record, f"RegAddress.{column}"):
            yield page.fact(name, record[f"RegAddress.{column}"], value, confidence=sure)


def _value(record: Record, column: str) -> str:
    node = record.get(column)
    return node.text.replace('""', '"') if node else ""


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="Companies House, from the monthly file that settings.yaml names: numbers, forms, activities of British companies.",
    hosts="none: a file a data engineer downloads from download.companieshouse.gov.uk",
    terms="Open Government Licence 3.0; a file, so nobody is asked",
    trust=0.9,
    fresh=timedelta(days=31),
    expected_share=0.0,
    states=frozenset(
        {"legal_name", "registration_number", "legal_form", "register_status", "founded_year", "sic_uk", "nace"}
        | {"street", "city", "region", "postcode"}
    ),
    wants=_wants,
    read=_read,
    search=_search,
)
