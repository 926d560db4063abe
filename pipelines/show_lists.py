"""What a person reads on the terminal about a lead list before it is taken in.

Here: the preview as tables on a terminal, as lines set apart by tabs where it is piped, as JSON for machines. Elsewhere: what it
says (`intake.preview`), releases (`show`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.intake.preview import ColumnPreview, ListPreview, previews
from pipelines.settings import Settings
from pipelines.text import clean

COLUMNS = ("heading", "field", "sure", "because", "use", "filled", "not understood", "samples")


def preview(console: Console, paths: Sequence[Path], settings: Settings, seen_on: date, as_json: bool = False) -> None:
    """Print how each list in the files would be understood; raises `Stop` for a path that is neither a file nor a folder."""
    found = previews(paths, settings, seen_on)
    if as_json:
        content = {"lists": [asdict(each) for each in found]}
        console.file.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    else:
        _lists(console, found)


def _lists(console: Console, found: Iterable[ListPreview]) -> None:
    """Print every list, but of those that are understood alike, as the files of a folder often are, the first one only."""
    alike: dict[object, list[ListPreview]] = {}
    for each in found:
        same = alike.setdefault((each.format, each.kind, tuple((one.heading, one.field) for one in each.columns)), [])
        same.append(each)
        if len(same) == 1 or not each.columns:
            _list(console, each)
    for first, *others in alike.values():
        if others and first.columns:
            leads, rejected = sum(each.leads for each in others), sum(sum(each.rejected.values()) for each in others)
            said = f"{len(others)} more like [bold]{_safe(first.name)}[/], of whose first rows {leads} would be leads"
            _line(console, f"{said} and {rejected} rejected.")


def _list(console: Console, seen: ListPreview) -> None:
    how = ", ".join(filter(None, (seen.format, seen.encoding, seen.dialect)))
    _line(console, f"\n[bold]{_safe(seen.name)}[/] ({seen.kind}): {_safe(how)}")
    for line in seen.aside:
        _line(console, f"  above or beside the rows: [dim]{_safe(line)}[/]")
    rejected = sum(seen.rejected.values())
    _line(console, f"Of the first {seen.rows} rows {seen.leads} would be leads, duplicates among them, and {rejected} rejected.")
    for reason, count in seen.rejected.items():
        _line(console, f"  {count} {reason}: {_safe(seen.sentences[reason])}")
    if seen.columns:
        _columns(console, seen.columns)
    for warning in seen.warnings:
        _line(console, f"[yellow]Look at this:[/] {_safe(warning)}")
    if seen.columns:
        _line(console, "To change it, put this into settings.yaml and keep the lines that differ:")
        console.file.write(seen.settings)


def _columns(console: Console, columns: Iterable[ColumnPreview]) -> None:
    """Print a line for each column: a table on a terminal, cells set apart by tabs where a program reads them."""
    if not console.is_terminal:
        console.file.writelines("\t".join(map(clean, cells)) + "\n" for cells in (COLUMNS, *map(_cells, columns)))
        return
    table = Table(header_style="bold", box=box.SIMPLE, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in ("sure", "filled", "not understood") else "left", overflow="fold")
    for each in columns:
        table.add_row(*map(_safe, _cells(each)), style=None if each.field else "dim")
    console.print(table)


def _cells(each: ColumnPreview) -> Iterator[str]:
    yield each.heading
    yield each.field or "–"
    yield f"{each.confidence:.0%}" if each.field else "–"
    yield each.because
    yield each.use
    yield f"{each.filled:.0%}"
    yield f"{each.unclear} of {each.stated}: {' · '.join(each.unclear_samples)}" if each.unclear else ""
    yield " · ".join(each.samples)


def _line(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True)


def _safe(text: str) -> str:
    """Return text that cannot steer the terminal."""
    return escape(clean(text))
