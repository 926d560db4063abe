"""The home: where things lie, and what is remembered of how they were made."""

from pathlib import Path

import pytest

from pipelines.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.folder.mkdir()
    return made


def test_everything_lies_in_the_folder(home: Home) -> None:
    places = (home.inbox, home.archive, home.facts, home.warehouse, home.verdicts, home.releases)
    assert all(place.parent == home.folder for place in places)
    assert home.current == home.releases / "current"


def test_a_note_is_remembered_while_the_warehouse_is_there(home: Home) -> None:
    home.warehouse.touch()
    home.note("intake", "one")
    home.note("facts", "two")
    assert (home.made_from("intake"), home.made_from("facts"), home.made_from("reasoning")) == ("one", "two", "")
    home.note("intake", "three")
    assert (home.made_from("intake"), home.made_from("facts")) == ("three", "two")


def test_without_the_warehouse_nothing_was_made(home: Home) -> None:
    home.note("intake", "one")
    assert home.made_from("intake") == ""


@pytest.mark.parametrize("torn", ["", "{", '{"intake": "o', "\x00\x00"])
def test_a_torn_note_is_no_note_and_can_be_written_again(torn: str, home: Home) -> None:
    home.warehouse.touch()
    home.note("intake", "one")
    (home.folder / "stages.json").write_text(torn, "utf-8")
    assert home.made_from("intake") == ""
    home.note("intake", "two")
    assert home.made_from("intake") == "two"


def test_a_note_leaves_nothing_beside_it(home: Home) -> None:
    home.note("intake", "one")
    assert [path.name for path in home.folder.iterdir()] == ["stages.json"]
