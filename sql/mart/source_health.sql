-- How each source did: what was asked, what answered, what it said.
--
-- grain: source
-- warn: between(shortfall, 0, 0)
select
    source,             -- Source.
    description,        -- What it is.
    requests,           -- Requests made.
    answered,           -- Requests answered.
    missed,             -- Requests missed; mart.miss has the reasons.
    facts,              -- Facts it states.
    organizations,      -- Organizations it says something about.
    shortfall,          -- How far it falls short of the share of organizations it should answer for.
    last_capture_at     -- Its latest capture, UTC.
from core.source_health
