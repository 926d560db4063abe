"""What came back is kept once, found again, and survives being killed."""

import gzip
import signal
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipelines.errors import Skip
from pipelines.ids import digest_bytes, partition_of
from pipelines.records import Request, Response
from pipelines.web.archive import Archive
from pipelines.web.replay_warc import ReplayWarc
from pipelines.web.urls import url_key
from pipelines.web.warc import HOPS

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOME = Request("org_acme", "website", "home", "https://acme.example/")
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Set-Cookie", "id=1"),
    ("X-Name", "Zoë\r\n x"),
)


DAY = timedelta(days=1)


def response(body=b"<p>Hello</p>", url=HOME.url, at=NOON, **others):
    return Response(url, 200, HEADERS, body, at, **others)


def coded(wire, body, at=NOON, codings="gzip"):
    """Return a response whose body came coded."""
    return Response(HOME.url, 200, (HEADERS[0], ("Content-Encoding", codings)), body, at, wire=wire)


def unchanged(at, *headers):
    """Return what a server says that was asked whether its page had changed."""
    return Response(HOME.url, 304, headers, b"", at)


def store(archive, request, response, reservation=""):
    return archive.store(request, response, reservation).capture


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def records(folder):
    """Return every record as warcio reads it: type, its headers, those of HTTP, body; the digests hold."""
    path = folder / "part-000.warc.gz"
    assert Checker(type("Arguments", (), {"inputs": [str(path)], "verbose": False})).process_all() == 0
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def lines(folder):
    return (folder / "part-000.cdxj").read_text().splitlines()


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path, 1)


def test_a_capture_is_found_again(archive, tmp_path):
    capture = store(archive, HOME, response())
    assert (capture.request, capture.url, capture.status, capture.length) == (HOME, HOME.url, 200, 12)
    for each in (archive, Archive(tmp_path, 1)):
        assert each.body(capture) == b"<p>Hello</p>"
        assert each.latest("http://www.acme.example", NOON).capture == capture
        assert list(each.captures()) == [capture]


def test_only_what_was_known_by_then(archive):
    first = store(archive, HOME, response(b"old"))
    second = store(archive, HOME, response(b"new", at=NOON + timedelta(days=1)))
    assert archive.latest(HOME.url, NOON - timedelta(seconds=1)) is None
    assert archive.latest(HOME.url, NOON + timedelta(hours=1)).capture == first
    assert archive.latest(HOME.url, NOON + timedelta(days=9)).capture == second
    assert archive.latest("https://acme.example/other", NOON) is None


def test_unchanged_content_is_not_stored_again(archive, tmp_path):
    """A revisit record says when it was seen to be the same."""
    first = archive.store(HOME, response(b"<p>Hello</p>" * 5000))
    later = NOON + timedelta(days=30)
    asked = replace(HOME, source="structured_data")
    again = archive.store(asked, response(b"<p>Hello</p>" * 5000, at=later))
    assert (first.unchanged, again.unchanged, again.checked_at) == (False, True, later)
    assert again.capture == replace(first.capture, request=asked)
    (*_, page), (kind, warc, http, body) = records(tmp_path)[1:]
    assert (kind, body, len(page)) == ("revisit", b"", 60_000)
    assert warc.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert warc.get_header("WARC-Refers-To") == records(tmp_path)[1][1].get_header("WARC-Record-ID")
    assert warc.get_header("WARC-Refers-To-Target-URI") == HOME.url
    assert warc.get_header("WARC-Refers-To-Date") == "2026-01-02T12:00:00Z"
    assert warc.get_header("WARC-Payload-Digest") == digest_bytes(page)
    assert (warc.get_header("WARC-Date"), http.get_statuscode()) == ("2026-02-01T12:00:00Z", "200")
    assert http.get_header("Content-Length") is None
    for each in (archive, Archive(tmp_path, 1)):
        assert each.latest(HOME.url, later).checked_at == later
        assert each.latest(HOME.url, later).capture.fetched_at == NOON
        assert each.latest(HOME.url, NOON).checked_at == NOON
        assert each.body(again.capture) == page
        assert list(each.captures()) == [first.capture]


def test_what_was_said_not_to_have_changed_is_kept_as_that(archive, tmp_path):
    tagged = replace(response(), headers=(*HEADERS, ("ETag", '"v1"')))
    first = store(archive, HOME, tagged)
    asked = replace(HOME, organization_id="org_other")
    for day in (1, 2):
        for each in (archive, Archive(tmp_path, 1)):
            found = each.confirm(each.latest(HOME.url, NOON + 9 * DAY), asked, unchanged(NOON + day * DAY, ("Server", "x")))
            assert (found.capture, found.body) == (replace(first, request=asked), b"<p>Hello</p>")
            assert (found.checked_at, found.unchanged) == (NOON + day * DAY, True)
    entry = Archive(tmp_path, 1).latest(HOME.url, NOON + 9 * DAY)
    assert (entry.checked_at, entry.etag) == (NOON + 2 * DAY, '"v1"')
    kind, warc, http, body = records(tmp_path)[-1]
    assert (kind, http.get_statuscode(), http.get_header("Server"), body) == ("revisit", "304", "x", b"")
    assert warc.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert warc.get_header("WARC-Payload-Digest") is None, "it had no payload"
    assert warc.get_header("WARC-Refers-To-Date") == "2026-01-02T12:00:00Z"


def test_a_page_of_one_partition_is_confirmed_for_another(tmp_path):
    """As often as others ask: its records stay in the file that has the body."""
    archive = Archive(tmp_path, 8)
    first = store(archive, HOME, response())
    for day in range(1, 9):
        asked = replace(HOME, organization_id=f"org_{day}")
        for each in (archive, Archive(tmp_path, 8)):
            at = NOON + day * DAY
            found = each.confirm(each.latest(HOME.url, at), asked, unchanged(at))
            assert (found.body, found.capture) == (b"<p>Hello</p>", replace(first, request=asked))
            assert Archive(tmp_path, 8).latest(HOME.url, at).capture == found.capture
    assert {path.stem for path in tmp_path.glob("*.cdxj")} == {first.file.removesuffix(".warc.gz")}


def test_answers_that_are_no_pages_are_kept_and_not_found(archive, tmp_path):
    error = Response(HOME.url, 404, HEADERS, b"", NOON, wire=gzip.compress(b"Not here", mtime=0))
    moved = Response(HOME.url, 301, (("Location", "/en"),), b"", NOON)
    for each in (error, moved):
        archive.note(HOME, each)
    for each in (archive, Archive(tmp_path, 1)):
        assert each.latest(HOME.url, NOON) is None
        assert list(each.captures()) == []
    (_, _, http, body), (_, _, other, nothing) = records(tmp_path)[1:]
    assert (http.get_statuscode(), http.get_header("Content-Encoding"), body) == ("404", "gzip", b"Not here")
    assert (other.get_statuscode(), other.get_header("Location"), nothing) == ("301", "/en", b"")
    kept = store(archive, HOME, response())
    assert Archive(tmp_path, 1).body(kept) == b"<p>Hello</p>"
    assert len(lines(tmp_path)) == 3


# As it came


def gzipped(body, name):
    """Return the body in gzip whose head is longer than it, which says how the file was named."""
    packed = gzip.compress(body, mtime=0)
    return packed[:3] + b"\x08" + packed[4:10] + name + b"\0" + packed[10:]


HELLO = b"<p>Hello</p>"
CODINGS = {
    "gzip": (gzip.compress(HELLO, mtime=0), "gzip"),
    "zlib": (zlib.compress(HELLO), "deflate"),
    "twice": (gzip.compress(gzip.compress(HELLO, mtime=0), mtime=0), "gzip, gzip"),
    "long head": (gzipped(HELLO, b"n" * 100_000), "gzip"),
    "long head inside": (gzip.compress(gzipped(HELLO, bytes(range(1, 256)) * 400), mtime=0), "gzip, gzip"),
    "not at all": (HELLO, "gzip"),
}


@pytest.mark.parametrize("name", CODINGS)
def test_a_coded_body_is_kept_as_it_came_and_read_as_it_is_meant(archive, tmp_path, name):
    wire, codings = CODINGS[name]
    capture = store(archive, HOME, coded(wire, HELLO, codings=codings))
    assert (capture.digest, capture.length) == (digest_bytes(HELLO), len(HELLO))
    _, warc, http, _ = records(tmp_path)[1]
    assert warc.get_header("WARC-Payload-Digest") == digest_bytes(wire)
    assert (http.get_header("Content-Encoding"), http.get_header("Content-Length")) == (codings, str(len(wire)))
    assert b"\r\n\r\n" + wire + b"\r\n\r\n" in gzip.decompress((tmp_path / "part-000.warc.gz").read_bytes())
    for each in (archive, Archive(tmp_path, 1)):
        assert each.body(capture) == HELLO
    assert ReplayWarc([tmp_path / "part-000.warc.gz"], NOON, 1 << 20, 1 << 20).find(HOME.url).body == HELLO


def test_the_same_body_coded_otherwise_has_not_changed(archive, tmp_path):
    """A server may say another time, or another level, in its gzip."""
    first, second = (gzip.compress(HELLO, mtime=number) for number in (1, 2))
    capture = store(archive, HOME, coded(first, HELLO))
    for number, again in enumerate((coded(second, HELLO, NOON + DAY), response(HELLO, at=NOON + 2 * DAY)), 1):
        found = archive.store(HOME, again)
        assert (found.capture, found.unchanged) == (capture, True)
        assert Archive(tmp_path, 1).body(Archive(tmp_path, 1).latest(HOME.url, NOON + number * DAY).capture) == HELLO
    kinds = [(kind, warc.get_header("WARC-Payload-Digest")) for kind, warc, _, _ in records(tmp_path)[1:]]
    assert kinds == [("response", digest_bytes(first)), ("revisit", digest_bytes(second)), ("revisit", digest_bytes(HELLO))]


HOSTILE = (
    ("X-Break", "a\r\nSet-Cookie: id=1\r\n\r\nWARC/1.1\r\n"),
    ("X-Nul\0\r\nX-Evil", "a\0b"),
    ("X: Y", ": z"),
    ("", "nameless"),
    ("X-Wide", "Zürich \u2014 \U0001f3af"),
    ("X-UTF-8", "voil\xc3\xa0"),
    ("Content-Length", "99999"),
    ("Transfer-Encoding", "chunked"),
)


def test_headers_cannot_break_a_record(archive, tmp_path):
    evil = Response(HOME.url, 299, HOSTILE, b"body", NOON, hops=("https://acme.example/a\r\nX-Evil:\tb",))
    capture = store(archive, HOME, evil)
    after = store(archive, replace(HOME, url="https://acme.example/2"), response(url="https://acme.example/2"))
    assert [archive.body(each) for each in (capture, after)] == [b"body", b"<p>Hello</p>"]
    (kind, warc, http, body), (_, _, _, second) = records(tmp_path)[1:]
    assert (kind, body, second) == ("response", b"body", b"<p>Hello</p>")
    assert http.get_header("Content-Length") == "4"
    assert http.get_header("Transfer-Encoding") is None and http.get_header("Set-Cookie") is None
    assert http.get_header("X-Evil") is None and warc.get_header("X-Evil") is None
    assert warc.get_header(HOPS).split()[0] == "https://acme.example/a"


def test_a_header_is_kept_to_the_byte(archive, tmp_path):
    """Bytes as they came, which need be no text: `voilà` in UTF-8 ends in a byte that is a space elsewhere."""
    archive.note(HOME, Response(HOME.url, 301, (("Location", "/voil\xc3\xa0"), ("X-Two", "a  b")), b"", NOON))
    content = gzip.decompress((tmp_path / "part-000.warc.gz").read_bytes())
    assert b"Location: /voil\xc3\xa0\r\nX-Two: a  b\r\n" in content


def test_a_reserved_page_is_kept_without_its_body(archive, tmp_path):
    wire = gzip.compress(b"<p>Secret</p>", mtime=0)
    capture = store(archive, HOME, coded(wire, b"<p>Secret</p>"), "x-robots-tag: noai\ntdm-reservation: 1")
    assert (capture.length, capture.digest) == (0, digest_bytes(b""))
    for each in (archive, Archive(tmp_path, 1)):
        assert each.latest(HOME.url, NOON).capture.reservation == "x-robots-tag: noai\ntdm-reservation: 1"
        assert each.body(capture) == b""
    _, _, http, body = records(tmp_path)[1]
    assert (http.get_header("Content-Type"), http.get_header("Content-Encoding"), body) == ("text/html; charset=utf-8", None, b"")
    assert wire not in gzip.decompress((tmp_path / "part-000.warc.gz").read_bytes())


# Found again


def test_content_that_comes_back_is_stored_as_its_own_capture(archive):
    bodies = [b"one", b"two", b"one"]
    captures = [store(archive, HOME, response(body, at=NOON + timedelta(days=day))) for day, body in enumerate(bodies)]
    assert len({capture.capture_id for capture in captures}) == 3
    assert [archive.body(capture) for capture in captures] == bodies


def test_the_same_run_twice_changes_nothing(archive, tmp_path):
    store(archive, HOME, response())
    before = files(tmp_path)
    store(Archive(tmp_path, 1), HOME, response())
    store(archive, HOME, response())
    assert files(tmp_path) == before


def test_the_same_page_under_two_addresses_is_one_record(archive, tmp_path):
    other = replace(HOME, url="https://acme.example/index.html")
    first, second = store(archive, HOME, response()), store(archive, other, response())
    assert len(records(tmp_path)) == 2
    assert first.offset == second.offset
    assert second.request == other
    assert archive.latest(other.url, NOON).capture.request == other
    assert len(list(archive.captures())) == 1


def test_same_input_same_bytes(tmp_path):
    for name in ("a", "b"):
        archive = Archive(tmp_path / name, 4)
        for number in range(10):
            store(archive, replace(HOME, organization_id=f"org_{number}"), response(b"%d" % number))
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_records_are_standard_warc(archive, tmp_path):
    store(archive, HOME, response(url="https://www.acme.example/en", hops=("https://acme.example/",)))
    content = (tmp_path / "part-000.warc.gz").read_bytes()
    (info, *_), (kind, warc, http, body) = records(tmp_path)
    assert (info, kind, warc.protocol, body) == ("warcinfo", "response", "WARC/1.1", b"<p>Hello</p>")
    assert warc.get_header("WARC-Date") == "2026-01-02T12:00:00Z"
    assert warc.get_header("WARC-Target-URI") == "https://www.acme.example/en"
    assert http.get_header("Content-Length") == "12"
    assert http.get_header("Content-Encoding") is None
    assert http.get_header("Set-Cookie") is None
    assert content.count(b"\x1f\x8b\x08") == 2
    line = (tmp_path / "part-000.cdxj").read_text()
    assert line.startswith("example,acme)/ 20260102120000 {")
    assert warc.get_header(HOPS) == "https://acme.example/"


def test_an_archive_can_be_replayed(archive, tmp_path):
    store(archive, HOME, response(url="https://www.acme.example/en", hops=("https://acme.example/",)))
    shelf = ReplayWarc([tmp_path / "part-000.warc.gz"], NOON, 1000, 1000)
    for url in ("http://acme.example", "https://acme.example/en/"):
        found = shelf.find(url)
        assert (found.url, found.body, found.fetched_at) == ("https://www.acme.example/en", b"<p>Hello</p>", NOON)


LOST = replace(HOME, url="https://acme.example/lost")
LASTS = {
    "page": lambda archive: archive.store(LOST, response(b"lost", LOST.url)),
    "same": lambda archive: archive.store(HOME, response(b"kept", at=NOON + DAY)),
    "304": lambda archive: archive.confirm(archive.latest(HOME.url, NOON), HOME, unchanged(NOON + DAY)),
    "404": lambda archive: archive.note(LOST, Response(LOST.url, 404, (), b"", NOON)),
    "other address": lambda archive: archive.store(LOST, response(b"kept")),
}


@pytest.mark.parametrize("cut", ["warc", "index", "line", "half", "garbage"])
@pytest.mark.parametrize("last", LASTS)
def test_a_torn_tail_is_cut_off(tmp_path, cut, last):
    archive = Archive(tmp_path, 1)
    kept = store(archive, HOME, response(b"kept"))
    whole = files(tmp_path)
    LASTS[last](archive)
    after = files(tmp_path)
    warc, index = tmp_path / "part-000.warc.gz", tmp_path / "part-000.cdxj"
    match cut:
        case "warc":  # the line is there, its record is not: power was lost
            warc.write_bytes(after[warc.name][: max(len(whole[warc.name]), len(after[warc.name]) - 20)])
        case "index":  # killed between record and line
            index.write_bytes(whole[index.name])
        case "line":
            index.write_bytes(after[index.name][:-1])
        case "half":
            index.write_bytes(after[index.name][: len(whole[index.name]) + 70])
        case "garbage":
            index.write_bytes(whole[index.name] + b'\x00\xff{"broken\n' * 99)
            if last != "other address":  # that writes no record, and so cuts none off
                warc.write_bytes(whole[warc.name] + b"\x1f\x8b\x08 half a record" * 99)
    again = Archive(tmp_path, 1)
    if cut != "warc" or last != "other address":  # that line needs no record but the one that is whole
        assert again.latest(LOST.url, NOON + DAY) is None
        assert again.latest(HOME.url, NOON + DAY).checked_at == NOON
    assert again.body(again.latest(HOME.url, NOON).capture) == b"kept"
    LASTS[last](again)
    assert files(tmp_path) == after
    assert kept == again.latest(HOME.url, NOON).capture
    records(tmp_path)


def test_an_archive_without_its_index_begins_anew(tmp_path):
    store(Archive(tmp_path, 1), HOME, response(b"kept"))
    after = files(tmp_path)
    (tmp_path / "part-000.cdxj").unlink()
    again = Archive(tmp_path, 1)
    assert again.latest(HOME.url, NOON) is None
    store(again, HOME, response(b"kept"))
    assert files(tmp_path) == after


@pytest.mark.parametrize("damage", [b"\0" * 40, b'"}', b"\xff"])
def test_a_damaged_line_in_the_middle_costs_one_answer(archive, tmp_path, damage):
    urls = [f"https://acme.example/{number}" for number in range(3)]
    for url in urls:
        store(archive, replace(HOME, url=url), response(url.encode(), url))
    index = tmp_path / "part-000.cdxj"
    one, two, three = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(one + two[:60] + damage + two[60 + len(damage) :] + three)
    again = Archive(tmp_path, 1)
    assert [again.latest(url, NOON) is not None for url in urls] == [True, False, True]
    new = store(again, replace(HOME, url="https://acme.example/new"), response(b"new"))
    assert [again.body(each) for each in again.captures()] == [urls[0].encode(), urls[2].encode(), b"new"]
    assert Archive(tmp_path, 1).body(new) == b"new"


def test_reading_repairs_nothing(archive, tmp_path):
    """Another process may be writing: only a writer cuts tails off."""
    store(archive, HOME, response())
    with (tmp_path / "part-000.warc.gz").open("ab") as file:
        file.write(b"half a rec")
    before = files(tmp_path)
    reader = Archive(tmp_path, 1)
    assert reader.body(reader.latest(HOME.url, NOON).capture)
    assert files(tmp_path) == before


def test_a_failed_write_leaves_no_trace(archive, tmp_path, monkeypatch):
    store(archive, HOME, response(b"kept"))
    other = replace(HOME, url="https://acme.example/other")
    monkeypatch.setattr("pipelines.web.archive.line_of", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space"):
        store(archive, other, response(b"other", other.url))
    monkeypatch.undo()
    assert archive.body(store(archive, other, response(b"more", other.url))) == b"more"
    content = (tmp_path / "part-000.warc.gz").read_bytes()
    assert gzip.decompress(content).count(b"WARC/1.1\r\n") == 3


def test_a_damaged_record_is_said_to_be(archive, tmp_path):
    capture = store(archive, HOME, response(b"x" * 500))
    warc = tmp_path / "part-000.warc.gz"
    content = bytearray(warc.read_bytes())
    content[-30] ^= 255
    warc.write_bytes(content)
    with pytest.raises(Skip) as skip:
        archive.body(capture)
    assert skip.value.reason == "broken_record"


def test_a_file_that_is_gone_is_said_to_be(archive, tmp_path):
    capture = store(archive, HOME, response())
    (tmp_path / "part-000.warc.gz").unlink()
    with pytest.raises(Skip, match="no longer"):
        archive.body(capture)


def test_another_record_in_its_place_is_noticed(archive):
    capture = store(archive, HOME, response(b"one"))
    other = store(archive, replace(HOME, url="https://acme.example/2"), response(b"two", "https://acme.example/2"))
    with pytest.raises(Skip) as skip:
        archive.body(replace(capture, offset=other.offset))
    assert skip.value.reason == "broken_record"


def test_threads_share_partitions(tmp_path):
    archive = Archive(tmp_path, 3)
    requests = [Request(f"org_{number % 7}", "website", "page", f"https://acme.example/{number}") for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        captures = list(pool.map(lambda request: store(archive, request, response(request.url.encode(), request.url)), requests))
    again = Archive(tmp_path, 3)
    assert [again.body(capture) for capture in captures] == [request.url.encode() for request in requests]
    assert len(list(again.captures())) == 120


def test_partition():
    numbers = {partition_of(f"org_{number}", 5) for number in range(100)}
    assert numbers == set(range(5))
    assert partition_of("org_acme", 1) == 0


@pytest.mark.parametrize(
    "url",
    "https://acme.example http://acme.example/ HTTPS://WWW.ACME.EXAMPLE:443/#top http://acme.example:80".split(),
)
def test_one_key(url):
    assert url_key(url) == "example,acme)/"


def test_other_keys():
    urls = "https://acme.example/A https://acme.example/a https://acme.example/a?b https://acme.example:8443/a https://b.acme.example/a"
    assert len({url_key(url) for url in urls.split()}) == 5
    assert url_key("http://[broken/a b") == "http://[broken/a%20b"


def test_two_archives_share_a_folder(tmp_path):
    """Neither knows what the other wrote, and neither cuts it off."""
    one, two = Archive(tmp_path, 1), Archive(tmp_path, 1)
    requests = [replace(HOME, url=f"https://acme.example/{number}") for number in range(8)]
    captures = [
        store(writer, request, response(request.url.encode(), request.url))
        for request, writer in zip(requests, [one, two] * 4, strict=True)
    ]
    again = Archive(tmp_path, 1)
    assert [again.body(capture) for capture in captures] == [request.url.encode() for request in requests]
    assert len(list(again.captures())) == 8
    assert store(two, requests[0], response(requests[0].url.encode(), requests[0].url)) == captures[0], "stored twice"


def test_processes_share_a_folder(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_web_archive as t; from pathlib import Path;"
        "archive = t.Archive(Path(sys.argv[2]), 2);"
        "[archive.store(t.Request(f'org_{n % 5}', 'website', 'page', u), t.response(u.encode() * 50, u))"
        " for n in range(60) for u in [f'https://acme.example/{sys.argv[3]}/{n}']]"
    )
    here = str(Path(__file__).parent)
    writers = [
        subprocess.Popen([sys.executable, "-c", code, here, tmp_path, name], cwd=Path(here).parent) for name in ("a", "b", "c")
    ]
    assert [each.wait() for each in writers] == [0, 0, 0]
    again = Archive(tmp_path, 2)
    captures = list(again.captures())
    assert len(captures) == 180
    assert all(again.body(each) == each.url.encode() * 50 for each in captures)


def test_processes_confirm_the_same_pages_side_by_side(tmp_path):
    """Old pages are seen to be the same by two processes, both of which know them from before."""
    first = Archive(tmp_path, 2)
    urls = [f"https://acme.example/{number}" for number in range(20)]
    for url in urls:
        store(first, replace(HOME, url=url), response(url.encode() * 50, url))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_web_archive as t; from pathlib import Path;"
        "archive = t.Archive(Path(sys.argv[2]), 2); late = t.NOON + 9 * t.DAY;"
        "[archive.confirm(archive.latest(u, late), t.replace(t.HOME, url=u), t.unchanged(t.NOON + (1 + n) * t.DAY))"
        " for n in range(3) for u in [f'https://acme.example/{i}' for i in range(20)]]"
    )
    here = str(Path(__file__).parent)
    writers = [subprocess.Popen([sys.executable, "-c", code, here, tmp_path], cwd=Path(here).parent) for _ in range(2)]
    assert [each.wait() for each in writers] == [0, 0]
    again = Archive(tmp_path, 2)
    for url in urls:
        entry = again.latest(url, NOON + 9 * DAY)
        assert (entry.checked_at, again.body(entry.capture)) == (NOON + 3 * DAY, url.encode() * 50)
    assert len(list(again.captures())) == 20


def test_killed_at_any_moment_it_keeps_what_it_had_said(tmp_path):
    """What a process said it had stored is there after `kill -9`, whole, and the next one goes on behind it."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_web_archive as t; from pathlib import Path;"
        "archive = t.Archive(Path(sys.argv[2]), 1);"
        "[(archive.store(t.replace(t.HOME, url=u), t.response(u.encode() * 900, u)), print(u, flush=True))"
        " for n in range(100000) for u in [f'https://acme.example/{sys.argv[3]}/{n}']]"
    )
    here, said = str(Path(__file__).parent), []
    for kill in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", code, here, tmp_path, str(kill)], cwd=Path(here).parent, stdout=subprocess.PIPE, text=True
        ) as writer:
            said += [writer.stdout.readline().strip() for _ in range(1 + 7 * kill)]
            writer.send_signal(signal.SIGKILL)
            said += [line.strip() for line in writer.stdout if line.endswith("\n")]
        again = Archive(tmp_path, 1)
        for url in said:
            assert again.body(again.latest(url, NOON).capture) == url.encode() * 900
    store(again, HOME, response())
    assert len(said) > 20
    assert len(records(tmp_path)) - 2 >= len(said)


def test_a_change_of_what_is_reserved_is_a_new_capture(archive, tmp_path):
    free = store(archive, HOME, response())
    later = NOON + DAY
    kept = store(archive, HOME, response(at=later), "x-robots-tag: noai")
    assert kept.capture_id != free.capture_id
    assert Archive(tmp_path, 1).latest(HOME.url, later).capture.reservation == "x-robots-tag: noai"
    assert free.reservation == "" and (archive.body(free), archive.body(kept)) == (b"<p>Hello</p>", b"")
    other = store(archive, HOME, response(at=later + DAY), "tdm-reservation: 1")
    assert (other.capture_id != kept.capture_id, other.reservation) == (True, "tdm-reservation: 1")
    again = archive.store(HOME, response(b"changed", at=later + 2 * DAY), "tdm-reservation: 1")
    assert (again.capture, again.unchanged) == (other, True), "of a body that is not kept nobody knows whether it changed"
    assert store(archive, HOME, response(at=later + 3 * DAY)).reservation == ""
