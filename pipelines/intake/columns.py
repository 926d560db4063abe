"""Each kind of value, for a whole column of cells at once.

Here: what the cells of a column mean, by a shortcut where one can tell, else by asking once for each different text. Elsewhere:
what one text means (`addresses`, `names`, `values`), the shortcuts (`shortcuts`).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import SEPARATOR
from pipelines.intake import shortcuts
from pipelines.intake.addresses import Profile, email, website
from pipelines.intake.addresses import linkedin as profile
from pipelines.intake.blocks import joined, mapped, where
from pipelines.intake.countries import country
from pipelines.intake.days import day
from pipelines.intake.folding import stated
from pipelines.intake.habits import PLAIN, Habit
from pipelines.intake.names import company_key, split_name
from pipelines.intake.numbers import headcount, money, year
from pipelines.intake.phones import phone
from pipelines.intake.rows import Column, Texts
from pipelines.intake.values import postcode

Meanings = Sequence[Column]
"""The parts of what each cell means, a column for each part; where the first is null, the cell means nothing."""
TEXT = (pa.string(),)
PAIR = (pa.string(), pa.string())


def texts(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the clean texts."""
    return (mapped(column, stated),)


def companies(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the companies as written, and folded."""
    return _with_shortcut(column, column, shortcuts.companies, _company)


def websites(company_keys: Texts, column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the websites as written, and their registrable domains."""
    named = joined(column, SEPARATOR, pc.fill_null(company_keys, ""))
    return _with_shortcut(column, named, shortcuts.websites, lambda pair: website(*pair.rsplit(SEPARATOR, 1)))


def emails(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the e-mail addresses, and the registrable domain of each unless a mail provider owns it."""
    return _with_shortcut(column, column, shortcuts.emails, email)


def phones(regions: Texts, column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the numbers in E.164 where they can be understood, else as written, and their extensions."""
    placed = joined(pc.fill_null(regions, ""), ":", column)
    return _with_shortcut(placed, placed, shortcuts.phones, _phone)


def people(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return family and given names of full names; a single name is a family name."""
    return _spread(column, lambda text: split_name(text)[::-1], PAIR)


def countries(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the countries, ISO 3166-1 alpha-2."""
    return (mapped(column, country),)


def cities(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the cities as written, without the region or country after a comma."""
    return (mapped(column, lambda text: stated(text.partition(",")[0])),)


def postcodes(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the postal codes."""
    return (mapped(column, postcode),)


def days(column: Texts, habit: Habit = PLAIN) -> Meanings:
    """Return the days."""
    return (mapped(column, partial(day, habit=habit), pa.date32()),)


def years(column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the years."""
    return (mapped(column, year, pa.int16()),)


COUNTS = (pa.string(), pa.int64(), pa.int64())


def headcounts(column: Texts, habit: Habit = PLAIN) -> Meanings:
    """Return the head counts as written, at least, and at most."""
    return _spread(column, partial(_with_text, partial(headcount, habit=habit)), COUNTS)


SUMS = (pa.string(), pa.float64(), pa.float64(), pa.string())


def sums(column: Texts, habit: Habit = PLAIN) -> Meanings:
    """Return the sums of money as written, at least, at most, and their currency."""
    return _spread(column, partial(_with_text, partial(money, habit=habit)), SUMS)


def profiles(of: str, column: Texts, _: Habit = PLAIN) -> Meanings:
    """Return the profiles on LinkedIn that are an `organization`'s or a `person`'s, in one spelling."""
    return (mapped(column, lambda text: _profile(profile(text), of)),)


def _company(text: str) -> tuple[str, str] | None:
    """Return the company as written, and folded; a name without a letter or digit is none."""
    name = stated(text)
    key = company_key(name) if name else ""
    return (name, key) if name and key else None


def _phone(placed: str) -> tuple[str, str | None] | None:
    region, _, text = placed.partition(":")
    if number := phone(text, region or None):
        return number
    written = stated(text)
    return (written, None) if written else None


def _profile(found: Profile | None, of: str) -> str | None:
    return found.address if found and found.of == of else None


def _with_text(understand: Callable[[str], Sequence[Any] | None], text: str) -> Sequence[Any] | None:
    """Put the clean text before its meaning."""
    meaning = understand(text)
    return meaning and (stated(text), *meaning)


def _with_shortcut(
    column: Texts, asked: Texts, shortcut: Callable[[Texts], Meanings], understand: Callable[[str], Sequence[str | None] | None]
) -> Meanings:
    """Return what the shortcut says of the column, and of the cells it says nothing of, what `asked` of them means."""
    quick = shortcut(column)
    open_cells = pc.and_(pc.is_null(quick[0]), pc.is_valid(column))
    if not pc.any(open_cells).as_py():
        return quick
    slow = _spread(where(open_cells, asked), understand, TEXT * len(quick))
    return [pc.coalesce(*both) for both in zip(quick, slow, strict=True)]


def _spread(column: Texts, understand: Callable[[str], Sequence[Any] | None], kinds: Sequence[pa.DataType]) -> Meanings:
    """Return the parts of what each text means, each different text asked once."""
    encoded = column.dictionary_encode()
    meanings = [understand(text) or (None,) * len(kinds) for text in encoded.dictionary.to_pylist()]
    columns = zip(*meanings, strict=True) if meanings else [()] * len(kinds)
    return [pa.array(each, kind).take(encoded.indices) for each, kind in zip(columns, kinds, strict=True)]
