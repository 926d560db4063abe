"""What an analyst does with a release: opens it while a run goes on, reads the comments, asks the queries of docs/."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from release.world import GIVENS, make_warehouse, verdicts_of
from released import opened

from pipelines.job import ROOT
from pipelines.release.snapshot import publish

QUERIES = (ROOT / "docs" / "queries.md").read_text("utf-8")
TOUR = (ROOT / "docs" / "tour.sql").read_text("utf-8")
ASKED = re.findall(r"^## (\d+)\. ([^\n]+\?)\n\n([^\n`#][^`#]*?)\n\n```sql\n(.*?);\n```$", QUERIES, re.MULTILINE | re.DOTALL)
OF_A_LATER_RELEASE = {"11", "12"}
"""What changed: the demo's release is the first, and its pages were read once."""


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(demo_home) as database:
        yield database


def test_there_are_twenty_questions_each_with_a_sentence() -> None:
    assert [int(number) for number, *_ in ASKED] == list(range(1, 21))
    assert len({question for _, question, *_ in ASKED}) == 20
    assert QUERIES.count("```sql") == 20
    assert all(sentence.endswith(".") for _, _, sentence, _ in ASKED)


@pytest.mark.parametrize(("number", "sql"), [(number, sql) for number, _, _, sql in ASKED])
def test_a_query_answers_on_the_demo(release: duckdb.DuckDBPyConnection, number: str, sql: str) -> None:
    answer = release.sql(sql)
    rows = answer.fetchall()
    assert bool(rows) == (number not in OF_A_LATER_RELEASE)
    for place, column in enumerate(answer.columns if rows else ()):
        assert any(row[place] is not None for row in rows), f"{column} says nothing"


@pytest.mark.parametrize("sql", [sql for _, _, _, sql in ASKED] + TOUR.split(";\n")[:-1])
def test_an_answer_is_the_same_each_time(sql: str) -> None:
    assert "order by" in sql.lower()
    assert not re.search(r"\bselect \*|\b(SELECT|FROM|WHERE)\b", sql)


def test_the_tour_runs_from_end_to_end(release: duckdb.DuckDBPyConnection) -> None:
    steps = [step for step in TOUR.split(";\n") if step.strip()]
    assert len(steps) >= 8
    for step in steps:
        assert release.sql(step).fetchall(), step


def test_every_table_and_column_says_what_it_is(release: duckdb.DuckDBPyConnection) -> None:
    tables = release.sql("select table_name, comment from duckdb_tables() where schema_name = 'mart'").fetchall()
    columns = release.sql("select table_name, column_name, comment from duckdb_columns() where schema_name = 'mart'").fetchall()
    assert len(tables) > 25 and len(columns) > 200
    assert [each for each in (*tables, *columns) if not each[-1] or len(each[-1]) < 4] == []
    assert release.sql("select count(*) from duckdb_tables() where schema_name <> 'mart'").fetchall() == [(0,)]


READ = """
import sys, duckdb
held = [duckdb.connect(sys.argv[1], read_only=True)]
print(held[0].sql("select count(*) from mart.lead").fetchall()[0][0], flush=True)
for line in sys.stdin:
    with duckdb.connect(sys.argv[1], read_only=True) as again:
        found = {each.sql("select count(*) from mart.lead").fetchall()[0][0] for each in (*held, again)}
    print(*found, flush=True)
"""


def test_a_release_opens_while_the_warehouse_is_written_and_the_next_is_published(tmp_path: Path) -> None:
    with make_warehouse(tmp_path) as warehouse:
        path = publish(warehouse, verdicts_of(warehouse), tmp_path / "releases", "v1", GIVENS, 5) / "bullseye.duckdb"
        command = [sys.executable, "-c", READ, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as analyst:
            assert analyst.stdin and analyst.stdout
            assert analyst.stdout.readline() == "5\n"
            for version in ("v2", "v3"):
                warehouse.build({"mart.lead"})
                publish(warehouse, verdicts_of(warehouse), tmp_path / "releases", version, GIVENS, 5)
                analyst.stdin.write("again\n")
                analyst.stdin.flush()
                assert analyst.stdout.readline() == "5\n"
            analyst.stdin.close()
