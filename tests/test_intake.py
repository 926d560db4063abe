"""Lead lists become tables: golden lists in tests/leads, the books, the contracts."""

import json
import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipelines.errors import Stop
from pipelines.ids import make_id
from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.parallel import read_written, write_lists
from pipelines.intake.reading import read_lists, steps
from pipelines.intake.tables import LEAD_LIST, LEAD_ROW, REJECTED_ROW, SIGHTING
from pipelines.settings import Lists, Settings

CASES = sorted(path.parent for path in Path(__file__).parent.glob("leads/*/expected.yaml"))
SETTINGS = Settings(lists=Lists(default_country="DE"))
TODAY = date(2026, 3, 1)


def read(inbox, *paths, settings=SETTINGS):
    receive(paths, inbox, TODAY)
    return read_lists(lists_in(inbox, settings.lists, TODAY), settings)


def read_text(tmp_path, name, text, settings=SETTINGS):
    (tmp_path / name).write_text(text, "utf-8")
    return read(tmp_path / "inbox", tmp_path / name, settings=settings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_list(case, tmp_path):
    expected = yaml.safe_load((case / "expected.yaml").read_text("utf-8"))
    (file,) = (path for path in case.iterdir() if path.name != "expected.yaml")
    tables = read(tmp_path, file)
    (listed,) = tables.lead_list.to_pylist()
    assert (listed["format"], listed["rows_in"]) == (expected["format"], expected["rows_in"])
    assert {row["row_number"]: row["reason"] for row in tables.rejected_row.to_pylist()} == expected["rejected"]
    sightings = [each | {"extra": json.loads(each["extra"])} for each in tables.sighting.to_pylist()]
    shown = [{key: found[key] for key in wanted} for found, wanted in zip(sightings, expected["sightings"], strict=True)]
    assert shown == expected["sightings"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_row_is_kept_and_accounted_for(case, tmp_path):
    tables = read(tmp_path, case)  # the expected.yaml goes in too: it cannot be read, and must not hurt the list beside it
    assert sum(row["rows_in"] for row in tables.lead_list.to_pylist()) == tables.lead_row.num_rows
    assert tables.lead_row.num_rows == tables.sighting.num_rows + tables.rejected_row.num_rows
    assert {row["reason"] for row in tables.rejected_row.to_pylist()} >= {"unsupported_format"}
    assert len(set(tables.lead_row["row_id"].to_pylist())) == tables.lead_row.num_rows


def test_columns_are_those_of_the_contracts(tmp_path):
    found = read_text(tmp_path, "a.csv", "company\nOtter\n").named()
    assert set(found) == {"raw.lead_list", "raw.lead_row", "raw.rejected_row", "core.sighting"}
    for name, table in found.items():
        contract = (Path(__file__).parents[1] / "sql" / name.replace(".", "/")).with_suffix(".sql").read_text("utf-8")
        columns = re.findall(r"^    (\w+) (?:varchar|bigint|date|double|smallint)( not null)?", contract, re.MULTILINE)
        assert [(field.name, not field.nullable) for field in table.schema] == [(each, bool(full)) for each, full in columns]


def test_nothing_at_all_has_the_same_columns():
    tables = read_lists([], SETTINGS)
    schemas = [tables.lead_list.schema, tables.lead_row.schema, tables.rejected_row.schema, tables.sighting.schema]
    assert schemas == [LEAD_LIST, LEAD_ROW, REJECTED_ROW, SIGHTING]


def test_raw_text_is_kept_as_it_came(tmp_path):
    tables = read_text(tmp_path, "a.csv", "Company,Zip,Tax\n Otter ,00123,1.20E+11\n")
    (row,) = tables.lead_row.to_pylist()
    assert json.loads(row["fields"]) == {"Company": " Otter ", "Zip": "00123", "Tax": "1.20E+11"}
    assert row["row_id"] == row["list_id"].replace("list", "row") + "_1"


def test_lead_id_hashes_raw_fields_and_no_list(tmp_path):
    read_text(tmp_path, "one.csv", "company,city\nOtter,Bonn\n")
    seen = read_text(tmp_path, "two.json", '[{"city": "Bonn", "company": "Otter"}]').sighting
    assert (len(set(seen["list_id"].to_pylist())), len(set(seen["lead_id"].to_pylist()))) == (2, 1)


@pytest.mark.parametrize(
    ("row", "identity"),
    [
        ({"company": "Otter", "email": "Ada@otter.example", "first name": "Ada"}, "email|ada@otter.example"),
        ({"company": "Otter GmbH", "full name": "Lovelace, Ada"}, "person|ada lovelace|otter"),
        ({"company": "Otter", "full name": "Ada Lovelace", "website": "otter.example"}, "person|ada lovelace|otter.example"),
        ({"company": "Otter", "website": "www.otter.example"}, "domain|otter.example"),
        ({"company": "Otter AG", "country": "Suisse", "city": "Zürich"}, "company|otter|CH|zurich"),
    ],
)
def test_identity(tmp_path, row, identity):
    tables = read_text(tmp_path, "a.json", json.dumps([row]))
    assert tables.sighting["identity"].to_pylist() == [identity.replace("|", "\x1f")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ada@freemail.example,,", "free_mail_only"),
        ("ada(at)otter,,", "broken_email"),
        (",Ada,", "no_company"),
        (",,***", "no_company"),
        (",, ", "empty_row"),
    ],
)
def test_reasons_for_refusing(tmp_path, row, reason):
    tables = read_text(tmp_path, "a.csv", f"email,full name,company\nada@otter.example,Ada,Otter\n{row}\n")
    (rejected,) = tables.rejected_row.to_pylist()
    assert (rejected["reason"], rejected["row_number"]) == (reason, 2)
    assert rejected["sentence"].endswith(".")
    assert list(json.loads(rejected["fields"])) == ["email", "full name", "company"]


def test_a_row_that_sums_up_is_no_company_but_a_company_called_total_is(tmp_path):
    text = 'company,country,leads\nOtter,DE,2\nTotal,France,1\nTotal,,3\nGrand total:,,"1,234"\n'
    tables = read_text(tmp_path, "a.csv", text)
    assert tables.sighting["company"].to_pylist() == ["Otter", "Total"]
    assert [(row["row_number"], row["reason"]) for row in tables.rejected_row.to_pylist()] == [(3, "a_total"), (4, "a_total")]


def test_settings_have_the_last_word(tmp_path):
    lists = Lists(headings={"*fair*": {"Wer": "full_name", "mail": "extra"}})
    text = "Firma,Wer,Mail\nOtter,Ada Lovelace,ada@otter.example\n"
    (seen,) = read_text(tmp_path, "Fair 2026.csv", text, Settings(lists=lists)).sighting.to_pylist()
    assert (seen["last_name"], seen["email"], json.loads(seen["extra"])) == ("Lovelace", None, {"Mail": "ada@otter.example"})


def test_a_wrong_override_stops_the_run(tmp_path):
    with pytest.raises(Stop, match=r"maps `Wer` to person.*choose from company"):
        read_text(tmp_path, "a.csv", "Wer\nOtter\n", Settings(lists=Lists(headings={"*": {"Wer": "person"}})))


def test_an_absurd_cell_is_no_value(tmp_path):
    (seen,) = read_text(tmp_path, "a.csv", f"company,website\n{'x' * 5000},otter.example\n").sighting.to_pylist()
    assert (seen["company"], len(json.loads(seen["extra"])["company"])) == (None, 5000)


def test_a_list_is_read_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.intake.blocks.ROWS", 2)
    (tmp_path / "a.csv").write_text("company\n" + "".join(f"Otter {n}\n" for n in range(5)), "utf-8")
    (found,) = lists_in(tmp_path, Lists(), TODAY)
    parts = [step() for step in steps([found], Settings())]
    assert [part.lead_row.num_rows for part in parts] == [2, 2, 1, 0]
    assert parts[-1].lead_list["rows_in"].to_pylist() == [5]


def test_small_lists_share_files_and_big_ones_are_read_by_threads(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("company,city\n" + "".join(f"{name} {n},Bonn\n" for n in range(30)), "utf-8")
    (tmp_path / "big.csv").write_text("company,city\n" + "".join(f"Teal {n},Ulm\n" for n in range(200)) + ",\n", "utf-8")
    found = lists_in(tmp_path, Lists(), TODAY)
    whole = read_lists(found, Settings())
    monkeypatch.setattr("pipelines.intake.parallel.BIG", 100)
    (tmp_path / "leads").mkdir()
    (tmp_path / "leads/left-over.parquet").touch()
    files = write_lists(steps(found, Settings()), tmp_path / "leads", threads=3)
    assert {name: len(paths) for name, paths in files.items()} == {
        "raw.lead_list": 1, "raw.lead_row": 2, "raw.rejected_row": 1, "core.sighting": 2
    }  # fmt: skip
    for name, table in whole.named().items():
        written = pa.concat_tables(map(pq.read_table, files[name])).sort_by("list_id").to_pylist()
        assert sorted(map(str, written)) == sorted(map(str, table.to_pylist()))
    assert read_written(files["raw.lead_list"]).num_rows == 3


def test_what_goes_wrong_in_a_thread_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.intake.parallel.BIG", 1)
    monkeypatch.setattr("pipelines.intake.reading.understand", lambda *_: 1 / 0)
    (tmp_path / "a.csv").write_text("company\nOtter\nTeal\n", "utf-8")
    with pytest.raises(ZeroDivisionError):
        write_lists(steps(lists_in(tmp_path, Lists(), TODAY), Settings()), tmp_path / "leads", threads=2)


def test_a_row_id_names_its_list_and_a_lead_id_its_cells(tmp_path):
    (row,) = read_text(tmp_path, "a.json", '[{"company": "Otter", "city": null, "country": ""}]').lead_row.to_pylist()
    (seen,) = read_text(tmp_path, "b.json", '[{"country": "", "company": "Otter"}]').sighting.slice(0, 1).to_pylist()
    assert row["row_id"] == row["list_id"].replace("list_", "row_") + "_1"
    assert seen["lead_id"] == make_id("lead", "company", "country", "Otter", "")
