"""The law that every quote is in its capture, checked against the archive and not against what the reader saw.

Here: opening captures again and looking for the quotes. What was found once in a capture that never changes need not be looked
for again; what is looked for is read some captures at a time, so that memory does not grow with the facts. Elsewhere: the promise
that there is no broken quote (sql/raw/broken_quote.sql).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Skip
from pipelines.ids import make_id
from pipelines.page import Page
from pipelines.records import Capture, Request

Row = Mapping[str, Any]
Select = Callable[[str, Sequence[object]], list[dict[str, Any]]]

AT_ONCE = 2_000
"""Captures whose quotes are read together."""
_QUOTED = "(select fact_id, capture_id, quote from core.fact union all select fact_id, capture_id, quote from core.earlier_fact)"
MARKS = f"""
    select capture_id, make_id('seen', min(digest), string_agg(quote, chr(31) order by fact_id)) as mark
    from {_QUOTED}
    left join (select capture_id, min(digest) as digest from raw.capture group by capture_id) as capture using (capture_id)
    group by capture_id
    order by capture_id
"""  # noqa: S608 - put together here
"""Each quoted capture, and by what it is remembered that its quotes were found there: `mark_of`, of all at once."""
QUOTES = f"from {_QUOTED} where capture_id in (select unnest(?)) order by capture_id, fact_id"
CAPTURES = "from raw.capture where capture_id in (select unnest(?)) order by capture_id, organization_id, request_id"


def broken_quotes(marks: pa.Table, select: Select, body_of: Callable[[Capture], bytes], seen: Path) -> list[Row]:
    """Return the facts whose quote is not in their capture, as rows of `raw.broken_quote`.

    `marks` is the answer to `MARKS`; `select` answers `QUOTES` and `CAPTURES`; `seen` is the file that remembers what was found
    before.
    """
    seen.parent.mkdir(parents=True, exist_ok=True)
    known = pa.array(seen.read_text("utf-8").split() if seen.exists() else [], pa.string())
    new = marks.filter(pc.invert(pc.is_in(marks["mark"], known)))
    parts = (_texts(new["capture_id"].slice(start, AT_ONCE)) for start in range(0, len(new), AT_ONCE))
    broken = [row for captures in parts for row in _broken(captures, select, body_of)]
    failed = pa.array(sorted({str(row["capture_id"]) for row in broken}), pa.string())
    _remember(seen, _texts(marks.filter(pc.invert(pc.is_in(marks["capture_id"], failed)))["mark"]))
    return broken


def _texts(column: "pa.ChunkedArray[Any]") -> list[str]:
    return [str(each) for each in column.to_pylist() if each is not None]


def _broken(captures: list[str], select: Select, body_of: Callable[[Capture], bytes]) -> Iterator[Row]:
    rows = {row["capture_id"]: row for row in select(CAPTURES, [captures])}
    for capture_id, quotes in groupby(select(QUOTES, [captures]), key=lambda each: str(each["capture_id"])):
        yield from _missing(list(quotes), rows[capture_id], body_of)


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


def _remember(seen: Path, marks: Sequence[str]) -> None:
    aside = seen.with_suffix(".tmp")
    aside.write_text("\n".join(sorted(marks)), "utf-8")
    aside.replace(seen)
