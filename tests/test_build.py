"""In which order models are built, what of them is kept when one fails, and what leaves the house as a release.

Data: `sql-folders/shop` is a tree that builds; each of `sql-folders/unbuildable` does not and says why in `stop.txt`.
"""

from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from effort import Effort

from pipelines.errors import Stop
from pipelines.reader import open_release
from pipelines.tables import Column, Table, read_tables
from pipelines.warehouse import Warehouse, dependencies

FOLDERS = Path(__file__).parent / "sql-folders"
SHOP = read_tables(FOLDERS / "shop")
SHOPS = [{"shop_id": name, "opened_on": None, "offset": None, "tags": None, "primary_mail": None} for name in ("b", "a")]


def sale(receipt, shop_id, amount):
    return {"receipt": receipt, "line": 1, "shop_id": shop_id, "amount": amount, "currency": "EUR", "sold_at": None}


def filled(path):
    warehouse = Warehouse(path, SHOP)
    warehouse.load("raw.shop", SHOPS)
    warehouse.load("raw.sale", [sale("r1", "a", 2), sale("r2", "b", 5), sale("r3", "b", 1)])
    return warehouse


@pytest.fixture
def warehouse(tmp_path):
    with filled(tmp_path / "shop.duckdb") as opened:
        yield opened


def model(name, sql, *columns):
    schema, _, table = name.partition(".")
    described = tuple(Column(column, f"The {column}.") for column in columns)
    return Table(schema, table, "model", sql, "A model.", columns[:1], (), described, Path(f"{table}.sql"))


def described(warehouse, table):
    schema, _, name = table.partition(".")
    query = """select comment from duckdb_tables() where schema_name = $schema and table_name = $name
        union all select comment from duckdb_columns() where schema_name = $schema and table_name = $name"""
    return [row["comment"] for row in warehouse.rows(query, {"schema": schema, "name": name})]


def test_models_are_built_after_those_they_read(warehouse):
    ticks = count()
    built = warehouse.build(timer=lambda: float(next(ticks)))
    assert [(each.table, each.rows, each.seconds) for each in built] == [("core.total", 2, 1.0), ("mart.top", 1, 1.0)]
    assert warehouse.rows('select shop_id, amount, sells, "how many" from core.total order by shop_id') == [
        {"shop_id": "a", "amount": Decimal(2), "sells": True, "how many": "one, 'perhaps'"},
        {"shop_id": "b", "amount": Decimal(6), "sells": True, "how many": "many, really"},
    ]
    assert warehouse.rows("select * from mart.top") == [{"shop_id": "b", "amount": Decimal(6)}]


def test_only_what_is_asked_for_is_built(warehouse):
    assert [each.table for each in warehouse.build(only=["core.total"])] == ["core.total"]
    with pytest.raises(Stop, match=r"core\.nowhere cannot be built"):
        warehouse.build(only=["core.nowhere", "core.total"])


def test_dependencies_are_read_from_the_query(warehouse):
    assert warehouse.dependencies("core.total") == {"raw.shop", "raw.sale"}
    assert dependencies(SHOP) == {
        "raw.shop": frozenset(),
        "raw.sale": frozenset(),
        "core.total": {"raw.shop", "raw.sale"},
        "mart.top": {"core.total"},
    }


def test_a_cte_hides_no_table_and_a_subquery_is_seen():
    sql = """with recursive a as (select 1 as n union all select n + 1 from a where n < 3), B as (select * from core.b)
        select n from a, b where n in (from core.c select n) or exists (select 1 from (select * from core.d) as inner_a)"""
    names = ["core.a", "core.b", "core.c", "core.d"]
    tables = {name: model(name, sql if name == "core.a" else "select 1 as n", "n") for name in names}
    assert dependencies(tables)["core.a"] == {"core.b", "core.c", "core.d"}


@pytest.mark.parametrize("folder", sorted((FOLDERS / "unbuildable").iterdir()), ids=lambda folder: folder.name)
def test_what_cannot_be_built_says_why(folder, tmp_path):
    with pytest.raises(Stop) as stopped, Warehouse(tmp_path / "w.duckdb", read_tables(folder)) as opened:
        opened.build()
    said = str(stopped.value)
    assert (folder / "stop.txt").read_text("utf-8").strip() in said
    assert said.endswith(".")
    assert "\n" not in said


def test_a_failed_build_leaves_every_table_as_it_was(tmp_path):
    with filled(tmp_path / "shop.duckdb") as warehouse:
        warehouse.build()
        warehouse.load("raw.sale", [])
    broken = {**SHOP, "mart.top": replace(SHOP["mart.top"], sql="select shop_id, error('no') as amount from core.total")}
    with Warehouse(tmp_path / "shop.duckdb", broken) as warehouse:
        with pytest.raises(Stop, match=r"sql/mart/top.sql does not build"):
            warehouse.build()
        assert warehouse.rows("select sum(amount) as amount from core.total") == [{"amount": Decimal(8)}]
        assert warehouse.rows("select shop_id from mart.top") == [{"shop_id": "b"}]


def test_descriptions_become_comments(warehouse):
    warehouse.build()
    assert described(warehouse, "mart.top") == ["The best shop.", "Shop.", "What it sold."]
    assert "Sum of what was paid, in '€'." in described(warehouse, "core.total")
    assert "Day it opened." in described(warehouse, "raw.shop")


def test_macros_are_there_and_a_wrong_one_is_named(tmp_path):
    tables = {"core.a": model("core.a", "select twice(21) as n", "n")}
    with Warehouse(tmp_path / "w.duckdb", tables, "create or replace macro twice(n) as n * 2;") as opened:
        opened.build()
        assert opened.rows("select n from core.a") == [{"n": 42}]
    with pytest.raises(Stop, match=r"sql/macros.sql is not understood"):
        Warehouse(tmp_path / "w.duckdb", tables, "create macro")


def test_a_release_holds_the_mart_alone_with_its_comments(warehouse, tmp_path):
    warehouse.build()
    warehouse.copy_release(tmp_path / "release.duckdb")
    with open_release(tmp_path / "release.duckdb") as release:
        assert release.rows("select schema_name, table_name from duckdb_tables()") == [
            {"schema_name": "mart", "table_name": "top"}
        ]
        assert release.rows("select * from mart.top") == [{"shop_id": "b", "amount": Decimal(6)}]
        assert described(release, "mart.top") == ["The best shop.", "Shop.", "What it sold."]
        with pytest.raises(Exception, match=r"read-only"):
            release.rows("delete from mart.top")
        with pytest.raises(Exception, match=r"file system operations are disabled"):
            release.rows("select * from read_csv('/etc/passwd')")
    assert sorted(path.name for path in tmp_path.glob("release*")) == ["release.duckdb"]


def test_a_release_is_written_once_in_the_order_of_its_grain(warehouse, tmp_path):
    warehouse.copy_release(tmp_path / "one.duckdb", schemas=["raw"])
    with open_release(tmp_path / "one.duckdb") as release:
        assert [row["shop_id"] for row in release.rows("select shop_id from raw.shop")] == ["a", "b"]
    with pytest.raises(Stop, match=r"is there already"):
        warehouse.copy_release(tmp_path / "one.duckdb")
    with pytest.raises(Stop, match=r"cannot be written"):
        warehouse.copy_release(tmp_path.parent / "elsewhere.duckdb")
    warehouse.load("raw.shop", SHOPS)  # and the warehouse goes on


def test_two_releases_are_read_side_by_side_through_a_link(warehouse, tmp_path):
    current = tmp_path / "current.duckdb"
    for version, amount in (("v1", 3), ("v2", 9)):
        warehouse.load("raw.sale", [sale("r1", "a", amount)])
        warehouse.build()
        warehouse.copy_release(tmp_path / f"{version}.duckdb")
    current.symlink_to("v1.duckdb")
    with open_release(current) as first, open_release(current) as again:
        current.unlink()
        current.symlink_to("v2.duckdb")
        with open_release(current) as second:
            amounts = [release.rows("select amount from mart.top")[0]["amount"] for release in (first, again, second)]
    assert amounts == [3, 3, 9]


def test_no_release_is_a_sentence(tmp_path):
    with pytest.raises(Stop, match=r"nowhere.duckdb cannot be opened; name the DuckDB file of a release"):
        open_release(tmp_path / "nowhere.duckdb")


def test_the_same_rows_in_any_order_are_the_same_parquet(warehouse, tmp_path):
    warehouse.write_parquet("raw.shop", tmp_path / "one.parquet")
    warehouse.load("raw.shop", list(reversed(SHOPS)))
    warehouse.write_parquet("raw.shop", tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert pq.read_table(tmp_path / "one.parquet").column("shop_id").to_pylist() == ["a", "b"]
    warehouse.load("raw.shop", SHOPS[:1])
    warehouse.write_parquet("raw.shop", tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() != (tmp_path / "two.parquet").read_bytes()


def test_thirty_models_take_well_under_two_seconds(tmp_path):
    columns = [f"c{number}" for number in range(10)]
    listed = ", ".join(columns)
    first = "from range(1000) r(i) select " + ", ".join(f"i * {number} as {name}" for number, name in enumerate(columns))
    tables = {"mart.m0": model("mart.m0", first, *columns)}
    for number in range(1, 30):
        name = f"mart.m{number}"
        tables[name] = model(name, f"from mart.m{number - 1} select {listed}", *columns)
    with Warehouse(tmp_path / "w.duckdb", tables) as opened:
        with Effort() as effort:
            assert len(opened.build()) == 30
        assert effort.turns < 200
