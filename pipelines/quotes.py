"""The law that every quote is in its capture, checked against the archive and not against what the reader saw.

Here: opening captures again and looking for the quotes. What was found once in a capture that never changes need not be looked
for again. Elsewhere: the promise that there is no broken quote (sql/raw/broken_quote.sql).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines.errors import Skip
from pipelines.ids import make_id
from pipelines.page import Page
from pipelines.records import Capture, Request

Row = Mapping[str, Any]


def broken_quotes(
    facts: Sequence[Row], captures: Mapping[str, Row], body_of: Callable[[Capture], bytes], seen: Path
) -> list[Row]:
    """Return the facts whose quote is not in their capture, as rows of `raw.broken_quote`.

    `facts` need fact_id, capture_id and quote; `captures` are rows of `raw.capture` by id; `seen` is the file that remembers
    what was found before.
    """
    seen.parent.mkdir(parents=True, exist_ok=True)
    known = set(seen.read_text("utf-8").split()) if seen.exists() else set()
    found: set[str] = set()
    broken: list[Row] = []
    by_capture = sorted(facts, key=lambda fact: (fact["capture_id"], fact["fact_id"]))
    for capture_id, group in groupby(by_capture, key=lambda fact: fact["capture_id"]):
        quotes = list(group)
        mark = mark_of(str(captures[capture_id]["digest"]), quotes)
        missing = [] if mark in known else list(_missing(quotes, captures[capture_id], body_of))
        broken += missing
        found |= set() if missing else {mark}
    _remember(seen, found)
    return broken


def mark_of(digest: str, quotes: Sequence[Row]) -> str:
    """Return by what it is remembered that quotes were found in the body of that digest."""
    return make_id("seen", digest, *(str(each["quote"]) for each in sorted(quotes, key=lambda each: str(each["fact_id"]))))


def capture_of(row: Row) -> Capture:
    """Return a row of `raw.capture` as the capture it was."""
    request = Request(row["organization_id"], row["source"], row["kind"], row["url"])
    own = ("capture_id", "url", "status", "content_type", "fetched_at", "digest", "length", "file", "offset", "headers")
    said = {name: row[name] for name in own}
    return Capture(request=request, **{**said, "fetched_at": said["fetched_at"].replace(tzinfo=UTC)})


def _missing(quotes: Sequence[Row], capture: Row, body_of: Callable[[Capture], bytes]) -> Iterator[Row]:
    whole = capture_of(capture)
    try:
        page = Page(whole, body_of(whole))
    except Skip:  # the archive lost it: nothing it is quoted for can be shown
        page = None
    for each in quotes:
        if page is None or not page.says(each["quote"]):
            yield {"fact_id": each["fact_id"], "capture_id": each["capture_id"], "quote": each["quote"]}


def _remember(seen: Path, marks: set[str]) -> None:
    aside = seen.with_suffix(".tmp")
    aside.write_text("\n".join(sorted(marks)), "utf-8")
    aside.replace(seen)
