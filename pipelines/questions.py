"""What the command line asks of a release.

Here: finding the current release, everything about one organization. Elsewhere: how it is printed (`show`, `show_explanation`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.domains import registrable
from pipelines.errors import Stop
from pipelines.home import Home
from pipelines.reader import Reader, open_release
from pipelines.suppression.book import Book

Row = dict[str, Any]
OUTDATED = "Somebody was suppressed since this release was made, and may still be in it; run again first, then export."
FIND = """
    select organization_id, domain, coalesce(name, listed_name) as name
    from mart.organization
    where domain = $1 or organization_id = $1 or lower(name) = lower($1) or lower(listed_name) = lower($1)
        or list_contains(listed_domains, $1)
    order by domain is distinct from $1, domain
"""
NEAR = """
    select coalesce(domain, listed_name) as name
    from mart.organization
    order by
        contains(lower(concat_ws(' ', domain, name, listed_name)), lower($1)) desc,
        jaro_winkler_similarity(lower(coalesce(domain, listed_name)), lower($1)) desc,
        coalesce(domain, listed_name)
    limit 5
"""
MISSES = """
    select source, reason, count(*) as misses
    from mart.miss
    group by source, reason
    order by misses desc, source, reason
"""
REASONS = """
    select *
    from mart.fit_reason
    semi join mart.fit using (organization_id, icp)
    where organization_id = $1
    order by disqualifies desc, points desc, verdict = 'unknown', kind = 'never', weight desc, rule_id
"""
"""Those of the profile that suits it best."""
ROUTES = """
    select distinct action, owner, channel, play, because, due_on
    from mart.route
    where organization_id = $1
    order by action, owner
"""


def current_release(home: Home) -> Path:
    """Return the folder of the current release; raises `Stop` when nothing was published yet."""
    if not (home.current / "bullseye.duckdb").exists():
        raise Stop(f"Nothing is published in {home.folder} yet; run `bullseye run --leads FILE --home {home.folder}` first.")
    return home.current.resolve()


def open_current(home: Home) -> Reader:
    """Open the current release for reading."""
    return open_release(current_release(home) / "bullseye.duckdb")


@contextmanager
def open_for_export(home: Home) -> Iterator[tuple[Row, Reader]]:
    """Open the current release to be taken out of the house, and lend its manifest and a reader of it.

    Raises `Stop` when somebody was suppressed since it was made.
    """
    release = current_release(home)
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    if is_outdated(home, manifest):
        raise Stop(OUTDATED)
    with open_release(release / "bullseye.duckdb") as reader:
        yield manifest, reader


def is_outdated(home: Home, manifest: Mapping[str, Any]) -> bool:
    """Say whether somebody was suppressed since a release with this manifest was made."""
    return bool(manifest["made_from"].get("suppression", "") != Book(home.suppression, home.suppression_key).version)


def everything_about(reader: Reader, name: str) -> Row:
    """Return all a release says of one organization, named by domain, URL, id or name; raises `Stop` with near names."""
    found = reader.rows(FIND, [name]) or reader.rows(FIND, [registrable(name) or name])
    if not found:
        near = ", ".join(row["name"] for row in reader.rows(NEAR, [name]))
        raise Stop(f"No organization here is called {name}; the nearest are {near or 'none'}.")
    return all_of(reader, found[0]["organization_id"])


def all_of(reader: Reader, key: str) -> Row:
    """Return all a release says of the organization of that id, which is in it."""
    return {
        "organization": _one(reader, "mart.organization", key),
        "fit": _one(reader, "mart.fit", key),
        "profiles": _all(reader, "mart.fit_by_icp", key, "place"),
        "reasons": reader.rows(REASONS, [key]),
        "gaps": _all(reader, "mart.gap", key, "weight desc, rule_id"),
        "message": _one(reader, "mart.message", key),
        "persona": _all(reader, "mart.persona", key, "dimension"),
        "lookalikes": _all(reader, "mart.lookalike", key, "rank"),
        "signals": _all(reader, "mart.signal", key, "strength desc, fact_id"),
        "routes": reader.rows(ROUTES, [key]),
        "evidence": _all(reader, "mart.evidence", key, '"column", value, fact_id'),
        "misses": _all(reader, "mart.miss", key, "source, url"),
    }


def _one(reader: Reader, table: str, key: str) -> Row:
    return _all(reader, table, key, "organization_id")[0]


def _all(reader: Reader, table: str, key: str, order: str) -> list[Row]:
    return reader.rows(f"select * from {table} where organization_id = $1 order by {order}", [key])  # noqa: S608 - names are ours
