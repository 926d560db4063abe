"""Runs killed with SIGKILL at random moments: what is lost, torn or left behind, and does the next run end as if nothing was?

    make bench-durability
    make bench-durability KILLS=20 SEED=7

A home with a release is made once, from a few websites of examples/. Then, again and again, a copy of it is given a second list
and a later day, and the run over these is killed, and run again and killed, until one comes to its end. Every fourth kill falls
into publishing, the others anywhere in the time that a calm run takes. Runs go in turn by the stages one after another, by
`bullseye run`, again by the stages, and by `dagster job execute` on the dagster.yaml of this repository. Every other time the
workers that read pages are killed too; else they have to notice by themselves that nobody is there any more. Runs are forked from
a process that has imported everything, so that kills meet the work; and from a copy of the code, so that nobody's editing changes
what is measured.

The peer is a run that nobody killed: in the end the release has to be its release, byte by byte (but for the random ids of
DuckDB's files), in a home that holds the same files. The last line is one JSON object with every figure.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import yaml
from durability_home import acknowledged, contents, is_whole, names, troubles
from durability_workers import descendants, left

from pipelines.home import STAGES

ROOT = Path(__file__).parents[1]
CODE = ("assets", "pipelines", "sql", "examples", "dagster.yaml")
FORKS = get_context("forkserver")
CACHES = shutil.ignore_patterns("__pycache__")
DOORS = ("stages", "bullseye", "stages", "dagster")
FIRST_DAY, SECOND_DAY = "2026-11-16", "2026-12-16"
HOSTS, PARTITIONS = 5, 2
PUBLISHING_SECONDS = 1.0


@dataclass
class Market:
    """Websites, two lists and settings in a folder beside the code, and the homes of all runs."""

    folder: Path

    def __post_init__(self) -> None:
        examples = self.folder / "examples"
        hosts = sorted(path.name for path in (examples / "web").iterdir())[:HOSTS]
        for host in hosts:
            shutil.copytree(examples / "web" / host, self.folder / "web" / host)
        for name, some in (("first.csv", hosts[:-2]), ("second.csv", hosts)):
            (self.folder / name).write_text("website\n" + "".join(f"{host}\n" for host in some), "utf-8")
        settings = yaml.safe_load((examples / "settings.yaml").read_text("utf-8")) or {}
        settings["storage"] = {**settings.get("storage", {}), "partitions": PARTITIONS}
        (self.folder / "settings.yaml").write_text(yaml.safe_dump(settings), "utf-8")

    def start(self, home: Path, leads: str, day: str, door: str) -> BaseProcess:
        """Begin a run in a session of its own."""
        given = {"home": str(home), "leads": [leads], "web": ["web"], "as_of": day, "settings": "settings.yaml"}
        icp = str(self.folder / "examples" / "icp.yaml")
        process = FORKS.Process(target=through, args=(door, self.folder, self.beside(home), {**given, "icp": icp}))
        process.start()
        return process

    def finish(self, home: Path, leads: str, day: str) -> float:
        """Let a run come to its end and return how many seconds it took."""
        begun, process = time.perf_counter(), self.start(home, leads, day, DOORS[0])
        process.join()
        if process.exitcode:
            raise SystemExit((self.beside(home) / "said.txt").read_text("utf-8"))
        return time.perf_counter() - begun

    def beside(self, home: Path) -> Path:
        """Return the folder for what a home's runs say, and for Dagster's own records."""
        place = self.folder / f"{home.name}-beside"
        place.mkdir(exist_ok=True)
        return place


def through(door: str, *given: object) -> None:
    """Run through a door, in the process forked for it."""
    import durability_doors

    durability_doors.DOORS[door](*given)


@dataclass
class Calm:
    """What a home holds before the second list comes, and after a run over it that nobody killed; and how long that took."""

    home: Path
    before: dict[str, str]
    after: dict[str, str]
    names: Counter[str]
    seconds: float


@dataclass
class Tally:
    """What is counted."""

    kills: int = 0
    kills_by_door: Counter[str] = field(default_factory=Counter)
    kills_after: Counter[str] = field(default_factory=Counter)
    finals: int = 0
    lost: int = 0
    torn: int = 0
    failed_opens: int = 0
    mixed_releases: int = 0
    leftovers: int = 0
    orphans: int = 0
    failed_runs: int = 0
    same_hash: int = 0
    troubles: list[str] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """Return the figures as JSON has them; `same_hash` is whether every last run ended as the calm one."""
        return {**vars(self), "same_hash": self.same_hash == self.finals, "finals_with_the_same_hash": self.same_hash}


def calm(market: Market) -> Calm:
    """Make the home that all others are copies of, and see how a run over the second list ends."""
    home, after = market.folder / "calm", market.folder / "after"
    market.finish(home, "first.csv", FIRST_DAY)
    shutil.copytree(home, after, symlinks=True)
    seconds = market.finish(after, "second.csv", SECOND_DAY)
    return Calm(home, contents(home / "releases" / "current"), contents(after / "releases" / "current"), names(after), seconds)


def one_home(market: Market, given: Calm, number: int, most: int, chance: random.Random, tally: Tally) -> None:
    """Kill the runs over one home, `most` times at most, until one ends by itself; then compare."""
    home = market.folder / f"home-{number}"
    shutil.copytree(given.home, home, symlinks=True)
    known = acknowledged(home, PARTITIONS)
    for _ in range(most):
        door = DOORS[tally.kills % len(DOORS)]
        process = market.start(home, "second.csv", SECOND_DAY, door)
        if not killed(process, home, given.seconds, chance, tally):
            tally.failed_runs += process.exitcode != 0
            break
        tally.kills_by_door[door] += 1
        known |= look(home, given, tally)
    market.finish(home, "second.csv", SECOND_DAY)
    compare(home, given, known, tally)
    for path in (home, market.beside(home)):
        shutil.rmtree(path)


def killed(process: BaseProcess, home: Path, seconds: float, chance: random.Random, tally: Tally) -> bool:
    """Kill a run at a random moment, and its workers with it or not; False when it had come to its end before."""
    within, publishing = chance.uniform(0, seconds), chance.random() < 1 / 4
    everybody, after = chance.random() < 1 / 2, chance.uniform(0, PUBLISHING_SECONDS)
    begun = time.perf_counter()
    while process.is_alive():
        if publishing and any(home.glob("releases/.aside-*")):
            time.sleep(after)
            break
        if not publishing and time.perf_counter() - begun >= within:
            break
        time.sleep(0.002)
    if not process.is_alive():
        return False
    os.kill(process.pid, signal.SIGSTOP)  # nobody is born between counting and killing
    workers = descendants(process.pid)
    for each in [process.pid, *(workers if everybody else ())]:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    process.join()
    tally.kills += 1
    tally.orphans += len(left(workers))
    return True


def look(home: Path, given: Calm, tally: Tally) -> set[str]:
    """Look at what a killed run left, and return what is acknowledged now."""
    release = home / "releases" / "current"
    if not is_whole(release) or contents(release) not in (given.before, given.after):
        tally.mixed_releases += 1
    found = [
        each for file in (home / "warehouse.duckdb", release / "bullseye.duckdb") if file.exists() for each in troubles(file)
    ]
    tally.failed_opens += sum(each.startswith("open") for each in found)
    tally.torn += sum(each.startswith("table") for each in found)
    tally.troubles += found
    stages = json.loads((home / "stages.json").read_text("utf-8"))
    before = json.loads((given.home / "stages.json").read_text("utf-8"))
    done = [each for each in STAGES if stages.get(each) and stages[each] != before.get(each)]
    tally.kills_after[done[-1] if done else "nothing"] += 1
    return acknowledged(home, PARTITIONS)


def compare(home: Path, given: Calm, known: set[str], tally: Tally) -> None:
    """Hold a home in which a run ended against the calm one."""
    tally.finals += 1
    tally.same_hash += contents(home / "releases" / "current") == given.after and is_whole(home / "releases" / "current")
    tally.lost += len(known - acknowledged(home, PARTITIONS))
    strange = names(home) - given.names + (given.names - names(home))
    tally.leftovers += strange.total()
    tally.troubles += sorted(strange)


def frozen(folder: Path) -> Path:
    """Copy the code into a folder, and let runs be forked from a process that has imported it."""
    for name in CODE:
        path = ROOT / name
        shutil.copytree(path, folder / name, ignore=CACHES) if path.is_dir() else shutil.copy(path, folder)
    os.chdir(folder)  # where Python looks first
    sys.path.insert(0, str(folder))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), str(Path(__file__).parent)])
    FORKS.set_forkserver_preload(["durability_doors"])
    return folder


def main() -> None:
    """Kill until there were enough kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    chance, tally = random.Random(asked.seed), Tally()  # noqa: S311 - to be repeated
    with tempfile.TemporaryDirectory(prefix="bullseye-") as folder:
        given = calm(market := Market(frozen(Path(folder))))
        number = 0
        while tally.kills < asked.kills:
            one_home(market, given, number, asked.kills - tally.kills, chance, tally)
            number += 1
            print(f"{tally.kills} kills in {number} homes: {tally.told()}", file=sys.stderr, flush=True)
    print(json.dumps({**tally.told(), "calm_seconds": round(given.seconds, 1)}))


if __name__ == "__main__":
    main()
