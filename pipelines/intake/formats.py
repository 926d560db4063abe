"""Any lead list as rows, whatever its format.

Here: which reader a file gets by the ending of its name. Elsewhere: the readers (`delimited`, `notation`).
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipelines.errors import Skip
from pipelines.intake.delimited import read_delimited
from pipelines.intake.notation import read_json, read_lines
from pipelines.intake.rows import Sheet

READERS: Mapping[str, Callable[[Path], Sheet]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".tab": read_delimited,
    ".txt": read_delimited,
    ".json": read_json,
    ".jsonl": read_lines,
    ".ndjson": read_lines,
}


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield the tables of the file, a workbook's sheets one by one; raises `Skip` when it cannot be read at all."""
    yield read_sheet(path)


def read_sheet(path: Path) -> Sheet:
    """Return the rows of the file; raises `Skip` with a sentence when it cannot be read at all."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        ending = f"Files ending in {path.suffix}" if path.suffix else "Files without an ending"
        raise Skip("unsupported_format", f"{ending} cannot be read; save the list as CSV or JSON and bring that.")
    return reader(path)
