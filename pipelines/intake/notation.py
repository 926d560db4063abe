"""Lead lists in JSON: an array of objects, an object around one, or one object a line.

Here: rows out of them, numbers as they were written, objects within as `address.city`, arrays as compact JSON. Elsewhere: the
encoding (`encodings`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from pipelines.errors import Skip
from pipelines.intake.encodings import open_text
from pipelines.intake.rows import Row, Sheet, distinct, storable

Json: TypeAlias = "dict[str, Json] | list[Json] | str | bool | None"
UNREADABLE = (ValueError, RecursionError)
DEEPEST = 4
MOST_WITHIN = 50
_BETWEEN = re.compile(r"[\s,;]*")


class Written(str):
    """A number exactly as it was written: 1.50 stays 1.50, and a long id loses no digit."""

    __slots__ = ()


def read_json(path: Path) -> Sheet:
    """Read the rows in the file, whichever way they are wrapped, or one row a line; raises `Skip` when it holds neither."""
    with open_text(path) as file:
        text = file.read().strip("\ufeff\x00 \t\r\n")
    if not text:
        raise Skip("empty_file", "The file is empty; export the list again and bring that.")
    try:
        content = _parse(text)
    except UNREADABLE as error:
        return _unwrapped(text, error)
    rows, aside = _array(content)
    return Sheet("json", iter([_as_row(each) for each in rows]), aside=aside)


def _unwrapped(text: str, error: Exception) -> Sheet:
    """Read text that is not one value: one value a line, or one after the other; what is left over is a row with its trouble."""
    lines = text.split("\n")
    if len(lines) > 1 and 2 * sum(map(is_a_line, lines[:20])) >= len(lines[:20]):
        return Sheet("jsonl", _line_rows(lines))
    values, rest = _values(text)
    if not values:
        raise Skip("broken_json", f"The file is not valid JSON ({error}); export it again.") from None
    return Sheet("json", chain(map(_as_row, values), _line_rows([rest])))


def _values(text: str) -> tuple[list[Json], str]:
    """Return the objects that stand one after the other, and what follows the last that can be read."""
    values: list[Json] = []
    at = 0
    while at < len(text) and text[at] == "{":
        try:
            value, end = _DECODER.raw_decode(text, at)
        except UNREADABLE:
            break
        values.append(value)
        between = _BETWEEN.match(text, end)
        at = between.end() if between else end
    return values, text[at:]


def is_a_line(line: str) -> bool:
    """Say whether the line is an object or an array by itself."""
    stripped = line.strip("\ufeff\x00 \t\r\n")
    return not stripped or (stripped[0] in "{[" and _line_row(stripped).trouble is None)


def read_lines(path: Path) -> Sheet:
    """Read one row of every line that is not blank; a broken line is a row with its trouble. Raises `Skip` when it is no text."""
    file = open_text(path)

    def rows() -> Iterator[Row]:
        with file:
            yield from _line_rows(file)

    return Sheet("jsonl", rows())


def _parse(text: str) -> Json:
    value: Json
    value, end = _DECODER.raw_decode(text)
    if end < len(text):
        raise ValueError("more follows the first value")
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Keep every value of a key that stands twice."""
    plain = dict(pairs)
    return (
        plain
        if len(plain) == len(pairs)
        else dict(zip(distinct(key for key, _ in pairs), (each for _, each in pairs), strict=True))
    )


_DECODER: "json.JSONDecoder" = json.JSONDecoder(
    parse_int=Written, parse_float=Written, parse_constant=Written, object_pairs_hook=_object
)


def _array(content: Json, depth: int = 0) -> tuple[Sequence[Json], tuple[str, ...]]:
    """Return the rows, and what stands beside them: the array itself, one in an object, objects by key, or the only object."""
    if isinstance(content, list):
        return content, ()
    if not isinstance(content, dict):
        raise Skip("no_rows", "The file holds a single value, not rows; bring an array of objects.")
    arrays = [key for key, each in content.items() if isinstance(each, list) and (len(content) == 1 or _has_objects(each))]
    if len(arrays) > 1:
        raise Skip("several_arrays", "The file holds several lists; bring each of them as a file of its own.")
    inner = arrays or [key for key, each in content.items() if isinstance(each, dict)]
    if len(inner) == 1 and depth < DEEPEST and (arrays or _wraps_rows(content[inner[0]], depth)):
        rows, aside = _array(content[inner[0]], depth + 1)
        return rows, (*(f"{storable(key)}: {_text(each)}" for key, each in content.items() if key != inner[0]), *aside)
    if _are_alike(list(content.values())):
        return [{"key": key, **each} for key, each in content.items() if isinstance(each, dict)], ()
    return [content], ()


def _wraps_rows(content: Json, depth: int) -> bool:
    """Say whether an object wraps an array of objects, or objects by key, however deep."""
    if isinstance(content, list) or depth > DEEPEST:
        return isinstance(content, list) and _has_objects(content)
    if not isinstance(content, dict):
        return False
    return _are_alike(list(content.values())) or any(_wraps_rows(each, depth + 1) for each in content.values())


def _are_alike(values: Sequence[Json]) -> bool:
    """Say whether these are objects that mostly have the same keys: rows, told apart by the key each stands under."""
    keys = [set(each) for each in values if isinstance(each, dict)]
    if len(keys) < 2 or len(keys) < len(values):
        return False
    common = Counter(chain.from_iterable(keys))
    return sum(count for count in common.values() if 2 * count > len(keys)) >= 0.5 * sum(map(len, keys)) > 0


def _has_objects(array: Sequence[Json]) -> bool:
    return any(isinstance(each, dict) for each in array)


def _line_rows(lines: Iterable[str]) -> Iterator[Row]:
    for line in lines:
        if stripped := line.strip("\ufeff\x00 \t\r\n"):
            yield _line_row(stripped)


def _line_row(line: str) -> Row:
    try:
        return _as_row(_parse(line))
    except UNREADABLE:
        trouble = Skip("broken_json_line", "The line is not valid JSON; mend it and bring the list again.")
        return Row({"line": storable(line)}, trouble)


def _as_row(value: Json) -> Row:
    """Return one element as a row: an object by its keys, an array by position, anything else as `value`; null is absent."""
    if isinstance(value, list):
        return Row({f"column {number}": _text(each) for number, each in enumerate(value, 1) if each is not None})
    if not isinstance(value, dict):
        return Row({} if value is None else {"value": _text(value)})
    pairs = list(_flat(value, "", 0))
    names = distinct(storable(key) for key, _ in pairs)
    return Row({name: _text(each) for name, (_, each) in zip(names, pairs, strict=True) if each is not None})


def _flat(value: dict[str, Json], above: str, depth: int) -> Iterator[tuple[str, Json]]:
    """Yield the cells of an object, those of objects within as `address.city`."""
    for key, each in value.items():
        if isinstance(each, dict) and each and len(each) <= MOST_WITHIN and depth < DEEPEST:
            yield from _flat(each, f"{above}{key}.", depth + 1)
        else:
            yield f"{above}{key}", each


def _text(value: Json) -> str:
    """Return a value as raw text: text and numbers as written, anything nested as compact JSON."""
    if isinstance(value, str):
        return storable(value)
    try:
        return _compact(value)
    except RecursionError:  # deeper than we can walk, not deeper than the library can write; its numbers become text
        return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _compact(value: Json) -> str:
    """Write JSON without blanks, numbers as they were written."""
    match value:
        case Written():
            return value
        case dict():
            return "{" + ",".join(f"{_quoted(key)}:{_compact(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ",".join(_compact(each) for each in value) + "]"
        case str():
            return _quoted(value)
        case _:
            return {True: "true", False: "false", None: "null"}[value]


def _quoted(text: str) -> str:
    return json.dumps(storable(text), ensure_ascii=False)
