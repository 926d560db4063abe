"""The trial: every row asked by the real client, a name that changes asked a hundred times, and what came of it as figures.

Here: asking, and looking for the secret in all that was brought home. Elsewhere: the world that is asked (`world`, `names`,
`servers`), and those who make its traps snap, to show that they do (`victims`).
"""

import asyncio
import contextlib
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lab.attacks import PAGE, Attack
from lab.names import REBINDING
from lab.servers import GOOD
from lab.world import SECRET
from pipelines.records import Captured, Miss, Request
from pipelines.settings import Manners, Settings
from pipelines.web.pace import Clock
from pipelines.web.web import Web, open_web

CONTACT = "robots@bullseye.example"
TRIES = 100
RUNS = 2
BETWEEN = timedelta(hours=1)
HANGING_SECONDS = 30
ASKED_EACH = 3
"""Pages asked of each name that changes."""


@dataclass(frozen=True)
class Ended:
    """How a row ended: its reason and sentence."""

    name: str
    expected: str
    reason: str
    sentence: str


def rebinding_names() -> dict[str, str]:
    """Return the names that change, each with the way it does."""
    ways = list(REBINDING)
    return {f"rebind-{number:03}.lab.test": ways[number % len(ways)] for number in range(TRIES)}


async def ask(attacks: Sequence[Attack], folder: Path, run: int) -> list[Ended]:
    """Ask every row, in a later run once more, and in the first the names that change; return how the rows ended."""
    hosts = [host for attack in attacks for host in attack.pages] + list(rebinding_names())
    settings = Settings(contact=CONTACT, manners=Manners(gaps=dict.fromkeys(hosts, 0), gap_seconds=0, timeout_seconds=10))
    clock = Clock(now=lambda: datetime.now(UTC).replace(microsecond=0) + run * BETWEEN, chance=lambda: 0.0)
    web = open_web(["live"], folder, settings, clock.now(), clock)
    try:
        ended = await asyncio.gather(*(_ask(web, attack) for attack in attacks))
        if run == 0:
            await asyncio.gather(*(_ask_changing(web, name) for name in rebinding_names()))
    finally:
        await web.aclose()
    return ended


async def _ask(web: Web, attack: Attack) -> Ended:
    try:
        async with asyncio.timeout(HANGING_SECONDS):
            for url in attack.asks:
                answer = await web.answer(Request("org_lab", "lab", "page", url), may_leave=True)
    except TimeoutError:
        return Ended(attack.name, attack.expect, "hangs", f"It was given up after {HANGING_SECONDS} seconds.")
    return Ended(attack.name, attack.expect, *_told(answer))


def _told(answer: Captured | Miss) -> tuple[str, str]:
    if isinstance(answer, Miss):
        return answer.reason, answer.sentence
    said = answer.body.decode()
    return (PAGE, answer.capture.url) if "good page" in said.lower() else ("another page", said[:200])


async def _ask_changing(web: Web, name: str) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HANGING_SECONDS):
            for number in range(ASKED_EACH):
                await web.answer(Request("org_lab", "lab", "page", f"http://{name}/{number}"), may_leave=True)


def leaks(folder: Path) -> list[str]:
    """Return the files, and members of packed ones, that hold the secret."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        if path.suffix == ".gz":
            content += gzip.decompress(content)
        if SECRET.encode() in content:
            found.append(path.name)
    return found


def has_pages(folder: Path) -> bool:
    """Say whether the good page was brought home: whether looking for the secret looks where it would be."""
    return any(GOOD.encode() in gzip.decompress(path.read_bytes()) for path in folder.rglob("*.gz"))
