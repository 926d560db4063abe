"""`bullseye icp …`: the file marketing and sales own, held against what it may say and what it would do.

Here: the commands and their options. Elsewhere: what the file may say (`icp`), what follows from it (`whatif`), how it looks
(`show_whatif`).
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines import show_progress, show_whatif
from pipelines.documents import Mistaken
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.settings import read_settings
from pipelines.suppression.keys import VARIABLE
from pipelines.whatif import Asking, imagined
from pipelines.whatif.effects import effects
from pipelines.whatif.moves import counted, moves

ROOT = Path(__file__).parents[1]
HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
SettingsOption = Annotated[Path, typer.Option("--settings", help="Lists, manners, storage.")]
ReadOption = Annotated[bool, typer.Option("--read/--no-read", help="Whether pages are read again for phrases that are new.")]
KeyOption = Annotated[str | None, typer.Option(envvar=VARIABLE, hidden=True)]
app = typer.Typer(help="The ideal customer profile: the file marketing and sales own.", no_args_is_help=True)
out = Console(highlight=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The profile to check.")] = ROOT / "icp.yaml",
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    read: ReadOption = True,
    key: KeyOption = None,
) -> None:
    """Explain each mistake in a profile in a sentence; show what its rules would do to the organizations of the home."""
    try:
        icp = read_icp(file)
    except Mistaken as mistaken:
        show_whatif.mistakes(out, file, mistaken)
        raise typer.Exit(1) from None
    show_whatif.well_formed(out, file, icp)
    if not Home(home).warehouse.exists():
        out.print(f"What its rules would do is shown once something was run in {home}.")
        return
    with _asking(home, settings, read, key) as asking, imagined(asking, icp) as world:
        found = effects(world, icp)
    show_whatif.effects(out, icp, found, world.heard)


@app.command()
def diff(
    profiles: Annotated[list[Path], typer.Argument(metavar="[OLD] NEW", help="Profiles; OLD left out, that of the last run.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for machines.")] = False,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    read: ReadOption = True,
    key: KeyOption = None,
) -> None:
    """Say who would move, by which rule, if icp.yaml said something else; nothing is published, asked or changed."""
    if len(profiles) > 2:
        raise typer.BadParameter("name one or two profiles: what is, and what could be")
    given = [None, *map(read_icp, profiles)][-2:]
    with _asking(home, settings, read, key) as asking, ExitStack() as worlds:
        old, new = (worlds.enter_context(imagined(asking, icp)) for icp in given)
        rings, moved = counted(old, new), moves(old, new)
    if as_json:
        unheard = sorted({*old.heard.unheard, *new.heard.unheard})
        told = {"rings": rings, "moves": moved, "unheard": unheard, "pages_lost": new.heard.lost}
        sys.stdout.write(json.dumps(told, indent=2, default=str, ensure_ascii=False) + "\n")
    else:
        show_whatif.moves(out, rings, moved, new.heard)


@contextmanager
def _asking(home: Path, settings: Path, read: bool, key: str | None) -> Iterator[Asking]:
    with show_progress.shown(Console(stderr=True, highlight=False)) as progress:
        yield Asking(Home(home), read_settings(settings), read, key, progress)
