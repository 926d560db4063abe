-- Whether organizations that stood in the release before are spread over rings, quarters of fit and routes as they were: the population
-- stability index, 0 where nothing moved. From 0.1 on it shifted, from 0.25 on it moved; of fewer than fifty it says nothing.
--
-- grain: measure
-- expect: in_set(verdict, few, steady, shifted, moved)
with stood as (
    select
        unnest(['ring', 'fit']) as measure,
        unnest([now.ring, if(now.fit is null, 'unknown', cast(cast(least(floor(now.fit / 25), 3) as integer) as varchar))]) as now,
        unnest([before.ring, if(before.fit is null, 'unknown', cast(cast(least(floor(before.fit / 25), 3) as integer) as varchar))]) as before
    from core.choice as now
    join raw.previous_organization as before using (organization_id)
    union all
    select 'route', now.action, before.action
    from (select organization_id, min(action) as action from core.route group by organization_id) as now
    join (select organization_id, min(action) as action from raw.previous_route group by organization_id) as before using (organization_id)
),
told as (
    select measure, value, count(*) filter (where is_now) as now, count(*) filter (where not is_now) as before
    from (
        select measure, unnest([now, before]) as value, unnest([true, false]) as is_now
        from stood
    ) as each_side
    group by measure, value
),
spread as (
    select measure, value, before, now, (before + 0.5) / sum(before + 0.5) over of_measure as p, (now + 0.5) / sum(now + 0.5) over of_measure as q
    from told
    window of_measure as (partition by measure)
),
measured as (
    select
        measure,
        cast(sum(now) as bigint) as organizations,
        cast(sum(cast((q - p) * ln(q / p) as decimal(18, 6))) as double) as stability_index,
        list({'value': value, 'before': before, 'now': now} order by value) as spread
    from spread
    group by measure
)
select
    measure,                    -- ring, fit (in quarters of 100, from 0 to 3) or route.
    organizations,              -- Organizations that stood in both releases.
    stability_index,            -- Population stability index: 0 where nothing moved.
    spread,                     -- How many there were of each, and are now.
    case
        when organizations < 50 then 'few'
        when stability_index < 0.1 then 'steady'
        when stability_index < 0.25 then 'shifted'
        else 'moved'
    end as verdict              -- few, steady, shifted or moved.
from measured
