"""A live run from end to end: a real server on loopback, and the clock in our hands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import Result
from loopback import serving
from typer.testing import CliRunner

from pipelines import stages
from pipelines.cli import app
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.job import ROOT, Job
from pipelines.settings import read_settings
from pipelines.web.pace import Clock

START = datetime(2026, 1, 15, 8, tzinfo=UTC)
FILLER = "We are a wholesaler with 4,000 stock items and 120 orders a day, each typed in by hand. " * 12
FOOT = "<footer>Anvil Ltd, 1 Mill Road, Anytown, MA 02110, USA</footer>"


def page(title: str, *more: str) -> str:
    return f"<title>{title}</title>{''.join(f'<p>{each}</p>' for each in more)}<p>{FILLER}</p>{FOOT}"


LINKS = '<a href="/about">About</a> <a href="/careers">Careers</a> <a href="/pricing">Pricing</a> <a href="/news">News</a>'
SITE: dict[str, str] = {
    "/": page("Anvil", LINKS),
    "/robots.txt": "User-agent: *\nDisallow: /careers\n",
    "/about": page("About Anvil", "There are 120 employees."),
    "/careers": page("Careers", "Sales Manager"),
    "/news": page("News", "News for people only, ISO 9001."),
}


class Site(ThreadingHTTPServer):
    """Serves a dict of path -> text, a reserving header for /news, a 404 for the rest; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pages, self.asked = dict(SITE), list[str]()
        super().__init__(("127.0.0.1", 0), Talk)


class Talk(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        found = self.server.pages.get(self.path)
        body = (found or "no such page").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
        if self.path == "/news":
            self.send_header("X-Robots-Tag", "otherbot: nofollow, bullseye: noindex")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as server:
        yield server


@pytest.fixture
def settings(site: Site, tmp_path: Path) -> Path:
    """Settings that send a fictional name to the server."""
    manners = {
        "gap_seconds": 0,
        "hosts": {"anvil.example": f"127.0.0.1:{site.server_address[1]}"},
        "allow_addresses": ["127.0.0.0/8"],
    }
    content = {"contact": "robots@bullseye.example", "manners": manners, "storage": {"partitions": 2}}
    content["sources"] = {"only": ["website", "structured_data", "robots", "sitemap"]}  # nobody's server but ours is asked
    (tmp_path / "settings.yaml").write_text(yaml.safe_dump(content), "utf-8")
    (tmp_path / "leads.csv").write_text("company,website\nAnvil Ltd,anvil.example\n", "utf-8")
    return tmp_path / "settings.yaml"


def run(settings: Path, at: datetime) -> tuple[stages.Looked, Job]:
    """Run the stages live, as if begun at a moment."""
    folder = settings.parent
    clock = Clock(now=lambda: at + timedelta(seconds=7))
    icp = read_icp(ROOT / "examples" / "icp.yaml")
    began = at.replace(tzinfo=None)
    job = Job(Home(folder / "home"), read_settings(settings), icp, ("live",), began, (folder / "leads.csv",), clock=clock)
    stages.take_in(job)
    looked = stages.look(job)
    stages.reason(job)
    stages.publish(job, stages.check(job))
    return looked, job


def ask(job: Job, sql: str) -> list[tuple[Any, ...]]:
    """Ask the current release."""
    with duckdb.connect(job.home.current / "bullseye.duckdb", read_only=True) as database:
        return database.execute(sql).fetchall()


def test_a_live_run_publishes_what_it_fetched(site: Site, settings: Path) -> None:
    looked, job = run(settings, START)
    assert looked == stages.Looked(1, len(site.asked))
    assert ("employees", "120") in ask(job, "select property, value from mart.fact")
    assert ask(job, "select max(observed_at) from mart.fact") == [(datetime(2026, 1, 15, 8, 0, 7),)], "after the run's beginning"  # noqa: DTZ001
    misses = dict(ask(job, "select url, reason from mart.miss"))
    assert misses["https://anvil.example/pricing"] == "http_404"
    assert misses["https://anvil.example/careers"] == "robots_disallowed"
    assert "/careers" not in site.asked and site.asked.count("/robots.txt") == 1
    assert ask(job, "select count(*) from mart.fact where url like '%/news'") == [(0,)], "its header reserves it"
    assert "/news" in site.asked


@pytest.mark.slow
def test_a_second_run_asks_nobody_and_says_the_same(site: Site, settings: Path) -> None:
    _, first = run(settings, START)
    before = ask(first, "select * from mart.fact order by fact_id")
    site.asked.clear()
    looked, second = run(settings, START + timedelta(hours=20))
    assert site.asked == []
    assert looked == stages.Looked(1, 0)
    assert ask(second, "select * from mart.fact order by fact_id") == before
    assert len(list(second.home.releases.glob("2026-*"))) == 2


@pytest.mark.slow
def test_only_what_may_have_changed_is_asked_again_and_replaces_what_it_was(site: Site, settings: Path) -> None:
    run(settings, START)
    site.asked.clear()
    _, job = run(settings, START + timedelta(days=2))
    assert site.asked == ["/robots.txt", "/sitemap.xml"][: len(site.asked)], "robots.txt is believed for a day"
    site.pages["/about"] = page("About Anvil", "There are 150 employees.")
    site.asked.clear()
    _, job = run(settings, START + timedelta(days=15))
    assert {"/", "/about", "/pricing"} <= set(site.asked)
    assert ask(job, "select distinct value from mart.fact where property = 'employees'") == [("150",)]
    assert ask(job, "select employees from mart.organization") == [(150,)]
    facts = ask(job, "select count(*), count(distinct fact_id) from mart.fact")[0]
    assert facts[0] == facts[1]


@pytest.mark.slow
def test_a_page_that_is_back_is_no_miss_and_one_that_fails_stays_said(site: Site, settings: Path) -> None:
    run(settings, START)
    site.pages["/pricing"] = page("Prices", "From $10 per month.")
    del site.pages["/about"]
    _, job = run(settings, START + timedelta(days=15))
    assert ask(job, "select count(*) from mart.miss where url like '%/pricing'") == [(0,)]
    assert ask(job, "select distinct value from mart.fact where property = 'employees'") == [("120",)]


@pytest.mark.slow
def test_the_command_says_how_often_it_asked(site: Site, settings: Path, tmp_path: Path) -> None:
    arguments = ["run", "--leads", str(tmp_path / "leads.csv"), "--settings", str(settings), "--home", str(tmp_path / "home")]

    def invoke() -> Result:
        given = [*arguments, "--icp", str(ROOT / "examples" / "icp.yaml")]
        return CliRunner().invoke(app, given, env={"COLUMNS": "120"}, catch_exceptions=False)

    first = invoke()
    assert first.exit_code == 0, first.output
    assert f"The web was asked {len(site.asked)} times." in first.output
    site.asked.clear()
    again = invoke()
    assert again.exit_code == 0, again.output
    assert "Nobody was asked: every answer we have is still fresh." in again.output
    assert site.asked == []
