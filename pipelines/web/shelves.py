"""What a run may replay: archives and folders on disk, named on the command line.

Here: a path as a shelf, and the fingerprint of all that a replay could answer with. Elsewhere: the shelves themselves
(`web.replay_warc`, `web.replay_folder`), asking them (`web.replay`).
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pipelines.errors import Stop
from pipelines.settings import Manners
from pipelines.web.replay import Shelf
from pipelines.web.replay_folder import ReplayFolder
from pipelines.web.replay_warc import ReplayWarc

LIVE = "live"


def shelf_of(path: Path, manners: Manners, as_of: datetime) -> Shelf:
    """Return a WARC file, a folder that holds some, or of `<host>/…` as a shelf; raises `Stop` if there is nothing."""
    if path.is_file():
        return ReplayWarc([path], as_of, manners.wire_bytes, manners.body_bytes)
    if not path.is_dir():
        raise Stop(f"{path} does not exist; --web takes WARC files, folders of web pages, or the word live.")
    warcs = sorted(each for each in path.iterdir() if each.name.endswith((".warc", ".warc.gz")))
    return ReplayWarc(warcs, as_of, manners.wire_bytes, manners.body_bytes) if warcs else ReplayFolder(path, as_of)


def fingerprint(web: Sequence[str | Path]) -> str:
    """Return a hash of everything a replay could answer with: the files' names, sizes and contents. The world has none."""
    digest = hashlib.sha256()
    for each in web:
        digest.update(b"\0")
        for name, path in () if str(each) == LIVE else _files(Path(each)):
            digest.update(f"{name}\0{path.stat().st_size}\0".encode("utf-8", "surrogateescape"))
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file under the path with its name relative to it, in one order everywhere."""
    paths = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    for each in paths:
        yield each.relative_to(path).as_posix() if each != path else each.name, each
