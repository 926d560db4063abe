"""A document: what stands in it and where, as one walk found it.

Here: its elements by selectors, its visible text, links, metas and what it tells machines, worked out once, when asked for;
Beautiful Soup for who wants it, and the only door to it. Elsewhere: the walk (`walk`), facts (`page`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from bs4 import BeautifulSoup

from pipelines.lines import Lines
from pipelines.marked import things
from pipelines.nodes import Data, Link, Node, absolute, entities
from pipelines.once import once
from pipelines.selecting import select, selector_of, within
from pipelines.text import clean, decode
from pipelines.voices import ASIDE
from pipelines.walk import INERT, Element, Walk, walked

LD_BLOCKS = 50
XML_HEAD = re.compile(r"\s*<\?xml[^>]*>")


class Document:
    """Bytes that were found at a URL, read as HTML when first looked at."""

    def __init__(self, url: str, body: bytes, content_type: str) -> None:
        self.url, self.body, self.content_type = url, body, content_type
        self.known: dict[str, Any] = {}

    @once
    def source_text(self) -> str:
        """The body as text."""
        return decode(self.body, self.content_type)

    @once
    def lines(self) -> list[Node]:
        """The body line by line, for plain text."""
        return [Node(clean(line), f"line {number}") for number, line in enumerate(self.source_text.splitlines(), 1)]

    @once
    def walk(self) -> Walk:
        """What one walk over the document found; readers use `select`, `rows`, `links` and the like."""
        return walked(self.source_text)

    @once
    def soup(self) -> BeautifulSoup:
        """The document as Beautiful Soup has it, made when somebody asks: twelve times the work of the walk."""
        return BeautifulSoup(XML_HEAD.sub("", self.source_text) + "\n", "lxml")

    def forget(self) -> None:
        """Let go of all that was worked out; whoever asks again has it worked out again."""
        if "walk" in self.known:
            self.walk.forget()
        self.known.clear()

    def select(self, css: str) -> list[Node]:
        """Return the nodes that match a CSS selector, in document order. Those that `selecting` knows are fast."""
        return [_node(each) for each in self._matching(css)]

    def items(self, css: str, *inner: str) -> Iterator[tuple[list[Node], ...]]:
        """Yield, for each element that matches, the nodes in it that match each inner selector."""
        found = [self._matching(selector) for selector in inner]
        for outer in self._matching(css):
            yield tuple([_node(each) for each in within(elements, outer)] for elements in found)

    def first(self, css: str) -> Node | None:
        """Return the first node that matches and says something."""
        return next((node for node in map(_node, self._matching(css)) if node.text), None)

    def attributes(self, name: str, *elements: str) -> list[Node]:
        """Return that attribute of the elements of those names, where it says something, in document order."""
        key = f"{name} of {' '.join(elements)}"
        if key not in self.known:
            found = ((each, clean(each.attrs[name])) for each in self.walk.of_names(elements) if name in each.attrs)
            self.known[key] = [Node(text, f"@{name}", each) for each, text in found if text]
        nodes: list[Node] = self.known[key]
        return nodes

    @once
    def _metas(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for each in self.walk.named["meta"]:
            text = clean(each.attrs.get("content", ""))
            for key in ("name", "property", "itemprop") if text else ():
                found.setdefault(each.attrs.get(key, "").lower(), Node(text, "@content", each))
        return found

    def meta(self, name: str) -> Node | None:
        """Return the content of the first non-empty meta tag of that name, property or itemprop."""
        return self._metas.get(name.lower())

    @once
    def rows(self) -> list[Node]:
        """Visible text as it is set, a node for each line: a block ends one, and so does a line break in it."""
        return [row for _, row in self._rows]

    @once
    def _rows(self) -> list[tuple[int, Node]]:
        """Each row with the number of the run of text it is of."""
        at = self.walk.at
        lines = ((run, Node(clean("".join(pieces)), "", at(block))) for run, block, pieces in self.walk.lines)
        return [(run, row) for run, row in lines if row.text]

    @once
    def blocks(self) -> list[Node]:
        """Visible text, a node for each run of text in one block element, in document order."""
        runs = ([row for _, row in rows] for _, rows in groupby(self._rows, key=itemgetter(0)))
        return [rows[0] if len(rows) == 1 else rows[0].part(" ".join(row.text for row in rows)) for rows in runs]

    @once
    def content(self) -> list[Node]:
        """The rows outside navigation, headers and footers."""
        return [row for row in self.rows if ASIDE not in row.voices]

    @once
    def row_lines(self) -> Lines:
        """The rows, to be asked which of them have a word."""
        return Lines(self.rows)

    @once
    def block_lines(self) -> Lines:
        """The blocks, to be asked which of them have a word."""
        return Lines(self.blocks)

    @once
    def words(self) -> int:
        """How many words of visible text there are."""
        return sum(row.text.count(" ") + 1 for row in self.rows)

    @once
    def links(self) -> list[Link]:
        """The links to http(s) URLs, in document order."""
        found: list[Link] = []
        leads: dict[str, str] = {}
        for each in self.walk.of_names(("a", "area")):
            href = each.attrs.get("href")
            if href is None:
                continue
            if href not in leads:
                leads[href] = absolute(self._base, href)
            if url := leads[href]:
                node = _node(each)
                found.append(Link(node, url, (node.text or node.attribute("aria-label").text).lower()))
        return found

    @once
    def linked_data(self) -> list[Data]:
        """The objects of the page's JSON-LD, `@graph` unfolded. No context is ever fetched."""
        scripts = [each for each in self.walk.named["script"] if each.attrs.get("type") == "application/ld+json"][:LD_BLOCKS]
        return [entity for each in scripts for entity in entities("".join(self.walk.scripts[each]), each.path)]

    @once
    def scripts(self) -> list[Node]:
        """The scripts that stand in the page itself, those of data too, in document order; their text is as it came."""
        return [Node("".join(said), "", each) for each, said in self.walk.scripts.items() if each.name == "script"]

    @once
    def microdata(self) -> list[Data]:
        """The things that the page marks in its text as microdata or RDFa; each is asked as linked data is."""
        return things(self.walk.elements)

    def _matching(self, css: str) -> Sequence[Element]:
        """Return the elements that match; Beautiful Soup knows the selectors that we do not, and has the same elements."""
        if (selector := selector_of(css)) is not None:
            return select(self.walk, selector)
        tags = [tag for tag in self.soup.find_all(True) if tag.name not in INERT and not tag.find_parent(INERT)]
        matching = {id(tag) for tag in self.soup.select(css)}
        return [each for each, tag in zip(self.walk.elements, tags, strict=True) if id(tag) in matching]

    @once
    def _base(self) -> str:
        """What relative links are relative to."""
        base = next((each.attrs["href"] for each in self.walk.named["base"] if "href" in each.attrs), "")
        return absolute(self.url, base) or self.url


def _node(element: Element) -> Node:
    return Node(element.text, "", element)
