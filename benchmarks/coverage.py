"""What is found, measured: of how many organizations each property, on any archive and lead list.

    make bench-coverage                            # the AI-50 archive of ../shared; examples/ where it is absent
    make bench-coverage WARC=archive.warc.gz LEADS=leads.json AS_OF=2025-12-15

It is the main job itself, `bullseye run`, in a home of its own; WARC may also be a folder of pages. `coverage_<property>` is the
share of organizations with a page that was read which have a fact of that property; not whether the facts are right. Of
hiring: careers pages read, on how many of them openings are listed, how many titles in all, and for how many organizations that
have a careers page read their job board is known. The last line is one JSON object with every figure.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).parents[1]
BULLSEYE = Path(sys.executable).parent / "bullseye"
SHARED = ROOT.parent / "shared" / "real"
GIVEN = (SHARED / "web" / "ai50-2025.warc.gz", SHARED / "leads" / "forbes_ai50.json", "2025-12-15")
EXAMPLES = (ROOT / "examples" / "web", ROOT / "examples" / "leads", "")
READ = "(select distinct organization_id from mart.fact where property = 'page')"
FIGURES = f"""
    with careers as (
        select distinct organization_id, capture_id from mart.fact where property = 'page' and value = 'careers'
    ),
    listed as (
        select capture_id, count(distinct value) as titles
        from mart.fact
        where property = 'opening' and source = 'website'
        group by capture_id
    )
    select
        (select count(*) from mart.organization) as organizations,
        (select count(*) from {READ}) as organizations_read,
        (select count(distinct capture_id) from mart.fact where property = 'page') as pages_read,
        (select count(*) from mart.fact) as facts,
        (select count(*) from careers) as careers_pages,
        (select count(*) from careers join listed using (capture_id)) as careers_pages_with_openings,
        (select coalesce(sum(titles), 0) from listed) as openings_listed,
        (select count(distinct organization_id) from careers) as organizations_with_careers_page,
        (select count(distinct organization_id) from mart.fact where property = 'job_board') as organizations_with_job_board,
        (select count(distinct organization_id) from mart.fact join careers using (organization_id) where property = 'job_board')
            as careers_with_job_board
"""  # noqa: S608 - our own text
SHARES = f"""
    select property, count(distinct organization_id) / (select count(*) from {READ}) as share, count(*) as facts,
        count(distinct value) as different
    from mart.fact
    join {READ} using (organization_id)
    group by property
    order by share desc, property
"""  # noqa: S608 - our own text


def run(web: Path, leads: Path, as_of: str, home: Path) -> float:
    """Run the main job and return the seconds it took."""
    command = [str(BULLSEYE), "run", "--leads", str(leads), "--web", str(web), "--home", str(home)]
    started = time.perf_counter()
    done = subprocess.run([*command, *(["--as-of", as_of] if as_of else [])], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return time.perf_counter() - started


def measured(home: Path) -> dict[str, Any]:
    """Return what the release of a home says it found, and print the share of organizations that have each property."""
    with duckdb.connect(home / "releases" / "current" / "bullseye.duckdb", read_only=True) as release:
        figures: dict[str, Any] = release.execute(FIGURES).fetchdf().to_dict("records")[0]
        shares = release.execute(SHARES).fetchall()
    print(f"{'property':<20} {'share':>6} {'facts':>7} {'different':>10}")
    for name, share, facts, different in shares:
        print(f"{name:<20} {share:>6.0%} {facts:>7} {different:>10}")
    return {key: int(value) for key, value in figures.items()} | {
        f"coverage_{name}": round(share, 3) for name, share, *_ in shares
    }


def main() -> None:
    """Measure the archive that is named, or the one at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warc", type=Path)
    parser.add_argument("--leads", type=Path)
    parser.add_argument("--as-of", default="")
    parser.add_argument("--home", type=Path, help="keep the home there, to look at what was found")
    given = parser.parse_args()
    if bool(given.warc) != bool(given.leads):
        parser.error("an archive needs the list of leads it was made for: name both WARC and LEADS")
    web, leads, as_of = (given.warc, given.leads, given.as_of) if given.warc else GIVEN if GIVEN[0].exists() else EXAMPLES
    if not given.warc and web is EXAMPLES[0]:
        print(f"{GIVEN[0]} is absent: examples/ is measured instead, which proves that it works and no more.")
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder) / "home"
        seconds = run(web, leads, as_of, home)
        figures = measured(home)
    print(json.dumps({"wall_seconds": round(seconds, 1), **figures}))


if __name__ == "__main__":
    main()
