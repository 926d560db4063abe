"""What a robots.txt, or the lack of one, means for us."""

import json
from pathlib import Path

import pytest
from protego import Protego

from pipelines.errors import Skip
from pipelines.web import robots
from pipelines.web.robots import answered, unanswered

VECTORS = Path(__file__).parents[2] / "shared/hostile/robots/google_robots_vectors.jsonl"
PAGE = "https://acme.example/private/page"
RULES = b"User-agent: *\nDisallow: /private/\n"


def verdict(meaning, url=PAGE):
    try:
        meaning.check(url)
    except Skip as skip:
        return skip.reason
    return "allowed"


BY_STATUS = {
    200: "robots_disallowed",
    204: "robots_disallowed",
    304: "robots_unreachable",
    400: "allowed",
    401: "robots_disallowed",
    403: "robots_disallowed",
    404: "allowed",
    410: "allowed",
    429: "robots_unreachable",
    500: "robots_unreachable",
    503: "robots_unreachable",
}
BY_REASON = {
    "http_404": "allowed",
    "http_403": "robots_disallowed",
    "http_500": "robots_unreachable",
    "not_in_archive": "allowed",
    "too_many_redirects": "allowed",
    "dns": "dns",
    "timeout": "timeout",
    "refused_address": "refused_address",
    "too_large": "too_large",
}


@pytest.mark.parametrize(("status", "expected"), BY_STATUS.items())
def test_status(status, expected):
    assert verdict(answered(status, RULES)) == expected


@pytest.mark.parametrize(("reason", "expected"), BY_REASON.items())
def test_no_answer(reason, expected):
    assert verdict(unanswered(reason, "It was so.")) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "robots_disallowed"),
        (b"# us\rUser-agent: *\rDisallow: /\r", "robots_disallowed"),
        (b"User-Agent: BULLSEYE/2.0 (x)\nDisallow: /", "robots_disallowed"),
        (b"User-agent: bullseye\nNonsense: 1\nUser-agent: other\nDisallow: /", "robots_disallowed"),
        (b"User-agent: bullseye\nSitemap: /s.xml\nUser-agent: other\nDisallow: /", "robots_disallowed"),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: bullseye\nDisallow:", "allowed"),
        (b"User-agent: bullseyes\nDisallow: /", "allowed"),
        (b"User-agent: *\nDisallow: /\nAllow: /private/", "allowed"),
        (b"User-agent: *\nDisallow: /*.pdf$", "allowed"),
        (b"<!doctype html><html>User-agent: *\nDisallow: /", "allowed"),
        (b"\n  <html>\nUser-agent: *\nDisallow: /", "allowed"),
        (b"\xff\xfe\x00 garbage \x80", "allowed"),
        (b"", "allowed"),
    ],
)
def test_body(body, expected):
    assert verdict(answered(200, body)) == expected


def test_only_the_first_500_kib_count():
    start = b"User-agent: *\n" + b"#" * robots.LONGEST_BODY
    assert verdict(answered(200, start + b"\nDisallow: /\n")) == "allowed"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("0", 0), ("2", 2), ("0.5", 0.5), ("nan", 0), ("-5", 0), ("5,", 0), ("inf", 0), ("", 0), ("31", 31), ("86400", 86400)],
)
def test_crawl_delay(written, seconds):
    meaning = answered(200, f"User-agent: *\nCrawl-delay: {written}\n".encode())
    assert meaning.delay_seconds == seconds


@pytest.mark.parametrize(("written", "waits"), [("30", True), ("31", False), ("1e308", False)])
def test_longest_delay(written, waits):
    meaning = answered(200, f"User-agent: *\nCrawl-delay: {written}\n".encode())
    if waits:
        meaning.check_delay()
        return
    with pytest.raises(Skip) as skip:
        meaning.check_delay()
    assert skip.value.reason == "crawl_delay_too_long"


def test_google_vectors(monkeypatch):
    """138 of 142: one is Google's leniency to names with a space, three compare paths undecoded where RFC 9309 decodes."""
    if not VECTORS.exists():
        pytest.skip("Google's robots.txt vectors are not on this machine")
    vectors = [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]
    differs = []
    for vector in vectors:
        monkeypatch.setattr(robots, "TOKEN", vector["ua"])
        rules = answered(200, vector["robotstxt"].encode()).rules or Protego.parse("")
        if rules.can_fetch(vector["url"], vector["ua"]) != vector["allowed"]:
            differs.append(vector["test"])
    assert len(vectors) == 142
    assert sorted(differs) == ["GoogleOnly_AcceptUserAgentUpToFirstSpace", *["ID_Encoding"] * 3]
