"""H9 and H4: thirteen months later nothing overdue is left, whatever was brought or read again; a copy brings nobody back."""

import os
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_rights_forget import contents
from test_trials_market import market, website, write
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.ids import SEPARATOR
from pipelines.job import ROOT
from pipelines.portal.doors.journal import Download, append, entries
from pipelines.suppression.keys import Keyring
from pipelines.suppression.outdated import CURRENT, Outdated, Register

HEAD = "company,website,first name,last name,email,date\n"
OLD = f"{HEAD}Quiet Ltd,quiet.example,Quentin,Whiskers,q.whiskers@quiet.example,2026-01-10\nQuiet Ltd,quiet.example,,,,\n"
EXAMPLES = ["--icp", str(ROOT / "examples" / "icp.yaml"), "--settings", str(ROOT / "examples" / "settings.yaml")]
KEYS = Keyring(("11" * 32, "22" * 32))
DAY, TERM = date(2026, 1, 15), timedelta(days=365)


def identities(*names: str) -> "pa.Array[pa.StringScalar]":
    return pa.array([f"email{SEPARATOR}{name}" if "@" in name else f"domain{SEPARATOR}{name}" for name in names])


def days(*written: str | None) -> "pa.Array[pa.Date32Scalar]":
    return pa.array([date.fromisoformat(each) if each else None for each in written], pa.date32())


def register(folder: Path) -> Register:
    return Register(folder / "observed.parquet", lambda: KEYS)


def test_a_list_that_is_a_year_old_lets_its_persons_go(tmp_path: Path) -> None:
    who, noted = identities("ada@acme.example", "acme.example"), days(None, None)
    for later, gone in ((364, [False, False]), (365, [True, False])):
        assert register(tmp_path).at(DAY + timedelta(days=later), TERM).flags(who, noted, DAY).to_pylist() == gone
    assert not CURRENT and CURRENT.flags(who, noted, DAY).to_pylist() == [False, False]


@pytest.mark.parametrize(
    ("noted_on", "is_over"),
    [
        (None, True),
        ("2026-03-01", True),
        ("2027-01-15", True),
        ("2027-01-16", False),
        ("2027-03-01", False),
        ("2029-01-01", True),
    ],
)
def test_bringing_a_contact_again_renews_nothing_but_a_new_observation_does(
    tmp_path: Path, noted_on: str | None, is_over: bool
) -> None:
    """A row dated after the term is one; a date after that of its list is none."""
    kept = register(tmp_path)
    kept.add([f"email{SEPARATOR}ada@acme.example"], DAY)
    outdated = kept.at(date(2027, 3, 2), TERM)
    flags = outdated.flags(identities("ada@acme.example", "ida@acme.example"), days(noted_on, None), date(2027, 3, 2))
    assert flags.to_pylist() == [is_over, False]


def test_the_register_holds_no_name_and_turns_with_the_key(tmp_path: Path) -> None:
    kept = register(tmp_path)
    assert kept.version == ""
    kept.add([f"email{SEPARATOR}ada@acme.example"], DAY)
    kept.add([f"email{SEPARATOR}ada@acme.example"], DAY + TERM)
    assert b"ada" not in kept.path.read_bytes() and pq.read_table(kept.path)["first_observed_on"].to_pylist() == [DAY]
    (before,) = pq.read_table(kept.path)["hash"].to_pylist()
    kept.rotate(2)
    assert pq.read_table(kept.path)["hash"].to_pylist() != [before]
    who = identities("ada@acme.example")
    assert kept.at(date(2027, 6, 1), TERM).flags(who, days(None), date(2027, 6, 1)).to_pylist() == [True]
    kept.path.write_bytes(b"torn")
    with pytest.raises(Stop, match="is damaged"):
        kept.at(DAY, TERM)


def test_the_keys_are_read_once_however_many_contacts_there_are(tmp_path: Path) -> None:
    asked: list[Keyring] = []
    register(tmp_path).add([f"email{SEPARATOR}ada@acme.example"], DAY)
    kept = Register(tmp_path / "observed.parquet", lambda: asked.append(KEYS) or KEYS)
    who = identities(*(f"{number}@acme.example" for number in range(9)))
    kept.at(DAY + TERM, TERM).flags(who, days(*[None] * 9), date(2027, 3, 2))
    assert asked == [KEYS]


def test_what_covers_a_list_is_its_day(tmp_path: Path) -> None:
    outdated = Outdated(DAY, TERM, lambda _: b"")
    assert outdated.covers(DAY) and not outdated.covers(DAY + timedelta(days=1))
    assert outdated.contacts(identities("ada@acme.example", "acme.example")) == [f"email{SEPARATOR}ada@acme.example"]


class House:
    """A home of the market, run as of a day."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, Home(folder / "home")

    def call(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--home", str(self.home.folder)])

    def running(self, as_of: str) -> list[str]:
        leads = ["--leads", str(self.folder / "lists"), "--web", str(self.folder / "web"), "--as-of", as_of]
        return ["run", *leads, *EXAMPLES]

    def run(self, as_of: str) -> None:
        result = self.call(*self.running(as_of))
        assert result.exit_code == 0, result.output + repr(result.exception)

    def refused(self, *words: str) -> str:
        result = self.call(*words)
        assert result.exit_code != 0
        return str(result.exception)

    def retain(self, as_of: str, *words: str) -> Result:
        return self.call("retain", "--as-of", as_of, *words, *EXAMPLES)

    def names(self, what: bytes) -> set[str]:
        return {name.partition("/")[0] for name, content in contents(self.home.folder) if what in content.lower()}

    def leads(self) -> list[str]:
        table = pq.read_table(self.home.current / "tables" / "lead.parquet", columns=["last_name"])
        return sorted(str(each) for each in table["last_name"].to_pylist() if each)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("year")
    market(folder, {"quiet.example": website("quiet.example")}, {"fair.csv": OLD})
    house = House(folder)
    house.run("2026-01-15")
    log = house.home.folder / "logs" / "old.log"
    log.parent.mkdir()
    log.write_text("INFO\n", "utf-8")
    os.utime(log, (moment := datetime(2026, 1, 15, tzinfo=UTC).timestamp(), moment))
    append(house.home, Download("2023-01-16T09:00:00+00:00", "marta", "page", "csv", {}, 2, "0" * 64, "r", ""), [])
    return house


@pytest.mark.long
@pytest.mark.slow
def test_thirteen_months_later_nothing_is_overdue(before: House, tmp_path: Path) -> None:
    house = House(tmp_path)
    shutil.copytree(before.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    assert house.retain("2026-01-20", "--check").exit_code == 1, "the journal alone is overdue"
    found = house.retain("2027-02-16", "--check")
    assert found.exit_code == 1
    assert "1 lists with contacts" in found.output and "0 pages" not in found.output and "1 logs, 1 downloads" in found.output
    assert house.names(b"whiskers") >= {"inbox", "leads", "warehouse.duckdb", "releases"}
    result = house.retain("2027-02-16")
    assert result.exit_code == 0 and "Overdue: 0 (" in result.output, result.output + repr(result.exception)
    assert house.names(b"whiskers") == set() and not house.names(b"typed in by hand") & {"archive", "facts"}
    assert entries(house.home) == [] and not (house.home.folder / "logs" / "old.log").exists()
    house.run("2027-02-17")
    assert house.names(b"whiskers") == set(), "neither the same list nor reading again renews anything"
    again = (
        HEAD + "Quiet,quiet.example,Q,Whiskers,Q.Whiskers@quiet.example,2026-05-05\nQuiet,quiet.example,,New,new@quiet.example,\n"
    )
    write(house.folder / "lists", {"again.csv": again})
    house.run("2027-02-18")
    assert house.names(b"whiskers") == set() and house.leads() == ["New"]
    write(house.folder / "lists", {"booth.csv": HEAD + "Quiet,quiet.example,Q,Whiskers,q.whiskers@quiet.example,2027-02-18\n"})
    house.run("2027-02-19")
    assert house.leads() == ["New", "Whiskers"], "who was met again is a contact again"


@pytest.mark.slow
def test_a_copy_brings_nobody_back(before: House, tmp_path: Path) -> None:
    """H4: the list of whom to leave out is applied before anything can be read."""
    house = House(tmp_path)
    shutil.copytree(before.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    assert house.call("suppress", "add", "q.whiskers@quiet.example").exit_code == 0
    backup = tmp_path / "backup"
    shutil.copytree(before.home.folder, backup, symlinks=True)
    result = house.call("restore", str(backup), *EXAMPLES)
    assert result.exit_code == 0, result.output + repr(result.exception)
    assert house.names(b"whiskers") == set() and not house.home.current.exists()
    assert "Nothing is published" in str(house.call("export", "--layout", "csv", "--to", str(tmp_path / "out")).exception)
    house.run("2026-01-16")
    assert (
        house.leads() == [] and house.names(b"whiskers") == set() and house.names(b"typed in by hand") >= {"archive", "releases"}
    )
    _put_back_by_hand(house, backup, ("warehouse.duckdb", "leads", "releases"))
    assert "Somebody was suppressed since" in house.refused("export", "--layout", "csv", "--to", str(tmp_path / "out"))
    assert "holds somebody who is suppressed, as an old copy does" in house.refused(*house.running("2026-01-16"))
    house.home.warehouse.unlink()
    house.run("2026-01-16")
    assert house.leads() == [] and house.names(b"whiskers") == set()
    shutil.rmtree(house.home.folder)
    shutil.copytree(backup, house.home.folder, symlinks=True)
    for words in (house.running("2026-01-17"), ["export", "--layout", "csv", "--to", str(tmp_path / "out")]):
        assert "is missing, so nobody can tell whom to leave out" in house.refused(*words)


def _put_back_by_hand(house: "House", backup: Path, names: Iterable[str]) -> None:
    for name in names:
        if (house.home.folder / name).is_dir():
            shutil.rmtree(house.home.folder / name)
            shutil.copytree(backup / name, house.home.folder / name, symlinks=True)
        else:
            shutil.copy2(backup / name, house.home.folder / name)


def test_a_copy_that_is_too_old_or_none_is_refused(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert "is no copy of a home" in str(house.call("restore", str(tmp_path), *EXAMPLES).exception)
    backup = tmp_path / "backup"
    (backup / "inbox").mkdir(parents=True)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    for path in (backup / "inbox", backup):
        os.utime(path, (long_ago, long_ago))
    assert "copies are kept for 30" in str(house.call("restore", str(backup), *EXAMPLES).exception)
