-- Captures as evidence names them: one row each, whoever asked for it.
--
-- grain: capture_id
select
    capture_id,                             -- Capture.
    min(source) as source,                  -- Source that asked for it; the first in the alphabet where several did.
    min(url) as url,                        -- URL that answered.
    max(fetched_at) as fetched_at,          -- When, UTC.
    max(checked_at) as checked_at,          -- When its content was last confirmed, UTC.
    min(digest) as digest,                  -- SHA-256 of the body.
    min((file, "offset"))[1] as file,       -- Archive file.
    min((file, "offset"))[2] as "offset"    -- Where in it the record begins.
from raw.capture
group by capture_id
