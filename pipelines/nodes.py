"""The places in a page that can say something.

Here: a node, a link, a JSON value, each with its words and where they stand. A place is only worked out when asked for: most
nodes say nothing that becomes a fact. Elsewhere: how they are found (`document`), the elements behind them (`walk`).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit

from pipelines.errors import Skip
from pipelines.text import clean, unescaped
from pipelines.voices import OWN

LD_LENGTH = 256 * 1024
NONE: Mapping[str, str] = {}
# Links in which nothing needs joining, as most are: no dot begins or ends a part of their path.
SITE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?=/|$)")
PARTS = re.compile(r"https?://([a-z0-9.-]+)((?:/[!-\"$->@-~]*)?)(?:\?[!-\"$-~]*)?")
ELSEWHERE = re.compile(r"(?:mailto|tel|sms|javascript|data):", re.IGNORECASE)
PLAIN = re.compile(r"(?:/[\w~%+=&-]*(?:\.[\w~%+=&-]+)*)*(?:\?[\w~%+=&./-]+)?", re.ASCII)


class Element(Protocol):
    """What a node needs to know of the element it is of."""

    @property
    def name(self) -> str:
        """Its name, lower case."""

    @property
    def attrs(self) -> Mapping[str, str]:
        """Its attributes."""

    @property
    def parent(self) -> "Element | None":
        """The element around it."""

    @property
    def text(self) -> str:
        """All the text in it, cleaned."""

    @property
    def path(self) -> str:
        """A CSS path to it."""

    @property
    def voices(self) -> frozenset[str]:
        """Whose words it holds."""


class Node:
    """A place in a page and what it says. `text` is cleaned; an element's text is all the text in it.

    `locator` is where it stands: in an element, if it is of one, else by itself.
    """

    __slots__ = ("_element", "_locator", "text")

    def __init__(self, text: str, locator: str = "", element: Element | None = None) -> None:
        self.text, self._locator, self._element = text, locator, element

    def __repr__(self) -> str:
        return f"Node({self.text!r}, {self.locator!r})"

    @property
    def locator(self) -> str:
        """Where it stands."""
        return self._locator if self._element is None else self._element.path + self._locator

    @property
    def attributes(self) -> Mapping[str, str]:
        """The attributes of its element."""
        return NONE if self._element is None else self._element.attrs

    @property
    def voices(self) -> frozenset[str]:
        """Whose words it holds: `aside`, `quote`, `person`, or none of them."""
        return OWN if self._element is None else self._element.voices

    def attribute(self, name: str) -> "Node":
        """Return the attribute as a node of its own; its text is empty when there is none."""
        return Node(clean(self.attributes.get(name, "")), f"{self._locator}@{name}", self._element)

    def part(self, text: str) -> "Node":
        """Return the same place saying only that part of its text."""
        return Node(clean(text), self._locator, self._element)

    def through(self, following: "Sequence[Node]") -> "Node":
        """Return this node and those that follow it in the page as one place."""
        return _Stretch((self, *following))


class _Stretch(Node):
    """Nodes that follow each other, as one place."""

    __slots__ = ("_nodes",)

    def __init__(self, nodes: Sequence[Node], text: str | None = None) -> None:
        super().__init__(" ".join(each.text for each in nodes) if text is None else text)
        self._nodes = nodes

    @property
    def locator(self) -> str:
        """From where to where."""
        first, last = self._nodes[0].locator, self._nodes[-1].locator
        return first if first == last else f"{first} … {last}"

    @property
    def voices(self) -> frozenset[str]:
        """Whose words it begins with."""
        return self._nodes[0].voices

    def part(self, text: str) -> Node:
        """Return the same places saying only that part of their text."""
        return _Stretch(self._nodes, clean(text))


class Link(NamedTuple):
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

    def need(self, key: str) -> "list[Data]":
        """Return the values under a key that has to be there; raises `Skip` (`other_shape`) where it is not."""
        if not isinstance(self.value, dict) or key not in self.value:
            raise Skip("other_shape", f"The answer has no `{key}` at {self.node.locator or 'its top'}.")
        return self.get(key)

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
        joint = "/" if "#/" in self.node.locator else "#/"
        return Data(value, Node(clean(unescaped(str(value))) if scalar else "", f"{self.node.locator}{joint}{pointer}"))


def entities(text: str, locator: str) -> Iterator[Data]:
    """Yield the objects of a JSON-LD script, `@graph` unfolded; none when it is too long or no JSON."""
    try:
        content = json.loads(text, strict=False) if len(text) <= LD_LENGTH else None
    except (ValueError, RecursionError):
        return
    for number, each in enumerate(content if isinstance(content, list) else [content]):
        entity = Data(each, Node("", f"{locator}#/{number}" if isinstance(content, list) else locator))
        yield from entity.get("@graph") or [entity]


def host_and_path(url: str) -> tuple[str, str]:
    """Return the host of a link without `www.`, and its path.

    >>> host_and_path("https://www.acme.example/about?from=home")
    ('acme.example', '/about')
    """
    if match := PARTS.fullmatch(url):
        return match[1].removeprefix("www."), match[2]
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path


def absolute(base: str, href: str) -> str:
    """Return the http(s) URL without fragment that a link leads to from a base, or an empty string where it leads nowhere.

    >>> absolute("https://acme.example/shop/", "../about#us")
    'https://acme.example/about'
    """
    written = href.strip().partition("#")[0]
    site = SITE.match(written)
    if site and PLAIN.fullmatch(written, site.end()):
        return written
    if ELSEWHERE.match(written):
        return ""
    return _beside(base, written) or _joined(base, href)


def _beside(base: str, written: str) -> str:
    """Return where a link to the same site leads, or nothing where joining takes more than putting both together."""
    site = SITE.match(base)
    if site is None or written[:2] == "//" or not PLAIN.fullmatch(written if written[:1] == "/" else f"/{written}"):
        return ""
    if written[:1] == "/":
        return site[0] + written
    around = base[site.end() :].partition("?")[0].rpartition("/")[0]
    return f"{site[0]}{around}/{written}" if written and written[0] != "?" and PLAIN.fullmatch(base, site.end()) else ""


def _joined(base: str, href: str) -> str:
    try:
        url = urlsplit(urljoin(base, href.strip()))
    except ValueError:  # a link like http://[ is somebody's slip
        return ""
    return url._replace(fragment="").geturl() if url.scheme in ("http", "https") and url.hostname else ""


def scalars(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is anything
    """Yield every scalar in a JSON value, as text."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list):
            waiting.extend(each.values() if isinstance(each, dict) else each)
        else:
            yield str(each)
