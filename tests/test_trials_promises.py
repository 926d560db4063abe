"""Trial G: for each law that blocks a release, a tampering that must block it; and evidence that is complete.

Each tampering gets a copy of the same published home. What stood before must stand after, and the sentence must name the promise.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_trials_market import leads, market, published, run, warehouse, website

from pipelines import job as job_module
from pipelines import stages
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import ROOT, Job
from pipelines.page import Page
from pipelines.quotes import capture_of
from pipelines.web.archive import Archive

pytestmark = pytest.mark.slow

HOSTS = ("anvil.example", "bolt.example")


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Job:
    rows = leads(*HOSTS) + "Anvil Ltd,anvil.example\nNobody,\n,\n"
    job = market(tmp_path_factory.mktemp("promises"), {host: website(host) for host in HOSTS}, {"fair.csv": rows})
    run(job)
    return job


@pytest.fixture
def job(calm: Job, tmp_path: Path) -> Job:
    shutil.copytree(calm.home.folder, tmp_path / "home", symlinks=True)
    return replace(calm, home=Home(tmp_path / "home"))


def refused(job: Job) -> str:
    """Go on from what lies in the home now; return the sentence of the refusal, after seeing that nothing was touched."""
    before = {path: path.stat().st_mtime_ns for path in job.home.releases.rglob("*")}
    current = job.home.current.resolve()
    with pytest.raises(Stop) as stop:
        stages.publish(job, stages.check(job))
    assert job.home.current.resolve() == current and (current / "manifest.json").is_file()
    assert {path: path.stat().st_mtime_ns for path in job.home.releases.rglob("*")} == before
    assert str(stop.value).startswith("Nothing was published and the previous release stands")
    return str(stop.value)


def partition(job: Job, table: str) -> Path:
    """The first partition of a table that holds a row."""
    return next(path for path in sorted((job.home.facts / table).glob("*.parquet")) if pq.read_metadata(path).num_rows)


def rewrite(job: Job, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Tamper with a partition, and let the run reason about it."""
    path = partition(job, table)
    before = pq.read_table(path)
    after = change(before)
    assert after.num_rows and not after.equals(before)
    pq.write_table(after.replace_schema_metadata(before.schema.metadata), path)
    assert stages.look(job).organizations == 0
    stages.reason(job)


def with_value(table: pa.Table, column: str, value: object) -> pa.Table:
    """The table whose first row says something else in one column."""
    place = table.schema.get_field_index(column)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array([value, *table[column].to_pylist()[1:]], field.type))


FILES: dict[str, tuple[str, Callable[[pa.Table], pa.Table], str]] = {
    "a fact twice": (
        "core.fact",
        lambda table: pa.concat_tables([table, table.slice(0, 1)]),
        "core.fact promises unique(fact_id)",
    ),
    "a fact surer than sure": (
        "core.fact",
        lambda table: with_value(table, "confidence", 1.5),
        "core.fact promises between(confidence, 0, 1)",
    ),
    "a fact of an unknown property": (
        "core.fact",
        lambda table: with_value(table, "property", "horoscope"),
        "core.fact promises references(property, raw.property.name)",
    ),
    "a quote nobody said": (
        "core.fact",
        lambda table: with_value(table, "quote", "We never said that."),
        "raw.broken_quote promises rows_between(0, 0)",
    ),
    "a request without an answer": (
        "raw.request",
        lambda table: pa.concat_tables([table, with_value(table.slice(0, 1), "request_id", "req_0000000000000000")]),
        "core.conservation_of_requests promises between(lost, 0, 0)",
    ),
    "a miss twice": ("raw.miss", lambda table: pa.concat_tables([table, table]), "raw.miss promises unique(request_id)"),
}


@pytest.mark.parametrize("tampering", FILES)
def test_a_tampered_file_blocks(tampering: str, job: Job) -> None:
    table, change, promise = FILES[tampering]
    rewrite(job, table, change)
    assert promise in refused(job)


SQL: dict[str, tuple[str, str, str, str]] = {
    "a score that is not its sum": (
        "mart/fit.sql",
        "choice.fit,",
        "choice.fit - 1 as fit,",
        "mart.score_audit promises between(difference, 0, 0)",
    ),
    "a readiness out of thin air": (
        "mart/fit.sql",
        "choice.readiness,",
        "coalesce(choice.readiness, 0) + 0.01 as readiness,",
        "mart.score_audit promises between(difference, 0, 0)",
    ),
    "a cell without a citation": (
        "mart/organization.sql",
        "best.one['city'] as city,",
        "'Atlantis' as city,",
        "mart.uncited_cell promises rows_between(0, 0)",
    ),
    "a listed value without a citation": (
        "mart/organization.sql",
        "several.all_of['certification'] as certifications,",
        "['ISO 31337'] as certifications,",
        "mart.uncited_cell promises rows_between(0, 0)",
    ),
    "a ring that is none": ("mart/fit.sql", "choice.ring,", "'inner' as ring,", "mart.fit promises in_set(ring, "),
    "a lead without a route": (
        "mart/lead.sql",
        "route.action as route,",
        "nullif(route.action, route.action) as route,",
        "mart.lead promises not_null(route, route_owner)",
    ),
    "an evidence without an address": (
        "mart/evidence.sql",
        "    fact.url,",
        "    nullif(fact.url, fact.url) as url,",
        "mart.evidence promises not_null(url)",
    ),
    "a lead counted twice": (
        "mart/lead.sql",
        "from core.lead\n",
        "from (from core.lead union all from core.lead) as lead\n",
        "mart.lead promises unique(lead_id)",
    ),
}


@pytest.mark.parametrize("tampering", SQL)
def test_a_model_that_lies_blocks(tampering: str, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, honest, lie, promise = SQL[tampering]
    shutil.copytree(ROOT / "sql", tmp_path / "root" / "sql")
    file = tmp_path / "root" / "sql" / name
    text = file.read_text("utf-8")
    assert text.count(honest) == 1
    file.write_text(text.replace(honest, lie), "utf-8")
    monkeypatch.setattr(job_module, "ROOT", tmp_path / "root")
    lying = replace(job)
    lying.home.note("reasoning", "told anew")
    assert stages.reason(lying), "every model is built again, the lying one among them"
    assert promise in refused(lying)


@pytest.mark.parametrize(
    ("table", "promise"),
    [
        ("core.sighting", "core.conservation promises between(lost, 0, 0)"),
        ("raw.rejected_row", "core.conservation promises between(lost, 0, 0)"),
        ("raw.lead_row", "core.sighting promises references(row_id, raw.lead_row.row_id)"),
    ],
)
def test_a_lost_row_blocks(table: str, promise: str, job: Job) -> None:
    with job.open() as opened:
        rows = opened.arrow(f"select * from {table} order by row_number desc")  # noqa: S608 - our own names
        opened.load(table, rows.slice(1) if table != "raw.lead_row" else rows.slice(0, rows.num_rows - 1))
        opened.build()
    job.home.note("audit", "tampered with")
    assert promise in refused(job)


def test_a_promise_that_nobody_held_blocks(job: Job) -> None:
    verdicts = stages.check(job)
    dropped = next(each for each in verdicts if each.promise.loudness == "expect")
    with pytest.raises(Stop, match="never checked"):
        stages.publish(job, [each for each in verdicts if each is not dropped])


def test_every_evidence_is_complete(calm: Job) -> None:
    """Each cell's citation, followed back to the archived bytes without any help of the tables it stands in."""
    release = calm.home.current
    evidence = published(release, "select * from mart.evidence")
    facts = {row["fact_id"]: row for row in published(release, "select * from mart.fact")}
    captures = {row["capture_id"]: row for row in warehouse(calm, "select * from raw.capture")}
    archive = Archive(calm.home.archive, calm.settings.storage.partitions)
    assert len(evidence) > 30
    for row in evidence:
        assert all(row[name] for name in ("value", "url", "observed_at", "digest", "locator", "quote", "source")), row
        fact, capture = facts[row["fact_id"]], capture_of(captures[row["capture_id"]])
        assert (fact["quote"], fact["url"], fact["capture_id"]) == (row["quote"], row["url"], row["capture_id"])
        assert fact["organization_id"] == row["organization_id"]
        body = archive.body(capture)
        assert hashlib.sha256(body).hexdigest() == row["digest"].rpartition(":")[2]
        assert Page(capture, body).says(row["quote"]), row


def test_every_published_cell_is_cited(calm: Job) -> None:
    """The same law as mart.uncited_cell, held by other means: every value of mart.organization, cell by cell."""
    own = {"organization_id", "domain", "listed_name", "listed_industry", "standing", "leads"}
    judged = {"website", "website_standing", "listed_domains", "parent_organization_id"}  # mart.identity quotes what for
    counted = {"website_state", "pages_read", "words_read", "misses", "last_read_at"}
    cited = {(row["organization_id"], row["column"], row["value"]) for row in published(calm.home.current, "from mart.evidence")}
    cells = [
        (row["organization_id"], column, str(each))
        for row in published(calm.home.current, "from mart.organization")
        for column, value in row.items()
        if column not in own | judged | counted
        for each in (value if isinstance(value, list) else [value])
        if each is not None
    ]
    assert len(cells) > 20
    assert [cell for cell in cells if cell not in cited] == []
