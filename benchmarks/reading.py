"""Reading pages, measured: milliseconds a page of all our readers, beside parsing alone and beside others who read pages.

    make bench-reading                        # every page of both archives in ../shared; about ten minutes
    make bench-reading WARC=archive.warc.gz   # of archives of your own

Each side is a process of its own with one page at a time, all of them the same page before any has the next, so that whatever the
machine does befalls all alike; five rounds (three of trafilatura, one of extruct and openleads, which take long), of each page
the median, in CPU time. `lxml` is `lxml.html.document_fromstring` and nothing else: the least that reading a page of HTML in
Python costs. Ours is `reading.read_page` with every source and the lexicon of icp.yaml: decoding, the walk, the state of the
page, every reader, every fact with its evidence, and what to ask next. A page is of the kind that its URL says: one of those
that `website` asks for, else `about`, which nearly every reader reads.

`lxml_ratio` is our time over all pages divided by lxml's, `lxml_ratio_median` the median of the pages' own ratios; the others'
`_ratio` is theirs divided by lxml's, too. Only pages are read that have any body. The last line is one JSON object.
"""

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.records import Capture, Request
from pipelines.sources.website.routes import KINDS, SEPARATORS
from pipelines.web.telling import telling
from pipelines.web.warc import body_at, scan

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "real" / "web"
ARCHIVES = ("ai50-2025.warc.gz", "small-business-2014.warc.gz")
ROUNDS = {"ours": 5, "lxml": 5, "trafilatura": 3, "extruct": 1, "openleads": 1}
PEERS = ("trafilatura", "extruct", "openleads")
LARGEST = 50_000_000


class Side:
    """A process that reads pages as one of the sides."""

    def __init__(self, name: str, python: str | Path, pages: Path) -> None:
        self.name = name
        self.times: dict[int, list[float]] = {}
        command = [str(python), str(HERE / "reading_side.py"), name, str(pages)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def read(self, number: int) -> None:
        """Read a page, and remember how long it took."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 - they are pipes
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            raise SystemExit(f"{self.name} died at page {number}.")
        self.times.setdefault(number, []).append(float(said))

    def medians(self) -> list[float]:
        """Return milliseconds a page, in the order of the pages."""
        return [statistics.median(self.times[number]) for number in sorted(self.times)]


def kind_of(url: str) -> str:
    """Return what a page would have been asked for."""
    path = urlsplit(url).path.lower().removesuffix(".html")
    words = {SEPARATORS.sub(" ", part).strip() for part in path.split("/") if part}
    return next((kind for kind, names in KINDS.items() if words & set(names)), "about") if words else "home"


def pages_of(archive: Path) -> Iterator[dict[str, Any]]:
    """Yield the pages of an archive that have a body."""
    for found in scan(archive):
        try:
            body = body_at(archive, found.offset, LARGEST, LARGEST) if 200 <= found.status < 300 else b""
        except Skip:
            continue
        if not body.strip():
            continue
        request = Request("org_bench", "website", kind_of(found.url), found.url)
        content_type = next((value for name, value in found.headers if name.lower() == "content-type"), "")
        capture = Capture(
            *("cap_bench", request, found.url, found.status, content_type, found.date, "", len(body), archive.name, found.offset),
            headers=telling(found.headers),
        )
        yield {"capture": capture, "url": found.url, "domain": registrable(found.url), "body": body}


def for_peers(pages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the pages without what only our environment can unpack."""
    return [{key: value for key, value in page.items() if key != "capture"} for page in pages]


def measured(pages: Sequence[dict[str, Any]], peer: Path | None, rounds: dict[str, int]) -> list[Side]:
    """Return the sides after all of them read all pages."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        own, foreign = Path(folder, "own.pickle"), Path(folder, "foreign.pickle")
        own.write_bytes(pickle.dumps(pages))
        foreign.write_bytes(pickle.dumps(for_peers(pages)))
        sides = [Side("ours", sys.executable, own), Side("lxml", sys.executable, foreign)]
        sides += [Side(name, peer, foreign) for name in PEERS if peer]
        for side in sides:
            running.enter_context(side)
        for turn in range(max(rounds.values())):
            for number in range(len(pages)):
                for side in sides[turn % 2 :] + sides[: turn % 2]:
                    if turn < rounds[side.name]:
                        side.read(number)
        return sides


def figures(sides: Sequence[Side]) -> dict[str, Any]:
    """Return what is printed last."""
    times = {side.name: side.medians() for side in sides}
    least = times["lxml"]
    found: dict[str, Any] = {
        "lxml_ratio": round(sum(times["ours"]) / sum(least), 2),
        "lxml_ratio_median": round(statistics.median(mine / its for mine, its in zip(times["ours"], least, strict=True)), 2),
        "ms_per_page": round(statistics.mean(times["ours"]), 2),
        "ms_per_page_median": round(statistics.median(times["ours"]), 2),
        "lxml_ms": round(statistics.mean(least), 2),
    }
    for name in PEERS:
        found[f"{name}_ratio"] = round(sum(times[name]) / sum(least), 1) if name in times else "absent"
    return found | {"pages": len(least), "goal": 5}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure reading.")
    parser.add_argument("archives", nargs="*", type=Path, help="WARC files; by default those in ../shared")
    parser.add_argument("--peer", type=Path, help="the Python of the environment in which the peers are")
    parser.add_argument("--every", type=int, default=1, help="take every so manieth page only")
    parser.add_argument("--rounds", type=int, help="how often at most")
    given = parser.parse_args()
    archives = given.archives or [path for name in ARCHIVES if (path := SHARED / name).exists()]
    pages = [page for archive in archives for page in pages_of(archive)][:: given.every]
    if not pages:
        raise SystemExit("There is no page to read; name a WARC file.")
    rounds = {name: min(most, given.rounds or most) for name, most in ROUNDS.items()}
    print(json.dumps(figures(measured(pages, given.peer, rounds))))


if __name__ == "__main__":
    main()
