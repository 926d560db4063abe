"""Our side of benchmarks/fetch.py: the whole client over the pages of a plan, in a process of its own.

    python fetch_ours.py plan.json archive-folder first|second|fresh

Guard, robots.txt, tdmrep.json, pace and archive are on; only the pauses are what the plan says. All hosts go side by side, at
each one page after the other. `second` is a day later and asks again for everything; `fresh` asks for nothing that is younger
than a month. Timed is what lies between opening the web and having closed it, every answer being in the archive. Every page has
to have the length the plan says, which is 0 where no page is to come.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.ids import make_id
from pipelines.records import Captured, Miss, Request
from pipelines.settings import Settings
from pipelines.web.pace import Clock
from pipelines.web.web import Web, open_web

MODES = {
    "first": (timedelta(0), timedelta(0)),
    "second": (timedelta(hours=25), timedelta(0)),
    "fresh": (timedelta(hours=26), timedelta(days=30)),
}
"""How much later a run is, and how old an answer may be."""


@dataclass
class Seen:
    """What became of the requests: `held` are captures the archive had already, with the length their bodies should have.

    `wrong` names pages that are not as planned, `lost` is why requests had neither capture nor miss.
    """

    captures: int = 0
    verified: int = 0
    held: list[tuple[Captured, int]] = field(default_factory=list)
    misses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def take(self, answer: Captured | Miss, length: int) -> None:
        """Count one answer to a request for a page of that length."""
        if isinstance(answer, Miss):
            self.misses[answer.reason] += 1
            if length:
                self.wrong.append(f"{answer.request.url}: {answer.reason}")
            return
        self.captures += 1
        if answer.unchanged:
            self.held.append((answer, length))
        found = answer.capture.length if answer.unchanged else len(answer.body)
        self.verified += found == length
        if found != length:
            self.wrong.append(f"{answer.capture.url}: {found} bytes instead of {length}")


def settings(plan: dict[str, Any]) -> Settings:
    """Return settings that send the plan's hosts to loopback."""
    places = {host: f"{address}:{plan['port']}" for host, address in plan["hosts"].items()}
    gaps = {} if plan["gap"] is None else dict.fromkeys(places, plan["gap"])
    manners = {"hosts": places, "gaps": gaps, "allow_addresses": ["127.0.0.0/8"], "timeout_seconds": plan["timeout"]}
    return Settings.model_validate({"contact": "robots@bullseye.example", "manners": manners})


async def visit(web: Web, host: str, pages: list[tuple[str, int]], fresh_for: timedelta, seen: Seen) -> None:
    """Ask one host for its pages, one after the other."""
    organization = make_id("org", host)
    for url, length in pages:
        seen.take(await web.answer(Request(organization, "website", "page", url), fresh_for), length)


async def ask_all(plan: dict[str, Any], archive: Path, mode: str) -> tuple[Seen, int]:
    """Ask every host for its pages, and return what came and how often a server was asked."""
    later, fresh_for = MODES[mode]
    clock = replace(Clock(), now=lambda: datetime.now(UTC).replace(microsecond=0) + later)
    by_host: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for host, url, length in plan["pages"]:
        by_host[host].append((url, length))
    seen = Seen()
    web = open_web(["live"], archive, settings(plan), clock.now(), clock)
    visits = (visit(web, host, pages, fresh_for, seen) for host, pages in by_host.items())
    for ended in await asyncio.gather(*visits, return_exceptions=True):
        if ended is not None:
            seen.lost.append(repr(ended))
    await web.aclose()
    return seen, web.asked or 0


def reread(seen: Seen) -> list[str]:
    """Return the pages the archive had whose bodies, read back from it, are not of the length they should be."""
    return [each.capture.url for each, length in seen.held if len(each.body) != length]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Run it and print its figures as one JSON object."""
    plan, mode = json.loads(Path(sys.argv[1]).read_text()), sys.argv[3]
    cpu, began = _cpu(), time.perf_counter()
    seen, asked = asyncio.run(ask_all(plan, Path(sys.argv[2]), mode))
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": _cpu() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "requests": len(plan["pages"]),
        "asked": asked,
        "captures": seen.captures,
        "verified": seen.verified,
        "unchanged": len(seen.held),
        "misses": dict(seen.misses),
        "wrong": [*seen.wrong, *reread(seen)],
        "lost": seen.lost,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
