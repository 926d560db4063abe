"""From organizations to facts: plan, ask, keep, read, follow.

Here: the loop that drives the sources over the web, one organization at a time, one partition a worker. One of the two places
that catch `Skip`: a page that cannot be read is a capture whose state says why. Elsewhere: asking (`web`), reading (`sources`),
whose website it was (`identity`), keeping (`keeping`).
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Protocol

from pipelines.errors import Skip, Stop
from pipelines.facts import read_partition, stamp_of, write_partition
from pipelines.identity.guessing import guesses
from pipelines.identity.visit import HOME, Found, Visit
from pipelines.ids import partition_of
from pipelines.keeping import keep, not_asked, stamp, standing
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.pagestate import READ, SILENT, state_of
from pipelines.records import Capture, Captured, Fact, Miss, Organization, Request
from pipelines.settings import Manners, Settings
from pipelines.source import Source
from pipelines.suppression import NOBODY, Suppression
from pipelines.suppression.forget import forgotten

HERE = Path(__file__).parent
READING = (
    "page.py",
    "nodes.py",
    "text.py",
    "lexicon.py",
    "persona.yaml",
    "places.py",
    "mailboxes.py",
    "voices.py",
    "pagestate.py",
    "properties.py",
    "identity",
    "sources",
)


class Answers(Protocol):
    """What we need of the web: one answer to every request. `web.web.Web` is one."""

    def answer(self, request: Request, fresh_for: timedelta, may_leave: bool) -> Captured | Miss:
        """Return what came back, from another's domain too where it `may_leave`, or the recorded reason why nothing did."""

    def body(self, capture: Capture) -> bytes:
        """Return the body of an earlier capture; raises `Skip` when it is lost."""


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What it takes to enrich: the web, the sources, the words listened for, the budget, and where files go."""

    web: Answers
    sources: Sequence[Source]
    lexicon: Lexicon
    settings: Settings
    folder: Path
    over: Event = field(default_factory=Event)
    suppression: Suppression = NOBODY

    def run(self, organizations: Sequence[Organization], inputs: str, progress: Callable[[str, int, int], None]) -> int:
        """Bring every partition whose inputs changed up to date; returns how many organizations were looked at.

        `inputs` is a fingerprint of all that decides what comes out, but for the organizations; `progress` is called with
        what is done, how many are, and of how many.
        """
        stale = {
            number: group for number, group in self._partitions(organizations).items() if self._is_stale(number, group, inputs)
        }
        total, done = sum(map(len, stale.values())), 0
        pool = ThreadPoolExecutor(self.settings.manners.workers)
        try:
            for number, group in stale.items():
                kept = read_partition(self.folder, number)
                before, founds = standing(kept), list[Found]()
                for organization, found in zip(group, pool.map(self.look_at, group), strict=True):
                    done += 1
                    progress(organization.domain or organization.name or "", done, total)
                    self._read_again(organization, before.get(organization.organization_id, {}), found)
                    founds.append(found)
                keep(kept, founds)
                kept.inputs = stamp(group, inputs)
                write_partition(self.folder, number, forgotten(kept, self.suppression))
        finally:  # whoever interrupts does not wait for what was only planned
            self.over.set()
            pool.shutdown(wait=False, cancel_futures=True)
        return total

    def look_at(self, organization: Organization) -> Found:
        """Look at the website the lists give and, where that is not its own or none is known, at those its name suggests."""
        found = Found()
        if self._visit(organization, found, guessed=False) or not organization.name:
            return found
        for domain in guesses(organization, self.settings.guessing.most, self.settings.guessing.suffixes):
            if self._visit(replace(organization, domain=domain), found, guessed=True):
                break
        return found

    def _visit(self, organization: Organization, found: Found, *, guessed: bool) -> bool:
        """Ask what the sources plan, home pages first, then what the pages suggest, until nothing is left or the budget is spent.

        Returns whether what was read is the organization's, so that nothing need be guessed; what is not its own says nothing.
        """
        visit = Visit(organization, guessed)
        by_name = {source.name: source for source in self.sources}
        waiting = deque(self._planned(organization))
        asked = {(each.source, each.url) for each in found.requests}
        while waiting and not visit.is_over and not self.over.is_set():
            request = waiting.popleft()
            if (request.source, request.url) in asked or not self._affords(found, visit, request):
                continue
            asked.add((request.source, request.url))
            visit.found.requests.append(request)
            answer = self.web.answer(request, by_name[request.source].fresh, request.kind == HOME)
            if isinstance(answer, Miss):
                visit.missed(answer)
                continue
            waiting.extend(self._read(Page(answer.capture, answer.body), by_name[request.source], visit))
            if request.kind == HOME and visit.domain != organization.domain:
                waiting.extend(self._planned(replace(organization, domain=visit.domain), home=False))
        return visit.settle(found)

    def _planned(self, organization: Organization, *, home: bool = True) -> list[Request]:
        """Return what the sources plan, home pages first or left out."""
        planned = [request for source in self.sources for request in source.plan(organization)]
        return sorted((each for each in planned if home or each.kind != HOME), key=lambda request: request.kind != HOME)

    def _read_again(self, organization: Organization, before: Mapping[str, Capture], found: Found) -> None:
        """Read the captures that stand and were not asked for now: they say what today's readers read in them."""
        for domain, captures in not_asked(before, found).items():
            guessed = domain is not None and domain != organization.domain and domain not in found.owned
            visit = Visit(replace(organization, domain=domain), guessed, again=True)
            for capture in captures:
                self._read_capture(capture, visit)
            visit.settle(found)

    def _read_capture(self, capture: Capture, visit: Visit) -> None:
        source = next((each for each in self.sources if each.name == capture.request.source), None)
        if source is not None:
            with suppress(Skip):  # lost in the archive: its quotes are found broken
                self._read(Page(capture, self.web.body(capture)), source, visit)

    def _affords(self, found: Found, visit: Visit, request: Request) -> bool:
        manners: Manners = self.settings.manners
        pages = sum(each.source == request.source for each in visit.found.requests)
        requests = len(found.requests) + len(visit.found.requests)
        afforded = requests < manners.requests_per_organization and pages < manners.pages_per_organization
        return afforded and not self.suppression.hits([request.url])

    def _read(self, page: Page, asker: Source, visit: Visit) -> list[Request]:
        """Keep what the page states; return what it suggests to ask next."""
        follow: list[Request] = []
        facts: dict[str, Fact] = {}
        try:
            state = state_of(page)
            if state not in SILENT:
                facts = {fact.fact_id: fact for fact in self._facts(page)}
                follow = list(asker.follow(page))
        except Skip as skip:
            facts, state = {}, skip.reason
        words = page.words if state == READ and asker.name == "website" else 0
        visit.read(page, state, words, facts)
        return follow

    def _facts(self, page: Page) -> Iterator[Fact]:
        """Yield what every source that wants the page reads in it, the surest last: it stands where two say the same."""
        for source in self.sources:
            if source.wants(page):
                facts = sorted(
                    source.read(page.read_by(source.name, source.name), self.lexicon), key=lambda fact: fact.confidence
                )
                yield from _allowed(source, facts)

    def _partitions(self, organizations: Sequence[Organization]) -> dict[int, list[Organization]]:
        groups: dict[int, list[Organization]] = {}
        for each in sorted(organizations, key=lambda each: each.organization_id):
            groups.setdefault(partition_of(each.organization_id, self.settings.storage.partitions), []).append(each)
        return dict(sorted(groups.items()))

    def _is_stale(self, number: int, group: Sequence[Organization], inputs: str) -> bool:
        return stamp_of(self.folder, number) != stamp(group, inputs)


def reading_fingerprint(phrases: Mapping[str, Sequence[str]]) -> str:
    """Return a hash of everything that decides what a page is read as: the readers' code, their data, the phrases."""
    paths = sorted(
        path for name in READING for path in ([HERE / name] if (HERE / name).is_file() else (HERE / name).rglob("*.[py]*"))
    )
    digest = hashlib.sha256(json.dumps({term: list(words) for term, words in sorted(phrases.items())}).encode())
    for path in paths:
        if path.suffix in (".py", ".yaml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _allowed(source: Source, facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        if fact.property not in source.states:
            raise Stop(f"Source {source.name} states {fact.property}, which it does not declare; add it to its `states`.")
        if fact.value and fact.quote:
            yield fact
