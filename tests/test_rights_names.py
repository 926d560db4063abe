"""Who was forgotten by name comes back in no column of a new list; a namesake elsewhere, and a firm of that name, are others."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.home import Home
from pipelines.intake.inbox import lists_in, receive
from pipelines.intake.reading import read_lists
from pipelines.settings import Lists, Settings
from pipelines.suppression import Suppression
from pipelines.suppression.book import Book
from pipelines.suppression.persons import person_entries

DAY = date(2026, 1, 2)
GONE = {
    "Dr. Zara Quillfeather": ("Calm Ltd", "calm.example"),
    "Ada Otter": ("Ada Otter Ltd", "ada-otter.example"),
    "Hugo Boss": ("Calm Ltd",),
}
LEAVE = {
    "a column of somebody else": "company,Referred by\nCalm Ltd,Zara Quillfeather",
    "no word of ours": "company,Shoe\nCalm Limited,quillfeather zara",
    "a note": 'company,notes\nCalm GmbH,"Spoke with Zara Quillfeather, as planned"',
    "a title and an initial": "company,Owner\nCALM,ZARA M. QUILLFEATHER MBA",
    "two columns": "company,A,B\nCalm,Zara,Quillfeather",
    "two columns apart": "company,First name,Phone,Last name\nCalm,Zara,none,Quillfeather",
    "another mailbox of hers": "company,email\nCalm Ltd,zara.quillfeather@freebox.example",
    "a profile": "company,profile\nCalm Ltd,https://www.linkedin.com/in/zara-quillfeather-12a/",
    "her domain alone": "website,Who\nhttps://www.calm.example/,Zara Quillfeather",
    "her company beside another": "company,notes\nBolt Ltd,Zara Quillfeather of Calm was there",
    "her domain beside another company": "company,notes\nBolt Ltd,Zara Quillfeather (calm.example)",
    "nobody says where": "Who,City\nZara Quillfeather,Anytown",
    "taken for a company": "Name,City\nZara Quillfeather,Anytown",
    "unseen signs": "company,notes\nCalm Ltd,Za\u00adra Quill\u200bfeather",
    "full-width": "company,notes\nCalm Ltd,Ｚａｒａ Ｑｕｉｌｌｆｅａｔｈｅｒ",
    "in the firm of her name": "company,website,notes\nAda Otter Ltd,ada-otter.example,Ada Otter called",
    "as its contact": "company,first name,last name\nAda Otter Ltd,Ada,Otter",
}
STAY = {
    "a namesake elsewhere": "company,Referred by\nBolt Ltd,Zara Quillfeather",
    "another of her family": "company,Referred by\nCalm Ltd,Zelda Quillfeather",
    "half of a name": "company,notes\nCalm Ltd,Zara called",
    "the firm of her name": "company,website,email\nAda Otter Ltd,https://www.ada-otter.example/,info@ada-otter.example",
    "the firm of her name, twice": "company,Legal name 2,last name\nAda Otter Ltd,Ada Otter Limited,Bolt",
    "its profile": "company,linkedin\nAda Otter Ltd,https://www.linkedin.com/company/ada-otter",
    "a firm that is called as somebody was": "company,website\nHugo Boss,hugoboss.example",
    "the same by name alone": "company,City\nHugo Boss,Anytown",
    "a list of names with websites": "Name,website\nHugo Boss,hugoboss.example",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Suppression:
    folder = tmp_path_factory.mktemp("book")
    book = Book(folder / "suppression.parquet", folder / "suppression.key")
    book.add([entry for name, at in GONE.items() for place in ("", *at) for entry in person_entries(name, place)], "", DAY)
    return book.read()


def refused(content: str, told: Suppression, folder: Path) -> list[str]:
    """The reasons of the rows before two that nobody minds."""
    rows = content.count("\n") or 1
    width = content.count(",", 0, content.find("\n") if "\n" in content else len(content))
    (folder / "list.csv").write_text(f"{content}\n{'Nut Ltd,' * width}x\n{'Elm Ltd,' * width}y\n", "utf-8")
    receive([folder / "list.csv"], folder / "inbox", DAY)
    read = read_lists(lists_in(folder / "inbox", Lists(), DAY, told), Settings(), told)
    found = {row["row_number"]: row["reason"] for row in read.rejected_row.to_pylist()}
    kept = [row["fields"].lower() for row in read.lead_row.to_pylist() if found.get(row["row_number"]) == "suppressed"]
    assert set(kept) <= {"{}"}
    return [found.get(number, "") for number in range(1, rows + 1)]


@pytest.mark.parametrize("where", LEAVE)
def test_whoever_was_forgotten_comes_back_in_no_column(where: str, told: Suppression, tmp_path: Path) -> None:
    assert refused(LEAVE[where], told, tmp_path) == ["suppressed"]


@pytest.mark.parametrize("where", STAY)
def test_whoever_else_is_called_so_stays(where: str, told: Suppression, tmp_path: Path) -> None:
    assert "suppressed" not in refused(STAY[where], told, tmp_path)


@pytest.mark.parametrize("rest", ["Otto Other,Bolt Ltd,bolt.example", "Nut Ltd,x,y"])
def test_a_first_row_that_nobody_knows_for_one_names_no_column(rest: str, told: Suppression, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"Zara Quillfeather,Calm Ltd,calm.example\n{rest}\n", "utf-8")
    receive([tmp_path / "list.csv"], tmp_path / "inbox", DAY)
    read = read_lists(lists_in(tmp_path / "inbox", Lists(), DAY, told), Settings(), told)
    assert read.lead_row.num_rows and "quillfeather" not in str(read.named()).lower()


def test_a_list_named_after_them_goes_by_another_name(told: Suppression, tmp_path: Path) -> None:
    (tmp_path / "zara-quillfeather.csv").write_text("company\nNut Ltd\n", "utf-8")
    receive([tmp_path / "zara-quillfeather.csv"], tmp_path / "inbox", DAY)
    (found,) = lists_in(tmp_path / "inbox", Lists(), DAY, told)
    assert found.name.startswith("left-out-")


def test_who_wants_to_be_known_again_is_by_name_too(tmp_path: Path) -> None:
    """Forgetting somebody by mailbox suppresses their name at every place that was known."""
    home = Home(tmp_path)
    book = Book(home.suppression, home.suppression_key)
    book.add([entry for at in ("", "Calm Ltd", "calm.example") for entry in person_entries("Ada Otter", at)], "", DAY)
    for at in ("Calm Ltd", "calm.example"):
        said = CliRunner().invoke(app, ["suppress", "remove", "Ada Otter", "--of", at, "--home", str(tmp_path)])
        assert said.exit_code == 0 and said.output.startswith("Suppressed no more: ")
    assert not book.read().is_named(["Ada Otter"], ["Calm Ltd"]) and not book.read().is_named(["Ada Otter"], [])
