"""Stretches of lines at once read the same as line by line: whatever stands in them, and wherever one ends."""

import random

import pytest

from pipelines.intake import plain
from pipelines.intake.blocks import fields_of
from pipelines.intake.delimited import cut_rows, find_layout
from pipelines.intake.encodings import open_text
from pipelines.intake.feed import Feed

CELLS = ("Otter", "", "a b", "Łódź", "0049", '"Otter, GmbH"', '"say ""hi"""', '"two\nlines"', '""', " x ", "=1+1", "日本")
FAULTS = ('"never closed', 'in "the" middle', '"closed" late', "more,cells,than,headings,here", "", "\x00", '5" pipe', '"a""')


def read_slowly(path):
    with open_text(path) as file:
        lines = [line.removeprefix("\ufeff") if not number else line for number, line in enumerate(file)]
    layout = find_layout(lines[:500])
    rows = list(cut_rows(Feed(lines[layout.before :]), layout))
    return layout, [dict(row.fields) for row in rows], {at: row.trouble for at, row in enumerate(rows) if row.trouble}


def read_at_once(path, layout):
    rows, troubles = [], {}
    for block in plain.plain_blocks(path, layout):
        troubles |= {len(rows) + at: skip for at, skip in block.troubles.items()}
        rows += [fields_of(block, row) for row in range(block.rows)]
    return rows, troubles


def hold(path):
    """Assert that both ways read the same; return the rows, or nothing for a list that is not plain."""
    layout, rows, troubles = read_slowly(path)
    if not plain.is_plain(layout):
        return []
    assert read_at_once(path, layout) == (rows, troubles)
    return rows


def made(seed, faults=0.0, end="\n", delimiter=","):
    chance = random.Random(seed)
    lines = [delimiter.join(("company", "city", "note"))]
    for number in range(120):
        cells = [chance.choice(CELLS) for _ in range(3)]
        if chance.random() < faults:
            cells[chance.randrange(3)] = chance.choice(FAULTS)
        line = delimiter.join((f"{number}", *cells[1:])) if chance.random() > faults else chance.choice(FAULTS)
        lines.append(line)
    return end.join(lines) + (end if chance.random() < 0.5 else "")


@pytest.mark.parametrize("stretch", [50, 333, 1 << 20])
@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_well_quoted(tmp_path, monkeypatch, seed, stretch):
    monkeypatch.setattr(plain, "STRETCH", stretch)
    (tmp_path / "a.csv").write_text(made(seed, end=("\n", "\r\n")[seed % 2], delimiter=",;\t|"[seed % 4]), "utf-8", newline="")
    assert len(hold(tmp_path / "a.csv")) >= 100


@pytest.mark.parametrize("stretch", [80, 700, 1 << 20])
@pytest.mark.parametrize("seed", range(24))
def test_whatever_is_wrong_with_it(tmp_path, monkeypatch, seed, stretch):
    monkeypatch.setattr(plain, "STRETCH", stretch)
    (tmp_path / "a.csv").write_text(made(seed, 0.05), "utf-8", newline="")
    assert hold(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "text",
    [
        "company,city\n",
        "company,city\nOtter,Bonn",
        "company,city\rOtter,Bonn\rTeal,Köln\r",
        "company,city\r\nOtter,Bonn\r\n\r\n,\r\nTeal,Köln\n",
        "\ufeffcompany,city\nOtter,Bonn\n",
        "company,city\nOtter,Bonn\ncompany,city\nTeal,Köln\n",
        'company,city\n"Otter","Bonn"\n"Teal\n\nGmbH","Köln"\n',
        "company,\nOtter,\n\nTeal,\n",
        "company,city\nOtter\nTeal,Köln,Rhein,1,2\n" + "Wren,Ulm\n" * 20,
        'company,city\n"Otter" ,Bonn\nTeal,"Köln"\n',
        'company,city\n""Otter,Bonn\nTeal""x,Köln"\n',
    ],
)
@pytest.mark.parametrize("stretch", [7, 1 << 20])
def test_edges(tmp_path, monkeypatch, text, stretch):
    monkeypatch.setattr(plain, "STRETCH", stretch)
    (tmp_path / "a.csv").write_text(text, "utf-8", newline="")
    assert hold(tmp_path / "a.csv") or text == "company,city\n"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8-sig"])
def test_any_encoding(tmp_path, encoding):
    text = "company,city\n" + "".join(f"Müller {number},Köln\n" for number in range(50))
    (tmp_path / "a.csv").write_text(text, encoding)
    assert hold(tmp_path / "a.csv")[49] == {"company": "Müller 49", "city": "Köln"}


def test_what_pyarrow_cannot_cut_is_not_called_plain(tmp_path):
    (tmp_path / "a.csv").write_text("company\\city\nO'Hara\\Bonn\n".replace("\\", "§"), "utf-8")
    layout, rows, _ = read_slowly(tmp_path / "a.csv")
    assert not plain.is_plain(layout)
    assert rows


def test_one_bad_stretch_does_not_slow_the_rest(tmp_path, monkeypatch):
    """Behind a stray quote the columns are cut at once again."""
    monkeypatch.setattr(plain, "STRETCH", 200)
    monkeypatch.setattr(plain, "PATIENCE", 2)
    at_once = []
    monkeypatch.setattr(
        plain, "_at_once", lambda stretch, layout, real=plain._at_once: at_once.append(stretch) or real(stretch, layout)
    )
    rows = [f"Otter {number},Bonn" for number in range(100)]
    rows[10] = 'Otter 5" pipe,Bonn'
    (tmp_path / "a.csv").write_text("company,city\n" + "\n".join(rows), "utf-8")
    assert len(hold(tmp_path / "a.csv")) == 100
    assert sum(stretch.count(b"\n") for stretch in at_once) > 90


def test_a_big_file_is_read_in_blocks_and_its_sheet_says_the_same(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("Our leads 2026\n\n" + made(3), "utf-8")
    small = plain.read_table(tmp_path / "a.csv")
    monkeypatch.setattr(plain, "BIG", 0)
    big = plain.read_table(tmp_path / "a.csv")
    assert (small.blocks, big.format, big.aside) == (None, small.format, small.aside)
    assert sum(block.rows for block in big.blocks) == len(list(small.rows)) > 100
