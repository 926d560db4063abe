"""Who took what out of the house: an append-only journal, each line chained to the one before.

Here: `downloads.jsonl`, written on the page and on the command line, and whether it is still as it was written. Elsewhere: whom a
download was about (`holdings`), how it is shown (`commands`), when somebody is told (`pipelines.rights`).

A line's `chain` is the SHA-256 of the chain before it and of the line without it; `downloads.head` repeats the last one, and
is held by whoever writes. So a line that is changed, moved, put in or taken out, the last ones too, is noticed. Whoever may
write both files can write all of it anew: note the last chain elsewhere, and `verify` finds it again, or does not.

Nothing in it is about a person but the name of whoever took something: what was typed into a search is kept as its hash.
"""

import errno
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from shutil import disk_usage
from typing import Any

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.lock import in_turn, write_at
from pipelines.portal.doors import holdings

CHAIN, DROPPED = "chain", "dropped"
_TAIL = 1 << 17
"""No line is longer: an address is at most 8 KiB, and most of a line is one."""
_ROOM = 1 << 24
"""Bytes that have to be free before a file is taken: for its line, and for whom it was about."""
_NO_JOURNAL = "Nothing can be taken, because who takes it could not be written down"


@dataclass(frozen=True, slots=True)
class Download:
    """One file that somebody took.

    `at` is the moment in UTC, ISO 8601; `by` the way (`page`, `command line`); `what` the layout; `selection` the filter;
    `sha256` of the bytes that went out, `whole` unless the way broke off; `release` its version, `suppression` that of the
    list of whom to leave out; `holds` names the set of ids it was about, empty when that is not known; `chain` ties it to the
    line before.
    """

    at: str
    who: str
    by: str
    what: str
    selection: Mapping[str, Any]
    rows: int
    sha256: str
    release: str
    suppression: str
    holds: str = ""
    whole: bool = True
    chain: str = field(default="", compare=False)


def append(home: Home, download: Download, ids: Iterable[str] | None = None) -> Download:
    """Write a download down, on the disk when this returns, and return it with its chain; waits for whoever writes just now.

    `ids` are those of the organizations and leads in it. Raises `OSError` when the disk refuses: then nothing was written.
    """
    held = None if ids is None else holdings.packed(ids)
    with in_turn(home.downloads_head):
        before = _before(home)
        said = {**asdict(download), "holds": "" if held is None else holdings.keep(home.holdings, held)}
        said[CHAIN] = _chained(before, said)
        _write(home.downloads, (_spelled(said) + "\n").encode())
        write_at(home.downloads_head, 0, said[CHAIN].encode())
    return Download(**said)


def make_ready(home: Home) -> None:
    """Raise `Stop` where a download could not be written down: then nothing may be taken."""
    try:
        with in_turn(home.downloads_head):
            os.close(os.open(home.downloads, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
        free = disk_usage(home.folder).free
    except OSError as error:
        raise Stop(f"{_NO_JOURNAL}: {error.strerror or error}.") from None
    if free < _ROOM:
        raise Stop(f"{_NO_JOURNAL}: the disk is full.")


def entries(home: Home) -> list[Download]:
    """Return all downloads, oldest first; lines that are none are left out here, and told by `verify`."""
    return [Download(**line) for line in _lines(home.downloads) if line is not None and DROPPED not in line]


def recipients(home: Home, ids: Iterable[str]) -> list[tuple[Download, bool | None]]:
    """Return the downloads that held one of the organizations or leads, each with True; and, with None, those that may have.

    `ids` are organization ids and lead ids, and answer for downloads of releases that are long gone too.
    """
    wanted = list(ids)
    known = {name: holdings.holds(home.holdings, name, wanted) for name in {each.holds for each in entries(home)}}
    return [(each, known[each.holds]) for each in entries(home) if known[each.holds] is not False]


def verify(home: Home, noted: str | None = None) -> list[str]:
    """Return what is wrong with the journal, a sentence each; empty when it is as it was written.

    `noted` is a chain that somebody wrote down before, which has to be in it still.
    """
    if not home.downloads_head.exists():
        missing = f"{home.downloads_head.name} is missing, so nobody can say whether lines are missing at the end."
        return [missing] if home.downloads.exists() else []
    with in_turn(home.downloads_head):
        return _wrong(home, noted)


def _wrong(home: Home, noted: str | None) -> list[str]:
    wrong, chain, seen = [], "", set()
    for number, line in enumerate(_lines(home.downloads), 1):
        if line is None:
            wrong.append(f"Line {number} is not as it was written: it cannot be read.")
        elif number == 1 and DROPPED in line:
            chain = str(line.get(CHAIN))
        elif line.get(CHAIN) != _chained(chain, line):
            wrong.append(f"Line {number} is not as it was written, or does not follow the line before it.")
        chain = str(line.get(CHAIN)) if line else chain
        seen.add(chain)
    if _head(home) != chain and not _unfinished(home):
        wrong.append("The last lines are missing: the journal ends before the last download that was written down.")
    if noted and noted not in seen:
        wrong.append("The chain that was noted is not in the journal: it was written anew.")
    return wrong


def last_chain(home: Home) -> str:
    """Return the chain of the last download, for noting it elsewhere; empty when there was none."""
    return _head(home)


def drop_before(home: Home, moment: datetime) -> int:
    """Drop what was written before the moment, and what only that was about; return how many lines.

    `moment` has a time zone. What stays can still be verified: its first line says how many went before, and the chain they
    ended in.
    """
    with in_turn(home.downloads_head):
        lines = [line for line in _lines(home.downloads) if line is not None]
        old = list(takewhile(lambda line: DROPPED in line or datetime.fromisoformat(line["at"]) < moment, lines))
        dropped = sum(DROPPED not in line for line in old)
        if dropped:
            rest = lines[len(old) :]
            seam = {DROPPED: sum(int(line.get(DROPPED, 1)) for line in old), CHAIN: old[-1][CHAIN]}
            _write_anew(home.downloads, [seam, *rest])
            holdings.prune(home.holdings, {str(line["holds"]) for line in rest})
    return dropped


def _chained(before: str, line: Mapping[str, Any]) -> str:
    said = {key: value for key, value in line.items() if key != CHAIN}
    return sha256(f"{before}\n{_spelled(said)}".encode("utf-8", "surrogatepass")).hexdigest()


def _spelled(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _lines(path: Path) -> Iterator[dict[str, Any] | None]:
    """Yield the lines, None for one that is none; the rest of a write that never finished is no line."""
    try:
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield _understood(line)
    except FileNotFoundError:
        return


def _understood(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
        known = isinstance(found, dict) and (DROPPED in found or Download(**found))
    except (ValueError, TypeError):
        return None
    return found if known else None


def _head(home: Home) -> str:
    return home.downloads_head.read_text("ascii", "replace").strip() if home.downloads_head.exists() else ""


def _last(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        whole = [line for line in file.read().split(b"\n")[:-1] if line]
    return _understood(whole[-1]) if whole else None


def _unfinished(home: Home) -> bool:
    """Say whether the process died between a line and its head: then the last line follows the head."""
    last = _last(home.downloads)
    return last is not None and last.get(CHAIN) == _chained(_head(home), last)


def _before(home: Home) -> str:
    """Return the chain that the next line follows: of the last line that was written, whether it is still there or not."""
    return str((_last(home.downloads) or {})[CHAIN]) if _unfinished(home) else _head(home)


def _write(path: Path, line: bytes) -> None:
    """Put a line at the end and onto the disk, after cutting off the rest of one that never got so far."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        end = _whole(file)
        os.ftruncate(file, end)
        if os.write(file, line) < len(line):
            os.ftruncate(file, end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(file)
    finally:
        os.close(file)


def _whole(file: int) -> int:
    """Return where the last whole line ends."""
    size = os.fstat(file).st_size
    begin = max(0, size - _TAIL)
    tail = os.pread(file, size - begin, begin)
    return begin + tail.rfind(b"\n") + 1


def _write_anew(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    aside = path.with_suffix(".part")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{_spelled(line)}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
