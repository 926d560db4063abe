-- The known customers each organization is most like, and what they share, each with its facts. Without known customers, or without
-- anything in common that is known of both, there is none.
--
-- grain: organization_id, rank
-- expect: between(similarity, 0, 1)
-- expect: references(customer_id, mart.organization.organization_id)
with customer_feature as materialized (
    select likeness_feature.organization_id as customer_id, feature, fact_ids
    from core.likeness_feature
    semi join core.likeness on likeness.customer_id = likeness_feature.organization_id
),
customer_trait as materialized (
    select trait.organization_id as customer_id, dimension, value, fact_ids[1:2] as fact_ids
    from core.trait
    semi join core.likeness on likeness.customer_id = trait.organization_id
),
shared as (
    select
        likeness.organization_id, likeness.customer_id, own.part, own.value, own.rarity, own.fact_ids, theirs.fact_ids as customer_fact_ids
    from core.likeness
    join core.likeness_feature as own using (organization_id)
    join customer_feature as theirs on theirs.customer_id = likeness.customer_id and theirs.feature = own.feature
    union all
    select
        likeness.organization_id, likeness.customer_id, 'persona', if(own.value < 0.35, own.low_end, own.high_end), abs(own.value - 0.5),
        own.fact_ids[1:2], theirs.fact_ids
    from core.likeness
    join core.trait as own using (organization_id)
    join customer_trait as theirs on theirs.customer_id = likeness.customer_id and theirs.dimension = own.dimension
    where own.value < 0.35 and theirs.value < 0.35 or own.value > 0.65 and theirs.value > 0.65
),
rarest as (
    select *, row_number() over (partition by organization_id, customer_id, part order by rarity desc, value) as place
    from shared
    qualify place <= 3
),
told as (
    select
        organization_id, customer_id,
        list_sort(list({
            part: list_position(['industry', 'size', 'country', 'technology', 'certification', 'term', 'persona'], part),
            place: place, value: replace(replace(value, 'promise.', ''), '_', ' '), facts: fact_ids, customer_facts: customer_fact_ids
        })) as pieces,
        list_transform(pieces, lambda each: if(
            each.place > 1, ', ',
            '; both ' || ['are in ', 'employ ', 'are in ', 'use ', 'claim ', 'speak of ', 'present themselves as '][each.part]
        ) || each.value) as said
    from rarest
    group by organization_id, customer_id
)
select
    likeness.organization_id,                                                               -- Organization.
    likeness.rank,                                                                          -- 1 for the nearest.
    likeness.customer_id,                                                                   -- Customer it is like.
    coalesce(organization.name, organization.listed_name) as customer,                      -- That customer's name.
    likeness.similarity,                                                                    -- How alike they are in what both are known on, 0 to 1.
    likeness.coverage,                                                                      -- How much of what is compared both are known on, 0 to 1.
    likeness.parts,                                                                         -- Similarity part by part, each 0 to 1.
    array_to_string(told.said, '')[3:] as shares,                                           -- What they share: of each part the three rarest, the rarest first.
    flatten(list_transform(told.pieces, lambda each: each.facts)) as fact_ids,              -- Facts of the organization behind that.
    flatten(list_transform(told.pieces, lambda each: each.customer_facts)) as customer_fact_ids  -- Facts of the customer.
from core.likeness
join mart.organization on organization.organization_id = likeness.customer_id
join told on told.organization_id = likeness.organization_id and told.customer_id = likeness.customer_id
