"""What DuckDB counts of promises: the rows of a table, its nulls, and the rows that break each promise.

Here: one scan of a table for all promises that a row keeps or breaks by itself, and a query for each that looks at several rows.
Elsewhere: the verdict on what was counted (`quality`), what a promise line means (`promises`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines.errors import Stop
from pipelines.promises import Promise, bound
from pipelines.reader import Reader, saying
from pipelines.statements import literal, quoted

ALONE = ("between", "in_set", "matches")
"""Kinds of promises that a row keeps or breaks by itself, in one column."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)")
Types = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of one promise.

    `rows` of the table; `nulls` by column; `complete`: rows in which no column of the promise is null, for `unique`; `broken`:
    rows that break it; `trouble`: why nothing could be counted.
    """

    rows: int = 0
    nulls: Mapping[str, int] = field(default_factory=dict)
    complete: int = 0
    broken: int = 0
    trouble: str = ""


def counts(reader: Reader, promises: Sequence[Promise]) -> dict[Promise, Count]:
    """Count for promises of one table. One that cannot be counted says why, and costs the others a scan each."""
    try:
        return _counted(reader, promises)
    except Stop as stop:
        if len(promises) == 1:
            return {promises[0]: Count(trouble=str(stop).partition(": ")[2])}
    return {promise: count for each in promises for promise, count in counts(reader, [each]).items()}


def examples(reader: Reader, promise: Promise, key: Sequence[str], most: int) -> list[dict[str, str | None]]:
    """Return some of the rows that break a promise, in order, as text: the columns `key`, which tell rows apart, and its own."""
    if promise.kind == "rows_between":
        return []
    columns = map(quoted, dict.fromkeys((*key, *promise.columns)))
    shown = ", ".join(f"cast({each} as varchar) as {each}" for each in columns)
    breaks = _breaks(promise, dict(reader.columns(promise.table)))
    return reader.rows(f"select {shown} from {quoted(promise.table)} where {breaks} order by all limit {most:d}")  # noqa: S608


def _counted(reader: Reader, promises: Sequence[Promise]) -> dict[Promise, Count]:
    table = promises[0].table
    with saying(f"{table} cannot be counted"):
        scanned = _scanned(reader, promises, dict(reader.columns(table)))
        return {promise: _count(reader, promise, scanned) for promise in promises}


def _scanned(reader: Reader, promises: Sequence[Promise], types: Types) -> dict[str, int]:
    """Return the rows under an empty name, nulls by column, and broken rows by the text of their promise: in one scan."""
    asked = {"": "count(*)"}
    asked |= {each: f"count(*) - count({quoted(each)})" for promise in promises for each in promise.columns}
    asked |= {each.text: f"count(*) filter (where {_breaks(each, types)})" for each in promises if each.kind in ALONE}
    listed = ", ".join(f'{count} as "{place}"' for place, count in enumerate(asked.values()))
    (found,) = reader.rows(f"select {listed} from {quoted(promises[0].table)}")  # noqa: S608 - quoted
    return dict(zip(asked, found.values(), strict=True))


def _count(reader: Reader, promise: Promise, scanned: Mapping[str, int]) -> Count:
    rows, nulls = scanned[""], {column: scanned[column] for column in promise.columns}
    match promise.kind:
        case "unique":
            (found,) = reader.rows(_repeated(promise))
            return Count(rows, nulls, found["complete"], found["broken"])
        case "references":
            (found,) = reader.rows(f"select count(*) as broken from {quoted(promise.table)} where {_dangles(promise)}")  # noqa: S608
            return Count(rows, nulls, broken=found["broken"])
    return Count(rows, nulls, broken=scanned.get(promise.text, 0))


def _repeated(promise: Promise) -> str:
    """Return the query for how many rows have all columns of a promise, and how many of those say the same as another."""
    columns, complete = _columns(promise)
    together = f"select count(*) as times from {quoted(promise.table)} where {complete} group by {columns}"  # noqa: S608 - quoted
    counted = "coalesce(sum(times), 0)::bigint as complete, coalesce(sum(times) filter (where times > 1), 0)::bigint as broken"
    return f"select {counted} from ({together})"  # noqa: S608 - quoted


def _breaks(promise: Promise, types: Types) -> str:
    """Return the condition that holds for the rows that break a promise, and for no null but of `not_null`."""
    column = quoted(promise.columns[0])
    match promise.kind:
        case "between":
            low, high = (_limit(bound(each)) for each in promise.arguments)
            return f"not ({column} between {low} and {high})"
        case "in_set":
            return _is_none_of(column, types[promise.columns[0]], promise.arguments)
        case "matches":
            return f"not regexp_matches({column}, {literal(promise.arguments[0])})"
        case "references":
            return _dangles(promise)
        case "unique":
            columns, complete = _columns(promise)
            place = quoted(promise.table)
            return f"({columns}) in (select ({columns}) from {place} where {complete} group by {columns} having count(*) > 1)"  # noqa: S608
    return " or ".join(f"{quoted(each)} is null" for each in promise.columns)


def _dangles(promise: Promise) -> str:
    target, _, known = promise.arguments[0].rpartition(".")
    known = quoted(known)
    return f"{quoted(promise.columns[0])} not in (select {known} from {quoted(target)} where {known} is not null)"  # noqa: S608


def _columns(promise: Promise) -> tuple[str, str]:
    """Return the columns of a promise as a list, and the condition that none of them is null."""
    columns = [quoted(each) for each in promise.columns]
    return ", ".join(columns), " and ".join(f"{each} is not null" for each in columns)


def _limit(limit: float | date) -> str:
    return f"date {literal(limit.isoformat())}" if isinstance(limit, date) else repr(limit)


def _is_none_of(column: str, kind: str, words: Sequence[str]) -> str:
    """Compare numbers as numbers and anything else as text; a word that is no number is found in no column of numbers."""
    if _NUMERIC.fullmatch(kind):
        values = [word for word in words if _NUMBER.fullmatch(word)]
        return f"{column} not in ({', '.join(values)})" if values else f"{column} is not null"
    return f"cast({column} as varchar) not in ({', '.join(map(literal, words))})"
