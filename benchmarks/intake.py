"""How long ten million rows take to come in, and in how much memory.

    make bench-intake
    make bench-intake ROWS=4000000

The rows are made up: 300,000 organizations to a million leads; one row in fifty is a duplicate, one cell in twenty is quoted, one
row in a hundred is faulty: cells missing or too many, nothing in it, no company, only a free mailbox, only a broken address, a
quote too many. Measured is all of intake but the linking of names: rows as they came, understood, rejected, duplicates, leads and
the balanced books. The peer, in the same run on the same file, is DuckDB filling one table by its own CSV reader.
The last line is one JSON object with every figure; seconds are of the wall, gigabytes the peak of all processes together.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.job import ROOT, Job
from pipelines.settings import Settings
from pipelines.stages import bring, load_lists

HEADINGS = "Company,Website,E-mail,First name,Last name,Job title,Phone,Country,City,Lead source"
BATCH = 500_000
FAULTS = (
    "Otter Works 7",
    "Otter Works 7,otter7.example,,,,,,,,,one,too many",
    ",,,,,,,,,",
    ",,,Ada,Moran,Buyer,,Germany,Berlin,fair",
    ",,ada@freemail.example,Ada,Moran,Buyer,,Germany,Berlin,fair",
    ",,ada(at)otter,Ada,Moran,Buyer,,Germany,Berlin,fair",
)
STRAY = 'Otter Works 7,otter7.example,,Ada,Moran,5" pipes,,Germany,Berlin,fair'
BOOKS = frozenset(("core.duplicate", "core.lead", "core.conservation"))
PEER = """
import sys, duckdb
with duckdb.connect(sys.argv[2]) as warehouse:
    warehouse.execute("set threads = 2; set memory_limit = '1GB'")
    read = "read_csv(?, all_varchar = true, store_rejects = true)"
    warehouse.execute(f"create table lead_row as select * from {read}", [sys.argv[1]])
    print(warehouse.execute("select count(*) from lead_row").fetchall()[0][0])
"""


def make_list(path: Path, rows: int) -> None:
    """Write a list of that many rows, the same every time."""
    chance = np.random.default_rng(7)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS + "\n")
        for start in range(0, rows, BATCH):
            file.write("\n".join(_lines(chance, start, min(BATCH, rows - start), rows)) + "\n")


def _lines(chance: np.random.Generator, start: int, rows: int, of: int) -> list[str]:
    """Return some rows as text; every fiftieth repeats the one before it, every hundredth is faulty."""

    def some(words: str) -> pa.Array:
        listed = words.split("|")
        return pa.array(listed).take(pa.array(chance.integers(0, len(listed), rows)))

    def numbers(low: int, high: int) -> pa.Array:
        return pa.array(chance.integers(low, high, rows)).cast(pa.string())

    def joined(*parts: pa.Array | str) -> pa.Array:
        return pc.binary_join_element_wise(*parts, "")

    firm, row = numbers(0, max(1, of * 3 // 10)), pa.array(np.arange(start, start + rows)).cast(pa.string())
    last = joined("Mor", numbers(0, 20_000), "an")
    quoted = pa.array(chance.random(rows) < 0.5)
    place = some("Germany:+49 30 |Germany:030/|US:+1 212 |US:(212) |United Kingdom:020 7|France:+33 1 4|Österreich:+43 1 ")
    company = joined(some("Otter|Teal|Wren|Nordic"), " Works ", firm, some("| GmbH| Inc| Ltd|, LLC| S.A."))
    cells = [
        pc.if_else(pc.or_(quoted, pc.match_substring(company, ",")), joined('"', company, '"'), company),
        joined(some("https://www.|https://|"), "otter", firm, some(".example|.test|.com|.de")),
        joined(pc.utf8_lower(last), ".", row, "@otter", firm, ".example"),
        some("Ada|Ben|Chloé|Dov|Eva|Finn|Greta|Hugo|Inés|José"),
        last,
        some("Head of Operations|CEO|Buyer|Engineer|VP Sales|"),
        joined(pc.list_element(pc.split_pattern(place, ":"), 1), numbers(1_000_000, 9_999_999)),
        pc.list_element(pc.split_pattern(place, ":"), 0),
        some("Berlin|Boston|Leeds|Lyon|Wien|"),
        some("fair|ads|web|referral"),
    ]
    lines: list[str] = pc.binary_join_element_wise(*cells, ",").to_pylist()
    lines[1::50] = lines[0::50][: len(lines[1::50])]
    lines[99::100] = [FAULTS[place % len(FAULTS)] for place in range(len(lines[99::100]))]
    lines[5_099::100_000] = [STRAY] * len(lines[5_099::100_000])
    return lines


def take_in(path: Path, home: Path) -> None:
    """Read the list into an empty home, balance the books, and print what became of the rows."""
    settings = Settings.model_validate({"storage": {"memory": "600MB"}})
    job = Job(Home(home), settings, read_icp(ROOT / "icp.yaml"), (), datetime(2026, 3, 1), (path,))  # noqa: DTZ001 - UTC without zone
    started = time.perf_counter()
    bring(job)
    load_lists(job, job.lists(), home / "leads" / "measured")
    read = time.perf_counter()
    with job.open() as warehouse:
        warehouse.build(BOOKS)
        (books,) = warehouse.rows("select rows_in, leads, rejected, duplicates, lost from core.conservation")
    print(json.dumps(books | {"seconds": time.perf_counter() - started, "reading": read - started}))


def measured(command: list[str]) -> tuple[str, float, float]:
    """Run a command; return what it printed, its wall seconds, and the peak gigabytes of it and its children together."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_memory(pid) for pid in _family(process.pid)))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed.")
    said = process.stdout.read() if process.stdout else ""
    return said, time.perf_counter() - started, peak / 1024**3


def _family(pid: int) -> Iterator[int]:
    """Yield a process and those it began, and those they began."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _memory(pid: int) -> int:
    """Return the resident bytes of a process; 0 once it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def measure(rows: int, folder: Path) -> dict[str, float]:
    """Return what taking in that many rows cost, beside the peer."""
    path = folder / f"{rows}.csv"
    make_list(path, rows)
    said, seconds, gigabytes = measured([sys.executable, __file__, "--take-in", str(path), str(folder / f"home-{rows}")])
    books = json.loads(said)
    _, peer_seconds, peer_gigabytes = measured([sys.executable, "-c", PEER, str(path), str(folder / f"peer-{rows}.duckdb")])
    accounted = books["leads"] + books["rejected"] + books["duplicates"]
    found = {
        "seconds": round(books["seconds"], 2),
        "process_seconds": round(seconds, 2),
        "reading_seconds": round(books["reading"], 2),
        "gigabytes": round(gigabytes, 2),
        "lost_rows": abs(rows - books["rows_in"]) + abs(books["rows_in"] - accounted) + books["lost"],
        "megabytes_read": round(path.stat().st_size / 1e6),
        "peer_seconds": round(peer_seconds, 2),
        "peer_gigabytes": round(peer_gigabytes, 2),
        "peer_ratio": round(seconds / peer_seconds, 2),
    }
    path.unlink()
    print(f"{rows:>12,} rows: {json.dumps(found | {key: books[key] for key in ('leads', 'rejected', 'duplicates')})}", flush=True)
    return found


def main() -> None:
    """Measure a tenth, four tenths and all of the rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--take-in", nargs=2, type=Path)
    given = parser.parse_args()
    if given.take_in:
        take_in(*given.take_in)
        return
    with tempfile.TemporaryDirectory(prefix="bullseye-intake-") as folder:
        found = {share: measure(given.rows * share // 10, Path(folder)) for share in (1, 4, 10)}
    figures = {f"{name}_10m": value for name, value in found[10].items() if name != "lost_rows"}
    lost = sum(each["lost_rows"] for each in found.values())
    growth = found[4]["seconds"] / found[1]["seconds"]
    print(json.dumps({"rows": given.rows, **figures, "growth_4x": round(growth, 2), "lost_rows": lost}))


if __name__ == "__main__":
    main()
