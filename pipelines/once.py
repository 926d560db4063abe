"""What is worked out once for a page, however many readers ask for it.

Here: the property that does so. Elsewhere: the page (`page`), whose copies for readers share what they know.
"""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar


class Knowing(Protocol):
    """Whoever remembers what was worked out."""

    @property
    def known(self) -> dict[str, Any]:
        """What was worked out, by name; its copies share it."""


Asked = TypeVar("Asked", bound=Knowing)
Work = TypeVar("Work")


class once(Generic[Asked, Work]):  # noqa: N801 - used like `property`
    """A property that is worked out once for an object and all its copies.

    >>> class Copied:
    ...     known = {}
    ...     dear = once(lambda self: print("worked out") or 7)
    >>> Copied().dear + Copied().dear
    worked out
    14
    """

    def __init__(self, work: Callable[[Asked], Work]) -> None:
        self._work, self._name = work, work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, asked: Asked, _: object = None) -> Work:
        known = asked.known
        if self._name not in known:
            known[self._name] = self._work(asked)
        found: Work = known[self._name]
        return found
