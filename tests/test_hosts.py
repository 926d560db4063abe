"""The hosts of an archive as a lead list."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.records import Request, Response
from pipelines.web.archive import Archive
from pipelines.web.hosts import hosts_of

MOMENT = datetime(2026, 1, 15, tzinfo=UTC)
PAGES = (
    ("https://www.acme.example/", 200),
    ("https://www.acme.example/about", 200),
    ("https://acme.example/contact", 200),
    ("https://bolt.example/", 404),
    ("https://jobs.cog.example/", 200),
)


@pytest.fixture
def archive(tmp_path: Path) -> list[Path]:
    kept = Archive(tmp_path / "archive", 1)
    for url, status in PAGES:
        page = Response(url, status, (("content-type", "text/html"),), f"<p>{url}</p>".encode(), MOMENT)
        kept.store(Request("org_x", "website", "home", url), page)
    return sorted((tmp_path / "archive").rglob("*.warc.gz"))


def test_one_host_a_domain_the_one_most_pages_are_under(archive: list[Path]) -> None:
    assert list(hosts_of(archive)) == ["www.acme.example", "jobs.cog.example"]


def test_redirects_errors_and_what_was_the_same_again_are_no_more_pages(archive: list[Path]) -> None:
    kept = Archive(archive[0].parent, 1)
    html = (("content-type", "text/html"),)
    for url, status in (("https://acme.example/", 301), ("https://gone.example/", 404)):
        kept.note(Request("org_x", "website", "home", url), Response(url, status, html, b"", MOMENT))
    home = "https://www.acme.example/"
    same = Response(home, 304, (), b"", MOMENT + timedelta(days=1))
    entry = kept.latest(home, MOMENT)
    assert entry is not None
    kept.confirm(entry, entry.capture.request, same)
    assert list(hosts_of(archive)) == ["www.acme.example", "jobs.cog.example"]


def test_the_command_prints_a_lead_list(archive: list[Path]) -> None:
    result = CliRunner().invoke(app, ["hosts", *map(str, archive)])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["website", "www.acme.example", "jobs.cog.example"]
