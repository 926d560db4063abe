-- What stands between each organization and the next ring of the profile that suits it best: the MQL to SQL delta, written down.
--
-- grain: organization_id, rule_id
select
    choice.organization_id,                                                     -- Organization.
    choice.icp,                                                                 -- Profile.
    choice.ring,                                                                -- Ring it is in.
    rule.ring as next_ring,                                                     -- Ring it would move to.
    rule.rule_id,                                                               -- Rule that holds it.
    answer.verdict,                                                             -- unknown: nobody knows yet; no: known, and not so.
    rule.because,                                                               -- Why the rule exists.
    answer.finding,                                                             -- What was found.
    if(answer.verdict = 'no', 'time', rule.closes) as closes,                   -- Who can close it: research, marketing, sales or time.
    coalesce(rule.ask, 'Can you tell us more? ' || rule.because) as ask,        -- The question to ask.
    rule.weight                                                                 -- What a yes is worth.
from core.choice
join raw.icp_profile_rule as asked using (icp)
join raw.icp_rule as rule on rule.rule_id = asked.rule_id and rule.ring_number = choice.held_at and rule.kind = 'must'
join core.answer on answer.organization_id = choice.organization_id and answer.rule_id = rule.rule_id
where answer.verdict <> 'yes'
