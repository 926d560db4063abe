"""What was found of somebody before they were suppressed, or on a page that names them, is forgotten.

Here: the rows of requests, captures, misses and facts that may stay, and the readings of pages; partitions written anew without
the others, and the warehouse made anew. Elsewhere: telling what is suppressed (`pipelines.suppression`), how partitions lie
(`facts`, `readings`). The archive keeps pages as they were.
"""

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Stop
from pipelines.facts import SCHEMAS, Partition, read_partition, write_partition
from pipelines.home import Home
from pipelines.intake.rows import Flags
from pipelines.lock import writing
from pipelines.readings import forget_readings
from pipelines.readout import Reading
from pipelines.records import Organization
from pipelines.suppression import Suppression
from pipelines.suppression.book import Book

SAYING = {
    "raw.request": ("url", "body"),
    "raw.capture": ("url",),
    "raw.miss": ("url", "sentence"),
    "core.fact": ("value", "url", "locator", "quote"),
}
"""The columns in which something suppressed may stand."""
NAMES = ("name", "legal_name", "parent", "other_owner")
"""The properties whose value is a company's name."""
NOTE, STRANGERS = "suppression", "strangers"
"""What is noted in the home: the version of the list whose people are forgotten, and whose organizations nobody leads to."""
LEADS = "select distinct email, company, first_name, last_name from mart.lead"
"""What of leads about to be published is held against the list once more."""
Tables = Mapping[str, pa.Table]
Hits = Callable[[Collection[str]], frozenset[str]]


class Told(Protocol):
    """Whoever tells in which texts somebody stands, and whose rows go as a whole."""

    def __bool__(self) -> bool:
        """Say whether there is anybody."""

    @property
    def organizations(self) -> frozenset[str]:
        """The ids of the organizations whose rows go, whatever they say."""

    @property
    def captures(self) -> frozenset[str]:
        """The ids of the captures that go, whatever they say."""

    def hits(self, texts: Collection[str]) -> frozenset[str]:
        """Return the texts in which somebody stands."""

    def company_hits(self, texts: Collection[str]) -> frozenset[str]:
        """Return the texts that name a company."""


def allowed(tables: Tables, suppression: Told) -> dict[str, pa.Table]:
    """Return the tables without the rows in which something suppressed stands.

    A request goes with its captures and misses, and a capture with its facts, so that the books still balance.
    """
    if not suppression:
        return dict(tables)
    theirs = {table: _among(tables[table], "organization_id", suppression.organizations) for table in tables}
    hit = {table: pc.or_(theirs[table], _hit(tables[table], SAYING[table], suppression.hits)) for table in tables}
    hit["raw.capture"] = pc.or_(hit["raw.capture"], _among(tables["raw.capture"], "capture_id", suppression.captures))
    gone = {each for table in tables if table != "core.fact" for each in _chosen(tables[table], "request_id", hit[table])}
    kept = {
        table: tables[table].filter(pc.invert(_among(tables[table], "request_id", gone)))
        for table in tables
        if table != "core.fact"
    }
    captures = {str(each) for each in kept["raw.capture"]["capture_id"].to_pylist()}
    facts = tables["core.fact"]
    named = pc.and_(_among(facts, "property", NAMES), _hit(facts, ("value",), suppression.company_hits))
    kept["core.fact"] = facts.filter(pc.and_(_among(facts, "capture_id", captures), pc.invert(pc.or_(hit["core.fact"], named))))
    return kept


def forgotten(kept: Partition, suppression: Told) -> Partition:
    """Return the partition without the rows that must not stay; itself when all may."""
    if not suppression:
        return kept
    tables = {table: pa.Table.from_pylist(list(kept.rows[table]), schema) for table, schema in SCHEMAS.items()}
    rest = allowed(tables, suppression)
    if all(rest[table].num_rows == tables[table].num_rows for table in tables):
        return kept
    return Partition({table: list(rest[table].to_pylist()) for table in SCHEMAS}, kept.inputs)


def may_stay(reading: Reading, suppression: Told) -> bool:
    """Return whether nothing suppressed stands in a reading. One goes as a whole: with less in it, it would be another page's.

    Where captures go, a reading goes that is of one of them, or of which nobody can tell: it can be read again.
    """
    captures, names = (
        {each.capture_id for each in reading.facts},
        [each.value for each in reading.facts if each.property in NAMES],
    )
    if suppression.captures and (not captures or captures & suppression.captures):
        return False
    return not suppression.hits(list(reading.texts())) and not suppression.company_hits(names)


def forget(home: Home, book: Book) -> None:
    """Forget whom the list names since this was last done: found facts, readings, the warehouse and its verdicts, made again.

    Raises `Stop` while another run has it, and as reading the book does.
    """
    version, known = book.version, home.noted(NOTE)
    if version == known:
        return
    if not version:
        raise Stop(f"{book.path} is missing, so nobody can tell whom to leave out; put it back, with its key.")
    suppression = book.read()
    drop_made(home)
    forget_in(home, suppression)
    home.note(NOTE, version)


def drop_made(home: Home) -> None:
    """Remove what is made of the rest again: the warehouse with all that lies beside it, the rows, the verdicts.

    A database keeps what was deleted from it in the file for long; so the file goes as a whole. Raises `Stop` while another run
    has it.
    """
    with writing(home.warehouse):
        for path in (home.verdicts, *home.folder.glob(f"{home.warehouse.name}*")):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.suffix != ".lock":
                path.unlink(missing_ok=True)
        shutil.rmtree(home.leads, ignore_errors=True)


def forget_in(home: Home, told: Told) -> None:
    """Let what was found, and what pages were read as, go of whoever is told."""
    for number in _partitions(home):
        kept = read_partition(home.facts, number)
        rest = forgotten(kept, told)
        if rest is not kept:
            write_partition(home.facts, number, rest)
    forget_readings(home.facts, lambda about, reading: about not in told.organizations and may_stay(reading, told))


def forget_strangers(home: Home, known: Collection[str]) -> None:
    """Forget every organization but the `known` ones, once after somebody was suppressed: nobody's row leads to them any more.

    A domain guessed from a suppressed name gives the name away, and nothing but the row it came from says so.
    """
    version = home.noted(NOTE)
    if home.noted(STRANGERS) == version:
        return
    for number in _partitions(home):
        kept = read_partition(home.facts, number)
        rows = {table: [row for row in each if row["organization_id"] in known] for table, each in kept.rows.items()}
        if any(len(rows[table]) < len(kept.rows[table]) for table in rows):
            write_partition(home.facts, number, Partition(rows, kept.inputs))
    forget_readings(home.facts, lambda about, _: about in known)
    home.note(STRANGERS, version)


def _partitions(home: Home) -> list[int]:
    return sorted({int(path.stem) for table in SCHEMAS for path in (home.facts / table).glob("*.parquet")})


def welcome(organizations: Sequence[Organization], suppression: Suppression) -> list[Organization]:
    """Return the organizations that may be looked up: neither their domain nor their name is suppressed."""
    names = [each.name for each in organizations if each.name]
    hit = suppression.hits([*names, *(each.domain for each in organizations if each.domain)]) | suppression.company_hits(names)
    return [each for each in organizations if not hit & {each.domain, each.name}]


def hold_out(leads: pa.Table, suppression: Suppression, warehouse: Path) -> None:
    """Raise `Stop` when somebody suppressed is among the leads about to be published, as in a warehouse put back from a copy."""
    persons = [(f"{row['first_name']} {row['last_name']}", row["company"]) for row in leads.to_pylist()]
    mailboxes, companies = ({str(each) for each in leads[name].to_pylist() if each} for name in ("email", "company"))
    likely = suppression.parts_in({name for name, _ in persons})
    named = any(suppression.is_named([name], [company]) for name, company in persons if company and likely.get(name, 0) > 1)
    if named or suppression.hits(mailboxes) or suppression.company_hits(companies):
        raise Stop(f"{warehouse} holds somebody who is suppressed, as an old copy does; remove it, and run again.")


def _hit(table: pa.Table, columns: Sequence[str], hits: Hits) -> Flags:
    """Return for each row whether one of its texts hits."""
    texts = {str(text) for column in columns for text in pc.unique(table[column]).to_pylist() if text}
    found = hits(texts)
    flags = _among(table, columns[0], found)
    for column in columns[1:]:
        flags = pc.or_(flags, _among(table, column, found))
    return flags


def _among(table: pa.Table, column: str, wanted: Collection[str]) -> Flags:
    flags: Flags = pc.is_in(table[column].combine_chunks(), pa.array(sorted(wanted), pa.string()))
    return flags


def _chosen(table: pa.Table, column: str, flags: Flags) -> list[Any]:
    return table[column].filter(flags).to_pylist()
