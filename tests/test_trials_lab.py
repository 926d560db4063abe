"""Trials of group B that need a network: what tries to lead us to a private address, in a network namespace of the test's own.

The lab (tests/lab) is a world on its own: real names, real servers, real connections, and a witness that sees every packet. A row
there is one attack, or something that looks like one and is none.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from lab.attacks import PAGE
from lab.trial import ASKED_EACH, RUNS, TRIES

TESTS = Path(__file__).parent
NOT_HERE = 77
SENT = {"host", "user-agent", "from", "accept", "accept-encoding", "connection", "if-none-match", "if-modified-since"}
PROXY = "tcp 10.99.99.99:3128"
METADATA = "tcp 169.254.169.254:80"


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """What the lab has to say; it runs once, whichever worker comes first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "lab"
    folder.mkdir(exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "told.json").exists():
            (folder / "told.json").write_text(_run(folder))
    told = json.loads((folder / "told.json").read_text())
    if "not_here" in told:
        pytest.skip(f"no network namespace can be made here: {told['not_here']}")
    return told


def _run(folder):
    if shutil.which("unshare") is None:
        return json.dumps({"not_here": "there is no unshare"})
    command = ["unshare", "--map-root-user", "--net", "--mount", sys.executable, "-m", "lab", folder]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    done = subprocess.run(command, cwd=TESTS, env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode == NOT_HERE or done.stderr.startswith("unshare:"):
        return json.dumps({"not_here": done.stderr})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_row_ends_as_it_must(told):
    """Twice: the second run, an hour later, knows what the first one kept."""
    assert len(told["runs"]) == RUNS
    for rows in told["runs"]:
        assert {row["name"]: row["reason"] for row in rows} == {row["name"]: row["expected"] for row in rows}
        attacks = [row for row in rows if row["expected"] != PAGE]
        assert len(attacks) > 180
        assert len(rows) - len(attacks) > 30


def test_nobody_else_was_asked_for_anything(told):
    """Neither a connection nor a datagram went anywhere but to public addresses, their web ports, and our own name server."""
    assert told["strays"] == []
    assert told["trapped"] == []
    assert told["unseen"] == 0
    assert told["requests"] > 500


def test_nothing_secret_came_home(told):
    assert told["has_pages"]
    assert told["leaks"] == []


def test_a_name_is_looked_up_once_for_a_connection(told):
    """Each look-up that led to a public address was for one connection, each that led elsewhere for none."""
    assert len(told["rebinding"]) == TRIES
    for name, (looked_up, private, connected) in told["rebinding"].items():
        assert looked_up == private + connected, name
        assert 0 < looked_up <= ASKED_EACH + 2, name
    _, private, connected = (sum(counts) for counts in zip(*told["rebinding"].values(), strict=True))
    assert private > TRIES / 2
    assert connected > TRIES / 2


@pytest.mark.parametrize("order", ["public first", "private first", "public in IPv4", "public in IPv6"])
def test_one_private_address_among_public_ones_is_enough(told, order):
    (row,) = [row for row in told["runs"][0] if row["name"] == f"name: mixed, {order}"]
    assert row["reason"] == "refused_address"


def test_we_say_the_same_to_everybody_and_nothing_to_anybody_else(told):
    """No password, cookie or referrer; a mark is told only to the host that gave it."""
    assert set(told["headers"]) <= SENT
    assert told["marks"] == [
        ["a-mark-that-would-be-told-to-another-host.lab.test", '"lab-mark-2"'],
        ["a-mark-that-would-be-told-to-another-page.lab.test", '"lab-mark-3"'],
        ["marked.lab.test", '"lab-mark"'],
    ]


def test_others_fall_for_it(told):
    """What this trial would show if our client did: each kind of trap snaps, and the witness sees it."""
    victims = told["victims"]
    assert victims["by_proxy"] == ["http://a-page.lab.test/"]
    assert len(victims["careless"]) > 80
    assert len(victims["looks_first"]) > 10
    assert {PROXY, METADATA, "tcp [fd00:ec2::254]:80", "tcp 93.184.216.34:22", "udp 10.0.0.53:53"} <= set(victims["strays"])
