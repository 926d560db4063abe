"""What every answer says, whatever it is: a page, a file, a refusal, an error.

Here: those headers, and putting them on. Elsewhere: what an answer says of itself.
"""

from collections.abc import Container, Mapping

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
"""What a page may load: our style, our pictures. No script, not even our own."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), interest-cohort=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
STRICT = {"Strict-Transport-Security": "max-age=31536000"}
"""Said over TLS: from now on only so."""
FLEETING = {"Cache-Control": "no-store"}
"""Said of all but files that hold nothing of anybody."""


_KEPT = (200, 304)
_BARE = PlainTextResponse("Something went wrong on our side.\n", 500)


class Dressed:
    """An application whose every answer says so; of the paths `keepable`, what is there may be kept for a while."""

    def __init__(self, app: ASGIApp, *, tls: bool, keepable: Container[str]) -> None:
        self._app, self._keepable = app, keepable
        self._said = {**HEADERS, **(STRICT if tls else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, dressed; where nobody else did, with the bare fact that something went wrong."""
        begun = scope["type"] != "http"

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                kept = scope["path"] in self._keepable and message["status"] in _KEPT
                MutableHeaders(scope=message).update(self._said if kept else {**self._said, **FLEETING})
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            if not begun:
                await _BARE(scope, receive, sending)


def raw(status: str, sentence: str, *, tls: bool) -> bytes:
    """Return a whole answer for whoever did not even send a request."""
    body = f"{sentence}\n".encode()
    said = {**HEADERS, **(STRICT if tls else {}), **FLEETING, "Content-Type": "text/plain; charset=utf-8"}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode() + body
