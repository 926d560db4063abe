"""What a release was made from and what it holds, as its manifest and its list of checksums.

Here: both files' contents. Elsewhere: the making and the switching in (`snapshot`).

The manifest is the same for the same release, byte for byte. DuckDB gives every file a random id (measured: two copies of the
same rows differ in some 70 bytes of the headers), so the manifest leaves the DuckDB file out, and `content`, the content hash of
the release, covers the tables as Parquet. The checksum of every file, those two included, is in SHA256SUMS.
"""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from pipelines.ids import digest_bytes
from pipelines.quality import Verdict

MANIFEST, SUMS, DATABASE = "manifest.json", "SHA256SUMS", "bullseye.duckdb"
_ABOUT = (
    "Every file but this one, bullseye.duckdb (DuckDB gives each file a random id) and SHA256SUMS (which covers all three) "
    "is listed with its hash; content is the hash of the tables as Parquet."
)

Columns = Mapping[str, Mapping[str, str]]
Givens = Mapping[str, object]
"""What a release is made from, as JSON can hold it: `as_of`, the run's now in ISO 8601, and whatever else decides what it says,
such as the lead lists and fingerprints of the settings and the code."""


def manifest(
    folder: Path, version: str, givens: Givens, rows: Mapping[str, int], columns: Columns, verdicts: Sequence[Verdict]
) -> dict[str, Any]:
    """Return the manifest of the release in `folder`; `rows` is table -> rows, `columns` table -> column -> DuckDB type."""
    files = {
        path: {"bytes": (folder / path).stat().st_size, "sha256": sha256(folder / path)}
        for path in files_of(folder)
        if path not in (DATABASE, MANIFEST, SUMS)
    }
    return {
        "about": _ABOUT,
        "version": version,
        "as_of": givens["as_of"],
        "content": _content(files),
        "made_from": {key: value for key, value in givens.items() if key != "as_of"},
        "versions": {name: version_of(name) for name in ("bullseye", "duckdb", "great-expectations", "pyarrow")},
        "promises": {"held": len(verdicts), "warnings": [f"{v.table}: {v.promise.text}" for v in verdicts if not v.passed]},
        "rows": dict(sorted(rows.items())),
        "columns": {table: dict(columns[table]) for table in sorted(columns)},
        "files": files,
    }


def sums(folder: Path) -> str:
    """Return the checksum of every file in `folder`, as `sha256sum --check SHA256SUMS` reads it."""
    return "".join(f"{sha256(folder / path)}  {path}\n" for path in files_of(folder) if path != SUMS)


def damaged(folder: Path) -> list[str]:
    """Return what became of the files of a release that are not as its list of checksums says: `leads.csv was changed`."""
    try:
        listed = [line.partition("  ") for line in (folder / SUMS).read_text("utf-8").splitlines()]
    except (OSError, ValueError):
        return [f"{SUMS} is missing"]
    told = {path: digest for digest, _, path in listed}
    found = {path: sha256(folder / path) for path in files_of(folder) if path != SUMS}
    differing = sorted(path for path in told.keys() | found.keys() if told.get(path) != found.get(path))
    return [f"{path} {_became(path in told, path in found)}" for path in differing]


def _became(was_told: bool, is_found: bool) -> str:
    if not is_found:
        return "is missing"
    return "was changed" if was_told else "was never published"


def files_of(folder: Path) -> list[str]:
    """Return the paths of all files in a folder, relative to it, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits, reading it in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(files: Mapping[str, Mapping[str, object]]) -> str:
    """Return one hash over the names and hashes of the Parquet files."""
    listed = "".join(f"{each['sha256']}  {path}\n" for path, each in files.items() if path.endswith(".parquet"))
    return digest_bytes(listed.encode())
