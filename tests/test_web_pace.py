"""One request in flight per host, and a gap between two."""

import threading
from datetime import UTC, datetime

import pytest

from pipelines.web.pace import Clock, Pace


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self):
        self.at = 0.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += seconds

    def clock(self):
        return Clock(now=lambda: datetime(2026, 1, 2, tzinfo=UTC), monotonic=lambda: self.at, sleep=self.sleep)


@pytest.fixture
def time():
    return Time()


def test_gap_between_the_end_of_one_and_the_start_of_the_next(time):
    pace = Pace(2.0, time.clock())
    with pace.turn("acme.example"):
        time.at += 5
    with pace.turn("other.example"):
        pass
    with pace.turn("acme.example"):
        pass
    assert time.slept == [2.0]


def test_the_longer_delay_counts(time):
    pace = Pace(2.0, time.clock())
    for delay in (7.0, 1.0, 0.0):
        with pace.turn("acme.example", delay):
            pass
    assert time.slept == [7.0, 2.0]


def test_no_sleep_when_time_has_passed(time):
    pace = Pace(2.0, time.clock())
    with pace.turn("acme.example"):
        pass
    time.at += 3
    with pace.turn("acme.example"):
        pass
    assert time.slept == []


def test_a_failure_gives_the_turn_back(time):
    pace = Pace(2.0, time.clock())
    with pytest.raises(OSError, match="broken"), pace.turn("acme.example"):
        raise OSError("broken")
    with pace.turn("acme.example"):
        pass
    assert time.slept == [2.0]


def test_one_in_flight_per_host():
    pace = Pace(0.0, Clock())
    inside, most, lock = 0, 0, threading.Lock()

    def visit():
        nonlocal inside, most
        for _ in range(50):
            with pace.turn("acme.example"):
                with lock:
                    inside += 1
                    most = max(most, inside)
                threading.Event().wait(0.0001)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
