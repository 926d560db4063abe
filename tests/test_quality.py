"""Promises kept and broken: every kind is seen failing, and nothing personal is said."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from effort import Effort

from pipelines.promises import bound, grain_promises, parse_promise
from pipelines.quality import audit, library_version
from pipelines.reader import Reader
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

HERE = Path(__file__).parent
NOON = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - moments in tables are UTC and say no zone


def expect(*texts, table="core.t", loudness="expect"):
    return [parse_promise(table, text, loudness) for text in texts]


def held(promises, **frames):
    """Audit promises about tables of `core`, each given as a frame or as column -> values."""
    with duckdb.connect() as database:
        database.execute("create schema core")
        for name, columns in frames.items():
            given = pd.DataFrame(columns)
            database.register("given", given if len(given.columns) else pd.DataFrame({"nothing": []}))
            database.execute(f"create table core.{name} as from given")
        return audit(promises, Reader(database))


def judged(texts, columns, **others):
    """Audit promises about one table, given as column -> values; others are columns of `core.other`."""
    return held(expect(*texts), t=columns, other=others)


@pytest.mark.parametrize(
    ("text", "good", "bad", "observed", "unexpected"),
    [
        ("between(a, 0, 1)", [0, 0.5, 1, None], [0, 1.5, None, -1], "2 of 4 rows", ("a=-1.0", "a=1.5")),
        (
            "between(a, 2025-01-01, 2025-12-31)",
            [date(2025, 1, 1), None],
            [date(2024, 12, 31), None],
            "1 of 2 rows",
            ("a=2024-12-31 00:00:00",),
        ),
        ("not_null(a)", ["", "x"], ["x", None], "1 of 2 rows", ("a=null",)),
        ("in_set(a, x, y)", ["x", "y", None], ["x", "X"], "1 of 2 rows", ("a=X",)),
        ("in_set(a, 1, 2)", [1, 2], [1, 3], "1 of 2 rows", ("a=3",)),
        ("in_set(a, true)", [True, True], [True, False], "1 of 2 rows", ("a=false",)),
        ("matches(a, ^[a-z]+$)", ["x", None], ["x", "X1"], "1 of 2 rows", ("a=X1",)),
        ("unique(a)", ["x", "y", None, None], ["x", "y", "x"], "2 of 3 rows", ("a=x", "a=x")),
        ("references(a, core.other.b)", ["p", "q", None], ["p", "z"], "1 of 2 rows", ("a=z",)),
        ("rows_between(1, 2)", ["x"], ["x", "y", "z"], "3 rows", ()),
    ],
)
def test_a_promise_is_kept_and_seen_broken(text, good, bad, observed, unexpected):
    dates = "2025" in text
    good, bad = (pd.to_datetime(pd.Series(each)) if dates else pd.Series(each) for each in (good, bad))
    (kept,) = judged([text], {"a": good}, b=["p", "q"])
    assert (kept.passed, kept.stops, kept.unexpected) == (True, False, ())
    assert kept.observed == f"{len(good)} row{'' if len(good) == 1 else 's'}"
    (broken,) = judged([text], {"a": bad}, b=["p", "q"])
    assert (broken.passed, broken.stops) == (False, True)
    assert (broken.observed, broken.unexpected) == (observed, unexpected)


def test_rows_are_told_apart_by_the_grain():
    promises = [*grain_promises("core.t", ("id", "part")), *expect("between(n, 0, 1)", "not_null(n)")]
    frame = pd.DataFrame({"id": ["p", "p", "q"], "part": [1, 2, 1], "n": [0.5, 7.0, None]})
    verdicts = held(promises, t=frame)
    assert [verdict.passed for verdict in verdicts] == [True, True, False, False]
    assert verdicts[2].unexpected == ("id=p, part=2, n=7.0",)
    assert verdicts[3].unexpected == ("id=q, part=1, n=null",)


def test_several_columns_are_unique_together_and_each_not_null():
    columns = {"a": ["x", "x", "x", None, None], "b": [1, 2, 1, 3, 3]}
    unique, not_null = judged(["unique(a, b)", "not_null(a, b)"], columns)
    assert (unique.observed, not_null.observed) == ("2 of 5 rows", "2 of 5 rows")
    assert unique.unexpected == ("a=x, b=1", "a=x, b=1")


def test_an_empty_table_breaks_only_its_number_of_rows():
    texts = [
        "between(n, 0, 1)",
        "not_null(a)",
        "in_set(a, x)",
        "matches(a, x)",
        "unique(a)",
        "unique(a, n)",
        "references(a, core.other.b)",
        "rows_between(1, 9)",
    ]
    columns = {"a": pd.Series([], dtype="str"), "n": pd.Series([], dtype="float64")}
    verdicts = judged(texts, columns, b=["p"])
    assert [verdict.promise.text for verdict in verdicts if not verdict.passed] == ["rows_between(1, 9)"]
    assert verdicts[-1].observed == "0 rows"


def test_lists_and_structs_are_compared_by_what_is_in_them():
    columns = {"a": [["x"], ["y"], ["x"], None], "b": [{"c": 1}, {"c": 1}, {"c": 2}, {"c": 2}]}
    verdicts = judged(["unique(a)", "unique(a, b)", "not_null(a)", "not_null(b)"], columns)
    assert [verdict.passed for verdict in verdicts] == [False, True, False, True]
    assert verdicts[0].unexpected == ("a=[x]", "a=[x]")


def test_what_cannot_be_checked_is_broken_and_says_why():
    (verdict,) = judged(["between(a, 0, 1)"], {"a": ["x", "y"]})
    assert not verdict.passed
    assert verdict.observed.startswith("could not be checked: ")
    assert len(verdict.observed) < 250


def test_no_person_is_named():
    addresses = [
        "jane.doe@shop.example",
        "Jane <j+x@mail.shop.example>",
        "+49 30 1234-567",
        "mailto:jane@x.example",
        "https://ok.example/@team",
        "ring +1 (555) 010-9999 now",
    ]
    verdicts = judged(["in_set(a, nothing)"], {"a": addresses[:5]}) + judged(["in_set(a, nothing)"], {"a": addresses[5:]})
    shown = [example for verdict in verdicts for example in verdict.unexpected]
    assert sorted(shown) == [
        "a=+…",
        "a=Jane <…@mail.shop.example>",
        "a=https://ok.example/@team",
        "a=mailto:…@x.example",
        "a=ring +… now",
        "a=…@shop.example",
    ]


def test_one_promise_that_cannot_be_checked_hinders_no_other():
    verdicts = judged(["between(a, 0, 1)", "not_null(a)", "matches(b, ^x)"], {"a": ["x", None], "b": ["x", "y"]})
    assert [each.observed[:12] for each in verdicts] == ["could not be", "1 of 2 rows", "1 of 2 rows"]


def test_a_null_among_the_values_referred_to_finds_nothing_and_hides_nothing():
    (verdict,) = judged(["references(a, core.other.b)"], {"a": ["p", "z", None]}, b=["p", None])
    assert (verdict.passed, verdict.unexpected) == (False, ("a=z",))


def test_at_most_five_examples_of_eighty_characters():
    (verdict,) = judged(["in_set(a, nothing)"], {"a": [f"{number}" * 200 for number in range(9)]})
    assert verdict.observed == "9 of 9 rows"
    assert len(verdict.unexpected) == 5
    assert all(len(example) == len("a=") + 80 for example in verdict.unexpected)


def test_a_warning_does_not_stop():
    (verdict,) = held(expect("rows_between(5, 9)", loudness="warn"), t={"a": [1]})
    assert (verdict.passed, verdict.stops, verdict.loudness, verdict.table) == (False, False, "warn", "core.t")


def test_promises_of_the_warehouses_own_frames(tmp_path):
    tables = read_tables(HERE / "sql-folders" / "shop")
    shops = [{"shop_id": name, "opened_on": None, "offset": 1, "tags": [name], "primary_mail": None} for name in "abc"]
    sales = [
        {"receipt": f"r{n}", "line": 1, "shop_id": shop, "amount": n, "currency": "EUR", "sold_at": NOON}
        for n, shop in enumerate("abz")
    ]
    with Warehouse(tmp_path / "w.duckdb", tables) as warehouse:
        warehouse.load("raw.shop", shops)
        warehouse.load("raw.sale", sales)
        warehouse.build()
        more = expect("unique(tags)", "between(opened_on, 2020-01-01, 2030-01-01)", table="raw.shop")
        more += expect("between(sold_at, 2026-01-01, 2026-01-02)", table="raw.sale")
        verdicts = audit([promise for table in tables.values() for promise in table.promises] + more, warehouse)
    broken = {(verdict.table, verdict.promise.name): verdict.unexpected for verdict in verdicts if not verdict.passed}
    assert broken == {
        ("raw.sale", "references_shop_id"): ("receipt=r2, line=1, shop_id=z",),
        ("raw.sale", "warn_between_amount"): ("receipt=r0, line=1, amount=0.00",),
    }


def mutant(promise):
    """Return column -> values that break this promise, whatever else they do."""
    column = next(iter(promise.columns), "any")
    match promise.kind:
        case "between":
            high = bound(promise.arguments[1])
            return {column: [pd.Timestamp(high + timedelta(1)) if isinstance(high, date) else high + 1]}
        case "not_null":
            return {each: ["x", None if each == promise.columns[-1] else "x"] for each in promise.columns}
        case "unique":
            return {each: ["x", "x"] for each in promise.columns}
        case "rows_between":
            return {column: ["x"] * (int(promise.arguments[1]) + 1)}
        case "matches":
            return {column: ["\x00"]}
    return {column: ["found nowhere"]}


def moved(promise):
    """Return a promise's arguments, a reference leading to the one table that mutants can refer to."""
    return ("core.known.id",) if promise.kind == "references" else promise.arguments


@pytest.mark.slow
def test_every_promise_of_the_house_kills_its_mutant():
    promises = [promise for table in read_tables(HERE.parent / "sql").values() for promise in table.promises]
    apart = [replace(promise, table=f"core.m{place}", arguments=moved(promise)) for place, promise in enumerate(promises)]
    mutants = {promise.table.partition(".")[2]: mutant(promise) for promise in apart}
    survivors = [each.promise.text for each in held(apart, known={"id": ["x"]}, **mutants) if each.passed]
    assert len(promises) > 100
    assert survivors == []


@pytest.mark.slow
def test_a_hundred_and_twenty_promises_take_seconds():
    frame = pd.DataFrame({"id": [f"x{n}" for n in range(500)], "n": [n / 500 for n in range(500)]})
    tables = {f"t{number}": frame for number in range(30)}
    promises = [
        promise
        for number in range(30)
        for promise in (
            *grain_promises(f"core.t{number}", ("id",)),
            *expect("between(n, 0, 1)", "matches(id, ^x)", table=f"core.t{number}"),
        )
    ]
    held(promises[:1], **tables)  # the import is another matter
    with Effort() as effort:
        assert all(verdict.passed for verdict in held(promises, **tables))
    assert effort.turns < 200


def test_the_library_says_its_version():
    assert re.fullmatch(r"1\.\d+\.\d+", library_version())
