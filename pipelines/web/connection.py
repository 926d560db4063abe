"""One connection to one server, and HTTP/1.1 over it: requests one after the other as long as both sides like.

Here: a question as bytes and an answer from bytes, by h11, the protocol without sockets that httpx is built on; through httpx
itself a page took nearly three times as long. Elsewhere: opening the stream (`web.dial`), limits of time and what an answer may
be (`web.client`).
"""

from collections.abc import Callable, Mapping

import h11

from pipelines.errors import Skip
from pipelines.web.dial import Place
from pipelines.web.stream import Broken, Stream

HEAD_BYTES = 256 * 1024
"""What everything before the body may take on the wire, interim answers and all."""
LONGEST_HEAD = 100 * 1024
PIECE_BYTES = 64 * 1024
MOST_PIECES = 20_000
"""Pieces in which a body may come: each costs time, however small it is."""
IDLE_SECONDS = 20.0
"""For how long an idle connection is used again."""


class Connection:
    """An open connection. `status` and `headers` are those of the last answer."""

    def __init__(self, place: Place, stream: Stream, monotonic: Callable[[], float]) -> None:
        self.place = place
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self._stream = stream
        self._monotonic = monotonic
        self._idle_since = monotonic()
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)

    @property
    def is_ready(self) -> bool:
        """Whether it may be asked again: the last answer came to its end, and nothing came behind it."""
        fresh = self._monotonic() - self._idle_since < IDLE_SECONDS
        whole = self._http.our_state is h11.IDLE and not self._http.trailing_data[0]
        return fresh and whole and not self._stream.has_news

    async def ask(self, path: str, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Send a GET, or a POST of the body, and wait for status and headers; raises `Broken`, `Skip` (`too_large`)."""
        self._stream.allowed = HEAD_BYTES
        posted = {"Content-Length": str(len(body))} if body else {}
        request = h11.Request(method="POST" if body else "GET", target=path, headers=[*headers.items(), *posted.items()])
        events = (request, *([h11.Data(data=body)] if body else []), h11.EndOfMessage())
        self._stream.write(b"".join(self._http.send(each) or b"" for each in events))
        event = await self._next()
        while not isinstance(event, h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise Broken("it speaks something else than was asked for")
            event = await self._next()
        self.status = event.status_code
        self.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items())

    async def body(self, most: int) -> bytes:
        """Return the body as sent; of one longer than `most` bytes more than that, and the connection is of no more use.

        Raises `Broken` for one that ends before its end, `Skip` (`too_large`).
        """
        self._stream.allowed = most + HEAD_BYTES
        pieces, size = list[bytes](), 0
        while size <= most:
            event = await self._next()
            if isinstance(event, h11.EndOfMessage):
                self._rest()
                break
            if not isinstance(event, h11.Data):
                raise Broken("it stopped in the middle")
            pieces.append(bytes(event.data))
            size += len(event.data)
            if len(pieces) > MOST_PIECES:
                raise Skip("too_large", f"The body comes in more than {MOST_PIECES} pieces.")
        return b"".join(pieces)

    def close(self) -> None:
        """Hang up at once."""
        self._stream.close()

    async def _next(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return what comes next; raises `Broken` for what is no HTTP."""
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                piece = await self._stream.read(PIECE_BYTES)
                if not piece and self._http.their_state is h11.SEND_RESPONSE and not self._http.trailing_data[0]:
                    raise Broken("it hung up without an answer")
                self._http.receive_data(piece)
        except h11.RemoteProtocolError as error:
            raise Broken(str(error)) from error
        return event

    def _rest(self) -> None:
        """Make ready for another request, where both sides are."""
        self._idle_since = self._monotonic()
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
