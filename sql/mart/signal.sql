-- Dated events worth knowing, each told once, in the organization's own words: whether they are evidence of the problem, of a commitment
-- to do something about it, or only of something going on.
--
-- grain: organization_id, signal_id, happened_on, value
-- expect: in_set(evidence, problem, commitment, change)
select
    organization_id,    -- Organization.
    signal_id,          -- Signal of icp.yaml.
    kind,               -- Kind of event: opening, programme, migration, funding …
    evidence,           -- What it is evidence of: problem, commitment, or change: something is going on.
    means,              -- What it tells us.
    happened_on,        -- When it happened, else when it was first seen.
    is_dated,           -- Whether a page gives that day; else it was first seen then.
    strength,           -- What it is worth today, 0 to 1: half after every half-life of its signal.
    confidence,         -- How sure it happened then, 0 to 1.
    value,              -- The event in its own words.
    quote,              -- What stands in the page.
    url,                -- Where it stands.
    fact_id,            -- Fact that tells it best.
    fact_ids            -- All facts that tell of it, in mart.fact, or in mart.earlier_fact where the page has changed since.
from core.signal
