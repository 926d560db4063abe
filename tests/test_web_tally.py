"""How far a run has come, counted and in one line."""

from datetime import timedelta

import pytest
from test_web_answers import AS_OF, DAY, HOME, World, answer, answers, request

from pipelines.records import Captured, Miss
from pipelines.web.tally import Tally


class Time:
    at = 100.0

    def __call__(self):
        return self.at


@pytest.fixture
def time():
    return Time()


def miss(reason):
    return Miss(request(), reason, "It was so.", AS_OF)


def page(unchanged=False):
    return Captured(None, b"", AS_OF, unchanged)


def test_before_anything_came_back_nothing_is_said(time):
    tally = Tally(time)
    tally.send("acme.example")
    assert (tally.line(), tally.requests, tally.hosts) == ("", 1, {"acme.example"})


def test_counts(time):
    tally = Tally(time)
    for host in ("acme.example", "acme.example", "other.example"):
        tally.send(host)
    for each in (page(), page(True), miss("dns"), miss("http_404"), miss("http_404")):
        tally.take(each)
    assert (tally.requests, len(tally.hosts), tally.pages, tally.unchanged) == (3, 2, 2, 1)
    assert tally.misses == {"http_404": 2, "dns": 1}


def test_hosts_pages_rate_and_the_most_frequent_reasons(time):
    tally = Tally(time)
    for number in range(1200):
        tally.send(f"{number}.example")
        tally.take(page())
    for reason, count in (("dns", 3), ("http_404", 5), ("timeout", 1)):
        for _ in range(count):
            tally.take(miss(reason))
    time.at += 480
    assert tally.line() == "1,200 hosts, 1,200 pages (2.5/s), missed 9: 5 http_404, 3 dns"


def test_a_replay_asks_no_hosts(time):
    tally = Tally(time)
    tally.take(page())
    assert tally.line() == "1 pages (1.0/s)", "in its first second no rate is made up"


def test_only_misses(time):
    tally = Tally(time)
    tally.take(miss("dns"))
    assert tally.line() == "0 pages (0.0/s), missed 1: 1 dns"


def test_every_request_of_a_run_is_accounted_for(tmp_path):
    pages = {f"{HOME}{number}": (200, b"%d" % number) for number in range(5)}
    world = World(pages)
    web = world.web(tmp_path)
    answers(web, [request(url) for url in [*pages, f"{HOME}none", "ftp://acme.example/", *pages]])
    assert (web.tally.pages, web.tally.unchanged) == (10, 5)
    assert web.tally.misses == {"http_404": 1, "refused_url": 1}
    assert web.tally.requests == len(world.asked) == 8
    assert web.tally.hosts == {"acme.example"}
    assert web.so_far().startswith("1 hosts, 10 pages (")
    later = world.later(tmp_path, timedelta(hours=1))
    answer(later, fresh_for=DAY, asked=request(f"{HOME}1"))
    assert (later.tally.pages, later.tally.unchanged, later.tally.requests, later.asked) == (1, 1, 0, 0)


def test_a_replay_tells_nothing(tmp_path):
    web = World({}, asks=False).web(tmp_path)
    answer(web)
    assert (web.so_far(), web.tally.misses) == ("", {"http_404": 1})
