"""Who is logged in.

Here: sessions in the memory of the server, under the hash of their id, and when they end: after half an hour without use, twelve
hours after they began, when somebody logs out, when the password changes, when the user is removed, when the server ends.
Elsewhere: the cookie (`cookies`), passwords (`users`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

MOST_OF_ONE = 5
"""Sessions one user may have; the one that was not used for longest makes room."""


@dataclass(slots=True)
class Session:
    """Somebody's being logged in; `since` as of the password that was used, the rest by the server's clock, in seconds."""

    handle: str
    name: str
    since: str
    begun: float
    used: float


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts, in seconds: without use, and in all."""

    idle: float = 30 * 60
    most: float = 12 * 60 * 60


class Sessions:
    """The sessions of one server.

    `since` says when a user's password was set, and None for somebody who is no user any more; `ticks` are seconds that never go
    back; `new_id` makes an id that nobody can guess.
    """

    def __init__(
        self, since: Callable[[str], str | None], ticks: Callable[[], float], new_id: Callable[[], str], lasting: Lasting
    ) -> None:
        self._since, self._ticks, self._new_id, self._lasting = since, ticks, new_id, lasting
        self._sessions: dict[str, Session] = {}

    def begin(self, name: str, since: str) -> str:
        """Log a user in, and return the id of the session: it is known to the browser alone."""
        while len(mine := self.of(name)) >= MOST_OF_ONE:
            self._sessions.pop(min(mine, key=lambda each: (each.used, each.begun)).handle)
        identity, now = self._new_id(), self._ticks()
        handle = _handle(identity)
        self._sessions[handle] = Session(handle, name, since, now, now)
        return identity

    def find(self, identity: str) -> Session | None:
        """Return the session with that id if it has not ended, and count this as use."""
        session = self._sessions.get(_handle(identity))
        if session is None or self._over(session):
            self.end(_handle(identity))
            return None
        session.used = self._ticks()
        return session

    def end(self, handle: str) -> None:
        """End a session."""
        self._sessions.pop(handle, None)

    def of(self, name: str) -> list[Session]:
        """Return the sessions of a user, the last used first."""
        for each in [each for each in self._sessions.values() if self._over(each)]:
            self.end(each.handle)
        mine = (each for each in self._sessions.values() if each.name == name)
        return sorted(mine, key=lambda each: (-each.used, -each.begun, each.handle))

    def _over(self, session: Session) -> bool:
        now, lasting = self._ticks(), self._lasting
        late = now - session.used >= lasting.idle or now - session.begun >= lasting.most
        return late or self._since(session.name) != session.since


def _handle(identity: str) -> str:
    """Return what a session is called where it may be seen: who reads the memory, or a page, cannot log in with it."""
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
