"""Registers from lead list to release: whom they are asked about, what they answer, and that it stands in what is published."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_stages import job, rows

from pipelines import stages
from pipelines.job import Job
from pipelines.records import Organization
from pipelines.sources import all_sources

SOURCES = {source.name: source for source in all_sources()}
GLEIF = "https://api.gleif.org/api/v1/lei-records?filter[entity.names]="
FILE = "https://download.companieshouse.gov.uk/BasicCompanyDataAsOneFile.csv"


def searched(source: str, **known: Any) -> list[str]:
    organization = Organization("org_1", **{"domain": None, "name": None, **known})
    requests = list(SOURCES[source].search(organization))
    assert {(each.organization_id, each.source) for each in requests} <= {("org_1", source)}
    return [each.url for each in requests]


# Whom they are asked about


@pytest.mark.parametrize("source", ["gleif", "companies_house"])
def test_nobody_is_looked_up_without_a_name_or_a_number(source: str):
    assert searched(source, domain="kestrel.example", country="GB") == []


def test_gleif_is_asked_by_full_name_and_country():
    known = {"name": "Kestrel & Söhne", "names": ("Kestrel & Söhne", "Kestrel & Söhne GmbH", "Otter", "Heron")}
    assert searched("gleif", **known) == [
        f"{GLEIF}Kestrel%20%26%20S%C3%B6hne%20GmbH&page[size]=10",
        f"{GLEIF}Otter&page[size]=10",
    ]
    assert searched("gleif", name="Otter", country="DE") == [f"{GLEIF}Otter&filter[entity.legalAddress.country]=DE&page[size]=10"]


def test_companies_house_is_asked_by_number_and_else_by_name_at_home():
    kegs = {"name": "Kestrel Kegs", "names": ("Kestrel Kegs Ltd",)}
    assert searched("companies_house", **kegs, country="GB") == [f"{FILE}?CompanyName=Kestrel%20Kegs%20Ltd"]
    numbered = {**kegs, "registrations": ("0712 3456", "GB123456789", "SC 123456", "HRB 12345")}
    assert searched("companies_house", **numbered) == [f"{FILE}?CompanyNumber=07123456", f"{FILE}?CompanyNumber=SC123456"]
    assert searched("companies_house", **numbered, country="DE") == searched("companies_house", **kegs) == []


# From lead list to release

RECORD = {
    "CompanyName": "BOLT & SONS LIMITED",
    " CompanyNumber": "03123456",
    "RegAddress.PostTown": "LEEDS",
    "CompanyStatus": "Active",
    "IncorporationDate": "01/02/1999",
    "SICCode.SicText_1": "25940 - Manufacture of fasteners and screw machine products",
}


def british(folder: Path, number: str) -> Job:
    """The market of the stages, with one organization in Leeds that a register's file knows."""
    given = job(folder)
    (folder / "leads.csv").write_text(
        "company,website,city,country\nBolt & Sons Ltd,bolt.example,Leeds,United Kingdom\n", "utf-8"
    )
    page = folder / "web" / "bolt.example" / "index.html"
    page.write_text(
        page.read_text("utf-8").replace("Bolt Ltd, 1 Mill Road, Anytown, MA 02110, USA", "Bolt &amp; Sons Ltd, Leeds")
    )
    file = folder / "BasicCompanyDataAsOneFile-2026-01-01.csv"
    quoted = '","'.join({**RECORD, " CompanyNumber": number}.values())
    file.write_text(f'{",".join(RECORD)}\r\n"{quoted}"\r\n', "utf-8")
    return replace(given, settings=given.settings.model_copy(update={"registers": {"companies_house": file}}))


def stated(given: Job) -> dict[str, str]:
    found = rows(given, "select property, value from core.fact where source = 'companies_house'")
    return {str(each["property"]): str(each["value"]) for each in found}


def test_what_a_file_says_is_published_with_its_evidence_and_looked_up_again_in_another_file(tmp_path: Path):
    given = british(tmp_path, "03123456")
    stages.take_in(given)
    assert stages.look(given) == stages.Looked(1, None)
    stages.reason(given)
    assert stated(given)["registration_number"] == "03123456"
    assert stated(given)["nace"] == "25.94"
    assert rows(given, "select * from raw.broken_quote") == []
    release = stages.publish(given, stages.check(given))
    assert stages.unchanged(given) == release
    assert stages.look(given) == stages.Looked(0, None)
    again = british(tmp_path, "031234567")
    assert stages.unchanged(again) is None
    assert stages.look(again) == stages.Looked(1, None)
    stages.reason(again)
    assert stated(again)["registration_number"] == "031234567"


def test_without_a_file_a_register_is_nobodys_miss(tmp_path: Path):
    given = british(tmp_path, "03123456")
    given = replace(given, settings=given.settings.model_copy(update={"registers": {}}))
    stages.take_in(given)
    stages.look(given)
    assert rows(given, "select * from raw.request where source = 'companies_house'") == []
    assert not given.home.registers.exists()
