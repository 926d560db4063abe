-- What is claimed of an organization: facts that say the same, in whatever spelling, taken together. core.weight says what each weighs.
--
-- Doubt multiplies away twice. Several readers of one source make it surer that the source was understood (1 - (1-a)(1-b)…, over
-- confidence times freshness), which is worth no more than the source is trusted: no number of pages and readers of one website
-- outweighs that. Sources that were asked apart make it surer that it is so (the same, over what each is worth).
--
-- Of several spellings a claim has the one without a legal form (of a name), not in capitals only, of the weightiest fact, the most
-- frequent, the longest, the first in the alphabet: asked in this order, the first difference decides.
--
-- grain: organization_id, property, value
-- expect: between(support, 0, 1)
with reading as (
    select organization_id, property, key, voice, reader, max(confidence * freshness) as clarity, max(trust) as trust
    from core.weight
    group by all
),
voice as (
    select
        organization_id, property, key, voice,
        max(trust) * agreed(clarity) as worth
    from reading
    group by all
),
heard as (
    select
        organization_id, property, key,
        count(*) as voices,
        round(agreed(worth), 4) as support
    from voice
    group by all
),
spelled as (
    select
        organization_id, property, key, value,
        max(weight) as weight,
        max(coalesce(stated_on, cast(observed_at as date))) as happened_on,
        max(observed_at) as observed_at,
        list_sort(list(struct_pack(doubt := -weight, fact_id, trust, confidence, freshness))) as told
    from core.weight
    group by all
),
placed as (
    select *, count(*) over (partition by organization_id, property, key) as spellings, row_number() over (
        partition by organization_id, property, key
        order by
            case when property = 'name' then length(registered_key(value)) > length(key) else false end,
            length(value) > 4 and value = upper(value) and value <> lower(value),
            weight desc, len(told) desc, length(value) desc, value
    ) as place
    from spelled
),
said as (
    select organization_id, property, key, value, happened_on, observed_at, told
    from placed
    where spellings = 1
    union all
    select organization_id, property, key, arg_min(value, place), max(happened_on), max(observed_at), flatten(list(told order by place))
    from placed
    where spellings > 1
    group by all
)
select
    organization_id,            -- Organization.
    property,                   -- What is claimed.
    said.value,                 -- The claim, in its best spelling.
    heard.support,              -- How far the facts together support it, 0 to 1.
    heard.voices,               -- Sources that say so and were asked apart.
    said.happened_on,           -- Latest date stated for it, else day it was seen.
    said.observed_at,           -- When it was last seen, UTC.
    list_transform(told, lambda each: each.fact_id) as fact_ids,    -- Facts that say it: those in this spelling first, of one spelling the weightiest first.
    struct_pack(fact.fact_id, fact.source, fact.url, fact.locator, fact.quote, fact.capture_id, fact.stated_on, trust := told[1].trust,
        confidence := told[1].confidence, freshness := told[1].freshness) as best     -- The first of them, with its evidence and what it weighs.
from heard
join said using (organization_id, property, key)
join core.testimony as fact on fact.fact_id = said.told[1].fact_id
