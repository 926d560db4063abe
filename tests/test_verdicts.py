"""Verdicts as a file: the same back, and a promise without one counts as broken."""

from pathlib import Path

import pytest

from pipelines.promises import parse_promise
from pipelines.quality import Verdict
from pipelines.verdicts import read_verdicts, write_verdicts

PROMISES = [
    parse_promise("mart.fit", "between(fit, 0, 100)", "expect"),
    parse_promise("mart.fit", "not_null(ring)", "expect"),
    parse_promise("mart.source_health", "between(shortfall, 0, 0)", "warn"),
]
VERDICTS = [
    Verdict(PROMISES[0], True, "0 to 97.5"),
    Verdict(PROMISES[1], False, "2 of 9 rows", ("organization_id=org_a, ring=None",)),
    Verdict(PROMISES[2], False, "1 of 4 rows", ("source=sitemap, shortfall=0.4",)),
]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_verdicts(tmp_path / "verdicts.json", VERDICTS)
    assert read_verdicts(tmp_path / "verdicts.json", PROMISES) == VERDICTS


def test_only_a_broken_expect_stops() -> None:
    assert [verdict.stops for verdict in VERDICTS] == [False, True, False]


def test_a_promise_that_was_never_held_counts_as_broken(tmp_path: Path) -> None:
    write_verdicts(tmp_path / "verdicts.json", VERDICTS[:1])
    read = read_verdicts(tmp_path / "verdicts.json", PROMISES)
    assert [verdict.passed for verdict in read] == [True, False, False]
    assert read[1].stops and "never" in read[1].observed


def test_a_promise_that_is_no_longer_made_is_forgotten(tmp_path: Path) -> None:
    write_verdicts(tmp_path / "verdicts.json", VERDICTS)
    assert read_verdicts(tmp_path / "verdicts.json", PROMISES[1:]) == VERDICTS[1:]


def test_the_file_is_replaced_at_once(tmp_path: Path) -> None:
    write_verdicts(tmp_path / "verdicts.json", VERDICTS)
    write_verdicts(tmp_path / "verdicts.json", VERDICTS[:2])
    assert [path.name for path in tmp_path.iterdir()] == ["verdicts.json"]
    assert len(read_verdicts(tmp_path / "verdicts.json", PROMISES[:2])) == 2


@pytest.mark.parametrize("torn", ["", "[{", "\x00\x00", None])
def test_a_torn_file_holds_no_verdicts(torn: str | None, tmp_path: Path) -> None:
    if torn is not None:
        (tmp_path / "verdicts.json").write_text(torn, "utf-8")
    assert read_verdicts(tmp_path / "verdicts.json", PROMISES) == []


def test_not_one_letter_of_a_verdict_changes_unnoticed(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    write_verdicts(path, VERDICTS)
    path.write_bytes(path.read_bytes().replace(b"0 to 97.5", b"0 to 99.5"))
    assert read_verdicts(path, PROMISES) == []
