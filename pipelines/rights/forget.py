"""Forgetting somebody at once: everywhere in the home, down to the bytes, and for good.

Here: the order in which everything lets go of them. They are suppressed first, so that nothing that happens meanwhile brings them
back; the rows and releases by which they are known here go last, so that the same again, after whatever ended it, finishes.
Elsewhere: who is meant (`who`), where they stand (`sweep`), letting go (`web.amend`, `suppression`, `traces`), the release
without them (`anew`).
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.facts import captures_of, read_partition
from pipelines.home import Home
from pipelines.job import Job
from pipelines.quotes import mark_of
from pipelines.rights.sought import Sought
from pipelines.rights.sweep import files_of, holds
from pipelines.rights.traces import mask
from pipelines.rights.who import Who
from pipelines.suppression.forget import drop_made, forget_in
from pipelines.web.amend import amend, what_is_held

Tell = Callable[[str], None]
CODE = ("suppression.parquet", "suppression.key", "run.lock", "downloads.jsonl", "downloads.head")
"""Files of the home that hold nobody, or whose lines are chained: they are looked through, and not written."""


@dataclass(slots=True)
class Forgotten:
    """What was done: what was let go of, by what it is, and which of all files hold them still."""

    done: dict[str, int] = field(default_factory=dict)
    files: int = 0
    holding: list[Path] = field(default_factory=list)


def forget(job: Job, who: Who, elsewhere: Sequence[Path] = ()) -> Forgotten:
    """Suppress whoever is meant and let go of them everywhere in the home, and in the folders beside (Dagster's).

    What is published is made again by `anew`. The caller holds the home.
    """
    sought, done = who.sought, Forgotten()
    if who.entries:
        job.book.add(who.entries, "", job.as_of.date())
    amended = amend(job.home.archive, sought)
    done.done |= {"pages masked": len(amended.pages), "pages taken out": len(amended.gone)}
    held = what_is_held(job.home.archive)
    _look_again(job.home, held.pages)
    forget_in(job.home, replace(sought, captures=frozenset(captures_of(job.home.facts) - held.whole - held.pages)))
    done.done["lists cleared"] = _clear_lists(job, sought)
    others = [path for path in files_of([job.home.folder, *elsewhere]) if _is_other(job.home, path)]
    done.done["other files masked"] = sum(mask(path, sought) for path in others if holds(path, sought))
    done.done["releases removed"] = _drop_releases(job.home, sought)
    drop_made(job.home)
    return done


def check(job: Job, who: Who, done: Forgotten, elsewhere: Sequence[Path] = ()) -> Forgotten:
    """Look through every file for them."""
    files = files_of([job.home.folder, *elsewhere])
    done.files, done.holding = len(files), [path for path in files if holds(path, who.sought)]
    return done


def _look_again(home: Home, pages: set[str]) -> None:
    """Forget that quotes were found in pages that were amended, in the note of what was found."""
    seen = home.facts / "verified.txt"
    if not (pages and seen.exists()):
        return
    marks = set(seen.read_text("utf-8").split())
    for number in {int(path.stem) for path in (home.facts / "core.fact").glob("*.parquet")}:
        kept = read_partition(home.facts, number)
        digests = {row["capture_id"]: row["digest"] for row in kept.rows["raw.capture"] if row["capture_id"] in pages}
        facts = [row for row in kept.rows["core.fact"] if row["capture_id"] in digests]
        for capture_id, digest in digests.items():
            marks.discard(mark_of(digest, [row for row in facts if row["capture_id"] == capture_id]))
    aside = seen.with_suffix(".tmp")
    aside.write_text("\n".join(sorted(marks)), "utf-8")
    aside.replace(seen)


def _clear_lists(job: Job, sought: Sought) -> int:
    """Let their rows leave the lists; a file that nobody can read as rows, and that holds them, leaves as a whole."""
    clearing, cleared = job.clearing, 0
    for each in job.lists():
        cleared += clearing.clear(each)
    for each in job.lists():
        if holds(each.path, sought):
            clearing.take_away(each)
            cleared += 1
    return cleared


def _is_other(home: Home, path: Path) -> bool:
    """Say whether a file is none of those that are let go of by what they are."""
    if not path.is_relative_to(home.folder):
        return True
    first, *rest = path.relative_to(home.folder).parts
    known = (home.releases, home.leads, home.inbox, home.facts, home.warehouse)
    if first.startswith(home.warehouse.name) or first in {each.name for each in known if each != home.inbox}:
        return path.name == "verified.txt"
    return first not in CODE and not (first == home.archive.name and rest[0].startswith("part-"))


def _drop_releases(home: Home, sought: Sought) -> int:
    """Remove every release that holds them; the link to the current one goes before it."""
    dropped = 0
    for release in sorted(home.releases.iterdir()) if home.releases.exists() else ():
        if release.is_symlink() or not any(holds(path, sought) for path in files_of([release])):
            continue
        if home.current.is_symlink() and home.current.resolve() == release.resolve():
            home.current.unlink()
        shutil.rmtree(release)
        dropped += 1
    return dropped
