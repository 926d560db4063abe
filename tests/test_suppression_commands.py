"""`bullseye suppress …`: adding, counting, asking, turning the key; no value is ever said again."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home

KEY = "4" * 64


def call(home: Path, *words: str, key: str | None = None) -> Result:
    env = {"BULLSEYE_SUPPRESSION_KEY": key} if key else {}
    return CliRunner().invoke(app, ["suppress", *words, "--home", str(home)], env=env)


def test_somebody_added_is_told_in_any_spelling_and_counted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added = call(
        home, "add", "Ada@acme.example", "+49 30 1234567", "forbidden.example", "Müller & Söhne GmbH", "ada+x@acme.example"
    )
    assert added.exit_code == 0, added.output
    assert added.output.startswith("Suppressed: 1 mailbox, 1 phone, 1 domain, 1 company new. Run again")
    for value in ("ADA@ACME.EXAMPLE", "030 1234567", "x@www.forbidden.example", "Mueller und Soehne", "Müller Söhne AG"):
        assert call(home, "check", value).output == "Suppressed.\n"
    assert call(home, "check", "otto@acme.example").output == "Not suppressed.\n"
    counts = [line.split() for line in call(home, "list").output.splitlines()]
    assert counts == [["1", "mailbox"], ["1", "phone"], ["1", "domain"], ["1", "company"], ["0", "persons"]]
    assert Home(home).suppression_key.stat().st_mode & 0o777 == 0o600


def test_a_list_is_added_from_a_file_and_nothing_of_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("ada@acme.example\notto@acme.example\n", "utf-8")
    for said in ("Suppressed: 2 mailboxes new.", "Suppressed: nothing new."):
        result = call(tmp_path / "home", "add", "--file", str(tmp_path / "list.txt"))
        assert result.exit_code == 0 and result.output.startswith(said)
        assert "acme" not in result.output
    assert not (tmp_path / "home" / "inbox").exists()


@pytest.mark.parametrize("value", ["gmail.com", "https://www.linkedin.com/in/ada", "?", "12"])
def test_what_cannot_be_suppressed_is_told_by_its_place(value: str, tmp_path: Path) -> None:
    result = call(tmp_path / "home", "add", "ada@acme.example", value)
    if value == "12":  # a company may be called so
        assert result.exit_code == 0
        return
    assert isinstance(result.exception, Stop) and str(result.exception).startswith("Value 2 cannot be suppressed")
    assert value not in str(result.exception) and call(tmp_path / "home", "list").output.split()[0] == "0"


def test_without_a_value_it_is_wrong_use(tmp_path: Path) -> None:
    assert call(tmp_path / "home", "add").exit_code == 2


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    result = call(tmp_path / "home", "add", "--file", str(tmp_path / "no.txt"))
    assert isinstance(result.exception, Stop) and "name one that is there" in str(result.exception)


def test_the_key_is_turned_in_its_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    call(home, "add", "ada@acme.example")
    first = Home(home).suppression_key.read_text("ascii")
    result = call(home, "rotate")
    assert result.exit_code == 0 and "under 2 keys" in result.output and first.strip() not in result.output
    assert call(home, "check", "ada@acme.example").output == "Suppressed.\n"


def test_a_key_of_the_environment_stays_out_of_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert call(home, "add", "ada@acme.example", key=KEY).exit_code == 0
    assert not Home(home).suppression_key.exists()
    assert call(home, "check", "ada@acme.example", key=KEY).output == "Suppressed.\n"
    assert "is missing" in str(call(home, "check", "ada@acme.example").exception)
    held = b"".join(path.read_bytes() for path in home.iterdir())
    assert KEY.encode() not in held and bytes.fromhex(KEY) not in held
    assert KEY not in call(home, "add", "--help").output


def test_nothing_is_turned_where_nobody_is_suppressed(tmp_path: Path) -> None:
    assert "Nothing is suppressed yet" in str(call(tmp_path, "rotate").exception)
    assert call(tmp_path, "check", "ada@acme.example").output == "Not suppressed.\n"
