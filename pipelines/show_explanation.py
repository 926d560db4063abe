"""What a person reads on the terminal about one organization: where it stands and what to do, then every reason for it.

Here: `bullseye explain`, whose first screen is enough to act on. Elsewhere: what is asked (`questions`), the command (`cli`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from pipelines.show import MEANING, figure
from pipelines.text import cut

Row = dict[str, Any]
LONGEST_QUOTE = 220
FIGURES = {"fit": "who they are", "readiness": "problem and commitment", "reach": "can we talk to the right person"}
NO = {"must": "no", "should": "no", "never": "clear", "way": "no"}
"""What a no is called: of a rule that must never be a yes, it is good news."""


def explanation(console: Console, about: Row) -> None:
    """Print where an organization stands, what to say and do, what is missing, then all reasons and the persona."""
    _who(console, about)
    _standing(console, about)
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(style="bold", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, said in (
        *_message(about["message"]),
        *_routes(about["routes"]),
        *_gaps(about["gaps"]),
        *_signals(about["signals"]),
    ):
        shown.add_row(name, said)
    console.print(shown)
    for each in FIGURES:
        _reasons(console, each, about["fit"][each], [row for row in about["reasons"] if row["figure"] == each])
    _persona(console, about["persona"])
    for each in about["lookalikes"]:
        console.print(
            f"\n[bold]Like our customer[/] {escape(each['customer'])} ({each['similarity']:.2f}): {escape(each['shares'])}"
        )


def _who(console: Console, about: Row) -> None:
    who = about["organization"]
    name, domain = who["name"] or who["listed_name"] or "", who["domain"] or "no domain"
    console.print(f"\n[bold]{escape(name)}[/] · {escape(domain)} · {who['standing']}")
    if who["description"]:
        console.print(f"[dim]{escape(cut(who['description'], LONGEST_QUOTE))}[/]")


def _standing(console: Console, about: Row) -> None:
    """Print the ring, the four figures, and which profile they are of."""
    fit = about["fit"]
    console.print(f"\n[bold]Ring {fit['ring']}[/]: {MEANING[fit['ring']]}.")
    for each in fit["disqualifications"]:
        console.print(Padding(f"[red]outside because[/] {escape(each)}", (0, 0, 0, 2)))
    figures = " · ".join(f"{each} [bold]{_rounded(fit[each])}[/]" for each in FIGURES)
    console.print(f"{figures} · fit is {fit['fit_band']}, {fit['coverage']:.0%} of what we ask is answered")
    if len(about["profiles"]) > 1:
        _profiles(console, about["profiles"])
    console.print()


def _profiles(console: Console, rows: Sequence[Row]) -> None:
    """Print the profile that suits it best, and how far it gets in the others."""
    best, *others = rows
    console.print(f"Profile [bold]{best['icp']}[/]: {escape(best['product'])} for {escape(best['segment'])}. Otherwise:")
    for each in others:
        why = f", {escape(each['disqualifications'][0])}" if each["disqualifications"] else ""
        console.print(Padding(f"{each['icp']}: {each['ring']}, fit {figure(each['fit'])}{why}", (0, 0, 0, 2)))


def _message(message: Row) -> Iterator[tuple[str, str]]:
    """Say what to say, and in which of their own words they would recognise it."""
    yield "Message", f"{escape(message['message'])}{' [dim](unknown)[/]' if message['verdict'] == 'unknown' else ''}"
    for promise, quote, url in zip(message["promises"], message["quotes"], message["urls"], strict=True):
        yield "", f"[dim]{escape(promise)}[/] {_quote(quote, url)}"


def _routes(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for route in rows:
        until = f" by {route['due_on']}" if route["due_on"] else ""
        who = f"[bold]{route['action'].replace('_', ' ')}[/] → {escape(route['owner'])}{until}"
        yield "Route", f"{who}: {escape(route['play'])} [dim]{escape(route['because'])}[/]"


def _gaps(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        state = "nobody knows" if row["verdict"] == "unknown" else "the answer is no"
        yield "Gap", f"to {row['next_ring']}, {state}; {row['closes']} can close it: {escape(row['ask'])}"


def _signals(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        when = f"{row['happened_on']}" if row["is_dated"] else f"first seen {row['happened_on']}"
        said = f"[dim]{row['evidence']}, worth {row['strength']:.0%} today[/]"
        yield "Signal", f"{when} {escape(row['means'])} {_quote(row['value'], row['url'])} {said}"


def _reasons(console: Console, name: str, value: float | None, rows: Sequence[Row]) -> None:
    """Print every reason of a figure, heaviest first: points, verdict, rule, why it matters, what was found, and where."""
    console.print(f"\n[bold]{name} {figure(value)}[/] [dim]{FIGURES[name]}[/]")
    shown = Table.grid(padding=(0, 1))
    shown.add_column(justify="right", no_wrap=True, min_width=6)
    shown.add_column(no_wrap=True, min_width=7)
    shown.add_column(overflow="fold")
    for row in rows:
        shown.add_row(*_reason(row))
    console.print(shown)


def _reason(row: Row) -> tuple[str, str, str]:
    points = f"+{row['points']:.1f}" if row["points"] else ""
    verdict = (
        "[red]outside[/]"
        if row["disqualifies"]
        else {"yes": "[green]yes[/]", "no": NO[row["kind"]], "unknown": "?"}[row["verdict"]]
    )
    if row["kind"] == "way":
        return points, verdict, escape(row["because"])
    said = f"{escape(row['because'])} [dim]{row['rule_id']}[/]"
    if not row["disqualifies"] and (row["verdict"] == "unknown" or row["kind"] == "never"):
        return points, verdict, said
    quote = f" {_quote(row['quote'], row['url'])}" if row["quote"] else ""
    return points, verdict, f"{said}\n[dim]{escape(row['finding'])}[/]{quote}"


def _rounded(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0f}"


def _persona(console: Console, rows: Sequence[Row]) -> None:
    known = [row for row in rows if row["value"] is not None]
    if known:
        console.print(f"\n[bold]Persona[/] [dim]how it presents itself; distance from ours {figure(known[0]['distance'])}[/]")
    shown = Table.grid(padding=(0, 1))
    shown.add_column(justify="right", no_wrap=True, min_width=6)
    shown.add_column(overflow="fold")
    for row in known:
        quote = f" {_quote(row['quotes'][0], None)}" if row["quotes"] else ""
        shown.add_row(f"{row['value']:.2f}", f"{row['dimension'].replace('_', ' ')}: {escape(row['says'])}{quote}")
    console.print(shown)


def _quote(quote: str, url: str | None) -> str:
    where = f" [dim]{escape(url)}[/]" if url else ""
    return f"“{escape(cut(quote, LONGEST_QUOTE))}”{where}"
