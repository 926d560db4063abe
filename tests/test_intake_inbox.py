"""The inbox: safe names, one copy of a content, names and days that stay."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import Stop
from pipelines.intake.inbox import lists_in, receive
from pipelines.settings import Lists

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def file(folder: Path, name: str, text: str = "company\nOtter\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("fair 2026.csv", "fair_2026-d7e8e9a1.csv"),
        ("[ab]*.csv", "ab-d7e8e9a1.csv"),
        ("..csv.json", "csv-d7e8e9a1.json"),
        ("Größe;drop table.CSV", "Gr_e_drop_table-d7e8e9a1.CSV"),
        ("-", "list-d7e8e9a1"),
        ("n" * 200 + ".csv", "n" * 80 + "-d7e8e9a1.csv"),
    ],
)
def test_safe_names(tmp_path, name, safe):
    (stored,) = receive([file(tmp_path / "from", name)], tmp_path / "inbox", MONDAY)
    digest = stored.stem.rpartition("-")[2]
    assert stored.name.replace(digest, "d7e8e9a1") == safe
    assert len(digest) == 8
    assert stored.read_text("utf-8") == "company\nOtter\n"


def test_a_content_is_kept_once_under_its_first_name_and_day(tmp_path):
    inbox = tmp_path / "inbox"
    first = receive([file(tmp_path, "customers.csv")], inbox, MONDAY)
    again = receive([file(tmp_path, "copy.csv")], inbox, TUESDAY)
    assert first == again
    (found,) = lists_in(inbox, Lists(), TUESDAY)
    assert (found.name, found.kind, found.received_on, found.path) == ("customers.csv", "customers", MONDAY, first[0])


def test_a_file_dropped_by_hand_is_a_list_with_the_day_it_was_first_seen(tmp_path):
    file(tmp_path, "Our PARTNERS.csv")
    (seen,) = lists_in(tmp_path, Lists(), MONDAY)
    (later,) = lists_in(tmp_path, Lists(), TUESDAY)
    assert seen == later
    assert (later.name, later.kind, later.received_on) == ("Our PARTNERS.csv", "partners", MONDAY)


def test_a_dropped_file_is_not_copied_again_when_it_is_brought(tmp_path):
    dropped = file(tmp_path / "inbox", "any name at all.csv")
    assert receive([file(tmp_path, "other.csv")], tmp_path / "inbox", MONDAY) == [dropped]


def test_folders_hidden_and_unfinished_files(tmp_path):
    folder = tmp_path / "from"
    for name in ("b.csv", "a.csv", ".hidden.csv", "half.csv.part"):
        file(folder, name, f"company\n{name}\n")
    file(folder / "deep", "c.csv", "company\nc\n")
    file(folder / ".git", "d.csv", "company\nd\n")
    stored = receive([folder], tmp_path / "inbox", MONDAY)
    assert [path.name[:1] for path in stored] == ["a", "b", "c"]
    assert [each.name for each in lists_in(tmp_path / "inbox", Lists(), MONDAY)] == ["a.csv", "b.csv", "c.csv"]


def test_lists_come_oldest_first(tmp_path):
    receive([file(tmp_path, "z.csv", "company\nz\n")], tmp_path / "inbox", MONDAY)
    receive([file(tmp_path, "a.csv", "company\na\n")], tmp_path / "inbox", TUESDAY)
    assert [each.name for each in lists_in(tmp_path / "inbox", Lists(), TUESDAY)] == ["z.csv", "a.csv"]


def test_what_is_not_there_stops_the_run(tmp_path):
    with pytest.raises(Stop, match=r"nothing\.csv is neither a file nor a folder"):
        receive([tmp_path / "nothing.csv"], tmp_path / "inbox", MONDAY)


def test_no_inbox_holds_no_lists(tmp_path):
    assert lists_in(tmp_path / "nowhere", Lists(), MONDAY) == []
