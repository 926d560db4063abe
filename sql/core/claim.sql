-- What is claimed of an organization: facts that say the same, taken together.
-- The same words on ten pages are one voice, so the surest fact of each reader counts once; older words count less.
--
-- grain: organization_id, property, value
-- expect: between(support, 0, 1)
with weighed as (
    select
        fact.*,
        source.trust * fact.confidence
            * power(0.5, greatest(date_diff('day', fact.observed_at, run.as_of), 0) / 365.0) as weight
    from core.testimony as fact
    join raw.source on source.name = fact.source
    cross join raw.run
),
voice as (
    select organization_id, property, value, reader, max(weight) as weight
    from weighed
    group by organization_id, property, value, reader
),
heard as (
    select organization_id, property, value, round(1 - exp(sum(ln(1 - least(weight, 0.99)))), 4) as support
    from voice
    group by organization_id, property, value
),
said as (
    select
        organization_id,
        property,
        value,
        max(coalesce(stated_on, cast(observed_at as date))) as happened_on,
        max(observed_at) as observed_at,
        list(fact_id order by weight desc, fact_id) as fact_ids
    from weighed
    group by organization_id, property, value
)
select
    organization_id,            -- Organization.
    property,                   -- What is claimed.
    value,                      -- The claim.
    heard.support,              -- How far the facts together support it, 0 to 1.
    said.happened_on,           -- Latest date stated for it, else day it was seen.
    said.observed_at,           -- When it was last seen, UTC.
    said.fact_ids,              -- Facts that say it, strongest first.
    struct_pack(fact.fact_id, fact.source, fact.url, fact.locator, fact.quote, fact.capture_id, fact.stated_on)
        as best                 -- The strongest of them, with its evidence.
from heard
join said using (organization_id, property, value)
join core.testimony as fact on fact.fact_id = said.fact_ids[1]
