"""Verdicts between the audit and the release, as a file: publishing needs them, and need not audit again.

Here: writing and reading them. Elsewhere: how they come about (`quality`), what they stop (`release.snapshot`).
"""

import json
from collections.abc import Sequence
from pathlib import Path

from pipelines.promises import Promise
from pipelines.quality import Verdict


def write_verdicts(path: Path, verdicts: Sequence[Verdict]) -> None:
    """Replace the file by these verdicts, at once."""
    rows = [
        {
            "table": each.table,
            "name": each.promise.name,
            "passed": each.passed,
            "observed": each.observed,
            "unexpected": each.unexpected,
        }
        for each in verdicts
    ]
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(rows, indent=1), "utf-8")
    aside.replace(path)


def read_verdicts(path: Path, promises: Sequence[Promise]) -> list[Verdict]:
    """Return the verdicts on the promises, in their order; a promise without one counts as broken. A torn file holds none."""
    try:
        rows = {(row["table"], row["name"]): row for row in json.loads(path.read_text("utf-8"))}
    except (FileNotFoundError, ValueError):
        return []
    missing = {"passed": False, "observed": "never held against the table", "unexpected": ()}
    found = [(promise, rows.get((promise.table, promise.name), missing)) for promise in promises]
    return [Verdict(promise, row["passed"], row["observed"], tuple(row["unexpected"])) for promise, row in found]
