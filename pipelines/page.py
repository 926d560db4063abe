"""One captured page, and the only maker of facts.

Here: what was captured for whom, and `Page.fact`, which takes the node that says it; and whether a page says a quote. Elsewhere:
what stands in the page and where (`document`), what it means (`sources`), how a page was got (`web`).
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from pipelines.document import Document
from pipelines.errors import Skip, Stop
from pipelines.ids import make_id
from pipelines.mailboxes import without_persons
from pipelines.nodes import Data, Node, scalars
from pipelines.once import once
from pipelines.properties import PROPERTIES
from pipelines.records import Capture, Fact, Organization
from pipelines.sayings import Sayings
from pipelines.text import bare, clean, cut, excerpt, squeeze, unescaped

QUOTE_LENGTH, VALUE_LENGTH = 300, 500
UNREADABLE = object()


class Page(Document):
    """A capture with its body, parsed when first looked at, and whom it was asked for; handed to every reader."""

    def __init__(self, capture: Capture, body: bytes, organization: Organization | None = None) -> None:
        super().__init__(capture.url, body, capture.content_type)
        self.capture = capture
        self.organization = organization or Organization(capture.request.organization_id, None, None)
        self.source = self.reader = capture.request.source

    def read_by(self, source: str, reader: str) -> "Page":
        """Return the same page, whose facts will name that source and reader."""
        page = Page.__new__(Page)
        vars(page).update(vars(self))
        page.source, page.reader = source, reader
        return page

    @property
    def kind(self) -> str:
        """What the page was asked for: home, about, careers …"""
        return self.capture.request.kind

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

    @once
    def _said(self) -> Sayings:
        return Sayings(self._sayings())

    def says(self, quote: str) -> bool:
        """Whether the page really says the quote, but for persons' mailboxes: in its text, an attribute, its JSON or its body."""
        return self._said.have(quote)

    def _sayings(self) -> Iterator[str]:
        """Yield what the page says, squeezed: first as the bare source has it, and only if that fails as a parser sees it."""
        yield squeeze(unescaped(bare(self.source_text)))
        yield squeeze(unescaped(self.source_text))
        yield squeeze(self.walk.text)
        yield squeeze("".join(row.text for row in self.rows))
        yield "\n".join(squeeze(value) for each in self.walk.elements for value in each.attrs.values())
        yield "\n".join(squeeze(each) for entity in self.linked_data for each in scalars(entity.value))
        yield squeeze(self.capture.headers)
        yield "\n".join(squeeze(unescaped(each)) for each in scalars(self._json))
