"""Registers from lead list to facts: whom they are asked about, what they answer, and that it stands in the facts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from test_stages import job, rows

from pipelines import stages
from pipelines.errors import Skip
from pipelines.job import Job
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Capture, Fact, Organization, Request
from pipelines.sources import all_sources
from pipelines.web.guard import check_url

SOURCES = {source.name: source for source in all_sources()}
REAL = Path(__file__).parents[2] / "shared" / "real" / "api"
REGISTERS = ("gleif", "companies_house", "wikidata", "edgar", "brreg", "recherche_entreprises")
TICKERS = "https://www.sec.gov/files/company_tickers.json"
GLEIF = "https://api.gleif.org/api/v1/lei-records?filter[entity.names]="
FILE = "https://download.companieshouse.gov.uk/BasicCompanyDataAsOneFile.csv"


def searched(source: str, **known: Any) -> list[str]:
    organization = Organization("org_1", **{"domain": None, "name": None, **known})
    requests = list(SOURCES[source].search(organization))
    assert {(each.organization_id, each.source) for each in requests} <= {("org_1", source)}
    return [each.url for each in requests]


def page_of(asker: str, kind: str, body: bytes, content_type: str, organization: Organization) -> Page:
    request = Request("org_1", asker, kind, "https://asked.example/")
    capture = Capture("cap_1", request, request.url, 200, content_type, datetime(2023, 1, 1, tzinfo=UTC), "", len(body), "", 0)
    return Page(capture, body, organization)


def followed(source: str, asker: str, kind: str, body: str) -> list[tuple[str, str]]:
    page = page_of(asker, kind, body.encode(), "text/html", Organization("org_1", "otter.example", "Otter"))
    return [(each.kind, each.url) for each in SOURCES[source].follow(page)]


def recorded(source: str, kind: str, file: str, organization: Organization) -> Page:
    content_type = "text/html" if file.endswith(".html") else "application/json"
    return page_of(source, kind, (REAL / file).read_bytes(), content_type, organization)


def read(source: str, page: Page) -> list[Fact]:
    assert SOURCES[source].wants(page)
    return list(SOURCES[source].read(page.read_by(source, source), Lexicon({})))


# Whom they are asked about


@pytest.mark.parametrize("source", REGISTERS)
def test_nobody_is_looked_up_without_a_name_or_a_number(source: str):
    for country in (None, "GB", "US", "NO", "FR"):
        assert searched(source, domain="kestrel.example", country=country) == []


def test_gleif_is_asked_by_full_name_and_country():
    known = {"name": "Kestrel & Söhne", "names": ("Kestrel & Söhne", "Kestrel & Söhne GmbH", "Otter", "Heron")}
    assert searched("gleif", **known) == [
        f"{GLEIF}Kestrel%20%26%20S%C3%B6hne%20GmbH&page[size]=10",
        f"{GLEIF}Otter&page[size]=10",
    ]
    assert searched("gleif", name="Otter, Inc.") == [f"{GLEIF}Otter%20Inc.&page[size]=10"]
    assert searched("gleif", name="Otter", country="DE") == [f"{GLEIF}Otter&filter[entity.legalAddress.country]=DE&page[size]=10"]


@pytest.mark.parametrize("country", ["GB", "US", "NO", "FR", None])
def test_whatever_a_name_holds_is_asked_as_it_stands(country: str | None):
    known = {"name": 'Kestrel & Söhne / "Old" #1 [x] 株式会社', "names": ("100% Otter?&q=1",), "registrations": ("01234567",)}
    asked = [url for source in REGISTERS for url in searched(source, domain="kestrel.example", country=country, **known)]
    assert asked and [check_url(url).url for url in asked] == asked
    assert all(url.isascii() and url.count("?") == (0 if url == TICKERS else 1) and "&q=1" not in url for url in asked)


def test_companies_house_is_asked_by_number_and_else_by_name_at_home():
    kegs = {"name": "Kestrel Kegs", "names": ("Kestrel Kegs Ltd",)}
    assert searched("companies_house", **kegs, country="GB") == [f"{FILE}?CompanyName=Kestrel%20Kegs%20Ltd"]
    numbered = {**kegs, "registrations": ("0712 3456", "GB123456789", "SC 123456", "HRB 12345")}
    assert searched("companies_house", **numbered) == [f"{FILE}?CompanyNumber=07123456", f"{FILE}?CompanyNumber=SC123456"]
    assert searched("companies_house", **numbered, country="DE") == searched("companies_house", **kegs) == []


def test_norway_and_france_are_asked_about_their_own_by_number_and_else_by_name():
    known = {"name": "Fjellrev", "names": ("Fjellrev", "Fjellrev AS", "Rev")}
    norway, france = "https://data.brreg.no/enhetsregisteret/api/enheter", "https://recherche-entreprises.api.gouv.fr/search"
    assert searched("brreg", **known, country="NO") == [f"{norway}?navn=Fjellrev%20AS&size=20", f"{norway}?navn=Rev&size=20"]
    assert searched("brreg", name="Loutre & Cie", country="FR") == searched("recherche_entreprises", **known) == []
    assert searched("recherche_entreprises", name="Loutre & Cie", country="FR") == [
        f"{france}?q=Loutre%20%26%20Cie&page=1&per_page=10"
    ]
    numbered = {**known, "registrations": ("NO 922 222 223 MVA", "922 222 223", "833333334 RCS Lyon", "811 111 112 00017")}
    assert searched("brreg", **numbered, country="NO") == [f"{norway}?organisasjonsnummer=922222223&size=20"]
    assert searched("recherche_entreprises", **{**numbered, "registrations": numbered["registrations"][3:]}, country="FR") == [
        f"{france}?q=81111111200017&page=1&per_page=10"
    ]


def test_the_list_of_the_listed_is_asked_for_where_a_company_could_be_on_it():
    assert searched("edgar", name="Otter", country="DE") == []
    assert searched("edgar", name="Otter") == searched("edgar", names=("Otter",), country="US") == [TICKERS]


def test_wikidata_is_searched_by_the_usual_name_of_whom_a_website_is_known():
    assert searched("wikidata", name="Otter") == []
    found = searched("wikidata", name="Otter GmbH & Co. KG", names=("Otter", "Löwe, Inc.", "Limited"), domain="otter.example")
    assert [unquote(each.partition("&search=")[2]) for each in found] == ["Otter", "Löwe"]


def test_the_item_a_website_names_is_asked_for_and_no_other():
    linked = {"@type": "Organization", "sameAs": ["https://en.wikipedia.org/wiki/Otter", "http://www.wikidata.org/entity/Q42"]}
    more = {"@type": "Person", "sameAs": "https://www.wikidata.org/wiki/Q43?x"}
    page = followed("wikidata", "website", "home", f"<script type='application/ld+json'>{json.dumps([linked, more])}</script>")
    assert page == [("item", "https://www.wikidata.org/wiki/Special:EntityData/Q42.json")]
    assert followed("wikidata", "website", "home", "<p>https://www.wikidata.org/wiki/Q42</p>") == []


# What was really answered


@pytest.mark.skipif(not REAL.exists(), reason="the recorded answers of ../shared are not here")
def test_the_sec_is_read_as_it_really_answers():
    tesla = Organization("org_1", "tesla.com", "Tesla", "US", cities=("Palo Alto",), phones=("+1 650 681 5000",))
    listed = recorded("edgar", "tickers", "sec/company_tickers.json", tesla)
    assert [each.url for each in SOURCES["edgar"].follow(listed)] == ["https://data.sec.gov/submissions/CIK0001318605.json"]
    company = recorded("edgar", "company", "sec/company_submission.json", tesla)
    facts = {(fact.property, fact.value): fact for fact in read("edgar", company)}
    assert ("sic", "3711 Motor Vehicles & Passenger Car Bodies") in facts
    assert ("ticker", "TSLA") in facts and ("exchange", "Nasdaq") in facts and ("region", "CA") in facts
    assert str(facts["filing", "8-K 5.02"].stated_on) == "2022-09-28"
    assert all(company.says(fact.quote) for fact in facts.values())
    assert [each.kind for each in SOURCES["edgar"].follow(company)] == ["revenue", "revenue"]
    namesake = replace(tesla, domain="tesla-records.example", cities=("Leeds",), phones=())
    assert read("edgar", recorded("edgar", "company", "sec/company_submission.json", namesake)) == []
    with pytest.raises(Skip, match="other_shape"):
        read("edgar", recorded("edgar", "company", "sec/rate-exceeded.html", tesla))


@pytest.mark.skipif(not REAL.exists(), reason="the recorded answers of ../shared are not here")
def test_gleif_is_read_as_it_really_answers():
    person = Organization("org_1", "rahul.example", "Matrix Power & Automation", "IN", ("RAHUL",), ("Sonipat",))
    fund = Organization("org_1", "fund.example", "UK Equity Fund (Offshore)", "IE", cities=("Dublin",))
    sparse = Organization("org_1", "sparse.example", "Sparse Example AB", "SE")
    assert read("gleif", recorded("gleif", "lei", "gleif/tests/v1/fixtures/9845001B2AD43E664E58_issued.json", person)) == []
    assert read("gleif", recorded("gleif", "lei", "gleif/tests/v1/fixtures/549300LBI3LRIZ2V8V66_lapsed.json", fund)) == []
    facts = read("gleif", recorded("gleif", "lei", "gleif/tests/v2/fixtures/sparse_record.json", sparse))
    assert {(fact.property, fact.value) for fact in facts} == {
        *(("lei", "SPARSE00000000000001"), ("legal_name", "Sparse Example AB"), ("register_status", "active"), ("country", "SE")),
    }


@pytest.mark.skipif(not REAL.exists(), reason="the recorded answers of ../shared are not here")
def test_no_real_item_is_taken_for_somebody_it_is_not():
    known = Organization("org_1", "party.example", "United Russia", "RU")
    for file in sorted((REAL / "wikidata").glob("*.json")):
        page = recorded("wikidata", "item", f"wikidata/{file.name}", known)
        assert read("wikidata", page) == []
        assert list(SOURCES["wikidata"].follow(page)) == []


# From lead list to facts

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


def test_what_a_file_says_has_its_evidence_and_is_looked_up_again_in_another_file(tmp_path: Path):
    given = british(tmp_path, "03123456")
    stages.take_in(given)
    assert stages.look(given) == stages.Looked(1, None)
    assert stated(given)["registration_number"] == "03123456"
    assert stated(given)["nace"] == "25.94"
    stages.reason(given)
    assert rows(given, "select * from raw.broken_quote") == []
    assert stages.look(given) == stages.Looked(0, None)
    inputs = stages._release_inputs(given)
    again = british(tmp_path, "031234567")
    assert stages._release_inputs(again) != inputs
    assert stages.look(again) == stages.Looked(1, None)
    assert stated(again)["registration_number"] == "031234567"


def test_without_a_file_a_register_is_nobodys_miss(tmp_path: Path):
    given = british(tmp_path, "03123456")
    given = replace(given, settings=given.settings.model_copy(update={"registers": {}}))
    stages.take_in(given)
    stages.look(given)
    assert rows(given, "select * from raw.request where source = 'companies_house'") == []
    assert not given.home.registers.exists()
