-- Captures as evidence names them: one row each, whoever asked for it.
--
-- grain: capture_id
select
    capture_id,                                             -- Capture.
    any_value(url order by url) as url,                     -- URL that answered.
    max(fetched_at) as fetched_at,                          -- When, UTC.
    any_value(digest order by digest) as digest,            -- SHA-256 of the body.
    any_value(file order by file) as file,                  -- Archive file.
    any_value("offset" order by "offset") as "offset"       -- Where in it the record begins.
from raw.capture
group by capture_id
