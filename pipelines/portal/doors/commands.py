"""`bullseye serve`, `bullseye users …`, `bullseye downloads`: opening the page, saying who may see it, asking who took what.

Here: the commands, and what comes in from outside: the clock, chance, the account. Elsewhere: everything they do.
"""

import json
import os
import pwd
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipelines import show
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.portal.doors import journal
from pipelines.portal.doors.users import Users
from pipelines.settings import read_settings

app = typer.Typer()
users_app = typer.Typer(
    help="Who may see the page from elsewhere: names, and passwords as argon2id hashes.", no_args_is_help=True
)
app.add_typer(users_app, name="users")
ROOT = Path(__file__).parents[3]
HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
SettingsOption = Annotated[Path, typer.Option("--settings", help="How much of the page one may take (portal:).")]
NameArgument = Annotated[str, typer.Argument(help="Small letters, digits, dots, hyphens, underscores.")]
out = Console(highlight=False)


@app.command()
def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to serve at; from elsewhere only with users and TLS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8321,
    allowed_host: Annotated[
        list[str] | None, typer.Option("--allowed-host", help="Name the page is reached by; repeat for several.")
    ] = None,
    behind_tls: Annotated[bool, typer.Option("--behind-tls", help="A proxy before it speaks TLS, and says so.")] = False,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="Certificate chain (PEM) to speak TLS with.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Its private key (PEM).")] = None,
    home: HomeOption = Path("data"),
    settings: SettingsOption = ROOT / "settings.yaml",
) -> None:
    """Serve the page of the current release; on this machine alone, unless told otherwise."""
    from pipelines.portal.app import opened, views
    from pipelines.portal.doors import serving  # a server takes a while to import: only who serves pays for it
    from pipelines.portal.doors.doorway import doorway

    house, portal = Home(home), read_settings(settings).portal
    users = Users(house.users)
    tls: dict[str, Any] = {"behind_tls": behind_tls, "certificate": certificate, "key": key}
    door = doorway(host, port, allowed_host or (), users=bool(users.everybody()), **tls)
    given = serving.Given(_ticks, lambda: datetime.now(UTC), lambda: secrets.token_urlsafe(32), account())
    application = serving.assemble(views(opened(house)), house, serving.keys_for(users, door, portal, given), portal, given)
    with serving.listening(door) as listener, suppress(KeyboardInterrupt):
        server = serving.server(application, door)
        typer.echo(f"The page is at {door.scheme}://{_shown(host)}:{listener.getsockname()[1]}/; Ctrl-C ends it.", err=True)
        server.run(sockets=[listener])


@users_app.command("add")
def add_user(name: NameArgument, home: HomeOption = Path("data")) -> None:
    """Let somebody in, or give somebody a new password; it is asked for, or read from standard input."""
    home.mkdir(parents=True, exist_ok=True)
    new = Users(Home(home).users).put(name, _password(), datetime.now(UTC).isoformat())
    typer.echo(f"{name} may come in." if new else f"{name} has a new password, and whoever was in with the old one is out.")


@users_app.command("remove")
def remove_user(name: NameArgument, home: HomeOption = Path("data")) -> None:
    """Let somebody in no longer; whoever is in by that name is out with the next click."""
    Users(Home(home).users).remove(name)
    typer.echo(f"{name} may no longer come in.")


@users_app.command("list")
def list_users(home: HomeOption = Path("data")) -> None:
    """Say who may come in."""
    rows = [{"name": each.name, "password since": each.since[:10]} for each in Users(Home(home).users).everybody()]
    show.table(out, "Users", rows, ["name", "password since"])


@app.command()
def downloads(
    as_json: Annotated[bool, typer.Option("--json", help="Everything, a JSON object a line, for machines.")] = False,
    check: Annotated[bool, typer.Option("--verify", help="Say whether the journal is as it was written.")] = False,
    noted: Annotated[str | None, typer.Option("--noted", help="A chain noted earlier, which has to be in it.")] = None,
    home: HomeOption = Path("data"),
) -> None:
    """Say who took what out of the house: when, under which filter, how many rows, with which hash."""
    house = Home(home)
    if check or noted:
        if wrong := journal.verify(house, noted):
            raise Stop(" ".join(wrong))
        told = journal.last_chain(house)
        typer.echo(
            f"{len(journal.entries(house))} downloads, as they were written. Last chain, to be noted elsewhere: {told or 'none'}"
        )
        return
    taken = [asdict(each) for each in journal.entries(house)]
    if as_json:
        sys.stdout.writelines(f"{json.dumps(each, ensure_ascii=False)}\n" for each in taken)
        return
    for each in taken:
        each["at"], each["sha256"] = each["at"][:16], each["sha256"][:12]
        each["filter"] = json.dumps(each["selection"], ensure_ascii=False) if each["selection"] else "everything"
    show.table(out, "Downloads", taken, ["at", "who", "by", "what", "filter", "rows", "release", "sha256"])


def _shown(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host.strip('[]')}]" if ":" in host else host


def account() -> str:
    """Return the name of the account this runs under, as the system knows it and not as the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _ticks() -> float:
    """Return seconds that never go back, and go on while the machine sleeps where the system counts so."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _password() -> str:
    """Return what is typed twice and not shown, or the first line of what is piped in."""
    if _is_terminal():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _is_terminal() -> bool:
    return sys.stdin.isatty()
