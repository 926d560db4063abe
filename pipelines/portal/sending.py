"""A download as an answer: piece by piece, hashed as it goes, and written down when it ends.

Here: the answer, its headers, and the note of it, also of one that broke off. Elsewhere: its pieces (`downloads`), the journal
(`doors`).
"""

from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import quote

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from pipelines.portal.downloads import Parcel


class Sent(StreamingResponse):
    """A parcel being sent; the release is let go of and the journal is told, however it ends."""

    def __init__(self, request: Request, parcel: Parcel) -> None:
        self._parcel, self._journal = parcel, request.state.journal
        self._hash, self._whole = sha256(), False
        headers = {"Content-Disposition": attachment(parcel.filename), "X-Content-Type-Options": "nosniff"}
        super().__init__(self._pieces(), media_type=parcel.media, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self._end()

    def _pieces(self) -> Iterator[bytes]:
        """Yield the pieces; asked for in a thread, so that nobody waits for what making and hashing them takes."""
        for piece in self._parcel.pieces():
            self._hash.update(piece)
            yield piece
        self._whole = True

    async def _end(self) -> None:
        parcel = self._parcel
        try:
            await self._journal.note(
                what=parcel.way.name,
                selection=parcel.selection.canonical,
                rows=parcel.rows,
                sha256=self._hash.hexdigest(),
                release=parcel.release.version,
                suppression=parcel.suppression,
                ids=parcel.ids(),
                whole=self._whole,
            )
        finally:
            await run_in_threadpool(parcel.close)


def attachment(filename: str) -> str:
    """Return the header that makes an answer a file of that name: plain for old browsers, encoded for all others."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
