"""Hosts in trouble, and one request as a guest makes it: in its turn, again where that is polite, within the run's budget."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.settings import Manners
from pipelines.web.dial import Place
from pipelines.web.guard import check_url
from pipelines.web.guest import NO_TERMS, Guest, Terms
from pipelines.web.misses import Misses
from pipelines.web.pace import Clock
from pipelines.web.patience import BUSY, FAILURES_TO_OPEN, RESTING_SECONDS, Breaker, Retries, retry_after
from pipelines.web.tally import Tally

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOME = "https://acme.example/"


class Time:
    """A clock that moves only when somebody sleeps, or an answer takes long."""

    def __init__(self):
        self.at, self.slept = 0.0, []

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)

    def now(self):
        return NOW + timedelta(seconds=int(self.at))

    def clock(self, chance=1.0):
        return Clock(now=self.now, monotonic=lambda: self.at, sleep=self.sleep, chance=lambda: chance)


@pytest.fixture
def time():
    return Time()


# Retry-After


def response(status=503, at=NOW, **headers):
    return Response(HOME, status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), b"", at)


SAYS = {
    "3": 3,
    " 120 ": 120,
    "0": 0,
    "1000000000": 1_000_000_000,
    "9" * 400: 999_999_999_999,
    "Fri, 02 Jan 2026 03:04:15 GMT": 10,
    "Friday, 02-Jan-26 03:04:15 GMT": 10,
    "Fri, 02 Jan 2026 04:04:15 +0100": 10,
    "Fri, 02 Jan 2026 03:04:15 -0000": 10,
    "Thu, 01 Jan 2026 00:00:00 GMT": 0,
    "-1": 60,
    "1.5": 60,
    "soon": 60,
    "²": 60,
    "Fri, 99 Jan 2026 03:04:15 GMT": 60,
    "Fri, 02 Jan 99999 03:04:15 GMT": 60,
    "": None,
    "  ": None,
}


@pytest.mark.parametrize(("written", "seconds"), SAYS.items())
def test_for_how_long_a_host_asks_to_be_left_alone(written, seconds):
    assert retry_after(response(Retry_After=written)) == seconds


@pytest.mark.parametrize("status", [200, 301, 404, 500, 502])
def test_only_with_an_answer_that_says_so(status):
    assert retry_after(response(status, retry_after="60")) is None
    assert retry_after(response(429, retry_after="60")) == 60


# Retries


def test_three_attempts_at_growing_random_moments():
    retries = Retries(3, lambda: 0.5)
    retries.count()
    assert [retries.wait(503, attempt) for attempt in (1, 2, 3)] == [1.0, 2.0, None]


def test_no_wait_is_longer_than_half_a_minute():
    retries = Retries(99, lambda: 1.0)
    for _ in range(1000):
        retries.count()
    assert [retries.wait(503, attempt) for attempt in (1, 4, 5, 50)] == [2.0, 16.0, 30.0, 30.0]


def test_chance_may_be_nothing():
    assert Retries(3, lambda: 0.0).wait(503, 1) == 0.0


@pytest.mark.parametrize(
    "trouble", [200, 304, 404, 403, 501, "dns", "timeout", "tls", "refused_address", "too_large", "http_503"]
)
def test_only_what_may_pass_is_repeated(trouble):
    assert Retries(3, lambda: 1.0).wait(trouble, 1) is None


@pytest.mark.parametrize("trouble", [*BUSY, "connection", "truncated"])
def test_what_may_pass_is(trouble):
    assert Retries(3, lambda: 1.0).wait(trouble, 1) == 2.0


@pytest.mark.parametrize(("requests", "repeated"), [(0, 2), (1, 2), (29, 2), (30, 3), (99, 9), (1000, 100)])
def test_of_all_requests_a_tenth_may_be_repetitions(requests, repeated):
    retries = Retries(3, lambda: 1.0)
    for _ in range(requests):
        retries.count()
    assert sum(retries.wait(503, 1) is not None for _ in range(requests + 10)) == repeated


# The breaker


def is_left_alone(breaker, host="acme.example"):
    try:
        breaker.check(host)
    except Skip as skip:
        assert (skip.reason, skip.sentence.endswith(".")) == ("host_failing", True)
        return True
    return False


def test_five_failures_in_a_row_and_the_host_is_left_alone(time):
    breaker = Breaker(time.clock())
    left = []
    for _ in range(FAILURES_TO_OPEN):
        left.append(is_left_alone(breaker))
        breaker.note("acme.example", failed=True)
    assert left == [False] * 5
    assert is_left_alone(breaker)
    assert not is_left_alone(breaker, "other.example")


def test_a_success_between_makes_a_new_row(time):
    breaker = Breaker(time.clock())
    for failed in (True, True, True, True, False, True, True, True, True):
        breaker.note("acme.example", failed=failed)
    assert not is_left_alone(breaker)


@pytest.mark.parametrize("recovered", [True, False])
def test_after_half_an_hour_one_request_shows(time, recovered):
    breaker = Breaker(time.clock())
    for _ in range(FAILURES_TO_OPEN):
        breaker.note("acme.example", failed=True)
    time.at += RESTING_SECONDS - 1
    assert is_left_alone(breaker)
    time.at += 1
    assert not is_left_alone(breaker)
    breaker.note("acme.example", failed=not recovered)
    assert is_left_alone(breaker) is not recovered
    breaker.note("acme.example", failed=True)
    assert is_left_alone(breaker) is not recovered


# The guest


class Host:
    """A transport whose hosts say one thing after the other, the last one for ever; a Skip is raised."""

    asks = True

    def __init__(self, time, *said, takes=0.0, **by_host):
        self.time, self.takes, self.asked, self.headers = time, takes, [], []
        self.said = {"acme.example": list(said), **{name.replace("_", "."): list(each) for name, each in by_host.items()}}
        self.addresses, self.busy, self.most = {}, {}, {}

    async def place(self, target):
        return Place((self.addresses.get(target.host, f"address of {target.host}"),), target.port, target.scheme)

    async def fetch(self, target, place, headers):
        self.asked.append((target.host, self.time.at))
        self.headers.append(headers)
        self.busy[place.address] = self.busy.get(place.address, 0) + 1
        self.most[place.address] = max(self.most.get(place.address, 0), self.busy[place.address])
        for _ in range(3):
            await asyncio.sleep(0)
        self.time.at += self.takes
        self.busy[place.address] -= 1
        row = self.said.get(target.host) or [200]
        said = row.pop(0) if len(row) > 1 else row[0]
        if isinstance(said, Skip):
            raise said
        status, *written = said if isinstance(said, tuple) else (said,)
        named = written[0] if written and isinstance(written[0], dict) else {"Retry-After": written[0]} if written else {}
        return response(status, self.time.now(), **named)

    async def aclose(self):
        pass

    @property
    def moments(self):
        return [at for _, at in self.asked]


def guest(host, tmp_path, chance=1.0, tally=None, terms=NO_TERMS, **manners):
    kept = Manners(**{"gap_seconds": 0, **manners})
    misses = Misses(tmp_path / "misses.jsonl")
    return Guest(host, kept, misses, host.time.clock(chance), tally or Tally(lambda: host.time.at), terms)


async def outcome(guest, url=HOME, delay=0.0, headers=None, organization="org_acme"):
    try:
        return (await guest.ask(check_url(url), organization, delay, headers or {})).status
    except Skip as skip:
        assert skip.sentence.endswith(".")
        return skip.reason


def ask(guest, *urls):
    """Return status or reason of each, asked for one after the other."""

    async def one_by_one():
        async with asyncio.timeout(10):
            return [await outcome(guest, url) for url in urls or [HOME]]

    return asyncio.run(one_by_one())


def test_what_is_asked_for_is_sent_with_its_headers(time, tmp_path):
    host = Host(time, 200)
    tally = Tally(lambda: 0.0)
    assert asyncio.run(outcome(guest(host, tmp_path, tally=tally), headers={"If-None-Match": '"v1"'})) == 200
    assert host.headers == [{"If-None-Match": '"v1"'}]
    assert (tally.requests, tally.hosts) == (1, {"acme.example"})


def broken(reason="connection"):
    return Skip(reason, "It broke.")


FLAKY = {
    (503, 200): (200, 2),
    (503, 429, 200): (200, 3),
    (500, 500, 500, 200): (500, 3),
    (broken(), 200): (200, 2),
    (broken(), 503, broken("truncated")): ("truncated", 3),
    (broken("timeout"), 200): ("timeout", 1),
    (404, 200): (404, 1),
    (501, 200): (501, 1),
}


@pytest.mark.parametrize(("said", "ends"), FLAKY.items())
def test_who_is_in_trouble_is_asked_again_a_few_times(time, tmp_path, said, ends):
    host = Host(time, *said)
    tally = Tally(lambda: 0.0)
    assert (ask(guest(host, tmp_path, tally=tally))[0], len(host.asked)) == ends
    assert tally.requests == ends[1], "each time counts"


def test_waits_between_attempts_grow_and_come_after_the_pause(time, tmp_path):
    host = Host(time, 503)
    assert ask(guest(host, tmp_path, gap_seconds=3)) == [503]
    assert host.moments == [0, 3, 7]


def test_repetitions_are_few_in_the_whole_run(time, tmp_path):
    hosts = [f"h{number}.example" for number in range(40)]
    host = Host(time, **{name.replace(".", "_"): [503] for name in hosts})
    assert set(ask(guest(host, tmp_path), *[f"https://{name}/" for name in hosts])) == {503}
    assert len(host.asked) == 40 + 4


@pytest.mark.parametrize("written", ["30", "Fri, 02 Jan 2026 03:04:35 GMT", "junk"])
@pytest.mark.parametrize("status", [429, 503])
def test_never_earlier_than_asked(time, tmp_path, status, written):
    host = Host(time, (status, written), 200)
    assert ask(guest(host, tmp_path, chance=0.0), HOME) == [200]
    least = 60 if written == "junk" else 30
    assert least <= host.moments[1] <= least + 2


def test_the_host_not_only_the_page_is_left_alone(time, tmp_path):
    host = Host(time, (503, "50"), 200)
    assert ask(guest(host, tmp_path, attempts=1), HOME, f"{HOME}a", "https://other.example/", f"{HOME}b") == [503, 200, 200, 200]
    assert [(name, at >= 50) for name, at in host.asked[1:]] == [
        ("acme.example", True),
        ("other.example", True),
        ("acme.example", True),
    ]


@pytest.mark.parametrize("written", ["3601", "1000000000", "Sat, 03 Jan 2026 03:04:05 GMT"])
def test_who_asks_for_more_than_a_run_can_wait_is_left_to_a_later_one(time, tmp_path, written):
    host = Host(time, (503, written), 200)
    kept = guest(host, tmp_path)
    assert ask(kept, HOME, f"{HOME}a", "https://other.example/") == [503, "deferred", 200]
    assert ask(guest(host, tmp_path), HOME) == ["deferred"], "the next run knows"
    assert (len(host.asked), time.slept) == (2, [])
    time.at += 2_592_003
    assert ask(guest(host, tmp_path), HOME) == [200], "in a month everybody is asked again"


COUNTED = Terms(budgets={"acme.example": 3})
USED_UP = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767326645"}
"""What is said to who may ask again in an hour (by the clock of these tests)."""


def test_a_host_that_counts_requests_is_asked_so_often_and_nobody_waits_for_it(time, tmp_path):
    host = Host(time, 200)
    kept = guest(host, tmp_path, terms=COUNTED, gap_seconds=5)
    assert ask(kept, *[f"{HOME}{number}" for number in range(3)]) == [200] * 3
    begun = time.at
    assert ask(kept, *[f"{HOME}{number}" for number in range(9)], "https://other.example/") == ["budget_spent"] * 9 + [200]
    assert (len(host.asked), time.at) == (4, begun)
    assert ask(guest(host, tmp_path, terms=COUNTED), HOME) == [200], "the next run goes on"


def test_a_refusal_for_asking_too_often_is_no_refusal_of_the_page(time, tmp_path):
    host = Host(time, (403, USED_UP), 200)
    kept = guest(host, tmp_path, terms=COUNTED)
    assert ask(kept, HOME, f"{HOME}a", "https://other.example/") == ["deferred", "deferred", 200]
    assert (len(host.asked), time.slept) == (2, []), "nobody waits for a host that counts"
    assert ask(guest(host, tmp_path, terms=COUNTED), HOME) == ["deferred"], "the next run knows"
    time.at += 3700
    assert ask(guest(host, tmp_path, terms=COUNTED), HOME) == [200]


def test_those_in_line_do_not_wait_for_a_host_that_sent_the_first_away(time, tmp_path):
    host = Host(time, (429, {"Retry-After": "3000"}), takes=1.0)

    async def all_at_once():
        kept = guest(host, tmp_path, terms=Terms(budgets={"acme.example": 100}))
        return await asyncio.gather(*(outcome(kept, f"{HOME}{number}") for number in range(5)))

    assert asyncio.run(all_at_once()) == [429, *["deferred"] * 4]
    assert (len(host.asked), time.at < 100) == (1, True)


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767323055"}, 10.0),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}, 30.0),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1000000000"}, 0.0),
        (403, {"X-RateLimit-Remaining": "7", "X-RateLimit-Reset": "1767323055"}, None),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, None),
        (403, {"X-RateLimit-Remaining": "0"}, None),
        (403, {"Retry-After": "7"}, 7.0),
        (403, {}, None),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}, None),
    ],
)
def test_until_when_requests_are_counted(status, said, seconds):
    assert retry_after(response(status, **said)) == seconds


def test_a_short_wait_is_kept_by_the_next_run_too(time, tmp_path):
    host = Host(time, (429, "600"), 200)
    assert ask(guest(host, tmp_path, attempts=1)) == [429]
    time.at += 100
    assert ask(guest(host, tmp_path)) == [200]
    assert 600 <= host.moments[1] <= 602


def test_five_failures_and_no_more_is_asked_for_half_an_hour(time, tmp_path):
    host = Host(time, broken("timeout"))
    kept = guest(host, tmp_path)
    pages = [f"{HOME}{number}" for number in range(8)]
    assert ask(kept, *pages) == ["timeout"] * 5 + ["host_failing"] * 3
    time.at += RESTING_SECONDS
    assert ask(kept, *pages[:2]) == ["timeout", "host_failing"]
    time.at += RESTING_SECONDS
    host.said["acme.example"] = [200]
    assert ask(kept, *pages[:2]) == [200, 200]
    assert len(host.asked) == 5 + 1 + 2


def test_those_who_wait_when_the_host_fails_do_not_ask(time, tmp_path):
    """They were let in when it still answered."""
    host = Host(time, broken("timeout"))
    kept = guest(host, tmp_path)

    async def all_at_once():
        return await asyncio.gather(*(outcome(kept, f"{HOME}{number}") for number in range(20)))

    assert sorted(asyncio.run(all_at_once())) == ["host_failing"] * 15 + ["timeout"] * 5
    assert len(host.asked) == 5


def test_what_is_no_failure_of_the_host_opens_nothing(time, tmp_path):
    host = Host(time, Skip("too_large", "Too large."))
    assert ask(guest(host, tmp_path), *[f"{HOME}{number}" for number in range(9)]) == ["too_large"] * 9
    missing = Host(time, 404)
    assert ask(guest(missing, tmp_path), *[f"{HOME}{number}" for number in range(9)]) == [404] * 9


# Turns


def test_one_in_flight_and_a_pause_that_grows_with_the_answer(time, tmp_path):
    host = Host(time, 200, takes=1.0)
    kept = guest(host, tmp_path, gap_seconds=2)

    async def all_at_once():
        return await asyncio.gather(*(outcome(kept, f"{HOME}{number}") for number in range(50)))

    asyncio.run(all_at_once())
    assert host.most == {"address of acme.example": 1}
    gaps = [later - earlier - 1.0 for earlier, later in zip(host.moments, host.moments[1:], strict=False)]
    assert min(gaps) >= 5.0


def test_hosts_at_one_address_take_turns(time, tmp_path):
    host = Host(time)
    names = [f"h{number}.example" for number in range(6)]
    host.addresses = dict.fromkeys(names, "93.184.1.1")
    kept = guest(host, tmp_path, gap_seconds=2)

    async def all_at_once():
        return await asyncio.gather(*(outcome(kept, f"https://{name}/") for name in names))

    assert asyncio.run(all_at_once()) == [200] * 6
    assert host.most == {"93.184.1.1": 1}
    assert host.moments == [0, 2, 4, 6, 8, 10]


def test_a_host_that_is_an_address_is_asked(time, tmp_path):
    """Its name and its address are one, and it waits for itself no longer than others do."""
    host = Host(time)
    host.addresses = {"93.184.1.1": "93.184.1.1"}
    assert ask(guest(host, tmp_path, gap_seconds=2), "http://93.184.1.1/", "http://93.184.1.1/b") == [200, 200]
    assert host.moments == [0, 2]


def test_waiting_for_a_turn_is_no_slowness_of_the_host(time, tmp_path):
    """The second host waits for the address, and its own pause is not the longer for it."""
    host = Host(time)
    host.addresses = dict.fromkeys(("a.example", "b.example"), "93.184.1.1")
    kept = guest(host, tmp_path, gap_seconds=2, gaps={"a.example": 20})

    async def in_turn():
        await outcome(kept, "https://a.example/")
        await outcome(kept, "https://b.example/")
        host.addresses["b.example"] = "93.184.1.2"
        await outcome(kept, "https://b.example/b")

    asyncio.run(in_turn())
    assert host.moments == [0, 20, 22]


def test_no_more_connections_than_the_settings_allow(time, tmp_path):
    host, most, busy = Host(time), 0, 0
    inner = host.fetch

    async def fetch(*given):
        nonlocal most, busy
        busy += 1
        most = max(most, busy)
        try:
            return await inner(*given)
        finally:
            busy -= 1

    host.fetch = fetch
    kept = guest(host, tmp_path, connections=3)

    async def all_at_once():
        return await asyncio.gather(*(outcome(kept, f"https://h{number}.example/") for number in range(30)))

    assert asyncio.run(all_at_once()) == [200] * 30
    assert most == 3


# Budgets


def test_requests_per_run_are_counted_with_repetitions(time, tmp_path):
    host = Host(time, 503, 200)
    assert ask(guest(host, tmp_path, requests_per_run=3), HOME, f"{HOME}a", f"{HOME}b") == [200, 200, "budget_spent"]
    assert len(host.asked) == 3


def test_a_budget_is_not_overdrawn_by_many_at_once(time, tmp_path):
    host = Host(time)
    kept = guest(host, tmp_path, requests_per_run=7)

    async def all_at_once():
        return await asyncio.gather(*(outcome(kept, f"https://h{number}.example/") for number in range(30)))

    assert sorted(asyncio.run(all_at_once()), key=str) == [200] * 7 + ["budget_spent"] * 23
    assert len(host.asked) == 7


def test_minutes_per_run(time, tmp_path):
    host = Host(time, 200, takes=25.0)
    pages = [f"{HOME}{number}" for number in range(5)]
    assert ask(guest(host, tmp_path, minutes_per_run=1), *pages) == [200, 200, "budget_spent", "budget_spent", "budget_spent"]
    assert max(host.moments) < 60


def test_who_asks_for_more_than_what_is_left_of_the_run_is_not_waited_for(time, tmp_path):
    host = Host(time, (503, "90"), 200)
    assert ask(guest(host, tmp_path, minutes_per_run=1), HOME, f"{HOME}a") == [503, "deferred"]
    assert (len(host.asked), time.slept) == (1, [])


def test_an_organization_is_worth_so_many_requests_to_a_host(time, tmp_path):
    """Repetitions count; other organizations, and other hosts, have their own; what is not sent is not counted as sent."""
    host, tally = Host(time, 503, 200), Tally(lambda: 0.0)
    kept = guest(host, tmp_path, tally=tally, requests_per_organization=3)
    assert ask(kept, *[f"{HOME}{number}" for number in range(4)]) == [200, 200, "budget_spent", "budget_spent"]
    assert ask(kept, "https://other.example/") == [200]
    assert asyncio.run(outcome(kept, organization="org_other")) == 200
    assert [name for name, _ in host.asked] == ["acme.example"] * 3 + ["other.example", "acme.example"]
    assert tally.requests == 5


def test_a_repetition_beyond_what_an_organization_is_worth_is_not_sent(time, tmp_path):
    host = Host(time, broken())
    assert ask(guest(host, tmp_path, requests_per_organization=2)) == ["budget_spent"]
    assert len(host.asked) == 2


def test_by_default_two_dozen(time, tmp_path):
    host = Host(time)
    assert ask(guest(host, tmp_path), *[f"{HOME}{number}" for number in range(26)]) == [200] * 24 + ["budget_spent"] * 2
