"""The market of the trials: a few websites and lead lists written by each trial, and the control that a calm one works.

Here: laying out a home, websites and lists, and running the stages. Elsewhere: what is done to them (the other test_trials_*).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import stages
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.job import ROOT, Job
from pipelines.settings import read_settings

AS_OF = datetime(2026, 1, 15)  # noqa: DTZ001 - UTC without zone, as tables keep it
Files = Mapping[str, str | bytes]

STORY = (
    "We are a wholesaler with 4,000 stock items and 120 orders a day, each typed in by hand. There are 120 employees. "
    "We are evaluating new order software and the budget has been approved. Customers order by mail, as they like. "
)
FOOT = "<footer>{name} Ltd, 1 Mill Road, Anytown, MA 02110, USA, info@{host}</footer>"
PLACED = """
    select domain, website_state, ring, fit, readiness, coverage
    from mart.fit
    join mart.organization using (organization_id, domain)
    order by domain
"""


def page(host: str, inside: str = "", title: str = "") -> str:
    """One page of a house that has our problem and wants it solved; `inside` stands first in its body."""
    name = host.partition(".")[0].title()
    foot = FOOT.format(name=name, host=host)
    head = f"<head><title>{title or name}</title></head>"
    return f"<!doctype html><html lang=en>{head}<body>{inside}<a href=/about>About</a><p>{STORY * 6}</p>{foot}</body></html>"


def website(host: str) -> dict[str, str | bytes]:
    """A calm website."""
    about, pricing = (
        "<a href=/pricing>Prices</a>",
        "<h1>Pricing</h1><p>From $49 per month. Start your free trial, no tender needed.</p>",
    )
    return {"index.html": page(host, about), "about.html": page(host), "pricing.html": page(host, pricing)}


def leads(*hosts: str) -> str:
    """A lead list of one row a host."""
    return "company,website\n" + "".join(f"{host.partition('.')[0].title()} Ltd,{host}\n" for host in hosts)


def market(folder: Path, websites: Mapping[str, Files], lists: Files, as_of: datetime = AS_OF) -> Job:
    """Write the websites and lists into a folder and return the job over them."""
    for host, files in websites.items():
        write(folder / "web" / host, files)
    (folder / "web").mkdir(parents=True, exist_ok=True)
    write(folder / "lists", lists)
    examples = ROOT / "examples"
    settings, icp = read_settings(examples / "settings.yaml"), read_icp(examples / "icp.yaml")
    brought = tuple(sorted((folder / "lists").iterdir()))
    return Job(Home(folder / "home"), settings, icp, (str(folder / "web"),), as_of, brought)


def write(folder: Path, files: Files) -> None:
    """Write files, below folders where their names say so."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def run(job: Job) -> Path:
    """Run the stages as the graph does and return the release."""
    stages.take_in(job)
    stages.look(job)
    stages.reason(job)
    return stages.publish(job, stages.check(job))


def published(release: Path, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
    """What a release's database answers, one dict a row."""
    with duckdb.connect(release / "bullseye.duckdb", read_only=True) as database:
        answer = database.execute(sql, list(parameters))
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def warehouse(job: Job, sql: str) -> list[dict[str, Any]]:
    """What the warehouse answers, raw tables included."""
    with job.open() as opened:
        return opened.rows(sql)


def test_a_calm_market_is_read_and_placed(tmp_path: Path) -> None:
    hosts = ("anvil.example", "bolt.example")
    release = run(market(tmp_path, {host: website(host) for host in hosts}, {"fair.csv": leads(*hosts)}))
    found = published(release, PLACED)
    assert {row["domain"]: (row["ring"], row["website_state"]) for row in found} == {
        "anvil.example": ("bullseye", "read"),
        "bolt.example": ("bullseye", "read"),
    }
    assert all(row["fit"] > 50 for row in found)
