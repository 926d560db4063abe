"""The only socket of the house: one question to one URL.

Here: what is sent, limits on every byte and second, and connections kept open for a host's next request. Neither proxies nor
credentials nor certificates are taken from the environment; no cookies; redirects are answers and not followed. Elsewhere: who
we say we are (`web.introduction`), whether the URL may be asked (`web.guard`, `web.robots`, `web.pace`), the way to the server
(`web.dial`, `web.connection`), what is asked and in what order (`web.web`).
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import h11
import httpx

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.settings import Manners
from pipelines.web.asking import check_part, headers_for, length_of
from pipelines.web.connection import Connection
from pipelines.web.decode import decode
from pipelines.web.dial import Dial, Lookup, Place, Resolver, connect, resolve
from pipelines.web.guard import Target
from pipelines.web.introduction import introduction
from pipelines.web.pace import Clock
from pipelines.web.part import page_in
from pipelines.web.stream import Broken, open_stream
from pipelines.web.types import check_header

SIDE_BYTES = 64 * 1024
"""How much of an answer that is no page, such as an error, is read."""
MUCH_BYTES = 256 * 1024
"""How much of a coded body, as sent, is undone beside the loop."""
MOST_IDLE = 256
"""Connections kept open between requests."""


class Live:
    """The transport that asks the world. Belongs to one event loop."""

    asks = True

    def __init__(
        self,
        manners: Manners,
        contact: str | None,
        version: str,
        clock: Clock,
        resolver: Resolver = resolve,
        dialler: Dial = open_stream,
    ) -> None:
        self._headers = introduction(contact, version)
        self._manners = manners
        self._lookup = Lookup(manners, resolver)
        self._clock = clock
        self._dial = dialler
        self._tls = httpx.create_ssl_context(trust_env=False)
        self._tls.set_alpn_protocols(["http/1.1"])
        self._tls.hostname_checks_common_name = False  # only what a certificate lists as its names (RFC 9525)
        self._idle: OrderedDict[str, Connection] = OrderedDict()

    async def place(self, target: Target) -> Place:
        """Return where the target is asked: at the other end of an open connection, else where its name leads now.

        Raises `Skip`: `dns`, `refused_address`.
        """
        kept = self._idle.get(target.origin)
        return kept.place if kept is not None and kept.is_ready else await self._lookup.place(target)

    async def fetch(self, target: Target, place: Place, headers: Mapping[str, str]) -> Response:
        """Return the response of the target at that place; what is no 2xx has no body, but `wire` where that is short.

        Raises `Skip`: `connection`, `tls`, `timeout`, `truncated`, `too_large`, `unsupported_type`, `unsupported_coding`.
        """
        try:
            async with asyncio.timeout(self._manners.timeout_seconds):
                connection = await self._connection(target, place)
                return await self._fetched(target, connection, headers)
        except TimeoutError:
            sentence = f"{target.host} was not done after {self._manners.timeout_seconds:g} seconds."
            raise Skip("timeout", sentence) from None

    async def aclose(self) -> None:
        """Hang up everywhere."""
        while self._idle:
            self._idle.popitem()[1].close()

    async def _connection(self, target: Target, place: Place) -> Connection:
        """Return the connection that is kept open to the place, else a new one."""
        kept = self._idle.pop(target.origin, None)
        if kept is not None and kept.is_ready and kept.place == place:
            return kept
        if kept is not None:
            kept.close()
        try:
            return Connection(place, await connect(place, self._dial, self._tls, target.host), self._clock.monotonic)
        except Broken as error:
            raise _skip(error, target, "connection") from None

    async def _fetched(self, target: Target, connection: Connection, headers: Mapping[str, str]) -> Response:
        authority, path = target.origin.partition("://")[2], target.url.removeprefix(target.origin)
        try:
            headers = {"Host": authority, **self._headers, **headers_for(target), **headers}
            await connection.ask(path, headers, target.body.encode())
            return await self._response(target, connection)
        except Broken as error:
            raise _skip(error, target, "connection") from None
        finally:
            self._keep(target, connection)

    def _keep(self, target: Target, connection: Connection) -> None:
        """Keep the connection for the host's next request, if it is fit for one; the one longest idle makes room."""
        if not connection.is_ready:
            connection.close()
            return
        self._idle[target.origin] = connection
        if len(self._idle) > MOST_IDLE:
            self._idle.popitem(last=False)[1].close()

    async def _response(self, target: Target, connection: Connection) -> Response:
        response = Response(target.url, connection.status, connection.headers, b"", self._clock.now())
        if not 200 <= response.status < 300:
            return replace(response, wire=await self._aside(connection))
        check_part(target, response)
        if not target.span:
            check_header(target.url, response.header("content-type"))
        try:
            wire = await connection.body(self._manners.wire_bytes)
        except Broken as error:
            raise _skip(error, target, "truncated") from None
        if target.span:
            return self._page(target, wire)
        codings = ",".join(value for name, value in connection.headers if name.lower() == "content-encoding")
        return replace(response, body=await self._decoded(wire, codings), wire=wire if codings else b"")

    async def _decoded(self, wire: bytes, codings: str) -> bytes:
        """Undo the codings; beside the loop where there is much of it, which may be a hundred thousand parts of nothing each."""
        limits = self._manners.wire_bytes, self._manners.body_bytes
        if not codings or len(wire) < MUCH_BYTES:
            return decode([wire], codings, *limits)
        return await asyncio.to_thread(decode, [wire], codings, *limits)

    def _page(self, target: Target, part: bytes) -> Response:
        """Return the archived page in a part of a file; what was kept elsewhere needs no visit."""
        if len(part) != length_of(target):
            raise Skip("truncated", f"{target.host} sent {len(part)} bytes for {target.span} of {target.url}.")
        return page_in(part, self._manners.wire_bytes, self._manners.body_bytes)

    async def _aside(self, connection: Connection) -> bytes:
        """Return the body of an answer that is no page, as it came; none where it is long or broken off."""
        try:
            wire = await connection.body(SIDE_BYTES)
        except Broken:
            return b""
        return wire if len(wire) <= SIDE_BYTES else b""


def _skip(error: Broken, target: Target, otherwise: str) -> Skip:
    """Return the reason a connection failed."""
    if _beneath(error, ssl.SSLError):
        return Skip("tls", f"{target.host} could not prove who it is: {error}.")
    if otherwise == "truncated" or _beneath(error, h11.RemoteProtocolError):
        return Skip("truncated", f"{target.host} broke off before the end of {target.url}, or never began: {error}.")
    return Skip("connection", f"{target.host} could not be talked to: {error}.")


def _beneath(error: BaseException | None, kind: type[Exception]) -> bool:
    """Say whether an exception of that kind is at the bottom of it."""
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
