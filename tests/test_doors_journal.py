"""The journal of downloads: chained, append-only, written by many at once, and able to say who got somebody's data."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.doors.journal import Download, append, drop_before, entries, last_chain, make_ready, recipients, verify

FIRST = Download(
    at="2026-01-15T08:00:00+00:00",
    who="anna",
    by="page",
    what="hubspot",
    selection={"ring": ["problem", "bullseye"], "country": ["DE"]},
    rows=12,
    sha256="a" * 64,
    release="20260115T080000-1",
    suppression="v1",
)


def numbered(number: int, **other: Any) -> Download:
    return replace(FIRST, at=f"2026-01-{number:02}T08:00:00+00:00", rows=number, **other)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    place = Home(tmp_path / "home")
    for number in range(1, 6):
        append(place, numbered(number))
    return place


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    assert entries(home) == [] and verify(home) == [] and last_chain(home) == ""
    written = append(home, FIRST)
    assert entries(home) == [written] == [FIRST]
    assert len(written.chain) == 64 and last_chain(home) == written.chain and verify(home, written.chain) == []
    assert home.downloads.stat().st_mode & 0o777 == 0o600


def _change(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b'"rows":3', b'"rows":2') for line in lines]


def _rechained(lines: list[bytes]) -> list[bytes]:
    """Change a line, and give it a chain of its own making."""
    line = {**json.loads(lines[2]), "rows": 999, "chain": "0" * 64}
    return [*lines[:2], json.dumps(line).encode() + b"\n", *lines[3:]]


TAMPERED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a figure changed": _change,
    "a line changed and chained anew": _rechained,
    "the first line taken out": lambda lines: lines[1:],
    "a line taken out": lambda lines: [*lines[:2], *lines[3:]],
    "the last line taken out": lambda lines: lines[:-1],
    "all but the first taken out": lambda lines: lines[:1],
    "everything taken out": lambda lines: [],
    "two lines in another order": lambda lines: [lines[1], lines[0], *lines[2:]],
    "a line put in twice": lambda lines: [*lines, lines[-1]],
    "half of the last line lost": lambda lines: [*lines[:-1], lines[-1][:40]],
    "a line that is none": lambda lines: [*lines[:2], b"\xff\xfe nothing\n", *lines[2:]],
    "a line of something else": lambda lines: [*lines, b'{"who":"otto"}\n'],
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_journal_that_is_not_as_it_was_written_is_noticed(home: Home, how: str) -> None:
    assert verify(home) == []
    lines = home.downloads.read_bytes().splitlines(keepends=True)
    home.downloads.write_bytes(b"".join(TAMPERED[how](lines)))
    assert verify(home) != []
    append(home, numbered(6))  # the work goes on, and what was done stays noticed
    assert verify(home) != []


@pytest.mark.parametrize("name", ["downloads", "downloads_head"])
def test_a_missing_file_is_noticed(home: Home, name: str) -> None:
    getattr(home, name).unlink()
    assert verify(home) != []


def test_a_journal_written_anew_does_not_have_the_chain_that_was_noted(home: Home) -> None:
    noted = last_chain(home)
    assert verify(home, noted) == []
    home.downloads.unlink()
    home.downloads_head.unlink()
    for number in range(1, 7):
        append(home, numbered(number, who="otto"))
    assert verify(home) == [] and verify(home, noted) == ["The chain that was noted is not in the journal: it was written anew."]


def test_a_process_that_died_between_line_and_head_broke_nothing(home: Home) -> None:
    before = home.downloads_head.read_bytes()
    append(home, numbered(6))
    home.downloads_head.write_bytes(before)
    assert verify(home) == [] and len(entries(home)) == 6
    append(home, numbered(7))
    assert verify(home) == [] and [each.rows for each in entries(home)] == [1, 2, 3, 4, 5, 6, 7]


def test_the_rest_of_a_write_that_never_finished_is_cut_off(home: Home) -> None:
    whole = home.downloads.read_bytes()
    home.downloads.write_bytes(whole + whole.splitlines()[0][:100])
    assert verify(home) == [] and len(entries(home)) == 5
    append(home, numbered(6))
    assert verify(home) == [] and len(entries(home)) == 6


def test_a_disk_that_is_full_takes_no_half_a_line(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:50]))
    with pytest.raises(OSError, match="No space left"):
        append(home, numbered(6))
    monkeypatch.undo()
    assert verify(home) == [] and len(entries(home)) == 5


def _many(folder: Path, who: str) -> None:
    for number in range(25):
        append(Home(folder), replace(FIRST, who=who, rows=number), [f"org_{number}"])


def test_processes_write_in_turn(tmp_path: Path) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=_many, args=(tmp_path, f"user{number}")) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    home = Home(tmp_path)
    assert verify(home) == [] and len(entries(home)) == 75
    for writer in range(3):
        assert [each.rows for each in entries(home) if each.who == f"user{writer}"] == list(range(25))


def test_who_got_somebodys_data_is_known_when_the_release_is_gone(home: Home) -> None:
    anvil, bellows = "org_00000000000000aa", "org_00000000000000bb"
    append(home, numbered(6, who="both"), [anvil, bellows, "lead_1"])
    append(home, numbered(7, who="bellows"), [bellows])
    append(home, numbered(8, who="nobody"), [])
    append(home, numbered(9, who="both again"), ["lead_1", bellows, anvil])
    told = {each.who: held for each, held in recipients(home, [anvil])}
    assert told == {"anna": None, "both": True, "both again": True}  # anna's are older than the sets
    assert {each.who for each, held in recipients(home, ["lead_1"]) if held} == {"both", "both again"}
    assert {each.who for each, held in recipients(home, [anvil, bellows]) if held} == {"both", "bellows", "both again"}
    assert len(list(home.holdings.iterdir())) == 3  # the same set is kept once
    for path in home.folder.rglob("*"):
        assert path.is_dir() or b"org_" not in path.read_bytes()


def test_what_is_old_goes_and_the_rest_can_still_be_verified(home: Home) -> None:
    append(home, numbered(6), ["org_a"])
    append(home, numbered(7), ["org_b"])
    noted = last_chain(home)
    assert drop_before(home, datetime(2026, 1, 4, tzinfo=UTC)) == 3
    assert [each.rows for each in entries(home)] == [4, 5, 6, 7] and verify(home, noted) == []
    assert drop_before(home, datetime(2026, 1, 4, tzinfo=UTC)) == 0
    assert drop_before(home, datetime(2026, 1, 7, tzinfo=UTC)) == 3
    assert json.loads(home.downloads.read_text().splitlines()[0])["dropped"] == 6
    assert [held for _, held in recipients(home, ["org_a"])] == [] and len(list(home.holdings.iterdir())) == 1
    assert drop_before(home, datetime(2027, 1, 1, tzinfo=UTC)) == 1
    assert entries(home) == [] and verify(home) == []
    append(home, numbered(8))
    assert len(entries(home)) == 1 and verify(home) == []
    assert home.downloads.stat().st_mode & 0o777 == 0o600


def test_a_long_filter_is_a_line_like_others(home: Home) -> None:
    append(home, numbered(6, selection={"owner": ["\N{GRINNING FACE}" * 8000]}))
    append(home, numbered(7))
    assert verify(home) == [] and len(entries(home)) == 7


@pytest.mark.parametrize("trouble", ["full", "a folder in its place"])
def test_where_nothing_can_be_written_down_nothing_may_be_taken(
    home: Home, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(home)
    if trouble == "full":
        monkeypatch.setattr("pipelines.portal.doors.journal.disk_usage", lambda _: SimpleNamespace(free=1000))
    else:
        home.downloads.unlink()
        home.downloads.mkdir()
    with pytest.raises(Stop, match="Nothing can be taken"):
        make_ready(home)
