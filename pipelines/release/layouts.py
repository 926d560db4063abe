"""The shapes in which leads leave the house: plain files, and what HubSpot and Salesforce take.

Here: the layouts by name, and the export of one. Elsewhere: the columns of a CRM's file and what each means
(sheets/<crm>/<file>.sql, over the common ground in sheets/crm), those of `mart.lead` (sql/mart), how a file is written (`files`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines.errors import Stop
from pipelines.reader import Reader
from pipelines.release.files import Writer, write_csv, write_lines, write_parquet, write_xlsx
from pipelines.statements import quoted
from pipelines.tables import Table, read_tables

COMMON = ("industry", "standing", "reasons", "origin", "organization", "person")
"""The tables of sheets/crm, each after those it reads: every sheet may read them."""
PAGE = 10_240
"""Rows worked on at a time: five of DuckDB's vectors."""
RANGE = 50_000
"""Leads whose organizations are worked out together: fewer, and the tables of the release are gone through too often."""
UNBOUNDED = 2**63 - 1
_ORGANIZATIONS = """
    select min(organization_id) as first, max(organization_id) as last
    from (
        select organization_id, (sum(greatest(leads, 1)) over (order by organization_id) - 1) // $rows as part
        from ({organizations})
    )
    group by part
    order by part
"""
"""Organizations in ranges of about so many leads, so that a page is worked out from its own organizations alone."""
_PLACES = """
    select min(place) as first, max(place) as last
    from (select place, (row_number() over (order by place) - 1) // $rows as part from ({leads}))
    group by part
    order by part
"""
_ASKED = {
    "asked_organization": "select organization_id from ({organizations}) where organization_id between $first and $last",
    "asked_lead": "select lead_id from ({leads}) where organization_id between $first and $last",
}
"""What the tables of sheets/ look at: the organizations of a range, and the leads of these."""
_AS_THEY_LIE = """
    select {columns}
    from mart.lead as lead
    where rowid between $first and $last and rowid in (select place from ({leads}) where place between $first and $last)
    order by rowid
"""
_OF_LEADS = {"leads": "lead.*", "lines": "to_json(lead) as line"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one kind: what they are called, the query for those from `$first` to `$last`, and the query for such ranges.

    `asked` are tables that the query reads, each with the query for it: then it is these that ask for a range.
    """

    name: str
    query: str
    ranges: str
    asked: Mapping[str, str] = field(default_factory=dict)


class Only(NamedTuple):
    """What an export is limited to: queries of organizations, with how many leads each has, and of leads, with their places."""

    organizations: str = "select organization_id, leads from mart.organization"
    leads: str = "select rowid as place, lead_id, organization_id from mart.lead"


EVERYTHING = Only()


@dataclass(frozen=True, slots=True)
class Layout:
    """A shape of export. `about` tells whoever takes it what to know; `most_rows` is what one file may hold, heading included."""

    name: str
    about: str
    sheets: tuple[str, ...]
    suffix: str
    write: Writer
    most_rows: int = UNBOUNDED


_ALL = (
    Layout("csv", "All columns of mart.lead; formulas made harmless, UTF-8.", ("leads",), "csv", write_csv),
    Layout("parquet", "All columns of mart.lead, raw.", ("leads",), "parquet", write_parquet),
    Layout("jsonl", "All columns of mart.lead, raw, one JSON object a line.", ("lines",), "jsonl", write_lines),
    Layout(
        "xlsx",
        "All columns of mart.lead for a spreadsheet, which holds 1,048,576 rows; more are split into numbered files.",
        ("leads",),
        "xlsx",
        write_xlsx,
        1_048_576,
    ),
    Layout(
        "hubspot",
        "Companies, then contacts. HubSpot takes under 250,000 rows a file; more are split into numbered files. "
        "Companies without a domain cannot be matched and are created anew; look at differs_from_lead_list before overwriting.",
        ("hubspot.companies", "hubspot.contacts"),
        "csv",
        write_csv,
        249_999,
    ),
    Layout(
        "salesforce",
        "Leads for the import wizard, which takes 50,000 rows a file; more are split into numbered files. "
        "The wizard does not look for duplicates by itself: match on Email or lead_id. "
        "A lead without a family name is brought as [not provided].",
        ("salesforce.leads",),
        "csv",
        write_csv,
        50_000,
    ),
)

LAYOUTS: Mapping[str, Layout] = {each.name: each for each in _ALL}


def find_layout(name: str) -> Layout:
    """Return a layout by its name; raises `Stop` for one there is none of."""
    if name not in LAYOUTS:
        raise Stop(f"There is no layout {name}; choose from {', '.join(LAYOUTS)}.")
    return LAYOUTS[name]


def export(reader: Reader, layout: str | Layout, target: Path, only: Only = EVERYTHING) -> list[Path]:
    """Write a release's leads in a layout, all or only some, into the folder `target`, and return the files, each of them whole.

    `reader` is of a release, whose tables lie in the order of their grain. Raises `Stop` for a layout there is none of.
    """
    chosen = layout if isinstance(layout, Layout) else find_layout(layout)
    target.mkdir(parents=True, exist_ok=True)
    return [path for name in chosen.sheets for path in write_sheet(reader, chosen, find_sheet(name, only), target)]


@cache
def crm_tables() -> Mapping[str, Table]:
    """Return the tables of sheets/ by `crm.name`: files CRMs take, and the common ground they stand on."""
    return read_tables(Path(__file__).parent / "sheets")


@cache
def find_sheet(name: str, only: Only = EVERYTHING) -> Sheet:
    """Return a sheet by its name, of all or only some: leads, lines (leads as JSON), or a file of sheets/."""
    if name in _OF_LEADS:
        query = _AS_THEY_LIE.format(columns=_OF_LEADS[name], leads=only.leads)
        return Sheet("leads", query, _PLACES.format(leads=only.leads))
    table = crm_tables()[name]
    common = ", ".join(f"{each} as ({crm_tables()[f'crm.{each}'].sql})" for each in COMMON)
    query = f"with {common} select * from ({table.sql}) order by organization_id, {quoted(table.grain[0])}"  # noqa: S608 - our own files
    asked = {each: of.format(**only._asdict()) for each, of in _ASKED.items()}
    return Sheet(name.replace(".", "-"), query, _ORGANIZATIONS.format(organizations=only.organizations), asked)


def write_sheet(reader: Reader, layout: Layout, sheet: Sheet, target: Path) -> list[Path]:
    """Write a sheet aside into as many files as it takes, and only when all of them are whole give them their names."""
    parts = []
    for number, numbered in groupby(pages(reader, sheet, layout.most_rows - 1), key=itemgetter(0)):
        parts.append(target / f".{sheet.name}-{number}.{layout.suffix}.partial")
        layout.write(parts[-1], (page for _, page in numbered))
    if len(parts) == 1:
        return [parts[0].replace(target / f"{sheet.name}.{layout.suffix}")]
    return [
        part.replace(target / f"{sheet.name}-{number}-of-{len(parts)}.{layout.suffix}") for number, part in enumerate(parts, 1)
    ]


def pages(reader: Reader, sheet: Sheet, most: int = UNBOUNDED) -> Iterator[tuple[int, pa.Table]]:
    """Yield the rows in their order, with the number of the file they belong to when one takes `most` rows.

    No page belongs to two files, and the first comes even when it holds no row, since it names the columns.
    """
    row = 0
    for page in _evenly(_rows(reader, sheet)):
        cuts = [0, *range(most - row % most, page.num_rows, most), page.num_rows]
        for first, end in pairwise(cuts):
            yield row // most + 1, page.slice(first, end - first)
            row += end - first


def _rows(reader: Reader, sheet: Sheet) -> Iterator[pa.Table]:
    """Yield the rows of one range after the other, as they come."""
    for asked in reader.rows(sheet.ranges, {"rows": RANGE if sheet.asked else PAGE}) or [{"first": None, "last": None}]:
        for name, query in sheet.asked.items():
            reader.keep(name, query, asked)
        yield from reader.batches(sheet.query, {} if sheet.asked else asked, rows=PAGE)


def _evenly(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Yield the same rows, so many at a time however they come; one table without a row when there is none."""
    kept = next(tables)
    for table in tables:
        kept = pa.concat_tables([kept, table])
        while kept.num_rows > PAGE:
            yield kept.slice(0, PAGE)
            kept = kept.slice(PAGE)
    yield kept
