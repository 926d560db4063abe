"""The key that the suppression list is hashed with, and hashing itself.

Here: HMAC-SHA-256 (RFC 2104) under a chain of keys; the key file, readable by its owner alone. Elsewhere: what is hashed
(`values`), where the hashes lie (`book`).

The list keeps no value, so a new key cannot hash the values again. It hashes the hashes: after a rotation every hash is
HMAC(key 2, HMAC(key 1, value)), and whoever knew key 1 can do nothing with what is kept from then on. All keys are needed to
look a value up, so the key file holds all of them; each rotation costs one more HMAC for every look-up.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from pipelines.errors import Stop
from pipelines.ids import SEPARATOR

VARIABLE = "BULLSEYE_SUPPRESSION_KEY"
_KEY = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_BLOCK = 64
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
Mac = Callable[[bytes], bytes]
NewKey = Callable[[], str]
"""Makes a key: 64 hexadecimal digits nobody can guess."""


def fresh_key() -> str:
    """Return a new key: 64 hexadecimal digits from the system's source of secrets."""
    return secrets.token_hex(32)


def mac(key: bytes) -> Mac:
    """Return HMAC-SHA-256 under a key of at most 64 bytes; the padded key is hashed once, which saves two thirds of the time."""
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = sha256(padded.translate(_INNER)), sha256(padded.translate(_OUTER))

    def digest(message: bytes) -> bytes:
        inside, outside = inner.copy(), outer.copy()
        inside.update(message)
        outside.update(inside.digest())
        return outside.digest()

    return digest


class Keyring:
    """The keys, oldest first. Its representation shows none."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = tuple(keys)
        self._macs = tuple(mac(bytes.fromhex(key)) for key in self._keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyring) and self._keys == other._keys

    def __hash__(self) -> int:
        return hash(self._keys)

    def __reduce__(self) -> tuple[type["Keyring"], tuple[tuple[str, ...]]]:
        return Keyring, (self._keys,)

    def __len__(self) -> int:
        return len(self._macs)

    def hash(self, kind: str, value: str, generation: int) -> bytes:
        """Return the value hashed under the first `generation` keys."""
        digest = f"{kind}{SEPARATOR}{value}".encode("utf-8", "surrogatepass")
        for each in self._macs[:generation]:
            digest = each(digest)
        return digest

    def wrap(self, digest: bytes, generation: int) -> bytes:
        """Return what was hashed under the keys before the one numbered `generation`, from 1, hashed under that too."""
        return self._macs[generation - 1](digest)


def read_keys(path: Path, given: str | None) -> Keyring | None:
    """Return the keys given in the environment, else those in the file; None when there are none anywhere.

    Raises `Stop` for what is no key, and for a file that others may read.
    """
    if given is not None:
        return _keyring(given, f"The environment variable {VARIABLE}")
    if not path.exists():
        return None
    if path.stat().st_mode & 0o077:
        raise Stop(f"{path} may be read by others than its owner, so it keeps no secret; run `chmod 600 {path}`.")
    return _keyring(path.read_text("ascii", "replace"), str(path))


def make_keys(path: Path, new_key: NewKey) -> Keyring:
    """Write a key file with a new key, which nobody but its owner may read, and return it."""
    _write(path, [new_key()])
    return _keyring(path.read_text("ascii"), str(path))


def add_key(path: Path, new_key: NewKey) -> Keyring:
    """Add a new key to the file, after those it holds."""
    _write(path, [*path.read_text("ascii").split(), new_key()])
    return _keyring(path.read_text("ascii"), str(path))


def _keyring(text: str, where: str) -> Keyring:
    keys = re.split(r"[\s,]+", text.strip())
    if not all(_KEY.fullmatch(key) for key in keys):
        raise Stop(f"{where} holds no suppression key; a key is 64 hexadecimal digits, several are set apart by commas.")
    return Keyring(keys)


def _write(path: Path, keys: Iterable[str]) -> None:
    """Write the file so that it is there whole or not at all, and never open to others, not even for a moment."""
    aside = path.with_name(f"{path.name}.part")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
