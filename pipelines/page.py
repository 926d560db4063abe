"""One captured page, and the only maker of facts.

Here: a page's nodes, links, visible text and embedded JSON, each knowing where it stands, and `Page.fact`, which takes
the node that says it. The only door to HTML parsers. Elsewhere: what a node is (`nodes`), what it means (`sources`), how
a page was got (`web`).
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date
from itertools import chain
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from pipelines.errors import Skip, Stop
from pipelines.ids import make_id
from pipelines.mailboxes import without_persons
from pipelines.marked import things
from pipelines.nodes import Data, Link, Node, Outline, absolute, attribute_text, entities, join, scalars
from pipelines.once import once
from pipelines.properties import PROPERTIES
from pipelines.records import Capture, Fact, Organization
from pipelines.sayings import Sayings
from pipelines.text import bare, clean, cut, decode, excerpt, squeeze, unescaped
from pipelines.voices import ASIDE

QUOTE_LENGTH, VALUE_LENGTH, LD_BLOCKS = 300, 500, 50
NAMED = re.compile(r"([a-z][a-z0-9]*)(?:\[[^\]]*\])*")
TEXTS = (NavigableString, CData)  # comments, scripts and styles are of other types
UNREADABLE = object()


class Page:
    """A capture with its body, parsed when first looked at, and whom it was asked for; handed to every reader."""

    def __init__(self, capture: Capture, body: bytes, organization: Organization | None = None) -> None:
        self.capture, self.body = capture, body
        self.organization = organization or Organization(capture.request.organization_id, None, None)
        self.source = self.reader = capture.request.source
        self.known: dict[str, Any] = {}
        self._said = Sayings(self._sayings())

    def read_by(self, source: str, reader: str) -> "Page":
        """Return the same page, whose facts will name that source and reader."""
        page = copy(self)
        page.source, page.reader = source, reader
        return page

    @property
    def url(self) -> str:
        """Where the page stands, after redirects."""
        return self.capture.url

    @property
    def kind(self) -> str:
        """What the page was asked for: home, about, careers …"""
        return self.capture.request.kind

    @once
    def source_text(self) -> str:
        """The body as text."""
        return decode(self.body, self.capture.content_type)

    @once
    def lines(self) -> list[Node]:
        """The body line by line, for plain text."""
        return [Node(clean(line), f"line {number}") for number, line in enumerate(self.source_text.splitlines(), 1)]

    @once
    def headers(self) -> list[Node]:
        """The headers that tell of the machines behind the page, a node for each: the locator names it, the text is its value."""
        lines = (line.partition(": ") for line in self.capture.headers.splitlines())
        return [Node(value, f"header {name}") for name, _, value in lines]

    @once
    def json(self) -> Data:
        """The body as JSON. Raises `Skip` (`other_shape`) when it is none."""
        if self._json is UNREADABLE:
            raise Skip("other_shape", f"{self.url} did not answer with JSON.")
        return Data(self._json, Node("", ""))

    @once
    def _json(self) -> Any:  # noqa: ANN401 - JSON is anything
        try:
            return json.loads(self.source_text, strict=False)
        except (ValueError, RecursionError):
            return UNREADABLE

    @once
    def soup(self) -> BeautifulSoup:
        """The parsed document; readers use `select`, `blocks`, `links` and `linked_data`."""
        return BeautifulSoup(self.source_text, "lxml")

    @once
    def _outline(self) -> Outline[Tag]:
        outline = Outline[Tag](self.soup)
        for each in self.soup.descendants:
            if isinstance(each, Tag):
                outline.enter(each)
            elif type(each) in TEXTS and each.parent:
                outline.hear(str(each), each.parent)
        return outline

    def select(self, css: str) -> list[Node]:
        """Return the nodes that match a CSS selector, in document order. Bare element names, with or without [], are fastest."""
        return [self._node(each) for each in self._matching(css)]

    def items(self, css: str, *inner: str) -> Iterator[tuple[list[Node], ...]]:
        """Yield, for each element that matches, the nodes in it that match each inner selector."""
        for tag in self._matching(css):
            yield tuple([self._node(each) for each in tag.select(selector)] for selector in inner)

    def first(self, css: str) -> Node | None:
        """Return the first node that matches and says something."""
        return next((node for node in map(self._node, self._matching(css)) if node.text), None)

    def attributes(self, name: str, *elements: str) -> list[Node]:
        """Return that attribute of the elements of those names, where it says something, in document order."""
        texts = ((tag, clean(attribute_text(tag.get(name, "")))) for tag in self._outline.named(elements))
        return [Node(text, f"{self._outline.path(tag)}@{name}", voices=self._outline.voices(tag)) for tag, text in texts if text]

    @once
    def _metas(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for tag in self._outline.named(("meta",)):
            text = clean(attribute_text(tag.get("content", "")))
            for key in ("name", "property", "itemprop") if text else ():
                found.setdefault(str(tag.get(key, "")).lower(), Node(text, f"{self._outline.path(tag)}@content"))
        return found

    def meta(self, name: str) -> Node | None:
        """Return the content of the first non-empty meta tag of that name, property or itemprop."""
        return self._metas.get(name.lower())

    @once
    def blocks(self) -> list[Node]:
        """Visible text, a node for each run of text in one block element, in document order."""
        runs = ((block, chain.from_iterable(rows)) for block, rows in self._outline.runs)
        return [node for block, pieces in runs if (node := self._node(block, pieces)).text]

    @once
    def rows(self) -> list[Node]:
        """Visible text as it is set, a node for each line: a block ends one, and so does a line break in it."""
        return [node for block, rows in self._outline.runs for each in rows if (node := self._node(block, each)).text]

    @once
    def content(self) -> list[Node]:
        """The rows outside navigation, headers and footers."""
        return [row for row in self.rows if ASIDE not in row.voices]

    @once
    def words(self) -> int:
        """How many words of visible text there are."""
        return sum(len(block.text.split()) for block in self.blocks)

    @once
    def links(self) -> list[Link]:
        """The links to http(s) URLs, in document order."""
        tags = self._outline.named(("a", "area"))
        found = ((tag, absolute(self._base, str(tag["href"]))) for tag in tags if tag.has_attr("href"))
        nodes = ((self._node(tag), url) for tag, url in found if url)
        return [Link(node, url, (node.text or node.attribute("aria-label").text).lower()) for node, url in nodes]

    @once
    def linked_data(self) -> list[Data]:
        """The objects of the page's JSON-LD, `@graph` unfolded. No context is ever fetched."""
        scripts = [tag for tag in self._outline.named(("script",)) if tag.get("type") == "application/ld+json"][:LD_BLOCKS]
        return [entity for tag in scripts for entity in entities(tag.string or "", self._outline.path(tag))]

    @once
    def microdata(self) -> list[Data]:
        """The things that the page marks in its text as microdata or RDFa; each is asked as linked data is."""
        return things(self.soup.find_all(True), lambda tag, name: self._node(tag).attribute(name) if name else self._node(tag))

    def fact(
        self,
        property: str,  # noqa: A002 - the word of the house
        node: Node,
        value: str | None = None,
        *,
        confidence: float = 0.9,
        stated_on: date | None = None,
    ) -> Fact:
        """State that `node` says the organization's `property` is `value` (by default the node's own text)."""
        if property not in PROPERTIES:
            raise Stop(f"Reader {self.reader} states {property}, which pipelines/properties.py does not have; add it there.")
        said, asked = without_persons(node.text), self.capture.request
        stated = cut(clean(said if value is None else without_persons(value)), VALUE_LENGTH)
        return Fact(
            fact_id=make_id("fact", asked.organization_id, property, stated, self.source, self.capture.capture_id),
            organization_id=asked.organization_id,
            property=property,
            value=stated,
            source=self.source,
            reader=self.reader,
            capture_id=self.capture.capture_id,
            url=self.url,
            locator=node.locator,
            quote=excerpt(said, stated, QUOTE_LENGTH),
            observed_at=self.capture.fetched_at,
            stated_on=stated_on,
            confidence=confidence,
        )

    def says(self, quote: str) -> bool:
        """Whether the page really says the quote, but for persons' mailboxes: in its text, an attribute, its JSON or its body."""
        return self._said.have(quote)

    def _sayings(self) -> Iterator[str]:
        """Yield what the page says, squeezed: first as the bare source has it, and only if that fails as a parser sees it."""
        yield squeeze(unescaped(bare(self.source_text)))
        yield squeeze(unescaped(self.source_text))
        yield squeeze("".join(self.soup.strings))
        yield squeeze("".join(block.text for block in self.blocks))
        yield "\n".join(squeeze(attribute_text(value)) for tag in self.soup.find_all(True) for value in tag.attrs.values())
        yield "\n".join(squeeze(each) for entity in self.linked_data for each in scalars(entity.value))
        yield squeeze(self.capture.headers)
        yield "\n".join(squeeze(unescaped(each)) for each in scalars(self._json))

    def _matching(self, css: str) -> Sequence[Tag]:
        """Return the elements that match; soupsieve asks every element it is shown, so it is shown those of the right names."""
        parts = [NAMED.fullmatch(part.strip()) for part in css.split(",")]
        if not all(parts):
            return self.soup.select(css)
        tags = self._outline.named([part[1] for part in parts if part])
        return [tag for tag in tags if tag.css.match(css)] if "[" in css else tags

    def _node(self, tag: Tag, pieces: Iterable[tuple[str, Tag]] | None = None) -> Node:
        text = clean(join(_pieces(tag) if pieces is None else pieces))
        return Node(text, self._outline.path(tag), tag.attrs, self._outline.voices(tag))

    @once
    def _base(self) -> str:
        """What relative links are relative to."""
        base = next((str(tag["href"]) for tag in self._outline.named(("base",)) if tag.has_attr("href")), "")
        return absolute(self.url, base) or self.url


def _pieces(tag: Tag) -> Iterator[tuple[str, Tag]]:
    """Yield the strings in an element with the elements they stand in, and a space for each line break."""
    for each in tag.descendants:
        if isinstance(each, Tag):
            if each.name == "br":
                yield " ", each
        elif type(each) in TEXTS and each.parent:
            yield str(each), each.parent
