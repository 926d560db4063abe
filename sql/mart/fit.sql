-- How well each organization fits the profile that suits it best. A score is nothing but the sum of its reasons.
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
    choice.icp,                                                                         -- Profile of icp.yaml that suits it best; mart.fit_by_icp has all.
    choice.ring,                                                                        -- How far in it got.
    choice.fit,                                                                         -- Who they are, 0 to 100; null when nothing is known.
    case
        when choice.fit is null then 'unknown'
        when choice.coverage < 0.25 then 'provisional'
        when choice.fit >= 75 then 'strong'
        when choice.fit >= 50 then 'fair'
        else 'weak'
    end as fit_band,                                                                    -- strong from 75, fair from 50, weak below; provisional under a coverage of 0.25.
    choice.readiness,                                                                   -- Problem and commitment, 0 to 100, decaying with age.
    choice.reach,                                                                       -- Can we contact the right role, 0 to 100.
    choice.coverage,                                                                    -- Share of rule weight that is answered at all.
    choice.disqualifications,                                                           -- Why it is outside, in plain words.
    if(choice.ring = 'unknown', ['unknown: too little was read; its home page: ' || replace(reading.website_state, '_', ' ') || '.'], [])
        || account.reasons as reasons                                                      -- All reasons, disqualifying and heaviest first.
from core.survivor as organization
join core.choice using (organization_id)
join core.reading using (organization_id)
join core.account using (organization_id)
