"""Lead lists that people really have, and files made to hurt: nothing is lost, nothing is unhandled."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.reading import read_lists
from pipelines.settings import Lists, Settings

SHARED = Path(__file__).parents[2] / "shared"
REAL, HOSTILE = SHARED / "real/leads", SHARED / "hostile"
TODAY = date(2026, 3, 1)


def needed(*paths: Path) -> list[Path]:
    if missing := [path for path in paths if not path.exists()]:
        pytest.skip(f"{missing[0].name} is not on this machine: ../shared is no part of the project")
    return list(paths)


def read(tmp_path, paths):
    receive(paths, tmp_path, TODAY)
    tables = read_lists(lists_in(tmp_path, Lists(), TODAY), Settings())
    listed = tables.lead_list.to_pylist()
    assert sum(each["rows_in"] for each in listed) == tables.lead_row.num_rows
    assert tables.lead_row.num_rows == tables.sighting.num_rows + tables.rejected_row.num_rows
    return tables


def reasons(tables):
    return {row["reason"] for row in tables.rejected_row.to_pylist()}


def test_fifty_companies_by_their_domains(tmp_path):
    seen = read(tmp_path, needed(REAL / "forbes_ai50.json")).sighting.to_pylist()
    domains = {row["company"]: row["domain"] for row in seen}
    assert len(seen) == len(set(domains.values())) == 50
    assert (domains["Anthropic"], domains["World Labs"], domains["Abridge"]) == ("anthropic.com", "world-labs.com", "abridge.com")
    assert {row["country"] for row in seen} >= {"US"}
    assert all(row["country"] and row["city"] for row in seen)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rows", "with_domain"),
    [
        ("yc-2024.csv", 4663, 0.98),
        ("yc-2023.csv", 4128, 0.98),
        ("fortune500.csv", 500, 0.99),
        ("sp500.csv", 503, 0.0),
        ("unicorns.csv", 1074, 0.0),
        ("listed-companies/ASX.csv", 2047, 0.8),
        ("listed-companies/LSE.csv", 3391, 0.7),
        ("listed-companies/NSE.csv", 1930, 0.8),
        ("listed-companies/SAO.csv", 1454, 0.7),
    ],
)
def test_real_lists(tmp_path, name, rows, with_domain):
    tables = read(tmp_path, needed(REAL / name))
    assert tables.lead_list["rows_in"].to_pylist() == [rows]
    assert reasons(tables) <= {"no_company"}
    assert tables.rejected_row.num_rows <= 0.02 * rows
    assert tables.sighting["company"].null_count == 0
    assert (tables.sighting.num_rows - tables.sighting["domain"].null_count) >= with_domain * rows


@pytest.mark.slow
def test_a_profile_a_company(tmp_path):
    needed(REAL / "remote-companies")
    tables = read(tmp_path, sorted((REAL / "remote-companies").glob("*.md")))
    assert (tables.lead_list.num_rows, tables.lead_row.num_rows, tables.rejected_row.num_rows) == (882, 882, 0)
    seen = {row["company"]: row["domain"] for row in tables.sighting.to_pylist()}
    assert (len(seen) > 870, seen["10up"], sum(map(bool, seen.values())) > 850) == (True, "10up.com", True)


def test_a_list_of_links(tmp_path):
    """Four of its 807 links are articles beside the list: they have none of its columns, and say so."""
    tables = read(tmp_path, needed(REAL / "hiring-without-whiteboards.md"))
    assert tables.lead_list.to_pylist()[0]["rows_in"] == 807
    assert [row["reason"] for row in tables.rejected_row.to_pylist()] == ["not_an_entry"] * 4
    seen = {row["company"]: row for row in tables.sighting.to_pylist()}
    assert seen["Able"]["domain"] == "able.co" and {"10up", "Zweitag"} & set(seen)


def test_hostile_lists(tmp_path):
    (folder,) = needed(HOSTILE / "csv")
    tables = read(tmp_path, [folder])
    assert reasons(tables) <= {"no_company", "empty_row", "broken_email", "empty_file"}
    companies = {row["company"] for row in tables.sighting.to_pylist()}
    assert {"Müller & Söhne", "Åkerlund", "Müller"} <= companies
    assert not any("Ã" in (company or "") for company in companies)


def test_hostile_workbooks(tmp_path):
    (folder,) = needed(HOSTILE / "xlsx")
    tables = read(tmp_path, [folder])
    assert tables.lead_list.num_rows == 10
    assert reasons(tables) == {"unsafe_workbook", "sheet_too_sparse", "broken_sheet"}
    assert {row["company"] for row in tables.sighting.to_pylist()} == {"Acme", "=1+1"}


def test_naughty_strings(tmp_path):
    (file,) = needed(HOSTILE / "strings/blns.json")
    tables = read(tmp_path, [file])
    assert tables.lead_row.num_rows >= 500
