"""The main job, measured: wall time, CPU and peak memory of whole processes, on examples/ and on any archive you name.

    make bench-main                                            # examples/ only
    make bench-main LEADS=leads.json WEB=archive.warc.gz AS_OF=2025-12-15

The peer, in the same run on the same pages, is lxml.html: parsing every page of the web once and keeping nothing. The ratio says
what the whole job (taking in, asking, reading, archiving, reasoning, checking, publishing) costs beside the least anybody who
reads these pages has to pay. The last line is one JSON object with every figure.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).parents[1]
BULLSEYE = Path(sys.executable).parent / "bullseye"
PEER = """
import sys
from pathlib import Path
import lxml.html
from warcio.archiveiterator import ArchiveIterator
parsed = 0
for name in sys.argv[1:]:
    path = Path(name)
    if path.is_dir():
        bodies = (page.read_bytes() for page in sorted(path.rglob("*.html")))
    else:
        bodies = (record.content_stream().read() for record in ArchiveIterator(path.open("rb")) if record.rec_type == "response")
    for body in bodies:
        if body.strip():
            lxml.html.fromstring(body)
            parsed += 1
print(parsed)
"""
COUNTS = """
    select
        (select count(*) from mart.organization) as organizations,
        (select sum(answered) from mart.source_health) as captures,
        (select count(*) from mart.fact) as facts,
        (select median(facts) from (select count(*) as facts from mart.fact group by organization_id)) as facts_per_organization
"""
PER_SOURCE = "select source, facts from mart.source_health order by source"
RINGS = "select ring, count(*) from mart.fit group by ring order by ring"


def measured(command: list[str]) -> dict[str, float]:
    """Run a command and return wall and CPU seconds and peak memory (MB) of its process."""
    started = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{process.stderr.read().decode() if process.stderr else ''}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return {
        "wall_seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }


def job(name: str, command: list[str], home: Path, web: list[str]) -> dict[str, Any]:
    """Measure a first run, a second with nothing new to do, and the peer."""
    first = measured([*command, "--home", str(home)])
    again = measured([*command, "--home", str(home)])
    peer = measured([sys.executable, "-c", PEER, *web])
    with duckdb.connect(home / "releases" / "current" / "bullseye.duckdb", read_only=True) as release:
        found = release.execute(COUNTS).fetchdf().to_dict("records")[0]
        sources = dict(release.execute(PER_SOURCE).fetchall())
        rings = dict(release.execute(RINGS).fetchall())
    result = {
        **first,
        "nothing_new_wall_seconds": again["wall_seconds"],
        "lxml_cpu_ratio": round(first["cpu_seconds"] / peer["cpu_seconds"], 1),
        **{key: float(value) for key, value in found.items()},
        "facts_by_source": sources,
        "rings": rings,
    }
    print(f"{name}: {json.dumps(result)}")
    return result


def main() -> None:
    """Measure the demo and, where named, a run of your own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads")
    parser.add_argument("--web")
    parser.add_argument("--as-of")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures["demo"] = job("demo", [str(BULLSEYE), "demo"], Path(folder) / "demo", [str(ROOT / "examples" / "web")])
        if given.leads and given.web:
            command = [str(BULLSEYE), "run", "--leads", given.leads, "--web", given.web]
            command += ["--as-of", given.as_of] if given.as_of else []
            figures["run"] = job("run", command, Path(folder) / "run", [given.web])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
