"""H5, H6: what is known of somebody is told whole, with where it came from; requests are met in time or somebody is told."""

import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_trials_market import market, run, website
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.doors.journal import Download, append
from pipelines.rights.requests import drop_answered, note_answer, note_request, requests
from pipelines.rights.telling import NOTHING, told

LIST = """company,website,first name,last name,email,phone,job title,shoe size
Quiet Ltd,quiet.example,Quentin,Whiskers,q.whiskers@quiet.example,+1 617 555 0177,Owner,44
Quiet Ltd,quiet.example,Ida,Ibex,ida.ibex@quiet.example,,Clerk,
,,Ida,Ibex,ida.ibex@,,,
"""
SOURCED = ("what", "value", "source", "where", "since", "terms")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    job = market(tmp_path_factory.mktemp("told"), {"quiet.example": website("quiet.example")}, {"fair.csv": LIST})
    run(job)
    return job.home.folder


def call(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def asked(home: Path, *words: str) -> dict[str, list[dict[str, str]]]:
    result = call(home, "whence", *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, str]]] = json.loads(result.output)
    return found


def test_every_value_about_a_person_has_a_source(home: Path) -> None:
    about = asked(home, "Q.Whiskers@QUIET.example")
    said = {each["what"]: each["value"] for each in about["values"]}
    assert said["last_name"] == "Whiskers" and said["phone"] == "+16175550177" and said["shoe size"] == "44"
    assert [each for each in about["values"] if not all(each[name] for name in SOURCED)] == []
    assert {(each["source"], each["where"], each["since"]) for each in about["values"]} == {
        ("lead list fair.csv", "row 1", "2026-01-15")
    }
    assert {each["what"] for each in about["derived"]} >= {"seniority", "buying role", "route"}
    assert (about["kept_until"], about["recipients"]) == ("2027-01-15", [])


@pytest.mark.parametrize("words", [["ida.ibex@quiet.example"], ["Ida Ibex"], ["Ibex, Ida", "--of", "quiet.example"]])
def test_rows_that_were_refused_are_told_too(home: Path, words: list[str]) -> None:
    about = asked(home, *words)
    assert {each["where"] for each in about["values"]} >= {"row 2", "row 3"}
    assert "Whiskers" not in str(about["values"])


def test_a_number_tells_whose_it_is(home: Path) -> None:
    assert {each["value"] for each in asked(home, "(617) 555-0177")["values"]} >= {"Whiskers"}


@pytest.mark.parametrize("name", ["quiet.example", "https://www.quiet.example/", "Quiet Ltd"])
def test_every_value_about_a_company_has_its_page(home: Path, name: str) -> None:
    about = asked(home, name)
    pages = [each for each in about["values"] if each["where"].startswith("https://quiet.example/")]
    assert len(pages) > 10 and all(each[name] for each in pages for name in SOURCED)
    assert {"employees", "ring"} <= {each["what"] for each in about["values"] + about["derived"]}


def test_who_took_it_out_is_told(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    (lead_id,) = {each["value"] for each in _ids(tmp_path / "home")}
    append(
        Home(tmp_path / "home"),
        Download("2026-01-16T09:00:00+00:00", "marta", "page", "csv", {}, 2, "0" * 64, "r", ""),
        [lead_id],
    )
    append(
        Home(tmp_path / "home"),
        Download("2026-01-17T09:00:00+00:00", "otto", "page", "csv", {}, 1, "0" * 64, "r", ""),
        ["lead_other"],
    )
    assert [each["who"] for each in asked(tmp_path / "home", "q.whiskers@quiet.example")["recipients"]] == ["marta"]
    assert (
        "marta, on 2026-01-16, as csv (2 rows); it was in there."
        in call(tmp_path / "home", "whence", "q.whiskers@quiet.example").output
    )


def _ids(home: Path) -> list[dict[str, str]]:
    table = pq.read_table(next(home.rglob("sighting-*.parquet"))).to_pylist()
    return [{"value": row["lead_id"]} for row in table if row["last_name"] == "Whiskers"]


def test_it_is_told_in_plain_language(home: Path) -> None:
    text = call(home, "whence", "q.whiskers@quiet.example").output
    for sentence in (
        "From lead list fair.csv, row 1, since 2026-01-15:",
        "What for: ",
        "legal basis",
        "Kept until: 2027-01-15",
        "Who is responsible: ",
    ):
        assert sentence in text
    assert "_" not in text.replace("general_management", ""), "no word of ours stands in it"


def test_nothing_is_said_of_nobody(home: Path) -> None:
    assert call(home, "whence", "nobody@elsewhere.example").output.strip() == NOTHING
    assert list(told({"values": [], "derived": []})) == [NOTHING]


def test_the_alarm_comes_at_half_of_the_time(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    first, second = (note_request(path, "forget", date(2026, 3, day), 30) for day in (1, 10))
    assert (first.number, first.due_on, second.number) == (1, date(2026, 3, 31), 2)
    assert [first.is_late(date(2026, 3, day)) for day in (2, 15, 16, 31)] == [False, False, True, True]
    note_answer(path, 1, date(2026, 3, 12))
    assert [(each.number, each.is_late(date(2026, 4, 1))) for each in requests(path)] == [(1, False), (2, True)]
    with pytest.raises(Stop, match="no open request 1"):
        note_answer(path, 1, date(2026, 3, 13))
    assert drop_answered(path, date(2026, 3, 13)) == 1 and [each.number for each in requests(path)] == [2]


def test_due_requests_are_told_by_the_exit_code(tmp_path: Path) -> None:
    assert call(tmp_path, "rights", "due").output == "No request is open.\n"
    assert "to be met by 2026-03-31" in call(tmp_path, "rights", "asked", "whence", "--on", "2026-03-01").output
    assert call(tmp_path, "rights", "due", "--as-of", "2026-03-02").exit_code == 0
    late = call(tmp_path, "rights", "due", "--as-of", "2026-03-16")
    assert late.exit_code == 1 and "half of its time is over" in late.output
    assert "OVERDUE" in call(tmp_path, "rights", "due", "--as-of", "2026-04-01").output
    assert call(tmp_path, "rights", "answered", "1").exit_code == 0
    assert call(tmp_path, "rights", "due", "--as-of", "2026-04-01").exit_code == 0
