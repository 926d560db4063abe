"""Run the trial in the namespace this process is in, and print what came of it as one JSON object."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab import trial, victims, world
from lab.attacks import Attack, attacks
from lab.names import Names
from lab.names import serve as serve_names
from lab.servers import GOOD, Answer, Servers
from lab.witness import Witness

NOT_HERE = 77
"""The exit status where no such namespace can be made."""


def main(folder: Path) -> None:
    """Set the world up, ask, let others ask, and say how it went."""
    try:
        world.set_up(folder)
        witness = Witness()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{error} {getattr(error, 'stderr', '')}\n")
        sys.exit(NOT_HERE)
    rows = attacks()
    names, servers = _names(rows), _servers(rows)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    for start in (serve_names(names), servers.start(), witness.start()):
        asyncio.run_coroutine_threadsafe(start, loop).result()
    home = folder / "home"
    runs = [asyncio.run(trial.ask(rows, home, run)) for run in range(trial.RUNS)]
    told = {"runs": [[vars(row) for row in run] for run in runs], "strays": _strays(loop, witness), "unseen": witness.missed}
    told |= _seen(names, servers) | {"leaks": trial.leaks(home), "has_pages": trial.has_pages(home)}
    told["victims"] = _victims(rows)
    told["victims"]["strays"] = _strays(loop, witness)
    sys.stdout.write(json.dumps(told))


def _names(rows: Sequence[Attack]) -> Names:
    zone = {name: said for row in rows for name, said in row.zone.items()}
    return Names(zone | trial.rebinding_names(), {name: alias for row in rows for name, alias in row.aliases.items()})


def _servers(rows: Sequence[Attack]) -> Servers:
    """Return the servers of all rows; those of the names that change hang up after each answer."""
    pages = {host: pages for row in rows for host, pages in row.pages.items()}
    return Servers(pages | {name: {"*": [Answer(body=GOOD, closes=True)]} for name in trial.rebinding_names()})


def _seen(names: Names, servers: Servers) -> dict[str, Any]:
    """Return what name server and servers saw of us; per name that changes: look-ups, private answers, connections."""
    changing = trial.rebinding_names()
    return {
        "requests": len(servers.asked),
        "trapped": list(servers.trapped),
        "headers": sorted({header for asked in servers.asked for header in asked.headers}),
        "marks": sorted({(each.host, mark) for each in servers.asked if (mark := each.headers.get("if-none-match"))}),
        "rebinding": {name: [names.asked[name], names.said_private[name], servers.connections[name]] for name in changing},
    }


def _victims(rows: Sequence[Attack]) -> dict[str, Any]:
    """Let others ask the same, first with the proxies that the environment offers; one of them sends a datagram, too."""
    by_proxy = victims.leaking(["http://a-page.lab.test/"], victims.careless)
    world.take_up_traps()
    careless = victims.leaking([row.asks[-1] for row in rows], victims.careless)
    looking = victims.leaking([f"http://{name}/" for name in trial.rebinding_names()], victims.looks_first)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"x", ("10.0.0.53", 53))
    return {"by_proxy": by_proxy, "careless": careless, "looks_first": looking}


def _strays(loop: asyncio.AbstractEventLoop, witness: Witness) -> list[str]:
    """Return where packets went so far that went neither to the web nor to our name server."""

    async def look() -> None:
        witness.look()

    asyncio.run_coroutine_threadsafe(look(), loop).result()
    return sorted(each for each in witness.seen if not _may_be_asked(*each.split(" ")))


def _may_be_asked(kind: str, place: str) -> bool:
    address, _, port = place.rpartition(":")
    if place == "127.0.0.1:53":
        return True
    return kind == "tcp" and world.is_public(address.strip("[]")) and int(port) in world.WEB_PORTS


main(Path(sys.argv[1]))
