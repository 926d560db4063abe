"""Golden cases of the sources: a page goes in, exactly these facts come out.

A case is a folder `tests/sources/<source>/<case>/`:

- the document (one of `DOCUMENTS`: `page.html`, `answer.json` …), byte for byte as a server might send it;
- `case.yaml`: `why` (what the case is for), `url`, `kind` (what it was asked for), `date` (when); where needed `content_type`,
  `headers` (as `web.telling` keeps them), `organization` (what is known of it), `asked_by` (the source that asked for the page,
  where that is another), `asks` (kind and URL of what it makes the source ask), `phrases` (term -> phrases to listen for), `grow`
  (marker in the document -> text and how often it stands there), `state` (what the page is, by `pagestate`);
- `facts.yaml`: the facts expected, each with `property`, `value` and, where it matters, `quote` (a part of it), `confidence`,
  `stated_on`; or `skip: <reason>` where the source must refuse the document.

The full set of (property, value) is compared, so that nothing is stated that should not be. After a deliberate change,
`RECORD=1 pytest tests/test_sources.py` writes the facts as they come out now: read every changed line before committing.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.pagestate import state_of
from pipelines.records import Capture, Fact, Organization, Request
from pipelines.source import Source
from pipelines.sources import all_sources
from pipelines.text import squeeze

CASES = Path(__file__).parent / "sources"
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/case.yaml"))
SOURCES = {source.name: source for source in all_sources()}
DOCUMENTS = {
    "page.html": "text/html",
    "robots.txt": "text/plain",
    "sitemap.xml": "application/xml",
    "answer.json": "application/json",
    "answer.xml": "application/xml",
    "answer.txt": "text/plain",
    "answer.csv": "text/csv",
}
OF_WEBSITE = ("website", "structured_data")
READERS = (
    "identity",
    "contact",
    "hiring",
    "buying",
    "language",
    "industry",
    "parts",
    "programmes",
    "technology",
    "news",
    "group",
    "hours",
    "naming",
    "registrations",
    "customers",
    "trust",
)
CSS = re.compile(r"[^/…]+")


@dataclass(frozen=True)
class Case:
    folder: Path
    given: dict[str, Any]

    @property
    def source(self) -> Source:
        return SOURCES[self.folder.parent.name]

    def page(self) -> Page:
        """A new page, that knows nothing of what another one worked out."""
        document = next(self.folder / name for name in DOCUMENTS if (self.folder / name).exists())
        body = document.read_bytes()
        for marker, (text, times) in self.given.get("grow", {}).items():
            assert marker.encode() in body, f"{marker} does not stand in the document"
            body = body.replace(marker.encode(), text.encode() * times)
        asker = self.given.get("asked_by", "website" if self.source.name in OF_WEBSITE else self.source.name)
        request = Request("org_1", asker, self.given["kind"], self.given["url"])
        moment = datetime.combine(self.given["date"], datetime.min.time(), UTC)
        content_type = self.given.get("content_type", DOCUMENTS[document.name])
        headers = self.given.get("headers", "").strip()
        capture = Capture("cap_1", request, request.url, 200, content_type, moment, "", len(body), "", 0, "", headers)
        known = {
            name: tuple(each) if isinstance(each, list) else each for name, each in self.given.get("organization", {}).items()
        }
        return Page(capture, body, Organization("org_1", **{"domain": None, "name": None, **known}))

    def read(self, page: Page) -> list[Fact]:
        assert self.source.wants(page), f"{self.source.name} does not want a page of kind {page.kind}"
        return list(self.source.read(page.read_by(self.source.name, self.source.name), Lexicon(self.given.get("phrases", {}))))


def load(folder: Path) -> Case:
    return Case(folder, yaml.safe_load((folder / "case.yaml").read_text("utf-8")))


def expected(folder: Path) -> Any:
    return yaml.safe_load((folder / "facts.yaml").read_text("utf-8")) or []


def label(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def as_said(fact: Fact) -> dict[str, Any]:
    dated = {"stated_on": fact.stated_on} if fact.stated_on else {}
    return {"property": fact.property, "value": fact.value, "confidence": fact.confidence, "quote": fact.quote, **dated}


@pytest.mark.parametrize("folder", FOLDERS, ids=label)
def test_exactly_these_facts_are_stated(folder: Path):
    case = load(folder)
    if os.environ.get("RECORD") and not ((folder / "facts.yaml").exists() and isinstance(expected(folder), dict)):
        facts = sorted(map(as_said, case.read(case.page())), key=lambda fact: (fact["property"], fact["value"]))
        (folder / "facts.yaml").write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False, width=1000), "utf-8")
    wanted = expected(folder)
    if isinstance(wanted, dict):
        with pytest.raises(Skip) as refused:
            case.read(case.page())
        assert refused.value.reason == wanted["skip"]
        return
    facts = case.read(case.page())
    assert sorted({(fact.property, fact.value) for fact in facts}) == sorted(
        {(each["property"], str(each["value"])) for each in wanted}
    )
    for each in wanted:
        same = [fact for fact in facts if (fact.property, fact.value) == (each["property"], str(each["value"]))]
        assert any(agrees(fact, each) for fact in same), f"{each} is stated otherwise: {[as_said(fact) for fact in same]}"


def agrees(fact: Fact, wanted: dict[str, Any]) -> bool:
    return (
        squeeze(str(wanted.get("quote", ""))) in squeeze(fact.quote)
        and wanted.get("confidence", fact.confidence) == pytest.approx(fact.confidence)
        and wanted.get("stated_on", fact.stated_on) == fact.stated_on
    )


@pytest.mark.parametrize("folder", [each for each in FOLDERS if "asks" in load(each).given], ids=label)
def test_exactly_this_is_asked_next(folder: Path):
    case = load(folder)
    requests = list(case.source.follow(case.page()))
    assert [[each.kind, each.url] for each in requests] == case.given["asks"]
    assert {(each.organization_id, each.source) for each in requests} <= {("org_1", case.source.name)}


@pytest.mark.parametrize("folder", FOLDERS, ids=label)
def test_every_fact_is_quoted_placed_and_clean(folder: Path):
    case = load(folder)
    if isinstance(expected(folder), dict):
        return
    page = case.page()
    for fact in case.read(page):
        assert case.page().says(fact.quote), f"the page does not say {fact.quote!r}"
        assert fact.property in case.source.states
        assert fact.url == case.given["url"]
        assert fact.source == case.source.name
        assert 0 < fact.confidence <= 1
        assert fact.stated_on is None or isinstance(fact.stated_on, date)
        assert len(fact.value) <= 500
        assert len(fact.quote) <= 600
        for text in (fact.value, fact.quote):
            assert text == unicodedata.normalize("NFC", text).strip()
            assert not [each for each in text if unicodedata.category(each) in ("Cc", "Cs") or each in "\u202e\ufeff\u2066"]


@pytest.mark.parametrize("folder", [each for each in FOLDERS if each.parent.name in OF_WEBSITE], ids=label)
def test_locators_find_what_was_quoted(folder: Path):
    case = load(folder)
    page = case.page()
    for fact in case.read(page):
        path, _, attribute = fact.locator.partition("@")
        if not CSS.fullmatch(path) or "#/" in path or path.startswith("header "):
            continue
        tag = page.soup.select_one(path)
        assert tag is not None, f"{path} finds nothing"
        said = str(tag.get(attribute, "")) if attribute else "".join(tag.strings)
        assert squeeze(fact.quote) in squeeze(said), f"{path} says {said[:200]!r}, not {fact.quote!r}"


@pytest.mark.parametrize("folder", [each for each in FOLDERS if "state" in load(each).given], ids=label)
def test_pages_are_what_they_are(folder: Path):
    case = load(folder)
    assert state_of(case.page()) == case.given["state"]


# What sources ask


def asked(source: str, kind: str, url: str, body: str) -> list[tuple[str, str]]:
    request = Request("org_1", source, kind, url)
    capture = Capture("cap_1", request, url, 200, "text/html", datetime(2026, 11, 16, tzinfo=UTC), "", 0, "", 0)
    requests = list(SOURCES[source].follow(Page(capture, body.encode())))
    assert {(each.organization_id, each.source) for each in requests} <= {("org_1", source)}
    return [(each.kind, each.url) for each in requests]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("website", "https://acme.example/"),
        ("robots", "https://acme.example/robots.txt"),
        ("sitemap", "https://acme.example/sitemap.xml"),
    ],
)
def test_a_plan_begins_at_the_domain(source: str, url: str):
    assert [each.url for each in SOURCES[source].plan(Organization("org_1", "acme.example", None))] == [url]
    assert list(SOURCES[source].plan(Organization("org_1", None, "Acme"))) == []


def test_structured_data_asks_nothing():
    assert list(SOURCES["structured_data"].plan(Organization("org_1", "acme.example", None))) == []


def test_a_home_page_leads_to_the_pages_it_links_to():
    home = """<a href="/company">Who we are</a> <a href="/ueber-uns.html">x</a> <a href="/en/about/team">x</a>
        <a href="/p.pdf">Pricing</a>
        <a href="http://www.acme.example/jobs#top">We</a> <a href="https://elsewhere.example/contact">Contact</a>
        <a href="/">Products</a>
        <a href="https://jobs.acme.example/">Careers</a> <a href="javascript:x()">News</a> <a href="http://[">Security</a>
        <a href="https://jobs.elsewhere.example/">Careers</a> <a href="https://shop.acme.example/contact">Contact</a>
        <a href="/kunden/referenzen/">Referenzen</a>"""
    assert asked("website", "home", "https://acme.example/", home) == [
        ("about", "https://acme.example/company"),
        ("about", "https://acme.example/ueber-uns.html"),
        ("careers", "https://jobs.acme.example/"),
        ("careers", "http://www.acme.example/jobs"),
        ("pricing", "https://acme.example/pricing"),
        ("contact", "https://acme.example/contact"),
        ("product", "https://acme.example/product"),
        ("customers", "https://acme.example/kunden/referenzen/"),
        ("news", "https://acme.example/blog"),
        ("team", "https://acme.example/en/about/team"),
    ]


@pytest.mark.parametrize("kind", ["about", "careers", "news"])
def test_other_pages_lead_nowhere(kind: str):
    assert asked("website", kind, "https://acme.example/x", '<a href="/about">About</a>') == []


def test_a_careers_page_leads_to_the_list_of_openings_and_nowhere_else():
    careers = """<a href="/careers#open">Open positions</a> <a href="/careers/culture">Our culture</a>
        <a href="https://acme.example/careers/all">See all open roles →</a> <a href="/careers/more">All jobs</a>
        <a href="https://boards.elsewhere.example/acme">Open positions</a>"""
    assert asked("website", "careers", "https://acme.example/careers", careers) == [
        ("careers", "https://acme.example/careers/all")
    ]


def index(*places: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places) + "</sitemapindex>"


def test_an_index_leads_to_three_sitemaps_of_its_own_host():
    places = ["https://elsewhere.example/a.xml", "javascript:x", *(f"https://acme.example/{number}.xml" for number in range(9))]
    found = asked("sitemap", "sitemap", "https://acme.example/sitemap.xml", index(*places))
    assert found == [("sitemap_part", f"https://acme.example/{number}.xml") for number in range(3)]


def test_an_index_of_itself_ends_there():
    itself = index("https://acme.example/sitemap.xml")
    assert asked("sitemap", "sitemap", "https://acme.example/sitemap.xml", itself) == [
        ("sitemap_part", "https://acme.example/sitemap.xml")
    ]
    assert asked("sitemap", "sitemap_part", "https://acme.example/sitemap.xml", itself) == []


# What there must be cases of


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_has_its_cases(source: str):
    names = {folder.name for folder in FOLDERS if folder.parent.name == source}
    wanted = (
        {"typical", "empty", "hostile"}
        if source != "website"
        else {f"{each}_{kind}" for each in READERS for kind in ("typical", "hostile")}
    )
    missing = {want for want in wanted if not any(name.startswith(want) for name in names)}
    assert not missing, f"tests/sources/{source} has no {', '.join(sorted(missing))}"


def test_every_property_a_source_may_state_is_stated_somewhere():
    for source in SOURCES.values():
        folders = [folder for folder in FOLDERS if folder.parent.name == source.name]
        stated = {each["property"] for folder in folders for each in expected(folder) if isinstance(each, dict)}
        assert source.states <= stated, f"no case of {source.name} states {', '.join(sorted(source.states - stated))}"
