"""Lists in the inbox are cleared of whoever has to leave: a row that comes in nowhere does not lie there either.

Here: which lists have such rows, and rewriting them without. Elsewhere: which rows those are (`pipelines.suppression`,
`outdated`), what is left of a list (`intake.erased`), whose place it takes (`intake.inbox`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.ids import make_id
from pipelines.intake.archives import MOST_ENTRIES
from pipelines.intake.erased import SAID, Kept, Left, write_erased
from pipelines.intake.inbox import LeadList, is_renamed, put_instead
from pipelines.intake.reading import ReadBlock, blocks_of, tables_of
from pipelines.settings import Settings
from pipelines.suppression import Suppression
from pipelines.suppression.outdated import Outdated, Register


@dataclass(frozen=True, slots=True)
class Clearing:
    """What clearing needs to know: where the lists lie, how they are read, and who has to leave."""

    inbox: Path
    settings: Settings
    suppression: Suppression
    outdated: Outdated

    def clear(self, lead_list: LeadList) -> int:
        """Let those rows leave the list that have to, and return how many more are gone than before."""
        aside = self.inbox / f"{lead_list.sha256[:16]}.part"
        left = write_erased(self._tables(lead_list), aside)
        if left > lead_list.left or is_renamed(self.inbox, lead_list):
            put_instead(self.inbox, lead_list, aside, left)
        aside.unlink(missing_ok=True)
        return left - lead_list.left

    def take_away(self, lead_list: LeadList) -> None:
        """Let a whole file leave that nobody can read as rows: one line says so."""
        aside = self.inbox / f"{lead_list.sha256[:16]}.part"
        write_erased([Kept(lead_list.path.suffix.lstrip(".") or "none", None, [Left("suppressed")])], aside)
        put_instead(self.inbox, lead_list, aside, 1)

    def retire(self, lists: Sequence[LeadList], register: Register) -> None:
        """Write down who stands in lists that are too old, then clear these."""
        for each in lists:
            if self.outdated.covers(each.received_on):
                contacts = {who for block in self.blocks(each) for who in block.outdated_contacts()}
                if contacts:
                    register.add(contacts, each.received_on)
                    self.clear(each)

    def blocks(self, lead_list: LeadList) -> Iterator[ReadBlock]:
        """Yield the blocks of all tables of a list."""
        for each, _, blocks in tables_of(lead_list):
            yield from blocks_of(each, blocks, self.settings, self.suppression, self.outdated)

    def _tables(self, lead_list: LeadList) -> Iterator[Kept]:
        for each, sheet, blocks in tables_of(lead_list):
            read = blocks_of(each, blocks, self.settings, self.suppression, self.outdated)
            yield Kept(sheet.format, sheet.name, (row for block in read for row in block.rows()))


def to_clear(lists: Sequence[LeadList], rejected: Sequence[Path]) -> list[LeadList]:
    """Return the lists of which more rows had to leave, by the files of raw.rejected_row, than have left them."""
    found: Counter[str] = Counter()
    for path in rejected:
        table = pq.read_table(path, columns=["list_id", "reason"])
        gone = table.filter(pc.is_in(table["reason"], pa.array(sorted(SAID))))
        found.update(map(str, gone["list_id"].to_pylist()))
    return [each for each in lists if sum(found[list_id] for list_id in _ids(each)) > each.left] if found else []


def _ids(lead_list: LeadList) -> Iterator[str]:
    """Yield the ids of the lists that the sheets of a file may be."""
    yield lead_list.list_id
    yield from (make_id("list", lead_list.sha256, str(position)) for position in range(1, MOST_ENTRIES))
