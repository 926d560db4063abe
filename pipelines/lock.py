"""Who may write.

Here: the right to a home, held by one run at a time; the right to a file, held by one process for one write, and that write. Both
rights end with the process, however that ends: nothing is left behind that somebody would have to remove. Elsewhere: what is
written (`stages`, `warehouse`, `web.archive`).
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import Stop

_HELD: set[Path] = set()
"""Homes this process holds: a run takes the lock once, its stages find it taken."""


@contextmanager
def running(home: Path) -> Iterator[None]:
    """Hold a home from a run's beginning to its end; raises `Stop` when another run holds it, or it cannot be written."""
    place = home.resolve()
    if place in _HELD:
        yield
        return
    with _saying(home):
        home.mkdir(parents=True, exist_ok=True)
        handle = (home / "run.lock").open("a+")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise Stop(f"Another run is at work in {home} (process {handle.read().strip() or 'unknown'}); "
                       "wait until it ends, or end it, and run again.") from None  # fmt: skip
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        _HELD.add(place)
        try:
            yield
        finally:
            _HELD.discard(place)
            handle.truncate(0)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the right to write `path`; raises `Stop` when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(f"Another run holds {path}; wait until it ends, or end it, and run again.") from None
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Hold `path`, which is made where it is not, for one short write; waits for whoever writes it now."""
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_at(path: Path, position: int, content: bytes) -> None:
    """Write at the position and cut off whatever stood behind it: the rest of a write that never finished."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        written = os.pwrite(file, content, position)
        os.ftruncate(file, position + written)
    finally:
        os.close(file)
    if written < len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def answers(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _opened(path: Path) -> int:
    """Open a file for writing, and make it and its folder where they are not."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)


@contextmanager
def _saying(home: Path) -> Iterator[None]:
    """Turn what the disk complains of into one sentence."""
    try:
        yield
    except OSError as error:
        raise Stop(f"{home} cannot be written ({error.strerror or error}); choose another folder with --home.") from None
