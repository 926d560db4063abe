-- Every answer as a reason with its points: a score is nothing but the sum of these.
-- Fit is shared out over what could be answered (coverage says how much that is); readiness and reach are earned, point by point.
-- Points are cut from a running total, so that rounded points add up to the rounded figure.
--
-- grain: organization_id, figure, rule_id
with weighed as (
    select
        answer.*,
        rule.ring,
        rule.ring_number,
        rule.figure,
        rule.kind,
        rule.weight,
        rule.because,
        rule.ask,
        rule.closes,
        coalesce(power(0.5, greatest(date_diff('day', answer.happened_on, cast(run.as_of as date)), 0)
            / cast(rule.half_life_days as double)), 1.0) as freshness,
        if(
            rule.figure = 'fit',
            sum(rule.weight) filter (where answer.verdict <> 'unknown') over (partition by answer.organization_id, rule.figure),
            sum(rule.weight) over (partition by answer.organization_id, rule.figure)
        ) as whole
    from core.answer
    join raw.icp_rule as rule using (rule_id)
    cross join raw.run
),
shared as (
    select *, if(verdict = 'yes' and weight > 0, 100 * weight * freshness / whole, 0) as share
    from weighed
),
running as (
    select *, sum(share) over (partition by organization_id, figure order by weight desc, rule_id) as total
    from shared
),
cut as (
    select *, round(total, 2) - round(coalesce(lag(total) over (partition by organization_id, figure order by weight desc, rule_id), 0), 2) as points
    from running
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
    confidence,                                                                 -- How sure, 0 to 1.
    fact_ids,                                                                   -- Facts it rests on.
    quote,                                                                      -- What the strongest says.
    url                                                                         -- Where it stands.
from (
    select
        organization_id, figure, rule_id, ring, ring_number, kind, verdict, weight,
        round(points, 2) as points,
        (kind = 'never' and verdict = 'yes') or (kind = 'must' and verdict = 'no' and ring_number <= 3) as disqualifies,
        finding, because, ask, closes, happened_on, confidence, fact_ids, quote, url
    from cut
    union all
    select
        organization_id, 'reach', way, null, null, 'way', verdict, weight, points, false,
        case verdict when 'yes' then 'known' when 'no' then 'none known' else 'nothing read' end, 'Reach by ' || replace(way, '_', ' ') || '.', null, null, null, null, fact_ids, null, null
    from core.reach
) as reasons
