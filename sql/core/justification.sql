-- Every reason in words: what was found, why it matters, and where that stands.
--
-- materialized: view
-- grain: organization_id, icp, figure, rule_id
select
    organization_id,        -- Organization.
    icp,                    -- Profile.
    figure,                 -- fit, readiness or reach.
    rule_id,                -- Rule, or way to reach it.
    ring,                   -- Ring the rule guards; null for reach.
    kind,                   -- must, should, never; way for reach.
    verdict,                -- yes, no or unknown.
    points,                 -- Points it gives, 0 to 100.
    weight,                 -- What a yes is worth before sharing out.
    disqualifies,           -- Whether it puts the organization outside.
    finding,                -- What was found.
    because,                -- Why it matters.
    happened_on,            -- Date of what was found.
    confidence,             -- How sure, 0 to 1; null when unknown.
    quote,                  -- What the strongest says.
    url,                    -- Where it stands.
    fact_ids                -- Facts it rests on.
from (
    select
        reason.*, rule.ring, rule.because, answer.finding, answer.happened_on, answer.confidence, answer.quote, answer.url, answer.fact_ids
    from core.reason
    join core.answer using (organization_id, rule_id)
    join raw.icp_rule as rule using (rule_id)
    where reason.figure <> 'reach'
    union all by name
    select
        reason.*,
        case reason.verdict when 'yes' then 'known' when 'no' then 'none known' else 'nothing read' end as finding,
        'Reach by ' || replace(reason.rule_id, '_', ' ') || '.' as because,
        reach.fact_ids
    from core.reason
    join core.reach on reach.organization_id = reason.organization_id and reach.way = reason.rule_id
    where reason.figure = 'reach'
) as reasons
