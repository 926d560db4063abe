"""How long reasoning takes: from loaded facts to mart.fit, gap, message and route, and in how much memory.

    make bench-reasoning
    make bench-reasoning ORGANIZATIONS=20000

The market is made up (benchmarks/reasoning/): as many organizations as are named, one to three leads and 33 facts to each, in the
shares that examples/ and the AI-50 run have, and an icp.yaml of forty rules. It is measured at that size and at four times that.
Facts lie in `facts/` as enriching leaves them, and are loaded and reasoned about by the stages of a real run, on two threads,
either in a process of its own. `seconds` are those of every model that needs what was found and that the four tables need,
directly or not (`by_table` names them); `seconds_all_models` are those of all models that a run builds once facts are there.
Gigabytes (10^9 bytes) are the peak of the process.

The peer, in the same run over the same files, is one plain query that scores the same rules and keeps no evidence
(benchmarks/reasoning/peer.sql). The last line is one JSON object with every figure.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from reasoning_market import FOLDER, make_found, make_lists

from pipelines.choosing import expected_sources
from pipelines.givens import given_rows
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.intake.titles import understood
from pipelines.job import Job
from pipelines.settings import Settings
from pipelines.stages import TITLES, early_models, load_found
from pipelines.warehouse import dependencies

AS_OF = datetime(2026, 11, 16)  # noqa: DTZ001 - UTC without zone
WANTED = ("mart.fit", "mart.gap", "mart.message", "mart.route")
Figures = dict[str, Any]


def job_in(home: Path, icp: Path) -> Job:
    """Return the job of a home; its database has two threads and leaves room below 4 GB for what it does not count itself."""
    return Job(Home(home), Settings.model_validate({"storage": {"memory": "3GB", "threads": 2}}), read_icp(icp), (), AS_OF)


def prepare(job: Job, organizations: int) -> None:
    """Make the market: lists as intake leaves them, the models that need nothing of the web, and what the web said."""
    files = make_lists(job.home.leads / "made", organizations)
    with job.open() as warehouse:
        for table, rows in given_rows(job.icp, expected_sources(job.settings.sources), job.settings.reading, AS_OF).items():
            warehouse.load(table, rows)
        for table, path in files.items():
            warehouse.refer(table, [path])
        warehouse.load("core.job_title", understood(row["job_title"] for row in warehouse.rows(TITLES)))
        warehouse.build(early_models(job.tables, dependencies(job.tables)))
    make_found(job.home.warehouse, job.home.facts, job.settings.storage.partitions)


def load(job: Job) -> Figures:
    """Load what was found, as a run does."""
    started = time.perf_counter()
    load_found(job)
    return {"seconds": time.perf_counter() - started}


def reason(job: Job) -> Figures:
    """Build what the four tables need, then all the rest; return seconds by table."""
    graph = dependencies(job.tables)
    late = frozenset(name for name, table in job.tables.items() if table.kind == "model") - early_models(job.tables, graph)
    first = late & _needed(graph, WANTED)
    with job.open() as warehouse:
        started = time.perf_counter()
        built = warehouse.build(first)
        seconds, gigabytes = time.perf_counter() - started, _peak()
        rest = warehouse.build(late - first)
        facts = warehouse.count("core.fact")
        rings = {
            row["ring"]: row["n"]
            for row in warehouse.rows("select ring, count(*) as n from mart.fit group by ring order by ring")
        }
    tables = {each.table: round(each.seconds, 2) for each in built}
    others = {each.table: round(each.seconds, 2) for each in rest}
    all_models = seconds + sum(each.seconds for each in rest)
    rows = {each.table: each.rows for each in (*built, *rest)}
    return {
        "seconds": seconds,
        "gigabytes": gigabytes,
        "seconds_all_models": all_models,
        "facts": facts,
        "rings": rings,
        "by_table": tables,
        "other_tables": others,
        "rows": rows,
    }


def peer(job: Job) -> Figures:
    """Score the same rules over the same files by one plain query."""
    with duckdb.connect(job.home.folder / "peer.duckdb") as plain:
        plain.execute(f"attach '{job.home.warehouse}' as warehouse (read_only)")
        plain.execute("set threads = 2; set memory_limit = '3GB'; set schema = 'warehouse.main'")
        plain.execute(f"set variable facts = '{job.home.facts}/core.fact/*.parquet'")
        started = time.perf_counter()
        plain.execute((FOLDER / "peer.sql").read_text("utf-8"))
        return {"seconds": time.perf_counter() - started}


STEPS: Mapping[str, Callable[[Job], Figures]] = {"load": load, "reason": reason, "peer": peer}


def measured(step: str, home: Path, icp: Path) -> Figures:
    """Do one step in a process of its own; return what it says, with the peak of its memory."""
    command = [sys.executable, __file__, "--step", step, str(home), "--icp", str(icp)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed.")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(organizations: int, folder: Path, icp: Path) -> Figures:
    """Return what reasoning about that many organizations cost, beside the peer."""
    home = folder / str(organizations)
    prepare(job_in(home, icp), organizations)
    found = {step: measured(step, home, icp) for step in STEPS}
    return {
        **found["reason"],
        "seconds_loading": found["load"]["seconds"],
        "gigabytes_loading": found["load"]["peak"],
        "seconds_peer": found["peer"]["seconds"],
        "gigabytes_peer": found["peer"]["peak"],
        "ratio_to_peer": found["reason"]["seconds"] / found["peer"]["seconds"],
    }


def tell(organizations: int, found: Figures) -> None:
    """Print the seconds of every table, slowest first."""
    print(f"{organizations:,} organizations, {found['facts']:,} facts: {found['rings']}")
    for table, seconds in sorted((found["by_table"] | found["other_tables"]).items(), key=lambda each: -each[1]):
        if seconds >= 0.1:
            note = "" if table in found["by_table"] else "  (none of the four needs it)"
            print(f"  {seconds:8.2f} s {found['rows'][table]:>12,} rows  {table}{note}")


def figures_of(organizations: int, found: Figures) -> Figures:
    """Return the figures of one size, each named for it."""
    size = f"{organizations // 1000}k" if organizations >= 1000 else str(organizations)
    kept = {name: value for name, value in found.items() if name not in ("by_table", "other_tables", "rows")}
    slowest = dict(sorted(found["by_table"].items(), key=lambda each: -each[1])[:10])
    plain = {name: round(value, 2) if isinstance(value, float) else value for name, value in kept.items()}
    return {f"{name}_{size}": value for name, value in plain.items()} | {
        f"slowest_{size}": slowest,
        f"by_table_{size}": found["by_table"],
    }


def _needed(graph: Mapping[str, Collection[str]], tables: Collection[str]) -> frozenset[str]:
    """Return the tables and all that they read, directly or not."""
    return frozenset(tables).union(*(_needed(graph, graph[table]) for table in tables))


def _peak() -> float:
    """Return the most memory this process ever held, in gigabytes."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e9


def main() -> None:
    """Measure the named number of organizations, and four times as many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organizations", type=int, default=300_000)
    parser.add_argument("--icp", type=Path, default=FOLDER / "icp.yaml")
    parser.add_argument("--once", action="store_true", help="only the named number, not four times as many")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(STEPS[given.step[0]](job_in(Path(given.step[1]), given.icp)) | {"peak": _peak()}))
        return
    figures: Figures = {"rules": len(list(read_icp(given.icp).rules))}
    seconds = []
    for organizations in [given.organizations] if given.once else [given.organizations, 4 * given.organizations]:
        with tempfile.TemporaryDirectory(prefix="bullseye-reasoning-") as folder:
            found = measure(organizations, Path(folder), given.icp)
        tell(organizations, found)
        figures |= figures_of(organizations, found)
        seconds.append(found["seconds"])
    print(json.dumps(figures | {"growth_4x": round(seconds[-1] / seconds[0], 2)}))


if __name__ == "__main__":
    main()
