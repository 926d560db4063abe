-- What stands between each organization and the next ring: the MQL to SQL delta, written down.
--
-- grain: organization_id, rule_id
-- expect: in_set(closes, research, marketing, sales, time)
select
    placement.organization_id,                                              -- Organization.
    placement.ring,                                                         -- Ring it is in.
    rule.ring as next_ring,                                                 -- Ring it would move to.
    rule.rule_id,                                                           -- Rule that holds it.
    reason.verdict,                                                         -- unknown: nobody knows yet; no: known, and not so.
    rule.because,                                                           -- Why the rule exists.
    reason.finding,                                                         -- What was found.
    if(reason.verdict = 'no' and rule.ring_number > 3, 'time', rule.closes)
        as closes,                                                          -- Who can close it: research, marketing, sales or time.
    coalesce(rule.ask, 'Can you tell us more? ' || rule.because) as ask,    -- The question to ask.
    rule.weight                                                             -- What a yes is worth.
from core.placement
join raw.icp_rule as rule on rule.ring_number = placement.held_at and rule.kind = 'must'
join core.reason as reason
    on reason.organization_id = placement.organization_id and reason.rule_id = rule.rule_id and reason.figure <> 'reach'
where reason.verdict <> 'yes'
