"""One visit to one website: what was found there, and whether it counts.

Here: collecting what a visit brings, noticing where the home page really stands, and settling in the end whose website it was.
Elsewhere: asking and reading (`enrich`), the judgement itself (`identity.confirming`).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from pipelines.domains import registrable
from pipelines.identity.confirming import (
    NAMES,
    Judgement,
    Site,
    judge_guessed,
    judge_listed,
    judge_moved,
    naming,
    owner_of,
)
from pipelines.identity.guessing import is_nobodys
from pipelines.identity.standing import HOME
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.pagestate import SILENT
from pipelines.readout import Heard, Reading
from pipelines.records import Capture, Fact, Miss, Organization, Request

READER = "whose"
PARKED = "parked"
NOT_CONFIRMED, SOMEBODY_ELSES, REDIRECTED = "not_confirmed", "somebody_elses", "redirected_elsewhere"
"""States of captures nothing of which is used: a guess without the name, another's website, one that leads to another's."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it is kept: its capture, when that was last confirmed, what it is taken for, words of visible text."""

    capture: Capture
    checked_at: datetime
    state: str
    words: int


@dataclass(slots=True)
class Found:
    """Everything one organization's requests brought.

    `owned` are the domains whose home page was seen and taken for its own, `disowned` those that are not -> state of their pages.
    """

    requests: list[Request] = field(default_factory=list)
    pages: list[Seen] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    owned: set[str] = field(default_factory=set)
    disowned: dict[str, str] = field(default_factory=dict)


class Visit:
    """A visit to the website of an organization, `guessed` or listed. `domain` is where its home page turned out to stand.

    `again` is a visit to what was captured before: it follows what was settled about the same domain now.
    """

    def __init__(self, organization: Organization, guessed: bool, *, again: bool = False) -> None:
        self.organization = organization
        self.guessed = guessed
        self.again = again
        self.domain = organization.domain
        self.found = Found()
        self.is_over = False
        self._heard: list[Heard] = []
        self._home: tuple[Capture, Reading] | None = None
        self._home_state = ""

    def missed(self, miss: Miss) -> None:
        """Take in that a request was not answered; a guess without a home page is over."""
        self.found.misses.append(miss)
        self.is_over = self.is_over or (self.guessed and miss.request.kind == HOME)

    def read(self, capture: Capture, checked_at: datetime, reading: Reading) -> None:
        """Take in a page and what it was read as."""
        self.found.pages.append(Seen(capture, checked_at, reading.state, reading.words))
        self.found.facts.update({fact.fact_id: fact for fact in reading.facts})
        if reading.heard:
            self._heard.append(reading.heard)
        if capture.request.kind == HOME:
            self._arrive(capture, reading)

    def _arrive(self, capture: Capture, reading: Reading) -> None:
        """Notice where the home page stands; there is nothing more to see at nobody's, another's, or a wrong guess."""
        self._home_state = reading.state
        self._home = (capture, reading) if reading.state not in SILENT else None
        self.domain = reading.stands_at or self.domain
        strange = self.guessed and (reading.state in SILENT or naming(self.organization, self._site()) is None)
        self.is_over = strange or self._is_at_nobodys or (self._has_moved and self._judged().word == "refused")

    @property
    def _has_moved(self) -> bool:
        return self.domain != self.organization.domain

    @property
    def _is_at_nobodys(self) -> bool:
        return self._has_moved and is_nobodys(self.domain or "")

    def _site(self) -> Site:
        return Site(self.domain or "", tuple(self.found.facts.values()), tuple(self._heard))

    def settle(self, whole: Found) -> bool:
        """Add to `whole` what counts; returns whether the website is taken for the organization's."""
        known = self.again and (self.organization.domain is None or self.organization.domain in whole.owned)
        judgement = Judgement("unclear") if known else self._judged()
        settled = whole.disowned.get(self.organization.domain or "") if self.again and not known else None
        rival = self.again and self.guessed and bool(whole.owned)
        usable = known or judgement.word == "confirmed" or (judgement.word == "unclear" and not self.guessed)
        if usable and not settled and not rival:
            self._own(judgement)
        else:
            self._disown(Judgement("unclear") if settled or rival else judgement, settled)
        whole.requests += self.found.requests
        whole.pages += self.found.pages
        whole.misses += self.found.misses
        whole.facts.update(self.found.facts)
        whole.owned |= self.found.owned
        whole.disowned.update(self.found.disowned)
        return usable and self.organization.domain is not None and self._home_state != PARKED

    def _judged(self) -> Judgement:
        if self._is_at_nobodys:
            return Judgement("refused")
        if self._home is None:
            return Judgement("unclear")
        if self.guessed:
            return judge_guessed(self.organization, self._site())
        return judge_moved(self.organization, self._site()) if self._has_moved else judge_listed(self.organization, self._site())

    def _own(self, judgement: Judgement) -> None:
        """Take the website for the organization's; where its pages say so, state it."""
        if self._home_state and self.organization.domain:
            self.found.owned = {self.organization.domain, self.domain or self.organization.domain}
        if judgement.word == "confirmed" and self.domain:
            how = "guessed" if self.guessed else "moved" if self._has_moved else "listed"
            self._restate(judgement, "website", self.domain, f"{how} website")

    def _disown(self, judgement: Judgement, settled: str | None) -> None:
        """Unsay what its pages state, but for whose they are and what they say of the organization."""
        state = settled or (NOT_CONFIRMED if self.guessed else REDIRECTED if self._landed_elsewhere else SOMEBODY_ELSES)
        owner = owner_of(self._site()) if judgement.word == "refused" else None
        self.found.facts = {}
        self.found.pages = [_disowned(each, state) for each in self.found.pages]
        own = [each.capture.request.url for each in self.found.pages if each.capture.request.source == "website"]
        seen = {domain for url in own for domain in (self.domain, registrable(url))}
        self.found.disowned = {domain: state for domain in seen if domain}
        if judgement.fact and not self.guessed:
            said = judgement.fact.value if judgement.fact.property in NAMES else self.domain or ""
            self._restate(judgement, "other_owner", said, "listed website")
        if owner and self._home and self._has_moved and (row := self._home[1].sentence):
            page = Page(self._home[0], b"").read_by("website", READER)
            self._add(page.fact("parent", Node(row.text, row.locator), owner.value, confidence=0.7))

    @property
    def _landed_elsewhere(self) -> bool:
        home = next((each.capture for each in self.found.pages if each.capture.request.kind == HOME), None)
        return home is not None and registrable(home.url) != self.organization.domain

    def _restate(self, judgement: Judgement, name: str, value: str, reader: str) -> None:
        """State a property on the strength of the fact that decided."""
        said = judgement.fact
        capture = next((each.capture for each in self.found.pages if said and each.capture.capture_id == said.capture_id), None)
        if said and capture:
            page = Page(capture, b"").read_by("website", reader)
            self._add(page.fact(name, Node(said.quote, said.locator), value, confidence=judgement.probability))

    def _add(self, fact: Fact) -> None:
        self.found.facts[fact.fact_id] = fact


def _disowned(page: Seen, state: str) -> Seen:
    """Return a page as it is kept when nothing of it is used."""
    told = page.state in SILENT and state != NOT_CONFIRMED  # a listed website that is for sale says so itself
    return page if told or page.capture.request.source != "website" else replace(page, state=state, words=0)
