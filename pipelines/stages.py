"""The stages of the main job, each from home to home: take in, enrich, reason, audit. (The last, publish, is `release`.)

Here: what each stage reads, calls and puts, and when it has nothing to do. Every stage is safe to kill: it is made again from
what the stage before left. Elsewhere: when stages run (`assets`), how each thing is done (the modules called here).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from pipelines.choosing import budgets, chosen_sources, expected_sources, paces
from pipelines.comparing import FILLED, Comparison, givens_of
from pipelines.enrich import Enrichment
from pipelines.errors import Stop
from pipelines.facts import SCHEMAS, content_of, earlier_facts, read_parts, standing_facts
from pipelines.givens import fingerprint, given_rows
from pipelines.intake.inbox import LeadList
from pipelines.intake.parallel import read_written, write_lists
from pipelines.intake.reading import steps
from pipelines.intake.titles import understood
from pipelines.jail import Jail
from pipelines.jailed import Limits
from pipelines.job import Job
from pipelines.linking.resolution import link, needed
from pipelines.looking import Looking
from pipelines.properties import WATCHED
from pipelines.quality import Verdict, audit
from pipelines.questions import is_outdated
from pipelines.quotes import MARKS, broken_quotes
from pipelines.reading import reading_fingerprint
from pipelines.records import Organization, known_by
from pipelines.release.manifest import damaged
from pipelines.release.previous import read_manifests
from pipelines.release.snapshot import publish as write_release
from pipelines.rights.pages import mask_new_pages
from pipelines.rights.retention import drop_earlier, retire
from pipelines.source import Source
from pipelines.suppression import Suppression, taking
from pipelines.suppression.clearing import to_clear
from pipelines.suppression.forget import LEADS, allowed, forget, forget_strangers, hold_out, welcome
from pipelines.suppression.forget import NOTE as SUPPRESSION
from pipelines.tables import Table
from pipelines.verdicts import read_verdicts, write_verdicts
from pipelines.warehouse import Built, dependencies
from pipelines.web.archive import Archive
from pipelines.web.bulk import Filed, Registers, fingerprint_of
from pipelines.web.guest import Terms
from pipelines.web.shelves import LIVE
from pipelines.web.shelves import fingerprint as web_fingerprint
from pipelines.web.web import open_web

FACTS, EARLIER_FACTS = "core.fact", "core.earlier_fact"
FOUND = (*SCHEMAS, EARLIER_FACTS)
"""The contracts that enriching fills: what depends on none of them can be built before."""
TITLES = "select distinct job_title from core.sighting where job_title is not null order by job_title"
BROKEN = "raw.broken_quote"
REASONED = FILLED | {BROKEN}
"""The contracts that reasoning fills."""


def early_models(tables: Mapping[str, Table], graph: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the models that need nothing of the web: they are built before it is asked."""

    def needs_web(table: str) -> bool:
        return table in FOUND or table in REASONED or any(needs_web(each) for each in graph[table])

    return frozenset(name for name, table in tables.items() if table.kind == "model" and not needs_web(name))


def unchanged(job: Job) -> Path | None:
    """Return the current release when it is whole and made of just what this job would make one of; None when there is work."""
    bring(job)
    current = job.home.releases / job.home.current.resolve().name
    if job.home.made_from("release") != _release_inputs(job) or not job.home.current.exists() or damaged(current):
        return None
    return None if is_outdated(job.home, read_manifests(current.parent)[current.name]) else current


def bring(job: Job) -> None:
    """Bring the lists in, whom to leave out first, and forget them; what lies in the inbox already is not brought again."""
    job.home.folder.mkdir(parents=True, exist_ok=True)
    taking.bring({"leads": job.leads, **job.others}, job.home.inbox, job.settings.lists, job.book, job.as_of.date())
    forget(job.home, job.book)
    retire(job)


def take_in(job: Job) -> None:
    """Bring the lists into the inbox, read all of them, and find the organizations behind the leads."""
    sources = expected_sources(job.settings.sources)
    job.hold_room()
    bring(job)
    lists = job.lists()
    if not lists:
        raise Stop(f"There is no lead list in {job.home.inbox}; put one there, or name one with --leads.")
    made_from = _intake_inputs(job, lists)
    if job.home.made_from("intake") == made_from:
        return
    folder = job.home.leads / made_from[:16]
    with job.home.making("intake", made_from):
        load_lists(job, lists, folder)
        understand(job, sources)
    job.home.keep_leads(folder)


def understand(job: Job, sources: Sequence[Source]) -> None:
    """Load what else is given, and build what needs nothing of the web: who the leads are, and who works for whom."""
    with job.open() as warehouse:
        for table, rows in given_rows(job.icp, sources, job.settings.reading, job.as_of).items():
            warehouse.load(table, rows)
        warehouse.load("core.job_title", understood(row["job_title"] for row in warehouse.rows(TITLES)))
        graph = dependencies(job.tables)
        early = early_models(job.tables, graph)
        before = early & needed(graph)
        warehouse.build(before)
        link(warehouse, job.settings.resolution)
        warehouse.build(early - before)


def load_lists(job: Job, lists: Sequence[LeadList], folder: Path) -> None:
    """Read the lists into files in the folder, and let the warehouse refer to these."""
    read = steps(lists, job.settings, job.book.read(), job.outdated)
    files = write_lists(read, folder, job.settings.storage.threads)
    for each in to_clear(lists, files["raw.rejected_row"]):
        job.clearing.clear(each)
    with job.open() as warehouse:
        warehouse.load("raw.lead_list", pa.concat_tables([read_written(files["raw.lead_list"]), taking.as_lead_lists(job.book)]))
        for table in ("raw.lead_row", "raw.rejected_row", "core.sighting"):
            warehouse.refer(table, files[table])


@dataclass(frozen=True, slots=True)
class Looked:
    """How many organizations were looked at, and how many requests somebody's server was asked; None for a replay."""

    organizations: int
    asked: int | None


def look(job: Job, sources: Sequence[Source] | None = None) -> Looked:
    """Ask the web about every organization whose answer may have changed, and load what is known of all.

    Other sources than those that are turned on is for whoever measures.
    """
    sources = chosen_sources(job.settings.sources) if sources is None else sources
    terms = Terms(paces(sources), {**budgets(sources), **job.settings.manners.requests_per_host})
    web = open_web(job.web, job.home.archive, job.settings, job.as_of, job.clock, terms)
    readers, given = reading_fingerprint(job.icp.phrases), job.settings.reading
    files = job.settings.registers
    held = (web_fingerprint(job.web), fingerprint_of(files))
    inputs = fingerprint(*held, readers, job.settings.model_dump(), job.as_of.isoformat())
    found = organizations(job)
    forget_strangers(job.home, {each.organization_id for each in found})
    with Jail(job.icp.phrases, Limits(given.memory_bytes, given.cpu_seconds, given.wall_seconds)) as jail:
        answers = Filed(web, Registers(files, job.home.registers, job.as_of))
        looking = Looking(answers, sources, jail.read, job.settings, readers, job.book.read())
        looked_at = Enrichment(looking, job.home.facts).run(found, inputs, job.go_on)
    mask_new_pages(job.home, job.book.read())
    load_found(job)
    return Looked(looked_at, web.asked)


def load_found(job: Job) -> None:
    """Load the partitions as they lie, as far as they are about today's organizations."""
    # What a live run fetches comes after its beginning.
    until = datetime.max if job.web == (LIVE,) else job.as_of  # noqa: DTZ901 - tables keep UTC without zone
    made_from = _facts_inputs(job)
    if job.home.made_from("facts") == made_from:
        return
    with job.home.making("facts", made_from), job.open() as warehouse:
        known = {row["organization_id"] for row in warehouse.rows("select organization_id from core.organization")}
        parts = read_parts(job.home.facts, until, known)
        suppression = job.book.read()
        warehouse.load_parts(FOUND, (_told_apart(part, suppression) for part in parts))


def _told_apart(part: Mapping[str, pa.Table], suppression: Suppression) -> dict[str, pa.Table]:
    """Return a partition without what is suppressed: the facts that stand and, apart, those of before that are watched."""
    may, captures = allowed(part, suppression), part["raw.capture"]
    told = {EARLIER_FACTS: earlier_facts(captures, may[FACTS], WATCHED), FACTS: standing_facts(captures, may[FACTS])}
    return {**may, **told}


def organizations(job: Job) -> list[Organization]:
    """Return the organizations found at intake."""
    with job.open() as warehouse:
        rows = warehouse.rows("from core.known_by order by organization_id")
    return welcome([known_by(row) for row in rows], job.book.read())


def reason(job: Job) -> list[Built]:
    """Build every model from what was loaded, and hold every quote against its capture; builds none when nothing changed."""
    compared = Comparison(job)
    if job.home.made_from("reasoning") == compared.inputs:
        return []
    with job.home.making("reasoning", compared.inputs), job.open() as warehouse:
        archive = Archive(job.home.archive, job.settings.storage.partitions)
        seen = job.home.facts / "verified.txt"
        warehouse.load(BROKEN, broken_quotes(warehouse.arrow(MARKS), warehouse.rows, archive.body, seen))
        compared.load(warehouse)
        return compared.build(warehouse)


def check(job: Job) -> list[Verdict]:
    """Hold every promise against its table; what did not change is not held again."""
    promises = [promise for table in job.tables.values() for promise in table.promises]
    made_from = job.home.made_from("reasoning")
    if job.home.made_from("audit") == made_from and (known := read_verdicts(job.home.verdicts, promises)):
        return known
    with job.home.making("audit", made_from), job.open() as warehouse:
        verdicts = audit(promises, warehouse)
        write_verdicts(job.home.verdicts, verdicts)
    return verdicts


def publish(job: Job, verdicts: Sequence[Verdict]) -> Path:
    """Publish what was built and checked, or raise `Stop` naming the broken promises; returns the release's folder."""
    job.hold_room()
    inputs = job.home.made_from("reasoning")
    version = f"{job.as_of:%Y-%m-%dT%H%M%SZ}-{inputs[:8]}"
    with job.home.making("release", _release_inputs(job)), job.open() as warehouse:
        if suppression := job.book.read():
            hold_out(warehouse.arrow(LEADS), suppression, job.home.warehouse)
        keep, days = job.settings.storage.keep_releases, job.settings.storage.keep_days
        folder = write_release(warehouse, verdicts, job.home.releases, version, givens_of(job, warehouse), keep, days)
    drop_earlier(job)
    return folder


def _release_inputs(job: Job) -> str:
    """Everything that decides what a release says, known before anything is done; the live web is told apart by the moment."""
    words = reading_fingerprint(job.icp.phrases)
    held = (web_fingerprint(job.web), fingerprint_of(job.settings.registers))
    return fingerprint(_intake_inputs(job, job.lists()), *held, job.web, words)


def _intake_inputs(job: Job, lists: Sequence[LeadList]) -> str:
    names = [(each.list_id, each.name, each.kind, each.received_on) for each in lists]
    left_out = (job.home.noted(SUPPRESSION), job.register.version)
    return fingerprint(names, job.settings.model_dump(), job.icp.model_dump(), job.as_of, job.code, *left_out)


def _facts_inputs(job: Job) -> str:
    """What is loaded: the intake, and the partitions as they lie."""
    return fingerprint(job.home.made_from("intake"), content_of(job.home.facts))
