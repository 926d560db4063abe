"""The suppression list as it is kept: keyed hashes in a Parquet file of the home, and nothing else of what was suppressed.

Here: reading, adding, turning the key. Elsewhere: the file (`kept`), what is hashed (`entries`), the key (`keys`), where both
files lie (`home`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from pipelines.errors import Stop
from pipelines.lock import in_turn
from pipelines.suppression import Suppression
from pipelines.suppression.entries import KINDS, Entry
from pipelines.suppression.kept import Content, Row, TakenList, head_of, read_content, write_content
from pipelines.suppression.keys import VARIABLE, Keyring, NewKey, add_key, fresh_key, make_keys, read_keys

_CHECK = Entry("check", "bullseye")
HELPING = ("tail", "head", "part")
"""Kinds that only say where looking closer is worth it: several values share them."""


@dataclass(frozen=True, slots=True)
class Book:
    """The list of a home: its file, its key file, and the keys of the environment, which come before the key file."""

    path: Path
    key_path: Path
    given: str | None = field(default=None, repr=False)
    new_key: NewKey = fresh_key

    @property
    def version(self) -> str:
        """What is suppressed, as one hash that says nothing of it; empty when nothing ever was. Needs no key."""
        return head_of(self.path).version

    @property
    def lists(self) -> tuple[TakenList, ...]:
        """The lists taken in. Needs no key."""
        return head_of(self.path).lists

    def counts(self) -> Counter[str]:
        """Return how many values are suppressed, by kind. Needs no key."""
        return _counted(read_content(self.path).rows)

    def read(self) -> Suppression:
        """Return what is suppressed; raises `Stop` when the key is missing, wrong, or open to others."""
        content = read_content(self.path)
        if not content.rows:
            return Suppression(Keyring(()), 0, {}, content.version)
        hashes: dict[str, set[bytes]] = {}
        for kind, digest, _, _ in content.rows:
            hashes.setdefault(kind, set()).add(digest)
        kept = {kind: frozenset(found) for kind, found in hashes.items()}
        return Suppression(self._keyring(content), content.generation, kept, content.version)

    def add(self, entries: Sequence[Entry], name: str, added_on: date) -> Counter[str]:
        """Suppress the entries for good and return how many of them are new, by kind."""
        with in_turn(self._turn):
            content = read_content(self.path)
            new = list(self._new(content, entries, name, added_on))
            self._write(content, new, content.lists)
        return _counted(new)

    def add_list(self, entries: Sequence[Entry], taken: TakenList) -> Counter[str]:
        """Suppress what a list holds and note that it came in; the same content again changes nothing."""
        with in_turn(self._turn):
            content = read_content(self.path)
            new = list(self._new(content, entries, taken.name, taken.received_on))
            known = any(each.list_id == taken.list_id for each in content.lists)
            self._write(content, new, content.lists if known else (*content.lists, taken))
        return _counted(new)

    def content_id(self, content: bytes) -> str:
        """Return an id of a list's content which, other than its plain hash, nobody can guess at without the key."""
        with in_turn(self._turn):
            kept = read_content(self.path)
            keyring = self._keyring(kept)
        # Under the first key alone, so that rotation leaves it as it is.
        return f"list_{keyring.hash('list', sha256(content).hexdigest(), 1).hex()[:16]}"

    def keyring(self) -> Keyring:
        """Return the keys, making the first one where there is none; raises `Stop` as `read` does."""
        with in_turn(self._turn):
            return self._keyring(read_content(self.path))

    def remove(self, entries: Sequence[Entry], on: date) -> Counter[str]:
        """Leave the entries out no more and return how many there were, by kind. What only helps to find others stays."""
        with in_turn(self._turn):
            content = read_content(self.path)
            keyring = self._keyring(content)
            wanted = {(kind, keyring.hash(kind, value, content.generation)) for kind, value in entries if kind not in HELPING}
            gone = [row for row in content.rows if row[:2] in wanted]
            if gone:
                digests = b"".join(sorted(digest for _, digest, _, _ in gone))
                version = sha256(content.version.encode() + on.isoformat().encode() + digests).hexdigest()[:16]
                rows = tuple(row for row in content.rows if row[:2] not in wanted)
                write_content(self.path, content.version, replace(content, rows=rows, version=version))
        return _counted(gone)

    def rotate(self) -> int:
        """Hash every hash again under a new key and return under how many keys they lie now; raises `Stop` as `read` does.

        A key that is there and not in use yet, since a rotation was killed or the environment holds one more, is taken first.
        """
        with in_turn(self._turn):
            content = read_content(self.path)
            if not content.rows:
                raise Stop("Nothing is suppressed yet, so there is no key to rotate.")
            keyring = self._keyring(content)
            generation = content.generation + 1
            if len(keyring) < generation:
                keyring = self._next_key()
            rows = tuple((kind, keyring.wrap(digest, generation), on, name) for kind, digest, on, name in content.rows)
            check = keyring.hash(*_CHECK, generation).hex()
            write_content(self.path, content.version, replace(content, rows=rows, generation=generation, check=check))
        return generation

    @property
    def _turn(self) -> Path:
        return self.path.with_name(f"{self.path.name}.lock")

    def _next_key(self) -> Keyring:
        if self.given is not None:
            raise Stop(f"Add a new key to {VARIABLE}, after the others and a comma, and rotate again.")
        return add_key(self.key_path, self.new_key)

    def _keyring(self, content: Content) -> Keyring:
        """Return the keys that the content is hashed under, making the first one when nothing is hashed yet."""
        keyring = read_keys(self.key_path, self.given)
        if keyring is None and content.check:
            raise Stop(
                f"The key of the suppression list is missing; put {self.key_path} back or set {VARIABLE}, "
                "for without it nobody can tell whom to leave out."
            )
        if keyring is None:
            self.key_path.parent.mkdir(parents=True, exist_ok=True)
            keyring = make_keys(self.key_path, self.new_key)
        if content.check and (
            len(keyring) < content.generation or keyring.hash(*_CHECK, content.generation).hex() != content.check
        ):
            where = VARIABLE if self.given is not None else self.key_path
            raise Stop(f"{where} is not the key that {self.path} was made with; put the right one back.")
        return keyring

    def _new(self, content: Content, entries: Collection[Entry], name: str, added_on: date) -> Iterator[Row]:
        """Yield the rows of those entries that are not there yet."""
        keyring = self._keyring(content)
        known = {(kind, digest) for kind, digest, _, _ in content.rows}
        brought_by = keyring.hash("name", name, content.generation)
        for kind, value in dict.fromkeys(entries):
            digest = keyring.hash(kind, value, content.generation)
            if (kind, digest) not in known:
                yield kind, digest, added_on, brought_by

    def _write(self, content: Content, new: Sequence[Row], lists: tuple[TakenList, ...]) -> None:
        if not new and lists == content.lists:
            return
        added = sorted(digest for _, digest, _, _ in new)
        version = sha256(content.version.encode() + b"".join(added)).hexdigest()[:16] if added else content.version
        check = content.check or self._keyring(content).hash(*_CHECK, content.generation).hex()
        write_content(
            self.path, content.version, replace(content, rows=(*content.rows, *new), version=version, check=check, lists=lists)
        )


def _counted(rows: Iterable[Row]) -> Counter[str]:
    """Count the values, and not what helps to find them; a number from nobody knows where is a phone too."""
    return Counter("phone" if kind == "bare" else kind for kind, *_ in rows if kind in (*KINDS, "bare"))
