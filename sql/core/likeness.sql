-- How alike each organization is to the known customers nearest to it, at most three. Each part counts only where both are known on it:
-- of what both have, the rare counts more, measured against all that either has; sizes next to each other are half alike; personas are as
-- alike as they are near on the dimensions both are known on, two at least. Nearest is who has most likeness shown: similarity times coverage.
--
-- grain: organization_id, customer_id
-- expect: between(similarity, 0, 1)
-- expect: between(coverage, 0, 1)
-- expect: between(rank, 1, 3)
with customer_feature as materialized (
    select likeness_feature.organization_id as customer_id, feature
    from core.likeness_feature
    semi join core.likeness_pair on likeness_pair.customer_id = likeness_feature.organization_id
    where part in ('technology', 'certification', 'term')
),
customer_trait as materialized (
    select trait.organization_id as customer_id, dimension, value
    from core.trait
    semi join core.likeness_pair on likeness_pair.customer_id = trait.organization_id
    where value is not null
),
shared as (
    select
        pair.organization_id, pair.customer_id,
        sum(own.rarity) filter (where own.part = 'technology') as technology,
        sum(own.rarity) filter (where own.part = 'certification') as certification,
        sum(own.rarity) filter (where own.part = 'term') as term
    from core.likeness_pair as pair
    join core.likeness_feature as own using (organization_id)
    join customer_feature as theirs on theirs.customer_id = pair.customer_id and theirs.feature = own.feature
    group by pair.organization_id, pair.customer_id
),
apart as (
    select
        pair.organization_id, pair.customer_id,
        sqrt(avg(cast(power(own.value - theirs.value, 2) as decimal(18, 12)))) as distance
    from core.likeness_pair as pair
    join core.trait as own using (organization_id)
    join customer_trait as theirs on theirs.customer_id = pair.customer_id and theirs.dimension = own.dimension
    where own.value is not null
    group by pair.organization_id, pair.customer_id
    having count(*) >= 2
),
compared as (
    select
        pair.organization_id, pair.customer_id,
        list_filter([
            {part: 'industry', weight: 2.0, alike: cast(own.industry = theirs.industry as double)},
            {part: 'persona', weight: 2.0, alike: 1 - apart.distance},
            {part: 'technology', weight: 2.0, alike: jaccard(shared.technology, own.technology, theirs.technology)},
            {part: 'term', weight: 2.0, alike: jaccard(shared.term, own.term, theirs.term)},
            {part: 'size', weight: 1.5, alike: if(own.size + theirs.size > 0, greatest(1 - abs(own.size - theirs.size) * 0.5, 0), null)},
            {part: 'certification', weight: 1.0, alike: jaccard(shared.certification, own.certification, theirs.certification)},
            {part: 'country', weight: 1.0, alike: cast(own.country = theirs.country as double)}
        ], lambda each: each.alike is not null) as parts,
        list_sum(list_transform(parts, lambda each: each.weight * each.alike)) as alike,
        list_sum(list_transform(parts, lambda each: each.weight)) as weight
    from core.likeness_pair as pair
    join core.likeness_outline as own using (organization_id)
    join core.likeness_outline as theirs on theirs.organization_id = pair.customer_id
    left join shared on shared.organization_id = pair.organization_id and shared.customer_id = pair.customer_id
    left join apart on apart.organization_id = pair.organization_id and apart.customer_id = pair.customer_id
)
select
    organization_id,                                                                        -- Organization.
    customer_id,                                                                            -- Customer.
    cast(row_number() over nearest as integer) as rank,                                     -- 1 for the nearest.
    round(alike / weight, 2) as similarity,                                                 -- How alike they are in what both are known on, 0 to 1.
    round(weight / 11.5, 2) as coverage,                                                    -- How much of what is compared both are known on, 0 to 1.
    list_transform(parts, lambda each: each.part || ' ' || round(each.alike, 2)) as parts   -- Similarity part by part.
from compared
where alike > 0
window nearest as (partition by organization_id order by alike desc, customer_id)
qualify row_number() over nearest <= 3
