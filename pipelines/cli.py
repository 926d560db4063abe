"""The command line: `bullseye …`.

Here: the commands and their options; every trouble ends as one sentence and an exit code. Elsewhere: what they do (`assets.run`,
`questions`, `doctor`), how it looks (`show`). Exit codes: 0 done, 1 stopped (the sentence says why and what to do), 2 wrong use,
130 interrupted.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape

from pipelines import doctor as examination
from pipelines import questions, show, show_explanation, show_progress
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.icp_commands import app as icp_commands
from pipelines.portal.doors.commands import account
from pipelines.portal.doors.commands import app as door_commands
from pipelines.release.commands import app as release_commands
from pipelines.rights import commands as rights_commands
from pipelines.settings import read_settings
from pipelines.suppression.commands import app as suppress_commands

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
EXAMPLES_AS_OF = "2026-11-16"


class Interrupted(Exception):  # noqa: N818 - reads as what it is
    """Somebody pressed Ctrl-C during a run."""


app = typer.Typer(
    help="Who is our customer, who is not, why, and what to say to them: raw lead lists in, an evidenced release out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(icp_commands, name="icp")
intake_commands = typer.Typer(help="Lead lists, before they are taken in.", no_args_is_help=True)
app.add_typer(intake_commands, name="intake")
app.add_typer(suppress_commands, name="suppress")
app.add_typer(release_commands, name="release")
app.add_typer(door_commands)
rights_commands.add_to(app)

HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
IcpOption = Annotated[Path, typer.Option("--icp", help="Who our customer is.")]
SettingsOption = Annotated[Path, typer.Option("--settings", help="Lists, manners, storage.")]
ListOption = Annotated[list[Path] | None, typer.Option(help="A list of that kind, whatever its name says.")]
SchemaOf = Literal["icp", "settings"]
out = Console(highlight=False)


@app.command()
def demo(home: HomeOption = Path("demo")) -> None:
    """Run the main job on the fictional market in examples/."""
    lists = {"leads": [EXAMPLES / "leads"]}
    _run(home, lists, [str(EXAMPLES / "web")], EXAMPLES_AS_OF, EXAMPLES / "icp.yaml", EXAMPLES / "settings.yaml")


@app.command()
def run(
    leads: Annotated[
        list[Path] | None, typer.Option("--leads", help="Lead list or folder of lists; repeat for several. Kept in the inbox.")
    ] = None,
    customers: ListOption = None,
    competitors: ListOption = None,
    partners: ListOption = None,
    suppressed: ListOption = None,
    web: Annotated[
        list[str] | None, typer.Option("--web", help="WARC file or folder to replay instead of the live web; repeat for several.")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day or moment (UTC) taken for now, e.g. 2025-12-15.")] = None,
    home: HomeOption = Path("data"),
    icp: IcpOption = ROOT / "icp.yaml",
    settings: SettingsOption = ROOT / "settings.yaml",
) -> None:
    """Take lead lists in, enrich the organizations behind them, and publish a release."""
    told = {"leads": leads, "customers": customers, "competitors": competitors, "partners": partners, "suppressed": suppressed}
    _run(home, {kind: paths or [] for kind, paths in told.items()}, web or ["live"], as_of, icp, settings)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="Domain, URL, name or id of an organization.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for machines.")] = False,
    home: HomeOption = Path("data"),
) -> None:
    """Say which ring an organization is in and why: figures, every reason with its quote and URL, gaps, message."""
    with questions.open_current(Home(home)) as reader:
        about = questions.everything_about(reader, name)
    if as_json:
        sys.stdout.write(json.dumps(about, indent=2, default=str, ensure_ascii=False) + "\n")
    else:
        show_explanation.explanation(out, about)


@app.command()
def status(home: HomeOption = Path("data")) -> None:
    """Say what is published, from which lists, and how the sources did."""
    house = Home(home)
    release = questions.current_release(house)
    out.print(f"Release [bold]{release.name}[/] in {escape(str(release))}", soft_wrap=True)
    with questions.open_current(house) as reader:
        lists = reader.rows("select name, kind, rows_in, leads, duplicates, rejected from mart.lead_list order by name")
        show.table(out, "Lead lists", lists, ["name", "kind", "rows_in", "leads", "duplicates", "rejected"])
        health = reader.rows("select * from mart.source_health order by source")
        asked = ["source", "requests", "answered", "missed", "facts", "organizations", "last_capture_at"]
        show.table(out, "Sources", health, asked)
        misses = reader.rows(questions.MISSES)
        show.table(out, "Misses by reason", misses, ["source", "reason", "misses"])


@app.command()
def sources() -> None:
    """List the public places looked at: what, where, on which terms."""
    from pipelines.sources import all_sources

    rows = [
        {
            "source": each.name,
            "what": f"{each.description}{' Off by default.' if each.off_by_default else ''}",
            "where": each.hosts,
            "terms": each.terms,
            "fresh for": str(each.fresh),
        }
        for each in all_sources()
    ]
    show.table(out, "Sources", rows, ["source", "what", "where", "terms", "fresh for"])


@intake_commands.command("preview")
def intake_preview(
    files: Annotated[list[Path], typer.Argument(help="Lead lists, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for machines.")] = False,
    settings: SettingsOption = ROOT / "settings.yaml",
) -> None:
    """Show how lead lists would be understood, column by column, and how to change it."""
    from pipelines import show_lists

    show_lists.preview(out, files, read_settings(settings), datetime.now(UTC).date(), as_json=as_json)


@app.command()
def schema(of: Annotated[SchemaOf, typer.Argument(help="Which file.")]) -> None:
    """Print what icp.yaml or settings.yaml may say as a JSON Schema, by which editors complete and check it."""
    from pipelines.schemas import schema_text

    sys.stdout.write(schema_text(of))


@app.command()
def export(
    layout: Annotated[str, typer.Option("--layout", help="csv, parquet, xlsx, jsonl, hubspot or salesforce.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write into.")] = Path("exports"),
    home: HomeOption = Path("data"),
) -> None:
    """Write the enriched leads in the layout another tool expects; the journal of downloads says so."""
    from pipelines.portal.doors.written import export_noted

    for path in export_noted(Home(home), layout, to, account(), datetime.now(UTC)):
        out.print(escape(str(path)), soft_wrap=True)


@app.command()
def hosts(archives: Annotated[list[Path], typer.Argument(help="WARC files.", exists=True)]) -> None:
    """Print the host names in archives as a lead list (CSV), so that what was captured can be run."""
    from pipelines.web.hosts import hosts_of

    sys.stdout.writelines(["website\n", *(f"{host}\n" for host in hosts_of(archives))])


@app.command()
def doctor(
    home: HomeOption = Path("data"), icp: IcpOption = ROOT / "icp.yaml", settings: SettingsOption = ROOT / "settings.yaml"
) -> None:
    """Examine whether everything a run needs is there and well."""
    findings = examination.examine(Home(home), icp, settings, sys.version_info[:2])
    for finding in findings:
        out.print(
            f"{'[green]well[/]' if finding.well else '[red]ill [/]'}  {finding.what}: {escape(finding.sentence)}", soft_wrap=True
        )
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; every trouble is one sentence on the error stream and an exit code."""
    try:
        app()
    except Stop as stop:
        _say("Stopped", str(stop))
        sys.exit(1)
    except OSError as error:
        place, why = error.filename or "The disk", error.strerror or error
        _say("Stopped", f"{place}: {why}; mend that, or name another place, and run again.")
        sys.exit(1)
    except Interrupted:
        _say("Interrupted", "Nothing was published and nothing is lost; the same command finishes the work.")
        os._exit(130)  # what threads are at may be dropped at any moment, so nobody has to wait for it


def _say(what: str, sentence: str) -> None:
    Console(stderr=True, highlight=False).print(f"[red]{what}:[/] {escape(sentence)}", soft_wrap=True)


def _run(home: Path, lists: Mapping[str, Sequence[Path]], web: list[str], as_of: str | None, icp: Path, settings: Path) -> None:
    from assets.resources import House  # Dagster takes over a second to import: only a run pays for it
    from assets.run import run as run_graph

    brought: dict[str, Any] = {kind: [str(each) for each in paths] for kind, paths in lists.items()}
    house = House(home=str(home), web=web, settings=str(settings), icp=str(icp), as_of=_moment(as_of), **brought)
    with show_progress.shown(Console(stderr=True, highlight=False)) as progress:
        try:
            ran = run_graph(house, progress)
        except KeyboardInterrupt:  # the library of the command line would take it for a mere abort
            raise Interrupted from None
    with questions.open_current(Home(home)) as reader:
        show.summary(out, reader, ran.release, ran.sentence, "" if home == Path("data") else f" --home {home}")


def _moment(as_of: str | None) -> str | None:
    """Return a day or moment as UTC without zone; raises `Stop` when it is neither."""
    try:
        moment = datetime.fromisoformat(as_of) if as_of is not None else None
    except ValueError:
        raise Stop(f"--as-of {as_of} is no date; write it like 2025-12-15 or 2025-12-15T08:00.") from None
    return (moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment).isoformat() if moment else None
