-- What is claimed of an organization: facts that say the same, in whatever spelling, taken together. core.weight says what each weighs.
--
-- Doubt multiplies away twice. Several readers of one source make it surer that the source was understood (1 - (1-a)(1-b)…, over
-- confidence times freshness), which is worth no more than the source is trusted: no number of pages and readers of one website
-- outweighs that. Sources that were asked apart make it surer that it is so (the same, over what each is worth).
--
-- Of several spellings a claim has the best (core.spelling). Most claims are one fact's: they are told by it alone, and only the others are
-- weighed fact by fact. Millions are grouped and joined by a number of 64 bits for organization, property and key, as much as an id has.
--
-- grain: organization_id, property, value
-- expect: between(support, 0, 1)
with weight as not materialized (
    select *, hash(organization_id, property, key) as claim from core.weight
),
several as (
    select claim from weight group by claim having count(*) > 1
),
fact as (
    select claim, organization_id, property, key, value, voice, reader, trust, confidence, freshness, weight, fact_id, observed_at, stated_on
    from weight
    semi join several using (claim)
),
voice as (
    select claim, voice, max(trust) * agreed(clarity) as worth
    from (select claim, voice, reader, max(confidence * freshness) as clarity, max(trust) as trust from fact group by all)
    group by all
),
heard as (
    select claim, count(*) as voices, round(agreed(worth), 4) as support
    from voice
    group by claim
),
said as (
    select
        claim, list_sort(list(struct_pack(place := coalesce(place, 1), doubt := -weight, fact_id := fact_id))) as told,
        max(coalesce(stated_on, cast(observed_at as date))) as happened_on, max(observed_at) as observed_at
    from fact
    left join core.spelling using (organization_id, property, key, value)
    group by claim
),
claim as (
    select
        weight.*, round(agreed_alone(trust * agreed_alone(confidence * freshness)), 4) as support, 1 as voices,
        coalesce(stated_on, cast(observed_at as date)) as happened_on, observed_at as last_seen_at, [fact_id] as fact_ids
    from weight
    anti join several using (claim)
    union all
    select best.*, support, voices, said.happened_on, said.observed_at, list_transform(told, lambda each: each.fact_id)
    from said
    join heard using (claim)
    join weight as best on best.claim = said.claim and best.fact_id = said.told[1].fact_id
)
select
    organization_id,                                                            -- Organization.
    claim.property,                                                             -- What is claimed.
    value,                                                                      -- The claim, in its best spelling.
    case when type = 'number' then try_cast(value as double) end as number,     -- The claim as a number, where it is one.
    many,                                                                       -- Whether its property may have several values at once.
    support,                                                                    -- How far the facts together support it, 0 to 1.
    voices,                                                                     -- Sources that say so and were asked apart.
    happened_on,                                                                -- Latest date stated for it, else day it was seen.
    last_seen_at as observed_at,                                                -- When it was last seen, UTC.
    fact_ids,                                                                   -- Facts that say it: those in this spelling first, of one spelling the weightiest first.
    trust,                                                                      -- How far the source of the first of them is trusted, 0 to 1.
    confidence,                                                                 -- How sure it was read, 0 to 1.
    freshness,                                                                  -- What age leaves of it, 0 to 1.
    source,                                                                     -- Source that says it.
    url,                                                                        -- Where it stands.
    locator,                                                                    -- Where in the page.
    quote,                                                                      -- What stands there.
    capture_id                                                                  -- Capture it was read from.
from claim
join raw.property as property on property.name = claim.property
