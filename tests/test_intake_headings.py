"""Headings find their fields by themselves, with the content as a second opinion.

Cases: headings/<exporter>.yaml, a column a line: its heading, the field it is, what is in it.
"""

import csv
import json
from pathlib import Path

import pytest
import yaml

from pipelines.intake.headings import by_field, map_headings
from pipelines.intake.synonyms import words
from pipelines.intake.wording import said
from pipelines.settings import Lists

CASES = sorted((Path(__file__).parent / "headings").glob("*.yaml"))
SHARED = Path(__file__).parents[2] / "shared/real"


def mapped(headings, *rows):
    sample = [dict(zip(headings, row, strict=True)) for row in rows or [tuple("" for _ in headings)]]
    return {each.heading: each.field for each in map_headings(sample, "list.csv", Lists()) if each.field}


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Company Name,Work E-mail,HQ Country,hq_city", "company,email,country,city"),
        ("Firma,Vorname,Name,Telefonnummer,Land,Ort", "company,first_name,last_name,phone,country,city"),
        ("Société,Prénom,Nom,Fonction,Pays,Ville", "company,first_name,last_name,job_title,country,city"),
        ("Empresa,Nombre,Apellidos,Correo electrónico,País", "company,first_name,last_name,email,country"),
        ("Ragione sociale,Nome,Cognome,Ruolo,Città", "company,first_name,last_name,job_title,city"),
        ("Bedrijfsnaam,Voornaam,Achternaam,Functie,Plaats,Land", "company,first_name,last_name,job_title,city,country"),
        ("organisation,accountName", "company,company"),
        ("name,website", "company,website"),
        ("name,email", "full_name,email"),
        ("name,company", "full_name,company"),
        ("title,full name,company", "job_title,full_name,company"),
        ("title,website", "company,website"),
        ("utm_source,utm_campaign,Created At", "channel,campaign,noted_on"),
    ],
)
def test_headings(headings, fields):
    assert list(mapped(headings.split(",")).values()) == fields.split(",")


@pytest.mark.parametrize(
    "heading",
    ["cb_url", "Do Not Email", "Account Owner", "id", "Email status", "Lead Score", "Fax", "Parent company", "Previous company"],
)
def test_what_maps_to_nothing(heading):
    assert mapped([heading]) == {}


def test_every_synonym_is_found_as_it_stands_and_means_one_field():
    said = words()
    for field, phrases in said.items():
        for phrase in phrases:
            assert [other for other, known in said.items() if phrase in known] == [field], phrase
            assert mapped([phrase, "company", "website"]).get(phrase) == field, phrase


def test_a_column_of_addresses_is_email_whatever_it_is_called():
    rows = [("Otter", "ada@otter.example"), ("Heron", "bo@heron.example"), ("Stork", "n/a")]
    assert mapped(["Firma", "Phone"], *rows) == {"Firma": "company", "Phone": "email"}


def test_a_column_called_email_without_an_address_is_not():
    assert mapped(["company", "Email"], ("Otter", "opened"), ("Heron", "bounced")) == {"company": "company"}


def test_websites_by_content_unless_a_heading_names_them():
    rows = [("Otter", "https://otter.example", "https://www.facebook.com/otter")]
    assert mapped(["company", "x", "y"], *rows) == {"company": "company", "x": "website"}
    assert mapped(["company", "x", "Web"], *rows) == {"company": "company", "Web": "website"}


def test_a_company_by_its_legal_forms():
    rows = [
        ("1", "Otter Inc.", "A long text about what Otter Inc. does."),
        ("2", "Heron Ltd", "Another."),
        ("3", "Stork", "More."),
    ]
    assert mapped(["no", "Bezeichnung", "about"], *rows) == {"Bezeichnung": "company", "about": "description"}


def test_only_some_fields_are_filled_from_a_second_column():
    columns = map_headings([{"Mobile": "", "Phone": "", "Customer": "yes", "Company": "Otter"}], "a.csv", Lists())
    assert by_field(columns) == {"phone": ("Phone", "Mobile"), "company": ("Company",)}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_exports_as_exporters_write_them(case):
    columns = yaml.safe_load(case.read_text("utf-8"))
    depth = max(len(column) for column in columns)
    filled = [column + [""] * (depth - len(column)) for column in columns]
    sample = [{column[0]: column[place] for column in filled} for place in range(2, depth)]
    found = {each.heading: each.field or "extra" for each in map_headings(sample, case.name, Lists())}
    assert found == {heading: field for heading, field, *_ in columns}


def test_there_are_exports_in_many_languages():
    assert len(CASES) >= 25


def columns_of(*columns):
    """Return the columns found, by heading; each given as heading and texts."""
    depth = max(len(texts) for _, texts in columns)
    sample = [{heading: texts[place] for heading, texts in columns if place < len(texts)} for place in range(depth)]
    return {each.heading: each for each in map_headings(sample, "list.csv", Lists())}


def test_confidence_says_who_said_so_and_how_much_the_content_agrees():
    firm, blank = ["Otter GmbH", "Heron AG", "Stork KG"], ["", "", ""]
    agreed = columns_of(("Company", firm), ("Website", ["a.example", "b.example", "c.example"]))["Website"]
    empty = columns_of(("Company", firm), ("Website", blank))["Website"]
    mixed = columns_of(("Company", firm), ("Website", ["a.example", "soon", "none yet"]))["Website"]
    claimed = columns_of(("Company", firm), ("seen at", ["a.example", "b.example", "c.example"]))["seen at"]
    assert agreed.confidence > empty.confidence > claimed.confidence > mixed.confidence > 0
    assert (agreed.because, claimed.because) == ("heading", "content")
    assert columns_of(("hm", ["x", "y", "z"]))["hm"].confidence == 0


def test_settings_have_the_last_word():
    lists = Lists(headings={"fair*.csv": {"Phone": "note", "Firma": "extra"}})
    sample = [{"Phone": "+49 30 1234567", "Firma": "Otter GmbH"}]
    found = {each.heading: each for each in map_headings(sample, "fair_2026.csv", lists)}
    assert (found["Phone"].field, found["Phone"].because, found["Phone"].confidence) == ("note", "settings", 1.0)
    assert found["Firma"].field is None
    assert map_headings(sample, "other.csv", lists)[0].field == "phone"


def test_a_heading_that_none_of_its_values_agrees_with_is_extra():
    values = ["small", "medium", "large"]
    found = columns_of(("Company", ["Otter", "Heron", "Stork"]), ("Company size", values), ("Phone", values), ("Country", values))
    assert [found[heading].field for heading in ("Company size", "Phone", "Country")] == [None, None, None]


def test_states_are_no_countries_and_codes_of_states_neither():
    names = ["Otter Inc.", "Heron Inc.", "Stork Inc.", "Ibis Inc."]
    found = columns_of(("who", names), ("a", ["CA", "DE", "IN", "GA"]), ("b", ["DE", "FR", "IT", "ES"]))
    assert (found["a"].field, found["b"].field) == ("region", "country")


def test_the_second_of_two_columns_of_one_name_is_kept_beside_the_first():
    columns = map_headings([{"Company": "Otter", "Company (2)": "Heron"}], "a.csv", Lists())
    assert by_field(columns) == {"company": ("Company",)}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Work email", "Personal email"),
        ("Company City", "City"),
        ("City", "Billing City"),
        ("HQ Country", "Country"),
        ("Phone", "Mobile"),
        ("Company Name", "Company Name for Emails"),
    ],
)
def test_the_better_of_two_columns_is_asked_first(better, worse):
    for headings in ((better, worse), (worse, better)):
        columns = map_headings([dict.fromkeys(headings, "")], "a.csv", Lists())
        assert next(iter(by_field(columns).values()))[0] == better


@pytest.mark.parametrize(
    "heading", ["", " ", "\u200b", "💥", "=1+1", "a" * 100_000, "((((", "/" * 999, "\ud800", "'\" or 1=1", "العنوان"]
)
def test_any_text_can_be_a_heading(heading):
    assert 0 <= said(heading).certainty <= 1
    map_headings([{heading: heading}], "a.csv", Lists())


def test_naughty_strings_can_be_headings_and_cells():
    file = SHARED.parent / "hostile/strings/blns.json"
    if not file.exists():
        pytest.skip("blns.json is not on this machine: ../shared is no part of the project")
    texts = json.loads(file.read_text("utf-8"))
    columns = map_headings([{text: text for text in texts}], "a.csv", Lists())
    assert len(columns) == len(set(texts))


LISTED = """name=company summary=description sector=industry industry_group=industry industry=industry country=country
    state=region city=city zipcode=postcode website=website"""
REAL = {
    "leads/yc-2024.csv": """company_name=company short_description=description long_description=description location=city
        country=country year_founded=founded team_size=employees website=website linkedin_url=linkedin""",
    "leads/fortune500.csv": """company=company sector=industry revenue=revenue locations=city locations2=region rr=postcode
        website=website employees=employees dude=full_name""",
    "leads/sp500.csv": """Security=company GICS_Sector=industry GICS_Sub-Industry=industry Headquarters_Location=city
        Date_added=noted_on Founded=founded""",
    "leads/unicorns.csv": """Company=company Date_Joined=noted_on Industry=industry City=city Country=country
        Year_Founded=founded""",
    "leads/listed-companies/ASX.csv": LISTED,
    "leads/listed-companies/SAO.csv": LISTED,
    "leads/forbes_ai50.json": """company_name=company website=website linkedin=linkedin hq_city=city hq_country=country
        category=industry""",
    "funnel/olist_marketing_qualified_leads.csv": "first_contact_date=noted_on origin=channel",
    "funnel/olist_closed_deals.csv": "business_segment=industry business_type=industry",
    "funnel/x_education_leads.csv": """Lead_Origin=channel Lead_Source=channel Country=country City=city
        What_is_your_current_occupation=job_title""",
}


@pytest.mark.parametrize("name", REAL)
def test_lists_that_people_really_have(name):
    file = SHARED / name
    if not file.exists():
        pytest.skip(f"{file.name} is not on this machine: ../shared is no part of the project")
    if file.suffix == ".json":
        sample = json.loads(file.read_text("utf-8"))
    else:
        with file.open(encoding="utf-8", errors="replace", newline="") as lines:
            sample = [row for row, _ in zip(csv.DictReader(lines, restval=""), range(1000), strict=False)]
    sample = [{heading: text for heading, text in row.items() if heading is not None} for row in sample]
    found = {each.heading.replace(" ", "_"): each.field for each in map_headings(sample, file.name, Lists()) if each.field}
    assert found == dict(pair.split("=") for pair in REAL[name].split())
