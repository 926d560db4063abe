"""Fetching, measured: pages a second of the whole client beside Scrapy, a second run over what it has, a crowd that misbehaves.

    make bench-fetch         # 200 hosts of 10 pages, 5,000 hosts in the crowd; about four minutes, on Linux, with nginx

nginx serves pages of 95 KB, each host name on a loopback address of its own, gzipped as nearly every server does. Both clients
obey robots.txt, have one request in flight per host and all hosts side by side, and have to show every page at its full length;
ours looks for reservations and archives every page besides, and only its pauses are set to nothing. Interpreters and imports
are not timed; of each side the whole crawl is. `scrapy_ratio` refers to Scrapy set as its documentation advises for many hosts,
`scrapy_best_ratio` to the fastest we found it can be set, with an experimental handler of its own. The sides take turns.

A second run, a day later, asks again for everything, robots.txt too: `second_run_bytes` and `second_run_time` are shares of the
first one's, bytes as nginx counted them. A fresh run is one for which nothing is stale. The crowd is asked with the manners of
settings.yaml as they come. The last line is one JSON object.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fetch_crowd import crowd_pages
from fetch_servers import Page, find_nginx, free_port, logged, named_hosts, serving, write_sites

HERE = Path(__file__).parent
NO_NGINX = "nginx is not installed, and these figures need it; on Debian and Ubuntu: apt-get install nginx-light"
PEERS = {"scrapy": (), "scrapy_best": ("best",)}
LONGEST_SECONDS = 600
"""After which a side counts as stuck, and the benchmark as failed."""
Figures = dict[str, Any]


def run(command: Sequence[str | Path]) -> Figures:
    """Run a side in a process of its own, and return the figures its last line holds; its failure is ours."""
    written = [str(each) for each in command]
    try:
        done = subprocess.run(written, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{' '.join(written)} was not done after {LONGEST_SECONDS} seconds.") from None
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(written)} failed:\n{done.stderr[-4000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def ours(plan: Path, archive: Path, mode: str) -> Figures:
    """Run our client in one of its modes."""
    return run([sys.executable, HERE / "fetch_ours.py", plan, archive, mode])


def write_plan(path: Path, hosts: dict[str, str], pages: Sequence[Page], port: int, gap: float | None, timeout: float) -> Path:
    """Write what every side is told: where the hosts are, what to ask of them, how long they are given."""
    path.write_text(json.dumps({"hosts": hosts, "pages": pages, "port": port, "gap": gap, "timeout": timeout}))
    return path


class Speed:
    """Part one: the same pages asked for by each side in turn, while nginx counts."""

    def __init__(self, folder: Path, plan: Path, pages: int) -> None:
        self._folder = folder
        self._plan = plan
        self._pages = pages
        self._log_end = 0
        self.rounds: defaultdict[str, list[Figures]] = defaultdict(list)

    def round(self, number: int, peer: str | None) -> None:
        """Let every side have a turn."""
        for mode in ("first", "second", "fresh"):
            figures = ours(self._plan, self._folder / f"archive-{number}", mode)
            self._verify(mode, figures["verified"], [*figures["wrong"], *figures["lost"]])
            self._take(mode, figures)
        for name, more in PEERS.items() if peer else ():
            figures = run([str(peer), HERE / "fetch_scrapy.py", self._plan, *more])
            self._verify(name, figures["verified"], [])
            self._take(name, figures)

    def _verify(self, side: str, verified: int, wrong: list[str]) -> None:
        if verified != self._pages or wrong:
            raise SystemExit(f"{side}: {verified} of {self._pages} pages are as they should be. {wrong[:5]}")

    def _take(self, side: str, figures: Figures) -> None:
        lines, self._log_end = logged(self._folder, self._log_end)
        pages = [line.status for line in lines if line.path.startswith("/page-")]
        counted = {"bytes": sum(line.sent for line in lines), "served": len(lines), "not_modified": pages.count(304)}
        rate = self._pages / figures["seconds"]
        self.rounds[side].append({**figures, **counted, "pages_per_second": rate})
        print(
            f"{side}: {rate:.0f} pages/s, {figures['cpu_seconds']:.2f} s CPU, {figures['peak_mb']:.0f} MB, {counted}", flush=True
        )

    def figures(self) -> Figures:
        """Return the medians of all rounds, their spread, and the ratios."""
        first = self._of("first", "pages_per_second")
        found: Figures = {"pages": self._pages, "rounds": len(self.rounds["first"])}
        for side in ("first", *PEERS) if self.rounds["scrapy"] else ("first",):
            prefix = "" if side == "first" else f"{side}_"
            rates = [each["pages_per_second"] for each in self.rounds[side]]
            found[f"{prefix}pages_per_second"] = round(statistics.median(rates))
            found[f"{prefix}pages_per_second_spread"] = [round(min(rates)), round(max(rates))]
            found[f"{prefix}cpu_seconds"] = round(self._of(side, "cpu_seconds"), 2)
            found[f"{prefix}peak_mb"] = round(self._of(side, "peak_mb"))
            if prefix:
                found[f"{prefix}ratio"] = round(first / self._of(side, "pages_per_second"), 2)
        return found | self._later()

    def _later(self) -> Figures:
        """Return what the runs after the first cost, as shares of it."""
        found: Figures = {"first_run_seconds": round(self._of("first", "seconds"), 2)}
        for mode in ("second", "fresh"):
            for name, figure in (("bytes", "bytes"), ("time", "seconds"), ("cpu", "cpu_seconds")):
                found[f"{mode}_run_{name}"] = round(self._of(mode, figure) / self._of("first", figure), 4)
            found[f"{mode}_run_seconds"] = round(self._of(mode, "seconds"), 2)
            found[f"{mode}_run_requests"] = round(self._of(mode, "served"))
        return found | {"second_run_not_modified": round(self._of("second", "not_modified") / self._pages, 4)}

    def _of(self, side: str, figure: str) -> float:
        return float(statistics.median(each[figure] for each in self.rounds[side]))


def speed(folder: Path, nginx: str, given: argparse.Namespace) -> Figures:
    """Measure part one."""
    hosts = named_hosts("bench", "127.0.1.1", given.hosts)
    port = free_port("127.0.1.1")
    pages = write_sites(folder, list(hosts), given.pages, port)
    plan = write_plan(folder / "plan.json", hosts, pages, port, 0, given.timeout)
    measured = Speed(folder, plan, len(pages))
    with serving(nginx, folder, list(hosts.values()), port):
        for number in range(given.rounds):
            measured.round(number, given.peer)
    return measured.figures()


@contextmanager
def crowding(plan: Path) -> Iterator[None]:
    """Have the crowd listen until the block ends."""
    server = subprocess.Popen([sys.executable, HERE / "fetch_crowd.py", plan], stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None or not server.stdout.readline().startswith("ready"):
            raise SystemExit("The crowd did not come.")
        yield
    finally:
        server.terminate()
        server.wait(30)


def crowd(folder: Path, given: argparse.Namespace) -> Figures:
    """Measure part two: whether every request of a crowd is accounted for, how soon, and in how much memory."""
    hosts = named_hosts("crowd", "127.2.0.1", given.crowd)
    port = free_port("127.2.0.1")
    pages = [page for number, host in enumerate(hosts) for page in crowd_pages(host, number, port)]
    plan = write_plan(folder / "crowd.json", hosts, pages, port, given.crowd_gap, given.timeout)
    with crowding(plan):
        found = ours(plan, folder / "crowd-archive", "first")
    answered = found["captures"] + sum(found["misses"].values())
    print(f"crowd: {json.dumps({**found, 'wrong': found['wrong'][:5]})}")
    return {
        "crowd_hosts": len(hosts),
        "crowd_seconds": round(found["seconds"], 1),
        "crowd_cpu_seconds": round(found["cpu_seconds"], 1),
        "crowd_requests": len(pages),
        "crowd_sent": found["asked"],
        "crowd_captures": found["captures"],
        "crowd_misses": found["misses"],
        "crowd_unaccounted": len(pages) - answered,
        "crowd_wrong": len(found["wrong"]),
        "crowd_megabytes": round(found["peak_mb"]),
    }


def main() -> None:
    """Measure both parts and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, least in (("--hosts", 200), ("--pages", 10), ("--rounds", 3), ("--crowd", 5000)):
        parser.add_argument(name, type=int, default=least)
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds one request may take, as in settings.yaml")
    parser.add_argument("--crowd-gap", type=float, help="seconds between two requests to a host of the crowd; as settings.yaml")
    parser.add_argument("--peer", help="the Python that has Scrapy; without it there is nothing beside our figures")
    given = parser.parse_args()
    nginx = find_nginx()
    if nginx is None:
        raise SystemExit(NO_NGINX)
    with tempfile.TemporaryDirectory() as folder:
        figures = speed(Path(folder), nginx, given) | crowd(Path(folder), given)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
