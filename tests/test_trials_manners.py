"""Trial A: a guest's manners, measured where they matter: at the servers that are asked."""

import asyncio
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from email.utils import format_datetime
from importlib.metadata import version
from itertools import count as count_from
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from loopback import (
    CONTACT,
    NOW,
    PAGE,
    SIDE_FILES,
    Asked,
    Reset,
    Say,
    Server,
    Time,
    ask,
    dialling,
    ends,
    given,
    live,
    moved,
    raw,
    reply,
    serving,
)
from test_live import page

from pipelines import stages
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.job import ROOT, Job
from pipelines.records import Captured, Request
from pipelines.settings import Chosen, Settings
from pipelines.web.pace import Clock

HOST = "anvil.example"
SITE = f"http://{HOST}"
PEM = Path(__file__).parent / "web/self_signed.pem"
DAY = timedelta(days=1)
MANY = {"requests_per_organization": 1000}
"""For trials that ask more of a host than an organization may."""
LEAVE_US_ALONE = reply("User-agent: *\nDisallow: /", ("Content-Type", "text/plain"))

Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that run as long as the test."""
    with ExitStack() as running:
        yield lambda routes, *rest, **more: running.enter_context(serving(Server(routes, *rest, **more)))


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address a connection is opened to; what is not loopback is never reached."""
    return dialling(monkeypatch)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the system's resolver knows: nothing but what a test puts here."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def broken_off(_: Asked) -> bytes:
    raise Reset


def slow(seconds: float, then: bytes = reply()) -> Say:
    def say(_: Asked) -> bytes:
        time.sleep(seconds)
        return then

    return say


def in_turn(*said: Say) -> Say:
    """Say one thing after the other, and the last for ever."""
    left = list(said)

    def say(asked: Asked) -> Any:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now if isinstance(now, bytes) else now(asked)

    return say


def urls(count: int, site: str = SITE) -> list[str]:
    return [f"{site}/page/{number}" for number in range(count)]


# A4: no robots.txt, no pages

UNREACHABLE = {
    **{f"http {status}": (reply("", status=status), "robots_unreachable") for status in (429, 500, 502, 503, 504, 599)},
    "a redirect to nowhere": (reply("", status=302), "robots_unreachable"),
    "reset": (broken_off, "connection"),
    "closed": (raw(), "connection"),
    "torn": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n"), "truncated"),
    "garbage": (raw(b"\0\1\2 no web server\r\n\r\n"), "truncated"),
    "timeout": (slow(1.0), "timeout"),
    "too large": (reply(bytes(3_000_000)), "too_large"),
}


@pytest.mark.parametrize("trouble", UNREACHABLE)
def test_a4_no_page_is_asked_for_where_robots_cannot_be_had(serve: Serve, tmp_path: Path, trouble: str) -> None:
    said, reason = UNREACHABLE[trouble]
    server = serve({"/robots.txt": said, "*": reply()})
    web = live(tmp_path, given({HOST: server}, timeout_seconds=0.5), Time().clock())
    assert ends(ask(web, urls(20), at_once=True)) == [reason] * 20
    assert server.pages == []
    assert len(server.asked) <= 3


def test_a4_nor_without_trust_name_or_server(serve: Serve, tmp_path: Path, names: object, dialled: list[Any]) -> None:
    unproven = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    unproven.load_cert_chain(PEM)
    server = serve({"*": reply()}, tls=unproven)
    closed = Server({})
    closed.server_close()
    hosts = {HOST: server, "gone.example": closed}
    for host, reason in {HOST: "tls", "gone.example": "connection", "nowhere.example": "dns"}.items():
        web = live(tmp_path / host, given(hosts), Time().clock())
        assert ends(ask(web, urls(20, f"https://{host}"), at_once=True)) == [reason] * 20
    assert server.asked == []
    assert len(dialled) <= 4, "one in vain at the first, at most three at the second, none at the third"


def test_a4_what_was_said_within_a_day_holds_when_robots_is_down(serve: Serve, tmp_path: Path) -> None:
    said = in_turn(reply("User-agent: *\nDisallow: /page/0"), reply("", status=503))
    server, clock = serve({"/robots.txt": said, "*": reply()}), Time()
    expected = {0: ["robots_disallowed", "page"], 23: ["robots_disallowed", "page"], 25: ["robots_unreachable"] * 2}
    for hours, verdicts in expected.items():
        clock.passed = hours * 3600
        server.asked.clear()
        assert ends(ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(2))) == verdicts
        assert ("/robots.txt" in server.paths) == (hours != 23)
        assert len(server.pages) == verdicts.count("page")


# A5: what a status of robots.txt means

VERDICTS = {
    **dict.fromkeys((200, 203, 204, 400, 402, 404, 405, 406, 410, 418, 421, 451, 499), "page"),
    **dict.fromkeys((401, 403), "robots_disallowed"),
    **dict.fromkeys((300, 304, 399, 429, 500, 501, 503, 520, 599), "robots_unreachable"),
    206: "truncated",
}


@pytest.mark.parametrize(("status", "verdict"), VERDICTS.items())
def test_a5_what_each_status_means(serve: Serve, tmp_path: Path, status: int, verdict: str) -> None:
    server = serve({"/robots.txt": reply("", status=status), "*": reply()})
    assert ends(ask(live(tmp_path, given({HOST: server}), Time().clock()), urls(2))) == [verdict] * 2
    assert len(server.pages) == (2 if verdict == "page" else 0)


def test_a5_each_origin_has_a_robots_of_its_own(serve: Serve, tmp_path: Path) -> None:
    """Not only a host: `www` is another, and so is another scheme (RFC 9309, 2.3)."""
    welcoming, closed = (
        serve({"/robots.txt": reply("User-agent: *\nAllow: /"), "*": reply()}),
        serve({"/robots.txt": LEAVE_US_ALONE}),
    )
    web = live(tmp_path, given({HOST: welcoming, f"www.{HOST}": closed}))
    assert ends(ask(web, [f"{SITE}/a", f"http://www.{HOST}/b"])) == ["page", "robots_disallowed"]
    assert (closed.paths, closed.pages) == (["/robots.txt"], [])
    assert ends(ask(live(tmp_path, given({HOST: closed})), [f"https://{HOST}/c"])) == ["robots_disallowed"]
    assert (closed.paths, closed.pages) == (["/robots.txt"] * 2, [])


# A6: where robots.txt leads


@pytest.mark.parametrize("steps", range(1, 8))
def test_a6_five_steps_are_followed_and_a_sixth_means_no_rules(serve: Serve, tmp_path: Path, steps: int) -> None:
    hops: dict[str, Say] = {f"/r{number}": moved(f"/r{number + 1}") for number in range(1, steps)}
    server = serve({"/robots.txt": moved("/r1"), **hops, f"/r{steps}": LEAVE_US_ALONE, "*": reply()})
    answers = ask(live(tmp_path, given({HOST: server})), urls(1))
    assert ends(answers) == (["robots_disallowed"] if steps <= 5 else ["page"])
    followed = ["/robots.txt", *(f"/r{number}" for number in range(1, min(steps, 5) + 1))]
    assert server.paths[: len(followed)] == followed
    assert ("/r6" in server.paths) is False


def test_a6_rules_of_another_host_are_ours_and_it_is_asked_nothing_else(serve: Serve, tmp_path: Path) -> None:
    other = serve({"/robots.txt": LEAVE_US_ALONE, "/rules": reply("User-agent: *\nDisallow: /page/0")})
    server = serve({"/robots.txt": moved("http://other.example/rules"), "*": reply()})
    web = live(tmp_path, given({HOST: server, "other.example": other}))
    assert ends(ask(web, urls(2))) == ["robots_disallowed", "page"]
    assert other.paths == ["/rules"]


def test_a6_a_page_in_place_of_rules_asks_nothing(serve: Serve, tmp_path: Path) -> None:
    shown = reply(b"<!doctype html><pre>\nUser-agent: *\nDisallow: /\n</pre>")
    server = serve({"/robots.txt": moved("/sorry"), "/sorry": shown, "*": reply()})
    assert ends(ask(live(tmp_path, given({HOST: server})), urls(1))) == ["page"]


@pytest.mark.parametrize("loop", [{"/robots.txt": "/robots.txt"}, {"/robots.txt": "/r1", "/r1": "/robots.txt"}])
def test_a6_a_circle_ends(serve: Serve, tmp_path: Path, loop: dict[str, str]) -> None:
    server = serve({**{path: moved(to) for path, to in loop.items()}, "*": reply()})
    assert ends(ask(live(tmp_path, given({HOST: server})), urls(1))) == ["page"]
    assert len([path for path in server.paths if path in loop]) == 6


PRIVATE = {
    "http://10.0.0.1/robots.txt": "refused_address",
    "http://169.254.169.254/latest/meta-data": "refused_address",
    "http://[::1]/robots.txt": "refused_address",
    "http://inside.example/robots.txt": "refused_address",
    "http://2130706433/robots.txt": "refused_url",
    "http://localhost/robots.txt": "refused_url",
    "file:///etc/passwd": "refused_url",
}


@pytest.mark.parametrize(("to", "verdict"), PRIVATE.items())
@pytest.mark.parametrize("steps", [1, 3])
def test_a6_a_way_inside_is_not_taken(
    serve: Serve, tmp_path: Path, names: dict[str, list[str]], dialled: list[tuple[str, int]], to: str, verdict: str, steps: int
) -> None:
    names["inside.example"] = ["10.0.0.1"]
    hops: dict[str, Say] = {f"/r{number}": moved(f"/r{number + 1}") for number in range(1, steps)}
    server = serve({"/robots.txt": moved("/r1"), **hops, f"/r{steps}": moved(to), "*": reply()})
    settings = given({HOST: server}, allow_addresses=("127.0.0.1/32",))
    assert ends(ask(live(tmp_path, settings), urls(3))) == [verdict] * 3
    assert set(dialled) == {server.server_address}
    assert server.pages == server.asked[1:] == server.asked[1 : steps + 1]


# A9: one at a time, and a pause


def test_a9_a_burst_of_fifty_at_one_host(serve: Serve, tmp_path: Path) -> None:
    server = serve({"*": reply()})
    web = live(tmp_path, given({HOST: server}, gap_seconds=0.05, **MANY))
    assert ends(ask(web, urls(50), at_once=True)) == ["page"] * 50
    assert len(server.asked) == 52, "each page, robots.txt and tdmrep.json once"
    assert server.most_at_once == 1
    assert server.connections == 1
    assert min(gap for _, gap in server.gaps) >= 0.05


def test_a9_the_pause_grows_with_the_answer(serve: Serve, tmp_path: Path) -> None:
    """Fifty pages that take from nothing to 12 seconds each, by a clock that only they and our pauses move."""
    clock, chance = Time(), Random(9)

    def take_long(_: Asked) -> bytes:
        clock.passed += chance.choice((0.0, 0.1, 0.39, 0.41, 1.0, 2.5, 5.9, 6.1, 12.0))
        return reply()

    server = serve({"*": take_long}, monotonic=clock.monotonic)
    web = live(tmp_path, given({HOST: server}, gap_seconds=2, **MANY), clock.clock())
    assert ends(ask(web, urls(50), at_once=True)) == ["page"] * 50
    assert server.most_at_once == 1
    assert [round(gap, 6) for _, gap in server.gaps] == [round(min(max(5 * took, 2), 30), 6) for took, _ in server.gaps]
    assert [pick(gap for _, gap in server.gaps) for pick in (min, max)] == pytest.approx([2, 30])


def test_a9_a_host_that_asks_for_more_gets_it(serve: Serve, tmp_path: Path) -> None:
    clock = Time()
    server = serve({"/robots.txt": reply("User-agent: *\nCrawl-delay: 7"), "*": reply()}, monotonic=clock.monotonic)
    ask(live(tmp_path, given({HOST: server}, gap_seconds=2), clock.clock()), urls(10), at_once=True)
    assert [gap for _, gap in server.gaps[1:]] == [7] * 10


def test_a9_names_at_one_address_share_its_pause(serve: Serve, tmp_path: Path) -> None:
    server = serve({"*": reply()})
    hosts = [f"anvil{number}.example" for number in range(5)]
    web = live(tmp_path, given(dict.fromkeys(hosts, server), gap_seconds=0.05))
    assert ends(ask(web, [f"http://{host}/page" for host in hosts], at_once=True)) == ["page"] * 5
    assert len(server.asked) == 15
    assert server.most_at_once == 1
    assert min(gap for _, gap in server.gaps) >= 0.05


def test_a9_other_addresses_do_not_wait(serve: Serve, tmp_path: Path) -> None:
    """Nobody's answer comes before all ten have been asked."""
    all_ten = threading.Barrier(10, timeout=60)

    def said(_: Asked) -> Iterator[bytes]:
        all_ten.wait()
        yield reply()

    servers = {f"anvil{number}.example": serve({"/page": said, "*": reply()}, f"127.0.0.{number}") for number in range(1, 11)}
    web = live(tmp_path, given(servers, gap_seconds=0.01, longest_gap_seconds=0.01))
    assert ends(ask(web, [f"http://{host}/page" for host in servers], at_once=True)) == ["page"] * 10


# A11: a host that asks for time

STATUSES = (429, 503)
WAITS = {
    "3": 3,
    "0": 0,
    "3600": 3600,
    format_datetime(NOW + timedelta(seconds=90), usegmt=True): 90,
    format_datetime(NOW - timedelta(days=1), usegmt=True): 0,
    "-1": 60,
    "1e9": 60,
    "soon": 60,
    "3.5": 60,
    "Thu, 99 Jan 2026 99:99:99 GMT": 60,
}
LONG = {
    "3601": 3601,
    "1000000000": 30 * 86_400,
    "9" * 400: 30 * 86_400,
    format_datetime(NOW + timedelta(hours=2), usegmt=True): 7200,
    "Fri, 31 Dec 9999 23:59:59 GMT": 30 * 86_400,
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("asked", "least"), WAITS.items())
def test_a11_never_earlier_than_asked(serve: Serve, tmp_path: Path, asked: str, least: float, status: int) -> None:
    clock = Time()
    said = in_turn(reply("", ("Retry-After", asked), status=status), reply())
    server = serve({"/page/0": said, "*": reply()}, monotonic=clock.monotonic)
    assert ends(ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(3), at_once=True)) == ["page"] * 3
    refused = server.paths.index("/page/0")
    assert server.paths.count("/page/0") == 2
    earliest = min(each.begun for each in server.asked[refused + 1 :])
    assert earliest - server.asked[refused].ended >= least, "nobody asked before"
    assert earliest - server.asked[refused].ended <= least + 3, "and nobody dawdled"


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("asked", "least"), LONG.items())
def test_a11_more_than_an_hour_is_left_to_a_later_run(
    serve: Serve, tmp_path: Path, asked: str, least: float, status: int
) -> None:
    clock = Time()
    said = in_turn(reply("", ("Retry-After", asked), status=status), reply())
    server = serve({"/page/0": said, "*": reply()}, monotonic=clock.monotonic)

    def run(at: float) -> list[str]:
        clock.passed = at
        server.asked.clear()
        return ends(ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(3)))

    assert run(0) == [f"http_{status}", "deferred", "deferred"]
    assert [each.path for each in server.pages] == ["/page/0"]
    assert clock.slept == [], "nobody waits for that long"
    for early in (1, least // 2 - 3600, least - 3600 - 1):
        if early > 0:
            assert set(run(early)) <= {f"http_{status}", "deferred"}
            assert server.asked == []
    assert run(least + 3602) == ["page"] * 3


def test_a11_a_wait_is_kept_by_a_run_that_is_patient_enough(serve: Serve, tmp_path: Path) -> None:
    """What is left of it is less than an hour, so the second run waits."""
    clock = Time()
    said = in_turn(reply("", ("Retry-After", "5400"), status=503), reply())
    server = serve({"/page/0": said, "*": reply()}, monotonic=clock.monotonic)
    ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(1))
    refused = server.asked[-1].ended
    clock.passed = 4000
    assert ends(ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(3)[1:])) == ["page"] * 2
    assert min(each.begun for each in server.asked if each.ended > refused) - refused >= 5400


def test_a11_robots_may_ask_for_time_too(serve: Serve, tmp_path: Path) -> None:
    clock = Time()
    said = in_turn(reply("", ("Retry-After", "120"), status=503), reply("User-agent: *\nDisallow: /page/0"))
    server = serve({"/robots.txt": said, "*": reply()}, monotonic=clock.monotonic)
    answers = ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(2))
    assert ends(answers) == ["robots_disallowed", "page"]
    assert server.paths[:2] == ["/robots.txt"] * 2
    assert server.gaps[0][1] >= 120


# A12: a host that does not get up again

DOWN: dict[str, Say] = {
    "503": reply("", status=503),
    "500": reply("", status=500),
    "429": reply("", status=429),
    "reset": broken_off,
    "torn": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"),
    "slow": slow(0.15),
}


@pytest.mark.parametrize("trouble", DOWN)
def test_a12_five_failures_and_it_is_left_alone(serve: Serve, tmp_path: Path, trouble: str) -> None:
    clock = Time()
    server = serve({"*": DOWN[trouble]}, monotonic=clock.monotonic)
    web = live(tmp_path, given({HOST: server}, timeout_seconds=0.1, **MANY), clock.clock())

    async def answer(number: int) -> str:
        return ends([await web.answer(Request("org_anvil", "website", "page", f"{SITE}/page/{number}"))])[0]

    async def ten(first: int, seconds: float) -> set[str]:
        """Ask for ten pages side by side, so long after the last one was asked for."""
        if server.pages:
            clock.passed = server.pages[-1].begun + seconds
        return set(await asyncio.gather(*(answer(first + number) for number in range(10))))

    async def run() -> None:
        await ten(0, 0)
        assert len(server.pages) == 5, "the breaker opens at the fifth"
        assert (await ten(10, 1), await ten(20, 1799)) == ({"host_failing"}, {"host_failing"})
        assert len(server.pages) == 5, "not one more while it rests"
        assert "host_failing" in await ten(30, 1810)
        assert len(server.pages) == 6, "one probe, which failed"
        assert await ten(40, 1799) == {"host_failing"}
        server.routes["*"] = reply()
        assert (await ten(50, 1810), await ten(60, 0)) == ({"page"}, {"page"})
        assert len(server.pages) == 26
        await web.aclose()

    asyncio.run(run())


def test_a12_four_failures_are_forgotten_by_one_success(serve: Serve, tmp_path: Path) -> None:
    server = serve({"*": in_turn(*[reply("", status=503)] * 4, reply(), *[reply("", status=503)] * 4, reply())})
    web = live(tmp_path, given({HOST: server}, attempts=1), Time().clock())
    expected = ["http_503"] * 4 + ["page"] + ["http_503"] * 4 + ["page"]
    assert ends(ask(web, urls(10))) == expected


# A13: once more, seldom


def test_a13_three_attempts_with_full_jitter(serve: Serve, tmp_path: Path) -> None:
    clock, chances = Time(), iter((0.25, 0.75))
    server = serve({"*": reply("", status=503)}, monotonic=clock.monotonic)
    web = live(tmp_path, given({HOST: server}), clock.clock(lambda: next(chances)))
    assert ends(ask(web, urls(1))) == ["http_503"]
    assert [each.line for each in server.pages] == ["GET /page/0 HTTP/1.1"] * 3
    waits = [other.begun - one.ended for one, other in pairwise(server.pages)]
    assert waits == [0.25 * 2, 0.75 * 4], "a share of 2 seconds, then of 4"


@pytest.mark.parametrize("trouble", ["503", "reset", "torn"])
def test_a13_a_flaky_page_comes_at_the_third_attempt(serve: Serve, tmp_path: Path, trouble: str) -> None:
    server = serve({"/page/0": in_turn(DOWN[trouble], DOWN[trouble], reply())})
    assert ends(ask(live(tmp_path, given({HOST: server}), Time().clock()), urls(1))) == ["page"]
    assert len(server.pages) == 3


def test_a13_no_more_than_three_even_over_a_connection_that_is_kept(serve: Serve, tmp_path: Path) -> None:
    """A server that hangs up on a connection that was kept is asked over a new one; that counts, too."""
    server = serve({"/page/0": reply(), "/page/1": broken_off})
    assert ends(ask(live(tmp_path, given({HOST: server}), Time().clock()), urls(2))) == ["page", "connection"]
    assert server.paths.count("/page/1") <= 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501, 505])
def test_a13_what_will_not_pass_is_asked_once(serve: Serve, tmp_path: Path, status: int) -> None:
    server = serve({"/page/0": reply("", status=status)})
    assert ends(ask(live(tmp_path, given({HOST: server}), Time().clock()), urls(1))) == [f"http_{status}"]
    assert len(server.pages) == 1


def crowd(serve: Serve, flaky: float) -> tuple[Server, list[str]]:
    """Return a server of forty hosts, and its pages, of which a share says 503 once."""
    chance, once = Random(13), set[str]()
    pages = [f"http://anvil{number}.example/page/{page}" for number in range(40) for page in range(5)]
    fails = {url.removeprefix("http://") for url in pages if chance.random() < flaky}

    def say(asked: Asked) -> bytes:
        url = asked.headers["host"] + asked.path
        is_down = url in fails and url not in once
        once.add(url)
        return reply("", status=503 if is_down else 200)

    return serve({"*": say}), pages


@pytest.mark.parametrize(("flaky", "least"), [(0.05, 1.0), (0.5, 0.5)])
def test_a13_a_tenth_of_a_run_may_be_repetition(serve: Serve, tmp_path: Path, flaky: float, least: float) -> None:
    server, pages = crowd(serve, flaky)
    hosts = {f"anvil{number}.example": server for number in range(40)}
    found = ends(ask(live(tmp_path, given(hosts), Time().clock()), pages, at_once=True))
    repeated = len(server.pages) - len(pages)
    assert repeated / (len(server.asked) - repeated) <= 0.1
    assert found.count("page") / len(pages) >= least
    assert set(found) <= {"page", "http_503", "host_failing"}


# A14: only what may have changed

BIG = PAGE + b"<p>An anvil is a block of iron. </p>" * 500


def remembered(*validators: tuple[str, str]) -> Say:
    """Say the page, or that it is the same to those who name one of its validators."""
    known = {{"etag": "if-none-match", "last-modified": "if-modified-since"}[name.lower()]: value for name, value in validators}

    def say(asked: Asked) -> bytes:
        is_same = any(asked.headers.get(name) == value for name, value in known.items())
        return reply(b"" if is_same else BIG, *validators, status=304 if is_same else 200)

    return say


TAG, DATE = ("ETag", '"v1"'), ("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")


def test_a14_the_second_run_asks_whether_anything_changed(serve: Serve, tmp_path: Path) -> None:
    shops = {f"/page/{number}": remembered(*((TAG,), (DATE,), (TAG, DATE))[number % 3]) for number in range(60)}
    server, clock = serve(shops), Time()
    first = ask(live(tmp_path, given({HOST: server}, **MANY), clock.clock()), urls(60))
    once = [each.sent for each in server.asked]
    server.asked.clear()
    clock.passed = 2 * 86_400
    second = ask(live(tmp_path, given({HOST: server}, **MANY), clock.clock()), urls(60), fresh_for=DAY)
    assert ends(first) == ends(second) == ["page"] * 60
    conditions = [set(each.headers) & {"if-none-match", "if-modified-since"} for each in server.pages]
    assert conditions == [{"if-none-match"}, {"if-modified-since"}, {"if-none-match", "if-modified-since"}] * 20
    assert sum(each.sent for each in server.asked) / sum(once) <= 0.05
    pairs = [(one, other) for one, other in zip(first, second, strict=True) if isinstance(one, Captured)]
    for one, other in pairs:
        assert isinstance(other, Captured)
        assert (one.unchanged, other.unchanged) == (False, True)
        assert other.capture == one.capture, "the same evidence"
        assert (one.checked_at, other.checked_at) == (NOW, NOW + timedelta(days=2)), "seen again"
        assert other.body == one.body == BIG


def test_a14_what_changed_is_read_again(serve: Serve, tmp_path: Path) -> None:
    server, clock = serve({"/page/0": remembered(TAG), "/page/1": remembered(TAG)}), Time()
    ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(2))
    server.routes["/page/1"] = reply(b"<p>Anvils are sold out.</p>", ("ETag", '"v2"'))
    clock.passed = 2 * 86_400
    second = ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(2), fresh_for=DAY)
    assert [(each.unchanged, each.body) for each in second if isinstance(each, Captured)] == [
        (True, BIG),
        (False, b"<p>Anvils are sold out.</p>"),
    ]


AGES = {
    "max-age=604800": False,
    "public, max-age=604800, must-revalidate": False,
    "s-maxage=604800": True,
    "max-age=3600": True,
    "no-cache, max-age=604800": True,
    "no-store, max-age=604800": True,
    "max-age=junk": True,
    "max-age=-1": True,
}


@pytest.mark.parametrize(("said", "is_asked"), AGES.items())
def test_a14_what_the_server_calls_fresh_is_not_asked_for(serve: Serve, tmp_path: Path, said: str, is_asked: bool) -> None:
    server, clock = serve({"/page/0": reply(PAGE, ("Cache-Control", said))}), Time()
    for days in (0, 2):
        clock.passed = days * 86_400
        server.asked.clear()
        assert ends(ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(1), fresh_for=DAY)) == ["page"]
    assert ("/page/0" in server.paths) is is_asked


def test_a14_a_304_may_make_it_fresh_for_longer(serve: Serve, tmp_path: Path) -> None:
    server, clock = serve({"/page/0": reply(PAGE, TAG)}), Time()
    asked = []
    for day in (0, 2, 4, 13):
        clock.passed = day * 86_400
        server.asked.clear()
        answers = ask(live(tmp_path, given({HOST: server}), clock.clock()), urls(1), fresh_for=DAY)
        assert ends(answers) == ["page"]
        asked.append("/page/0" in server.paths)
        server.routes["/page/0"] = reply("", TAG, ("Cache-Control", "max-age=864000"), status=304)
    assert asked == [True, True, False, True]


# A15: who we say we are


@pytest.mark.parametrize("contact", [CONTACT, "https://bullseye.example/bot"])
def test_a15_every_request_says_who_we_are_and_nothing_else(serve: Serve, tmp_path: Path, contact: str) -> None:
    cookie = ("Set-Cookie", "id=1; Path=/"), TAG
    server = serve({"/page/0": moved("/page/1"), "*": reply(PAGE, *cookie)})
    settings = Settings(contact=contact, manners=given({HOST: server}).manners)
    for days in (0, 2):
        clock = Time(NOW + timedelta(days=days))
        assert ends(ask(live(tmp_path, settings, clock.clock()), urls(4))) == ["page"] * 4
    assert len(server.asked) == 2 * 7, "four pages, one of them by a detour, robots.txt and tdmrep.json"
    assert sum("if-none-match" in each.headers for each in server.asked) >= 3
    for each in server.asked:
        assert each.line == f"GET {each.path} HTTP/1.1"
        assert each.headers["user-agent"] == f"Bullseye/{version('bullseye')} (+{contact})"
        assert each.headers.get("from") == (contact if "@" in contact else None)
        own = {"host", "user-agent", "accept", "accept-encoding", "connection", "from", "if-none-match"}
        assert set(each.headers) <= own, "no cookie, no referer, nothing of the environment"
        assert each.headers["accept-encoding"] == "gzip"
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"id=1" not in stored


@pytest.mark.parametrize("contact", [None, "", "  ", "me", "robots@localhost", "TODO", "mailto:robots@bullseye.example"])
def test_a15_no_contact_no_run(serve: Serve, tmp_path: Path, contact: str | None) -> None:
    server = serve({"*": reply()})
    with pytest.raises(Stop, match="contact"):
        live(tmp_path, Settings(contact=contact, manners=given({HOST: server}).manners))
    assert server.asked == []


def test_a15_side_files_are_asked_for_once_a_run(serve: Serve, tmp_path: Path) -> None:
    server = serve({"*": reply()})
    ask(live(tmp_path, given({HOST: server})), urls(10), at_once=True)
    assert sorted(path for path in server.paths if path in SIDE_FILES) == sorted(SIDE_FILES)


# A17: a site without an end

MOST_REQUESTS, MOST_PAGES = 24, 12
TEMPTING = ("about", "careers", "pricing", "contact", "news", "products", "jobs", "imprint", "customers", "partners")
XML = ("Content-Type", "application/xml")


def linking(addresses: Iterable[str]) -> bytes:
    return reply(page("Anvil", *(f'<a href="{each}">{each.strip("/")}</a>' for each in addresses)))


def endless_links(pattern: str) -> Say:
    """Say pages that lead to new ones by links worth following, each page to more than a run may ask for."""
    count = count_from(1)
    return lambda _: linking([pattern.format(word, next(count)) for word in TEMPTING * 5])


def index(*places: str) -> bytes:
    """Return a sitemap of sitemaps of whichever host it is asked of."""
    listed = "".join(f"<sitemap><loc>https://HOST{place}</loc></sitemap>" for place in places)
    return reply(f"<?xml version='1.0'?><sitemapindex>{listed}</sitemapindex>", XML)


def million() -> bytes:
    """Return a sitemap of a million pages, packed: 50 MB in 100 KB."""
    entries = gzip.compress(b"<url><loc>https://HOST/about</loc></url>" * 1000) * 1000
    packed = gzip.compress(b"<?xml version='1.0'?><urlset>") + entries + gzip.compress(b"</urlset>")
    return reply(packed, XML, ("Content-Encoding", "gzip"))


HOME: dict[str, Say] = {"/": linking(f"/{each}" for each in TEMPTING)}
TRAPS: dict[str, dict[str, Say]] = {
    "calendar": {"*": endless_links("/{}?month={}")},
    "folders": {"*": endless_links("{}/{}/")},
    "sessions": {"*": endless_links("/{};sid={}")},
    "circle": {"/sitemap.xml": index("/sitemap.xml", *(f"/sitemap.xml?{number}" for number in range(1000)))},
    "deep": {f"/{name}.xml": index(*(f"/s{number}.xml" for number in range(9))) for name in ("sitemap", "s0", "s1", "s2")},
    "wide": {"/sitemap.xml": index("/big.xml"), "/big.xml": million()},
    "detours": {"/": linking(f"/{each}" for each in TEMPTING), "*": lambda asked: moved(f"{asked.path}/on")},
    "unruly": {
        "/robots.txt": moved("/1"),
        "/": linking(f"/{each}" for each in TEMPTING),
        "*": lambda asked: moved(f"{asked.path}1"),
    },
}


def at(host: str, said: Say) -> Say:
    """Return the same, where it names no host, for that one and its organization."""
    name = host.removesuffix(".example").title()

    def say(asked: Asked) -> bytes:
        head, _, body = (said if isinstance(said, bytes) else bytes(said(asked))).partition(b"\r\n\r\n")
        body = body.replace(b"HOST", host.encode()).replace(b"Anvil", name.encode())
        lines = [line for line in head.decode().splitlines() if not line.startswith("Content-Length")]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body

    return say


def test_a17_whatever_is_sent_counts_and_others_are_not_charged(serve: Serve, tmp_path: Path) -> None:
    """Rules and redirects, first attempts and second ones; then the next organization has as many."""
    down_once = in_turn(reply("", status=503), reply())
    server = serve(
        {"/robots.txt": moved("/rules"), "/rules": reply(""), "/old": moved("/page/0"), "/down": down_once, "*": reply()}
    )
    web = live(tmp_path, given({HOST: server}), Time().clock())
    anvil = [f"{SITE}/old", f"{SITE}/down", *urls(30)[1:]]

    async def run(organization_id: str, asked: Iterable[str]) -> list[str]:
        requests = [Request(organization_id, "website", "page", each) for each in asked]
        return ends([await web.answer(each) for each in requests])

    async def both() -> tuple[list[str], list[str]]:
        found = await run("org_anvil", anvil), await run("org_bellows", [f"{SITE}/other/{number}" for number in range(30)])
        await web.aclose()
        return found

    of_anvil, of_bellows = asyncio.run(both())
    assert server.paths[:7] == ["/robots.txt", "/rules", SIDE_FILES[1], "/old", "/page/0", "/down", "/down"]
    assert of_anvil == ["page"] * 19 + ["budget_spent"] * 12, "seven for the first two, one for each of the others"
    assert of_bellows == ["page"] * MOST_REQUESTS + ["budget_spent"] * 6
    assert len(server.asked) == 2 * MOST_REQUESTS


def test_a17_a_site_without_an_end_is_left(serve: Serve, tmp_path: Path, names: object) -> None:
    servers = {}
    for number, (trap, routes) in enumerate(TRAPS.items(), 1):
        host = f"{trap}.example"
        servers[host] = serve({path: at(host, said) for path, said in (HOME | routes).items()}, f"127.0.1.{number}")
    own = Chosen(only=("website", "structured_data", "robots", "sitemap"))  # nobody's server but ours is asked
    settings = given(servers, gaps=dict.fromkeys(servers, 0)).model_copy(update={"sources": own})
    icp = read_icp(ROOT / "examples" / "icp.yaml")
    rows = (f"{host.removesuffix('.example').title()} Ltd,{host}" for host in servers)
    (tmp_path / "leads.csv").write_text("\n".join(["company,website", *rows]), "utf-8")
    began, clock = NOW.replace(tzinfo=None), Clock(now=lambda: NOW)
    job = Job(Home(tmp_path / "home"), settings, icp, ("live",), began, (tmp_path / "leads.csv",), clock=clock)
    stages.take_in(job)
    looked = stages.look(job)
    assert looked.asked is not None
    asked = {host: len(server.asked) for host, server in servers.items()}
    pages = {host: sum("xml" not in each.path and not each.leads_on for each in server.pages) for host, server in servers.items()}
    assert min(asked.values()) >= 6, "every trap was stepped into"
    assert {host: count for host, count in asked.items() if count > MOST_REQUESTS} == {}
    assert {host: count for host, count in pages.items() if count > MOST_PAGES} == {}
    assert all(len(set(server.paths)) == len(server.asked) for server in servers.values()), "nothing is asked twice"
