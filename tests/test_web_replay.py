"""What was seen before answers as it did then: WARC files of any making, and folders of plain files."""

import asyncio
import base64
import gzip
import hashlib
import io
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_web_answers import World, answers
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.errors import Skip, Stop
from pipelines.records import Request
from pipelines.settings import Settings
from pipelines.web.archive import Archive
from pipelines.web.decode import decode
from pipelines.web.guard import check_url
from pipelines.web.replay import NOWHERE, Replay
from pipelines.web.replay_folder import ReplayFolder
from pipelines.web.replay_warc import ReplayWarc
from pipelines.web.warc import scan
from pipelines.web.web import open_web

AS_OF = datetime(2026, 1, 2, tzinfo=UTC)
REAL = Path(__file__).parents[2] / "shared/real/web"
BOMBS = Path(__file__).parents[2] / "shared/hostile/http"
HTML = ("Content-Type", "text/html")


def warc(path, *records, packed=True, version="1.0"):
    """Write (url, date, status, headers, body) records as another tool would."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed, warc_version=version)
        for url, date, status, headers, body in records:
            http = StatusAndHeaders(f"{status} X", list(headers), protocol="HTTP/1.1")
            dated = {"WARC-Date": date}
            made = writer.create_warc_record(url, "response", io.BytesIO(body), len(body), "", dated, http_headers=http)
            writer.write_record(made)
    return path


def shelf(*paths, as_of=AS_OF):
    return ReplayWarc(paths, as_of, 1 << 20, 1 << 20)


def page(url, date="2026-01-01T00:00:00Z", body=b"<p>page</p>", status=200, headers=(HTML,)):
    return url, date, status, headers, body


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_any_warc(tmp_path, packed, version):
    path = warc(
        tmp_path / "a.warc",
        page("http://www.acme.example/About/"),
        page("https://other.example/"),
        packed=packed,
        version=version,
    )
    found = shelf(path).find("https://acme.example/About")
    assert (found.url, found.status, found.body) == ("http://www.acme.example/About/", 200, b"<p>page</p>")
    assert found.fetched_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert found.header("content-type") == "text/html"
    assert shelf(path).find("https://acme.example/about") is None


def test_newest_not_after_the_moment(tmp_path):
    dates = ("2026-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "2026-03-01T00:00:00Z")
    path = warc(tmp_path / "a.warc.gz", *(page("https://acme.example/", date, date.encode()) for date in dates))
    assert shelf(path).find("https://acme.example/").body == dates[0].encode()
    assert shelf(path, as_of=datetime(2026, 9, 1, tzinfo=UTC)).find("https://acme.example/").body == dates[2].encode()
    assert shelf(path, as_of=datetime(2025, 1, 1, tzinfo=UTC)).find("https://acme.example/") is None


def revisits(path, *records, http=True):
    """Add (url, date, payload digest, URL and date referred to) records that say that nothing had changed."""
    with path.open("ab") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for url, date, digest, to_url, to_date in records:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("X-Robots-Tag", "noai")], protocol="HTTP/1.1")
            more = {"WARC-Date": date}
            made = writer.create_revisit_record(
                url, digest, to_url, to_date, http_headers=headers if http else None, warc_headers_dict=more
            )
            writer.write_record(made)
    return path


@pytest.mark.parametrize("http", [True, False])
def test_a_revisit_has_the_body_it_refers_to(tmp_path, http):
    digest = "sha1:" + base64.b32encode(hashlib.sha1(b"<p>page</p>", usedforsecurity=False).digest()).decode()
    old, new = "2025-01-01T00:00:00Z", "2025-12-01T00:00:00Z"
    path = warc(tmp_path / "a.warc.gz", page("https://acme.example/", old), page("https://acme.example/b", old, b"other"))
    revisits(
        path,
        ("https://acme.example/", new, digest, "https://acme.example/", old),
        ("https://acme.example/copy", new, digest, "https://elsewhere.example/", "no date"),
        ("https://acme.example/b", new, "sha1:UNKNOWN", "https://acme.example/gone", old),
        http=http,
    )
    same, copy, stale = (shelf(path).find(f"https://acme.example/{name}") for name in ("", "copy", "b"))
    assert (same.status, same.body, same.fetched_at) == (200, b"<p>page</p>", datetime(2025, 12, 1, tzinfo=UTC))
    assert same.header("x-robots-tag") == ("noai" if http else ""), "its own headers count where it has some"
    assert (copy.url, copy.body) == ("https://acme.example/copy", b"<p>page</p>")
    assert (stale.body, stale.fetched_at) == (b"other", datetime(2025, 1, 1, tzinfo=UTC)), "a body that is nowhere says nothing"


def test_a_redirect_to_another_spelling_does_not_hide_the_page(tmp_path):
    path = warc(
        tmp_path / "a.warc.gz",
        page("https://www.acme.example/"),
        page("http://acme.example/", "2026-01-01T00:00:09Z", b"", 301, (("Location", "https://www.acme.example/"),)),
        page("https://acme.example/old", status=302, headers=(("Location", "/new"),)),
    )
    assert shelf(path).find("http://acme.example/").status == 200
    assert shelf(path).find("http://acme.example/old").header("location") == "/new"


def test_bodies_are_unchunked_and_decoded(tmp_path):
    text = b"<p>" + b"long " * 50 + b"</p>"
    packed = gzip.compress(text, mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    path = warc(
        tmp_path / "a.warc.gz",
        page("https://a.example/", body=packed, headers=(HTML, ("Content-Encoding", "gzip"))),
        page("https://b.example/", body=chunked, headers=(HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))),
        page("https://c.example/", body=text, headers=(HTML, ("Content-Encoding", "gzip"))),
        page("https://d.example/", body=packed[:-9], headers=(HTML, ("Content-Encoding", "gzip"))),
        page("https://e.example/", body=b"?", headers=(HTML, ("Content-Encoding", "br"))),
    )
    assert {shelf(path).find(f"https://{host}.example/").body for host in "abc"} == {text}
    for host, reason in (("d", "truncated"), ("e", "unsupported_coding")):
        with pytest.raises(Skip) as skip:
            shelf(path).find(f"https://{host}.example/")
        assert skip.value.reason == reason


@pytest.mark.parametrize("packed", [True, False])
def test_broken_records_are_passed_over(tmp_path, packed, capfd):
    urls = [f"https://acme.example/{number}" for number in range(5)]
    path = warc(tmp_path / "a.warc", *(page(url, body=url.encode() * 9) for url in urls), packed=packed)
    offsets = [found.offset for found in scan(path)]
    content = bytearray(path.read_bytes())
    content[offsets[1] : offsets[1] + 25] = bytes(25)
    path.write_bytes(content[: offsets[4] + 60])
    found = {each.url for each in scan(path)}
    capfd.readouterr()
    assert {urls[0], urls[2], urls[3]} <= found
    assert urls[4] not in found
    assert shelf(path).find(urls[3]).body == urls[3].encode() * 9


@pytest.mark.parametrize("packed", [True, False])
def test_a_record_cut_short_is_passed_over(tmp_path, packed):
    urls = ("https://acme.example/1", "https://acme.example/2")
    path = warc(tmp_path / "a.warc", *(page(url, body=bytes(range(250)) * 2) for url in urls), packed=packed)
    path.write_bytes(path.read_bytes()[:-100])
    assert [found.url for found in scan(path)] == [urls[0]]


def test_not_a_warc_at_all(tmp_path):
    path = tmp_path / "a.warc.gz"
    for content in (b"", b"nothing of the kind", b"\x1f\x8b\x08" + bytes(50)):
        path.write_bytes(content)
        assert list(scan(path)) == []


def test_a_file_gzipped_as_a_whole_stops_with_what_to_do(tmp_path):
    path = warc(tmp_path / "a.warc", page("https://acme.example/1"), page("https://acme.example/2"), packed=False)
    packed = tmp_path / "a.warc.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(Stop, match="recompress"):
        list(scan(packed))


def test_shelves_in_order(tmp_path):
    first = shelf(warc(tmp_path / "a.warc", page("https://a.example/", body=b"first")))
    second = shelf(warc(tmp_path / "b.warc", page("https://a.example/", body=b"second"), page("https://b.example/")))
    replay = Replay([first, second])

    def fetch(url):
        return asyncio.run(replay.fetch(check_url(url), NOWHERE, {}))

    assert not replay.asks
    assert asyncio.run(replay.place(check_url("https://a.example/"))) == NOWHERE
    assert fetch("https://a.example/").body == b"first"
    assert fetch("https://b.example/").status == 200
    with pytest.raises(Skip) as skip:
        fetch("https://c.example/")
    assert skip.value.reason == "not_in_archive"


def test_what_is_no_page_has_no_body_whatever_its_coding(tmp_path):
    """Redirects and errors are answers even where their bodies cannot be read."""
    coded = (HTML, ("Content-Encoding", "br"))
    path = warc(
        tmp_path / "a.warc.gz",
        page("https://a.example/", body=b"?", status=404, headers=coded),
        page("https://a.example/old", body=b"?", status=301, headers=(*coded, ("Location", "/new"))),
        page("https://a.example/big", body=bytes(2 << 20), status=500),
    )
    found = [shelf(path).find(f"https://a.example/{name}") for name in ("", "old", "big")]
    assert [(each.status, each.body) for each in found] == [(404, b""), (301, b""), (500, b"")]
    assert found[1].header("location") == "/new"


# A home's own archive


ACME = "https://acme.example/"
SEEN = {
    ACME: (200, b"<p>Home</p>", (HTML, ("ETag", '"v1"'))),
    f"{ACME}about": (301, "/about-us"),
    f"{ACME}about-us": (302, "https://www.acme.example/us"),
    "https://www.acme.example/us": (200, b"<p>Us</p>"),
    f"{ACME}none": (404, b""),
    f"{ACME}gone": (410, b""),
    f"{ACME}away": (301, "https://other.example/"),
    f"{ACME}loop": (302, "/pool"),
    f"{ACME}pool": (302, "/loop"),
    f"{ACME}reserved": (200, b"<p>Mine</p>", (HTML, ("TDM-Reservation", "1"))),
    f"{ACME}private": (200, b"<p>Private</p>"),
    f"{ACME}robots.txt": (200, b"User-agent: *\nDisallow: /private", "text/plain"),
}
ASKED = [f"{ACME}{name}" for name in ("", "about", "none", "gone", "away", "loop", "reserved", "private", "robots.txt")]
MOMENT = timedelta(days=3)


def told(found):
    """Return what the answer to a request says, apart from where it is kept."""
    if hasattr(found, "reason"):
        return found.request, found.reason
    capture = replace(found.capture, file="", offset=0)
    return capture, found.body


def test_a_homes_archive_says_again_what_the_world_said(tmp_path):
    """Also after a second run, in which one page was the same (304), one changed, one was gone and one came back."""
    world, home = World(dict(SEEN)), tmp_path / "home"
    requests = [Request(f"org_{number % 3}", "website", "page", url) for number, url in enumerate(ASKED)]

    def replayed(name, at):
        return [told(each) for each in answers(open_web([home], tmp_path / name, Settings(), at), requests)]

    first = [told(each) for each in answers(world.web(home, gap_seconds=0), requests)]
    assert [each[1] for each in first] == [
        *(b"<p>Home</p>", b"<p>Us</p>", "http_404", "http_410", "redirected_elsewhere", "too_many_redirects", b""),
        *("robots_disallowed", b"User-agent: *\nDisallow: /private"),
    ]
    assert replayed("one", AS_OF + timedelta(hours=1)) == first
    world.pages |= {
        ACME: lambda headers: (304, b"", (("ETag", '"v1"'),)) if headers else (500, b""),
        "https://www.acme.example/us": (404, b""),
        f"{ACME}none": (200, b"<p>Back</p>"),
        f"{ACME}gone": (200, b"<p>Home</p>"),
    }
    second = [told(each) for each in answers(world.later(home, MOMENT, gap_seconds=0), requests)]
    assert [each[1] for each in second[:4]] == [b"<p>Home</p>", "http_404", b"<p>Back</p>", b"<p>Home</p>"]
    again = replayed("two", AS_OF + MOMENT)
    assert [each[1] for each in again] == [each[1] for each in second]
    assert again[0][0].fetched_at == AS_OF + MOMENT, "when it was last seen"
    assert replayed("three", AS_OF + timedelta(hours=1)) == first, "what was known by then"
    assert replayed("two", AS_OF + MOMENT) == again, "nothing is stored twice"


def test_what_was_replayed_is_an_archive_too(tmp_path):
    requests = [Request("org_1", "website", "page", url) for url in ASKED]
    found = answers(World(dict(SEEN)).web(tmp_path / "a", gap_seconds=0), requests)
    for source, into in (("a", "b"), ("b", "c")):
        answers(open_web([tmp_path / source], tmp_path / into, Settings(), AS_OF), requests)
    kept = {(each.url, each.digest, each.fetched_at, each.reservation) for each in Archive(tmp_path / "c", 64).captures()}
    assert kept == {
        (each.capture.url, each.capture.digest, each.capture.fetched_at, each.capture.reservation)
        for each in found
        if not hasattr(each, "reason")
    }


@pytest.mark.parametrize(("name", "records"), [("ai50-2025", 426), ("small-business-2014", 259)])
def test_real_archives(name, records):
    path = REAL / f"{name}.warc.gz"
    if not path.exists():
        pytest.skip("the real archives are not on this machine")
    found = list(scan(path))
    assert len(found) == records
    replay = ReplayWarc([path], AS_OF, 8 << 20, 8 << 20)
    assert all(replay.find(each.url).body for each in found[:40])


# Folders


@pytest.fixture
def folder(tmp_path):
    web = tmp_path / "web"
    content = {
        "acme.example/index.html": "<p>Home</p>",
        "acme.example/about.html": "<p>About</p>",
        "acme.example/jobs/index.html": "<p>Jobs</p>",
        "acme.example/robots.txt": "User-agent: *\nDisallow:",
        "acme.example/feed.xml": "<rss/>",
        "acme.example/Zoë und co.html": "<p>Zoë</p>",
        "acme.example/404.html": "<p>Nothing here</p>",
        "acme.example/_redirects": "# moved\n/old /about 302\n/blog/* https://news.example/:splat#x\n/gone /404.html 410 # why\n",
        "www.beta.example/index.html": "<p>Beta</p>",
        "secret.txt": "outside",
    }
    for name, text in content.items():
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(text, "utf-8")
    (web / "acme.example/latin.html").write_bytes("Zoë".encode("latin-1"))
    (web / "acme.example/link.html").symlink_to(web / "secret.txt")
    (web / "evil.example").symlink_to(tmp_path)
    return web


PAGES = {
    "https://acme.example/": "<p>Home</p>",
    "https://acme.example": "<p>Home</p>",
    "http://WWW.acme.example/about": "<p>About</p>",
    "https://acme.example/about/": "<p>About</p>",
    "https://acme.example/about.html?utm=1#top": "<p>About</p>",
    "https://acme.example/jobs": "<p>Jobs</p>",
    "https://acme.example/jobs/": "<p>Jobs</p>",
    "https://acme.example/Zo%C3%AB%20und%20co": "<p>Zoë</p>",
    "https://acme.example/feed.xml": "<rss/>",
    "https://beta.example/": "<p>Beta</p>",
}


@pytest.mark.parametrize(("url", "text"), PAGES.items())
def test_files(folder, url, text):
    found = ReplayFolder(folder, AS_OF).find(url)
    assert (found.status, found.body.decode(), found.fetched_at) == (200, text, AS_OF)


OUTSIDE = (
    *"/missing /../secret.txt /%2e%2e/secret.txt /..%2fsecret.txt /%2e%2e%5csecret.txt /link /link.html /a%00b".split(),
    *"/%2e%2e/acme.example/about /_redirects //secret.txt/.. /about.html/x".split(),
    "/" + "a" * 900,
    "/" + "é" * 600,
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_and_nothing_missing(folder, path):
    found = ReplayFolder(folder, AS_OF).find(f"https://acme.example{path}")
    assert (found.status, found.body) == (404, b"<p>Nothing here</p>")


def test_hosts_that_are_not_there(folder):
    replay = ReplayFolder(folder, AS_OF)
    assert replay.find("https://gamma.example/") is None
    assert replay.find("https://evil.example/web/secret.txt") is None
    assert replay.find("https://../secret.txt") is None
    assert replay.find("https://beta.example/missing").body == b""


def test_types(folder):
    replay = ReplayFolder(folder, AS_OF)
    names = {"/": "text/html; charset=utf-8", "/latin": "text/html", "/robots.txt": "text/plain; charset=utf-8"}
    names |= {"/feed.xml": "application/xml"}
    assert {name: replay.find(f"https://acme.example{name}").header("content-type") for name in names} == names


def test_redirects(folder):
    replay = ReplayFolder(folder, AS_OF)
    moved, splat, gone = (replay.find(f"https://acme.example{path}") for path in ("/old/", "/blog/2026/news", "/gone"))
    assert (moved.status, moved.header("location")) == (302, "/about")
    assert (splat.status, splat.header("location")) == (301, "https://news.example/2026/news#x")
    assert (gone.status, gone.body) == (410, b"<p>Nothing here</p>")


def test_a_redirect_nobody_can_read_stops(folder):
    (folder / "acme.example/_redirects").write_text("/old\n")
    with pytest.raises(Stop, match="line 1"):
        ReplayFolder(folder, AS_OF).find("https://acme.example/old")


# Codings


def pieces(content, size=7):
    return [content[start : start + size] for start in range(0, len(content), size)]


TEXT = b"Who is our customer? " * 4000
RAW = zlib.compressobj(wbits=-15)
CODED = {
    "": TEXT,
    "identity": TEXT,
    "gzip": gzip.compress(TEXT, mtime=0),
    "X-GZIP": gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0),
    "deflate": zlib.compress(TEXT),
    "Deflate ": RAW.compress(TEXT) + RAW.flush(),
    "deflate, gzip": gzip.compress(zlib.compress(TEXT)),
    "gzip, ": gzip.compress(TEXT, mtime=0) + b"trailing",
}


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_decoded(coding, size):
    assert decode(pieces(CODED[coding], size), coding, 1 << 20, len(TEXT)) == TEXT


@pytest.mark.parametrize("coding", [each for each in CODED if each not in ("", "identity", "gzip, ")])
def test_every_cut_is_noticed(coding):
    for end in range(2, len(CODED[coding]), 29):
        if coding == "X-GZIP" and end == len(gzip.compress(TEXT[:100], mtime=0)):
            continue
        with pytest.raises(Skip) as skip:
            decode([CODED[coding][:end]], coding, 1 << 20, 1 << 20)
        assert skip.value.reason == "truncated"


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("br", b"x", "unsupported_coding"),
        ("gzip, gzip, gzip", b"x", "unsupported_coding"),
        ("gzip", gzip.compress(bytes(10_000_000)), "too_large"),
        ("gzip, gzip", gzip.compress(gzip.compress(bytes(100_000_000))), "too_large"),
        ("", bytes(300_000), "too_large"),
        ("gzip", gzip.compress(b"x" * 99, mtime=0)[:-8] + bytes(8), "truncated"),
    ],
)
def test_bad_bodies(coding, body, reason):
    with pytest.raises(Skip) as skip:
        decode(pieces(body, 16384), coding, 200_000, 100_000)
    assert skip.value.reason == reason


def test_limits_are_exact():
    assert len(decode([bytes(100)], "", 100, 100)) == 100
    packed = gzip.compress(bytes(65536 * 3))
    assert len(decode([packed], "gzip", len(packed), 65536 * 3)) == 65536 * 3
    with pytest.raises(Skip):
        decode([packed], "gzip", len(packed), 65536 * 3 - 1)
    with pytest.raises(Skip):
        decode([packed], "gzip", len(packed) - 1, 65536 * 3)


@pytest.mark.parametrize("name", ["bomb-gzip.bin", "bomb-deflate.bin"])
def test_bombs(name):
    if not (BOMBS / name).exists():
        pytest.skip("the bombs are not on this machine")
    coding = name.removeprefix("bomb-").removesuffix(".bin")
    with pytest.raises(Skip) as skip:
        decode(pieces((BOMBS / name).read_bytes(), 16384), coding, 1 << 22, 1 << 20)
    assert skip.value.reason == "too_large"
