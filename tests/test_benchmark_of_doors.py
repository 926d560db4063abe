"""The page under load and attack is measured as it says, at a size at which speeds mean nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

DOORS = Path(__file__).parents[1] / "benchmarks" / "doors.py"


@pytest.mark.slow
def test_what_ought_to_be_refused_is_and_readers_get_their_pages(demo_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(DOORS), "--home", str(demo_home), "--requests", "2"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["pages"] == 16 and figures["p95_ms_calm"] >= figures["p50_ms_calm"] > 0 < figures["p95_ms_attacked"]
    assert figures["cpu_ms_a_page"] > figures["cpu_ms_a_file"] >= 0 and figures["rss_mb_attacked"] < figures["rss_mb"] + 150
    answers = {what.rpartition(": ")[0]: what.rpartition(": ")[2] for what in figures["refused"] if "200 downloads" not in what}
    assert answers.pop("another name") == answers.pop("head without end") == "400" and answers.pop("huge range") == "200"
    assert set(answers) == {"form of 100 MB", "chunks of 100 MB", "500,000 fields"} and set(answers.values()) == {"413"}
    assert {"200 downloads: 200", "200 downloads: 429"} >= {each for each in figures["refused"] if "200 downloads" in each}
    assert figures["refused"]["200 downloads: 200"] > 0
