"""Where an element stands: a CSS path to it, from the nearest around it with an id of its own, or its innermost hundred steps.

Here: the steps of elements among those beside them, and paths put together, each worked out once. Elsewhere: the elements
(`walk`), selectors (`selecting`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

DEEPEST = 100
PLAIN_ID = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
ODD = re.compile(r"[^\w-]")


class Placed(Protocol):
    """What a path needs to know of an element."""

    name: str
    attrs: Mapping[str, str]
    index: int
    last: int

    @property
    def parent(self) -> "Placed | None":
        """The element around it."""


class Paths:
    """The paths of a document's elements; `ids` are those of all its elements, the first one where several share one."""

    def __init__(self, elements: Sequence[Placed]) -> None:
        self.ids: dict[str, Placed] = {}
        self._elements = elements
        self._steps: dict[Placed, str] = {}
        self._known: dict[Placed, str] = {}

    def to(self, element: Placed) -> str:
        """Return a CSS path to the element."""
        steps: list[str] = []
        around = element
        while around.parent is not None and len(steps) < DEEPEST:
            known = self._anchor(around) or self._known.get(around)
            if known and len(steps) + known.count(">") < DEEPEST:
                steps.append(known)
                break
            steps.append(self._steps.get(around) or self._step(around))
            around = around.parent
        path = " > ".join(reversed(steps))
        if element.parent and 0 < path.count(">") < DEEPEST - 1:  # it and those beside it are asked next
            self._known[element], self._known[element.parent] = path, path.rpartition(" > ")[0]
        return path

    def _anchor(self, element: Placed) -> str | None:
        """Return the path of an element with an id of its own."""
        identity = element.attrs.get("id")
        own = identity and self.ids.get(identity) is element and PLAIN_ID.fullmatch(identity)
        return f"#{identity}" if own else None

    def _step(self, element: Placed) -> str:
        """Return an element's step in a path; those beside it are counted along, once."""
        if element not in self._steps and element.parent is not None:
            counts: dict[str, int] = {}
            place = element.parent.index + 1
            while place < element.parent.last:
                each = self._elements[place]
                place = each.last
                counts[each.name] = nth = counts.get(each.name, 0) + 1
                self._steps[each] = f"{_escaped(each.name)}:nth-of-type({nth})"
        return self._steps.get(element, element.name)


def _escaped(name: str) -> str:
    """Return the name of an element as selectors have it."""
    return name if name.isalnum() else ODD.sub(lambda odd: chr(92) + odd[0], name)
