"""What the words of the house mean, as frozen types.

Here: organization, request, response, capture, miss, fact, and nothing that does anything. Elsewhere: how each is made
(captures and misses by `web.web`, facts by `page`), and how each is stored (`warehouse`, `facts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipelines.ids import address, make_id


@dataclass(frozen=True, slots=True)
class Organization:
    """Who a lead works for, as far as asking needs it. `domain` is registrable, lower case, or None.

    `name` is the one most of its leads give; the rest is all that any of them gives: what a website is recognised by.
    """

    organization_id: str
    domain: str | None
    name: str | None
    country: str | None = None
    names: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()


def known_by(row: Mapping[str, Any]) -> Organization:
    """Return the organization of a row of core.known_by."""
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Organization(**known)


@dataclass(frozen=True, slots=True)
class Request:
    """What we ask: one URL, for one organization, on behalf of one source. `kind` says what for: home, about, robots …

    `body` is JSON that is posted to the URL; `span` the only bytes of it that are wanted, as `bytes=100-199`. Most have neither.
    """

    organization_id: str
    source: str
    kind: str
    url: str
    body: str = ""
    span: str = ""

    @property
    def request_id(self) -> str:
        """The same request of the same organization has the same id in every run."""
        return make_id("req", self.organization_id, self.source, self.address)

    @property
    def address(self) -> str:
        """What is asked as one URL, by which archives find the answer."""
        return address(self.url, self.body, self.span)

    @property
    def is_plain(self) -> bool:
        """Whether it asks for all that the URL has, and posts nothing."""
        return not (self.body or self.span)


@dataclass(frozen=True, slots=True)
class Response:
    """What a transport got: the final URL after redirects, and the decoded body (bytes), at a moment in UTC."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    hops: tuple[str, ...] = ()
    wire: bytes = field(default=b"", repr=False)
    """The body as it came, where it came coded (gzip, deflate); empty where it is the body itself."""

    def header(self, name: str) -> str:
        """Return the first header of that name in any case, or an empty string."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Capture:
    """A response as archived. `digest` is of the body; `file` and `offset` find the record in the archive.

    `reservation` is why the page is not for programs like us, a reason a line (`web.reserved`); of such a page no body is kept.
    `headers` are those that tell of the machines behind it, a line `name: value` each (`web.telling`); of cookies, their names.
    """

    capture_id: str
    request: Request
    url: str
    status: int
    content_type: str
    fetched_at: datetime
    digest: str
    length: int
    file: str
    offset: int
    reservation: str = ""
    headers: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture together with its body, or the way to it in the archive, which is only gone when somebody reads.

    `checked_at` is when the content was last seen to be this; `unchanged` says that it was held already.
    """

    capture: Capture
    content: bytes | Callable[[], bytes] = field(repr=False)
    checked_at: datetime | None = None
    unchanged: bool = False

    @property
    def body(self) -> bytes:
        """The body; raises `Skip` (`broken_record`) when the archive lost it."""
        return self.content if isinstance(self.content, bytes) else self.content()


@dataclass(frozen=True, slots=True)
class Miss:
    """The recorded reason why a request has no capture. `reason` is a code, `sentence` is for people."""

    request: Request
    reason: str
    sentence: str
    missed_at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim about an organization, with its evidence: the atom of everything. Only `page.fact` makes one.

    `value` is text, typed by `properties`; `quote` is what the node at `locator` says; `stated_on` is the date the page itself
    gives for the claim, if any; `confidence` is 0 to 1.
    """

    fact_id: str
    organization_id: str
    property: str
    value: str
    source: str
    reader: str
    capture_id: str
    url: str
    locator: str
    quote: str
    observed_at: datetime
    stated_on: date | None
    confidence: float
