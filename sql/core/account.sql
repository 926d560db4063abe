-- The reasons of the profile that suits each organization best, in words: disqualifying ones first, then the heaviest.
--
-- grain: organization_id
select
    reason.organization_id,                                                    -- Organization.
    list(
        case when disqualifies then 'outside' else figure || case verdict when 'yes' then ' +' || points when 'no' then ' 0' else ' ?' end end
            || ': ' || because || ' (' || finding || ')'
        order by disqualifies desc, figure = 'reach', points desc, verdict = 'unknown', weight desc, figure, rule_id
    ) as reasons                                                                -- All reasons.
from core.reason
semi join core.choice on choice.organization_id = reason.organization_id and choice.icp = reason.icp
group by reason.organization_id
