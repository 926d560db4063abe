"""From organizations to facts, over a web that is a dict and sources that fit on a page."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pyarrow.parquet as pq
import pytest

from pipelines.enrich import Enrichment
from pipelines.errors import Skip, Stop
from pipelines.facts import SCHEMAS, read_all, read_standing, stamp_of
from pipelines.identity.visit import Found
from pipelines.ids import digest_bytes, make_id
from pipelines.lexicon import Lexicon
from pipelines.looking import MOST_WAITING, Looking
from pipelines.page import Page
from pipelines.reading import reader_of, reading_fingerprint
from pipelines.readings import Readings
from pipelines.records import Capture, Captured, Fact, Miss, Organization, Request
from pipelines.settings import Settings
from pipelines.source import Source, no_requests

MOMENT = datetime(2026, 11, 16, 12, tzinfo=UTC)
NAIVE = MOMENT.replace(tzinfo=None)
LONG = "word " * 60


def html(title: str, *links: str) -> str:
    return f"<title>{title}</title><p>{LONG}</p>" + "".join(f'<a href="{link}">{link}</a>' for link in links)


SITE = {
    "https://acme.example/": html("Acme", "/about", "/about", "/careers", "/nowhere"),
    "https://acme.example/about": html("About Acme", "/", "/deep"),
    "https://acme.example/careers": html("Careers"),
    "https://acme.example/deep": html("Deep"),
    "https://brass.example/": html("Brass"),
}


class FakeWeb:
    """Answers from a dict; what it does not hold is a miss. Remembers what it was asked."""

    bodies: ClassVar[dict[str, bytes]] = {}

    def __init__(self, pages: dict[str, str], when: datetime = MOMENT) -> None:
        self.pages, self.when = pages, when
        self.asked: list[tuple[str, str, timedelta]] = []
        self.opened: list[str] = []

    async def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        self.asked.append((request.source, request.url, fresh_for))
        answer = self._answer(request)
        if isinstance(answer, Captured):
            FakeWeb.bodies[answer.capture.capture_id] = answer.body
        return answer

    def may_know(self, request: Request) -> bool:
        """Anybody may be asked but a silent host."""
        return not request.url.startswith("https://silent.example/")

    def body(self, capture: Capture) -> bytes:
        """What was ever answered is archived."""
        self.opened.append(capture.url)
        if capture.capture_id not in FakeWeb.bodies:
            raise Skip("broken_record", "It is lost.")
        return FakeWeb.bodies[capture.capture_id]

    def so_far(self) -> str:
        return ""

    async def aclose(self) -> None:
        """Nothing is open."""

    def _answer(self, request: Request) -> Captured | Miss:
        if request.url not in self.pages:
            return Miss(request, "http_404", f"{request.url} answered HTTP 404.", self.when)
        body = self.pages[request.url].encode()
        name = make_id("cap", request.url, str(self.when), digest_bytes(body))
        capture = Capture(name, request, request.url, 200, "text/html", self.when, digest_bytes(body), len(body), "f", 0)
        return Captured(capture, body)


def plan(organization: Organization) -> Iterable[Request]:
    if organization.domain:
        yield Request(organization.organization_id, "site", "home", f"https://{organization.domain}/")


def follow(page: Page) -> Iterable[Request]:
    for link in page.links:
        yield Request(page.capture.request.organization_id, "site", "page", link.url)


def read(page: Page, _: Lexicon) -> Iterable[Fact]:
    if title := page.first("title"):
        yield page.fact("name", title)


MADE: list[Source] = []
"""Every source made here, kept so that no two readers are one at the same place in memory."""


def source(name: str = "site", **more: object) -> Source:
    given = {"plan": plan, "follow": follow, "read": read} | more
    wants = given.pop("wants", lambda page: page.capture.request.source == "site")
    states = given.pop("states", frozenset({"name"}))
    made = Source(name, "A small source.", "anybody's", "none", 0.5, timedelta(days=3), 0.0, states, wants, **given)
    MADE.append(made)
    return made


# Nameless, so that nothing is made of whose websites these are: tests/test_identity.py is about that.
ACME = Organization("org_1", "acme.example", None)
BRASS = Organization("org_2", "brass.example", None)
NOWHERE = Organization("org_3", None, None)


def enrichment(folder: Path, web: FakeWeb | None = None, sources: Iterable[Source] = (), **manners: int) -> Enrichment:
    settings = Settings.model_validate({"manners": manners, "storage": {"partitions": 2}})
    given = tuple(sources) or (source(),)
    readers = " ".join(repr(each.read) for each in given)
    return Enrichment(Looking(web or FakeWeb(SITE), given, reader_of(given, Lexicon({})), settings, readers), folder)


def look(given: Enrichment, organization: Organization = ACME) -> Found:
    """Look at an organization of which nothing was read before."""
    return asyncio.run(given.looking.look_at(organization, {}, Readings()))


def quiet(_what: str, _done: int, _of: int) -> None:
    """Show nothing."""


def rows(folder: Path, table: str, *organizations: str) -> list[dict]:
    return read_all(folder, table, NAIVE + timedelta(days=999), organizations or ("org_1", "org_2", "org_3")).to_pylist()


def titles(found: Found) -> list[str]:
    return sorted(fact.value for fact in found.facts.values())


# One organization


def test_what_pages_suggest_is_asked_once_each(tmp_path: Path):
    web = FakeWeb(SITE)
    found = look(enrichment(tmp_path, web))
    assert [url for _, url, _ in web.asked] == [
        "https://acme.example/",
        "https://acme.example/about",
        "https://acme.example/careers",
        "https://acme.example/nowhere",
        "https://acme.example/deep",
    ]
    assert {fresh for _, _, fresh in web.asked} == {timedelta(days=3)}
    assert titles(found) == ["About Acme", "Acme", "Careers", "Deep"]


def test_every_request_is_a_capture_or_a_miss(tmp_path: Path):
    found = look(enrichment(tmp_path))
    captured = [page.capture.request.request_id for page in found.pages]
    missed = [miss.request.request_id for miss in found.misses]
    assert sorted(captured + missed) == sorted(request.request_id for request in found.requests)
    assert [miss.reason for miss in found.misses] == ["http_404"]


def test_an_organization_without_a_domain_is_asked_nothing(tmp_path: Path):
    assert look(enrichment(tmp_path), NOWHERE) == Found()


@pytest.mark.parametrize(
    ("manners", "asked"), [({"pages_per_organization": 2}, 2), ({"requests_per_organization": 3}, 3), ({}, 5)]
)
def test_the_budget_is_kept(tmp_path: Path, manners: dict[str, int], asked: int):
    web = FakeWeb(SITE)
    found = look(enrichment(tmp_path, web, **manners))
    assert len(web.asked) == len(found.requests) == asked


def test_hosts_that_nobody_knows_anything_of_are_not_asked(tmp_path: Path):
    web = FakeWeb(SITE)
    silent = [Request("org_1", "site", "page", f"https://{host}/a") for host in ("silent.example", "acme.example")]
    found = look(enrichment(tmp_path, web, [source(plan=lambda _: silent, follow=no_requests)]))
    assert [each.url for each in found.requests] == [url for _, url, _ in web.asked] == ["https://acme.example/a"]


def test_sources_that_are_turned_off_ask_and_state_nothing(tmp_path: Path):
    def ask_more(page: Page) -> Iterable[Request]:
        yield Request(page.capture.request.organization_id, "other", "page", "https://acme.example/more")

    given = enrichment(tmp_path, FakeWeb(SITE))
    other = source("other", plan=no_requests, follow=ask_more, wants=lambda _: True)
    looking = given.looking
    everybody = reader_of([*looking.sources, other], Lexicon({}))
    found = look(replace(given, looking=replace(looking, read=everybody)))
    assert {each.source for each in found.requests} == {each.source for each in found.facts.values()} == {"site"}


def test_the_page_budget_is_each_sources_own(tmp_path: Path):
    def ask_both(organization: Organization) -> Iterable[Request]:
        for path in ("", "about", "careers"):
            yield Request(organization.organization_id, "other", "page", f"https://acme.example/{path}")

    web = FakeWeb(SITE)
    other = source("other", plan=ask_both, follow=lambda page: (), wants=lambda page: page.capture.request.source == "other")
    look(enrichment(tmp_path, web, [source(), other], pages_per_organization=2))
    assert Counter(name for name, _, _ in web.asked) == {"site": 2, "other": 2}


def test_a_source_that_asks_nothing_reads_what_others_fetched(tmp_path: Path):
    def read_links(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield from (page.fact("site_part", link.node) for link in page.links)

    second = source("links", plan=lambda _: (), follow=lambda _: (), read=read_links, states=frozenset({"site_part"}))
    found = look(enrichment(tmp_path, None, [source(), second]))
    assert {(fact.source, fact.reader) for fact in found.facts.values()} == {("site", "site"), ("links", "links")}


def test_of_two_that_say_the_same_the_surer_stands(tmp_path: Path):
    def twice(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield page.fact("name", page.first("title"), "Acme", confidence=0.9)
        yield page.fact("name", page.first("p"), "Acme", confidence=0.4)

    (fact,) = look(enrichment(tmp_path, FakeWeb({"https://acme.example/": html("Acme")}), [source(read=twice)])).facts.values()
    assert fact.confidence == 0.9


@pytest.mark.parametrize(
    ("state", "page"),
    [
        ("soft_404", "<title>404 not found</title>"),
        ("parked", "<title>x</title><p>This domain is for sale: buy this domain</p>"),
        ("wall", "<title>Just a moment...</title>"),
        ("reserved", f"<meta name=robots content=noindex>{html('Acme', '/about')}"),
    ],
)
def test_a_silent_page_states_nothing_and_leads_nowhere(tmp_path: Path, state: str, page: str):
    found = look(enrichment(tmp_path, FakeWeb({**SITE, "https://acme.example/": page + '<a href="/about">a</a>'})))
    assert [page.state for page in found.pages] == [state]
    assert (titles(found), found.misses) == ([], [])


def test_a_shell_states_what_little_it_says(tmp_path: Path):
    found = look(enrichment(tmp_path, FakeWeb({"https://acme.example/": "<title>Acme</title><script src=x></script>"})))
    assert [(page.state, page.words) for page in found.pages] == [("needs_browser", 0)]
    assert titles(found) == ["Acme"]


def test_a_skip_becomes_the_state_of_the_capture(tmp_path: Path):
    def fail(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield page.fact("name", page.first("title"))
        if page.url.endswith("/about"):
            raise Skip("unreadable", f"{page.url} cannot be read.")

    found = look(enrichment(tmp_path, None, [source(read=fail)]))
    assert {page.capture.url.rpartition("/")[2]: page.state for page in found.pages} == {
        "": "read",
        "about": "unreadable",
        "careers": "read",
    }
    assert titles(found) == ["Acme", "Careers"], "a page that cannot be read says nothing"


def test_a_property_a_source_does_not_declare_is_a_mistake(tmp_path: Path):
    def undeclared(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield page.fact("industry", page.first("title"))

    with pytest.raises(Stop, match="Source site states industry, which it does not declare"):
        look(enrichment(tmp_path, None, [source(read=undeclared)]))


def test_a_fact_that_says_or_quotes_nothing_is_none(tmp_path: Path):
    def empty(page: Page, _: Lexicon) -> Iterable[Fact]:
        title = page.first("title")
        yield page.fact("name", title, "\u202e ")
        yield page.fact("name", title.part(""), "Acme")

    assert look(enrichment(tmp_path, None, [source(read=empty)]), BRASS).facts == {}


# Many organizations, kept


def test_everything_found_is_kept_and_the_books_balance(tmp_path: Path):
    seen: list[tuple[str, int, int]] = []
    looked_at = enrichment(tmp_path).run([ACME, BRASS, NOWHERE], "in", lambda *each: seen.append(each))
    assert looked_at == 3
    assert sorted(done for _, done, _ in seen) == [1, 2, 3]
    assert {of for _, _, of in seen} == {3}
    requests, captures, misses = (rows(tmp_path, f"raw.{table}") for table in ("request", "capture", "miss"))
    answered = {row["request_id"] for row in captures} | {row["request_id"] for row in misses}
    assert {row["request_id"] for row in requests} == answered
    assert (len(requests), len(captures), len(misses)) == (6, 5, 1)
    assert {row["value"] for row in rows(tmp_path, "core.fact", "org_2")} == {"Brass"}
    assert {(row["observed_at"], row["url"]) for row in rows(tmp_path, "core.fact", "org_2")} == {
        (NAIVE, "https://brass.example/")
    }


def test_bodies_that_many_hosts_sent_at_once_wait_in_the_archive(tmp_path: Path):
    """All hosts answer before the first page is parsed: all but a few pages are opened again when their turn comes."""
    many = [Organization(f"org_{number}", f"host{number}.example", None) for number in range(MOST_WAITING + 30)]
    web = FakeWeb({f"https://{each.domain}/": html(each.domain or "") for each in many})
    enrichment(tmp_path, web).run(many, "in", quiet)
    assert 0 < len(web.opened) <= 30
    told = rows(tmp_path, "core.fact", *(each.organization_id for each in many))
    assert {row["value"] for row in told} == {each.domain for each in many}


def test_what_did_not_change_is_not_looked_at_again(tmp_path: Path):
    enrichment(tmp_path).run([ACME, BRASS], "in", quiet)
    web = FakeWeb(SITE)
    assert enrichment(tmp_path, web).run([BRASS, ACME], "in", quiet) == 0
    assert web.asked == []


@pytest.mark.parametrize(
    "change",
    [
        lambda organizations, inputs: (organizations, "other inputs"),
        lambda organizations, inputs: ([replace(each, domain="brass.example") for each in organizations], inputs),
        lambda organizations, inputs: (
            [*organizations, Organization("org_7", None, None), Organization("org_8", None, None)],
            inputs,
        ),
    ],
)
def test_what_changed_is_looked_at_again(tmp_path: Path, change: Callable[..., tuple[list[Organization], str]]):
    enrichment(tmp_path).run([ACME], "in", quiet)
    assert enrichment(tmp_path).run(*change([ACME], "in"), quiet) > 0


def test_facts_of_earlier_captures_stay(tmp_path: Path):
    enrichment(tmp_path, FakeWeb({"https://brass.example/": html("Brass")})).run([BRASS], "monday", quiet)
    later = FakeWeb({"https://brass.example/": html("Brass & Co")}, MOMENT + timedelta(days=7))
    enrichment(tmp_path, later).run([BRASS], "tuesday", quiet)
    assert [row["value"] for row in sorted(rows(tmp_path, "core.fact"), key=lambda row: row["observed_at"])] == [
        "Brass",
        "Brass & Co",
    ]
    assert len(rows(tmp_path, "raw.capture")) == 2
    assert len(rows(tmp_path, "raw.request")) == 1


def test_a_capture_that_is_read_again_says_what_it_is_read_as_now(tmp_path: Path):
    def better(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield page.fact("name", page.first("title"), "Brass Ltd")

    enrichment(tmp_path).run([BRASS], "old readers", quiet)
    enrichment(tmp_path, None, [source(read=better)]).run([BRASS], "new readers", quiet)
    assert [row["value"] for row in rows(tmp_path, "core.fact")] == ["Brass Ltd"]


def named(words: str) -> Callable[[Page, Lexicon], Iterable[Fact]]:
    def read_name(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield page.fact("name", page.first("title"), words)

    return read_name


def test_a_capture_not_asked_for_now_is_read_with_todays_readers_too(tmp_path: Path):
    """The server is down, or the home page links no longer there: what was captured is what it was."""
    enrichment(tmp_path, None, [source(read=named("then"))]).run([ACME], "monday", quiet)
    before = rows(tmp_path, "raw.capture")
    web = FakeWeb({"https://acme.example/": html("Acme")}, MOMENT + timedelta(days=1))
    enrichment(tmp_path, web, [source(read=named("now"))]).run([ACME], "tuesday", quiet)
    said = {(row["url"], row["value"]) for row in read_standing(tmp_path, NAIVE + timedelta(days=9), ["org_1"]).to_pylist()}
    assert said == {(url, "now") for url in SITE if "acme" in url}
    assert [url for _, url, _ in web.asked] == ["https://acme.example/"], "nothing is asked for it"
    after = {row["request_id"]: row for row in rows(tmp_path, "raw.capture") if row["fetched_at"] == NAIVE}
    assert [after[row["request_id"]] for row in before] == before, "its request and moment stay what they were"


def test_a_capture_that_stands_no_more_is_read_with_todays_readers_too(tmp_path: Path):
    """What changes by a new reader did not change on the page: both sides of a comparison are read alike."""
    enrichment(tmp_path, None, [source(read=named("then"))]).run([BRASS], "monday", quiet)
    for day, name in ((1, "next"), (2, "now")):
        web = FakeWeb({"https://brass.example/": html(f"Brass {day}")}, MOMENT + timedelta(days=day))
        enrichment(tmp_path, web, [source(read=named(name))]).run([BRASS], name, quiet)
    captured = {row["capture_id"] for row in rows(tmp_path, "raw.capture")}
    assert {(row["capture_id"], row["value"]) for row in rows(tmp_path, "core.fact")} == {(each, "now") for each in captured}
    assert len(captured) == 3
    (told,) = read_standing(tmp_path, NAIVE + timedelta(days=9), ["org_2"]).to_pylist()
    assert told["observed_at"] == NAIVE + timedelta(days=2)


def test_a_capture_the_archive_lost_keeps_its_facts(tmp_path: Path):
    enrichment(tmp_path).run([BRASS], "monday", quiet)
    FakeWeb.bodies.clear()
    enrichment(tmp_path, FakeWeb({}), [source(read=named("now"))]).run([BRASS], "tuesday", quiet)
    assert [row["value"] for row in rows(tmp_path, "core.fact")] == ["Brass"], "the quotes' check finds it broken"


@pytest.mark.parametrize(
    ("later", "said"),
    [(html("Brass & Co"), ["Brass & Co"]), ("<title>Just a moment...</title>", ["Brass"]), ("<title>404 not found</title>", [])],
)
def test_what_a_page_said_before_it_changed_is_said_no_more(tmp_path: Path, later: str, said: list[str]):
    enrichment(tmp_path).run([BRASS], "monday", quiet)
    web = FakeWeb({"https://brass.example/": later}, MOMENT + timedelta(days=7))
    enrichment(tmp_path, web).run([BRASS], "tuesday", quiet)

    def standing(days: int) -> list[str]:
        return [row["value"] for row in read_standing(tmp_path, NAIVE + timedelta(days=days), ["org_2"]).to_pylist()]

    assert standing(7) == said
    assert standing(1) == ["Brass"], "earlier, it was said"
    assert standing(-1) == []


def test_an_interruption_does_not_wait_for_what_was_planned(tmp_path: Path):
    many = [Organization(f"org_{number}", f"a{number}.example", None) for number in range(40)]
    web = FakeWeb({f"https://a{number}.example/": html("A") for number in range(40)})

    def interrupt(_what: str, _done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrichment(tmp_path, web, workers=1).run(many, "in", interrupt)
    assert len(web.asked) < 40
    assert enrichment(tmp_path, web).run(many, "in", quiet) == 40, "the next run finishes"


def test_one_failure_does_not_unsay_what_was_captured(tmp_path: Path):
    enrichment(tmp_path).run([BRASS], "monday", quiet)
    enrichment(tmp_path, FakeWeb({})).run([BRASS], "tuesday", quiet)
    assert [row["value"] for row in rows(tmp_path, "core.fact")] == ["Brass"]
    assert rows(tmp_path, "raw.miss") == []
    assert len(rows(tmp_path, "raw.capture")) == 1


def test_a_miss_that_is_answered_later_is_none(tmp_path: Path):
    enrichment(tmp_path, FakeWeb({})).run([BRASS], "monday", quiet)
    assert len(rows(tmp_path, "raw.miss")) == 1
    enrichment(tmp_path).run([BRASS], "tuesday", quiet)
    assert rows(tmp_path, "raw.miss") == []


def test_a_stop_leaves_what_was_there(tmp_path: Path):
    def undeclared(page: Page, _: Lexicon) -> Iterable[Fact]:
        yield page.fact("industry", page.first("title"))

    enrichment(tmp_path).run([BRASS], "monday", quiet)
    with pytest.raises(Stop):
        enrichment(tmp_path, None, [source(read=undeclared)]).run([BRASS], "tuesday", quiet)
    assert [row["value"] for row in rows(tmp_path, "core.fact")] == ["Brass"]
    assert enrichment(tmp_path).run([BRASS], "monday", quiet) == 0


def test_any_order_of_organizations_gives_the_same_bytes(tmp_path: Path):
    many = [
        Organization(f"org_{number}", domain, None) for number, domain in enumerate(["acme.example", "brass.example", None] * 4)
    ]
    enrichment(tmp_path / "a", workers=1).run(many, "in", quiet)
    enrichment(tmp_path / "b", workers=8).run(many[::-1], "in", quiet)
    for table in SCHEMAS:
        for number in (0, 1):
            name = f"{table}/{number:03}.parquet"
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
            assert pq.read_schema(tmp_path / "a" / name).remove_metadata() == SCHEMAS[table]
    assert stamp_of(tmp_path / "a", 0) == stamp_of(tmp_path / "b", 0) != ""


def test_the_fingerprint_of_reading_is_of_the_phrases_too():
    assert reading_fingerprint({"a": ["b"]}) == reading_fingerprint({"a": ("b",)})
    assert len({reading_fingerprint(each) for each in ({}, {"a": ["b"]}, {"a": ["c"]}, {"b": ["b"]})}) == 4
