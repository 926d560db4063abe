"""How downloads are let out: so many an hour, so many at a time, and each of them written down.

Here: the limits put before the routes of downloads, and the journal as pages see it. Elsewhere: what is downloaded
(`pipelines.portal`), the counting (`limits`), the journal itself (`journal`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256 as digest
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.home import Home
from pipelines.portal.doors.journal import Download, append, make_ready
from pipelines.portal.doors.limits import Allowance, Slots
from pipelines.portal.doors.refusals import wait_for

DOWNLOADS = "/download"
"""What the paths of downloads begin with."""
_A_MOMENT = 5.0
_TYPED = ("search",)


class Noting:
    """The journal for one request: who it is, is known."""

    def __init__(self, home: Home, who: str, now: Callable[[], datetime]) -> None:
        self._home, self._who, self._now = home, who, now

    async def make_ready(self) -> None:
        """Raise `Stop` where nothing could be written down."""
        await run_in_threadpool(make_ready, self._home)

    async def note(
        self,
        what: str,
        selection: Mapping[str, Any],
        rows: int,
        sha256: str,
        release: str,
        suppression: str,
        *,
        ids: Iterable[str] | None = None,
        whole: bool = True,
    ) -> None:
        """Write down what somebody took; on the disk when this returns. Raises `OSError` when the disk refuses."""
        moment = self._now().isoformat(timespec="seconds")
        taken = Download(moment, self._who, "page", what, _discreet(selection), rows, sha256, release, suppression, whole=whole)
        await run_in_threadpool(append, self._home, taken, ids)


def _discreet(selection: Mapping[str, Any]) -> dict[str, Any]:
    """Return the selection without what somebody typed, which may be a person's name: in its place stands a hash of it."""
    typed = {name: f"hashed:{digest(str(selection[name]).encode()).hexdigest()[:8]}" for name in _TYPED if name in selection}
    return {**selection, **typed}


def limited(routes: Sequence[BaseRoute], allowance: Allowance, slots: Slots) -> list[BaseRoute]:
    """Return the routes, with the limits before those of downloads."""
    for route in routes:
        if isinstance(route, Route) and route.path.startswith(DOWNLOADS):
            route.app = _Limited(route.app, allowance, slots)
    return list(routes)


class _Limited:
    def __init__(self, app: ASGIApp, allowance: Allowance, slots: Slots) -> None:
        self._app, self._allowance, self._slots = app, allowance, slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a download begin if there is room for it; who is at the machine itself is not counted by the hour."""
        request = Request(scope)
        user = request.state.user
        name = user.name if user else ""
        with self._slots.one(name) as free:
            if not free:
                raise wait_for(_A_MOMENT, "Other downloads are under way; wait until one of them is done, then try again.")
            await request.state.journal.make_ready()
            if user and (wait := self._allowance.take(name)):
                raise wait_for(
                    wait, "You took as many files as may be taken in an hour; try again later, or ask whoever runs this page."
                )
            await self._app(scope, receive, send)
