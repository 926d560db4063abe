"""One run at a time.

Here: the right to write a file, held by one process. Elsewhere: what is written (`warehouse`).
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import Stop


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the right to write `path`, which ends with the process, however that ends; raises `Stop` when another holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(f"Another run holds {path}; wait until it ends, or end it, and run again.") from None
        yield
