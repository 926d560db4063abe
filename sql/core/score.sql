-- The four figures of each organization in each profile, each the sum of its reasons; null means unknown, which is not zero.
--
-- grain: organization_id, icp
select
    organization_id,                                                                            -- Organization.
    icp,                                                                                        -- Profile.
    if(count(*) filter (where figure = 'fit' and verdict <> 'unknown' and weight > 0) > 0,
        round(sum(points) filter (where figure = 'fit'), 2), null) as fit,                      -- Who they are, 0 to 100.
    if(count(*) filter (where figure = 'readiness' and verdict <> 'unknown' and weight > 0) > 0,
        round(sum(points) filter (where figure = 'readiness'), 2), null) as readiness,          -- Problem and commitment, 0 to 100.
    if(count(*) filter (where figure = 'reach' and verdict = 'yes') > 0
            or count(*) filter (where figure = 'reach' and verdict = 'unknown') = 0,
        round(sum(points) filter (where figure = 'reach'), 2), null) as reach,                  -- Can we contact the right role, 0 to 100.
    round(coalesce(sum(weight) filter (where figure <> 'reach' and verdict <> 'unknown'), 0)
        / sum(weight) filter (where figure <> 'reach'), 2) as coverage                          -- Share of rule weight answered, 0 to 1.
from core.reason
group by organization_id, icp
