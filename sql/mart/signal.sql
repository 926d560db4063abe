-- Dated events worth knowing, the freshest first, each in the organization's own words.
--
-- grain: organization_id, signal_id, fact_id
select
    organization_id,    -- Organization.
    signal_id,          -- Signal of icp.yaml.
    fact_id,            -- Fact it was seen in.
    means,              -- What it tells us.
    happened_on,        -- When it happened, else when it was seen.
    strength,           -- What it is worth today, 0 to 1.
    value,              -- The event in its own words.
    quote,              -- What stands in the page.
    url                 -- Where it stands.
from core.signal
