-- Who gets each lead and what they do with it: exactly one route a lead, the first in icp.yaml whose conditions hold.
--
-- Who is no prospect is neither sold to nor nurtured, unless a route asks for customers, competitors or partners by name; the
-- route without conditions takes whoever no other takes.
--
-- grain: lead_id
with known as (
    select organization_id, string_agg(because || '.', ' ' order by relation = 'customer' desc, relation) as because
    from core.relation
    group by organization_id
),
taken as (
    select
        organization.organization_id,
        organization.standing,
        choice.ring,
        choice.disqualifications,
        known.because as relation,
        route.*
    from core.survivor as organization
    join core.choice using (organization_id)
    left join known using (organization_id)
    join raw.icp_route as route
        on (route.rings is null or list_contains(route.rings, choice.ring))
        and (route.icps is null or list_contains(route.icps, choice.icp))
        and (route.standings is null or list_contains(route.standings, organization.standing))
        and (route.fit_at_least is null or choice.fit >= route.fit_at_least)
        and (route.readiness_at_least is null or choice.readiness >= route.readiness_at_least)
        and (route.reach_at_least is null or choice.reach >= route.reach_at_least)
        and (
            organization.standing = 'prospect'
            or route.action not in ('sell', 'nurture')
            or route.standings is not null
            or (route.rings is null and route.icps is null and greatest(route.fit_at_least, route.readiness_at_least, route.reach_at_least) is null)
        )
    qualify row_number() over (partition by organization.organization_id order by route.position) = 1
)
select
    works_for.lead_id,                                                             -- Lead.
    taken.organization_id,                                                          -- Organization it works for.
    taken.route_id,                                                                 -- Route of icp.yaml.
    taken.action,                                                                   -- sell, nurture, research, repeat_sale or leave_alone.
    taken.channel,                                                                  -- Sales channel.
    taken.owner,                                                                    -- Who gets it.
    cast(run.as_of as date) + taken.within_days as due_on,                          -- Until when.
    taken.play,                                                                     -- What they do with it.
    case
        when taken.standing <> 'prospect' then coalesce(taken.relation, 'Known as ' || taken.standing || '.')
        when taken.ring = 'outside' then 'Outside: ' || coalesce(taken.disqualifications[1], 'disqualified') || '.'
        when taken.ring = 'unknown' then 'Too little is known about it yet.'
        else 'In the ring ' || taken.ring || '.'
    end as because                                                                  -- Why this route.
from core.works_for
join taken using (organization_id)
cross join raw.run
