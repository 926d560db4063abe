"""Workbooks become rows, sheet by sheet; those made to hurt are refused, or die alone."""

import struct
import zlib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from xlsxwriter import Workbook as FastWorkbook

from pipelines.errors import Skip
from pipelines.intake import archives, workbook
from pipelines.intake.formats import read_sheets
from pipelines.intake.workbook_reader import text

HOSTILE = Path(__file__).parents[2] / "shared/hostile/xlsx"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def by_hand(path: Path, sheet: str, **others: str) -> Path:
    """Zip the least workbook there can be around the XML of one sheet; `others` are further parts, or replace these."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{office}"><sheets><sheet name="One" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    } | others
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet_of(*rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def row_of(number: int, **cells: str) -> str:
    return f'<row r="{number}">{"".join(CELL.format(f"{column}{number}", cell) for column, cell in cells.items())}</row>'


GOOD = sheet_of(row_of(1, A="company", B="site"), row_of(2, A="Otter", B="otter.example"))


def outcome(path: Path) -> list[tuple[str, int]]:
    """Return what each row of the file's sheets came to, or why it was refused as a whole."""
    try:
        found = [row.trouble.reason if row.trouble else "row" for sheet in read_sheets(path) for row in sheet.rows]
    except Skip as skip:
        assert skip.sentence.endswith(".")
        found = [skip.reason]
    return [(reason, found.count(reason)) for reason in dict.fromkeys(found)]


def test_every_sheet_is_told_of_with_its_values(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Leads"
    for row in (["Leads of the fair"], [], ["Company", None, "Contact"], ["Name", "City", "Name", "Phone", "Zip"]):
        sheet.append(row)
    sheet.merge_cells("A3:B3")
    sheet.append(["Otter GmbH", "Köln", "Ada", 4930123456789, 1234])
    sheet["E5"].number_format = "00000"
    sheet.append(["Heron Ltd", None, "Kim", 18.0, 0.1 + 0.2])
    sheet.append([])
    sheet.append(["Total", 2])
    book.create_sheet("Nothing")
    hidden = book.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    hidden.append(["company"])
    hidden.append(["Wren"])
    hidden.row_dimensions[2].hidden = True
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=4, min_row=5, max_row=6))
    book.create_chartsheet("Chart").add_chart(chart)
    found = {
        each.name: (each.aside, [dict(row.fields) for row in each.rows]) for each in read_sheets(saved(book, tmp_path / "a.xlsx"))
    }
    heads = ["Company / Name", "Company / City", "Contact / Name", "Phone", "Zip"]
    assert found == {
        "Leads": (
            ("Leads of the fair",),
            [
                dict(zip(heads, ["Otter GmbH", "Köln", "Ada", "4930123456789", "01234"], strict=True)),
                dict(zip(heads, ["Heron Ltd", "", "Kim", "18", "0.3"], strict=True)),
                dict(zip(heads, ["Total", "2", "", "", ""], strict=True)),
            ],
        ),
        "Nothing": ((), []),
        "Hidden": ((), [{"company": "Wren"}]),
        "Chart": ((), []),
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (18.0, "18"),
        (18.5, "18.5"),
        (0.1 + 0.2, "0.3"),
        (1.2e11, "120000000000"),
        (1.5e-7, "0.00000015"),
        (4930123456789, "4930123456789"),
        (float("inf"), "inf"),
        (True, "true"),
        (False, "false"),
        ("#REF!", "#REF!"),
        ("=1+1", "=1+1"),
        ("a_x000D_b", "a\rb"),
        (datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None), "2026-03-01"),
        (datetime(2026, 3, 1, 10, 30, 5, tzinfo=UTC).replace(tzinfo=None), "2026-03-01T10:30:05"),
        (time(10, 30), "10:30:00"),
        (timedelta(hours=26, minutes=5), "26:05:00"),
    ],
)
def test_a_cell_is_what_people_would_write(value: object, shown: str) -> None:
    assert text(value) == shown


def test_sheets_may_be_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    for number in range(3):
        sheet = book.create_sheet(f"S{number}")
        sheet.append(["company"])
        for row in range(2000):
            sheet.append([f"Otter {row}"])
    del book["Sheet"]
    sheets = read_sheets(saved(book, tmp_path / "a.xlsx"))
    assert [sheet.name for sheet in sheets] == ["S0", "S1", "S2"]


def test_nobody_is_left_waiting(tmp_path: Path) -> None:
    """Whoever stops reading early ends the process that reads."""
    book = FastWorkbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    for row in range(20_000):
        sheet.write_row(row, 0, [f"Otter {row}", "x" * 50])
    book.close()
    sheets = read_sheets(tmp_path / "a.xlsx")
    first = next(sheets)
    assert next(first.rows).fields
    sheets.close()


@pytest.mark.slow
def test_a_big_honest_workbook_is_read_in_little_memory(tmp_path: Path) -> None:
    book = FastWorkbook(tmp_path / "a.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Company", "Website", "Notes"])
    for row in range(1, 30_001):
        sheet.write_row(row, 0, [f"Otter {row} GmbH", f"o{row}.example", f"met at the fair on day {row % 3}"])
    book.close()
    assert outcome(tmp_path / "a.xlsx") == [("row", 30_000)]


@pytest.mark.parametrize(
    ("sheet", "others", "came_to"),
    [
        (GOOD, {}, [("row", 1)]),
        (sheet_of(row_of(1, A="x"), row_of(1_048_576, XFD="y")), {}, [("sheet_too_sparse", 1)]),
        (
            sheet_of(row_of(1, A="x"), row_of(2, A="y", XFD="z"), *(row_of(n, XFD="z") for n in range(3, 90))),
            {},
            [("row", 60), ("sheet_too_sparse", 1)],
        ),
        (
            sheet_of(row_of(1, A="company"), *(f'<row r="{n}"/>' for n in range(2, 50_000)), row_of(50_000, A="Otter")),
            {},
            [("row", 1)],
        ),
        (sheet_of('<row r="1"><c r="ZZZZZZ99999999999" t="inlineStr"><is><t>x</t></is></c></row>'), {}, [("broken_sheet", 1)]),
        (sheet_of('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), {}, [("broken_sheet", 1)]),
        (GOOD.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'), {}, [("row", 1)]),
        (GOOD.removesuffix("</sheetData></worksheet>"), {}, [("row", 1), ("broken_sheet", 1)]),
        (f'<!DOCTYPE w [<!ENTITY l "lol">]>{GOOD}', {}, [("unsafe_workbook", 1)]),
        (f'<!DOCTYPE w [<!ENTITY l SYSTEM "file:///etc/passwd">]>{GOOD}', {}, [("unsafe_workbook", 1)]),
        (f"<!DOCTYPE w []>{GOOD}".encode("utf-16").decode("latin-1"), {}, [("unsafe_workbook", 1)]),
        (f'<?xml version="1.0" encoding="cp037"?>{GOOD}', {}, [("unsafe_workbook", 1)]),
        (GOOD, {"xl/../../evil.xml": "x"}, [("unsafe_workbook", 1)]),
        (GOOD, {"/etc/cron.d/x": "x"}, [("unsafe_workbook", 1)]),
        (GOOD, {"C:\\evil.xml": "x"}, [("unsafe_workbook", 1)]),
        (GOOD, {f"xl/media/{n}.bin": "" for n in range(1200)}, [("unsafe_workbook", 1)]),
        (GOOD, {"xl/media/a.bin": "0" * 60_000_000}, [("unsafe_workbook", 1)]),
        (GOOD, {"xl/styles.xml": "<nonsense"}, [("row", 1)]),
        (GOOD, {"xl/workbook.xml": "<nonsense"}, [("broken_workbook", 1)]),
        (GOOD, {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets/></workbook>'}, [("broken_workbook", 1)]),
        (GOOD, {"[Content_Types].xml": ""}, [("broken_workbook", 1)]),
    ],
)
def test_what_is_made_to_hurt(tmp_path: Path, sheet: str, others: dict[str, str], came_to: list[tuple[str, int]]) -> None:
    assert outcome(by_hand(tmp_path / "a.xlsx", sheet, **others)) == came_to


def test_a_link_out_of_the_workbook_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", GOOD)
    with ZipFile(path, "a") as archive:
        link = ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert outcome(path) == [("unsafe_workbook", 1)]


def test_a_part_twice_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", GOOD)
    assert outcome(path) == [("unsafe_workbook", 1)]


def test_a_lying_size_is_counted(tmp_path: Path) -> None:
    """The directory of the zip says ten bytes, and much more comes out: what counts is what comes out, or that it is a lie."""
    path = by_hand(tmp_path / "a.xlsx", GOOD, **{"xl/media/a.bin": "0" * 5_000_000})
    data = path.read_bytes()
    lie = data.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 10))
    assert lie != data
    path.write_bytes(lie)
    assert outcome(path)[0][0] in ("unsafe_workbook", "broken_workbook")


def test_a_damaged_part_is_said(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", GOOD)
    packed = zlib.compress(GOOD.encode())[2:20]
    data = path.read_bytes()
    at = data.find(packed[:8])
    path.write_bytes(data[: at + 5] + b"\xff\xff\xff" + data[at + 8 :])
    assert outcome(path) == [("broken_workbook", 1)]


def test_too_much_memory_or_time_ends_the_reader_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = by_hand(tmp_path / "a.xlsx", GOOD)
    monkeypatch.setattr(workbook, "MEMORY", 1 << 20)
    assert outcome(path)[0][0] in ("workbook_too_heavy", "broken_workbook")
    monkeypatch.setattr(workbook, "MEMORY", 2 << 30)
    monkeypatch.setattr(workbook, "SECONDS", 1)
    book = FastWorkbook(tmp_path / "b.xlsx")
    sheet = book.add_worksheet()
    for row in range(60_000):
        sheet.write_row(row, 0, [f"Otter {row}", row, row, row, row, row])
    book.close()
    (*_, (last, times)) = outcome(tmp_path / "b.xlsx")
    assert (last, times) == ("workbook_too_heavy", 1)


def test_big_files_may_hold_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = by_hand(tmp_path / "a.xlsx", GOOD)
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    monkeypatch.setattr(archives, "ORDINARY_RATIO", 0.1)
    assert outcome(path) == [("unsafe_workbook", 1)]
    monkeypatch.setattr(archives, "ORDINARY_RATIO", 20)
    assert outcome(path) == [("row", 1)]


@pytest.mark.parametrize(
    ("name", "came_to"),
    [
        ("ok", "row"),
        ("formula", "row"),
        ("far_corner", "sheet_too_sparse"),
        ("overflow_ref", "broken_sheet"),
        ("xml_bomb", "unsafe_workbook"),
        ("xxe", "unsafe_workbook"),
        ("zipbomb_1g_text", "unsafe_workbook"),
        ("zipbomb_20m_rows", "unsafe_workbook"),
        ("zipbomb_30m_sst", "unsafe_workbook"),
    ],
)
def test_hostile_workbooks(name: str, came_to: str) -> None:
    path = HOSTILE / f"{name}.xlsx"
    if not path.exists():
        pytest.skip("../shared is not on this machine: it is no part of the project")
    assert outcome(path) == [(came_to, 1)]


def test_a_dimension_that_lies_is_not_believed() -> None:
    path = HOSTILE / "dimension_lie.xlsx"
    if not path.exists():
        pytest.skip("../shared is not on this machine: it is no part of the project")
    assert [list(sheet.rows) for sheet in read_sheets(path)] == [[]], "one cell is a heading without rows"
