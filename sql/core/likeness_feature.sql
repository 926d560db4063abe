-- What each organization is known by that another may have too, and how rare that is: the fewer of those known in that respect have
-- it, the more it tells that two do. Terms are what icp.yaml listens for; how somebody presents themselves is compared by itself.
--
-- grain: organization_id, part, value
-- expect: in_set(part, industry, size, country, technology, certification, term)
with stated as (
    select organization_id, if(property = 'mentions', 'term', property) as part, value, fact_ids[1:2] as fact_ids
    from core.profile
    where property in ('technology', 'certification', 'country') or property = 'mentions' and not starts_with(value, 'persona.')
    union all
    select organization_id, 'industry', sector, fact_ids[1:2]
    from core.industry
    where rank = 1
    union all
    select organization_id, 'size', employee_band, fact_ids[1:2]
    from core.size
    where employee_band is not null
),
known as (
    select part, count(distinct organization_id) as organizations
    from stated
    group by part
),
held as (
    select part, value, count(*) as holders, row_number() over (order by part, value) as feature
    from stated
    group by part, value
)
select
    stated.organization_id,                                                             -- Organization.
    stated.part,                                                                        -- In which respect: industry, size, country, technology, certification or term.
    stated.value,                                                                       -- What it is or has.
    cast(held.feature as integer) as feature,                                           -- Number that stands for part and value in this build.
    cast(ln((known.organizations + 1) / held.holders) as decimal(18, 9)) as rarity,     -- How much it tells; near 0 where all have it.
    stated.fact_ids                                                                     -- Facts that say so.
from stated
join known using (part)
join held using (part, value)
