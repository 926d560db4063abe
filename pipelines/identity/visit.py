"""One visit to one website: what was found there, and whether it counts.

Here: collecting what a visit brings, noticing where the home page really stands, and settling in the end whose website it was.
Elsewhere: asking and reading (`enrich`), the judgement itself (`identity.confirming`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    sentence_about,
)
from pipelines.identity.guessing import is_nobodys
from pipelines.identity.standing import stands_at
from pipelines.intake.folding import fold
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.pagestate import SILENT
from pipelines.records import Capture, Fact, Miss, Organization, Request

HOME = "home"
READER = "whose"
PARKED = "parked"
NOT_CONFIRMED, SOMEBODY_ELSES, REDIRECTED = "not_confirmed", "somebody_elses", "redirected_elsewhere"
"""States of captures nothing of which is used: a guess without the name, another's website, one that leads to another's."""


@dataclass(slots=True)
class Found:
    """Everything one organization's requests brought.

    `owned` are the domains whose home page was seen and taken for its own, `disowned` those that are not -> state of their pages.
    """

    requests: list[Request] = field(default_factory=list)
    pages: list[tuple[Capture, str, int]] = field(default_factory=list)
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
        self._texts: list[str] = []
        self._home: Page | None = None
        self._home_state = ""

    def missed(self, miss: Miss) -> None:
        """Take in that a request was not answered; a guess without a home page is over."""
        self.found.misses.append(miss)
        self.is_over = self.is_over or (self.guessed and miss.request.kind == HOME)

    def read(self, page: Page, state: str, words: int, facts: Mapping[str, Fact]) -> None:
        """Take in a page, what it is, and what it states."""
        self.found.pages.append((page.capture, state, words))
        self.found.facts.update(facts)
        if state not in SILENT and page.capture.request.source == "website":
            self._texts.append(fold(" ".join(block.text for block in page.blocks)))
        if page.kind == HOME:
            self._arrive(page, state)

    def _arrive(self, page: Page, state: str) -> None:
        """Notice where the home page stands; there is nothing more to see at nobody's, another's, or a wrong guess."""
        self._home_state = state
        self._home = page if state not in SILENT else None
        self.domain = stands_at(page) or self.domain
        strange = self.guessed and (state in SILENT or naming(self.organization, self._site()) is None)
        self.is_over = strange or self._is_at_nobodys or (self._has_moved and self._judged().word == "refused")

    @property
    def _has_moved(self) -> bool:
        return self.domain != self.organization.domain

    @property
    def _is_at_nobodys(self) -> bool:
        return self._has_moved and is_nobodys(self.domain or "")

    def _site(self) -> Site:
        return Site(self.domain or "", tuple(self.found.facts.values()), tuple(self._texts))

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
        self.found.pages = [_disowned(*each, state) for each in self.found.pages]
        seen = {domain for capture, _, _ in self.found.pages for domain in (self.domain, registrable(capture.request.url))}
        self.found.disowned = {domain: state for domain in seen if domain}
        if judgement.fact and not self.guessed:
            said = judgement.fact.value if judgement.fact.property in NAMES else self.domain or ""
            self._restate(judgement, "other_owner", said, "listed website")
        if owner and self._home and self._has_moved and (row := sentence_about(self.organization, self._home)):
            self._add(self._home.read_by("website", READER).fact("parent", row, owner.value, confidence=0.7))

    @property
    def _landed_elsewhere(self) -> bool:
        home = next((capture for capture, _, _ in self.found.pages if capture.request.kind == HOME), None)
        return home is not None and registrable(home.url) != self.organization.domain

    def _restate(self, judgement: Judgement, name: str, value: str, reader: str) -> None:
        """State a property on the strength of the fact that decided."""
        said = judgement.fact
        capture = next((each for each, _, _ in self.found.pages if said and each.capture_id == said.capture_id), None)
        if said and capture:
            page = Page(capture, b"").read_by("website", reader)
            self._add(page.fact(name, Node(said.quote, said.locator), value, confidence=judgement.probability))

    def _add(self, fact: Fact) -> None:
        self.found.facts[fact.fact_id] = fact


def _disowned(capture: Capture, was: str, words: int, state: str) -> tuple[Capture, str, int]:
    """Return a page as it is kept when nothing of it is used."""
    told = was in SILENT and state != NOT_CONFIRMED  # a listed website that is for sale says so itself
    return (capture, was, words) if told or capture.request.source != "website" else (capture, state, 0)
