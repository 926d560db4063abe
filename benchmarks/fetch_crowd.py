"""A crowd of small servers for benchmarks/fetch.py, a few of which misbehave: one process, one loopback address for each host.

    python fetch_crowd.py plan.json        # serves until it is ended; says `ready` when it listens

Of a hundred hosts one hangs (it never answers, never ends its headers, or lets its body trickle for ever), one answers with a
bomb, and one refuses every connection. Every second of them is like that from robots.txt on, the others welcome us first.
Elsewhere: pages of real size and who serves them (`fetch_servers`), who asks (`fetch_ours`).
"""

import asyncio
import gzip
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from fetch_servers import ROBOTS, Page, many_files

REFUSES = "refuses"
OF_A_HUNDRED = (("silent", "headers", "trickle"), ("gzip", "gzip_twice", "endless"), (REFUSES,))
"""The first of a hundred hosts hangs, the second has a bomb, the third refuses; each in its ways by turns."""
TRICKLE_SECONDS = 1.0
BOMB_BYTES = 64 * 1024 * 1024
HEAD = "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
OPEN_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
FILLING = "<p>Our people look after pumps, valves and everything between them, in nine languages and all weathers.</p>\n"


class Kind(NamedTuple):
    """How a host behaves: `well`, or a misbehaviour, which begins with robots.txt or only with its pages."""

    name: str
    at_once: bool = False


def kind_of(number: int) -> Kind:
    """Return how the host of that number behaves."""
    round_, place = divmod(number, 100)
    if place >= len(OF_A_HUNDRED):
        return Kind("well")
    variants = OF_A_HUNDRED[place]
    return Kind(variants[round_ % len(variants)], round_ // len(variants) % 2 == 1)


def crowd_pages(host: str, number: int, port: int) -> list[Page]:
    """Return the two or three pages of a host; their length is 0 where it has none for us."""
    well = kind_of(number).name == "well"
    paths = (f"/page-{page}.html" for page in range(2 + number % 2))
    return [Page(host, f"http://{host}:{port}{path}", len(_page(host, path)) if well else 0) for path in paths]


def _page(host: str, path: str) -> bytes:
    filling = FILLING * (20 + len(host + path) % 7 + int(path[6]) * 5)
    return f"<!doctype html><html><head><title>{host}</title></head><body>\n{filling}</body></html>\n".encode()


def _answer(status: str, kind: str, body: bytes, more: str = "") -> bytes:
    return HEAD.format(status=status, kind=kind, length=len(body), more=more).encode() + body


def bombs() -> dict[str, bytes]:
    """Return answers that are small on the wire and not when unpacked."""
    once = gzip.compress(bytes(BOMB_BYTES), 9, mtime=0)
    return {
        "gzip": _answer("200 OK", "text/html", once, "Content-Encoding: gzip\r\n"),
        "gzip_twice": _answer("200 OK", "text/html", gzip.compress(once, 9, mtime=0), "Content-Encoding: gzip, gzip\r\n"),
    }


class Talk(asyncio.Protocol):
    """One connection; answers by the name in the Host header."""

    def __init__(self, kinds: Mapping[str, Kind], bombs_ready: dict[str, bytes]) -> None:
        self._kinds = kinds
        self._bombs = bombs_ready
        self._heard = b""
        self._going_on: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            host = next(line[5:].strip().partition(":")[0] for line in lines if line[:5].lower() == "host:")
            self._say(host, lines[0].split()[1])

    def connection_lost(self, _: Exception | None) -> None:
        """Stop whatever was still being said."""
        if self._going_on:
            self._going_on.cancel()

    def _say(self, host: str, path: str) -> None:
        kind = self._kinds[host]
        if kind.name == "well" or not (kind.at_once or path.startswith("/page-")):
            self._transport.write(self._well(host, path))
        elif kind.name in self._bombs:
            self._transport.write(self._bombs[kind.name])
        elif kind.name in (going_on := {"headers": self._headers, "trickle": self._trickle, "endless": self._endless}):
            self._going_on = asyncio.create_task(going_on[kind.name]())

    def _well(self, host: str, path: str) -> bytes:
        if path == "/robots.txt":
            return _answer("200 OK", "text/plain", ROBOTS.encode())
        if path.startswith("/page-"):
            return _answer("200 OK", "text/html; charset=utf-8", _page(host, path))
        return _answer("404 Not Found", "text/plain", b"no\n")

    async def _headers(self) -> None:
        self._transport.write(OPEN_HEAD)
        number = 0
        while True:
            await asyncio.sleep(TRICKLE_SECONDS)
            number += 1
            self._transport.write(f"X-More-{number}: yes\r\n".encode())

    async def _trickle(self) -> None:
        self._transport.write(OPEN_HEAD + b"Content-Length: 100000\r\n\r\n")
        while True:
            await asyncio.sleep(TRICKLE_SECONDS)
            self._transport.write(b"<")

    async def _endless(self) -> None:
        self._transport.write(OPEN_HEAD + b"\r\n")
        while True:
            await asyncio.sleep(0.01)
            if self._transport.get_write_buffer_size() < 1 << 20:
                self._transport.write(b"a" * 65536)


async def serve(plan_path: Path) -> None:
    """Listen at the address of every host but those that refuse."""
    plan, ready = json.loads(plan_path.read_text()), bombs()
    kinds = {host: kind_of(number) for number, host in enumerate(plan["hosts"])}
    loop = asyncio.get_running_loop()
    listening = [
        await loop.create_server(lambda: Talk(kinds, ready), address, plan["port"], backlog=16)
        for host, address in plan["hosts"].items()
        if kinds[host].name != REFUSES
    ]
    print(f"ready: {len(listening)} addresses", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    many_files()
    asyncio.run(serve(Path(sys.argv[1])))
