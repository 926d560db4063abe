"""The data dictionary: what every published table, column and export means, as one Markdown page.

Here: the page, made of nothing but what the SQL files say of themselves and the types DuckDB gave. Elsewhere: the descriptions
(sql/mart, sheets), the same for machines (`datapackage`).
"""

from collections.abc import Iterable, Iterator, Mapping

from pipelines.reader import Reader
from pipelines.release.layouts import LAYOUTS, UNBOUNDED, Layout, crm_tables
from pipelines.tables import Column, Table

Types = Mapping[str, Mapping[str, str]]
"""`schema.table` -> column -> DuckDB type."""


def column_types(reader: Reader, tables: Iterable[Table]) -> Types:
    """Return the types of the tables' columns as a warehouse or release has them."""
    return {table.full_name: dict(reader.columns(table.full_name)) for table in tables}


def dictionary(tables: Iterable[Table], types: Types) -> str:
    """Return the page for the tables, by name, and the layouts of `export`; the same tables give the same page."""
    by_name = sorted(tables, key=lambda table: table.full_name)
    lines = ["# Data dictionary", "", "## Tables", ""]
    lines += [f"- [{table.full_name}](#{_anchor(table.full_name)}): {table.description}" for table in by_name]
    for table in by_name:
        lines += ["", *_table(table, types[table.full_name])]
    for layout in LAYOUTS.values():
        lines += ["", *_layout(layout)]
    return "\n".join(lines) + "\n"


def _table(table: Table, types: Mapping[str, str]) -> Iterator[str]:
    yield from (f"## {table.full_name}", "", table.description, "")
    yield f"One row per {', '.join(f'`{column}`' for column in table.grain)}."
    promises = [promise for promise in table.promises if promise.columns != table.grain]
    if promises:
        yield from ("", "Promises, held at every release; only those marked *warn* do not stop it:", "")
    yield from (f"- `{each.text}`{' (*warn*)' if each.loudness == 'warn' else ''}" for each in promises)
    yield from ("", "| column | type | meaning |", "|---|---|---|")
    yield from (
        f"| `{_cell(each.name)}` | {_cell(types[each.name].lower())} | {_cell(each.description)} |" for each in table.columns
    )


def _layout(layout: Layout) -> Iterator[str]:
    yield from (f"## Export: {layout.name}", "", layout.about)
    if layout.most_rows != UNBOUNDED:
        yield from ("", f"A file has at most {layout.most_rows:,} rows, the heading included.")
    for sheet in (crm_tables()[name] for name in layout.sheets if name in crm_tables()):
        yield from ("", f"### {sheet.schema}-{sheet.name}.{layout.suffix}", "", sheet.description, "")
        yield from _columns(sheet.columns)


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    yield from ("| column | meaning |", "|---|---|")
    yield from (f"| {_cell(each.name)} | {_cell(each.description)} |" for each in columns)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _anchor(heading: str) -> str:
    """Return what a heading is called in a link: as GitHub does it, lower case without dots."""
    return heading.lower().replace(".", "")
