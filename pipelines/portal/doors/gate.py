"""The gate: what every request passes before any page hears of it.

Here: the order of the questions. Elsewhere: each of them (`doorway`, `forgery`, `sessions`, `body`), the refusals, the headers.

Nothing is open that is not named here: the login form, and files that hold nothing of anybody. Whoever is not logged in hears the
same of every other path, whether there is anything or not.
"""

import logging
import re
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.errors import Stop
from pipelines.portal.doors import cookies, static
from pipelines.portal.doors.body import fields_of
from pipelines.portal.doors.exports import Noting
from pipelines.portal.doors.forgery import fits, from_ourselves, may_look
from pipelines.portal.doors.keys import Keys
from pipelines.portal.doors.login import LOGIN, UNAUTHORIZED, form
from pipelines.portal.doors.refusals import Refused, told
from pipelines.portal.doors.sessions import Session
from pipelines.portal.doors.wire import HEAD_BYTES

_LOG = logging.getLogger("uvicorn.error")
LONGEST_TARGET = 8 * 1024
"""Bytes of a path with its query."""
MOST_HEADERS = 100
_SAFE = ("GET", "HEAD")
_METHODS = (*_SAFE, "POST")
_NO_PATH = re.compile(r"[\x00-\x1f\x7f\\]|/\.{0,2}(/|$)|^[^/]", re.DOTALL)
"""What no path of ours has: control characters, backslashes, empty parts, dots for folders. The first slash is excepted."""
_UNGUESSED = re.compile(r"[A-Za-z0-9_-]{43}")
_RANGES = (b"range", b"if-range")
_TLS_ONLY = "This page is served over TLS only; let the proxy before it say X-Forwarded-Proto: https."


class Gate:
    """An application behind the gate."""

    def __init__(self, app: ASGIApp, keys: Keys, files: Mapping[str, static.StaticFile], noting: Callable[[str], Noting]) -> None:
        self._app, self._keys, self._files, self._noting = app, keys, files, noting
        self._tls = keys.doorway.tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through; other protocols are not spoken."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in _RANGES]
        request, file = Request(scope, receive), self._files.get(scope["path"])
        say = send
        try:
            say = _saying(send, self._remembered(request))
            self._known(request)
            if file is not None and request.method in _SAFE:
                await static.answer(file, request)(scope, receive, send)
            else:
                await self._app(scope, await self._admitted(request), say)
        except Refused as refused:
            await self._refusal(request, refused)(scope, receive, say)

    def _remembered(self, request: Request) -> str | None:
        """Put what pages ask of a request at its side, and return the header of a cookie that the browser does not have yet."""
        request.state.user, request.state.csrf, request.state.journal = None, "", None  # what follows may fail, and be told of
        session, browser = self._session(request), cookies.read(request, cookies.FORM, tls=self._tls)
        known = session is not None or _UNGUESSED.fullmatch(browser) is not None
        browser = browser if known else self._keys.new_id()
        request.state.user = session
        request.state.csrf = self._keys.token(session.handle if session else browser)
        request.state.journal = self._noting(session.name if session else "")
        return None if known else cookies.written(cookies.FORM, browser, tls=self._tls)

    def _session(self, request: Request) -> Session | None:
        identity = cookies.read(request, cookies.SESSION, tls=self._tls)
        try:
            return self._keys.sessions.find(identity) if identity else None
        except Stop as stop:  # who the users are cannot be read: that is for whoever runs the page to know, and nobody else
            _LOG.error("%s", stop)
            raise Refused(
                503, "Nobody can be let in at the moment; whoever runs this page finds the reason in its log."
            ) from stop

    def _known(self, request: Request) -> None:
        """Refuse what is no request to this page, whoever sends it."""
        scope, doorway, headers = request.scope, self._keys.doorway, request.headers
        target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if target > LONGEST_TARGET:
            raise Refused(414, "That address is too long; choose fewer filters.")
        if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers.raw) > HEAD_BYTES:
            raise Refused(431, "That request has too many headers; delete the cookies of this page, then try again.")
        if len(hosts := headers.getlist("host")) != 1 or not doorway.answers_to(hosts[0]):
            raise Refused(400, "This page does not go by that name; use the address that it was started with.")
        if doorway.behind_tls and headers.get("x-forwarded-proto") != "https":
            raise Refused(400, _TLS_ONLY)
        if request.method in _SAFE and not may_look(headers):
            raise Refused(403, "Another page asked for this, and it is not shown there; open it by itself.")

    async def _admitted(self, request: Request) -> Receive:
        """Refuse who is not logged in, what is forged and what is too much; return the body, which is small then."""
        path, state = request.scope["path"], request.state
        if self._keys.doorway.guarded and state.user is None and path != LOGIN:
            raise Refused(UNAUTHORIZED, "Log in first.")
        if request.method not in _METHODS:
            raise Refused(405, "This page takes no such request.", {"Allow": ", ".join(_METHODS)})
        if path != "/" and _NO_PATH.search(path):
            raise Refused(404, "There is nothing here by that name.")
        if request.method in _SAFE:
            return request.receive
        if not from_ourselves(request.headers, self._keys.doorway.scheme):
            raise Refused(403, "That was not sent from this page; open the page and try again there.")
        state.fields, receive = await fields_of(request)
        if not fits(state.fields.get("csrf", ""), state.csrf):
            raise Refused(403, "That form is out of date; open the page again and send it anew.")
        return receive

    def _refusal(self, request: Request, refused: Refused) -> Response:
        return form(request, refused) if refused.status == UNAUTHORIZED else told(request, refused)


def _saying(send: Send, cookie: str | None) -> Send:
    """Return a `send` that gives a browser a cookie along with the answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and cookie:
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return sending
