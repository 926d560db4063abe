"""The one door to DuckDB: what gets in and comes out, who may write, and how far SQL reaches. Data: `sql-folders/shop`."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import Stop
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

HERE = Path(__file__).parent
FOLDERS = HERE / "sql-folders"
SHOP = read_tables(FOLDERS / "shop")
SHOPS = [
    {"shop_id": "b", "opened_on": None, "offset": 2, "tags": ("x", "y"), "primary_mail": None},
    {"shop_id": "a", "opened_on": date(2024, 2, 29), "offset": None, "tags": None, "primary_mail": "a@shop.example"},
]


def sale(receipt, shop_id, amount, sold_at=None):
    return {
        "receipt": receipt,
        "line": 1,
        "shop_id": shop_id,
        "amount": amount,
        "currency": "EUR",
        "sold_at": sold_at,
    }


def filled(path):
    warehouse = Warehouse(path, SHOP)
    warehouse.load("raw.shop", SHOPS)
    warehouse.load("raw.sale", [sale("r1", "a", 2), sale("r2", "b", 5), sale("r3", "b", 1)])
    return warehouse


@pytest.fixture
def warehouse(tmp_path):
    with filled(tmp_path / "shop.duckdb") as opened:
        yield opened


def test_rows_come_out_as_they_went_in(warehouse):
    assert warehouse.rows("select * from raw.shop order by shop_id") == [
        SHOPS[1],
        {**SHOPS[0], "tags": ["x", "y"]},
    ]
    assert warehouse.columns("raw.shop")[3] == ("tags", "VARCHAR[]")


def test_arrow_columns_find_their_place_by_name_and_moments_become_utc(warehouse):
    moment = datetime.fromisoformat("2025-12-15T01:30:00+02:00")
    rows = pa.Table.from_pylist([sale("r9", "a", 3, moment)])
    backwards = rows.select(list(reversed(rows.column_names)))
    assert warehouse.load("raw.sale", backwards) == 1
    assert warehouse.rows("select receipt, sold_at, amount from raw.sale") == [
        {"receipt": "r9", "sold_at": datetime(2025, 12, 14, 23, 30), "amount": Decimal("3.00")}  # noqa: DTZ001
    ]


def test_loading_replaces_and_nothing_empties(warehouse):
    assert warehouse.load("raw.shop", SHOPS[:1]) == 1
    assert warehouse.count("raw.shop") == 1
    assert warehouse.load("raw.shop", []) == 0
    assert warehouse.count("raw.shop") == 0


def parts(*receipts):
    return ({"raw.sale": pa.Table.from_pylist([sale(each, "a", 3, datetime(2025, 1, 1))])} for each in receipts)  # noqa: DTZ001


def test_what_comes_part_by_part_replaces_what_was_there_and_a_table_without_parts_is_empty(warehouse):
    warehouse.load_parts(("raw.sale", "raw.shop"), parts("r7", "r8"))
    assert [row["receipt"] for row in warehouse.rows("from raw.sale order by receipt")] == ["r7", "r8"]
    assert warehouse.count("raw.shop") == 0


def test_a_part_that_breaks_the_contract_leaves_all_as_it_was(warehouse):
    with pytest.raises(Stop, match=r"raw\.sale cannot be loaded"):
        warehouse.load_parts(("raw.sale",), parts("r7", None))
    assert [row["receipt"] for row in warehouse.rows("from raw.sale order by receipt")] == ["r1", "r2", "r3"]
    warehouse.load_parts(("raw.sale",), parts("r9"))
    assert warehouse.count("raw.sale") == 1


@pytest.mark.parametrize(
    "content",
    [
        [{"shop_id": "a", "surprise": 1}],
        pa.table({"shop_id": ["a"], "surprise": [1]}),
        [SHOPS[0], {"shop_id": "c"}],
    ],
)
def test_other_columns_than_the_contracts_are_refused_naming_both(warehouse, content):
    with pytest.raises(Stop, match=r"raw.shop is offered \['shop_id'.*but its contract has \['shop_id', 'opened_on'"):
        warehouse.load("raw.shop", content)
    assert warehouse.count("raw.shop") == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shop_id": None}, "NOT NULL constraint failed"),
        ({"opened_on": "29 February"}, "invalid date"),
        ({"shop_id": ""}, "CHECK constraint failed"),
    ],
)
def test_a_load_that_breaks_the_contract_leaves_what_was_there(warehouse, change, said):
    with pytest.raises(Stop, match=f"raw.shop cannot be loaded: .*{said}"):
        warehouse.load("raw.shop", [{**SHOPS[0], **change}])
    assert warehouse.count("raw.shop") == 2


def test_a_column_of_two_types_is_refused(warehouse):
    with pytest.raises(Stop, match=r"raw.shop cannot be loaded: .*give each column one type"):
        warehouse.load("raw.shop", [SHOPS[1], {**SHOPS[0], "shop_id": 7}])


@pytest.mark.parametrize("table", ["core.total", "raw.nowhere"])
def test_only_a_contract_is_loaded(warehouse, table):
    with pytest.raises(Stop, match=f"{table} cannot be loaded"):
        warehouse.load(table, [])


def test_parquet_files_are_referred_to_together(warehouse, tmp_path):
    folder = tmp_path / "shop_id=z"  # a partition's name is not a column
    folder.mkdir()
    for each in SHOPS:
        pq.write_table(pa.Table.from_pylist([each]), folder / f"{each['shop_id']}.parquet")
    assert warehouse.refer("raw.shop", sorted(folder.glob("*.parquet"))) == 2
    assert warehouse.rows("select shop_id from raw.shop order by all") == [{"shop_id": "a"}, {"shop_id": "b"}]
    assert warehouse.refer("raw.shop", []) == 0


def test_parquet_of_other_columns_or_from_elsewhere_is_refused(warehouse, tmp_path, tmp_path_factory):
    pq.write_table(pa.table({"shop_id": ["a"]}), tmp_path / "few.parquet")
    with pytest.raises(Stop, match=r"raw.shop is offered"):
        warehouse.refer("raw.shop", [tmp_path / "few.parquet"])
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "a.parquet"
    pq.write_table(pa.table({"shop_id": ["a"]}), elsewhere)
    with pytest.raises(Stop, match=r"cannot refer to .*its files have to lie in"):
        warehouse.refer("raw.shop", [elsewhere])


def test_files_referred_to_may_move_with_the_warehouse(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with filled(home / "shop.duckdb") as warehouse:
        pq.write_table(warehouse.arrow("from raw.shop"), home / "shops.parquet")
        assert warehouse.refer("raw.shop", [home / "shops.parquet"]) == 2
    home.rename(tmp_path / "elsewhere")
    with Warehouse(tmp_path / "elsewhere" / "shop.duckdb", SHOP) as warehouse:
        assert [row["shop_id"] for row in warehouse.rows("from raw.shop order by shop_id")] == ["a", "b"]
        assert warehouse.load("raw.shop", SHOPS[:1]) == 1


def test_a_share_of_nothing_is_unknown(warehouse):
    assert warehouse.rows("select 0.0::double / 0 as share, 1 / 0 as rest") == [{"share": None, "rest": None}]


def test_reopening_keeps_what_was_loaded_unless_the_contract_changed(tmp_path):
    path = tmp_path / "shop.duckdb"
    filled(path).close()
    with Warehouse(path, SHOP) as warehouse:
        assert warehouse.count("raw.shop") == 2
    drifted = replace(SHOP["raw.shop"], sql=SHOP["raw.shop"].sql.replace("opened_on date", "opened_on timestamp"))
    with Warehouse(path, {**SHOP, "raw.shop": drifted}) as warehouse:
        assert warehouse.count("raw.shop") == 0
        assert warehouse.columns("raw.shop")[1] == ("opened_on", "TIMESTAMP")
        assert warehouse.count("raw.sale") == 3


def test_a_second_writer_is_told_to_wait(warehouse):
    with pytest.raises(Stop, match=r"Another run holds .*shop.duckdb; wait until it ends"):
        Warehouse(warehouse.path, SHOP)
    warehouse.close()
    Warehouse(warehouse.path, SHOP).close()


KILLED = """
import os, pathlib, signal, sys
sys.path.insert(0, sys.argv[1])
from test_warehouse import filled
warehouse = filled(pathlib.Path(sys.argv[2]))
warehouse.build()
warehouse._connection.execute("begin; delete from raw.shop")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_loses_nothing_it_was_told_is_there_and_holds_nothing(tmp_path):
    command = [sys.executable, "-c", KILLED, str(HERE), str(tmp_path / "shop.duckdb")]
    assert subprocess.run(command, capture_output=True).returncode == -9
    with Warehouse(tmp_path / "shop.duckdb", SHOP) as warehouse:
        assert warehouse.count("raw.shop") == 2
        assert warehouse.count("mart.top") == 1


def test_a_file_that_is_no_warehouse_is_put_aside_as_it_is(tmp_path):
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(Stop, match=r"w\.duckdb was damaged and lies now beside it as w\.duckdb\.broken-1; run again"):
        Warehouse(path, SHOP)
    assert (tmp_path / "w.duckdb.broken-1").read_bytes().startswith(b"not a database")
    Warehouse(path, SHOP).close()  # the failed opening let go of the lock


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from read_csv('/etc/passwd')", "file system operations are disabled"),
        ("select * from read_text('/proc/self/environ')", "file system operations are disabled"),
        ("select * from glob('/etc/*')", "file system operations are disabled"),
        ("attach '/var/tmp/elsewhere.duckdb' as elsewhere", "file system operations are disabled"),
        ("copy raw.shop to '/var/tmp/elsewhere.csv'", "file system operations are disabled"),
        ("install httpfs", "file system operations are disabled"),
        ("set enable_external_access = true", "locked|while database is running"),
        ("set memory_limit = '1TB'", "locked"),
        ("select * from parameters", "does not exist"),
    ],
)
def test_sql_stays_within_its_walls(warehouse, sql, said):
    with pytest.raises(Exception, match=said):
        warehouse.rows(sql)


def test_memory_and_threads_are_bounded(tmp_path):
    with Warehouse(tmp_path / "w.duckdb", {}, memory="512MiB", threads=1) as opened:
        query = "select current_setting('memory_limit') as memory, current_setting('threads') as threads"
        assert opened.rows(query) == [{"memory": "512.0 MiB", "threads": 1}]
    with pytest.raises(Stop, match=r"cannot be opened"):
        Warehouse(tmp_path / "w.duckdb", {}, memory="a lot")


def test_answers_come_as_rows_arrow_and_frames(warehouse):
    query = "select shop_id from raw.shop where shop_id = $shop"
    assert warehouse.rows(query, {"shop": "a"}) == [{"shop_id": "a"}]
    assert warehouse.arrow(query, {"shop": "a"}).to_pylist() == [{"shop_id": "a"}]
    assert warehouse.arrow("select ? as n", [7]).to_pylist() == [{"n": 7}]
    assert list(warehouse.frame("raw.shop").columns) == [column.name for column in SHOP["raw.shop"].columns]
    assert list(warehouse.frame("raw.shop", ["offset", "shop_id"]).columns) == ["offset", "shop_id"]
    assert list(warehouse.frame("raw.shop", ["shop_id"])["shop_id"]) == ["a", "b"]


def test_what_a_killed_run_had_no_memory_for_goes(tmp_path):
    left = tmp_path / "w.duckdb.tmp"
    left.mkdir()
    (left / "duckdb_temp_1_owner").write_text("ada@tin-anchor.example")
    with Warehouse(tmp_path / "w.duckdb", {}) as opened:
        assert not left.exists()
        assert opened.rows("select current_setting('temp_directory') as place") == [{"place": str(left)}]
