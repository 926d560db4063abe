"""Somebody is found in every spelling of their values and masked, in records and in rows; nobody else is touched."""

import gzip
import json
import sqlite3
from base64 import b64encode
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines.errors import Skip
from pipelines.intake.erased import Kept, Left, read_erased, write_erased
from pipelines.intake.formats import read_sheets
from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.rows import Row
from pipelines.records import Request, Response
from pipelines.rights.pages import Unwelcome
from pipelines.rights.sought import Sought
from pipelines.rights.sweep import holds
from pipelines.rights.traces import mask
from pipelines.settings import Lists, Settings
from pipelines.suppression import NOBODY
from pipelines.suppression.book import Book
from pipelines.suppression.clearing import Clearing
from pipelines.suppression.entries import entries_of
from pipelines.suppression.outdated import CURRENT
from pipelines.suppression.persons import person_entries, persons
from pipelines.web.amend import amend, what_is_held
from pipelines.web.archive import Archive
from pipelines.web.members import Member, members, padded

MAILBOX = "zara.quillfeather@calm.example"
ZARA = Sought((*entries_of(MAILBOX), *entries_of("+1 617 555 0142")), ("Zara Quillfeather",), ("calm.example", "calm"))
MASKED = b"xxxxxxxxxxxxxxxxx@calm.example"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
DAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        MAILBOX,
        MAILBOX.upper(),
        f"mailto:{quote(MAILBOX)}",
        "zara.quillfeather+fair@calm.example",
        "zara.quillfeather (at) calm dot example",
        "".join(f"&#{ord(sign)};" for sign in MAILBOX),
        quote(MAILBOX, safe="").replace("%40", "%2540"),
        MAILBOX.encode("utf-16-le").decode("latin-1"),
        b64encode(f"a{MAILBOX} ".encode()).decode(),
        "+1 (617) 555-0142",
        "617.555.0142",
        "tel:+16175550142",
        "Zara Quillfeather of Calm",
        "QUILLFEATHER, Zara | calm.example",
    ],
)
def test_every_spelling_is_found(text: str) -> None:
    assert ZARA.stands_in(text.encode("latin-1", "replace")), text


@pytest.mark.parametrize(
    "text",
    [
        "otto@calm.example",
        "xzara.quillfeather@calm.example",
        "Zara Quillfeather of Elsewhere",
        "+1 617 555 0143",
        "calm.example",
        "1617",
        "",
    ],
)
def test_nobody_else_is(text: str) -> None:
    assert not ZARA.stands_in(text.encode()) and ZARA.masked(text.encode(), b"") == text.encode()


def test_a_cipher_over_mailboxes_is_looked_behind() -> None:
    code = bytes([7, *(each ^ 7 for each in MAILBOX.encode())]).hex().encode()
    page = b'<a class="__cf_email__" data-cfemail="' + code + b'">zara.</a>'
    other = page.replace(code, bytes([7, *(each ^ 7 for each in b"otto@calm.example")]).hex().encode())
    assert ZARA.stands_in(page) and not ZARA.stands_in(ZARA.masked(page)) and len(ZARA.masked(page)) == len(page)
    assert not ZARA.stands_in(other)


def test_a_masked_mailbox_keeps_its_host_and_its_length() -> None:
    text = f"<p>Ask {MAILBOX} or sales@calm.example.</p>".encode()
    assert ZARA.masked(text) == b"<p>Ask xxxxxxxxxxxxxxxxx@calm.example or sales@calm.example.</p>"


@pytest.mark.parametrize("seed", range(20))
def test_masking_leaves_all_else_as_it_was(seed: int) -> None:
    chance = Random(seed)
    before, after = chance.randbytes(chance.randrange(200)), chance.randbytes(chance.randrange(200))
    masked = ZARA.masked(before + b" <" + MAILBOX.encode() + b"> " + after)
    assert masked == before + b" <" + MASKED + b"> " + after


def test_files_of_every_kind_are_looked_through(tmp_path: Path) -> None:
    pq.write_table(pa.table({"tags": [["a", MAILBOX], []], "n": [1, 2]}), tmp_path / "a.parquet")
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        book.add_worksheet().write(0, 0, MAILBOX)
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"x" * 70_000) + gzip.compress(MAILBOX.encode()))
    with sqlite3.connect(tmp_path / "d.db") as database:
        database.execute("create table t (a text, b blob)")
        database.execute("insert into t values ('x', ?)", [b"\0" * 5000 + MAILBOX.encode()])
    (tmp_path / "e.bin").write_bytes(b"\0" * ((1 << 23) - 10) + MAILBOX.encode())
    found = {path.name: holds(path, ZARA) for path in sorted(tmp_path.iterdir())}
    assert found == dict.fromkeys(("a.parquet", "b.xlsx", "c.gz", "d.db", "e.bin"), True)
    assert not any(holds(path, Sought(tuple(entries_of("otto@calm.example")))) for path in tmp_path.iterdir())


def test_logs_and_databases_are_masked_where_they_stand(tmp_path: Path) -> None:
    log, odd = tmp_path / "a.log", tmp_path / "b.log"
    log.write_text(f"INFO one\nERROR {MAILBOX}: 12\n", "utf-8")
    odd.write_text("INFO one\nzara.quillfeather (at) calm dot example\nINFO two\n", "utf-8")
    assert mask(log, ZARA) and log.read_text("utf-8") == "INFO one\nERROR xxxxxxxxxxxxxxxxx@calm.example: 12\n"
    assert (
        mask(odd, ZARA)
        and odd.read_text("utf-8").splitlines()[::2] == ["INFO one", "INFO two"][: len(odd.read_text("utf-8").splitlines()[::2])]
    )
    path = tmp_path / "runs.db"
    with sqlite3.connect(path) as database:
        database.execute("create table events (id integer primary key, event text)")
        database.executemany("insert into events values (?, ?)", [(1, json.dumps({"m": MAILBOX})), (2, "fine")])
    database.close()
    assert mask(path, ZARA) and MAILBOX.encode() not in path.read_bytes()
    with sqlite3.connect(path) as database:
        assert database.execute("select * from events").fetchall() == [
            (1, '{"m": "xxxxxxxxxxxxxxxxx@calm.example"}'),
            (2, "fine"),
        ]


def stored(archive: Archive, path: str, body: bytes, wire: bytes = b"") -> str:
    url = f"https://calm.example{path}"
    headers = (("Content-Type", "text/html"), *((("Content-Encoding", "gzip"),) if wire else ()))
    response = Response(url, 200, headers, body, NOON, (), wire)
    return archive.store(Request("org_a", "website", "page", url), response).capture.capture_id


def test_records_are_amended_in_their_place(tmp_path: Path) -> None:
    """Plain, coded, hidden, in the address: what is left can be read, and nothing else moved."""
    archive = Archive(tmp_path, 1)
    says = f"<p>Ask {MAILBOX}, or us.</p>".encode() * 9
    plain, coded = stored(archive, "/a", says), stored(archive, "/b", says + b"<p>b</p>", gzip.compress(says + b"<p>b</p>"))
    kept, hidden = (
        stored(archive, "/c", b"<p>calm</p>"),
        stored(archive, "/d", b"zara.quillfeather&#32;(at) calm dot example, " * 9),
    )
    named = stored(archive, f"/team/{MAILBOX}", b"<p>our director</p>" * 9)
    sizes = [(each.start, each.end) for each in members(tmp_path / "part-000.warc.gz")]
    done = amend(tmp_path, Sought(tuple(entries_of(MAILBOX))))
    assert (done.pages, done.gone) == ({plain, coded}, {hidden, named})
    assert [(each.start, each.end) for each in members(tmp_path / "part-000.warc.gz")] == sizes
    assert not any(b"quillfeather" in each.content.lower() for each in members(tmp_path / "part-000.warc.gz"))
    after = Archive(tmp_path, 1)
    bodies = {each.capture_id: after.body(each) for each in after.captures()}
    masked = says.replace(b"zara.quillfeather", b"x" * 17)
    assert bodies == {plain: masked, coded: masked + b"<p>b</p>", kept: b"<p>calm</p>", hidden: b""}
    assert what_is_held(tmp_path) == ({kept}, {plain, coded})
    assert after.store(
        Request("org_a", "website", "page", "https://calm.example/a"),
        Response("https://calm.example/a", 200, (("Content-Type", "text/html"),), says, NOON),
    ).unchanged
    assert amend(tmp_path, Sought(tuple(entries_of(MAILBOX)))).pages == set(), "the same again has nothing to do"


def test_what_was_written_over_by_another_hand_is_still_noticed(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 1)
    stored(archive, "/a", f"<p>{MAILBOX}</p>".encode() * 9)
    amend(tmp_path, Sought(tuple(entries_of(MAILBOX))))
    (capture,) = Archive(tmp_path, 1).captures()
    path = tmp_path / "part-000.warc.gz"
    (*_, last) = members(path)
    content = last.content.replace(b"xxx@calm.example", b"yyy@calm.example")
    path.write_bytes(path.read_bytes()[: last.start] + padded(content, last))
    with pytest.raises(Skip, match="not what was stored"):
        Archive(tmp_path, 1).body(capture)


def test_bytes_are_filled_up_to_a_length() -> None:
    for room in (0, 1, 2, 70_000):
        packed = padded(b"what", Member(0, len(gzip.compress(b"what", 9, mtime=0)) + room, b""))
        assert len(packed) == len(gzip.compress(b"what", 9, mtime=0)) + room and gzip.decompress(packed) == b"what"
    with pytest.raises(ValueError, match="longer"):
        padded(b"what", Member(0, 4, b""))


def test_pages_of_a_run_are_masked_by_hashes_alone(tmp_path: Path) -> None:
    book = Book(tmp_path / "suppression.parquet", tmp_path / "suppression.key")
    book.add([*entries_of(MAILBOX), *entries_of("+1 617 555 0142")], "", DAY)
    unwelcome = Unwelcome(book.read())
    page = f"<p>Ask {MAILBOX} or call +1 617 555 0142, else sales@calm.example, +1 617 555 0143.</p>".encode()
    masked = unwelcome.masked(page)
    assert unwelcome.stands_in(page) and not unwelcome.stands_in(masked) and len(masked) == len(page)
    assert b"sales@calm.example, +1 617 555 0143" in masked and b"xx@calm.example or call xx" in masked
    assert not Unwelcome(NOBODY)


@pytest.mark.parametrize(
    "row", [("Ada Otter", "Acme Ltd"), ("OTTER, ada", "acme limited"), ("Ada  Otter", "ACME"), ("ada otter", "The Acme GmbH")]
)
def test_a_person_is_met_by_name_at_the_company(row: tuple[str, str]) -> None:
    wanted = {entry.value for entry in person_entries("Ada Otter", "Acme Ltd")}
    assert wanted & set(persons(*row))


@pytest.mark.parametrize("row", [("Ada Otter", "Bolt Ltd"), ("Ida Otter", "Acme Ltd"), ("Otter", "Acme Ltd"), ("Ada Otter", "")])
def test_a_namesake_elsewhere_is_somebody_else(row: tuple[str, str]) -> None:
    wanted = {entry.value for entry in person_entries("Ada Otter", "Acme Ltd")}
    assert not wanted & set(persons(*row)) and person_entries("Ada", "Acme") == []


ROWS = [
    Row({"company": "Otter", "note": 'a "b"\n=c'}),
    Left("suppressed"),
    Row({"company": "Nut", "": ""}, Skip("ragged", "Too few.")),
    Row({}),
]


def test_what_is_left_of_a_list_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "left.jsonl"
    assert write_erased([Kept("xlsx", "One", ROWS), Kept("csv", None, [Row({"a": "1"})])], path) == 1
    first, second = read_sheets(path)
    read = list(first.rows)
    assert (first.format, first.name, second.format, second.name) == ("xlsx", "One", "csv", None)
    assert [dict(row.fields) for row in read] == [{"company": "Otter", "note": 'a "b"\n=c'}, {}, {"company": "Nut", "": ""}, {}]
    assert [row.trouble and row.trouble.reason for row in read] == [None, "suppressed", "ragged", None]
    again = tmp_path / "again.jsonl"
    assert write_erased([Kept(each.format, each.name, each.rows) for each in read_erased(path)], again) == 1
    assert again.read_bytes() == path.read_bytes()


def test_a_cleared_list_goes_on_being_the_list_that_was_brought(tmp_path: Path) -> None:
    source = tmp_path / "fair.csv"
    source.write_text(f"company,email\nCalm,{MAILBOX}\nQuiet,q@quiet.example\n", "utf-8")
    inbox, book = tmp_path / "inbox", Book(tmp_path / "suppression.parquet", tmp_path / "suppression.key")
    receive([source], inbox, DAY)
    (before,) = lists_in(inbox, Lists(), DAY)
    book.add(entries_of(MAILBOX), "", DAY)
    clearing = Clearing(inbox, Settings(), book.read(), CURRENT)
    assert (clearing.clear(before), clearing.clear(lists_in(inbox, Lists(), DAY)[0])) == (1, 0)
    receive([source], inbox, date(2026, 5, 5))
    (after,) = lists_in(inbox, Lists(), date(2026, 5, 5))
    assert (after.list_id, after.name, after.sha256, after.received_on, after.left) == (
        before.list_id,
        "fair.csv",
        before.sha256,
        DAY,
        1,
    )
    assert not any(MAILBOX in path.read_text("utf-8") for path in inbox.rglob("*") if path.is_file())
    assert len([path for path in inbox.iterdir() if path.is_file()]) == 1
