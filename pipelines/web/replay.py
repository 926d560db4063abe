"""Asking what was seen before instead of the world: the transport of a replay.

Here: what a shelf and a transport are, and a transport that asks shelves in order. Elsewhere: the shelves (`web.replay_warc`,
`web.replay_folder`), the transport that asks the world (`web.client`).
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pipelines.errors import Skip
from pipelines.records import Response
from pipelines.web.dial import Place
from pipelines.web.guard import Target

NOWHERE = Place(("",), 0, "")
"""Where a replay asks."""


class Transport(Protocol):
    """Whatever answers for a target with one response; redirects are answers and not followed."""

    @property
    def asks(self) -> bool:
        """Whether somebody's server is asked, so that a guest's manners apply."""

    async def place(self, target: Target) -> Place:
        """Return where the target is asked; raises `Skip` when nowhere."""

    async def fetch(self, target: Target, place: Place, headers: Mapping[str, str]) -> Response:
        """Return the response, whatever its status; raises `Skip` with the reason there is none."""

    async def aclose(self) -> None:
        """Hang up."""


class Shelf(Protocol):
    """A place where responses of the past lie."""

    def holds(self, host: str) -> bool:
        """Say whether anything of the host lies there."""

    def find(self, url: str) -> Response | None:
        """Return what lies there for the URL (`Request.address`), or None; raises `Skip` when it cannot be read."""


class Replay:
    """A transport over shelves; the first that knows the URL answers."""

    asks = False

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = shelves

    async def place(self, target: Target) -> Place:  # noqa: ARG002 - as a transport has it
        """Return no place: nobody is asked."""
        return NOWHERE

    async def fetch(self, target: Target, place: Place = NOWHERE, headers: Mapping[str, str] = {}) -> Response:  # noqa: ARG002
        """Return the recorded response; raises `Skip` (`not_in_archive`, or why the record cannot be read)."""
        for shelf in self._shelves:
            if (response := shelf.find(target.address)) is not None:
                return response
        raise Skip("not_in_archive", f"The archives that are replayed do not hold {target.url}.")

    def holds(self, host: str) -> bool:
        """Say whether any shelf holds an answer of the host."""
        return any(shelf.holds(host) for shelf in self._shelves)

    async def aclose(self) -> None:
        """Do nothing: nobody was called."""
