"""Phrases that nobody listened for yet: the pages of the archive are read again for them, and nobody is asked.

Here: which terms are new or worded otherwise, what the organizations' pages say to them, by the same readers in the same jail as
in a run; what is not read again is unheard, which is not no. Elsewhere: the reader (`sources.website.language`), the jail
(`jail`).
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC
from functools import partial
from itertools import count
from pathlib import Path

import pyarrow as pa

from pipelines.errors import Skip
from pipelines.facts import SCHEMAS
from pipelines.jail import Jail
from pipelines.jailed import Limits
from pipelines.job import Progress
from pipelines.quotes import Row, capture_of
from pipelines.records import Fact, Organization, known_by
from pipelines.settings import Settings
from pipelines.suppression import Suppression
from pipelines.warehouse import Warehouse
from pipelines.web.archive import Archive

FACTS = "core.fact"
Phrases = Mapping[str, Sequence[str]]
PROMISES = "promise."
SPOKEN = ("mentions", "customer_mentions")
PAGES = """
    select capture.*
    from raw.capture as capture
    semi join core.fact as fact
        on fact.property = 'page' and fact.capture_id = capture.capture_id and fact.organization_id = capture.organization_id
    order by capture.organization_id, capture.url, capture.request_id, capture.capture_id
"""
KEPT = "select * from core.fact where not (list_contains($spoken, property) and list_contains($terms, value))"
KNOWN = "select term, phrase from raw.phrase"


@dataclass(frozen=True, slots=True)
class Ears:
    """What it takes to read pages again."""

    archive: Path
    settings: Settings
    suppression: Suppression
    progress: Progress


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of it: the terms nobody listened for before, the pages read for them, and those the archive has lost."""

    terms: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    """Terms that are asked for no more."""
    pages: int = 0
    lost: int = 0
    is_read: bool = True

    @property
    def changed(self) -> bool:
        """Whether there are other facts than before."""
        return bool(self.terms or self.dropped)

    @property
    def unheard(self) -> tuple[str, ...]:
        """The terms of which nothing is known, since no page was read for them."""
        return () if self.is_read else self.terms


def without(warehouse: Warehouse, phrases: Phrases) -> Heard:
    """Forget what was said to terms that now are worded otherwise, and read no page again.

    What a promise was recognised by stays: there is no unknown between a promise that fits and none that does.
    """
    heard = _other(warehouse, phrases)
    if gone := [*(term for term in heard.terms if not term.startswith(PROMISES)), *heard.dropped]:
        _replace(warehouse, gone, [])
    return heard


def listen(warehouse: Warehouse, phrases: Phrases, ears: Ears) -> Heard:
    """Let the facts be those that a run with these phrases would have found in the same pages."""
    heard = _other(warehouse, phrases)
    facts: list[Fact] = []
    pages = warehouse.rows(PAGES) if heard.terms else []
    lost = 0
    for found in _read(pages, _organizations(warehouse), {term: phrases[term] for term in heard.terms}, ears):
        lost += found is None
        facts += found or ()
    if heard.changed:
        _replace(warehouse, [*heard.terms, *heard.dropped], facts)
    return Heard(heard.terms, heard.dropped, len(pages) - lost, lost)


def _other(warehouse: Warehouse, phrases: Phrases) -> Heard:
    """Return which terms are new or worded otherwise, and which are no more, all of them unheard."""
    known: dict[str, set[str]] = {}
    for row in warehouse.rows(KNOWN):
        known.setdefault(row["term"], set()).add(row["phrase"])
    new = [term for term, spoken in phrases.items() if known.get(term) != {each.lower() for each in spoken}]
    return Heard(tuple(sorted(new)), tuple(sorted(set(known) - set(phrases))), is_read=not new)


def _replace(warehouse: Warehouse, terms: Sequence[str], facts: Iterable[Fact]) -> None:
    """Load the facts without what was said to those terms, and with what is said now."""
    kept = warehouse.arrow(KEPT, {"spoken": list(SPOKEN), "terms": list(terms)})
    rows = [{**asdict(each), "observed_at": each.observed_at.astimezone(UTC).replace(tzinfo=None)} for each in facts]
    schema = SCHEMAS[FACTS]
    new = pa.Table.from_pylist(list({row["fact_id"]: row for row in rows}.values()), schema)
    warehouse.load(FACTS, pa.concat_tables([kept.select(schema.names).cast(schema), new]))


def _organizations(warehouse: Warehouse) -> dict[str, Organization]:
    return {row["organization_id"]: known_by(row) for row in warehouse.rows("from core.known_by")}


def _read(
    pages: Sequence[Row], organizations: Mapping[str, Organization], phrases: Phrases, ears: Ears
) -> Iterable[list[Fact] | None]:
    """Yield what each page says, in order; None for one that the archive has lost."""
    given, archive = ears.settings.reading, Archive(ears.archive, ears.settings.storage.partitions)
    counted = count(1)
    with (
        Jail(phrases, Limits(given.memory_bytes, given.cpu_seconds, given.wall_seconds)) as jail,
        ThreadPoolExecutor(ears.settings.storage.threads, "reader") as pool,
    ):
        said = partial(_said, jail, archive, organizations, phrases, ears.suppression)
        for found in pool.map(said, pages):
            ears.progress("reading again", next(counted), len(pages))
            yield found


def _said(
    jail: Jail, archive: Archive, organizations: Mapping[str, Organization], phrases: Phrases, suppression: Suppression, page: Row
) -> list[Fact] | None:
    """Return what one page says to the phrases, but for what names somebody who is left out."""
    capture = capture_of(page)
    try:
        reading = jail.read(capture, archive.body(capture), organizations[page["organization_id"]])
    except Skip:
        return None
    spoken = [fact for fact in reading.facts if fact.property in SPOKEN and fact.value in phrases]
    return [fact for fact in spoken if not suppression.hits([fact.url, fact.locator, fact.quote])]
