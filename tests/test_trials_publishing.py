"""Trial F6: two hundred releases are published against a reader that looks a hundred times a second, and never sees a mixture.

Two whole releases are made, of other people; each publishing switches one of them in under a new name, with everything else that
publishing does: settling on the disk, the link, what is outdated, what is too many. The reader is another process.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from release.world import GIVENS, PEOPLE, make_warehouse, verdicts_of

from pipelines.release import snapshot
from pipelines.release.snapshot import publish

PUBLISHED, KEPT = 200, 50
READ = """
import hashlib, json, sys, time
from pathlib import Path
import duckdb
current, over = Path(sys.argv[1]) / "current", Path(sys.argv[2])
seen, torn, errors, reads = set(), [], [], 0
print("reading", flush=True)
while not over.exists():
    due = time.monotonic() + 0.01
    try:
        release = current.resolve(strict=True)
        manifest = json.loads((release / "manifest.json").read_text("utf-8"))
        with duckdb.connect(release / "bullseye.duckdb", read_only=True) as database:
            rows = database.sql("select count(*) from mart.lead").fetchall()[0][0]
        found = (rows, hashlib.sha256((release / "tables" / "lead.parquet").read_bytes()).hexdigest())
        said = (manifest["rows"]["mart.lead"], manifest["files"]["tables/lead.parquet"]["sha256"])
        torn.extend([(found, said)] if found != said else [])
        seen.add(release.name)
        reads += 1
    except Exception as error:
        errors.append(repr(error))
    time.sleep(max(0, due - time.monotonic()))
print(json.dumps({"reads": reads, "seen": len(seen), "torn": torn, "errors": errors}))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two releases, of five people and of three."""
    folder = tmp_path_factory.mktemp("whole")
    made = []
    for name, people in (("five", PEOPLE), ("three", PEOPLE[:3])):
        with make_warehouse(folder / name, people) as warehouse:
            made.append(publish(warehouse, verdicts_of(warehouse), folder / name / "releases", name, GIVENS, 5))
    return made


def linked(release: Path, folder: Path) -> None:
    """Make a small release of three of the files of another; only the manifest, which says when, is written anew."""
    (folder / "tables").mkdir(parents=True)
    shutil.copyfile(release / "manifest.json", folder / "manifest.json")
    for name in ("bullseye.duckdb", "tables/lead.parquet"):
        os.link(release / name, folder / name)


@pytest.mark.slow
def test_f6_no_reader_sees_a_mixture_or_an_error(whole: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: dict[str, list[float]] = {"swap": [], "point_at": []}

    def timed(name: str) -> None:
        inner = getattr(snapshot, name)

        def called(*given: object) -> None:
            started = time.perf_counter()
            inner(*given)
            taken[name].append(1000 * (time.perf_counter() - started))

        monkeypatch.setattr(snapshot, name, called)

    monkeypatch.setattr(snapshot, "build", lambda draft: linked(whole[int(draft.version[1:]) % 2], draft.folder))
    for name in taken:
        timed(name)
    releases, over = tmp_path / "releases", tmp_path / "over"
    with make_warehouse(tmp_path, PEOPLE[:1]) as warehouse:
        verdicts = verdicts_of(warehouse)
        publish(warehouse, verdicts, releases, "v0", GIVENS, KEPT)
        command = [sys.executable, "-c", READ, str(releases), str(over)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout and reader.stdout.readline() == "reading\n"
            for number in range(1, PUBLISHED + 1):
                publish(warehouse, verdicts, releases, f"v{number}", GIVENS, KEPT)
            over.touch()
            told = json.loads(reader.stdout.read())
    assert (told["torn"], told["errors"]) == ([], [])
    assert told["reads"] > 50 and told["seen"] > 20
    assert (releases / "current").resolve().name == f"v{PUBLISHED}"
    assert [len(each) for each in taken.values()] == [PUBLISHED + 1] * 2
    figures = {"reads": told["reads"], "releases_seen": told["seen"]}
    for name, each in taken.items():  # readers wait for none of it: the swap is one rename, the rest brings it onto the disk
        figures |= {f"{name}_ms_median": statistics.median(each), f"{name}_ms_longest": max(each)}
    (tmp_path / "figures.json").write_text(json.dumps(figures))
