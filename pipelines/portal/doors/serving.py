"""The page as it is served: routes behind the gate, behind the wire.

Here: putting the doors together, and running them in one process until somebody ends it. Elsewhere: each door.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server, socket
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.doors.doorway import Doorway
from pipelines.portal.doors.exports import Noting, limited
from pipelines.portal.doors.forgery import tokens
from pipelines.portal.doors.gate import Gate
from pipelines.portal.doors.headers import Dressed
from pipelines.portal.doors.keys import Keys
from pipelines.portal.doors.limits import Allowance, Attempts, Patience, Slots
from pipelines.portal.doors.login import Login
from pipelines.portal.doors.refusals import HANDLERS, on_trouble
from pipelines.portal.doors.sessions import Lasting, Sessions
from pipelines.portal.doors.static import read_static
from pipelines.portal.doors.users import Users
from pipelines.portal.doors.wire import HEAD_BYTES, Limits, protocol
from pipelines.settings import Portal

STATIC = Path(__file__).parents[1] / "static"
OF_NAME, OF_ADDRESS = Patience(free=5, longest=300.0), Patience(free=20, longest=900.0)
"""What wrong passwords cost: five for a name and twenty from an address are anybody's slips."""
_OF_ONE_ELSEWHERE, _WAITING = 64, 512


@dataclass(frozen=True, slots=True)
class Given:
    """What comes from outside: seconds that never go back, the moment (with a zone), ids nobody can guess, who runs this."""

    ticks: Callable[[], float]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    account: str


def keys_for(users: Users, door: Doorway, settings: Portal, given: Given) -> Keys:
    """Return what the doors of one server look at."""
    lasting = Lasting(settings.idle_minutes * 60, settings.session_hours * 3600)
    sessions = Sessions(users.since, given.ticks, given.new_id, lasting)
    by_name, by_address = Attempts(given.ticks, OF_NAME), Attempts(given.ticks, OF_ADDRESS)
    return Keys(door, users, sessions, by_name, by_address, tokens(given.new_id()), given.new_id, given.ticks)


def assemble(views: Sequence[BaseRoute], home: Home, keys: Keys, settings: Portal, given: Given) -> ASGIApp:
    """Return the application: the views, and the pages of logging in where somebody has to, behind all doors."""
    allowance = Allowance(given.ticks, settings.exports_per_hour)
    slots = Slots(settings.downloads_at_once, settings.downloads_of_one)
    pages = [*limited(views, allowance, slots), *(Login(keys).routes() if keys.doorway.guarded else [])]
    inside = Starlette(routes=pages, exception_handlers=HANDLERS)
    inside.router.redirect_slashes = False
    files = read_static(STATIC)
    gate = Gate(inside, keys, files, lambda name: Noting(home, name or given.account, given.now))
    return Dressed(ServerErrorMiddleware(gate, handler=on_trouble), tls=keys.doorway.tls, keepable=files)


def server(app: ASGIApp, door: Doorway, limits: Limits | None = None) -> uvicorn.Server:
    """Return the server of the application: one process, no log of who looked at what.

    Raises `Stop` for a certificate or key that is none.
    """
    direct = door.guarded and not door.behind_tls
    bounds = limits or Limits(of_one=_OF_ONE_ELSEWHERE if direct else Limits().of_one)
    config = uvicorn.Config(
        app,
        http=protocol(bounds, tls=door.tls),
        ws="none",
        access_log=False,
        log_config=LOG,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=5,
        ssl_certfile=door.certificate,
        ssl_keyfile=door.key,
    )
    try:
        config.load()
    except OSError as error:  # a file that is not there, or what TLS makes of one that is
        reason = error.strerror or type(error).__name__
        raise Stop(f"{door.certificate} and {door.key} are no certificate and its key ({reason}); name PEM files.") from None
    return uvicorn.Server(config)


def listening(door: Doorway) -> socket:
    """Return a socket that listens where the page is to be; raises `Stop` when it cannot be there."""
    host = door.host.strip("[]")
    try:
        return create_server((host, door.port), family=AF_INET6 if ":" in host else AF_INET, backlog=_WAITING)
    except OSError as error:
        reason = error.strerror or error
        raise Stop(f"The page cannot be at {door.host}, port {door.port} ({reason}); choose another with --port.") from None


Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Says of an error what it is and where, and never what it says: there may be a name in it, or a filter."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - as logging has it
        """Return the kind of the error, and of those it came from, with the lines of our code they passed."""
        error: BaseException | None = ei[1]
        said = []
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            places = " < ".join(f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in reversed(frames))
            said.append(f"{type(error).__name__} at {places}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(said)


LOG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": Discreet, "format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet", "stream": "ext://sys.stderr"}},
    "loggers": {"uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
"""Warnings and errors on stderr; the address, the query and the body of a request are in none of them."""
