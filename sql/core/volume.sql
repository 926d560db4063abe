-- Whether there is about as much as in the release before, like for like: leads of the lists it was made from, organizations behind these
-- or that it had, and what is known of organizations that it had. What a new list brings is not counted, so that growth needs no leave and
-- loss does.
--
-- Broken is a change of more than 30 %, or of more than three times what is usual once five changes are known, though never of less
-- than 15 %, which is unusual. Of few, chance alone moves as many: up to three times the root of their number is steady.
--
-- grain: measure
-- expect: in_set(verdict, first, steady, unusual, accepted, broken)
with known_lead as (
    select lead.lead_id, list.list_id is not null as is_known
    from core.lead
    left join raw.previous_list as list using (list_id)
),
known_organization as (
    select works_for.organization_id, bool_or(known_lead.is_known or previous.organization_id is not null) as is_known
    from core.works_for
    join known_lead using (lead_id)
    left join raw.previous_organization as previous on previous.organization_id = works_for.organization_id
    group by works_for.organization_id
),
counted as (
    select 'leads' as measure, count(*) as rows, count(*) filter (where is_known) as comparable
    from known_lead
    union all
    select 'organizations', count(*), count(*) filter (where is_known)
    from known_organization
    union all
    select 'facts', count(*), count(previous.organization_id)
    from core.testimony
    left join raw.previous_organization as previous using (organization_id)
    where testimony.property <> 'mentions'
    union all
    select 'captures', count(distinct capture_id), count(distinct capture_id) filter (where previous.organization_id is not null)
    from core.testimony
    left join raw.previous_organization as previous using (organization_id)
),
compared as (
    select
        counted.*,
        previous.rows as before,
        (counted.comparable - previous.rows) / nullif(previous.rows, 0) as change,
        coalesce(previous.changes, []) as changes,
        3 / sqrt(nullif(previous.rows, 0)) as chance,
        if(len(changes) >= 5, least(0.3, greatest(0.15, 3 * list_stddev_samp(changes))), 0.3) as usual
    from counted
    left join raw.previous_volume as previous using (measure)
)
select
    compared.measure,                                                       -- leads, organizations, facts (but for mentions: icp.yaml says which phrases count), or captures they were read from.
    compared.rows,                                                          -- How many there are.
    compared.comparable,                                                    -- How many of these compare with the release before.
    compared.before,                                                        -- How many it had; null in the first.
    round(compared.change, 4) as change,                                    -- By how much that changed, as a share.
    round(greatest(compared.usual, compared.chance), 4) as most,            -- By how much it may.
    case
        when coalesce(compared.before, 0) = 0 then 'first'
        when abs(compared.change) <= greatest(0.15, compared.chance) and compared.comparable > 0 then 'steady'
        when accepted.what is not null then 'accepted'
        when abs(compared.change) > greatest(compared.usual, compared.chance) or compared.comparable = 0 then 'broken'
        else 'unusual'
    end as verdict,                                                         -- first, steady, unusual, accepted or broken.
    if(verdict = 'accepted', accepted.because, null) as accepted_because,   -- Why it may, where settings.yaml says so.
    if(compared.change is null, [], list_prepend(round(compared.change, 4), compared.changes)[1:30])
        as changes                                                          -- The latest thirty changes, this one first.
from compared
left join raw.accepted on accepted.what = 'volume ' || compared.measure
