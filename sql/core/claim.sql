-- What is claimed of an organization: facts that say the same, in whatever spelling, taken together. core.weight says what each weighs.
--
-- Doubt multiplies away twice. Several readers of one source make it surer that the source was understood (1 - (1-a)(1-b)…, over
-- confidence times freshness), which is worth no more than the source is trusted: no number of pages and readers of one website
-- outweighs that. Sources that were asked apart make it surer that it is so (the same, over what each is worth).
--
-- Of several spellings a claim has the one without a legal form (of a name), not in capitals only, of the weightiest fact, the most
-- frequent, the longest, the first in the alphabet: asked in this order, the first difference decides. Most claims are one fact's: they
-- are told by it alone, and only the others are weighed fact by fact.
--
-- grain: organization_id, property, value
-- expect: between(support, 0, 1)
with counted as (
    select
        organization_id, property, key, count(*) as facts, min(value) <> max(value) as is_spelled, any_value(value) as value,
        any_value(fact_id) as fact_id, any_value(trust) as trust, any_value(confidence) as confidence, any_value(freshness) as freshness,
        max(coalesce(stated_on, cast(observed_at as date))) as happened_on, max(observed_at) as observed_at
    from core.weight
    group by all
),
fact as (
    select weight.*, struct_pack(doubt := -weight, weight.fact_id, weight.trust, weight.confidence, weight.freshness) as told, is_spelled
    from core.weight
    join counted using (organization_id, property, key)
    where facts > 1
),
voice as (
    select organization_id, property, key, voice, max(trust) * agreed(clarity) as worth
    from (select organization_id, property, key, voice, reader, max(confidence * freshness) as clarity, max(trust) as trust from fact group by all)
    group by all
),
heard as (
    select organization_id, property, key, count(*) as voices, round(agreed(worth), 4) as support
    from voice
    group by all
),
placed as (
    select organization_id, property, key, value, list_sort(list(told)) as told, row_number() over (
        partition by organization_id, property, key
        order by
            case when property = 'name' then length(registered_key(value)) > length(key) else false end,
            length(value) > 4 and value = upper(value) and value <> lower(value),
            max(weight) desc, count(*) desc, length(value) desc, value
    ) as place
    from fact
    where is_spelled
    group by organization_id, property, key, value
),
said as (
    select organization_id, property, key, any_value(value) as value, list_sort(list(told)) as told from fact where not is_spelled group by all
    union all
    select organization_id, property, key, arg_min(value, place), flatten(list(told order by place)) from placed group by all
),
claim as (
    select
        organization_id, property, value, round(agreed_alone(trust * agreed_alone(confidence * freshness)), 4) as support, 1 as voices,
        happened_on, observed_at, [struct_pack(doubt := 0.0::double, fact_id, trust, confidence, freshness)] as told
    from counted
    where facts = 1
    union all
    select organization_id, property, said.value, support, voices, happened_on, observed_at, said.told
    from counted
    join heard using (organization_id, property, key)
    join said using (organization_id, property, key)
)
select
    claim.organization_id,      -- Organization.
    claim.property,             -- What is claimed.
    claim.value,                -- The claim, in its best spelling.
    claim.support,              -- How far the facts together support it, 0 to 1.
    claim.voices,               -- Sources that say so and were asked apart.
    claim.happened_on,          -- Latest date stated for it, else day it was seen.
    claim.observed_at,          -- When it was last seen, UTC.
    list_transform(told, lambda each: each.fact_id) as fact_ids,    -- Facts that say it: those in this spelling first, of one spelling the weightiest first.
    struct_pack(fact.fact_id, fact.source, fact.url, fact.locator, fact.quote, fact.capture_id, fact.stated_on, trust := told[1].trust,
        confidence := told[1].confidence, freshness := told[1].freshness) as best     -- The first of them, with its evidence and what it weighs.
from claim
join core.testimony as fact on fact.fact_id = claim.told[1].fact_id
