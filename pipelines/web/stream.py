"""Bytes to and from one server.

Here: opening a connection to an address, TLS over it, and how many bytes may still be read. Elsewhere: which addresses may be
dialled (`web.dial`), HTTP (`web.connection`).
"""

import asyncio
import ssl
from typing import cast

from pipelines.errors import Skip

PATIENCE_SECONDS = 5.0
"""How long one address is tried before the next."""
MOST_WAITING = 256 * 1024
"""Bytes that may wait to be read before the other side is told to hold on."""


class Broken(Exception):  # noqa: N818 - reads as what it is
    """The connection cannot be opened, or broke, or what comes over it makes no sense."""


class Stream:
    """One open connection. `allowed` is how many bytes may still be read before the answer counts as too large."""

    def __init__(self, transport: asyncio.Transport, inbox: "_Inbox") -> None:
        self._transport = transport
        self._inbox = inbox
        self.allowed = 0

    @property
    def has_news(self) -> bool:
        """Whether something waits to be read, or the other side has hung up."""
        return self._inbox.has_news

    async def read(self, most: int) -> bytes:
        """Return what has come, b"" at the end; raises `Broken`, `Skip` (`too_large`)."""
        if self._inbox.has_news:
            await asyncio.sleep(0)  # a server that floods us must not keep all others waiting
        piece = await self._inbox.take(most)
        self.allowed -= len(piece)
        if self.allowed < 0:
            raise Skip("too_large", "The answer is larger than what is read of one.")
        return piece

    def write(self, content: bytes) -> None:
        """Send; a request is short, so nobody waits for it to be gone."""
        self._transport.write(content)

    def close(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    async def secure(self, tls: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on, with whoever proves to be the host; raises `Broken` with the reason beneath."""
        loop = asyncio.get_running_loop()
        if not self._inbox.is_empty:  # it would be taken for what the host said over TLS
            self._transport.abort()
            raise Broken("it spoke before it proved who it is") from ssl.SSLError("not TLS")
        try:
            secured = await loop.start_tls(self._transport, self._inbox, tls, server_hostname=host)
        except OSError as error:  # what ssl raises is one, too
            self._transport.abort()
            raise Broken(str(error)) from error
        self._transport = cast("asyncio.Transport", secured)
        self._inbox.transport = self._transport


async def open_stream(address: str, port: int) -> Stream:
    """Return a connection to the address; raises `Broken`."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            transport, inbox = await loop.create_connection(_Inbox, address, port)
    except TimeoutError as error:
        raise Broken(f"{address} did not answer in {PATIENCE_SECONDS:g} seconds") from error
    except OSError as error:
        raise Broken(str(error)) from error
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
        self._is_full = False

    @property
    def is_empty(self) -> bool:
        return not self._pieces

    @property
    def has_news(self) -> bool:
        return self._is_over or bool(self._pieces)

    async def take(self, most: int) -> bytes:
        while not self.has_news:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if self._trouble is not None and not self._pieces:
            raise Broken(str(self._trouble)) from self._trouble
        piece = bytes(self._pieces[:most])
        del self._pieces[:most]
        if self._is_full and self.transport is not None and not self._is_over:
            self._is_full = False
            self.transport.resume_reading()
        return piece

    def data_received(self, data: bytes) -> None:
        self._pieces += data
        if len(self._pieces) > MOST_WAITING and self.transport is not None:
            self._is_full = True
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
