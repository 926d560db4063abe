"""What a line of an archive's index says, written and read, in forms old and new, whole and torn."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipelines.records import Capture, Request, Response
from pipelines.web.archive import Archive
from pipelines.web.cdxj import Entry, line_of, parsed, seen

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOME = Request("org_acme", "website", "home", "https://www.acme.example/en?a=1")
FILE = "part-000.warc.gz"
CAPTURE = Capture("cap_1", HOME, HOME.url, 200, "text/html", NOON, "sha256:00", 12, FILE, 300)
ENTRY = Entry("example,acme)/en?a=1", CAPTURE, NOON, 700)
LATER = NOON + timedelta(days=1)


def content(line):
    key, stamp, text = line.decode().split(" ", 2)
    return key, stamp, json.loads(text)


def response(*headers, status=200, at=LATER):
    return Response(HOME.url, status, headers, b"", at)


def test_a_line_reads_as_other_web_archives_do():
    key, stamp, said = content(line_of(ENTRY, 300))
    assert (key, stamp) == ("example,acme)/en?a=1", "20260102120000")
    common = {name: said[name] for name in ("url", "mime", "status", "digest", "length", "offset", "filename")}
    assert common == {
        "url": HOME.url,
        "mime": "text/html",
        "status": "200",
        "digest": "sha256:00",
        "length": "400",
        "offset": "300",
        "filename": FILE,
    }
    assert not set(said) & {"etag", "modified", "max_age", "reservation", "orig.offset"}, "what is not said is not written"


def test_a_revisit_names_its_own_record_and_the_one_with_the_body():
    again = replace(ENTRY, checked_at=LATER, end=1000)
    _, stamp, said = content(line_of(again, 700))
    assert (stamp, said["mime"], said["offset"], said["length"]) == ("20260103120000", "warc/revisit", "700", "300")
    assert (said["orig.offset"], said["orig.mime"]) == ("300", "text/html")
    assert parsed(line_of(again, 700), FILE) == again


ENTRIES = {
    "page": ENTRY,
    "error": replace(ENTRY, capture=replace(CAPTURE, status=404)),
    "said": replace(ENTRY, etag='W/"v\\"1"', modified="Thu, 01 Jan 2026 00:00:00 GMT", max_age=86_400),
    "reserved": replace(ENTRY, capture=replace(CAPTURE, reservation="x-robots-tag: noai\ntdm-reservation: 1", length=0)),
    "odd": replace(
        ENTRY,
        key="example,acme)/Zürich%20\u2028",
        capture=replace(CAPTURE, url='https://acme.example/"\\\u2028é', content_type='text/html; a="\r\n\0"'),
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_written_is_read(name):
    entry = ENTRIES[name]
    line = line_of(entry, entry.capture.offset)
    assert parsed(line, FILE) == entry
    assert line.endswith(b"\n") and len(line.splitlines()) == 1


@pytest.mark.parametrize("start", [300, 700])
def test_every_torn_line_counts_for_nothing(start):
    line = line_of(replace(ENTRIES["said"], end=1000), start)
    assert [end for end in range(len(line)) if parsed(line[:end], FILE)] == []
    assert parsed(line, FILE)


def without(line, name):
    key, stamp, said = content(line)
    return f"{key} {stamp} {json.dumps({each: value for each, value in said.items() if each != name})}\n".encode()


WRONG = {
    "no key": b'{"url": "x"}\n',
    "no JSON": b"example,acme)/ 20260102120000 null\n",
    "list": b"example,acme)/ 20260102120000 []\n",
    "number": b"example,acme)/ 20260102120000 1\n",
    "NUL": bytes(200) + b"\n",
    "no text": b"\xff\xfe \xff {}\n",
    "empty": b"\n",
    **{
        name: without(line_of(ENTRY, 300), name) for name in ("capture_id", "request", "offset", "length", "digest", "checked_at")
    },
    "no moment": line_of(ENTRY, 300).replace(b"+00:00", b"+99:00"),
    "no number": line_of(ENTRY, 300).replace(b'"300"', b'"300x"'),
    "half a request": line_of(ENTRY, 300).replace(b'"org_acme", ', b""),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_line_counts_for_nothing(name):
    assert parsed(WRONG[name], FILE) is None


OLD = (
    'example,acme)/en?a=1 20260103120000 {"url": "https://www.acme.example/en?a=1", "mime": "text/html", "status": "200", '
    '"digest": "sha256:00", "length": "400", "offset": "300", "filename": "part-000.warc.gz", '
    '"capture_id": "cap_1", "bytes": 12, '
    '"fetched_at": "2026-01-02T12:00:00+00:00", "checked_at": "2026-01-03T12:00:00+00:00", '
    '"request": ["org_acme", "website", "home", "https://www.acme.example/en?a=1"]}\n'
)
"""As written before there were revisit records: a page that was the same again has the place of the first."""


def test_lines_of_before_there_were_revisits_are_read():
    assert parsed(OLD.encode(), FILE) == replace(ENTRY, checked_at=LATER)
    assert parsed(OLD.encode(), FILE).conditions == {}


def test_an_archive_of_before_goes_on(tmp_path):
    """Its pages are found, their last check counts, and what comes next is written behind them."""
    archive = Archive(tmp_path, 1)
    html = (("Content-Type", "text/html"),)
    first = archive.store(HOME, Response(HOME.url, 200, html, b"<p>Hello</p>", NOON)).capture
    index = tmp_path / "part-000.cdxj"
    key, _, said = content(index.read_bytes())
    for hours in (0, 5):
        at = NOON + timedelta(hours=hours)
        old = {name: said[name] for name in json.loads(OLD.split(" ", 2)[2])} | {"checked_at": at.isoformat()}
        line = f"{key} {at:%Y%m%d%H%M%S} {json.dumps(old)}\n"
        index.write_text(line if hours == 0 else index.read_text() + line)
    again = Archive(tmp_path, 1)
    assert again.latest(HOME.url, LATER) == Entry(key, first, NOON + timedelta(hours=5), again.latest(HOME.url, NOON).end)
    found = again.store(HOME, Response(HOME.url, 200, html, b"<p>Hello</p>", LATER))
    assert (found.capture, found.unchanged) == (first, True)
    assert Archive(tmp_path, 1).latest(HOME.url, LATER).checked_at == LATER
    assert again.store(HOME, Response(HOME.url, 200, html, b"<p>New</p>", LATER)).capture.offset > first.offset
    assert [again.body(each) for each in Archive(tmp_path, 1).captures()] == [b"<p>Hello</p>", b"<p>New</p>"]


# What is asked next time


def test_what_a_server_says_makes_the_next_request_conditional():
    said = (("ETAG", '"v1"'), ("Last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Cache-Control", "max-age=60"))
    entry = seen(ENTRY, HOME, response(*said), 900)
    assert entry.conditions == {"If-None-Match": '"v1"', "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert (entry.checked_at, entry.end, entry.max_age) == (LATER, 900, 60)
    assert seen(entry, HOME, response(), 900).conditions == {}, "of an answer that says nothing, nothing is kept"


def test_what_a_304_leaves_out_stays_as_it_was():
    entry = replace(ENTRY, etag='"v1"', modified="Thu, 01 Jan 2026 00:00:00 GMT", max_age=60)
    same = seen(entry, HOME, response(status=304), 900)
    assert (same.conditions, same.max_age) == (entry.conditions, 60)
    other = seen(entry, HOME, response(("ETag", '"v2"'), ("Cache-Control", "no-cache"), status=304), 900)
    assert (other.etag, other.modified, other.max_age) == ('"v2"', entry.modified, 0)


def test_an_entry_is_for_whoever_asked_last():
    asked = Request("org_other", "press", "news", "https://acme.example/other")
    entry = seen(ENTRY, asked, response(), 900)
    assert (entry.key, entry.capture.request, entry.capture.url) == ("example,acme)/other", asked, HOME.url)


@pytest.mark.parametrize("validator", ["é", "a\r\nX-Evil: 1", "\0", "\x7f", "x" * 1025, "\u2028"])
def test_a_mark_that_no_request_can_carry_is_not_kept(validator):
    entry = seen(ENTRY, HOME, response(("ETag", validator), ("Last-Modified", validator)), 900)
    assert entry.conditions == {}


AGES = {
    ("max-age=60",): 60,
    ("MAX-AGE = 60",): 60,
    ('max-age="60"',): 60,
    ("public,max-age=60",): 60,
    ("public", "max-age=60"): 60,
    ("max-age=99999999999",): 999_999_999,
    ("s-maxage=60",): 0,
    ("x-max-age=60",): 0,
    ("max-age=-5",): 0,
    ("max-age=nan",): 0,
    ("max-age=",): 0,
    ("max-age=60, no-cache",): 0,
    ("No-Store", "max-age=60"): 0,
    ("max-age=60", "no-store"): 0,
    ('no-cache="Set-Cookie", max-age=60',): 0,
    ("max-age=60, no-cache-please",): 60,
    ("",): 0,
    (): 0,
}


@pytest.mark.parametrize(("said", "seconds"), AGES.items())
def test_for_how_long_nobody_need_ask(said, seconds):
    headers = [("Cache-Control", each) for each in said]
    assert seen(ENTRY, HOME, response(*headers), 900).max_age == seconds


@pytest.mark.parametrize(("age", "left"), [("20", 40), ("60", 0), ("99", 0), ("-5", 60), ("²", 60), ("x", 60), ("9" * 99, 0)])
def test_an_answer_that_is_old_already_is_believed_for_less_long(age, left):
    assert seen(ENTRY, HOME, response(("Cache-Control", "max-age=60"), ("Age", age)), 900).max_age == left


def test_moments_are_written_in_utc():
    there = timezone(timedelta(hours=5))
    entry = replace(ENTRY, checked_at=LATER.astimezone(there), capture=replace(CAPTURE, fetched_at=NOON.astimezone(there)))
    assert line_of(entry, 300) == line_of(replace(ENTRY, checked_at=LATER), 300)
