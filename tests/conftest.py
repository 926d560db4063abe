"""What several tests need: an empty warehouse's types, the demo run once, and one jail for many runs."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.jail import Jail
from pipelines.jailed import Limits
from pipelines.job import ROOT
from pipelines.release.dictionary import column_types
from pipelines.tables import read_tables
from pipelines.warehouse import Warehouse

if TYPE_CHECKING:  # only who asks for a page or a browser waits for them
    from doors import House
    from playwright.sync_api import Browser


@pytest.fixture(scope="session", autouse=True)
def jails() -> Iterator[None]:
    """Let the runs of one test process share their workers: each takes longer to start than most of our markets to read."""
    made: dict[str, Jail] = {}

    def shared(phrases: Mapping[str, Sequence[str]], limits: Limits) -> AbstractContextManager[Jail]:
        return nullcontext(made.setdefault(repr((sorted(phrases.items()), limits)), Jail(phrases, limits)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.stages.Jail", shared)
        yield
    for jail in made.values():
        jail.__exit__()


@pytest.fixture(scope="session")
def built_types(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The mart's columns and types, from a warehouse without a row in it."""
    tables = read_tables(ROOT / "sql")
    path = tmp_path_factory.mktemp("empty") / "warehouse.duckdb"
    with Warehouse(path, tables, (ROOT / "sql" / "macros.sql").read_text("utf-8")) as warehouse:
        warehouse.build()
        types = column_types(warehouse, [table for table in tables.values() if table.schema == "mart"])
    return {table: dict(columns) for table, columns in types.items()}


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of one demo run, made by whichever worker comes first and only read by all."""
    return _once(tmp_path_factory.getbasetemp().parent / "shared-demo", _run_demo)


@pytest.fixture
def place(tmp_path: Path) -> "House":
    """A page behind its doors, with two users."""
    from doors import house

    return house(tmp_path)


@pytest.fixture
def local(tmp_path: Path) -> "House":
    """A page on this machine alone, where nobody logs in."""
    from doors import house

    return house(tmp_path / "local", guarded=False)


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """A real browser."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine: nothing to look at the page with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _once(folder: Path, make: Callable[[Path], None]) -> Path:
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "made").exists():
            make(folder / "home")
            (folder / "made").touch()
    return folder / "home"


def _run_demo(home: Path) -> None:
    result = CliRunner().invoke(app, ["demo", "--home", str(home)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    (home / "said.txt").write_text(result.output, "utf-8")
