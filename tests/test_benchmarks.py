"""The benchmarks do what they say, at a size at which their speeds mean nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FETCH = Path(__file__).parents[1] / "benchmarks" / "fetch.py"
SMALL = {"--hosts": 3, "--pages": 2, "--rounds": 1, "--crowd": 203, "--crowd-gap": 0, "--timeout": 3}


@pytest.mark.slow
def test_fetching_is_measured_and_every_request_of_a_crowd_accounted_for():
    command = [sys.executable, str(FETCH), *(str(each) for pair in SMALL.items() for each in pair)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if "nginx is not installed" in done.stderr:
        pytest.skip("nginx is not installed")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["pages_per_second"] > 0
    # Six pages, and of each of three hosts its robots.txt and whether it reserves anything.
    assert (figures["pages"], figures["second_run_requests"], figures["fresh_run_requests"]) == (6, 12, 0)
    assert figures["second_run_not_modified"] == 1.0
    assert 0 < figures["second_run_bytes"] < 0.05
    # Of 203 hosts three hang, three have bombs, three refuse; every second host has three pages instead of two.
    assert figures["crowd_requests"] == 102 * 2 + 101 * 3
    assert figures["crowd_misses"] == {"timeout": 3 * 2, "too_large": 3 * 3, "connection": 3 * 2}
    assert figures["crowd_captures"] == 96 * 2 + 98 * 3
    assert (figures["crowd_unaccounted"], figures["crowd_wrong"]) == (0, 0)
