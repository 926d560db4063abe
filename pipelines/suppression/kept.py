"""The file of the suppression list, and the mark beside the home by which an older copy of it is noticed.

Here: reading it, replacing it by one rename, the mark. Elsewhere: what is hashed and when (`book`).

The columns are kind, hash, added_on, list (the name of the file it came with, hashed too). Its metadata holds the generation
(under how many keys the hashes lie), a hash by which a wrong key is noticed, the lists taken in, and the version, which changes
with what is suppressed and not with the key.

Whoever puts an old copy of a home back puts an old list back, which does not name those who were forgotten since; nothing inside
of the home can tell. So the version stands beside the home too, in `.HOME.suppression`, where no copy of the home has it. While
the list is being replaced it names the version before as well: a run killed in between finds its list as one or the other.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import Stop

_COLUMNS: dict[str, pa.DataType] = {"kind": pa.string(), "hash": pa.binary(), "added_on": pa.date32(), "list": pa.binary()}
_SCHEMA = pa.schema(_COLUMNS)
Row = tuple[str, bytes, date, bytes]


@dataclass(frozen=True, slots=True)
class TakenList:
    """A suppression list that was taken in: its name, a keyed hash of its content, how many rows, how many held nothing."""

    list_id: str
    name: str
    rows_in: int
    left_out: int
    received_on: date


@dataclass(frozen=True, slots=True)
class Content:
    """What the file holds."""

    rows: tuple[Row, ...] = ()
    generation: int = 1
    check: str = ""
    version: str = ""
    lists: tuple[TakenList, ...] = field(default=())


def read_content(path: Path) -> Content:
    """Return what the file says; raises `Stop` as `head_of` does."""
    said = head_of(path)
    if not path.exists():
        return said
    with _whole(path):
        table = pq.read_table(path)
        rows = zip(*(table.column(name).to_pylist() for name in _SCHEMA.names), strict=True)
        return replace(said, rows=tuple(rows))


def head_of(path: Path) -> Content:
    """Return what the file says but for its rows; raises `Stop` when it is damaged, missing, or older than the last one here."""
    if not path.exists():
        _hold_to_mark(path, "", f"{path} is missing, so nobody can tell whom to leave out; put it back, with its key")
        return Content()
    with _whole(path):
        said = json.loads((pq.read_schema(path).metadata or {})[b"bullseye"])
        lists = tuple(TakenList(**{**each, "received_on": date.fromisoformat(each["received_on"])}) for each in said.pop("lists"))
        content = Content(lists=lists, **said)
    older = f"{path} is an older copy than the list that was kept here last, so whoever was suppressed since would come back"
    _hold_to_mark(path, content.version, f"{older}; put its newest copy back")
    return content


def mark_of(path: Path) -> Path:
    """Return where the version of a list is marked: beside its home."""
    home = path.absolute().parent
    return home.parent / f".{home.name}.suppression"


def _hold_to_mark(path: Path, version: str, trouble: str) -> None:
    mark = mark_of(path)
    known = mark.read_text("utf-8").split() if mark.exists() else []
    if known and (version or "none") not in known:
        raise Stop(f"{trouble}. If there is none, suppress again whom you know of, and remove {mark} first.")


def _mark(path: Path, *versions: str) -> None:
    """Write the versions down that the list may have; where nobody may write beside the home, none is."""
    mark = mark_of(path)
    aside = mark.with_name(f"{mark.name}.part")
    try:
        aside.write_text("\n".join(each or "none" for each in versions), "utf-8")
        aside.replace(mark)
    except OSError as error:
        if mark.exists():
            raise Stop(f"{mark} cannot be written ({error.strerror}); make it writable, and do the same again.") from None


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Turn what a damaged file makes of itself into one sentence."""
    try:
        yield
    except (pa.ArrowException, KeyError, TypeError, ValueError):
        raise Stop(
            f"{path} is damaged; put its last whole copy back, for without it nobody can tell whom to leave out."
        ) from None


def write_content(path: Path, before: str, content: Content) -> None:
    """Replace the file, which had the version `before`."""
    said = {
        "generation": content.generation,
        "check": content.check,
        "version": content.version,
        "lists": [asdict(each) for each in content.lists],
    }
    metadata = {"bullseye": json.dumps(said, default=str)}
    columns = zip(*sorted(content.rows), strict=True) if content.rows else ((),) * len(_SCHEMA.names)
    arrays = [pa.array(list(column), kind.type) for column, kind in zip(columns, _SCHEMA, strict=True)]
    aside = path.with_name(f"{path.name}.part")
    pq.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA.with_metadata(metadata)), aside, compression="zstd")
    _mark(path, before, content.version)
    aside.replace(path)
    _mark(path, content.version)
