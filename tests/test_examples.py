"""The fictional market in examples/ is whole: enough of everything, nothing real, every ring with someone in it.

Here: what the files alone can show. Elsewhere: that a run puts every organization where `expected.yaml` says.
"""

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from pipelines.icp import RINGS, read_icp
from pipelines.page import Page
from pipelines.records import Capture, Request
from pipelines.settings import read_settings

EXAMPLES = Path(__file__).parents[1] / "examples"
WEB = EXAMPLES / "web"
HOSTS = sorted(each.name for each in WEB.iterdir())
PAGES = sorted(WEB.rglob("*.html"))
# What no organization of the market is known by in the end: a website that leads to another, a stranger's, a diary.
NOBODYS = {"pinecone-pipes.example", "skerry.example", "fernwehsoehne.example"}
# Websites that no list names: they are found by the organization's name.
FOUND = {"meisterlampeleuchten.example", "puffinpulleys.example"}
EXPECTED = yaml.safe_load((EXAMPLES / "expected.yaml").read_text("utf-8"))
# Platforms whose names readers know, vocabularies, and mail providers (the addresses there are too long to exist).
KNOWN = re.compile(
    r"(www\.)?(linkedin|instagram)\.com|(boards\.greenhouse|schema)\.(io|org)|github\.com|(www\.)?(w3|sitemaps)\.org|"
    r"(gmail|googlemail)\.com"
)
MENTIONED = re.compile(r"(?:https?://|[\w.+-]+@)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


def page(file: Path) -> Page:
    request = Request("org_1", "website", "home", f"https://{file.relative_to(WEB)}")
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    capture = Capture("cap_1", request, request.url, 200, "text/html", moment, "", 0, "", 0)
    return Page(capture, file.read_bytes())


def rows(name: str) -> list[dict[str, str]]:
    content = (EXAMPLES / "leads" / name).read_bytes()
    if name.endswith(".json"):
        return json.loads(content)
    return list(csv.DictReader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";"))


def text_of(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def test_the_profile_and_the_settings_read():
    icp = read_icp(EXAMPLES / "icp.yaml")
    assert set(icp.rings) == set(RINGS)
    assert sum(rule.kind == "never" for _, rule in icp.rules) >= 2
    assert len({route.channel for route in icp.routes if route.action == "sell"}) >= 2
    assert read_settings(EXAMPLES / "settings.yaml").contact


def test_there_is_enough_of_everything():
    assert len(rows("trade-fair.csv")) + len(rows("webinar.json")) >= 60
    assert len(PAGES) >= 120
    assert len(HOSTS) >= 30


def test_every_row_of_the_trade_fair_has_as_many_cells_as_headings():
    assert not [row for row in rows("trade-fair.csv") if None in row or None in row.values()]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_reserved_and_has_something_to_serve(host: str):
    assert host.endswith(".example")
    assert [each for each in (WEB / host).rglob("*") if each.is_file()]


def test_only_reserved_domains_are_named():
    files = [each for each in EXAMPLES.rglob("*") if each.is_file()]
    named = {match[1].lower().rstrip(".") for file in files for match in MENTIONED.finditer(text_of(file))}
    assert not {each for each in named if not each.endswith(".example") and not KNOWN.fullmatch(each)}


def test_every_page_has_a_title_and_all_but_the_shell_say_something():
    read = {file: page(file) for file in PAGES}
    assert not [file for file, each in read.items() if each.first("title") is None]
    assert [file.parent.name for file, each in read.items() if not each.words] == ["shadow-puppet.example"]


def test_links_within_a_host_lead_somewhere_but_for_the_dead_one():
    dead = {
        (host, path)
        for file in PAGES
        for host, path in ((urlsplit(link.url).hostname, urlsplit(link.url).path) for link in page(file).links)
        if host == file.relative_to(WEB).parts[0] and not served(WEB / host, path.strip("/"))
    }
    assert dead == {("brombeer-bau.example", "/karriere")}


def served(root: Path, path: str) -> bool:
    return any((root / each).is_file() for each in (path or "index.html", f"{path}.html", f"{path}/index.html"))


def test_every_ring_has_at_least_two_and_every_host_a_ring():
    count = Counter(EXPECTED.values())
    assert set(count) == {*RINGS, "outside", "unknown"}
    assert min(count.values()) >= 2
    assert set(HOSTS) - set(EXPECTED) == NOBODYS


def test_the_table_in_the_readme_says_the_same_as_expected():
    row = re.compile(r"^\| [^|]+ \| (\S+\.example) \| (\w+) \| .+ \|$", re.MULTILINE)
    table = row.findall((EXAMPLES / "README.md").read_text("utf-8"))
    assert dict(table) == EXPECTED
    assert len(table) == len(EXPECTED)


def test_every_expected_organization_is_in_a_lead_list():
    brought = "\n".join(str(row) for name in ("trade-fair.csv", "webinar.json") for row in rows(name)).lower()
    assert {domain for domain in EXPECTED if domain not in brought} == FOUND
