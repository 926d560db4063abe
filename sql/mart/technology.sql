-- The technologies each organization uses, by the traces they leave in its pages, in what serves them and in its domain's records.
-- A trace is a use, not a contract.
--
-- grain: organization_id, technology
-- expect: references(organization_id, mart.organization.organization_id)
-- expect: between(support, 0, 1)
-- expect: not_null(quote)
select
    organization_id,    -- Organization.
    technology,         -- Technology.
    category,           -- Kind of product it is; null where the catalogue does not have it.
    support,            -- How far its facts support it, 0 to 1.
    observed_at,        -- When a trace of it was last seen, UTC.
    fact_ids,           -- Facts that say so, strongest first, in mart.fact.
    source,             -- Source of the strongest.
    url,                -- Where that trace is.
    quote               -- What stands there.
from core.technology
