"""Bringing lists in, suppression first: whom to leave out is hashed and the list not kept; all others go into the inbox.

Here: which of what is brought, or lies in the inbox, says whom to leave out. Elsewhere: the inbox (`intake.inbox`), what such a
list holds (`lists`), keeping it (`book`).
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipelines.intake.inbox import kind_of, receive, remove, sources, suppression_lists
from pipelines.intake.tables import LEAD_LIST
from pipelines.settings import ListKind, Lists
from pipelines.suppression.book import Book
from pipelines.suppression.entries import KINDS
from pipelines.suppression.kept import TakenList
from pipelines.suppression.lists import read_suppression_list

NAMES = {"mailbox": ("mailbox", "mailboxes"), "phone": ("phone", "phones"), "domain": ("domain", "domains"),
         "company": ("company", "companies"), "person": ("person", "persons")}  # fmt: skip
_LOG = logging.getLogger(__name__)


def bring(brought: Mapping[ListKind, Sequence[Path]], inbox: Path, lists: Lists, book: Book, day: date) -> None:
    """Take in every list of whom to leave out, brought or in the inbox, then copy the others into the inbox.

    What is brought as `leads` is of the kind its name says; of any other kind it is what was told. Raises `Stop` as reading
    a list does: nothing else is brought then.
    """
    kinds = [(_kind(told, path, lists), told, path) for told, paths in brought.items() for path in sources(paths)]
    for path in [path for kind, _, path in kinds if kind == "suppressed"]:
        take(path, lists, book, day)
    for path in suppression_lists(inbox, lists):
        take(path, lists, book, day)
        remove(inbox, path)
    for told in brought:
        others = [path for kind, as_told, path in kinds if as_told == told and kind != "suppressed"]
        receive(others, inbox, day, None if told == "leads" else told)


def take(path: Path, lists: Lists, book: Book, day: date) -> Counter[str]:
    """Suppress what the list holds, and return how many values were new, by kind; the same list again changes nothing."""
    list_id = book.content_id(path.read_bytes() + lists.model_dump_json().encode())
    if any(each.list_id == list_id for each in book.lists):
        return Counter()
    content = read_suppression_list(path, path.name, lists)
    new = book.add_list(content.entries, TakenList(list_id, path.name, content.rows_in, content.left_out, day))
    _LOG.info("A suppression list of %d rows was taken in: %s.", content.rows_in, told(new, content.left_out))
    return new


def told(counts: Mapping[str, int], left_out: int = 0) -> str:
    """Return counts by kind as people read them, and how many rows held nothing."""
    nothing = f", {left_out} rows hold nothing that can be suppressed" if left_out else ""
    return f"{counted(counts) or 'nothing'} new{nothing}"


def counted(counts: Mapping[str, int]) -> str:
    """Return counts by kind as people read them."""
    return ", ".join(f"{counts[kind]} {NAMES[kind][counts[kind] != 1]}" for kind in KINDS if counts.get(kind))


def as_lead_lists(book: Book) -> pa.Table:
    """Return the lists taken in as rows of raw.lead_list: name and how many rows, nothing of what they hold."""
    rows = [
        {
            "list_id": each.list_id,
            "name": each.name,
            "kind": "suppressed",
            "format": "hashes",
            "rows_in": each.rows_in,
            "received_on": each.received_on,
        }
        for each in book.lists
    ]
    return pa.Table.from_pylist(rows, LEAD_LIST)


def _kind(told: ListKind, path: Path, lists: Lists) -> ListKind:
    return kind_of(path.name, lists) if told == "leads" else told
