"""What reserves a response from programs like us, before anything of it is archived.

Golden cases in `web/reserved`: lists of directives, tags, tdmrep.json files, and whole pages, which a real server on this machine
serves. Then what hostile pages and files cost.
"""

import http.client
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from effort import Effort

from pipelines.page import Page
from pipelines.pagestate import SILENT, state_of
from pipelines.records import Capture, Request, Response
from pipelines.reservations import mining, reserving, stands
from pipelines.web.reserved import (
    LONGEST_LOCATION,
    LONGEST_POLICY,
    MOST_REASONS,
    MOST_RULES,
    NO_POLICY,
    SCANNED,
    TdmPolicy,
    read_tdmrep,
    reservation_of,
)

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")
NOINDEX = b"<meta name=robots content=noindex>"
ROBOTS_NOINDEX = ("X-Robots-Tag", "noindex")
WHOLE = TdmPolicy((("/", True),))
TURNS = 200
"""Of work (`effort`): more than ten times what the slowest hostile input takes; anything quadratic takes minutes."""


def cases(name):
    return yaml.safe_load((Path(__file__).parent / "web" / "reserved" / f"{name}.yaml").read_text("utf-8"))


def response(body=b"", *headers, url="https://acme.example/blog/1", of=HTML):
    return Response(url, 200, (of, *headers) if of else headers, body, AT)


def page(response, reservation, body):
    request = Request("org_1", "website", "home", response.url)
    return Page(Capture("cap_1", request, response.url, 200, "text/html", AT, "", len(body), "", 0, reservation), body)


@contextmanager
def served(case) -> Iterator[http.client.HTTPConnection]:
    """A host with one page and perhaps a tdmrep.json, on this machine."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self):
            file = case.get("tdmrep", "") if self.path == "/.well-known/tdmrep.json" else None
            body = (case["body"] if file is None else file).encode()
            self.send_response(404 if file == "" else 200)
            for name, value in [HTML, *case["headers"]] if file is None else []:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        connection = http.client.HTTPConnection(*server.server_address[:2], timeout=5)
        try:
            yield connection
        finally:
            connection.close()
            server.shutdown()


def fetched(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return Response(f"http://127.0.0.1{path}", answer.status, tuple(answer.getheaders()), answer.read(), AT)


@pytest.mark.parametrize("case", cases("pages"), ids=lambda case: case["why"])
def test_page(case):
    with served(case) as host:
        file, got = fetched(host, "/.well-known/tdmrep.json"), fetched(host, "/blog/1")
    policy = read_tdmrep(file.body) if file.status == 200 else NO_POLICY
    reservation = reservation_of(got, policy)
    assert reservation == case["reserved"]
    state = state_of(page(got, reservation, b"" if reservation else got.body))
    assert (state in SILENT, state) == ((True, "reserved") if reservation else (False, "read"))


@pytest.mark.parametrize(("value", "expected"), cases("directives"), ids=str)
def test_directives(value, expected):
    assert reserving("x-robots-tag", value, AT) == reserving("Robots", value, AT) == expected
    assert reservation_of(response(b"", ("x-ROBOTS-tag", value))).splitlines() == [f"x-robots-tag: {each}" for each in expected]
    assert reserving("description", value, AT) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1", "1"),
        (" 1 ", "1"),
        ("0", "0"),
        ("0, 1", "1"),
        ("1,1", "1"),
        ("", ""),
        ("2", ""),
        ("yes", ""),
        ("10", ""),
        ("1.0", ""),
    ],
)
def test_what_a_header_says_of_mining(value, said):
    assert (mining(value), reserving("TDM-Reservation", value, AT)) == (said, ["1"] if said == "1" else [])
    assert bool(reservation_of(response(b"", ("TDM-RESERVATION", value)), WHOLE)) is (said != "0")


@pytest.mark.parametrize("value", [value for value, expected in cases("directives") if expected])
def test_what_was_written_down_is_understood_again(value):
    lines = reservation_of(response(b"", ("X-Robots-Tag", value))).splitlines()
    assert lines and all(stands(line, AT) for line in lines)


@pytest.mark.parametrize(("markup", "expected"), cases("tags"), ids=str)
def test_tags(markup, expected):
    assert reservation_of(response(markup.encode())).splitlines() == expected


@pytest.mark.parametrize("case", cases("files"), ids=lambda case: case["why"])
def test_files(case):
    policy = read_tdmrep(case["file"].encode())
    told = {path: policy.reserves(f"https://acme.example{path}") for path in case["paths"]}
    assert told == {path: f"tdmrep.json: 1 for {rule}" if rule else "" for path, rule in case["paths"].items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "windows-1251", "shift_jis", "gb18030", "utf-16"])
def test_a_tag_is_found_in_any_charset(encoding):
    other = "東京" if encoding in ("shift_jis", "gb18030") else "Анна" if encoding == "windows-1251" else "Zoë"
    text = f"<title>{other}</title><meta name=description content='{other}'><META NAME=robots CONTENT='NoIndex, {other}'>"
    assert reservation_of(response(text.encode(encoding, "replace"))) == "meta robots: noindex"


def test_a_tag_is_found_in_utf_16_of_either_order():
    for mark, order in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert reservation_of(response(mark + "<p>İstanbul<meta name=robots content=noai>".encode(order))) == "meta robots: noai"


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("text/html", NOINDEX, True),
        ("TEXT/HTML; charset=x", NOINDEX, True),
        ("application/xhtml+xml", NOINDEX, True),
        ("application/xml", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>" + NOINDEX, True),
        ("application/xml", b"<feed>" + NOINDEX, False),
        ("application/json", b'{"a": "' + NOINDEX + b'"}', False),
        ("text/plain", NOINDEX, False),
        (None, NOINDEX, True),
    ],
)
def test_tags_are_looked_for_in_html_only(kind, body, expected):
    found = reservation_of(response(body, of=("Content-Type", kind) if kind else None))
    assert found == ("meta robots: noindex" if expected else "")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/rss+xml", "text/html"])
def test_headers_and_the_file_count_for_any_type(kind):
    said = response(b"{}", ROBOTS_NOINDEX, of=("Content-Type", kind))
    assert reservation_of(said, WHOLE) == "x-robots-tag: noindex\ntdmrep.json: 1 for /"


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/robots.txt",
        "https://acme.example:8443/robots.txt",
        "https://acme.example/.well-known/tdmrep.json",
    ],
)
def test_what_is_written_for_programs_is_never_reserved(url):
    said = response(NOINDEX, ROBOTS_NOINDEX, ("tdm-reservation", "1"), url=url)
    assert reservation_of(said, WHOLE) == ""
    led = replace(said, url="https://acme.example/elsewhere", hops=(url,))
    assert reservation_of(led, WHOLE) == "", "nor is what it leads to"
    on_the_way = replace(led, hops=("https://acme.example/", url))
    assert reservation_of(on_the_way) == "x-robots-tag: noindex\ntdm-reservation: 1\nmeta robots: noindex"


@pytest.mark.parametrize(
    ("body", "free"),
    [
        (b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url/></urlset>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<?xml-stylesheet href='a.xsl'?>\n<!-- made by a plug-in -->\n<sitemapindex>", True),
        (b"<s:urlset xmlns:s='x'>", True),
        (b"<urlsets>", False),
        (b"<html><body><urlset>", False),
        (b"https://acme.example/\nhttps://acme.example/about\n", False),
    ],
)
def test_a_sitemap_that_is_not_for_search_results_is_read(body, free):
    found = reservation_of(response(body, ROBOTS_NOINDEX, of=("Content-Type", "text/xml")))
    assert found == ("" if free else "x-robots-tag: noindex")


def test_a_date_counts_from_its_moment_on():
    said = response(b"", ("X-Robots-Tag", "unavailable_after: 16 Nov 2026 12:00:00 GMT"))
    assert reservation_of(said) == ""
    later = replace(said, fetched_at=AT + timedelta(seconds=1))
    assert reservation_of(later) == "x-robots-tag: unavailable_after: 16 nov 2026 12:00:00 gmt"
    naive = replace(said, fetched_at=(AT + timedelta(seconds=1)).replace(tzinfo=None))
    assert reservation_of(naive) == reservation_of(later), "a moment without a zone is in UTC"


def test_only_so_much_of_a_page_is_looked_at():
    assert reservation_of(response(b" " * (SCANNED - len(NOINDEX)) + NOINDEX)) == "meta robots: noindex"
    assert reservation_of(response(b" " * SCANNED + NOINDEX)) == "", "a parser sees it"


def test_only_so_many_reasons_are_told():
    dates = [("X-Robots-Tag", f"unavailable_after: {year}-01-01") for year in range(1990, 2020)]
    assert len(reservation_of(response(b"", *dates)).splitlines()) == MOST_REASONS


def test_a_reason_is_one_line_of_plain_characters():
    policy = read_tdmrep(b'[{"location": "/a\\n\\u2028\\u202eb*", "tdm-reservation": 1}]')
    assert policy.reserves("https://acme.example/a%0A%E2%80%A8%E2%80%AEb") == "tdmrep.json: 1 for /a%0A%E2%80%A8%E2%80%AEb*"
    long = read_tdmrep(b'[{"location": "/' + b"a" * (LONGEST_LOCATION - 1) + b'", "tdm-reservation": 1}]')
    assert long.reserves("https://acme.example/" + "a" * LONGEST_LOCATION) == "tdmrep.json: 1 for /" + "a" * 99


def test_a_policy_is_as_long_as_it_may_be():
    rule = b'{"location": "/%d", "tdm-reservation": 1}'
    many = read_tdmrep(b"[" + b",".join(rule % number for number in range(MOST_RULES + 5)) + b"]")
    assert len(many.rules) == MOST_RULES and many.rules[-1] == (f"/{MOST_RULES - 1}", True)
    filled = b"[" + rule % 1 + b" " * (LONGEST_POLICY - len(rule % 1) - 2) + b"]"
    assert read_tdmrep(filled).rules == (("/1", True),)
    assert read_tdmrep(filled + b" ") == NO_POLICY
    assert read_tdmrep(b'[{"location": "/' + b"a" * LONGEST_LOCATION + b'", "tdm-reservation": 1}]') == NO_POLICY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_policy_is_read_in_any_encoding_of_json(encoding):
    assert read_tdmrep('[{"location": "/", "tdm-reservation": 1}]'.encode(encoding)) == WHOLE


@pytest.mark.parametrize(
    "url", ["", "/", "nonsense", "http://[", "https://acme.example:x/a", "mailto:a@b", "http://", "\ud800", "//"]
)
def test_no_url_is_too_odd(url):
    assert WHOLE.reserves(url) == "tdmrep.json: 1 for /"
    assert reservation_of(response(b"", url=url)) == ""


def test_a_value_may_be_as_deep_as_json_goes():
    for depth in range(sys.getrecursionlimit() - 200, sys.getrecursionlimit()):
        body = b'[{"location": "/", "tdm-reservation": ' + b"[" * depth + b"]" * depth + b"}]"
        assert read_tdmrep(body) == NO_POLICY


HOSTILE_PAGES = {
    "meta never closed": b"<meta ",
    "comments never closed": b"<!--",
    "comments closed at once": b"<!-->",
    "nothing but brackets": b"<",
    "values never given": b"<meta name=",
    "quotes never closed": b"<a b='",
    "quotes opened twice": b"<a b='= '",
    "nothing but equals signs": b"<meta =",
    "values after spaces": b"= ",
    "scripts never closed": b"<script>",
    "scripts closed at once": b"<script></script>",
    "declarations": b"<!x",
    "instructions": b"<?",
    "dashes": b"-",
    "slashes": b"/",
    "tags": b"<p class='x' id=y>t</p>",
    "entities": b"&#",
    "metas": b"<meta name=robots content=index>",
}


@pytest.mark.parametrize("name", HOSTILE_PAGES)
@pytest.mark.parametrize("before", [b"", b"<!--", b"<meta name=robots content='"], ids=["bare", "in a comment", "in a value"])
def test_a_hostile_page_costs_little(name, before):
    """A megabyte of one thing, with a tag at the end of what is looked at, so that all before it matters."""
    piece = HOSTILE_PAGES[name]
    room = SCANNED - len(before) - len(NOINDEX)
    body = before + piece * (room // len(piece)) + b" " * (room % len(piece)) + NOINDEX + piece * (1024 * 1024 // len(piece))
    with Effort() as effort:
        found = reservation_of(response(body))
    assert effort.turns < TURNS
    assert found in ("", "meta robots: noindex")


HOSTILE_VALUES = {
    "spaces": " " * 100_000 + "noindex",
    "agents": "a: " * 50_000,
    "colons": ":" * 200_000,
    "letters": "a" * 200_000 + ":",
    "dates": "unavailable_after: 2010-06-25, " * 5_000,
    "unfinished dates": "unavailable_after: " * 10_000,
    "digits": "unavailable_after: " + "9" * 100_000,
    "entities": "&#" + "1" * 100_000 + "; noindex",
    "letters of other scripts": "İ" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE_VALUES)
def test_a_hostile_value_costs_little(name):
    value = HOSTILE_VALUES[name]
    tag = f'<meta name="robots" content="{value}">'.encode()
    with Effort() as effort:
        header, found = reservation_of(response(b"", ("X-Robots-Tag", value))), reservation_of(response(tag))
    assert effort.turns < TURNS
    expected = {"spaces": "noindex", "dates": "unavailable_after: 2010-06-25"}.get(name)
    assert header == (f"x-robots-tag: {expected}" if expected else "")
    assert found == (f"meta robots: {expected}" if expected else "")


HOSTILE_FILES = {
    "deep lists": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 200_000,
    "deep rules": b'[{"location":' * 70_000,
    "digits": b"[" + b"9" * 1_000_000 + b"]",
    "many": b"[" + b'{"location":"/b","tdm-reservation":1},' * 25_000 + b"0]",
    "wildcards": b"[" + (b'{"location":"' + b"*a" * 20 + b'b","tdm-reservation":1},') * 12_000 + b"0]",
    "too many wildcards": b"[" + (b'{"location":"' + b"*a" * 1_000 + b'","tdm-reservation":1},') * 480 + b"0]",
    "other letters": b"[" + ('{"location":"/' + "é" * 1_000 + '","tdm-reservation":1},').encode() * 480 + b"0]",
    "coded letters": b"[" + (b'{"location":"/' + b"%41" * 600 + b'","tdm-reservation":1},') * 500 + b"0]",
    "bytes": bytes(range(256)) * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_costs_little_and_reserves_nothing(name):
    assert len(HOSTILE_FILES[name]) <= LONGEST_POLICY, "else it is not even looked at"
    with Effort() as effort:
        policy = read_tdmrep(HOSTILE_FILES[name])
        told = policy.reserves("https://acme.example/" + "a" * 2_000)
    assert effort.turns < TURNS
    assert told == ""
