-- What every answer is worth in each profile that asks for it, in points: a figure is nothing but the sum of these.
-- Fit is shared out over what could be answered (coverage says how much that is); readiness and reach are earned, point by point.
-- A yes that has aged counts for less in both: in what is earned, and in what fit is shared out over.
-- Points are cut from a running total, so that rounded points add up to the rounded figure; all are decimals, so that no order of
-- adding changes a digit.
--
-- grain: organization_id, icp, figure, rule_id
with weighed as (
    select
        answer.organization_id, profile.icp, rule.figure, rule.rule_id, rule.ring_number, rule.kind, answer.verdict, rule.weight,
        cast(if(answer.verdict = 'yes', rule.weight, 0) * coalesce(
            power(0.5, greatest(date_diff('day', answer.happened_on, cast(run.as_of as date)), 0) / cast(rule.half_life_days as double)),
            1
        ) as decimal(18, 9)) as earned,
        case
            when rule.figure <> 'fit' or answer.verdict = 'no' then cast(rule.weight as decimal(18, 9))
            else earned
        end as counted
    from core.answer
    join raw.icp_rule as rule using (rule_id)
    join raw.icp_profile_rule as profile using (rule_id)
    cross join raw.run
),
whole as (
    select organization_id, icp, figure, sum(counted) as counted
    from weighed
    group by all
),
shared as (
    select weighed.*, coalesce(cast(100 * cast(earned as double) / nullif(whole.counted, 0) as decimal(18, 9)), 0) as share
    from weighed
    join whole using (organization_id, icp, figure)
),
running as (
    select *, sum(share) over (partition by organization_id, icp, figure order by weight desc, rule_id) as total
    from shared
)
select
    organization_id,                                                            -- Organization.
    icp,                                                                        -- Profile.
    figure,                                                                     -- fit, readiness or reach.
    rule_id,                                                                    -- Rule, or way to reach it.
    ring_number,                                                                -- Number of the ring the rule guards, 1 to 5; null for reach.
    kind,                                                                       -- must, should, never; way for reach.
    verdict,                                                                    -- yes, no or unknown.
    weight,                                                                     -- What a yes is worth before sharing out.
    points,                                                                     -- Points it gives, 0 to 100.
    disqualifies                                                                -- Whether it puts the organization outside.
from (
    select
        *, cast(round(total, 2) - round(total - share, 2) as double) as points,
        kind = 'never' and verdict = 'yes' or kind = 'must' and verdict = 'no' and ring_number <= 3 as disqualifies
    from running
    union all by name
    select organization_id, icp, 'reach' as figure, way as rule_id, 'way' as kind, verdict, weight, points, false as disqualifies
    from core.reach
    cross join raw.icp_profile
) as reasons
