"""What a person reads on the terminal about a release.

Here: the summary after a run, the status. Elsewhere: one organization (`show_explanation`), the commands (`cli`), the tables they
read (sql/mart).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.reader import Reader
from pipelines.text import cut

Row = dict[str, Any]
RINGS = ("bullseye", "problem", "persona", "profile", "market", "unknown", "outside")
MEANING = {
    "bullseye": "has the problem and acts on it",
    "problem": "has our problem",
    "persona": "presents itself as ours do",
    "profile": "fits on paper",
    "market": "is in our market",
    "unknown": "too little is known yet",
    "outside": "is not our customer",
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
        median(fit.fit) filter (where fit.ring <> 'unknown') as fit,
        median(fit.readiness) filter (where fit.ring <> 'unknown') as readiness,
        avg(fit.coverage) as coverage
    from mart.fit
    group by fit.ring
"""
BEST_REASONS = """
    select verdict, points, figure, because, finding, quote, disqualifies
    from mart.fit_reason
    semi join mart.fit using (organization_id, icp)
    where organization_id = $1 and (disqualifies or points > 0) and figure <> 'reach'
    order by disqualifies desc, points desc, rule_id
    limit 3
"""
RESEARCH = """
    select rule_id, organizations, leads, ask, closes
    from mart.research_value
    where organizations > 0
    order by leads desc, organizations desc, icp, rule_id
    limit 1
"""
EXAMPLES = """
    select fit.*, coalesce(organization.name, organization.listed_name) as name
    from mart.fit
    join mart.organization using (organization_id)
    where fit.domain is not null
    qualify row_number() over (partition by fit.ring order by fit.coverage desc, fit.fit desc, fit.domain) = 1
"""


def summary(console: Console, reader: Reader, release: Path, sentence: str, home: str) -> None:
    """Print what the run had to do, what became of the leads, the rings, three organizations with reasons, what to type next."""
    counts = reader.rows(COUNTS)[0]
    if sentence:
        console.print(f"\n{sentence}")
    console.print(
        f"\n[bold]{counts['rows_in']}[/] rows became [bold]{counts['leads']}[/] leads "
        f"({counts['duplicates']} duplicates, {counts['rejected']} rejected, each with a reason)\n"
        f"at [bold]{counts['organizations']}[/] organizations; [bold]{counts['captures']}[/] captures "
        f"({counts['misses']} misses, each with a reason)\nsay [bold]{counts['facts']}[/] facts, each with its quote.\n"
    )
    _rings(console, reader.rows(PER_RING))
    for row in reader.rows(RESEARCH):
        held = f"“{escape(row['ask'])}” ({row['rule_id']}) alone holds {several(row['organizations'], 'organization')}"
        console.print(f"Worth finding out first: {held} with {several(row['leads'], 'lead')} back.", soft_wrap=True)
    examples = {row["ring"]: row for row in reader.rows(EXAMPLES)}
    for ring in [each for each in ("bullseye", "problem", "outside", "profile", "unknown") if each in examples][:3]:
        _example(console, examples[ring], reader.rows(BEST_REASONS, [examples[ring]["organization_id"]]))
    named = examples.get("bullseye") or next(iter(examples.values()))
    lines = (
        f"\nThe release lies in [bold]{escape(str(release))}[/]; open quality.html and dictionary.md in it first.",
        "What to type next:",
        f"  bullseye explain {named['domain']}{home}",
        f"  bullseye export --layout hubspot{home}",
        f"  duckdb {escape(str(release / 'bullseye.duckdb'))} -c 'from mart.lead'",
    )
    for line in lines:
        console.print(line, soft_wrap=True)


def table(console: Console, title: str, rows: Sequence[Row], columns: Iterable[str]) -> None:
    """Print rows as a table; what is None shows as a dash."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    names = list(columns)
    for place, name in enumerate(names):
        numeric = all(isinstance(row[name], int | float | type(None)) for row in rows)
        shown.add_column(
            name.replace("_", " "), justify="right" if numeric and rows else "left", overflow="fold", no_wrap=place == 0
        )
    for row in rows:
        shown.add_row(*("–" if row[name] is None else escape(str(row[name])) for name in names))
    console.print(shown)


def _rings(console: Console, rows: Sequence[Row]) -> None:
    found = {row["ring"]: row for row in rows}
    shown = Table(header_style="bold", box=box.SIMPLE, pad_edge=False)
    for name, width in (("ring", 8), ("count", 5), ("fit", 7), ("readiness", 9), ("coverage", 8)):
        shown.add_column(name, justify="left" if name == "ring" else "right", min_width=width)
    shown.add_column("meaning")
    for ring in RINGS:
        row = found.get(ring, {"organizations": 0, "fit": None, "readiness": None, "coverage": None})
        coverage = "–" if row["coverage"] is None else f"{row['coverage']:.0%}"
        shown.add_row(ring, str(row["organizations"]), figure(row["fit"]), figure(row["readiness"]), coverage, MEANING[ring])
    console.print(shown)


def _example(console: Console, row: Row, reasons: Sequence[Row]) -> None:
    console.print(
        f"\n[bold]{escape(row['name'] or row['domain'])}[/] ({escape(row['domain'])}) is in the ring [bold]{row['ring']}[/]:"
    )
    for each in reasons:
        weight = "outside" if each["disqualifies"] else f"+{each['points']:g} {each['figure']}"
        quote = f" “{escape(cut(each['quote'], 110))}”" if each["quote"] else ""
        console.print(f"  [bold]{weight}[/] {escape(each['because'])} [dim]{escape(each['finding'])}{quote}[/]", soft_wrap=True)


def several(number: int, what: str) -> str:
    """Return a number of things, in the plural but for one."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def figure(value: float | None) -> str:
    """Return a figure for people: what is not known is not zero."""
    return "unknown" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
