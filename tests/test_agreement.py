"""Whether somebody met by name elsewhere is the organization we mean: namesakes, subsidiaries, the dissolved, itself."""

import csv
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask
from pipelines.identity.naming import distinctive
from pipelines.intake import names
from pipelines.intake.names import legal_form
from pipelines.records import Organization

SHARED = Path(__file__).parents[2] / "shared" / "real"


def ours(name: str, domain: str | None = None, **known: Any) -> Organization:
    given = {key: (value,) if isinstance(value, str) and key != "country" else value for key, value in known.items()}
    return Organization("org_1", domain, name, **given)


def theirs(name: str, country: str = "", city: str = "", **known: Any) -> Candidate:
    given = {key: (value,) if isinstance(value, str) and key != "website" else value for key, value in known.items()}
    return Candidate((name,), countries=(country,) if country else (), cities=(city,) if city else (), **given)


KEGS = ours("Kestrel Kegs", "kestrelkegs.example", country="GB", cities="Leeds", phones="+441132960001")
DELTA = ours("Delta", "delta.example", country="DE", cities="Berlin")


def on(organization: Organization, *candidates: Candidate, whole: bool = True) -> str | None:
    believed = agreement(organization, candidates, whole=whole)
    return believed.on if believed else None


# What is enough


def test_nobody_is_believed_where_nobody_answers():
    assert agreement(KEGS, []) is None


@pytest.mark.parametrize(
    ("candidate", "what", "confidence"),
    [
        (theirs("Kestrel Kegs Ltd", website="https://www.kestrelkegs.example/about"), "website", 0.98),
        (theirs("KESTREL KEGS LIMITED", website="kestrelkegs.example"), "website", 0.98),
        (theirs("Kestrel", website="kestrelkegs.example"), "website", 0.88),  # short, and the website says whose it is
        (theirs("Kestrel Kegs", "IE", website="kestrelkegs.example"), "website", 0.93),
        (theirs("Kestrel Kegs Ltd", phones="0113 296 0001"), "phone", 0.95),
        (theirs("Kestrel Kegs Ltd", phones="+44 113 296 0001"), "phone", 0.95),
        (theirs("Kestrel Kegs Ltd", "GB", "Leeds"), "name and city", 0.9),
        (theirs("The Kestrel-Kegs Ltd.", "GB", "LEEDS"), "name and city", 0.9),
        (theirs("Kestrel Kegs Ltd", city="Leeds"), "name and city", 0.9),
        (theirs("Kestrel Kegs Ltd", "GB"), "name and country", 0.8),
        (theirs("Kestrel Kegs Ltd", "GB", website="https://www.facebook.com/kestrelkegs"), "name and country", 0.8),
        (theirs("Kestrel Kegs Ltd", "GB", website="kestrelkegs.test"), "name and country", 0.8),  # rare, under another suffix
    ],
)
def test_a_name_and_something_else_is_enough(candidate: Candidate, what: str, confidence: float):
    believed = agreement(KEGS, [candidate])
    assert believed == Agreement(what, pytest.approx(confidence), 0)


def test_a_registration_found_on_its_own_pages_is_the_surest():
    known = ours("Kestrel Kegs", country="GB", registrations="0123 4567")
    assert on(known, theirs("Kestrel Kegs Ltd", registrations="01234567")) == "registration"
    assert on(known, theirs("Kestrel Brewing Ltd", "GB", registrations="1234567")) == "registration"
    assert on(known, theirs("Harbour Laundry Ltd", "GB", registrations="01234567")) is None  # its maker's, its host's
    trading = ours("Kestrel Kegs", country="GB", cities="Leeds", registrations="01234567")
    assert on(trading, theirs("Harbour Laundry Ltd", "GB", "Leeds", registrations="01234567")) == "registration and city"
    assert on(ours("Kestrel Kegs", registrations="0012"), theirs("Kestrel Kegs Ltd", registrations="12")) is None


def test_a_profile_is_compared_without_its_dress():
    known = ours("Kestrel Kegs", profiles="https://www.linkedin.com/company/kestrel-kegs")
    assert on(known, theirs("Kestrel Kegs", profiles="http://linkedin.com/company/Kestrel-Kegs/")) == "profile"
    assert on(known, theirs("Kestrel Kegs", profiles="http://linkedin.com/company/kestrel")) is None


def test_its_domain_is_a_name_of_its_own():
    known = Organization("org_1", "kestrelkegs.example", None)
    assert on(known, theirs("kestrelkegs", website="kestrelkegs.example")) == "website"
    assert on(known, theirs("Northern Grain Fund", website="kestrelkegs.example")) is None


@pytest.mark.parametrize(
    ("mine", "other"),
    [("Paris", "PARIS 9E ARRONDISSEMENT"), ("Frankfurt", "Frankfurt am Main"), ("Lyon", "LYON CEDEX 03"), ("Zürich", "Zurich")],
)
def test_towns_are_compared_without_quarters_and_rivers(mine: str, other: str):
    assert on(ours("Kestrel Kegs", cities=mine), theirs("Kestrel Kegs SA", city=other)) == "name and city"


def test_york_is_not_new_york():
    assert on(ours("Kestrel Kegs", cities="York"), theirs("Kestrel Kegs", city="New York")) is None


# What is not


@pytest.mark.parametrize(
    "candidate",
    [
        theirs("Kestrel Kegs Ltd"),  # the name and nothing else
        theirs("Kestrel Kegs Holdings Ltd", "GB"),  # of the family
        theirs("Kestrel Kegs Pension Fund", "GB", "Leeds"),
        theirs("Kestrel Kegs Germany GmbH", "DE", website="kestrelkegs.example"),  # its daughter abroad
        theirs("Kestrel Kegs Inc", "US", "Leeds"),  # there is a Leeds in Alabama
        theirs("Kestrel Kegs Inc", "US"),
        theirs("Kestrel Kegs Ltd", "GB", "Penzance"),  # one name, two towns, and no legal form known
        theirs("Kestrel Kegs Ltd", "GB", "Leeds", ended=True),  # dissolved
        theirs("Kestrel Kegs Ltd", "GB", "Leeds", website="kestrel.example"),
        theirs("Kestrel Kegs Ltd", "GB", "Leeds", website="kestrel.example", phones="+441132960001"),
        theirs("Harbour Laundry Ltd", "GB", "Leeds", website="kestrelkegs.example"),
        theirs("Harbour Laundry Ltd", "GB", "Leeds", phones="+441132960001"),  # the switchboard of their business park
        theirs("Kestrel Kegs Ltd", phones="960001"),  # too short to be anybody's
        theirs("", "GB", "Leeds"),
        theirs("Ltd", "GB", "Leeds"),
    ],
)
def test_a_name_alone_or_a_contradiction_is_not_enough(candidate: Candidate):
    assert agreement(KEGS, [candidate]) is None


def test_a_dissolved_company_is_believed_where_its_website_says_so():
    assert on(KEGS, theirs("Kestrel Kegs Ltd", website="kestrelkegs.example", ended=True)) == "website"


def test_a_page_among_many_is_nobodys_website():
    known = ours("Kestrel Kegs", "facebook.com")
    assert on(known, theirs("Kestrel Kegs", website="https://facebook.com/another")) is None


def test_another_legal_form_is_another_company():
    known = ours("Kestrel Kegs", country="DE", cities="Berlin", names="Kestrel Kegs GmbH")
    assert on(known, theirs("Kestrel Kegs AG", "DE", "Berlin")) is None
    assert on(known, theirs("Kestrel Kegs Gesellschaft mbH", "DE", "Berlin")) == "name and city"
    assert on(known, theirs("Kestrel Kegs GmbH", "DE", "Bonn")) == "legal name and country"
    assert on(known, theirs("Kestrel Kegs AG", "DE", phones="+49301234567")) is None


def test_a_short_legal_form_is_the_long_one():
    known = ours("Kestrel Brewing Co.", country="GB")
    assert on(known, theirs("KESTREL BREWING CO LTD", "GB")) == "name and country"


def test_the_legal_form_of_another_name_is_not_its_own():
    known = ours("Delta", country="GB", names=("Delta", "Omega Ltd"))
    assert on(known, theirs("Delta Ltd", "GB"), whole=False) is None


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Kestrel Kegs Limited", "ltd"),
        ("Kestrel Kegs Public Limited Company", "plc"),
        ("Kestrel Kegs, L.L.C.", "llc"),
        ("Kestrel GmbH & Co. KG", "gmbh and co kg"),
        ("KESTREL KEGS CORPORATION", "corp"),
        ("Kestrel Brewing Co Ltd", "co ltd"),
        ("Kestrel Kegs", ""),
        ("Limited", ""),
        ("", ""),
    ],
)
def test_a_legal_form_has_one_spelling(name: str, form: str):
    assert legal_form(name) == form


def test_a_plain_name_takes_the_short_way_to_the_same_words(monkeypatch: pytest.MonkeyPatch):
    random = Random(1)
    given = ["".join(random.choices("AB cd1 (),./&+'-  LTD. S.A. é", k=12)) for _ in range(2000)]
    short = [names._words(each) for each in given]
    monkeypatch.setattr(names, "_PLAIN", re.compile("(?!)"))
    assert short == [names._words(each) for each in given]
    assert names._words("SMITH & SONS LTD.") == ["smith", "and", "sons", "ltd"]


# Names that many could have


def test_a_common_word_takes_more_than_a_country():
    assert on(DELTA, theirs("Delta GmbH", "DE"), theirs("Delta Logistik GmbH", "DE")) is None
    assert on(DELTA, theirs("Delta GmbH", "DE", "Berlin"), theirs("Delta Logistik GmbH", "DE", "Bonn")) is None
    assert on(DELTA, theirs("Delta GmbH", website="delta.example"), theirs("Delta Logistik GmbH", "DE")) == "website"


def test_a_word_of_its_own_takes_a_town_or_the_whole_name():
    known = ours("Quillivant", "quillivant.example", country="DE", cities="Berlin")
    assert agreement(known, [theirs("Quillivant SE", "DE", "Berlin")]) == Agreement("name and city", pytest.approx(0.8), 0)
    assert on(known, theirs("Quillivant SE", "DE")) is None  # a country is too large for one word
    assert on(known, theirs("Quillivant SE", "DE", "Berlin"), whole=False) is None  # who knows who else is called that
    in_full = ours("Quillivant", country="DE", names="Quillivant SE")
    assert on(in_full, theirs("Quillivant SE", "DE")) == "legal name and country"
    assert on(in_full, theirs("Quillivant SE", "DE"), whole=False) is None


@pytest.mark.parametrize("name", ["Arc", "Solutions", "Group", "AI", "Nord"])
def test_a_short_or_generic_word_is_never_its_own(name: str):
    assert on(ours(name, country="DE", cities="Berlin"), theirs(f"{name} GmbH", "DE", "Berlin")) is None


def test_the_full_name_is_one_companys_where_the_register_sees_to_that():
    british = ours("Delta", country="GB", names="Delta Ltd")
    assert on(british, theirs("DELTA LIMITED", "GB"), whole=False) == "legal name and country"
    german = ours("Delta", country="DE", names="Delta GmbH")
    assert on(german, theirs("Delta GmbH", "DE"), theirs("Delta Bau GmbH", "DE")) is None
    german = ours("Delta", country="DE", cities="Berlin", names="Delta GmbH")
    assert on(german, theirs("Delta GmbH", "DE", "Berlin"), theirs("Delta Bau GmbH", "DE")) == "name and city"


# Whom to ask for


def test_registers_are_asked_for_each_company_name_once_in_full_where_it_is_known():
    known = ours("Kestrel Kegs", names=("Kestrel", "KESTREL KEGS LTD.", "Kestrel Kegs Limited", "x" * 101, "!", "Otter"))
    assert names_to_ask(known) == ["KESTREL KEGS LTD.", "Kestrel"]
    assert names_to_ask(known, 9) == ["KESTREL KEGS LTD.", "Kestrel", "Otter"]
    assert names_to_ask(Organization("org_1", "kestrel.example", None)) == []


# One among several


def test_two_that_fit_alike_are_none():
    twins = [theirs("Kestrel Kegs Ltd", "GB"), theirs("Kestrel Kegs LLP", "GB")]
    assert agreement(KEGS, twins) is None
    assert agreement(KEGS, [theirs("Kestrel Kegs Ltd", "GB", "Leeds"), theirs("Kestrel Kegs LLP", "GB", "Leeds")]) is None
    assert agreement(KEGS, [theirs("Kestrel Kegs Ltd", website="kestrelkegs.example")] * 2) is None


def test_the_one_in_town_is_meant():
    believed = agreement(KEGS, [theirs("Kestrel Kegs Ltd", "GB", "Hull"), theirs("Kestrel Kegs LLP", "GB", "Leeds")])
    assert believed == Agreement("name and city", pytest.approx(0.9), 1)


def test_the_one_alive_is_meant():
    candidates = [theirs("Kestrel Kegs Ltd", "GB", ended=True), theirs("Kestrel Kegs Limited", "GB")]
    assert agreement(KEGS, candidates) == Agreement("name and country", pytest.approx(0.8), 1)


def test_the_one_at_home_is_meant():
    candidates = [theirs("Kestrel Kegs Inc", "US"), theirs("Kestrel Kegs Ltd", "GB"), theirs("Kestrel Kegs Pty Ltd", "AU")]
    assert agreement(KEGS, candidates) == Agreement("name and country", pytest.approx(0.8), 1)


def test_the_mother_is_meant_and_not_her_daughters():
    known = ours("Kestrel Kegs", "kestrelkegs.example", country="US")
    family = [
        theirs("Kestrel Kegs Germany GmbH", "DE", website="kestrelkegs.example"),
        theirs("Kestrel Kegs Holdings Inc", "US", website="kestrelkegs.example"),
        theirs("Kestrel Kegs Inc", "US", website="kestrelkegs.example"),
    ]
    assert agreement(known, family) == Agreement("website", pytest.approx(0.98), 2)


def test_the_daughter_is_meant_where_her_own_pages_name_her():
    known = ours("Kestrel Kegs", "kestrelkegs.example", country="DE", names="Kestrel Kegs Germany GmbH")
    family = [
        theirs("Kestrel Kegs Inc", "US", website="kestrelkegs.example"),
        theirs("Kestrel Kegs Germany GmbH", "DE", website="kestrelkegs.example"),
    ]
    assert agreement(known, family) == Agreement("website", pytest.approx(0.98), 1)


def test_the_legal_form_tells_namesakes_in_one_country_apart():
    known = ours("Kestrel Kegs", country="GB", names="Kestrel Kegs LLP")
    believed = agreement(known, [theirs("Kestrel Kegs Ltd", "GB"), theirs("Kestrel Kegs LLP", "GB")])
    assert believed == Agreement("legal name and country", pytest.approx(0.85), 1)


def test_the_mail_domain_contradicts_nothing():
    known = ours("Kestrel Kegs", "kestrelkegs.example", country="GB", mail_domains="kegs.example")
    assert on(known, theirs("Kestrel Kegs Ltd", "GB", website="kegs.example")) == "name and country"


# What it is worth


@pytest.mark.skipif(not (SHARED / "api").exists(), reason="the real lists of ../shared are not here")
def test_hardly_a_startup_is_taken_for_a_listed_namesake():
    """4,663 young companies against all that are listed in their country, by name and country alone: the hardest there is."""
    listed = json.loads((SHARED / "api/sec/company_tickers.json").read_text("utf-8")).values()
    titles = {each["cik_str"]: each["title"] for each in listed}
    users: dict[str, set[int]] = {}
    for number, title in titles.items():
        for word in distinctive(title):
            users.setdefault(word, set()).add(number)
    with (SHARED / "leads/yc-2024.csv").open(encoding="utf-8", errors="replace") as file:
        startups = [(row["company_name"], row["status"]) for row in csv.DictReader(file)]
    believed = {}
    for name, status in startups:
        numbers = sorted({number for word in distinctive(name) for number in users.get(word, ())})
        if on(ours(name, country="US"), *[theirs(titles[number], "US") for number in numbers]):
            believed[name] = status
    assert believed == {"Rigetti Computing": "Public"}
