"""Trial E: what leaves the house is no formula in any spreadsheet, and nothing leaves that somebody asked to be left out of.

Here: the payloads of others wherever a lead list has text, its own name included, in every layout; workbooks taken apart; an
export after an erasure. Elsewhere: our own payloads, and what each layout holds (test_layouts).
"""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from release.world import GIVENS, PEOPLE, make_warehouse, verdicts_of
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.questions import open_for_export
from pipelines.release.layouts import LAYOUTS, export
from pipelines.release.snapshot import publish
from pipelines.warehouse import Warehouse

SHARED = Path(__file__).parents[2] / "shared" / "hostile" / "csv" / "csv_injection.json"
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXTS = ("company", "first_name", "last_name", "email", "job_title", "phone", "city", "channel", "campaign", "list")
LIVE_PARTS = re.compile(rb"<f[ >/]|<hyperlink|externalLink|vbaProject|<ddeLink|<oleLink")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    if not SHARED.exists():
        pytest.skip("the payloads of others are not beside this checkout")
    payloads = json.loads(SHARED.read_text("utf-8"))
    people = [{**dict.fromkeys(TEXTS, each), "domain": f"p{number}.example"} for number, each in enumerate(payloads)]
    stated = ("name", "description", "street", "city", "region", "phone", "linkedin", "certification")
    facts = {f"p{number}.example": [(name, each) for name in stated] for number, each in enumerate(payloads)}
    with make_warehouse(tmp_path_factory.mktemp("hostile"), people, facts) as warehouse:
        yield warehouse


def live(cell: str) -> bool:
    """Whether a spreadsheet could run it: what is left when all that does not show is taken off begins like a formula."""
    return cell[:1] in ("\t", "\r", "\n") or cell.strip().lstrip('\ufeff\u200b\u200e\u00a0"').startswith(STARTS)


@pytest.mark.parametrize("layout", [name for name, each in LAYOUTS.items() if each.suffix == "csv"])
def test_e1_no_payload_lives_in_a_csv(hostile: Warehouse, tmp_path: Path, layout: str) -> None:
    paths = export(hostile, layout, tmp_path)
    assert paths and all(re.fullmatch(r"[a-z][a-z0-9.-]*\.csv", path.name) for path in paths)
    for path in paths:
        rows = list(csv.reader(StringIO(path.read_bytes().decode(), newline="")))
        assert len(rows) > 10
        assert [cell for row in rows for cell in row if live(cell)] == []


def test_e1_the_same_payloads_would_live(hostile: Warehouse, tmp_path: Path) -> None:
    (path,) = export(hostile, "parquet", tmp_path)
    table = pq.read_table(path)
    for column in ("company", "job_title", "campaign", "list"):
        assert sum(live(str(value)) for value in table[column].to_pylist()) > 5, column


def test_e3_a_workbook_holds_text_and_numbers_only(hostile: Warehouse, tmp_path: Path) -> None:
    (path,) = export(hostile, "xlsx", tmp_path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert [name for name, content in parts.items() if LIVE_PARTS.search(content) or LIVE_PARTS.search(name.encode())] == []
    assert b"=" in parts["xl/worksheets/sheet1.xml"], "the payloads are there, as text"
    kinds = set(re.findall(rb'<c [^>]*?t="(\w+)"', parts["xl/worksheets/sheet1.xml"]))
    assert kinds <= {b"inlineStr", b"s"}


def test_e8_nothing_is_exported_after_somebody_was_suppressed(tmp_path: Path) -> None:
    home = ["--home", str(tmp_path)]
    with make_warehouse(tmp_path, PEOPLE) as warehouse:
        publish(warehouse, verdicts_of(warehouse), tmp_path / "releases", "v1", {**GIVENS, "suppression": ""}, 5)
    with open_for_export(Home(tmp_path)) as (_, reader):
        assert reader.count("mart.lead") == len(PEOPLE)
    CliRunner().invoke(app, ["suppress", "add", "ada@tin-anchor.example", *home], catch_exceptions=False)
    with pytest.raises(Stop, match="Somebody was suppressed since this release was made"), open_for_export(Home(tmp_path)):
        pass
    for layout in LAYOUTS:
        with pytest.raises(Stop):
            CliRunner().invoke(app, ["export", "--layout", layout, "--to", str(tmp_path / "out"), *home], catch_exceptions=False)
    assert list((tmp_path / "out").rglob("*.*")) == []
