-- The industries of each organization, up to three, the surest first, as two-digit NAICS sectors.
--
-- grain: organization_id, rank
-- expect: between(rank, 1, 3)
-- expect: between(confidence, 0, 1)
-- expect: references(organization_id, mart.organization.organization_id)
-- expect: not_null(quote)
select
    organization_id,    -- Organization.
    rank,               -- 1 for the surest.
    naics,              -- NAICS sector: first two digits, or the range of them.
    title,              -- What it is called.
    confidence,         -- How sure, 0 to 1; with what is missing to 1, it is another or none.
    sources,            -- Sources that speak for it and were asked apart.
    fact_ids,           -- Up to five facts that do, in mart.fact.
    quote,              -- What the weightiest says.
    url                 -- Where it stands.
from core.industry
