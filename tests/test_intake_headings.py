"""Headings find their fields by themselves, with the content as a second opinion."""

import pytest

from pipelines.intake.headings import by_field, map_headings
from pipelines.intake.synonyms import words
from pipelines.settings import Lists


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


@pytest.mark.parametrize("heading", ["cb_url", "Do Not Email", "Account Owner", "id", "Email status", "Lead Score", "Fax", "Parent company", "Previous company"])
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
