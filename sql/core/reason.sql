-- Every answer as a reason in each profile that asks for it, with its points: a figure is nothing but the sum of these.
--
-- materialized: view
-- grain: organization_id, icp, figure, rule_id
select
    organization_id,                                                            -- Organization.
    icp,                                                                        -- Profile.
    figure,                                                                     -- fit, readiness or reach.
    rule_id,                                                                    -- Rule, or way to reach it.
    position,                                                                   -- Its place in icp.yaml; ways to reach come after all rules.
    ring,                                                                       -- Ring the rule guards; null for reach.
    ring_number,                                                                -- Its number, 1 to 5.
    kind,                                                                       -- must, should, never; way for reach.
    verdict,                                                                    -- yes, no or unknown.
    weight,                                                                     -- What a yes is worth before sharing out.
    points,                                                                     -- Points it gives, 0 to 100.
    disqualifies,                                                               -- Whether it puts the organization outside.
    finding,                                                                    -- What was found.
    because,                                                                    -- Why it matters.
    ask,                                                                        -- Question that would settle it.
    closes,                                                                     -- Who can settle it.
    happened_on,                                                                -- Date of what was found.
    confidence,                                                                 -- How sure, 0 to 1; null when unknown.
    fact_ids,                                                                   -- Facts it rests on.
    quote,                                                                      -- What the strongest says.
    url                                                                         -- Where it stands.
from (
    select
        answer.*, profile.icp, rule.position, rule.figure, rule.ring, rule.ring_number, rule.kind, rule.weight, rule.because, rule.ask, rule.closes,
        coalesce(point.points, 0) as points,
        rule.kind = 'never' and answer.verdict = 'yes'
            or rule.kind = 'must' and answer.verdict = 'no' and rule.ring_number <= 3 as disqualifies
    from core.answer
    join raw.icp_rule as rule using (rule_id)
    join raw.icp_profile_rule as profile using (rule_id)
    left join core.point
        on point.organization_id = answer.organization_id and point.rule_id = answer.rule_id and point.icp = profile.icp
    union all by name
    select
        organization_id, icp, 'reach' as figure, way as rule_id, 1000 + ways.position as position, 'way' as kind, verdict, weight,
        reach.points, false as disqualifies, fact_ids,
        case verdict when 'yes' then 'known' when 'no' then 'none known' else 'nothing read' end as finding,
        'Reach by ' || replace(way, '_', ' ') || '.' as because
    from core.reach
    join raw.icp_reach as ways using (way)
    cross join raw.icp_profile
) as reasons
