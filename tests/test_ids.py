"""Ids: the same in every run, the same in Python and SQL, of raw values only."""

from collections import Counter
from pathlib import Path

import pytest

from pipelines.ids import digest_bytes, make_id, partition_of
from pipelines.job import ROOT
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

RAW = [
    ("org", ("domain", "acme.example")),
    ("org", ("name", "acme", "US")),
    ("lead", ('{"Firma":"Müller & Söhne"}',)),
    ("list", ("",)),
    ("x", ("tab\there", "new\nline")),
    ("x", ("'quoted'", '"twice"')),
    ("x", ("\x1f", "b")),
    ("x", ("日本", "🙂")),
]


@pytest.mark.parametrize(("kind", "raw"), RAW)
def test_an_id_is_its_kind_and_sixteen_hex_digits(kind: str, raw: tuple[str, ...]) -> None:
    made = make_id(kind, *raw)
    assert made.startswith(f"{kind}_")
    assert len(made) == len(kind) + 17
    assert set(made[-16:]) <= set("0123456789abcdef")
    assert made == make_id(kind, *raw)


def test_sql_makes_the_same_ids(tmp_path: Path) -> None:
    macros = (ROOT / "sql" / "macros.sql").read_text("utf-8")
    with Warehouse(tmp_path / "warehouse.duckdb", read_tables(ROOT / "sql"), macros) as warehouse:
        for kind, raw in RAW:
            marks = ", ".join(f"${place}" for place in range(1, len(raw) + 2))
            found = warehouse.rows(f"select make_id({marks}) as id", [kind, *raw])
            assert found == [{"id": make_id(kind, *raw)}]


def test_where_values_part_matters() -> None:
    assert make_id("x", "ab", "c") != make_id("x", "a", "bc")
    assert make_id("x", "a") != make_id("x", "a", "")
    assert make_id("x", "a") != make_id("y", "a")


def test_raw_values_are_not_cleaned() -> None:
    assert len({make_id("x", value) for value in ("Acme", "acme", " Acme", "Acme ", "ACME")}) == 5


def test_a_lone_surrogate_has_an_id_too() -> None:
    assert make_id("x", "\ud800").startswith("x_")


def test_partitions_are_even_and_stable() -> None:
    counts = Counter(partition_of(f"org_{number:016x}", 16) for number in range(8000))
    assert sorted(counts) == list(range(16))
    assert max(counts.values()) < 1.25 * min(counts.values())
    assert partition_of("org_anything", 1) == 0
    assert partition_of("org_eb115db1c6f7a247", 16) == partition_of("org_eb115db1c6f7a247", 16)


def test_the_digest_says_which_it_is() -> None:
    assert digest_bytes(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
