"""An organization looked up everywhere: one server on loopback in the place of all, live and again from the archive."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import NOW, Asked, Say, Server, given, live, reply, serving

from pipelines.choosing import budgets, chosen_sources, paces
from pipelines.enrich import Enrichment
from pipelines.facts import read_partition
from pipelines.keeping import standing
from pipelines.lexicon import Lexicon
from pipelines.looking import Looking
from pipelines.reading import reader_of
from pipelines.records import Organization
from pipelines.settings import Settings
from pipelines.web.guest import Terms
from pipelines.web.web import Web, open_web

KESTREL = Organization("org_kestrel", "kestrelkegs.example", "Kestrel Kegs Inc", "US", ("Kestrel Kegs Inc",))
NAMES = ("website", "dns", "rdap", "github", "wayback", "usaspending", "hacker_news", "common_crawl")
HOSTS = (
    *("kestrelkegs.example", "www.kestrelkegs.example", "dns.google", "data.iana.org", "rdap.registry.example"),
    *("api.github.com", "web.archive.org", "api.usaspending.gov", "hn.algolia.com"),
    *("index.commoncrawl.org", "data.commoncrawl.org"),
)
HOME = (
    """<title>Kestrel Kegs Inc</title><h1>Kestrel Kegs Inc</h1><p>We make kegs for brewers in forty countries.</p>
<a href="https://github.com/kestrelkegs">GitHub</a> <p>"""
    + "Each keg is tested twice before it leaves us. " * 40
)


def said(content: object, kind: str = "application/json") -> bytes:
    """Return an answer with JSON."""
    return reply(json.dumps(content), ("Content-Type", kind))


def resolved(asked: Asked) -> bytes:
    """Return what a resolver says to a query."""
    data = {"=MX": "1 aspmx.l.google.com.", "_dmarc.kestrelkegs.example&type=TXT": "v=DMARC1; p=reject"}
    found = next((each for end, each in data.items() if asked.path.endswith(end)), None)
    number = {"MX": 15, "NS": 2}.get(asked.path.rpartition("=")[2], 16)
    return said({"Status": 0, **({"Answer": [{"name": "x.", "type": number, "data": found}]} if found else {})})


KEPT = [
    ["timestamp", "original", "digest", "statuscode"],
    ["20250101000000", "https://kestrelkegs.example/", "A", "200"],
    ["20250601000000", "https://kestrelkegs.example/", "B", "200"],
]
DOMAIN = {
    "objectClassName": "domain",
    "ldhName": "kestrelkegs.example",
    "events": [{"eventAction": "registration", "eventDate": "2001-02-03T00:00:00Z"}],
}
ACCOUNT = {
    "login": "kestrelkegs",
    "type": "Organization",
    "name": "Kestrel Kegs",
    "blog": "kestrelkegs.example",
    "public_repos": 3,
}
AWARD = {"Recipient Name": "KESTREL KEGS INC", "Award Amount": 1200.0, "Awarding Agency": "Navy", "Start Date": "2025-03-04"}
STORY = {"title": "Kegs, tested twice", "url": "https://kestrelkegs.example/twice", "created_at": "2025-02-03T00:00:00Z"}
ROUTES: dict[str, Say] = {
    "/": reply(HOME),
    "/resolve": resolved,
    "/rdap/dns.json": said({"services": [[["example"], ["https://rdap.registry.example/"]]]}),
    "/domain/kestrelkegs.example": said(DOMAIN, "application/rdap+json"),
    "/orgs/kestrelkegs": said(ACCOUNT),
    "/orgs/kestrelkegs/repos": said([{"language": "Go", "pushed_at": "2025-12-01T00:00:00Z"}]),
    "/cdx/search/cdx": said(KEPT),
    "/api/v2/search/spending_by_award/": lambda asked: said({"results": [AWARD] if b"Kestrel Kegs Inc" in asked.body else []}),
    "/api/v1/search_by_date": said({"hits": [STORY]}),
}
CAREERS = "https://kestrelkegs.example/careers"
CAREERS_PAGE = f"<title>Careers at Kestrel Kegs</title><h1>Careers</h1><p>{'Write to jobs@kestrelkegs.example. ' * 30}</p>"


def kept_record() -> bytes:
    """Return the careers page as a record of a crawl, with another record before it."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{CAREERS_PAGE}".encode()
    head = f"WARC-Type: response\r\nWARC-Target-URI: {CAREERS}\r\nWARC-Date: 2025-10-05T01:02:03Z\r\nContent-Length: {len(http)}"
    return gzip.compress(
        f"WARC/1.0\r\nContent-Type: application/http; msgtype=response\r\n{head}\r\n\r\n".encode() + http + b"\r\n\r\n"
    )


RECORD = kept_record()
WARC = "crawl-data/CC-MAIN-2025-43/segments/1.2/warc/CC-MAIN-1.warc.gz"
LINE = {
    "timestamp": "20251005010203",
    "url": CAREERS,
    "status": "200",
    "length": str(len(RECORD)),
    "offset": "9",
    "filename": WARC,
}


def a_part(asked: Asked) -> bytes:
    """Return the part of the file that is asked for."""
    first, last = (int(each) for each in asked.headers["range"].removeprefix("bytes=").split("-"))
    headers = (("Content-Type", "application/octet-stream"), ("Content-Range", f"bytes {first}-{last}/99999"))
    return reply((b"x" * 9 + RECORD)[first : last + 1], *headers, status=206)


CRAWLED: dict[str, Say] = {
    "/collinfo.json": said([{"id": "CC-MAIN-2025-43", "cdx-api": "https://index.commoncrawl.org/CC-MAIN-2025-43-index"}]),
    "/CC-MAIN-2025-43-index": reply(f"{json.dumps(LINE)}\n", ("Content-Type", "text/x-ndjson")),
    f"/{WARC}": a_part,
}
FOUND = {
    *(("dns", "mail_host"), ("dns", "technology"), ("dns", "dmarc_policy"), ("rdap", "domain_registered")),
    *(("github", "public_repositories"), ("github", "code_language"), ("github", "last_pushed"), ("wayback", "page_changed")),
    *(("usaspending", "award"), ("usaspending", "buying_route"), ("hacker_news", "mention")),
}


@pytest.fixture
def server() -> Iterator[Server]:
    """Start a server that answers for everybody."""
    with serving(Server(ROUTES)) as running:
        yield running


def enriched(folder: Path, web: Web, settings: Settings) -> set[tuple[str, str]]:
    """Look the organization up and keep what is found; returns source and property of what others say."""
    looking = Looking(web, SOURCES, reader_of(SOURCES, Lexicon({})), settings, "readers")
    Enrichment(looking, folder).run([KESTREL], "inputs", lambda *_: None)
    rows = read_partition(folder, 0).rows["core.fact"]
    return {(row["source"], row["property"]) for row in rows if row["source"] != "website"}


SOURCES = chosen_sources(Settings.model_validate({"sources": {"only": [*NAMES[:-1]]}}).sources)


def settings(server: Server) -> Settings:
    """Return settings that send every name to the server; of each organization one partition."""
    manners = given(dict.fromkeys(HOSTS, server)).manners
    return Settings(contact="robots@bullseye.example", manners=manners).model_copy(
        update={"storage": Settings().storage.model_copy(update={"partitions": 1})}
    )


def test_everybody_says_what_they_know_live_and_again_from_the_archive(server: Server, tmp_path: Path) -> None:
    told = settings(server)
    found = enriched(tmp_path / "facts", live(tmp_path / "archive", told), told)
    assert found == FOUND
    kept = read_partition(tmp_path / "facts", 0)
    answered = {row["request_id"] for row in (*kept.rows["raw.capture"], *kept.rows["raw.miss"])}
    assert {row["request_id"] for row in kept.rows["raw.request"]} == answered
    (posted,) = (each for each in standing(kept)["org_kestrel"].values() if each.request.body)
    assert (posted.request.source, posted.request.url) == (
        "usaspending",
        "https://api.usaspending.gov/api/v2/search/spending_by_award/",
    )

    asked = len(server.asked)
    again = open_web([tmp_path / "archive"], tmp_path / "second", told, NOW + timedelta(days=1))
    assert enriched(tmp_path / "again", again, told) == FOUND
    assert len(server.asked) == asked, "a replay asks nobody"
    misses = [row["url"] for row in read_partition(tmp_path / "again", 0).rows["raw.miss"]]
    assert not [url for url in misses if "kestrelkegs.example/" not in url.partition("?")[0]]


def test_a_replay_of_its_website_alone_asks_nobody_else(server: Server, tmp_path: Path) -> None:
    told = settings(server)
    (tmp_path / "pages" / "kestrelkegs.example").mkdir(parents=True)
    (tmp_path / "pages" / "kestrelkegs.example" / "index.html").write_text(HOME, "utf-8")
    assert enriched(tmp_path / "facts", open_web([tmp_path / "pages"], tmp_path / "archive", told, NOW), told) == set()
    assert {row["source"] for row in read_partition(tmp_path / "facts", 0).rows["raw.request"]} == {"website"}


def test_terms_of_all_hosts_come_to_the_web(server: Server, tmp_path: Path) -> None:
    told = settings(server)
    terms = Terms(paces(SOURCES), {**budgets(SOURCES), "api.github.com": 1})
    web = open_web(["live"], tmp_path / "archive", told, NOW, None, terms)
    found = enriched(tmp_path / "facts", web, told)
    assert ("github", "public_repositories") not in found, "robots.txt took the only request"
    assert {row["reason"] for row in read_partition(tmp_path / "facts", 0).rows["raw.miss"] if row["source"] == "github"} == {
        "budget_spent"
    }


def test_a_page_that_lies_in_an_archive_is_read_without_a_visit(server: Server, tmp_path: Path) -> None:
    server.routes.update(CRAWLED)
    told = settings(server)
    sources = chosen_sources(Settings.model_validate({"sources": {"only": ["website", "common_crawl"]}}).sources)
    for run in ("first", "second"):
        looking = Looking(live(tmp_path / "archive", told), sources, reader_of(sources, Lexicon({})), told, "readers")
        Enrichment(looking, tmp_path / "facts").run([KESTREL], run, lambda *_: None)
    rows = read_partition(tmp_path / "facts", 0).rows
    (kept,) = (row for row in rows["raw.capture"] if row["source"] == "common_crawl" and row["kind"] == "careers")
    assert (kept["url"], f"{kept['fetched_at']:%Y-%m-%d}", kept["state"]) == (CAREERS, "2025-10-05", "read")
    facts = {row["property"]: row for row in rows["core.fact"] if row["capture_id"] == kept["capture_id"]}
    assert (facts["mailbox"]["value"], facts["mailbox"]["url"]) == ("jobs@kestrelkegs.example", CAREERS)
    assert facts["mailbox"]["observed_at"] == kept["fetched_at"], "it was said then"
    assert server.paths.count(f"/{WARC}") == 1, "what lies in an archive stays as it is"
    (request,) = (row for row in rows["raw.request"] if row["request_id"] == kept["request_id"])
    assert request["span"] == f"bytes=9-{8 + len(RECORD)}"


def test_a_page_of_somebody_else_in_the_archive_is_not_read(server: Server, tmp_path: Path) -> None:
    server.routes.update(CRAWLED)
    elsewhere = replace(KESTREL, domain="merlinkegs.example")
    server.routes["/CC-MAIN-2025-43-index"] = reply(json.dumps({**LINE, "url": "https://merlinkegs.example/careers"}))
    told = settings(server)
    sources = chosen_sources(Settings.model_validate({"sources": {"only": ["website", "common_crawl"]}}).sources)
    looking = Looking(live(tmp_path / "archive", told), sources, reader_of(sources, Lexicon({})), told, "readers")
    Enrichment(looking, tmp_path / "facts").run([elsewhere], "inputs", lambda *_: None)
    rows = read_partition(tmp_path / "facts", 0).rows
    assert [row for row in rows["core.fact"] if row["url"] == CAREERS] == []
