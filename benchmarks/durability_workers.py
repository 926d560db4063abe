"""The processes that work for a run: which there are, and whether they go when it is gone.

Here: looking into /proc. Elsewhere: killing them, or only the run (`durability`).
"""

import time
from pathlib import Path

PATIENCE_SECONDS = 15
"""How long a worker may take, on a busy machine, to notice that its run is gone."""


def descendants(pid: int) -> list[int]:
    """Return all processes below one."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(after_name[1]), []).append(int(path.parent.name))
    found = list(children.get(pid, ()))
    for each in found:
        found += children.get(each, ())
    return found


def left(workers: list[int]) -> list[int]:
    """Return the workers that did not go within some time."""
    until = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < until:
        workers = [each for each in workers if is_alive(each)]
        if not workers:
            break
        time.sleep(0.02)
    return workers


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
