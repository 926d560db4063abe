"""Golden cases of the tables that SQL reasons out: what a model makes of a few rows.

A case is a file `tests/sql/<schema>.<table>/<what_it_shows>.yaml`:

    given:                              # tables the model reads -> rows; a table not given is empty
      core.fact:
        - {organization_id: org_a, property: name, value: Acme}
    expect:                             # every row of the result, in any order; columns not named may hold anything
      - {organization_id: org_a, name: Acme}
    through: [core.comparand]           # other models to build on the way, where a case is about what they make together

Only these models are built. A column not given is null or, where null is not allowed, neutral: an empty text, 0, false, an empty
list, the first moment of 2000. Some tables are there unless a case gives its own: `raw.run` says it is 2026-01-01, `raw.property`
is the vocabulary, and one profile, `main`, has all rules and promises. A row with `numbers: 1-40` is forty of them, each with its
own number where it says `#`. Numbers agree to nine digits; of a struct, too, only the fields named are compared.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
import yaml

from pipelines.properties import PROPERTIES
from pipelines.tables import Column, Table, read_tables
from pipelines.warehouse import Warehouse, dependencies

HERE = Path(__file__).parent
SQL = HERE.parent / "sql"
CASES = sorted((HERE / "sql").glob("*/*.yaml"))
MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 - moments in tables are UTC and say no zone
NEUTRAL = {"VARCHAR": "", "BOOLEAN": False, "DATE": MOMENT.date(), "TIMESTAMP": MOMENT}
USUAL = {
    "raw.run": [{"as_of": datetime(2026, 1, 1), "enough_pages": 2, "enough_words": 250, "earlier_captures": 3}],  # noqa: DTZ001
    "raw.property": [asdict(each) for each in PROPERTIES.values()],
    "raw.icp_profile": [{"icp": "main"}],
}


def usual(table, given):
    """Return the rows of a table that a case does not give: of the only profile, all rules and promises given."""
    of = {"raw.icp_profile_rule": ("raw.icp_rule", "rule_id"), "raw.icp_profile_promise": ("raw.icp_promise", "promise_id")}
    if table in of:
        every, key = of[table]
        return [{"icp": "main", key: row[key]} for row in given.get(every, ())]
    return USUAL.get(table, [])


@cache
def house():
    """Return the tables, the macros, and which tables each one reads."""
    tables, macros = read_tables(SQL), SQL / "macros.sql"
    return tables, macros.read_text("utf-8") if macros.exists() else "", dependencies(tables)


@pytest.fixture(scope="module")
def layouts(tmp_path_factory):
    """Return a function from a table to its columns, (name, type, whether null is allowed), found by building it on nothing."""
    tables, macros, reads = house()
    with Warehouse(tmp_path_factory.mktemp("layouts") / "w.duckdb", tables, macros, threads=1) as warehouse:
        built = {name for name, table in tables.items() if table.kind == "contract"}

        def layout(name):
            missing = above(name, reads) - built
            warehouse.build(only=missing)
            built.update(missing)
            described = warehouse.rows(f"from (describe {name})")
            return [(row["column_name"], row["column_type"], row["null"] == "YES") for row in described]

        yield layout


def above(name, reads):
    """Return a table and everything it is made of."""
    return {name}.union(*(above(each, reads) for each in reads[name]))


def neutral(kind):
    if kind.endswith("[]"):
        return []
    return NEUTRAL.get(kind, 0)


def as_contract(name, layout):
    """Return a table of that layout that can be loaded, whatever it is in the house."""
    schema, _, table = name.partition(".")
    lines = ", ".join(f'"{column}" {kind}{"" if nullable else " not null"}' for column, kind, nullable in layout)
    columns = tuple(Column(column, "As in the house.") for column, _, _ in layout)
    return Table(schema, table, "contract", f"create table {name} ({lines})", "Given.", (), (), columns, Path())


def several(row):
    """Return as many rows as one of them says by `numbers`."""
    if "numbers" not in row:
        return [row]
    first, last = map(int, row["numbers"].split("-"))
    said = {column: value for column, value in row.items() if column != "numbers"}
    numbered = {column: value for column, value in said.items() if isinstance(value, str) and "#" in value}
    return [{**said, **{key: value.replace("#", str(at)) for key, value in numbered.items()}} for at in range(first, last + 1)]


def whole_rows(name, rows, layout):
    """Give each row every column of the layout; a column the table does not have is a mistake in the case."""
    if name == "raw.run":
        rows = [{**USUAL[name][0], **row} for row in rows]
    strange = {column for row in rows for column in row} - {column for column, _, _ in layout}
    assert not strange, f"{name} has no column {', '.join(sorted(strange))}"
    return [{column: row.get(column, None if nullable else neutral(kind)) for column, kind, nullable in layout} for row in rows]


def agrees(wanted, found):
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(key in found and agrees(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, Sequence) and not isinstance(wanted, str) and isinstance(found, Sequence):
        return len(wanted) == len(found) and all(map(agrees, wanted, found))
    if isinstance(wanted, bool) or isinstance(found, bool) or wanted is None or found is None:
        return wanted is found
    if isinstance(wanted, int | float):
        return not isinstance(found, str | date) and math.isclose(wanted, found, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(found, datetime) and not isinstance(wanted, datetime) and isinstance(wanted, date):
        return datetime(wanted.year, wanted.month, wanted.day) == found  # noqa: DTZ001
    return bool(wanted == found)


def unmatched(wanted, found):
    """Pair expected rows with found ones, the most particular first; return what is left of both."""
    left, missing = list(found), []
    for row in sorted(wanted, key=len, reverse=True):
        match = next((each for each in left if agrees(row, each)), None)
        if match is None:
            missing.append(row)
        else:
            left.remove(match)
    return missing, left


def result(name, given, layouts, path, through=()):
    """Build one model on the rows given, and those it goes through, and return its rows; to give what none reads is a mistake."""
    tables, macros, reads = house()
    assert name in tables, f"sql/ has no table {name}"
    assert tables[name].kind == "model", f"{name} is a contract; Python fills it, so it has no golden cases"
    built = {name, *through}
    read = set().union(*(reads[each] for each in built)) - built
    assert set(given) <= read, f"{name} does not read {', '.join(sorted(set(given) - read))}"
    layout_of = {table: layouts(table) for table in sorted(read)}
    stand_ins = {table: as_contract(table, layout) for table, layout in layout_of.items()}
    with Warehouse(path, {each: tables[each] for each in built} | stand_ins, macros, threads=1) as warehouse:
        for table, layout in layout_of.items():
            warehouse.load(table, whole_rows(table, given.get(table) or usual(table, given), layout))
        warehouse.build()
        return warehouse.rows(f"from {name}")


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden_case(path, layouts, tmp_path):
    case = yaml.safe_load(path.read_text("utf-8"))
    assert set(case) - {"through"} == {"given", "expect"}, "a case says `given` and `expect`, maybe `through`, and nothing else"
    wanted, given = case["expect"] or [], case["given"] or {}
    rows_of = {table: [each for row in rows or () for each in several(row)] for table, rows in given.items()}
    found = result(path.parent.name, rows_of, layouts, tmp_path / "w.duckdb", case.get("through", ()))
    missing, surplus = unmatched(wanted, found)
    named = {column for row in wanted for column in row}
    shown = [{key: value for key, value in row.items() if key in named} or row for row in surplus]
    assert (missing, shown) == ([], []), f"missing and surplus rows of {path.parent.name}"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": None}, {"a": ""}),
        ({"a": 0}, {"a": None}),
        ({"a": 1}, {"a": True}),
        ({"a": "1"}, {"a": 1}),
        ({"a": 0.1}, {"a": 0.1001}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1]}, {"a": [1, 2]}),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 1}}),
        ({"a": date(2026, 1, 1)}, {"a": datetime(2026, 1, 1, 1)}),  # noqa: DTZ001
    ],
)
def test_what_differs_is_told_apart(wanted, found):
    assert unmatched([wanted], [found]) == ([wanted], [found])


def test_a_row_may_stand_for_several():
    forty = several({"numbers": "3-42", "lead_id": "lead_#", "list_id": "list_a", "rows": 7})
    assert len(forty) == 40 and forty[0] == {"lead_id": "lead_3", "list_id": "list_a", "rows": 7}
    assert forty[-1]["lead_id"] == "lead_42" and several(forty[0]) == [forty[0]]


def test_what_agrees_is_paired_each_row_once():
    found = [{"a": 0.1 + 0.2, "b": MOMENT, "c": {"d": 1, "e": 2}}, {"a": 1, "b": None, "c": None}]
    assert unmatched([{"a": 1}, {"a": 0.3, "b": MOMENT.date(), "c": {"d": 1}}], found) == ([], [])
    assert unmatched([{"a": 1}, {"a": 1}], found) == ([{"a": 1}], [found[0]])


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("core.nowhere", {}, "sql/ has no table core.nowhere"),
        ("core.fact", {}, "core.fact is a contract"),
        ("core.signal", {"core.profile": []}, "core.signal does not read core.profile"),
        ("core.testimony", {"core.fact": [{"fact": "f1"}]}, "core.fact has no column fact"),
    ],
)
def test_a_mistake_in_a_case_is_said(name, given, said, layouts, tmp_path):
    with pytest.raises(AssertionError, match=said):
        result(name, given, layouts, tmp_path / "w.duckdb")
