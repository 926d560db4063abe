-- The reasons of the profile that suits each organization best, in words: disqualifying ones first, then the heaviest, reach last; of
-- equal points what is known first, then what weighs more, then the earlier line of icp.yaml.
--
-- They are put in order by one number, digit after digit, as seven columns take several times as long.
--
-- grain: organization_id
select
    reason.organization_id,                                                     -- Organization.
    list(
        case when disqualifies then 'outside' else figure || case verdict when 'yes' then ' +' || points when 'no' then ' 0' else ' ?' end end
            || ': ' || because || ' (' || finding || ')'
        order by (
            ((if(disqualifies, 0, 2) + if(figure = 'reach', 1, 0)) * 100000 + cast(round(10000 - 100 * points) as bigint)) * 2
                + if(verdict = 'unknown', 1, 0)
        ) * 1000000000 + cast(round(10000 - 100 * weight) as bigint) * 10000 + position
    ) as reasons                                                                -- All reasons.
from core.reason
semi join core.choice on choice.organization_id = reason.organization_id and choice.icp = reason.icp
group by reason.organization_id
