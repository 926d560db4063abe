"""Every request gets one capture or one miss, in the order of a guest's manners."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.errors import Skip, Stop
from pipelines.records import Captured, Miss, Request, Response
from pipelines.settings import Manners, Settings
from pipelines.web.archive import Archive
from pipelines.web.dial import Place
from pipelines.web.misses import Misses
from pipelines.web.pace import Clock
from pipelines.web.shelves import fingerprint
from pipelines.web.warc import scan
from pipelines.web.web import Web, open_web

AS_OF = datetime(2026, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
HOME = "https://acme.example/"
ROBOTS_TXT = f"{HOME}robots.txt"
TDMREP = f"{HOME}.well-known/tdmrep.json"
PLAIN = (("Content-Type", "text/plain"),)


class World:
    """A transport that answers from a dict of URL -> (status, body or location, type or headers) or a Skip, and counts.

    An answer may be a function of the headers it was asked with.
    """

    def __init__(self, pages, asks=True):
        self.pages, self.asks, self.asked, self.at, self.now = pages, asks, [], 0.0, AS_OF
        self.sent, self.in_flight, self.most, self.is_closed = [], {}, 0, False

    async def place(self, target):
        return Place((f"address of {target.host}",), target.port, target.scheme)

    async def fetch(self, target, place, headers):
        host = target.host
        self.in_flight[host] = self.in_flight.get(host, 0) + 1
        self.most = max(self.most, self.in_flight[host])
        for _ in range(3):
            await asyncio.sleep(0)
        self.asked.append(target.url)
        self.sent.append(dict(headers))
        self.in_flight[host] -= 1
        said = self.pages.get(target.url, (404, b""))
        said = said(headers) if callable(said) else said
        if isinstance(said, Skip):
            raise said
        status, content, *kind = said
        if isinstance(content, str):
            return Response(target.url, status, (("Location", content),), b"", self.now)
        kept = kind[0] if kind and not isinstance(kind[0], str) else (("Content-Type", *(kind or ["text/html"])),)
        return Response(target.url, status, kept, content, self.now)

    async def aclose(self):
        self.is_closed = True

    async def sleep(self, seconds):
        self.at += seconds
        await asyncio.sleep(0)

    def web(self, tmp_path, **manners):
        clock = Clock(now=lambda: self.now, monotonic=lambda: self.at, sleep=self.sleep, chance=lambda: 0.5)
        return Web(self, Archive(tmp_path, 2), Misses(tmp_path / "misses.jsonl"), Manners(**manners), AS_OF, clock)

    def later(self, tmp_path, passed, **manners):
        """Return the web of a later run; what is asked in it is counted from nothing."""
        self.now += passed
        self.asked.clear()
        self.sent.clear()
        return self.web(tmp_path, **manners)


def request(url=HOME, kind="home"):
    return Request("org_acme", "website", kind, url)


def answer(web, asked=None, fresh_for=timedelta(0), may_leave=False):
    return answers(web, [asked or request()], fresh_for, may_leave)[0]


def answers(web, requests, fresh_for=timedelta(0), may_leave=False):
    """Return the answers to requests made side by side; whoever waits for itself is found out."""

    async def all_at_once():
        async with asyncio.timeout(20):
            return await asyncio.gather(*(web.answer(each, fresh_for, may_leave) for each in requests))

    return asyncio.run(all_at_once())


def archived(folder):
    """Return (URL, status) of every record, in order."""
    return [(found.url, found.status) for path in sorted(folder.glob("*.warc.gz")) for found in scan(path)]


def test_a_page_is_captured_and_archived(tmp_path):
    world = World({HOME: (200, b"<p>Hello</p>")})
    found = answer(world.web(tmp_path))
    assert isinstance(found, Captured)
    assert (found.body, found.capture.request, found.capture.fetched_at) == (b"<p>Hello</p>", request(), AS_OF)
    assert (found.checked_at, found.unchanged) == (AS_OF, False)
    assert Archive(tmp_path, 2).body(found.capture) == b"<p>Hello</p>"
    assert world.asked == [ROBOTS_TXT, TDMREP, HOME]


MISSES = {
    (404, b"no"): "http_404",
    (410, b"no"): "http_410",
    (429, b"no"): "http_429",
    (500, b"no"): "http_500",
    (304, b""): "http_304",
    (200, b"%PDF-1.7"): "unsupported_type",
    (200, b"PK\x03\x04"): "unsupported_type",
    (200, b"a\x00b"): "unsupported_type",
    (200, b"x", "image/png"): "unsupported_type",
    (301, "/"): "too_many_redirects",
    (301, "https://other.example/"): "redirected_elsewhere",
    (301, "https://shop.other.example/acme.example"): "redirected_elsewhere",
    (302, "https://10.0.0.1/"): "redirected_elsewhere",
    (302, "http://10.0.0.1/"): "insecure_redirect",
    (302, "HTTP://acme.example/x"): "insecure_redirect",
    (302, "ftp://acme.example/"): "refused_url",
    (302, "https://www.linkedin.com/company/acme"): "terms_forbid",
    (302, "https://acme.example:22/"): "refused_url",
}


@pytest.mark.parametrize(("said", "reason"), MISSES.items())
def test_misses(tmp_path, said, reason):
    world = World({HOME: said, "https://other.example/": (200, b"Other"), "http://acme.example/x": (200, b"Plain")})
    missed = answer(world.web(tmp_path))
    assert isinstance(missed, Miss)
    assert (missed.request, missed.reason, missed.missed_at) == (request(), reason, AS_OF)
    assert missed.sentence.endswith(".")
    assert list(Archive(tmp_path, 2).captures()) == []
    assert not {"https://other.example/", "http://acme.example/x"} & set(world.asked)


def test_where_it_was_redirected_is_said_and_not_asked(tmp_path):
    world = World({HOME: (301, "https://other.example/x")})
    assert "https://other.example/x" in answer(world.web(tmp_path)).sentence
    assert not any("other" in url for url in world.asked)


def test_what_the_transport_skips_is_a_miss(tmp_path):
    world = World({HOME: Skip("timeout", "It took too long.")})
    missed = answer(world.web(tmp_path))
    assert (missed.reason, missed.sentence) == ("timeout", "It took too long.")


@pytest.mark.parametrize("url", ["https://user@acme.example/", "https://www.linkedin.com/", "gopher://acme.example/"])
def test_what_may_not_be_asked_is_not(tmp_path, url):
    world = World({})
    assert answer(world.web(tmp_path), request(url)).reason in ("refused_url", "terms_forbid")
    assert world.asked == []


def test_domains_the_settings_name_are_never_asked(tmp_path):
    world = World({HOME: (302, "https://www.acme.example/")})
    web = world.web(tmp_path, never=("www.acme.example",))
    assert answer(web, request("https://shop.www.acme.example/")).reason == "terms_forbid"
    assert answer(web, request("https://www.acme.example/")).reason == "terms_forbid"
    assert world.asked == []
    assert answer(web).reason == "terms_forbid"
    assert world.asked == [ROBOTS_TXT, TDMREP, HOME]


def test_redirects_on_the_same_domain_are_followed(tmp_path):
    world = World(
        {
            HOME: (301, "https://www.acme.example/"),
            "https://www.acme.example/": (302, "/en/"),
            "https://www.acme.example/en/": (200, b"Hello"),
        }
    )
    found = answer(world.web(tmp_path))
    assert found.capture.url == "https://www.acme.example/en/"
    assert found.capture.request.url == HOME
    assert "https://www.acme.example/robots.txt" in world.asked
    content = next(path for path in tmp_path.iterdir() if path.suffix == ".gz")
    again = open_web([content], tmp_path / "again", Settings(), AS_OF)
    assert answer(again).body == b"Hello"


@pytest.mark.parametrize(("manners", "steps", "ends"), [
    ({}, 5, "captured"), ({}, 6, "too_many_redirects"),
    ({"redirects": 3}, 3, "captured"), ({"redirects": 3}, 4, "too_many_redirects"),
])  # fmt: skip
def test_how_many_redirects(tmp_path, manners, steps, ends):
    pages = {f"{HOME}{step}": (302, f"/{step + 1}") for step in range(steps)}
    world = World({**pages, f"{HOME}{steps}": (200, b"x")})
    found = answer(world.web(tmp_path, **manners), request(f"{HOME}0"))
    assert getattr(found, "reason", "captured") == ends


def test_a_look_up_may_land_elsewhere(tmp_path):
    world = World({"https://lookup.example/q": (302, "https://answers.example/a"), "https://answers.example/a": (200, b"{}")})
    assert answer(world.web(tmp_path), request("https://lookup.example/q"), may_leave=True).body == b"{}"


def test_every_answer_is_archived(tmp_path):
    """Redirects and errors, too, those on the way to a robots.txt, and the ones that are refused."""
    world = World(
        {HOME: (301, "/en"), f"{HOME}en": (200, b"Hello"), f"{HOME}none": (404, b"None"), f"{HOME}out": (302, "http://x")}
    )
    answers(world.web(tmp_path, redirects=1), [request(), request(f"{HOME}none"), request(f"{HOME}out")])
    assert sorted(archived(tmp_path)) == sorted(
        [(ROBOTS_TXT, 404), (TDMREP, 404), (HOME, 301), (f"{HOME}en", 200), (f"{HOME}none", 404), (f"{HOME}out", 302)]
    )
    assert [capture.url for capture in Archive(tmp_path, 2).captures()] == [f"{HOME}en"], "only pages can be read"


def test_hanging_up_is_passed_on(tmp_path):
    world = World({})
    asyncio.run(world.web(tmp_path).aclose())
    assert world.is_closed


# robots.txt


ROBOTS = {
    (200, b"User-agent: *\nDisallow: /", "text/plain"): "robots_disallowed",
    (200, b"User-agent: bullseye\nDisallow: /", "application/octet-stream"): "robots_disallowed",
    (403, b""): "robots_disallowed",
    (503, b""): "robots_unreachable",
    (429, b""): "robots_unreachable",
    (200, b"User-agent: *\nCrawl-delay: 99", "text/plain"): "crawl_delay_too_long",
    (404, b""): "captured",
    (200, b"<html>Not found</html>"): "captured",
    (301, "https://cdn.example/robots.txt"): "robots_disallowed",
    (301, "/robots.txt"): "captured",
    Skip("dns", "No address."): "dns",
    Skip("timeout", "Too slow."): "timeout",
}


@pytest.mark.parametrize(("said", "ends"), ROBOTS.items())
def test_robots_decide(tmp_path, said, ends):
    cdn = (200, b"User-agent: *\nDisallow: /")
    world = World({HOME: (200, b"x"), ROBOTS_TXT: said, "https://cdn.example/robots.txt": cdn})
    assert getattr(answer(world.web(tmp_path)), "reason", "captured") == ends
    assert (HOME in world.asked) == (ends == "captured")


@pytest.mark.parametrize(("steps", "ends"), [(1, "robots_disallowed"), (5, "robots_disallowed"), (6, "captured")])
def test_five_redirects_of_robots_are_followed_and_more_are_none(tmp_path, steps, ends):
    chain = {f"{HOME}{step}": (302, f"/{step + 1}") for step in range(1, steps)}
    rules = (200, b"User-agent: *\nDisallow: /", "text/plain")
    world = World({HOME: (200, b"x"), ROBOTS_TXT: (302, "/1"), **chain, f"{HOME}{steps}": rules})
    assert getattr(answer(world.web(tmp_path)), "reason", "captured") == ends


def test_robots_are_asked_once_whoever_needs_them(tmp_path):
    world = World({f"{HOME}{number}": (200, b"%d" % number) for number in range(9)} | {ROBOTS_TXT: (200, b"")})
    requests = [request(f"{HOME}{number}") for number in range(9)]
    asked = Request("org_acme", "robots", "robots", ROBOTS_TXT)
    found = answers(world.web(tmp_path), [*requests, asked, replace(asked, organization_id="org_other")])
    assert all(isinstance(each, Captured) for each in found)
    assert [each.capture.request for each in found[:9]] == requests
    assert found[9].capture.request == asked
    assert found[10].capture.request.organization_id == "org_other"
    assert world.asked.count(ROBOTS_TXT) == 1
    assert world.most == 1


def test_robots_txt_itself_is_never_refused_by_robots(tmp_path):
    world = World({ROBOTS_TXT: (200, b"User-agent: *\nDisallow: /", "text/plain")})
    for source in ("website", "robots"):
        asked = replace(request(ROBOTS_TXT, "robots"), source=source)
        found = answer(world.web(tmp_path), asked)
        assert found.body.startswith(b"User")
        assert found.capture.request == asked


def test_a_replay_obeys_robots_but_nobody_waits(tmp_path):
    pages = {HOME: (200, b"x"), f"{HOME}no": (200, b"x")}
    rules = b"User-agent: *\nDisallow: /no\nCrawl-delay: 99"
    world = World({**pages, ROBOTS_TXT: (200, rules, "text/plain")}, asks=False)
    web = world.web(tmp_path)
    assert isinstance(answer(web), Captured)
    assert answer(web, request(f"{HOME}no")).reason == "robots_disallowed"
    assert world.at == 0


def test_the_longer_of_gap_and_crawl_delay_is_kept(tmp_path):
    pages = {f"{HOME}{number}": (200, b"%d" % number) for number in range(3)}
    world = World({**pages, ROBOTS_TXT: (200, b"User-agent: *\nCrawl-delay: 7", "text/plain")})
    web = world.web(tmp_path, gap_seconds=2)
    for url in pages:
        answer(web, request(url))
    assert world.asked == [ROBOTS_TXT, TDMREP, f"{HOME}0", f"{HOME}1", f"{HOME}2"]
    assert world.at == 2 + 7 + 7 + 7


# What reserves itself


RESERVED = {
    "header": ({HOME: (200, b"<p>Hello</p>", (("Content-Type", "text/html"), ("X-Robots-Tag", "noai")))}, "x-robots-tag: noai"),
    "tag": ({HOME: (200, b"<meta name=robots content=noindex>Hello")}, "meta robots: noindex"),
    "file": (
        {HOME: (200, b"Hello"), TDMREP: (200, b'[{"location": "/*", "tdm-reservation": 1}]', "application/json")},
        "tdmrep.json: 1 for /*",
    ),
}


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("name", RESERVED)
def test_a_page_that_reserves_itself_is_archived_without_its_body(tmp_path, name, asks):
    pages, words = RESERVED[name]
    found = answer(World(pages, asks).web(tmp_path))
    assert (found.body, found.capture.length, found.capture.reservation) == (b"", 0, words)
    kept = Archive(tmp_path, 2).latest(HOME, AS_OF).capture
    assert (kept.reservation, Archive(tmp_path, 2).body(kept)) == (words, b"")
    content = b"".join(path.read_bytes() for path in tmp_path.glob("part-*"))
    assert b"Hello" not in content
    assert (HOME, 200) in archived(tmp_path), "its headers are kept"


@pytest.mark.parametrize("asks", [True, False])
def test_tdmrep_is_asked_once_an_origin(tmp_path, asks):
    pages = {f"{HOME}{number}": (200, b"%d" % number) for number in range(5)} | {"https://b.acme.example/": (200, b"b")}
    world = World(pages, asks)
    assert all(isinstance(each, Captured) for each in answers(world.web(tmp_path), [request(url) for url in pages]))
    assert world.asked.count(TDMREP) == 1
    assert world.asked.count("https://b.acme.example/.well-known/tdmrep.json") == 1
    assert sum("tdmrep" in url for url in world.asked) == 2


@pytest.mark.parametrize("rules", [(200, b"User-agent: *\nDisallow: /", "text/plain"), (503, b"")])
def test_where_we_are_not_welcome_it_is_not_asked(tmp_path, rules):
    world = World({HOME: (200, b"x"), ROBOTS_TXT: rules})
    answers(world.web(tmp_path, attempts=1), [request(), request(f"{HOME}a")])
    assert world.asked == [ROBOTS_TXT]


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("end", ["", "/"])
def test_a_tdmrep_that_somebody_links_to_is_a_page_like_others(tmp_path, asks, end):
    """Who asks for it holds its turn already, whatever spelling of it is met."""
    url = f"https://www.acme.example/.well-known/tdmrep.json{end}"
    world = World({HOME: (200, b"x"), url: (200, b'{"location": "*", "tdm-reservation": 1}', "application/json")}, asks)

    web = world.web(tmp_path)
    assert [answer(web, each).capture.url for each in (request(), request(url, "about"))] == [HOME, url]


# What is still known


def test_what_is_fresh_is_not_asked_again(tmp_path):
    pages = {HOME: (200, b"old"), ROBOTS_TXT: (200, b"")}
    world = World(pages)
    first = answer(world.web(tmp_path), request(), 7 * DAY)
    pages[HOME] = (200, b"new")
    again = answer(world.later(tmp_path, timedelta(hours=25)), replace(request(), source="other"), 7 * DAY)
    assert world.asked == [], "not even robots.txt, although that is a day old"
    assert (again.body, again.capture.capture_id, again.capture.request.source) == (b"old", first.capture.capture_id, "other")
    assert (again.checked_at, again.unchanged) == (AS_OF, True)
    assert answer(world.later(tmp_path, 7 * DAY), request(), 7 * DAY).body == b"new"
    assert world.asked == [ROBOTS_TXT, TDMREP, HOME]


def test_unchanged_is_fresh_again(tmp_path):
    world = World({HOME: (200, b"same")})
    first = answer(world.web(tmp_path), request(), DAY)
    second = answer(world.later(tmp_path, 2 * DAY), request(), DAY)
    assert (second.capture, second.body, second.unchanged) == (first.capture, b"same", True)
    assert (first.checked_at, second.checked_at, HOME in world.asked) == (AS_OF, AS_OF + 2 * DAY, True)
    third = answer(world.later(tmp_path, timedelta(hours=20)), request(), DAY)
    assert (third.capture, third.body, third.checked_at) == (first.capture, b"same", AS_OF + 2 * DAY)
    assert world.asked == []


def test_a_url_is_asked_once_a_run_however_stale(tmp_path):
    world = World({HOME: (200, b"Hello"), f"{HOME}none": (404, b""), f"{HOME}slow": Skip("timeout", "Too slow.")})
    web = world.web(tmp_path)
    urls = [HOME, "http://www.acme.example", f"{HOME}none", f"{HOME}slow"]
    for _ in range(2):
        found = answers(web, [replace(request(url), source=source) for url in urls for source in ("a", "b")])
        assert [getattr(each, "reason", "captured") for each in found[::2]] == ["captured", "captured", "http_404", "timeout"]
        assert [each.capture.request.source for each in found[:4]] == ["a", "b"] * 2
        assert [each.request.source for each in found[4:]] == ["a", "b"] * 2
        world.now += timedelta(hours=5)
    assert sorted(world.asked) == sorted([ROBOTS_TXT, TDMREP, HOME, f"{HOME}none", f"{HOME}slow"])
    assert answer(world.later(tmp_path, timedelta(seconds=1))).body == b"Hello"
    assert HOME in world.asked, "a later run asks again"


@pytest.mark.parametrize(("seen", "wanted", "is_asked"), [("http", "https", True), ("https", "http", False)])
def test_what_came_over_no_tls_is_no_answer_where_tls_is_asked_for(tmp_path, seen, wanted, is_asked):
    world = World({f"{scheme}://acme.example/": (200, scheme.encode()) for scheme in ("http", "https")})
    answer(world.web(tmp_path), request(f"{seen}://acme.example/"), DAY)
    found = answer(world.later(tmp_path, timedelta(hours=1)), request(f"{wanted}://acme.example/"), DAY)
    assert found.body == b"https"
    assert (HOME in world.asked) == is_asked


def test_a_replay_answers_for_itself(tmp_path):
    answer(World({HOME: (200, b"live")}).web(tmp_path))
    assert answer(World({}, asks=False).web(tmp_path), request(), 99 * DAY).reason == "http_404"


# Asking only what may have changed


MARKED = (("Content-Type", "text/html"), ("ETag", '"v1"'), ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"))
CONDITIONS = {"If-None-Match": '"v1"', "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}


def marked(headers):
    """Answer as a server does that knows what changed."""
    return (304, b"", MARKED[1:2]) if headers == CONDITIONS else (200, b"<p>Hello</p>", MARKED)


def test_a_page_that_did_not_change_is_not_sent_again(tmp_path):
    world = World({HOME: marked})
    first = answer(world.web(tmp_path))
    assert world.sent[world.asked.index(HOME)] == {}
    for run in (1, 2):
        again = answer(world.later(tmp_path, DAY))
        assert world.sent[world.asked.index(HOME)] == CONDITIONS, "and what the 304 left out is remembered"
        assert (again.capture, again.body, again.unchanged) == (first.capture, b"<p>Hello</p>", True)
        assert again.checked_at == AS_OF + run * DAY
    assert TDMREP in world.asked
    assert archived(tmp_path).count((HOME, 304)) == 2
    shelf = open_web([tmp_path], tmp_path / "again", Settings(), world.now)
    assert answer(shelf).body == b"<p>Hello</p>"


def test_a_page_that_changed_is_asked_conditionally_and_kept_anew(tmp_path):
    world = World({HOME: marked})
    first = answer(world.web(tmp_path))
    world.pages[HOME] = (200, b"<p>New</p>", (("Content-Type", "text/html"), ("ETag", '"v2"')))
    again = answer(world.later(tmp_path, DAY))
    assert world.sent[world.asked.index(HOME)] == CONDITIONS
    assert (again.body, again.unchanged, again.capture != first.capture) == (b"<p>New</p>", False, True)
    answer(world.later(tmp_path, DAY))
    assert world.sent[world.asked.index(HOME)] == {"If-None-Match": '"v2"'}, "of the last answer, not of an earlier one"


@pytest.mark.parametrize("before", [None, (200, b"<p>Hello</p>")])
def test_a_304_nobody_asked_for_is_a_miss(tmp_path, before):
    world = World({HOME: before} if before else {})
    answer(world.web(tmp_path))
    world.pages[HOME] = (304, b"", MARKED)
    missed = answer(world.later(tmp_path, DAY))
    assert world.sent[world.asked.index(HOME)] == {}
    assert (missed.reason, missed.missed_at) == ("http_304", AS_OF + DAY)


def test_conditions_go_to_the_url_they_came_from_only(tmp_path):
    landed = "https://www.acme.example/en"
    world = World({HOME: (302, landed), landed: marked})
    first = answer(world.web(tmp_path))
    again = answer(world.later(tmp_path, DAY))
    sent = dict(zip(world.asked, world.sent, strict=True))
    assert (sent[HOME], sent[landed]) == ({}, CONDITIONS)
    assert (again.capture, again.unchanged) == (first.capture, True)
    world.pages |= {HOME: (302, f"{HOME}other"), f"{HOME}other": (200, b"Other")}
    assert answer(world.later(tmp_path, DAY)).body == b"Other"
    assert all(headers == {} for headers in world.sent)


FRESH = {
    (("Cache-Control", "max-age=3600"),): True,
    (("Cache-Control", 'public, Max-Age="3600"'),): True,
    (("Cache-Control", "max-age=3600"), ("Age", "1700")): True,
    (("Cache-Control", "max-age=3600"), ("Age", "1801")): False,
    (("Cache-Control", "max-age=1799"),): False,
    (("Cache-Control", "max-age=3600, no-cache"),): False,
    (("Cache-Control", "no-store"), ("Cache-Control", "max-age=3600")): False,
    (("Cache-Control", "s-maxage=3600"),): False,
    (): False,
}


@pytest.mark.parametrize(("said", "is_fresh"), FRESH.items())
def test_as_long_as_the_server_says_nobody_asks(tmp_path, said, is_fresh):
    world = World({HOME: (200, b"Hello", (*MARKED[:1], *said))})
    answer(world.web(tmp_path))
    assert answer(world.later(tmp_path, timedelta(minutes=30))).body == b"Hello"
    assert (HOME not in world.asked) == is_fresh


def test_but_no_longer_than_a_month(tmp_path):
    world = World({HOME: (200, b"Hello", (*MARKED[:1], ("Cache-Control", "max-age=999999999")))})
    answer(world.web(tmp_path))
    answer(world.later(tmp_path, 29 * DAY))
    assert HOME not in world.asked
    answer(world.later(tmp_path, DAY))
    assert HOME in world.asked


def test_robots_are_believed_for_a_day_whatever_they_say(tmp_path):
    rules = (200, b"User-agent: *\nDisallow:", (*PLAIN, ("Cache-Control", "max-age=9999999")))
    world = World({HOME: (200, b"Hello"), ROBOTS_TXT: rules})
    answer(world.web(tmp_path))
    answer(world.later(tmp_path, timedelta(hours=23)))
    assert world.asked == [HOME]
    answer(world.later(tmp_path, timedelta(hours=1)))
    assert world.asked == [ROBOTS_TXT, TDMREP, HOME]


@pytest.mark.parametrize("passed", [timedelta(0), timedelta(hours=23)])
@pytest.mark.parametrize("first", [0, 1])
def test_robots_hold_for_their_own_origin(tmp_path, first, passed):
    """With and without www. a page is one, but not what the hosts say of themselves."""
    urls = [f"{HOME}a", "https://www.acme.example/b"]
    world = World({urls[0]: (200, b"a"), urls[1]: (200, b"b"), "https://www.acme.example/robots.txt": (403, b"")})
    world.pages[ROBOTS_TXT] = (200, b"User-agent: *\nDisallow:", "text/plain")
    web, found = world.web(tmp_path), {}
    for url in (urls[first], urls[1 - first]):
        said = answer(web, request(url))
        found[url] = said.reason if isinstance(said, Miss) else said.body
        web = world.later(tmp_path, passed)
    assert found == {urls[0]: b"a", urls[1]: "robots_disallowed"}


def test_tdmrep_holds_for_its_own_origin(tmp_path):
    www = "https://www.acme.example/"
    rules = b'[{"location": "/", "tdm-reservation": 1}]'
    world = World(
        {f"{HOME}a": (200, b"a"), f"{www}b": (200, b"b"), f"{www}.well-known/tdmrep.json": (200, rules, "application/json")}
    )
    kept, reserved = answer(world.web(tmp_path), request(f"{HOME}a")), answer(world.web(tmp_path), request(f"{www}b"))
    assert (kept.body, kept.capture.reservation) == (b"a", "")
    assert (reserved.body, bool(reserved.capture.reservation)) == (b"", True)


def test_all_that_is_sent_for_an_organization_counts(tmp_path):
    """Its host's robots.txt and tdmrep.json, redirects and pages; what is refused is no answer of the host."""
    world = World({HOME: (302, "/a"), f"{HOME}a": (302, "/b"), f"{HOME}b": (200, b"b")})
    web = world.web(tmp_path, requests_per_organization=4)
    assert answer(web).reason == "budget_spent"
    assert world.asked == [ROBOTS_TXT, TDMREP, HOME, f"{HOME}a"]
    other = replace(request(f"{HOME}b"), organization_id="org_other")
    assert answer(web, other).body == b"b"


# Opening


def folder(path, text="<p>Hello</p>"):
    (path / "acme.example").mkdir(parents=True)
    (path / "acme.example/index.html").write_text(text)
    return path


def test_folders_and_archives_in_order(tmp_path):
    home = tmp_path / "home"
    first, second = folder(tmp_path / "first"), folder(tmp_path / "second", "<p>Second</p>")
    (second / "beta.example").mkdir()
    (second / "beta.example/index.html").write_text("<p>Beta</p>")
    web = open_web([str(first), second], home, Settings(), AS_OF.replace(tzinfo=None))
    assert answer(web).body == b"<p>Hello</p>"
    assert answer(web, request("https://beta.example/")).body == b"<p>Beta</p>"
    assert answer(web, request("https://gamma.example/")).reason == "not_in_archive"
    assert answer(web, request(ROBOTS_TXT)).reason == "http_404"
    replayed = answer(open_web([home], tmp_path / "again", Settings(), AS_OF))
    assert (replayed.body, replayed.capture.fetched_at) == (b"<p>Hello</p>", AS_OF)


def test_opening_what_is_not_there_stops(tmp_path):
    with pytest.raises(Stop, match="does not exist"):
        open_web([tmp_path / "none"], tmp_path, Settings(), AS_OF)
    with pytest.raises(Stop, match="contact"):
        open_web(["live"], tmp_path, Settings(), AS_OF)


def test_fingerprint(tmp_path):
    first, second = folder(tmp_path / "a"), folder(tmp_path / "b")
    one = fingerprint([str(first)])
    assert one == fingerprint([second])
    (second / "acme.example/index.html").rename(second / "acme.example/other.html")
    two = fingerprint([second])
    (first / "acme.example/index.html").write_text("<p>Hallo</p>")
    prints = {one, two, fingerprint([first]), fingerprint([first, second]), fingerprint([second, first]), fingerprint(["live"])}
    assert len(prints) == 6
