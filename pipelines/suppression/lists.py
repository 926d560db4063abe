"""Suppression lists as people bring them: what each holds is hashed, and the list itself is not kept.

Here: the entries of every row, whatever the list's shape: a table with headings, or one value a line. Elsewhere: reading rows
(`intake.formats`), what is hashed of a value (`entries`), keeping it (`book`).

A list that cannot be read stops the run: whoever is on it would come in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from pipelines.errors import Skip, Stop
from pipelines.intake.countries import country
from pipelines.intake.encodings import open_text
from pipelines.intake.folding import fold, stated
from pipelines.intake.formats import read_sheets
from pipelines.intake.headings import Column, map_headings
from pipelines.intake.rows import Row
from pipelines.settings import Lists
from pipelines.suppression.entries import Entry, company_entries, domain_entries, entries_of, mailbox_entries, phone_entries
from pipelines.suppression.plain import plain_forms

PLAIN = (".txt", ".text", ".lst", ".list", "")
"""Endings of files that hold one value a line."""
SAMPLE = 200
# Headings of a column that holds values of any kind; as a value none of them is anybody.
_ANY_KIND = frozenset(
    """
    value values entry entries identifier identifiers item items contact contacts data name names suppressed suppression blocked
    block list opt out optout unsubscribed unsubscribe do not do not contact eintrag wert kontakt email e mail mail emails phone
    phones telephone telefon domain domains website url company companies firma organization organisation type kind reason date
    """.split()
)
_VALUE_WORDS = frozenset("value values entry entries identifier identifiers item items suppressed blocked eintrag wert".split())
_APART = re.compile(r"[;\t|]")
_SEVERAL = re.compile(r"[;,|\n]|\s/\s")


@dataclass(frozen=True, slots=True)
class Content:
    """What a list holds: its entries, how many rows it has, and how many of them hold nothing that can be suppressed."""

    entries: tuple[Entry, ...]
    rows_in: int
    left_out: int


def read_suppression_list(path: Path, name: str, lists: Lists) -> Content:
    """Return what the list holds; raises `Stop`, without a word of what is in it, when it cannot be read or understood at all."""
    try:
        rows = list(_lines(path, lists) if path.suffix.lower() in PLAIN else _tables(path, name, lists))
    except Skip as skip:
        if skip.reason == "empty_file":
            return Content((), 0, 0)
        raise Stop(f"The suppression list {name} cannot be read, so nobody on it could be left out. {skip.sentence}") from None
    entries = tuple(dict.fromkeys(chain.from_iterable(rows)))
    if rows and not entries:
        raise Stop(
            f"The suppression list {name} holds no e-mail address, phone, domain or company that could be understood, so nobody "
            "on it could be left out; give it the headings email, phone, website or company."
        )
    return Content(entries, len(rows), sum(not each for each in rows))


def _lines(path: Path, lists: Lists) -> Iterator[list[Entry]]:
    """Yield what each line holds: one value, or several set apart as in a table."""
    with open_text(path) as file:
        for line in file:
            text = line.strip().strip("\ufeff")
            if text and not text.startswith("#") and not _is_heading(_APART.split(text)):
                yield _of_line(text, lists.default_country)


def _of_line(text: str, region: str | None) -> list[Entry]:
    if found := _known(text, region):
        return found
    pieces = [piece for piece in _APART.split(text) if piece.strip()]
    if len(pieces) == 1 and any(_known(piece, region) for piece in text.split(",")):
        pieces = text.split(",")
    return [entry for piece in pieces for entry in entries_of(piece, region) if not _is_heading([piece])]


def _known(text: str, region: str | None) -> list[Entry]:
    """Return what a text is, if it is no company: those are whatever is nothing else."""
    return [] if _APART.search(text) else entries_of(text, region, company=False)


def _is_heading(cells: Sequence[str]) -> bool:
    return all(set(fold(cell).split()) <= _ANY_KIND for cell in cells)


def _tables(path: Path, name: str, lists: Lists) -> Iterator[list[Entry]]:
    for sheet in read_sheets(path):
        head = list(islice(sheet.rows, SAMPLE))
        columns = map_headings([row.fields for row in head if row.trouble is None], name, lists)
        yield from _headings(columns, lists.default_country)
        yield from filter(None, (entries_of(line, lists.default_country, company=False) for line in sheet.aside))
        for row in chain(head, sheet.rows):
            yield _of_row(row, columns, lists.default_country)


def _headings(columns: Sequence[Column], region: str | None) -> Iterator[list[Entry]]:
    """Yield the first row of a list that has no headings, where a value was taken for one."""
    headings = [each.heading for each in columns]
    alone = len(headings) == 1 and columns[0].because != "heading" and not re.match(r"column \d+$", headings[0])
    if alone and not _is_heading(headings):
        yield entries_of(headings[0], region)
    elif len(headings) > 1 and any(entries_of(each, region, company=False) for each in headings):
        yield [entry for each in headings for entry in entries_of(each, region)]


def _of_row(row: Row, columns: Sequence[Column], default_region: str | None) -> list[Entry]:
    """Return what a row holds; raises `Skip` for one that cannot be read."""
    if row.trouble is not None:
        raise row.trouble
    region = next(filter(None, (country(row.fields.get(each.heading, "")) for each in columns if each.field == "country")), None)
    return [
        entry
        for each in columns
        if stated(row.fields.get(each.heading, ""))
        for entry in _of_cell(row.fields[each.heading], each, region or default_region, alone=len(columns) == 1)
    ]


def _of_cell(text: str, column: Column, region: str | None, *, alone: bool) -> list[Entry]:
    """Return what a cell holds by what its column is; a mailbox is one wherever it stands."""
    if found := mailbox_entries(text):
        return found
    form = plain_forms(text)[0].strip()
    if alone or set(fold(column.heading).split()) <= _VALUE_WORDS:
        return entries_of(text, region)
    if column.field in ("email", "website"):
        return [entry for piece in _SEVERAL.split(form) for entry in domain_entries(piece.strip().lstrip("*.@"))]
    if column.field == "phone":
        return phone_entries(form, region) or [entry for piece in _SEVERAL.split(form) for entry in phone_entries(piece, region)]
    if column.field == "company":
        return domain_entries(form) if _is_address(form) else [*company_entries(form), *domain_entries(form)]
    if column.field is None:
        abroad = form.startswith(("+", "00"))
        return phone_entries(form, region) if abroad else domain_entries(form) if _is_address(form) else []
    return []


def _is_address(form: str) -> bool:
    return form.startswith(("http://", "https://", "www."))
