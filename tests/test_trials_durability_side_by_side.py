"""Trial F5: two runs at once, and somebody who reads all the while: one writes, the other is told so; no reader notices."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from pipelines.job import ROOT
from pipelines.reader import open_release

pytestmark = pytest.mark.slow

ROUNDS, ROWS = 50, 20_000
RUN = """
import sys
from pathlib import Path
from pipelines.errors import Stop
from pipelines.lock import running
from pipelines.release.snapshot import clear_leftovers, point_at

home = Path(sys.argv[1])
for version in sys.stdin:
    try:
        with running(home):
            print("held", flush=True)
            clear_leftovers(home / "releases")
            point_at(home / "releases", version.strip())
            sys.stdin.readline()
    except Stop as stop:
        print(f"refused: {stop}", flush=True)
        sys.stdin.readline()
    print("ended", flush=True)
"""
SAID = "select count(*) as rows, min(version) as first, max(version) as last from said"


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Two releases, each of which says in every row which it is."""
    folder = tmp_path / "home" / "releases"
    for version in ("odd", "even"):
        (folder / version).mkdir(parents=True)
        with duckdb.connect(folder / version / "bullseye.duckdb") as database:
            database.execute(f"create table said as select '{version}' as version from range({ROWS})")  # noqa: S608 - ours
    (folder / "current").symlink_to("odd")
    return folder


def test_of_two_runs_one_writes_and_a_reader_never_notices(releases: Path) -> None:
    seen, wrong, over = set[str](), list[object](), threading.Event()

    def read() -> None:
        while not over.is_set():
            with open_release((releases / "current").resolve() / "bullseye.duckdb") as release:
                (row,) = release.rows(SAID)
            seen.add(row["first"])
            if (row["rows"], row["first"]) != (ROWS, row["last"]):
                wrong.append(row)

    def reading() -> None:
        try:
            read()
        except BaseException as error:  # whatever a reader meets is what is tried here
            wrong.append(error)
            raise

    command = [sys.executable, "-c", RUN, str(releases.parent)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with ExitStack() as ends:
        runs = [ends.enter_context(subprocess.Popen(command, cwd=ROOT, **pipes)) for _ in range(2)]
        reader = threading.Thread(target=reading)
        reader.start()
        for turn in range(ROUNDS):
            version = ("odd", "even")[turn % 2]
            said = sorted(one_round(runs, version))
            assert said[0] == "held"
            assert said[1].startswith(f"refused: Another run is at work in {releases.parent} (process ")
            assert (releases / "current").readlink() == Path(version)
        over.set()
        reader.join()
        for each in runs:
            each.stdin.close()
    assert wrong == []
    assert seen == {"odd", "even"}
    assert sorted(path.name for path in releases.iterdir()) == ["current", "even", "odd"]


def one_round(runs: list["subprocess.Popen[str]"], version: str) -> list[str]:
    """Let both begin at once, then both end; return what each said first."""
    for each in runs:
        each.stdin.write(f"{version}\n")
    said = [each.stdout.readline().strip() for each in runs]
    for each in runs:
        each.stdin.write("end\n")
    assert [each.stdout.readline().strip() for each in runs] == ["ended", "ended"]
    return said
