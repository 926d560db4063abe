"""The places in a page that can say something.

Here: a node, a link, a JSON value, each with its words and where they stand, and the outline that knows the place of every
element. Elsewhere: how they are found (`page`, the only door to parsers).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

from pipelines.errors import Skip
from pipelines.text import clean, unescaped
from pipelines.voices import OWN, voices

LD_LENGTH = 256 * 1024
DEEPEST = 100
GLUED = frozenset("b i em strong u sup sub small font mark abbr wbr".split())
INLINE = GLUED | frozenset("a span label time code cite q s kbd bdi ins del br".split())
# What nobody reads, and what a form offers to choose from: a list of countries does not say where somebody is.
UNSEEN = frozenset("script style noscript template head svg select textarea datalist".split())
INERT = frozenset("svg template".split())  # a title in a drawing is not the page's
CLOSING = tuple(",.;:!?)]}’”»…%")
PLAIN_ID = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
ODD = re.compile(r"[^\w-]")


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a page and what it says. `text` is cleaned; an element's text is all the text in it."""

    text: str
    locator: str
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    voices: frozenset[str] = OWN
    """Whose words it holds: `aside`, `quote`, `person`, or none of them."""

    def attribute(self, name: str) -> "Node":
        """Return the attribute as a node of its own; its text is empty when there is none."""
        return Node(clean(attribute_text(self.attributes.get(name, ""))), f"{self.locator}@{name}", voices=self.voices)

    def part(self, text: str) -> "Node":
        """Return the same place saying only that part of its text."""
        return Node(clean(text), self.locator, self.attributes, self.voices)

    def through(self, following: "Sequence[Node]") -> "Node":
        """Return this node and those that follow it in the page as one place."""
        last = following[-1].locator if following else self.locator
        both = self.locator if last == self.locator else f"{self.locator} … {last}"
        return Node(" ".join(each.text for each in (self, *following)), both, voices=self.voices)


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


class Element(Protocol):
    """What an outline needs to know of a parser's element."""

    @property
    def name(self) -> str:
        """Its name, lower case."""

    @property
    def parent(self) -> "Element | None":
        """The element around it."""

    @property
    def attrs(self) -> Mapping[str, Any]:
        """Its attributes."""


Some = TypeVar("Some", bound=Element)


class Outline(Generic[Some]):
    """What one walk over a document finds: elements by name, the place of each, and the visible text by blocks and lines."""

    def __init__(self, root: Some) -> None:
        self.runs: list[tuple[Some, list[list[tuple[str, Some]]]]] = []
        """For each run of text in one block: the block, and line by line the strings with the elements they stand in."""
        self._elements: dict[str, list[tuple[int, Some]]] = {}
        self._counts: dict[tuple[int, str], int] = {}
        self._steps: dict[int, str] = {}
        self._ids: dict[str, Element] = {}
        self._blocks: dict[int, Some | None] = {id(root): root}
        self._voices: dict[int, frozenset[str]] = {}
        self._inert: set[int] = set()

    def enter(self, element: Some) -> None:
        """Take in the next element of the document; those around it come before it."""
        above, name = id(element.parent), element.name
        self._counts[above, name] = nth = self._counts.get((above, name), 0) + 1
        self._steps[id(element)] = f"{ODD.sub(lambda odd: chr(92) + odd[0], name)}:nth-of-type({nth})"
        if above in self._inert or name in INERT:
            self._inert.add(id(element))
        else:
            self._elements.setdefault(name, []).append((len(self._steps), element))
        identity = element.attrs.get("id")
        if isinstance(identity, str) and PLAIN_ID.fullmatch(identity):
            self._ids.setdefault(identity, element)
        inside = element.parent.name if element.parent is not None else ""
        self._voices[id(element)] = self._voices.get(above, OWN) | voices(name, element.attrs, inside)
        around = self._blocks[above]
        self._blocks[id(element)] = None if name in UNSEEN else around and (around if name in INLINE else element)
        if name == "br" and around is not None:
            self._lines(around).append([(" ", element)])

    def hear(self, text: str, within: Some) -> None:
        """Take in the next text of the document and the element right around it."""
        block = self._blocks[id(within)]
        if block is not None:
            self._lines(block)[-1].append((text, within))

    def voices(self, element: Element) -> frozenset[str]:
        """Return whose words are in the element: `aside` is the navigation, header or footer of the page."""
        return self._voices.get(id(element), OWN)

    def named(self, names: Sequence[str]) -> list[Some]:
        """Return the elements of those names, in document order; none of drawings and templates."""
        found = [each for name in dict.fromkeys(names) for each in self._elements.get(name, ())]
        return [element for _, element in sorted(found, key=lambda each: each[0])]

    def path(self, element: Element) -> str:
        """Return a CSS path to the element, from the nearest around it with an id of its own, or its innermost hundred steps."""
        steps: list[str] = []
        around: Element | None = element
        while around is not None and id(around) in self._steps and len(steps) < DEEPEST:
            identity = around.attrs.get("id")
            if isinstance(identity, str) and self._ids.get(identity) is around:
                steps.append(f"#{identity}")
                break
            steps.append(self._steps[id(around)])
            around = around.parent
        return " > ".join(reversed(steps))

    def _lines(self, block: Some) -> list[list[tuple[str, Some]]]:
        """Return the lines of the run being read, which begins anew where another block does."""
        if not self.runs or self.runs[-1][0] is not block:
            self.runs.append((block, [[]]))
        return self.runs[-1][1]


def join(pieces: Iterable[tuple[str, Element]]) -> str:
    """Join strings as they are seen: apart, unless only emphasis stands between them or punctuation follows."""
    texts: list[str] = []
    before: Element | None = None
    for text, within in pieces:
        here = _plain(within)
        glued = before is None or before is here or text.startswith(CLOSING)
        texts.append(text if glued else f" {text}")
        before = here
    return "".join(texts)


def _plain(element: Element) -> Element:
    """Return the nearest element around that is more than emphasis."""
    while element.name in GLUED and element.parent is not None:
        element = element.parent
    return element


def entities(text: str, locator: str) -> Iterator[Data]:
    """Yield the objects of a JSON-LD script, `@graph` unfolded; none when it is too long or no JSON."""
    try:
        content = json.loads(text, strict=False) if len(text) <= LD_LENGTH else None
    except (ValueError, RecursionError):
        return
    for number, each in enumerate(content if isinstance(content, list) else [content]):
        entity = Data(each, Node("", f"{locator}#/{number}" if isinstance(content, list) else locator))
        yield from entity.get("@graph") or [entity]


def absolute(base: str, href: str) -> str:
    """Return the http(s) URL without fragment that a link leads to from a base, or an empty string where it leads nowhere."""
    try:
        url = urlsplit(urljoin(base, href.strip()))
    except ValueError:  # a link like http://[ is somebody's slip
        return ""
    return url._replace(fragment="").geturl() if url.scheme in ("http", "https") and url.hostname else ""


def attribute_text(value: Any) -> str:  # noqa: ANN401 - parsers give a string or a list of them
    """Return an attribute as one string."""
    return " ".join(value) if isinstance(value, list) else str(value)


def scalars(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON is anything
    """Yield every scalar in a JSON value, as text."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict | list):
            waiting.extend(each.values() if isinstance(each, dict) else each)
        else:
            yield str(each)
