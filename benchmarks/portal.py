"""How fast the page is over a big release, and how fast it hands out what is filtered.

    make bench-portal
    make bench-portal ORGANIZATIONS=30000

The release is made up (`portal_release`), 300,000 organizations with two leads each on average. Measured in this process, through
all of the page but its doors: the first page and a filtered page of organizations, cold (the first request to a version), then
the median of twenty; and a filtered CSV of a hundred thousand leads, drained and thrown away, with how far memory rose above what
half the rows had taken. Seconds are wall time, `cpu` those of this process on all its threads: on a machine that others use
too, those tell more. The peer, in the same run, is DuckDB's own `copy (the same query) to 'file.csv'`, which neutralises no
formula and hashes nothing. The last line is one JSON object with every figure.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import duckdb
from portal_release import make_release
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.home import Home
from pipelines.portal.app import views
from pipelines.portal.downloads import pack
from pipelines.portal.opened import Opened

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

FILTERED = "/organizations?ring=bullseye&ring=problem&country=DE&sort=readiness"
TIMES = 20
_SAME = """
    copy (select * from mart.lead where organization_id in (
        select organization_id from mart.organization where country in ({countries}))) to '{path}' (header)
"""
Figures = dict[str, Any]


class Local:
    """What the doors put at the side of a request on a server of one's own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        scope.setdefault("state", {}).update(user=None, csrf="", journal=SimpleNamespace())
        await self.app(scope, receive, send)


def timed(what: Callable[[], Any]) -> tuple[float, float]:
    """Return wall and CPU seconds of something."""
    wall, cpu = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - wall, time.process_time() - cpu


def pages(home: Home) -> Figures:
    """Return what pages cost, in milliseconds."""
    figures: Figures = {}
    house = Opened(home)
    with TestClient(Local(Starlette(routes=views(house)))) as client:
        for name, path in (("first_page", "/"), ("filtered_page", FILTERED)):
            cold, cpu = timed(lambda path=path: client.get(path).raise_for_status())
            runs = [timed(lambda path=path: client.get(path).raise_for_status()) for _ in range(TIMES)]
            figures |= {
                f"{name}_cold_ms": round(cold * 1000),
                f"{name}_cold_cpu_ms": round(cpu * 1000),
                f"{name}_ms": round(statistics.median(wall for wall, _ in runs) * 1000, 1),
                f"{name}_cpu_ms": round(statistics.median(cpu for _, cpu in runs) * 1000, 1),
                f"{name}_kilobytes": round(len(client.get(path).content) / 1000),
            }
    house.close()
    return figures


def download(home: Home, countries: list[str]) -> Figures:
    """Return how fast a filtered CSV goes out, and how much memory it took at most."""
    house = Opened(home)
    found: Figures = {}

    def drain() -> None:
        parcel = pack(house, "leads.csv", [("country", each) for each in countries])
        found["bytes"] = sum(len(piece) for piece in parcel.pieces())
        found["rows"] = parcel.rows
        parcel.close()

    with Watched() as memory:
        wall, cpu = timed(drain)
    house.close()
    return {**found, "seconds": wall, "cpu_seconds": cpu, "megabytes": memory.peak}


class Watched:
    """The peak of this process's memory while something is done, in megabytes (10^6 bytes), looked at every 5 ms."""

    def __enter__(self) -> "Watched":
        self.peak, self._done = now_in_memory(), Event()
        self._thread = Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            self.peak = max(self.peak, now_in_memory())


def now_in_memory() -> float:
    """Return how much memory this process holds, in megabytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6


def peer(home: Home, countries: list[str], folder: Path) -> tuple[float, float]:
    """Return the seconds that DuckDB's own CSV of the same rows takes."""
    listed = ", ".join(f"'{each}'" for each in countries)
    with duckdb.connect(home.current / "bullseye.duckdb", read_only=True) as connection:
        return timed(lambda: connection.execute(_SAME.format(countries=listed, path=folder / "peer.csv")))


def main() -> None:
    """Measure, and print every figure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--organizations", type=int, default=300_000)
    parser.add_argument("--home", type=Path, help="A home made before, by an earlier run of this.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-portal-") as kept:
        home = Home(asked.home or Path(kept) / "home")
        if not home.current.exists():
            make_release(home.folder, asked.organizations)
        figures = {"organizations": asked.organizations, **pages(home)}
        small, big = download(home, ["FR"]), download(home, ["DE", "AT"])
        wall, cpu = peer(home, ["DE", "AT"], Path(kept))
    figures |= {
        "rows": big["rows"],
        "megabytes_of_csv": round(big["bytes"] / 1e6, 1),
        "rows_per_second": round(big["rows"] / big["seconds"]),
        "rows_per_cpu_second": round(big["rows"] / big["cpu_seconds"]),
        "peak_megabytes": round(big["megabytes"]),
        "growth_megabytes_from_half_the_rows": round(big["megabytes"] - small["megabytes"], 1),
        "peer_rows_per_second": round(big["rows"] / wall),
        "seconds_to_peer": round(big["seconds"] / wall, 2),
        "cpu_seconds_to_peer": round(big["cpu_seconds"] / cpu, 2),
    }
    for name, value in figures.items():
        print(f"{name:40}{value:>14,}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
