-- Every claim with its evidence, so that whoever holds the release can check it.
--
-- grain: fact_id
-- materialized: view
select
    fact_id,            -- Fact.
    organization_id,    -- Organization it is about.
    property,           -- What is claimed.
    value,              -- The claim.
    source,             -- Source that says it.
    reader,             -- Reader that understood it.
    url,                -- Where it stands on the web.
    locator,            -- Where it stands in the page.
    quote,              -- What stands there.
    observed_at,        -- When the page said so, UTC.
    stated_on,          -- Date the page itself gives for it.
    confidence,         -- How sure the reading is, 0 to 1.
    capture_id          -- Capture in the archive.
from core.testimony
