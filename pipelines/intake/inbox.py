"""Where lead lists are kept: the inbox, a folder that people and `receive` put files into.

Here: bringing files in under safe names, and what is known of each list without opening it. The name and the day a list was first
brought are kept in `.received/`, one small JSON file a list, named by the hash of its content: written once, so that two writers
cannot lose each other's word, and changed only by who says later of what kind the list is. A list that rows had to leave lies
here as what is left of it (`erased`); it stays the list that was brought, and that one, brought again, is known. A list of whom
to leave out never stays here (`suppression.taking`). Elsewhere: what stands in a list (`formats`, `reading`).
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
from typing import NamedTuple

from pipelines.errors import Stop
from pipelines.ids import make_id
from pipelines.intake.rows import storable
from pipelines.settings import ListKind, Lists
from pipelines.suppression import NOBODY, Suppression

NOTES = ".received"
UNFINISHED = (".part", ".tmp", ".crdownload")
_BLANKS = re.compile(r"[\s_]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class LeadList:
    """A list in the inbox: its id, the name it was brought under, its kind, the SHA-256 of its bytes, the day, and the file.

    `sha256` is of the list as it was brought, `left` how many of its rows had to leave since.
    """

    list_id: str
    name: str
    kind: ListKind
    sha256: str
    received_on: date
    path: Path
    left: int = 0


def receive(paths: Sequence[Path], inbox: Path, received_on: date, kind: ListKind | None = None) -> list[Path]:
    """Copy the files, and those in the folders, into the inbox, and return where each now lies there.

    A content that is there already is not copied again. A `kind` that is told counts before the one its name stands for. Raises
    `Stop` for a path that is neither file nor folder.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    present = {_brought_as(inbox, path): path for path in _files(inbox)}
    found = []
    for source in sources(paths):
        sha256 = _sha256(source)
        if sha256 not in present:
            present[sha256] = _copy(source, inbox / _safe_name(source, sha256))
        _note(inbox, _sha256(present[sha256]), source.name, received_on, kind)
        found.append(present[sha256])
    return found


def lists_in(inbox: Path, lists: Lists, seen_on: date, suppression: Suppression = NOBODY) -> list[LeadList]:
    """Return the lists in the inbox, oldest first; a file somebody dropped there counts as received on `seen_on`.

    A list of whom to leave out is none of them, and nothing is written down of it. A list named after somebody suppressed, as one
    company a file is, goes by another name.
    """
    found: dict[str, LeadList] = {}
    for path in _files(inbox):
        sha256 = _sha256(path)
        if not _is_suppressed(inbox, path, sha256, lists):
            note = _note(inbox, sha256, path.name, seen_on)
            brought = note.of or sha256
            kind = note.kind or kind_of(note.name, lists)
            name = _without(note.name, brought, suppression)
            each = LeadList(make_id("list", brought), name, kind, brought, note.received_on, path, note.left)
            found[brought] = max(found.get(brought, each), each, key=lambda either: either.left)
    return sorted(found.values(), key=lambda each: (each.received_on, each.name, each.list_id))


def _without(name: str, sha256: str, suppression: Suppression) -> str:
    """Return the name, or one that says nothing where it names somebody suppressed."""
    stem = Path(name).stem
    said = {name, stem, _BLANKS.sub(" ", stem.replace("-", " "))}
    if suppression.hits(said) or suppression.company_hits(said) or suppression.is_named([stem], ()):
        return f"left-out-{sha256[:8]}{Path(name).suffix}"
    return name


def suppression_lists(inbox: Path, lists: Lists) -> list[Path]:
    """Return the files in the inbox that say whom to leave out: they are taken in and removed, never read as leads."""
    return [path for path in _files(inbox) if _is_suppressed(inbox, path, _sha256(path), lists)]


def remove(inbox: Path, path: Path) -> None:
    """Take a file out of the inbox, and what was written down of it."""
    (inbox / NOTES / f"{_sha256(path)}.json").unlink(missing_ok=True)
    path.unlink()


def is_renamed(inbox: Path, lead_list: LeadList) -> bool:
    """Say whether a list is called otherwise than it was brought, since its name names somebody suppressed."""
    note = _read_note(inbox / NOTES / f"{_sha256(lead_list.path)}.json")
    return note is not None and note.name != lead_list.name


def put_instead(inbox: Path, lead_list: LeadList, aside: Path, left: int) -> Path:
    """Let the file beside the inbox's own, what is left of a list, take its place and its name; returns where it lies.

    Whatever moment this ends at, one of the two is there, and the list is brought, or cleared, again.
    """
    before = _sha256(lead_list.path)
    note = _read_note(inbox / NOTES / f"{before}.json") or _Note(lead_list.name, lead_list.received_on, None)
    after = _sha256(aside)
    _write_note(inbox / NOTES / f"{after}.json", note._replace(name=lead_list.name, of=lead_list.sha256, left=left))
    target = inbox / f"{_UNSAFE.sub('_', Path(lead_list.name).stem)[:80]}-{lead_list.sha256[:8]}.left.jsonl"
    aside.replace(target)
    if target != lead_list.path:
        lead_list.path.unlink()
    if after != before:
        (inbox / NOTES / f"{before}.json").unlink(missing_ok=True)
    return target


def kind_of(name: str, lists: Lists) -> ListKind:
    """Return the kind of the first pattern that the name matches, in any case; a list of leads by default.

    Whom to leave out comes first: a list of customers who unsubscribed says whom to leave out.
    """
    hyphened = _BLANKS.sub("-", name.casefold())
    if any(fnmatch(hyphened, pattern.casefold()) for pattern in lists.suppressed):
        return "suppressed"
    matches = (kind for pattern, kind in lists.kinds.items() if fnmatch(name.casefold(), pattern.casefold()))
    return next(matches, "leads")


def sources(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files, and those in the folders; raises `Stop` for a path that is neither."""
    for path in paths:
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path
        else:
            raise Stop(f"{path} is neither a file nor a folder; name one that is there.")


def _is_suppressed(inbox: Path, path: Path, sha256: str, lists: Lists) -> bool:
    """Say whether a file says whom to leave out, by its name there or the name it was brought under."""
    note = _read_note(inbox / NOTES / f"{sha256}.json")
    if note and note.kind:
        return note.kind == "suppressed"
    return "suppressed" in (kind_of(path.name, lists), kind_of(note.name, lists) if note else "leads")


def _files(folder: Path) -> list[Path]:
    """Return the files in the folder and below, hidden and unfinished ones left out, in the order of their names."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.suffix.lower() not in UNFINISHED
    )


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


class _Note(NamedTuple):
    """What is written down of a list: the name and day it was first brought under, and the kind if somebody told it.

    Of a list that rows had to leave, also the hash of what was brought and how many rows left.
    """

    name: str
    received_on: date
    kind: ListKind | None
    of: str = ""
    left: int = 0


def _note(inbox: Path, sha256: str, name: str, seen_on: date, kind: ListKind | None = None) -> _Note:
    """Return what is written down of a content, after writing it if nobody has yet, or not its kind."""
    path = inbox / NOTES / f"{sha256}.json"
    kept = _read_note(path) or _Note(storable(name), seen_on, None)
    note = kept._replace(kind=kind or kept.kind)
    if note != kept or not path.exists():
        _write_note(path, note)
    return note


def _write_note(path: Path, note: _Note) -> None:
    path.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as part:
        part.write(json.dumps({key: str(value) for key, value in note._asdict().items() if value}))
    Path(part.name).replace(path)


def _read_note(path: Path) -> _Note | None:
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text("utf-8"))
        of, left = kept.get("of", ""), int(kept.get("left", 0))
        return _Note(kept["name"], date.fromisoformat(kept["received_on"]), kept.get("kind"), of, left)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Stop(
            f"{path} is damaged; remove it and say again of what kind the list with that hash is, as when it came."
        ) from None


def _brought_as(inbox: Path, path: Path) -> str:
    """Return the hash of what a file in the inbox was brought as."""
    sha256 = _sha256(path)
    note = _read_note(inbox / NOTES / f"{sha256}.json")
    return (note and note.of) or sha256
