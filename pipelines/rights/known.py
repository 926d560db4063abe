"""The rows by which persons and organizations are known in a home.

Here: those of the last intake, and the leads and organizations of every release that is there: they are what goes last, so
whoever was half forgotten is known again. A column at a time is looked at, and a name once, for a home has many rows and
every release has them again. Elsewhere: who is meant (`who`).
"""

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.home import Home
from pipelines.intake.rows import Texts
from pipelines.suppression.persons import words_of
from pipelines.suppression.plain import plain_forms
from pipelines.suppression.values import companies

_PERSON = {
    "lead_id": "lead_id",
    "email": "email",
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "phone": "phone",
}
_WHERE = {"sighting-*.parquet": {**_PERSON, "domain": "domain"}, "lead.parquet": {**_PERSON, "domain": "organization_domain"}}
Row = dict[str, Any]
NAMES = 1 << 19
"""So many names are remembered."""


def persons_in(home: Home, column: str, chosen: Callable[[Texts], Collection[str]]) -> Iterator[Row]:
    """Yield the rows about persons whose text in the column is one of those chosen from it."""
    for pattern, columns in _WHERE.items():
        for path in sorted((*home.leads.rglob(pattern), *home.releases.rglob(pattern))):
            table = _read(path, list(columns.values())).rename_columns(list(columns))
            yield from table.filter(pc.is_in(table[column], pa.array(sorted(chosen(table[column])), pa.string()))).to_pylist()


def texts_in(column: Texts) -> list[str]:
    """Return the different texts of a column."""
    return [str(text) for text in pc.unique(column).drop_null().to_pylist()]


def holding(part: str, column: Texts) -> list[str]:
    """Return the texts that hold the part, whatever its case."""
    return texts_in(column.filter(pc.fill_null(pc.match_substring(column, part, ignore_case=True), False)))


@lru_cache(NAMES)
def words_in(name: str) -> frozenset[str]:
    """Return the words of a name."""
    return frozenset(words_of(name))


@lru_cache(NAMES)
def companies_in(name: str) -> frozenset[str]:
    """Return the spellings of a company's name."""
    return frozenset(companies(plain_forms(name)[0]))


def organizations_in(home: Home) -> Iterator[Row]:
    """Yield the organizations of every release."""
    for path in sorted(home.releases.rglob("organization.parquet")):
        yield from _read(path, ["organization_id", "domain", "name", "listed_name", "legal_name"]).to_pylist()


def _read(path: Path, columns: list[str]) -> pa.Table:
    """Return columns of a file; null where a file of an older making has none of that name."""
    there = set(pq.read_schema(path).names)
    table = pq.read_table(path, columns=[each for each in columns if each in there])
    for each in columns:
        if each not in there:
            table = table.append_column(each, pa.nulls(len(table), pa.string()))
    return table.select(columns)
