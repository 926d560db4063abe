"""Reasoning is measured, at a size at which its speed means nothing."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipelines.icp import read_icp

ROOT = Path(__file__).parents[1]
REASONING = ROOT / "benchmarks" / "reasoning.py"
ICP = ROOT / "benchmarks" / "reasoning" / "icp.yaml"
NEEDED = {
    "core.weight",
    "core.claim",
    "core.profile",
    "core.trait",
    "core.answer",
    "mart.fit",
    "mart.gap",
    "mart.message",
    "mart.route",
}


def test_it_asks_forty_rules_of_every_ring_with_every_operator():
    rules = list(read_icp(ICP).rules)
    assert len(rules) == 40
    assert set(Counter(ring for ring, _ in rules)) == {"market", "profile", "persona", "problem", "bullseye"}
    operators = {rule.test.operator for _, rule in rules}
    assert operators >= {"is", "in", "has", "lacks", "mentions", "between", "at_least", "at_most", "within_days", "changed_by"}
    spaces = {rule.subject.partition(".")[0] for _, rule in rules}
    assert spaces >= {"persona", "signal", "mentions", "industry", "employees"}


@pytest.mark.long
@pytest.mark.slow
def test_reasoning_is_measured_at_a_size_and_at_four_times_of_it():
    command = [sys.executable, str(REASONING), "--organizations", "200"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["rules"] == 40
    assert figures["growth_4x"] > 0
    for size, organizations in (("200", 200), ("800", 800)):
        tables = figures[f"by_table_{size}"]
        assert set(tables) >= NEEDED
        assert not set(tables) & {"core.organization", "mart.organization", "mart.evidence"}, "early, or not needed by the four"
        assert 0 < figures[f"seconds_{size}"] <= figures[f"seconds_all_models_{size}"]
        assert 0 < figures[f"gigabytes_{size}"] < 4
        assert figures[f"ratio_to_peer_{size}"] > 0
        assert len(figures[f"slowest_{size}"]) == 10
        # Thirty-three facts to each, and few organizations that the web joins to another.
        assert 30 * organizations < figures[f"facts_{size}"] < 40 * organizations
        assert 0.95 * organizations < sum(figures[f"rings_{size}"].values()) <= organizations
        assert len(figures[f"rings_{size}"]) >= 5, "a market of which all are alike measures nothing"
