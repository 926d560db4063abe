-- The ring of each organization in each profile: how far in it got before a must was not a yes.
-- A never that is yes, a must that is no in market, profile or persona, or standing as a competitor puts it outside.
--
-- grain: organization_id, icp
-- expect: in_set(ring, outside, unknown, market, profile, persona, problem, bullseye)
with musts as (
    select
        organization_id,
        icp,
        coalesce(min(ring_number) filter (where kind = 'must' and verdict <> 'yes'), 6) as held_at,
        bool_or(disqualifies) as disqualified,
        list(because || ' (' || finding || ')' order by weight desc, rule_id) filter (where disqualifies) as disqualifications
    from core.reason
    where figure in ('fit', 'readiness')
    group by organization_id, icp
)
select
    organization.organization_id,                                               -- Organization.
    musts.icp,                                                                  -- Profile.
    case
        when organization.standing = 'competitor' or musts.disqualified then 'outside'
        else ['unknown', 'market', 'profile', 'persona', 'problem', 'bullseye'][musts.held_at]
    end as ring,                                                                -- Ring it reached.
    if(organization.standing = 'competitor' or musts.disqualified, null, musts.held_at)
        as held_at,                                                             -- Number of the ring whose must holds it; 6 when none does.
    if(organization.standing = 'competitor', [coalesce(relation.because, 'It is a competitor') || '.'], [])
        || coalesce(musts.disqualifications, []) as disqualifications           -- Why it is outside, in plain words.
from core.survivor as organization
join musts using (organization_id)
left join core.relation
    on relation.organization_id = organization.organization_id and relation.relation = 'competitor'
