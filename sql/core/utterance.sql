-- What each capture of an organization says of the watched properties, whether it stands or was superseded: the surest fact of each claim.
-- Only of organizations of which captures are compared (core.comparison).
--
-- grain: organization_id, capture_id, property, key
with fact as (
    select fact_id, organization_id, property, value, capture_id, quote, url, observed_at, confidence, true as stands
    from core.testimony
    union all
    select
        earlier.fact_id, coalesce(merger.into_organization_id, earlier.organization_id), property, value, capture_id, quote, url, observed_at,
        confidence, false
    from core.earlier_fact as earlier
    left join core.merger on merger.organization_id = earlier.organization_id
)
select
    fact.organization_id,                                               -- Organization.
    fact.capture_id,                                                    -- Capture that says it.
    fact.property,                                                      -- What is claimed.
    claim_key(fact.property, property.type, fact.value) as key,         -- What all its spellings have in common.
    property.type,                                                      -- text, number or date.
    property.many,                                                      -- Whether it may have several values at once.
    fact.value,                                                         -- The claim.
    fact.fact_id,                                                       -- The surest fact.
    fact.quote,                                                         -- What stands there.
    fact.url,                                                           -- Where it stands.
    fact.observed_at,                                                   -- When the page said so, UTC.
    fact.confidence,                                                    -- How sure the reading is, 0 to 1.
    fact.stands                                                         -- Whether the page still says so.
from fact
join raw.property as property on property.name = fact.property and property.watched
semi join core.comparison on comparison.organization_id = fact.organization_id
qualify row_number() over (
    partition by fact.organization_id, fact.capture_id, fact.property, claim_key(fact.property, property.type, fact.value)
    order by fact.confidence desc, fact.fact_id
) = 1
