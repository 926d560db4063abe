"""Which sources are asked, how fast and how often, and what a replay asks of those that ask others."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.choosing import budgets, chosen_sources, expected_sources, paces
from pipelines.errors import Skip, Stop
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Capture, Fact, Organization, Request
from pipelines.settings import Chosen, Settings
from pipelines.source import Source
from pipelines.sources import all_sources
from pipelines.web.web import open_web

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
SOURCES = {each.name: each for each in all_sources()}
NAMES = list(SOURCES)
MINE = ("dns", "github", "rdap", "wayback", "common_crawl", "usaspending", "hacker_news")
ANVIL = Organization("org_anvil", "anvil.example", "Anvil Ltd")


def source(name: str, **more: object) -> Source:
    """Return a source that reads nothing."""
    given: dict[str, object] = {"description": "d", "hosts": "h", "terms": "t", "trust": 0.5, "fresh": timedelta(days=1)}
    given |= {"expected_share": 0.5, "states": frozenset(), "wants": lambda _: False, "read": lambda *_: ()}
    return Source(name=name, **{**given, **more})  # type: ignore[arg-type]


FOUR = (source("a"), source("b"), source("c", off_by_default=True), source("d"))


@pytest.mark.parametrize(
    ("chosen", "asked"),
    [
        (Chosen(), "abd"),
        (Chosen(never=("b",)), "ad"),
        (Chosen(also=("c",)), "abcd"),
        (Chosen(only=("c", "a")), "ac"),
        (Chosen(only=("a",), also=("d",)), "ad"),
        (Chosen(only=("a", "b"), never=("a",)), "b"),
        (Chosen(only=()), ""),
    ],
)
def test_settings_say_which_sources_are_asked(chosen: Chosen, asked: str) -> None:
    assert "".join(each.name for each in chosen_sources(chosen, FOUR)) == asked


@pytest.mark.parametrize("key", ["only", "also", "never"])
def test_a_misspelt_source_stops_with_the_names_there_are(key: str) -> None:
    with pytest.raises(Stop, match=r"there is no source gitub\. There are .*website"):
        chosen_sources(Chosen.model_validate({key: ["website", "gitub"]}))


def test_of_a_source_that_is_not_asked_nothing_is_expected() -> None:
    sources = expected_sources(Chosen(only=("website",)))
    assert [each.name for each in sources] == NAMES, "what it said before may still stand"
    assert {each.name for each in sources if each.expected_share} == {"website"}


def test_the_strictest_pace_and_the_smallest_budget_hold() -> None:
    one = source("a", paces={"x": 1.0}, budgets={"x": 9})
    other = source("b", paces={"x": 2.0, "y": 0.1}, budgets={"x": 5})
    assert (paces([one, other]), budgets([other, one])) == ({"x": 2.0, "y": 0.1}, {"x": 5})


@pytest.mark.parametrize("each", all_sources(), ids=lambda each: each.name)
def test_hosts_with_terms_of_their_own_are_named_as_hosts(each: Source) -> None:
    for host, seconds in each.paces.items():
        assert host == host.lower() and "/" not in host and "." in host
        assert 0 < seconds <= 10
    assert all(number > 0 and "." in host for host, number in each.budgets.items())


def holding(folder: Path, *hosts: str) -> Path:
    """Return a folder that holds a page of each host."""
    for host in hosts:
        (folder / host).mkdir(parents=True)
        (folder / host / "index.html").write_text("<p>Hello</p>", "utf-8")
    return folder


def test_a_replay_may_know_of_the_hosts_it_holds(tmp_path: Path) -> None:
    web = open_web([holding(tmp_path / "pages", "api.example", "acme.example")], tmp_path / "a", Settings(), NOW)
    requests = [Request("org", "api", "look", url) for url in ("https://api.example/x?y", "https://other.example/", "https://[")]
    assert [web.may_know(each) for each in requests] == [True, False, False]
    asyncio.run(web.answer(replace(requests[0], url="https://acme.example/")))
    again = open_web([tmp_path / "a"], tmp_path / "b", Settings(), NOW)
    hosts = ("https://acme.example/other", "https://www.acme.example/", "https://api.example/x", "https://acme.example:8080/")
    assert [again.may_know(replace(requests[0], url=each)) for each in hosts] == [True, True, False, True]


def test_of_the_world_anybody_may_know(tmp_path: Path) -> None:
    web = open_web(["live"], tmp_path, Settings(contact="robots@bullseye.example"), NOW)
    assert web.may_know(Request("org", "api", "look", "https://anybody.example/"))


# What is asked


def asked(name: str, organization: Organization) -> list[Request]:
    """Return what a source searches for."""
    return list(SOURCES[name].search(organization))


@pytest.mark.parametrize("name", ["dns", "rdap", "wayback", "hacker_news", "usaspending", "github", "common_crawl"])
def test_nobody_is_asked_about_who_has_no_website_profile_or_country(name: str) -> None:
    nobody = Organization("org_1", None, "Anvil Ltd")
    assert asked(name, nobody) == []
    assert list(SOURCES[name].plan(ANVIL)) == [], "before it is known whose website it is, others are not asked about it"


def test_what_is_asked_of_a_domain() -> None:
    urls = {each.url for name in ("dns", "rdap", "wayback", "hacker_news") for each in asked(name, ANVIL)}
    assert urls == {
        "https://dns.google/resolve?name=anvil.example&type=MX",
        "https://dns.google/resolve?name=anvil.example&type=TXT",
        "https://dns.google/resolve?name=anvil.example&type=NS",
        "https://dns.google/resolve?name=_dmarc.anvil.example&type=TXT",
        "https://data.iana.org/rdap/dns.json",
        "https://web.archive.org/cdx/search/cdx?url=anvil.example%2F&output=json&collapse=digest"
        "&fl=timestamp,original,digest,statuscode&limit=-200",
        "https://hn.algolia.com/api/v1/search_by_date?query=%22anvil.example%22&tags=story"
        "&restrictSearchableAttributes=url&hitsPerPage=50",
    }


def test_awards_are_asked_of_organizations_in_the_united_states_alone() -> None:
    american = replace(ANVIL, name="Anvil", country="US", names=("Anvil", 'Anvil "Forge" Inc'))
    (request,) = asked("usaspending", american)
    assert json.loads(request.body)["filters"]["recipient_search_text"] == ['Anvil "Forge" Inc'], "the name in full"
    assert request.body.isascii()
    assert [asked("usaspending", replace(american, country=each)) for each in ("CA", None)] == [[], []]


def test_accounts_its_pages_link_to_are_asked_for_and_nothing_else_there() -> None:
    links = [
        "https://GitHub.com/Anvil-Tools",
        "https://github.com/anvil-tools/",
        "https://github.com/anvil/forge",
        "https://github.com/",
    ]
    links += ["https://github.com/-x", "https://evil.example/github.com/x", "https://github.com/one", "https://github.com/two"]
    found = asked("github", replace(ANVIL, profiles=tuple(links)))
    assert [each.url for each in found] == ["https://api.github.com/orgs/anvil-tools", "https://api.github.com/orgs/one"]


@pytest.mark.parametrize(("kind", "url", "wanted"), [("pricing", "/p?a=1&b", 1), ("home", "/", 0), ("about", "/a", 0)])
def test_pages_that_matter_are_asked_for_in_the_archive_by_their_own_address(kind: str, url: str, wanted: int) -> None:
    page = a_page(Request("org_anvil", "website", kind, f"https://anvil.example{url}"), b"<p>Hello</p>")
    found = list(SOURCES["wayback"].follow(page))
    assert len(found) == wanted
    assert all("url=https%3A%2F%2Fanvil.example%2Fp%3Fa%3D1%26b&" in each.url for each in found)
    elsewhere = a_page(Request("org_anvil", "website", kind, f"https://brass.example{url}"), b"<p>Hello</p>")
    assert list(SOURCES["wayback"].follow(elsewhere)) == []


def test_a_list_of_registries_of_another_shape_leads_nowhere() -> None:
    page = a_page(
        Request("org_anvil", "rdap", "registries", "https://data.iana.org/rdap/dns.json"), b'{"services": [["example"]]}'
    )
    with pytest.raises(Skip, match="another shape"):
        list(SOURCES["rdap"].follow(page))


# Whatever comes back


HOSTILE = (
    None,
    True,
    -1,
    0,
    1e400,
    float("nan"),
    10**4000,
    "",
    "\ud800",
    "\u202e<b>",
    "x" * 3000,
    [],
    {},
    [[]],
    {"a": []},
    ["x", 7],
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield every place in a JSON value."""
    yield at
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*at, key))


def changed(value: Any, at: tuple[Any, ...], other: Any) -> Any:
    """Return the value with another one at that place."""
    if not at:
        return other
    whole = copy(value)
    whole[at[0]] = changed(whole[at[0]], at[1:], other)
    return whole


def a_page(request: Request, body: bytes, content_type: str = "application/json", about: Organization = ANVIL) -> Page:
    """Return an answer as a page."""
    at = datetime(2026, 11, 16, tzinfo=UTC)
    return Page(Capture("cap_1", request, request.url, 200, content_type, at, "", len(body), "", 0), body, about)


def outcome(source: Source, page: Page) -> list[Fact]:
    """Return what a source makes of a page; only a `Skip` may be raised."""
    with suppress(Skip):
        list(source.follow(page))
    try:
        return list(source.read(page, Lexicon({})))
    except Skip:
        return []


CASES = sorted(
    path for name in MINE for path in (Path(__file__).parent / "sources" / name).glob("typical*/answer.json") if name in SOURCES
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_nothing_that_is_changed_in_an_answer_breaks_its_reader(path: Path) -> None:
    given = yaml.safe_load((path.parent / "case.yaml").read_text("utf-8"))
    source, answer = SOURCES[path.parts[-3]], json.loads(path.read_text("utf-8"))
    known = {key: tuple(each) if isinstance(each, list) else each for key, each in given["organization"].items()}
    request = Request("org_1", source.name, given["kind"], given["url"])
    for place in places(answer):
        for other in HOSTILE:
            body = json.dumps(changed(answer, place, other)).encode()
            page = a_page(request, body, about=Organization("org_1", **known))
            for fact in outcome(source, page):
                assert fact.property in source.states
                assert len(fact.value) <= 500
                assert page.says(fact.quote)


@pytest.mark.parametrize("name", [name for name in MINE if name in SOURCES])
@pytest.mark.parametrize(
    "body", [b"", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe\x00", b"null", b"7", b'"x"', b"1" * 9999, b"<html>"]
)
def test_no_answer_breaks_a_reader(name: str, body: bytes) -> None:
    kinds = {yaml.safe_load((path.parent / "case.yaml").read_text("utf-8"))["kind"] for path in CASES if path.parts[-3] == name}
    assert kinds
    for kind in kinds:
        assert outcome(SOURCES[name], a_page(Request("org_anvil", name, kind, "https://api.example/"), body)) == []


LINE = {
    "timestamp": "20260101000000",
    "url": "https://anvil.example/",
    "length": "9",
    "offset": "1",
    "filename": "crawl-data/a.warc.gz",
}


@pytest.mark.parametrize("key", LINE)
def test_nothing_that_is_changed_in_a_line_of_an_index_breaks_its_reader(key: str) -> None:
    for other in (*HOSTILE, "https://[anvil.example/", "https://anvil.example:x/", "9" * 400, "crawl-data/../x.warc.gz"):
        request = Request("org_anvil", "common_crawl", "index", "https://index.commoncrawl.org/CC-MAIN-2026-43-index")
        page = a_page(request, json.dumps({**LINE, key: other}).encode(), "text/x-ndjson")
        assert len(outcome(SOURCES["common_crawl"], page)) <= 1
        with suppress(Skip):
            spans = [each.span for each in SOURCES["common_crawl"].follow(page)]
            assert set(spans) <= {"bytes=1-9"} or key in ("length", "offset")


# What was really answered


def recorded(name: str) -> Any:
    """Return a recording of real answers, where this machine has it."""
    file = Path(__file__).parents[2] / "shared/real/api" / name
    if not file.exists():
        pytest.skip(f"{file.name} is not on this machine: ../shared is no part of the project")
    return yaml.safe_load(file.read_text("utf-8")) if file.suffix == ".yaml" else file.read_text("utf-8")


def test_registries_as_iana_really_lists_them() -> None:
    answers = {
        each["response"]["url"]: each["response"]["body"] for each in recorded("rdap/responses/domain-1.yaml")["responses"]
    }
    registries = a_page(
        Request("org_1", "rdap", "registries", "https://data.iana.org/rdap/dns.json"),
        answers["https://data.iana.org/rdap/dns.json"].encode(),
        about=Organization("org_1", "google.com", "Google"),
    )
    (request,) = SOURCES["rdap"].follow(registries)
    assert request.url == "https://rdap.verisign.com/com/v1/domain/google.com"
    answer = answers["https://rdap.verisign.com/com/v1/domain/google.com"]
    page = a_page(request, answer.encode(), "application/rdap+json", Organization("org_1", "google.com", "Google"))
    assert {(each.property, each.value) for each in outcome(SOURCES["rdap"], page)} == {
        ("domain_registered", "1997-09-15"),
        ("domain_changed", "2019-09-09"),
        ("domain_expires", "2028-09-14"),
    }


def test_repositories_as_they_are_really_listed() -> None:
    text = recorded("github/Organization.testGetReposSorted.txt")
    body = next(line for line in text.splitlines() if line.startswith("[{"))
    about = Organization("org_1", "beaver.example", "Beaver Software", profiles=("https://github.com/BeaverSoftware",))
    page = a_page(
        Request("org_1", "github", "repositories", "https://api.github.com/orgs/beaversoftware/repos"), body.encode(), about=about
    )
    assert {each.property for each in outcome(SOURCES["github"], page)} <= {"code_language", "last_pushed"}
    assert any(each.property == "last_pushed" and each.value.startswith("2012-") for each in outcome(SOURCES["github"], page))


def test_an_organization_as_it_is_really_described() -> None:
    text = recorded("github/Organization.testEditWithoutArguments.txt")
    body = next(line for line in text.splitlines() if line.startswith("{") and "login" in line)
    about = Organization("org_1", "beaver.example", "Beaver Software", profiles=("https://github.com/BeaverSoftware",))
    page = a_page(
        Request("org_1", "github", "organization", "https://api.github.com/orgs/BeaverSoftware"), body.encode(), about=about
    )
    assert [(each.property, each.value) for each in outcome(SOURCES["github"], page)] == [("public_repositories", "2")]


def test_moments_as_they_are_really_kept() -> None:
    first = recorded("wayback/test_search.yaml")["interactions"][0]["response"]["body"]["string"]
    text = (gzip.decompress(first) if isinstance(first, bytes) else first.encode()).decode()
    lines = [line.split() for line in text.splitlines() if len(line.split()) == 7]
    table = [["timestamp", "original", "digest", "statuscode"], *([line[1], line[2], line[5], line[4]] for line in lines)]
    about = Organization("org_1", "nasa.gov", "NASA")
    request = Request("org_1", "wayback", "home_kept", "https://web.archive.org/cdx/search/cdx?url=nasa.gov")
    months = {moment[:6] for (moment, _, digest, _), before in zip(table[2:], table[1:], strict=False) if digest != before[2]}
    facts = outcome(SOURCES["wayback"], a_page(request, json.dumps(table).encode(), about=about))
    assert {each.value[5:12].replace("-", "") for each in facts} == set(sorted(months)[-12:])
    assert outcome(SOURCES["wayback"], a_page(request, text.encode(), "text/plain", about)) == []
