"""Who may see the page from elsewhere: names, and passwords as argon2id hashes.

Here: `users.json` in the home, for its owner's eyes only; adding, removing, checking. Elsewhere: who is logged in (`sessions`),
how often somebody may try (`limits`).

A name that nobody has costs as much time as one that somebody has: a hash that belongs to nobody is checked instead. A hash
made with other parameters than today's is made anew when its password comes by.
"""

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipelines.errors import Stop
from pipelines.lock import in_turn

SHORTEST, LONGEST = 12, 1024
"""Characters of a password."""
_DIFFERENT = 5
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may come in; `since` is the moment the password was set, and whoever came in before it is out."""

    name: str
    hash: str
    since: str


class Users:
    """The users of a home; what another process changes counts from the next question on."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = path
        self._hasher = hasher or PasswordHasher()
        self._read: Mapping[str, User] = {}
        self._seen: tuple[int, int, int] | None = None

    def everybody(self) -> list[User]:
        """Return all users by name; raises `Stop` when the file is not theirs alone, or not to be understood."""
        return [user for _, user in sorted(self._known().items())]

    def since(self, name: str) -> str | None:
        """Return when the user's password was set; None for nobody."""
        user = self._known().get(name)
        return user.since if user else None

    def put(self, name: str, password: str, moment: str) -> bool:
        """Give a user a password, and say whether the user is new; raises `Stop` for a name or a password that will not do."""
        name, password = _sound_name(name), _sound_password(password, name)
        user = User(name, self._hasher.hash(password), moment)
        with self._held():
            known = self._known()
            self._write({**known, name: user})
        return name not in known

    def remove(self, name: str) -> None:
        """Let somebody in no longer; raises `Stop` when nobody is called so."""
        with self._held():
            known = self._known()
            if name not in known:
                raise Stop(f"Nobody here is called {name}; `bullseye users list` says who is.")
            self._write({each: user for each, user in known.items() if each != name})

    def check(self, name: str, password: str) -> User | None:
        """Return the user whose password this is; takes as long for a name that nobody has."""
        nobody, user = self._nobody, self._known().get(name.lower())
        right = self._verified((user or nobody).hash, unicodedata.normalize("NFC", password))
        if not right or user is None:
            return None
        if self._hasher.check_needs_rehash(user.hash):
            self._hash_anew(user, password)
        return user

    @cached_property
    def _nobody(self) -> User:
        return User("", self._hasher.hash(""), "")

    def _verified(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False

    def _hash_anew(self, user: User, password: str) -> None:
        with self._held():
            known = self._known()
            if known.get(user.name) == user:
                anew = self._hasher.hash(unicodedata.normalize("NFC", password))
                self._write({**known, user.name: replace(user, hash=anew)})

    def _held(self) -> AbstractContextManager[None]:
        return in_turn(self._path.with_suffix(".lock"))

    def _known(self) -> Mapping[str, User]:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._read, self._seen = {}, None
            return self._read
        seen = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if seen != self._seen:
            self._read, self._seen = _read(self._path, stat.st_mode), seen
        return self._read

    def _write(self, users: Mapping[str, User]) -> None:
        """Write the file so that it is there whole or not at all, and never open to others."""
        aside = self._path.with_suffix(".part")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump({name: asdict(user) for name, user in sorted(users.items())}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)


def _read(path: Path, mode: int) -> dict[str, User]:
    if mode & 0o077:
        raise Stop(f"{path} may be read by others than its owner; run `chmod 600 {path}`.")
    try:
        return {name: User(**said) for name, said in json.loads(path.read_text("ascii")).items()}
    except (ValueError, TypeError, AttributeError):
        raise Stop(f"{path} is not as `bullseye users` writes it; remove it, and add the users again.") from None


def _sound_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Stop(
            "A name is 1 to 32 small letters, digits, dots, hyphens and underscores, such as anna.b; choose one like that."
        )
    return name


def _sound_password(password: str, name: str) -> str:
    """Return the password in its one spelling, whatever keyboard it comes from."""
    spelled = unicodedata.normalize("NFC", password)
    if not SHORTEST <= len(spelled) <= LONGEST:
        raise Stop(f"A password has {SHORTEST} to {LONGEST} characters; choose another, four words for instance.")
    if len(set(spelled.casefold())) < _DIFFERENT or len(spelled.casefold().replace(name, "")) < SHORTEST // 2:
        raise Stop("That password is too easily guessed, being few characters repeated or the name; choose another.")
    return spelled
