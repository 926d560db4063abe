"""Registers that answer from one big file: each record is found, however the file looks, and archived as it stands in it."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import Stop
from pipelines.identity.naming import squeezed
from pipelines.records import Captured, Miss, Request, Response
from pipelines.settings import Settings
from pipelines.sources import companies_house
from pipelines.web import bulk_index
from pipelines.web.bulk import LAYOUTS, Filed, Refusal, Registers, company_number, fingerprint_of
from pipelines.web.bulk_index import header_of, open_index, record_at
from pipelines.web.web import open_web

URL = LAYOUTS["companies_house"].url
AS_OF = datetime(2026, 11, 16, tzinfo=UTC)
HEADER = "CompanyName, CompanyNumber,RegAddress.PostTown\r\n"
COLUMNS = {"CompanyNumber": company_number, "CompanyName": squeezed}


def written(path: Path, *records: str, header: str = HEADER) -> Path:
    path.write_bytes((header + "".join(records)).encode())
    return path


def record(name: str, number: str, town: str = "LEEDS") -> str:
    return ",".join('"' + each.replace('"', '""') + '"' for each in (name, number, town)) + "\r\n"


MANY = [record(f"KESTREL KEGS {number} LTD", f"{number:08d}", "A\nB" if number % 7 == 0 else "LEEDS") for number in range(500)]


def found(file: Path, folder: Path, column: str, folded: str) -> list[str]:
    index = open_index(file, COLUMNS, folder)
    with file.open("rb") as opened:
        return [record_at(opened, place).decode() for place in index.places(column, folded)]


# The index


@pytest.mark.parametrize("piece", [64, 100, 1000, 1 << 20])
def test_every_record_is_found_however_the_file_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int):
    monkeypatch.setattr(bulk_index, "PIECE", piece)
    file = written(tmp_path / "file.csv", *MANY)
    index = open_index(file, COLUMNS, tmp_path / "index")
    with file.open("rb") as opened:
        for number, text in enumerate(MANY):
            for column, folded in (("CompanyNumber", f"{number:08d}"), ("CompanyName", f"kestrelkegs{number}")):
                assert [record_at(opened, place).decode() for place in index.places(column, folded)] == [text]
    assert index.places("CompanyNumber", "99999999") == []


def test_namesakes_are_found_in_the_order_of_the_file(tmp_path: Path):
    records = [record("KESTREL KEGS LTD", "00000002"), record("OTTER LTD", "00000009"), record("Kestrel Kegs LLP", "00000001")]
    assert found(written(tmp_path / "file.csv", *records), tmp_path / "index", "CompanyName", "kestrelkegs") == records[::2]


@pytest.mark.parametrize(
    "odd",
    [
        '"OTTER LTD","00000009"\r\n',  # too short
        '"OTTER LTD","00000009","HULL","more"\r\n',
        "\r\n",
        "\n\n\n",
        f'"{"x" * 200_000}","00000009","HULL"\r\n',  # longer than any value
        'OTTER "THE" LTD,00000009,HULL\r\n',  # quotes nobody doubled
    ],
)
def test_odd_lines_hide_no_others(tmp_path: Path, odd: str):
    file = written(tmp_path / "file.csv", record("A LTD", "1"), odd, record("B LTD", "2"))
    assert found(file, tmp_path / "index", "CompanyNumber", "00000002") == [record("B LTD", "2")]
    assert found(file, tmp_path / "index", "CompanyNumber", "00000001") == [record("A LTD", "1")]


def test_a_file_with_a_mark_and_no_last_line_end_is_read_whole(tmp_path: Path):
    file = written(tmp_path / "file.csv", record("A LTD", "1"), '"B LTD","2","HULL"', header="\ufeff" + HEADER)
    assert found(file, tmp_path / "index", "CompanyNumber", "00000002") == ['"B LTD","2","HULL"']


def test_letters_that_are_no_utf8_are_no_trouble(tmp_path: Path):
    file = tmp_path / "file.csv"
    file.write_bytes(HEADER.encode() + '"CAFÉ LTD","1","LEEDS"\r\n'.encode("latin-1") + record("B LTD", "2").encode())
    assert found(file, tmp_path / "index", "CompanyNumber", "00000002") == [record("B LTD", "2")]


@pytest.mark.parametrize("content", [HEADER, HEADER.strip()])
def test_an_empty_file_holds_nobody(tmp_path: Path, content: str):
    file = written(tmp_path / "file.csv", header=content)
    assert found(file, tmp_path / "index", "CompanyNumber", "00000001") == []


def test_a_file_without_its_columns_stops_the_run(tmp_path: Path):
    file = written(tmp_path / "file.csv", header="PK\x03\x04 name,number\r\n")
    with pytest.raises(Stop, match=r"no column CompanyName.*unzipped"):
        open_index(file, COLUMNS, tmp_path / "index")


def test_an_index_is_made_once_and_anew_for_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file, folder = written(tmp_path / "file.csv", record("A LTD", "1")), tmp_path / "index"
    open_index(file, COLUMNS, folder)
    first = sorted(folder.iterdir())
    monkeypatch.setattr(np, "save", lambda *_: pytest.fail("made again"))
    open_index(file, COLUMNS, folder)
    monkeypatch.undo()
    written(file, record("A LTD", "1"), record("B LTD", "2"))
    assert found(file, folder, "CompanyNumber", "00000002") == [record("B LTD", "2")]
    assert len(first) == len(list(folder.iterdir())) == 1
    assert first != sorted(folder.iterdir())


def test_an_index_that_was_begun_and_not_finished_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file, folder = written(tmp_path / "file.csv", record("A LTD", "1")), tmp_path / "index"
    monkeypatch.setattr(np, "save", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        open_index(file, COLUMNS, folder)
    monkeypatch.undo()
    assert found(file, folder, "CompanyNumber", "00000001") == [record("A LTD", "1")]


def test_the_names_of_columns_are_read_without_their_blanks(tmp_path: Path):
    with written(tmp_path / "file.csv", record("A LTD", "1")).open("rb") as file:
        assert header_of(file) == (HEADER.encode(), ["CompanyName", "CompanyNumber", "RegAddress.PostTown"])


@pytest.mark.parametrize(
    ("written_as", "number"),
    [("1234567", "01234567"), ("01234567", "01234567"), ("SC 12345", "SC012345"), ("oc301234", "OC301234"), ("", ""), ("-", "")],
)
def test_a_number_has_one_spelling(written_as: str, number: str):
    assert company_number(written_as) == number


# The file as a register


def registers(tmp_path: Path, *records: str, name: str = "Companies-2026-11-01.csv", as_of: datetime = AS_OF) -> Registers:
    return Registers({"companies_house": written(tmp_path / name, *records)}, tmp_path / "registers", as_of)


def test_the_source_asks_where_the_file_answers():
    assert URL == companies_house.FILE
    assert set(LAYOUTS["companies_house"].columns) <= set(companies_house.NEEDED)


def test_a_register_answers_with_its_header_and_the_records_as_they_stand(tmp_path: Path):
    kegs, otter = record('KESTREL "KEGS" LTD', "01234567"), record("OTTER LTD", "00000009")
    answer = registers(tmp_path, otter, kegs).answer(f"{URL}?CompanyNumber=1234567")
    assert isinstance(answer, Response)
    assert answer.body.decode() == HEADER + kegs
    assert (answer.status, answer.fetched_at) == (200, datetime(2026, 11, 1, tzinfo=UTC))
    by_name = registers(tmp_path, otter, kegs).answer(f"{URL}?CompanyName=Kestrel%20Kegs")
    assert isinstance(by_name, Response) and by_name.body == answer.body
    nobody = registers(tmp_path, otter, kegs).answer(f"{URL}?CompanyName=Heron")
    assert isinstance(nobody, Response) and nobody.body.decode() == HEADER


def test_a_file_without_a_date_in_its_name_is_of_the_day_it_was_written(tmp_path: Path):
    file = written(tmp_path / "companies-9999-99-99.csv")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    answer = Registers({"companies_house": file}, tmp_path / "registers", AS_OF).answer(f"{URL}?CompanyNumber=1")
    assert isinstance(answer, Response)
    assert answer.fetched_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "refused_url"),
        ("?PostTown=LEEDS", "refused_url"),
        ("?CompanyNumber=1&CompanyName=A", "refused_url"),
        ("?CompanyName=Otter", "too_many_namesakes"),
    ],
)
def test_what_a_file_does_not_answer_is_a_miss(tmp_path: Path, query: str, reason: str):
    told = registers(tmp_path, *[record("OTTER LTD", str(number)) for number in range(11)]).answer(URL + query)
    assert isinstance(told, Refusal) and told.reason == reason


def test_a_name_of_no_letters_is_nobodys(tmp_path: Path):
    told = registers(tmp_path, record("--", "1")).answer(f"{URL}?CompanyName=%2D%2D")
    assert isinstance(told, Response) and told.body.decode() == HEADER


def test_two_values_of_one_hash_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk_index, "_hashed", lambda _: b"\0" * 8)
    told = registers(tmp_path, record("A LTD", "1"), record("B LTD", "2")).answer(f"{URL}?CompanyNumber=2")
    assert isinstance(told, Response) and told.body.decode() == HEADER + record("B LTD", "2")


def test_a_file_of_later_than_the_run_is_not_known_yet(tmp_path: Path):
    told = registers(tmp_path, as_of=datetime(2026, 10, 31)).answer(f"{URL}?CompanyNumber=1")  # noqa: DTZ001 - as a job has it
    assert isinstance(told, Refusal) and told.reason == "not_in_archive"


def test_a_file_that_is_not_there_stops_the_run(tmp_path: Path):
    with pytest.raises(Stop, match=r"nowhere\.csv as the file of companies_house"):
        Registers({"companies_house": tmp_path / "nowhere.csv"}, tmp_path, AS_OF)


def test_another_file_is_another_fingerprint(tmp_path: Path):
    file = written(tmp_path / "file.csv", record("A LTD", "1"))
    before = fingerprint_of({"companies_house": file})
    assert before == fingerprint_of({"companies_house": file})
    written(file, record("A LTD", "12"))
    assert before != fingerprint_of({"companies_house": file})
    assert fingerprint_of({"companies_house": tmp_path / "nowhere"}) == fingerprint_of({}) == []


# The web it answers within


def filed(tmp_path: Path, files: Registers) -> Filed:
    (tmp_path / "web").mkdir(exist_ok=True)
    return Filed(open_web([tmp_path / "web"], tmp_path / "archive", Settings(), AS_OF), files)


def asked(web: Filed, url: str) -> Captured | Miss:
    return asyncio.run(web.answer(Request("org_1", "companies_house", "company", url), timedelta(days=31), may_leave=False))


def test_an_answer_is_archived_once_and_stands_for_every_run(tmp_path: Path):
    files = registers(tmp_path, record("KESTREL KEGS LTD", "01234567"))
    answers = [asked(filed(tmp_path, files), f"{URL}?CompanyNumber=01234567") for _ in range(3)]
    captures = [each.capture for each in answers if isinstance(each, Captured)]
    assert len(captures) == 3 and len(set(captures)) == 1
    assert captures[0].content_type == "text/csv; charset=utf-8"
    assert filed(tmp_path, files).body(captures[0]).decode() == HEADER + record("KESTREL KEGS LTD", "01234567")
    assert len(b"".join(each.read_bytes() for each in (tmp_path / "archive").glob("*.cdxj")).splitlines()) == 1


def test_where_no_file_is_named_nobody_is_asked(tmp_path: Path):
    web = filed(tmp_path, Registers({}, tmp_path, AS_OF))
    told = asked(web, f"{URL}?CompanyNumber=1")
    assert isinstance(told, Miss) and told.reason == "no_register_file"
    assert not web.may_know(Request("org_1", "companies_house", "company", f"{URL}?CompanyNumber=1"))
    assert filed(tmp_path, registers(tmp_path)).may_know(Request("org_1", "companies_house", "company", URL))


def test_whatever_is_no_registers_is_asked_of_the_web(tmp_path: Path):
    (tmp_path / "web" / "otter.example").mkdir(parents=True)
    (tmp_path / "web" / "otter.example" / "index.html").write_text("<p>Otters</p>")
    web = filed(tmp_path, registers(tmp_path))
    assert isinstance(asked(web, "https://otter.example/"), Captured)
    assert web.may_know(Request("org_1", "website", "home", "https://otter.example/"))
    assert web.so_far() == ""
    asyncio.run(web.aclose())
