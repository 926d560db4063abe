"""The benchmark of coverage does what it says, on the small market of examples/."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.long
@pytest.mark.slow
def test_coverage_is_measured_on_any_archive_and_list():
    given = ("--warc", str(ROOT / "examples" / "web"), "--leads", str(ROOT / "examples" / "leads"), "--as-of", "2026-11-16")
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "coverage.py"), *given], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["coverage_page"] == 1.0
    assert 0 < figures["organizations_read"] <= figures["organizations"]
    assert 0 < figures["coverage_site_part"] <= 1
    assert figures["careers_with_job_board"] <= figures["organizations_with_careers_page"] <= figures["organizations_read"]
    assert figures["careers_pages_with_openings"] <= figures["careers_pages"] <= figures["pages_read"]
    assert figures["wall_seconds"] > 0


def test_an_archive_needs_the_list_it_was_made_for():
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "coverage.py"), "--warc", "x.warc.gz"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "name both WARC and LEADS" in done.stderr
