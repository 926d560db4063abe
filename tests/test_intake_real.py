"""Lead lists that people really have, and files made to hurt: nothing is lost, nothing is unhandled."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.intake.formats import READERS
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


def test_everything_else_lying_there_is_read_or_says_why_not(tmp_path):
    needed(REAL)
    others = [path for path in sorted(REAL.rglob("*")) if path.is_file() and path.suffix.lower() not in READERS][:20]
    tables = read(tmp_path, others)
    assert tables.lead_list.num_rows == len(others)
    assert reasons(tables) == {"unsupported_format"}


def test_hostile_lists(tmp_path):
    (folder,) = needed(HOSTILE / "csv")
    tables = read(tmp_path, [folder])
    assert reasons(tables) <= {"no_company", "empty_row", "broken_email", "empty_file"}
    companies = {row["company"] for row in tables.sighting.to_pylist()}
    assert {"Müller & Söhne", "Åkerlund", "Müller"} <= companies
    assert not any("Ã" in (company or "") for company in companies)


def test_hostile_workbooks_are_not_opened(tmp_path):
    (folder,) = needed(HOSTILE / "xlsx")
    assert reasons(read(tmp_path, [folder])) == {"unsupported_format"}


def test_naughty_strings(tmp_path):
    (file,) = needed(HOSTILE / "strings/blns.json")
    tables = read(tmp_path, [file])
    assert tables.lead_row.num_rows >= 500
