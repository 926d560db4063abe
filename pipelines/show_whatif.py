"""What a person reads on the terminal about a profile: its mistakes, what its rules do, who would move and why.

Here: `bullseye icp check` and `icp diff`, made for eighty columns. Elsewhere: what is told (`whatif`), the commands
(`icp_commands`).
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from pipelines.documents import Mistaken
from pipelines.icp import Icp
from pipelines.icp.profiles import Profile
from pipelines.show import several
from pipelines.text import cut
from pipelines.whatif.effects import Effects
from pipelines.whatif.listening import Heard

Row = dict[str, Any]
OUTSIDE_IN = ("outside", "unknown", "market", "profile", "persona", "problem", "bullseye")
MOST, LONGEST_QUOTE, REASONS = 12, 160, 3
CALLED = {"icp": "profile", "routes": "route", "promise": "promise"}


def mistakes(console: Console, file: Path, found: Mistaken) -> None:
    """Print every mistake with its line, and the line as it stands."""
    lines = file.read_text("utf-8").splitlines()
    many = len(found.mistakes)
    console.print(f"[red]{escape(str(file))} has {several(many, 'mistake')}[/]", soft_wrap=True)
    for each in found.mistakes:
        console.print(f"\n[bold]line {each.line}[/] [dim]{escape(each.place)}[/]")
        if each.line <= len(lines):
            console.print(f"  [dim]{escape(cut(lines[each.line - 1].strip(), 74))}[/]")
        console.print(Padding(escape(_sentence(each.sentence)), (0, 0, 0, 2)))


def well_formed(console: Console, file: Path, icp: Icp) -> None:
    """Print what a profile without mistakes has."""
    counts = (
        (len(icp.named), "profile"),
        (len(list(icp.rules)), "rule"),
        (len(icp.promises), "promise"),
        (len(icp.routes), "route"),
    )
    said = ", ".join(several(number, what) for number, what in counts)
    console.print(f"[green]{escape(str(file))} is well-formed[/]: {said}.", soft_wrap=True)


def effects(console: Console, icp: Icp, found: Effects, heard: Heard) -> None:
    """Print what each rule does, profile by profile, what to find out first, and what is of no use."""
    for profile in icp.named:
        rings = {row["ring"]: row["organizations"] for row in found.rings if row["icp"] == profile.id}
        console.print(f"\n{_title(icp, profile, sum(rings.values()))}")
        console.print(_rules([row for row in found.rules if row["icp"] == profile.id]))
        console.print(Padding(" · ".join(f"{ring} {rings[ring]}" for ring in reversed(OUTSIDE_IN) if ring in rings), (0, 2)))
    _heard(console, heard)
    if found.research:
        console.print("\n[bold]Worth finding out first[/]")
    for row in found.research:
        console.print(Padding(_research(row), (0, 0, 0, 2)))
    if found.warnings:
        console.print("\n[bold]Worth a look[/]")
    for sentence in found.warnings:
        console.print(Padding(f"[yellow]![/] {escape(sentence)}", (0, 0, 0, 2)))


def moves(console: Console, rings: Sequence[Row], moved: Sequence[Row], heard: Heard) -> None:
    """Print the rings before and after, then who moves and why."""
    everybody = sum(row["before"] for row in rings)
    console.print(f"\n[bold]{len(moved)} of {everybody} organizations[/] would be elsewhere; nothing is published or changed.")
    _heard(console, heard)
    shown = Table(box=box.SIMPLE, pad_edge=False, header_style="bold")
    for name in ("ring", "before", "after", ""):
        shown.add_column(name, justify="left" if name == "ring" else "right")
    for row in rings:
        change = row["after"] - row["before"]
        shown.add_row(row["ring"], str(row["before"]), str(row["after"]), f"{change:+d}" if change else "")
    console.print(shown)
    by_rule = Counter(why["rule"] for row in moved if row["inward"] for why in row["why"])
    if by_rule:
        console.print(Padding(f"By rule: {', '.join(f'{rule} {n}' for rule, n in by_rule.most_common(MOST))}.", (0, 2)))
    for title, direction in (("Inward", 1), ("Outward", -1), ("Same ring, something else", 0)):
        rows = [row for row in moved if (row["inward"] > 0) - (row["inward"] < 0) == direction]
        _group(console, title, rows)


def _group(console: Console, title: str, rows: Sequence[Row]) -> None:
    if rows:
        console.print(f"\n[bold]{title}: {len(rows)}[/]")
    for row in rows[:MOST]:
        _move(console, row)
    if len(rows) > MOST:
        console.print(f"\n  … and {len(rows) - MOST} more; --json has all.")


def _move(console: Console, row: Row) -> None:
    leads = several(row["leads"], "lead")
    name = row["name"] or row["domain"] or row["organization_id"]
    console.print(f"\n  [bold]{escape(name)}[/] [dim]{escape(row['domain'] or 'no domain')}, {leads}[/]", soft_wrap=True)
    console.print(Padding(", ".join(_changes(row)), (0, 0, 0, 4)))
    for why in row["why"][:REASONS]:
        console.print(Padding(_reason(why), (0, 0, 0, 4)))
    if len(row["why"]) > REASONS:
        console.print(f"    [dim]… and {len(row['why']) - REASONS} more rules[/]")
    if row["promise"]["before"] != row["promise"]["after"] and row["promise_quote"]:
        console.print(Padding(_quote(row["promise_quote"], row["promise_url"]), (0, 0, 0, 4)))


def _changes(row: Row) -> list[str]:
    """Say what is otherwise: ring, route, promise, figures."""
    said = [f"[bold]{row['ring']['before']} → {row['ring']['after']}[/]"] if row["inward"] else []
    for what in ("icp", "routes", "promise"):
        before, after = (escape(_named(row[what][when])) for when in ("before", "after"))
        said += [f"{CALLED[what]} {before} → {after}"] if before != after else []
    for figure in ("fit", "readiness", "reach"):
        before, after = row[figure]["before"], row[figure]["after"]
        said += [f"{figure} {_figure(before)} → {_figure(after)}"] if before != after else []
    return said


def _reason(why: Row) -> str:
    was, now = why["before"], why["after"]
    if now is None:
        return f"[dim]{why['rule']}[/] is asked no more; it was {_verdict(was)}."
    before = f"was {_verdict(was)}" if was else "is new"
    quote = f" {_quote(now['quote'], now['url'])}" if now["quote"] and now["verdict"] != "unknown" else ""
    finding = f" ({escape(now['finding'])})" if now["finding"] else ""
    return f"[dim]{why['rule']}[/] {before}, is {_verdict(now)}{finding}. {escape(why['because'])}{quote}"


def _verdict(answer: Row) -> str:
    said = str(answer["verdict"])
    worth = f" ({answer['points']:g} points)" if answer["kind"] == "should" and answer["points"] else ""
    return f"{said}, which puts it outside" if answer["disqualifies"] else f"{said}{worth}"


def _heard(console: Console, heard: Heard) -> None:
    """Say what pages were read again for, and what nobody listened for."""
    if heard.unheard:
        said = f"Nobody listened for {', '.join(heard.unheard)} yet, and no page was read again:"
        so = "what rules ask of it stays unknown, and promises are recognised as before."
        console.print(Padding(f"[yellow]![/] {escape(said)} {so}", (1, 0, 0, 0)))
    elif heard.terms:
        console.print(f"\n{heard.pages} pages of the archive were read again for {_few(heard.terms)}.")
    if heard.lost:
        console.print(f"[yellow]![/] {heard.lost} pages are lost in the archive: what they say to those is not known.")


def _rules(rows: Sequence[Row]) -> Table:
    shown = Table(box=box.SIMPLE, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("ring", "rule", "kind"):
        shown.add_column(name, no_wrap=name != "rule", overflow="fold" if name == "rule" else "ellipsis")
    for name in ("yes", "no", "unknown", "outside", "alone"):
        shown.add_column(name, justify="right", no_wrap=True)
    last = ""
    for row in rows:
        asked = row["yes"] + row["no"] + row["unknown"]
        share = f"{row['unknown']} {row['unknown'] / asked:.0%}" if asked else "0"
        numbers = (row["yes"], row["no"], share, row["outside"] or "", row["alone"] or "")
        shown.add_row("" if row["ring"] == last else row["ring"], row["rule_id"], row["kind"], *map(str, numbers))
        last = row["ring"]
    return shown


def _title(icp: Icp, profile: Profile, organizations: int) -> str:
    whose = f"[bold]{profile.id}[/] ({escape(profile.product)} for {escape(profile.segment)})" if icp.profiles else "its rules"
    return (
        f"What {whose} would do to the {organizations} organizations here:\n"
        "[dim]outside: it disqualifies them; alone: nothing else holds them where they are[/]"
    )


def _research(row: Row) -> str:
    share = "" if row["yes_share"] is None else f"; of those we know, {row['yes_share']:.0%} are a yes"
    who = f"{several(row['organizations'], 'organization')} with {several(row['leads'], 'lead')}"
    alone = f"alone holds {who} back{share}"
    return f"[bold]{row['rule_id']}[/] {alone}. {escape(row['ask'])} [dim]({row['closes']} can find out)[/]"


def _quote(quote: str, url: str | None) -> str:
    return f"“{escape(cut(quote, LONGEST_QUOTE))}” [dim]{escape(url or '')}[/]"


def _named(value: object) -> str:
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value or "")) or "none"


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0f}"


def _few(words: Sequence[str]) -> str:
    return ", ".join(words) if len(words) <= REASONS else f"{', '.join(words[:REASONS])} and {len(words) - REASONS} more terms"


def _sentence(said: str) -> str:
    whole = said[:1].upper() + said[1:]
    return whole if whole.endswith("?") else f"{whole}."
