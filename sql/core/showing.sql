-- Which markers of which dimension each organization shows, each once, with what shows it best.
--
-- grain: organization_id, dimension, property, value
with shown as (
    select organization_id, property, value, number, support, fact_ids, quote
    from core.profile
    union all
    (
        select organization_id, 'change', property || ' ' || kind, null, 1, fact_ids, coalesce(after_quote, before_quote)
        from core.change
        cross join raw.run
        where changed_on > cast(run.as_of as date) - 365
        qualify row_number() over (partition by organization_id, property order by changed_on desc, change_id) = 1
    )
)
select
    shown.organization_id,      -- Organization.
    marker.dimension,           -- Dimension.
    marker.property,            -- Property that shows it.
    marker.value,               -- Value of the marker.
    marker.points_to,           -- Where it points, 0 to 1.
    marker.weight,              -- How much it counts.
    shown.fact_ids,             -- Facts that show it.
    shown.quote                 -- What the strongest says.
from shown
join core.marker
    on marker.property = shown.property
    and (marker.value = shown.value or marker.value = '*' and (marker.least is null or marker.least <= shown.number))
qualify row_number() over (
    partition by shown.organization_id, marker.dimension, marker.property, marker.value order by shown.support desc, shown.value
) = 1
