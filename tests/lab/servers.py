"""The servers of the lab: good ones at public addresses that say what a row wants said, and everywhere else a trap.

Here: HTTP and HTTPS on the usual ports of every address there is, and what was asked where. Elsewhere: the rows (`attacks`).
"""

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from lab.attacks import Answer
from lab.world import SECRET, TRUSTED, UNTRUSTED, WEB_PORTS, is_public

PLAIN_PORTS = (22, 80, 3128, 6379, 8080)
GOOD = "<!doctype html><title>Good</title><p>A good page.</p>"
TRAP = Answer(headers=(("Content-Type", "text/html"), ("X-Trap", SECRET)), body=f"<!doctype html><p>{SECRET}</p>")
TRAP_RULES = Answer(headers=(("Content-Type", "text/plain"), ("X-Trap", SECRET)), body=f"User-agent: *\nAllow: /\n# {SECRET}\n")


@dataclass(frozen=True)
class Asked:
    """A request as it came: to which host and address, for what, with which headers."""

    host: str
    address: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Servers:
    """All servers; `pages` is host -> path -> its answers, the first time, the second and so on."""

    pages: Mapping[str, Mapping[str, Sequence[Answer]]]
    asked: list[Asked] = field(default_factory=list)
    connections: Counter[str] = field(default_factory=Counter)
    """Host -> how many connections it was asked over."""
    trapped: list[str] = field(default_factory=list)
    """What was asked of whoever is not public, as `address:port first line`."""

    async def start(self) -> None:
        """Listen at every address."""
        for port in PLAIN_PORTS:
            await asyncio.start_server(self._talk, ("0.0.0.0", "::"), port)
        await asyncio.start_server(self._talk, ("0.0.0.0", "::"), 443, ssl=_tls())

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address, port = writer.get_extra_info("sockname")[:2]
        try:
            if is_public(address) and port in WEB_PORTS:
                await self._serve(address, reader, writer)
            else:
                await self._trap(address, port, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _serve(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other, until an answer ends the connection."""
        is_first, is_over = True, False
        while not is_over:
            asked = _parsed(await reader.readuntil(b"\r\n\r\n"), address)
            self.asked.append(asked)
            self.connections[asked.host] += is_first
            is_first = False
            answer = self._answer(asked)
            is_over = answer.closes
            writer.write(_written(answer))
            await writer.drain()

    def _answer(self, asked: Asked) -> Answer:
        pages = self.pages.get(asked.host, {})
        if said := pages.get(asked.path) or pages.get("*"):
            times = sum((each.host, each.path) == (asked.host, asked.path) for each in self.asked)
            return said[min(times, len(said)) - 1]
        if hop := re.fullmatch(r"/hop/(\d+)", asked.path):
            number = int(hop[1])
            return Answer(302, (("Location", f"/hop/{number - 1}"),)) if number else Answer(body=GOOD)
        if asked.path in ("/robots.txt", "/.well-known/tdmrep.json"):
            return Answer(404)
        return Answer(body=GOOD)

    async def _trap(self, address: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(1):
            line = (await reader.readline()).decode("latin-1").strip()
        self.trapped.append(f"{address}:{port} {line}")
        writer.write(_written(TRAP_RULES if "/robots.txt" in line else TRAP))
        await writer.drain()


def _parsed(head: bytes, address: str) -> Asked:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Asked(headers.get("host", "").partition(":")[0], address, first.split(" ")[1], headers)


def _written(answer: Answer) -> bytes:
    if answer.raw is not None:
        return answer.raw.encode("latin-1")
    body = answer.body.encode()
    phrase = HTTPStatus(answer.status).phrase
    headers = (*answer.headers, ("Content-Length", str(len(body))))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", "text/html; charset=utf-8"))
    if answer.closes:
        headers = (*headers, ("Connection", "close"))
    return "".join([f"HTTP/1.1 {answer.status} {phrase}\r\n", *(f"{n}: {v}\r\n" for n, v in headers), "\r\n"]).encode() + body


def _tls() -> ssl.SSLContext:
    """Return the certificate that is trusted; whoever asks for an `untrusted` host gets the other one."""
    good, bad = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
    good.load_cert_chain(TRUSTED)
    bad.load_cert_chain(UNTRUSTED)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if (name or "").startswith("untrusted"):
            connection.context = bad

    good.sni_callback = choose
    return good
