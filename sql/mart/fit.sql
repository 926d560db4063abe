-- How well each organization fits the ideal customer profile. A score is nothing but the sum of its reasons.
-- Four figures, never mixed; null means unknown, which is not zero.
--
-- grain: organization_id
-- expect: in_set(ring, outside, unknown, market, profile, persona, problem, bullseye)
-- expect: between(fit, 0, 100)
-- expect: between(readiness, 0, 100)
-- expect: between(reach, 0, 100)
-- expect: between(coverage, 0, 1)
-- expect: references(organization_id, mart.organization.organization_id)
select
    organization.organization_id,                                                       -- Organization.
    organization.domain,                                                                -- Its registrable domain.
    placement.ring,                                                                     -- How far in it got.
    score.fit,                                                                        -- Who they are, 0 to 100; null when nothing is known.
    case
        when score.fit is null then 'unknown'
        when score.coverage < 0.25 then 'provisional'
        when score.fit >= 75 then 'strong'
        when score.fit >= 50 then 'fair'
        else 'weak'
    end as fit_band,                                                                    -- strong from 75, fair from 50, weak below; provisional under a coverage of 0.25.
    score.readiness,                                                                  -- Problem and commitment, 0 to 100, decaying with age.
    score.reach,                                                                      -- Can we contact the right role, 0 to 100.
    score.coverage,                                                                   -- Share of rule weight that is answered at all.
    placement.disqualifications,                                                        -- Why it is outside, in plain words.
    if(placement.ring = 'unknown', ['unknown: too little was read; its home page: ' || replace(reading.website_state, '_', ' ') || '.'], [])
        || score.reasons as reasons                                                   -- All reasons, disqualifying and heaviest first.
from core.survivor as organization
join core.placement using (organization_id)
join core.score using (organization_id)
join core.reading using (organization_id)
