-- How well each organization fits the ideal customer profile. A score is nothing but the sum of its reasons.
-- Four figures, never mixed; null means unknown, which is not zero.
--
-- grain: organization_id
-- expect: in_set(ring, outside, unknown, market, profile, persona, problem, bullseye)
-- expect: between(fit, 0, 100.1)
-- expect: between(readiness, 0, 100.1)
-- expect: between(reach, 0, 100)
-- expect: between(coverage, 0, 1)
-- expect: references(organization_id, core.organization.organization_id)
with figures as (
    select
        organization_id,
        if(count(*) filter (where figure = 'fit' and verdict <> 'unknown' and weight > 0) > 0,
            round(sum(points) filter (where figure = 'fit'), 2), null) as fit,
        if(count(*) filter (where figure = 'readiness' and verdict <> 'unknown') > 0,
            round(sum(points) filter (where figure = 'readiness'), 2), null) as readiness,
        if(count(*) filter (where figure = 'reach' and verdict = 'yes') > 0
            or count(*) filter (where figure = 'reach' and verdict = 'unknown') = 0,
            round(sum(points) filter (where figure = 'reach'), 2), null) as reach,
        round(coalesce(sum(weight) filter (where figure <> 'reach' and verdict <> 'unknown'), 0)
            / sum(weight) filter (where figure <> 'reach'), 2) as coverage,
        list(
            case verdict when 'yes' then '+' || points || ' ' || figure when 'no' then '0 ' || figure else '? ' || figure end
                || ': ' || finding || if(disqualifies, ' (disqualifies)', '')
            order by disqualifies desc, points desc, verdict = 'unknown', weight desc, rule_id
        ) as reasons
    from core.reason
    group by organization_id
)
select
    organization.organization_id,                                                       -- Organization.
    organization.domain,                                                                -- Its registrable domain.
    placement.ring,                                                                     -- How far in it got.
    figures.fit,                                                                        -- Who they are, 0 to 100; null when nothing is known.
    case
        when figures.fit is null then 'unknown'
        when figures.fit >= 75 then 'strong'
        when figures.fit >= 50 then 'fair'
        else 'weak'
    end as fit_band,                                                                    -- strong from 75, fair from 50, weak below.
    figures.readiness,                                                                  -- Problem and commitment, 0 to 100, decaying with age.
    figures.reach,                                                                      -- Can we contact the right role, 0 to 100.
    figures.coverage,                                                                   -- Share of rule weight that is answered at all.
    placement.disqualifications,                                                        -- Why it is outside, in plain words.
    figures.reasons                                                                     -- All reasons, disqualifying and heaviest first.
from core.organization
join core.placement using (organization_id)
join figures using (organization_id)
