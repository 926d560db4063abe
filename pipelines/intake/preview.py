"""How a lead list would be understood, before it is: every column with its field, what is unsure, what would become of its rows.

Here: the first rows of a file looked at as a run would, and the sentences about them. Nothing is kept. Elsewhere: how it looks
on a terminal (`show_lists`), the mapping (`headings`), the run (`reading`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from glob import escape
from pathlib import Path

import yaml

from pipelines.intake.addresses import website
from pipelines.intake.countries import country
from pipelines.intake.days import day
from pipelines.intake.delimited import find_dialect
from pipelines.intake.encodings import MAGIC, find_encoding
from pipelines.intake.folding import stated
from pipelines.intake.headings import NO_FIELD, Because, Column, by_field, columns_of, map_headings
from pipelines.intake.inbox import LeadList, kind_of, sources
from pipelines.intake.names import company_key
from pipelines.intake.numbers import headcount, money
from pipelines.intake.phones import phone
from pipelines.intake.reading import ReadBlock, find_reading, sample_of, tables_of
from pipelines.intake.rows import Block
from pipelines.intake.synonyms import Field
from pipelines.settings import Settings
from pipelines.suppression import NOBODY
from pipelines.text import clean, cut

ROWS = 1000
SAMPLES, LONGEST_SAMPLE = 3, 40
DOUBTFUL = 0.75
MANY = 0.1
"""From this share of cells that are not understood on, it is worth a sentence."""
PLACED_BY: tuple[Field, Field] = ("country", "company")
Sample = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """One column: the field it is, who said so and how sure (0–1), how it is used, the share of rows it fills (0–1).

    `use`: first, fills in (where the first is empty) or extra. `stated`: cells that say something, `unclear`: those of them that
    are not understood. `samples` and `unclear_samples`: a few of both, cleaned and cut.
    """

    heading: str
    field: Field | None
    because: Because
    confidence: float
    use: str
    filled: float
    stated: int
    unclear: int
    samples: tuple[str, ...]
    unclear_samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListPreview:
    """One list: what it is, how it is read, its columns, what would become of the rows looked at, warnings, and the override.

    `rejected`: reason -> how many rows, `sentences`: reason -> what it says of the first. `settings`: lines for settings.yaml.
    """

    name: str
    kind: str
    format: str
    encoding: str | None
    dialect: str | None
    aside: tuple[str, ...]
    rows: int
    columns: tuple[ColumnPreview, ...]
    leads: int
    rejected: Mapping[str, int]
    sentences: Mapping[str, str]
    warnings: tuple[str, ...]
    settings: str


def previews(paths: Sequence[Path], settings: Settings, seen_on: date) -> Iterator[ListPreview]:
    """Yield the previews of the files, and of those in the folders; raises `Stop` for a path that is neither."""
    for path in sources(paths):
        yield from preview(path, settings, seen_on)


def preview(path: Path, settings: Settings, seen_on: date) -> Iterator[ListPreview]:
    """Yield how every table in the file would be understood, judged by its first rows; raises `Stop` for a wrong override."""
    lead_list = LeadList("list_preview", path.name, kind_of(path.name, settings.lists), "", seen_on, path)
    for each, sheet, blocks in tables_of(lead_list):
        first = _beginning(next(blocks, Block(0, {}, {})))
        told = _how_it_is_read(path) if sheet.format in ("csv", "tsv") and sample_of(first) else (None, None)
        yield _preview(each, sheet.format, told, sheet.aside, first, settings)


def _beginning(block: Block) -> Block:
    """Return the first rows of a block."""
    columns = {heading: column.slice(0, ROWS) for heading, column in block.columns.items()}
    return Block(min(block.rows, ROWS), columns, {place: trouble for place, trouble in block.troubles.items() if place < ROWS})


def _how_it_is_read(path: Path) -> tuple[str | None, str | None]:
    """Return the encoding of a plain file of text and how its lines are cut; nothing for a packed one."""
    with path.open("rb") as file:
        if file.read(8).startswith(MAGIC):
            return None, None
    found = find_dialect(path)
    marks = {"": "one column", "\t": "tabs", " ": "blanks"}
    said = [marks.get(found.delimiter, f"columns apart by {found.delimiter}"), f"quoted by {found.quote}" if found.quote else ""]
    said += [
        f"escaped by {found.escape}" if found.escape else "",
        f"{found.preamble} lines above the headings" * bool(found.preamble),
    ]
    return find_encoding(path).codec, ", ".join(filter(None, said))


def _preview(
    lead_list: LeadList,
    format_name: str,
    told: tuple[str | None, str | None],
    aside: tuple[str, ...],
    block: Block,
    settings: Settings,
) -> ListPreview:
    sample = sample_of(block)
    columns = map_headings(sample, lead_list.name, settings.lists)
    reading = find_reading(sample, lead_list.name, settings)
    tables = ReadBlock(lead_list, 0, block, reading, NOBODY)()
    rejected = tables.rejected_row.select(["reason", "sentence"]).to_pylist()
    seen = tuple(_column(each, columns, sample, settings.lists.default_country) for each in columns)
    return ListPreview(
        name=lead_list.name,
        kind=lead_list.kind,
        format=format_name,
        encoding=told[0],
        dialect=told[1],
        aside=tuple(cut(clean(line), LONGEST_SAMPLE * 2) for line in aside),
        rows=block.rows,
        columns=seen,
        leads=tables.sighting.num_rows,
        rejected=dict(Counter(row["reason"] for row in rejected)),
        sentences={row["reason"]: row["sentence"] for row in reversed(rejected)},
        warnings=tuple(_warnings(seen)) if sample else (),
        settings=override(lead_list.name, seen),
    )


def override(name: str, columns: Sequence[ColumnPreview]) -> str:
    """Return the lines for settings.yaml that say what was found, for a person to change."""
    found = {each.heading: each.field if each.use != NO_FIELD and each.field else NO_FIELD for each in columns}
    content = {"lists": {"headings": {escape(name): found}}}
    lines: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    return lines


def _column(column: Column, columns: Sequence[Column], sample: Sample, default_country: str | None) -> ColumnPreview:
    """Return a column with what it holds and how it is used."""
    cells = [(row, text) for row in sample if (text := row.get(column.heading)) and stated(text)]
    understood = _understanding(column, columns, sample, default_country)
    unclear = [text for row, text in cells if understood is not None and not understood(row, text)]
    return ColumnPreview(
        heading=column.heading,
        field=column.field,
        because=column.because,
        confidence=column.confidence,
        use=_use(column, columns),
        filled=round(len(cells) / len(sample), 3) if sample else 0.0,
        stated=len(cells),
        unclear=len(unclear),
        samples=_shown([text for _, text in cells]),
        unclear_samples=_shown(unclear),
    )


def _use(column: Column, columns: Sequence[Column]) -> str:
    """Say whether a column is its field's first, fills in where that is empty, or is kept as extra."""
    headings = by_field(columns).get(column.field, ()) if column.field else ()
    if column.heading not in headings:
        return NO_FIELD
    return "first" if headings[0] == column.heading else "fills in"


def _shown(texts: Sequence[str]) -> tuple[str, ...]:
    """Return a few different texts, safe to print and not long."""
    return tuple(cut(clean(text), LONGEST_SAMPLE) for text in list(dict.fromkeys(texts))[:SAMPLES])


def _understanding(
    column: Column, columns: Sequence[Column], sample: Sample, default_country: str | None
) -> Callable[[Mapping[str, str], str], bool] | None:
    """Return the test whether a cell of the column is understood in its row; None for a field that takes any text."""
    content = columns_of(sample)[column.heading]
    countries, companies = (by_field(columns).get(field, ()) for field in PLACED_BY)

    def is_phone(row: Mapping[str, str], text: str) -> bool:
        lands = (country(row.get(heading, "")) for heading in countries)
        return phone(text, next(filter(None, lands), default_country)) is not None

    def is_website(row: Mapping[str, str], text: str) -> bool:
        return website(text, company_key(row.get(companies[0], "")) if companies else "") is not None

    strict: dict[Field, Callable[[Mapping[str, str], str], bool]] = {
        "website": is_website,
        "phone": is_phone,
        "noted_on": lambda _, text: day(text, content.habit) is not None,
        "employees": lambda _, text: headcount(text, content.habit) is not None,
        "revenue": lambda _, text: money(text, content.habit) is not None,
    }
    if column.field in strict:
        return strict[column.field]
    test = content.test(column.field) if column.field else None
    return None if test is None else lambda _, text: test(text)


def _warnings(columns: Sequence[ColumnPreview]) -> Iterator[str]:
    """Yield a sentence for everything a person should look at before the list is taken in."""
    used = {each.field: each.heading for each in columns if each.use == "first"}
    if not {"company", "website", "email"} & set(used):
        yield "No column says which organization a row is about; name the one that does as company, website or email."
    for each in columns:
        if each.field and each.use == NO_FIELD:
            yield f"`{each.heading}` says {each.field} too; `{used[each.field]}` is read, and this one is kept as extra."
        elif each.field and each.confidence < DOUBTFUL:
            yield f"`{each.heading}` is taken for {each.field}, but that is unsure ({each.confidence:.0%})."
        if each.field and each.unclear > MANY * max(each.stated, 1):
            told = f"{each.unclear} of {each.stated} cells of `{each.heading}`"
            yield f"{told} are not understood as {each.field}{_hint(each.field)}."


def _hint(field: Field) -> str:
    """Return what usually helps."""
    hints: dict[Field, str] = {
        "phone": "; national numbers need a column of countries, or lists.default_country in settings.yaml",
        "noted_on": "; 1/2/2026 could be two days, write 2026-02-01",
    }
    return hints.get(field, "")
