"""The yardstick measures: more work is more, and none is hardly any."""

from effort import TURNS, Effort


def test_work_is_told_in_turns():
    with Effort() as effort:
        sum(number * number % 7 for number in range(5 * TURNS))
    assert 2 < effort.turns < 20


def test_what_ends_at_once_is_hardly_any():
    with Effort() as effort:
        pass
    assert effort.turns < 0.5
