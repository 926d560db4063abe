-- Every answer as a reason with its points: a score is nothing but the sum of these.
-- Fit is shared out over what could be answered (coverage says how much that is); readiness and reach are earned, point by point.
-- A yes that has aged counts for less in both: in what is earned, and in what fit is shared out over.
-- Points are cut from a running total, so that rounded points add up to the rounded figure; it is a decimal, so that no order of
-- adding changes a digit.
--
-- grain: organization_id, figure, rule_id
with weighed as (
    select
        answer.organization_id,
        answer.rule_id,
        rule.figure,
        rule.weight,
        if(answer.verdict = 'yes', rule.weight, 0) * coalesce(
            power(0.5, greatest(date_diff('day', answer.happened_on, cast(run.as_of as date)), 0) / cast(rule.half_life_days as double)),
            1
        ) as earned,
        case
            when rule.figure <> 'fit' or answer.verdict = 'no' then rule.weight
            else earned
        end as counted
    from core.answer
    join raw.icp_rule as rule using (rule_id)
    cross join raw.run
),
shared as (
    select
        *,
        cast(100 * earned / nullif(sum(counted) over (partition by organization_id, figure), 0) as decimal(18, 9)) as share
    from weighed
),
running as (
    select *, round(sum(coalesce(share, 0)) over heaviest, 2) as total
    from shared
    window heaviest as (partition by organization_id, figure order by weight desc, rule_id)
),
cut as (
    select
        organization_id,
        rule_id,
        cast(total - coalesce(lag(total) over heaviest, 0) as double) as points
    from running
    window heaviest as (partition by organization_id, figure order by weight desc, rule_id)
)
select
    organization_id,                                                            -- Organization.
    figure,                                                                     -- fit, readiness or reach.
    rule_id,                                                                    -- Rule, or way to reach it.
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
        answer.*, rule.figure, rule.ring, rule.ring_number, rule.kind, rule.weight, cut.points, rule.because, rule.ask, rule.closes,
        (rule.kind = 'never' and answer.verdict = 'yes')
            or (rule.kind = 'must' and answer.verdict = 'no' and rule.ring_number <= 3) as disqualifies
    from core.answer
    join cut using (organization_id, rule_id)
    join raw.icp_rule as rule using (rule_id)
    union all by name
    select
        organization_id, 'reach' as figure, way as rule_id, 'way' as kind, verdict, weight, points, false as disqualifies, fact_ids,
        case verdict when 'yes' then 'known' when 'no' then 'none known' else 'nothing read' end as finding,
        'Reach by ' || replace(way, '_', ' ') || '.' as because
    from core.reach
) as reasons
