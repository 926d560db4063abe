"""One walk over a document, while it is parsed: its elements, and the text that people see, by blocks and lines.

Here: elements, the text in each, and which text is seen together. The door to the parser (libxml2, through lxml): it tells of
each element as it comes and builds no tree of its own, so nothing is lost however deep it stands. Elsewhere: where an element
stands (`paths`), whose words it holds (`voices`), finding elements (`selecting`), what readers meet (`nodes`, `document`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from lxml import etree

from pipelines.paths import Paths
from pipelines.text import clean
from pipelines.voices import OWN, voices

MOST_PIECES = 20_000
"""Strings in the text of one element; of an element with more, the text ends there."""
GLUED = frozenset("b i em strong u sup sub small font mark abbr wbr".split())
INLINE = GLUED | frozenset("a span label time code cite q s kbd bdi ins del br".split())
# What nobody reads, and what a form offers to choose from: a list of countries does not say where somebody is.
UNSEEN = frozenset("script style noscript template head svg select textarea datalist".split())
INERT = frozenset("svg template".split())  # a title in a drawing is not the page's
MUTE = frozenset("script style template rt rp".split())  # their text is no text of what is around them
PECULIAR = INLINE | UNSEEN | MUTE
UNSPACED = frozenset(",.;:!?)]}’”»…% \n\t\r")
NOTHING: Mapping[str, str] = {}
TOP = -1
"""The index of what is around all elements."""


class Element:
    """An element; what lies in it are the elements from the next to `last`, and the strings from `begin` to `end`."""

    # Made thousands of times a page: the walk fills in what it knows, which takes half the time of an `__init__`.
    __slots__ = ("attrs", "begin", "block", "end", "index", "last", "name", "parent", "plain", "walk")
    walk: "Walk"
    name: str
    attrs: Mapping[str, str]
    parent: "Element | None"
    index: int
    last: int
    begin: int
    end: int
    block: int | None
    """The index of the block whose text it belongs to; none where nobody sees it."""
    plain: int
    """The index of the nearest element, itself or around it, that is more than emphasis."""

    @property
    def text(self) -> str:
        """All the text in it, cleaned."""
        return clean(self.walk.between(self.begin, self.end))

    @property
    def path(self) -> str:
        """A CSS path to it."""
        return self.walk.paths.to(self)

    @property
    def voices(self) -> frozenset[str]:
        """Whose words are in it: `aside` is the navigation, header or footer of the page."""
        known = self.walk.known_voices.get(self)
        return self.walk.voices(self) if known is None else known


class Walk:
    """What one walk over a document finds. Events come from the parser: `start`, `end`, `data`, `close`."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        """All but those in drawings and templates, in document order."""
        self.named: defaultdict[str, list[Element]] = defaultdict(list)
        self.lines: list[tuple[int, int, list[str]]] = []
        """Each line of visible text: the number of its run in one block, the block's index, and its strings."""
        self.scripts: defaultdict[Element, list[str]] = defaultdict(list)
        self._pieces: list[str] = []
        self._line: list[str] | None = None
        self._run = 0
        self._inert = self._mute = 0
        """How many elements are open from the drawing or template on, and how many mute ones."""
        self.paths = Paths(self.elements)
        self.root = root = Element()
        root.walk, root.name, root.attrs, root.parent = self, "[document]", NOTHING, None
        root.index, root.begin, root.block, root.plain = TOP, 0, TOP, TOP
        self._top, self._block, self._before = root, TOP, TOP
        self.known_voices: dict[Element, frozenset[str]] = {root: OWN}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take in an element that begins."""
        above = self._top
        if self._inert:
            self._inert += 1
            self._mute += name in MUTE
            if "id" in attributes:
                self.paths.ids.setdefault(attributes["id"], above)
            return
        self._top = element = Element()
        element.walk, element.name, element.parent = self, name, above
        element.index = element.plain = index = len(self.elements)
        element.begin = len(self._pieces)
        element.block = None if above.block is None else index
        element.attrs = attributes or NOTHING
        if "id" in attributes:
            self.paths.ids.setdefault(attributes["id"], element)
        if name in PECULIAR:
            self._enter(element, above)
            if self._inert:
                return
        self.elements.append(element)
        self.named[name].append(element)

    def end(self, name: str) -> None:
        """Take in that the innermost element ends."""
        if self._mute and name in MUTE:
            self._mute -= 1
        if self._inert:
            self._inert -= 1
            if self._inert:
                return
        element = self._top
        if element.parent is not None:
            element.last, element.end = len(self.elements), len(self._pieces)
            self._top = element.parent

    def data(self, text: str) -> None:
        """Take in a string, where the last element stands that has not ended."""
        within = self._top
        if self._mute:
            self.scripts[within].append(text)
            return
        if within.plain != self._before:
            self._before = within.plain
            if text[0] not in UNSPACED:
                text = f" {text}"
        self._pieces.append(text)
        block = within.block
        if block is None:
            return
        if block != self._block:
            self._block, self._line = block, None
            self._run += 1
        if self._line is not None:
            self._line.append(text)
        elif not text.isspace():
            self._line = [text]
            self.lines.append((self._run, block, self._line))

    def close(self) -> "Walk":
        """Take in that nothing follows."""
        while self._top.parent is not None:
            self.end(self._top.name)
        self.root.last, self.root.end = len(self.elements), len(self._pieces)
        return self

    def forget(self) -> None:
        """Let go of everything: elements and their walk know each other, and would wait for a search for garbage."""
        vars(self).clear()

    def at(self, index: int) -> Element:
        """Return the element of that index."""
        return self.elements[index] if index >= 0 else self.root

    def between(self, begin: int, end: int) -> str:
        """Return the text that those strings make: apart, unless only emphasis stands between them or punctuation follows."""
        return "".join(self._pieces[begin : min(end, begin + MOST_PIECES)])

    @property
    def text(self) -> str:
        """All the text there is, seen or not, as it came."""
        return "".join(self._pieces)

    def of_names(self, names: Sequence[str]) -> list[Element]:
        """Return the elements of those names, in document order."""
        if len(names) == 1:
            return self.named[names[0]]
        return sorted((each for name in set(names) for each in self.named[name]), key=lambda each: each.index)

    def voices(self, element: Element) -> frozenset[str]:
        """Return whose words are in the element."""
        known = self.known_voices
        unknown, around = [], element
        while around not in known and around.parent is not None:
            unknown.append(around)
            around = around.parent
        found = known.get(around, OWN)
        for each in reversed(unknown):
            if added := voices(each.name, each.attrs, each.parent.name if each.parent else ""):
                found |= added
            known[each] = found
        return found

    def _enter(self, element: Element, above: Element) -> None:
        """Take in what is more, or less, than a block of its own."""
        name = element.name
        if name in INLINE:
            element.block = above.block
            if name in GLUED:
                element.plain = above.plain
            elif name == "br":
                self._break(element)
            return
        if name in UNSEEN:
            element.block = None
        self._inert += name in INERT
        self._mute += name in MUTE

    def _break(self, element: Element) -> None:
        """End a line."""
        self._pieces.append(" ")
        self._before = element.index
        if element.block is not None:
            if element.block != self._block:
                self._block = element.block
                self._run += 1
            self._line = None


def walked(source: str) -> Walk:
    """Return what one walk over an HTML document finds."""
    walk = Walk()
    parser = etree.HTMLParser(target=walk, huge_tree=True, encoding="utf-8")
    etree.fromstring(source.encode("utf-8", "replace"), parser)  # at once: fed to it, a page takes longer
    return walk
