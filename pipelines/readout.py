"""What one page was read as: a value that travels as data between who reads, who believes, and who keeps.

Here: what a reading holds, and its JSON. Elsewhere: reading a page (`reading`), where that can do no harm (`jail`), keeping what
it was read as (`readings`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from pipelines.records import Fact, Request


@dataclass(frozen=True, slots=True)
class Heard:
    """Whether a page's text says an organization's name, that it went by it before, a city of its, its country."""

    name: bool = False
    former: bool = False
    city: bool = False
    country: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A row of a page's text, and where it stands."""

    text: str
    locator: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that enriching needs of one page, for one organization, once it was read.

    `state` is of `pagestate`, or why it cannot be read; `words` of visible text; `facts` and `follow` (requests) in the order of
    reading; `heard` is None of a page that says nothing. Of a home page alone: the domain it stands at and, where that is not
    the one asked, the sentence that names the organization.
    """

    state: str
    words: int = 0
    facts: tuple[Fact, ...] = ()
    follow: tuple[Request, ...] = ()
    heard: Heard | None = None
    stands_at: str | None = None
    sentence: Sentence | None = None

    def texts(self) -> Iterator[str]:
        """Yield everything in which something suppressed may stand."""
        for fact in self.facts:
            yield from (fact.value, fact.url, fact.locator, fact.quote)
        yield from (request.url for request in self.follow)
        yield from (text for text in (self.stands_at, self.sentence and self.sentence.text) if text)


_CONTENT = TypeAdapter(Reading)


def encoded(reading: Reading) -> bytes:
    """Return a reading as JSON."""
    return _CONTENT.dump_json(reading)


def decoded(content: str | bytes) -> Reading | None:
    """Return the reading of that JSON, or None when it is of none."""
    try:
        return _CONTENT.validate_json(content)
    except ValidationError:
        return None
