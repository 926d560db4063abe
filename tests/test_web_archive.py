"""What came back is kept once, found again, and survives being killed."""

import gzip
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.errors import Skip
from pipelines.ids import partition_of
from pipelines.records import Request, Response
from pipelines.web.archive import Archive
from pipelines.web.replay_warc import ReplayWarc
from pipelines.web.urls import url_key

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOME = Request("org_acme", "website", "home", "https://acme.example/")
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Set-Cookie", "id=1"),
    ("X-Name", "Zoë\r\n x"),
)


def response(body=b"<p>Hello</p>", url=HOME.url, at=NOON, **others):
    return Response(url, 200, HEADERS, body, at, **others)


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path, 1)


def test_a_capture_is_found_again(archive, tmp_path):
    capture = archive.store(HOME, response())
    assert (capture.request, capture.url, capture.status, capture.length) == (HOME, HOME.url, 200, 12)
    for each in (archive, Archive(tmp_path, 1)):
        assert each.body(capture) == b"<p>Hello</p>"
        assert each.latest("http://www.acme.example", NOON).capture == capture
        assert list(each.captures()) == [capture]


def test_only_what_was_known_by_then(archive):
    first = archive.store(HOME, response(b"old"))
    second = archive.store(HOME, response(b"new", at=NOON + timedelta(days=1)))
    assert archive.latest(HOME.url, NOON - timedelta(seconds=1)) is None
    assert archive.latest(HOME.url, NOON + timedelta(hours=1)).capture == first
    assert archive.latest(HOME.url, NOON + timedelta(days=9)).capture == second
    assert archive.latest("https://acme.example/other", NOON) is None


def test_unchanged_content_is_not_stored_again(archive, tmp_path):
    first = archive.store(HOME, response())
    size = (tmp_path / "part-000.warc.gz").stat().st_size
    later = NOON + timedelta(days=30)
    asked = replace(HOME, source="structured_data")
    again = archive.store(asked, response(at=later))
    assert again == replace(first, request=asked)
    assert (tmp_path / "part-000.warc.gz").stat().st_size == size
    for each in (archive, Archive(tmp_path, 1)):
        assert each.latest(HOME.url, later).checked_at == later
        assert each.latest(HOME.url, later).capture.fetched_at == NOON


def test_content_that_comes_back_is_stored_as_its_own_capture(archive):
    bodies = [b"one", b"two", b"one"]
    captures = [archive.store(HOME, response(body, at=NOON + timedelta(days=day))) for day, body in enumerate(bodies)]
    assert len({capture.capture_id for capture in captures}) == 3
    assert [archive.body(capture) for capture in captures] == bodies


def test_the_same_run_twice_changes_nothing(archive, tmp_path):
    archive.store(HOME, response())
    before = files(tmp_path)
    Archive(tmp_path, 1).store(HOME, response())
    archive.store(HOME, response())
    assert files(tmp_path) == before


def test_the_same_page_under_two_addresses_is_one_record(archive):
    other = replace(HOME, url="https://acme.example/index.html")
    first, second = archive.store(HOME, response()), archive.store(other, response())
    assert first.offset == second.offset
    assert second.request == other
    assert archive.latest(other.url, NOON).capture.request == other
    assert len(list(archive.captures())) == 1


def test_same_input_same_bytes(tmp_path):
    for name in ("a", "b"):
        archive = Archive(tmp_path / name, 4)
        for number in range(10):
            archive.store(replace(HOME, organization_id=f"org_{number}"), response(b"%d" % number))
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_records_are_standard_warc(archive, tmp_path):
    archive.store(HOME, response(url="https://www.acme.example/en", hops=("https://acme.example/",)))
    content = (tmp_path / "part-000.warc.gz").read_bytes()
    records = [
        (record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(content), check_digests="raise")
    ]
    (info, *_), (kind, warc, http, body) = records
    assert (info, kind, warc.protocol, body) == ("warcinfo", "response", "WARC/1.1", b"<p>Hello</p>")
    assert warc.get_header("WARC-Date") == "2026-01-02T12:00:00Z"
    assert warc.get_header("WARC-Target-URI") == "https://www.acme.example/en"
    assert http.get_header("Content-Length") == "12"
    assert http.get_header("Content-Encoding") is None
    assert http.get_header("Set-Cookie") is None
    assert content.count(b"\x1f\x8b\x08") == 2
    line = (tmp_path / "part-000.cdxj").read_text()
    assert line.startswith("example,acme)/ 20260102120000 {")


def test_an_archive_can_be_replayed(archive, tmp_path):
    archive.store(HOME, response(url="https://www.acme.example/en", hops=("https://acme.example/",)))
    shelf = ReplayWarc([tmp_path / "part-000.warc.gz"], NOON, 1000, 1000)
    for url in ("http://acme.example", "https://acme.example/en/"):
        found = shelf.find(url)
        assert (found.url, found.body, found.fetched_at) == ("https://www.acme.example/en", b"<p>Hello</p>", NOON)


@pytest.mark.parametrize("cut", ["warc", "index", "line", "garbage", "all"])
def test_a_torn_tail_is_cut_off(tmp_path, cut):
    archive = Archive(tmp_path, 1)
    kept = archive.store(HOME, response(b"kept"))
    whole = files(tmp_path)
    lost = replace(HOME, url="https://acme.example/lost")
    archive.store(lost, response(b"lost", lost.url))
    after = files(tmp_path)
    warc, index = tmp_path / "part-000.warc.gz", tmp_path / "part-000.cdxj"
    match cut:
        case "warc":  # the line is there, its record is not: power was lost
            warc.write_bytes(after[warc.name][:-20])
        case "index":  # killed between record and line
            index.write_bytes(whole[index.name])
        case "line":
            index.write_bytes(after[index.name][:-1])
        case "garbage":
            index.write_bytes(whole[index.name] + b'\x00\xff{"broken\n' * 99)
            warc.write_bytes(whole[warc.name] + b"\x1f\x8b\x08 half a record" * 99)
        case "all":
            index.unlink()
    again = Archive(tmp_path, 1)
    assert again.latest(lost.url, NOON) is None
    if cut == "all":
        assert again.latest(HOME.url, NOON) is None
        again.store(HOME, response(b"kept"))
    assert again.body(again.latest(HOME.url, NOON).capture) == b"kept"
    assert again.body(again.store(lost, response(b"lost", lost.url))) == b"lost"
    assert files(tmp_path) == after
    assert kept == again.latest(HOME.url, NOON).capture


def test_reading_repairs_nothing(archive, tmp_path):
    """Another process may be writing: only a writer cuts tails off."""
    archive.store(HOME, response())
    with (tmp_path / "part-000.warc.gz").open("ab") as file:
        file.write(b"half a rec")
    before = files(tmp_path)
    reader = Archive(tmp_path, 1)
    assert reader.body(reader.latest(HOME.url, NOON).capture)
    assert files(tmp_path) == before


def test_a_failed_write_leaves_no_trace(archive, tmp_path, monkeypatch):
    archive.store(HOME, response(b"kept"))
    other = replace(HOME, url="https://acme.example/other")
    monkeypatch.setattr("pipelines.web.archive._line", lambda _: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space"):
        archive.store(other, response(b"other", other.url))
    monkeypatch.undo()
    assert archive.body(archive.store(other, response(b"more", other.url))) == b"more"
    content = (tmp_path / "part-000.warc.gz").read_bytes()
    assert gzip.decompress(content).count(b"WARC/1.1\r\n") == 3


def test_a_damaged_record_is_said_to_be(archive, tmp_path):
    capture = archive.store(HOME, response(b"x" * 500))
    warc = tmp_path / "part-000.warc.gz"
    content = bytearray(warc.read_bytes())
    content[-30] ^= 255
    warc.write_bytes(content)
    with pytest.raises(Skip) as skip:
        archive.body(capture)
    assert skip.value.reason == "broken_record"


def test_a_file_that_is_gone_is_said_to_be(archive, tmp_path):
    capture = archive.store(HOME, response())
    (tmp_path / "part-000.warc.gz").unlink()
    with pytest.raises(Skip, match="no longer"):
        archive.body(capture)


def test_another_record_in_its_place_is_noticed(archive):
    capture = archive.store(HOME, response(b"one"))
    other = archive.store(replace(HOME, url="https://acme.example/2"), response(b"two", "https://acme.example/2"))
    with pytest.raises(Skip) as skip:
        archive.body(replace(capture, offset=other.offset))
    assert skip.value.reason == "broken_record"


def test_threads_share_partitions(tmp_path):
    archive = Archive(tmp_path, 3)
    requests = [Request(f"org_{number % 7}", "website", "page", f"https://acme.example/{number}") for number in range(120)]
    with ThreadPoolExecutor(8) as pool:
        captures = list(pool.map(lambda request: archive.store(request, response(request.url.encode(), request.url)), requests))
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
        writer.store(request, response(request.url.encode(), request.url))
        for request, writer in zip(requests, [one, two] * 4, strict=True)
    ]
    again = Archive(tmp_path, 1)
    assert [again.body(capture) for capture in captures] == [request.url.encode() for request in requests]
    assert len(list(again.captures())) == 8
    assert two.store(requests[0], response(requests[0].url.encode(), requests[0].url)) == captures[0], "stored twice"


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


def test_what_headers_reserve_is_kept_and_a_change_of_it_is_a_new_capture(archive, tmp_path):
    free = archive.store(HOME, response())
    later = NOON + timedelta(days=1)
    reserving = replace(response(at=later), headers=(*HEADERS, ("X-Robots-Tag", "noai"), ("TDM-Reservation", "1")))
    kept = archive.store(HOME, reserving)
    assert kept.capture_id != free.capture_id
    assert Archive(tmp_path, 1).latest(HOME.url, later).capture.reservation == "x-robots-tag: noai\ntdm-reservation: 1"
    assert free.reservation == "" and archive.body(kept) == archive.body(free)
