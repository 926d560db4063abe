-- The golden record: the best claim per property, or all of them where an organization has several at once. It is what is claimed
-- without the claims that lost.
--
-- materialized: view
-- grain: organization_id, property, value
-- expect: not_null(fact_ids)
select
    organization_id,        -- Organization.
    property,               -- Property.
    value,                  -- Its value.
    number,                 -- The value as a number, where it is one.
    many,                   -- Whether it may have several at once.
    support,                -- How far its facts support it, 0 to 1.
    happened_on,            -- Latest date stated for it, else day it was seen.
    observed_at,            -- When it was last seen, UTC.
    fact_ids,               -- Facts that say it, strongest first.
    source,                 -- Source of the strongest.
    url,                    -- Where it stands.
    locator,                -- Where in the page.
    quote,                  -- What stands there.
    capture_id              -- Capture it was read from.
from core.claim
anti join core.conflict using (organization_id, property, value)
