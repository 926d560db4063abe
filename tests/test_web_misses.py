"""What did not answer is remembered as long as it is likely to last, and no longer."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_web_answers import AS_OF, DAY, HOME, ROBOTS_TXT, TDMREP, World, answer, request

from pipelines.errors import Skip
from pipelines.records import Miss
from pipelines.web.misses import CROWDED, SOON, Misses, believed_for

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def missed(url=HOME, reason="http_404", at=AS_OF):
    return Miss(request(url), reason, "It was so.", at)


BELIEVED = {
    "http_404": "long", "http_410": "long", "http_403": "long", "http_451": "long", "http_499": "long",
    "redirected_elsewhere": "long", "too_many_redirects": "long", "unsupported_type": "long", "too_large": "long",
    "http_408": "soon", "http_425": "soon", "http_429": "soon", "http_500": "soon", "http_503": "soon", "http_304": "soon",
    "dns": "never", "connection": "never", "timeout": "never", "tls": "never", "truncated": "never", "robots_disallowed": "never",
    "deferred": "never", "host_failing": "never", "budget_spent": "never", "refused_address": "never", "http_4040": "never",
}  # fmt: skip


@pytest.mark.parametrize(("reason", "how_long"), BELIEVED.items())
def test_how_long_a_miss_is_believed(reason, how_long):
    expected = {"long": 7 * DAY, "soon": SOON, "never": None}[how_long]
    assert believed_for(reason, 7 * DAY) == expected
    assert believed_for(reason, SECOND) == (None if how_long == "never" else SECOND), "never longer than a page would be"


@pytest.mark.parametrize(("reason", "how_long"), BELIEVED.items())
def test_only_answers_outlast_a_run(tmp_path, reason, how_long):
    misses = Misses(tmp_path / "misses.jsonl")
    misses.note(missed(reason=reason))
    assert misses.latest(request()) == missed(reason=reason)
    later = Misses(tmp_path / "misses.jsonl").latest(request())
    assert later == (None if how_long == "never" else missed(reason=reason))
    assert (tmp_path / "misses.jsonl").exists() == (how_long != "never")


def test_the_last_miss_counts_for_whoever_asks(tmp_path):
    misses = Misses(tmp_path / "misses.jsonl")
    misses.note(missed())
    misses.note(missed(reason="http_410", at=AS_OF + DAY))
    misses.note(missed(f"{HOME}other"))
    for each in (misses, Misses(tmp_path / "misses.jsonl")):
        found = each.latest(request(kind="about"))
        assert (found.request.kind, found.reason, found.missed_at) == ("about", "http_410", AS_OF + DAY)
        assert each.latest(request(f"{HOME}unknown")) is None


def test_hosts_that_asked_for_time_are_remembered_apart_from_misses(tmp_path):
    misses = Misses(tmp_path / "misses.jsonl")
    assert misses.deferred_until("acme.example") is None
    misses.defer("acme.example", AS_OF + DAY)
    misses.note(missed("acme.example", "http_404"))
    for each in (misses, Misses(tmp_path / "misses.jsonl")):
        assert each.deferred_until("acme.example") == AS_OF + DAY
        assert each.deferred_until("other.example") is None
        assert each.latest(request("acme.example")).reason == "http_404"


TORN = (
    '["https://acme.example/torn", "http_404", "It w',
    '["https://acme.example/torn", "http_404"]',
    '["https://acme.example/torn", "http_404", "x", "yesterday"]',
    '["https://acme.example/torn", "http_404", "x", null]',
    "[1]",
    "null",
    "{}",
    "",
    "\ufffd\0",
)


@pytest.mark.parametrize("line", TORN)
def test_torn_lines_are_passed_over(tmp_path, line):
    file = tmp_path / "misses.jsonl"
    Misses(file).note(missed())
    file.write_text(f"{line}\n{file.read_text('utf-8')}{line}", "utf-8")
    misses = Misses(file)
    assert misses.latest(request()) == missed()
    assert misses.latest(request(f"{HOME}torn")) is None


def test_bytes_that_are_no_text_are_passed_over(tmp_path):
    file = tmp_path / "misses.jsonl"
    Misses(file).note(missed())
    file.write_bytes(b"\xff\xfe\n" + file.read_bytes())
    assert Misses(file).latest(request()) == missed()


def test_a_line_after_a_torn_one_is_not_lost(tmp_path):
    """Whoever was killed left no end of line; what is noted next begins a line of its own."""
    file = tmp_path / "misses.jsonl"
    for number in range(3):
        Misses(file).note(missed(f"{HOME}{number}"))
    file.write_bytes(file.read_bytes()[:-20])
    Misses(file).note(missed(f"{HOME}next"))
    assert Misses(file).latest(request(f"{HOME}1")) and not Misses(file).latest(request(f"{HOME}2"))
    assert Misses(file).latest(request(f"{HOME}next")) == missed(f"{HOME}next")


def test_whatever_stands_in_a_sentence_is_one_line(tmp_path):
    file = tmp_path / "misses.jsonl"
    odd = Miss(request("https://acme.example/\u2028"), "http_404", 'Zürich\r\n\x85\u2028\0"]', AS_OF)
    Misses(file).note(odd)
    assert Misses(file).latest(odd.request) == odd
    assert len(file.read_bytes().splitlines()) == 1


def test_the_file_is_kept_small(tmp_path):
    file = tmp_path / "misses.jsonl"
    misses = Misses(file)
    for number in range(CROWDED * 3):
        misses.note(missed(f"{HOME}{number % 2}", at=AS_OF + number * SECOND))
    misses.defer("acme.example", AS_OF + DAY)
    again = Misses(file)
    assert again.latest(request(f"{HOME}1")).missed_at == AS_OF + 11 * SECOND
    assert [json.loads(line)[0] for line in file.read_text("utf-8").splitlines()] == [
        *(f"{HOME}0", f"{HOME}1", "deferred acme.example")
    ]
    assert Misses(file).deferred_until("acme.example") == AS_OF + DAY
    assert [path.name for path in tmp_path.iterdir()] == ["misses.jsonl"]


def test_processes_append_whole_lines(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_web_misses as t; from pathlib import Path;"
        "misses = t.Misses(Path(sys.argv[2]));"
        "[misses.note(t.missed(t.HOME + sys.argv[3] + str(n))) for n in range(300)]"
    )
    here, file = str(Path(__file__).parent), tmp_path / "misses.jsonl"
    writers = [subprocess.Popen([sys.executable, "-c", code, here, file, name], cwd=Path(here).parent) for name in ("a", "b")]
    assert [each.wait() for each in writers] == [0, 0]
    again = Misses(file)
    assert all(again.latest(request(f"{HOME}{name}{number}")) for name in ("a", "b") for number in range(300))


# In a run


LASTS = {404: DAY, 410: DAY, 403: DAY, 429: HOUR, 408: HOUR, 500: HOUR, 503: HOUR}


@pytest.mark.parametrize("status", LASTS)
def test_what_is_not_there_is_not_asked_for_in_every_run(tmp_path, status):
    world = World({HOME: (status, b"no")})
    first = answer(world.web(tmp_path, attempts=1), request(), DAY)
    again = answer(world.later(tmp_path, LASTS[status] - SECOND, attempts=1), request(), DAY)
    assert world.asked == []
    assert first.reason == again.reason == f"http_{status}"
    assert again.missed_at == AS_OF, "when it was found out, not when it was remembered"
    world.pages[HOME] = (200, b"<p>back</p>")
    assert answer(world.later(tmp_path, SECOND), request(), DAY).body == b"<p>back</p>"
    assert answer(world.later(tmp_path, HOUR), request(), DAY).body == b"<p>back</p>", "an answer overtakes the miss"
    assert world.asked == []


@pytest.mark.parametrize("reason", ["timeout", "dns", "tls", "connection"])
def test_what_nobody_answered_is_asked_again_by_the_next_run(tmp_path, reason):
    world = World({HOME: Skip(reason, "It was so.")})
    web = world.web(tmp_path, attempts=1)
    assert [answer(web, request(), DAY).reason for _ in range(2)] == [reason, reason]
    assert world.asked.count(HOME) == 1
    world.pages[HOME] = (200, b"<p>back</p>")
    assert answer(world.later(tmp_path, SECOND), request(), DAY).body == b"<p>back</p>"


def test_a_page_that_is_gone_is_a_miss_until_it_is_back(tmp_path):
    world = World({HOME: (200, b"<p>here</p>")})
    answer(world.web(tmp_path), request(), DAY)
    world.pages[HOME] = (404, b"")
    assert answer(world.later(tmp_path, DAY), request(), DAY).reason == "http_404"
    assert answer(world.later(tmp_path, HOUR), request(), DAY).reason == "http_404", "not what it was before"
    assert world.asked == []


def test_a_replay_remembers_no_misses(tmp_path):
    world = World({}, asks=False)
    assert answer(world.web(tmp_path), request(), DAY).reason == "http_404"
    assert not (tmp_path / "misses.jsonl").exists()
    assert world.web(tmp_path).asked is None


def test_remembered_misses_are_counted_torn_lines_passed_over_and_the_file_kept_small(tmp_path):
    world = World({})
    web = world.web(tmp_path)
    answer(web, request(), DAY)
    assert web.asked == len(world.asked) == 3
    file = tmp_path / "misses.jsonl"
    line = next(each for each in file.read_text("utf-8").splitlines() if f'"{HOME}"' in each)
    file.write_text(f'{line}\n["torn\n[1]\n' + f"{line}\n" * 40, "utf-8")
    again = world.later(tmp_path, SECOND)
    assert answer(again, request(), DAY).reason == "http_404"
    assert (again.asked, world.asked) == (0, []), "what is still known needs no robots.txt, whose line was lost"
    answer(again, request(f"{HOME}new"), DAY)
    assert world.asked == [ROBOTS_TXT, TDMREP, f"{HOME}new"]
    assert len(file.read_text("utf-8").splitlines()) == 4


def test_moments_are_kept_in_utc(tmp_path):
    misses = Misses(tmp_path / "misses.jsonl")
    misses.note(missed(at=datetime(2026, 1, 2, tzinfo=UTC).astimezone()))
    assert json.loads((tmp_path / "misses.jsonl").read_text("utf-8"))[3] == "2026-01-02T00:00:00+00:00"
