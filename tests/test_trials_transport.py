"""Trial B: what servers may send us. Whatever it is, it takes bounded bytes, memory and time, and is called what it is."""

import asyncio
import gzip
import itertools
import json
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from effort import Effort, turns_of
from loopback import PAGE, Asked, Say, Server, ask, dialling, ends, given, live, moved, raw, reply, serving

from pipelines.records import Captured, Request
from pipelines.settings import Manners
from pipelines.web.archive import Archive
from pipelines.web.connection import HEAD_BYTES
from pipelines.web.stream import Stream

HOST = "anvil.example"
SITE = f"http://{HOST}"
HOSTILE = Path(__file__).parents[2] / "shared/hostile/http"
LIMIT = Manners().wire_bytes
MEGABYTE = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FORGED = OK + b"Content-Length: 6\r\n\r\nforged"

Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that run as long as the test."""
    with ExitStack() as running:
        yield lambda routes, *rest, **more: running.enter_context(serving(Server(routes, *rest, **more)))


def one(server: Server | str, folder: Path, *paths: str, site: str = SITE, **manners: Any) -> list[str]:
    """Return how a live run ends at each of the paths."""
    return ends(
        ask(live(folder, given({HOST: server}, attempts=1, gaps={HOST: 0}, **manners)), [f"{site}{path}" for path in paths])
    )


def stored(folder: Path) -> list[str]:
    """Return the pages in the archive."""
    return [each.request.url for each in Archive(folder, 16).captures() if each.request.source != "robots"]


def coded(body: bytes, *codings: str) -> bytes:
    return reply(body, ("Content-Type", "text/html"), *(("Content-Encoding", each) for each in codings))


def endless(start: bytes, piece: bytes) -> Say:
    return lambda _: itertools.chain([start], itertools.repeat(piece))


# B11: bombs


def bomb(megabytes: int, window: int) -> bytes:
    """Return so many megabytes of zeros, packed."""
    pack = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(pack.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + pack.flush()


GZIP, ZLIB, RAW = 31, 15, -15


def bombs() -> dict[str, tuple[Say, str]]:
    """Return what is sent, and what it must be called."""
    tens = bomb(10, GZIP)
    return {
        "gzip": (coded(bomb(200, GZIP), "gzip"), "too_large"),
        "x-gzip": (coded(tens, "x-gzip"), "too_large"),
        "deflate": (coded(bomb(200, ZLIB), "deflate"), "too_large"),
        "raw-deflate": (coded(bomb(200, RAW), "deflate"), "too_large"),
        "gzip-in-gzip": (coded(gzip.compress(tens * 100), "gzip", "gzip"), "too_large"),
        "gzip-in-deflate": (coded(zlib.compress(tens * 100), "gzip, deflate"), "too_large"),
        "many-members": (coded(tens * 200, "gzip"), "too_large"),
        "empty-members": (coded(gzip.compress(b"") * 100_000, "gzip"), "page"),
        "unlabelled": (reply(bomb(200, GZIP)), "unsupported_type"),
        "three-codings": (coded(gzip.compress(gzip.compress(tens)), "gzip, gzip, gzip"), "unsupported_coding"),
        "hundred-codings": (coded(tens, *["gzip"] * 100), "unsupported_coding"),
        "br": (coded(b"\x1b\xff\xff\xff" * 50, "br"), "unsupported_coding"),
        "zstd": (coded(b"\x28\xb5\x2f\xfd" * 50, "zstd"), "unsupported_coding"),
        "compress": (coded(b"\x1f\x9d\x90" * 50, "compress"), "unsupported_coding"),
        "gzip-then-br": (coded(tens, "br, gzip"), "unsupported_coding"),
        "unknown": (coded(b"x", "x-anvil"), "unsupported_coding"),
        "endless": (endless(OK + b"\r\n", bytes(65_536)), "too_large"),
        "endless-gzip": (endless(OK + b"Content-Encoding: gzip\r\n\r\n", tens), "too_large"),
        "endless-chunks": (endless(CHUNKED, b"10000\r\n" + bytes(65_536) + b"\r\n"), "too_large"),
        "endless-letters": (endless(CHUNKED, b"1\r\nx\r\n" * 1000), "too_large"),
        "endless-extension": (endless(CHUNKED + b"1;", b"x" * 65_536), "truncated"),
        "endless-trailers": (endless(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 1000), "truncated"),
        "endless-interim": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "too_large"),
        "endless-header": (endless(OK + b"X: ", b"x" * 65_536), "truncated"),
        "endless-headers": (endless(OK, b"X: y\r\n" * 1000), "truncated"),
        "endless-redirect": (endless(b"HTTP/1.1 302 X\r\nLocation: /page\r\n\r\n", bytes(65_536)), "page"),
        "endless-404": (endless(b"HTTP/1.1 404 X\r\n\r\n", bytes(65_536)), "http_404"),
        "huge-length": (raw(OK + b"Content-Length: 99999999999\r\n\r\n" + PAGE), "truncated"),
    }


def theirs() -> dict[str, tuple[Say, str]]:
    """Return the bombs of others, if they lie there."""
    said = {"gzip": "too_large", "deflate": "too_large", "br": "unsupported_coding", "zstd": "unsupported_coding"}
    found = {name: HOSTILE / f"bomb-{name}.bin" for name in said}
    return {f"their-{name}": (coded(path.read_bytes(), name), said[name]) for name, path in found.items() if path.exists()}


def child(place: str, folder: str, *paths: str) -> None:
    """Ask for the paths one by one, in a process of its own; print how each ended, its bytes and effort, and memory taken."""
    counts: list[int] = [0]
    read = Stream.read

    async def counted(stream: Stream, most: int) -> bytes:
        piece = await read(stream, most)
        counts[-1] += len(piece)
        return piece

    web = live(Path(folder), given({HOST: place}, attempts=1, gaps={HOST: 0}, requests_per_organization=1000))

    async def run() -> dict[str, Any]:
        async def answer(path: str) -> tuple[str, int, float]:
            counts.append(0)
            with Effort() as effort:
                answered = await web.answer(Request("org_anvil", "website", "page", f"{SITE}{path}"))
            return ends([answered])[0], counts[-1], effort.turns

        await answer("/ordinary")
        before = peak()
        found = {path: await answer(path) for path in paths}
        await web.aclose()
        return {"grown": peak() - before, "found": found}

    with patch.object(Stream, "read", counted):
        print(json.dumps(asyncio.run(run())))  # noqa: T201 - read by whoever started us


def peak() -> int:
    """Return the most memory this process ever had, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def measured(server: Server, folder: Path, *paths: str) -> dict[str, Any]:
    """Return what a child prints."""
    code = "import sys, test_trials_transport as trial; trial.child(*sys.argv[1:])"
    command = [sys.executable, "-c", code, server.place, str(folder), *paths]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


@needs_proc
def test_b11_bombs_take_neither_memory_nor_bytes(serve: Serve, tmp_path: Path) -> None:
    sent = bombs() | theirs()
    ordinary = coded(gzip.compress(PAGE * 1500), "gzip")
    server = serve({"/ordinary": ordinary, "/page": reply()} | {f"/{name}": said for name, (said, _) in sent.items()})
    result = measured(server, tmp_path, *(f"/{name}" for name in sent))
    found = {path.removeprefix("/"): how for path, how in result["found"].items()}
    assert {name: how[0] for name, how in found.items()} == {name: reason for name, (_, reason) in sent.items()}
    assert result["grown"] <= 20 * MEGABYTE
    assert max(how[1] for how in found.values()) <= LIMIT + HEAD_BYTES + 65_536
    assert max(how[2] for how in found.values()) < 500
    assert set(stored(tmp_path)) == {f"{SITE}/ordinary", f"{SITE}/empty-members", f"{SITE}/endless-redirect"}


def test_b11_only_gzip_is_asked_for(serve: Serve, tmp_path: Path) -> None:
    server = serve({"*": reply()})
    one(server, tmp_path, "/page")
    assert {each.headers["accept-encoding"] for each in server.asked} == {"gzip"}


FLOODS = {
    "letters": endless(CHUNKED, b"1\r\nx\r\n" * 1000),
    "interim": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "headers": endless(OK, b"X: y\r\n" * 1000),
    "members": coded(gzip.compress(b"") * 100_000, "gzip"),
}


@pytest.mark.parametrize("name", FLOODS)
def test_b11_a_flood_does_not_keep_others_waiting(serve: Serve, tmp_path: Path, name: str) -> None:
    """There is one loop for all hosts: whoever sends faster than we read must not have it for himself."""
    web = live(tmp_path, given({HOST: serve({"/flood": FLOODS[name]})}, attempts=1))

    async def run() -> float:
        """Return the most CPU time of this thread between two turns of another task."""
        flooded = asyncio.create_task(web.answer(Request("org_anvil", "website", "page", f"{SITE}/flood")))
        longest, last = 0.0, time.thread_time()
        while not flooded.done():
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.thread_time() - last), time.thread_time()
        await web.aclose()
        return longest

    assert asyncio.run(run()) / turns_of() < 50, "half a second of one core, on a machine as it was when this was written"


# B12: torn, damaged, double


PACKED = gzip.compress(PAGE * 20)
DAMAGED: dict[str, tuple[Say, str]] = {
    "gzip torn": (coded(PACKED[:-20], "gzip"), "truncated"),
    "gzip without its end": (coded(PACKED[:-8], "gzip"), "truncated"),
    "gzip head only": (coded(PACKED[:10], "gzip"), "truncated"),
    "gzip, one byte": (coded(PACKED[:1], "gzip"), "page"),
    "gzip checksum": (coded(PACKED[:-8] + bytes(4) + PACKED[-4:], "gzip"), "truncated"),
    "gzip size": (coded(PACKED[:-4] + bytes(4), "gzip"), "truncated"),
    "gzip damaged": (coded(PACKED[:30] + bytes(9) + PACKED[39:], "gzip"), "truncated"),
    "second member torn": (coded(PACKED + PACKED[:-9], "gzip"), "truncated"),
    "deflate torn": (coded(zlib.compress(PAGE * 20)[:-4], "deflate"), "truncated"),
    "deflate checksum": (coded(zlib.compress(PAGE * 20)[:-4] + bytes(4), "deflate"), "truncated"),
    "inner gzip torn": (coded(gzip.compress(PACKED[:-8]), "gzip, gzip"), "truncated"),
    "length too long": (raw(OK + b"Content-Length: 99\r\n\r\nshort"), "truncated"),
    "length too long, packed": (raw(OK + b"Content-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n" + PACKED), "truncated"),
    "chunk torn": (raw(CHUNKED + b"9\r\nshort"), "truncated"),
    "last chunk missing": (raw(CHUNKED + b"5\r\nshort\r\n"), "truncated"),
    "last line missing": (raw(CHUNKED + b"5\r\nshort\r\n0\r\n"), "truncated"),
    "chunk of no size": (raw(CHUNKED + b"zz\r\nshort\r\n0\r\n\r\n"), "truncated"),
    "chunk of negative size": (raw(CHUNKED + b"-5\r\nshort\r\n0\r\n\r\n"), "truncated"),
    "chunk too short": (raw(CHUNKED + b"3\r\nshort\r\n0\r\n\r\n"), "truncated"),
    "nothing": (raw(b""), "connection"),
    "head torn": (raw(OK), "truncated"),
    "garbage": (raw(b"\x00\x01\x02 garbage\r\n\r\n"), "truncated"),
    "no status": (raw(b"<!doctype html><p>Hello</p>"), "truncated"),
    "short status": (raw(b"HTTP/1.1 20 OK\r\n\r\nhello"), "truncated"),
    "status of letters": (raw(b"HTTP/1.1 abc OK\r\n\r\nhello"), "truncated"),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "truncated"),
    "a switch nobody asked for": (raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + FORGED), "truncated"),
    "two lengths": (raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), "truncated"),
    "two lengths in one": (raw(OK + b"Content-Length: 5, 6\r\n\r\nhello!"), "truncated"),
    "negative length": (raw(OK + b"Content-Length: -5\r\n\r\nhello"), "truncated"),
    "odd length": (raw(OK + b"Content-Length: +5\r\n\r\nhello"), "truncated"),
    "odd transfer": (raw(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "truncated"),
    "space before the colon": (raw(OK + b"Content-Length : 5\r\n\r\nhello"), "truncated"),
    "header of 1 MB": (raw(OK + b"X: " + bytes(MEGABYTE).replace(b"\0", b"x") + b"\r\n\r\nhello"), "truncated"),
    "20,000 headers": (raw(OK + b"".join(b"X-%d: y\r\n" % number for number in range(20_000)) + b"\r\nhello"), "truncated"),
}
WHOLE: dict[str, bytes] = {
    "one length, twice": OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "more than its length": OK + b"Content-Length: 5\r\n\r\nhello" + FORGED,
    "length and chunks": OK + b"Content-Length: 90\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + FORGED,
    "gzip and padding": coded(gzip.compress(b"hello") + bytes(64), "gzip") + FORGED,
    "gzip in two members": coded(gzip.compress(b"hel") + gzip.compress(b"lo"), "gzip"),
    "called gzip, and is not": coded(b"hello", "gzip"),
    "without a length": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nhello",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_b12_what_is_not_whole_is_no_page(serve: Serve, tmp_path: Path, name: str) -> None:
    said, reason = DAMAGED[name]
    server = serve({"/x": said, "/y": reply(b"after")})
    assert one(server, tmp_path, "/x", "/y") == [reason, "page"]
    assert stored(tmp_path) == [f"{SITE}/{path}" for path in ("x", "y") if (path, reason) != ("x", reason) or reason == "page"]


@pytest.mark.parametrize("name", WHOLE)
def test_b12_what_comes_behind_a_page_belongs_to_no_other(serve: Serve, tmp_path: Path, name: str) -> None:
    said = raw(WHOLE[name]) if WHOLE[name].startswith(b"HTTP/1.0") else WHOLE[name]
    server = serve({"/first": reply(b"first"), "/x": said, "/y": reply(b"after"), "/z": reply(b"at last")})
    answers = ask(live(tmp_path, given({HOST: server})), [f"{SITE}/{path}" for path in ("first", "x", "y", "z")])
    assert [each.body for each in answers if isinstance(each, Captured)] == [b"first", b"hello", b"after", b"at last"]


@pytest.mark.skipif(not HOSTILE.exists(), reason="the damaged files of others are not here")
def test_b12_their_damaged_files(serve: Serve, tmp_path: Path) -> None:
    files = ["truncated-crc-error.gz", "truncated-crc-error-short.gz", "unexpected-eof.gz"]
    server = serve({f"/{name}": coded((HOSTILE / name).read_bytes(), "gzip") for name in files})
    assert one(server, tmp_path, *(f"/{name}" for name in files)) == ["truncated"] * 3
    whole = {"html-gzip.bin": "gzip", "html-rawdeflate.bin": "deflate", "html-zlibdeflate.bin": "deflate"}
    server.routes |= {f"/{name}": coded((HOSTILE / name).read_bytes(), coding) for name, coding in whole.items()}
    assert one(server, tmp_path, *(f"/{name}" for name in whole)) == ["page"] * 3


# B13: slow


def drip(start: bytes, piece: bytes) -> Say:
    def say(_: Asked) -> Iterator[bytes]:
        yield start
        while True:
            time.sleep(0.05)
            yield piece

    return say


SLOW: dict[str, Say] = {
    "silence": drip(b"", b""),
    "body": drip(OK + b"\r\n", b"x"),
    "chunks": drip(CHUNKED, b"1\r\nx\r\n"),
    "packed": drip(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)[:12], b"\0"),
    "head": drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "line": drip(b"HTTP/1.1 200 ", b"O"),
    "interim": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "trailers": drip(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n"),
    "error": drip(b"HTTP/1.1 404 X\r\n\r\n", b"x"),
    "redirect": drip(b"HTTP/1.1 302 X\r\nLocation: /page\r\n\r\n", b"x"),
    "robots": drip(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\n", b"#"),
}


def test_b13_slow_servers_are_left_after_the_time_in_all(serve: Serve, tmp_path: Path) -> None:
    """Each at an address of its own, side by side, together with a handshake that nobody answers."""
    servers = {}
    for number, (name, said) in enumerate(SLOW.items(), 2):
        path = "/robots.txt" if name == "robots" else "/x"
        servers[f"{name}.example"] = serve({path: said}, f"127.0.0.{number}").place
    servers["handshake.example"] = serve({"*": SLOW["silence"]}, "127.0.0.99").place.replace("http:", "https:")
    web = live(tmp_path, given(servers, attempts=1, timeout_seconds=1))

    async def timed(host: str) -> tuple[str, float]:
        began = time.monotonic()
        answer = await web.answer(Request("org_anvil", "website", "page", f"https://{host}/x"))
        return ends([answer])[0], time.monotonic() - began

    async def second() -> tuple[str, float]:
        """What a second is to this loop, while it is busy with all of them."""
        began = time.monotonic()
        await asyncio.sleep(1)
        return "", time.monotonic() - began

    async def run() -> tuple[dict[str, tuple[str, float]], float]:
        (_, asleep), *found = await asyncio.gather(second(), *map(timed, servers))
        await web.aclose()
        return dict(zip(servers, found, strict=True)), asleep

    found, asleep = asyncio.run(run())
    assert {host: how for host, (how, _) in found.items()} == dict.fromkeys(servers, "timeout")
    assert min(took for _, took in found.values()) > 0.9, found
    assert max(took for _, took in found.values()) < asleep + 1, found


@pytest.mark.parametrize("flood", ["interim", "letters"])
def test_b13_so_are_those_that_are_all_too_fast(serve: Serve, tmp_path: Path, flood: str) -> None:
    pieces = {"interim": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "letters": endless(CHUNKED, b"1\r\nx\r\n")}
    assert one(serve({"/x": pieces[flood]}), tmp_path, "/x", timeout_seconds=1)[0] in ("timeout", "too_large")


# B16: what is no page

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"
OTHERS = {
    "a PDF": (PDF, "text/html"),
    "a PDF, after a blank line": (b"\r\n" + PDF, "text/html"),
    "a program": (b"MZ\x90\0\x03\0\0\0\x04\0", "text/html"),
    "a program of Linux": (b"\x7fELF\x02\x01\x01\0", "text/plain"),
    "a zip": (b"PK\x03\x04\x14\0\0\0\x08\0", "text/html"),
    "a gzip": (PACKED, "text/html"),
    "an image": (PNG, "text/html"),
    "an image that is a page": (b"GIF89a=0;<html><p>Hello</p></html>", "text/html"),
    "an image, after a mark": (b"\xef\xbb\xbf" + PNG, "text/html"),
    "a film": (b"\0\0\0\x20ftypisom\0\0\x02\0", "text/html"),
    "a font": (b"wOFF\0\x01\0\0", "application/xml"),
    "a database": (b"SQLite format 3\0\x10\0", "application/json"),
    "a page called an image": (PAGE, "image/png"),
    "a page called bytes": (PAGE, "application/octet-stream"),
    "a page called a PDF": (PAGE, "application/pdf"),
    "a style": (b"p { color: red }", "text/css"),
    "a script": (b"alert(1)", "application/javascript"),
    "a PDF called nothing": (PDF, ""),
    "an image called nothing": (PNG, ""),
}
READ = {
    "html": (PAGE, "text/html"),
    "html in capitals": (PAGE, "TEXT/HTML; Charset=UTF-8"),
    "xhtml": (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "application/xhtml+xml"),
    "xml": (b"<?xml version='1.0'?><urlset/>", "application/xml"),
    "a feed": (b"<rss/>", "application/rss+xml"),
    "json": (b"{}", "application/json"),
    "linked data": (b"{}", "application/ld+json"),
    "text": (b"Hello", "text/plain"),
    "markdown": (b"# Hello", "text/markdown"),
    "wide text": ("Hello".encode("utf-16"), "text/plain"),
    "html called nothing": (PAGE, ""),
}


@pytest.mark.parametrize("name", OTHERS | READ)
def test_b16_only_pages_that_are_called_pages(serve: Serve, tmp_path: Path, name: str) -> None:
    body, kind = (OTHERS | READ)[name]
    said = reply(body, ("Content-Type", kind))
    server = serve({"/x": said if kind else said.replace(b"Content-Type: \r\n", b"")})
    assert one(server, tmp_path, "/x") == ["page" if name in READ else "unsupported_type"]
    assert stored(tmp_path) == ([f"{SITE}/x"] if name in READ else [])


# B18: who cannot prove who he is

KNOWN = datetime.now(UTC)
DAY = timedelta(days=1)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Signs certificates; files of certificate and key lie in its folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.key = folder, named(name), ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(
            self.name, self.key, -30 * DAY, 30 * DAY, x509.BasicConstraints(ca=True, path_length=None)
        )
        self.path = self._kept(name, self.certificate)

    def issue(self, host: str, since: timedelta = -DAY, until: timedelta = DAY, alone: bool = False, bare: bool = False) -> Path:
        """Return the file of a certificate; one that stands alone is signed by itself, a bare one has its name in the subject."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer = key if alone else self.key
        names = () if bare else (x509.SubjectAlternativeName([x509.DNSName(host)]),)
        certificate = self._signed(named(host), key, since, until, *names, signer=signer, issuer=named(host) if alone else None)
        return self._kept(f"{host}{since}{until}{alone}{bare}", certificate, key)

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, since: timedelta, until: timedelta, *more: x509.ExtensionType,
        signer: ec.EllipticCurvePrivateKey | None = None, issuer: x509.Name | None = None,
    ) -> x509.Certificate:  # fmt: skip
        builder = x509.CertificateBuilder(issuer or self.name, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(KNOWN + since).not_valid_after(KNOWN + until)
        for each in more:
            builder = builder.add_extension(each, critical=isinstance(each, x509.BasicConstraints))
        return builder.sign(signer or self.key, hashes.SHA256())

    def _kept(self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey | None = None) -> Path:
        path = self.folder / f"{zlib.crc32(name.encode())}.pem"
        plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        path.write_bytes(certificate.public_bytes(plain[0]) + (key.private_bytes(*plain) if key else b""))
        return path


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The only authority that is known."""
    authority = Authority(tmp_path, "Trusted")
    monkeypatch.setattr(certifi, "where", lambda: str(authority.path))
    return authority


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address a connection is opened to."""
    return dialling(monkeypatch)


def proving(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def outdated(path: Path, latest: ssl.TLSVersion) -> ssl.SSLContext:
    """Return a context that speaks nothing newer."""
    context = proving(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = latest
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


UNPROVEN: dict[str, Callable[[Authority], Path]] = {
    "expired": lambda ca: ca.issue(HOST, -3 * DAY, -DAY),
    "expired a minute ago": lambda ca: ca.issue(HOST, -3 * DAY, -timedelta(minutes=1)),
    "not valid yet": lambda ca: ca.issue(HOST, DAY, 3 * DAY),
    "of another host": lambda ca: ca.issue("other.example"),
    "of a host above": lambda ca: ca.issue("example"),
    "of hosts below": lambda ca: ca.issue(f"*.{HOST}"),
    "signed by itself": lambda ca: ca.issue(HOST, alone=True),
    "of nobody but its subject": lambda ca: ca.issue(HOST, bare=True),
    "signed by a stranger": lambda ca: Authority(ca.folder, "Stranger").issue(HOST),
}


@pytest.mark.parametrize("name", UNPROVEN)
def test_b18_who_cannot_prove_it_is_not_asked(
    serve: Serve, tmp_path: Path, trusted: Authority, dialled: list[tuple[str, int]], name: str
) -> None:
    server = serve({"*": reply()}, tls=proving(UNPROVEN[name](trusted)))
    assert one(server, tmp_path / "home", "/x", "/y", site=f"https://{HOST}") == ["tls", "tls"]
    assert server.asked == []
    assert dialled == [server.server_address], "neither again, nor without TLS"


@pytest.mark.parametrize("latest", ["TLSv1", "TLSv1_1"])
def test_b18_nor_who_speaks_only_what_is_broken(
    serve: Serve, tmp_path: Path, trusted: Authority, dialled: list[tuple[str, int]], latest: str
) -> None:
    version = ssl.TLSVersion[latest]
    server = serve({"*": reply()}, tls=outdated(trusted.issue(HOST), version))
    assert one(server, tmp_path / "home", "/x", "/y", site=f"https://{HOST}") == ["tls", "tls"]
    assert server.asked == []
    assert dialled == [server.server_address]


def test_b18_nor_who_speaks_no_tls(tmp_path: Path, dialled: list[tuple[str, int]]) -> None:
    heard: list[bytes] = []

    class Plain(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(65_536))
            self.request.sendall(reply("This port wants HTTP.", status=400))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Plain) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        place = f"https://127.0.0.1:{server.server_address[1]}"
        assert one(place, tmp_path, "/x", "/y", site=f"https://{HOST}") == ["tls", "tls"]
        server.shutdown()
    assert dialled == [server.server_address]
    assert not any(b"GET" in each for each in heard)


def test_b18_what_is_said_before_the_proof_is_no_answer(
    tmp_path: Path, trusted: Authority, dialled: list[tuple[str, int]]
) -> None:
    """Who can speak on the way, but prove nothing, puts an answer before the handshake of the true host."""
    proved = proving(trusted.issue(HOST))

    class Forger(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(FORGED)
            with suppress(OSError), proved.wrap_socket(self.request, server_side=True) as secured:
                secured.recv(65_536)
                secured.sendall(reply())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Forger) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        place = f"https://127.0.0.1:{server.server_address[1]}"
        assert one(place, tmp_path / "home", "/x", "/y", site=f"https://{HOST}") == ["tls", "tls"]
        server.shutdown()
    assert dialled == [server.server_address]


@pytest.mark.parametrize(("name", "expected"), {HOST: "page", "*.anvil.example": "page", "*.example": "tls", "*": "tls"}.items())
def test_b18_who_can_is(serve: Serve, tmp_path: Path, trusted: Authority, name: str, expected: str) -> None:
    host = f"www.{HOST}" if name.startswith("*.anvil") else HOST
    server = serve({"*": reply()}, tls=proving(trusted.issue(name)))
    answers = ask(live(tmp_path / "home", given({host: server})), [f"https://{host}/x"])
    assert ends(answers) == [expected]


def test_b18_no_way_leads_from_tls_to_none(
    serve: Serve, tmp_path: Path, trusted: Authority, dialled: list[tuple[str, int]]
) -> None:
    routes = {"/x": moved(f"{SITE}/x"), "/y": moved("http://plain.example/y"), "/z": moved(f"HTTP://{HOST}/z"), "*": reply()}
    server, plain = serve(routes, tls=proving(trusted.issue(HOST))), serve({"*": reply()})
    web = live(tmp_path / "home", given({HOST: server, "plain.example": plain}))
    urls = [f"https://{HOST}/{path}" for path in ("x", "y", "z", "page")]
    assert ends(ask(web, urls)) == ["insecure_redirect"] * 3 + ["page"]
    assert plain.asked == []
    assert set(dialled) == {server.server_address}
