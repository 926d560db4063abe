"""Trial F3: a disk that is full in the middle of a run. One sentence, the release stands, and with room again the run ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.job import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.long]

MAY_MOUNT = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs tmpfs "$1"', "sh"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What came of every place at which room ran out."""
    folder = tmp_path_factory.mktemp("disk")
    try:
        tried = subprocess.run([*MAY_MOUNT, str(folder)], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no `unshare` here, to mount a small disk with")
    if tried.returncode:
        pytest.skip(f"a small disk may not be mounted here: {tried.stderr.strip()}")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])}
    command = ["unshare", "-rm", sys.executable, str(Path(__file__).parent / "full_disk.py"), str(folder / "small")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=3600)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_wherever_room_runs_out_the_release_stands_and_the_next_run_ends(places: list[dict[str, Any]]) -> None:
    assert len(places) >= 10
    for place in places:
        assert place["filled"], f"{place['what']} is never written"
        assert (place["stands"], place["lost"], place["whole"]) == (True, 0, True), place


def test_what_is_said_is_one_sentence(places: list[dict[str, Any]]) -> None:
    refused = [place for place in places if place["kind"]]
    assert len(refused) >= 4, "a disk that is full refuses next to nothing"
    for place in refused:
        assert place["said"] and "\n" not in place["said"], place
