"""`bullseye users`, `bullseye downloads`, `bullseye serve`: what they do, say and refuse."""

import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from doors import OTHER, PASSWORD
from rich.console import Console
from test_doors_journal import FIRST
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.doors.commands import account
from pipelines.portal.doors.journal import append, entries, last_chain, recipients, verify
from pipelines.portal.doors.users import Users
from pipelines.reader import open_release


def call(home: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)], input=typed)


def test_users_are_added_told_and_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    added = call(home, "users", "add", "anna", typed=f"{PASSWORD}\n")
    assert added.exit_code == 0 and added.output == "anna may come in.\n"
    assert "new password" in call(home, "users", "add", "anna", typed=f"{OTHER}\r\n").output
    assert Users(Home(home).users).check("anna", OTHER) is not None
    assert "anna" in call(home, "users", "list").output and "argon2" not in call(home, "users", "list").output
    assert call(home, "users", "remove", "anna").exit_code == 0
    assert "anna" not in call(home, "users", "list").output


def test_a_password_is_no_argument_and_never_said(tmp_path: Path) -> None:
    assert call(tmp_path, "users", "add", "anna", PASSWORD).exit_code == 2
    refused = call(tmp_path, "users", "add", "anna", typed="tooshort\n")
    assert isinstance(refused.exception, Stop) and "tooshort" not in refused.output + str(refused.exception)


def test_at_a_terminal_the_password_is_asked_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def prompt(what: str, **how: Any) -> str:
        asked.append(how)
        return PASSWORD

    monkeypatch.setattr("pipelines.portal.doors.commands._is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    assert call(tmp_path, "users", "add", "anna").exit_code == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True}]


def test_downloads_are_told_and_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    assert "0 downloads" in call(tmp_path, "downloads", "--verify").output
    append(home, FIRST)
    noted = last_chain(home)
    append(home, replace(FIRST, who="otto", selection={}))
    told = call(tmp_path, "downloads", "--json").output.splitlines()
    assert [json.loads(line)["who"] for line in told] == ["anna", "otto"]
    monkeypatch.setattr("pipelines.portal.doors.commands.out", Console(width=160))
    assert all(
        word in call(tmp_path, "downloads").output for word in ("everything", "anna", "hubspot", "aaaaaaaaaaaa", "bullseye")
    )
    verified = call(tmp_path, "downloads", "--verify", "--noted", noted)
    assert verified.exit_code == 0 and "2 downloads" in verified.output and last_chain(home) in verified.output
    home.downloads.write_bytes(home.downloads.read_bytes().replace(b"anna", b"otto"))
    refused = call(tmp_path, "downloads", "--verify")
    assert isinstance(refused.exception, Stop) and "Line 1 is not as it was written" in str(refused.exception)


def test_the_account_is_as_the_system_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert account() == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--host", "0.0.0.0"], "bullseye users add"),
        (["--allowed-host", "leads.acme.example"], "bullseye users add"),
        (["--behind-tls"], "bullseye users add"),
    ],
)
def test_serving_elsewhere_without_users_is_refused_with_what_to_do(tmp_path: Path, words: list[str], sentence: str) -> None:
    refused = call(tmp_path, "serve", *words)
    assert isinstance(refused.exception, Stop) and sentence in str(refused.exception)


def test_serving_elsewhere_in_plain_text_is_refused_with_what_to_do(tmp_path: Path) -> None:
    call(tmp_path, "users", "add", "anna", typed=f"{PASSWORD}\n")
    refused = call(tmp_path, "serve", "--host", "192.0.2.7")
    assert isinstance(refused.exception, Stop) and "--behind-tls" in str(refused.exception)


def test_a_place_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = call(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert isinstance(refused.exception, Stop) and "choose another with --port" in str(refused.exception)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_is_none_is_one_sentence(tmp_path: Path, content: str | None) -> None:
    call(tmp_path, "users", "add", "anna", typed=f"{PASSWORD}\n")
    for name in ("c.pem", "k.pem") if content else ():
        (tmp_path / name).write_text(content or "")
    files = ["--certificate", str(tmp_path / "c.pem"), "--key", str(tmp_path / "k.pem")]
    refused = call(tmp_path, "serve", "--port", "0", *files)
    assert isinstance(refused.exception, Stop) and "name PEM files" in str(refused.exception)


@pytest.mark.slow
@pytest.mark.parametrize(("layout", "table"), [("csv", "lead"), ("hubspot", ""), ("parquet", "lead")])
def test_an_export_is_written_down_like_a_download(demo_home: Path, tmp_path: Path, layout: str, table: str) -> None:
    home = Home(tmp_path / "home")
    copytree(demo_home, home.folder, symlinks=True)
    home.downloads.unlink(missing_ok=True)
    home.downloads_head.unlink(missing_ok=True)
    done = call(home.folder, "export", "--layout", layout, "--to", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    [noted] = entries(home)
    files = sorted((tmp_path / "out").iterdir())
    lines = "".join(f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    assert noted.sha256 == (sha256(files[0].read_bytes()) if len(files) == 1 else sha256(lines.encode())).hexdigest()
    assert (noted.who, noted.by, noted.what, noted.release) == (account(), "command line", layout, home.current.resolve().name)
    with open_release(home.current / "bullseye.duckdb") as reader:
        assert not table or noted.rows == reader.count(f"mart.{table}")
        someone = reader.rows("select lead_id from mart.lead limit 1")[0]["lead_id"]
    assert noted.rows > 0 and [held for _, held in recipients(home, [someone])] == [True] and verify(home) == []


@pytest.mark.slow
def test_an_export_that_cannot_be_written_down_is_not_written(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    copytree(demo_home, home.folder, symlinks=True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.portal.doors.written.append", full)
    assert isinstance(call(home.folder, "export", "--layout", "csv", "--to", str(tmp_path / "out")).exception, OSError)
    assert list((tmp_path / "out").iterdir()) == []
    monkeypatch.undo()
    home.downloads.unlink(missing_ok=True)
    home.downloads.mkdir()
    refused = call(home.folder, "export", "--layout", "csv", "--to", str(tmp_path / "other"))
    assert isinstance(refused.exception, Stop) and not (tmp_path / "other").exists()


@pytest.mark.slow
def test_the_page_of_the_demo_is_served_and_ends_when_asked_to(demo_home: Path) -> None:
    bullseye = [sys.executable, "-c", "from pipelines.cli import main; main()", "serve", "--port", "0", "--home", str(demo_home)]
    with subprocess.Popen(bullseye, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stderr is not None
        try:
            address = serving.stderr.readline().split()[4].rstrip(";")
            answer = urllib.request.urlopen(address, timeout=60)  # noqa: S310 - loopback
        finally:
            serving.send_signal(signal.SIGINT)
        assert answer.status == 200 and b"Bullseye" in answer.read()
        assert serving.wait(20) == 0 and "Traceback" not in serving.stderr.read()
