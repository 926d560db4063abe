"""What SQL is given besides leads and facts has the columns of its tables; fingerprints see every change that counts."""

from datetime import datetime
from pathlib import Path

import pytest

from pipelines.facts import EARLIER
from pipelines.givens import fingerprint, fingerprint_files, given_rows
from pipelines.icp import read_icp
from pipelines.properties import PROPERTIES
from pipelines.settings import Reading
from pipelines.source import no_requests
from pipelines.sources import all_sources
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

ROOT = Path(__file__).parents[1]
AS_OF = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - moments in tables are UTC and say no zone


@pytest.fixture(scope="module")
def rows():
    return given_rows(read_icp(ROOT / "icp.yaml"), all_sources(), Reading(enough_pages=3, enough_words=99), AS_OF)


def test_every_given_table_takes_its_rows(rows, tmp_path: Path):
    tables = read_tables(ROOT / "sql")
    with Warehouse(tmp_path / "w.duckdb", {name: tables[name] for name in rows}) as warehouse:
        assert {name: warehouse.load(name, given) for name, given in rows.items()} == {
            name: len(each) for name, each in rows.items()
        }
        (run,) = warehouse.rows("from raw.run")
    assert run == {"as_of": AS_OF, "enough_pages": 3, "enough_words": 99, "earlier_captures": EARLIER}


def test_the_vocabulary_and_the_sources_are_given(rows):
    assert {row["name"]: row["many"] for row in rows["raw.property"]} == {each.name: each.many for each in PROPERTIES.values()}
    assert [row["name"] for row in rows["raw.source"]] == [each.name for each in all_sources()]
    assert all(
        0 <= row["trust"] <= 1 and 0 <= row["expected_share"] <= 1 and row["fresh_days"] >= 1 for row in rows["raw.source"]
    )


def test_a_source_that_is_fresh_for_hours_is_fresh_for_a_day():
    class Hourly:
        name = description = terms = "x"
        trust = expected_share = 0.5
        fresh = AS_OF - datetime(2026, 1, 1, 9)  # noqa: DTZ001
        plan = follow = search = no_requests

    (row,) = given_rows(read_icp(ROOT / "icp.yaml"), [Hourly()], Reading(), AS_OF)["raw.source"]
    assert row["fresh_days"] == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (({"a": 1, "b": 2},), ({"b": 2, "a": 1},), True),
        ((["a", "b"],), (["b", "a"],), False),
        (("ab", "c"), ("a", "bc"), False),
        ((AS_OF,), (datetime(2026, 1, 1, 12, 0, 1),), False),  # noqa: DTZ001
        ((1,), ("1",), False),
        ((None,), ("",), False),
        ((), ("",), False),
    ],
)
def test_a_fingerprint_is_of_what_is_said_not_of_how(one, other, same):
    assert (fingerprint(*one) == fingerprint(*other)) is same


def test_a_fingerprint_of_files_is_of_names_and_contents(tmp_path: Path):
    def made(folder: str, **files: str) -> str:
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text, "utf-8")
        return fingerprint_files(sorted((tmp_path / folder).iterdir(), reverse=folder == "backwards"), tmp_path / folder)

    first = made("first", a="one", b="two")
    assert made("backwards", a="one", b="two") == first
    changed = [made("content", a="one", b="tow"), made("name", a="one", c="two"), made("shifted", a="onetwo", b="")]
    assert len({first, *changed, made("fewer", a="one")}) == 5
