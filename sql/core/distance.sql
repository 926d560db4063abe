-- How far each organization's persona is from our own, over the dimensions both are known on.
--
-- grain: organization_id
-- expect: between(distance, 0, 1)
select
    trait.organization_id,                                                                      -- Organization.
    round(sqrt(avg(cast(power(trait.value - trait.own_value, 2) as decimal(18, 12)))), 2) as distance,  -- 0 alike, 1 opposite.
    count(*) as dimensions,                                                                     -- Dimensions compared.
    arg_max(trait.dimension, (abs(trait.value - trait.own_value), trait.dimension)) as farthest,  -- Dimension that differs most.
    flatten(list(trait.fact_ids[1:2] order by trait.dimension)) as fact_ids                     -- Facts behind it.
from core.trait
where trait.value is not null and trait.own_value is not null
group by trait.organization_id
