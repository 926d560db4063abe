"""`bullseye forget`, `whence`, `retain`, `rights …`: what people may ask of us, and what nobody has to ask for.

Here: the commands, which never say a value again. Elsewhere: everything they do.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.lock import running
from pipelines.rights.requests import What, note_answer, note_request, requests
from pipelines.settings import read_settings
from pipelines.suppression.keys import VARIABLE

if TYPE_CHECKING:  # what does the work takes seconds to import: only a command that does it pays for it
    from pipelines.job import Job
    from pipelines.rights.anew import Published
    from pipelines.rights.forget import Forgotten
    from pipelines.rights.who import Who

ROOT = Path(__file__).parents[2]
HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
SettingsOption = Annotated[Path, typer.Option("--settings", help="Lists, storage, how long things are kept.")]
IcpOption = Annotated[Path, typer.Option("--icp", help="Who our customer is: the release is made again by it.")]
KeyOption = Annotated[str | None, typer.Option(envvar=VARIABLE, hidden=True)]
DagsterOption = Annotated[
    Path | None, typer.Option("--dagster", envvar="DAGSTER_HOME", help="Where Dagster keeps its storage, if not in the home.")
]
OfOption = Annotated[str | None, typer.Option("--of", help="The company or domain at which the value is a person's name.")]


def forget(
    values: Annotated[list[str], typer.Argument(help="E-mail address, phone, domain, company, id of a lead or organization.")],
    of: OfOption = None,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    icp: IcpOption = ROOT / "icp.yaml",
    dagster: DagsterOption = None,
    key: KeyOption = None,
) -> None:
    """Forget somebody now and for good: suppressed, out of every file of the home, and looked for in all of them."""
    from pipelines.rights.anew import as_before, published
    from pipelines.rights.forget import check
    from pipelines.rights.forget import forget as let_go
    from pipelines.rights.who import identify

    house = Home(home)
    before = published(house)
    job = as_before(_job(home, settings, icp, before.as_of if before else _now(), key), before)
    elsewhere = [dagster] if dagster and dagster.is_dir() else []
    with running(home):
        who = identify(house, values, of, job.settings.lists.default_country)
        done = let_go(job, who, elsewhere)
        _say(done)
        if before:
            _publish(job, before)
        _name_recipients(house, who)
        _conclude(check(job, who, done, elsewhere))


def whence(
    value: Annotated[str, typer.Argument(help="E-mail address, phone, domain, company, name, or an id.")],
    of: OfOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for machines.")] = False,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
) -> None:
    """Say what is known of somebody: every value, whence, since when, why, and who took it out of the house."""
    from pipelines.rights.telling import told
    from pipelines.rights.whence import whence as ask
    from pipelines.rights.who import identify

    told_by = read_settings(settings)
    house = Home(home)
    about = ask(house, told_by, identify(house, [value], of, told_by.lists.default_country, anywhere=True))
    for line in [json.dumps(about, indent=2, default=str, ensure_ascii=False)] if as_json else told(about):
        typer.echo(line)


def retain(
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    icp: IcpOption = ROOT / "icp.yaml",
    as_of: Annotated[datetime | None, typer.Option("--as-of", help="The moment (UTC) taken for now.")] = None,
    only_say: Annotated[bool, typer.Option("--check", help="Only say what is overdue; exit with 1 if anything is.")] = False,
    dagster: DagsterOption = None,
    key: KeyOption = None,
) -> None:
    """Let go of all that was kept as long as its class of data may be: contacts, pages, logs, the journal of downloads."""
    from pipelines.rights.anew import as_before, let_overdue_go, published
    from pipelines.rights.retention import overdue

    before = published(Home(home))
    job = as_before(_job(home, settings, icp, as_of or _now(), key), before)
    elsewhere = [dagster] if dagster and dagster.is_dir() else []
    with running(home):
        if not only_say:
            found = let_overdue_go(job, elsewhere)
            typer.echo(f"Overdue were: {', '.join(f'{number} {what}' for what, number in found.items() if number) or 'nothing'}.")
            if before and not job.home.current.exists():
                _publish(job, before)
        _conclude_overdue(overdue(job, elsewhere))


def restore(
    backup: Annotated[Path, typer.Argument(help="A copy of the home, made before.")],
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
    icp: IcpOption = ROOT / "icp.yaml",
    key: KeyOption = None,
) -> None:
    """Put a copy of the home back, and nobody with it who was forgotten since; the next run publishes again."""
    from pipelines.rights.restore import restore as put_back

    job = _job(home, settings, icp, _now(), key)
    with running(home):
        put_back(job, backup)
    typer.echo("Restored, without anybody who was suppressed since. Nothing is published; run again to publish.")


rights_app = typer.Typer(help="Requests of people: when they came, and by when they have to be met.", no_args_is_help=True)


@rights_app.command()
def asked(
    what: Annotated[What, typer.Argument(help="What somebody asks for.")],
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day it came in.")] = None,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
) -> None:
    """Write down that somebody asked, and not who."""
    home.mkdir(parents=True, exist_ok=True)
    noted = note_request(Home(home).requests, what, (on or _now()).date(), read_settings(settings).rights.days)
    typer.echo(f"Request {noted.number}: {noted.what}, to be met by {noted.due_on}.")


@rights_app.command()
def answered(number: Annotated[int, typer.Argument(help="Number of the request.")], home: HomeOption = Path("data")) -> None:
    """Write down that a request was met."""
    note_answer(Home(home).requests, number, _now().date())
    typer.echo(f"Request {number} is met.")


@rights_app.command()
def due(
    home: HomeOption = Path("data"),
    as_of: Annotated[datetime | None, typer.Option("--as-of", help="The day taken for today.")] = None,
) -> None:
    """List open requests; exits with 1 when half of the time of one is over."""
    day = (as_of or _now()).date()
    still_open = [each for each in requests(Home(home).requests) if each.answered_on is None]
    for each in still_open:
        alarm = "OVERDUE" if day > each.due_on else "half of its time is over" if each.is_late(day) else "in time"
        typer.echo(f"Request {each.number}: {each.what}, since {each.asked_on}, by {each.due_on}: {alarm}.")
    if not still_open:
        typer.echo("No request is open.")
    if any(each.is_late(day) for each in still_open):
        raise typer.Exit(1)


def _conclude_overdue(found: Mapping[str, int]) -> None:
    """Say how much is overdue; raises `Exit` with 1 when anything is."""
    typer.echo(f"Overdue: {sum(found.values())} ({', '.join(f'{number} {what}' for what, number in found.items())}).")
    if any(found.values()):
        raise typer.Exit(1)


def _say(done: "Forgotten") -> None:
    said = ", ".join(f"{number} {what}" for what, number in done.done.items() if number)
    typer.echo(f"Suppressed for good. Let go: {said or 'nothing was known but what is made anew'}.")


def _publish(job: "Job", before: "Published") -> None:
    """Make the release again; until there is one exports are refused."""
    from pipelines.rights.anew import publish_anew

    try:
        typer.echo(f"Published anew without them: {publish_anew(job, before).name}.")
    except Stop as stop:
        typer.echo(f"Nothing is published until the next run. {stop}")


def _name_recipients(home: Home, who: "Who") -> None:
    """Say who took them out of the house: what lies elsewhere only people can delete."""
    from pipelines.portal.doors.journal import recipients

    for download, is_sure in recipients(home, who.ids) if who.ids else ():
        held = "held them" if is_sure else "may have held them"
        typer.echo(f"Tell {download.who}: the {download.what} taken on {download.at[:10]} {held}, and lies outside of the home.")


def _conclude(done: "Forgotten") -> None:
    """Say what the search of all files found; raises `Exit` with 1 when somebody is still there."""
    typer.echo(f"{len(done.holding)} of {done.files} files hold it.")
    for path in done.holding:
        typer.echo(f"  {path}")
    if done.holding:
        raise typer.Exit(1)


def _job(home: Path, settings: Path, icp: Path, as_of: datetime, key: str | None) -> "Job":
    from pipelines.icp import read_icp
    from pipelines.job import Job

    return Job(Home(home), read_settings(settings), read_icp(icp), (), as_of, suppression_key=key)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def add_to(app: typer.Typer) -> None:
    """Add the commands to a command line."""
    app.command()(forget)
    app.command()(whence)
    app.command()(retain)
    app.command()(restore)
    app.add_typer(rights_app, name="rights")
