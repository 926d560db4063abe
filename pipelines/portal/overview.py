"""What a release says as a whole: rings, values to filter by, promises, sources, lists, who moved.

Here: worked out once a release, whatever its size. Elsewhere: when (`opened`), how it is drawn (`picture`), the pages (`app`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.portal.opened import Release
from pipelines.portal.picture import MOST_DOTS, Dot, Drawing, draw
from pipelines.portal.selection import FILTERS, Filter
from pipelines.reader import Reader
from pipelines.show import MEANING, RINGS

Row = dict[str, Any]
CHANGES = "mart.release_change"
MOST_MOVES = 500
"""Moves that one page tells of."""
_PER_RING = """
    with led as (
        select ring, count(*) as leads
        from mart.lead
        group by ring
    ),
    bought as (
        select ring, count(*) as customers
        from mart.fit
        where organization_id in (select organization_id from mart.organization where standing = 'customer')
        group by ring
    ),
    placed as (
        select ring, count(*) as organizations, median(fit) as fit, median(readiness) as readiness
        from mart.fit
        group by ring
    )
    select placed.*, coalesce(led.leads, 0) as leads, coalesce(bought.customers, 0) as customers
    from placed
    left join led using (ring)
    left join bought using (ring)
"""
_PER_VALUE = "select {value} as value, count(*) as count from mart.{table} as {table} group by all order by count desc, value"
_DOTS = """
    select
        fit.organization_id as id,
        coalesce(organization.name, organization.listed_name, organization.domain, 'without a name') as name,
        fit.ring,
        organization.standing
    from mart.fit as fit
    join mart.organization as organization using (organization_id)
    order by fit.fit desc nulls last, fit.organization_id
"""
_HEALTH = "select * from mart.source_health order by facts desc, source"
_LISTS = "select * from mart.lead_list order by name, list_id"
_KINDS = "select kind, count(*) as moves from mart.release_change group by kind order by moves desc, kind"
_MOVES = """
    select
        change.*,
        organization.organization_id is not null as is_here,
        coalesce(organization.name, organization.listed_name, change.domain, change.organization_id) as name
    from mart.release_change as change
    left join mart.organization as organization using (organization_id)
    order by change.kind <> 'ring', change.kind, change.difference desc nulls last, name, change.organization_id
    limit $1
"""


def rings(release: Release) -> list[Row]:
    """Return a row a ring, from the middle outwards, rings nobody is in included."""
    found = {row["ring"]: row for row in release.once("rings", lambda reader: reader.rows(_PER_RING))}
    none = {"organizations": 0, "leads": 0, "customers": 0, "fit": None, "readiness": None}
    return [{"ring": ring, "meaning": MEANING[ring], **none, **found.get(ring, {})} for ring in RINGS]


def values(release: Release) -> Mapping[str, list[Row]]:
    """Return, for each filter, the values there are and how many organizations, or leads, have each, most first."""
    return release.once("values", _values)


def known(release: Release) -> Mapping[str, frozenset[str]]:
    """Return the values of each filter alone."""
    return {name: frozenset(row["value"] for row in rows) for name, rows in values(release).items()}


def picture(release: Release) -> Drawing:
    """Return the bull's-eye."""
    return release.once("picture", lambda reader: _picture(reader, rings(release)))


def promises(release: Release) -> Row:
    """Return how many promises are kept, broken and only warned of, with those that are not kept."""
    missed = [each for each in release.verdicts if not each["passed"]]
    loud = [each for each in missed if each["loudness"] == "expect"]
    kept = len(release.verdicts) - len(missed)
    return {"kept": kept, "stopped": len(loud), "warned": len(missed) - len(loud), "missed": missed}


def sources(release: Release) -> list[Row]:
    """Return how each source did."""
    return release.once("sources", lambda reader: reader.rows(_HEALTH))


def lists(release: Release) -> list[Row]:
    """Return what became of the rows of each lead list."""
    return release.once("lists", lambda reader: reader.rows(_LISTS))


def moves(release: Release) -> Row | None:
    """Return who moved since the release before, rings first, and how many by kind; None where a release does not say."""
    if CHANGES not in release.tables:
        return None
    told = release.once("moves", lambda reader: reader.rows(_MOVES, [MOST_MOVES]))
    kinds = release.once("kinds", lambda reader: reader.rows(_KINDS))
    return {"moves": told, "kinds": kinds, "count": sum(each["moves"] for each in kinds)}


def _values(reader: Reader) -> Mapping[str, list[Row]]:
    found = {name: reader.rows(_values_of(each)) for name, each in FILTERS.items()}
    return {**found, "ring": sorted(found["ring"], key=lambda row: RINGS.index(row["value"]))}


def _values_of(each: Filter) -> str:
    return _PER_VALUE.format(value=each.value, table=each.table)


def _picture(reader: Reader, by_ring: Sequence[Row]) -> Drawing:
    count = sum(each["organizations"] for each in by_ring)
    if count > MOST_DOTS:
        return draw({each["ring"]: each["organizations"] for each in by_ring}, {})
    found = reader.rows(_DOTS)
    named = {ring: [Dot(row["id"], row["name"], row["standing"]) for row in found if row["ring"] == ring] for ring in RINGS}
    return draw({ring: len(dots) for ring, dots in named.items()}, named)
