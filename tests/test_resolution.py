"""Sightings become leads and duplicates, leads become organizations: the models of sql/core that stand behind it."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.ids import make_id
from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.reading import read_lists
from pipelines.linking.resolution import link
from pipelines.settings import Resolution, Settings
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

SQL = Path(__file__).parents[1] / "sql"
NEEDED = (
    "raw.lead_list raw.lead_row raw.rejected_row raw.icp_competitor core.sighting core.duplicate core.lead core.conservation "
    "core.shared_domain core.tie core.candidate core.namesake core.link core.cluster core.membership core.organization "
    "core.doubt mart.resolution_review"
).split()
BEFORE = "core.duplicate core.lead core.shared_domain core.tie core.candidate core.namesake".split()
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

    def add(competitors=(), decided=None, **lists):
        day = next(days)
        for name, text in lists.items():
            file = tmp_path / f"{name}.csv"
            file.write_text(text, "utf-8")
            receive([file], inbox, day)
        for name, table in read_lists(lists_in(inbox, Settings().lists, day), Settings()).named().items():
            warehouse.load(name, table)
        warehouse.load("raw.icp_competitor", [{"domain": domain} for domain in competitors])
        warehouse.build(BEFORE)
        link(warehouse, decided or Resolution())
        warehouse.build(set(NEEDED) - set(BEFORE))
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


def reviews(warehouse):
    query = "select left_name, right_name, is_joined, probability, because from mart.resolution_review where probability < 2"
    found = {}
    for row in warehouse.rows(query):
        found[tuple(sorted((row["left_name"], row["right_name"])))] = (row["is_joined"], row["probability"], row["because"])
    return found


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
        "Cy": ("name and place", "OTTER ~ Ottér", 0.97),
        "Di": ("name and place", "otter, US", 0.99),
    }
    assert organizations(found, "domain, listed_name, country, leads") == [
        ("otter.example", "Otter GmbH", "DE", 3),
        (None, "Otter", "US", 1),
    ]


def test_a_name_that_two_domains_go_by_joins_neither(resolve):
    found = resolve(a="company,website,city\nOtter,otter.example,\nOtter AG,otter.test,\nOtter,,Bonn\n")
    assert organizations(found, "domain, city") == [("otter.example", None), ("otter.test", None), (None, "Bonn")]


def test_a_name_without_a_country_joins_the_only_one_there_is(resolve):
    resolve(a="company,country\nOtter Boats,DE\nHeron Boats,DE\nHeron Boats,FR\n")
    found = resolve(b="company,first name\nOtter Boats,Ada\nHeron Boats,Ada\n")
    assert organizations(found, "listed_name, country, leads") == [
        ("Heron Boats", "DE", 1),
        ("Heron Boats", "FR", 1),
        ("Heron Boats", None, 1),
        ("Otter Boats", "DE", 2),
    ]
    assert memberships(found)["Ada"][0] == "name"


def test_a_short_name_without_a_country_is_asked_about_and_not_joined(resolve):
    found = resolve(a="company,country,first name\nOtter,DE,\nOtter,,Ada\n")
    assert organizations(found, "country, leads") == [("DE", 1), (None, 1)]
    assert reviews(found) == {("Otter", "Otter"): (False, 0.79, "it is not sure enough")}


def test_a_list_that_gives_a_name_two_places_tells_companies_apart(resolve):
    found = resolve(a="company,country,city\nPlover Boats,US,Boston\nPlover Boats,US,Denver\n")
    assert sorted(organizations(found, "city")) == [("Boston",), ("Denver",)]


def test_people_of_one_company_in_two_places_do_not(resolve):
    found = resolve(a="first name,company,country,city\nAda,Plover Boats,US,Boston\nBo,Plover Boats,US,Denver\n")
    assert organizations(found, "listed_name, leads") == [("Plover Boats", 2)]


def test_two_lists_that_each_give_one_place_mean_one_company(resolve):
    resolve(a="company,country,city\nPlover Boats,US,Boston\n")
    found = resolve(b="company,country,city\nPlover Boats,US,Denver\n")
    assert organizations(found, "listed_name, leads") == [("Plover Boats", 2)]


def test_a_lead_joins_the_domain_of_its_place_where_two_go_by_the_name(resolve):
    found = resolve(
        a="company,website,country,city,first name\nOtter,otter.example,US,Boston,\nOtter,otter.test,US,Denver,\n"
        "Otter,,US,Denver,Ada\n"
    )
    assert organizations(found, "domain, leads") == [("otter.example", 1), ("otter.test", 2)]
    assert memberships(found)["Ada"] == ("name and place", "Otter ~ Otter", 0.99)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Studio 54 Records", "Studio 55 Records"),
        ("3M Company", "3D Company"),
        ("University of Ternmouth", "University of Gullmouth"),
        ("IBM", "International Business Machines"),
        ("Otter", "Otter Leisure Group"),
        ("Otter Boats", "Otter Boats France"),
        ("Dunlin Fund II", "Dunlin Fund III"),
        ("Otter Holdings", "Otter"),
        ("東京電力", "東京瓦斯"),
        ("Kestrel", "Kestral"),
    ],
)
def test_names_that_are_alike_and_not_the_same_stay_apart(resolve, one, other):
    found = resolve(a=f"company,country,city\n{one},GB,Leeds\n{other},GB,Leeds\n")
    assert len(organizations(found)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tap to Grow Boats", "TapToGrow Boats"),
        ("Müller & Söhne GmbH", "MULLER UND SOHNE"),
        ("Bittern Intl. Industries plc", "Bittern International Ind."),
        ("Stork Analytics (formerly Nestline Data)", "Nestline Data"),
        ("OSPREY MINERALS   DRN", "Osprey Minerals Limited"),
        ("Osprey Minerals Sponsored ADR", "Osprey Minerals N.V."),
        ("株式会社東京電力", "東京電力"),
        ("Avocet Robotics Instruments", "Avocet Robtics Instruments"),
    ],
)
def test_two_ways_to_write_one_name_meet(resolve, one, other):
    found = resolve(a=f"company,country,city\n{one},GB,Leeds\n{other},GB,Leeds\n")
    assert len(organizations(found)) == 1


@pytest.mark.parametrize(
    ("company", "domain"),
    [("Acme Robotics", "acmerobotics.example"), ("Acme Robotics", "acme-robotics.example"), ("Otter", "otter.example")],
)
def test_a_name_meets_the_domain_that_is_made_of_it(resolve, company, domain):
    found = resolve(a=f"first name,company,website,country,city\nAda,,{domain},DE,Bonn\nBo,{company},,DE,Bonn\n")
    assert organizations(found, "domain, listed_name, leads") == [(domain, company, 2)]
    assert memberships(found)["Bo"][0] == "linked"


def test_one_name_in_two_countries_is_two_companies_unless_the_phone_is_one(resolve):
    rows = "company,country,phone,first name\nOtter Boats,DE,{},Ada\nOtter Boats,FR,{},Bo\n"
    apart = resolve(a=rows.format("+49 228 1234567", "+33 1 23 45 67 89"))
    assert len(organizations(apart)) == 2


def test_one_phone_joins_what_two_countries_part(resolve):
    found = resolve(a="company,country,phone,first name\nOtter Boats,DE,+49 228 1234567,Ada\nOtter Boats,FR,+49 228 1234567,Bo\n")
    assert organizations(found, "listed_name, leads") == [("Otter Boats", 2)]


def test_a_domain_that_strangers_share_joins_only_who_goes_by_it(resolve):
    names = ("Agency", "Otter", "Heron", "Stork", "Wren", "Plover", "Kestrel")
    rows = "".join(f"Ada {name},{name} Ltd,agency.example,GB\n" for name in names)
    found = resolve(a=f"first name,company,website,country\n{rows}")
    assert organizations(found, "domain, leads") == [("agency.example", 1)] + [(None, 1)] * 6
    (review,) = found.rows("select left_name, is_joined from mart.resolution_review where question = 'whose domain?'")
    assert review == {"left_name": "agency.example", "is_joined": False}


def test_a_group_under_one_domain_stays_one(resolve):
    names = ("Acme Inc", "Acme France SAS", "Acme GmbH", "Acme Robotics", "Acme Boats", "Acme Insurance")
    found = resolve(a="company,website,first name\n" + "".join(f"{name},acme.example,Ada {name}\n" for name in names))
    assert organizations(found, "domain, leads") == [("acme.example", 6)]


def test_the_website_decides_over_the_address_and_it_is_said(resolve):
    found = resolve(a="company,website,email\nOtter,otter.example,ada@heron.example\n")
    assert organizations(found, "domain") == [("otter.example",)]
    (row,) = found.rows("select question, disagrees, is_joined from mart.resolution_review")
    assert row == {
        "question": "which domain?",
        "disagrees": "website otter.example, e-mail address heron.example",
        "is_joined": False,
    }


TWO_SITES = "company,website,country,city\nOtter,otter.example,DE,Bonn\nOtter,otter.test,DE,Bonn\n"


def test_two_websites_under_one_name_are_asked_about(resolve):
    found = resolve(a=TWO_SITES)
    (review,) = found.rows("select is_joined, because, what_to_do, left_domain, right_domain from mart.resolution_review")
    assert {review.pop("left_domain"), review.pop("right_domain")} == {"otter.example", "otter.test"}
    assert "resolution.same" in review.pop("what_to_do")
    assert review == {"is_joined": False, "because": "each has a website of its own, otter.example and otter.test"}


def test_what_a_person_decided_has_the_last_word(resolve):
    found = resolve(a=TWO_SITES, decided=Resolution(same=(("otter.example", "www.otter.test"),)))
    smallest = min(make_id("org", "domain", each) for each in ("otter.example", "otter.test"))
    assert [row["organization_id"] for row in found.rows("select organization_id from core.organization")] == [smallest]
    assert {row["key"] for row in found.rows("select key from core.membership")} == {"website", "decided"}
    assert reviews(found) == {}


def test_what_a_person_parted_stays_apart_and_is_asked_no_more(resolve):
    rows = "company,website,country\nOtter Boats,otter.example,DE\nOtter Boats,,DE\n"
    parted = Resolution(apart=((make_id("org", "name", "otter boats", "DE"), "otter.example"),))
    found = resolve(a=rows, decided=parted)
    assert organizations(found, "domain, leads") == [("otter.example", 1), (None, 1)]
    assert reviews(found) == {}


def test_a_name_drawn_to_two_domains_joins_neither(resolve):
    found = resolve(
        a="first name,company,website,country,city\nAda,,acme-robotics.example,DE,Bonn\nBo,,acmerobotics.test,DE,Bonn\n"
        "Cy,Acme Robotics,,DE,Bonn\n"
    )
    assert organizations(found, "domain, leads") == [("acme-robotics.example", 1), ("acmerobotics.test", 1), (None, 1)]
    assert {because for _, _, because in reviews(found).values()} == {"another candidate has as good a claim"}


MIXED = [
    "Otter Boats GmbH,otter.example,,DE,Bonn",
    "Otter Boats,,,DE,Bonn",
    "OtterBoats,,,DE,Bonn",
    "Heron Analytics,,ada@heronanalytics.example,FR,Paris",
    "Heron Analytics,,,FR,Lyon",
    "Heron Analytcs,,,FR,Paris",
    "Plover,,,US,Boston",
    "Plover,,,US,Denver",
    "Plover,,,,",
    "東京電力,,,JP,東京",
]


def test_the_order_of_the_rows_does_not_matter(resolve):
    head = "company,website,email,country,city\n"
    query = """
        select lead.company, lead.city, organization_id, key, probability
        from core.lead
        join core.membership using (lead_id)
        order by all
    """
    one = resolve(a=head + "\n".join(MIXED)).rows(query)
    assert len({row["organization_id"] for row in one}) == 7
    both = resolve(b=head + "\n".join(reversed(MIXED)))
    assert both.count("raw.lead_list") == 2, "both orders are there"
    assert both.rows(query) == one


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
