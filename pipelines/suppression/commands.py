"""`bullseye suppress …`: leaving somebody out, asking whether somebody is, turning the key.

Here: the commands, which never say a value again. Elsewhere: everything they do (`taking`, `book`, `entries`).
"""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.settings import read_settings
from pipelines.suppression.book import Book
from pipelines.suppression.entries import KINDS, Entry, entries_of
from pipelines.suppression.keys import VARIABLE
from pipelines.suppression.outdated import Register
from pipelines.suppression.persons import person_entries
from pipelines.suppression.taking import NAMES, counted, take, told

app = typer.Typer(help="Whom to leave out: kept as keyed hashes, refused in every spelling.", no_args_is_help=True)
ROOT = Path(__file__).parents[2]
HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
SettingsOption = Annotated[Path, typer.Option("--settings", help="Where national phone numbers are from.")]
KeyOption = Annotated[str | None, typer.Option(envvar=VARIABLE, hidden=True)]
Values = Annotated[list[str] | None, typer.Argument(help="E-mail addresses, phones, domains or companies.")]
Files = Annotated[list[Path] | None, typer.Option("--file", help="List of them: a table, or one a line; repeat for several.")]


@app.command()
def add(
    values: Values = None,
    file: Files = None,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    key: KeyOption = None,
) -> None:
    """Leave somebody out for good: the next run forgets them, and exports wait for it."""
    if not values and not file:
        raise typer.BadParameter("name a value, or a list of them with --file")
    book, lists = _book(home, key), read_settings(settings).lists
    entries = _entries(values or [], lists.default_country)
    new: Counter[str] = Counter()
    home.mkdir(parents=True, exist_ok=True)
    for path in file or []:
        if not path.is_file():
            raise Stop(f"{path} is no file; name one that is there.")
        new += take(path, lists, book, _today())
    new += book.add(entries, "", _today()) if entries else Counter()
    typer.echo(f"Suppressed: {told(new)}. Run again, and what is published and kept holds them no more.")


@app.command()
def remove(
    values: Annotated[list[str], typer.Argument(help="E-mail addresses, phones, domains or companies; with --of names.")],
    of: Annotated[str | None, typer.Option("--of", help="The company or domain at which the values are persons' names.")] = None,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    key: KeyOption = None,
) -> None:
    """Leave somebody out no more, as they asked; what was forgotten does not come back by itself: bring it again."""
    persons = [entry for value in values for at in (of, "") if of for entry in person_entries(value, at or "")]
    entries = persons or _entries(values, read_settings(settings).lists.default_country)
    gone = _book(home, key).remove(entries, _today())
    if not gone:
        raise Stop("None of these was suppressed as it is written here, so nothing was removed.")
    typer.echo(f"Suppressed no more: {counted(gone)}. What is brought from now on comes in again.")


@app.command("list")
def list_(home: HomeOption = Path("data")) -> None:
    """Say how many of each kind are left out; who they are is not known here."""
    counts = _book(home, None).counts()
    for kind in KINDS:
        typer.echo(f"{counts[kind]:>8} {NAMES[kind][counts[kind] != 1]}")


@app.command()
def check(
    value: Annotated[str, typer.Argument(help="An e-mail address, phone, domain, company, or any text.")],
    home: HomeOption = Path("data"),
    key: KeyOption = None,
) -> None:
    """Say whether somebody is left out, however the value is spelled."""
    suppression = _book(home, key).read()
    hit = suppression.hits([value]) or suppression.company_hits([value])
    typer.echo("Suppressed." if hit else "Not suppressed.")


@app.command()
def rotate(home: HomeOption = Path("data"), key: KeyOption = None) -> None:
    """Hash everything again under a new key: the old one alone is of no use from then on."""
    book = _book(home, key)
    generation = book.rotate()
    Register(Home(home).observed, book.keyring).rotate(generation)
    typer.echo(f"Rotated: the hashes lie under {generation} keys now. All of them are needed, so keep the key file whole.")


def _entries(values: list[str], region: str | None) -> list[Entry]:
    """Return the entries of the values; raises `Stop` for one that cannot be suppressed, by its place and not by its name."""
    found = [entries_of(value, region) for value in values]
    for place, entries in enumerate(found, 1):
        if not entries:
            raise Stop(
                f"Value {place} cannot be suppressed: it is no e-mail address, phone, domain or company, or it is a provider's "
                "that everybody shares. Nothing was added."
            )
    return [entry for entries in found for entry in entries]


def _book(home: Path, key: str | None) -> Book:
    place = Home(home)
    return Book(place.suppression, place.suppression_key, key)


def _today() -> date:
    return datetime.now(UTC).date()
