"""Where lead lists are kept: the inbox, a folder that people and `receive` put files into.

Here: bringing files in under safe names, and what is known of each list without opening it. The name and the day a list was first
brought are kept in `.received/`, one small JSON file a list, named by the hash of its content: written once, never changed, so
that two writers cannot lose each other's word. Elsewhere: what stands in a list (`formats`, `reading`).
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from tempfile import NamedTemporaryFile

from pipelines.errors import Stop
from pipelines.ids import make_id
from pipelines.intake.rows import storable
from pipelines.settings import ListKind, Lists

NOTES = ".received"
UNFINISHED = (".part", ".tmp", ".crdownload")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class LeadList:
    """A list in the inbox: its id, the name it was brought under, its kind, the SHA-256 of its bytes, the day, and the file."""

    list_id: str
    name: str
    kind: ListKind
    sha256: str
    received_on: date
    path: Path


def receive(paths: Sequence[Path], inbox: Path, received_on: date) -> list[Path]:
    """Copy the files, and those in the folders, into the inbox, and return where each now lies there.

    A content that is there already is not copied again. Raises `Stop` for a path that is neither file nor folder.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    present = {_sha256(path): path for path in _files(inbox)}
    found = []
    for source in _sources(paths):
        sha256 = _sha256(source)
        if sha256 not in present:
            present[sha256] = _copy(source, inbox / _safe_name(source, sha256))
        _note(inbox, sha256, source.name, received_on)
        found.append(present[sha256])
    return found


def lists_in(inbox: Path, lists: Lists, seen_on: date) -> list[LeadList]:
    """Return the lists in the inbox, oldest first; a file somebody dropped there counts as received on `seen_on`."""
    found: dict[str, LeadList] = {}
    for path in _files(inbox):
        sha256 = _sha256(path)
        if sha256 not in found:
            name, received_on = _note(inbox, sha256, path.name, seen_on)
            found[sha256] = LeadList(make_id("list", sha256), name, _kind(name, lists), sha256, received_on, path)
    return sorted(found.values(), key=lambda each: (each.received_on, each.name, each.list_id))


def _sources(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path
        else:
            raise Stop(f"{path} is neither a file nor a folder; name one that is there.")


def _files(folder: Path) -> list[Path]:
    """Return the files in the folder and below, hidden and unfinished ones left out, in the order of their names."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.suffix.lower() not in UNFINISHED
    )


def _kind(name: str, lists: Lists) -> ListKind:
    """Return the kind of the first pattern that the name matches, in any case; a list of leads by default."""
    matches = (kind for pattern, kind in lists.kinds.items() if fnmatch(name.casefold(), pattern.casefold()))
    return next(matches, "leads")


def _safe_name(source: Path, sha256: str) -> str:
    """Return a name that means nothing to a shell, a browser or a database, and is nobody else's."""
    stem = _UNSAFE.sub("_", source.stem).strip("._-")[:80] or "list"
    return f"{stem}-{sha256[:8]}{_UNSAFE.sub('', source.suffix)[:16]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> Path:
    """Copy so that the target is there whole or not at all."""
    with source.open("rb") as file, NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
        shutil.copyfileobj(file, part)
    Path(part.name).replace(target)
    return target


def _note(inbox: Path, sha256: str, name: str, seen_on: date) -> tuple[str, date]:
    """Return the name and day a content was first brought under, after writing them down if nobody has yet."""
    note = inbox / NOTES / f"{sha256}.json"
    if not note.exists():
        note.parent.mkdir(exist_ok=True)
        content = json.dumps({"name": storable(name), "received_on": seen_on.isoformat()})
        with NamedTemporaryFile("w", encoding="utf-8", dir=note.parent, suffix=".part", delete=False) as part:
            part.write(content)
        Path(part.name).replace(note)
    kept = json.loads(note.read_text("utf-8"))
    return kept["name"], date.fromisoformat(kept["received_on"])
