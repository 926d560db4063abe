"""Contacts whose time is up: kept for so long from the day they were first observed, and not a day longer.

Here: telling which rows are about such a contact, and the register of first observations, which begins where lists end: a contact
is written down in it, as a keyed hash, when the list it stood in has become too old. Elsewhere: how long that is (`settings`),
clearing lists (`clearing`).

The day of a contact is the day of the oldest list it stands in. Reading a page again, bringing the same list again, or bringing
the contact in another list renews nothing: the register knows it. Only a row that itself says it was taken down later than that
term is an observation of its own (`noted_on`), and not one dated ahead of its list.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.errors import Stop
from pipelines.ids import SEPARATOR, digest_bytes
from pipelines.intake.rows import Flags, Texts
from pipelines.suppression.keys import Keyring

CONTACTS = tuple(f"{kind}{SEPARATOR}" for kind in ("email", "person"))
"""How the identities of rows begin that are about a person, and not only about a company."""
COLUMNS: dict[str, pa.DataType] = {"hash": pa.binary(), "first_observed_on": pa.date32()}
SCHEMA = pa.schema(COLUMNS)
Hashed = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Outdated:
    """Which contacts are too old at a moment: those of lists received on or before `until`, and those of the register."""

    until: date
    term: timedelta
    hashed: Hashed = field(repr=False)
    observed: Mapping[bytes, date] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        """Say whether there may be anything of that age."""
        return self.until > date.min

    def covers(self, received_on: date) -> bool:
        """Say whether a whole list is too old."""
        return received_on <= self.until

    def contacts(self, identities: Texts) -> list[str]:
        """Return the identities that are persons'."""
        return [each for each in pc.unique(identities).drop_null().to_pylist() if each.startswith(CONTACTS)]

    def flags(self, identities: Texts, noted_on: Texts, received_on: date) -> Flags:
        """Say which rows have to leave."""
        if self.covers(received_on):
            persons = (pc.starts_with(identities, each) for each in CONTACTS)
            return pc.fill_null(pc.or_(*persons), False)
        if not self.observed:
            return pa.repeat(False, len(identities))
        first = {each: self.observed.get(self.hashed(each)) for each in self.contacts(identities)}
        rows = zip(identities.to_pylist(), noted_on.to_pylist(), strict=True)
        return pa.array([self._is_over(first.get(who), noted, received_on) for who, noted in rows], pa.bool_())

    def _is_over(self, first: date | None, noted_on: date | None, received_on: date) -> bool:
        if first is None:
            return False
        return noted_on is None or not first + self.term < noted_on <= received_on


CURRENT = Outdated(date.min, timedelta(), lambda _: b"")
"""Nothing is too old."""


@dataclass(frozen=True, slots=True)
class Register:
    """The file of first observations of a home."""

    path: Path

    keyring: Callable[[], Keyring] = field(repr=False)

    @property
    def version(self) -> str:
        """What decides whom it knows, as one hash that says nothing of them; empty when it knows nobody. Needs no key."""
        return self._said()[1]

    def at(self, day: date, term: timedelta) -> Outdated:
        """Return which contacts are too old on a day."""
        generation, version = self._said()
        if not version:
            return Outdated(day - term, term, lambda _: b"")
        keyring = self.keyring()
        return Outdated(day - term, term, lambda identity: keyring.hash("contact", identity, generation), self._read())

    def add(self, contacts: Collection[str], on: date) -> None:
        """Write down that these were observed on that day, unless it was earlier."""
        keyring, (generation, _), known = self.keyring(), self._said(), self._read()
        hashes = (keyring.hash("contact", each, generation) for each in contacts)
        new = {each: on for each in hashes if each not in known or known[each] > on}
        if new:
            self._write({**known, **new}, generation)

    def rotate(self, generation: int) -> None:
        """Hash every hash again, until they lie under as many keys as that."""
        now, version = self._said()
        if version:
            keyring, observed = self.keyring(), self._read()
            for each in range(now + 1, generation + 1):
                observed = {keyring.wrap(digest, each): on for digest, on in observed.items()}
            self._write(observed, max(now, generation))

    def _said(self) -> tuple[int, str]:
        """Return under how many keys the hashes lie, and the version."""
        if not self.path.exists():
            return 1, ""
        with self._whole():
            said = json.loads((pq.read_schema(self.path).metadata or {})[b"bullseye"])
            return int(said["generation"]), str(said["version"])

    def _read(self) -> dict[bytes, date]:
        if not self.path.exists():
            return {}
        with self._whole():
            table = pq.read_table(self.path)
            columns: list[list[Any]] = [table[name].to_pylist() for name in SCHEMA.names]
            return dict(zip(*columns, strict=True))

    def _write(self, observed: Mapping[bytes, date], generation: int) -> None:
        """Replace the file by one rename."""
        rows = sorted(observed.items())
        columns = [pa.array([row[at] for row in rows], kind.type) for at, kind in enumerate(SCHEMA)]
        version = digest_bytes(b"".join(digest + on.isoformat().encode() for digest, on in rows))[7:23]
        stamp = json.dumps({"generation": generation, "version": version})
        aside = self.path.with_name(f"{self.path.name}.part")
        pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA.with_metadata({"bullseye": stamp})), aside)
        aside.replace(self.path)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Turn what a damaged file makes of itself into one sentence."""
        try:
            yield
        except (pa.ArrowException, KeyError, TypeError, ValueError):
            raise Stop(f"{self.path} is damaged; put its last whole copy back, or remove it, and contacts count anew.") from None
