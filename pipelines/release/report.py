"""The quality report of a release: one HTML page that needs nothing but itself.

Here: verdicts as a page, the broken ones first; the same verdicts give the same bytes. Elsewhere: the verdicts (`quality`), where
the page is put (`release.snapshot`).
"""

# Great Expectations renders pages too, but they load styles and scripts from six other hosts and carry the moment of rendering.

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from pipelines.quality import Verdict

_STYLE = """
:root { color-scheme: light dark; --page: #fbfaf7; --card: #fff; --ink: #1d2327; --soft: #667077; --line: #e3e0d8;
  --good: #1e7d4f; --bad: #b3261e; --warn: #8a5a00; --tint: #f4f1ea; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --card: #1c2024; --ink: #e8e6e1; --soft: #9aa3a9;
  --line: #30363b; --good: #5fc992; --bad: #ff8a80; --warn: #f0b95b; --tint: #23282d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.25rem 4rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; letter-spacing: -.01em; }
h2 { margin: 0; font: 600 1rem/1.5 ui-monospace, monospace; display: inline; }
p.about { margin: .25rem 0 1.75rem; color: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 2rem; }
.figures div, details { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.figures div { flex: 1 1 8rem; padding: .75rem 1rem; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
details { margin: 0 0 .75rem; overflow: hidden; }
summary { padding: .65rem 1rem; cursor: pointer; }
summary span { float: right; color: var(--soft); font-size: .9rem; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .45rem 1rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; background: var(--tint); }
code { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
ul { margin: .3rem 0 0; padding-left: 1.1rem; color: var(--soft); }
.kept, .broken, .warned { font-weight: 600; white-space: nowrap; }
.kept { color: var(--good); } .broken { color: var(--bad); } .warned { color: var(--warn); }
""".strip()

_WORDS = {"broken": "✗ broken", "warned": "! warning", "kept": "✓ kept"}


def render_report(verdicts: Sequence[Verdict], *, as_of: datetime, gx_version: str) -> str:
    """Return the page. `as_of` is the run's now, UTC; `gx_version` the version of Great Expectations that judged."""
    states = [_state(verdict) for verdict in verdicts]
    figures = {
        "promises": len(states),
        "kept": states.count("kept"),
        "broken, stop the release": states.count("broken"),
        "broken, only a warning": states.count("warned"),
    }
    return _page(
        f"<h1>{_headline(figures)}</h1>",
        f'<p class="about">Checked by Great Expectations {escape(gx_version)}, as of {as_of:%Y-%m-%d %H:%M} UTC.</p>',
        '<dl class="figures">',
        *(f"<div><dt>{name}</dt><dd>{count:,}</dd></div>" for name, count in figures.items()),
        "</dl>",
        *(line for table, its in _by_table(verdicts) for line in _section(table, its)),
    )


def _page(*body: str) -> str:
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            "<title>Quality report</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            *body,
            "</body>",
            "</html>\n",
        )
    )


def _headline(figures: dict[str, int]) -> str:
    broken = figures["broken, stop the release"]
    if not broken:
        return "Every promise that could stop the release is kept"
    return f"{broken:,} broken promise{'' if broken == 1 else 's'} stop{'s' if broken == 1 else ''} the release"


def _by_table(verdicts: Sequence[Verdict]) -> list[tuple[str, list[Verdict]]]:
    """Group by table; broken before warned before kept, tables by their worst, then by name."""
    ranks = list(_WORDS)
    ordered = sorted(verdicts, key=lambda verdict: ranks.index(_state(verdict)))
    groups = {table: [each for each in ordered if each.table == table] for table in {each.table for each in verdicts}}
    return sorted(groups.items(), key=lambda group: (ranks.index(_state(group[1][0])), group[0]))


def _section(table: str, verdicts: Sequence[Verdict]) -> Iterable[str]:
    """Yield a table's block, open when something in it is broken."""
    kept = sum(verdict.passed for verdict in verdicts)
    yield f"<details{'' if kept == len(verdicts) else ' open'}>"
    yield f"<summary><h2>{escape(table)}</h2><span>{kept:,} of {len(verdicts):,} kept</span></summary>"
    yield '<div class="scroll"><table>'
    yield "<tr><th>Verdict</th><th>Promise</th><th>Found</th></tr>"
    yield from (_row(verdict) for verdict in verdicts)
    yield "</table></div></details>"


def _row(verdict: Verdict) -> str:
    state = _state(verdict)
    examples = "".join(f"<li><code>{escape(each)}</code></li>" for each in verdict.unexpected)
    found = escape(verdict.observed) + (f"<ul>{examples}</ul>" if examples else "")
    promise = f"<code>{escape(verdict.promise.text)}</code>"
    return f'<tr><td class="{state}">{_WORDS[state]}</td><td>{promise}</td><td>{found}</td></tr>'


def _state(verdict: Verdict) -> str:
    """Return which of broken, warned and kept a verdict is."""
    return "kept" if verdict.passed else "broken" if verdict.stops else "warned"
