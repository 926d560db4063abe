"""Every quote is in its capture, looked up in the archive and not in what the reader saw."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import Skip
from pipelines.quotes import broken_quotes, capture_of
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


CAPTURES = {name: capture(name, f"sha256:{name}") for name in BODIES}


def fact(number: int, capture_id: str, quote: str) -> dict[str, Any]:
    return {"fact_id": f"fact_{number}", "capture_id": capture_id, "quote": quote}


def check(facts: list[dict[str, Any]], seen: Path, captures: dict[str, Any] = CAPTURES) -> tuple[list[str], list[str]]:
    """The broken facts, and the captures that were opened to find out."""
    shelf = Shelf()
    return [row["fact_id"] for row in broken_quotes(facts, captures, shelf.body, seen)], shelf.opened


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
    rows = broken_quotes(facts, CAPTURES, Shelf().body, tmp_path / "seen.txt")
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
    rows = broken_quotes(facts, CAPTURES, lost, tmp_path / "new" / "seen.txt")
    assert [row["fact_id"] for row in rows] == ["fact_1", "fact_2"]


def test_a_row_is_the_capture_it_was():
    whole = capture_of(capture("cap_1"))
    assert (whole.capture_id, whole.file, whole.offset, whole.length) == ("cap_1", "part-000.warc.gz", 7, 9)
    assert (whole.request.organization_id, whole.request.kind, whole.content_type) == (
        "org_1",
        "home",
        "text/html; charset=windows-1252",
    )
