"""The only socket of the house: one GET of one URL.

Here: what is sent, limits on every byte and second, and connections kept open for a host's next request. Neither proxies nor
credentials nor certificates are taken from the environment; no cookies; redirects are answers and not followed. Elsewhere: who
we say we are (`web.introduction`), whether the URL may be asked (`web.guard`, `web.robots`, `web.pace`), the way to the server
(`web.dial`, `web.stream`), what is asked and in what order (`web.web`).
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Mapping

import httpcore
import httpx

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.settings import Manners
from pipelines.web.decode import decode
from pipelines.web.dial import Dial, Door, Lookup, Place, Resolver, resolve
from pipelines.web.guard import Target
from pipelines.web.introduction import introduction
from pipelines.web.pace import Clock
from pipelines.web.stream import open_stream
from pipelines.web.types import check_header

HEAD_BYTES = 256 * 1024
"""What status lines and headers may take on the wire beside the body."""
SIDE_BYTES = 64 * 1024
"""How much of an answer that is no page, such as an error, is read."""
MOST_PIECES = 20_000
"""Chunks a body may come in: each takes a moment, however small it is, and nobody sends a page letter by letter."""
MOST_IDLE = 256
IDLE_SECONDS = 20.0
"""Connections kept open between requests, and for how long one is used again."""


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
        self._tls.hostname_checks_common_name = False  # only what a certificate lists as its names (RFC 9525)
        self._idle: OrderedDict[str, _Link] = OrderedDict()

    async def place(self, target: Target) -> Place:
        """Return where the target is asked: at the other end of an open connection, else where its name leads now.

        Raises `Skip`: `dns`, `refused_address`.
        """
        link = self._idle.get(target.origin)
        return link.place if link is not None and link.is_ready else await self._lookup.place(target)

    async def fetch(self, target: Target, place: Place, headers: Mapping[str, str]) -> Response:
        """Return the response of the target at that place; what is no 2xx has no body, but `wire` where that is short.

        Raises `Skip`: `connection`, `tls`, `timeout`, `truncated`, `too_large`, `unsupported_type`, `unsupported_coding`.
        """
        url = place.scheme + target.url.removeprefix(target.scheme)
        request = httpx.Request("GET", url, headers={**self._headers, **headers})
        try:
            async with asyncio.timeout(self._manners.timeout_seconds):
                return await self._fetched(target, place, request)
        except TimeoutError:
            sentence = f"{target.host} was not done after {self._manners.timeout_seconds:g} seconds."
            raise Skip("timeout", sentence) from None

    async def aclose(self) -> None:
        """Hang up everywhere."""
        while self._idle:
            await self._idle.popitem()[1].aclose()

    async def _fetched(self, target: Target, place: Place, request: httpx.Request) -> Response:
        link = await self._taken(target, place) or self._linked(place, request)
        try:
            try:
                answer = await link.ask(request)
            except httpx.TransportError:
                if not link.was_used:
                    raise
                # A server may close an idle connection at any time: it is asked over a new one.
                link = self._linked(place, request)
                answer = await link.ask(request)
            return await self._response(target, answer)
        except httpx.TransportError as error:
            raise _skip(error, target, "connection") from None
        finally:
            await self._keep(target, link)

    async def _taken(self, target: Target, place: Place) -> "_Link | None":
        """Return the connection that is kept open to the place, if it still is."""
        link = self._idle.pop(target.origin, None)
        if link is None or (link.is_ready and link.place == place):
            return link
        await link.aclose()
        return None

    def _linked(self, place: Place, request: httpx.Request) -> "_Link":
        door = Door(place, self._manners.wire_bytes + HEAD_BYTES, self._dial)
        return _Link(place, door, _origin(request.url), self._tls)

    async def _keep(self, target: Target, link: "_Link") -> None:
        """Keep the connection for the host's next request, if it is fit for one; the one longest idle makes room."""
        if not link.is_ready:
            await link.aclose()
            return
        self._idle[target.origin] = link
        if len(self._idle) > MOST_IDLE:
            await self._idle.popitem(last=False)[1].aclose()

    async def _response(self, target: Target, answer: httpx.Response) -> Response:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
        try:
            if not answer.is_success:
                wire = await self._aside(answer)
                return Response(target.url, answer.status_code, headers, b"", self._clock.now(), wire=wire)
            codings = answer.headers.get("content-encoding", "")
            wire, body = await self._page(target, answer, codings)
        except httpx.TransportError as error:
            raise _skip(error, target, "truncated") from None
        finally:
            await answer.aclose()
        return Response(target.url, answer.status_code, headers, body, self._clock.now(), wire=wire if codings else b"")

    async def _page(self, target: Target, answer: httpx.Response, codings: str) -> tuple[bytes, bytes]:
        """Return the body of a page as it came and as it is meant."""
        check_header(target.url, answer.headers.get("content-type", ""))
        limit = self._manners.wire_bytes
        wire = await _read(answer, limit)
        if len(wire) > limit:
            raise Skip("too_large", f"The body is larger than {limit} bytes as sent.")
        return wire, decode([wire], codings, limit, self._manners.body_bytes)

    async def _aside(self, answer: httpx.Response) -> bytes:
        """Return the body of an answer that is no page, as it came; none where it is long or broken off."""
        try:
            wire = await _read(answer, SIDE_BYTES)
        except httpx.TransportError:
            return b""
        return wire if len(wire) <= SIDE_BYTES else b""


class _Link:
    """One connection to one place, kept open as long as both sides like."""

    def __init__(self, place: Place, door: Door, origin: httpcore.Origin, tls: ssl.SSLContext) -> None:
        self.place = place
        self.was_used = False
        self._door = door
        self._connection = httpcore.AsyncHTTPConnection(origin, tls, IDLE_SECONDS, network_backend=door)
        self._transport = _Transport(self._connection, tls)

    @property
    def is_ready(self) -> bool:
        return self._connection.is_available() and not self._connection.has_expired() and not self._has_more

    @property
    def _has_more(self) -> bool:
        """Whether more came than one answer: httpcore would take it for the answer to the next request."""
        inner = self._connection._connection
        return isinstance(inner, httpcore.AsyncHTTP11Connection) and inner._h11_state.trailing_data[0] != b""

    async def ask(self, request: httpx.Request) -> httpx.Response:
        self._door.allow_one_answer()
        answer = await self._transport.handle_async_request(request)
        self.was_used = True
        return answer

    async def aclose(self) -> None:
        await self._connection.aclose()


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's own transport over one connection."""

    def __init__(self, connection: httpcore.AsyncHTTPConnection, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = _One(connection)


class _One(httpcore.AsyncConnectionPool):
    """A pool that is one connection, so that nothing has to be searched for each request."""

    def __init__(self, connection: httpcore.AsyncHTTPConnection) -> None:
        super().__init__()
        self._connection = connection

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        return await self._connection.handle_async_request(request)


def _origin(url: httpx.URL) -> httpcore.Origin:
    port = url.port or (443 if url.scheme == "https" else 80)
    return httpcore.Origin(url.raw_scheme, url.raw_host, port)


async def _read(answer: httpx.Response, most: int) -> bytes:
    """Return the body as sent, and no more than a piece beyond `most` bytes of it; raises `Skip` (`too_large`)."""
    pieces, size = [], 0
    async for piece in answer.aiter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > most:
            break
        if len(pieces) > MOST_PIECES:
            raise Skip("too_large", f"The body comes in more than {MOST_PIECES} pieces.")
    return b"".join(pieces)


def _skip(error: httpx.TransportError, target: Target, otherwise: str) -> Skip:
    """Return the reason a connection failed."""
    detail = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return Skip("timeout", f"{target.host} did not answer in time: {detail}.")
    if _is_tls(error):
        return Skip("tls", f"{target.host} could not prove who it is: {detail}.")
    if otherwise == "truncated":
        return Skip("truncated", f"{target.host} broke off before the end of {target.url}: {detail}.")
    return Skip("connection", f"{target.host} could not be talked to: {detail}.")


def _is_tls(error: BaseException | None) -> bool:
    """Say whether TLS is at the bottom of it."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
