"""What a page marks for machines in the midst of its text: microdata and RDFa, told as linked data is.

Here: which elements open a thing, which say something of it, and which thing that is. Terms lose their vocabulary
(`schema:name` is `name`); open graph (`og:`) is not of this kind. Elsewhere: JSON-LD (`nodes`), where the elements come from
(`page`), what they mean (`sources.structured_data`).
"""

import re
from collections.abc import Iterable, Mapping

from pipelines.nodes import Data, Element, Node

MOST = 1000
"""Marked elements of a page; a firm's page has dozens, a shop's some hundreds."""
DEEPEST = 256
SPOKEN = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("img", "audio", "video", "embed", "iframe", "source", "track"), "src"),
    "object": "data",
    **dict.fromkeys(("data", "meter"), "value"),
    "time": "datetime",
}
"""The attribute that says what an element of that name says, where it has it."""
MARKS = frozenset({"itemscope", "itemprop", "typeof", "property"})
ALIEN = frozenset({"og", "fb", "article", "twitter", "music", "video", "book", "profile"})
"""Prefixes of open graph."""


class Thing(Data):
    """A marked thing: its values are places in the page."""

    __slots__ = ()

    def get(self, key: str) -> list[Data]:
        """Return the values under a key."""
        found: list[Data] = self.value.get(key, [])
        return list(found)


def things(elements: Iterable[Element]) -> list[Data]:
    """Return the things that are no part of another, each with its `@type` and properties.

    `elements` come in document order, with those around them before them.
    """
    opened: dict[int, Thing | None] = {}
    top: list[Data] = []
    for each in _marked(elements):
        around = _around(each, opened)
        thing = opened[id(each)] = _opened(each) or around
        terms = _terms(each, around)
        if around is not None and terms:
            said = thing if thing is not None and thing is not around else _said(each)
            for term in terms:
                around.value.setdefault(term, []).append(said)
        elif thing is not None and thing is not around:
            top.append(thing)
    return top


def _marked(elements: Iterable[Element]) -> list[Element]:
    found = [each for each in elements if not MARKS.isdisjoint(each.attrs)]
    return found[:MOST]


def _around(element: Element, opened: Mapping[int, Thing | None]) -> Thing | None:
    """Return the thing that an element stands in: that of the nearest marked element around it."""
    above = element.parent
    for _ in range(DEEPEST):
        if above is None:
            break
        if id(above) in opened:
            return opened[id(above)]
        above = above.parent
    return None


def _opened(element: Element) -> Thing | None:
    """Return the thing that an element opens, or None."""
    kinds = "itemtype" if "itemscope" in element.attrs else "typeof" if "typeof" in element.attrs else ""
    if not kinds:
        return None
    node = Node("", "", element).attribute(kinds)
    types = [Data(kind, node.part(kind)) for kind in map(_bare, node.text.split())]
    return Thing({"@type": types}, Node("", "", element))


def _terms(element: Element, around: Thing | None) -> list[str]:
    """Return the properties that an element states."""
    named = element.attrs.get("itemprop") or (element.attrs.get("property") if around is not None else None) or ""
    terms = named.split()
    return [_bare(term) for term in terms if term.partition(":")[0] not in ALIEN]


def _said(element: Element) -> Data:
    """Return what an element says: in `content`, in the attribute its name has for that, or in its text."""
    spoken = "content" if "content" in element.attrs else SPOKEN.get(element.name, "")
    node = Node("", "", element).attribute(spoken) if spoken in element.attrs else Node(element.text, "", element)
    return Data(node.text, node)


def _bare(term: str) -> str:
    """Return a term without its vocabulary.

    >>> _bare("schema:name"), _bare("https://schema.org/name"), _bare("name")
    ('name', 'name', 'name')
    """
    return re.split("[:/#]", term)[-1]
