"""Lead lists in JSON: an array of objects, an object around one, or one object a line.

Here: rows out of them, numbers as they were written, nested values as compact JSON. Elsewhere: the encoding (`encodings`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from pipelines.errors import Skip
from pipelines.intake.encodings import open_text
from pipelines.intake.rows import Row, Sheet, distinct, storable

Json: TypeAlias = "dict[str, Json] | list[Json] | str | bool | None"
UNREADABLE = (ValueError, RecursionError)


class Written(str):
    """A number exactly as it was written: 1.50 stays 1.50, and a long id loses no digit."""

    __slots__ = ()


def read_json(path: Path) -> Sheet:
    """Read the array of rows in the file, or one row a line if it holds that; raises `Skip` when it holds neither."""
    with open_text(path) as file:
        text = file.read().strip("\ufeff\x00 \t\r\n")
    if not text:
        raise Skip("empty_file", "The file is empty; export the list again and bring that.")
    try:
        content = _parse(text)
    except UNREADABLE as error:
        lines = text.split("\n")
        if len(lines) == 1 or _line_row(lines[0]).trouble is not None:
            raise Skip("broken_json", f"The file is not valid JSON ({error}); export it again.") from None
        return Sheet("jsonl", _line_rows(lines))
    return Sheet("json", iter([_as_row(each) for each in _array(content)]))


def read_lines(path: Path) -> Sheet:
    """Read one row of every line that is not blank; a broken line is a row with its trouble. Raises `Skip` when it is no text."""
    file = open_text(path)

    def rows() -> Iterator[Row]:
        with file:
            yield from _line_rows(file)

    return Sheet("jsonl", rows())


def _parse(text: str) -> Json:
    parsed: Json = json.loads(text, parse_int=Written, parse_float=Written, parse_constant=Written, object_pairs_hook=_object)
    return parsed


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Keep every value of a key that stands twice."""
    plain = dict(pairs)
    return (
        plain
        if len(plain) == len(pairs)
        else dict(zip(distinct(key for key, _ in pairs), (each for _, each in pairs), strict=True))
    )


def _array(content: Json) -> Sequence[Json]:
    """Return the rows: the array itself, the one array in an object, or the object as the only row."""
    if isinstance(content, list):
        return content
    if not isinstance(content, dict):
        raise Skip("no_rows", "The file holds a single value, not rows; bring an array of objects.")
    arrays = [each for each in content.values() if isinstance(each, list) and (len(content) == 1 or _has_objects(each))]
    if len(arrays) > 1:
        raise Skip("several_arrays", "The file holds several lists; bring each of them as a file of its own.")
    return arrays[0] if arrays else [content]


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
    names = distinct(storable(key) for key in value)
    return Row({name: _text(each) for name, each in zip(names, value.values(), strict=True) if each is not None})


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
