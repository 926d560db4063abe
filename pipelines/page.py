"""One captured page, and the only maker of facts.

Here: a page's nodes, links, visible text and embedded JSON, each knowing where it stands, and `Page.fact`, which takes
the node that says it. The only door to HTML parsers. Elsewhere: what a node is (`nodes`), what it means (`sources`), how
a page was got (`web`).
"""

import json
import re
from collections.abc import Iterator
from copy import copy
from datetime import date
from functools import cached_property
from html import unescape
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from pipelines.errors import Stop
from pipelines.ids import make_id
from pipelines.nodes import Data, Link, Node, attribute_text, scalars
from pipelines.properties import PROPERTIES
from pipelines.records import Capture, Fact
from pipelines.text import clean, cut, decode, excerpt, squeeze

QUOTE_LENGTH = 300
VALUE_LENGTH = 500
LD_LENGTH = 256 * 1024
LD_BLOCKS = 50
SCRIPTS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
TAGS = re.compile(r"<[^>]*>")
GLUED = frozenset(("b", "i", "em", "strong", "u", "sup", "sub", "small", "font", "mark", "abbr", "wbr"))
INLINE = GLUED | frozenset(("a", "span", "label", "time", "code", "cite", "q", "s", "kbd", "bdi", "ins", "del", "br"))
BREAKS = frozenset(("br", "hr", "img", "input"))
UNSEEN = ("script", "style", "noscript", "template", "head", "svg")


class Page:
    """A capture with its body, parsed when first looked at. Made by `enrich`, handed to every reader."""

    def __init__(self, capture: Capture, body: bytes) -> None:
        self.capture = capture
        self.body = body
        self.source = capture.request.source
        self.reader = capture.request.source
        self._said: list[str] = []
        self._more = self._sayings()

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

    @cached_property
    def source_text(self) -> str:
        """The body as text."""
        return decode(self.body, self.capture.content_type)

    @cached_property
    def lines(self) -> list[Node]:
        """The body line by line, for plain text."""
        return [Node(clean(line), f"line {number}") for number, line in enumerate(self.source_text.splitlines(), 1)]

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed document; readers use `select`, `blocks`, `links` and `linked_data`."""
        return BeautifulSoup(self.source_text, "lxml")

    def select(self, css: str) -> list[Node]:
        """Return the nodes that match a CSS selector, in document order."""
        return [_node(each) for each in self.soup.select(css)]

    def items(self, css: str, *inner: str) -> Iterator[tuple[list[Node], ...]]:
        """Yield, for each element that matches, the nodes in it that match each inner selector."""
        for tag in self.soup.select(css):
            yield tuple([_node(each) for each in tag.select(selector)] for selector in inner)

    def first(self, css: str) -> Node | None:
        """Return the first node that matches and says something."""
        return next((node for node in map(_node, self.soup.select(css)) if node.text), None)

    def meta(self, name: str) -> Node | None:
        """Return the content of the first non-empty meta tag of that name, property or itemprop."""
        found = self.select(f'meta[name="{name}" i], meta[property="{name}" i], meta[itemprop="{name}" i]')
        return next((node for node in (each.attribute("content") for each in found) if node.text), None)

    @cached_property
    def blocks(self) -> list[Node]:
        """Visible text, a node for each run of text in one block element, in document order."""
        runs: list[tuple[Tag, list[NavigableString]]] = []
        for string in self._visible(self.soup):
            block = _block(string)
            if runs and runs[-1][0] is block:
                runs[-1][1].append(string)
            else:
                runs.append((block, [string]))
        nodes = ((block, clean(_join(strings))) for block, strings in runs)
        return [Node(text, _path(block), block.attrs) for block, text in nodes if text]

    @cached_property
    def words(self) -> int:
        """How many words of visible text there are."""
        return sum(len(block.text.split()) for block in self.blocks)

    @cached_property
    def links(self) -> list[Link]:
        """The links to http(s) URLs, in document order."""
        found = ((tag, self._target(str(tag.get("href", "")))) for tag in self.soup.select("a[href], area[href]"))
        nodes = ((_node(tag), url) for tag, url in found if url)
        return [Link(node, url, (node.text or node.attribute("aria-label").text).lower()) for node, url in nodes]

    @cached_property
    def linked_data(self) -> list[Data]:
        """The objects of the page's JSON-LD, `@graph` unfolded. No context is ever fetched."""
        scripts = self.soup.find_all("script", type="application/ld+json", limit=LD_BLOCKS)
        return [entity for script in scripts for entity in self._entities(script)]

    def fact(
        self,
        property: str,  # noqa: A002 - the word of the house
        node: Node,
        value: str | None = None,
        *,
        confidence: float = 0.9,
        stated_on: date | None = None,
    ) -> Fact:
        """State that `node` says the organization's `property` is `value` (by default the node's own text).

        Raises `Stop` for a property that `properties` does not have: that is a mistake in a reader, not in a page.
        """
        if property not in PROPERTIES:
            raise Stop(f"Reader {self.reader} states {property}, which pipelines/properties.py does not have; add it there.")
        stated = cut(clean(node.text if value is None else value), VALUE_LENGTH)
        about = self.capture.request.organization_id
        return Fact(
            fact_id=make_id("fact", about, property, stated, self.source, self.capture.capture_id),
            organization_id=about,
            property=property,
            value=stated,
            source=self.source,
            reader=self.reader,
            capture_id=self.capture.capture_id,
            url=self.url,
            locator=node.locator,
            quote=excerpt(node.text, stated, QUOTE_LENGTH),
            observed_at=self.capture.fetched_at,
            stated_on=stated_on,
            confidence=confidence,
        )

    def says(self, quote: str) -> bool:
        """Whether the page really says the quote: in its visible text, an attribute, its JSON, or its plain body."""
        wanted = squeeze(quote)
        return bool(wanted) and any(wanted in place for place in self._remembered())

    def _remembered(self) -> Iterator[str]:
        """Yield the sayings, each worked out once: a page has many quotes."""
        yield from self._said
        for saying in self._more:
            self._said.append(saying)
            yield saying

    def _sayings(self) -> Iterator[str]:
        """Yield what the page says, squeezed: first as the bare source has it, and only if that fails as a parser sees it."""
        yield squeeze(unescape(TAGS.sub("", SCRIPTS.sub("", self.source_text))))
        yield squeeze(unescape(self.source_text))
        yield squeeze("".join(self.soup.strings))
        yield "\n".join(squeeze(attribute_text(value)) for tag in self.soup.find_all(True) for value in tag.attrs.values())
        yield "\n".join(squeeze(each) for entity in self.linked_data for each in scalars(entity.value))

    def _visible(self, tag: Tag) -> Iterator[NavigableString]:
        hidden = {id(string) for each in tag.find_all(UNSEEN) for string in each.strings}
        return (string for string in tag.strings if id(string) not in hidden)

    @cached_property
    def _base(self) -> str:
        """What relative links are relative to; looked up once, a page has hundreds of links."""
        base = self.soup.find("base", href=True)
        return _joined(self.url, str(base["href"])) or self.url if base else self.url

    def _target(self, href: str) -> str:
        """Return the absolute http(s) URL of a link without its fragment, or an empty string."""
        url = urlsplit(_joined(self._base, href.strip()))
        return url._replace(fragment="").geturl() if url.scheme in ("http", "https") else ""

    def _entities(self, script: Tag) -> Iterator[Data]:
        text = script.string or ""
        try:
            content = json.loads(text, strict=False) if len(text) <= LD_LENGTH else None
        except (ValueError, RecursionError):
            return
        for number, each in enumerate(content if isinstance(content, list) else [content]):
            pointer = f"#/{number}" if isinstance(content, list) else ""
            entity = Data(each, Node("", _path(script) + pointer))
            yield from entity.get("@graph") or [entity]


def _joined(base: str, href: str) -> str:
    try:
        url = urljoin(base, href)
        urlsplit(url)
    except ValueError:  # a link like http://[ is somebody's slip, and leads nowhere
        return ""
    return url


def _node(tag: Tag) -> Node:
    return Node(clean(_join(list(tag.strings))), _path(tag), tag.attrs)


def _join(strings: list[NavigableString]) -> str:
    """Join strings as they are seen: apart, unless only emphasis stands between them."""
    text = ""
    before = None
    for string in strings:
        apart = isinstance(string.previous_element, Tag) and string.previous_element.name in BREAKS
        glued = before is None or before is string.parent or _glues(before) or _glues(string.parent)
        text += string if glued and not apart else f" {string}"
        before = string.parent
    return text


def _glues(tag: Tag | None) -> bool:
    return tag is not None and tag.name in GLUED


def _block(string: NavigableString) -> Tag:
    """Return the nearest element around the string that is laid out as a block."""
    return next(parent for parent in string.parents if parent.name not in INLINE)


def _path(tag: Tag) -> str:
    """Return a CSS path to the tag, from its nearest ancestor with an id."""
    steps: list[str] = []
    for each in (tag, *tag.parents):
        if each.name == "[document]" or each.parent is None:
            break
        identity = each.get("id")
        if isinstance(identity, str) and re.fullmatch(r"[A-Za-z][\w-]*", identity):
            return " > ".join((f"#{identity}", *reversed(steps)))
        steps.append(f"{each.name}:nth-of-type({1 + len(each.find_previous_siblings(each.name))})")
    return " > ".join(reversed(steps))
