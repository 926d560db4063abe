"""The benchmarks do what they say, at a size at which their speeds mean nothing."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.records import Response
from pipelines.web.warc import pack

FETCH = Path(__file__).parents[1] / "benchmarks" / "fetch.py"
SMALL = {"--hosts": 3, "--pages": 2, "--rounds": 1, "--crowd": 203, "--crowd-gap": 0, "--timeout": 3}


@pytest.mark.long
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


MOMENT = datetime(2026, 11, 16, tzinfo=UTC)
ACCURACY = Path(__file__).parents[1] / "benchmarks" / "accuracy.py"
PAGES = {
    "https://teal-tiles.example/": "<title>Teal Tiles</title><p>4 Glaze Street<br>Akron, OH 44301<br>Call (330) 555-0142",
    "https://teal-tiles.example": "<title>Teal Tiles</title><p>Captured again, saying nothing",
    "https://umber.example/": "<title>Welcome</title><p>We fire clay",
    "https://umber.example/contact": "<title>Contact</title>Umber Kilns Ltd<br>9 Ash Lane<br>Leeds LS1 4DY<p>Tel 0113 496 0123",
}
GOLD = """url\tpage_kind\tentity\ttext
https://teal-tiles.example/\thome/unknown\tORG\tThe Teal Tiles, Inc.
https://teal-tiles.example/\thome/unknown\tTEL\t330-555-0142
https://teal-tiles.example/\thome/unknown\tSTREET\t4 Glaze St.
https://teal-tiles.example/\thome/unknown\tCITY\tAKRON
https://teal-tiles.example/\thome/unknown\tZIPCODE\t44301-0001
https://umber.example/contact\tcontact\tORG\tUmber Kilns
https://umber.example/contact\tcontact\tTEL\t+44 (0)113 496 0999
https://umber.example/contact\tcontact\tSTREET\tAsh Lane
https://umber.example/contact\tcontact\tCITY\tLeeds
https://umber.example/contact\tcontact\tZIPCODE\tLS14DY
"""


@pytest.mark.slow
def test_accuracy_counts_what_is_right_wrong_and_missing(tmp_path: Path):
    headers = (("content-type", "text/html"),)
    pages = [Response(url, 200, headers, f"<html lang=en>{page}</html>".encode(), MOMENT) for url, page in PAGES.items()]
    records = [pack(page, f"cap_{number}", f"sha256:{number}") for number, page in enumerate(pages)]
    (tmp_path / "small.warc.gz").write_bytes(b"".join(records))
    (tmp_path / "gold.tsv").write_text(GOLD, "utf-8")
    given = ["--warc", str(tmp_path / "small.warc.gz"), "--gold", str(tmp_path / "gold.tsv"), "--show"]
    done = subprocess.run([sys.executable, str(ACCURACY), *given], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["sites"], figures["name_recall"], figures["city_recall"], figures["postcode_recall"]) == (2, 1.0, 1.0, 1.0)
    assert (figures["phone_n"], figures["phone_stated"], figures["phone_recall"], figures["phone_precision"]) == (2, 2, 0.5, 0.5)
    assert [figures[half]["street_recall"] for half in ("first_half", "second_half")] == [1.0, 0.0]
    assert "WRONG 9 Ash Lane" in done.stdout
    assert "WRONG +441134960123" in done.stdout
