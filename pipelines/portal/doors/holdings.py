"""Whom downloads were about: sets of ids, as hashes, one file a set.

Here: keeping a set, and asking whether somebody is in it. Elsewhere: which download held which set (`journal`).

A release goes long before the right to know who got one's data does, so the sets stay when releases are pruned. Of each id,
itself a hash of what a list said, eight bytes of its SHA-256 are kept, in order: nothing to read, 2.4 MB for 300,000
organizations, and a set that is downloaded twice is kept once, since a file is called by what is in it.
"""

import os
from collections.abc import Collection, Iterable
from hashlib import sha256
from pathlib import Path

import numpy as np

_BYTES = np.uint64().nbytes


def packed(ids: Iterable[str]) -> bytes:
    """Return a set of ids as it is kept."""
    return b"".join(sorted({_hashed(each) for each in ids}))


def keep(folder: Path, content: bytes) -> str:
    """Keep a set and return its name."""
    name = sha256(content).hexdigest()
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = folder / f".{name}-{os.getpid()}"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(folder / name)
    return name


def holds(folder: Path, name: str, ids: Iterable[str]) -> bool | None:
    """Say whether one of the ids is in the set; None when the set is not known."""
    if not name or not (folder / name).is_file():
        return None
    kept = np.fromfile(folder / name, dtype=np.uint64)
    wanted = np.frombuffer(b"".join(_hashed(each) for each in ids), dtype=np.uint64)
    return bool(np.isin(wanted, kept, kind="sort").any())


def prune(folder: Path, names: Collection[str]) -> None:
    """Remove all sets but those named."""
    for path in folder.glob("*"):
        if path.name not in names:
            path.unlink()


def _hashed(identity: str) -> bytes:
    return sha256(identity.encode("utf-8", "surrogatepass")).digest()[:_BYTES]
