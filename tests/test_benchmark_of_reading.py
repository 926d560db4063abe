"""Reading is measured, at a size at which its speed means nothing."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipelines.ids import digest_bytes
from pipelines.records import Response
from pipelines.web.warc import pack

READING = Path(__file__).parents[1] / "benchmarks" / "reading.py"
MOMENT = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)


def test_reading_is_measured_over_the_pages_of_an_archive(tmp_path: Path):
    archive = tmp_path / "pages.warc.gz"
    pages = {
        "https://heron.example/": "<title>Heron</title><p>We make anvils.</p>",
        "https://heron.example/contact": "<p>Ulm</p>",
    }
    responses = [
        Response(url, 200, (("Content-Type", "text/html"),), html.encode(), MOMENT)
        for url, html in {**pages, "https://heron.example/empty": ""}.items()
    ]
    archive.write_bytes(b"".join(pack(each, f"cap_{each.url}", digest_bytes(each.body)) for each in responses))
    command = [sys.executable, str(READING), str(archive), "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["pages"] == len(pages), "a page without a body is none"
    assert figures["lxml_ratio"] > 0
    assert figures["ms_per_page"] > 0
    assert {figures[f"{peer}_ratio"] for peer in ("trafilatura", "extruct", "openleads")} == {"absent"}
