"""The tables intake fills, in the columns of their contracts.

Here: the Arrow schemas of raw.lead_list, raw.lead_row, raw.rejected_row and core.sighting, and the four of them together.
Elsewhere: what the columns mean (sql/raw, sql/core; a test holds both equal).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa


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
    last_name? job_title? phone? country? city? channel? campaign? noted_on? extra""",
    row_number=pa.int64(),
    noted_on=pa.date32(),
)


@dataclass(frozen=True, slots=True)
class IntakeTables:
    """What was read, one Arrow table for each table of the same name."""

    lead_list: pa.Table
    lead_row: pa.Table
    rejected_row: pa.Table
    sighting: pa.Table

    def named(self) -> dict[str, pa.Table]:
        """Return the tables by the name each has in the warehouse."""
        return {
            "raw.lead_list": self.lead_list,
            "raw.lead_row": self.lead_row,
            "raw.rejected_row": self.rejected_row,
            "core.sighting": self.sighting,
        }


def fill(schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the rows as a table of that schema."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def stack(parts: Sequence[IntakeTables]) -> IntakeTables:
    """Return the tables of all parts, one below the other."""
    schemas = (LEAD_LIST, LEAD_ROW, REJECTED_ROW, SIGHTING)
    return IntakeTables(
        *(
            pa.concat_tables([getattr(part, each.name) for part in parts] or [schema.empty_table()])
            for each, schema in zip(fields(IntakeTables), schemas, strict=True)
        )
    )
