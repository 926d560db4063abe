"""What is known of somebody here: every value, where it came from, when, why, and who took it away.

Here: the values that lists and pages gave, what is concluded from them, who downloaded it. Elsewhere: who is meant (`who`), how
it is told in plain language (`telling`), what is said of purpose and basis (`settings`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.home import Home
from pipelines.portal.doors.journal import recipients
from pipelines.questions import open_current
from pipelines.reader import Reader
from pipelines.rights.sweep import likely
from pipelines.rights.who import Who
from pipelines.settings import Settings
from pipelines.sources import all_sources

Row = Mapping[str, Any]
BOOKKEEPING = ("row_id", "list_id", "row_number", "identity", "lead_id", "extra", "company_key")
BROUGHT = "Brought by us in a lead list; the list's own source and terms are its owner's to tell."
CITED = """
    select "column" as what, value, quote, url, source, observed_at, checked_at
    from mart.evidence
    where organization_id = $1
    order by all
"""
FACTS = """
    select property as what, value, quote, url, source, observed_at
    from mart.fact
    where organization_id = $1
    order by all
"""
ORGANIZATION = """
    select unnest(['ring', 'fit', 'readiness', 'reach', 'coverage', 'why', 'message']) as what,
        unnest([ring, fit::varchar, readiness::varchar, reach::varchar, coverage::varchar, reasons::varchar, message]) as value
    from mart.fit
    left join mart.message using (organization_id)
    where organization_id = $1
"""
PERSON = """
    select unnest(['function', 'seniority', 'buying role', 'route', 'why this route']) as what,
        unnest([contact.function, contact.seniority, contact.buying_role, lead.route, lead.route_because]) as value
    from mart.lead
    left join mart.contact using (lead_id)
    where lead.lead_id = $1
"""
OF = {"org_": ORGANIZATION, "lead": PERSON}


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what it is, what it says, where it came from, since when, and on which terms."""

    what: str
    value: str
    source: str
    where: str
    since: str
    terms: str


def whence(home: Home, settings: Settings, who: Who) -> dict[str, Any]:
    """Return everything about whoever is meant, as JSON can hold it."""
    rights = settings.rights
    values = [*_listed(home, who), *_rejected(home, who)]
    derived: list[Row] = []
    if home.current.exists():
        with open_current(home) as reader:
            for each in who.ids:
                values += _found(reader, each)
                derived += _derived(reader, each)
    values.sort(key=lambda value: (value.source, value.where, value.since))
    return {
        "values": [asdict(value) for value in values],
        "derived": derived,
        "recipients": [{**asdict(each), "held": "yes" if is_sure else "perhaps"} for each, is_sure in recipients(home, who.ids)],
        "purpose": rights.purpose,
        "basis": rights.basis,
        "controller": rights.controller,
        "kept_until": _kept_until(settings, values),
    }


def _listed(home: Home, who: Who) -> Iterator[Value]:
    """Yield what the rows of lead lists say of them, as they were understood."""
    names = _lists(home)
    for path in sorted(home.leads.rglob("sighting-*.parquet")):
        table = pq.read_table(path)
        for row in table.filter(pc.is_in(table["lead_id"], pa.array(who.ids, pa.string()))).to_pylist():
            yield from (_of_list(names, row, what, value) for what, value in _said(row))


def _said(row: Row) -> Iterator[tuple[str, Any]]:
    yield from ((what, value) for what, value in row.items() if value is not None and what not in BOOKKEEPING)
    yield from json.loads(row["extra"] or "{}").items()


def _rejected(home: Home, who: Who) -> Iterator[Value]:
    """Yield what rows say that were refused for another reason, and are kept as they came."""
    names = _lists(home)
    for path in sorted(home.leads.rglob("rejected_row-*.parquet")):
        table = pq.read_table(path)
        theirs = who.sought.hits(likely(table["fields"], who.sought))
        for row in table.filter(pc.is_in(table["fields"], pa.array(sorted(theirs), pa.string()))).to_pylist():
            yield from (_of_list(names, row, what, value) for what, value in json.loads(row["fields"]).items() if value)


def _lists(home: Home) -> dict[str, tuple[str, date]]:
    """Return the id of each list -> its name and the day it was first brought; sheets are named as their workbook is."""
    known: dict[str, tuple[str, date]] = {}
    for path in sorted(home.leads.rglob("lead_list-*.parquet")):
        known |= {row["list_id"]: (row["name"], row["received_on"]) for row in pq.read_table(path).to_pylist()}
    return known


def _of_list(names: Mapping[str, tuple[str, date]], row: Row, what: str, value: object) -> Value:
    name, day = names[row["list_id"]]
    return Value(what, str(value), f"lead list {name}", f"row {row['row_number']}", day.isoformat(), BROUGHT)


def _found(reader: Reader, about: str) -> Iterator[Value]:
    """Yield what public sources say of an organization: what is published, and every claim it rests on."""
    if not about.startswith("org_"):
        return
    terms = {each.name: each.terms for each in all_sources()}
    for row in [*reader.rows(CITED, [about]), *reader.rows(FACTS, [about])]:
        since = f"{row['observed_at']:%Y-%m-%d}"
        yield Value(row["what"], str(row["value"]), row["source"], row["url"], since, terms.get(row["source"], ""))


def _derived(reader: Reader, about: str) -> list[Row]:
    return [row for row in reader.rows(OF[about[:4]], [about]) if row["value"] is not None]


def _kept_until(settings: Settings, values: list[Value]) -> str:
    """Return the day on which the contact leaves by itself; empty where nothing is from a list."""
    days = [date.fromisoformat(value.since) for value in values if value.terms == BROUGHT]
    return (min(days) + timedelta(days=settings.retention.contacts)).isoformat() if days else ""
