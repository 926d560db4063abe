"""Verdicts between the audit and the release, as a file: publishing needs them, and need not audit again.

Here: writing and reading them, as JSON below a line with its hash. Elsewhere: how they come about (`quality`), what they stop
(`release.snapshot`).
"""

import json
from collections.abc import Sequence
from pathlib import Path

from pipelines.ids import digest_bytes
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
    content = json.dumps(rows, indent=1)
    aside.write_text(f"{digest_bytes(content.encode())}\n{content}", "utf-8")
    aside.replace(path)


def read_verdicts(path: Path, promises: Sequence[Promise]) -> list[Verdict]:
    """Return the verdicts on the promises, in their order; a promise without one counts as broken. A damaged file holds none."""
    digest, _, content = path.read_bytes().partition(b"\n") if path.exists() else (b"", b"", b"")
    if digest.decode("ascii", "replace") != digest_bytes(content):
        return []
    rows = {(row["table"], row["name"]): row for row in json.loads(content)}
    missing = {"passed": False, "observed": "never held against the table", "unexpected": ()}
    found = [(promise, rows.get((promise.table, promise.name), missing)) for promise in promises]
    return [Verdict(promise, row["passed"], row["observed"], tuple(row["unexpected"])) for promise, row in found]
