-- Requests that were never answered, with the latest reason: known unknowns.
--
-- grain: request_id
select
    miss.request_id,        -- Request.
    miss.organization_id,   -- Organization it was asked for.
    miss.source,            -- Source on whose behalf.
    miss.kind,              -- What for: home, about, robots …
    miss.url,               -- URL asked.
    miss.reason,            -- Code to group by.
    miss.sentence,          -- What happened.
    miss.missed_at          -- When, UTC.
from raw.miss
anti join raw.capture using (request_id)
