"""`bullseye release …`: which there are, what they hold, whether they are whole, and one made again.

Here: the commands and how they look. Elsewhere: what they do (`previous`, `verify`, `again`).
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipelines import show
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.icp import read_icp
from pipelines.reader import open_release
from pipelines.release.manifest import DATABASE
from pipelines.release.previous import CURRENT, Manifest, read_manifests
from pipelines.release.verify import troubles
from pipelines.settings import read_settings
from pipelines.suppression.keys import VARIABLE

ROOT = Path(__file__).parents[2]
HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
Version = Annotated[str, typer.Argument(help="Its name, or `current`.")]
CHANGES = "select kind, domain, before, after, because from mart.release_change order by kind, domain, organization_id limit 20"
app = typer.Typer(help="Releases: immutable, kept by number and age, made again from what they name.", no_args_is_help=True)
out = Console(highlight=False)


@app.command("list")
def list_releases(home: HomeOption = Path("data")) -> None:
    """List the releases that are there, the latest first."""
    house = Home(home)
    current = house.current.resolve().name
    rows = [
        {
            "release": f"{version}{' (current)' if version == current else ''}",
            "as of": each["as_of"],
            "leads": each["rows"].get("mart.lead"),
            "organizations": each["rows"].get("mart.organization"),
            "changes": each["rows"].get("mart.release_change"),
            "warnings": len(each["promises"]["warnings"]),
        }
        for version, each in sorted(read_manifests(house.releases).items(), reverse=True)
    ]
    show.table(out, "Releases", rows, ["release", "as of", "leads", "organizations", "changes", "warnings"])


@app.command("show")
def show_release(version: Version = CURRENT, home: HomeOption = Path("data")) -> None:
    """Say what a release was made from, what it holds, and who moved in it."""
    name, manifest = _found(Home(home), version)
    made_from = manifest["made_from"]
    before = (made_from.get("previous") or {}).get("version", "none: it is the first")
    lists = ", ".join(each["name"] for each in made_from["lead_lists"])
    for what, said in {
        "Release": name, "As of": manifest["as_of"], "Content": manifest["content"], "Lead lists": lists, "Compared with": before,
    }.items():  # fmt: skip
        out.print(f"{what}: {escape(str(said))}", soft_wrap=True)
    for each in made_from.get("accepted", ()):
        out.print(f"Accepted: {escape(each['what'])}, because: {escape(each['because'])}", soft_wrap=True)
    for warning in manifest["promises"]["warnings"]:
        out.print(f"Warning: {escape(warning)}", soft_wrap=True)
    with open_release(Home(home).releases / name / DATABASE) as reader:
        changes = reader.rows(CHANGES) if "mart.release_change" in manifest["rows"] else []
    show.table(out, "Who moved", changes, ["kind", "domain", "before", "after", "because"])


@app.command()
def verify(version: Version = CURRENT, home: HomeOption = Path("data")) -> None:
    """Hold every byte and every row of a release against what was published."""
    name, manifest = _found(Home(home), version)
    if found := troubles(Home(home).releases / name):
        raise Stop(f"Release {name} is not what was published: {' '.join(found[:5])} Take another, or make it again.")
    out.print(f"{name} is whole: {len(manifest['files']) + 3:,} files, {sum(manifest['rows'].values()):,} rows.")


@app.command()
def again(
    version: Version,
    to: Annotated[Path, typer.Option("--to", help="New folder to make it in: a home of its own.")],
    home: HomeOption = Path("data"),
    icp: Annotated[Path, typer.Option("--icp", help="Who our customer was.")] = ROOT / "icp.yaml",
    settings: Annotated[Path, typer.Option("--settings", help="The settings it was made with.")] = ROOT / "settings.yaml",
    key: Annotated[str | None, typer.Option(envvar=VARIABLE, hidden=True)] = None,
) -> None:
    """Make a release again from the lists, what was found until then, and the archive; say whether it is the same."""
    from pipelines.release.again import (
        again as make_again,
    )  # it brings all stages along, which the other commands need not wait for

    name, _ = _found(Home(home), version)
    made = make_again(Home(home), name, read_settings(settings), read_icp(icp), to, key)
    if made.differing:
        why = "made by other code" if not made.same_code else "what it was made from has changed since"
        raise Stop(f"{made.folder} differs in {', '.join(made.differing)}: {why}.")
    out.print(f"The same, byte for byte, but for DuckDB's own file: {escape(str(made.folder))}", soft_wrap=True)


def _found(home: Home, version: str) -> tuple[str, Manifest]:
    name = home.current.resolve().name if version == CURRENT else version
    manifests = read_manifests(home.releases)
    if name not in manifests:
        raise Stop(f"There is no release {version} in {home.releases}; `bullseye release list` names those that are there.")
    return name, manifests[name]
