"""Lead lists become the tables of intake, and the books are kept: every row is a sighting or a rejected row.

Here: one list after another, its rows in batches, and the one place of intake where a `Skip` is caught. Elsewhere: reading a
file (`formats`), understanding a row (`understanding`), telling leads from duplicates (sql/core/duplicate.sql).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import TypeVar

from pipelines.errors import Skip
from pipelines.ids import make_id
from pipelines.intake.formats import read_sheet
from pipelines.intake.headings import by_field, map_headings
from pipelines.intake.inbox import LeadList
from pipelines.intake.rows import Row, Sheet
from pipelines.intake.tables import LEAD_LIST, LEAD_ROW, REJECTED_ROW, SIGHTING, IntakeTables, fill, stack
from pipelines.intake.understanding import Headings, as_json, understand
from pipelines.settings import Settings

SAMPLE = 1000
BATCH = 50_000
T = TypeVar("T")


def read_lists(lists: Sequence[LeadList], settings: Settings) -> IntakeTables:
    """Return everything the lists say. A file that cannot be read counts as one row, rejected with the reason."""
    return stack([part for each in lists for part in read_list(each, settings)])


def read_list(lead_list: LeadList, settings: Settings) -> Iterator[IntakeTables]:
    """Yield what one list says, a batch of rows at a time; the last part holds the list itself."""
    sheet = _settle(partial(read_sheet, lead_list.path))
    if isinstance(sheet, Skip):
        suffix = lead_list.path.suffix.lower().lstrip(".") or "none"
        sheet = Sheet(suffix, iter([Row({"file": lead_list.name}, sheet)]))
    sample = list(islice(sheet.rows, SAMPLE))
    columns = map_headings([row.fields for row in sample if row.trouble is None], lead_list.name, settings.lists)
    rows = enumerate(chain(sample, sheet.rows), 1)
    rows_in = 0
    while batch := list(islice(rows, BATCH)):
        rows_in += len(batch)
        yield _read_batch(lead_list, batch, by_field(columns), settings.lists.default_country)
    yield _book(lead_list, sheet.format, rows_in)


def _read_batch(
    lead_list: LeadList, batch: Sequence[tuple[int, Row]], headings: Headings, default_country: str | None
) -> IntakeTables:
    """Return the batch's rows as they came, and each of them again as a sighting or as rejected."""
    lead_rows, rejected, sightings = [], [], []
    for number, row in batch:
        place = {
            "row_id": make_id("row", lead_list.list_id, str(number)),
            "list_id": lead_list.list_id,
            "row_number": number,
        }
        raw = {"fields": as_json(row.fields)}
        lead_rows.append(place | raw)
        said = _settle(partial(understand, row, headings, default_country))
        if isinstance(said, Skip):
            rejected.append(place | raw | {"reason": said.reason, "sentence": said.sentence})
        else:
            sightings.append(place | said)
    return IntakeTables(fill(LEAD_LIST, []), fill(LEAD_ROW, lead_rows), fill(REJECTED_ROW, rejected), fill(SIGHTING, sightings))


def _book(lead_list: LeadList, format_name: str, rows_in: int) -> IntakeTables:
    """Return the list itself as a row."""
    row = {
        "list_id": lead_list.list_id,
        "name": lead_list.name,
        "kind": lead_list.kind,
        "format": format_name,
        "rows_in": rows_in,
        "received_on": lead_list.received_on,
    }
    return IntakeTables(fill(LEAD_LIST, [row]), fill(LEAD_ROW, []), fill(REJECTED_ROW, []), fill(SIGHTING, []))


def _settle(attempt: Callable[[], T]) -> T | Skip:
    """Return what the attempt returns, or the `Skip` it ended in: nowhere else in intake is one caught."""
    try:
        return attempt()
    except Skip as skip:
        return skip
