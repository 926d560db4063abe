"""The tables intake fills, in the columns of their contracts.

Here: the Arrow schemas of raw.lead_list, raw.lead_row, raw.rejected_row and core.sighting, and the four of them together.
Elsewhere: what the columns mean (sql/raw, sql/core; a test holds both equal).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import pyarrow as pa

from pipelines.intake.inbox import LeadList
from pipelines.intake.rows import Column, Flags


def _schema(texts: str, **others: pa.DataType) -> pa.Schema:
    """Return a schema of these columns, text unless said otherwise; only those that may be empty are nullable."""
    return pa.schema(
        [
            pa.field(name.rstrip("?"), others.get(name.rstrip("?"), pa.string()), nullable=name.endswith("?"))
            for name in texts.split()
        ]
    )


LEAD_LIST = _schema("list_id name kind format rows_in received_on", rows_in=pa.int64(), received_on=pa.date32())
LEAD_ROW = _schema("row_id list_id row_number fields", row_number=pa.int64())
REJECTED_ROW = _schema("row_id list_id row_number reason sentence fields", row_number=pa.int64())
SIGHTING = _schema(
    """row_id list_id row_number identity lead_id company? company_key? website? domain? email? email_domain? first_name?
    last_name? person_linkedin? job_title? phone? phone_extension? country? region? postcode? city? street? industry?
    employees_low? employees_high? revenue_low? revenue_high? revenue_currency? founded? linkedin? description? note? channel?
    campaign? noted_on? extra""",
    row_number=pa.int64(),
    employees_low=pa.int64(),
    employees_high=pa.int64(),
    revenue_low=pa.float64(),
    revenue_high=pa.float64(),
    founded=pa.int16(),
    noted_on=pa.date32(),
)
SCHEMAS = {"lead_list": LEAD_LIST, "lead_row": LEAD_ROW, "rejected_row": REJECTED_ROW, "sighting": SIGHTING}


@dataclass(frozen=True, slots=True)
class IntakeTables:
    """What was read, one Arrow table for each table of the same name."""

    lead_list: pa.Table = field(default_factory=LEAD_LIST.empty_table)
    lead_row: pa.Table = field(default_factory=LEAD_ROW.empty_table)
    rejected_row: pa.Table = field(default_factory=REJECTED_ROW.empty_table)
    sighting: pa.Table = field(default_factory=SIGHTING.empty_table)

    def named(self) -> dict[str, pa.Table]:
        """Return the tables by the name each has in the warehouse."""
        return {PLACES[each.name]: getattr(self, each.name) for each in fields(self)}


PLACES = {
    "lead_list": "raw.lead_list",
    "lead_row": "raw.lead_row",
    "rejected_row": "raw.rejected_row",
    "sighting": "core.sighting",
}
"""Table -> the name it has in the warehouse."""


def shaped(schema: pa.Schema, columns: Mapping[str, Column], chosen: Flags | None = None) -> pa.Table:
    """Return those of the columns that the schema names, and of their rows those chosen."""
    table = pa.table([columns[name] for name in schema.names], schema=schema)
    return table if chosen is None else table.filter(chosen)


def book(lead_list: LeadList, format_name: str, rows_in: int) -> IntakeTables:
    """Return the list itself as a row."""
    row = {
        "list_id": lead_list.list_id,
        "name": lead_list.name,
        "kind": lead_list.kind,
        "format": format_name,
        "rows_in": rows_in,
        "received_on": lead_list.received_on,
    }
    return IntakeTables(lead_list=pa.Table.from_pylist([row], LEAD_LIST))


def stack(parts: Sequence[IntakeTables]) -> IntakeTables:
    """Return the tables of all parts, one below the other."""
    return IntakeTables(
        **{
            table: pa.concat_tables([schema.empty_table(), *(getattr(part, table) for part in parts)])
            for table, schema in SCHEMAS.items()
        }
    )
