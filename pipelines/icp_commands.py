"""`bullseye icp …`: the file marketing and sales own, held against what it may say and what it would do.

Here: the commands and their options. Elsewhere: what the file may say (`icp`), how it looks (`show`).
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines import questions, show
from pipelines.home import Home

ROOT = Path(__file__).parents[1]
HomeOption = Annotated[Path, typer.Option("--home", envvar="BULLSEYE_HOME", help="Folder that holds everything a run writes.")]
app = typer.Typer(help="The ideal customer profile: the file marketing and sales own.", no_args_is_help=True)
out = Console(highlight=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The profile to check.")] = ROOT / "icp.yaml", home: HomeOption = Path("data")
) -> None:
    """Explain each mistake in a profile in a sentence; show how its rules answer in the current release."""
    from pipelines.icp import read_icp

    icp = read_icp(file)
    out.print(
        f"[green]{file} is well-formed[/]: {len(list(icp.rules))} rules, {len(icp.promises)} promises, {len(icp.routes)} routes."
    )
    if not (Home(home).current / "bullseye.duckdb").exists():
        return
    with questions.open_current(Home(home)) as reader:
        answered = {row["rule_id"]: row for row in reader.rows(questions.RULES)}
    rows = [
        {"yes": None, "no": None, "unknown": None, **answered.get(rule.id, {}), "rule": rule.id, "ring": ring, "kind": rule.kind}
        for ring, rule in icp.rules
    ]
    title = "How the rules answer for the organizations of the current release (– is not asked yet)"
    show.table(out, title, rows, ["ring", "rule", "kind", "yes", "no", "unknown"])
