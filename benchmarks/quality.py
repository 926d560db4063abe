"""How long an audit takes: five million rows held to promises by Great Expectations, beside a hand-written SQL of the same.

    make bench-quality
    make bench-quality ROWS=500000

The table is made up, in the shape of mart.evidence: a hash for a grain, a reference to three hundred thousand organizations,
numbers, words, patterns and dates, all as promised. Either side runs in a process of its own, on two threads and a database that
may take 1 GB, three times over, the best round counting; by hand it is one scan and two queries (benchmarks/quality.sql).
`quality_ratio` is the audit's seconds by those of the SQL; importing Great Expectations, once a run, stands apart in
`seconds_import`. `quality_gigabytes` (10^9 bytes) is the peak of the audit's process. The last line is one JSON object.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pipelines.promises import grain_promises, parse_promise
from pipelines.quality import audit
from pipelines.warehouse import Warehouse

FOLDER = Path(__file__).parent
Figures = dict[str, Any]
ORGANIZATIONS = """
    create table core.organization as
    select 'org_' || left(sha256(cast(range as varchar)), 16) as organization_id from range(greatest(1, $rows // 17))
"""
ROWS = """
    create table core.evidence as
    select
        'fact_' || left(sha256(cast(range as varchar)), 16) as fact_id,
        'org_' || left(sha256(cast(range % greatest(1, $rows // 17) as varchar)), 16) as organization_id,
        ['name', 'city', 'phone', 'industry', 'employees'][1 + range % 5] as property,
        'value ' || range % 1000 as value,
        'https://host' || range % 300000 || '.example/about' as url,
        (range % 101) / 100.0::double as confidence,
        (range % 7) / 7.0::double as support,
        timestamp '2026-01-01' + interval (range % 300) day as observed_at
    from range($rows)
"""
PROMISES = (
    *grain_promises("core.evidence", ("fact_id",)),
    *(
        parse_promise("core.evidence", text, "expect")
        for text in (
            "references(organization_id, core.organization.organization_id)",
            "in_set(property, name, city, phone, industry, employees)",
            "matches(url, ^https?://)",
            "matches(fact_id, ^fact_[0-9a-f]{16}$)",
            "between(confidence, 0, 1)",
            "between(support, 0, 1)",
            "between(observed_at, 2025-01-01, 2027-01-01)",
            "not_null(organization_id, property, value, url)",
            "rows_between(1, 1000000000)",
        )
    ),
)


def opened(home: Path) -> Warehouse:
    """Open the database as a run does, with less memory."""
    return Warehouse(home / "warehouse.duckdb", {}, "create schema if not exists core", memory="1GB", threads=2)


def make(home: Path, rows: int) -> None:
    """Make the tables up."""
    with opened(home) as warehouse:
        for statement in (ORGANIZATIONS, ROWS):
            warehouse.rows(statement.replace("$rows", str(rows)))


def by_hand(home: Path) -> Figures:
    """Ask the hand-written SQL."""
    with opened(home) as warehouse:
        statements = [each for each in (FOLDER / "quality.sql").read_text("utf-8").split(";") if each.strip()]
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            broken = [count for each in statements for count in warehouse.rows(each)[0].values()]
            seconds.append(time.perf_counter() - started)
    return {"seconds": min(seconds), "broken": sum(broken)}


def by_audit(home: Path) -> Figures:
    """Audit as a run does."""
    with opened(home) as warehouse:
        started = time.perf_counter()
        audit([parse_promise("core.organization", "rows_between(0, 1000000000)", "expect")], warehouse)
        imported = time.perf_counter() - started
        seconds = []
        for _ in range(3):
            started = time.perf_counter()
            verdicts = audit(PROMISES, warehouse)
            seconds.append(time.perf_counter() - started)
    return {"seconds": min(seconds), "broken": sum(not each.passed for each in verdicts), "import": imported}


def measured(side: str, home: Path) -> Figures:
    """Run one side in a process of its own; return what it says, with the peak of its memory."""
    done = subprocess.run([sys.executable, __file__, "--side", side, str(home)], stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def peak() -> float:
    """Return the most memory this process ever held, in gigabytes."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e9


def main() -> None:
    """Measure both sides over as many rows as are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        side, home = given.side
        print(json.dumps({"audit": by_audit, "sql": by_hand}[side](Path(home)) | {"peak": peak()}))
        return
    with tempfile.TemporaryDirectory(prefix="bullseye-quality-") as folder:
        make(Path(folder), given.rows)
        sql, ours = measured("sql", Path(folder)), measured("audit", Path(folder))
    figures = {
        "rows": given.rows,
        "promises": len(PROMISES),
        "broken": ours["broken"] + sql["broken"],
        "seconds": round(ours["seconds"], 3),
        "seconds_sql": round(sql["seconds"], 3),
        "seconds_import": round(ours["import"], 2),
        "quality_ratio": round(ours["seconds"] / sql["seconds"], 2),
        "quality_gigabytes": round(ours["peak"], 2),
        "gigabytes_sql": round(sql["peak"], 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
