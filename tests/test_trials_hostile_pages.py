"""Trial C: websites that mean harm or mean nothing. Each gets the state it deserves; its neighbours notice nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from test_trials_market import PLACED, Files, leads, market, page, published, run, warehouse, website
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.job import Job

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert('title')</script>"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><urlset><url><loc>&i;</loc></url></urlset>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<urlset><url><loc>https://outside.example/&x;</loc></url></urlset>"
)
LD = '<script type="application/ld+json">{}</script>'


def jsonld(content: object) -> str:
    return LD.format(json.dumps(content))


def deep(depth: int) -> str:
    return LD.format('{"@type":"Organization","name":' + '{"a":' * depth + "1" + "}" * depth + "}")


def hostile(host: str, inside: str, title: str = "") -> dict[str, str | bytes]:
    """A calm website whose home page is not."""
    return website(host) | {"index.html": page(host, inside, title)}


READ: Mapping[str, Files] = {
    # Hostile, and readable all the same.
    "deep.example": hostile("deep.example", "<div>" * 300 + "Write to sales@deep.example, the needle." + "</div>" * 300),
    "script.example": hostile("script.example", f"<h1>{SCRIPT}</h1>", "&lt;script&gt;alert('title')&lt;/script&gt;"),
    "links.example": hostile(
        "links.example",
        '<a href="javascript:alert(1)">About us</a><a href="data:text/html,x">Careers</a><a href="http://[">Contact</a>'
        + "".join(f'<a href="/careers/{number}">Careers {number}</a>' for number in range(5000)),
    ),
    "many.example": hostile("many.example", jsonld({"@type": "Organization", "telephone": {"@value": [None]}}) * 10_000),
    "large.example": hostile("large.example", jsonld({"@type": "Organization", "description": "d" * 1_000_000})),
    "nested.example": hostile("nested.example", deep(400) + deep(100_000)),
    "wrong.example": hostile(
        "wrong.example",
        "".join(
            jsonld(each)
            for each in (
                None,
                7,
                "text",
                [[[]]],
                {"@graph": {"@graph": 1}},
                {"@type": ["Organization", None, 3], "name": ["", None, {"x": 1}], "address": [1, {"postalCode": {}}]},
                {"@type": "Organization", "numberOfEmployees": {"value": "1e999"}, "foundingDate": [-1], "sameAs": {"a": 1}},
                {"@type": "JobPosting", "title": {"@value": "x"}, "datePosted": "0000-99-99"},
            )
        ),
    ),
    "bomb.example": website("bomb.example") | {"sitemap.xml": BOMB},
    "outside.example": website("outside.example") | {"sitemap.xml": OUTSIDE},
    "title.example": hostile("title.example", "", "A gigantic title " * 60_000),
    "encoding.example": website("encoding.example")
    | {
        "index.html": b'<meta charset="utf-8">'
        + page("encoding.example", "<p>Stra\xdfe \xff\xfe \x81 caf\xe9</p>").encode("latin-1"),
        "about.html": b'<meta charset="no-such-thing">' + page("encoding.example").encode(),
    },
}
UNREAD: Mapping[str, tuple[str, Files]] = {
    # Nothing can be learnt here: the state of each, and its website.
    "loop.example": ("too_many_redirects", {"_redirects": "/ /a 301\n/a /b 302\n/b /a 301\n"}),
    "elsewhere.example": ("redirected_elsewhere", {"_redirects": "/* https://calm.example/:splat 301\n"}),
    "scheme.example": ("", {"_redirects": "/ file:///etc/passwd 301\n"}),
    "inward.example": ("", {"_redirects": "/ http://169.254.169.254/latest/meta-data 302\n"}),
    "closed.example": ("robots_disallowed", website("closed.example") | {"robots.txt": "User-agent: *\nDisallow: /\n"}),
    "soft.example": ("soft_404", {"index.html": "<title>404 Page not found</title><h1>Page not found</h1>"}),
    "parked.example": (
        "parked",
        {"index.html": "<title>parked.example</title><h1>This domain is for sale</h1><p>Buy this domain.</p>"},
    ),
    "shell.example": ("needs_browser", {"index.html": "<title>App</title><div id=root></div><script src=/app.js></script>"}),
    "wall.example": ("wall", {"index.html": "<title>Just a moment...</title><p>Checking your browser before you go on.</p>"}),
    "reserved.example": ("reserved", {"index.html": '<meta name="robots" content="noindex">' + page("reserved.example")}),
    "picture.example": ("unsupported_type", {"index.html": b"\x89PNG\r\n\x1a\n" + bytes(2000)}),
    "missing.example": ("http_404", {"robots.txt": "User-agent: *\nAllow: /\n"}),
    "unseen.example": ("not_in_archive", {}),
}
CALM = ("calm.example", "quiet.example")
ELSEWHERE = """
    select identity.*
    from mart.identity
    join mart.organization using (organization_id)
    where list_contains(organization.listed_domains, 'elsewhere.example')
"""
URLS = """
    select url from mart.fact
    union select url from mart.evidence
    union select url from mart.miss
    union select url from mart.signal
    union select linkedin from mart.organization where linkedin is not null
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    sites = {host: website(host) for host in CALM} | dict(READ)
    sites |= {host: files for host, (_, files) in UNREAD.items() if files}
    rows = leads(*CALM, *READ, *UNREAD) + "\"<script>alert('name')</script> Ltd\",named.example\n"
    return market(tmp_path_factory.mktemp("hostile_pages"), sites, {"fair.csv": rows})


@pytest.fixture(scope="module")
def release(job: Job) -> Path:
    return run(job)


@pytest.fixture(scope="module")
def placed(release: Path) -> dict[str, dict[str, Any]]:
    return {row["domain"]: row for row in published(release, PLACED)}


def said(release: Path, host: str) -> list[dict[str, Any]]:
    sql = "select fact.* from mart.fact join mart.organization using (organization_id) where domain = ? order by fact_id"
    return published(release, sql, [host])


def test_the_neighbours_notice_nothing(release: Path, placed: Mapping[str, Any], tmp_path: Path) -> None:
    alone = run(market(tmp_path, {host: website(host) for host in CALM}, {"fair.csv": leads(*CALM)}))
    assert published(alone, PLACED) == [placed[host] for host in CALM]
    assert [said(alone, host) for host in CALM] == [said(release, host) for host in CALM]


@pytest.mark.parametrize("host", READ)
def test_a_readable_page_is_read_whatever_else_is_on_it(host: str, placed: Mapping[str, Any]) -> None:
    calm = placed["calm.example"]
    assert (placed[host]["website_state"], placed[host]["ring"]) == ("read", calm["ring"])


@pytest.mark.parametrize("host", UNREAD)
def test_what_could_not_be_read_is_unknown_and_never_a_low_score(host: str, placed: Mapping[str, Any], release: Path) -> None:
    state, _ = UNREAD[host]
    found = placed[host]
    assert found["website_state"] == state or (not state and found["website_state"] != "read")
    assert (found["ring"], found["fit"], found["readiness"], found["coverage"]) == ("unknown", None, None, 0.0)


@pytest.mark.parametrize("host", [host for host, (state, _) in UNREAD.items() if state != "needs_browser"])
def test_a_page_that_says_nothing_states_nothing(host: str, release: Path) -> None:
    stated = {row["property"] for row in said(release, host) if row["source"] not in ("robots", "sitemap")}
    assert stated <= {"other_owner"}  # whose page it is instead


def test_nobody_gets_the_facts_of_whoever_a_redirect_leads_to(release: Path) -> None:
    theirs = [row for row in said(release, "elsewhere.example") if "calm" in row["url"] or "Calm" in row["value"]]
    assert {row["property"] for row in theirs} <= {"other_owner"}
    (found,) = published(release, ELSEWHERE)
    assert "calm.example" in str(found)


def test_the_needle_is_found_below_300_elements(release: Path) -> None:
    (needle,) = [row for row in said(release, "deep.example") if row["value"] == "sales@deep.example"]
    assert "sales@deep.example" in needle["quote"]


def test_no_fact_is_larger_than_a_fact(release: Path) -> None:
    (longest,) = published(release, "select max(len(value)) as value, max(len(quote)) as quote from mart.fact")
    assert longest["value"] <= 500 and longest["quote"] <= 500


def test_no_url_is_anything_but_a_page(release: Path, job: Job) -> None:
    assert [row["url"] for row in published(release, URLS) if not row["url"].startswith(("https://", "http://"))] == []
    assert warehouse(job, "select url from raw.request where not starts_with(url, 'https://')") == []


def test_5000_links_do_not_become_5000_requests(job: Job, release: Path) -> None:
    (most,) = warehouse(job, "select max(n) as n from (select count(*) as n from raw.request group by organization_id)")
    assert most["n"] <= job.settings.manners.requests_per_organization


@pytest.mark.parametrize("host", ["bomb.example", "outside.example"])
def test_a_document_type_is_refused_unread(host: str, job: Job, release: Path) -> None:
    sitemaps = warehouse(job, "select url, state from raw.capture where kind = 'sitemap'")
    assert {row["url"]: row["state"] for row in sitemaps}[f"https://{host}/sitemap.xml"] == "unreadable_xml"
    assert not [row for row in said(release, host) if row["property"] in ("listed_pages", "last_changed")]


def test_broken_bytes_are_still_text(release: Path) -> None:
    texts = [row["quote"] + row["value"] for row in said(release, "encoding.example")]
    assert texts and not any("\x00" in text or "\ufffe" in text for text in texts)


def test_every_quote_is_in_its_capture(release: Path, job: Job) -> None:
    assert warehouse(job, "select * from raw.broken_quote") == []
    verdicts = json.loads((release / "quality.json").read_text("utf-8"))
    assert [each for each in verdicts if each["loudness"] == "expect" and not each["passed"]] == []


def test_no_markup_is_alive_anywhere(release: Path) -> None:
    for name in ("quality.html", "dictionary.md", "datapackage.json"):
        text = (release / name).read_text("utf-8").lower()
        assert "<script" not in text and "alert(" not in text, name


def test_markup_stays_the_text_it_was(release: Path, job: Job) -> None:
    (named,) = published(release, "select company from mart.lead where organization_domain = 'named.example'")
    assert named["company"] == "<script>alert('name')</script> Ltd"
    result = CliRunner().invoke(app, ["explain", "script.example", "--home", str(job.home.folder)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
