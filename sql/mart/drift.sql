-- Whether organizations that stood in the release before are spread over rings, fit and routes as they were.
--
-- grain: measure
-- warn: in_set(verdict, few, steady, shifted)
select
    measure,            -- ring, fit (in quarters of 100) or route.
    organizations,      -- Organizations that stood in both releases.
    stability_index,    -- Population stability index: 0 where nothing moved, from 0.1 on it shifted, from 0.25 on it moved.
    spread,             -- How many there were of each, and are now.
    verdict             -- few (under fifty: it says nothing), steady, shifted, or moved, which is a warning.
from core.drift
