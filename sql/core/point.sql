-- The points that every yes is worth in each profile that asks for it; what is no or unknown gives none.
-- Fit is shared out over what could be answered (coverage says how much that is); readiness is earned, point by point.
-- A yes that has aged counts for less in both: in what is earned, and in what fit is shared out over.
-- Points are cut from a running total, so that rounded points add up to the rounded figure; all are decimals, so that no order of
-- adding changes a digit.
--
-- grain: organization_id, icp, rule_id
with weighed as (
    select
        answer.organization_id, profile.icp, rule.figure, rule.rule_id, answer.verdict, rule.weight,
        cast(if(answer.verdict = 'yes', rule.weight, 0) * coalesce(
            power(0.5, greatest(date_diff('day', answer.happened_on, cast(run.as_of as date)), 0) / cast(rule.half_life_days as double)),
            1
        ) as decimal(18, 9)) as earned
    from core.answer
    join raw.icp_rule as rule using (rule_id)
    join raw.icp_profile_rule as profile using (rule_id)
    cross join raw.run
),
whole as (
    select
        organization_id, icp, figure,
        sum(if(figure <> 'fit' or verdict = 'no', cast(weight as decimal(18, 9)), earned)) as counted
    from weighed
    group by all
),
shared as (
    select weighed.*, cast(100 * cast(earned as double) / cast(whole.counted as double) as decimal(18, 9)) as share
    from weighed
    join whole using (organization_id, icp, figure)
    where weighed.earned > 0
),
running as (
    select *, sum(share) over (partition by organization_id, icp, figure order by weight desc, rule_id) as total
    from shared
)
select
    organization_id,                                                            -- Organization.
    icp,                                                                        -- Profile.
    rule_id,                                                                    -- Rule.
    cast(round(total, 2) - round(total - share, 2) as double) as points         -- Points it gives, 0 to 100.
from running
