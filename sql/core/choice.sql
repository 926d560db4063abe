-- The profile that suits each organization best.
--
-- materialized: view
-- grain: organization_id
select
    organization_id,        -- Organization.
    icp,                    -- Profile.
    ring,                   -- How far in it got.
    held_at,                -- Number of the ring whose must holds it; 6 when none does; null outside.
    disqualifications,      -- Why it is outside, in plain words.
    fit,                    -- Who they are, 0 to 100.
    readiness,              -- Problem and commitment, 0 to 100.
    reach,                  -- Can we contact the right role, 0 to 100.
    coverage                -- Share of rule weight answered, 0 to 1.
from core.match
where place = 1
