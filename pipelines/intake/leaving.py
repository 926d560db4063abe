"""Which rows of a lead list have to leave: whoever is suppressed stands in them.

Here: every cell of a block held against the suppression list, whatever its column is called. Elsewhere: telling what is
suppressed (`pipelines.suppression`), contacts that are too old (`suppression.outdated`), what becomes of such rows (`reading`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.blocks import mapped
from pipelines.intake.rows import Block, Flags, Texts, distinct
from pipelines.intake.understanding import Reading, Understood
from pipelines.intake.wording import said as said_by
from pipelines.suppression import Suppression

NAME = 2
"""So many words of persons' names make it worth looking for one in a row."""


def unsuppressed(block: Block, suppression: Suppression) -> Block:
    """Return the block with other names for the columns that a first row, taken for headings, has named by what is suppressed."""
    hits = suppression.hits(block.columns) | suppression.company_hits(block.columns)
    if suppression.is_named(list(block.columns), ()):
        hits |= set(suppression.parts_in(block.columns))
    names = distinct("" if heading in hits else heading for heading in block.columns)
    return replace(block, columns=dict(zip(names, block.columns.values(), strict=True))) if hits else block


def suppressed(block: Block, reading: Reading, suppression: Suppression) -> Flags:
    """Say which rows hold a suppressed mailbox, number, domain or company, in whichever cell."""
    companies = {"company", None}
    hidden = pa.repeat(False, block.rows)
    for heading, column in block.columns.items():
        texts = pc.unique(column).drop_null().to_pylist()
        hits = suppression.hits(texts)
        if reading.field_of(heading) in companies:
            hits |= suppression.company_hits(texts)
        if hits:
            hidden = pc.or_(hidden, pc.fill_null(pc.is_in(column, pa.array(sorted(hits), pa.string())), False))
    return hidden


def named(block: Block, said: Understood, reading: Reading, suppression: Suppression) -> Flags:
    """Say which rows name a suppressed person, in a column of names or in any other, at the organization that the row gives.

    In a row that gives none the name alone counts. The name of a firm is nobody's, even if it is somebody's: what stands in a
    column of companies, of their websites and profiles.
    """
    firms = {heading for heading in block.columns if _is_firms(heading, reading)}
    cells = {heading: column for heading, column in block.columns.items() if heading not in firms}
    hidden = [False] * block.rows
    for row in _likely(list(cells.values()), block.rows, suppression):
        surely = [said.columns[each][row].as_py() for each in ("domain", "email_domain")]
        company, first, last = (said.columns[each][row].as_py() for each in ("company", "first_name", "last_name"))
        if company and (firms & set(reading.headings.get("company", ())) or any(surely)):
            surely.append(company)
        texts = [f"{first or ''} {last or ''}", *filter(None, (column[row].as_py() for column in cells.values()))]
        hidden[row] = suppression.is_named(list(_without(texts, surely)), [each for each in surely if each])
    return pa.array(hidden, pa.bool_())


def _is_firms(heading: str, reading: Reading) -> bool:
    """Say whether a column holds names of firms because it says so itself, and not because we guess so."""
    field = reading.field_of(heading)
    return field == "linkedin" or (field == "company" and said_by(heading).field == "company")


def _without(texts: list[str], places: list[str | None]) -> Iterator[str]:
    """Yield the texts without the domains among the places: a firm's may be made of its owner's name."""
    domains = "|".join(re.escape(each) for each in places if each and "." in each)
    yield from (re.sub(domains, " ", text, flags=re.IGNORECASE) if domains else text for text in texts)


def _likely(columns: list[Texts], rows: int, suppression: Suppression) -> list[int]:
    """Return the rows in which enough words of suppressed persons' names stand."""
    number = pa.repeat(0, rows)
    for column in columns:
        found = suppression.parts_in(pc.unique(column).drop_null().to_pylist())
        if found:
            number = pc.add(number, pc.fill_null(mapped(column, found.get, pa.int64()), 0))
    rows_with: list[int] = pc.indices_nonzero(pc.greater_equal(number, NAME)).to_pylist()
    return rows_with
