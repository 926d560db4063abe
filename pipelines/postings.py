"""Postings on job boards: how an organization's board is found, whose it is, and what its postings say.

Here: one shape for all boards. A board is asked for where one of the organization's own pages leads to it or embeds it. That is
the first agreement; the second is the board's name, or the company its postings name: where that is the organization, it is its
own board, and where that is another company, it says nothing. Recruiters' names are never looked at. Elsewhere: each board's
addresses and answers (`sources`), what careers pages list themselves (`sources.website.hiring`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from pipelines.identity.naming import LONG, agree, are_related, squeezed
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.text import bare

KIND = "board"
"""What a board's answer is asked for as."""
LEADING = ("careers", "home", "about")
"""Kinds of pages whose links lead to the organization's own board: others tell of customers and partners."""
STATES = frozenset({"opening", "openings", "opening_department", "opening_place", "job_board"})
AGREED, LINKED = 0.95, 0.6
MOST_NAMES, MOST_BOARDS, MOST_OPENINGS, MOST_OTHERS = 50, 2, 500, 60
LETTER = re.compile(r"[^\W\d_]")
# What is advertised when nothing is open.
SPECULATIVE = re.compile(
    r"(?:(?:general|open|speculative|spontaneous|unsolicited) application|initiativ-?bewerbung|candidature spontanée"
    r"|candidatura espont[aá]nea|candidatura spontanea|spontanansökan|open sollicitatie|talent (?:pool|community|network)"
    r"|future (?:opportunities|openings))\b",
    re.IGNORECASE,
)
APART = re.compile(r"\s*(?:;|\s\|\s|\s/\s|•)\s*")
NOTHING = Node("", "")
SEPARATOR = re.compile(r"%20|[-_.+]+")


@dataclass(frozen=True, slots=True)
class Posting:
    """One posting. `key` tells it from all others of its board: what is listed twice under one key is one posting."""

    key: str
    title: Node | None
    published: date | None = None
    departments: Sequence[Node] = ()
    places: Sequence[Node] = ()

    @property
    def name(self) -> str:
        """The words of its title."""
        return bare(self.title.text).strip() if self.title else ""


@dataclass(frozen=True, slots=True)
class Board:
    """A job board: the source that reads it, its domain, how pages address an organization's part of it, where that answers.

    `address` has the organization's name there as its first group that matched; `answer` is the URL to ask, with {} for the name.
    """

    source: str
    site: str
    address: re.Pattern[str]
    answer: str
    nobodys: frozenset[str] = frozenset()

    def on(self, page: Page) -> Iterator[Request]:
        """Ask for the boards that a page of the organization leads to: those of its name, or the only one on its careers page."""
        if page.source != "website" or page.kind not in LEADING or self.site not in page.source_text:
            return
        names = self._names(page.source_text.replace("\\/", "/"))
        own = [name for name in names if is_called(_spelled(name), page.organization)]
        alone = names if page.kind == "careers" and len(names) == 1 else []
        for name in (own or alone)[:MOST_BOARDS]:
            yield Request(page.capture.request.organization_id, self.source, KIND, self.answer.format(name))

    def answers(self, page: Page) -> bool:
        """Whether the page is an answer of this source's."""
        return page.capture.request.source == self.source

    def facts(
        self, page: Page, postings: Iterable[Posting], companies: Iterable[str] = (), none: Node | None = None
    ) -> Iterator[Fact]:
        """State what the postings say, each distinct once, and how many there are.

        `companies` are those the answer names. `none` is what says that there is no posting, where an empty list means that: most
        boards answer so to a name that nobody has, too.
        """
        sure = self._sureness(page, companies)
        titled = [each for each in postings if LETTER.search(each.name)]
        opened = [each for each in titled if not SPECULATIVE.match(each.name)]
        if sure is None:
            return
        if not titled and none:
            yield page.fact("openings", none, "0", confidence=sure)
        elif opened:
            yield from self._stated(page, opened, sure)

    def _stated(self, page: Page, postings: Sequence[Posting], sure: float) -> Iterator[Fact]:
        today = page.capture.fetched_at.date()
        first = postings[0].title or NOTHING
        distinct = {each.key or each.name for each in postings}
        newest = {each.name: each for each in sorted(postings, key=_age)}
        for each in list(newest.values())[:MOST_OPENINGS]:
            day = each.published if each.published and each.published <= today else None
            yield page.fact("opening", each.title or NOTHING, each.name, stated_on=day, confidence=sure)
        yield page.fact("openings", first, str(len(distinct)), confidence=sure)
        yield page.fact("job_board", first, self.site, confidence=sure)
        for department in _several(chain.from_iterable(each.departments for each in postings)):
            yield page.fact("opening_department", department, confidence=sure)
        for place in _several(chain.from_iterable(map(_parts, chain.from_iterable(each.places for each in postings)))):
            yield page.fact("opening_place", place, confidence=sure)

    def _names(self, source: str) -> list[str]:
        """Return the names of boards that a page's source has addresses of, each once in its first spelling."""
        found: dict[str, str] = {}
        for match in self.address.finditer(source):
            name = match[match.lastindex or 0].rstrip(".")
            if name.lower() not in self.nobodys:
                found.setdefault(name.lower(), name)
        return list(found.values())[:MOST_NAMES]

    def _sureness(self, page: Page, companies: Iterable[str]) -> float | None:
        """Return how sure it is that the board is the organization's; None where its postings are another company's."""
        before, _, after = self.answer.partition("{}")
        name = page.capture.request.url.removeprefix(before).removesuffix(after)
        called = list(dict.fromkeys(filter(None, companies)))
        if any(is_called(each, page.organization) for each in (_spelled(name), *called)):
            return AGREED
        return None if called else LINKED


def title_of(posting: Data, key: str) -> Node | None:
    """Return the title of a posting in JSON; raises `Skip` (`other_shape`) where it has none such."""
    posting.need(key)
    return posting.text(key)


def is_called(name: str, organization: Organization) -> bool:
    """Whether the name may be a form of one of the organization's, its domain among them; short ones have to be the same."""
    domain = organization.domain or ""
    own = (organization.name, *organization.names, domain.partition(".")[0], domain.replace(".", " "))
    return any(agree(name, each) or (_are_long(name, each) and are_related(name, each)) for each in own if each)


def _are_long(*names: str) -> bool:
    return all(len(squeezed(name)) >= LONG for name in names)


def _spelled(name: str) -> str:
    """Return the name in an address as words."""
    return SEPARATOR.sub(" ", name).strip()


def _age(posting: Posting) -> date:
    """Sort by: the newest of the same title stands."""
    return posting.published or date.min


def _parts(node: Node) -> Iterator[Node]:
    """Yield each of the places that one text lists."""
    yield from (node.part(part) for part in APART.split(node.text))


def _several(nodes: Iterable[Node]) -> list[Node]:
    """Return the first of those that say the same, as many as one cares to read."""
    found: dict[str, Node] = {}
    for node in nodes:
        if LETTER.search(node.text):
            found.setdefault(node.text.lower(), node)
    return list(found.values())[:MOST_OTHERS]
