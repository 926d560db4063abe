-- What stands between each organization and the next ring of the profile that suits it best: the MQL to SQL delta, written down.
--
-- grain: organization_id, rule_id
-- expect: in_set(closes, research, marketing, sales, time)
select
    organization_id,    -- Organization.
    icp,                -- Profile.
    ring,               -- Ring it is in.
    next_ring,          -- Ring it would move to.
    rule_id,            -- Rule that holds it.
    verdict,            -- unknown: nobody knows yet; no: known, and not so.
    because,            -- Why the rule exists.
    finding,            -- What was found.
    closes,             -- Who can close it: research, marketing, sales or time.
    ask,                -- The question to ask.
    weight              -- What a yes is worth.
from core.gap
