"""The shapes in which leads leave the house: plain files, and what HubSpot and Salesforce take.

Here: the layouts by name, and the export of one. Elsewhere: the columns of a CRM's file and what each means
(sheets/<crm>/<file>.sql, over the common ground in sheets/crm), those of `mart.lead` (sql/mart), how a file is written (`files`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines.errors import Stop
from pipelines.reader import Reader
from pipelines.release.files import Writer, write_csv, write_lines, write_parquet, write_xlsx
from pipelines.tables import Table, read_tables

COMMON = ("industry", "standing", "reasons", "origin", "organization", "person")
"""The tables of sheets/crm, each after those it reads: every sheet may read them."""
PAGE = 20_000
"""Rows read at a time."""
UNBOUNDED = 2**63 - 1
_RANGES = """
    select min(organization_id) as first, max(organization_id) as last
    from (
        select organization_id, (sum(greatest(leads, 1)) over (order by organization_id) - 1) // $rows as part
        from ({organizations})
    )
    group by part
    order by part
"""
"""Organizations in ranges of about so many leads, so that a page is worked out from its own organizations alone."""
_ASKED = "organization_id between $first and $last"
_AMONG = " and {key} in (select {key} from ({chosen}))"
_PAGE_OF = """
    select * from ({sheet})
    where {asked} and (organization_id > $organization or (organization_id = $organization and {key} > $key))
    order by organization_id, {key}
    limit $size
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one kind: what they are called, the query for them, and the text column that tells them apart.

    The query has a column `organization_id`, and may use the parameters `$first` and `$last` to look at no other organizations.
    """

    name: str
    query: str
    key: str


class Only(NamedTuple):
    """What an export is limited to: queries of the organizations, with how many leads each has, and of the leads.

    Without its own choice of leads, it is all those of the organizations.
    """

    organizations: str = "select organization_id, leads from mart.organization"
    leads: str = ""

    @property
    def asked(self) -> str:
        """The condition by which tables of organizations are looked at."""
        among = _AMONG.format(key="organization_id", chosen=self.organizations)
        return _ASKED if self == EVERYTHING else _ASKED + among


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

    `reader` is of a release or a warehouse with the tables of `mart`. Raises `Stop` for a layout there is none of.
    """
    chosen = layout if isinstance(layout, Layout) else find_layout(layout)
    target.mkdir(parents=True, exist_ok=True)
    return [path for name in chosen.sheets for path in write_sheet(reader, chosen, find_sheet(name, only), target, only)]


@cache
def crm_tables() -> Mapping[str, Table]:
    """Return the tables of sheets/ by `crm.name`: files CRMs take, and the common ground they stand on."""
    return read_tables(Path(__file__).parent / "sheets")


@cache
def find_sheet(name: str, only: Only = EVERYTHING) -> Sheet:
    """Return a sheet by its name, of all or only some: leads, lines (leads as JSON), or a file of sheets/."""
    if name == "leads":
        return Sheet("leads", "select * from mart.lead", "lead_id")
    if name == "lines":
        return Sheet("leads", "select organization_id, lead_id, to_json(lead) as line from mart.lead as lead", "lead_id")
    table = crm_tables()[name]
    common = ", ".join(_common(crm_tables()[f"crm.{each}"], only.asked) for each in COMMON)
    query = f"with {common} {table.sql}"
    return Sheet(name.replace(".", "-"), query, table.grain[0])


def _common(table: Table, condition: str) -> str:
    """Return a table of sheets/crm as a CTE that works on no more organizations than are asked for."""
    asked = f" where {condition}" if "organization_id" in (column.name for column in table.columns) else ""
    return f"{table.name} as (select * from ({table.sql}\n){asked})"  # noqa: S608 - our own files


def write_sheet(reader: Reader, layout: Layout, sheet: Sheet, target: Path, only: Only = EVERYTHING) -> list[Path]:
    """Write a sheet aside into as many files as it takes, and only when all of them are whole give them their names."""
    parts = []
    for number, numbered in groupby(pages(reader, sheet, layout.most_rows - 1, only), key=itemgetter(0)):
        parts.append(target / f".{sheet.name}-{number}.{layout.suffix}.partial")
        layout.write(parts[-1], (page for _, page in numbered))
    if len(parts) == 1:
        return [parts[0].replace(target / f"{sheet.name}.{layout.suffix}")]
    return [
        part.replace(target / f"{sheet.name}-{number}-of-{len(parts)}.{layout.suffix}") for number, part in enumerate(parts, 1)
    ]


def pages(reader: Reader, sheet: Sheet, most: int = UNBOUNDED, only: Only = EVERYTHING) -> Iterator[tuple[int, pa.Table]]:
    """Yield the rows by organization and key, with the number of the file they belong to when one takes `most` rows.

    No page belongs to two files, and the first comes even when it holds no row, since it names the columns.
    """
    chosen = _AMONG.format(key="lead_id", chosen=only.leads) if only.leads and sheet.key == "lead_id" else ""
    row, query = 0, _PAGE_OF.format(sheet=sheet.query, key=f'"{sheet.key}"', asked=only.asked + chosen)
    ranges = _RANGES.format(organizations=only.organizations)
    for asked in reader.rows(ranges, {"rows": PAGE}) or [{"first": "", "last": ""}]:
        organization, key, more = asked["first"], "", True
        while more:
            size = min(PAGE, most - row % most)
            page = reader.arrow(query, {**asked, "organization": organization, "key": key, "size": size})
            if page.num_rows or not row:
                yield row // most + 1, page
            row, more = row + page.num_rows, page.num_rows == size
            if more:
                organization, key = (page.column(name)[-1].as_py() for name in ("organization_id", sheet.key))
