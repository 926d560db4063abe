"""What a table promises about its rows, one promise a line of its header.

Here: the line as a frozen `Promise`, or a `Stop` that says what the line should look like. Elsewhere: where the lines stand
(`tables`), and whether they are kept (`quality`).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.errors import Stop

Loudness = Literal["expect", "warn"]

_FORMS = {
    "between": "between(column, low, high)",
    "in_set": "in_set(column, value, …)",
    "matches": "matches(column, regular expression)",
    "not_null": "not_null(column, …)",
    "references": "references(column, schema.table.column)",
    "rows_between": "rows_between(low, high)",
    "unique": "unique(column, …)",
}
_ARGUMENT = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^,']*))\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise. A broken `expect` stops the release, a broken `warn` is said and published.

    `table` is `schema.table`; `name` is unique within it, made of letters, digits and underscores; `columns` are of that
    table; `arguments` are as written: bounds, values, a pattern, or the `schema.table.column` referred to.
    """

    table: str
    name: str
    kind: str
    columns: tuple[str, ...]
    arguments: tuple[str, ...]
    loudness: Loudness

    @property
    def text(self) -> str:
        """The promise as it is written: `between(fit, 0, 100)`."""
        return f"{self.kind}({', '.join((*self.columns, *self.arguments))})"


def parse_promise(table: str, text: str, loudness: Loudness) -> Promise:
    """Return the promise that a header line of `table` makes; raises `Stop` for one that cannot be kept or read."""
    text = text.strip()
    found = re.fullmatch(r"(\w+)\((.*)\)", text, re.DOTALL)
    kind = found[1] if found else ""
    if not found or kind not in _FORMS:
        raise Stop(f"{table} promises `{text}`, which is not a promise; write one of {', '.join(_FORMS.values())}.")
    columns, arguments = _split(kind, found[2])
    if not _well_formed(kind, columns, arguments):
        raise Stop(f"{table} promises `{text}`, which does not say enough or says too much; write {_FORMS[kind]}.")
    name = "_".join((*(("warn",) if loudness == "warn" else ()), kind, *columns))
    return Promise(table, name, kind, columns, arguments, loudness)


def grain_promises(table: str, grain: tuple[str, ...]) -> tuple[Promise, Promise]:
    """Return what a grain implies: together its columns tell rows apart, and none of them is null."""
    listed = ", ".join(grain)
    return parse_promise(table, f"unique({listed})", "expect"), parse_promise(table, f"not_null({listed})", "expect")


def bound(text: str) -> float | date:
    """Return a bound of `between` as the number or ISO date it is; raises ValueError when it is neither."""
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else float(text)


def _split(kind: str, inside: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell columns from arguments; the pattern of `matches` is everything after the first comma, whatever it holds."""
    if kind == "matches":
        column, _, pattern = inside.partition(",")
        return (column.strip(),), tuple(each for each in (pattern.strip(),) if each)
    words = _words(inside)
    count = {"rows_between": 0, "not_null": len(words), "unique": len(words)}.get(kind, 1)
    return words[:count], words[count:]


def _words(inside: str) -> tuple[str, ...]:
    """Split at commas; a value that holds a comma stands between single quotes."""
    words, position = [], 0
    while position < len(inside):
        found = _ARGUMENT.match(inside, position)
        if found is None:
            return ()
        quoted, bare = found.groups()
        words.append(quoted.replace("''", "'") if quoted is not None else bare.strip())
        position = found.end()
    return tuple(words)


def _well_formed(kind: str, columns: tuple[str, ...], arguments: tuple[str, ...]) -> bool:
    """Say whether columns and arguments are such as the kind can be checked with."""
    if not all(re.fullmatch(r"\w+", column) for column in columns) or bool(columns) == (kind == "rows_between"):
        return False
    try:
        return _arguments_fit(kind, arguments)
    except (ValueError, TypeError, re.error):
        return False


def _arguments_fit(kind: str, arguments: tuple[str, ...]) -> bool:
    """Say whether the arguments fit the kind; raises what reading a bound or a pattern raises."""
    match kind:
        case "between":
            low, high = (bound(each) for each in arguments)
            return _in_order(low, high)
        case "rows_between":
            least, most = (int(each) for each in arguments)
            return 0 <= least <= most
        case "references":
            return len(arguments) == 1 and re.fullmatch(r"\w+\.\w+\.\w+", arguments[0]) is not None
        case "matches":
            return len(arguments) == 1 and re.compile(arguments[0]) is not None
        case "in_set":
            return bool(arguments)
    return not arguments


def _in_order(low: float | date, high: float | date) -> bool:
    """Say whether two bounds are of one sort, the lower first."""
    if isinstance(low, date) and isinstance(high, date):
        return low <= high
    return isinstance(low, float) and isinstance(high, float) and low <= high
