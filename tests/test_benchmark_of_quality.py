"""The audit is measured beside SQL by hand, at a size at which its speed means nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_audit_is_measured_beside_sql_by_hand():
    command = [sys.executable, str(ROOT / "benchmarks" / "quality.py"), "--rows", "20000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["rows"], figures["broken"]) == (20000, 0)
    assert figures["promises"] >= 11
    assert 0 < figures["quality_gigabytes"] < 1.5
    assert figures["quality_ratio"] > 0 and figures["seconds"] > 0
