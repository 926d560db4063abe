-- How each organization matches each profile of icp.yaml, the one that suits it best first: in which it gets farthest in, then fits
-- best, then the earlier one of the file. Who is outside in one profile may still be a customer in another that is not answered yet.
--
-- grain: organization_id, icp
select
    placement.organization_id,      -- Organization.
    placement.icp,                  -- Profile.
    profile.product,                -- What is sold.
    profile.segment,                -- To whom.
    row_number() over (
        partition by placement.organization_id
        order by coalesce(placement.held_at, 0) desc, score.fit desc nulls last, profile.position
    ) as place,                     -- 1 for the profile that suits it best.
    placement.ring,                 -- How far in it got.
    placement.held_at,              -- Number of the ring whose must holds it; 6 when none does; null outside.
    placement.disqualifications,    -- Why it is outside, in plain words.
    score.fit,                      -- Who they are, 0 to 100.
    score.readiness,                -- Problem and commitment, 0 to 100.
    score.reach,                    -- Can we contact the right role, 0 to 100.
    score.coverage                  -- Share of rule weight answered, 0 to 1.
from core.placement
join core.score using (organization_id, icp)
join raw.icp_profile as profile using (icp)
