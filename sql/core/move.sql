-- What moved of each organization since the release before: it came or left, its ring, its fit or readiness by ten points or more, or
-- what is done about it. Nothing moved where there is no release before.
--
-- grain: organization_id, kind
-- expect: in_set(kind, came, left, ring, fit, readiness, route)
with now as (
    select choice.organization_id, site.domain, choice.ring, choice.fit, choice.readiness
    from core.choice
    join core.survivor as site using (organization_id)
),
paired as (
    select
        organization_id,
        now.organization_id is null as has_left,
        previous.organization_id is null as has_come,
        coalesce(now.domain, previous.domain) as domain,
        previous.ring as ring_before, now.ring as ring_after,
        previous.fit as fit_before, now.fit as fit_after,
        previous.readiness as readiness_before, now.readiness as readiness_after
    from now
    full join raw.previous_organization as previous using (organization_id)
),
routed as (
    select organization_id, array_to_string(list_sort(list(distinct action)), ', ') as actions
    from core.route
    group by organization_id
),
routed_before as (
    select organization_id, array_to_string(list_sort(list(action)), ', ') as actions
    from raw.previous_route
    group by organization_id
),
moved as (
    select organization_id, domain, 'came' as kind, null as before, ring_after as after, null as difference
    from paired
    where has_come
    union all
    select organization_id, domain, 'left', ring_before, null, null
    from paired
    where has_left
    union all
    select organization_id, domain, 'ring', ring_before, ring_after, list_position(rings, ring_after) - list_position(rings, ring_before)
    from paired
    cross join (select ['outside', 'unknown', 'market', 'profile', 'persona', 'problem', 'bullseye'] as rings)
    where ring_before <> ring_after
    union all
    select organization_id, domain, figure, cast(before as varchar), cast(after as varchar), round(coalesce(after, 0) - coalesce(before, 0), 2)
    from (
        select
            organization_id, domain, not has_left and not has_come as stayed,
            unnest(['fit', 'readiness']) as figure, unnest([fit_before, readiness_before]) as before, unnest([fit_after, readiness_after]) as after
        from paired
    ) as figured
    where stayed and abs(coalesce(after, 0) - coalesce(before, 0)) >= 10
    union all
    select organization_id, domain, 'route', routed_before.actions, routed.actions, null
    from paired
    join routed using (organization_id)
    join routed_before using (organization_id)
    where routed.actions <> routed_before.actions
)
select
    moved.organization_id,          -- Organization.
    moved.domain,                   -- Its registrable domain, now or before.
    moved.kind,                     -- came, left, ring, fit, readiness or route.
    moved.before,                   -- What it was; null when it came.
    moved.after,                    -- What it is; null when it left.
    moved.difference,               -- Rings further in, or points more; null where there is nothing to count.
    previous.version as since       -- The release before.
from moved
cross join raw.previous_release as previous
