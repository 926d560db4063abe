"""Asking what was seen before instead of the world: the transport of a replay.

Here: what a shelf and a transport are, and a transport that asks shelves in order. Elsewhere: the shelves (`web.replay_warc`,
`web.replay_folder`), the transport that asks the world (`web.client`).
"""

from collections.abc import Sequence
from typing import Protocol

from pipelines.errors import Skip
from pipelines.records import Response


class Transport(Protocol):
    """Whatever answers for a URL with one response; redirects are answers and not followed."""

    @property
    def asks(self) -> bool:
        """Whether somebody's server is asked, so that a guest's manners apply."""

    def fetch(self, url: str) -> Response:
        """Return the response, whatever its status; raises `Skip` with the reason there is none."""


class Shelf(Protocol):
    """A place where responses of the past lie."""

    def find(self, url: str) -> Response | None:
        """Return what lies there for the URL, or None; raises `Skip` when it cannot be read."""


class Replay:
    """A transport over shelves; the first that knows the URL answers."""

    asks = False

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = shelves

    def fetch(self, url: str) -> Response:
        """Return the recorded response; raises `Skip` (`not_in_archive`, or why the record cannot be read)."""
        for shelf in self._shelves:
            if (response := shelf.find(url)) is not None:
                return response
        raise Skip("not_in_archive", f"The archives that are replayed do not hold {url}.")
