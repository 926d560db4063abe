"""Users and where the page may be served: passwords, names, the file; addresses, names, TLS."""

import json
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from doors import CHEAP, OTHER, PASSWORD

from pipelines.errors import Stop
from pipelines.portal.doors.doorway import doorway
from pipelines.portal.doors.limits import Allowance, Attempts, Patience, Slots
from pipelines.portal.doors.users import Users

MOMENT = "2026-01-15T08:00:00+00:00"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    made = Users(tmp_path / "users.json", CHEAP)
    made.put("anna", PASSWORD, MOMENT)
    return made


def test_a_password_is_known_by_its_hash_alone(users: Users, tmp_path: Path) -> None:
    assert users.check("anna", PASSWORD) == users.check("Anna", PASSWORD) == users.everybody()[0]
    for name, password in (("anna", OTHER), ("otto", PASSWORD), ("anna", ""), ("", ""), ("anna", PASSWORD + " ")):
        assert users.check(name, password) is None
    told = (tmp_path / "users.json").read_text()
    assert PASSWORD not in told and "$argon2id$" in told and (tmp_path / "users.json").stat().st_mode & 0o777 == 0o600


def test_what_is_used_in_earnest_is_as_dear_as_the_standard_says() -> None:
    """RFC 9106, second recommended option: 64 MiB, three passes."""
    hasher = Users(Path("nowhere"))._hasher
    assert (hasher.type.name, hasher.memory_cost, hasher.time_cost) == ("ID", 65536, 3)


def test_a_name_that_nobody_has_costs_as_much(tmp_path: Path) -> None:
    counted: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, known: str | bytes, password: str | bytes) -> Any:
            counted.append(str(known).rpartition("$")[0].rpartition("$")[0])
            return super().verify(known, password)

    users = Users(tmp_path / "users.json", Counting(time_cost=1, memory_cost=8, parallelism=1))
    users.put("anna", PASSWORD, MOMENT)
    for name, password in (("anna", OTHER), ("nobody", OTHER), ("nobody", "")):
        assert users.check(name, password) is None
    assert len(counted) == 3 and len(set(counted)) == 1 and "argon2id" in counted[0]


def test_a_password_is_the_same_on_every_keyboard(users: Users) -> None:
    users.put("otto", unicodedata.normalize("NFD", "größere Übung macht"), MOMENT)
    assert users.check("otto", unicodedata.normalize("NFC", "größere Übung macht")) is not None


def test_hashes_of_another_time_are_made_anew_when_the_password_comes_by(users: Users, tmp_path: Path) -> None:
    dearer = Users(tmp_path / "users.json", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    before = dearer.everybody()[0]
    assert dearer.check("anna", OTHER) is None and dearer.everybody()[0] == before
    assert dearer.check("anna", PASSWORD) is not None
    after = dearer.everybody()[0]
    assert "m=16,t=2" in after.hash and after.since == before.since and dearer.check("anna", PASSWORD) == after


def test_a_new_password_is_the_only_one(users: Users) -> None:
    assert users.put("anna", OTHER, "2026-02-01T08:00:00+00:00") is False
    assert users.check("anna", PASSWORD) is None and users.check("anna", OTHER) is not None
    assert users.since("anna") == "2026-02-01T08:00:00+00:00"


def test_who_is_removed_is_nobody(users: Users) -> None:
    users.remove("anna")
    assert users.everybody() == [] and users.check("anna", PASSWORD) is None and users.since("anna") is None
    with pytest.raises(Stop, match="Nobody here is called anna"):
        users.remove("anna")


@pytest.mark.parametrize(
    "name", ["", "Anna", "anna b", "a" * 33, "-anna", "anna.", "../anna", "änna", "anna\n", "anna@acme.example", "a\0"]
)
def test_a_name_is_plain(users: Users, name: str) -> None:
    with pytest.raises(Stop, match="A name is"):
        users.put(name, PASSWORD, MOMENT)
    assert [each.name for each in users.everybody()] == ["anna"]


@pytest.mark.parametrize(
    "password", ["", "short", "elevenchars", "a" * 1025, "aaaaaaaaaaaaaaaa", "abababababababab", "anna.annaanna", "ANNAannaanna"]
)
def test_a_password_that_is_easily_guessed_will_not_do(users: Users, password: str) -> None:
    name = "anna.anna" if "." in password else "anna"
    with pytest.raises(Stop, match="password") as stopped:
        users.put(name, password, MOMENT)
    assert not password or password not in str(stopped.value)


@pytest.mark.parametrize("content", ["", "[]", "null", '{"anna": 1}', '{"anna": {"name": "anna"}}', "not json"])
def test_a_file_that_is_not_ours_lets_nobody_in(users: Users, tmp_path: Path, content: str) -> None:
    (tmp_path / "users.json").write_text(content)
    with pytest.raises(Stop, match="not as `bullseye users` writes it"):
        Users(tmp_path / "users.json").everybody()


def test_a_file_that_others_may_read_lets_nobody_in(users: Users, tmp_path: Path) -> None:
    (tmp_path / "users.json").chmod(0o640)
    with pytest.raises(Stop, match="chmod 600"):
        Users(tmp_path / "users.json").everybody()


def test_a_hash_that_is_none_is_a_wrong_password(users: Users, tmp_path: Path) -> None:
    said = json.loads((tmp_path / "users.json").read_text())
    said["anna"]["hash"] = PASSWORD
    (tmp_path / "users.json").write_text(json.dumps(said))
    assert users.check("anna", PASSWORD) is None


def test_on_this_machine_alone_nobody_logs_in() -> None:
    for host in ("127.0.0.1", "localhost", "::1", "127.0.0.2"):
        door = doorway(host, 8321, users=False)
        assert not door.guarded and not door.tls and door.scheme == "http"
        assert door.answers_to("localhost:8321") and not door.answers_to("acme.example")
    assert doorway("127.0.0.1", 8321, users=True).guarded


ELSEWHERE = ["0.0.0.0", "::", "192.0.2.7", "10.1.2.3", "2001:db8::1", "leads.acme.example", "169.254.169.254", "::ffff:192.0.2.7"]
TLS: list[dict[str, Any]] = [{"behind_tls": True}, {"certificate": Path("c"), "key": Path("k")}]


@pytest.mark.parametrize("host", ELSEWHERE)
def test_from_elsewhere_only_users_come_in_and_only_over_tls(host: str) -> None:
    with pytest.raises(Stop, match="bullseye users add"):
        doorway(host, 8321, ["leads.acme.example"], users=False, behind_tls=True)
    with pytest.raises(Stop, match="plain text"):
        doorway(host, 8321, ["leads.acme.example"], users=True)
    for tls in TLS:
        door = doorway(host, 8321, ["leads.acme.example"], users=True, **tls)
        assert door.guarded and door.tls and door.scheme == "https" and door.answers_to("leads.acme.example")
        assert not door.answers_to("localhost") and not door.answers_to("evil.example")


@pytest.mark.parametrize(("names", "tls"), list(product([[], ["leads.acme.example"]], [{}, *TLS]))[1:])
def test_whatever_points_elsewhere_counts_as_elsewhere(names: list[str], tls: dict[str, Any]) -> None:
    with pytest.raises(Stop, match="bullseye users add"):
        doorway("127.0.0.1", 8321, names, users=False, **tls)


def test_the_sentence_says_what_is_missing() -> None:
    with pytest.raises(Stop, match="--allowed-host NAME"):
        doorway("0.0.0.0", 8321, users=True, behind_tls=True)
    with pytest.raises(Stop, match="--certificate FILE --key FILE"):
        doorway("10.0.0.1", 8321, users=True, certificate=Path("c"))
    with pytest.raises(Stop, match="choose one"):
        doorway("10.0.0.1", 8321, users=True, behind_tls=True, certificate=Path("c"), key=Path("k"))
    for name in ("https://acme.example", "acme.example:443", "*", "", "*.acme.example", "a b"):
        with pytest.raises(Stop, match="no name of a host"):
            doorway("10.0.0.1", 8321, [name], users=True, behind_tls=True)


def test_an_own_address_is_a_name() -> None:
    assert doorway("192.0.2.7", 1, users=True, behind_tls=True).answers_to("192.0.2.7:8321")
    assert doorway("2001:DB8::1", 1, users=True, behind_tls=True).answers_to("[2001:db8::1]:8321")
    assert doorway("Leads.Acme.example", 1, users=True, behind_tls=True).answers_to("leads.acme.example")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_failures_are_forgotten_after_a_day_and_their_number_is_bounded() -> None:
    clock = Clock()
    attempts = Attempts(clock, Patience(free=1, longest=100))
    attempts.fail("a")
    assert attempts.wait("a") == 1
    clock.now = 24 * 3600
    assert attempts.wait("a") == 0
    attempts.fail("a")
    for number in range(10_000):
        attempts.fail(f"{number}")
    assert len(attempts._failures) == 10_000 and attempts.wait("a") == 0
    for _ in range(2000):
        attempts.fail("b")
    assert attempts.wait("b") == 100


def test_an_hour_is_the_last_one_whenever_it_began() -> None:
    clock = Clock()
    allowance = Allowance(clock, 2)
    assert allowance.take("a") == 0
    clock.now = 3000
    assert allowance.take("a") == 0 and allowance.take("a") == 600 and allowance.take("b") == 0
    clock.now = 3600
    assert allowance.take("a") == 0 and allowance.take("a") == 3000


def test_places_are_given_back_however_it_ends() -> None:
    slots = Slots(2, 1)
    with slots.one("a") as first, slots.one("a") as again, slots.one("b") as second, slots.one("c") as third:
        assert (first, again, second, third) == (True, False, True, False)
    with pytest.raises(ValueError, match="broken"), slots.one("a"):
        raise ValueError("broken")
    with slots.one("a") as first:
        assert first and slots._busy.total() == 1
    assert not slots._busy
