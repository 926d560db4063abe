"""`bullseye suppress …`: adding, counting, asking, turning the key; no value is ever said again."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.suppression.kept import mark_of

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


def test_an_old_copy_of_the_list_is_noticed_before_anybody_is_told_by_it(tmp_path: Path) -> None:
    """H4: a home put back by hand, its list with it: nobody inside can tell, so the version stands beside the home."""
    home, copy = tmp_path / "home", tmp_path / "copy"
    assert call(home, "add", "ada@acme.example").exit_code == 0
    shutil.copytree(home, copy)
    assert call(home, "add", "otto@acme.example").exit_code == 0
    shutil.rmtree(home)
    shutil.copytree(copy, home)
    for words in (["check", "otto@acme.example"], ["list"], ["add", "ida@acme.example"], ["remove", "ada@acme.example"]):
        assert "is an older copy than the list" in str(call(home, *words).exception)
    Home(home).suppression.unlink()
    assert "is missing, so nobody can tell whom to leave out" in str(call(home, "check", "ada@acme.example").exception)
    shutil.copytree(copy, home, dirs_exist_ok=True)
    mark_of(Home(home).suppression).unlink()
    assert call(home, "add", "otto@acme.example").exit_code == 0
    assert call(home, "check", "otto@acme.example").output == "Suppressed.\n"


def test_a_copy_elsewhere_is_a_home_of_its_own(tmp_path: Path) -> None:
    assert call(tmp_path / "home", "add", "ada@acme.example").exit_code == 0
    shutil.copytree(tmp_path / "home", tmp_path / "other")
    assert call(tmp_path / "home", "add", "otto@acme.example").exit_code == 0
    assert call(tmp_path / "other", "check", "ada@acme.example").output == "Suppressed.\n"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_the_list_is_replaced_it_is_no_older_copy(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    assert call(home, "add", "ada@acme.example").exit_code == 0
    real = Path.replace

    def killed(path: Path, target: Path) -> Path:
        if target == Home(home).suppression:
            if moment == "after":
                real(path, target)
            raise KeyboardInterrupt
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        assert call(home, "add", "otto@acme.example").exit_code != 0
    assert call(home, "check", "otto@acme.example").output == ("Suppressed.\n" if moment == "after" else "Not suppressed.\n")
    assert call(home, "add", "otto@acme.example").exit_code == 0


def test_where_nobody_may_write_beside_the_home_there_is_no_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.write_text

    def refused(path: Path, *given: str) -> int:
        if path.name.startswith(".home"):
            raise PermissionError(13, "Permission denied")
        return real(path, *given)

    monkeypatch.setattr(Path, "write_text", refused)
    assert call(tmp_path / "home", "add", "ada@acme.example").exit_code == 0
    mark_of(Home(tmp_path / "home").suppression).touch()
    assert "cannot be written (Permission denied)" in str(call(tmp_path / "home", "add", "otto@acme.example").exception)
