"""One file, one table: what sql/<schema>/<table>.sql says about itself.

Here: the header (description, grain, promises) and the columns with their descriptions, read from the text alone. Elsewhere:
what a promise line means (`promises`), whether the SQL runs and in which order (`warehouse`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pipelines.errors import Stop
from pipelines.promises import Promise, grain_promises, parse_promise

Kind = Literal["contract", "model"]

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*)
      | (?P<skip>/\*.*?\*/ | \s+)
      | (?P<text>[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
      | (?P<name>"(?:[^"]|"")*" | [^\W\d]\w*)
      | (?P<mark>\d[\w.]* | :: | .)""",
    re.VERBOSE | re.DOTALL,
)
_AFTER_THE_LIST = frozenset(
    "except fetch from group having intersect limit offset order qualify sample union using where window".split()
)
VIEW = "-- materialized: view"
_NEVER_A_NAME = frozenset(("end", "null", "true", "false"))
_CONSTRAINTS = frozenset(("check", "constraint", "foreign", "primary", "unique"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its only description."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its file describes it. Python fills a `contract`, its own query a `model`; `sql` is without the header."""

    schema: str
    name: str
    kind: Kind
    sql: str
    description: str
    grain: tuple[str, ...]
    promises: tuple[Promise, ...]
    columns: tuple[Column, ...]
    path: Path
    is_view: bool = False
    """Whether a model is made anew each time it is read, so that its rows are not kept twice."""

    @property
    def full_name(self) -> str:
        """`schema.table`."""
        return f"{self.schema}.{self.name}"

    @property
    def place(self) -> str:
        """Its file, as messages name it."""
        return f"sql/{self.schema}/{self.name}.sql"


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of SQL; `depth` counts the brackets around it, `start` is its offset in the text, `line` counts from 0."""

    kind: str
    text: str
    line: int
    depth: int
    start: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "name" and self.text.lower() in words


def read_tables(folder: Path) -> dict[str, Table]:
    """Return `schema.table` -> table for every <schema>/<table>.sql, by name; raises `Stop` for one that is not as it must be."""
    read = (_read_table(path, path.read_text("utf-8")) for path in sorted(folder.glob("*/*.sql")))
    tables = {table.full_name: table for table in read}
    for table in tables.values():
        _check_promises(table, tables)
    return tables


@lru_cache(1_000)
def _read_table(path: Path, text: str) -> Table:
    """Read a file; every step of a run asks for all of them, and the text is the same."""
    place, full_name = f"sql/{path.parent.name}/{path.name}", f"{path.parent.name}.{path.stem}"
    if not re.fullmatch(r"[a-z]\w*\.[a-z]\w*", full_name):
        raise Stop(f"{place} is no name for a table; use lower case letters, digits and underscores.")
    lines = text.splitlines()
    height = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = [line for line in lines[:height] if line != VIEW]
    prose, grain, promises = _header(full_name, header, place)
    kind, sql, columns = _statement("\n".join(lines[height:]), full_name, place)
    is_view = kind == "model" and len(header) < height
    return Table(path.parent.name, path.stem, kind, sql, prose, grain, promises, columns, path, is_view)


def _header(table: str, lines: Sequence[str], place: str) -> tuple[str, tuple[str, ...], tuple[Promise, ...]]:
    """Read the comment a file begins with: prose, then `grain:`, then `expect:` and `warn:`."""
    said = [line.removeprefix("--").strip() for line in lines]
    at = next((at for at, line in enumerate(said) if line.startswith("grain:")), len(said))
    prose = " ".join(line for line in said[:at] if line)
    if not prose:
        raise Stop(f"{place} has no header; begin it with a comment that says what the table holds.")
    grain = tuple(word.strip() for word in said[at].removeprefix("grain:").split(",")) if at < len(said) else ("",)
    if not all(grain):
        raise Stop(f"{place} has no grain; after the description write `-- grain: column, …`, what one row is.")
    promises = [*grain_promises(table, grain), *_promises(table, [line for line in said[at + 1 :] if line], place)]
    return prose, grain, tuple(dict.fromkeys(promises))


def _promises(table: str, lines: Sequence[str], place: str) -> Iterator[Promise]:
    for line in lines:
        word, _, text = line.partition(":")
        if word == "expect":
            yield parse_promise(table, text, "expect")
        elif word == "warn":
            yield parse_promise(table, text, "warn")
        else:
            raise Stop(f"{place} says `{line}` after its grain; only `expect:` and `warn:` lines stand there.")


def _check_promises(table: Table, tables: Mapping[str, Table]) -> None:
    """Refuse two promises of one name, and a promise about a column that is not there."""
    names = [promise.name for promise in table.promises]
    for promise in table.promises:
        if names.count(promise.name) > 1:
            raise Stop(f"{table.full_name} makes two promises named {promise.name}; keep one of them.")
        places = [(table.full_name, column) for column in promise.columns]
        if promise.kind == "references":
            places.append((promise.arguments[0].rpartition(".")[0], promise.arguments[0].rpartition(".")[2]))
        for name, column in places:
            known = [each.name for each in tables[name].columns] if name in tables else []
            if column not in known:
                raise Stop(f"{table.full_name} promises {promise.text}, but there is no column {name}.{column}.")


def _statement(text: str, full_name: str, place: str) -> tuple[Kind, str, tuple[Column, ...]]:
    """Return the one statement of a file without its final semicolon, what it is, and its documented columns."""
    tokens = list(_tokens(text))
    code = [token for token in tokens if token.kind != "comment"]
    ends = [token for token in code if token.text == ";" and token.depth == 0]
    if not code or ends[:-1] or (ends and ends[0] is not code[-1]):
        raise Stop(f"{place} must hold exactly one statement, a create table or a select.")
    if ends:
        tokens = tokens[: tokens.index(ends[0])] + tokens[tokens.index(ends[0]) + 1 :]
        text = text[: ends[0].start] + text[ends[0].start + 1 :]
    contract = code[0].is_word("create")
    if not contract and not code[0].is_word("select", "with", "from"):
        raise Stop(f"{place} is neither a create table nor a select; write one of them.")
    listed = _contract_list(tokens, full_name, place) if contract else _select_list(tokens)
    return "contract" if contract else "model", text.strip(), tuple(_columns(listed, place))


def _tokens(text: str) -> Iterator[_Token]:
    line = depth = 0
    for found in _TOKEN.finditer(text):
        kind, piece = str(found.lastgroup), found.group()
        depth -= kind == "mark" and piece in ")]}"
        if kind != "skip":
            yield _Token(kind, piece, line, depth, found.start())
        depth += kind == "mark" and piece in "([{"
        line += piece.count("\n")


def _contract_list(tokens: Sequence[_Token], full_name: str, place: str) -> list[_Token]:
    """Return the tokens between the brackets of `create table schema.table ( … )`."""
    opening = next((at for at, token in enumerate(tokens) if token.text == "("), len(tokens))
    head = " ".join(token.text.lower() for token in tokens[:opening] if token.kind != "comment").replace(" . ", ".")
    if head != f"create table {full_name}":
        raise Stop(f"{place} says `{head}`; file and statement must name the same table: create table {full_name} (…).")
    return [token for token in tokens[opening + 1 :] if token.depth > 0]


def _select_list(tokens: Sequence[_Token]) -> list[_Token]:
    """Return the tokens between the last select that stands in no bracket and what follows its list."""
    selects = [at for at, token in enumerate(tokens) if token.depth == 0 and token.is_word("select")]
    listed: list[_Token] = []
    for token in tokens[selects[-1] + 1 :] if selects else ():
        follows = token.depth == 0 and token.is_word(*_AFTER_THE_LIST)
        if follows and not (token.is_word("from") and listed and listed[-1].is_word("distinct")):
            break
        listed.append(token)
    return listed


def _columns(listed: Sequence[_Token], place: str) -> Iterator[Column]:
    """Name and describe each column of a list; raises `Stop` for one without a name or a comment."""
    for item, comment in _items(listed):
        if item[0].depth > 0 and item[0].is_word(*_CONSTRAINTS):
            continue
        name = _name(item[0] if item[0].depth > 0 else item[-1], item)
        if not name:
            said = " ".join(token.text for token in item[-8:])
            raise Stop(f"{place} has a column without a name, ending in `{said}`; name it with `as`.")
        if not comment:
            raise Stop(f"{place} does not describe column {name}; end its line with a comment.")
        yield Column(name, comment)


def _items(listed: Sequence[_Token]) -> Iterator[tuple[list[_Token], str]]:
    """Split a list at its own commas; give each item its tokens and the comment on the line it ends on, or an empty text."""
    base = min((token.depth for token in listed), default=0)
    parts: list[list[_Token]] = [[]]
    for token in listed:
        parts[-1].append(token)
        if token.text == "," and token.depth == base:
            parts.append([])
    for part, after in pairwise([*parts, []]):
        code = [token for token in part if token.kind != "comment"]
        item = code[:-1] if code and code[-1].text == "," and code[-1].depth == base else code
        if item:
            notes = [token for token in part if token.kind == "comment" and token.start > item[-1].start]
            near = [token for token in (*notes, *after[:1]) if token.line in (item[-1].line, code[-1].line)]
            comments = [token.text.lstrip("-").strip() for token in near if token.kind == "comment"]
            yield item, comments[-1] if comments else ""


def _name(token: _Token, item: Sequence[_Token]) -> str:
    """Return the name a token gives its column, or an empty text when it is none: a cast, a keyword, a bracket."""
    cast = len(item) > 1 and item[-2].text == "::" and token is item[-1]
    if token.kind != "name" or cast or token.is_word(*_NEVER_A_NAME):
        return ""
    return token.text[1:-1].replace('""', '"') if token.text.startswith('"') else token.text
