"""What the tables of fusion promise beside their golden cases: constants that hang together, a check that names its source."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.job import ROOT
from pipelines.properties import PROPERTIES, WATCHED
from pipelines.quality import audit
from pipelines.reader import Reader
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

CONSTANTS = ("core.marker", "core.sector", "core.crosswalk", "core.published", "core.dimension")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    tables, macros = read_tables(ROOT / "sql"), (ROOT / "sql" / "macros.sql").read_text("utf-8")
    chosen = {name: tables[name] for name in CONSTANTS}
    with Warehouse(tmp_path_factory.mktemp("constants") / "w.duckdb", chosen, macros, threads=1) as warehouse:
        warehouse.build()
        yield warehouse


def test_a_dimension_is_an_index_of_several_markers_of_several_kinds(built: Warehouse) -> None:
    counted = built.rows("select dimension, count(*) as markers, count(distinct property) as kinds from core.marker group by all")
    assert {row["dimension"] for row in counted} == {row["dimension"] for row in built.rows("from core.dimension")}
    assert [row for row in counted if row["markers"] < 4 or row["kinds"] < 2] == []


def test_what_is_marked_published_or_watched_is_a_property(built: Warehouse) -> None:
    named = {row["property"] for table in ("core.marker", "core.published") for row in built.rows(f"from {table}")}
    assert named - set(PROPERTIES) == set()
    assert WATCHED - set(PROPERTIES) == set()
    assert {each.name for each in PROPERTIES.values() if each.watched} == WATCHED


def test_every_division_of_a_scheme_leads_to_a_sector_and_shares_make_a_whole(built: Warehouse) -> None:
    rows = built.rows("select scheme, beginning, sum(share) as share from core.crosswalk group by all")
    assert [row for row in rows if row["share"] != 1.0] == []
    divisions = {row["beginning"] for row in rows if row["scheme"] == "nace"}
    gaps = {"04", "34", "40", "44", "48", "54", "57", "67", "76", "83", "89"}  # NACE has none of these
    assert {f"{number:02}" for number in range(1, 98)} - gaps - divisions == set()
    known = {row["naics"] for row in built.rows("from core.sector")}
    assert {row["naics"] for row in built.rows("from core.crosswalk")} <= known


def test_the_readers_sectors_are_the_tables(built: Warehouse) -> None:
    words = (ROOT / "pipelines" / "sources" / "website" / "industry.yaml").read_text("utf-8")
    told = {line.strip('":') for line in words.splitlines() if line.startswith('"')}
    assert told == {row["sector"] for row in built.rows("from core.sector")}


def test_the_check_names_the_source_that_answers_in_another_shape() -> None:
    promises = [each for each in read_tables(ROOT / "sql")["mart.source_health"].promises if "shape" in each.columns]
    said = "lever: 3 of 9 answers are of another shape (other_shape)"
    sql = f"select unnest(['website', 'lever']) as source, unnest(['as expected', '{said}']) as shape"
    with duckdb.connect() as database:
        database.execute(f"create schema mart; create table mart.source_health as {sql}")
        (verdict,) = audit(promises, Reader(database))
    assert not verdict.passed
    assert not verdict.stops
    assert said in " ".join(map(str, verdict.unexpected))
