"""Trials F1, F8 and F12: runs killed at random, the same said five times over, and files whose bytes are not those written."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from test_trials_market import leads, market, run, warehouse, website

from pipelines import stages
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.job import ROOT, Job

sys.path.append(str(ROOT / "benchmarks"))
from durability_home import contents

pytestmark = pytest.mark.slow

HOSTS = ("anvil.example", "bolt.example", "cog.example")
FLIPS = 100
TABLES = "select schema_name || '.' || table_name from duckdb_tables() order by all"
ROWS = "select count(*), sum(hash(each)) from {} as each"


@pytest.mark.long
def test_runs_killed_at_random_lose_nothing_and_the_next_ends_as_if_they_had_not_been() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "durability.py"), "--kills", "6", "--seed", "11"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    nothing = ("lost", "torn", "failed_opens", "mixed_releases", "leftovers", "orphans", "failed_runs")
    assert {name: figures[name] for name in nothing} == dict.fromkeys(nothing, 0), figures["troubles"]
    assert (figures["kills"], figures["same_hash"]) == (6, True)
    assert figures["kills_by_door"] == {"stages": 3, "bullseye": 2, "dagster": 1}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A home with a release."""
    job = market(tmp_path_factory.mktemp("calm"), {host: website(host) for host in HOSTS}, {"fair.csv": leads(*HOSTS)})
    run(job)
    return job


def copied(job: Job, to: Path) -> Job:
    shutil.copytree(job.home.folder, to, symlinks=True)
    return replace(job, home=Home(to))


def flip(path: Path, chance: random.Random) -> None:
    """Turn one bit of a file over."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut(path: Path, chance: random.Random) -> None:
    """Cut a file off somewhere."""
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def empty(path: Path, chance: random.Random) -> None:
    """Leave a file as a power cut may: there, and empty."""
    path.write_bytes(b"")


Damage = Callable[[Path, random.Random], None]


def said(database: Path) -> Mapping[str, object] | str:
    """What all tables of a file say, or what DuckDB complains of."""
    try:
        with duckdb.connect(database, read_only=True) as opened:
            tables = [table for (table,) in opened.execute(TABLES).fetchall()]
            return {table: opened.execute(ROWS.format(table)).fetchall() for table in tables}
    except duckdb.Error as error:
        return str(error)


def test_no_bit_turned_over_in_a_database_says_something_else(calm: Job, tmp_path: Path) -> None:
    """Either DuckDB complains, or the bit was nobody's: all tables say what they said."""
    chance, complaints = random.Random(12), 0
    for path in (calm.home.warehouse, calm.home.current.resolve() / "bullseye.duckdb"):
        wanted = said(path)
        assert isinstance(wanted, dict) and len(wanted) > 10
        for _ in range(FLIPS // 2):
            flipped = Path(shutil.copy(path, tmp_path / "flipped.duckdb"))
            flip(flipped, chance)
            found = said(flipped)
            complaints += isinstance(found, str)
            assert isinstance(found, str) or found == wanted
    assert complaints > FLIPS / 2


def finished(job: Job, wanted: Mapping[str, str], most: int = 2) -> list[str]:
    """Run until a run comes to its end, as who reads the sentences would; return the sentences. The release is as it was."""
    sentences: list[str] = []
    while len(sentences) < most:
        try:
            if stages.unchanged(job) is None:
                run(job)
        except Stop as stop:
            sentences.append(str(stop))
            told = Path(sentences[-1].partition(" is damaged; ")[0])
            if "remove it" in sentences[-1] and told.is_file():
                told.unlink()
            continue
        assert contents(job.home.current.resolve()) == wanted
        return sentences
    pytest.fail(f"no run came to its end: {sentences}")


@pytest.mark.parametrize("damage", [flip, cut, empty])
def test_a_damaged_warehouse_is_put_aside_and_built_anew(damage: Damage, calm: Job, tmp_path: Path) -> None:
    chance = random.Random(5)
    job = copied(calm, tmp_path / "home")
    wanted = contents(job.home.current.resolve())
    while not isinstance(said(job.home.warehouse), str):
        shutil.copy(calm.home.warehouse, job.home.warehouse)
        damage(job.home.warehouse, chance)
    broken = job.home.warehouse.read_bytes()
    (job.home.folder / "warehouse.duckdb.wal").write_bytes(b"what was not in the file yet")
    (job.home.folder / "stages.json").unlink()
    sentences = finished(job, wanted)
    assert len(sentences) <= 1
    for sentence in sentences:
        assert "warehouse.duckdb was damaged and lies now beside it as warehouse.duckdb.broken-1; run again" in sentence
        assert (job.home.folder / "warehouse.duckdb.broken-1").read_bytes()[:4096] == broken[:4096]
        assert (job.home.folder / "warehouse.duckdb.broken-1.wal").exists(), "a log is never deleted"


FILES = (
    *(f"facts/{table}/*.parquet" for table in ("raw.request", "raw.capture", "raw.miss", "core.fact", "readings")),
    *("facts/verified.txt", "stages.json", "verdicts.json", "archive/*.cdxj", "inbox/.received/*.json"),
    *("releases/2*/leads.csv", "releases/2*/bullseye.duckdb", "releases/2*/SHA256SUMS", "releases/2*/manifest.json"),
)


@pytest.mark.parametrize("damage", [cut, flip])
@pytest.mark.parametrize("file", FILES)
def test_a_torn_file_is_made_again_or_named(file: str, damage: Damage, calm: Job, tmp_path: Path) -> None:
    job = copied(calm, tmp_path / "home")
    wanted = contents(job.home.current.resolve())
    if not file.startswith("releases"):
        job.home.note("release", "")  # so that the next run looks at more than the release
    path = min(job.home.folder.glob(file))
    damage(path, random.Random(file))
    sentences = finished(job, wanted)
    assert all(sentence.count("\n") == 0 and sentence.endswith(".") for sentence in sentences)
    assert all(str(path) in sentence or "run again" in sentence for sentence in sentences)


def test_the_same_five_times_over_says_the_same(tmp_path: Path) -> None:
    """Lists in another order, their rows too, and hosts; then all of it again in the home it was first said in."""
    chance, found = random.Random(3), []
    for turn in range(5):
        order = chance.sample(HOSTS, len(HOSTS))
        rows = leads(*order)
        job = market(
            tmp_path / f"turn-{turn}", {host: website(host) for host in order}, {"b.csv": rows, "a.csv": leads(order[0])}
        )
        job = replace(job, leads=tuple(chance.sample(job.leads, len(job.leads))))
        for again in range(2 if turn == 0 else 1):
            stages.take_in(job)
            looked = stages.look(job)
            assert looked.organizations == (0 if again else len(HOSTS))
            facts = warehouse(job, "select fact_id, property, value, source from core.fact order by all")
            counts = warehouse(job, COUNTS)
            found.append((facts, counts))
    assert len(found) == 6 and len(found[0][0]) > 20
    assert all(each == found[0] for each in found)


COUNTS = """
    select
        (select count(*) from raw.request) as requests,
        (select count(*) from raw.capture) as captures,
        (select count(*) from raw.miss) as misses,
        (select count(*) from core.organization) as organizations,
        (select count(*) from core.lead) as leads
"""
