"""Suppression lists as people bring them: any shape is taken in, and none of it stays."""

import json
import logging
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipelines.errors import Stop
from pipelines.intake.inbox import kind_of, lists_in
from pipelines.settings import ListKind, Lists
from pipelines.suppression import Suppression
from pipelines.suppression.book import Book
from pipelines.suppression.entries import entries_of
from pipelines.suppression.lists import read_suppression_list
from pipelines.suppression.taking import bring

DAY = date(2026, 3, 2)
KEY = "3" * 64
GERMAN = Lists(default_country="DE")
TABLE = """E-Mail;Name;Telefon;Firma;Webseite;Land;Abgemeldet am
ada@acme.example;Ada Okapi;030 1234567;;;;2026-01-15 10:22
;;;Müller & Söhne GmbH;;Deutschland;2026-01-16
;;;;https://www.forbidden.example/kontakt;;
;;(617) 555-0142;;;USA;
;Otto Okapi;;;;;2026-01-17
"""
LINES = """# whom we must not write to
ada@acme.example

+49 30 1234567
forbidden.example
Müller & Söhne GmbH
Bolt, Nut and Sons Ltd
otto@acme.example; +49 30 7654321
@nowhere.example
gmail.com
"""


def book(folder: Path) -> Book:
    return Book(folder / "suppression.parquet", folder / "suppression.key", KEY)


def taken(folder: Path, name: str, text: str, lists: Lists = GERMAN) -> Suppression:
    """The suppression after a list of that name and text was brought."""
    path = folder / "from" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    (folder / "inbox").mkdir(exist_ok=True)
    bring({"suppressed": [path]}, folder / "inbox", lists, book(folder), DAY)
    return book(folder).read()


def test_a_table_gives_what_each_column_holds(tmp_path: Path) -> None:
    suppression = taken(tmp_path, "abgemeldet.csv", TABLE)
    met = ["ada@acme.example", "+49 30 1234567", "mueller und soehne", "x@forbidden.example", "+1 617 555 0142"]
    assert suppression.hits([*met, "Ada Okapi", "Otto Okapi", "Deutschland", "2026-01-15 10:22", "20260117"]) == set(met)
    assert book(tmp_path).counts() == {"mailbox": 1, "phone": 2, "company": 1, "domain": 1}
    (noted,) = book(tmp_path).lists
    assert (noted.name, noted.rows_in, noted.left_out, noted.received_on) == ("abgemeldet.csv", 5, 1, DAY)


def test_a_file_without_headings_gives_one_value_a_line(tmp_path: Path) -> None:
    suppression = taken(tmp_path, "list.txt", LINES)
    met = ["ada@acme.example", "030 1234567", "www.forbidden.example", "Müller & Söhne", "we met Bolt, Nut and Sons"]
    met += ["otto@acme.example", "+49 30 7654321", "anna@nowhere.example"]
    assert suppression.hits([*met, "someone@gmail.com", "nut"]) == set(met)
    assert book(tmp_path).lists[0].left_out == 1, "a mail provider is everybody's"


@pytest.mark.parametrize("name", ["one.txt", "one.csv", "one"])
@pytest.mark.parametrize("text", ["ada@acme.example\n", "+49 30 1234567\n", "www.forbidden.example\n", "Müller & Söhne GmbH\n"])
def test_the_first_line_is_no_heading_when_it_is_somebody(name: str, text: str, tmp_path: Path) -> None:
    suppression = taken(tmp_path, name, text + "bolt@bolt.example\n")
    assert suppression.hits([text.strip(), "bolt@bolt.example"]) == {text.strip(), "bolt@bolt.example"}


@pytest.mark.parametrize("heading", ["email", "E-Mail", "value", "Do not contact", "Domain", "company", "Opt-Out"])
def test_a_heading_is_nobody(heading: str, tmp_path: Path) -> None:
    suppression = taken(tmp_path, "one.csv", f"{heading}\nada@acme.example\nacme.example\n")
    assert suppression.hits(["ada@acme.example"]) and not suppression.hits([heading])
    assert not suppression.company_hits([heading])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps([{"email": "ada@acme.example", "company": "Müller & Söhne GmbH", "phone": "+49 30 1234567"}])),
        ("a.jsonl", '{"kind": "mail", "value": "ada@acme.example"}\n{"value": "Müller & Söhne"}\n{"value": "+49 30 1234567"}\n'),
        ("a.tsv", "type\tvalue\nmail\tada@acme.example\ncompany\tMüller & Söhne GmbH\nphone\t+49 30 1234567\n"),
        ("a.csv", "ada@acme.example,+49 30 1234567,Müller & Söhne GmbH\notto@acme.example,+49 30 7654321,Bolt Ltd\n"),
        ("a.csv", "email,phone,company\r\nADA@ACME.EXAMPLE,0049301234567,MUELLER UND SOEHNE\r\n"),
    ],
)
def test_any_format_is_taken_in(name: str, text: str, tmp_path: Path) -> None:
    met = {"ada@acme.example", "+49 30 1234567", "Müller & Söhne"}
    suppression = taken(tmp_path, name, text)
    assert suppression.hits(met) == met


def test_a_workbook_is_taken_in_sheet_by_sheet(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active.append(["email"])
    workbook.active.append(["ada@acme.example"])
    workbook.create_sheet("Firmen").append(["company"])
    workbook["Firmen"].append(["Müller & Söhne GmbH"])
    (tmp_path / "from").mkdir()
    workbook.save(tmp_path / "from" / "robinson.xlsx")
    bring({"leads": [tmp_path / "from"]}, tmp_path / "inbox", GERMAN, book(tmp_path), DAY)
    assert book(tmp_path).read().hits(["ada@acme.example", "Müller & Söhne"]) == {"ada@acme.example", "Müller & Söhne"}


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"%PDF-1.7"), ("robinson.csv", b"\x89PNG" * 99), ("b.xlsx", b"PK\3\4?")])
def test_a_list_that_cannot_be_read_stops_the_run(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Stop, match=f"The suppression list {name} cannot be read, so nobody on it could be left out"):
        read_suppression_list(tmp_path / name, name, GERMAN)


def test_a_list_of_which_nothing_is_understood_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "robinson.csv").write_text("id,since\n17,2026-01-15\n18,2026-01-16\n", "utf-8")
    with pytest.raises(Stop, match="holds no e-mail address, phone, domain or company that could be understood"):
        read_suppression_list(tmp_path / "robinson.csv", "robinson.csv", GERMAN)


@pytest.mark.parametrize("name", ["robinson.csv", "robinson.txt"])
@pytest.mark.parametrize("text", ["", "\n\n", "email\n"])
def test_an_empty_list_leaves_nobody_out(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert read_suppression_list(tmp_path / name, name, GERMAN).entries == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("suppression.csv", "suppressed"),
        ("Suppressed contacts 2026.XLSX", "suppressed"),
        ("do-not-contact.csv", "suppressed"),
        ("Do Not Contact.csv", "suppressed"),
        ("do_not_contact.csv", "suppressed"),
        ("DoNotContact.txt", "suppressed"),
        ("do-not-call.csv", "suppressed"),
        ("unsubscribes.csv", "suppressed"),
        ("crm opt outs.csv", "suppressed"),
        ("optout.csv", "suppressed"),
        ("Opted_Out_Contacts.csv", "suppressed"),
        ("robinsonliste.txt", "suppressed"),
        ("customers-unsubscribed.csv", "suppressed"),
        ("customers.csv", "customers"),
        ("our partners.csv", "partners"),
        ("competitors.csv", "competitors"),
        ("leads.csv", "leads"),
        ("donuts.csv", "leads"),
        ("support.csv", "leads"),
    ],
)
def test_the_name_of_a_list_says_its_kind(name: str, kind: ListKind) -> None:
    assert kind_of(name, Lists()) == kind


def test_whom_to_leave_out_is_hashed_first_and_stays_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One list is told by the command line, one by its name, one is dropped into the inbox; leads and customers come in."""
    inbox = tmp_path / "home" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "do-not-contact.txt").write_text("cara@acme.example\n", "utf-8")
    for name, text in (
        ("x.csv", "ada@acme.example"),
        ("unsubscribed.csv", "otto@acme.example"),
        ("leads.csv", "website\nbolt.example"),
    ):
        (tmp_path / name).write_text(text + "\n", "utf-8")
    (tmp_path / "crm.csv").write_text("website\nnut.example\n", "utf-8")
    kept = book(tmp_path / "home")
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            bring(
                {
                    "leads": [tmp_path / "leads.csv", tmp_path / "unsubscribed.csv"],
                    "customers": [tmp_path / "crm.csv"],
                    "suppressed": [tmp_path / "x.csv"],
                },
                inbox,
                Lists(),
                kept,
                DAY,
            )
    mailboxes = {"ada@acme.example", "otto@acme.example", "cara@acme.example"}
    assert kept.read().hits(mailboxes) == mailboxes
    assert {(each.name, each.kind) for each in lists_in(inbox, Lists(), DAY)} == {
        ("leads.csv", "leads"),
        ("crm.csv", "customers"),
    }
    said = caplog.text + "".join(path.read_text("utf-8", "replace") for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert "acme" not in said.lower() and "otto" not in said.lower()
    assert "A suppression list of 1 rows was taken in: 1 mailbox new." in caplog.text
    assert {each.name for each in kept.lists} == {"x.csv", "unsubscribed.csv", "do-not-contact.txt"}


def test_a_list_dropped_while_nobody_looks_is_never_read_as_leads(tmp_path: Path) -> None:
    (tmp_path / "robinson.csv").write_text("website\nacme.example\n", "utf-8")
    assert lists_in(tmp_path, Lists(), DAY) == []
    assert not (tmp_path / ".received").exists(), "a plain hash of a short list would give it away"


@pytest.mark.parametrize("name", ["Bolt & Nut GmbH.md", "bolt_and_nut.csv", "bolt.example.csv", "leads of bolt.example.csv"])
def test_a_list_named_after_somebody_suppressed_goes_by_another_name(name: str, tmp_path: Path) -> None:
    book(tmp_path).add([*entries_of("bolt.example"), *entries_of("Bolt und Nut GmbH")], "", DAY)
    for each in (name, "nut.csv"):
        (tmp_path / "from").mkdir(exist_ok=True)
        (tmp_path / "from" / each).write_text(f"company\n{each}\n", "utf-8")
    bring({"leads": [tmp_path / "from"]}, tmp_path / "inbox", Lists(), book(tmp_path), DAY)
    names = {each.name for each in lists_in(tmp_path / "inbox", Lists(), DAY, book(tmp_path).read())}
    assert "nut.csv" in names and name not in names and len(names) == 2
    assert {each.name for each in lists_in(tmp_path / "inbox", Lists(), DAY)} == {name, "nut.csv"}


def test_a_kind_told_later_counts(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("website\nacme.example\n", "utf-8")
    for told in ("leads", "customers", "leads"):
        bring({told: [tmp_path / "companies.csv"]}, tmp_path / "inbox", Lists(), book(tmp_path), DAY)
    assert [(each.name, each.kind) for each in lists_in(tmp_path / "inbox", Lists(), DAY)] == [("companies.csv", "customers")]
    bring({"suppressed": [tmp_path / "companies.csv"]}, tmp_path / "inbox", Lists(), book(tmp_path), DAY)
    assert book(tmp_path).read().hits(["acme.example"])


def test_nothing_is_brought_beside_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "robinson.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "leads.csv").write_text("website\nacme.example\n", "utf-8")
    with pytest.raises(Stop, match=r"robinson\.pdf cannot be read"):
        bring({"leads": [tmp_path / "leads.csv", tmp_path / "robinson.pdf"]}, tmp_path / "inbox", Lists(), book(tmp_path), DAY)
    assert not (tmp_path / "inbox").exists()
