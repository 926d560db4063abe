"""The server itself, on loopback with bare sockets: slow and huge requests, bad hosts, many downloads, who does not read."""

import itertools
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from doors import House, headers_of, house, said, served

from pipelines.portal.doors.headers import HEADERS
from pipelines.portal.doors.wire import HEAD_BYTES, Limits
from pipelines.settings import Portal

QUICK = Limits(arriving=0.5, taking=1.0, connections=8)
FORM = b"Origin: http://127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house(tmp_path_factory.mktemp("wire"), guarded=False)


@pytest.fixture(scope="module")
def where(place: House) -> Iterator[tuple[str, int]]:
    with served(place) as found:
        yield found


@pytest.fixture(scope="module")
def hasty(place: House) -> Iterator[tuple[str, int]]:
    with served(place, QUICK) as found:
        yield found


def status(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer[:100]
    return int(answer[9:12])


def dressed(answer: bytes) -> bool:
    headers = headers_of(answer)
    return (
        all(headers.get(name.lower()) == value for name, value in HEADERS.items()) and headers.get("cache-control") == "no-store"
    )


def test_a_page_comes_with_every_header_and_without_the_servers_name(where: tuple[str, int]) -> None:
    answer = said(where, b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8321\r\nConnection: close\r\n\r\n")
    assert status(answer) == 200 and dressed(answer) and "server" not in headers_of(answer)


BROKEN = {
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n",
    "another host": b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "no host at all": b"GET / HTTP/1.0\r\n\r\n",
    "another server": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: gzip\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n folded\r\nHost: 127.0.0.1\r\n\r\n",
    "a head without end": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * (HEAD_BYTES + 1) + b"\r\n\r\n",
    "ten thousand headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"a: b\r\n" * 10_000 + b"\r\n",
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_request_to_this_page_is_refused_in_full_dress(where: tuple[str, int], what: str) -> None:
    answer = said(where, BROKEN[what], answers=1)
    assert status(answer) == (431 if len(BROKEN[what]) > HEAD_BYTES else 400) and dressed(answer)


def test_a_tunnel_an_asterisk_and_another_servers_path_are_nothing_here(where: tuple[str, int]) -> None:
    for line in (b"CONNECT 127.0.0.1:22", b"OPTIONS *", b"GET http://127.0.0.1/", b"GET //127.0.0.1/", b"TRACE /"):
        answer = said(where, line + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert status(answer) in (400, 404, 405) and dressed(answer)


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"G",
        b"POST /change HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM + b"Content-Length: 1000\r\n\r\ncsrf=",
        b"POST /change HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\ncsrf=\r\n",
    ],
)
def test_a_request_that_does_not_arrive_is_not_waited_for(hasty: tuple[str, int], begun: bytes) -> None:
    """Each byte comes in time, and the whole does not."""
    with socket.create_connection(hasty, timeout=20) as line:
        line.sendall(begun)
        line.settimeout(0.05)
        answer = b""
        for _ in range(400):
            try:
                answer = line.recv(1 << 16)
                break
            except TimeoutError:
                line.sendall(b"a" if b"chunked" not in begun else b"1\r\na\r\n")
    assert status(answer) == 408 and dressed(answer)


def test_who_says_nothing_is_hung_up_on(hasty: tuple[str, int]) -> None:
    with socket.create_connection(hasty, timeout=20) as line:
        assert line.recv(1) == b""


def test_who_is_one_too_many_is_told_so(hasty: tuple[str, int]) -> None:
    lines = [socket.create_connection(hasty, timeout=20) for _ in range(QUICK.connections + 3)]
    answers = [line.recv(1 << 16) for line in lines]
    for line in lines:
        line.close()
    told = [answer for answer in answers if answer]
    assert len(told) >= 3 and all(status(each) == 503 and dressed(each) for each in told)
    answer = said(hasty, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert status(answer) == 200


def test_a_hundred_megabytes_are_refused_and_cost_no_memory(where: tuple[str, int]) -> None:
    head = b"POST /change HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM
    before = _resident()
    answer = said(where, head + b"Content-Length: 104857600\r\n\r\n", more=itertools.repeat(b"x" * (1 << 20), 100), answers=1)
    assert status(answer) == 413 and dressed(answer)
    chunk = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
    answer = said(where, head + b"Transfer-Encoding: chunked\r\n\r\n", more=itertools.repeat(chunk, 100), answers=1)
    assert status(answer) == 413
    assert _resident() - before < 30_000_000


def test_half_a_million_fields_are_refused(where: tuple[str, int]) -> None:
    head = b"POST /change HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM
    for pair in (b"a;", b"a&"):
        answer = said(where, head + b"Content-Length: 1000000\r\n\r\n" + pair * 500_000, answers=1)
        assert status(answer) == 413 and dressed(answer)


def test_a_huge_range_of_a_file_is_the_file(where: tuple[str, int]) -> None:
    wanted = b"bytes=" + b",".join(b"%d-99999999999999999999" % number for number in range(400))
    answer = said(where, b"GET /download/csv HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: " + wanted + b"\r\nConnection: close\r\n\r\n")
    assert status(answer) == 200 and answer.endswith(b"a,b\n1,2\n") and "content-range" not in headers_of(answer)


def test_two_hundred_downloads_at_once_are_a_few_and_the_rest_is_told_to_wait(tmp_path: Path) -> None:
    place = house(tmp_path, Portal(downloads_at_once=4, downloads_of_one=3), guarded=False)
    with served(place) as where:
        request = b"GET /download/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        refused = threading.Semaphore(0)

        def take(_: int) -> bytes:
            answer = said(where, request)
            refused.release()
            return answer

        with ThreadPoolExecutor(200) as browsers:
            answers = browsers.map(take, range(200))
            for _ in range(197):
                assert refused.acquire(timeout=30)
            place.go_on.set()
            told = list(answers)
        assert Counter(map(status, told)) == {200: 3, 429: 197}
        assert all(dressed(each) and int(headers_of(each).get("retry-after", 5)) >= 1 for each in told)
        assert {len(each) > 5_000_000 for each in told if status(each) == 200} == {True}
        assert status(said(where, request)) == 200  # there is room again


def test_a_reader_that_does_not_read_is_let_go_of(tmp_path: Path) -> None:
    place = house(tmp_path, Portal(downloads_at_once=1, downloads_of_one=1), guarded=False)
    place.go_on.set()
    request = b"GET /download/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with served(place, Limits(taking=0.5)) as where, socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(where)
        line.sendall(request)
        assert line.recv(100)
        while status(answer := said(where, request)) == 429:  # for as long as it holds the only place
            time.sleep(0.05)
        assert status(answer) == 200


def test_two_requests_in_one_piece_are_two_and_one_hidden_in_the_other_is_none(where: tuple[str, int]) -> None:
    get = b"GET /organization/org_1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = said(where, get + get + get, answers=3)
    assert len(re.findall(rb"HTTP/1\.1 200", answer)) == 3
    smuggled = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(get)
    assert len(re.findall(rb"HTTP/1\.1 403", said(where, smuggled + get + get, answers=2))) == 1
    both = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get
    assert b"Anvil" not in said(where, both.replace(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked, gzip"))


def _resident() -> int:
    """Return the bytes of memory that this process, and so the server in it, has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
