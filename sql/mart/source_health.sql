-- How each source did: what was asked, what answered, in which shape, what it said.
--
-- grain: source
-- warn: between(shortfall, 0, 0)
-- warn: in_set(shape, as expected, nothing answered)
select
    source,             -- Source.
    description,        -- What it is.
    requests,           -- Requests made.
    answered,           -- Requests answered.
    missed,             -- Requests missed; mart.miss has the reasons.
    facts,              -- Facts it states.
    organizations,      -- Organizations it says something about.
    judged_by,          -- Organizations it could have answered for.
    shortfall,          -- How far it falls short of the share of organizations it should answer for.
    unreadable,         -- Answers that its reader could not read.
    unreadable_share,   -- Their share, 0 to 1; null when nothing answered.
    shape,              -- Whether it answers in the shape it should, else who, how often and in what way not.
    last_capture_at     -- Its latest capture, UTC.
from core.source_health
