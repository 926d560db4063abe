"""The page under load and under attack, as `bullseye serve` serves it: how long it takes, and how much memory.

Eight readers ask for its pages at once, over connections they keep; the same again while somebody sends what ought to be refused:
forms of a hundred megabytes, half a million fields, heads that never end, two hundred downloads at once. The last line is one
JSON object: p50 and p95 in ms of both, the CPU a page and a file that needs no release cost the server (most of how long it
takes on a machine that has nothing else to do), what was refused with what, and the most memory before and after.

`python benchmarks/doors.py --home DIR` (a home with a release; by default the demo's) `--requests N` for each reader.
"""

import argparse
import http.client
import itertools
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVE = [sys.executable, "-c", "from pipelines.cli import main; main()", "serve", "--port", "0", "--home"]
READERS = 8
FORM = (
    b"POST /logout HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
HUGE, CHUNK = b"x" * (1 << 20), b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
Where = tuple[str, int]


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / "demo")
    parser.add_argument("--requests", type=int, default=100)
    given = parser.parse_args()
    with served(given.home) as (where, process):
        paths = pages_of(where)
        for path in paths:  # what is worked out once for a release, is
            took(where, path)
        idle = cpu_ms(process)
        calm = load(where, paths, given.requests)
        paged = cpu_ms(process)
        load(where, ["/static/portal.css"], given.requests)
        cpu = {"cpu_ms_a_page": (paged - idle) / len(calm), "cpu_ms_a_file": (cpu_ms(process) - paged) / len(calm)}
        before = most_memory(process)
        attacks: Counter[str] = Counter()
        stop = threading.Event()
        attacker = threading.Thread(target=attack, args=(where, attacks, stop))
        attacker.start()
        attacked = load(where, paths, given.requests)
        stop.set()
        attacker.join()
        figures = {**told("calm", calm), **told("attacked", attacked), "refused": dict(sorted(attacks.items()))}
        figures |= {name: round(value, 2) for name, value in cpu.items()}
        figures |= {"pages": len(calm), "rss_mb": before, "rss_mb_attacked": most_memory(process)}
    print(json.dumps(figures))


@contextmanager
def served(home: Path) -> Iterator[tuple[Where, int]]:
    """Serve the page of a home, and end that."""
    with subprocess.Popen([*SERVE, str(home)], cwd=ROOT, stderr=subprocess.PIPE, text=True) as serving:
        try:
            said = serving.stderr.readline() if serving.stderr else ""
            found = re.search(r"http://([\d.]+):(\d+)/", said)
            if found is None:
                sys.exit(said)
            yield (found[1], int(found[2])), serving.pid
        finally:
            serving.terminate()


def pages_of(where: Where) -> list[str]:
    """Return the addresses of some pages: the front, lists with and without a filter, and a few organizations."""
    lists = ["/", "/organizations", "/organizations?ring=outside", "/organizations?sort=name&search=a", "/quality"]
    found = re.findall(r'href="(/organizations/org_[0-9a-f]+)"', body(where, "/organizations?sort=name"))
    return [*lists, *list(dict.fromkeys(found))[:5]]


def body(where: Where, path: str) -> str:
    """Return a page."""
    return asked(http.client.HTTPConnection(*where, timeout=120), path).decode()


def asked(line: http.client.HTTPConnection, path: str) -> bytes:
    """Return what is answered; raises `RuntimeError` for anything but a page."""
    line.request("GET", path, headers={"Host": "localhost"})
    answer = line.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return content


def took(where: Where, path: str, line: http.client.HTTPConnection | None = None) -> float:
    """Return how many ms a page took, to its last byte."""
    line, begun = line or http.client.HTTPConnection(*where, timeout=120), time.perf_counter()
    asked(line, path)
    return (time.perf_counter() - begun) * 1000


def load(where: Where, paths: list[str], requests: int) -> list[float]:
    """Return how long each request took, of readers who ask one page after the other."""

    def reader(number: int) -> list[float]:
        line = http.client.HTTPConnection(*where, timeout=120)
        return [took(where, paths[(number + each) % len(paths)], line) for each in range(requests)]

    with ThreadPoolExecutor(READERS) as readers:
        return list(itertools.chain.from_iterable(readers.map(reader, range(READERS))))


def attack(where: Where, seen: Counter[str], stop: threading.Event) -> None:
    """Send all of it, again and again, and count the answers."""
    get = b"GET /download/leads.csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    forms: list[tuple[str, Callable[[], Iterable[bytes]]]] = [
        ("form of 100 MB", lambda: [FORM, b"Content-Length: 104857600\r\n\r\n", *itertools.repeat(HUGE, 100)]),
        ("chunks of 100 MB", lambda: [FORM, b"Transfer-Encoding: chunked\r\n\r\n", *itertools.repeat(CHUNK, 100)]),
        ("500,000 fields", lambda: [FORM, b"Content-Length: 1000000\r\n\r\n", b"a;" * 500_000]),
        (
            "head without end",
            lambda: [b"GET / HTTP/1.1\r\nHost: localhost\r\n", *itertools.repeat(b"x: " + b"y" * 8000 + b"\r\n", 100)],
        ),
        ("huge range", lambda: [get.replace(b"\r\n\r\n", b"\r\nRange: bytes=" + b"0-," * 2000 + b"0-\r\n\r\n")]),
        ("another name", lambda: [b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"]),
    ]
    while not stop.is_set():
        for name, pieces in forms:
            seen[f"{name}: {status_of(where, pieces())}"] += 1
        with ThreadPoolExecutor(50) as takers:
            seen.update(f"200 downloads: {each}" for each in takers.map(lambda _: status_of(where, [get]), range(200)))


def status_of(where: Where, pieces: Iterable[bytes]) -> str:
    """Send pieces as long as they are taken, and return the status of the answer, once all of it was read."""
    with socket.create_connection(where, timeout=120) as line:
        with suppress(ConnectionError):
            for piece in pieces:
                line.sendall(piece)
        answer = b""
        with suppress(ConnectionError):
            answer = line.recv(1 << 16)
            while b"connection: close" in answer.lower() and line.recv(1 << 16):
                pass
        return answer[9:12].decode() or "cut off"


def told(name: str, times: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {
        f"p50_ms_{name}": round(statistics.median(times), 1),
        f"p95_ms_{name}": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def cpu_ms(process: int) -> float:
    """Return how many ms of CPU a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def most_memory(process: int) -> int:
    """Return the most MB a process has had in memory."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
