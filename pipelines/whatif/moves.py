"""Who moves from one world to another: rings, routes, promises, and why.

Here: what is told of each organization that moves, with the rules that made it and what they found. Elsewhere: the worlds
(`whatif`), how it looks (`show_whatif`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.whatif import World

Row = dict[str, Any]
OUTSIDE_IN = ("outside", "unknown", "market", "profile", "persona", "problem", "bullseye")
TOLD = ("ring", "icp", "fit", "readiness", "reach", "promise", "routes")
MOVING = ("ring", "icp", "promise", "routes")
WHERE = """
    with led as (
        select organization_id, list(distinct route_id order by route_id) as routes, count(*) as leads
        from mart.route
        group by organization_id
    )
    select
        organization_id, domain, coalesce(organization.name, organization.listed_name) as name, coalesce(led.leads, 0) as leads,
        fit.ring, fit.icp, fit.fit, fit.readiness, fit.reach, message.promise_id as promise, coalesce(led.routes, []) as routes,
        message.quotes[1] as promise_quote, message.urls[1] as promise_url
    from mart.fit
    join mart.message using (organization_id)
    left join mart.organization as organization using (organization_id, domain)
    left join led using (organization_id)
    order by organization_id
"""
WHY = """
    select organization_id, rule_id, fit_reason.ring, kind, verdict, points, disqualifies, because, finding, quote, url
    from mart.fit_reason
    join mart.fit using (organization_id, icp)
    where fit_reason.figure <> 'reach' and list_contains($organizations, organization_id)
    order by organization_id, disqualifies desc, weight desc, rule_id
"""
HELD = "select organization_id, rule_id from mart.gap where list_contains($organizations, organization_id)"


def moves(old: World, new: World) -> list[Row]:
    """Return every organization that is elsewhere in the new world: the farthest inward first, the farthest outward last."""
    before, after = ({row["organization_id"]: row for row in world.warehouse.rows(WHERE)} for world in (old, new))
    moved = [each for each in before if any(before[each][key] != after[each][key] for key in MOVING)]
    found = [_Reasons(world, moved) for world in (old, new)]
    told = [_told(before[each], after[each], *found) for each in moved]
    return sorted(told, key=lambda row: (-row["inward"], -row["leads"], row["name"] or "", row["organization_id"]))


def counted(old: World, new: World) -> list[Row]:
    """Return how many organizations are in each ring of both worlds, innermost first."""
    found = [{row["ring"]: row["n"] for row in world.warehouse.rows("select ring, count(*) as n from mart.fit group by ring")}
             for world in (old, new)]  # fmt: skip
    return [{"ring": ring, "before": found[0].get(ring, 0), "after": found[1].get(ring, 0)} for ring in reversed(OUTSIDE_IN)]


class _Reasons:
    """The answers of one world to its rules, and which of them keep an organization where it is, of those that move."""

    def __init__(self, world: World, organizations: Sequence[str]) -> None:
        given = {"organizations": list(organizations)}
        self.answers: dict[str, dict[str, Row]] = {each: {} for each in organizations}
        for row in world.warehouse.rows(WHY, given):
            self.answers[row["organization_id"]][row["rule_id"]] = row
        self._held = {(row["organization_id"], row["rule_id"]) for row in world.warehouse.rows(HELD, given)}

    def keeping(self, organization: str) -> list[str]:
        """Return the rules that put it outside or hold it at its ring."""
        answers = self.answers[organization]
        outside = [rule for rule, row in answers.items() if row["disqualifies"]]
        return outside or [rule for rule in answers if (organization, rule) in self._held]


def _told(before: Row, after: Row, old: _Reasons, new: _Reasons) -> Row:
    who = {key: after[key] for key in ("organization_id", "domain", "name", "leads")}
    inward = OUTSIDE_IN.index(after["ring"]) - OUTSIDE_IN.index(before["ring"])
    told = {key: {"before": before[key], "after": after[key]} for key in TOLD}
    quoted = {"promise_quote": after["promise_quote"], "promise_url": after["promise_url"]}
    return {**who, "inward": inward, **told, **quoted, "why": list(_why(before["organization_id"], inward, old, new))}


def _why(organization: str, inward: int, old: _Reasons, new: _Reasons) -> Iterator[Row]:
    """Yield the rules that held it where it moved inward, those that hold it now where it moved outward; else what changed."""
    before, after = old.answers[organization], new.answers[organization]
    keeping = (old if inward > 0 else new).keeping(organization)
    for rule in keeping if inward else sorted({*before, *after}):
        was, now = _answer(before.get(rule)), _answer(after.get(rule))
        if was != now:
            about = after.get(rule) or before[rule]
            yield {"rule": rule, "because": about["because"], "before": was, "after": now}


def _answer(row: Row | None) -> Mapping[str, object] | None:
    """Return what an answer comes to; None where the rule is not asked."""
    keys = ("ring", "kind", "verdict", "points", "disqualifies", "finding", "quote", "url")
    return {key: row[key] for key in keys} if row else None
