"""What is posted, and what is asked of only a part: sent as meant, once, never elsewhere, kept apart from all other answers."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loopback import NOW, Asked, Reset, Server, ends, given, live, moved, reply, serving

from pipelines.errors import Skip
from pipelines.ids import address
from pipelines.records import Captured, Miss, Request
from pipelines.settings import Settings
from pipelines.web.archive import Archive
from pipelines.web.asking import MOST_POSTED, check_asking, headers_for
from pipelines.web.guard import check_url
from pipelines.web.pace import Clock
from pipelines.web.part import page_in
from pipelines.web.warc import scan
from pipelines.web.web import open_web

API, FILES, PAGE_URL = "api.example", "files.example", "https://anvil.example/about"
POST = Request("org_anvil", "awards", "awards", f"http://{API}/search/", json.dumps({"name": "Anvil"}))
AWARDS = reply('{"results": []}', ("Content-Type", "application/json"))
Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that run as long as the test."""
    with ExitStack() as running:
        yield lambda routes, **more: running.enter_context(serving(Server(routes, **more)))


def asked(
    folder: Path, settings: Settings, *requests: Request, fresh: timedelta = timedelta(0), clock: Clock | None = None
) -> list[Captured | Miss]:
    """Return the answers of one live run, asked one after the other."""

    async def run() -> list[Captured | Miss]:
        web = live(folder, settings, clock)
        try:
            return [await web.answer(each, fresh) for each in requests]
        finally:
            await web.aclose()

    return asyncio.run(run())


def replayed(source: Path, into: Path, *requests: Request) -> list[Captured | Miss]:
    """Return the answers that an archive gives."""

    async def run() -> list[Captured | Miss]:
        web = open_web([source], into, Settings(), datetime(2030, 1, 1, tzinfo=UTC))
        return [await web.answer(each) for each in requests]

    return asyncio.run(run())


# Posting


def test_json_is_posted_as_it_is(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/search/": AWARDS})
    (found,) = asked(tmp_path, given({API: server}), POST)
    (seen,) = server.pages
    assert isinstance(found, Captured)
    assert (seen.line, seen.body) == ("POST /search/ HTTP/1.1", b'{"name": "Anvil"}')
    assert (seen.headers["content-type"], seen.headers["content-length"]) == ("application/json", "17")
    assert not {"range", "if-none-match"} & set(seen.headers)
    assert (found.capture.url, found.capture.request) == (POST.url, POST)


def test_what_was_asked_with_other_words_or_with_none_is_another_answer(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/search/": lambda asked: reply(asked.body or b"got", ("Content-Type", "text/plain"))})
    other, plain = replace(POST, body='{"name": "Brass"}'), replace(POST, body="")
    found = asked(tmp_path, given({API: server}), POST, other, plain, POST, other, plain)
    assert [each.body for each in found if isinstance(each, Captured)] == [b'{"name": "Anvil"}', b'{"name": "Brass"}', b"got"] * 2
    assert len(server.pages) == 3, "in one run nothing is asked twice"
    assert len({each.capture.capture_id for each in found if isinstance(each, Captured)}) == 3
    again = replayed(tmp_path, tmp_path / "again", POST, other, plain, replace(POST, body='{"name": "Copper"}'))
    assert [each.body if isinstance(each, Captured) else each.reason for each in again] == [
        *(b'{"name": "Anvil"}', b'{"name": "Brass"}', b"got"),
        "not_in_archive",
    ]


def test_an_answer_to_a_post_is_known_in_the_next_run(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/search/": AWARDS})
    for _ in range(2):
        (found,) = asked(tmp_path, given({API: server}), POST, fresh=timedelta(days=3))
        assert isinstance(found, Captured)
    assert len(server.pages) == 1
    (kept,) = (each for each in Archive(tmp_path, 16).captures() if each.request.body)
    assert kept.request == POST


def test_a_post_that_is_asked_again_is_no_conditional_one(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/search/": reply("{}", ("Content-Type", "application/json"), ("ETag", '"1"'))})
    for day in (1, 2):
        asked(tmp_path, given({API: server}), POST, clock=Clock(now=lambda day=day: NOW + timedelta(days=day)))
    assert [each.headers.get("if-none-match") for each in server.pages] == [None, None]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_with_what_was_posted(serve: Serve, tmp_path: Path, status: int) -> None:
    server = serve({"/search/": moved("/elsewhere", status), "/elsewhere": AWARDS})
    assert ends(asked(tmp_path, given({API: server}), POST)) == [f"http_{status}"]
    assert [each.path for each in server.pages] == ["/search/"]


def break_off(_: Asked) -> bytes:
    raise Reset


@pytest.mark.parametrize(("said", "end"), [(reply("busy", status=503), "http_503"), (break_off, "connection|truncated")])
def test_a_post_is_never_repeated(serve: Serve, tmp_path: Path, said: Any, end: str) -> None:
    server = serve({"/search/": said})
    (found,) = ends(asked(tmp_path, given({API: server}, attempts=5), POST))
    assert found in end.split("|")
    assert len(server.pages) == 1


@pytest.mark.parametrize("body", ["x" * (MOST_POSTED + 1), '{"name": "Ö"}'])
def test_what_is_no_short_plain_json_is_not_posted(serve: Serve, tmp_path: Path, body: str) -> None:
    server = serve({"/search/": AWARDS})
    assert ends(asked(tmp_path, given({API: server}), replace(POST, body=body))) == ["refused_url"]
    assert server.pages == []


def test_what_is_posted_reaches_no_header(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/search/": AWARDS})
    body = "{}\r\nX-Evil: 1\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n"
    asked(tmp_path, given({API: server}), replace(POST, body=body))
    (seen,) = server.pages
    assert seen.body == body.encode()
    assert "x-evil" not in seen.headers


def test_robots_txt_holds_for_posts(serve: Serve, tmp_path: Path) -> None:
    rules = reply("User-agent: *\nDisallow: /search", ("Content-Type", "text/plain"))
    server = serve({"/search/": AWARDS, "/robots.txt": rules})
    assert ends(asked(tmp_path, given({API: server}), POST)) == ["robots_disallowed"]
    assert server.pages == []


# Parts


def member(body: bytes = b"<p>About us</p>", url: str = PAGE_URL, status: str = "200 OK", **more: str) -> bytes:
    """Return a record as Common Crawl keeps it."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nX-Crawl-Content-Encoding: gzip\r\n\r\n".encode() + body
    said = {"WARC-Type": "response", "WARC-Target-URI": url, "WARC-Date": "2025-05-04T03:02:01Z"}
    said |= {"Content-Type": "application/http; msgtype=response", "Content-Length": str(len(http))}
    said |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "WARC/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return gzip.compress(head.encode() + b"\r\n" + http + b"\r\n\r\n")


FILE = b"before" * 20 + member() + b"behind" * 20
SPAN = f"bytes=120-{120 + len(member()) - 1}"
PART = Request("org_anvil", "archive", "about", f"http://{FILES}/crawl/1.warc.gz", span=SPAN)


def part(asked: Asked, content: bytes = FILE, status: int = 206, told: str | None = None, *more: tuple[str, str]) -> bytes:
    """Return the part that was asked for, as a server of files does."""
    first, last = (int(each) for each in asked.headers["range"].removeprefix("bytes=").split("-"))
    told = f"bytes {first}-{last}/{len(content)}" if told is None else told
    headers = [("Content-Type", "application/octet-stream"), *([("Content-Range", told)] if told else []), *more]
    return reply(content[first : last + 1], *headers, status=status)


def test_a_part_of_an_archive_becomes_the_page_in_it(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/crawl/1.warc.gz": part})
    (found,) = asked(tmp_path, given({FILES: server}), PART)
    (seen,) = server.pages
    assert (seen.headers["range"], seen.headers["accept-encoding"]) == (SPAN, "identity")
    assert isinstance(found, Captured)
    assert (found.capture.url, found.capture.status, found.body) == (PAGE_URL, 200, b"<p>About us</p>")
    assert found.capture.fetched_at == datetime(2025, 5, 4, 3, 2, 1, tzinfo=UTC)
    assert found.capture.request == PART
    assert [each.headers["host"] for each in server.asked] == [FILES] * 2, "its own server is left in peace"


def test_the_page_is_kept_as_its_own_and_found_again_by_what_was_asked(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/crawl/1.warc.gz": part})
    for _ in range(2):
        (found,) = asked(tmp_path, given({FILES: server}), PART, fresh=timedelta(days=3650))
        assert isinstance(found, Captured)
        assert found.body == b"<p>About us</p>"
    assert len(server.pages) == 1
    kept = [each for path in tmp_path.glob("*.warc.gz") for each in scan(path) if each.asked]
    assert [(each.url, each.asked, each.date.year) for each in kept] == [(PAGE_URL, PART.address, 2025)]
    other = replace(PART, span="bytes=0-9")
    assert ends(replayed(tmp_path, tmp_path / "again", PART, other)) == ["page", "not_in_archive"]


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (lambda asked: part(asked, status=200), "truncated"),
        (lambda asked: part(asked, told=""), "truncated"),
        (lambda asked: part(asked, told="bytes 0-9/999"), "truncated"),
        (lambda asked: part(asked, told="bytes 120-*/999"), "truncated"),
        (lambda asked: part(asked, FILE, 206, None, ("Content-Range", "bytes 0-9/999")), "truncated"),
        (lambda asked: part(asked, FILE, 206, None, ("Content-Encoding", "gzip")), "truncated"),
        (lambda asked: part(asked, FILE[:130], told=f"bytes {SPAN.removeprefix('bytes=')}/999"), "truncated"),
        (lambda asked: part(asked, b"no archive" * 100), "broken_record"),
        (lambda _: reply("gone", status=404), "http_404"),
        (lambda _: moved("/other"), "http_302"),
        (lambda _: reply("none", status=304), "http_304"),
    ],
)
def test_just_the_part_that_was_asked_for_is_taken(serve: Serve, tmp_path: Path, said: Any, end: str) -> None:
    server = serve({"/crawl/1.warc.gz": said, "/other": part})
    assert ends(asked(tmp_path, given({FILES: server}, attempts=1), PART)) == [end]
    assert len(server.pages) == 1


def test_a_part_nobody_asked_for_is_not_taken(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/crawl/1.warc.gz": reply("<p>", ("Content-Range", "bytes 0-2/9"), status=206)})
    assert ends(asked(tmp_path, given({FILES: server}), replace(PART, span=""))) == ["truncated"]


@pytest.mark.parametrize(
    "span",
    ["bytes=9-1", "bytes=-5", "bytes=5-", "bytes=1-2,4-5", "lines=1-2", "bytes=1-2\r\nX-Evil: 1", "bytes=٣-٤", " bytes=1-2"],
)
def test_what_is_no_span_becomes_no_header(serve: Serve, tmp_path: Path, span: str) -> None:
    server = serve({"/crawl/1.warc.gz": part})
    assert ends(asked(tmp_path, given({FILES: server}), replace(PART, span=span))) == ["refused_url"]
    assert server.pages == []


def test_a_span_is_within_what_may_be_read_of_an_answer() -> None:
    target = replace(check_url("https://files.example/"), span="bytes=0-99")
    check_asking(target, 100)
    with pytest.raises(Skip, match="more than 99"):
        check_asking(target, 99)
    with pytest.raises(Skip, match="posted"):
        check_asking(replace(target, body="{}"), 100)
    assert headers_for(check_url("https://files.example/")) == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (member(status="301 Moved", url="https://anvil.example/old"), 301),
        (member(b"\0" * 6_000_000), "too_large"),
        (gzip.compress(b"\0" * 50_000_000), "too_large"),
        (member(WARC_Type="request"), "broken_record"),
        (member(WARC_Type="revisit"), "broken_record"),
        (member(url="ftp://anvil.example/"), "broken_record"),
        (member(WARC_Date="yesterday"), "broken_record"),
        (member(Content_Length="9"), "broken_record"),
        (member(Content_Length="99999"), "broken_record"),
        (member()[:-9], "truncated"),
        (gzip.compress(b"WARC/1.0\r\n" + b"x" * 100_000), "broken_record"),
        (gzip.compress(b"", mtime=0), "broken_record"),
        (b"\x1f\x8b\x08\x00rubbish", "truncated"),
        (b"", "broken_record"),
    ],
)
def test_records_are_read_within_limits_or_called_broken(content: bytes, reason: str | int) -> None:
    if isinstance(reason, int):
        assert page_in(content, 1 << 20, 5 << 20).status == reason
        return
    with pytest.raises(Skip) as refused:
        page_in(content, 1 << 20, 5 << 20)
    assert refused.value.reason == reason


def test_a_record_of_what_may_not_be_asked_is_not_kept(serve: Serve, tmp_path: Path) -> None:
    content = member(url="http://metadata.internal/latest")
    server = serve({"/crawl/1.warc.gz": lambda asked: part(asked, content)})
    request = replace(PART, span=f"bytes=0-{len(content) - 1}")
    assert ends(asked(tmp_path, given({FILES: server}), request)) == ["refused_url"]


def test_a_record_that_leads_on_leads_nowhere(serve: Serve, tmp_path: Path) -> None:
    content = member(status="302 Found\r\nLocation: http://files.example/other")
    server = serve({"/crawl/1.warc.gz": lambda asked: part(asked, content), "/other": reply()})
    found = asked(tmp_path, given({FILES: server}), replace(PART, span=f"bytes=0-{len(content) - 1}"))
    assert ends(found) == ["http_302"]
    assert len(server.pages) == 1


# Ids and addresses


def test_a_plain_request_has_the_id_it_always_had() -> None:
    plain = Request("org_acme", "website", "home", "https://acme.example/")
    assert plain.request_id == "req_" + plain.request_id[4:]
    assert (plain.address, plain.is_plain) == (plain.url, True)
    assert len({each.request_id for each in (plain, replace(plain, body="{}"), replace(plain, span="bytes=0-1"))}) == 3


def test_an_address_says_what_was_posted_as_archives_do() -> None:
    assert address("https://a.example/", "{}") == "https://a.example/?__wb_method=POST&__wb_post_data=e30="
    assert address("https://a.example/?b=1", "", "bytes=0-9") == "https://a.example/?b=1&__range=bytes%3D0-9"
