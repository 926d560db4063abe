-- What stands between each organization and the next ring: the MQL to SQL delta, written down.
--
-- grain: organization_id, rule_id
-- expect: in_set(closes, research, marketing, sales, time)
select
    placement.organization_id,                                                  -- Organization.
    placement.ring,                                                             -- Ring it is in.
    reason.ring as next_ring,                                                   -- Ring it would move to.
    reason.rule_id,                                                             -- Rule that holds it.
    reason.verdict,                                                             -- unknown: nobody knows yet; no: known, and not so.
    reason.because,                                                             -- Why the rule exists.
    reason.finding,                                                             -- What was found.
    if(reason.verdict = 'no', 'time', reason.closes) as closes,                 -- Who can close it: research, marketing, sales or time.
    coalesce(reason.ask, 'Can you tell us more? ' || reason.because) as ask,    -- The question to ask.
    reason.weight                                                               -- What a yes is worth.
from core.placement
join core.reason
    on reason.organization_id = placement.organization_id
    and reason.ring_number = placement.held_at
    and reason.kind = 'must'
where reason.verdict <> 'yes'
