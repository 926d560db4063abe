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
    from core.fact
    join raw.source on source.name = fact.source
    cross join raw.run
),
voice as (
    select
        organization_id,
        property,
        value,
        reader,
        max(weight) as weight,
        max(coalesce(stated_on, cast(observed_at as date))) as happened_on,
        max(observed_at) as observed_at,
        list(fact_id order by weight desc, fact_id) as fact_ids,
        arg_max(struct_pack(fact_id, source, url, locator, quote, capture_id, stated_on), (weight, observed_at, fact_id)) as best
    from weighed
    group by organization_id, property, value, reader
)
select
    organization_id,                                                            -- Organization.
    property,                                                                   -- What is claimed.
    value,                                                                      -- The claim.
    round(1 - exp(sum(ln(1 - least(weight, 0.99)))), 4) as support,             -- How far the facts together support it, 0 to 1.
    max(happened_on) as happened_on,                                            -- Latest date stated for it, else day it was seen.
    max(observed_at) as observed_at,                                            -- When it was last seen, UTC.
    flatten(list(fact_ids order by weight desc, reader)) as fact_ids,           -- Facts that say it, strongest first.
    arg_max(best, (weight, reader)) as best                                     -- The strongest of them, with its evidence.
from voice
group by organization_id, property, value
