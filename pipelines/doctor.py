"""What a run needs, examined before it is needed.

Here: one finding per need, each a sentence that says what to do. Elsewhere: what the needs are for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile

from pipelines import space
from pipelines.choosing import chosen_sources
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.release.manifest import damaged
from pipelines.settings import Storage, read_settings
from pipelines.tables import read_tables

_GIB = 1024**3
LIBRARIES = ("dagster", "duckdb", "great_expectations", "httpx", "beautifulsoup4")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was examined, whether it is well, and a sentence."""

    what: str
    well: bool
    sentence: str


def examine(home: Home, icp: Path, settings: Path, python: tuple[int, ...]) -> list[Finding]:
    """Return the findings; nothing is changed."""
    return [
        _python(python),
        Finding("libraries", True, ", ".join(f"{name} {version(name)}" for name in LIBRARIES)),
        _home(home),
        _space(home, settings),
        _file("icp", lambda: f"{icp} has {len(list(read_icp(icp).rules))} rules"),
        _file("settings", lambda: _said(settings)),
        _contact(settings),
        _file("sql", lambda: f"{len(read_tables(Path(__file__).parents[1] / 'sql'))} tables describe themselves"),
        *_release(home),
    ]


def _said(settings: Path) -> str:
    given = read_settings(settings)
    return f"{settings} keeps {given.storage.keep_releases} releases and asks {len(chosen_sources(given.sources))} sources"


def _python(found: tuple[int, ...]) -> Finding:
    well = (3, 11) <= found[:2] <= (3, 13)
    return Finding("python", well, f"{found[0]}.{found[1]}" + ("" if well else " is not supported; use 3.11 to 3.13"))


def _home(home: Home) -> Finding:
    """Look at the home or, when it is not there yet, at the folder it would be made in."""
    place = next(each for each in (home.folder.absolute(), *home.folder.absolute().parents) if each.exists())
    try:  # what rights say is not what the disk does: a root may write where nothing can be written
        with TemporaryFile(dir=place) as file:
            file.write(b"Bullseye")
    except OSError as error:
        return Finding("home", False, f"{place} cannot be written ({error.strerror or error}); choose another --home")
    return Finding("home", True, f"{home.folder} can be written")


def _space(home: Home, settings: Path) -> Finding:
    """While the settings cannot be read, which is told elsewhere, the disk is held against the defaults."""
    try:
        storage = read_settings(settings).storage
    except Stop:
        storage = Storage()
    free, needed = space.free(home), space.needed(home, storage.least_free_bytes)
    said = f"{free / _GIB:.1f} GiB free, a run needs {needed / _GIB:.1f}"
    return Finding("disk", free >= needed, said if free >= needed else f"{said}; make room")


def _file(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except Stop as stop:
        return Finding(what, False, str(stop))


def _contact(settings: Path) -> Finding:
    """A missing contact is no illness: replaying needs none. It says what a live run will ask for."""
    try:
        contact = read_settings(settings).contact
    except Stop:
        return Finding("contact", False, "not known while the settings cannot be read")
    return Finding("contact", True, contact or "none yet: replaying works, a live run wants `contact:` in settings.yaml")


def _release(home: Home) -> Iterator[Finding]:
    """Hold the files of the current release against its list of checksums."""
    if not home.current.exists():
        yield Finding("release", True, "none yet")
        return
    folder = home.current.resolve()
    broken = damaged(folder)
    yield Finding("release", not broken, f"{folder.name} is whole" if not broken else f"{', '.join(broken)}; run again")
