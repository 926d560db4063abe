"""Lead lists become the tables of intake, and the books are kept: every row is a sighting or a rejected row.

Here: one list after another, its rows in blocks, and the one place of intake where a `Skip` is caught. Elsewhere: reading a
file (`formats`), understanding a block (`understanding`), several processes at once (`parallel`), telling leads from duplicates
(sql/core/duplicate.sql).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Skip
from pipelines.ids import make_id
from pipelines.intake.blocks import as_json_objects, fields_of, hashed, in_blocks, joined, mapped, same
from pipelines.intake.countries import country
from pipelines.intake.erased import SAID, Left
from pipelines.intake.formats import read_sheets
from pipelines.intake.habits import habit
from pipelines.intake.headings import by_field, map_headings
from pipelines.intake.inbox import LeadList
from pipelines.intake.leaving import named, suppressed, unsuppressed
from pipelines.intake.minors import under_age
from pipelines.intake.rows import Block, Row, Sheet, Texts
from pipelines.intake.sensitive import withheld
from pipelines.intake.synonyms import Field
from pipelines.intake.tables import LEAD_ROW, REJECTED_ROW, SIGHTING, IntakeTables, book, shaped, stack
from pipelines.intake.understanding import REFUSALS, Reading, Understood, understand
from pipelines.settings import Settings
from pipelines.suppression import NOBODY, Suppression
from pipelines.suppression.outdated import CURRENT, Outdated

SAMPLE = 1000
BY_HABIT: tuple[Field, ...] = ("employees", "revenue", "noted_on")
"""Fields whose cells are read as the rest of their column is written."""
T = TypeVar("T")


class Step(Protocol):
    """A piece of the work of reading lead lists; pieces can be done in any order, and in any process."""

    def __call__(self) -> IntakeTables:
        """Return what this piece of the lists says."""


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """Reads one block: the list it stands in, how many rows stand before it, and how the list is read."""

    lead_list: LeadList
    before: int
    block: Block
    reading: Reading
    suppression: Suppression
    outdated: Outdated = CURRENT

    def __call__(self) -> IntakeTables:
        """Return the rows as they came, and each of them again as a sighting or as rejected."""
        block, rows = withheld(self.block, self.reading), self.block.rows
        numbers = pa.array(range(self.before + 1, self.before + rows + 1), pa.int64())
        said = understand(block, self.reading)
        fields, reason, sentence = as_json_objects(block.columns, rows), *_reasons(block, said.refusals)
        lead_id = hashed("lead", self.block.columns, rows)
        if (leaving := self._leaving(said)) is not None:
            gone = pc.is_valid(leaving)
            instead = {"fields": "{}", "reason": leaving, "sentence": mapped(leaving, SAID.get)}
            fields, reason, sentence = (
                pc.if_else(gone, instead[name], column)
                for name, column in (("fields", fields), ("reason", reason), ("sentence", sentence))
            )
        columns = {
            "row_id": joined(f"row_{self.lead_list.list_id.rpartition('_')[2]}_", numbers.cast(pa.string())),
            "list_id": same(self.lead_list.list_id, rows),
            "row_number": numbers,
            "fields": fields,
            "reason": reason,
            "sentence": sentence,
            "lead_id": lead_id,
            **said.columns,
        }
        return IntakeTables(
            lead_row=shaped(LEAD_ROW, columns),
            rejected_row=shaped(REJECTED_ROW, columns, pc.is_valid(reason)),
            sighting=shaped(SIGHTING, columns, pc.is_null(reason)),
        )

    def _leaving(self, said: Understood) -> Texts | None:
        """Return for each row why it has to leave, null where it may stay; None where all may."""
        young = under_age(self.block, self.reading, self.lead_list.received_on)
        if not (self.suppression or self.outdated or pc.any(young).as_py()):
            return None
        hidden = suppressed(self.block, self.reading, self.suppression)
        hidden = pc.or_(hidden, named(self.block, said, self.reading, self.suppression))
        old = self.outdated.flags(said.columns["identity"], said.columns["noted_on"], self.lead_list.received_on)
        return pc.case_when(pc.make_struct(hidden, old, young), "suppressed", "retention", "minor")

    def rows(self) -> Iterator[Row | Left]:
        """Yield the rows as they came; of those that have to leave only the reason."""
        leaving = self._leaving(understand(self.block, self.reading))
        reasons = [None] * self.block.rows if leaving is None else leaving.to_pylist()
        for position, reason in enumerate(reasons):
            yield Left(reason) if reason else Row(fields_of(self.block, position), self.block.troubles.get(position))

    def outdated_contacts(self) -> list[str]:
        """Return who the rows' contacts are, where the whole list is older than contacts are kept."""
        identities = understand(self.block, self.reading).columns["identity"]
        return self.outdated.contacts(identities) if self.outdated.covers(self.lead_list.received_on) else []


def read_lists(
    lists: Sequence[LeadList], settings: Settings, suppression: Suppression = NOBODY, outdated: Outdated = CURRENT
) -> IntakeTables:
    """Return everything the lists say. A file that cannot be read counts as one row, rejected with the reason."""
    return stack([step() for step in steps(lists, settings, suppression, outdated)])


def steps(
    lists: Iterable[LeadList], settings: Settings, suppression: Suppression = NOBODY, outdated: Outdated = CURRENT
) -> Iterator[Step]:
    """Yield the pieces of work that reading the lists is."""
    for lead_list in lists:
        for each, sheet, blocks in tables_of(lead_list):
            rows_in = 0
            for block in blocks_of(each, blocks, settings, suppression, outdated):
                yield replace(block, before=rows_in)
                rows_in += block.block.rows
            yield partial(book, each, sheet.format, rows_in)


def tables_of(lead_list: LeadList) -> Iterator[tuple[LeadList, Sheet, Iterator[Block]]]:
    """Yield every table of a file: its list, its sheet, its rows in blocks; what cannot be read is a row and its trouble."""
    for position, sheet in enumerate(_until_trouble(read_sheets(lead_list.path), partial(_unreadable, lead_list))):
        rows = _until_trouble(sheet.rows, lambda skip: Row({"file": lead_list.name}, skip))
        yield _list_of(lead_list, sheet, position), sheet, sheet.blocks or in_blocks(rows)


def sample_of(block: Block | None) -> list[dict[str, str]]:
    """Return the readable ones of a block's first rows: what a list is judged by."""
    return [] if block is None else [fields_of(block, row) for row in range(min(block.rows, SAMPLE)) if row not in block.troubles]


def blocks_of(
    lead_list: LeadList, blocks: Iterator[Block], settings: Settings, suppression: Suppression, outdated: Outdated
) -> Iterator[ReadBlock]:
    """Yield the blocks of one table with how the list is read, as if each were its first."""
    blocks = (unsuppressed(block, suppression) for block in blocks) if suppression else blocks
    first = next(blocks, None)
    reading = find_reading(sample_of(first), lead_list.name, settings)
    for block in chain([] if first is None else [first], blocks):
        yield ReadBlock(lead_list, 0, block, reading, suppression, outdated)


def find_reading(sample: Sequence[Mapping[str, str]], name: str, settings: Settings) -> Reading:
    """Return how the list called `name` is read, judged by some of its rows."""
    headings = by_field(map_headings(sample, name, settings.lists))
    telling = {heading for field in BY_HABIT for heading in headings.get(field, ())}
    texts = {heading: {row[heading] for row in sample if row.get(heading)} for heading in telling}
    lands = {country(row.get(heading, "")) for heading in headings.get("country", ()) for row in sample}
    countries = [land for land in (*lands, settings.lists.default_country) if land]
    habits = {heading: habit(heading, sorted(found), countries) for heading, found in texts.items()}
    null_words = frozenset(word.strip().lower() for word in settings.lists.null_words)
    return Reading(headings, habits, settings.lists.default_country, null_words)


def _list_of(lead_list: LeadList, sheet: Sheet, position: int) -> LeadList:
    """Return the list that a sheet is: the file's own, or, for the further sheets of a workbook, one by itself."""
    if not position:
        return lead_list if sheet.name is None else replace(lead_list, name=f"{lead_list.name} / {sheet.name}")
    own_id = make_id("list", lead_list.sha256, str(position))
    return replace(lead_list, list_id=own_id, name=f"{lead_list.name} / {sheet.name or position + 1}")


def _unreadable(lead_list: LeadList, skip: Skip) -> Sheet:
    """Return the sheet that stands for a file, or the rest of it, that cannot be read: one row, rejected."""
    return Sheet(lead_list.path.suffix.lower().lstrip(".") or "none", iter([Row({"file": lead_list.name}, skip)]))


def _until_trouble(items: Iterator[T], instead: Callable[[Skip], T]) -> Iterator[T]:
    """Yield the items, and where a `Skip` ends them what stands for the rest: nowhere else in intake is one caught."""
    try:
        yield from items
    except Skip as skip:
        yield instead(skip)


def _reasons(block: Block, refusals: Texts) -> tuple[Texts, Texts]:
    """Return the code and the sentence of why each row is rejected, null where it is not."""
    sentences = mapped(refusals, REFUSALS.get)
    if not block.troubles:
        return refusals, sentences
    troubles = [block.troubles.get(position) for position in range(block.rows)]
    codes = pa.array([trouble and trouble.reason for trouble in troubles], pa.string())
    said = pa.array([trouble and trouble.sentence for trouble in troubles], pa.string())
    return pc.coalesce(codes, refusals), pc.coalesce(said, sentences)
