"""One request in flight per host and per address, and a gap between two that grows with how long the last answer took."""

import asyncio
from datetime import UTC, datetime

import pytest

from pipelines.settings import Manners
from pipelines.web.pace import Clock, Pace

HOST = "acme.example"


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self):
        self.at = 0.0
        self.slept = []

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds

    def clock(self):
        return Clock(now=lambda: datetime(2026, 1, 2, tzinfo=UTC), monotonic=lambda: self.at, sleep=self.sleep)


@pytest.fixture
def time():
    return Time()


def pace(time, **manners):
    return Pace(Manners(**{"gap_seconds": 2.0, **manners}), time.clock())


def visit(time, pace, *visits):
    """Take turns one after the other; a visit is (host, seconds its answer takes, delay asked for)."""

    async def one_by_one():
        for host, seconds, delay in visits:
            async with pace.turn(host, host, delay) as turn:
                time.at += seconds
                turn.seconds = seconds

    asyncio.run(one_by_one())


def test_gap_between_the_end_of_one_and_the_start_of_the_next(time):
    visit(time, pace(time), (HOST, 0.1, 0), ("other.example", 0, 0), (HOST, 0, 0))
    assert time.slept == [2.0]
    assert time.at == pytest.approx(2.1)


def test_a_host_whose_terms_say_how_fast_is_asked_so_fast_and_no_faster_than_its_robots_txt_says(time):
    kept = Pace(Manners(gap_seconds=2.0, gaps={"own.example": 0.25}), time.clock(), {"api.example": 0.1, "own.example": 5.0})
    visit(time, kept, ("api.example", 3.0, 0), ("api.example", 0, 7.0), ("api.example", 0, 0))
    assert time.slept == [pytest.approx(0.1), 7.0], "however long its answers take"
    time.slept.clear()
    visit(time, kept, ("own.example", 0, 0), ("own.example", 0, 0), (HOST, 0, 0), (HOST, 0, 0))
    assert time.slept == [0.25, 2.0], "settings come first; nobody else is asked faster"


def test_the_longer_delay_counts(time):
    visit(time, pace(time), (HOST, 0, 7.0), (HOST, 0, 1.0), (HOST, 0, 0.0), (HOST, 0, 0))
    assert time.slept == [7.0, 2.0, 2.0]


@pytest.mark.parametrize(("took", "gap"), [(0.0, 2), (0.4, 2), (1.0, 5), (5.9, 29.5), (6.1, 30), (900.0, 30)])
def test_five_times_as_long_as_the_answer_took_but_no_longer_than_half_a_minute(time, took, gap):
    visit(time, pace(time), (HOST, took, 0), (HOST, 0, 0))
    assert time.slept == [pytest.approx(gap)]


def test_what_one_answer_took_is_no_reproach_to_the_next(time):
    visit(time, pace(time), (HOST, 4.0, 0), (HOST, 0.1, 0), (HOST, 0, 0))
    assert time.slept == [pytest.approx(20), pytest.approx(2)]


def test_a_gap_set_longer_than_the_longest_is_kept(time):
    visit(time, pace(time, gap_seconds=60), (HOST, 20.0, 0), (HOST, 0, 0))
    assert time.slept == [60]


def test_a_host_with_a_gap_of_its_own_keeps_just_that(time):
    visit(time, pace(time, gaps={HOST: 0}), (HOST, 9.0, 7.0), (HOST, 0, 0), ("other.example", 0, 0), ("other.example", 0, 0))
    assert time.slept == [2.0]


def test_no_sleep_when_time_has_passed(time):
    kept = pace(time)
    visit(time, kept, (HOST, 0, 0))
    time.at += 3
    visit(time, kept, (HOST, 0, 0))
    assert time.slept == []


def test_a_failure_gives_the_turn_back_and_keeps_the_gap(time):
    kept = pace(time)

    async def broken():
        async with kept.turn(HOST, HOST):
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        asyncio.run(broken())
    visit(time, kept, (HOST, 0, 0))
    assert time.slept == [2.0]


def test_a_host_that_asks_for_time_gets_it(time):
    kept = pace(time)
    kept.hold(HOST, 60)
    kept.hold(HOST, 5)
    visit(time, kept, ("other.example", 0, 0), (HOST, 0, 0), (HOST, 0, 0))
    assert time.slept == [60, 2]


def test_time_asked_for_meanwhile_is_waited_for_too(time):
    async def sleep(seconds):
        await Time.sleep(time, seconds)
        if len(time.slept) == 1:
            kept.hold(HOST, 9)

    time.sleep = sleep
    kept = pace(time)
    visit(time, kept, (HOST, 0, 0), (HOST, 0, 0))
    assert time.slept == [2, 9]


def test_one_in_flight_per_host_and_none_kept_waiting_by_another():
    kept = Pace(Manners(gap_seconds=0), Clock())
    inside, most, seen = {}, {}, set()

    async def visit(host):
        for _ in range(25):
            async with kept.turn(host, host):
                inside[host] = inside.get(host, 0) + 1
                most[host] = max(most.get(host, 0), inside[host])
                seen.add(frozenset(each for each, count in inside.items() if count))
                await asyncio.sleep(0)
                inside[host] -= 1

    async def all_of_them():
        await asyncio.gather(*(visit(host) for host in ("a.example", "b.example") * 8))

    asyncio.run(all_of_them())
    assert most == {"a.example": 1, "b.example": 1}
    assert frozenset(most) in seen, "two hosts are asked at the same time"


def test_who_gives_up_waiting_leaves_the_turn_to_others(time):
    kept = Pace(Manners(gap_seconds=0), Clock())

    async def wait():
        async with kept.turn(HOST, HOST):
            waiting = asyncio.create_task(taken())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1), kept.turn(HOST, HOST):
            return "taken"

    async def taken():
        async with kept.turn(HOST, HOST):
            raise AssertionError("the turn was not free")

    assert asyncio.run(wait()) == "taken"


def test_chance_and_time_come_in_from_outside():
    clock = Clock()
    assert clock.now().microsecond == 0 and clock.now().tzinfo is UTC
    assert all(0 <= clock.chance() < 1 for _ in range(99))
    assert clock.monotonic() <= clock.monotonic()
