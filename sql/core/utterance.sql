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
),
keyed as (
    select fact.*, property.type, property.many, claim_key(fact.property, property.type, fact.value) as key
    from fact
    join raw.property as property on property.name = fact.property and property.watched
    semi join core.comparison on comparison.organization_id = fact.organization_id
)
select
    organization_id,        -- Organization.
    capture_id,             -- Capture that says it.
    property,               -- What is claimed.
    key,                    -- What all its spellings have in common.
    type,                   -- text, number or date.
    many,                   -- Whether it may have several values at once.
    value,                  -- The claim.
    fact_id,                -- The surest fact.
    quote,                  -- What stands there.
    url,                    -- Where it stands.
    observed_at,            -- When the page said so, UTC.
    confidence,             -- How sure the reading is, 0 to 1.
    stands                  -- Whether the page still says so.
from keyed
qualify row_number() over (partition by organization_id, capture_id, property, key order by confidence desc, fact_id) = 1
