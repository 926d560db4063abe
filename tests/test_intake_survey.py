"""Lists as open data has them: a survey of our own, table by table and fault by fault, and the real one where it lies.

The faults are those a survey of real files found: preambles, several rows of headings, none, ragged rows, delimiters, quotes
and line ends of every kind, notes below the table, several tables in a file, hundreds of columns, a single one.
"""

import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from effort import Effort

from pipelines.errors import Skip
from pipelines.intake.delimited import cut_rows, find_dialect, find_layout, lines_of
from pipelines.intake.feed import Feed
from pipelines.intake.formats import read_sheets

SHARED = Path(__file__).parents[2] / "shared"
SURVEY = SHARED / "real/csv/survey"
POINTER = b"version https://git-lfs"
BIRDS = "Otter Heron Wren Finch Badger Plover Kestrel Avocet Dunlin Siskin Lapwing Curlew Godwit Bunting Pipit Shrike".split()
FORMS = "GmbH Ltd Inc AG SAS Oy".split()
CITIES = ("Bonn", "Lyon", "Turku, FI", "Bath", "Köln", "São Paulo", "New York, NY")
NOTES = ("met at fair", "asked, twice, for a quote", 'uses "old" tool', "it's fine; call back", "", '12" rack')
chance = random.Random(7)
Table = list[list[str]]


class Case(NamedTuple):
    """A file: its text, and how it should be read."""

    name: str
    text: str
    delimiter: str
    quote: str
    rows: int


def leads(rows: int) -> Table:
    heads = ["Company", "Website", "City", "Employees", "Revenue", "Notes"]
    body = [
        [
            f"{chance.choice(BIRDS)} {chance.choice(FORMS)}",
            f"{chance.choice(BIRDS).lower()}{number}.example",
            chance.choice(CITIES),
            str(chance.randint(1, 9000)),
            f"{chance.randint(1, 900)}.{chance.randint(10, 99)}",
            chance.choice(NOTES),
        ]
        for number in range(rows)
    ]
    return [heads, *body]


def people(rows: int) -> Table:
    heads = ["First Name", "Last Name", "E-Mail", "Company", "Phone", "Signed up"]
    body = [
        [
            chance.choice(["Ada", "Kim", "O'Neil", "Zoë"]),
            chance.choice(["Grün", "Smith", "d'Arc"]),
            f"p{number}@x.example",
            f"{chance.choice(BIRDS)}, {chance.choice(FORMS)}.",
            f"+49 30 {chance.randint(10000, 99999)}",
            f"2026-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        ]
        for number in range(rows)
    ]
    return [heads, *body]


def measurements(rows: int, width: int = 8) -> Table:
    return [[f"m{at}" for at in range(width)], *([f"{chance.random() * 100:.4f}" for _ in range(width)] for _ in range(rows))]


def meetings(rows: int) -> Table:
    purposes = ["Lunch", "Dinner, drinks", 'Meeting to discuss a "bill"']
    heads = ["Org", "Minister", "Purpose", "Place"]
    departments = ["Dept A", "Dept B"]
    body = [
        [chance.choice(departments), f"Lord {chance.choice(BIRDS)}", chance.choice(purposes), chance.choice(CITIES)]
        for _ in range(rows)
    ]
    return [heads, *body]


def payments(rows: int) -> Table:
    amounts = ([f"{chance.randint(1, 999)},{chance.randint(10, 99)}", f"{chance.randint(1, 9)},5"] for _ in range(rows))
    return [["Lieferant", "Betrag", "Anteil"], *([chance.choice(BIRDS), *each] for each in amounts)]


def written(
    table: Table, delimiter: str = ",", end: str = "\r\n", quote: str = '"', escape: str = "", always: bool = False
) -> str:
    """Write a table as somebody's export does: `escape` empty doubles quotes, `always` quotes every cell."""

    def cell(text: str) -> str:
        if not always and not any(each in text for each in (delimiter, quote, "\n")):
            return text
        return quote + text.replace(quote, (escape or quote) + quote) + quote

    return "".join(delimiter.join(map(cell, row)) + end for row in table)


def variations(name: str, table: Table) -> Iterator[Case]:
    heads, body = table[0], table[1:]
    rows, half = len(body), len(body) // 2
    blank = [""] * len(heads)
    keys = [["Exported", "2026-01-01"], ["By", "Kim"], []] if len(heads) > 3 else [["Exported 2026"]]
    groups = ["Basics", *blank[: len(heads) // 2 - 1], "Details"]
    groups += blank[len(groups) :]
    for title, delimiter in (("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|"), ("caret", "^"), ("tilde", "~")):
        yield Case(f"{name} {title}", written(table, delimiter), delimiter, '"', rows)
    for title, delimiter in (("two bars", "||"), ("comma and tab", ",\t"), ("two tabs", "\t\t"), ("fences", "~|~")):
        yield Case(f"{name} {title}", written(table, delimiter), delimiter, '"', rows)
    if not any(":" in cell for row in table for cell in row):
        yield Case(f"{name} colon", written(table, ":"), ":", '"', rows)
    for title, end in (("LF", "\n"), ("CR", "\r"), ("CR CRLF", "\r\r\n"), ("blank lines", "\n\n")):
        yield Case(f"{name} {title}", written(table, end=end), ",", '"', rows)
    yield Case(f"{name} no end of the last line", written(table).rstrip(), ",", '"', rows)
    yield Case(f"{name} mixed ends", written(table[:half], end="\n") + written(table[half:], end="\r\n"), ",", '"', rows)
    yield Case(f"{name} all quoted", written(table, ";", always=True), ";", '"', rows)
    yield Case(f"{name} blanks", written(table, " ", always=True), " ", '"', rows)
    yield Case(f"{name} single quotes", written(table, quote="'", always=True), ",", "'", rows)
    yield Case(f"{name} backslashes", written(table, escape="\\"), ",", '"', rows)
    yield Case(f"{name} sep", "sep=;\n" + written(table, ";"), ";", '"', rows)
    titles = {
        "title": [["Leads 2026"]],
        "title and blank": [["Leads 2026"], []],
        "padded title": [["Leads 2026", *blank[1:]], blank],
    }
    for title, above in {**titles, "comments": [["# from the crm"], ["# 2026-01-01"]], "keys": keys}.items():
        yield Case(f"{name} below {title}", written(above + table), ",", '"', rows)
    yield Case(f"{name} above notes", written([*table, [], ["Total", str(rows)], ["Source: made up"]]), ",", '"', rows + 2)
    yield Case(f"{name} groups of headings", written([groups, *table]), ",", '"', rows)
    yield Case(f"{name} units below headings", written([heads, ["(text)"] * len(heads), *body]), ",", '"', rows)
    yield Case(f"{name} two tables", written([*table, [], heads[:2], *(row[:2] for row in body)]), ",", '"', 2 * rows + 1)
    yield Case(f"{name} too few cells", written([*table[:half], table[half][:2], *table[half + 1 :]]), ",", '"', rows)
    yield Case(f"{name} too many cells", written([*table[:half], [*table[half], "x", "y"], *table[half + 1 :]]), ",", '"', rows)
    mixed = written(table[:half]) + written([table[half]], ";") + written(table[half + 1 :])
    yield Case(f"{name} a row set apart otherwise", mixed, ",", '"', rows)
    stray = written(table[:half]) + '"' + written([table[half]]) + written(table[half + 1 :])
    yield Case(f"{name} stray quote", stray, ",", '"', rows)
    yield Case(f"{name} headings again", written([*table[:half], heads, *table[half:]]), ",", '"', rows + 1)
    if rows > 10 or name.startswith(("leads", "people", "measurements")):
        yield Case(f"{name} no headings", written(body), ",", '"', rows)


def survey() -> Iterator[Case]:
    for make in (leads, people, measurements, meetings, payments):
        for rows in (3, 40, 700):
            yield from variations(f"{make.__name__} {rows}", make(rows))
    yield Case("300 columns", written(measurements(20, 300)), ",", '"', 20)
    yield Case("70,000 lines", written(measurements(70_000, 2)), ",", '"', 70_000)
    names = [["Company"], *([f"{chance.choice(BIRDS)}, Inc."] for _ in range(30))]
    yield Case("one column", written(names, "\x00"), "", '"', 30)
    yield Case(
        "one column of addresses", "Website\n" + "".join(f"https://{each}.example/\n" for each in BIRDS), "", '"', len(BIRDS)
    )
    yield Case("one line", "Company,City\n", ",", '"', 0)
    yield Case("one line of data", "1,Otter,otter.example\n", ",", '"', 1)


@pytest.mark.parametrize("case", list(survey()), ids=lambda case: case.name)
def test_a_survey_of_our_own(case: Case) -> None:
    lines = list(io.StringIO(case.text, newline=""))
    layout = find_layout(lines[:500])
    rows = list(cut_rows(Feed(lines[layout.before :]), layout))
    assert (layout.dialect.delimiter, layout.dialect.quote, len(rows)) == (case.delimiter, case.quote, case.rows)
    assert bool(layout.aside) == (" below " in case.name and "units" not in case.name)
    assert layout.dialect.preamble == len(layout.aside)
    kept = "".join(
        (
            *layout.aside,
            *(cell for each in layout.repeats for cell in each),
            *(cell for row in rows for cell in row.fields.values()),
        )
    )
    assert letters(kept) == letters(case.text.removeprefix("sep=;"))


def letters(text: str) -> Counter[str]:
    """Count every letter and digit of a text: none may be lost on the way, and none may be added."""
    return Counter(filter(str.isalnum, text))


def test_any_text_at_all_loses_no_letter() -> None:
    """Quotes, escapes and delimiters in any order: whatever the rows are, all that was written is in them."""
    words = [
        "Otter",
        "Heron GmbH",
        "wren.example",
        "12",
        "3.5",
        "2026-01-01",
        "",
        "company",
        "'q'",
        '"',
        "'",
        "\\",
        '"a,b',
        'c""d"',
        "\n",
    ]
    for _ in range(1500):
        delimiter = chance.choice([",", ";", "\t", "|", ":", " ", "||", "^"])
        lines = [delimiter.join(chance.choices(words, k=chance.randint(1, 7))) for _ in range(chance.randint(1, 30))]
        text = chance.choice(["\n", "\r\n", "\r"]).join(lines)
        split = list(io.StringIO(text, newline=""))
        try:
            layout = find_layout(split)
        except Skip as skip:
            assert skip.reason in ("empty_file", "no_delimiter")
            continue
        rows = cut_rows(Feed(split[layout.before :]), layout)
        cells = (
            *layout.aside,
            *(cell for each in layout.repeats for cell in each),
            *(cell for row in rows for cell in row.fields.values()),
        )
        assert letters("".join(cells)) == letters(text), repr(text)


def annotated(path: Path, folder: str, ending: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((SURVEY.parent / folder / f"{path.name}{ending}").read_text("utf-8"))
    return found


def test_stray_quotes_take_linear_time() -> None:
    lines = list(io.StringIO("a,b,c\n1,2,3\n4,5,6\n" + 'x,"y"z","w\n' * 20_000, newline=""))
    layout = find_layout(lines[:500])
    with Effort() as effort:
        assert sum(1 for _ in cut_rows(Feed(lines[layout.before :]), layout)) == 20_002
    assert effort.turns < 1000


def real_files() -> list[Path]:
    """Return the survey's files that lie here; where it was fetched without its contents they are pointers, and none."""
    files = sorted(path for path in SURVEY.glob("*") if path.is_file()) if SURVEY.exists() else []
    contents = [path for path in files if path.stat().st_size > 200 or not path.read_bytes().startswith(POINTER)]
    return contents if any(path.stat().st_size for path in contents) else []


GUESSED = {"\r", "n", "0"}
"""Delimiters some annotations name that are no delimiters of those files: the commonest character of a file without another."""


@pytest.mark.slow
@pytest.mark.parametrize("path", real_files() or [None], ids=lambda path: path.name if path else "none")
def test_the_real_survey_is_read_whole_and_in_its_dialect(path: Path | None) -> None:
    if path is None:
        pytest.skip("the survey is not on this machine, or only as pointers: ../shared is no part of the project")
    told = annotated(path, "survey-dialects", "_dialect.json")["dialect"]
    assert isinstance(told, dict)
    if path.stat().st_size == 0:
        with pytest.raises(Skip, match="empty_file"):
            next(read_sheets(path))
        return
    found = find_dialect(path)
    if told["delimiter"] not in GUESSED:
        assert (found.delimiter, found.quote) == (told["delimiter"], told["quotechar"])
    text = path.read_bytes().decode(found.encoding, "replace")
    (sheet,) = read_sheets(path)
    headings = chain.from_iterable(find_layout(list(lines_of(path, 500))).repeats)
    kept = letters("".join((*sheet.aside, *headings)))
    for row in sheet.rows:
        kept.update(filter(str.isalnum, "".join(row.fields.values())))
    assert kept == letters(text.removeprefix("sep=")), "every letter and digit of the file is in a row, the headings or aside"
