"""Lead lists in Markdown: one company a file with front matter, tables, and lists of links.

Here: which lines are entries and their cells; every other line is kept aside. Elsewhere: what the headings mean (`headings`).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

from pipelines.errors import Skip
from pipelines.intake.encodings import open_text
from pipelines.intake.layout import rows_under
from pipelines.intake.rows import Row, Sheet, distinct, storable
from pipelines.intake.wording import said

DEEPEST = 50
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
LINK = re.compile(
    r"""(?:!\[[^\]]*\]\([^)]*\)\s*)?[*_~`]{0,3}\[(?P<text>(?:\\.|[^\[\]\\]|\[[^\[\]]*\])+)\]
        (?:\(\s*<?(?P<url>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+["'(][^\n]*?["')])?\s*\)|\[(?P<label>[^\[\]]*)\])[*_~`]{0,3}""",
    re.VERBOSE,
)
AUTOLINK = re.compile(r"<?(?P<url>https?://[^\s<>|]+)>?")
PIPE = re.compile(r"(?<!\\)\|")
COLUMNS = re.compile(r"\s\|(?:\s|$)")
AFTER_LINK = re.compile(r"^\s*(?:[-–—:,]\s+)?")
IDENTIFYING = ("company", "website", "email")
MOST_SIZE = 100_000_000
NO_ENTRY = Skip("not_an_entry", "The line has a link, and none of the columns of the entries beside it; if it is one, add them.")


@dataclass(frozen=True, slots=True)
class _Item:
    """One line of a list: where it stands, how deep, what it says, and the link it begins with, if any."""

    first: int
    last: int
    level: int
    text: str
    name: str | None
    url: str | None
    rest: str


def read_markdown(path: Path) -> Sheet:
    """Read the rows of the file; raises `Skip` when it holds neither front matter nor a table nor a list of links."""
    if path.stat().st_size > MOST_SIZE:
        raise Skip("unsupported_format", "The Markdown file is too large for a list; save the list as CSV and bring that.")
    with open_text(path) as file:
        text = file.read().lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Skip("empty_file", "The file is empty; export the list again and bring that.")
    matter = FRONT_MATTER.match(text)
    body = text[matter.end() :] if matter else text
    if matter and _is_about_one(matter[1]):
        return Sheet("markdown", iter([_front_row(matter[1], body)]))
    rows, aside = _body_rows(body)
    if matter and not rows:
        return Sheet("markdown", iter([_front_row(matter[1], body)]))
    if not rows:
        raise Skip("no_rows", "The file holds prose, and no table or list of links; bring the list as CSV.")
    above = tuple(filter(str.strip, matter[1].split("\n"))) if matter else ()
    return Sheet("markdown", iter(rows), aside=(*above, *aside))


def _is_about_one(matter: str) -> bool:
    """Say whether the front matter itself is about a company, rather than about the page below it."""
    return any(said(key).field in IDENTIFYING for key in re.findall(r"^([\w .-]+):", matter, re.MULTILINE))


def _front_row(matter: str, body: str) -> Row:
    """Return the front matter as fields, values as they were written, and what stands below it as `body`."""
    below = {"body": storable(body.strip())} if body.strip() else {}
    try:
        _hold_flat(matter)
        content = yaml.load(matter, yaml.BaseLoader)  # noqa: S506 - the loader that makes nothing but text
    except (yaml.YAMLError, RecursionError, ValueError):
        content = None
    if not isinstance(content, dict):
        trouble = Skip("broken_front_matter", "The front matter is not valid YAML; mend it and bring the file again.")
        return Row({"front matter": storable(matter), **below}, trouble)
    names = distinct([*(storable(str(key)) for key in content), *below])
    return Row(dict(zip(names, (*map(_text, content.values()), *below.values()), strict=True)))


def _hold_flat(matter: str) -> None:
    """Raise `YAMLError` for aliases, and for nesting that nobody writes: reading it takes the square of its depth."""
    depth = 0
    for each in yaml.parse(matter, yaml.SafeLoader):
        depth += isinstance(each, yaml.CollectionStartEvent) - isinstance(each, yaml.CollectionEndEvent)
        if depth > DEEPEST or isinstance(each, yaml.AliasEvent):
            raise yaml.YAMLError


def _text(value: object) -> str:
    return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _body_rows(body: str) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of the tables and lists in their order, and the lines that belong to none."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.disable("inline")
    references: dict[str, dict[str, dict[str, str]]] = {}
    tokens = parser.parse(body, references)
    lines = body.split("\n")
    links = {label.casefold(): each["href"] for label, each in references.get("references", {}).items()}
    tables = [token.map for token in tokens if token.type == "table_open" and token.map]
    found = [each for first, last in tables for each in _table_rows(lines, first, last)]
    items = [
        _item(tokens[at + 2].content, inline_map, token.level, links)
        for at, token in enumerate(tokens[:-2])
        if token.type == "list_item_open" and tokens[at + 2].type == "inline" and (inline_map := tokens[at + 2].map)
    ]
    found += list(_item_rows(items))
    taken = {number for number, last, _ in found for number in range(number, last)}
    taken |= {number for first, _ in tables for number in (first, first + 1)}
    aside = tuple(line for number, line in enumerate(lines) if number not in taken and line.strip())
    return [row for _, _, row in sorted(found, key=lambda each: each[:2])], aside


def _table_rows(lines: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int, Row]]:
    """Yield each row of a table, with its first line and the line after it; a linked cell's address stands beside its text."""
    headings = distinct(_cells(lines[first]))
    has_website = any(said(heading).field == "website" for heading in headings)
    for number in range(first + 2, last):
        cells = _cells(lines[number])
        (row,) = rows_under([cells], headings)
        yield number, number + 1, Row(_with_links(row.fields, has_website=has_website))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in PIPE.split(inner)]


def _with_links(fields: Mapping[str, str], *, has_website: bool) -> dict[str, str]:
    """Return the cells, linked ones as their text, with the address beside it: as `website` if the table has none."""
    shown: dict[str, str] = {}
    for heading, cell in fields.items():
        link = LINK.fullmatch(cell)
        if link is None or not link["url"]:
            shown[heading] = cell
        elif said(heading).field == "website":
            shown[heading] = link["url"]
        else:
            is_first = not has_website and "website" not in shown and _is_web(link["url"])
            shown |= {heading: _plain(link["text"]), "website" if is_first else f"{heading} link": link["url"]}
    return shown


def _item(text: str, lines: Sequence[int], level: int, links: Mapping[str, str]) -> _Item:
    """Return what one item of a list says."""
    text = " ".join(text.split("\n"))
    link = LINK.match(text)
    if link:
        url = link["url"] or links.get((link["label"] or link["text"]).casefold())
        return _Item(lines[0], lines[1], level, text, _plain(link["text"]), url, text[link.end() :])
    bare = AUTOLINK.match(text)
    return _Item(lines[0], lines[1], level, text, None, bare["url"] if bare else None, text[bare.end() :] if bare else text)


def _item_rows(items: Sequence[_Item]) -> Iterator[tuple[int, int, Row]]:
    """Yield the entries among the items, with their lines.

    Where entries have columns set apart by bars, a link without any is a row that says so: it may be an article as well as a
    company. Where none has, every item that begins with a link to a website is an entry.
    """
    columns = [each for each in items if COLUMNS.search(each.text)]
    linked = [each for each in items if each.url and _is_web(each.url)]
    in_columns = len(columns) > 1 and 3 * len(columns) >= len(linked)
    for each in items:
        if COLUMNS.search(each.text) if in_columns else each.url and _is_web(each.url):
            yield each.first, each.last, Row(_fields(each, COLUMNS.split(each.rest) if in_columns else [each.rest]))
        elif in_columns and each.level == 1 and each.url and _is_web(each.url):
            yield each.first, each.last, Row({"line": storable(each.text)}, NO_ENTRY)


def _fields(item: _Item, parts: Sequence[str]) -> dict[str, str]:
    """Return the cells of an entry: the link's text is the company, its address the website, then a column for each part."""
    first, *others = (part.strip() for part in parts)
    name = item.name if item.name or item.url else first
    after = AFTER_LINK.sub("", first) if item.name or item.url else ""
    cells = [*([after] if after else []), *others]
    links = {"website" if _is_web(item.url) else "link": item.url} if item.url else {}
    known = ({"company": name} if name else {}) | links
    return {key: storable(cell) for key, cell in {**known, **{f"column {at}": cell for at, cell in enumerate(cells, 3)}}.items()}


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip("*_~` ")


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "www."))
