"""A copy of the home put back, and nobody with it who was forgotten since it was made.

Here: what of a copy comes back, and in which order. The list of whom to leave out, the register of old contacts, requests and the
journal stay those of the home, where it has them; nothing that was published comes back, and what notes say of the copy does not:
so whatever moment this ends at, the next run forgets whom it has to before it makes anything. Elsewhere: forgetting
(`suppression`, `pages`), publishing again (`bullseye run`).
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import Stop
from pipelines.job import Job
from pipelines.rights.pages import mask_new_pages
from pipelines.rights.retention import retire
from pipelines.suppression.forget import forget

KEPT = ("suppression.parquet", "suppression.key", "observed.parquet", "requests.jsonl", "downloads.jsonl", "downloads.head")
"""What stays as it is in the home, and comes from the copy only where the home has none."""
TAKEN = ("inbox", "archive", "facts", "registers")


def restore(job: Job, backup: Path) -> None:
    """Put a copy of a home back; raises `Stop` for what is none, and for one older than copies may be kept."""
    _check_age(job, backup)
    home = job.home.folder
    home.mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        if (backup / name).exists() and not (home / name).exists():
            shutil.copy2(backup / name, home / name)
    for name in ("releases", "leads", "stages.json", "verdicts.json", "warehouse.duckdb", "warehouse.duckdb.wal"):
        _remove(home / name)
    for name in TAKEN:
        _remove(home / name)
        if (backup / name).exists():
            shutil.copytree(backup / name, home / name)
    forget(job.home, job.book)
    retire(job)
    for each in job.lists():
        job.clearing.clear(each)
    mask_new_pages(job.home, job.book.read())


def _check_age(job: Job, backup: Path) -> None:
    if not (backup / "inbox").is_dir():
        raise Stop(f"{backup} is no copy of a home: it has no inbox; name the folder that holds inbox/, archive/ and facts/.")
    files = [path for path in (backup, *backup.iterdir()) if path.exists()]
    made_at = datetime.fromtimestamp(max(path.stat().st_mtime for path in files), UTC).replace(tzinfo=None)
    days, most = (job.as_of - made_at).days, job.settings.retention.backups
    if days > most:
        raise Stop(f"{backup} was made {days} days ago, and copies are kept for {most} (retention.backups); delete it.")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
