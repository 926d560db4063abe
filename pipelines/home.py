"""Where everything lies that a run writes.

Here: the layout of the home folder, and the note of what each stage was last made from. Elsewhere: what the files hold.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

STAGES = ("intake", "facts", "reasoning", "audit", "release")
"""The stages that note what they were made from, in their order."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder given by `--home` or BULLSEYE_HOME: inbox/ leads/ archive/ facts/ warehouse.duckdb releases/ suppression.*"""

    folder: Path

    @property
    def inbox(self) -> Path:
        """Lead lists, as people bring them."""
        return self.folder / "inbox"

    @property
    def leads(self) -> Path:
        """The rows of all lists, as they came and as they were understood, as Parquet."""
        return self.folder / "leads"

    def keep_leads(self, folder: Path) -> None:
        """Remove the rows of earlier intakes, once the warehouse refers to those in this folder."""
        for each in self.leads.iterdir():
            if each != folder:
                rmtree(each)

    @property
    def archive(self) -> Path:
        """Every response ever seen, as WARC."""
        return self.folder / "archive"

    @property
    def registers(self) -> Path:
        """Where in the big files of registers each record stands; made anew when it is missing."""
        return self.folder / "registers"

    @property
    def facts(self) -> Path:
        """Requests, captures, misses and facts, as Parquet."""
        return self.folder / "facts"

    @property
    def warehouse(self) -> Path:
        """The one database; only one run writes it at a time."""
        return self.folder / "warehouse.duckdb"

    @property
    def verdicts(self) -> Path:
        """What came of the last audit."""
        return self.folder / "verdicts.json"

    @property
    def releases(self) -> Path:
        """Published releases, one folder each, and `current`."""
        return self.folder / "releases"

    @property
    def current(self) -> Path:
        """The release that readers read: a link, switched by one rename."""
        return self.releases / "current"

    @property
    def suppression(self) -> Path:
        """Who is to be left out, as keyed hashes."""
        return self.folder / "suppression.parquet"

    @property
    def suppression_key(self) -> Path:
        """The key of those hashes, unless the environment has it; for its owner's eyes only."""
        return self.folder / "suppression.key"

    @property
    def downloads(self) -> Path:
        """Who took what out of the house, a line a download, each chained to the one before."""
        return self.folder / "downloads.jsonl"

    @property
    def downloads_head(self) -> Path:
        """The chain of its last line; held by whoever writes a line."""
        return self.folder / "downloads.head"

    @property
    def holdings(self) -> Path:
        """Which organizations and leads each download was about, as hashes."""
        return self.folder / "downloads"

    @property
    def users(self) -> Path:
        """Who may see the page from elsewhere, each with the hash of a password."""
        return self.folder / "users.json"

    @property
    def observed(self) -> Path:
        """When contacts that are kept no more were first observed, as keyed hashes."""
        return self.folder / "observed.parquet"

    @property
    def requests(self) -> Path:
        """Who asked for their rights, without who they are: a line each."""
        return self.folder / "requests.jsonl"

    def made_from(self, stage: str) -> str:
        """Return the fingerprint of what a stage was last made from; empty when it was not, or its warehouse is gone."""
        return self.noted(stage) if self.warehouse.exists() else ""

    def noted(self, what: str) -> str:
        """Return what was last noted, whether the warehouse is there or not; empty when nothing was."""
        return self._notes().get(what, "")

    @contextmanager
    def making(self, stage: str, fingerprint: str) -> Iterator[None]:
        """Make a stage: from when it begins until it is whole it counts as made from nothing, whenever it is killed.

        So does every stage after it, which may have been made in a warehouse that is gone.
        """
        for each in STAGES[STAGES.index(stage) :]:
            self.note(each, "")
        yield
        self.note(stage, fingerprint)

    def note(self, stage: str, fingerprint: str) -> None:
        """Remember what a stage was made from, once it is whole."""
        aside = self._note_file.with_suffix(".tmp")
        aside.write_text(json.dumps({**self._notes(), stage: fingerprint}, indent=1, sort_keys=True), "utf-8")
        aside.replace(self._note_file)

    @property
    def _note_file(self) -> Path:
        return self.folder / "stages.json"

    def _notes(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self._note_file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # a torn note is no note: the stage is made again
            return {}
        return found
