-- Who gets each lead and what they do with it: exactly one route a lead, the first in icp.yaml whose conditions hold.
--
-- grain: lead_id
with fitting as (
    select
        membership.lead_id,
        membership.organization_id,
        placement.ring,
        organization.standing,
        route.*,
        placement.disqualifications,
        row_number() over (partition by membership.lead_id order by route.position) as place
    from core.membership
    join core.organization using (organization_id)
    join core.score using (organization_id)
    join core.placement using (organization_id)
    join raw.icp_route as route
        on (route.rings is null or list_contains(route.rings, placement.ring))
        and (route.standings is null or list_contains(route.standings, organization.standing))
        and (route.fit_at_least is null or score.fit >= route.fit_at_least)
        and (route.readiness_at_least is null or score.readiness >= route.readiness_at_least)
        and (route.reach_at_least is null or score.reach >= route.reach_at_least)
)
select
    fitting.lead_id,                                                                    -- Lead.
    fitting.organization_id,                                                            -- Organization it works for.
    fitting.route_id,                                                                   -- Route of icp.yaml.
    fitting.action,                                                                     -- sell, nurture, research, repeat_sale or leave_alone.
    fitting.channel,                                                                    -- Sales channel.
    fitting.owner,                                                                      -- Who gets it.
    cast(run.as_of as date) + fitting.within_days as due_on,                            -- Until when.
    fitting.play,                                                                       -- What they do with it.
    case
        when fitting.standing <> 'prospect' then 'Known as ' || fitting.standing || '.'
        when fitting.ring = 'outside' then 'Outside: ' || coalesce(fitting.disqualifications[1], 'disqualified') || '.'
        when fitting.ring = 'unknown' then 'Too little is known about it yet.'
        else 'In the ring ' || fitting.ring || '.'
    end as because                                                                      -- Why this route.
from fitting
cross join raw.run
where fitting.place = 1
