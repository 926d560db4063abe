"""Exports written on the command line, and written down like those that somebody takes from the page.

Here: the export, its rows, its hash, its line in the journal. Elsewhere: the files (`release`), the journal (`journal`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from pipelines.home import Home
from pipelines.portal.doors.journal import Download, append, make_ready
from pipelines.questions import open_for_export
from pipelines.release.layouts import Layout, export, find_layout
from pipelines.release.manifest import sha256 as sha256_of

_IDS = "select lead_id as id from mart.lead union select organization_id from mart.organization"


def export_noted(home: Home, layout: str, target: Path, who: str, moment: datetime) -> list[Path]:
    """Write the current release's leads in a layout into `target`, write that down, and return the files.

    What cannot be written down is not written: raises `Stop`, and what the disk refuses at last is removed again. Raises `Stop`,
    too, for a layout there is none of, and when somebody was suppressed since the release was made.
    """
    make_ready(home)
    with open_for_export(home) as (release, reader):
        rows: Counter[str] = Counter()
        paths = export(reader, _counting(find_layout(layout), rows), target)
        given = (rows.total(), _hash_of(paths), release["version"], release["made_from"].get("suppression", ""))
        try:
            taken = Download(moment.isoformat(timespec="seconds"), who, "command line", layout, {}, *given)
            append(home, taken, (row["id"] for row in reader.rows(_IDS)))
        except OSError:
            for path in paths:
                path.unlink()
            raise
    return paths


def _counting(layout: Layout, rows: Counter[str]) -> Layout:
    """Return the layout, written in the same way but for the count of its rows."""

    def counted(pages: Iterable[pa.Table]) -> Iterator[pa.Table]:
        for page in pages:
            rows[layout.name] += page.num_rows
            yield page

    return replace(layout, write=lambda path, pages: layout.write(path, counted(pages)))


def _hash_of(paths: list[Path]) -> str:
    """Return the SHA-256 of the file; of several that of their checksums, as `sha256sum` prints them."""
    if len(paths) == 1:
        return sha256_of(paths[0])
    return sha256("".join(f"{sha256_of(path)}  {path.name}\n" for path in paths).encode()).hexdigest()
