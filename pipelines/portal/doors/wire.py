"""How long a connection may take, and how many there may be: what no application behind a server can see.

Here: uvicorn's HTTP/1.1 with these limits, and its own answers in our dress. Elsewhere: requests, once they are there (`gate`).
"""

from asyncio import BaseTransport, TimerHandle, Transport
from dataclasses import dataclass
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipelines.portal.doors.headers import raw


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for a request to arrive whole, and for a reader to take the next piece; connections in all, and of one address."""

    arriving: float = 20.0
    taking: float = 30.0
    connections: int = 256
    of_one: int = 256


_LINGERING = 2.0
HEAD_BYTES = 16 * 1024
"""A request's first line and headers."""


def protocol(limits: Limits, *, tls: bool) -> type[H11Protocol]:
    """Return uvicorn's protocol with the limits in it."""

    class Bounded(_Bounded):
        bounds = limits
        dressed_for_tls = tls

    return Bounded


class _Bounded(H11Protocol):
    bounds: Limits
    dressed_for_tls: bool
    _deaf: bool = False
    _arriving: TimerHandle | None = None
    _taking: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast("Transport", transport))
        if len(self.connections) > self.bounds.connections or self._of_one() > self.bounds.of_one:
            self._say("503 Service Unavailable", "Too many are here at the moment; try again in a minute.")
            self.transport.close()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._deaf:
            super().data_received(data)
            self._watch()

    def pause_writing(self) -> None:
        """Begin to wait for a reader that does not take what there is for it."""
        super().pause_writing()
        self._taking = self.loop.call_later(self.bounds.taking, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: it did."""
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; where an answer is under way already, only hang up."""
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
        self.conn.send_failed()
        self._say("400 Bad Request", msg)

    def _watch(self) -> None:
        """Give a request that has begun, or a connection without one, so much time and no more."""
        waiting = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0] and self.cycle is not None
        if waiting and self.cycle.response_complete and self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not waiting:
            if self._arriving is None:
                self._arriving = self.loop.call_later(self.bounds.arriving, self._too_slow)
        else:
            self._unwatch()

    def _of_one(self) -> int:
        """Return how many connections there are from where this one is from."""
        mine = self.client[0] if self.client else ""
        clients = (getattr(each, "client", None) for each in self.connections)
        return sum(client is not None and client[0] == mine for client in clients)

    def _unwatch(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _too_slow(self) -> None:
        """Hang up: with a word to whom a request was begun by and not answered yet, without one to who only holds the line."""
        self._arriving = None
        answered = self.cycle is None or self.cycle.response_complete
        begun = bool(self.conn.trailing_data[0]) if answered else not self.cycle.response_started
        if begun and (not answered or self.conn.their_state is h11.IDLE):
            self._say("408 Request Timeout", "The request took too long to arrive; send it again.")
        else:
            self.transport.abort()

    def _say(self, status: str, sentence: str) -> None:
        """Answer, and hear no more. What still comes is thrown away for a moment: who is cut off while talking hears nothing."""
        if self._deaf or self.transport.is_closing():
            return
        self._deaf = True
        self._unwatch()
        self.transport.write(raw(status, sentence, tls=self.dressed_for_tls))
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self.loop.call_later(_LINGERING, self.transport.abort)
        else:
            self.transport.close()
