-- What stands between each organization and the next ring of the profile that suits it best: the MQL to SQL delta, written down.
--
-- grain: organization_id, rule_id
select
    choice.organization_id,                                                     -- Organization.
    choice.icp,                                                                 -- Profile.
    choice.ring,                                                                -- Ring it is in.
    reason.ring as next_ring,                                                   -- Ring it would move to.
    reason.rule_id,                                                             -- Rule that holds it.
    reason.verdict,                                                             -- unknown: nobody knows yet; no: known, and not so.
    reason.because,                                                             -- Why the rule exists.
    reason.finding,                                                             -- What was found.
    if(reason.verdict = 'no', 'time', reason.closes) as closes,                 -- Who can close it: research, marketing, sales or time.
    coalesce(reason.ask, 'Can you tell us more? ' || reason.because) as ask,    -- The question to ask.
    reason.weight                                                               -- What a yes is worth.
from core.choice
join core.reason
    on reason.organization_id = choice.organization_id and reason.icp = choice.icp and reason.ring_number = choice.held_at
where reason.kind = 'must' and reason.verdict <> 'yes'
