-- How each organization presents itself, dimension by dimension, with the sentences that show it.
--
-- grain: organization_id, dimension
select
    trait.organization_id,                                                              -- Organization.
    trait.dimension,                                                                    -- Dimension of the persona.
    trait.value,                                                                        -- 0 low end, 1 high end; null when unknown.
    case
        when trait.value is null then 'unknown'
        when trait.value < 0.35 then 'presents itself as ' || trait.low_end
        when trait.value > 0.65 then 'presents itself as ' || trait.high_end
        else 'between ' || trait.low_end || ' and ' || trait.high_end
    end as says,                                                                        -- In words; never "is".
    trait.own_value,                                                                    -- Where we stand on it, where icp.yaml says so.
    distance.distance,                                                                  -- Distance of the whole persona from ours, 0 to 1.
    trait.coverage,                                                                     -- How much of where it would show was read.
    trait.markers,                                                                      -- Markers found.
    trait.quotes,                                                                       -- What they say, weightiest first.
    trait.fact_ids                                                                      -- Facts behind them.
from core.trait
left join core.distance using (organization_id)
