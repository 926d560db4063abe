"""Look-alikes in whole worlds: every organization that is no customer, beside those that are.

Here: what must hold of core.likeness and mart.lookalike whatever is found. Elsewhere: single models (tests/sql).
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from test_reasoning import a_world, built

from pipelines.warehouse import Warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with built(a_world(7), tmp_path_factory.mktemp("alike") / "w.duckdb") as opened:
        yield opened


def test_everybody_but_customers_is_compared_with_customers_only(warehouse: Warehouse):
    standing = {row["organization_id"]: row["standing"] for row in warehouse.rows("from core.survivor")}
    rows = warehouse.rows("from mart.lookalike")
    assert len({row["organization_id"] for row in rows}) > 5
    assert {standing[row["customer_id"]] for row in rows} == {"customer"}
    assert "customer" not in {standing[row["organization_id"]] for row in rows}


def test_ranks_count_from_one_and_go_by_likeness_shown(warehouse: Warehouse):
    rows = warehouse.rows("from mart.lookalike order by organization_id, rank")
    counted: Counter[str] = Counter()
    for row in rows:
        counted[row["organization_id"]] += 1
        assert row["rank"] == counted[row["organization_id"]] <= 3
    for former, latter in pairwise(rows):
        if former["organization_id"] == latter["organization_id"]:
            assert former["similarity"] * former["coverage"] >= latter["similarity"] * latter["coverage"] - 0.02


def test_whatever_they_share_is_said_by_facts_of_both(warehouse: Warehouse):
    owner = {row["fact_id"]: row["organization_id"] for row in warehouse.rows("select fact_id, organization_id from mart.fact")}
    for row in warehouse.rows("from mart.lookalike"):
        assert row["shares"].startswith("both ")
        assert {owner[each] for each in row["fact_ids"]} == {row["organization_id"]}
        assert {owner[each] for each in row["customer_fact_ids"]} == {row["customer_id"]}


def test_without_customers_nobody_is_like_one(tmp_path: Path):
    world = a_world(7)
    world["raw.lead_list"] = [{**row, "kind": "leads"} for row in world["raw.lead_list"]]
    with built(world, tmp_path / "w.duckdb") as opened:
        assert opened.count("core.likeness_feature") > 0
        assert opened.count("mart.lookalike") == 0
