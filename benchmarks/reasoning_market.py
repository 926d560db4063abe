"""A made-up market for `make bench-reasoning`: lead lists as intake leaves them, and what the web said, as enriching leaves it.

Here: the SQL of benchmarks/reasoning/ run into the Parquet files of a home; its rows come from `range` and `hash`.
Elsewhere: what is measured on it (`reasoning`).
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.facts import SCHEMAS

FOLDER = Path(__file__).parent / "reasoning"
LISTS = {
    "raw.lead_list": """
        select list_id, replace(list_id, 'list_', '') || '.csv' as name, replace(list_id, 'list_', '') as kind, 'csv' as format,
            count(*) as rows_in, date '2026-11-01' as received_on
        from sighting
        group by list_id
    """,
    "raw.lead_row": """
        select row_id, list_id, row_number, cast(to_json(struct_pack(company, website, email)) as varchar) as fields
        from sighting
    """,
    "raw.rejected_row": "select row_id, list_id, row_number, '' as reason, '' as sentence, '' as fields from sighting limit 0",
    "core.sighting": "from sighting",
}
REQUESTS = """
    select request_id, organization_id, source, kind, url, '' as body, '' as span
    from (select distinct on (request_id) * from capture order by request_id, capture_id)
    union all
    select request_id, organization_id, source, kind, url, '', '' from miss
"""


def make_lists(folder: Path, organizations: int) -> dict[str, Path]:
    """Write the lead lists of that many organizations; returns contract -> file."""
    folder.mkdir(parents=True)
    files = {table: folder / f"{table}.parquet" for table in LISTS}
    with duckdb.connect() as market:
        market.execute(f"set threads = 2; set variable organizations = {organizations:d}; {_sql('macros')}")
        market.execute(f"create temp view sighting as {_sql('sighting')}")
        for table, path in files.items():
            market.execute(f"copy ({LISTS[table]}) to '{path}' (format parquet)")
    return files


def make_found(warehouse: Path, folder: Path, partitions: int) -> None:
    """Write what the web said of the warehouse's organizations, partition by partition, as `pipelines.facts` lays it out."""
    with duckdb.connect(warehouse, read_only=True) as market:
        market.execute(f"set threads = 2; set variable partitions = {partitions:d}; {_sql('macros')}")
        market.execute(f"create temp table shape as from read_csv('{FOLDER / 'shape.tsv'}', delim = '\t', quote = '')")
        for partition in range(partitions):
            market.execute(f"set variable partition = {partition:d}")
            for table in ("capture", "miss"):
                market.execute(f"create or replace temp table {table} as {_sql(table)}")
            found = {"raw.request": REQUESTS, "raw.capture": "from capture", "raw.miss": "from miss", "core.fact": _sql("fact")}
            for table, sql in found.items():
                path = folder / table / f"{partition:03}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                market.execute(f"copy ({_typed(table, sql)}) to '{path}' (format parquet, compression zstd)")


def _typed(table: str, sql: str) -> str:
    """Return the query with the columns of a table of `pipelines.facts`, each of the type it has there."""
    types = {pa.string(): "varchar", pa.timestamp("us"): "timestamp", pa.date32(): "date", pa.float64(): "double"}
    types |= {pa.int32(): "integer", pa.int64(): "bigint"}
    columns = (f'cast("{each.name}" as {types[each.type]}) as "{each.name}"' for each in SCHEMAS[table])
    return f"select {', '.join(columns)} from ({sql})"  # noqa: S608 - our own text


def _sql(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text("utf-8")
