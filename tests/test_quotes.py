"""Every quote is in its capture, looked up in the archive and not in what the reader saw."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import quotes
from pipelines.errors import Skip
from pipelines.job import ROOT
from pipelines.quotes import MARKS, broken_quotes, capture_of, mark_of
from pipelines.reader import Reader
from pipelines.records import Capture

BODIES = {"cap_1": b"<p>Acme &amp; Sons</p>", "cap_2": "<p>Zürich</p>".encode("windows-1252")}


def capture(name: str, digest: str = "sha256:0") -> dict[str, Any]:
    request = {
        "organization_id": "org_1",
        "source": "website",
        "kind": "home",
        "url": "https://acme.example/",
        "request_id": "req_1",
    }
    whole = {
        "capture_id": name,
        "status": 200,
        "content_type": "text/html; charset=windows-1252",
        "fetched_at": datetime.fromisoformat("2026-01-01"),
    }
    return {
        **request,
        **whole,
        "digest": digest,
        "length": 9,
        "file": "part-000.warc.gz",
        "offset": 7,
        "state": "read",
        "words": 3,
        "headers": "",
    }


class Shelf:
    """An archive that counts how often it is opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def body(self, capture: Capture) -> bytes:
        self.opened.append(capture.capture_id)
        return BODIES[capture.capture_id]


KINDS = {"status": "integer", "fetched_at": "timestamp", "length": "bigint", "offset": "bigint", "words": "integer"}
CAPTURES = {name: capture(name, f"sha256:{name}") for name in BODIES}


def fact(number: int, capture_id: str, quote: str) -> dict[str, Any]:
    return {"fact_id": f"fact_{number}", "capture_id": capture_id, "quote": quote}


def broken(facts: list[dict[str, Any]], body_of: Callable[[Capture], bytes], seen: Path, captures: dict[str, Any] = CAPTURES):
    """The rows of broken quotes, as a database answers for these facts and captures."""
    with duckdb.connect() as base:
        base.execute((ROOT / "sql" / "macros.sql").read_text("utf-8"))
        told = ("fact_id", "capture_id", "quote")
        fill(base, "core.fact", told, facts)
        fill(base, "core.earlier_fact", told, [])
        fill(base, "raw.capture", tuple(capture("cap")), list(captures.values()))
        reader = Reader(base)
        return broken_quotes(reader.arrow(MARKS), reader.rows, body_of, seen)


def fill(base: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    kinds = ", ".join(f'"{each}" {KINDS.get(each, "varchar")}' for each in columns)
    base.execute(f"create schema if not exists {table.partition('.')[0]}; create table {table} ({kinds})")
    for row in rows:
        base.execute(f"insert into {table} values ({', '.join('?' for _ in columns)})", [row[each] for each in columns])  # noqa: S608


def check(facts: list[dict[str, Any]], seen: Path, captures: dict[str, Any] = CAPTURES) -> tuple[list[str], list[str]]:
    """The broken facts, and the captures that were opened to find out."""
    shelf = Shelf()
    return [row["fact_id"] for row in broken(facts, shelf.body, seen, captures)], shelf.opened


def test_what_the_capture_says_is_whole_and_what_it_does_not_say_is_broken(tmp_path: Path):
    facts = [
        fact(1, "cap_1", "Acme & Sons"),
        fact(2, "cap_2", "Zürich"),
        fact(3, "cap_1", "Acme & Daughters"),
        fact(4, "cap_2", "Acme"),
    ]
    assert check(facts, tmp_path / "seen.txt") == (["fact_3", "fact_4"], ["cap_1", "cap_2"])


def test_a_broken_quote_is_a_row_that_says_where(tmp_path: Path):
    facts = [fact(3, "cap_1", "Daughters")]
    rows = broken(facts, Shelf().body, tmp_path / "seen.txt")
    assert rows == [{"fact_id": "fact_3", "capture_id": "cap_1", "quote": "Daughters"}]


def test_an_empty_quote_is_broken(tmp_path: Path):
    assert check([fact(1, "cap_1", " ")], tmp_path / "seen.txt")[0] == ["fact_1"]


def test_what_was_found_once_is_not_looked_for_again(tmp_path: Path):
    seen = tmp_path / "seen.txt"
    facts = [fact(1, "cap_1", "Acme"), fact(2, "cap_2", "Zürich")]
    assert check(facts, seen) == ([], ["cap_1", "cap_2"])
    assert check(facts[::-1], seen) == ([], [])
    assert check([*facts, fact(3, "cap_1", "Sons")], seen) == ([], ["cap_1"])


def test_what_was_missing_is_looked_for_again(tmp_path: Path):
    seen = tmp_path / "seen.txt"
    for _ in range(2):
        assert check([fact(1, "cap_1", "Daughters")], seen) == (["fact_1"], ["cap_1"])


def test_another_body_is_looked_at_again(tmp_path: Path):
    seen = tmp_path / "seen.txt"
    assert check([fact(1, "cap_1", "Acme")], seen) == ([], ["cap_1"])
    changed = {"cap_1": capture("cap_1", "sha256:changed")}
    assert check([fact(1, "cap_1", "Acme")], seen, changed) == ([], ["cap_1"])


def test_no_facts_no_captures_no_trouble(tmp_path: Path):
    assert check([], tmp_path / "seen.txt") == ([], [])
    assert (tmp_path / "seen.txt").read_text("utf-8") == ""


def test_a_leftover_of_a_killed_run_does_no_harm(tmp_path: Path):
    (tmp_path / "seen.tmp").write_text("seen_half")
    assert check([fact(1, "cap_1", "Acme")], tmp_path / "seen.txt") == ([], ["cap_1"])
    assert not (tmp_path / "seen.tmp").exists()


def test_a_fact_of_no_capture_is_a_mistake(tmp_path: Path):
    with pytest.raises(KeyError):
        check([fact(1, "cap_9", "Acme")], tmp_path / "seen.txt")


def test_a_capture_that_the_archive_lost_breaks_its_quotes(tmp_path: Path):
    def lost(_: Capture) -> bytes:
        raise Skip("broken_record", "It is no longer in the archive.")

    facts = [fact(1, "cap_1", "Acme"), fact(2, "cap_1", "Sons")]
    rows = broken(facts, lost, tmp_path / "new" / "seen.txt")
    assert [row["fact_id"] for row in rows] == ["fact_1", "fact_2"]


def test_a_row_is_the_capture_it_was():
    whole = capture_of(capture("cap_1"))
    assert (whole.capture_id, whole.file, whole.offset, whole.length) == ("cap_1", "part-000.warc.gz", 7, 9)
    assert (whole.request.organization_id, whole.request.kind, whole.content_type) == (
        "org_1",
        "home",
        "text/html; charset=windows-1252",
    )


def test_captures_are_read_some_at_a_time_and_none_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quotes, "AT_ONCE", 1)
    facts = [fact(1, "cap_1", "Acme"), fact(2, "cap_2", "Zürich"), fact(3, "cap_2", "Bern"), fact(4, "cap_1", "Daughters")]
    assert check(facts, tmp_path / "seen.txt") == (["fact_4", "fact_3"], ["cap_1", "cap_2"])


def test_a_capture_that_several_asked_for_is_looked_at_once(tmp_path: Path):
    twice = {**CAPTURES, "other": {**CAPTURES["cap_1"], "organization_id": "org_2", "request_id": "req_2"}}
    facts = [fact(1, "cap_1", "Acme"), fact(2, "cap_1", "Sons")]
    assert check(facts, tmp_path / "seen.txt", twice) == ([], ["cap_1"])
    assert check(facts, tmp_path / "seen.txt", twice) == ([], [])


def test_what_is_remembered_is_what_its_mark_says(tmp_path: Path):
    facts = [fact(2, "cap_1", "Sons"), fact(1, "cap_1", "Acme & Sons")]
    check(facts, tmp_path / "seen.txt")
    assert (tmp_path / "seen.txt").read_text("utf-8").split() == [mark_of("sha256:cap_1", facts)]
