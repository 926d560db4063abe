"""Write, audit, publish: a release is built aside, whole, and switched in with one rename.

Here: the order of the steps, each of which may be the last before the process is killed: the last release stays as it was, and
the next run clears what was left and finishes. Elsewhere: what the files say (`manifest`, `dictionary`, `datapackage`,
`layouts`, `report`), the verdicts (`quality`).
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.errors import Stop
from pipelines.lock import answers
from pipelines.quality import Verdict, library_version
from pipelines.reader import SPILL, open_release
from pipelines.release.datapackage import datapackage
from pipelines.release.dictionary import column_types, dictionary
from pipelines.release.layouts import export
from pipelines.release.manifest import DATABASE, MANIFEST, SUMS, Givens, damaged, manifest, sums
from pipelines.release.previous import moment_of, read_manifests
from pipelines.release.report import render_report
from pipelines.tables import Table
from pipelines.warehouse import Warehouse

CURRENT, ASIDE = "current", ".aside-"
_NAMED = 5
"""Broken promises that are told one by one."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release being written into `folder`."""

    folder: Path
    version: str
    warehouse: Warehouse
    verdicts: Sequence[Verdict]
    givens: Givens

    @property
    def tables(self) -> list[Table]:
        """The tables that are published."""
        return sorted((each for each in self.warehouse.tables.values() if each.schema == "mart"), key=lambda each: each.name)

    def write(self, name: str, content: str) -> None:
        """Write one of the release's own files."""
        (self.folder / name).write_text(content, "utf-8", newline="\n")


def publish(
    warehouse: Warehouse, verdicts: Sequence[Verdict], releases: Path, version: str, givens: Givens, keep: int, days: int = 36_500
) -> Path:
    """Publish the warehouse's mart as release `version`, make it current, and return its folder `releases/version`.

    A release of that version that is there whole is not written again, since releases do not change. `releases` lies in the
    warehouse's folder. Of the releases only the `keep` latest stay, made at most so many `days` before the current one and with
    the same suppression list (`givens`), since others may hold whoever was suppressed since. Raises `Stop`, before anything is
    touched, when a promise that stops a release is broken or was never held against its table, and when the disk refuses.
    """
    hold_to(warehouse.tables, verdicts)
    release = releases / version
    with _saying(releases):
        releases.mkdir(parents=True, exist_ok=True)
        clear_leftovers(releases)
        if not release.exists() or damaged(release):
            aside = releases / f"{ASIDE}{version}"
            build(_Draft(aside, version, warehouse, verdicts, givens))
            settle(aside)
            switch_in(aside, release)
        point_at(releases, version)
        drop_outdated(releases, str(givens.get("suppression", "")))
        prune(releases, keep, days)
    return release


def build(draft: _Draft) -> None:
    """Write every file of a release; those that describe others come after them."""
    tables, types, as_of = draft.tables, column_types(draft.warehouse, draft.tables), str(draft.givens["as_of"])
    (draft.folder / "tables").mkdir(parents=True)
    draft.warehouse.copy_release(draft.folder / DATABASE)
    for table in tables:
        draft.warehouse.write_parquet(table.full_name, draft.folder / "tables" / f"{table.name}.parquet")
    with open_release(draft.folder / DATABASE) as released:
        export(released, "csv", draft.folder)
    draft.write("quality.html", render_report(draft.verdicts, as_of=datetime.fromisoformat(as_of), gx_version=library_version()))
    draft.write("quality.json", _json([_verdict(each) for each in draft.verdicts]))
    draft.write("dictionary.md", dictionary(tables, types))
    files = {"leads.csv": draft.warehouse.tables["mart.lead"], **{f"tables/{each.name}.parquet": each for each in tables}}
    package = datapackage(draft.folder, files, types, version=draft.version, as_of=as_of)
    draft.write("datapackage.json", _json(package))
    rows = {each.full_name: draft.warehouse.count(each.full_name) for each in tables}
    draft.write(MANIFEST, _json(manifest(draft.folder, draft.version, draft.givens, rows, types, draft.verdicts)))
    draft.write(SUMS, sums(draft.folder))


def settle(folder: Path) -> None:
    """Bring everything in a folder onto the disk, so that a rename never outruns what it names."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def switch_in(aside: Path, release: Path) -> None:
    """Give a whole release its name; one of that name that is damaged goes."""
    if release.exists():
        _remove(release)
    aside.rename(release)
    _sync(release.parent)


def point_at(releases: Path, version: str) -> None:
    """Make a release the current one: a link made aside and renamed over the old, so that there always is one."""
    link = releases / f"{ASIDE}{CURRENT}"
    link.symlink_to(version)
    swap(link, releases / CURRENT)
    _sync(releases)


def swap(link: Path, current: Path) -> None:
    """Switch readers over: the one rename by which a release is published; all before and after it is for the disk."""
    link.replace(current)


def prune(releases: Path, keep: int, days: int = 36_500) -> None:
    """Remove the releases that are too many or too old, never the current one; each disappears at once, then is deleted.

    The latest are those written last; how old one is, by what it and the current one took for now, its manifest says.
    """
    current = (releases / CURRENT).resolve()
    manifests = read_manifests(releases)
    others = [path.parent for path in releases.glob(f"[!.]*/{MANIFEST}") if path.parent.resolve() != current]
    others.sort(key=lambda path: ((path / MANIFEST).stat().st_mtime_ns, path.name), reverse=True)
    moments = {version: moment_of(each) for version, each in manifests.items()}
    now = moments.get(current.name)
    oldest = now and now - timedelta(days=days)
    for place, path in enumerate(others, 2):
        if place > keep or (oldest and moments.get(path.name, oldest) < oldest):
            _remove(path)


def drop_outdated(releases: Path, suppression: str) -> None:
    """Remove the releases, but for the current one, made with another version of the suppression list, if there is any."""
    current = (releases / CURRENT).resolve()
    for path in [each.parent for each in releases.glob(f"[!.]*/{MANIFEST}") if each.parent.resolve() != current and suppression]:
        if _made_with(path) != suppression:
            _remove(path)


def _made_with(release: Path) -> str | None:
    """Return the version of the suppression list a release was made with; None when its manifest no longer says."""
    try:
        return str(json.loads((release / MANIFEST).read_text("utf-8"))["made_from"]["suppression"])
    except (ValueError, KeyError, TypeError):
        return None


def _remove(release: Path) -> None:
    """Let a release disappear at once, then delete it."""
    shutil.rmtree(release.rename(release.parent / f"{ASIDE}old-{release.name}"))


def clear_leftovers(releases: Path) -> None:
    """Remove what killed runs, and killed readers, left aside."""
    for path in releases.glob(f"{ASIDE}*"):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)
    for path in releases.glob(f"{SPILL}*"):
        if not answers(int(path.name.removeprefix(SPILL))):
            shutil.rmtree(path)


def hold_to(tables: Mapping[str, Table], verdicts: Sequence[Verdict]) -> None:
    """Raise `Stop` for promises that are broken, or that nobody held against their table."""
    broken = [f"{each.table} promises {each.promise.text}, found {each.observed}" for each in verdicts if each.stops]
    held = {each.promise for each in verdicts}
    promises = [promise for table in tables.values() for promise in table.promises if promise.loudness == "expect"]
    broken += [f"{each.table} promises {each.text}, which was never checked" for each in promises if each not in held]
    if broken:
        more = [f"and {len(broken) - _NAMED} more"] if len(broken) > _NAMED else []
        named = "; ".join([*broken[:_NAMED], *more])
        raise Stop(f"Nothing was published and the previous release stands, because promises are broken: {named}.")


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "table": verdict.table,
        "promise": verdict.promise.text,
        "name": verdict.promise.name,
        "loudness": verdict.loudness,
        "passed": verdict.passed,
        "observed": verdict.observed,
        "unexpected": list(verdict.unexpected),
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _saying(releases: Path) -> Iterator[None]:
    """Turn what the disk complains of into one sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise Stop(f"{releases} cannot be written: {reason}; the previous release stands, mend that and run again.") from error
