-- How well each organization fits each profile of icp.yaml, one product for one segment each; mart.fit has the one that suits it best.
--
-- grain: organization_id, icp
-- expect: in_set(ring, outside, unknown, market, profile, persona, problem, bullseye)
-- expect: references(organization_id, mart.organization.organization_id)
select
    organization_id,        -- Organization.
    icp,                    -- Profile.
    product,                -- What is sold.
    segment,                -- To whom.
    place,                  -- 1 for the profile that suits it best.
    ring,                   -- How far in it got.
    fit,                    -- Who they are, 0 to 100; null when nothing is known.
    readiness,              -- Problem and commitment, 0 to 100, decaying with age.
    reach,                  -- Can we contact the right role, 0 to 100.
    coverage,               -- Share of rule weight that is answered at all.
    disqualifications       -- Why it is outside, in plain words.
from core.match
