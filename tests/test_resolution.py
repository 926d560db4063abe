"""Sightings become leads and duplicates, leads become organizations: the models of sql/core that stand behind it."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.ids import make_id
from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.reading import read_lists
from pipelines.settings import Settings
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

SQL = Path(__file__).parents[1] / "sql"
NEEDED = (
    "raw.lead_list raw.lead_row raw.rejected_row raw.icp_competitor core.sighting "
    "core.duplicate core.lead core.membership core.organization core.conservation"
).split()
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def warehouse(tmp_path):
    tables = read_tables(SQL)
    macros = (SQL / "macros.sql").read_text("utf-8")
    with Warehouse(tmp_path / "warehouse.duckdb", {name: tables[name] for name in NEEDED}, macros) as opened:
        yield opened


@pytest.fixture
def resolve(tmp_path, warehouse):
    """Give lists as text: those of the first call came on Monday, those of the second on Tuesday, all are resolved together."""
    inbox, days = tmp_path / "inbox", iter((MONDAY, TUESDAY))

    def add(competitors=(), **lists):
        day = next(days)
        for name, text in lists.items():
            file = tmp_path / f"{name}.csv"
            file.write_text(text, "utf-8")
            receive([file], inbox, day)
        for name, table in read_lists(lists_in(inbox, Settings().lists, day), Settings()).named().items():
            warehouse.load(name, table)
        warehouse.load("raw.icp_competitor", [{"domain": domain} for domain in competitors])
        warehouse.build()
        assert [row["lost"] for row in warehouse.rows("select lost from core.conservation")] == [0] * warehouse.count(
            "raw.lead_list"
        )
        return warehouse

    return add


def organizations(warehouse, columns="listed_name, domain"):
    found = warehouse.arrow("from core.organization order by domain, listed_name, country").to_pylist()
    return [tuple(row[column] for column in columns.split(", ")) for row in found]


def memberships(warehouse):
    query = """
        select coalesce(first_name, company) as who, key, key_value, probability
        from core.lead
        join core.membership using (lead_id)
    """
    return {row.pop("who"): tuple(row.values()) for row in warehouse.rows(query)}


def test_the_macro_is_the_twin_of_make_id(warehouse):
    values = ("domain", "ötter's.example", "DE")
    for count in (1, 2, 3):
        marks = ", ".join("?" * count)
        (row,) = warehouse.rows(f"select make_id('org', {marks}) as id", values[:count])
        assert row["id"] == make_id("org", *values[:count])


def test_an_organization_has_the_id_python_gives_it(resolve):
    found = resolve(a="company,website,country\nOtter,otter.example,\nHeron,,Germany\nStork,,\n")
    ids = {row["organization_id"] for row in found.rows("select organization_id from core.organization")}
    assert ids == {
        make_id("org", "domain", "otter.example"),
        make_id("org", "name", "heron", "DE"),
        make_id("org", "name", "stork", ""),
    }


def test_a_website_an_address_and_a_name_meet_in_one_organization(resolve):
    found = resolve(
        a="first name,company,website,email,country\n"
        "Ada,Otter GmbH,https://www.otter.example/de,ada@freemail.example,Germany\n"
        "Bo,OTTER,,bo@mail.otter.example,\n"
        "Cy,Ottér,,cy@freemail.example,DE\n"
        "Di,Otter,,di@freemail.example,US\n"
    )
    assert memberships(found) == {
        "Ada": ("website", "otter.example", 1.0),
        "Bo": ("email domain", "otter.example", 0.95),
        "Cy": ("name", "otter, DE", 0.8),
        "Di": ("name and country", "otter, US", 0.9),
    }
    assert organizations(found, "domain, listed_name, country, leads") == [
        ("otter.example", "Otter GmbH", "DE", 3),
        (None, "Otter", "US", 1),
    ]


def test_a_name_that_two_domains_go_by_joins_neither(resolve):
    found = resolve(a="company,website,city\nOtter,otter.example,\nOtter AG,otter.test,\nOtter,,Bonn\n")
    assert organizations(found, "domain, city") == [("otter.example", None), ("otter.test", None), (None, "Bonn")]


def test_a_name_without_a_country_joins_the_only_one_there_is(resolve):
    found = resolve(a="company,country,city\nOtter,DE,Bonn\nOtter,,Köln\nHeron,DE,Bonn\nHeron,FR,Paris\nHeron,,Rome\n")
    assert organizations(found, "listed_name, country, leads") == [
        ("Heron", "DE", 1),
        ("Heron", "FR", 1),
        ("Heron", None, 1),
        ("Otter", "DE", 2),
    ]


def test_the_earliest_sighting_is_the_lead_and_the_others_name_it(resolve):
    resolve(b="company,email\nOtter,ada@otter.example\n")
    found = resolve(a="email,company\nADA@otter.example,Otter GmbH\nbo@otter.example,Otter\nbo@otter.example,Otter\n")
    assert [(row["email"], row["list_name"]) for row in found.rows("select * from core.lead order by email")] == [
        ("ada@otter.example", "b.csv"),
        ("bo@otter.example", "a.csv"),
    ]
    query = """
        select duplicate.row_number, because, email
        from core.duplicate
        join core.lead on lead_id = twin_lead_id
        order by duplicate.row_number
    """
    assert [tuple(row.values()) for row in found.rows(query)] == [
        (1, "same e-mail", "ada@otter.example"),
        (3, "same row", "bo@otter.example"),
    ]


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        ("Otter,otter.example,,\nOtter Inc,www.otter.example,,", "same website"),
        ('Otter,otter.example,Ada Lovelace,\nOtter,otter.example,"Lovelace, Ada",DE', "same person and company"),
        ("Otter,,,DE\nOtter GmbH,,,Germany", "same company and place"),
    ],
)
def test_what_makes_two_rows_the_same(resolve, rows, because):
    found = resolve(a=f"company,website,full name,country\n{rows}\n")
    assert [row["because"] for row in found.rows("select because from core.duplicate")] == [because]


def test_rows_alike_to_the_letter_are_one_lead_however_each_list_was_read(resolve):
    resolve(a="who,company,x\nAda,Otter,heron.example\n")
    found = resolve(b="who,company,x\nAda,Otter,heron.example\nBo,Stork,1\nCy,Stork,2\nDi,Stork,3\nEd,Stork,4\n")
    identities = found.rows(
        "select distinct identity from core.sighting where identity like '%otter%' or identity like '%heron%'"
    )
    assert len(identities) == 2, "the case needs two readings of one row"
    assert found.rows("select count(*) as n, count(distinct lead_id) as ids from core.lead") == [{"n": 2, "ids": 2}]


def test_a_customer_stays_one_when_a_leads_list_came_first(resolve):
    resolve(fair="company,website\nOtter,otter.example\nHeron,heron.example\nStork,stork.example\nWren,wren.example\n")
    found = resolve(
        competitors=["stork.example", "otter.example"],
        our_customers="company,website\nOtter,otter.example\n",
        our_partners="company\nHeron\n",
    )
    assert organizations(found, "listed_name, standing") == [
        ("Heron", "partner"),
        ("Otter", "customer"),
        ("Stork", "competitor"),
        ("Wren", "prospect"),
    ]


def test_what_is_listed_is_what_most_leads_say_then_the_first(resolve):
    found = resolve(
        a="company,email,city\nOtter,a@otter.example,Bonn\nOtter GmbH,b@otter.example,Köln\nOtter GmbH,c@otter.example,\n"
        "Heron One,a@heron.example,\nHeron Two,b@heron.example,\n"
    )
    assert organizations(found, "listed_name, city") == [("Heron One", None), ("Otter GmbH", "Bonn")]


def test_the_same_list_again_adds_nothing_and_a_changed_row_one_lead(resolve):
    first = resolve(a="company,website\nOtter,otter.example\nHeron,heron.example\n").rows("from core.lead order by lead_id")
    second = resolve(a="company,website\nOtter,otter.example\nHeron,heron2.example\n").rows("from core.lead order by lead_id")
    assert [row for row in second if row["domain"] != "heron2.example"] == first
    assert len(second) == len(first) + 1
