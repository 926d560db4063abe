-- What was asked and not answered, with the reason: known unknowns.
--
-- grain: organization_id, source, url
select
    organization_id,    -- Organization it was asked for.
    source,             -- Source on whose behalf.
    kind,               -- What for: home, about, robots …
    url,                -- URL asked.
    reason,             -- Code to group by.
    sentence,           -- What happened.
    missed_at           -- When, UTC.
from core.miss
qualify row_number() over (partition by organization_id, source, url order by missed_at desc, request_id) = 1
