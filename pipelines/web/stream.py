"""Bytes to and from one server: a connection of asyncio as httpcore wants it.

Here: opening a connection to an address, TLS over it, and how many bytes one answer may have on the wire. Elsewhere: which
addresses may be dialled (`web.dial`), HTTP (httpcore, by way of `web.client`).
"""

import asyncio
import ssl
from typing import Any, cast

import httpcore

from pipelines.errors import Skip

PATIENCE_SECONDS = 5.0
"""How long one address is tried before the next."""
MOST_WAITING = 256 * 1024
"""Bytes that may wait to be read before the other side is told to hold on."""


class Stream(httpcore.AsyncNetworkStream):
    """One open connection. `allowed` is how many bytes may still be read before the answer counts as too large."""

    def __init__(self, transport: asyncio.Transport, inbox: "_Inbox") -> None:
        self._transport = transport
        self._inbox = inbox
        self.allowed = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the fetch has one deadline
        """Return what has come, b"" at the end; raises `Skip` (`too_large`), `httpcore.ReadError`."""
        if self._inbox.has_news:  # so that who sends faster than we read keeps neither others nor our deadline waiting
            await asyncio.sleep(0)
        piece = await self._inbox.take(max_bytes)
        self.allowed -= len(piece)
        if self.allowed < 0:
            raise Skip("too_large", "The answer is larger than what is read of one.")
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send; a request is short, so nobody waits for it to be gone."""
        self._transport.write(buffer)

    async def aclose(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Speak TLS from now on; raises `httpcore.ConnectError` with the reason beneath."""
        loop = asyncio.get_running_loop()
        try:
            secured = await loop.start_tls(self._transport, self._inbox, ssl_context, server_hostname=server_hostname)
        except OSError as error:  # what ssl raises is one, too
            self._transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        self._transport = cast("asyncio.Transport", secured)
        self._inbox.transport = self._transport
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        """Return what httpcore asks: whether something came unasked or the connection is over, and the TLS object."""
        return self._inbox.has_news if info == "is_readable" else self._transport.get_extra_info(info)


async def open_stream(address: str, port: int) -> Stream:
    """Return a connection to the address; raises `httpcore.ConnectError`, `httpcore.ConnectTimeout`."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            transport, inbox = await loop.create_connection(_Inbox, address, port)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"{address} did not answer in {PATIENCE_SECONDS:g} seconds") from error
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    inbox.transport = transport
    return Stream(transport, inbox)


class _Inbox(asyncio.Protocol):
    """What has come and was not read yet."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._pieces = bytearray()
        self._reader: asyncio.Future[None] | None = None
        self._trouble: Exception | None = None
        self._is_over = False

    @property
    def has_news(self) -> bool:
        return self._is_over or bool(self._pieces)

    async def take(self, most: int) -> bytes:
        while not self.has_news:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if self._trouble is not None and not self._pieces:
            raise httpcore.ReadError(str(self._trouble)) from self._trouble
        piece = bytes(self._pieces[:most])
        del self._pieces[:most]
        if self.transport is not None and not self._is_over:
            self.transport.resume_reading()
        return piece

    def data_received(self, data: bytes) -> None:
        self._pieces += data
        if len(self._pieces) > MOST_WAITING and self.transport is not None:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._is_over = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over, self._trouble = True, exc
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
