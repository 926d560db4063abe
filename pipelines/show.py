"""What a person reads on the terminal about a release.

Here: the summary after a run, the explanation of one organization, the status. Elsewhere: the commands (`cli`), the tables they
read (sql/mart).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.warehouse import Reader

Row = dict[str, Any]
RINGS = ("bullseye", "problem", "persona", "profile", "market", "unknown", "outside")
MEANING = {
    "bullseye": "has prioritised the problem and committed to change",
    "problem": "has our problem",
    "persona": "its organizational persona is close to ours",
    "profile": "fits on paper",
    "market": "is in our market",
    "unknown": "too little is known yet: a research task, not a low score",
    "outside": "not our customer, with the reason",
}
COUNTS = """
    select
        (select sum(rows_in) from mart.lead_list) as rows_in,
        (select sum(leads) from mart.lead_list) as leads,
        (select sum(duplicates) from mart.lead_list) as duplicates,
        (select sum(rejected) from mart.lead_list) as rejected,
        (select count(*) from mart.organization) as organizations,
        (select sum(answered) from mart.source_health) as captures,
        (select sum(missed) from mart.source_health) as misses,
        (select count(*) from mart.fact) as facts
"""
PER_RING = """
    select
        fit.ring,
        count(*) as organizations,
        median(fit.fit) as fit,
        median(fit.readiness) as readiness,
        avg(fit.coverage) as coverage
    from mart.fit
    group by fit.ring
"""
EXAMPLES = """
    select fit.*, coalesce(organization.name, organization.listed_name) as name
    from mart.fit
    join mart.organization using (organization_id)
    where fit.domain is not null
    qualify row_number() over (partition by fit.ring order by fit.coverage desc, fit.fit desc, fit.domain) = 1
"""


def summary(console: Console, reader: Reader, release: Path, home: str) -> None:
    """Print what became of the leads, the rings, three organizations with their reasons, and what to type next."""
    counts = reader.rows(COUNTS)[0]
    console.print(
        f"\n[bold]{counts['rows_in']}[/] rows became [bold]{counts['leads']}[/] leads "
        f"({counts['duplicates']} duplicates, {counts['rejected']} rejected with a reason) at [bold]{counts['organizations']}[/] "
        f"organizations;\n[bold]{counts['captures']}[/] captures ({counts['misses']} misses with a reason) say "
        f"[bold]{counts['facts']}[/] facts, each with its quote.\n"
    )
    _rings(console, reader.rows(PER_RING))
    examples = {row["ring"]: row for row in reader.rows(EXAMPLES)}
    for ring in [each for each in ("bullseye", "problem", "outside", "profile", "unknown") if each in examples][:3]:
        _example(console, examples[ring])
    console.print(f"\nThe release lies in [bold]{escape(str(release))}[/] (start with quality.html and dictionary.md).")
    named = examples.get("bullseye") or next(iter(examples.values()), None)
    console.print("What to type next:")
    if named:
        console.print(f"  bullseye explain {named['domain']}{home}   [dim]ring, figures, every reason with its quote[/]")
    console.print(f"  bullseye export --layout hubspot{home}   [dim]leads for your CRM[/]")
    console.print(f"  duckdb {escape(str(release / 'bullseye.duckdb'))}   [dim]the tables: from mart.lead;[/]")


def explanation(console: Console, about: Row) -> None:
    """Print everything known of one organization: figures, reasons with quotes, gaps, message, persona."""
    fit, who = about["fit"], about["organization"]
    name, domain = who["name"] or who["listed_name"] or "", who["domain"] or "no domain"
    console.print(f"\n[bold]{escape(name)}[/] · {escape(domain)} · {who['standing']}")
    if who["description"]:
        console.print(f"[dim]{escape(who['description'])}[/]")
    console.print(f"\nRing [bold]{fit['ring']}[/]: {MEANING[fit['ring']]}.")
    for each in fit["disqualifications"]:
        console.print(f"  [red]outside because[/] {escape(each)}")
    console.print(
        f"fit {_figure(fit['fit'])} ({fit['fit_band']}) · readiness {_figure(fit['readiness'])} · reach {_figure(fit['reach'])} "
        f"· coverage {fit['coverage']:.0%} of what we ask is answered\n"
    )
    _reasons(console, about["reasons"])
    _gaps(console, about["gaps"])
    message = about["message"]
    console.print(f"\n[bold]Message[/] ({message['verdict']}): {escape(message['message'])}")
    for quote, url in list(zip(message["quotes"], message["urls"], strict=False))[:3]:
        console.print(f"  “{escape(quote)}” [dim]{escape(url)}[/]")
    _persona(console, about["persona"])
    for route in about["routes"]:
        action = route["action"].replace("_", " ")
        console.print(f"\n[bold]Route[/] {action} → {escape(route['owner'])}: {escape(route['play'])}")
        console.print(f"  [dim]{escape(route['because'])}[/]")


def table(console: Console, title: str, rows: Sequence[Row], columns: Iterable[str]) -> None:
    """Print rows as a table; what is None shows as a dash."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    names = list(columns)
    for name in names:
        numeric = all(isinstance(row[name], int | float | type(None)) for row in rows)
        shown.add_column(name.replace("_", " "), justify="right" if numeric and rows else "left", overflow="fold")
    for row in rows:
        shown.add_row(*("–" if row[name] is None else escape(str(row[name])) for name in names))
    console.print(shown)


def _rings(console: Console, rows: Sequence[Row]) -> None:
    found = {row["ring"]: row for row in rows}
    shown = Table(header_style="bold")
    for name in ("ring", "organizations", "median fit", "readiness", "coverage", "meaning"):
        shown.add_column(name, justify="left" if name in ("ring", "meaning") else "right")
    for ring in RINGS:
        row = found.get(ring, {"organizations": 0, "fit": None, "readiness": None, "coverage": None})
        coverage = "–" if row["coverage"] is None else f"{row['coverage']:.0%}"
        shown.add_row(ring, str(row["organizations"]), _figure(row["fit"]), _figure(row["readiness"]), coverage, MEANING[ring])
    console.print(shown)


def _example(console: Console, row: Row) -> None:
    console.print(f"\n[bold]{escape(row['name'] or '')}[/] ({escape(row['domain'])}) is in the ring [bold]{row['ring']}[/]:")
    for reason in row["reasons"][:4]:
        console.print(f"  {escape(reason)}")


def _reasons(console: Console, rows: Sequence[Row]) -> None:
    shown = Table(title="Every reason, heaviest first", title_justify="left", header_style="bold", show_lines=True)
    for name in ("figure", "points", "answer", "reason", "in their words"):
        shown.add_column(name, justify="right" if name == "points" else "left", overflow="fold")
    for row in rows:
        words = f"“{escape(row['quote'])}”\n[dim]{escape(row['url'] or '')}[/]" if row["quote"] else ""
        answer = "outside" if row["disqualifies"] else row["verdict"]
        shown.add_row(
            row["figure"], f"{row['points']:.2f}", answer, f"{escape(row['because'])}\n[dim]{escape(row['finding'])}[/]", words
        )
    console.print(shown)


def _gaps(console: Console, rows: Sequence[Row]) -> None:
    for row in rows:
        console.print(
            f"[bold]Gap[/] to {row['next_ring']} ({row['verdict']}; {row['closes']} can close it): {escape(row['ask'])}"
        )


def _persona(console: Console, rows: Sequence[Row]) -> None:
    known = [row for row in rows if row["value"] is not None]
    if known:
        console.print(f"\n[bold]Persona[/] (distance from ours: {_figure(known[0]['distance'])})")
    for row in known:
        quote = f" [dim]“{escape(row['quotes'][0])}”[/]" if row["quotes"] else ""
        console.print(f"  {row['dimension'].replace('_', ' ')} {row['value']:.2f}: {row['says']}{quote}")


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
