"""Trials C1 to C3: pages that kill whoever reads them.

Each ends as a reading, whole or with its reason; the parent and the next page notice nothing.
"""

import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import Stop
from pipelines.ids import digest_bytes
from pipelines.jail import UNTRUE, Jail
from pipelines.jailed import Limits
from pipelines.lexicon import make_lexicon
from pipelines.reading import read_page
from pipelines.readout import Reading
from pipelines.records import Capture, Organization, Request
from pipelines.sources import all_sources

OTTER = Organization("org_1", "otter.example", "Otter", "GB", ("Otter",))
CALM = b"<title>Otter</title><p>Otter makes kettles of copper. Write to info@otter.example.</p>" + b"<p>Kettles for all.</p>" * 20
PHRASES = {"kettles": ("kettles of copper",)}
LIMITS = Limits(512 << 20, 3.0, 5.0)
LARGE = 2 << 20
FAILURES = ("parser_killed:SIG", "too_much_memory", "reader_failed:")


def filled(piece: str, size: int = LARGE) -> bytes:
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size]


def nested(tag: str, depth: int) -> bytes:
    return f"<{tag}>".encode() * depth + b"needle" + f"</{tag}>".encode() * depth


KILLERS = {
    "nested blocks": nested("div", LARGE // 11),
    "nested inline": nested("b", LARGE // 7),
    "nested templates": nested("template", 50_000),
    "nested tables": filled("<table><tr><td>"),
    "nested lists": filled("<ul><li>"),
    "nested forms": filled("<form><input name=a>"),
    "nested drawings": nested("svg", LARGE // 11),
    "nested formulas": filled("<math><mi>"),
    "nested frames": filled("<frameset><frame>"),
    "nested choices": filled("<select><option>"),
    "formatting never closed": filled("<font><p>", 75_000),
    "emphasis crossed": filled("<b><i></b></i>"),
    "links never closed": filled("<a href=/about>About "),
    "links of many kinds": filled('<a href="/careers/jobs/about/news">Careers</a>'),
    "200 thousand attributes": b"<p " + b" ".join(b"a%d=1" % each for each in range(200_000)) + b">x</p>",
    "one attribute": b'<p title="' + b"a" * LARGE + b'">x</p>',
    "comments begun": filled("<!--"),
    "processing begun": filled("<?x "),
    "entities": filled("&amp;&#x10FFFF;&#99999999999;&notanentity"),
    "one word": b"<p>" + b"a" * LARGE,
    "one line of digits": b"<p>" + b"1" * LARGE,
    "numbers like phones": b"<p>" + filled("020 7946 0958 "),
    "numbers like phones in lines": filled("<p>+44 20 7946 0958"),
    "words like addresses": b"<p>" + filled("12 High Street, London SW1A 1AA, "),
    "words like names": b"<p>" + filled("\xa9 2020 Acme Ltd. "),
    "years": b"<p>" + filled("founded in since 1999 est. "),
    "brackets": b'<script type="application/ld+json">' + b"[" * 250_000 + b"</script>",
    "scripts of data": filled('<script type="application/ld+json">{"@type":"Organization"}</script>'),
    "drawings of addresses": filled('<img src="https://cdn.acme.example/logo.png" alt="Acme">'),
    "items in items": filled("<div itemscope itemtype=http://schema.org/Organization itemprop=a>"),
    "lines": filled("<br>"),
    "nothing": bytes(LARGE),
    "broken bytes": b"\xff\xfe\x00\xd8" * (LARGE // 4),
    "ids": b"".join(b"<p id=x%d>x</p>" % each for each in range(150_000)),
}


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    with Jail(PHRASES, LIMITS) as jail:
        yield jail


def read(jail: Jail, body: bytes, kind: str = "home") -> Reading:
    request = Request("org_1", "website", kind, "https://otter.example/")
    when = datetime(2026, 1, 1, tzinfo=UTC)
    capture = Capture("cap_1", request, request.url, 200, "text/html", when, digest_bytes(body), len(body), "f", 0)
    return jail.read(capture, body, OTTER)


def here(body: bytes) -> Reading:
    """What the page is read as without any jail."""
    request = Request("org_1", "website", "home", "https://otter.example/")
    when = datetime(2026, 1, 1, tzinfo=UTC)
    capture = Capture("cap_1", request, request.url, 200, "text/html", when, digest_bytes(body), len(body), "f", 0)
    return read_page(capture, body, OTTER, all_sources(), make_lexicon(PHRASES))


def readers() -> list[int]:
    """The processes that read for us: children of our children."""
    return [reader for keeper in _children(os.getpid()) for reader in _children(keeper)]


def _children(process: int) -> list[int]:
    return [int(each) for task in Path(f"/proc/{process}/task").iterdir() for each in (task / "children").read_text().split()]


def test_what_is_read_in_a_jail_is_what_is_read_outside(jail: Jail) -> None:
    reading = read(jail, CALM)
    assert reading == here(CALM)
    assert {"kettles"} <= {fact.value for fact in reading.facts}


@pytest.mark.parametrize("killer", KILLERS)
def test_c1_a_killer_ends_as_a_reading_and_the_next_page_is_read(jail: Jail, killer: str) -> None:
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    reading = read(jail, KILLERS[killer])
    assert time.monotonic() - begun < 2 * LIMITS.wall_seconds
    assert reading.state.startswith(FAILURES) or ":" not in reading.state
    assert reading.state.startswith(FAILURES) <= (not reading.facts)
    assert read(jail, CALM) == here(CALM)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


@pytest.mark.parametrize("depth", [255, 256, 300, 2_000])
def test_c3_what_stands_deep_is_not_lost(jail: Jail, depth: int) -> None:
    needle = b"<div>" * depth + b"Write to sales@otter.example." + b"</div>" * depth
    assert {"sales@otter.example"} <= {fact.value for fact in read(jail, CALM[:24] + needle).facts}


def test_whoever_takes_too_long_is_ended_by_either_clock() -> None:
    states = []
    for limits in (Limits(512 << 20, 0.05, 60.0), Limits(512 << 20, 60.0, 0.05)):
        with Jail(PHRASES, limits) as jail:
            states.append(read(jail, filled("<div id=x><p>Kettles of copper, +44 20 7946 0958</p></div>")).state)
    assert states == ["parser_killed:SIGPROF", "parser_killed:SIGALRM"]


def test_whoever_takes_too_much_memory_is_ended() -> None:
    with Jail(PHRASES, Limits(32 << 20, 20.0, 20.0)) as jail:
        assert read(jail, filled("<div><p>Kettles</p></div>")).state.startswith(FAILURES)
        assert read(jail, CALM) == here(CALM)


@pytest.mark.parametrize("deadly", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_c2_a_crash_is_told_by_its_signal_and_the_next_page_is_read(deadly: signal.Signals) -> None:
    with Jail(PHRASES, Limits(512 << 20, 60.0, 60.0)) as jail:
        others = readers()
        read(jail, CALM)
        (reader,) = set(readers()) - set(others)
        crash = threading.Timer(0.5, os.kill, (reader, deadly))
        crash.start()
        body = filled("<div id=x><p>Kettles of copper, +44 20 7946 0958</p></div>", 4 * LARGE)
        assert read(jail, body).state == f"parser_killed:{deadly.name}"
        assert read(jail, CALM) == here(CALM)
        assert reader not in readers()


def test_a_worker_that_was_lost_is_replaced_and_no_page_is_blamed() -> None:
    with Jail(PHRASES, LIMITS) as jail:
        others = _children(os.getpid())
        read(jail, CALM)
        (keeper,) = set(_children(os.getpid())) - set(others)
        for each in (keeper, *_children(keeper)):
            os.kill(each, signal.SIGKILL)
        assert read(jail, CALM) == here(CALM)


def test_where_no_worker_starts_the_run_stops_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with Jail(PHRASES, LIMITS) as jail, pytest.raises(Stop, match="/bin/false -m pipelines"):
        read(jail, CALM)


def test_nobody_is_left_when_the_jail_is_closed() -> None:
    others = [*_children(os.getpid()), *readers()]
    with Jail(PHRASES, LIMITS) as jail:
        read(jail, CALM)
        assert len(readers()) > len(others) // 2
    assert [*_children(os.getpid()), *readers()] == others


FAILING = """
import pipelines.jailed
def fail(capture, *_):
    raise {"about": ZeroDivisionError, "news": MemoryError}[capture.request.kind]
pipelines.jailed.read_page = fail
pipelines.jailed.main()
"""


def test_a_reader_that_fails_says_at_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.jail.WORKER", ("-c", FAILING))
    with Jail(PHRASES, LIMITS) as jail:
        states = [read(jail, CALM, kind).state for kind in ("about", "news", "home", "about")]
    assert states == [
        "reader_failed:ZeroDivisionError",
        "too_much_memory",
        "reader_failed:KeyError",
        "reader_failed:ZeroDivisionError",
    ]


def test_a_mistake_in_a_reader_stops_the_run_as_it_does_outside(monkeypatch: pytest.MonkeyPatch, jail: Jail) -> None:
    monkeypatch.setattr("pipelines.jail._Worker.ask", lambda *_: (b"S", b"Source x states y, which it does not declare."))
    with pytest.raises(Stop, match="Source x states y"):
        read(jail, CALM)


@pytest.mark.parametrize("lie", [b'"organization_id":"org_1"', b'"capture_id":"cap_1"', b'"url":"https://otter.example/"'])
def test_whoever_speaks_of_others_is_not_believed(monkeypatch: pytest.MonkeyPatch, lie: bytes) -> None:
    from pipelines import readout

    said = readout.encoded(here(CALM))
    assert lie in said
    monkeypatch.setattr("pipelines.jail._Worker.ask", lambda *_: (b"R", said.replace(lie, lie.replace(b'":"', b'":"other_'))))
    with Jail(PHRASES, LIMITS) as jail:
        assert read(jail, CALM) == Reading(UNTRUE)


def test_what_is_no_reading_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.jail._Worker.ask", lambda *_: (b"R", b"cos\nsystem\n"))
    with Jail(PHRASES, LIMITS) as jail:
        assert read(jail, CALM) == Reading(UNTRUE)


def test_whoever_interrupts_the_run_interrupts_no_page() -> None:
    with Jail(PHRASES, LIMITS) as jail:
        others = _children(os.getpid())
        read(jail, CALM)
        (keeper,) = set(_children(os.getpid())) - set(others)
        assert {os.getpgid(each) for each in (keeper, *_children(keeper))} == {keeper}


def test_several_callers_have_a_worker_each() -> None:
    with Jail(PHRASES, LIMITS) as jail:
        found: list[Reading] = []
        callers = [threading.Thread(target=lambda: found.append(read(jail, CALM))) for _ in range(3)]
        for each in callers:
            each.start()
        for each in callers:
            each.join()
        assert found == [here(CALM)] * 3
