"""Whose website it is: names as evidence, domains that a name suggests, and visits to websites of every kind, right and wrong."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.enrich import Enrichment
from pipelines.facts import read_partition
from pipelines.identity.confirming import Site, agreements, judge_guessed, judge_listed
from pipelines.identity.guessing import guesses, is_nobodys
from pipelines.identity.hearing import heard
from pipelines.identity.naming import agree, any_said, are_related, distinctive, is_rare, is_said, squeezed
from pipelines.identity.standing import stands_at
from pipelines.identity.visit import Found
from pipelines.ids import digest_bytes, make_id
from pipelines.lexicon import Lexicon
from pipelines.looking import Looking
from pipelines.page import Page
from pipelines.reading import reader_of
from pipelines.readings import Readings
from pipelines.readout import Heard
from pipelines.records import Capture, Captured, Fact, Miss, Organization, Request, known_by
from pipelines.settings import Settings
from pipelines.sources import all_sources

MOMENT = datetime(2026, 11, 16, 12, tzinfo=UTC)
FILLER = "We make things of brass and have made them for a long time, by hand and with care. " * 12


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Inc.", "ACME"),
        ("The Quiet Kiln", "Quiet Kiln Ltd"),
        ("Müller & Söhne GmbH", "Müller and Söhne"),
        ("Figure AI", "FigureAI"),
        ("Schraubenkönig GmbH & Co. KG", "Schraubenkonig"),
        ("Old Mill Flour Merchants", "OldMill Flour Merchants, LLC"),
    ],
)
def test_spellings_of_one_name_agree(one: str, other: str):
    assert agree(one, other) and agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("World Labs", "World of Labs"), ("Captions", "ClearCaptions"), ("Acme", "Acme Tools"), ("", "")]
)
def test_names_that_differ_do_not(one: str, other: str):
    assert not agree(one, other)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("International Brass Mills", "IBM", True),
        ("Brombeer Baustoffhandel GmbH", "Brombeer Baustoffe", True),
        ("Otter", "Otterbrass", True),
        ("Kestrel Kegs", "Larkspur Group", False),
        ("Summit Consulting", "Ridge Consulting", False),
    ],
)
def test_what_may_be_short_for_what(one: str, other: str, are: bool):
    assert are_related(one, other) is are_related(other, one) is are


def test_what_tells_a_company_from_others():
    assert distinctive("The First National Bank of Otter Creek, Inc.") == ("otter", "creek")
    assert squeezed("The Otter Co.") == "otter"
    assert [is_rare(name) for name in ("Otter Creek", "Otter Group", "Captions", "General Bank")] == [True, False, False, False]


def test_a_name_is_said_by_whole_words():
    assert is_said("Otter Creek Ltd", "welcome to otter creek and its otters")
    assert is_said("Otter Creek", "ottercreek since 1911")
    assert not is_said("Otter", "otters of the creek")
    assert any_said(["Otter Creek"], "the otter of the year")
    assert not any_said(["Otter Creek"], "a brook")


# Domains a name suggests


@pytest.mark.parametrize(
    ("name", "country", "some"),
    [
        ("Kestrel Kegs Ltd", "GB", {"kestrelkegs.co.uk", "kestrel-kegs.com"}),
        ("Figure AI", "US", {"figure.ai", "figureai.com"}),
        ("Schraubenkönig GmbH", "DE", {"schraubenkoenig.de", "schraubenkonig.de"}),
        ("Otter & Sons", None, {"ottersons.com"}),
        ("Heron Consulting", "FR", {"heronconsulting.fr", "heron.fr"}),
        ("The Quiet Kiln", "US", {"quietkiln.com"}),
    ],
)
def test_likely_domains_come_first(name: str, country: str | None, some: set[str]):
    found = guesses(Organization("org_1", None, name, country), 8)
    assert some <= set(found)
    assert len(found) == len(set(found)) <= 8


@pytest.mark.parametrize("name", ["", None, "AB", "株式会社", "Google", "Group", "GMX", "123", "x" * 80, "..", "Linkedin"])
def test_nothing_is_guessed_of_names_that_lead_nowhere_or_to_a_network(name: str | None):
    assert not [each for each in guesses(Organization("org_1", None, name), 6) if is_nobodys(each) or len(each) < 6]


def test_guesses_are_bounded_stable_and_never_the_one_that_was_refused():
    otter = Organization("org_1", "ottercreek.com", "Otter Creek", "US")
    assert guesses(otter, 3) == guesses(otter, 6)[:3]
    assert "ottercreek.com" not in guesses(otter, 99)
    assert guesses(otter, 0) == ()
    assert guesses(otter, 1, ["example"]) == ("ottercreek.example",)


# Judging


def fact(name: str, value: str, confidence: float = 0.9, capture: str = "cap_1", reader: str = "identity") -> Fact:
    identity = make_id("fact", name, value, capture)
    where = ("https://x.example/", "title", value)
    return Fact(identity, "org_1", name, value, "website", reader, capture, *where, MOMENT, None, confidence)


def site(organization: Organization, domain: str, facts: Sequence[Fact], texts: Sequence[str]) -> Site:
    """A website as it is known once its pages were heard."""
    return Site(domain, facts, [heard(organization, text) for text in texts])


OTTER = Organization("org_1", "otter.example", "Otter", "GB", ("Otter",), ("Leeds",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", Heard()),
        ("Nutria casts brass in Yorkshire, Leedsport.", Heard()),
        ("Otter & Sons", Heard(name=True)),
        ("Cast in LEEDS!", Heard(city=True)),
        ("Founded in the United Kingdom, 1911", Heard(country=True)),
        ("made in the UK", Heard(country=True)),
        ("Nutria, formerly known as Otter Ltd", Heard(name=True, former=True)),
        ("Otter is now Nutria", Heard(name=True, former=True)),
        ("Formerly Nutria, and Otter", Heard(name=True)),
    ],
)
def test_what_a_text_says_of_an_organization(text: str, said: Heard):
    assert heard(OTTER, text) == said


def test_of_an_organization_nothing_is_known_of_nothing_is_heard():
    assert heard(Organization("org_1", "otter.example", None), "formerly otter of leeds in the uk") == Heard()


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({}, set()),
        ({"mail_domains": ("otter.example",)}, {"mail"}),
        ({"phones": ("+441134960000",)}, {"phone"}),
        ({"phones": ("+441134960001", "0000")}, set()),
        ({"profiles": ("https://www.linkedin.com/company/otter",)}, {"profile"}),
        ({"cities": ("york",)}, {"address"}),
        ({"cities": ("Whitby",)}, {"city"}),
        ({"country": "DE"}, set()),
    ],
)
def test_what_else_agrees(more: dict[str, object], known: set[str]):
    facts = [fact("city", "York"), fact("phone", "+441134960000"), fact("linkedin", "https://www.linkedin.com/company/Otter")]
    organization = replace(Organization("org_1", None, "Otter"), **more)
    assert set(agreements(organization, site(organization, "otter.example", facts, ["cast in whitby since 1911"]))) == known


@pytest.mark.parametrize(
    ("name", "country", "facts", "text", "word"),
    [
        ("Otter Creek", "GB", {"country": "GB"}, "", "confirmed"),
        ("Otter Creek", "GB", {}, "in leeds", "confirmed"),
        ("Otter Creek", "GB", {}, "", "unclear"),
        ("Otter Creek", None, {}, "", "confirmed"),
        ("Otter Creek", "GB", {"country": "US"}, "", "unclear"),
        ("Otter", "GB", {"country": "GB"}, "", "unclear"),
        ("Otter", "GB", {"country": "GB"}, "in leeds", "confirmed"),
        ("Otter", "GB", {"city": "Leeds"}, "", "confirmed"),
        ("Otter", None, {}, "", "unclear"),
        ("Wren", "GB", {"city": "Leeds"}, "", "unclear"),
    ],
)
def test_a_guess_needs_the_name_and_a_name_that_many_have_needs_more(
    name: str, country: str | None, facts: Mapping[str, str], text: str, word: str
):
    said = [fact("name", "Otter Creek" if "Creek" in name else "Otter"), *(fact(*each) for each in facts.items())]
    organization = Organization("org_1", None, name, country, (name,), ("Leeds",) if country else ())
    assert judge_guessed(organization, site(organization, "otter.com", said, [text])).word == word


def test_a_name_read_unsurely_confirms_nothing():
    unsure = Site("ottercreek.com", [fact("name", "Otter Creek", confidence=0.4)], [])
    assert judge_guessed(Organization("org_1", None, "Otter Creek"), unsure).word == "unclear"


@pytest.mark.parametrize(
    ("facts", "texts", "more", "word"),
    [
        ([("name", "Otter")], ["otter"], {}, "confirmed"),
        ([("name", "Otter"), ("country", "ES"), ("language", "es")], ["otter"], {}, "refused"),
        ([("name", "Otter"), ("country", "ES"), ("language", "en")], ["otter"], {}, "confirmed"),
        ([("name", "Otter"), ("country", "ES"), ("language", "es")], ["otter in leeds"], {}, "confirmed"),
        ([("name", "Otter"), ("country", "ES"), ("language", "es")], [], {"mail_domains": ("otter.example",)}, "confirmed"),
        ([("name", "Nutria"), ("country", "ES")], ["nutria"], {}, "refused"),
        ([("name", "Nutria"), ("country", "ES")], ["nutria of the united kingdom"], {}, "unclear"),
        ([("name", "Nutria")], ["nutria", "about nutria"], {}, "unclear"),
        ([("name", "Nutria"), ("legal_name", "Nutria")], ["nutria", "about nutria"], {}, "refused"),
        ([("name", "Nutria"), ("legal_name", "Nutria")], ["nutria", "formerly otter"], {}, "unclear"),
        ([("name", "Nutria"), ("legal_name", "Nutria")], ["nutria"], {}, "unclear"),
        ([("name", "Nutria"), ("legal_name", "Nutria")], ["a", "b"], {"mail_domains": ("otter.example",)}, "unclear"),
        ([("name", "Nutria"), ("legal_name", "Otters of Leeds Ltd")], ["a", "b"], {}, "unclear"),
        ([], ["a", "b"], {}, "unclear"),
    ],
)
def test_a_listed_website_is_refused_only_for_a_reason(
    facts: list[tuple[str, str]], texts: list[str], more: dict[str, object], word: str
):
    said = [fact(name, value, reader=name) for name, value in facts]
    assert judge_listed(replace(OTTER, **more), site(OTTER, "otter.example", said, texts)).word == word


def test_an_organization_of_which_only_the_domain_is_known_is_not_judged_by_name():
    said = [fact("name", "Nutria"), fact("legal_name", "Nutria", reader="imprint")]
    nameless = Organization("org_1", "otter.example", None)
    assert judge_listed(nameless, Site("otter.example", said, [Heard(), Heard()])).word == "unclear"


# Visits, with the sources as they are


class FakeWeb:
    """Answers from a dict of pages and redirects; remembers what it was asked."""

    def __init__(self, pages: Mapping[str, str], moved: Mapping[str, str] | None = None) -> None:
        self.pages, self.moved = pages, moved or {}
        self.asked: list[str] = []
        self.bodies: dict[str, bytes] = {}

    def may_know(self, request: Request) -> bool:
        """Nobody but websites: that is what is tried here."""
        return False

    async def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        self.asked.append(request.url)
        url = self.moved.get(request.url, request.url)
        if url != request.url and not may_leave:
            return Miss(request, "redirected_elsewhere", "It leads elsewhere.", MOMENT)
        if url not in self.pages:
            return Miss(request, "dns", "There is no such host.", MOMENT)
        body = self.pages[url].encode()
        name = make_id("cap", url, digest_bytes(body))
        self.bodies[name] = body
        return Captured(Capture(name, request, url, 200, "text/html", MOMENT, digest_bytes(body), len(body), "f", 0), body)

    def so_far(self) -> str:
        return ""

    async def aclose(self) -> None:
        """Nothing is open."""

    def body(self, capture: Capture) -> bytes:
        return self.bodies[capture.capture_id]


READ = reader_of(all_sources(), Lexicon({}))


def html(title: str, text: str = "", head: str = "") -> str:
    return f"<html lang=en><title>{title}</title>{head}<p>{FILLER}</p><p>{text}</p></html>"


def look(organization: Organization, web: FakeWeb, **settings: object) -> Found:
    looking = Looking(web, all_sources(), READ, Settings.model_validate(settings), "")
    return asyncio.run(looking.look_at(organization, {}, Readings()))


def said(found: Found, *properties: str) -> set[tuple[str, str]]:
    return {(each.property, each.value) for each in found.facts.values() if each.property in properties}


def states(found: Found) -> dict[str, str]:
    return {page.capture.url: page.state for page in found.pages}


def test_a_listed_website_that_gives_the_name_is_confirmed_and_says_where():
    found = look(OTTER, FakeWeb({"https://otter.example/": html("Otter", "Cast in Leeds")}))
    (website,) = (each for each in found.facts.values() if each.property == "website")
    assert (website.value, website.reader, website.quote, website.url) == (
        "otter.example",
        "listed website",
        "Otter",
        "https://otter.example/",
    )
    assert found.owned == {"otter.example"}


def test_nothing_of_another_companys_website_is_used_and_the_record_says_whose_it_is():
    about = html("About Nutria", "© 2026 Nutria Holdings Ltd")
    home = html("Nutria", '<a href="/about">About</a> © 2026 Nutria', '<meta property="og:site_name" content="Nutria">')
    listed = replace(OTTER, domain="nutria.example", cities=(), country=None)
    found = look(listed, FakeWeb({"https://nutria.example/": home, "https://nutria.example/about": about}))
    assert {(each.property, each.value) for each in found.facts.values()} == {("other_owner", "Nutria")}
    assert set(states(found).values()) == {"somebody_elses"}
    assert found.disowned == {"nutria.example": "somebody_elses"}


def test_a_website_that_moved_is_read_where_it_is_and_one_that_leads_to_another_is_not():
    pages = {"https://otter.test/": html("Otter", "Cast in Leeds"), "https://larkspur.example/": html("Larkspur", "With Otter.")}
    moved = look(OTTER, FakeWeb(pages, {"https://otter.example/": "https://otter.test/"}))
    assert said(moved, "website", "name") == {("website", "otter.test"), ("name", "Otter")}
    assert {"https://otter.test/robots.txt", "https://otter.test/sitemap.xml"} <= {each.url for each in moved.requests}
    led = look(OTTER, FakeWeb(pages, {"https://otter.example/": "https://larkspur.example/"}))
    assert said(led, "website", "name", "parent", "other_owner") == {("other_owner", "Larkspur"), ("parent", "Larkspur")}
    assert states(led) == {"https://larkspur.example/": "redirected_elsewhere"}


@pytest.mark.parametrize("landing", ["https://sedo.com/x", "https://facebook.com/otter", "https://shop.myshopify.com/password"])
def test_a_market_a_network_or_a_login_is_nobodys_website(landing: str):
    found = look(OTTER, FakeWeb({landing: html("Otter", "Otter, Leeds")}, {"https://otter.example/": landing}))
    assert found.facts == {}
    assert states(found) == {landing: "redirected_elsewhere"}


def test_a_new_name_that_says_the_old_one_is_a_move():
    pages = {"https://wren.example/": html("Wren", "Wren, formerly known as Otter, still makes brass.")}
    found = look(OTTER, FakeWeb(pages, {"https://otter.example/": "https://wren.example/"}))
    assert said(found, "website") == {("website", "wren.example")}


def test_a_page_that_gives_another_address_everywhere_stands_there():
    head = (
        '<link rel=canonical href="https://clearotter.example/"><meta property="og:url" content="https://clearotter.example/x">'
    )
    request = Request("org_1", "website", "home", "https://otter.example/")
    capture = Capture("cap_1", request, request.url, 200, "text/html", MOMENT, "", 0, "", 0)
    assert stands_at(Page(capture, html("x", head=head).encode())) == "clearotter.example"
    assert (
        stands_at(Page(capture, html("x", head=head.replace("https://clearotter.example/x", "/x")).encode())) == "otter.example"
    )
    assert stands_at(Page(replace(capture, url="https://www.wren.example/a"), b"")) == "wren.example"


NAMED = Organization("org_2", None, "Brass Otter Taps", "GB", ("Brass Otter Taps Ltd",), ("Whitby",))
SUFFIX = {"guessing": {"suffixes": ["example"]}}


def test_a_guess_that_gives_the_name_is_read_on():
    home = html("Brass Otter Taps", 'In Whitby. <a href="/about">About</a>')
    web = FakeWeb({"https://brassottertaps.example/": home, "https://brassottertaps.example/about": html("About us")})
    found = look(NAMED, web, **SUFFIX)
    (website,) = (each for each in found.facts.values() if each.property == "website")
    assert (website.value, website.reader) == ("brassottertaps.example", "guessed website")
    assert states(found)["https://brassottertaps.example/about"] == "read"


def test_a_guess_that_does_not_is_left_at_once_and_says_nothing():
    web = FakeWeb({"https://brassottertaps.example/": html("Fishing for fun", '<a href="/about">About</a>')})
    found = look(NAMED, web, **SUFFIX)
    assert found.facts == {}
    assert states(found) == {"https://brassottertaps.example/": "not_confirmed"}
    assert not [each for each in web.asked if "/about" in each or "robots" in each]
    assert len(web.asked) == len(found.requests) == 6


def test_a_guess_that_is_for_sale_is_only_not_confirmed():
    found = look(NAMED, FakeWeb({"https://brassottertaps.example/": "<title>This domain is for sale</title>"}), **SUFFIX)
    assert states(found) == {"https://brassottertaps.example/": "not_confirmed"}


def test_a_guess_elsewhere_is_not_believed_though_it_has_the_name():
    spanish = html("Brass Otter Taps", "Calle Mayor 1, 28013 Madrid, Spain. Tel. +34 915 550 100").replace("lang=en", "lang=es")
    assert look(NAMED, FakeWeb({"https://brassottertaps.example/": spanish}), **SUFFIX).facts == {}


def test_a_website_for_sale_is_looked_for_elsewhere():
    listed = replace(NAMED, domain="brass-otter.example")
    pages = {
        "https://brass-otter.example/": "<title>brass-otter.example is for sale</title>",
        "https://brassottertaps.example/": html("Brass Otter Taps", "In Whitby"),
    }
    found = look(listed, FakeWeb(pages), **SUFFIX)
    assert said(found, "website") == {("website", "brassottertaps.example")}
    assert states(found)["https://brass-otter.example/"] == "parked"


@pytest.mark.parametrize("page", [None, html("Something"), "<title>Otter</title><meta name=robots content=noindex>"])
def test_a_listed_website_that_is_down_dumb_or_reserved_is_no_reason_to_guess(page: str | None):
    web = FakeWeb({"https://otter.example/": page} if page else {})
    look(OTTER, web)
    assert {each.split("/")[2] for each in web.asked} == {"otter.example"}


def test_guessing_can_be_switched_off():
    web = FakeWeb({})
    assert look(NAMED, web, guessing={"most": 0}) == Found()


# From run to run


def enrichment(folder: Path, web: FakeWeb) -> Enrichment:
    given = Settings.model_validate({"storage": {"partitions": 1}, **SUFFIX})
    return Enrichment(Looking(web, all_sources(), READ, given, ""), folder)


def kept(folder: Path, organization: Organization) -> tuple[set[str], set[str]]:
    """Return the properties stated and the states of the pages, as they lie."""
    rows = read_partition(folder, 0).rows
    return {row["property"] for row in rows["core.fact"]}, {row["state"] for row in rows["raw.capture"]}


def test_a_list_that_gives_another_name_later_takes_back_what_was_read(tmp_path: Path):
    home = html("Nutria", '<a href="/about">About</a>', '<meta property="og:site_name" content="Nutria">')
    web = FakeWeb({"https://nutria.example/": home, "https://nutria.example/about": html("About Nutria", "© 2026 Nutria")})
    mine = Organization("org_1", "nutria.example", "Nutria", names=("Nutria",))
    enrichment(tmp_path, web).run([mine], "monday", lambda *_: None)
    assert "description" in kept(tmp_path, mine)[0] or "website" in kept(tmp_path, mine)[0]
    other = replace(mine, name="Otter", names=("Otter",))
    enrichment(tmp_path, web).run([other], "monday", lambda *_: None)
    assert kept(tmp_path, other) == ({"other_owner"}, {"somebody_elses"})


def test_one_failure_does_not_unsay_a_guess_that_was_confirmed(tmp_path: Path):
    web = FakeWeb({"https://brassottertaps.example/": html("Brass Otter Taps", "In Whitby")})
    enrichment(tmp_path, web).run([NAMED], "monday", lambda *_: None)
    before = kept(tmp_path, NAMED)
    assert "website" in before[0]
    web.pages = {}
    enrichment(tmp_path, web).run([NAMED], "tuesday", lambda *_: None)
    assert kept(tmp_path, NAMED) == before


def test_a_row_of_core_known_by_is_an_organization():
    row = {"organization_id": "org_1", "domain": None, "name": "Otter", "cities": ["Leeds"]}
    assert known_by(row) == Organization("org_1", None, "Otter", cities=("Leeds",))
