"""Every request gets one capture or one miss, in the order of a guest's manners."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.errors import Skip, Stop
from pipelines.records import Captured, Miss, Request, Response
from pipelines.settings import Manners, Settings
from pipelines.web.archive import Archive
from pipelines.web.misses import Misses
from pipelines.web.pace import Clock
from pipelines.web.web import Web, fingerprint, open_web

AS_OF = datetime(2026, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ALLOW_ALL = (404, b"")


class World:
    """A transport that answers from a dict of URL -> (status, body) or (status, location) or a Skip, and counts."""

    def __init__(self, pages, asks=True):
        self.pages, self.asks, self.asked, self.at, self.now = pages, asks, [], 0.0, AS_OF
        self.in_flight, self.most = {}, 0

    def fetch(self, url):
        host = url.split("/")[2]
        self.in_flight[host] = self.in_flight.get(host, 0) + 1
        self.most = max(self.most, self.in_flight[host])
        threading.Event().wait(0.001)
        self.asked.append(url)
        self.in_flight[host] -= 1
        said = self.pages.get(url, (404, b""))
        if isinstance(said, Skip):
            raise said
        status, content, *kind = said
        if isinstance(content, str):
            return Response(url, status, (("Location", content),), b"", self.now)
        return Response(url, status, (("Content-Type", *(kind or ["text/html"])),), content, self.now)

    def sleep(self, seconds):
        self.at += seconds

    def web(self, tmp_path, **manners):
        clock = Clock(now=lambda: self.now, monotonic=lambda: self.at, sleep=self.sleep)
        return Web(self, Archive(tmp_path, 2), Misses(tmp_path / "misses.jsonl"), Manners(**manners), AS_OF, clock)


def request(url="https://acme.example/", kind="home"):
    return Request("org_acme", "website", kind, url)


def test_a_page_is_captured_and_archived(tmp_path):
    world = World({"https://acme.example/": (200, b"<p>Hello</p>")})
    found = world.web(tmp_path).answer(request())
    assert isinstance(found, Captured)
    assert (found.body, found.capture.request, found.capture.fetched_at) == (b"<p>Hello</p>", request(), AS_OF)
    assert Archive(tmp_path, 2).body(found.capture) == b"<p>Hello</p>"
    assert world.asked == ["https://acme.example/robots.txt", "https://acme.example/"]


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
    (302, "http://10.0.0.1/"): "redirected_elsewhere",
    (302, "ftp://acme.example/"): "refused_url",
    (302, "https://www.linkedin.com/company/acme"): "terms_forbid",
    (302, "https://acme.example:22/"): "refused_url",
}


@pytest.mark.parametrize(("said", "reason"), MISSES.items())
def test_misses(tmp_path, said, reason):
    world = World({"https://acme.example/": said, "https://other.example/": (200, b"Other")})
    missed = world.web(tmp_path).answer(request())
    assert isinstance(missed, Miss)
    assert (missed.request, missed.reason, missed.missed_at) == (request(), reason, AS_OF)
    assert missed.sentence.endswith(".")
    assert list(Archive(tmp_path, 2).captures()) == []


def test_where_it_was_redirected_is_said_and_not_asked(tmp_path):
    world = World({"https://acme.example/": (301, "https://other.example/x")})
    assert "https://other.example/x" in world.web(tmp_path).answer(request()).sentence
    assert not any("other" in url for url in world.asked)


def test_what_the_transport_skips_is_a_miss(tmp_path):
    world = World({"https://acme.example/": Skip("timeout", "It took too long.")})
    missed = world.web(tmp_path).answer(request())
    assert (missed.reason, missed.sentence) == ("timeout", "It took too long.")


@pytest.mark.parametrize("url", ["https://user@acme.example/", "https://www.linkedin.com/", "gopher://acme.example/"])
def test_what_may_not_be_asked_is_not(tmp_path, url):
    world = World({})
    assert world.web(tmp_path).answer(request(url)).reason in ("refused_url", "terms_forbid")
    assert world.asked == []


def test_redirects_on_the_same_domain_are_followed(tmp_path):
    world = World(
        {
            "https://acme.example/": (301, "https://www.acme.example/"),
            "https://www.acme.example/": (302, "/en/"),
            "https://www.acme.example/en/": (200, b"Hello"),
        }
    )
    found = world.web(tmp_path).answer(request())
    assert found.capture.url == "https://www.acme.example/en/"
    assert found.capture.request.url == "https://acme.example/"
    assert "https://www.acme.example/robots.txt" in world.asked
    content = next(path for path in tmp_path.iterdir() if path.suffix == ".gz")
    again = open_web([content], tmp_path / "again", Settings(), AS_OF)
    assert again.answer(request()).body == b"Hello"


@pytest.mark.parametrize(("steps", "ends"), [(3, "captured"), (4, "too_many_redirects")])
def test_how_many_redirects(tmp_path, steps, ends):
    pages = {f"https://acme.example/{step}": (302, f"/{step + 1}") for step in range(steps)}
    world = World({**pages, f"https://acme.example/{steps}": (200, b"x")})
    found = world.web(tmp_path, redirects=3).answer(request("https://acme.example/0"))
    assert getattr(found, "reason", "captured") == ends


def test_a_look_up_may_land_elsewhere(tmp_path):
    world = World({"https://lookup.example/q": (302, "https://answers.example/a"), "https://answers.example/a": (200, b"{}")})
    assert world.web(tmp_path).answer(request("https://lookup.example/q"), may_leave=True).body == b"{}"


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
    page = "https://acme.example/"
    world = World(
        {page: (200, b"x"), f"{page}robots.txt": said, "https://cdn.example/robots.txt": (200, b"User-agent: *\nDisallow: /")}
    )
    assert getattr(world.web(tmp_path).answer(request()), "reason", "captured") == ends
    assert (page in world.asked) == (ends == "captured")


def test_robots_are_asked_once_whoever_needs_them(tmp_path):
    world = World(
        {f"https://acme.example/{number}": (200, b"%d" % number) for number in range(9)}
        | {"https://acme.example/robots.txt": (200, b"")}
    )
    web = world.web(tmp_path)
    requests = [request(f"https://acme.example/{number}") for number in range(9)]
    asked = Request("org_acme", "robots", "robots", "https://acme.example/robots.txt")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(web.answer, [*requests, asked, replace(asked, organization_id="org_other")]))
    assert all(isinstance(each, Captured) for each in found)
    assert [each.capture.request for each in found[:9]] == requests
    assert found[9].capture.request == asked
    assert found[10].capture.request.organization_id == "org_other"
    assert world.asked.count("https://acme.example/robots.txt") == 1
    assert world.most == 1


def test_robots_txt_itself_is_never_refused_by_robots(tmp_path):
    world = World({"https://acme.example/robots.txt": (200, b"User-agent: *\nDisallow: /", "text/plain")})
    assert world.web(tmp_path).answer(request("https://acme.example/robots.txt", "robots")).body.startswith(b"User")


def test_a_replay_obeys_robots_but_nobody_waits(tmp_path):
    pages = {"https://acme.example/": (200, b"x"), "https://acme.example/no": (200, b"x")}
    rules = b"User-agent: *\nDisallow: /no\nCrawl-delay: 99"
    world = World({**pages, "https://acme.example/robots.txt": (200, rules, "text/plain")}, asks=False)
    web = world.web(tmp_path)
    assert isinstance(web.answer(request()), Captured)
    assert web.answer(request("https://acme.example/no")).reason == "robots_disallowed"
    assert world.at == 0


def test_the_longer_of_gap_and_crawl_delay_is_kept(tmp_path):
    pages = {f"https://acme.example/{number}": (200, b"%d" % number) for number in range(3)}
    world = World({**pages, "https://acme.example/robots.txt": (200, b"User-agent: *\nCrawl-delay: 7", "text/plain")})
    web = world.web(tmp_path, gap_seconds=2)
    for url in pages:
        web.answer(request(url))
    assert world.at == 2 + 7 + 7


# What is still known


def test_what_is_fresh_is_not_asked_again(tmp_path):
    pages = {"https://acme.example/": (200, b"old"), "https://acme.example/robots.txt": (200, b"")}
    first = World(pages).web(tmp_path).answer(request(), 7 * DAY)
    later = World({**pages, "https://acme.example/": (200, b"new")})
    later.now = AS_OF + timedelta(hours=23)
    again = later.web(tmp_path).answer(replace(request(), source="other"), 7 * DAY)
    assert later.asked == []
    assert (again.body, again.capture.capture_id, again.capture.request.source) == (b"old", first.capture.capture_id, "other")
    later.now = AS_OF + 7 * DAY
    assert later.web(tmp_path).answer(request(), 7 * DAY).body == b"new"
    assert len(later.asked) == 2


def test_unchanged_is_fresh_again(tmp_path):
    world = World({"https://acme.example/": (200, b"same")})
    first = world.web(tmp_path).answer(request(), DAY)
    world.now = AS_OF + 2 * DAY
    assert world.web(tmp_path).answer(request(), DAY) == first
    world.asked.clear()
    world.now += timedelta(hours=20)
    assert world.web(tmp_path).answer(request(), DAY) == first
    assert "https://acme.example/" not in world.asked


def test_a_replay_answers_for_itself(tmp_path):
    World({"https://acme.example/": (200, b"live")}).web(tmp_path).answer(request())
    assert World({}, asks=False).web(tmp_path).answer(request(), 99 * DAY).reason == "http_404"


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
    assert web.answer(request()).body == b"<p>Hello</p>"
    assert web.answer(request("https://beta.example/")).body == b"<p>Beta</p>"
    assert web.answer(request("https://gamma.example/")).reason == "not_in_archive"
    assert web.answer(request("https://acme.example/robots.txt")).reason == "http_404"
    replayed = open_web([home], tmp_path / "again", Settings(), AS_OF).answer(request())
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


LASTS = {404: True, 410: True, 403: True, 429: False, 408: False, 500: False, 503: False}


@pytest.mark.parametrize("status", LASTS)
def test_what_is_not_there_is_not_asked_for_in_every_run(tmp_path, status):
    world = World({"https://acme.example/": (status, b"no")})
    first = world.web(tmp_path).answer(request(), DAY)
    world.now += timedelta(hours=23)
    again = world.web(tmp_path).answer(request(), DAY)
    assert first.reason == again.reason == f"http_{status}"
    assert world.asked.count("https://acme.example/") == (1 if LASTS[status] else 2)
    assert again.missed_at == (AS_OF if LASTS[status] else world.now), "when it was found out, not when it was remembered"
    world.now += timedelta(hours=2)
    world.pages["https://acme.example/"] = (200, b"<p>back</p>")
    assert world.web(tmp_path).answer(request(), DAY).body == b"<p>back</p>"
    world.now += timedelta(hours=1)
    assert world.web(tmp_path).answer(request(), DAY).body == b"<p>back</p>", "an answer overtakes the miss"


def test_a_replay_remembers_no_misses(tmp_path):
    world = World({}, asks=False)
    assert world.web(tmp_path).answer(request(), DAY).reason == "http_404"
    assert not (tmp_path / "misses.jsonl").exists()
    assert world.web(tmp_path).asked is None


def test_remembered_misses_are_counted_torn_lines_passed_over_and_the_file_kept_small(tmp_path):
    world = World({})
    web = world.web(tmp_path)
    web.answer(request(), DAY)
    assert web.asked == len(world.asked) == 2
    file = tmp_path / "misses.jsonl"
    line = next(each for each in file.read_text("utf-8").splitlines() if "robots" not in each)
    file.write_text(f'{line}\n["torn\n[1]\n' + f"{line}\n" * 40, "utf-8")
    again = world.web(tmp_path)
    assert again.answer(request(), DAY).reason == "http_404"
    assert again.asked == 1, "only robots.txt, whose line was lost"
    assert len(file.read_text("utf-8").splitlines()) == 2
