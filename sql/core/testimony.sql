-- The facts as they count: under the organization that survives.
--
-- grain: fact_id
-- materialized: view
select
    fact.fact_id,                                                                       -- Fact.
    coalesce(merger.into_organization_id, fact.organization_id) as organization_id,     -- Organization it counts for.
    fact.property,                                                                      -- What is claimed.
    fact.value,                                                                         -- The claim.
    fact.source,                                                                        -- Source that says it.
    fact.reader,                                                                        -- Reader that understood it.
    fact.capture_id,                                                                    -- Capture it was read from.
    fact.url,                                                                           -- Where it stands on the web.
    fact.locator,                                                                       -- Where it stands in the page.
    fact.quote,                                                                         -- What stands there.
    fact.observed_at,                                                                   -- When the page said so, UTC.
    fact.stated_on,                                                                     -- Date the page itself gives for it.
    fact.confidence                                                                     -- How sure the reading is, 0 to 1.
from core.fact
left join core.merger using (organization_id)
