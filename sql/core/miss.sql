-- Requests that were never answered, with the latest reason: known unknowns.
--
-- grain: request_id
select
    miss.request_id,        -- Request.
    coalesce(merger.into_organization_id, miss.organization_id) as organization_id, -- Organization it was asked for.
    miss.source,            -- Source on whose behalf.
    miss.kind,              -- What for: home, about, robots …
    miss.url,               -- URL asked.
    miss.reason,            -- Code to group by.
    miss.sentence,          -- What happened.
    miss.missed_at          -- When, UTC.
from raw.miss
left join core.merger using (organization_id)
anti join raw.capture using (request_id)
