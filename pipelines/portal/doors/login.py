"""Logging in and out, and which sessions one has.

Here: those pages. Elsewhere: passwords (`users`), sessions (`sessions`), how often one may try (`limits`), who gets here
(`gate`).

A failed attempt counts against the name and against the address it came from, before the password is looked at: many at once are
many. The answer says the same, and takes as long, whether the name or the password is wrong.
"""

import re
from asyncio import Semaphore
from ipaddress import ip_address, ip_network

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipelines.portal.doors import cookies
from pipelines.portal.doors.keys import Keys
from pipelines.portal.doors.refusals import Refused, wait_for
from pipelines.portal.doors.users import LONGEST, User
from pipelines.portal.pages import page

LOGIN, UNAUTHORIZED = "/login", 401
_AT_ONCE = 2
"""Passwords that are looked at side by side: each takes 64 MiB of memory."""
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_WRONG = "That name and that password do not belong together."
_CHALLENGE = {"WWW-Authenticate": 'Cookie realm="Bullseye", form-action="/login"'}
"""What a 401 has to carry (RFC 9110); browsers show the form below it."""


def form(request: Request, refused: Refused | None = None) -> Response:
    """Return the form to log in by; after a refusal with what was wrong, and the way back to what was asked for."""
    there = request.url.path if request.method == "GET" and request.url.path != LOGIN else ""
    asked = f"{there}?{request.url.query}" if there and request.url.query else there
    answer = page(
        request, "login.html", to=asked or _local(request.query_params.get("to", "")), sentence=refused and refused.sentence
    )
    if refused is not None:
        answer.status_code = refused.status
        answer.headers.update({**(_CHALLENGE if refused.status == UNAUTHORIZED else {}), **refused.headers})
    return answer


class Login:
    """The pages of logging in and out."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._tls, self._looking = keys, keys.doorway.tls, Semaphore(_AT_ONCE)

    def routes(self) -> list[Route]:
        """Return the pages, all of which but the form itself are for those who are in."""
        return [
            Route(LOGIN, self._form, methods=["GET"]),
            Route(LOGIN, self._log_in, methods=["POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
            Route("/sessions", self._list, methods=["GET"]),
            Route("/sessions/end", self._end, methods=["POST"]),
        ]

    async def _form(self, request: Request) -> Response:
        return RedirectResponse("/", 303) if request.state.user else form(request)

    async def _log_in(self, request: Request) -> Response:
        fields = request.state.fields
        try:
            user = await self._known(request, fields.get("name", "").strip(), fields.get("password", ""))
        except Refused as refused:
            return form(request, refused)
        if request.state.user is not None:
            self._keys.sessions.end(request.state.user.handle)
        identity = self._keys.sessions.begin(user.name, user.since)
        answer = RedirectResponse(_local(fields.get("to", "")) or "/", 303)
        answer.headers.append("Set-Cookie", cookies.written(cookies.SESSION, identity, tls=self._tls))
        return answer

    async def _known(self, request: Request, name: str, password: str) -> User:
        """Return whose name and password it is; raises `Refused` when they are nobody's, or it was tried too often."""
        account, address = name.lower()[:64], address_of(request, behind=self._keys.doorway.behind_tls)
        wait = max(self._keys.by_name.wait(account), self._keys.by_address.wait(address))
        if wait:
            raise wait_for(wait, "There were too many attempts; wait a while, then try again.")
        self._keys.by_name.fail(account)
        self._keys.by_address.fail(address)
        async with self._looking:
            user = await run_in_threadpool(self._keys.users.check, name, password[: LONGEST + 1])
        if user is None:
            raise Refused(UNAUTHORIZED, _WRONG)
        self._keys.by_name.forgive(account)
        self._keys.by_address.undo(address)
        return user

    async def _log_out(self, request: Request) -> Response:
        self._keys.sessions.end(request.state.user.handle)
        answer = RedirectResponse(LOGIN, 303)
        answer.headers.append("Set-Cookie", cookies.cleared(cookies.SESSION, tls=self._tls))
        return answer

    async def _list(self, request: Request) -> Response:
        now, mine = self._keys.ticks(), request.state.user
        sessions = [
            {
                "handle": each.handle,
                "this": each is mine,
                "begun": int(now - each.begun) // 60,
                "used": int(now - each.used) // 60,
            }
            for each in self._keys.sessions.of(mine.name)
        ]
        return page(request, "sessions.html", sessions=sessions)

    async def _end(self, request: Request) -> Response:
        """End one of one's own sessions; what is no session of one's own is none."""
        mine, wanted = request.state.user, request.state.fields.get("session", "")
        for each in self._keys.sessions.of(mine.name):
            if each.handle == wanted or (wanted == "others" and each is not mine):
                self._keys.sessions.end(each.handle)
        return RedirectResponse("/sessions", 303)


def address_of(request: Request, *, behind: bool) -> str:
    """Return where a request comes from: of IPv6 the network, since one customer has all of it.

    Behind a proxy it is the last address in X-Forwarded-For, which the proxy put there; those before it anybody may have.
    """
    direct = request.client.host if request.client else ""
    told = request.headers.getlist("x-forwarded-for")[-1:] if behind else []
    said = told[0].rpartition(",")[2].strip() if told else direct
    try:
        address = ip_address(said.strip("[]"))
    except ValueError:
        return direct
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _local(path: str) -> str:
    """Return a path of this page as it is, and nothing for what leads elsewhere."""
    return path if _LOCAL_PATH.fullmatch(path) else ""
