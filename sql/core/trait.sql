-- One row per organization and dimension of its persona: how it presents itself, never how it is.
-- An index needs enough text, and a lean needs at least two markers that point somewhere; else it is unknown. That nothing is shown is
-- believed when at least three kinds of pages were read.
--
-- grain: organization_id, dimension
-- expect: between(value, 0, 1)
-- expect: between(coverage, 0, 1)
with against as (
    select dimension, sum(weight) as weight
    from core.marker
    where silence = 'no'
    group by dimension
),
elsewhere as (
    select known.organization_id, marker.dimension, sum(marker.weight) as weight
    from (select dimension, property, max(weight) as weight from core.marker where silence = 'unknown' group by all) as marker
    join (select distinct organization_id, property from core.profile) as known using (property)
    group by all
),
found as (
    select
        organization_id,
        dimension,
        count(*) as markers,
        sum(weight) as weight,
        sum(weight * points_to) as pull,
        list_sort(list(struct_pack(lightness := -weight, property, value, fact_ids, quote))) as shown
    from core.showing
    group by organization_id, dimension
),
pages as (
    select organization_id, list(fact_ids[1] order by value) as fact_ids
    from core.profile
    where property = 'page'
    group by organization_id
),
indexed as (
    select
        reading.organization_id,
        dimension.*,
        coalesce(found.markers, 0) as markers,
        coalesce(flatten(list_transform(shown, lambda each: each.fact_ids[1:3])), if(reading.enough and dimension.method = 'share', pages.fact_ids, []), []) as fact_ids,
        coalesce(list_transform(shown, lambda each: each.quote), []) as quotes,
        if(reading.enough, least(reading.kinds_read / 4.0, 1.0), 0.0) as coverage,
        against.weight + coalesce(elsewhere.weight, 0) as possible,
        case
            when not reading.enough or found.markers is null and reading.kinds_read < 3 then null
            when dimension.method = 'share' and found.markers is null then 0
            when dimension.method = 'share' and found.weight > possible * 0.6 then 1
            when dimension.method = 'share' then found.weight / (possible * 0.6)
            when found.markers >= 2 then found.pull / found.weight
        end as value
    from core.reading
    cross join core.dimension
    join against using (dimension)
    left join elsewhere using (organization_id, dimension)
    left join found using (organization_id, dimension)
    left join pages using (organization_id)
)
select
    organization_id,                                                        -- Organization.
    dimension,                                                              -- Dimension of the persona.
    round(value, 2) as value,                                               -- 0 low end, 1 high end; null when unknown.
    low_end,                                                                -- What 0 means.
    high_end,                                                               -- What 1 means.
    persona.own_value,                                                      -- Where we stand on it, where icp.yaml says so.
    round(coverage, 2) as coverage,                                         -- How much of where it would show was read, 0 to 1.
    markers,                                                                -- Markers found.
    fact_ids,                                                               -- Facts behind them, weightiest first; of none, the pages read.
    quotes                                                                  -- What they say.
from indexed
left join raw.icp_persona as persona using (dimension)
