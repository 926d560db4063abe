"""The places in a page that can say something.

Here: a node, a link, a JSON value, each with its words and where they stand. Elsewhere: how they are found (`page`, the only
door to parsers).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.text import clean


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a page and what it says. `text` is cleaned; an element's text is all the text in it."""

    text: str
    locator: str
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def attribute(self, name: str) -> "Node":
        """Return the attribute as a node of its own; its text is empty when there is none."""
        return Node(clean(attribute_text(self.attributes.get(name, ""))), f"{self.locator}@{name}")

    def part(self, text: str) -> "Node":
        """Return the same place saying only that part of its text."""
        return Node(clean(text), self.locator, self.attributes)

    def through(self, following: "Sequence[Node]") -> "Node":
        """Return this node and those that follow it in the page as one place."""
        last = following[-1].locator if following else self.locator
        return Node(" ".join(each.text for each in (self, *following)), f"{self.locator} … {last}")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its node, the absolute http(s) URL without fragment, and its words in lower case."""

    node: Node
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Data:
    """A JSON value in a page and where it stands. What it says, if it is a scalar, is in `node`."""

    value: Any
    node: Node

    def get(self, key: str) -> "list[Data]":
        """Return the values under a key, always as a list; empty for anything that is not an object."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        if isinstance(found, list):
            return [self._below(f"{key}/{index}", each) for index, each in enumerate(found)]
        return [] if found is None else [self._below(key, found)]

    def text(self, *path: str) -> Node | None:
        """Return the first non-empty scalar along a path of keys, as a node."""
        reached: Sequence[Data] = [self]
        for key in path:
            reached = [below for each in reached for below in each.get(key)]
        return next((each.node for each in reached if each.node.text), None)

    @property
    def types(self) -> frozenset[str]:
        """The `@type`s, without their vocabulary."""
        return frozenset(each.node.text.rpartition("/")[2] for each in self.get("@type"))

    def _below(self, pointer: str, value: Any) -> "Data":  # noqa: ANN401 - JSON is anything
        scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
        joint = "/" if "#" in self.node.locator else "#/"
        return Data(value, Node(clean(str(value)) if scalar else "", f"{self.node.locator}{joint}{pointer}"))


def attribute_text(value: Any) -> str:  # noqa: ANN401 - parsers give a string or a list of them
    """Return an attribute as one string."""
    return " ".join(value) if isinstance(value, list) else str(value)


def scalars(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is anything
    """Yield every scalar in a JSON value, as text."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from scalars(each)
    else:
        yield str(value)
