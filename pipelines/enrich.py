"""From organizations to facts: plan, ask, keep, read, follow.

Here: the loop that drives the sources over the web, one organization at a time, one partition a worker. One of the two places
that catch `Skip`: a page that cannot be read is a capture whose state says why. Elsewhere: asking (`web`), reading (`sources`),
keeping (`facts`).
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Protocol

from pipelines.errors import Skip, Stop
from pipelines.facts import Partition, Row, read_partition, stamp_of, write_partition
from pipelines.ids import partition_of
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.pagestate import READ, RESERVED, SILENT, state_of
from pipelines.quotes import capture_of
from pipelines.records import Capture, Captured, Fact, Miss, Organization, Request
from pipelines.settings import Manners, Settings
from pipelines.source import Source

HERE = Path(__file__).parent
REQUEST = ("organization_id", "source", "kind", "url")
READING = (
    "page.py",
    "nodes.py",
    "text.py",
    "lexicon.py",
    "persona.yaml",
    "places.py",
    "mailboxes.py",
    "pagestate.py",
    "properties.py",
    "sources",
)


class Answers(Protocol):
    """What we need of the web: one answer to every request. `web.web.Web` is one."""

    def answer(self, request: Request, fresh_for: timedelta) -> Captured | Miss:
        """Return what came back, or the recorded reason why nothing did."""

    def body(self, capture: Capture) -> bytes:
        """Return the body of an earlier capture; raises `Skip` when it is lost."""


@dataclass(slots=True)
class Found:
    """Everything one organization's requests brought."""

    requests: list[Request] = field(default_factory=list)
    pages: list[tuple[Capture, str, int]] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What it takes to enrich: the web, the sources, the words listened for, the budget, and where files go."""

    web: Answers
    sources: Sequence[Source]
    lexicon: Lexicon
    settings: Settings
    folder: Path
    over: Event = field(default_factory=Event)

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
                before, founds = _standing(kept), list[Found]()
                for organization, found in zip(group, pool.map(self.look_at, group), strict=True):
                    done += 1
                    progress(organization.domain or organization.name or "", done, total)
                    self._read_again(before.get(organization.organization_id, {}), found)
                    founds.append(found)
                _keep(kept, founds)
                kept.inputs = _stamp(group, inputs)
                write_partition(self.folder, number, kept)
        finally:  # whoever interrupts does not wait for what was only planned
            self.over.set()
            pool.shutdown(wait=False, cancel_futures=True)
        return total

    def look_at(self, organization: Organization) -> Found:
        """Ask what the sources plan, then what the pages suggest, until there is nothing left or the budget is spent."""
        found = Found()
        by_name = {source.name: source for source in self.sources}
        waiting = deque(request for source in self.sources for request in source.plan(organization))
        asked: set[tuple[str, str]] = set()
        while waiting and not self.over.is_set():
            request = waiting.popleft()
            if (request.source, request.url) in asked or not self._affords(found, request):
                continue
            asked.add((request.source, request.url))
            found.requests.append(request)
            answer = self.web.answer(request, by_name[request.source].fresh)
            if isinstance(answer, Miss):
                found.misses.append(answer)
                continue
            page = Page(answer.capture, answer.body)
            waiting.extend(self._read(page, by_name[request.source], found))
        return found

    def _read_again(self, before: Mapping[str, Capture], found: Found) -> None:
        """Read the captures that stand and were not asked for now: they say what today's readers read in them."""
        by_name = {source.name: source for source in self.sources}
        answered = {capture.request.request_id for capture, _, _ in found.pages}
        for request_id, capture in before.items():
            if request_id not in answered and capture.request.source in by_name:
                with suppress(Skip):  # lost in the archive: its quotes are found broken
                    self._read(Page(capture, self.web.body(capture)), by_name[capture.request.source], found)

    def _affords(self, found: Found, request: Request) -> bool:
        manners: Manners = self.settings.manners
        pages = sum(each.source == request.source for each in found.requests)
        return len(found.requests) < manners.requests_per_organization and pages < manners.pages_per_organization

    def _read(self, page: Page, asker: Source, found: Found) -> list[Request]:
        """Keep what the page states; return what it suggests to ask next."""
        follow: list[Request] = []
        try:
            state = state_of(page)
            if state not in SILENT:
                facts = {fact.fact_id: fact for fact in self._facts(page)}
                follow = list(asker.follow(page))
                found.facts.update(facts)
        except Skip as skip:
            state = skip.reason
        words = page.words if state == READ and asker.name == "website" else 0
        found.pages.append((page.capture, state, words))
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
        return stamp_of(self.folder, number) != _stamp(group, inputs)


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


def _stamp(group: Sequence[Organization], inputs: str) -> str:
    content = json.dumps([inputs, *([each.organization_id, each.domain, each.name] for each in group)])
    return hashlib.sha256(content.encode()).hexdigest()


def _standing(kept: Partition) -> dict[str, dict[str, Capture]]:
    """Return organization -> request -> the newest capture that may be read."""
    requests = {row["request_id"]: Request(**{name: row[name] for name in REQUEST}) for row in kept.rows["raw.request"]}
    found: dict[str, dict[str, Capture]] = {}
    for row in sorted(kept.rows["raw.capture"], key=lambda row: (row["fetched_at"], row["capture_id"])):
        mine = found.setdefault(row["organization_id"], {})
        mine.pop(row["request_id"], None)
        if row["state"] != RESERVED:
            mine[row["request_id"]] = replace(capture_of(row), request=requests[row["request_id"]])
    return found


def _keep(kept: Partition, founds: Sequence[Found]) -> None:
    """Add what was found. What was ever answered is no miss: one failure does not unsay what was captured before.

    What was said of a capture that is read again is forgotten: it says what it is read as now.
    """
    again = {(capture.request.organization_id, capture.capture_id) for found in founds for capture, _, _ in found.pages}
    facts = kept.rows["core.fact"]
    kept.rows["core.fact"] = [row for row in facts if (row["organization_id"], row["capture_id"]) not in again]
    for found in founds:
        _add(kept, found)
    answered = {row["request_id"] for row in kept.rows["raw.capture"]}
    kept.rows["raw.miss"] = [row for row in kept.rows["raw.miss"] if row["request_id"] not in answered]


def _add(kept: Partition, found: Found) -> None:
    for request in found.requests:
        kept.put("raw.request", _request_row(request))
    for capture, state, words in found.pages:
        kept.put("raw.capture", {**_capture_row(capture), "state": state, "words": words})
    for miss in found.misses:
        said = {"reason": miss.reason, "sentence": miss.sentence, "missed_at": _naive(miss.missed_at)}
        kept.put("raw.miss", {**_request_row(miss.request), **said})
    for fact in found.facts.values():
        kept.put("core.fact", {**asdict(fact), "observed_at": _naive(fact.observed_at)})


def _request_row(request: Request) -> dict[str, Any]:
    return {**asdict(request), "request_id": request.request_id}


def _capture_row(capture: Capture) -> Row:
    own = {name: value for name, value in asdict(capture).items() if name != "request"}
    return {**_request_row(capture.request), **own, "fetched_at": _naive(capture.fetched_at)}


def _naive(moment: datetime) -> datetime:
    """Return the moment in UTC without zone, as tables keep it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
